"""What it costs when scheduler or workers cannot import a module that the client has."""

from __future__ import annotations

import sys

import pytest
from distributed import Client, LocalCluster

from examples.dask.scale_workers import reaches
from examples.dask.start_cluster import start_cluster
from examples.dask.trap_old_release import install


@pytest.fixture
def too_thin(tmp_path, monkeypatch):
    """A function of a package that this process alone can import; called when the others have started."""

    def imported():
        monkeypatch.syspath_prepend(install(tmp_path, "2.0", 9.0))
        import plate_rules

        return plate_rules.too_thin

    yield imported
    sys.modules.pop("plate_rules", None)


def test_a_scheduler_that_cannot_import_it_says_so(home, too_thin):
    with start_cluster(home, workers=0) as (address, _), Client(address) as client:
        error = client.submit(too_thin(), [8.0]).exception(timeout=60)
        assert isinstance(error, RuntimeError)
        assert "Scheduler and Client have different environments" in str(error)


def test_workers_that_cannot_import_it_end_and_the_caller_waits(too_thin):
    cluster = LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None)
    with cluster, Client(cluster) as client:  # this scheduler runs in the client's process
        future = client.submit(too_thin(), [8.0])
        assert reaches(client, 0)
        with pytest.raises(TimeoutError):
            future.result(timeout=1)
        assert future.status == "pending"
