"""Examples of ``multiprocessing``, one idea a module."""
