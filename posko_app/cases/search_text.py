"""What a case is found by: its own words and those of reported persons, letters and file names.

Never who reporter or witness is: those names stand in no open text, and file names that hold one
were replaced when the file was taken in. Whom a form was handed to is not told here either.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from posko_app.spelling import SHORTEST, spelled

LONGEST = 40  # letters of a word worth remembering


@dataclass(frozen=True)
class Found:
    """The rows a case is found by; `region` is the name of its place."""

    case: Any
    register_number: str
    region: str
    parties: Sequence[Any] = ()
    letters: Sequence[Any] = ()
    evidence: Sequence[Any] = ()


def search_text(found: Found) -> tuple[str, set[str]]:
    """Everything lists search in, every word as it sounds; and of these the known words.

    Known are words by which a misspelled one is set right: those of names, titles and places.
    """
    numbers = (found.case.number, found.register_number, *(p.nip for p in found.parties))
    named = spelled(" ".join(filter(None, _named(found))))
    parts = (spelled(" ".join(filter(None, numbers))), named, spelled(found.case.narrative or ""))
    known = {w for w in named.split() if SHORTEST <= len(w) <= LONGEST and w.isalpha()}
    return " ".join(filter(None, parts)), known


def _named(found: Found) -> Iterator[str]:
    yield from (found.case.title, found.case.event_place, found.region)
    for party in found.parties:
        yield from (party.name, party.position_title, party.agency)
    for letter in found.letters:
        yield from (letter.number, letter.title, letter.addressee)
    yield from file_words(item.file_name for item in found.evidence)


def file_words(names: Iterable[str]) -> Iterator[str]:
    """File names as words, without their endings."""
    for name in names:
        yield PurePath(name).stem.replace("_", " ") if name else ""
