"""A pandas program: read two Parquet files, join, apply a Python function, group, sort."""

# region program
import pandas as pd


def grade(loss):
    """Return the grade of a wall loss in mm."""
    return "A" if loss < 1 else "B" if loss < 3 else "C"


def report(folder):
    """Return the members of each zone by their mean loss of wall, worst first."""
    readings = pd.read_parquet(f"{folder}/readings.parquet")
    members = pd.read_parquet(f"{folder}/members.parquet")
    joined = readings.merge(members, on="member")
    joined["loss"] = (joined["nominal"] - joined["thickness"]).round(3)
    joined["worn"] = joined["loss"].apply(grade) == "C"
    groups = joined.groupby(["zone", "member"])
    summary = groups.agg({"loss": ["count", "mean", "max"], "worn": "sum"})
    return summary.sort_values(("loss", "mean"), ascending=False).round(6)


# endregion program
