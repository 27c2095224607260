"""How many tasks an action costs, stage by stage, and how many records pass from one stage to the next."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable
from urllib.request import urlopen

from pyspark import SparkContext


# region tasks
def tasks_by_stage(context: SparkContext, action: Callable[[], object]) -> list[int]:
    """Run *action* and return the number of tasks in each stage of its jobs."""
    tracker = context.statusTracker()
    return [tracker.getStageInfo(stage).numTasks for stage in run(context, action)]


def run(context: SparkContext, action: Callable[[], object]) -> list[int]:
    """Run *action* as a group of jobs and return the numbers of their stages."""
    group = uuid.uuid4().hex
    context.setJobGroup(group, "counted")
    action()
    context.setLocalProperty("spark.jobGroup.id", None)
    tracker = context.statusTracker()
    jobs = [finished(tracker, job) for job in tracker.getJobIdsForGroup(group)]
    return sorted({stage for job in jobs for stage in job.stageIds})


# endregion tasks


# region records
def shuffled_records(context: SparkContext, action: Callable[[], object]) -> int:
    """Run *action* and return how many records its stages wrote for later ones."""
    stages = run(context, action)
    with urlopen(f"{context.uiWebUrl}/api/v1/applications/{context.applicationId}/stages") as answer:
        return sum(stage["shuffleWriteRecords"] for stage in json.load(answer) if stage["stageId"] in stages)


# endregion records


def finished(tracker, job: int):
    """Return what the tracker knows of *job*, once it has heard of the end."""
    deadline = time.monotonic() + 30
    while (info := tracker.getJobInfo(job)) is None or info.status == "RUNNING":
        if time.monotonic() > deadline:
            raise TimeoutError(f"job {job} did not end")
        time.sleep(0.01)
    return info
