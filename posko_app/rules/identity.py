"""Identity numbers read as they are typed: NIK, NIP, NI PPPK and telephone numbers.

What cannot be right is an error, what only looks odd a warning; both are sentences for the user.
The checks follow the make-up of the numbers (Perka BKN 22/2007 for the NIP); a region or a birth
date inside a number may differ from today's facts, so those are never errors.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Literal

from posko_app.text import numeric_date

from .regions import load_regions

VOTING_AGE = 17
OLD_AGE = 100
_AREA_3 = ("021", "022", "024", "031", "061")  # the area codes of three digits


@dataclass(frozen=True, kw_only=True)
class Nik:
    """A NIK and what stands in it."""

    value: str = ""  # digits only, as typed, also when wrong
    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    birth: date | None = None
    sex: str = ""  # male, female
    region_code: str = ""  # the subdistrict of first issue, dotted
    overridable: bool = False  # wrong only in its make-up: some old numbers are

    @property
    def grouped(self) -> str:
        """`620101 520788 0001`, as far as there are digits."""
        return " ".join(part for part in _split(self.value, 6, 6) if part)

    @property
    def masked(self) -> str:
        """`620101******0001`: safe for a list."""
        return _masked(self.value, 6, 4)


@dataclass(frozen=True, kw_only=True)
class Nip:
    """A NIP or NI PPPK and what stands in it."""

    value: str = ""
    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    kind: Literal["", "pns", "pppk", "old", "nrp"] = ""
    birth: date | None = None
    sex: str = ""
    tmt: date | None = None  # start of service; for a PPPK the first of January of its year

    @property
    def grouped(self) -> str:
        """`19860926 201505 1 001`, as far as there are digits."""
        if self.kind in ("old", "nrp"):
            return self.value
        return " ".join(part for part in _split(self.value, 8, 6, 1) if part)


@dataclass(frozen=True, kw_only=True)
class Phone:
    """A telephone number in the form people dial it."""

    value: str = ""  # 081255550176; a foreign one keeps its plus
    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    kind: Literal["", "mobile", "landline", "foreign"] = ""

    @property
    def grouped(self) -> str:
        """`0812 5555 0176`, `0536 322 1234`, `+60 123456789`."""
        if self.kind == "foreign":
            return self.value
        first = 3 if self.value.startswith(_AREA_3) else 4
        sizes = (4, 4) if self.kind == "mobile" else (first, 3)
        return " ".join(part for part in _split(self.value, *sizes) if part)

    @property
    def masked(self) -> str:
        """`0812******76`: safe for a list."""
        return _masked(self.value, 4, 2)


# --- NIK ----------------------------------------------------------------------------------------


def parse_nik(text: str, today: date) -> Nik:
    """Read a NIK: 6 digits region, day (women: plus 40), month, year, 4 digits serial."""
    digits, error = _digits(text, "NIK", 16)
    if error:
        return Nik(value=digits, errors=(error,))
    region_code = f"{digits[0:2]}.{digits[2:4]}.{digits[4:6]}"
    day, month, year = int(digits[6:8]), int(digits[8:10]), int(digits[10:12])
    sex = "female" if day > 40 else "male"
    birth = _birth(day - 40 if day > 40 else day, month, year, today)
    errors = []
    if birth is None:
        errors.append(
            f"Tanggal lahir dalam NIK ({digits[6:8]}-{digits[8:10]}-{digits[10:12]}) tidak ada. "
            "Periksa angka ke-7 sampai ke-12."
        )
    if digits[12:] == "0000":
        errors.append("Empat angka terakhir NIK tidak mungkin 0000. Periksa lagi.")
    return Nik(
        value=digits,
        errors=tuple(errors),
        warnings=tuple(_nik_warnings(region_code, birth, today)),
        birth=birth,
        sex=sex if birth else "",
        region_code=region_code,
        overridable=bool(errors),
    )


def _birth(day: int, month: int, year: int, today: date) -> date | None:
    """The birth date with the century that makes the person old enough to vote."""
    for century in (2000, 1900):
        try:
            born = date(century + year, month, day)
        except ValueError:
            continue
        if _age(born, today) >= VOTING_AGE:
            return born
    return None


def _age(born: date, today: date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def _nik_warnings(region_code: str, birth: date | None, today: date) -> list[str]:
    found = []
    regions = load_regions()
    if regions.get(region_code[:2]) is None:
        found.append(f"Kode provinsi {region_code[:2]} dalam NIK tidak dikenal. Periksa lagi.")
    elif regions.get(region_code[:5]) is None:
        found.append(
            f"Kode kabupaten/kota {region_code[:5]} dalam NIK tidak ada sekarang. "
            "NIK lama dapat memuat kode sebelum pemekaran."
        )
    if birth and _age(birth, today) > OLD_AGE:
        found.append(
            f"Tahun lahir dalam NIK terbaca {birth.year}. Periksa bila orangnya lebih muda."
        )
    return found


# --- NIP and NI PPPK ----------------------------------------------------------------------------


def parse_nip(text: str) -> Nip:
    """Read a NIP (PNS) or NI PPPK of 18 digits: birth date, start of service, sex, serial.

    Positions 13 and 14 are a month in a NIP and a running code in a NI PPPK; old numbers of nine
    digits and police numbers of eight are kept with a warning.
    """
    digits, error = _digits(text, "NIP", 18)
    if len(digits) == 9 and _only_digits(text):
        warning = "Ini NIP lama 9 angka. Isi NIP 18 angka bila ada."
        return Nip(value=digits, kind="old", warnings=(warning,))
    if len(digits) == 8 and _only_digits(text):
        warning = "Ini 8 angka, seperti NRP Polri. NIP terdiri dari 18 angka."
        return Nip(value=digits, kind="nrp", warnings=(warning,))
    if error:
        return Nip(value=digits, errors=(error,))
    return _modern_nip(digits)


def _modern_nip(digits: str) -> Nip:
    birth = _date(int(digits[0:4]), int(digits[4:6]), int(digits[6:8]))
    month = int(digits[12:14])
    kind: Literal["pns", "pppk"] = "pns" if 1 <= month <= 12 else "pppk"
    tmt = _date(int(digits[8:12]), month if kind == "pns" else 1, 1)
    errors = []
    if birth is None or birth.year < 1900:
        errors.append("Tanggal lahir dalam NIP tidak ada. Periksa 8 angka pertama.")
    if tmt is None or not 1945 <= tmt.year <= 2100:
        errors.append("Tahun pengangkatan dalam NIP tidak mungkin. Periksa angka ke-9 sampai 12.")
    if digits[14] not in "12":
        errors.append("Angka ke-15 NIP harus 1 (laki-laki) atau 2 (perempuan).")
    if digits[15:] == "000":
        errors.append("Tiga angka terakhir NIP tidak mungkin 000.")
    return Nip(
        value=digits,
        errors=tuple(errors),
        warnings=tuple(_nip_warnings(kind, birth, tmt)) if not errors else (),
        kind=kind,
        birth=birth,
        sex={"1": "male", "2": "female"}.get(digits[14], ""),
        tmt=tmt,
    )


def _nip_warnings(kind: str, birth: date | None, tmt: date | None) -> list[str]:
    if birth is None or tmt is None:
        return []
    age = tmt.year - birth.year
    if age < 18:
        return [f"Menurut NIP ia diangkat pada usia {age} tahun. Periksa lagi."]
    if kind == "pns" and age > 35:
        return [f"Menurut NIP ia diangkat pada usia {age} tahun. Periksa, atau ini NI PPPK."]
    return []


# --- comparing with the form --------------------------------------------------------------------


def differences(number: Nik | Nip, birth_on: date | None, sex: str) -> tuple[str, ...]:
    """What the number says otherwise than the form: warnings, since either may be right."""
    name = "NIK" if isinstance(number, Nik) else "NIP"
    found = []
    if number.birth and birth_on and number.birth != birth_on:
        if number.birth.year != birth_on.year:
            told, given = str(number.birth.year), str(birth_on.year)
            found.append(f"{name} memuat tahun lahir {told}, di isian {given}. Pilih yang benar.")
        else:
            told, given = numeric_date(number.birth), numeric_date(birth_on)
            found.append(f"{name} memuat tanggal lahir {told}, di isian {given}. Pilih yang benar.")
    if number.sex and sex and number.sex != sex:
        words = {"male": "laki-laki", "female": "perempuan"}
        found.append(
            f"{name} memuat {words[number.sex]}, di isian {words.get(sex, sex)}. Pilih yang benar."
        )
    return tuple(found)


# --- telephone ----------------------------------------------------------------------------------


def parse_phone(text: str) -> Phone:
    """Read a telephone number written in any of the usual ways."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if re.search(r"[^\d\s()+.\-–]", plain):
        return Phone(value=plain, errors=("Nomor telepon hanya berisi angka. Tulis satu nomor.",))
    digits = _ascii_digits(plain)
    other = {16: "NIK", 18: "NIP"}.get(len(digits))
    if other and not digits.startswith("0"):
        error = f"{len(digits)} angka ini seperti {other}, bukan nomor telepon. Periksa ruasnya."
        return Phone(value=digits, errors=(error,))
    if plain.startswith("+") and not digits.startswith("62"):
        if 8 <= len(digits) <= 15:
            warning = "Nomor luar negeri, disimpan seperti ditulis."
            return Phone(value=f"+{digits}", kind="foreign", warnings=(warning,))
        return Phone(value=plain, errors=("Nomor luar negeri ini tidak lengkap. Periksa lagi.",))
    return _domestic(digits)


