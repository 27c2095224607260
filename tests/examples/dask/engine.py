"""Around the Dask chapter and its tests: configuration and worker files in the temporary home, nothing left behind."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from pathlib import Path

#: Quiet: a page that kills workers on purpose would be flooded.  Dask sends no telemetry.
#: Patient: a LocalCluster gives a worker up that is not back 15 s after its death, as happens on a busy machine.
CONFIG = """\
temporary-directory: {scratch}
distributed:
  deploy:
    lost-worker-timeout: 10m
  logging:
    distributed: critical
    tornado: critical
"""


def engine(home: Path) -> Iterator[None]:
    """Point Dask at an own configuration; afterwards close every client and cluster that is still open."""
    folder, scratch = home / "dask-config", home / "dask-scratch"
    folder.mkdir()
    scratch.mkdir()
    (folder / "ppm.yaml").write_text(CONFIG.format(scratch=scratch), "utf8")
    os.environ["DASK_CONFIG"] = str(folder)  # worker processes read it

    import dask
    import distributed

    before = dict(dask.config.config)
    dask.config.refresh(paths=[str(folder)])
    logger = logging.getLogger("distributed")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        while (client := _open_client()) is not None:
            client.close()
        for cluster in list(distributed.deploy.spec.SpecCluster._instances):
            cluster.close()
        logger.setLevel(level)
        dask.config.config.clear()
        dask.config.config.update(before)


def _open_client():
    import distributed

    try:
        return distributed.default_client()
    except ValueError:  # none is open
        return None
