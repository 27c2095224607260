"""Trap: a lock does not help a reader that checks without it, when the object is published before it is complete."""

from __future__ import annotations

import threading
from collections.abc import Callable


# region mistake
class Report:
    """One report for all threads, made by the first that asks."""

    _instance = None
    _lock = threading.Lock()
    while_building: Callable[[], None] = staticmethod(lambda: None)

    def __new__(cls) -> Report:
        """Return the report."""
        if cls._instance is None:
            with cls._lock:
                if cls._instance is None:
                    cls._instance = super().__new__(cls)  # from here on others find it
                    cls.while_building()
                    cls._instance.sections = ["default"]
        return cls._instance


# endregion mistake


# region fix
class CompleteReport(Report):
    """The same, right."""

    _instance = None

    def __new__(cls) -> CompleteReport:
        """Return the report."""
        if cls._instance is None:
            with cls._lock:
                if cls._instance is None:
                    report = object.__new__(cls)
                    cls.while_building()
                    report.sections = ["default"]
                    cls._instance = report  # last
        return cls._instance


# endregion fix


def is_complete_for_others(kind: type[Report]) -> bool:
    """Return whether a thread that asks while another builds the report gets one with sections."""
    building, asked = threading.Event(), threading.Event()

    def pause() -> None:
        building.set()
        asked.wait(timeout=0.5 if kind is CompleteReport else 60)  # the right one keeps the other thread waiting

    class Fresh(kind):
        _instance = None
        _lock = threading.Lock()
        while_building = staticmethod(pause)

    complete = []

    def ask() -> None:
        complete.append(hasattr(Fresh(), "sections"))
        asked.set()

    builder = threading.Thread(target=Fresh)
    builder.start()
    building.wait(timeout=60)
    reader = threading.Thread(target=ask)
    reader.start()
    for thread in (builder, reader):
        thread.join()
    return complete == [True]
