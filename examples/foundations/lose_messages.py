"""What a caller knows when a message is lost: a service that counts its effects, and a line that loses one message."""

from __future__ import annotations

from dataclasses import dataclass


# region line
@dataclass
class Service:
    """Does something that cannot be taken back, and counts how often."""

    effects: int = 0

    def handle(self) -> str:
        """Have the effect once more."""
        self.effects += 1
        return "done"


@dataclass
class Line:
    """Carries calls to a service and loses the first ``"request"``, the first ``"reply"`` or nothing."""

    service: Service
    loses: str | None = None

    def ask(self) -> str:
        """Call the service.  Raises :class:`TimeoutError` when a message was lost, whichever it was."""
        lost, self.loses = self.loses, None
        answer = self.service.handle() if lost != "request" else None
        if lost is not None:
            raise TimeoutError("no answer")
        return answer


def call(line: Line, attempts: int) -> str:
    """Return the answer, or ``"unknown"`` after the last attempt."""
    for _ in range(attempts):
        try:
            return line.ask()
        except TimeoutError:
            continue
    return "unknown"


# endregion line
