"""Hides who the people of a chat are: numbers and profile names give way to "Pelapor" and such."""

from __future__ import annotations

import re
from collections.abc import Sequence

from posko_app.rules.identity import parse_phone

from .chat import bare
from .report import PersonInput
from .silence import SHORTEST_NAME, TITLES

REPORTER = "Pelapor"
OTHER = "Pengirim"
_WORD = re.compile(r"\w+")
_SIX_DIGITS = re.compile(r"\d(?:[\s.()\-–‑]{0,3}\d){5}")
_GAP = r"[\s.()\-–‑]{0,3}"


class Disguise:
    """Knows the senders of one chat and the people named in it, and never tells.

    `reporter` is the sender who reports. `people` are further persons, as ("Saksi 1", person).
    """

    def __init__(
        self,
        senders: Sequence[str],
        reporter: str = "",
        people: Sequence[tuple[str, PersonInput]] = (),
    ) -> None:
        self.reporter = reporter
        self._labels: dict[str, str] = {}
        number = 1
        for sender in senders:
            if sender == reporter:
                self._labels[sender] = REPORTER
            else:
                number += 1
                self._labels[sender] = f"{OTHER} {number}"
        parts: list[tuple[str, str]] = []
        for sender, label in self._labels.items():
            parts += _of_sender(sender, label)
        for label, person in people:
            parts += _of_person(person, label)
        parts.sort(key=lambda part: len(part[0]), reverse=True)  # the longest name first
        self._words = [label for _, label in parts]
        joined = "|".join(f"({pattern})" for pattern, _ in parts)
        self._pattern = re.compile(joined, re.IGNORECASE) if parts else None
        self._telling = _telling([name for name in self._labels if not _is_number(name)], people)

    @property
    def senders(self) -> tuple[str, ...]:
        """Everybody who wrote; identities."""
        return tuple(self._labels)

    def label(self, sender: str) -> str:
        """What a sender is called in the open; empty for nobody."""
        return self._labels.get(sender, OTHER) if sender else ""

    def hint(self, sender: str) -> str:
        """As much of a sender as tells two of them apart on screen: `0812******76`, `B. C.`."""
        if _is_number(sender):
            return parse_phone(sender).masked
        letters = [word[0].upper() for word in re.findall(r"\w+", bare(sender))]
        return " ".join(f"{letter}." for letter in letters[:3])

    def text(self, text: str) -> str:
        """A text without anybody's number or name."""
        plain = bare(text)
        if self._pattern is None or not self._may_tell(plain):
            return plain
        return self._pattern.sub(self._instead, plain)

    def names(self, text: str) -> bool:
        """Whether a text tells who somebody is."""
        return self.text(text) != bare(text)

    def _may_tell(self, plain: str) -> bool:
        """Whether it is worth a look at everybody: a group has hundreds of members."""
        if "" in self._telling or _SIX_DIGITS.search(plain):
            return True
        return not self._telling.isdisjoint(_WORD.findall(plain.casefold()))

    def _instead(self, found: re.Match[str]) -> str:
        return self._words[(found.lastindex or 1) - 1]


def _telling(names: Sequence[str], people: Sequence[tuple[str, PersonInput]]) -> frozenset[str]:
    """Words of which one stands in every text that names somebody; "" when that is not certain."""
    texts = [bare(name) for name in names]
    for _, person in people:
        texts += [bare(text) for text in (person.name, person.email, person.address) if text]
    words: set[str] = set()
    for text in texts:
        found = _WORD.findall(text.casefold())
        words.update(found or ("",))
    return frozenset(words)


def _is_number(sender: str) -> bool:
    return bool(re.fullmatch(r"[\d\s+().\-–‑]{6,}", bare(sender)))


def _of_sender(sender: str, label: str) -> list[tuple[str, str]]:
    if _is_number(sender):
        return _number(sender, label)
    return _name(sender, label)


def _of_person(person: PersonInput, label: str) -> list[tuple[str, str]]:
    parts = [*_name(person.name, label), *_number(person.phone, label)]
    nik = re.sub(r"\D", "", person.nik)
    if len(nik) == 16:
        parts.append((rf"(?<!\d){_GAP.join(nik)}(?!\d)", label))
    for text in (person.email, person.address):
        if len(text.strip()) > SHORTEST_NAME:
            parts.append((_spaced(text), label))
    return parts


def _number(text: str, label: str) -> list[tuple[str, str]]:
    digits = re.sub(r"\D", "", text)
    tail = digits.removeprefix("62").lstrip("0") if digits.startswith(("62", "0")) else digits
    if len(tail) < 6:
        return []
    return [(rf"(?<!\d)(?:\+?{_GAP}62{_GAP}|0{_GAP})?{_GAP.join(tail)}(?!\d)", label)]


def _name(name: str, label: str) -> list[tuple[str, str]]:
    """The name as given, and without the titles around it."""
    whole = bare(name).strip(" @~")
    words = whole.partition(",")[0].split()
    while len(words) > 1 and re.sub(r"\W", "", words[0]).casefold() in TITLES:
        words.pop(0)
    forms = {whole, " ".join(words)}
    return [(_spaced(form), label) for form in forms if len(form) >= SHORTEST_NAME]


def _spaced(text: str) -> str:
    """A pattern for words of a text with any spaces between them."""
    words = bare(text).split()
    body = r"\s+".join(re.escape(word) for word in words)
    first = r"(?<!\w)" if words and words[0][:1].isalnum() else ""
    last = r"(?!\w)" if words and words[-1][-1:].isalnum() else ""
    return f"{first}{body}{last}"
