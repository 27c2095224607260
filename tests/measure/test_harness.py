"""The command line of the harness over an engine without cost: a run from end to end, and its bad input."""

from __future__ import annotations

import json
import signal
import subprocess
import sys

import pytest
from fakes import Fake, counted, group, module

from examples.measure import __main__ as harness
from examples.measure import probes, provenance, result, weight
from examples.measure.adapter import variants


class Reachable(Fake):
    address_option, address_variable = "--fake-address", "FAKE_ADDRESS"

    def connect(self, address, home):
        if "nowhere" in address:
            raise ConnectionError(f"fake: no cluster at {address}")
        self.log.append(f"connect {address}")
        return 2


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Return a function that runs the command line over the fake engine and returns its exit status."""
    Fake.log = []
    modules = {
        "task_cost": module(group("task_cost.roundtrip"), group("task_cost.stream")),
        "memory": module(group("memory.idle", lambda engines: [counted("memory.idle", [], unit="B")])),
    }
    monkeypatch.setattr(probes, "PROBES", modules)
    monkeypatch.setattr(probes, "check", lambda adapter: None)
    monkeypatch.setattr(harness, "end_on_sigterm", lambda: None)
    monkeypatch.setenv("PPM_CANARY_LIMIT", "1000")
    monkeypatch.setattr("examples.measure.noise.FOREIGN_LIMIT", 1000.0)
    for name in ("FAKE_ADDRESS",):
        monkeypatch.delenv(name, raising=False)

    def run(*arguments, kinds=None, system="fake"):
        found = {"": Fake} if kinds is None else kinds
        monkeypatch.setattr(harness, "variants", lambda name: found)
        return harness.main(["run", system, "--machine", "here", "--output", str(tmp_path), *arguments])

    return run


def read(folder, machine="here"):
    return json.loads((folder / machine / "fake.json").read_text("utf8"))


def test_a_run_from_end_to_end(run, tmp_path, capsys):
    assert run("--quick", "--note", "a note") == 0
    found = read(tmp_path)
    assert found["schema"] == 2 and found["harness"] == harness.HARNESS_VERSION
    assert found["settings"]["effort"] == "quick" and found["settings"]["passes"] == 2
    assert found["machine"]["note"] == "a note" and found["packages"].keys() == {"psutil"}
    roundtrip = found["probes"]["task_cost.roundtrip"]
    assert roundtrip["passes"] == [3, 3] and len(roundtrip["samples"]) == 6
    assert roundtrip["noise"]["marked"] is False and "noise" not in found["probes"]["memory.idle"]
    assert [one["pass"] for one in found["background"]["passes"]] == [1, 2]
    assert found["background"]["metadata"]["perf_version"] and "hostname" not in found["background"]["metadata"]
    assert Fake.log == ["start 2", "stop"] * 2
    assert f"fake: wrote {tmp_path / 'here' / 'fake.json'}" in capsys.readouterr().out
    assert {path.name for path in (tmp_path / "here").iterdir()} == {"fake.json", "fake.journal.jsonl"}


def test_the_result_fits_the_schema(run, tmp_path):
    jsonschema = pytest.importorskip("jsonschema")
    run("--quick")
    schema = json.loads((provenance.ROOT / "book/_data/schema/measurement.json").read_text("utf8"))
    jsonschema.validate(read(tmp_path), schema)


def test_one_pass_after_the_other(run, tmp_path):
    assert run("--quick", "--pass", "2") == 0
    assert read(tmp_path)["settings"]["passes"] == 1
    assert run("--quick", "--pass", "1") == 0
    assert read(tmp_path)["probes"]["task_cost.stream"]["passes"] == [3, 3]


def test_what_is_there_is_not_taken_again(run, tmp_path):
    run("--quick")
    before = read(tmp_path)["probes"]
    Fake.log = []
    assert run("--quick") == 0
    assert Fake.log == [] and read(tmp_path)["probes"] == before


def test_other_settings_need_fresh(run, tmp_path, capsys):
    run("--quick", "--workers", "2")
    assert run("--quick", "--workers", "1") == 2
    error = capsys.readouterr().err
    assert "workers was 2, now 1" in error and "--fresh" in error and "usage" not in error
    assert run("--quick", "--workers", "1", "--fresh") == 0
    assert read(tmp_path)["settings"]["workers"] == 1


def test_probe_takes_a_part(run, tmp_path):
    assert run("--quick", "--probe", "task_cost.str*") == 0
    assert list(read(tmp_path)["probes"]) == ["task_cost.stream"]


@pytest.mark.parametrize("name", ["nosuch", "task_cost.nosuch", "payload.in.*"])
def test_unknown_probe_is_one_clear_error(run, tmp_path, name, capsys):
    assert run("--quick", "--probe", name) == 2
    assert f"fake has no probe {name}; groups are task_cost, memory" in capsys.readouterr().err
    assert not (tmp_path / "here" / "fake.json").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--workers", "0"], "--workers must be at least 1, not 0"),
        (["--workers", "many"], "invalid int value: 'many'"),
        (["--pass", "3", "--quick"], "--pass must be 1 to 2, or all, not '3'"),
        (["--pass", "0"], "--pass must be 1 to 3, or all, not '0'"),
        (["--budget", "-1"], "--budget must be above 0"),
        (["--machine", "My Machine"], "--machine must be lower-case letters, digits, dots and hyphens"),
        (["--address", "tcp://there"], "fake has no cluster to connect to"),
        (["--nosuch"], "unrecognized arguments: --nosuch"),
    ],
)
def test_bad_options(run, arguments, message, capsys):
    with pytest.raises(SystemExit) as stop:
        run(*arguments)
    assert stop.value.code == 2 and message in capsys.readouterr().err
    assert Fake.log == []


@pytest.mark.parametrize("name", ["PPM_CANARY_LIMIT", "PPM_PATIENCE"])
def test_a_bad_setting_of_the_canary(run, name, monkeypatch, capsys):
    monkeypatch.setenv(name, "none")
    with pytest.raises(SystemExit):
        run()
    assert f"{name} must be a number above 0, not 'none'" in capsys.readouterr().err


@pytest.mark.parametrize("way", ["--fake-address", "--address", "FAKE_ADDRESS"])
def test_a_cluster(run, tmp_path, way, monkeypatch, capsys):
    address, arguments = "amqp://name:secret@there", []
    if way == "FAKE_ADDRESS":
        monkeypatch.setenv(way, address)
    else:
        arguments = [way, address]
    assert run("--quick", *arguments, kinds={"": Reachable, "local": Fake}) == 0
    found = read(tmp_path)
    assert found["settings"]["workers"] == 2 and found["settings"]["address"] == "amqp://there"
    assert "memory.idle" not in found["probes"] and "local.task_cost.stream" not in found["probes"]
    assert Fake.log == [f"connect {address}", "stop"]
    told = capsys.readouterr().err
    assert "skipped memory: the workers' processes are on other machines" in told
    assert "skipped local: it runs on this machine only" in told and "secret" not in told


def test_a_cluster_that_is_not_there(run, capsys):
    assert run("--address", "tcp://nowhere", kinds={"": Reachable}) == 2
    assert "error: fake: no cluster at tcp://nowhere" in capsys.readouterr().err


def test_workers_and_an_address_exclude_each_other(run, capsys):
    with pytest.raises(SystemExit):
        run("--address", "tcp://there", "--workers", "2", kinds={"": Reachable})
    assert "the number of workers is the cluster's own" in capsys.readouterr().err


def test_a_wrong_answer_stops_the_run(run, tmp_path, monkeypatch, capsys):
    def wrong(adapter):
        raise RuntimeError("fake: a single task gave a wrong answer")

    monkeypatch.setattr(probes, "check", wrong)
    assert run("--quick") == 1
    assert "stopped: fake: a single task gave a wrong answer" in capsys.readouterr().err
    assert not (tmp_path / "here" / "fake.json").exists()


def test_interrupted_it_keeps_what_was_finished(run, tmp_path, monkeypatch, capsys):
    def interrupt(engines):
        raise KeyboardInterrupt

    modules = {"one": module(group("a"), group("b", interrupt))}
    monkeypatch.setattr(probes, "PROBES", modules)
    assert run("--quick") == 130
    assert "the same command goes on from there" in capsys.readouterr().err
    assert Fake.log[-1] == "stop"
    assert '"group":"a"' in (tmp_path / "here" / "fake.journal.jsonl").read_text("utf8")


def test_unknown_system_is_one_clear_error(capsys):
    with pytest.raises(SystemExit) as stop:
        harness.main(["run", "nosuch"])
    assert stop.value.code == 2
    assert "no adapter for system 'nosuch': examples.nosuch.measure does not exist" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["nosuch"], ["run"]])
def test_unknown_commands(arguments, capsys):
    try:
        code = harness.main(arguments)
    except SystemExit as stop:
        code = stop.code
    assert code == 2


def test_describe(capsys):
    assert harness.main(["describe", "joblib"]) == 0
    assert "" in json.loads(capsys.readouterr().out)["variants"]


def test_unknown_module_inside_an_adapter_is_not_hidden(monkeypatch):
    def broken(name):
        raise ModuleNotFoundError("No module named 'engine'", name="engine")

    monkeypatch.setattr("examples.measure.adapter.importlib.import_module", broken)
    with pytest.raises(ModuleNotFoundError, match="engine"):
        variants("joblib")


def test_write_is_atomic_and_keeps_samples_on_a_line(tmp_path):
    target = tmp_path / "m" / "slow.json"
    found = {"probes": {"a": {"samples": [0.1, 2e-05, 3]}}}
    result.write(target, found)
    assert json.loads(target.read_text("utf8")) == found
    assert "[0.1, 2e-05, 3]" in target.read_text("utf8")
    assert list(target.parent.iterdir()) == [target]


def test_provenance_names_the_machine():
    machine = provenance.machine("here", "a note")
    assert machine["cores"] >= 1 and machine["memory_bytes"] > 0 and machine["cpu"]
    assert provenance.interpreter()["gil"] in (True, False)
    assert provenance.packages(("psutil",))["psutil"]
    assert provenance.MACHINE_ID.fullmatch(provenance.machine_id())


def test_cores_stay_within_the_quota(monkeypatch):
    monkeypatch.setattr(provenance, "cgroup_limits", lambda: {"cpu.max": "150000 100000"})
    assert provenance.cores() == 1


def test_addresses_lose_their_secrets():
    assert provenance.public_address("redis://:secret@host:6379/0") == "redis://host:6379/0"
    assert provenance.public_address("tcp://10.0.0.1:8786") == "tcp://10.0.0.1:8786"


def test_weight_counts_a_closure():
    assert weight.closure(("psutil",)) == {"psutil"}
    assert {"pytest", "pluggy", "packaging"} <= weight.closure(("pytest",))
    assert weight.installed_bytes({"psutil"}) > 100_000


FORKS = """
import multiprocessing, signal
from examples.measure.__main__ import end_on_sigterm

end_on_sigterm()
handler = multiprocessing.get_context("fork").Pool(1).apply(signal.getsignal, (signal.SIGTERM,))
print(handler == signal.SIG_DFL, signal.getsignal(signal.SIGTERM) != signal.SIG_DFL)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no fork on this system")
def test_forked_workers_end_on_sigterm_as_ever():
    """A pool that terminates its workers waits for them: with our handler they would unwind, and hang."""
    command = [sys.executable, "-W", "ignore", "-c", FORKS]
    done = subprocess.run(command, cwd=provenance.ROOT, capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "True True", done.stderr
