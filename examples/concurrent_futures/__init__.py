"""Examples of ``concurrent.futures``, one idea a module."""
