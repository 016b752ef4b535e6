"""Blocks of running text as strips: paragraphs, lists, label rows, tables."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from posko_app.letters.blocks import Column, FormFields, Listing, Narrative, Paragraph, Row, Table

from .lines import Line
from .pen import Pen
from .sheet import Sheet
from .strips import Draw, Strip

Cell = tuple[Sequence[Line], float, float, str]  # lines, x, width, alignment
DOTS = "....."
GAP = 6.0  # points between a label's colon and the value


def baseline(top: float, leading: float, size: float) -> float:
    """The base line that centres capital letters in a strip."""
    return top - (leading + size * 0.72) / 2


def draw_cells(
    cells: Sequence[tuple[Line, float, float, str]], size: float, leading: float
) -> Draw:
    """Draw single lines side by side."""

    def draw(pen: Pen, top: float) -> None:
        y = baseline(top, leading, size)
        for line, x, width, align in cells:
            pen.text(line, x, y, size, width, align)

    return draw


def cell_strips(cells: Sequence[Cell], sheet: Sheet, size: float = 0) -> list[Strip]:
    """Cells of several lines beside each other, one strip per line, no line of them left alone."""
    size = size or sheet.size
    leading = sheet.leading(size)
    count = max(len(lines) for lines, *_ in cells)
    strips = []
    for at in range(count):
        here = [(lines[at], x, w, align) for lines, x, w, align in cells if at < len(lines)]
        strips.append(Strip(leading, draw_cells(here, size, leading)))
    return no_single_lines(strips)


def no_single_lines(strips: list[Strip]) -> list[Strip]:
    """Keep the first two and the last two strips of a text together."""
    if len(strips) > 1:
        strips[0].keep = strips[-2].keep = True
    return strips


def text_strips(
    text: str,
    sheet: Sheet,
    *,
    x: float = 0,
    align: str = "left",
    size: float = 0,
    indent: float = 0,
    narrow: float = 0,
) -> list[Strip]:
    """A text in the text area, moved in by `x` on the left and `narrow` on the right."""
    width = sheet.width - x - narrow
    size = size or sheet.size
    strips = cell_strips(
        [(sheet.lines(text, width, size, indent), sheet.left + x, width, align)], sheet, size
    )
    if indent:
        first, *_ = sheet.lines(text, width, size, indent)
        leading = sheet.leading(size)
        strips[0].draw = draw_cells(
            [(first, sheet.left + x + indent, width - indent, align)], size, leading
        )
    return strips


def title_strips(title: str, sheet: Sheet) -> list[Strip]:
    """A bold line that stays with what follows it."""
    if not title:
        return []
    strips = text_strips(f"<b>{title}</b>", sheet)
    for strip in strips:
        strip.keep = True
    strips[0].bookmark = title
    return strips


def paragraph(block: Paragraph, sheet: Sheet) -> list[Strip]:
    """Justified text; with `indent` its first line starts further in."""
    indent = 36.0 if block.indent else 0.0
    strips = text_strips(block.text, sheet, align="justify", indent=indent)
    for strip in strips[-2:] if block.keep_with_next else ():
        strip.keep = True
    return strips


def narrative(block: Narrative, sheet: Sheet) -> list[Strip]:
    """Long text; each of its paragraphs is justified on its own."""
    strips = title_strips(block.title, sheet)
    texts = [t for t in block.text.split("<br/>") if t.strip()] or [block.empty]
    for at, text in enumerate(texts):
        if at:
            strips.append(sheet.space(0.35))
        strips += text_strips(text, sheet, align="justify")
    return strips


def listing(block: Listing, sheet: Sheet) -> list[Strip]:
    """Marked items with a hanging indent."""
    strips = title_strips(block.title, sheet)
    if not block.items:
        return strips + (text_strips(block.empty, sheet) if block.empty else [])
    marks = [item_mark(block.mark, at) for at in range(len(block.items))]
    hang = max(12.0, max(sheet.lines(m, 1000)[0].width for m in marks) + GAP)
    for mark, item in zip(marks, block.items, strict=True):
        width = sheet.width - hang
        strips += cell_strips(
            [
                (sheet.lines(mark, hang), sheet.left, hang, "left"),
                (sheet.lines(item, width), sheet.left + hang, width, "justify"),
            ],
            sheet,
        )
    return strips


def item_mark(mark: str, at: int) -> str:
    """The mark of item `at`, counted from 0: `1.`, `a.` … `z.`, `aa.`, or a dash."""
    if mark == "a":
        letters = ""
        rest = at + 1
        while rest:
            rest, digit = divmod(rest - 1, 26)
            letters = chr(97 + digit) + letters
        return f"{letters}."
    return "–" if mark == "-" else f"{at + 1}."


def label_width(rows: Sequence[Row], sheet: Sheet) -> float:
    """The width of the widest label, at most two fifths of the text area."""
    widest = max((sheet.lines(r.label, 1000)[0].width for r in rows), default=0.0)
    return min(widest + GAP, sheet.width * 0.4)


def row_strips(rows: Sequence[Row], sheet: Sheet, *, x: float, empty: str) -> list[Strip]:
    """Label : value rows; all colons stand under each other, in one section and in the next."""
    label, colon = max(label_width(rows, sheet), sheet.colons - x), 4.0 + GAP
    start = sheet.left + x
    width = sheet.width - x - label - colon
    strips: list[Strip] = []
    for row in rows:
        value = row.value or ("" if empty == DOTS else empty)
        cells: list[Cell] = [
            (sheet.lines(row.label, label - GAP), start, label, "left"),
            (sheet.lines(":", colon), start + label, colon, "left"),
            (sheet.lines(value, width), start + label + colon, width, "left"),
        ]
        made = cell_strips(cells, sheet)
        if not row.value and empty == DOTS:
            made[0].draw = _with_dots(made[0].draw, start + label + colon, width, sheet)
        strips += made
    return strips


def _with_dots(drawn: Draw | None, x: float, width: float, sheet: Sheet) -> Draw:
    leading, size = sheet.leading(sheet.size), sheet.size

    def draw(pen: Pen, top: float) -> None:
        if drawn:
            drawn(pen, top)
        pen.dotted(x, baseline(top, leading, size) - 1, width)

    return draw


def inset(block: FormFields) -> float:
    """How far the rows of a titled section are moved in."""
    return 14.0 if block.title and block.indent else 0.0


def form_fields(block: FormFields, sheet: Sheet) -> list[Strip]:
    """A form's section: its title, then its rows, moved in when there is a title."""
    rows = row_strips(block.rows, sheet, x=inset(block), empty=block.empty)
    return title_strips(block.title, sheet) + rows


