"""Around the Modin chapter and its tests: both engines quiet, private, nothing left behind."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from pathlib import Path

CONFIG = """\
temporary-directory: {scratch}
distributed:
  logging:
    distributed: critical
    tornado: critical
"""


def engine(home: Path) -> Iterator[None]:
    """Set the environment for Dask, Ray and Modin; afterwards close whatever is still open."""
    folder, scratch = home / "dask-config", home / "dask-scratch"
    folder.mkdir()
    scratch.mkdir()
    (folder / "ppm.yaml").write_text(CONFIG.format(scratch=scratch), "utf8")
    os.environ["DASK_CONFIG"] = str(folder)  # worker processes read it
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    for name in [name for name in os.environ if name.startswith("MODIN_")]:
        del os.environ[name]
    for name in ("RAY_AUTH_MODE", "RAY_AUTH_TOKEN", "RAY_ADDRESS"):
        os.environ.pop(name, None)

    import dask
    import distributed
    import ray
    from ray._private import worker

    before = dict(dask.config.config)
    dask.config.refresh(paths=[str(folder)])
    logger = logging.getLogger("distributed")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    # Ray's driver prints notices of dead workers from a thread, whatever log_to_driver says; see the engine of Ray.
    worker._worker_logs_enabled = False
    try:
        yield
    finally:
        while (client := _open_client()) is not None:
            client.close()
        for cluster in list(distributed.deploy.spec.SpecCluster._instances):
            cluster.close()
        ray.shutdown()
        worker._worker_logs_enabled = True
        logger.setLevel(level)
        dask.config.config.clear()
        dask.config.config.update(before)


def _open_client():
    import distributed

    try:
        return distributed.default_client()
    except ValueError:  # none is open
        return None
