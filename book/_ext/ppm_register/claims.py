"""The role ``{claim}``: a statement that holds for the measured medians, or the build fails.

``{claim}`at least 5 times <joblib:task_cost.unbatched / joblib:task_cost.batched >= 5>```
"""

from __future__ import annotations

import ast
import operator
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from .domain import RegisterDomain, RegisterError
from .measurements import DERIVED_STATISTICS, NOISY, STATISTICS, Measurement, Shown
from .nodes import RegisterValue, claim, value_node
from .own import where
from .quantities import NBSP, dimension, number_text
from .roles import RegisterRole, check_statistic

_ROLE = re.compile(r"(?P<text>.+?)\s*<(?P<expression>.+)>", re.DOTALL)
_NAME = re.compile(
    r"(?<![\w.])(?P<system>[a-z][\w-]*):(?P<probe>\w+(?:[.-]\w+)*)(?:\s+(?P<statistic>"
    + "|".join((*STATISTICS, *DERIVED_STATISTICS))
    + r")\b)?"
)
_SMALL = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_WORDS = {word: number for number, word in enumerate(_SMALL, 1)} | {"twenty": 20, "fifty": 50, "hundred": 100}
_TIMES = re.compile(
    rf"\b(?:(?P<twice>twice)|(?:(?P<word>{'|'.join(_WORDS)})|(?P<digits>\d[\d,]*(?:\.\d+)?))(?:[\s-]*(?:times|fold)))\b",
    re.IGNORECASE,
)
_ARITHMETIC = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}
_COMPARISON = {
    ast.Lt: (operator.lt, "<"),
    ast.LtE: (operator.le, "<="),
    ast.Gt: (operator.gt, ">"),
    ast.GtE: (operator.ge, ">="),
}


@dataclass(frozen=True)
class Value:
    """A number with the powers of its dimensions; ``None`` for a literal number, which fits every dimension."""

    number: float
    powers: Counter[str] | None

    def matches(self, other: Value) -> bool:
        """Whether the two can be added or compared."""
        return self.powers is None or other.powers is None or self.powers == other.powers


def _named(dimension_name: str) -> Counter[str]:
    return Counter({dimension_name: 1})


@dataclass(frozen=True)
class Named:
    """A probe's statistic that an expression names."""

    label: str
    probe: Shown
    statistic: str
    run: Measurement

    @property
    def value(self) -> Value:
        """The statistic in base units; raises RegisterError where the measurements only bound it."""
        kind = "count" if self.statistic == "n" else dimension(self.probe.unit)
        try:
            number = self.probe.base_value(self.statistic)
        except LookupError as error:
            raise RegisterError(f"a bound cannot be compared: {error}") from None
        # A ratio fits a bare number and other ratios.
        return Value(number, _named(kind) if kind else Counter())


def _arithmetic(node: ast.BinOp, names: dict[str, Named]) -> Value:
    if type(node.op) not in _ARITHMETIC:
        raise RegisterError("only numbers, names, + - * / and comparisons are allowed")
    left, right = _evaluate(node.left, names), _evaluate(node.right, names)
    if isinstance(node.op, ast.Div) and right.number == 0:
        raise RegisterError("division by zero")
    number = _ARITHMETIC[type(node.op)](left.number, right.number)
    if isinstance(node.op, (ast.Add, ast.Sub)):
        if not left.matches(right):
            raise RegisterError("adds values of different units")
        return Value(number, left.powers if left.powers is not None else right.powers)
    if left.powers is None and right.powers is None:
        return Value(number, None)
    powers = Counter(left.powers or {})
    for name, power in (right.powers or {}).items():
        powers[name] += power if isinstance(node.op, ast.Mult) else -power
    return Value(number, Counter({name: power for name, power in powers.items() if power}))


def _evaluate(node: ast.AST, names: dict[str, Named]) -> Value:
    match node:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            return Value(float(number), None)
        case ast.Name(id=name) if name in names:
            return names[name].value
        case ast.UnaryOp(op=ast.USub() | ast.UAdd() as sign, operand=operand):
            value = _evaluate(operand, names)
            return Value(-value.number if isinstance(sign, ast.USub) else value.number, value.powers)
        case ast.BinOp():
            return _arithmetic(node, names)
    raise RegisterError("only numbers, names, + - * / and comparisons are allowed")


def _number(value: float) -> str:
    return number_text(value, 3)


