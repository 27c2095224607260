"""A program that lets Modin start its engine, and looks at what it got; run in a process of its own."""

from __future__ import annotations

import json
import os
import sys


# region own
def main() -> None:
    """Print what one line with Modin started: workers, partitions and listening addresses."""
    import modin.config
    import modin.pandas as pd
    import psutil

    total = int(pd.DataFrame({"member": range(100)})["member"].sum())
    this = psutil.Process()
    family = [this, *this.children(recursive=True)]
    listening = {
        connection.laddr.ip
        for process in family
        for connection in process.net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    }
    found = {"total": total, "partitions": modin.config.NPartitions.get(), "listening": sorted(listening)}
    found["processes"] = len(family) - 1
    print(json.dumps(found))


# endregion own

if __name__ == "__main__":
    main()
    sys.stdout.flush()
    if os.environ.get("MODIN_ENGINE", "").lower() == "ray":
        import ray

        ray.shutdown()
