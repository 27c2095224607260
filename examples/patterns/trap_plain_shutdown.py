"""The mistake: a plain pool in a program that is stopped by a signal."""

from __future__ import annotations

import multiprocessing
import sys
import time
from concurrent.futures import ProcessPoolExecutor, as_completed


# region trap
def write(line: str) -> None:
    sys.stdout.write(f"{line}\n")  # in one piece, or two processes mix their lines
    sys.stdout.flush()


def work(number: int, seconds: float) -> int:
    write(f"begun {number}")
    time.sleep(seconds)
    return number


def main(count: int, seconds: float, method: str) -> None:
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context(method)) as pool:
        for future in as_completed([pool.submit(work, number, seconds) for number in range(count)]):
            write(f"done {future.result()}")


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]), sys.argv[3])
# endregion trap
