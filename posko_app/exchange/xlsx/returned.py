"""The workbook of somebody else, given back with what must be mended marked in red.

Only the rows to mend stay in it. openpyxl is imported only when a workbook is given back; it keeps
widths, lists and notes that the sender's program wrote. No cell holds a formula afterwards.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from copy import copy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from posko_app.exchange.xlsx.authored import save_book
from posko_app.exchange.xlsx.limits import limits
from posko_app.exchange.xlsx.parts import FORBIDDEN, column_letters
from posko_app.text import fold

OVERVIEW = "Yang diperbaiki"
_RED, _DARK, _YELLOW, _INK, _HEAD = "FFF6C4BF", "FF8C1D18", "FFFFF3CF", "FF1D2126", "FFEFEDE9"
_NOTE = (260, 110)  # pixels of a note on a red cell
_WIDTH = 44


@dataclass(frozen=True)
class ReturnedRow:
    """A row to mend: `red` says why under its headings; "" stands for the whole row.

    With `only` every cell but those under these headings is emptied.
    """

    row: int
    red: Mapping[str, str]
    note: str = ""
    only: frozenset[str] | None = None


@dataclass(frozen=True)
class ReturnedSheet:
    """A sheet of the workbook: rows to mend, rows that are done, columns that must be there."""

    name: str
    rows: Sequence[ReturnedRow] = ()
    done: frozenset[int] = frozenset()
    missing: Sequence[str] = ()
    hidden: str = ""  # heading of the row's own name
    mending: str = ""  # heading of the column that says what to mend


@dataclass
class _Kept:
    """The cells of a row with their looks, before they are written anew."""

    values: dict[int, Any] = field(default_factory=dict)
    looks: dict[int, Any] = field(default_factory=dict)


def write_returned_book(
    source: Path,
    target: Path,
    sheets: Sequence[ReturnedSheet],
    *,
    keep: frozenset[str],
    says: Sequence[str],
    mask: Callable[[str], str],
) -> None:
    """Write `source` to `target` with the rows of `sheets` marked and every other filled one gone.

    Sheets that are not in `keep` stay out. `says` stands above the overview; `mask` goes over every
    text. Raises ValueError, TypeError or KeyError for a file that openpyxl cannot read, UserError
    when the new one cannot be saved.
    """
    import openpyxl

    book = openpyxl.load_workbook(source, data_only=True, keep_links=False)
    for sheet in list(book.worksheets):
        if sheet.title not in keep:
            book.remove(sheet)
    _strip(book, {sheet.name for sheet in sheets}, mask)
    placed: list[tuple[str, int, str, str]] = []
    first = None
    for wanted in sheets:
        if wanted.name in book.sheetnames:
            placed += _Sheet(book[wanted.name], wanted, mask).write()
            if wanted.rows and first is None:
                first = wanted.name
    _overview(book, says, placed, mask)
    for sheet in book.worksheets:
        sheet.sheet_view.tabSelected = False
    book.active = 0
    save_book(book, target)


def _strip(book: Any, tables: set[str], mask: Callable[[str], str]) -> None:
    """Take out what the sender's program added: names of people, pictures, notes, other texts.

    Of the `tables` only headings are looked at here: their rows are written anew.
    """
    book.properties.creator, book.properties.lastModifiedBy = "Posko", None
    for sheet in book.worksheets:
        for merged in list(sheet.merged_cells.ranges):
            sheet.unmerge_cells(str(merged))
        sheet._images, sheet._charts = [], []
        for row in sheet.iter_rows(max_row=1 if sheet.title in tables else None):
            for cell in row:
                if cell.comment and cell.row > 1:
                    cell.comment = None
                if isinstance(cell.value, str):
                    _text(cell, mask(cell.value))


class _Sheet:
    """Rewrites the rows of one sheet: those to mend first, then those nobody filled in."""

    def __init__(self, sheet: Any, wanted: ReturnedSheet, mask: Callable[[str], str]) -> None:
        from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

        self._sheet, self._wanted, self._mask = sheet, wanted, mask
        side = Side(style="thin", color=_DARK)
        self._box = Border(left=side, right=side, top=side, bottom=side)
        self._red = PatternFill("solid", fgColor=_RED)
        self._yellow = PatternFill("solid", fgColor=_YELLOW)
        self._dark = Font(name="Calibri", size=11, color=_DARK)
        self._bold = Font(name="Calibri", size=11, bold=True, color=_INK)
        self._wrap = Alignment(vertical="top", wrap_text=True)
        self._places: dict[str, int] = {}
        for cell in sheet[1]:
            if isinstance(cell.value, str):
                self._places.setdefault(fold(cell.value), cell.column)

    def write(self) -> list[tuple[str, int, str, str]]:
        """Rewrite the sheet; the marked cells as (sheet, row, heading, reason)."""
        wanted, sheet = self._wanted, self._sheet
        for heading in wanted.missing:
            self._add_column(heading)
        kept = self._take_rows()
        mending = self._place(wanted.mending)
        if wanted.rows and mending is None:
            mending = self._add_column(wanted.mending)
        line, placed = 1, []
        for row in wanted.rows:
            line += 1
            self._put(line, kept.pop(row.row, _Kept()), row.only)
            placed += self._mark(line, row, mending)
        for number, rest in sorted(kept.items()):
            if number not in wanted.done:
                line += 1
                self._put(line, rest, None)
        if wanted.rows and mending is not None:
            self._show(mending)
        sheet.freeze_panes = "A2"
        return placed

    def _place(self, heading: str) -> int | None:
        return self._places.get(fold(heading))

    def _add_column(self, heading: str) -> int:
        place: int = self._sheet.max_column + 1
        cell = self._sheet.cell(1, place)
        _text(cell, heading)
        cell.font, cell.fill, cell.alignment = self._bold, self._yellow, self._wrap
        self._sheet.column_dimensions[column_letters(place - 1)].width = 18
        self._places[fold(heading)] = place
        return place

    def _take_rows(self) -> dict[int, _Kept]:
        """The rows below the headings; they are taken off the sheet."""
        kept: dict[int, _Kept] = {}
        sheet = self._sheet
        for row in sheet.iter_rows(min_row=2):
            for cell in row:
                if cell.value is not None:
                    line = kept.setdefault(cell.row, _Kept())
                    line.values[cell.column] = cell.value
                    line.looks[cell.column] = copy(cell._style)
        sheet.delete_rows(2, sheet.max_row)
        for number in [n for n in sheet.row_dimensions if n > 1]:
            del sheet.row_dimensions[number]
        return kept

    def _put(self, line: int, kept: _Kept, only: frozenset[str] | None) -> None:
        allowed = None if only is None else {self._place(heading) for heading in only}
        for column, value in kept.values.items():
            if allowed is not None and column not in allowed:
                continue
            cell = self._sheet.cell(line, column)
            if isinstance(value, str):
                _text(cell, self._mask(value))
            else:
                cell.value = value
            cell._style = copy(kept.looks[column])

    def _mark(
        self, line: int, row: ReturnedRow, mending: int | None
    ) -> list[tuple[str, int, str, str]]:
        from openpyxl.comments import Comment

        placed, said = [], [row.note] if row.note else []
        for cell in self._sheet[line]:
            if cell.value is not None:
                cell.alignment = self._wrap
        for heading, reason in row.red.items():
            text = self._mask(reason)
            said.append(f"{heading}: {text}" if heading else text)
            placed.append((self._wanted.name, line, heading, text))
            column = self._place(heading) if heading else None
            if column is None:
                continue
            cell = self._sheet.cell(line, column)
            cell.fill, cell.border = self._red, self._box
            cell.alignment = self._wrap
            if cell.value is None:
                cell.number_format = "@"
            note = Comment(text, "Posko")
            note.width, note.height = _NOTE
            cell.comment = note
        if mending is not None:
            cell = self._sheet.cell(line, mending)
            text = "\n".join(said)
            _text(cell, text)
            cell.font, cell.fill = self._dark, self._red if row.red else self._yellow
            cell.alignment, cell.border = self._wrap, self._box
            lines = sum(max(1, math.ceil(len(part) / (_WIDTH - 3))) for part in said)
            self._sheet.row_dimensions[line].height = min(15 * max(lines, 1) + 3, 409)
        return placed

    def _show(self, mending: int) -> None:
        size = self._sheet.column_dimensions[column_letters(mending - 1)]
        size.hidden, size.width = False, _WIDTH
        own = self._place(self._wanted.hidden)
        if own is not None:
            self._sheet.column_dimensions[column_letters(own - 1)].hidden = True


def _overview(
    book: Any,
    says: Sequence[str],
    placed: Sequence[tuple[str, int, str, str]],
    mask: Callable[[str], str],
) -> None:
    """A first sheet that says in words what is red, for whoever reads on a telephone."""
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

    sheet = book.create_sheet(OVERVIEW, 0)
    wrap = Alignment(vertical="top", wrap_text=True)
    for width, letter in ((18, "A"), (8, "B"), (24, "C"), (64, "D")):
        sheet.column_dimensions[letter].width = width
    for number, sentence in enumerate(says, 1):
        cell = sheet.cell(number, 1)
        _text(cell, mask(sentence))
        cell.font = Font(name="Calibri", size=14 if number == 1 else 11, bold=number == 1)
    top = len(says) + 2
    line = Border(bottom=Side(style="thin", color="FFD5D2CB"))
    for column, heading in enumerate(("Lembar", "Baris", "Kolom", "Yang diperbaiki"), 1):
        cell = sheet.cell(top, column)
        _text(cell, heading)
        cell.font = Font(name="Calibri", size=11, bold=True)
        cell.fill = PatternFill("solid", fgColor=_HEAD)
    for number, (name, row, heading, reason) in enumerate(placed, top + 1):
        for column, value in enumerate((name, str(row), heading, mask(reason)), 1):
            cell = sheet.cell(number, column)
            _text(cell, value)
            cell.alignment, cell.border = wrap, line
        sheet.row_dimensions[number].height = 15 * max(1, math.ceil(len(reason) / 58)) + 3
    sheet.freeze_panes = f"A{top + 1}"
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 14
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.sheet_properties.tabColor = _DARK
    with suppress(AttributeError):
        sheet.oddFooter.right.text = "Halaman &P dari &N"


def _text(cell: Any, value: str) -> None:
    """A text that stays one: openpyxl takes what begins with = for a formula."""
    value = FORBIDDEN.sub(" ", value)[: limits().cell_write_chars]
    if not value:
        cell.value = None
        return
    cell.value = value
    cell.data_type = "s"
    if not cell.has_style:
        cell.number_format = "@"
