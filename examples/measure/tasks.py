"""The tasks that probes send: importable by name, so that every engine can pickle them."""


def nothing(argument: object = None) -> None:
    """Do nothing: what is left is the engine's own cost."""


def length(payload: bytes) -> int:
    """Return the number of bytes that arrived."""
    return len(payload)


def add(left: int, right: int) -> int:
    """Return the sum; proves that an engine answers rightly before it is timed."""
    return left + right
