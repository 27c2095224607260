"""What the book says of a fault drill, for the test that counts: table and test cannot differ.

In a test: ``assert marks.count() in read_drill("ray-worker-killed")["effects"]``.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[1] / "book" / "_data" / "drills"


def read_drill(drill_id: str) -> dict[str, Any]:
    """Return the entry with this id from ``book/_data/drills/*.toml``; raises KeyError where there is none."""
    for path in sorted(FOLDER.glob("*.toml")):
        for drill in tomllib.loads(path.read_text("utf8"))["drills"]:
            if drill["id"] == drill_id:
                return drill
    raise KeyError(f"no drill {drill_id!r} in {FOLDER}")
