"""Finds reporter and witnesses in texts that stand in the open: by name, NIK, phone or e-mail.

Titles, narratives and notes are read by every role, searched, exported and printed; who somebody is
belongs in the compartment alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from posko_app.errors import Problem
from posko_app.text import fold

if TYPE_CHECKING:
    from .report import PersonInput

TITLES = frozenset({"h", "hj", "haji", "dr", "drs", "dra", "ir", "prof", "sdr", "bapak", "ibu"})
SHORTEST_NAME = 3  # letters; a shorter name would be found in every text


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


def problems(
    texts: Mapping[str, str], people: Iterable[tuple[str, PersonInput]], known: Iterable[str]
) -> Iterator[Problem]:
    """One problem per text (field -> text) and person who is named in it.

    `people` are named as the text may name them: "Pelapor", "Saksi 2". A name that stands in the
    open anyway, because one of the `known` reported persons bears it too, is no problem.
    """
    names = [f" {fold(name)} " for name in known]
    for who, person in people:
        shared = any(f" {name} " in other for name in _names(person.name) for other in names)
        for field, text in texts.items():
            hits = [hit for hit in found(text, person) if not (hit == "nama" and shared)]
            if hits:
                yield Problem(
                    field,
                    f"Isian ini memuat {', '.join(hits)} {who.lower()}. Tulis {who} saja: isian "
                    "ini terbaca semua peran dan ikut dalam kiriman.",
                )


def _names(name: str) -> set[str]:
    """The folded name as given, and without the titles before and after it."""
    words = fold(name.partition(",")[0]).split()
    while len(words) > 1 and words[0] in TITLES:
        words.pop(0)
    return {n for n in (fold(name), " ".join(words)) if len(n) >= SHORTEST_NAME}
