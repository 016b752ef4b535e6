"""The readable sheets of an exchange workbook: which field stands where, as what, written by whom.

All of it is data in resources/exchange/cases.toml. Readable cells are texts made by `render`; a
cell that differs from its rendering was edited by a person.
"""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Literal, Protocol, TypeAlias, get_args

from posko_app.data.record import Value
from posko_app.exchange.xlsx.sheet import Column, Style
from posko_app.paths import resource
from posko_app.text import fold

Kind: TypeAlias = Literal[
    "text", "long", "date", "time", "instant", "number", "yes", "choice", "region", "nip", "phone"
]
Authority: TypeAlias = Literal["wewenang", "biasa", "tambah-saja", "turunan"]

_STYLES: dict[str, Style] = {"long": "wrap", "date": "date", "time": "date", "instant": "date"}
_YES, _NO = "Ya", "Tidak"


class Words(Protocol):
    """The vocabulary, as far as it is needed here."""

    def items(self, name: str, /) -> Iterable[tuple[str, str]]:
        """The codes of a list with their labels, in order."""


@dataclass(frozen=True, kw_only=True)
class ColumnLayout:
    """One readable column. `was` are headings of older versions, `list` a vocabulary list."""

    field: str
    heading: str
    kind: Kind
    authority: Authority
    width: float
    list: str = ""
    note: str = ""
    required: bool = False
    was: tuple[str, ...] = ()

    @property
    def editable(self) -> bool:
        """Whether a person's edit of a cell can become a proposal."""
        return self.authority in ("wewenang", "biasa")


@dataclass(frozen=True, kw_only=True)
class SheetLayout:
    """One readable sheet, a row per record of `table`; `machine` fields are not shown."""

    name: str
    table: str
    machine: tuple[str, ...]
    columns: tuple[ColumnLayout, ...]

    def find(self, heading: str) -> ColumnLayout | None:
        """The column of a heading as somebody's program may have left it, old names included."""
        return self._known.get(fold(heading))

    @cached_property
    def _known(self) -> Mapping[str, ColumnLayout]:
        """Each heading that a column ever had; where two say the same, the first column."""
        return {
            fold(known): column
            for column in reversed(self.columns)
            for known in (column.heading, *column.was)
        }


@dataclass(frozen=True, kw_only=True)
class Layout:
    """All readable sheets, the headings of the first two columns, and the sheet of conflicts."""

    version: int
    id_heading: str
    version_heading: str
    guide_sheet: str
    conflict_sheet: str
    conflict_columns: tuple[Column, ...]
    confidential: tuple[str, ...]
    sheets: tuple[SheetLayout, ...]

    def sheet(self, table: str) -> SheetLayout | None:
        """The sheet that shows a table, None for one that is not shown."""
        return next((sheet for sheet in self.sheets if sheet.table == table), None)


def load_layout(path: Path) -> Layout:
    """Read a layout file. Raises ValueError naming the mistake, or KeyError, TypeError."""
    data = tomllib.loads(path.read_text("utf-8"))
    conflicts = data["conflicts"]
    layout = Layout(
        version=data["version"],
        id_heading=data["id_heading"],
        version_heading=data["version_heading"],
        guide_sheet=data["guide"]["sheet"],
        conflict_sheet=conflicts["sheet"],
        conflict_columns=tuple(
            Column(heading=heading, width=width, style="wrap")
            for heading, width in zip(conflicts["headings"], conflicts["widths"], strict=True)
        ),
        confidential=tuple(data["confidential"]),
        sheets=tuple(_sheet(sheet) for sheet in data["sheet"]),
    )
    for sheet in layout.sheets:
        _check(sheet, layout)
    return layout


@cache
def layout() -> Layout:
    """The shipped layout."""
    return load_layout(resource("exchange", "cases.toml"))


def book_columns(
    sheet: SheetLayout, words: Words, book: Layout | None = None
) -> tuple[Column, ...]:
    """The columns of a sheet for the writer: id and version first, then the fields.

    What nobody may type over is locked: ids, versions, computed and append-only fields.
    """
    book = book or layout()
    first = (
        Column(heading=book.id_heading, width=14, style="id", locked=True),
        Column(heading=book.version_heading, width=10, style="id", locked=True),
    )
    return first + tuple(
        Column(
            heading=column.heading,
            width=column.width,
            style=_STYLES.get(column.kind, "text"),
            note=column.note,
            choices=_choices(column, words) if column.editable else (),
            required=column.required,
            locked=not column.editable,
        )
        for column in sheet.columns
    )


class Renderer:
    """Turns canonical values into the text of readable cells; one per workbook.

    `zone` is the office's zone, in which instants are shown to the minute.
    """

    def __init__(self, words: Words, zone: tzinfo) -> None:
        self._words, self._zone = words, zone
        self._labels: dict[str, dict[str, str]] = {}

    def __call__(self, column: ColumnLayout, value: Value) -> str:
        """The text of a cell; empty for None. A code that is not in its list shows as it is."""
        if value is None or value == "":
            return ""
        if column.kind == "yes":
            return _YES if value else _NO
        text = str(value)
        if column.kind == "choice":
            return self._of(column.list).get(text, text)
        if column.kind == "instant":
            return self._instant(text)
        return text

    def _of(self, name: str) -> dict[str, str]:
        if name not in self._labels:
            self._labels[name] = dict(self._words.items(name))
        return self._labels[name]

    def _instant(self, text: str) -> str:
        try:
            moment = datetime.fromisoformat(text)
            if moment.tzinfo is None:
                return text
            return moment.astimezone(self._zone).strftime("%Y-%m-%d %H:%M")
        except (ValueError, OverflowError):  # the value may come from anywhere
            return text


def normal(text: str) -> str:
    """A cell's text as two of them are compared: what programs change by themselves is left out."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = text.replace("\u00a0", " ").replace("\t", " ")
    return "\n".join(line.rstrip() for line in text.split("\n")).rstrip()


def _choices(column: ColumnLayout, words: Words) -> tuple[str, ...]:
    if column.kind == "yes":
        return (_YES, _NO)
    if column.kind == "choice":
        return tuple(label for _, label in words.items(column.list))
    return ()


def _sheet(data: dict[str, Any]) -> SheetLayout:
    columns = []
    for given in data["column"]:
        column = dict(given)
        kind = column.pop("type")
        columns.append(ColumnLayout(kind=kind, was=tuple(column.pop("was", ())), **column))
    return SheetLayout(
        name=data["name"],
        table=data["table"],
        machine=tuple(data["machine"]),
        columns=tuple(columns),
    )


def _check(sheet: SheetLayout, book: Layout) -> None:
    headings = [fold(book.id_heading), fold(book.version_heading)]
    for column in sheet.columns:
        headings += [fold(heading) for heading in (column.heading, *column.was)]
        if column.kind not in get_args(Kind) or column.authority not in get_args(Authority):
            raise ValueError(f"{sheet.name}: {column.field} is of no known type or authority")
        if (column.kind == "choice") != bool(column.list):
            raise ValueError(f"{sheet.name}: {column.field} is a choice without a list")
    fields = [column.field for column in sheet.columns] + list(sheet.machine)
    if len(set(headings)) != len(headings) or len(set(fields)) != len(fields):
        raise ValueError(f"{sheet.name}: a heading or field stands twice")
    if sheet.table in book.confidential:
        raise ValueError(f"{sheet.name} shows what is confidential")
