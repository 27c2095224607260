"""The harness's command line: ``python -m examples.measure run|describe|publish|compare|export``."""

from __future__ import annotations

import argparse
import contextlib
import importlib
import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any, NoReturn

from examples.measure import HARNESS_VERSION, journal, noise, provenance, result
from examples.measure.adapter import Adapter, variants
from examples.measure.probe import EFFORTS, Plan
from examples.measure.run import EngineError, Engines, Pass, make_home, nothing_left, to_stderr

ROOT = provenance.ROOT

#: What each command does; the module of a command has a function ``main(arguments)``.
COMMANDS = {
    "run": "measure one system in the environment that it runs in",
    "describe": "say as JSON what a run would measure",
    "publish": "check results and copy them into the book",
    "compare": "show two runs or two machines side by side",
    "export": "write a result as a pyperf suite",
}


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return the exit status."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if not arguments or arguments[0] in ("-h", "--help"):
        print("usage: python -m examples.measure COMMAND …\n")
        print("\n".join(f"  {name:10}{what}" for name, what in COMMANDS.items()))
        return 0 if arguments else 2
    command, *rest = arguments
    if command == "run":
        return run(rest)
    if command == "describe":
        return describe(rest)
    if command not in COMMANDS:
        known = ", ".join(COMMANDS)
        print(f"python -m examples.measure: error: no command {command!r}; there are {known}", file=sys.stderr)
        return 2
    return importlib.import_module(f"examples.measure.{command}").main(rest)


def make_parser(kinds: dict[str, type[Adapter]], **settings: Any) -> argparse.ArgumentParser:
    """Return the parser of ``run``, with the options by which the adapters take an address."""
    parser = argparse.ArgumentParser(
        prog="python -m examples.measure run", description="Measure one system of the book.", **settings
    )
    parser.add_argument("system", help="id of the system, for example joblib")
    parser.add_argument(
        "--probe",
        action="append",
        default=[],
        metavar="NAME",
        help="measure only these: a group of probes (metg) or a pattern of names ('payload.in.*'); repeatable",
    )
    parser.add_argument("--quick", action="store_true", help="fewer passes and samples; not for publication")
    parser.add_argument("--workers", type=int, help="workers of the engine (default: one a core)")
    parser.add_argument("--pass", dest="number", default="all", metavar="K", help="number of one pass (default: all)")
    parser.add_argument("--machine", help="name of this machine in the result")
    parser.add_argument("--note", default="", help="what a reader must know of this machine")
    parser.add_argument(
        "--output", type=Path, default=ROOT / "build" / "measurements", help="folder of the results and journals"
    )
    parser.add_argument("--fresh", action="store_true", help="start again; the old journal is kept as *.old")
    parser.add_argument("--budget", type=float, metavar="SECONDS", help="begin no group after this time")
    parser.add_argument("--address", help="measure the cluster that is there at this address")
    taken = {"--address"}
    for kind in kinds.values():
        option = getattr(kind, "address_option", "--address")
        if option not in taken:
            taken.add(option)
            variable = getattr(kind, "address_variable", "")
            parser.add_argument(option, dest="address", help=f"the same as --address; also {variable}")
    return parser


