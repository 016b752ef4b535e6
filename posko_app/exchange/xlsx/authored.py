"""Workbooks made for people to read and print: recaps and lists with titles, totals and charts.

Totals are values, not formulas. Text is never turned into a formula and never cut. openpyxl is
imported only when a workbook is made.
"""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from contextlib import suppress
from copy import copy
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal, TypeAlias

from posko_app.exchange.xlsx.limits import limits
from posko_app.exchange.xlsx.parts import FORBIDDEN, column_letters
from posko_app.exchange.xlsx.sheet import PAPERS, pages_across
from posko_app.exchange.xlsx.write import cannot_write
from posko_app.progress import Progress, silent, track

TableValue: TypeAlias = str | int | date | None

_DATE = "dd-mm-yyyy"
_INK, _HEAD, _LINE = "FF1D2126", "FFEFEDE9", "FFD5D2CB"
_CHART_ROWS = 12  # more bars than that cannot be read


@dataclass(frozen=True, kw_only=True)
class TableColumn:
    """A column of a table: numbers stand right with thousands marked, dates as 15-10-2024."""

    heading: str
    width: float = 14.0
    kind: Literal["text", "number", "date"] = "text"


@dataclass(frozen=True, kw_only=True)
class BarChart:
    """Bars below the table, for its first rows: labels and values are columns, from 0."""

    title: str
    labels: int
    values: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class TableSheet:
    """One sheet: title lines, a table with an optional line of totals, notes below it."""

    name: str
    columns: tuple[TableColumn, ...]
    rows: Sequence[Sequence[TableValue]]
    titles: tuple[str, ...] = ()
    totals: Sequence[TableValue] = ()
    notes: tuple[str, ...] = ()
    chart: BarChart | None = None
    paper: Literal["A4", "F4"] = "F4"
    landscape: bool = True


def write_table_book(
    path: Path,
    sheets: Sequence[TableSheet],
    *,
    title: str = "",
    made_at: datetime | None = None,
    progress: Progress = silent,
) -> None:
    """Write a workbook of tables; the file appears whole or not at all.

    ValueError for texts over 30,000 characters or with control characters and for rows of the wrong
    length, UserError when the file cannot be saved, Cancelled when the user stopped it.
    """
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    book.properties.title = title
    book.properties.creator = "Posko"
    if made_at is not None:
        # openpyxl takes naive instants as UTC
        book.properties.created = made_at.astimezone(UTC).replace(tzinfo=None)
    for sheet in sheets:
        _Table(book.create_sheet(sheet.name), sheet).write(progress)
    save_book(book, path)


