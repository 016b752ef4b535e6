"""Number patterns: the series of an office, and what a pattern makes of this office's codes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from posko_app.app import Posko
from posko_app.cases.series import level_key
from posko_app.errors import UserError
from posko_app.letters.numbers import signing_code
from posko_app.rules.numbering import TOKENS, format_number
from ui.fields import Field, Parsed

SERIES = ("filing", "registration", "finding", "diary", "letter")
SAMPLE = 7  # the running number of every example
CLASSIFICATION = "PP.00.00"  # of the example of a letter
PARTS: Mapping[str, str] = {
    "seq": "nomor urut",
    "kind": "jenis",
    "election": "jenis pemilihan",
    "level": "tingkat",
    "region": "kode kantor",
    "roman": "bulan",
    "month": "bulan",
    "year": "tahun",
    "letter_code": "kode surat",
    "classification": "klasifikasi",
}
EXPLAINED = "Yang dapat dipakai: " + "; ".join(f"{{{n}}} {what}" for n, what in TOKENS.items())


@dataclass(frozen=True, kw_only=True)
class Series:
    """One series of numbers as this office has it."""

    key: str
    label: str
    shipped: str
    own: str  # empty: the shipped pattern is used

    @property
    def pattern(self) -> str:
        """The pattern in force."""
        return self.own or self.shipped


def series_of(posko: Posko, settings: Mapping[str, str]) -> tuple[Series, ...]:
    """The series that can be changed, with the office's own patterns."""
    patterns = posko.rules.get(posko.office.regulation).number_patterns
    return tuple(
        Series(
            key=key,
            label=patterns[key].label,
            shipped=patterns[key].pattern,
            own=settings.get(f"pattern.{key}", ""),
        )
        for key in SERIES
    )


def example(posko: Posko, key: str, pattern: str, signer: str = "Ketua") -> str:
    """What a pattern makes today; raises UserError for one that cannot be used in this series."""
    office, today = posko.office, posko.today()
    if key == "letter":
        code = signing_code(office.letter_code, signer)
        return format_number(
            pattern, on=today, seq=SAMPLE, classification=CLASSIFICATION, letter_code=code
        )
    law = posko.rules.get(office.regulation)
    kinds = {"finding": "TM", "diary": posko.vocabulary.label("diary_mark", "initial_info")}
    return format_number(
        pattern,
        on=today,
        seq=SAMPLE,
        kind=kinds.get(key, "LP"),
        election=office.election_kind,
        level=law.number_levels[level_key(posko)],
        region=office.report_code,
    )


def described(pattern: str) -> str:
    """Of what parts a number is made: "nomor urut / PL / jenis pemilihan / tahun"."""

    def word(found: re.Match[str]) -> str:
        return PARTS.get(found[1], found[0])

    return re.sub(r"\{(\w+)[^{}]*\}", word, pattern).replace("/", " / ")


def pattern_field(posko: Posko, series: Series, signer: str) -> Field:
    """The field of one pattern; says with every stroke which number it makes."""

    def parse(text: str) -> Parsed:
        try:
            made = example(posko, series.key, text.strip(), signer)
        except UserError as error:
            return Parsed(text.strip(), error=str(error).partition(" Yang dikenal:")[0])
        return Parsed(text.strip(), note=f"Contoh: {made}")

    return Field(key=series.key, label=series.label, mono=True, optional=True, live=True,
                 hint="kosong = pola bawaan", placeholder=series.shipped, parse=parse)  # fmt: skip