def table(block: Table, sheet: Sheet) -> list[Strip]:
    """A ruled table; short rows stay whole, long ones run on, headings are repeated."""
    strips = title_strips(block.title, sheet)
    if not block.rows:
        return strips + text_strips(block.empty or "–", sheet)
    grid = _Grid(block.columns, sheet)
    header = grid.header([c.heading for c in block.columns])
    header.keep = True
    if strips:
        strips.append(Strip(3.0, keep=True))
    strips.append(header)
    for row in block.rows:
        strips += grid.row(row.cells, header)
    return strips


class _Grid:
    """The columns of one table, in points."""

    pad = 3.5
    whole = 14  # rows of up to so many lines are never cut

    def __init__(self, columns: Sequence[Column], sheet: Sheet) -> None:
        total = sum(c.width for c in columns)
        self.sheet = sheet
        self.size = sheet.size - 1
        self.leading = sheet.leading(self.size)
        self.aligns = [c.align for c in columns]
        self.widths = [sheet.width * c.width / total for c in columns]
        self.lefts = [sheet.left + sum(self.widths[:i]) for i in range(len(columns))]

    def header(self, headings: Sequence[str]) -> Strip:
        """The headings as one strip, ruled above and below."""
        cells = self._cells([f"<b>{escape(h, quote=False)}</b>" for h in headings])
        lines = max(len(c[0]) for c in cells)
        height = lines * self.leading + 2 * self.pad

        def draw(pen: Pen, top: float) -> None:
            self._posts(pen, top, height)
            pen.rule(self.sheet.left, top, self.sheet.width)
            pen.rule(self.sheet.left, top - height, self.sheet.width)
            for found, x, width, _ in cells:
                offset = self.pad + (lines - len(found)) * self.leading / 2
                for at, line in enumerate(found):
                    y = baseline(top - offset - at * self.leading, self.leading, self.size)
                    pen.text(line, x, y, self.size, width, "center")

        return Strip(height, draw)

    def row(self, texts: Sequence[str], header: Strip) -> list[Strip]:
        """One row, one strip per line."""
        cells = self._cells(texts)
        count = max(len(c[0]) for c in cells)
        strips = []
        for at in range(count):
            here = [(found[at], x, w, a) for found, x, w, a in cells if at < len(found)]
            above = self.pad if at == 0 else 0.0
            below = self.pad if at == count - 1 else 0.0
            strips.append(self._line(here, above, below, header, ends=at == count - 1))
        if count <= self.whole:
            for strip in strips[:-1]:
                strip.keep = True
        return no_single_lines(strips)

    def _line(
        self,
        cells: Sequence[tuple[Line, float, float, str]],
        above: float,
        below: float,
        header: Strip,
        *,
        ends: bool,
    ) -> Strip:
        height = above + self.leading + below
        text = draw_cells(cells, self.size, self.leading)

        def draw(pen: Pen, top: float) -> None:
            self._posts(pen, top, height)
            text(pen, top - above)
            if ends:
                pen.rule(self.sheet.left, top - height, self.sheet.width)

        def close(pen: Pen, bottom: float) -> None:
            pen.rule(self.sheet.left, bottom, self.sheet.width)

        return Strip(height, draw, header=(header,), close=None if ends else close)

    def _cells(self, texts: Sequence[str]) -> list[Cell]:
        return [
            (self.sheet.lines(t, w - 2 * self.pad, self.size), x + self.pad, w - 2 * self.pad, a)
            for t, x, w, a in zip(texts, self.lefts, self.widths, self.aligns, strict=True)
        ]

    def _posts(self, pen: Pen, top: float, height: float) -> None:
        for x in (*self.lefts, self.sheet.left + self.sheet.width):
            pen.post(x, top, top - height)
