"""pytest, for all of the repository: the options and the evidence record of a system's run."""

pytest_plugins = ["tools.record"]
