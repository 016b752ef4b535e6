"""Reading what people typed into a cell: strict where digits matter, patient everywhere else."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

from posko_app.rules.regions import Regions, dotted
from posko_app.rules.vocabulary import Vocabulary
from posko_app.text import clean, fold, parse_date, parse_time

from .intake_layout import IntakeColumn
from .xlsx.rows import Cell

_DATE_HELP = "Tulis tanggal seperti 15-10-2024."
_TIME_HELP = "Tulis jam seperti 09.30."
_COUNT_HELP = "Tulis angkanya saja, misalnya 25."
_COUNT = re.compile(r"\d{1,7}|\d{1,3}([. ]\d{3}){1,2}")
_KIND = re.compile(r"^(kecamatan|kec\.?|desa|kelurahan|kel\.?)\s+", re.IGNORECASE)
_WHOLE = re.compile(r"-?\d{1,15}(\.0+)?")
# Excel counts 29 February 1900, which never was: dates before March 1900 are ambiguous.
_FIRST_SERIAL, _LAST_SERIAL = 61, 2_958_465
_EPOCH, _EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)
DIGITS = {"nik": "NIK", "nip": "NIP", "phone": "Nomor telepon"}


class CellError(ValueError):
    """What is wrong with a cell, as a sentence for its writer."""


def text_of(cell: Cell, column: IntakeColumn) -> str:
    """The cell as clean text. Raises CellError for formulas, errors and digits kept as a number."""
    if cell.formula:
        raise CellError("Sel ini berisi rumus. Ketik nilainya sebagai teks.")
    if cell.kind == "error":
        raise CellError("Sel ini berisi galat Excel. Ketik ulang nilainya.")
    if cell.kind == "bool":
        return "Ya" if cell.value in ("1", "true") else "Tidak"
    if cell.kind == "text":
        return clean(cell.value)
    if column.type in DIGITS:
        raise CellError(
            f"{DIGITS[column.type]} tersimpan sebagai angka, digitnya dapat hilang. "
            "Ubah format sel menjadi Teks, lalu ketik ulang."
        )
    if not _WHOLE.fullmatch(cell.value):
        raise CellError(
            "Sel ini tersimpan sebagai angka. Ubah format sel menjadi Teks, ketik ulang."
        )
    return cell.value.partition(".")[0]


def date_of(cell: Cell, today: date, *, date1904: bool) -> date:
    """A date typed as text with its year, or a real date cell. Raises CellError."""
    if cell.formula or cell.kind in ("error", "bool"):
        raise CellError(_DATE_HELP)
    if cell.kind == "number":
        serial = Decimal(cell.value)
        if serial != serial.to_integral_value() or not _FIRST_SERIAL <= serial <= _LAST_SERIAL:
            raise CellError(_DATE_HELP)
        try:
            return (_EPOCH_1904 if date1904 else _EPOCH) + timedelta(days=int(serial))
        except OverflowError:  # the last four years of the other epoch
            raise CellError(_DATE_HELP) from None
    text = clean(cell.value)
    # a workbook lies about for days: "kemarin" or a missing year would mean another day by then
    if not re.search(r"\d{4}", text) or not re.search(r"\d.*\d", text):
        raise CellError(_DATE_HELP)
    try:
        return parse_date(text, today)
    except ValueError as error:
        raise CellError(str(error)) from None


def time_of(cell: Cell) -> str:
    """A time as HH:MM, typed as text or a real time cell. Raises CellError."""
    if cell.formula or cell.kind in ("error", "bool"):
        raise CellError(_TIME_HELP)
    if cell.kind == "number":
        part = Decimal(cell.value)
        if not 0 <= part < 1:
            raise CellError(_TIME_HELP)
        minutes = int((part * 24 * 60).to_integral_value())
        return f"{minutes // 60 % 24:02d}:{minutes % 60:02d}"
    try:
        return f"{parse_time(cell.value):%H:%M}"
    except ValueError as error:
        raise CellError(str(error)) from None


def choice_of(text: str, column: IntakeColumn, vocabulary: Vocabulary) -> str:
    """The code of a word from the column's list; the code itself is taken too."""
    wanted = fold(text)
    for code, label in column.items(vocabulary):
        if wanted in (fold(code), fold(label)):
            return code
    if column.free:
        return text
    offered = ", ".join(column.choices(vocabulary)[:8])
    raise CellError(f"Pilih dari daftar: {offered}.")


