"""Show that a spawned worker imports the main module again, under another name.

Run as ``python -m examples.foundations.show_imports``.
"""

# region script
from multiprocessing import get_context

print("imported as", __name__, flush=True)


def add(left: int, right: int) -> int:
    """Return the sum."""
    return left + right


if __name__ == "__main__":
    with get_context("spawn").Pool(1) as pool:
        print(pool.apply(add, (5, 7)))
# endregion script