def _domestic(digits: str) -> Phone:
    if digits.startswith("62") and len(digits) >= 10:
        digits = digits[2:].lstrip("0")
    if digits and not digits.startswith("0"):
        digits = f"0{digits}"
    if digits.startswith("08"):
        if not 10 <= len(digits) <= 13:
            count = "Baru" if len(digits) < 10 else "Ada"
            error = f"{count} {len(digits)} angka, nomor HP harus 10 sampai 13 angka."
            return Phone(value=digits, errors=(error,))
        return Phone(value=digits, kind="mobile")
    if 9 <= len(digits) <= 12 and digits[1] in "234567":
        return Phone(value=digits, kind="landline")
    error = "Tulis nomor HP seperti 0812 5555 0176, atau telepon dengan kode daerahnya."
    return Phone(value=digits, errors=(error,))


# --- shared -------------------------------------------------------------------------------------


def _digits(text: str, name: str, wanted: int) -> tuple[str, str]:
    """The digits of a text, and what is wrong with their number."""
    digits = _ascii_digits(text)
    if not _only_digits(text):
        return digits, f"{name} hanya berisi angka. Hapus huruf dan tanda lain."
    if len(digits) < wanted:
        return digits, f"Baru {len(digits)} angka, {name} harus {wanted} angka."
    if len(digits) > wanted:
        return digits, f"Ada {len(digits)} angka, {name} harus {wanted} angka."
    return digits, ""


def _only_digits(text: str) -> bool:
    return not re.search(r"[^\d\s.\-–'’]", unicodedata.normalize("NFKC", text))


def _ascii_digits(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text)
    return "".join(str(unicodedata.decimal(char)) for char in plain if char.isdecimal())


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _split(value: str, *sizes: int) -> list[str]:
    parts = []
    for size in sizes:
        parts.append(value[:size])
        value = value[size:]
    return [*parts, value]


def _masked(value: str, first: int, last: int) -> str:
    hidden = len(value) - first - last
    if hidden <= 0:
        return "*" * len(value)
    return value[:first] + "*" * hidden + value[-last:]
