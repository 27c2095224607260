"""Tables."""

import re

from docutils import nodes

from .. import escape
from .base import Base

# What fits a line of the page: its width in points, upright and turned, less the padding of a cell's two sides.
_PAGE, _TURNED, _PADDING = 431, 660, 8
_SIZES = (9.0, 8.5, 8.0, 7.5, 7.0)
# Mean widths of a character in the type size: prose, and DejaVu Sans Mono at the size of code in prose.
_PROSE, _MONO = 0.5, 0.5
_NUMBER = re.compile(r"[\s\d.,%×≈<>≤≥±+−–-]*\d[\s\d.,%×≈<>≤≥±+−–-]*|[—–-]?")


class Tables(Base):
    """Columns wide enough for their longest word, in the largest type that lets the table fit the page."""

    def visit_table(self, node: nodes.table) -> None:
        group = next(child for child in node.children if isinstance(child, nodes.tgroup))
        title = [child for child in node.children if isinstance(child, nodes.title)]
        head = _rows(group, nodes.thead)
        body = _rows(group, nodes.tbody)
        specs = [child for child in group.children if isinstance(child, nodes.colspec)]
        layout = _Layout(node, specs, head, body)
        caption = self.caption(node, title[0]) if title else "none"
        with self.set(notes_allowed=False):
            header = escape.array(self._cell(cell) for row in head for cell in row.children)
        arguments = [
            layout.columns(),
            f"{layout.size}pt",
            header,
            escape.array(self._cell(cell) for row in body for cell in row.children),
            f"rows: {len(head)}",
            f"aligned: {escape.array(layout.alignment(column) for column in range(len(specs)))}",
            f"caption: {caption}",
            f"anchors: [{self.anchors(node)}]",
            f"stub: {sum(bool(spec.get('stub')) for spec in specs)}",
        ]
        if "system-card" in node["classes"]:
            arguments.append("plain: true")
        call = f"book-table({', '.join(arguments)})"
        self.emit(f"\n#{'turned(' + call + ')' if layout.turned else call}\n\n")

    def _cell(self, cell: nodes.entry) -> str:
        spans = []
        if cell.get("morecols"):
            spans.append(f"colspan: {cell['morecols'] + 1}")
        if cell.get("morerows"):
            spans.append(f"rowspan: {cell['morerows'] + 1}")
        content = f"[{self.anchors(cell)}{self.content(cell.children)[1:]}"
        return f"table.cell({', '.join(spans)}){content}" if spans else content


class _Layout:
    """Widths, type size and alignment of one table's columns."""

    def __init__(self, table: nodes.table, specs: list, head: list[nodes.row], body: list[nodes.row]) -> None:
        count = len(specs)
        self._body = body
        self._cells: list[list[nodes.entry]] = [[] for _ in range(count)]
        longest, total = [2.0] * count, [2.0] * count
        taken: dict[tuple[int, int], bool] = {}
        for y, row in enumerate([*head, *body]):
            x = 0
            for cell in row.children:
                while taken.get((y, x)):
                    x += 1
                columns, rows = cell.get("morecols", 0) + 1, cell.get("morerows", 0) + 1
                for dx in range(columns):
                    for dy in range(rows):
                        taken[y + dy, x + dx] = True
                if columns == 1 and x < count:
                    longest[x] = max(longest[x], _longest(cell))
                    total[x] = max(total[x], len(cell.astext()))
                    if y >= len(head):
                        self._cells[x].append(cell)
                x += columns
        needed = sum(longest) * _PROSE
        fits = [size for size in _SIZES if needed * size + count * _PADDING <= _PAGE]
        self.turned = not fits
        if not fits:
            fits = [size for size in _SIZES if needed * size + count * _PADDING <= _TURNED] or [_SIZES[-1]]
        self.size = fits[0]
        given = "colwidths-given" in table["classes"]
        wished = [spec["colwidth"] for spec in specs] if given else [min(width, 60.0) ** 0.75 for width in total]
        # A column never gets less than its longest word; the rest is shared as wished.
        unit = self.size * _PROSE
        free = max((_TURNED if self.turned else _PAGE) - needed * self.size - count * _PADDING, 0)
        width = free + needed * self.size + count * _PADDING
        minimum = [word * unit + _PADDING for word in longest]
        # Short tables do not spread over the page.
        natural = [text * unit + _PADDING for text in total]
        self._full = given or sum(natural) > width * 0.8
        share = sum(wished) or 1
        self._widths = [max(low, width * wish / share) for low, wish in zip(minimum, wished, strict=True)]

    def columns(self) -> str:
        if not self._full:
            return escape.array(["auto"] * len(self._widths))
        return escape.array(f"{width:.1f}fr" for width in self._widths)

    def alignment(self, column: int) -> str:
        cells = self._cells[column]
        for side in ("right", "center", "left"):
            if any(f"text-{side}" in cell["classes"] for cell in cells):
                return side
        texts = [cell.astext().strip() for cell in cells]
        return "right" if any(texts) and all(_NUMBER.fullmatch(text) for text in texts) else "left"


def _rows(group: nodes.tgroup, kind: type) -> list[nodes.row]:
    return [row for part in group.children if isinstance(part, kind) for row in part.children]


def _longest(cell: nodes.entry) -> float:
    """The width of the widest thing in *cell* that does not break, in characters of prose."""
    widest = 2.0
    for text in cell.findall(nodes.Text):
        literal = isinstance(text.parent, nodes.literal | nodes.literal_block)
        for word in text.astext().split():
            for piece in escape.pieces(word) if literal else re.split(r"(?<=[-/])", word):
                # Hyphenation splits long words of prose.
                length = len(piece) * _MONO / _PROSE * 1.05 if literal else min(len(piece), 14)
                widest = max(widest, length)
    return widest
