"""An exchange workbook opened in the reading process: its signed head, machine rows and sheets."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from posko_app.errors import UserError
from posko_app.security.sign import verify
from posko_app.text import fold

from . import manifest as head
from .layout import layout
from .manifest import FORMAT, MARK, SHEET, Manifest
from .notice import file_reason
from .proven import MachineRow, prove
from .xlsx.guarded import OpenedBook, Reader
from .xlsx.rows import Row

Signature: TypeAlias = Literal["valid", "broken", "missing"]
VALID: Signature = "valid"
BROKEN: Signature = "broken"
MISSING: Signature = "missing"
_PRACTICE = "LATIHAN"


class NotTaken(UserError):
    """A workbook that is refused as a whole; `code` names the kind, nothing was taken in."""


def not_taken(code: str, path: Path, **words: str) -> NotTaken:
    """The refusal of the file at `path`."""
    return NotTaken(file_reason(code, path.name, **words), code)


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A workbook as far as it can be believed.

    With a valid signature `rows` are what the sender signed, `doubtful` rows of the machine sheet
    that the signature does not cover and `lost` counts those that are gone. With a broken or
    missing one nothing of the machine sheet is believed, `manifest` is at most what somebody
    claims, and every readable sheet counts as edited. `edited` are visible sheets that changed.
    """

    manifest: Manifest | None
    rows: tuple[MachineRow, ...]
    edited: tuple[str, ...]
    book: OpenedBook
    signature: Signature = VALID
    doubtful: tuple[MachineRow, ...] = ()
    lost: int = 0
    practice: bool = False


def open_export(reader: Reader, path: Path) -> Opened:
    """Open, read and verify a workbook made by `export`.

    Raises NotTaken (or Refused, of the reader) for a file that is foreign, damaged or newer. Says
    nothing yet about sender and addressee.
    """
    book = reader.open(path)
    if SHEET not in book.sheets:
        return _unsigned(book, path, None, MISSING)
    lines = book.rows(SHEET)
    first = next(lines, None)
    cells = {cell.column: cell.value for cell in first.cells} if first else {}
    try:
        if cells.get(0, "") != MARK and re.fullmatch(r"POS[0-9]{1,6}", cells.get(0, "")):
            raise not_taken("newer_format", path)
        manifest, signed = _head(path, cells)
    except NotTaken:
        _passed_over(lines)
        raise
    if manifest is None or not signed:
        _passed_over(lines)
        return _unsigned(book, path, manifest, BROKEN)
    found = prove(list(_machine_rows(lines)), manifest)
    edited = _edited(book, manifest.sheets)
    return Opened(
        manifest=manifest,
        rows=found.rows,
        edited=edited,
        book=book,
        doubtful=found.doubtful,
        lost=found.lost,
        practice=manifest.practice,
    )


def _passed_over(lines: Iterator[Row]) -> None:
    """Read to the end: what is left in the pipe belongs to this sheet."""
    for _ in lines:
        pass


def _head(path: Path, cells: Mapping[int, str]) -> tuple[Manifest | None, bool]:
    """The head that the first row claims, and whether it is signed by the key it names."""
    text = cells.get(1, "")
    try:
        if head.format_of(text) > FORMAT:
            raise not_taken("newer_format", path)
        manifest = head.from_text(text)
    except ValueError:
        return None, False
    try:
        signature = base64.b64decode(cells.get(2, ""), validate=True)
    except binascii.Error:
        return manifest, False
    signed = verify(manifest.public_key, text.encode(), signature)
    return manifest, signed and cells.get(0, "") == MARK


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


def readable(book: OpenedBook) -> tuple[str, ...]:
    """The sheets that are there and that people read."""
    return tuple(sheet.name for sheet in layout().sheets if sheet.name in book.sheets)


def _unsigned(
    book: OpenedBook, path: Path, claimed: Manifest | None, signature: Signature
) -> Opened:
    """A workbook of ours whose machine sheet is gone or not to be believed.

    Raises NotTaken when no sheet is one of ours.
    """
    known = layout()
    ours = []
    for name in readable(book):
        first: Row | None = None
        for row in book.rows(name):
            first = first or row
        if first and any(fold(c.value) == fold(known.id_heading) for c in first.cells):
            ours.append(name)
    if not ours:
        raise not_taken("not_posko" if claimed is None else "bad_signature", path)
    return Opened(
        manifest=claimed,
        rows=(),
        edited=tuple(ours),
        book=book,
        signature=signature,
        practice=claimed.practice if claimed else _says_practice(book),
    )


def _says_practice(book: OpenedBook) -> bool:
    """Whether the guide, the only witness left, says that this is practice."""
    guide = layout().guide_sheet
    if guide not in book.sheets:
        return False
    rows = list(book.rows(guide))  # to the end: the pipe must be empty for the next question
    return any(cell.value == _PRACTICE for row in rows for cell in row.cells)


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
