"""Finds people in a letter whom its addressee must not learn of, before it is numbered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from posko_app.cases.report import PersonInput
from posko_app.cases.silence import found
from posko_app.errors import InvalidInput, Problem
from posko_app.rules.catalogue import OWN_CODE

from .blocks import Block, as_text


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