def run(arguments: list[str]) -> int:
    """Measure one system, write its journal and its result, and return the exit status."""
    rest = [one for one in arguments if one not in ("-h", "--help")]
    if not rest:
        make_parser({}).parse_args(arguments)
    first, _ = make_parser({}).parse_known_args(rest)
    try:
        kinds = variants(first.system)
    except LookupError as error:
        make_parser({}).error(str(error))
    parser = make_parser(kinds)
    options = parser.parse_args(arguments)
    address, kinds = find_address(parser, options, kinds)
    effort = EFFORTS["quick" if options.quick else "full"]
    numbers = pass_numbers(parser, options.number, effort.passes)
    if options.workers is not None and options.workers < 1:
        parser.error(f"--workers must be at least 1, not {options.workers}")
    if options.budget is not None and options.budget <= 0:
        parser.error("--budget must be above 0")
    try:
        noise.limit()
        noise.patience()
    except ValueError as error:
        parser.error(str(error))
    identifier = options.machine or provenance.machine_id() + ("-cluster" if address else "")
    if not provenance.MACHINE_ID.fullmatch(identifier):
        parser.error(f"--machine must be lower-case letters, digits, dots and hyphens, not {identifier!r}")
    end_on_sigterm()
    from examples.measure.probes import PROBES, check

    say = to_stderr(options.system)
    cores = provenance.cores()
    with contextlib.ExitStack() as stack:
        stack.enter_context(nothing_left(say))
        plan = Plan(options.system, kinds, options.workers or cores, cores, effort, make_home(stack), address=address)
        plan.now = getattr(kinds[min(kinds)], "now", plan.now)
        engines = Engines(plan, check, say)
        stack.callback(engines.stop)
        try:
            if address:
                plan.workers = engines.connect()
            known = describe_run(plan, identifier, options.note)
            path = options.output / identifier / f"{options.system}.journal.jsonl"
            book = stack.enter_context(journal.opened(path, fingerprint(known), options.fresh))
            for remark in book.remarks:
                say(remark)
            plan.memo = book.memo()
            status = take(numbers, plan, wanted(PROBES, kinds), book, engines, options)
        except (ConnectionError, journal.JournalError) as error:
            print(f"{parser.prog}: error: {error}", file=sys.stderr)
            return 2
        except EngineError as error:
            say(f"stopped: {error}")
            return 1
        except (KeyboardInterrupt, SystemExit) as error:
            say("interrupted; what was finished is kept, and the same command goes on from there")
            return error.code if isinstance(error, SystemExit) else 130
        if status == 2:
            return 2
        target = options.output / identifier / f"{options.system}.json"
        try:
            result.write(target, result.assemble(known, book.lines))
        except result.ResultError as error:
            say(str(error))
            return 1
    print(f"{options.system}: wrote {target}", flush=True)
    return status


def wanted(probes: dict[str, Any], kinds: dict[str, type[Adapter]]) -> dict[str, Any]:
    """Return the modules of probes that a variant at least has not ruled out with its ``modules``."""
    return {
        name: one
        for name, one in probes.items()
        if any(name in getattr(kind, "modules", probes) for kind in kinds.values())
    }


def take(numbers: list[int], plan: Plan, probes: dict, book: journal.Journal, engines: Engines, options: Any) -> int:
    """Take the passes *numbers*; return 1 when a group failed, 2 when ``--probe`` named nothing, else 0."""
    matched: set[str] = set()
    failed: list[str] = []
    deadline = time.monotonic() + options.budget if options.budget else None
    for number in numbers:
        say = to_stderr(plan.system, f"pass {number}/{plan.effort.passes}: ")
        book.append({"pass": number, "background": provenance.background()})
        one = Pass(plan, number, probes, book, engines, options.probe, say, deadline, patience=noise.patience())
        one.run()
        if not plan.address:
            engines.stop()
        matched |= one.matched
        failed += one.failed
        if one.skipped:
            say(f"no time left for {', '.join(one.skipped)}; without --budget the same command adds them")
        unmatched = [pattern for pattern in options.probe if pattern not in matched]
        if unmatched and not one.skipped:
            names = ", ".join(probes)
            print(
                f"python -m examples.measure run: error: {plan.system} has no probe {', '.join(unmatched)}; "
                f"groups are {names}, and patterns such as 'payload.in.*' name single probes",
                file=sys.stderr,
            )
            return 2
    if failed:
        to_stderr(plan.system)(f"failed: {', '.join(failed)}; the same command tries them again")
    return 1 if failed else 0


