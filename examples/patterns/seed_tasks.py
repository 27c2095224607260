"""Give each task random numbers of its own, so that the answer does not depend on who computes what when."""

from __future__ import annotations

import random

import numpy as np


# region seeds
def spawn_seeds(root: int, count: int) -> list[np.random.SeedSequence]:
    """Return one seed a task; task *i* gets the same one whatever *count* is."""
    return np.random.SeedSequence(root).spawn(count)


def scatter(seed: np.random.SeedSequence, draws: int = 1_000) -> float:
    """Estimate pi with the generator of one task."""
    x, y = np.random.default_rng(seed).random((2, draws))
    return 4 * float(np.mean(x * x + y * y < 1))


def generator_of(root: int, task: int) -> random.Random:
    """Return the generator of one task without NumPy; a text is hashed whole, so neighbors share nothing."""
    return random.Random(f"{root}/{task}")


# endregion seeds


def draw_number(root: int, task: int) -> float:
    """A task that needs one number."""
    return generator_of(root, task).random()
