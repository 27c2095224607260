"""Trap: a module's global that the driver sets is not set in the workers."""

# region limit
MINIMUM_MM = 0.0


def too_thin(thickness: float) -> bool:
    """Compare with the module's limit, which a worker never set."""
    return thickness < MINIMUM_MM


def thinner_than(thickness: float, minimum_mm: float) -> bool:
    """Compare with a limit that travels with the task."""
    return thickness < minimum_mm


# endregion limit