def find_address(
    parser: argparse.ArgumentParser, options: argparse.Namespace, kinds: dict[str, type[Adapter]]
) -> tuple[str, dict[str, type[Adapter]]]:
    """Return the address of the reader's cluster, or nothing, and the variants that take part."""
    reachable = {variant: kind for variant, kind in kinds.items() if hasattr(kind, "connect")}
    if options.address and not reachable:
        parser.error(f"{options.system} has no cluster to connect to")
    address, origin = options.address or "", "the command line"
    for kind in reachable.values():
        variable = getattr(kind, "address_variable", "")
        if not address and os.environ.get(variable):
            address, origin = os.environ[variable], variable
    if not address:
        return "", kinds
    if options.workers:
        parser.error("--workers and an address exclude each other: the number of workers is the cluster's own")
    say = to_stderr(options.system)
    say(f"measures the cluster at {provenance.public_address(address)}, from {origin}")
    for variant in kinds.keys() - reachable.keys():
        say(f"skipped {variant or 'the default'}: it runs on this machine only")
    return address, reachable


def pass_numbers(parser: argparse.ArgumentParser, text: str, passes: int) -> list[int]:
    """Return the passes that ``--pass`` names."""
    if text == "all":
        return list(range(1, passes + 1))
    if not text.isdecimal() or not 1 <= int(text) <= passes:
        parser.error(f"--pass must be 1 to {passes}, or all, not {text!r}")
    return [int(text)]


def describe_run(plan: Plan, identifier: str, note: str) -> dict[str, Any]:
    """Return what stands above the probes in the result."""
    names = dict.fromkeys(name for kind in plan.kinds.values() for name in kind.packages)
    settings: dict[str, Any] = {
        "effort": plan.effort.name,
        "workers": plan.workers,
        "cores": plan.cores,
        "canary_limit": noise.limit(),
        "patience": noise.patience(),
    }
    for kind in plan.kinds.values():
        settings |= getattr(kind, "settings", dict)()  # what an engine alone knows, such as how its processes start
    if plan.address:
        settings["address"] = provenance.public_address(plan.address)
    return {
        "schema": result.SCHEMA,
        "system": plan.system,
        "machine": provenance.machine(identifier, note),
        "python": provenance.interpreter(),
        "packages": provenance.packages(tuple(names)),
        "commit": provenance.commit(),
        "date": provenance.now(),
        "harness": HARNESS_VERSION,
        "settings": settings,
    }


def fingerprint(known: dict[str, Any]) -> dict[str, Any]:
    """Return what must be the same in all passes of a result."""
    return {
        "system": known["system"],
        "harness": known["harness"],
        "effort": known["settings"]["effort"],
        "workers": known["settings"]["workers"],
        "address": known["settings"].get("address", ""),
        "python": known["python"],
        "packages": known["packages"],
        # Not the commit of the whole tree: a page that changes between two passes changes no number.
        "code": provenance.commit("examples", "uv.lock"),
    }


def describe(arguments: list[str]) -> int:
    """Print as JSON which variants a system has, how it takes an address, and where its results lie."""
    parser = argparse.ArgumentParser(prog="python -m examples.measure describe")
    parser.add_argument("system")
    options = parser.parse_args(arguments)
    try:
        kinds = variants(options.system)
    except LookupError as error:
        parser.error(str(error))
    reachable = [kind for kind in kinds.values() if hasattr(kind, "connect")]
    found = {
        "system": options.system,
        "variants": list(kinds),
        "machine": provenance.machine_id(),
        "address_options": sorted({kind.address_option for kind in reachable}),
        "address_variables": sorted({kind.address_variable for kind in reachable}),
    }
    print(json.dumps(found))
    return 0


def end_on_sigterm() -> None:
    """Let SIGTERM end this process as Ctrl-C does, engines stopped; a forked worker of an engine keeps the default."""

    def terminate(number: int, frame: object) -> NoReturn:
        raise SystemExit(128 + number)

    signal.signal(signal.SIGTERM, terminate)
    if hasattr(os, "register_at_fork"):
        # Pool.terminate() sends SIGTERM and waits: a worker that unwinds instead of ending may wait for its parent.
        # Blocked until the default is back: a child that is just being forked forgets a signal that a handler took.
        term = {signal.SIGTERM}

        def restore() -> None:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, term)

        os.register_at_fork(
            before=lambda: signal.pthread_sigmask(signal.SIG_BLOCK, term),
            after_in_parent=lambda: signal.pthread_sigmask(signal.SIG_UNBLOCK, term),
            after_in_child=restore,
        )


if __name__ == "__main__":
    sys.exit(main())
