"""Trap: the interpreter waits for the tasks of every executor before it runs the handlers of ``atexit``."""

# region script
import atexit
import threading
from concurrent.futures import ThreadPoolExecutor

main_ended = threading.Event()


def work() -> None:
    main_ended.wait()
    print("task")


atexit.register(print, "atexit handler")
pool = ThreadPoolExecutor(1)
pool.submit(work)
pool.shutdown(wait=False)
print("end of main")
main_ended.set()
# endregion script
