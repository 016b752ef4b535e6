"""The filled rows of a workbook as they were typed, and what can be read of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from posko_app.app import Posko
from posko_app.exchange import cells
from posko_app.exchange.cells import CellError
from posko_app.exchange.intake_layout import (
    KEY,
    RECEIVER,
    SHEET,
    IntakeColumn,
    IntakeLayout,
    IntakeSheet,
    intake_layout,
)
from posko_app.exchange.xlsx.guarded import OpenedBook
from posko_app.exchange.xlsx.rows import Cell
from posko_app.text import clean, fold

_KEY = re.compile(r"([0-9a-f.\-]{8,60})\.([a-z]+\.\d{1,6})")
_OFFICE = re.compile(r"(\d\d(?:\.\d\d){0,2}(?:\.\d{4})?)-[0-9a-f]{8}-")


@dataclass(frozen=True)
class Wrong:
    """What must be mended in one cell; an empty `column` means the row or the sheet."""

    sheet: str
    row: int
    column: str
    reason: str


@dataclass
class Line:
    """One filled row: where it stands, its name, what was read, and what was typed."""

    sheet: IntakeSheet
    row: int
    book: str = ""  # the workbook that the row was prepared in; empty without a name
    key: str = ""
    mending: str = ""  # what stands in the column Perbaikan
    values: dict[str, Any] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)
    wrong: list[Wrong] = field(default_factory=list)

    def heading(self, name: str) -> str:
        """The heading of a field, as people know it."""
        column = self.sheet.column(name)
        return column.heading if column else ""

    def note(self, name: str, reason: str) -> None:
        """Note what is wrong with a field."""
        self.wrong.append(Wrong(self.sheet.name, self.row, self.heading(name), reason))

    @property
    def emptied(self) -> bool:
        """Whether it went back without the identity that stood in it, and came as it went."""
        return self.sheet.identity and set(self.typed) <= {"link"}

    def says(self, other: Line) -> bool:
        """Whether the same was typed into another row of this sheet; its number does not count."""
        own, theirs = ({k: v for k, v in x.typed.items() if k != "link"} for x in (self, other))
        return self.sheet is other.sheet and own == theirs

    @property
    def link(self) -> str:
        """The running number that ties it to others."""
        return str(self.values.get("link", ""))


@dataclass
class FilledBook:
    """Everything that stands in a filled workbook."""

    path: Path
    uid: str
    office: str
    lines: dict[str, list[Line]]
    wrong: list[Wrong]
    """What is wrong with whole sheets: they are missing, or a column is."""


@dataclass
class _Reading:
    posko: Posko
    path: Path
    today: date
    date1904: bool
    layout: IntakeLayout
    office: str = ""
    wrong: list[Wrong] = field(default_factory=list)


def is_filled_template(book: OpenedBook) -> bool:
    """Whether a workbook was made from our blank one."""
    return any(sheet.part == "report" and sheet.name in book.sheets for sheet in _sheets())


def read_lines(posko: Posko, path: Path, book: OpenedBook) -> FilledBook:
    """Read every filled row of every sheet."""
    layout = intake_layout()
    uid = _book_uid(book)
    reading = _Reading(posko, path, posko.today(), book.date1904, layout, _office_of(uid))
    lines: dict[str, list[Line]] = {}
    versions = book.custom.get("posko_template", "")
    for sheet in layout.sheets:
        lines[sheet.part] = []
        if sheet.name in book.sheets:
            lines[sheet.part] = list(_lines(reading, book, sheet))
        elif not versions.endswith("/1"):  # the first version had fewer
            said = f"Lembar {sheet.name} tidak ada di berkas ini. Pakai isian yang asli."
            reading.wrong.append(Wrong(sheet.name, 1, "", said))
    if not uid:  # the mark and the properties are gone: most rows still know
        names = [line.book for group in lines.values() for line in group if line.book]
        uid = max(set(names), key=names.count) if names else ""
    return FilledBook(path, uid, _office_of(uid), lines, reading.wrong)


def _sheets() -> tuple[IntakeSheet, ...]:
    return intake_layout().sheets


def receiver_of(book: OpenedBook) -> str:
    """The code of the office whose Posko made a workbook and takes it in; empty when none did."""
    return _marked(book, "to", RECEIVER)


def _book_uid(book: OpenedBook) -> str:
    return _marked(book, "book", "posko_book")


def _marked(book: OpenedBook, name: str, property_name: str) -> str:
    """What the hidden sheet says under a name, else a property of the document."""
    if SHEET in book.sheets:
        # all of it: a reader that is left in the middle of a sheet closes the file
        marks = [[cell.value for cell in row.cells] for row in book.rows(SHEET)]
        found = [mark[1] for mark in marks if len(mark) == 2 and mark[0] == name]
        if found:
            return clean(found[0])
    return clean(book.custom.get(property_name, ""))


def _office_of(book_uid: str) -> str:
    found = _OFFICE.match(book_uid)
    return found[1] if found else ""


def _lines(reading: _Reading, book: OpenedBook, sheet: IntakeSheet) -> Iterator[Line]:
    rows = book.rows(sheet.name)
    head = next(rows, None)
    places = _places(reading, sheet, head.cells if head and head.number == 1 else ())
    for row in rows:
        line = Line(sheet, row.number)
        found: dict[IntakeColumn, Cell] = {}
        for cell in row.cells:
            place = places.get(cell.column)
            if isinstance(place, IntakeColumn):
                found[place] = cell
            elif place == KEY and (name := _KEY.fullmatch(clean(cell.value))):
                line.book, line.key = name[1], name[2]
            elif place == reading.layout.mending:
                line.mending = clean(cell.value)
        if not any(clean(cell.value) for column, cell in found.items() if not column.given):
            continue
        _read(reading, line, found)
        yield line


def _read(reading: _Reading, line: Line, found: Mapping[IntakeColumn, Cell]) -> None:
    for column in line.sheet.columns:
        cell = found.get(column)
        if column.informs:
            continue
        if cell is None or (not clean(cell.value) and not cell.formula):
            if column.required:
                line.note(column.field, fill_in(column))
            continue
        line.typed[column.field] = clean(cell.value)
        try:
            value = _value(reading, line, column, cell)
        except CellError as error:
            line.note(column.field, str(error))
            continue
        if value is not None:
            line.values[column.field] = value


def _places(
    reading: _Reading, sheet: IntakeSheet, found: Iterable[Cell]
) -> dict[int, IntakeColumn | str]:
    """Which column of the file holds what, by heading: people sort and insert columns."""
    mending = reading.layout.mending
    named: dict[str, IntakeColumn | str] = {fold(KEY): KEY, fold(mending): mending}
    named |= {fold(n): c for c in sheet.columns for n in (c.heading, *c.was)}
    places: dict[int, IntakeColumn | str] = {}
    for cell in found:
        column = named.get(fold(cell.value))
        if column is None:
            continue
        if column in places.values() and isinstance(column, IntakeColumn):
            said = f"Judul kolom {column.heading} ada dua. Hapus satu."
            reading.wrong.append(Wrong(sheet.name, 1, column.heading, said))
        places[cell.column] = column
    for column in sheet.columns:
        if column not in places.values() and column.required:
            said = f"Kolom {column.heading} tidak ada. Kembalikan kolom ini."
            reading.wrong.append(Wrong(sheet.name, 1, column.heading, said))
    return places


def fill_in(column: IntakeColumn) -> str:
    """What is said while a required cell is empty."""
    return f"Isi {column.heading[:1].lower()}{column.heading[1:]}."


# -- cells ---------------------------------------------------------------------------------------


def _value(reading: _Reading, line: Line, column: IntakeColumn, cell: Cell) -> Any:
    if column.type == "date":
        return cells.date_of(cell, reading.today, date1904=reading.date1904)
    if column.type == "time":
        return cells.time_of(cell)
    if column.type == "count":
        return cells.count_of(cell)
    text = cells.text_of(cell, column)
    reader = _READERS.get(column.type)
    return reader(reading, line, column, text) if reader and text else text or None


def _choice(reading: _Reading, line: Line, column: IntakeColumn, text: str) -> str:
    return cells.choice_of(text, column, reading.posko.vocabulary)


def _yes(reading: _Reading, line: Line, column: IntakeColumn, text: str) -> bool:
    return cells.yes_of(text)


def _region(reading: _Reading, line: Line, column: IntakeColumn, text: str) -> str:
    own = reading.posko.office.code
    return cells.region_of(text, reading.posko.regions, reading.office or own, own)


def _village(reading: _Reading, line: Line, column: IntakeColumn, text: str) -> str:
    above = line.values.get("subdistrict", "")
    own = reading.posko.office.code
    return cells.village_of(text, reading.posko.regions, above or reading.office or own)


def _subdistrict(reading: _Reading, line: Line, column: IntakeColumn, text: str) -> str:
    own = reading.posko.office.code
    return cells.subdistrict_of(text, reading.posko.regions, own)


def _file(reading: _Reading, line: Line, column: IntakeColumn, text: str) -> Path:
    return find_beside(reading.path, text, reading.layout.folders)


_READERS: Mapping[str, Callable[[_Reading, Line, IntakeColumn, str], Any]] = {
    "choice": _choice,
    "yes": _yes,
    "region": _region,
    "village": _village,
    "subdistrict": _subdistrict,
    "file": _file,
}


def find_beside(book: Path, name: str, folders: Iterable[str]) -> Path:
    """The file of a name beside a workbook or in a folder there. Raises CellError.

    Capital letters do not count, and the ending may be left out: phones show names without it.
    """
    if Path(name).name != name or name in (".", "..") or "\\" in name or ":" in name:
        raise CellError("Tulis nama berkas saja, tanpa folder.")
    wanted = {fold(folder) for folder in (*folders, book.stem)}
    places = [book.parent]
    places += sorted(p for p in _inside(book.parent) if p.is_dir() and fold(p.name) in wanted)
    files = [p for place in places for p in _inside(place) if p.is_file() and p != book]
    low = name.casefold()
    for found in (
        [p for p in files if p.name == name],
        [p for p in files if p.name.casefold() == low],
        [p for p in files if p.stem.casefold() == low],
    ):
        if len(found) == 1:
            return found[0]
        if found:
            raise CellError(f"Ada {len(found)} berkas bernama {name}. Beri nama yang berbeda.")
    folder = next(iter(folders), "")
    raise CellError(f"Berkas {name} tidak ada di samping isian ini atau di folder {folder}.")


def _inside(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:  # a folder that may not be read holds nothing for us
        return []
