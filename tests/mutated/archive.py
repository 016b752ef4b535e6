"""Zip files put together by hand, so that any header may lie; and what real ones hold."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape
from pathlib import Path

from posko_app.exchange.manifest import SHEET
from posko_app.exchange.xlsx.parts import column_letters
from posko_app.exchange.xlsx.read import open_book

Grid = list[dict[int, str]]
"""Rows of a sheet: column to text. What begins with `<c` stands in the file as it is."""
_DATA = re.compile(rb"<sheetData\s*/>|<sheetData>.*</sheetData>", re.DOTALL)


@dataclass
class Entry:
    """One part in a zip, with everything its headers say of it."""

    name: bytes
    packed: bytes
    size: int
    crc: int
    method: int = zipfile.ZIP_DEFLATED
    flags: int = 0
    local_name: bytes | None = None
    shift: int = 0  # how far the list of parts points beside the part


@lru_cache(1024)
def entry(name: str, data: bytes) -> Entry:
    """A part as it should be; remembered, because most parts of a mutant are those of others."""
    packer = zlib.compressobj(1, zlib.DEFLATED, -15)
    packed = packer.compress(data) + packer.flush()
    return Entry(name.encode(), packed, len(data), zlib.crc32(data))


def packed(entries: Iterable[Entry], comment: bytes = b"") -> bytes:
    """The zip of these parts."""
    body, listed, count = bytearray(), bytearray(), 0
    for one in entries:
        at = len(body)
        local = one.name if one.local_name is None else one.local_name
        sizes = (one.crc, len(one.packed), one.size)
        head = (20, one.flags, one.method, 0, 33, *sizes)
        body += b"PK\x03\x04" + struct.pack("<5H3I2H", *head, len(local), 0) + local + one.packed
        listed += b"PK\x01\x02" + struct.pack("<6H3I", 20, *head)
        offset = max(0, at + one.shift)
        listed += struct.pack("<5H2I", len(one.name), 0, 0, 0, 0, 0, offset) + one.name
        count += 1
    end = (0, 0, count, count, len(listed), len(body), len(comment))
    return bytes(body + listed) + b"PK\x05\x06" + struct.pack("<4H2IH", *end) + comment


@dataclass(frozen=True)
class Source:
    """A real workbook, taken apart: its parts, where each sheet lies, and what the sheets say."""

    name: str
    parts: Mapping[str, bytes]
    sheets: Mapping[str, str]
    grids: Mapping[str, Grid]

    @property
    def head(self) -> dict[int, str]:
        """The first row of the machine sheet: mark, manifest, signature."""
        return self.grids[SHEET][0]


def source(path: Path, *, lean: bool) -> Source:
    """Take a workbook apart; a lean one is without notes, drawings and empty sheets' extras."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with open_book(path) as book:
        sheets = {info.name: info.part for info in book.sheets}
        grids = {
            name: [{cell.column: cell.value for cell in row.cells} for row in book.rows(name)]
            for name in sheets
        }
    if lean:
        extra = ("xl/comments", "xl/drawings", "xl/worksheets/_rels", "xl/styles", "docProps/app")
        parts = {name: data for name, data in parts.items() if not name.startswith(extra)}
    return Source(path.name, parts, sheets, grids)


@dataclass
class Mutant:
    """A workbook on its way: change `parts`, then `entries` (made at first use), then `data`."""

    source: Source
    others: tuple[Source, ...]
    parts: dict[str, bytes] = field(default_factory=dict)
    grids: dict[str, Grid] = field(default_factory=dict)
    labels: list[str] = field(default_factory=list)
    _entries: list[Entry] | None = None
    _data: bytearray | None = None

    def __post_init__(self) -> None:
        self.parts = dict(self.source.parts)

    def grid(self, sheet: str) -> Grid:
        """The rows of a sheet, to be changed."""
        if sheet not in self.grids:
            self.grids[sheet] = [dict(row) for row in self.source.grids[sheet]]
        return self.grids[sheet]

    def written(self) -> dict[str, bytes]:
        """All parts, with the changed sheets written anew."""
        for sheet, rows in self.grids.items():
            part = self.source.sheets[sheet]
            if part in self.parts:
                data = sheet_data(rows)
                self.parts[part] = _DATA.sub(lambda _, d=data: d, self.parts[part], count=1)
        self.grids.clear()
        return self.parts

    @property
    def entries(self) -> list[Entry]:
        if self._entries is None:
            self._entries = [entry(name, data) for name, data in self.written().items()]
        return self._entries

    @property
    def data(self) -> bytearray:
        if self._data is None:
            self._data = bytearray(packed(self.entries))
        return self._data

    def file(self) -> bytes:
        """The whole file."""
        return bytes(self.data)


def sheet_data(rows: Grid) -> bytes:
    """Rows as a sheet holds them, texts in the cells."""
    lines = []
    for number, cells in enumerate(rows, 1):
        line = [_cell(column, number, value) for column, value in sorted(cells.items()) if value]
        lines.append(f'<row r="{number}">{"".join(line)}</row>')
    return f"<sheetData>{''.join(lines)}</sheetData>".encode("utf-8", "surrogatepass")


def _cell(column: int, row: int, value: str) -> str:
    ref = f"{column_letters(column)}{row}"
    if value.startswith("<c"):
        return value.replace("@", ref, 1)
    text = escape(value, quote=False)
    return f'<c r="{ref}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
