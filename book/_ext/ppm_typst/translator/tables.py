"""Tables."""

import re

from docutils import nodes

from .. import escape
from .base import Base

# What fits a line of the page: its width in points, upright and turned, less the padding of a cell's two sides.
_PAGE, _TURNED, _PADDING = 431, 660, 8
_SIZES = (9.0, 8.5, 8.0, 7.5, 7.0)
# Widths in the type size: DejaVu Sans Mono at the size of code in prose, and Libertinus Serif by kinds of letters.
_MONO = 0.52
_LETTERS = {**dict.fromkeys("iljtfr.,:;'|()[]I!/- ", 0.31), **dict.fromkeys("mwMW%@—…", 0.82)}
_CAPITAL, _LETTER = 0.66, 0.49
# Longer words of prose are hyphenated, but not names with a point in them.
_LONGEST_WORD = 15
_SHORT = 9
_NUMBER = re.compile(r"[\s\d.,%×≈<>≤≥±+−–-]*\d[\s\d.,%×≈<>≤≥±+−–-]*|[—–-]?")


def _is_link(node: nodes.Node) -> bool:
    return isinstance(node, (nodes.reference, nodes.footnote_reference))


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
        if any(cell.next_node(_is_link) for row in head for cell in row.children):
            # A head that is repeated on the next page is an artifact for PDF/UA, and an artifact has no links.
            arguments.append("repeated: false")
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
        longest, total = [1.0] * count, [1.0] * count
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
                    bold = 1.08 if y < len(head) else 1.0
                    longest[x] = max(longest[x], _longest(cell) * bold)
                    total[x] = max(total[x], _width(cell.astext()) * bold)
                    if y >= len(head):
                        self._cells[x].append(cell)
                x += columns
        needed = sum(longest)
        fits = [size for size in _SIZES if needed * size + count * _PADDING <= _PAGE]
        self.turned = not fits
        if not fits:
            fits = [size for size in _SIZES if needed * size + count * _PADDING <= _TURNED] or [_SIZES[-1]]
        self.size = fits[0]
        room = (_TURNED if self.turned else _PAGE) - count * _PADDING
        least = [width * self.size for width in longest]
        natural = [width * self.size for width in total]
        self._given = "colwidths-given" in table["classes"]
        wished = [spec["colwidth"] for spec in specs] if self._given else [width**0.7 for width in total]
        self._widths = _share(room, least, wished)
        # A table that is narrower than the page is not spread over it.
        self._natural = not self._given and sum(natural) < room * 0.9

    def columns(self) -> str:
        if self._natural:
            return escape.array(["auto"] * len(self._widths))
        return escape.array(f"{width + _PADDING:.1f}fr" for width in self._widths)

    def alignment(self, column: int) -> str:
        cells = self._cells[column]
        for side in ("right", "center", "left"):
            if any(f"text-{side}" in cell["classes"] for cell in cells):
                return side
        texts = [cell.astext().strip() for cell in cells]
        return "right" if any(texts) and all(_NUMBER.fullmatch(text) for text in texts) else "left"


def _rows(group: nodes.tgroup, kind: type) -> list[nodes.row]:
    return [row for part in group.children if isinstance(part, kind) for row in part.children]


def _share(room: float, least: list[float], wished: list[float]) -> list[float]:
    """*room* in the proportions *wished*, where no column gets less than *least*."""
    open_columns = set(range(len(least)))
    widths = list(least)
    while open_columns:
        free = room - sum(widths[column] for column in range(len(least)) if column not in open_columns)
        whole = sum(wished[column] for column in open_columns) or 1
        short = {column for column in open_columns if free * wished[column] / whole < least[column]}
        if not short:
            for column in open_columns:
                widths[column] = free * wished[column] / whole
            break
        open_columns -= short
    return widths


def _width(text: str) -> float:
    """About how wide *text* is in prose, in units of the type size."""
    return sum(_LETTERS.get(letter, _CAPITAL if letter.isupper() else _LETTER) for letter in text)


def _longest(cell: nodes.entry) -> float:
    """How wide the widest thing in *cell* is that does not break."""
    whole = cell.astext()
    # A quantity stays with its unit.
    widest = _width(whole) if len(whole) <= _SHORT else 1.0
    for text in cell.findall(nodes.Text):
        literal = isinstance(text.parent, nodes.literal | nodes.literal_block)
        for word in text.astext().split():
            if literal:
                widest = max(widest, *(len(piece) * _MONO for piece in escape.pieces(word)))
            else:
                # Typst breaks after a hyphen before a letter.
                parts = re.split(r"(?<=-)(?=[^\W\d])", word)
                widest = max(widest, *(_width(part if "." in part[1:-1] else part[:_LONGEST_WORD]) for part in parts))
    return widest
