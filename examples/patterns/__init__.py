"""Patterns for parallel programs on one machine; each module can be copied on its own."""
