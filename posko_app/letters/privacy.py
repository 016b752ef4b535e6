"""Finds people in a letter whom its addressee must not learn of, before it is numbered."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from posko_app.cases.report import PersonInput
from posko_app.errors import InvalidInput, Problem
from posko_app.text import fold

from .blocks import Block, as_text

# Codes of our own violation catalogue; they mean nothing outside the program.
OWN_CODE = re.compile(r"\b(KE|DS)-\d+\b")
TITLES = frozenset({"h", "hj", "haji", "dr", "drs", "dra", "ir", "prof", "sdr", "bapak", "ibu"})
SHORTEST_NAME = 3  # letters; a shorter name would be found in every text


@dataclass(frozen=True)
class Protected:
    """A person to be kept out: "pelapor" or "saksi 2"."""

    who: str
    person: PersonInput


def require_silence(blocks: Sequence[Block], people: Iterable[Protected]) -> None:
    """Raise `InvalidInput` when the text names one of `people`, by name, NIK or phone."""
    text = as_text(blocks)
    problems = [
        Problem("text", f"Surat ini memuat {what} {kept.who}.")
        for kept in people
        for what in found(text, kept.person)
    ]
    if OWN_CODE.search(text):
        problems.append(Problem("text", "Surat ini memuat kode KE/DS, yang hanya sandi program."))
    if problems:
        raise InvalidInput(
            problems,
            " ".join(p.message for p in problems)
            + " Surat belum diberi nomor. Hapus dari isian surat lalu ulangi.",
        )


def found(text: str, person: PersonInput) -> list[str]:
    """What of a person stands in a text: nama, NIK, nomor telepon, alamat surel.

    A name is found with or without its titles, numbers however they are grouped.
    """
    folded = f" {fold(text)} "
    digits = re.sub(r"\D+", " ", re.sub(r"(?<=\d)[ .()\-]+(?=\d)", "", text))
    hits = []
    if any(f" {name} " in folded for name in _names(person.name)):
        hits.append("nama")
    if len(nik := re.sub(r"\D", "", person.nik)) == 16 and nik in digits:
        hits.append("NIK")
    phone = re.sub(r"\D", "", person.phone).removeprefix("62").lstrip("0")
    if len(phone) >= 8 and phone in digits:
        hits.append("nomor telepon")
    if person.email and person.email.casefold() in text.casefold():
        hits.append("alamat surel")
    return hits


def _names(name: str) -> set[str]:
    """The folded name as given, and without the titles before and after it."""
    words = fold(name.partition(",")[0]).split()
    while len(words) > 1 and words[0] in TITLES:
        words.pop(0)
    return {n for n in (fold(name), " ".join(words)) if len(n) >= SHORTEST_NAME}
