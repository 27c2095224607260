"""An object with an open file that can still be sent: it leaves the file behind and opens it again where it arrives."""

from __future__ import annotations

from pathlib import Path


# region log
class Log:
    """Appends lines to a file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.written = 0
        self._file = path.open("a")

    def write(self, line: str) -> None:
        """Append *line*."""
        self._file.write(f"{line}\n")
        self._file.flush()
        self.written += 1

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def __getstate__(self) -> dict:
        state = self.__dict__.copy()
        del state["_file"]  # belongs to this process
        return state

    def __setstate__(self, state: dict) -> None:
        self.__dict__.update(state)
        self._file = self.path.open("a")


# endregion log
