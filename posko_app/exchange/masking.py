"""Takes everybody confidential out of texts that leave: Pelapor or Saksi stands in their place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from posko_app.cases import silence
from posko_app.cases.report import PersonInput
from posko_app.text import fold

from .intake_sheets.entries import Entry
from .intake_sheets.forms import people_in

_GONE = "(dihapus karena memuat identitas; tulis ulang)"
_SHORTEST = 6  # digits of a number that was typed wrong; fewer stand in every date
_RUN = re.compile(r"\d(?:[\s.()\-]*\d){5,}")


@dataclass(frozen=True)
class _Hidden:
    """One person, the word that stands for them, and how they may be written."""

    word: str
    person: PersonInput
    patterns: tuple[re.Pattern[str], ...]
    shared: bool  # somebody reported bears the name too, so it stands in the open anyway


class Masking:
    """A function over texts, for the people of these entries.

    People are looked up by a word of their name and by a piece of their number, so that a long
    workbook does not compare every cell with everybody.
    """

    def __init__(self, entries: Sequence[Entry]) -> None:
        reported = [
            f" {fold(str(line.values.get('name', '')))} "
            for entry in entries
            for line in entry.details.get("reported", ())
        ]
        self._by_word: dict[str, list[_Hidden]] = {}
        self._by_digits: dict[str, list[_Hidden]] = {}
        self._by_mail: list[_Hidden] = []
        for word, person in people_in(entries):
            name = f" {fold(person.name)} "
            shared = bool(name.strip()) and any(name in other for other in reported)
            patterns = tuple(_patterns(person, with_name=not shared))
            self._keep(_Hidden(word, person, patterns, shared))

    def __call__(self, text: str) -> str:
        """The text without anybody; empty of all when that cannot be done word by word."""
        for hidden in self._named(text):
            for pattern in hidden.patterns:
                text = pattern.sub(hidden.word, text)
            left = silence.found(text, hidden.person)
            if left and not (left == ["nama"] and hidden.shared):
                return _GONE
        return text

    def _keep(self, hidden: _Hidden) -> None:
        person = hidden.person
        for name in _names(person.name):
            self._by_word.setdefault(fold(name[0]).split()[0], []).append(hidden)
        for digits in _numbers(person):
            self._by_digits.setdefault(digits[:_SHORTEST], []).append(hidden)
        if person.email:
            self._by_mail.append(hidden)

    def _named(self, text: str) -> list[_Hidden]:
        """Who may stand in a text."""
        found: list[_Hidden] = []
        for word in dict.fromkeys(fold(text).split()):
            found += self._by_word.get(word, ())
        for run in _RUN.findall(text):
            digits = re.sub(r"\D", "", run)
            for start in range(len(digits) - _SHORTEST + 1):
                found += self._by_digits.get(digits[start : start + _SHORTEST], ())
        if "@" in text:
            found += self._by_mail
        return list({id(hidden): hidden for hidden in found}.values())


def _names(name: str) -> Iterator[list[str]]:
    """The words of a name as given, and without the titles before and after it."""
    bare = name.partition(",")[0].split()
    while len(bare) > 1 and fold(bare[0]) in silence.TITLES:
        bare.pop(0)
    for words in (name.split(), bare):
        usable = [word for word in words if fold(word)]
        if len("".join(usable)) >= silence.SHORTEST_NAME:
            yield usable


def _numbers(person: PersonInput) -> Iterator[str]:
    """The digits by which a person is known, without what may stand before them."""
    for number in (person.nik, person.phone):
        digits = re.sub(r"\D", "", number)
        if number == person.phone:
            digits = digits.removeprefix("62")
        digits = digits.lstrip("0")
        if len(digits) >= _SHORTEST:
            yield digits


def _patterns(person: PersonInput, *, with_name: bool) -> Iterable[re.Pattern[str]]:
    for words in _names(person.name) if with_name else ():
        between = r"[\s.,]+".join(re.escape(word.strip(",.")) for word in words)
        yield re.compile(rf"(?<!\w){between}(?!\w)", re.IGNORECASE)
    for digits in _numbers(person):
        yield re.compile(r"(?:\+?62|0)?[\s.\-]*" + r"[\s.\-()]*".join(digits))
    if person.email:
        yield re.compile(re.escape(person.email), re.IGNORECASE)
