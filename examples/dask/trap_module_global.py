"""Trap: a module's global that the client sets is not set on the workers."""

# region limit
MINIMUM_MM = 0.0


def too_thin(thicknesses: list[float]) -> int:
    """Count readings below the module's limit, which a worker never set."""
    return sum(thickness < MINIMUM_MM for thickness in thicknesses)


def thinner_than(thicknesses: list[float], minimum_mm: float) -> int:
    """Count readings below a limit that travels with the task."""
    return sum(thickness < minimum_mm for thickness in thicknesses)


# endregion limit
