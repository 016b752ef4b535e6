"""Cells that people edited in the visible sheets: found exactly, counted, never applied."""

from __future__ import annotations

from collections.abc import Mapping

from posko_app.data import record as records
from posko_app.data.record import Record
from posko_app.rules.vocabulary import load_vocabulary
from posko_app.text import ZONES, fold, zone

from .judge import MachineRow
from .layout import ColumnLayout, Renderer, SheetLayout, layout, normal
from .opened import Opened
from .xlsx.rows import Row


def count_edits(opened: Opened) -> int:
    """How many cells differ from what the sender's program wrote, and rows that were added.

    Derived cells do not count, nor do rows that are gone: leaving a row out changes nothing.
    """
    changed = [s for s in layout().sheets if s.name in opened.edited]
    if not changed:
        return 0
    wanted = {sheet.table for sheet in changed}
    sent = _sent(opened.rows, wanted)
    words = opened.manifest.made_local.rpartition(" ")[2]
    render = Renderer(load_vocabulary(), zone(words if words in ZONES else "WIB"))
    return sum(
        _count(list(opened.book.rows(sheet.name)), sheet, sent, render)
        for sheet in changed
        if sheet.name in opened.book.sheets
    )


def _sent(rows: tuple[MachineRow, ...], tables: set[str]) -> dict[str, Record]:
    found = {}
    for row in rows:
        try:
            record = records.from_canonical(records.loads(row.text))
        except ValueError:
            continue  # rejected with its own reason
        if record.table in tables:
            found[record.uid] = record
    return found


def _count(
    rows: list[Row], sheet: SheetLayout, sent: Mapping[str, Record], render: Renderer
) -> int:
    if not rows:
        return 0
    columns: dict[int, ColumnLayout] = {}
    place_of_id = -1
    for cell in rows[0].cells:
        column = sheet.find(cell.value)
        if fold(cell.value) == fold(layout().id_heading):
            place_of_id = cell.column
        elif column is not None and column.authority != "turunan":
            columns[cell.column] = column
    edits = 0
    for row in rows[1:]:
        typed = {cell.column: cell.value for cell in row.cells}
        record = sent.get(typed.get(place_of_id, "").strip())
        if record is None or record.table != sheet.table:
            edits += any(typed.get(place, "").strip() for place in columns)
            continue
        for place, column in columns.items():
            before = render(column, records.display(record, column.field))
            edits += normal(typed.get(place, "")) != normal(before)
    return edits
