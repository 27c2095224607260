"""Two ways to store a report on a connection that breaks after the effect; only one of them may be tried again."""

from __future__ import annotations

from pathlib import Path

from examples.patterns.retry_calls import retried


class Line:
    """A connection that breaks the first *failures* times, each time after the work was done."""

    def __init__(self, failures: int) -> None:
        self.failures = failures

    def answer(self) -> None:
        if self.failures:
            self.failures -= 1
            raise ConnectionError("the answer was lost")


# region store
@retried(ConnectionError, attempts=4, base=0.001)
def replace_report(path: Path, line: Line) -> None:
    """Write the whole report under its final name: twice is the same as once."""
    partial = path.with_suffix(".part")
    partial.write_text("report\n")
    partial.replace(path)
    line.answer()


@retried(ConnectionError, attempts=4, base=0.001)
def append_report(path: Path, line: Line) -> None:
    """Add to what is there: each attempt leaves a trace.  Do not retry this."""
    with path.open("a") as file:
        file.write("report\n")
    line.answer()


# endregion store
