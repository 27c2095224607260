"""Examples of the chapter on threading."""
