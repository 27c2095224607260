"""Let the tests import the extensions by name, as conf.py does, and the helper beside them."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
for folder in (HERE, HERE.parents[1] / "book" / "_ext"):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
