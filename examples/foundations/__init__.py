"""Examples of the primer: one idea a module."""
