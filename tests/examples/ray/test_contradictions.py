"""What the ledger of contradictions says of Ray, run."""

from __future__ import annotations

import psutil
from ray._private import utils


def test_ray_reads_the_quota_of_a_container(tmp_path, monkeypatch):
    quota = tmp_path / "cpu.max"
    quota.write_text("150000 100000\n")
    detect, missing = utils._get_docker_cpus, str(tmp_path / "missing")
    files = dict.fromkeys(("cpu_quota_file_name", "cpu_period_file_name", "cpuset_file_name"), missing)
    monkeypatch.setattr(utils, "_get_docker_cpus", lambda: detect(cpu_max_file_name=str(quota), **files))
    assert utils.get_num_cpus(override_docker_cpu_warning=True, truncate=False) == 1.5 != psutil.cpu_count()
