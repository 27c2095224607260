"""Draw one number in each of three children; forked ones draw the same, because they inherit NumPy's generator.

The parent has drawn before: NumPy makes its generator when ``numpy.random`` is first used.

Run as ``python -m examples.foundations.trap_inherit_random_state`` on Linux or macOS.
"""

from __future__ import annotations

import multiprocessing
from multiprocessing.connection import Connection

import numpy as np


# region draw
def draw(answer: Connection) -> None:
    """Send a number from NumPy's global generator."""
    answer.send(np.random.random())


def count_different(method: str, children: int = 3) -> int:
    """Return how many different numbers the *children* drew."""
    context = multiprocessing.get_context(method)
    np.random.random()  # as a program does that has used the generator before
    numbers = set()
    for _ in range(children):
        answers, answer = context.Pipe(duplex=False)
        child = context.Process(target=draw, args=(answer,))
        child.start()
        numbers.add(answers.recv())
        child.join()
    return len(numbers)


# endregion draw

if __name__ == "__main__":
    for name in ("fork", "spawn"):
        print(name, count_different(name))