def check(expression: str, domain: RegisterDomain) -> tuple[str, list[Named]]:
    """Check an expression and return what was compared and the names in it; raises RegisterError where it fails."""
    compared = {(match["system"], match["probe"]) for match in _NAME.finditer(expression)}
    machine = domain.machine_with(compared)

    def find(system: str, name: str) -> tuple[Shown, Measurement]:
        try:
            return domain.probe(system, name, machine)
        except RegisterError:
            domain.probe(system, name)  # raises where it is measured nowhere
            raise RegisterError(
                f"no one machine has all that is compared: {system}:{name} is not on {machine}"
            ) from None

    holds, shown, names = compare(expression, find)
    if not holds:
        measured = ", ".join(f"{item.label} = {item.probe.text(item.statistic)}" for item in names)
        raise RegisterError(f"the claim does not hold: {shown} ({measured})")
    return shown, names


def compare(expression: str, find: Callable[[str, str], tuple[Shown, Measurement]]) -> tuple[bool, str, list[Named]]:
    """Compare what *find* returns for each name in an expression; raises RegisterError where it is none.

    Returns whether it holds, what was compared, and the names in it.
    """
    names: dict[str, Named] = {}

    def replace(match: re.Match[str]) -> str:
        probe, run = find(match["system"], match["probe"])
        identifier = f"name_{len(names)}"
        names[identifier] = Named(match.group(), probe.scaled(), check_statistic(probe, match["statistic"] or ""), run)
        return identifier

    source = _NAME.sub(replace, " ".join(expression.split()))
    try:
        tree = ast.parse(source, mode="eval").body
    except SyntaxError as error:
        raise RegisterError(f"the expression does not parse: {error.msg}") from None
    if not names:
        raise RegisterError("the expression names no measurement (write system:probe)")
    if not isinstance(tree, ast.Compare):
        raise RegisterError("the expression must be a comparison with < <= > >=")
    values = [_evaluate(part, names) for part in (tree.left, *tree.comparators)]
    shown = _number(values[0].number)
    holds = True
    for left, right, sign in zip(values, values[1:], tree.ops, strict=False):
        if type(sign) not in _COMPARISON:
            raise RegisterError("compare with < <= > >=: measured numbers are never equal")
        if not left.matches(right):
            raise RegisterError("compares values of different units")
        test, symbol = _COMPARISON[type(sign)]
        holds = holds and test(left.number, right.number)
        shown += f" {symbol} {_number(right.number)}"
    return holds, shown, list(names.values())


def check_wording(text: str, expression: str) -> None:
    """Refuse "5 times" where the comparison has no 5 (nor a fifth): the two would drift apart."""
    literals = {float(number) for number in re.findall(r"(?<![\w.:])\d+(?:\.\d+)?", _NAME.sub(" ", expression))}
    for match in _TIMES.finditer(text):
        if match["twice"]:
            said = 2.0
        elif match["word"]:
            said = float(_WORDS[match["word"].lower()])
        else:
            said = float(match["digits"].replace(",", ""))
        fitting = (said, 1 / said) if said else (0.0,)
        if not any(abs(wanted - literal) <= 0.01 * wanted for wanted in fitting for literal in literals):
            raise RegisterError(f"the statement says {match.group()!r}, the comparison has no {said:g}")


def on_your_machine(expression: str, domain: RegisterDomain) -> str:
    """Write whether a claim also holds for the reader's own measurements; empty where they have not all of it."""

    def find(system: str, name: str) -> tuple[Shown, Measurement]:
        if found := domain.own(system, name):
            return found
        raise RegisterError(f"{system}:{name} was not measured")

    try:
        holds, shown, names = compare(expression, find)
    except RegisterError:
        return ""
    machines = "; ".join(dict.fromkeys(where(item.run) for item in names))
    return f" On your machine it {'holds' if holds else 'does not hold'}: {_pretty(shown)}, {machines}."


def _pretty(comparison: str) -> str:
    return comparison.replace("<=", "≤").replace(">=", "≥")


class ClaimRole(RegisterRole):
    """A statement and the inequality that makes it true."""

    def look_up(self, domain: RegisterDomain) -> RegisterValue:
        """Check the claim and return the node of its text."""
        match = _ROLE.fullmatch(self.text.strip())
        if not match:
            raise RegisterError("write the statement, then <the comparison>")
        shown, names = check(match["expression"], domain)
        check_wording(match["text"], match["expression"])
        parts = dict.fromkeys(f"{item.label} {item.probe.text(item.statistic)}" for item in names)
        runs = dict.fromkeys(item.run.provenance() for item in names)
        note = f"Checked when the book was built: {_pretty(shown)}, from {', '.join(parts)}. {' '.join(runs)}"
        if noisy := sorted({item.label for item in names if item.probe.noisy}):
            note += f" {NOISY}{NBSP}Noisy: {', '.join(noisy)}."
        note += on_your_machine(match["expression"], domain)
        probes = sorted({f"{item.run.system}:{item.probe.name}" for item in names})
        return value_node(claim, " ".join(match["text"].split()), note, self.env, probes=probes)
