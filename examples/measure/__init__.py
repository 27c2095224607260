"""The measuring harness: the same probes over a small adapter of each system.

``python -m examples.measure joblib`` measures one system in the environment that it runs in and writes
``build/measurements/<machine>/joblib.json``: raw samples with their provenance, no statistics.

An adapter is ``examples/<system_id>/measure.py``; :mod:`examples.measure.adapter` describes it.
"""

HARNESS_VERSION = "1"
