"""The returned workbook: the sender's own file with the rows to mend, without any identity."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from .blank import GUIDE
from .intake_layout import KEY, SHEET, IntakeSheet, intake_layout
from .intake_sheets.entries import Entry
from .intake_sheets.lines import FilledBook, Line
from .masking import Masking
from .xlsx.authored import TableColumn, TableSheet, TableValue, write_table_book
from .xlsx.returned import ReturnedRow, ReturnedSheet, write_returned_book
from .xlsx.write import LISTS

_HELD = "Identitas ini tersimpan di kantor penerima, tidak perlu ditulis lagi."
_HELD_BUT = "Tulis sel merah saja; yang lain tersimpan di kantor penerima."
_REPLACED = " Posko sudah menggantinya di berkas ini; periksa kalimatnya."

Reasons = Mapping[tuple[str, int], Mapping[str, str]]
"""By sheet and row: what is wrong under which heading."""


def write_returned(filled: FilledBook, entries: Sequence[Entry], target: Path) -> None:
    """Write the sender's file with only the rows that must be mended.

    Identities stay here: their rows come back empty, and texts that named somebody say Pelapor or
    Saksi. Raises UserError when the file cannot be saved.
    """
    mask = Masking(entries)
    layout = intake_layout()
    back = [entry for entry in entries if entry.verdict == "wrong"]
    done = {
        (line.sheet.name, line.row)
        for entry in entries
        if entry.verdict != "wrong"
        for line in entry.lines
    } | {(line.sheet.name, line.row) for entry in entries for line in entry.copies}
    reasons: dict[tuple[str, int], dict[str, str]] = {}
    for wrong in (wrong for entry in back for wrong in entry.wrong):
        reasons.setdefault((wrong.sheet, wrong.row), {}).setdefault(wrong.column, wrong.reason)
    sheets = [_sheet(filled, sheet, back, done, reasons, mask) for sheet in layout.sheets]
    keep = frozenset({GUIDE, SHEET, LISTS, *(sheet.name for sheet in layout.sheets)})
    count = len(back)
    says = (
        f"{count} baris perlu diperbaiki",
        "Perbaiki sel merah di lembar yang disebut di bawah, simpan, lalu kirim lagi berkas ini.",
        "Baris lain sudah diterima dan tidak perlu dikirim lagi. Nomornya ada di berkas Balasan.",
        "Identitas pelapor dan saksi tetap di kantor penerima dan tidak ada di berkas ini.",
    )
    try:
        write_returned_book(filled.path, target, sheets, keep=keep, says=says, mask=mask)
    except (TypeError, ValueError, KeyError, AttributeError, IndexError):
        # written by a program whose files openpyxl cannot read: say it in a list instead
        _write_list(target, says, back, mask)


def _sheet(
    filled: FilledBook,
    sheet: IntakeSheet,
    back: Sequence[Entry],
    done: set[tuple[str, int]],
    reasons: Reasons,
    mask: Callable[[str], str],
) -> ReturnedSheet:
    lines = [line for entry in back for line in entry.lines if line.sheet is sheet]
    waits = {entry.main.row: _waits(entry) for entry in back if entry.main.sheet is sheet}
    lines.sort(key=lambda line: line.row)
    rows = [_row(line, reasons, mask, waits.get(line.row, "")) for line in lines]
    gone = {w.column for w in filled.wrong if w.sheet == sheet.name and w.column}
    present = {heading for heading in gone if "ada dua" not in _reason(filled, sheet, heading)}
    return ReturnedSheet(
        name=sheet.name,
        rows=rows,
        done=frozenset(row for name, row in done if name == sheet.name),
        missing=sorted(present),
        hidden=KEY,
        mending=intake_layout().mending,
    )


def _reason(filled: FilledBook, sheet: IntakeSheet, heading: str) -> str:
    return next(w.reason for w in filled.wrong if (w.sheet, w.column) == (sheet.name, heading))


def _row(line: Line, reasons: Reasons, mask: Callable[[str], str], waits: str) -> ReturnedRow:
    red = dict(reasons.get((line.sheet.name, line.row), {}))
    if not line.sheet.identity:
        return ReturnedRow(line.row, _with_masks(line, red, mask), waits)
    only = frozenset({KEY, line.heading("link")})
    return ReturnedRow(line.row, red, _HELD_BUT if red else _HELD, only)


def _waits(entry: Entry) -> str:
    """Why a right row goes back too; rows have other places in this file, so none is named."""
    if not entry.waits:
        return ""
    sheets = ", ".join(dict.fromkeys(wrong.sheet for wrong in entry.wrong))
    number = entry.main.heading("link")
    return f"Belum masuk karena {sheets} dengan {number} yang sama perlu diperbaiki."


def _with_masks(line: Line, red: dict[str, str], mask: Callable[[str], str]) -> dict[str, str]:
    for column in line.sheet.columns:
        typed = line.typed.get(column.field, "")
        if typed and mask(typed) != typed:
            said = red.get(column.heading, "Isian ini memuat identitas.")
            red[column.heading] = said + _REPLACED
    return red


def _write_list(
    target: Path, says: Sequence[str], back: Sequence[Entry], mask: Callable[[str], str]
) -> None:
    rows: list[list[TableValue]] = [
        [wrong.sheet, wrong.row, wrong.column, mask(wrong.reason)]
        for entry in back
        for wrong in entry.wrong
    ]
    rows += [[e.main.sheet.name, e.main.row, "", e.waits] for e in back if e.waits]
    columns = (
        TableColumn(heading="Lembar", width=18),
        TableColumn(heading="Baris", width=8, kind="number"),
        TableColumn(heading="Kolom", width=24),
        TableColumn(heading="Yang diperbaiki", width=64),
    )
    sheet = TableSheet(name="Yang diperbaiki", columns=columns, rows=rows, titles=tuple(says))
    write_table_book(target, [sheet], title="Perbaikan isian Posko")