class _Table:
    """Writes one sheet; styles are made once, because openpyxl compares them for every cell."""

    def __init__(self, target: Any, sheet: TableSheet) -> None:
        from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

        self._target, self._sheet = target, sheet
        side = Side(style="thin", color=_LINE)
        self._border = Border(left=side, right=side, top=side, bottom=side)
        self._bold = Font(name="Calibri", size=11, bold=True, color=_INK)
        self._large = Font(name="Calibri", size=14, bold=True, color=_INK)
        self._fill = PatternFill("solid", fgColor=_HEAD)
        self._heading = Alignment(vertical="center", wrap_text=True)
        self._align = {
            "text": Alignment(vertical="top", wrap_text=True),
            "number": Alignment(horizontal="right", vertical="top"),
            "date": Alignment(horizontal="center", vertical="top"),
        }
        self._looks: dict[tuple[type, str, bool], Any] = {}
        self._line = 0

    def write(self, progress: Progress) -> None:
        """Everything from the title to the print set-up."""
        sheet = self._sheet
        for number, title in enumerate(sheet.titles):
            self._line += 1
            cell = self._put(1, title)
            cell.font = self._bold if number else self._large
        self._line += 2 if sheet.titles else 1
        top = self._line
        for column, layout in enumerate(sheet.columns, 1):
            cell = self._put(column, layout.heading)
            cell.font, cell.fill = self._bold, self._fill
            cell.border, cell.alignment = self._border, self._heading
        for row in track(sheet.rows, len(sheet.rows), progress, f"Menulis {sheet.name}"):
            self._row(row)
        bottom = self._line
        if sheet.totals:
            self._row(sheet.totals, bold=True)
        self._notes_and_chart(top)
        self._set_up(top, bottom)

    def _row(self, values: Sequence[TableValue], *, bold: bool = False) -> None:
        self._line += 1
        if len(values) != len(self._sheet.columns):
            raise ValueError(f"{len(values)} cells for {len(self._sheet.columns)} columns")
        for column, (value, layout) in enumerate(zip(values, self._sheet.columns, strict=True), 1):
            look = (type(value), layout.kind, bold)
            cell = self._put(column, value, layout.kind, self._looks.get(look))
            if look in self._looks:
                continue
            cell.border, cell.alignment = self._border, self._align[layout.kind]
            if bold:
                cell.font, cell.fill = self._bold, self._fill
            self._looks[look] = cell._style
        # not every program measures wrapped text when it opens a file
        lines = max(map(_lines, values, self._sheet.columns), default=1)
        if lines > 1:
            self._target.row_dimensions[self._line].height = min(15 * lines, 409)

    def _put(self, column: int, value: TableValue, kind: str = "text", look: Any = None) -> Any:
        """A cell with its value; `look` is the whole style of an equal cell before it."""
        cell = self._target.cell(self._line, column)
        if isinstance(value, str):
            if len(value) > limits().cell_write_chars or FORBIDDEN.search(value):
                raise ValueError(
                    f"text too long or not clean in {self._sheet.name}: {value[:40]!r}"
                )
            cell.value = value
            cell.data_type = "s"  # openpyxl takes what begins with = for a formula
        elif value is not None and not isinstance(value, date):
            if kind != "number":
                raise ValueError(f"{value!r} is no {kind}")
            cell.value = int(value)
        else:
            cell.value = value
        if look is not None:
            cell._style = copy(look)
        elif isinstance(value, str):
            cell.number_format = "@"
            cell.quotePrefix = True
        elif value is not None:
            cell.number_format = _DATE if isinstance(value, date) else "#,##0"
        return cell

    def _notes_and_chart(self, top: int) -> None:
        sheet = self._sheet
        if sheet.notes:
            self._line += 1
        for note in sheet.notes:
            self._line += 1
            self._put(1, note)
        if sheet.chart is None or not sheet.rows:
            return
        from openpyxl.chart import BarChart as Bars
        from openpyxl.chart import Reference

        last = top + min(len(sheet.rows), _CHART_ROWS)
        bars = Bars()
        bars.type, bars.title = "col", sheet.chart.title
        bars.height, bars.width = 8, 24  # centimetres
        for column in sheet.chart.values:
            values = Reference(self._target, min_col=column + 1, min_row=top, max_row=last)
            bars.add_data(values, titles_from_data=True)
        bars.set_categories(
            Reference(self._target, min_col=sheet.chart.labels + 1, min_row=top + 1, max_row=last)
        )
        # since openpyxl 3.1 axes are hidden unless said otherwise
        bars.x_axis.delete = bars.y_axis.delete = False
        self._target.add_chart(bars, f"A{self._line + 2}")

    def _set_up(self, top: int, bottom: int) -> None:
        target, sheet = self._target, self._sheet
        letters = column_letters(len(sheet.columns) - 1)
        for index, layout in enumerate(sheet.columns):
            target.column_dimensions[column_letters(index)].width = layout.width
        target.freeze_panes = f"A{top + 1}"
        target.auto_filter.ref = f"A{top}:{letters}{bottom}"
        target.print_title_rows = f"{top}:{top}"
        target.page_setup.paperSize = PAPERS[sheet.paper]
        target.page_setup.orientation = "landscape" if sheet.landscape else "portrait"
        widths = [layout.width for layout in sheet.columns]
        target.page_setup.fitToWidth = pages_across(widths, landscape=sheet.landscape)
        target.page_setup.fitToHeight = 0
        target.sheet_properties.pageSetUpPr.fitToPage = True
        target.page_margins.left = target.page_margins.right = 0.4
        target.page_margins.top, target.page_margins.bottom = 0.5, 0.6
        target.oddFooter.left.text = "&A"
        target.oddFooter.right.text = "Halaman &P dari &N"


def _lines(value: TableValue, column: TableColumn) -> int:
    if not isinstance(value, str):
        return 1
    across = max(1.0, column.width - 1)
    return sum(max(1, math.ceil(len(part) / across)) for part in value.split("\n"))


def save_book(book: Any, path: Path) -> None:
    """Save an openpyxl workbook whole or not at all. Raises UserError."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as stream:
            book.save(stream)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    except OSError as error:
        raise cannot_write(path, error) from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
