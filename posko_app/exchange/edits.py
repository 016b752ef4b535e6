"""The visible sheets as they came back: which row is which record, which cell which field.

Rows are matched by ID and cells by heading, never by place: people sort, filter, insert and delete.
What is missing is told, never taken for a deletion.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from posko_app.text import clean, fold, thousands

from .layout import ColumnLayout, SheetLayout, layout
from .opened import VALID, Opened
from .xlsx.parts import column_letters
from .xlsx.rows import Cell, Row

_SAID = {
    "macros": "Berkas berisi makro. Makro tidak dijalankan dan tidak disimpan.",
    "external_links": "Berkas menunjuk berkas lain. Tautannya diabaikan.",
    "merged": "Lembar {sheet}: ada sel gabung, hanya sel kiri atasnya yang dibaca.",
}


class Typed(NamedTuple):
    """One row of a visible sheet. `cells` has every cell of a field: two when it stands twice."""

    sheet: SheetLayout
    number: int
    uid: str
    version: str
    cells: Mapping[str, tuple[Cell, ...]]
    number_of_case: str  # as typed, where the sheet shows it


@dataclass
class Visible:
    """The edited sheets of a workbook, and what is to be said of them."""

    rows: list[Typed] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def read_visible(opened: Opened, sent: Mapping[str, str], hashes: Mapping[str, str]) -> Visible:
    """Read the sheets that were edited.

    `sent` has the table of every record that the file brings, `hashes` the record of each short
    row hash, by which a row that lost its ID is still known.
    """
    found = Visible()
    present: dict[str, set[str]] = {}
    for sheet in layout().sheets:
        if sheet.name not in opened.edited:
            continue
        if sheet.name not in opened.book.sheets:
            if sheet.table in sent.values():
                found.warnings.append(
                    f"Lembar {sheet.name} dihapus dari berkas. Datanya tidak dihapus di sini."
                )
            continue
        rows = list(_rows(opened, sheet, found, hashes))
        found.rows += rows
        present[sheet.table] = {row.uid for row in rows}
    if opened.signature == VALID:
        _warn_of_missing(sent, present, found)
    for code in opened.book.warnings:
        kind, _, name = code.partition(":")
        if not name or name in opened.edited:
            found.warnings.append(_SAID[kind].format(sheet=clean(name)))
    return found


def _rows(
    opened: Opened, sheet: SheetLayout, found: Visible, hashes: Mapping[str, str]
) -> Iterator[Typed]:
    lines = list(opened.book.rows(sheet.name))
    if not lines:
        return
    heads = _headings(lines[0], sheet, found)
    if heads is None:
        return
    hidden = sum(line.hidden for line in lines[1:])
    if hidden:
        found.warnings.append(f"Lembar {sheet.name}: {thousands(hidden)} baris tersembunyi.")
    with_id = {_at(line, heads.id) for line in lines[1:]}
    for line in lines[1:]:
        cells = {cell.column: cell for cell in line.cells}
        typed = {
            name: tuple(cells.get(place) or Cell(place, "", "text", False) for place in places)
            for name, places in heads.fields.items()
        }
        if not any(cell.value.strip() for each in typed.values() for cell in each):
            continue  # a row that was only formatted
        version = _at(line, heads.version)
        uid = _at(line, heads.id) or hashes.get(version, "")
        if not _at(line, heads.id) and uid in with_id:
            uid = ""  # a copy whose ID was taken out on purpose
        yield Typed(sheet, line.number, uid, version, typed, _at(line, heads.case))


class _Heads(NamedTuple):
    id: int
    version: int
    case: int
    fields: Mapping[str, tuple[int, ...]]


def _headings(first: Row, sheet: SheetLayout, found: Visible) -> _Heads | None:
    """Where everything stands in a sheet; None when its rows cannot be matched."""
    places: dict[str, list[int]] = {}
    own, version, case = -1, -1, -1
    for cell in first.cells:
        column = sheet.find(cell.value)
        if fold(cell.value) == fold(layout().id_heading):
            own = cell.column if own < 0 else own
        elif fold(cell.value) == fold(layout().version_heading):
            version = cell.column
        elif column is not None and column.authority == "turunan":
            case = cell.column if column.field == "case_number" else case
        elif column is not None:
            places.setdefault(column.field, []).append(cell.column)
    shown = [column for column in sheet.columns if column.authority != "turunan"]
    gone = [column.heading for column in shown if column.field not in places]
    double = [column.heading for column in shown if len(places.get(column.field, ())) > 1]
    if gone:
        found.warnings.append(
            f"Lembar {sheet.name}: kolom {_listed(gone)} dihapus. Isinya tidak diubah di sini."
        )
    if double:
        found.warnings.append(
            f"Lembar {sheet.name}: judul kolom {_listed(double)} ada lebih dari satu."
        )
    if own < 0 and version < 0:
        found.warnings.append(
            f"Lembar {sheet.name}: kolom ID hilang, jadi perubahannya tidak dapat dikenali. "
            "Minta pengirim mengubahnya lagi di berkas yang utuh."
        )
        return None
    return _Heads(own, version, case, {name: tuple(p) for name, p in places.items()})


def _warn_of_missing(
    sent: Mapping[str, str], present: Mapping[str, set[str]], found: Visible
) -> None:
    gone = Counter(
        table for uid, table in sent.items() if table in present and uid not in present[table]
    )
    for table, count in sorted(gone.items()):
        sheet = layout().sheet(table)
        if sheet is not None:
            found.warnings.append(
                f"Lembar {sheet.name}: {thousands(count)} baris dihapus dari berkas. "
                "Datanya tidak dihapus di sini."
            )


def place_of(sheet: SheetLayout, row: int, cell: Cell) -> str:
    """A cell as people find it: `Bukti!E3`."""
    return f"{sheet.name}!{column_letters(cell.column)}{row}"


def column_of(sheet: SheetLayout, name: str) -> ColumnLayout:
    """The column of a field that the sheet shows."""
    return next(column for column in sheet.columns if column.field == name)


def _at(line: Row, column: int) -> str:
    return next((cell.value.strip() for cell in line.cells if cell.column == column), "")


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:4])
    return shown if len(names) <= 4 else f"{shown} dan {len(names) - 4} lainnya"
