"""Examples of the Ray chapter: one idea a module, each run by the page or by a test."""
