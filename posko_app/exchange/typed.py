"""What somebody typed into a readable cell, as the value a record would hold; never a guess."""

from __future__ import annotations

from datetime import UTC, date, datetime, tzinfo
from typing import NamedTuple

from posko_app.app import Posko
from posko_app.data.record import Value
from posko_app.data.versions import shape_of
from posko_app.rules.identity import parse_nip, parse_phone
from posko_app.text import clean, fold, parse_date, parse_time

from .cells import CellError, date_of, region_of, time_of, yes_of
from .layout import ColumnLayout
from .xlsx.limits import limits
from .xlsx.parts import FORBIDDEN
from .xlsx.rows import Cell

FIRST_YEAR, LAST_YEAR = 1900, 2199
_DIGITS = {"nip": "NIP", "phone": "Nomor telepon"}
_DATE_HELP = "Tulis tanggal seperti 2024-10-15."
_REQUIRED = "Ruas ini tidak boleh kosong."
_INSTANT_HELP = "Tulis tanggal dan jam seperti 2024-10-15 09:30."


class Reading(NamedTuple):
    """What reading a cell needs to know of its workbook: whose dates, whose zone."""

    posko: Posko
    zone: tzinfo
    date1904: bool
    today: date


def typed_value(cell: Cell, table: str, column: ColumnLayout, reading: Reading) -> Value:
    """The value of a cell. Raises CellError with a sentence for whoever typed it."""
    if cell.formula:
        raise CellError("Sel ini berisi rumus. Ketik nilainya sebagai teks.")
    if cell.kind == "error":
        raise CellError("Sel ini berisi galat Excel. Ketik ulang nilainya.")
    if cell.kind == "bool":
        raise CellError("Sel ini berisi TRUE atau FALSE. Tulis Ya atau Tidak sebagai teks.")
    if cell.kind == "number":
        return _from_number(cell, column, reading)
    return value_of(clean(cell.value), table, column, reading)


def value_of(text: str, table: str, column: ColumnLayout, reading: Reading) -> Value:
    """The value of a text, empty included. Raises CellError."""
    text = clean(text)
    if not text:
        return _empty(table, column)
    if len(text) > limits().cell_write_chars or FORBIDDEN.search(text):
        raise CellError("Teks ini terlalu panjang atau memuat tanda yang tidak dapat disimpan.")
    if column.kind == "yes":
        return int(yes_of(text))
    if column.kind == "number":
        return _whole(text)
    if column.kind == "choice":
        return _choice(text, column, reading)
    if column.kind == "region":
        return region_of(text, reading.posko.regions, reading.posko.office.code)
    if column.kind in _DIGITS:
        return _digits(text, column.kind)
    if column.kind == "date":
        return _date(text, reading)
    if column.kind == "time":
        return _time(text)
    return _instant(text, reading.zone) if column.kind == "instant" else text


def _from_number(cell: Cell, column: ColumnLayout, reading: Reading) -> Value:
    if column.kind == "date":
        return _in_range(date_of(cell, reading.today, date1904=reading.date1904))
    if column.kind == "time":
        return time_of(cell)
    if column.kind == "number":
        return _whole(cell.value)
    if column.kind in _DIGITS:
        raise CellError(
            f"{_DIGITS[column.kind]} tersimpan sebagai angka, digitnya dapat hilang. "
            "Ubah format sel menjadi Teks, lalu ketik ulang."
        )
    raise CellError("Sel ini tersimpan sebagai angka. Ubah format sel menjadi Teks, ketik ulang.")


def _empty(table: str, column: ColumnLayout) -> Value:
    """The value of a field that somebody cleared."""
    for name, kind, stored in shape_of(table):
        if name == column.field:
            if stored.nullable:
                return None
            if kind is str and not column.required:
                return ""
    raise CellError(_REQUIRED)


def _whole(text: str) -> int:
    whole, _, rest = text.replace(" ", "").partition(".")
    if rest and not set(rest) <= {"0"}:  # 1.250 in Indonesian is one thousand and more
        if len(rest) != 3:
            raise CellError("Tulis bilangan bulat seperti 12.")
        whole += rest
    if not whole.removeprefix("-").isdecimal() or len(whole) > 12:
        raise CellError("Tulis bilangan bulat seperti 12.")
    return int(whole)


def _choice(text: str, column: ColumnLayout, reading: Reading) -> str:
    wanted = fold(text)
    items = list(reading.posko.vocabulary.items(column.list))
    for code, label in items:
        if wanted in (fold(code), fold(label)):
            return code
    offered = ", ".join(label for _, label in items[:8])
    raise CellError(f"Pilih dari daftar: {offered}.")


def _digits(text: str, kind: str) -> str:
    found = parse_nip(text) if kind == "nip" else parse_phone(text)
    if found.errors:
        raise CellError(found.errors[0])
    return found.value


def _date(text: str, reading: Reading) -> str:
    # a workbook lies about for days: a word or a missing year would mean another day by then
    digits = "".join(char if char.isdigit() else " " for char in text).split()
    if len(digits) < 2 or not any(len(part) == 4 for part in digits):
        raise CellError(_DATE_HELP)
    try:
        return _in_range(parse_date(text, reading.today))
    except ValueError:
        raise CellError(_DATE_HELP) from None


def _in_range(day: date) -> str:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise CellError(_DATE_HELP)
    return day.isoformat()


def _time(text: str) -> str:
    try:
        return f"{parse_time(text):%H:%M}"
    except ValueError as error:
        raise CellError(str(error)) from None


def _instant(text: str, zone: tzinfo) -> str:
    try:
        moment = datetime.fromisoformat(text.replace(".", ":"))
    except ValueError:
        raise CellError(_INSTANT_HELP) from None
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise CellError(_INSTANT_HELP)
    here = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    return here.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
