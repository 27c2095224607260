"""The mistake: worker processes that draw from the global state of NumPy after a fork."""

from __future__ import annotations

import multiprocessing
import random
from multiprocessing.connection import Connection

import numpy as np


# region trap
def draw(sender: Connection) -> None:
    sender.send((np.random.random(), random.random()))


def draw_in_forks(count: int) -> list[tuple[float, float]]:
    """Return one number of NumPy and one of the standard library from each of *count* forked processes."""
    context = multiprocessing.get_context("fork")
    np.random.random()  # once used in the parent, the state of the global generator is there to be copied
    drawn = []
    for _ in range(count):
        receiver, sender = context.Pipe(duplex=False)
        process = context.Process(target=draw, args=(sender,))
        process.start()
        sender.close()
        drawn.append(receiver.recv())
        receiver.close()
        process.join()
    return drawn


if __name__ == "__main__":
    of_numpy, of_python = zip(*draw_in_forks(4), strict=True)
    print(len(set(of_numpy)), "different of NumPy,", len(set(of_python)), "of random")
# endregion trap
