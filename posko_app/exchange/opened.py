"""An exchange workbook opened in the reading process: its signed head, machine rows and sheets."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from posko_app.errors import UserError
from posko_app.security.sign import verify

from . import manifest as head
from .judge import MachineRow
from .manifest import FORMAT, MARK, SHEET, Manifest
from .notice import file_reason
from .xlsx.guarded import OpenedBook, Reader
from .xlsx.rows import Row


class NotTaken(UserError):
    """A workbook that is refused as a whole; `code` names the kind, nothing was taken in."""


def not_taken(code: str, path: Path, **words: str) -> NotTaken:
    """The refusal of the file at `path`."""
    return NotTaken(file_reason(code, path.name, **words), code)


@dataclass(frozen=True)
class Opened:
    """A workbook whose signature and root hold; `edited` are visible sheets that changed since."""

    manifest: Manifest
    rows: tuple[MachineRow, ...]
    edited: tuple[str, ...]
    book: OpenedBook


def open_export(reader: Reader, path: Path) -> Opened:
    """Open, read and verify a workbook made by `export`.

    Raises NotTaken (or Refused, of the reader) for a file that is foreign, damaged, newer or whose
    signature does not hold. Says nothing yet about sender and addressee.
    """
    book = reader.open(path)
    if SHEET not in book.sheets:
        raise not_taken("not_posko", path)
    lines = book.rows(SHEET)
    first = next(lines, None)
    if first is None:
        raise not_taken("not_posko", path)
    manifest = _head(path, first)
    rows = tuple(_machine_rows(lines))
    if head.root(f"{row.uid}:{row.hash}" for row in rows) != manifest.root:
        raise not_taken("changed", path)
    if len(rows) != manifest.n:
        raise not_taken("changed", path)
    return Opened(manifest, rows, _edited(book, manifest.sheets), book)


def _head(path: Path, first: Row) -> Manifest:
    cells = {cell.column: cell.value for cell in first.cells}
    mark, text = cells.get(0, ""), cells.get(1, "")
    if mark != MARK:
        newer = re.fullmatch(r"POS[0-9]{1,6}", mark)
        raise not_taken("newer_format" if newer else "not_posko", path)
    try:
        if head.format_of(text) > FORMAT:
            raise not_taken("newer_format", path)
        manifest = head.from_text(text)
        signature = base64.b64decode(cells.get(2, ""), validate=True)
    except (ValueError, binascii.Error):
        raise not_taken("changed", path) from None
    if not verify(manifest.public_key, text.encode(), signature):
        raise not_taken("bad_signature", path)
    return manifest


def _machine_rows(lines: Iterator[Row]) -> Iterator[MachineRow]:
    for line in lines:
        values = [cell.value for cell in line.cells]
        columns = [cell.column for cell in line.cells]
        # a row that lost a cell fails its hash; its place must not shift the others
        uid = values[0] if columns[0] == 0 else ""
        sent = values[1] if columns[1:2] == [1] else ""
        yield MachineRow(line.number, uid, sent, "".join(values[2:]))


def _edited(book: OpenedBook, sheets: Mapping[str, str]) -> tuple[str, ...]:
    """Visible sheets that are not as the sender's program wrote them, or are gone."""
    return tuple(
        name
        for name, sha256 in sheets.items()
        if name not in book.sheets or book.part_sha256(name) != sha256
    )


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's bytes; UserError `file_missing` when it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise UserError(
            f"Berkas {path.name} tidak dapat dibaca. Data Anda tidak berubah. "
            "Periksa apakah flashdisk masih terpasang, lalu pilih lagi.",
            "file_missing",
        ) from error
