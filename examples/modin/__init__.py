"""Examples of the Modin chapter, one idea a module."""
