"""The measuring harness: the same probes over a small adapter of each system.

``python -m examples.measure run joblib`` measures one system in the environment that it runs in and writes
``build/measurements/<machine>/joblib.json``: raw samples with their provenance, no statistics.
``tox -e measure`` goes round all systems, each in its own environment.

An adapter is ``examples/<system_id>/measure.py``; :mod:`examples.measure.adapter` describes it.
"""

HARNESS_VERSION = "2"
