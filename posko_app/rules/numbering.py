"""Numbers of reports and letters: made from a pattern of the office, read as others print them."""

from __future__ import annotations

import re
import string
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from posko_app.errors import UserError
from posko_app.text import clean, roman

TOKENS: Mapping[str, str] = {
    "seq": "nomor urut, {seq:03d} menjadi 007",
    "kind": "LP, TM, atau PL",
    "election": "PB, PG, PW, PL, atau PP",
    "level": "Kec, Kab, Kota, atau Prov",
    "region": "kode Bawaslu kantor ini",
    "roman": "bulan dengan angka Romawi",
    "month": "bulan dengan angka, {month:02d} menjadi 09",
    "year": "tahun",
    "letter_code": "kode jabatan dan wilayah untuk surat",
    "classification": "kode klasifikasi surat",
}
"""The names that a pattern may hold, and what stands for them."""
KINDS = ("LP", "TM", "PL")
ELECTIONS = ("PB", "PG", "PW", "PL", "PP")
_LEVELS = {"ri": "RI", "prov": "Prov", "kab": "Kab", "kota": "Kota", "kec": "Kec", "ka": "Kab"}
WITHOUT = "none"  # election_kind: what comes in while no election is under way
_MONTHS = {roman(month): month for month in range(1, 13)}


def format_number(pattern: str, *, on: date | None = None, **tokens: Any) -> str:
    """A number from a pattern such as `{seq:03d}/LP/{election}/{level}/{region}/{roman}/{year}`.

    `on` fills `roman`, `month` and `year`. An empty value leaves no empty part between slashes, and
    so does the election of a time without one (`none`).
    Raises UserError for a pattern that names something unknown.
    """
    if on:
        tokens = {"roman": roman(on.month), "month": on.month, "year": on.year} | tokens
    if tokens.get("election") == WITHOUT:
        tokens["election"] = ""
    check_pattern(pattern)
    missing = [name for name in _names(pattern) if name not in tokens]
    if missing:
        raise _wrong(pattern, f"{{{missing[0]}}} tidak dipakai untuk nomor ini")
    try:
        made = pattern.format(**tokens)
    except (ValueError, TypeError) as error:
        raise _wrong(pattern, "salah satu bagiannya tidak dapat diisi") from error
    return _without_gaps(made)


def check_pattern(pattern: str) -> None:
    """Raise UserError, with what is wrong, for a pattern that cannot be used."""
    try:
        names = _names(pattern)
    except ValueError as error:
        raise _wrong(pattern, "kurung kurawalnya tidak berpasangan") from error
    for name in names:
        if name not in TOKENS:
            raise _wrong(pattern, f"{{{name}}} tidak dikenal")
    if "seq" not in names:
        raise _wrong(pattern, "tanpa {seq} semua nomor akan sama")


def _names(pattern: str) -> list[str]:
    return [name for _, name, _, _ in string.Formatter().parse(pattern) if name is not None]


def _wrong(pattern: str, why: str) -> UserError:
    known = ", ".join(f"{{{name}}}" for name in TOKENS)
    return UserError(
        f"Pola nomor {pattern} tidak dapat dipakai: {why}. Yang dikenal: {known}.", "number_pattern"
    )


def _without_gaps(number: str) -> str:
    parts = [part.strip(" .-") if not part.strip(" .-") else part for part in number.split("/")]
    return "/".join(part for part in parts if part)


@dataclass(frozen=True)
class ReadNumber:
    """What could be read in a report number; parts that could not be read are empty."""

    text: str
    seq: int | None = None
    registered: bool = False
    kind: str = ""
    election: str = ""
    level: str = ""
    region: str = ""
    month: int | None = None
    year: int | None = None

    @property
    def key(self) -> str:
        """The number for comparing: case, spaces and leading zeros do not matter."""
        parts = [part.strip().casefold() for part in self.text.split("/")]
        return "/".join(part.lstrip("0") or part for part in parts)


def parse_number(text: str) -> ReadNumber:
    """Read a report number as any office may have printed it; never refuses one.

    Kinds LP, PL and TM are known; `PL` also names an election, so the first one that can be a kind
    is the kind and a later one the election.
    """
    whole = clean(text).replace("\n", " ")
    parts = [part.strip() for part in whole.split("/") if part.strip()]
    found: dict[str, Any] = {}
    for n, part in enumerate(parts):
        upper = part.upper().rstrip(".")
        if n == 0 and (number := re.match(r"\d{1,6}", part)):
            found["seq"] = int(number[0])
        elif upper == "REG":
            found["registered"] = True
        elif upper in KINDS and "kind" not in found:
            found["kind"] = upper
        elif upper in ELECTIONS and "election" not in found:
            found["election"] = upper
        elif part.casefold() in _LEVELS:
            found["level"] = _LEVELS[part.casefold()]
        else:
            _read_place_or_time(part, upper, found)
    return ReadNumber(whole, **found)


def _read_place_or_time(part: str, upper: str, found: dict[str, Any]) -> None:
    if upper in _MONTHS:
        found["month"] = _MONTHS[upper]
    elif re.fullmatch(r"(19|20)\d\d", part):
        found["year"] = int(part)
    elif re.fullmatch(r"\d{1,2}(\.\d{2}){1,2}", part) and "region" not in found:
        found["region"] = part
    elif re.fullmatch(r"0[1-9]|1[0-2]", part) and "month" not in found:
        found["month"] = int(part)
