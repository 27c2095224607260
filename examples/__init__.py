"""Runnable examples of the book, imported from the repository root: ``from examples.ray import map_batches``."""