def yes_of(text: str) -> bool:
    """Ya or Tidak. Raises CellError."""
    word = fold(text)
    if word in ("ya", "y", "yes", "1", "v", "x"):
        return True
    if word in ("tidak", "tdk", "t", "no", "0"):
        return False
    raise CellError("Tulis Ya atau Tidak.")


def count_of(cell: Cell) -> int:
    """A whole number of things, typed as text or as a number: 25, 1.250. Raises CellError."""
    if cell.formula or cell.kind in ("error", "bool"):
        raise CellError(_COUNT_HELP)
    text = clean(cell.value)
    if cell.kind == "number":
        if not _WHOLE.fullmatch(text):
            raise CellError(_COUNT_HELP)
        text = text.partition(".")[0]
    if not _COUNT.fullmatch(text):
        raise CellError(_COUNT_HELP)
    return int(text.replace(".", "").replace(" ", ""))


def region_of(text: str, regions: Regions, under: str, own: str = "") -> str:
    """The code of a region given as code or as a name that is unique in an area.

    The name is looked for in `under` first, then in the area of the office `own`.
    """
    if (code := _code_of(text, regions)) is not None:
        return code
    wanted = fold(_KIND.sub("", text))
    for area in dict.fromkeys((under, own or under)):
        whole = regions.get(area)
        if whole is not None and fold(whole.name) == wanted:
            return whole.code
        for level in ("kecamatan", "desa", "kabupaten"):
            found = [r for r in regions.search(wanted, level, area) if fold(r.name) == wanted]
            if len(found) == 1:
                return found[0].code
            if found:
                raise CellError(f"Ada {len(found)} wilayah bernama {text}. Tulis kodenya.")
    raise CellError(f"Wilayah {text} tidak ditemukan di sini. Tulis kodenya, misalnya 62.10.01.")


def subdistrict_of(text: str, regions: Regions, own: str) -> str:
    """The code of a kecamatan given as code or name in the area of the office. CellError."""
    if (code := _code_of(text, regions)) is not None:
        return code
    wanted = fold(_KIND.sub("", text))
    whole = regions.get(own)
    if whole is not None and whole.level == "kecamatan" and fold(whole.name) == wanted:
        return whole.code
    found = [r for r in regions.search(wanted, "kecamatan", own) if fold(r.name) == wanted]
    if len(found) != 1:
        raise CellError(f"Kecamatan {text} tidak ditemukan di wilayah kantor penerima.")
    return found[0].code


def village_of(text: str, regions: Regions, under: str) -> str:
    """The code of a village given as code or as a name that is unique in `under`. CellError."""
    if (code := _code_of(text, regions)) is not None:
        return code
    wanted = fold(_KIND.sub("", text))
    found = [r for r in regions.search(wanted, "desa", under) if fold(r.name) == wanted]
    if len(found) == 1:
        return found[0].code
    if found:
        raise CellError(f"Ada {len(found)} desa bernama {text}. Isi kecamatannya.")
    area = regions.get(under)
    name = f"di {area.name}" if area else "di sini"
    raise CellError(f"Desa {text} tidak ditemukan {name}. Pilih dari daftar.")


def _code_of(text: str, regions: Regions) -> str | None:
    """The code that was typed; None for a name. Raises CellError for an unknown code."""
    digits = re.sub(r"\D", "", text)
    if not digits or re.search(r"[A-Za-z]", text):
        return None
    code = dotted(digits)
    if regions.get(code) is None:
        raise CellError(f"Kode wilayah {text} tidak dikenal. Tulis seperti 62.10.01.")
    return code
