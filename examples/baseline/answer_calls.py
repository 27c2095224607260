"""The worker: read a pickled request from standard input, answer on standard output, until the input ends."""

from __future__ import annotations

import os
import pickle


def main() -> None:
    """Answer requests ``(function, argument tuples)`` with ``(list of results, None)`` or ``(None, exception)``."""
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # the pipe carries answers alone: what a task prints goes to standard error
    while True:
        try:
            function, calls = pickle.load(requests)
        except EOFError:
            return
        try:
            answer = [function(*arguments) for arguments in calls], None
        except Exception as error:
            answer = None, error
        pickle.dump(answer, answers, protocol=5)
        answers.flush()


if __name__ == "__main__":
    main()
