"""Trap: a script without a main guard; importing it runs it."""

# region script
import multiprocessing


def inspect():
    print("inspected")


process = multiprocessing.get_context("spawn").Process(target=inspect)
process.start()
process.join()
print("exit code", process.exitcode)
# endregion script
