"""Finds reporters and witnesses in many texts at once: names as they sound, numbers, addresses.

Holds names in memory only; what it gives back says where something stands and never what. Within
the texts of their own case one word of a name is enough to be looked at by a person. In the texts
of other cases thousands of people share a word, so there only whole names and numbers count.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from posko_app.cases.report import PersonInput
from posko_app.cases.silence import TITLES
from posko_app.spelling import spelled
from posko_app.text import fold

SHORTEST = 3  # letters of a word that may be looked for
_JOINED = 8  # letters of a whole name written in one word, as in the names of files
_DIGITS = 9  # of a phone number without what stands before it; fewer stand in every date
_CONTEXT = 34  # characters before and after a hit
MASK = "•••••"

_WORD = re.compile(r"[^\W_]+(?:['’‘`ʼ][^\W_]+)*")
_PLAIN = "".join(chr(code).lower() if chr(code).isalnum() else " " for code in range(128))
"""What parts the words of ASCII without apostrophes, and makes their letters small."""
_HEARD = 65_536  # different words of which is remembered whether they tell anything
_NUMBER = re.compile(r"\d(?:\W{0,3}\d|_\d){7,}")
_TEN, _LEAST = "0123456789", 8  # how many digits make such a run
_MAIL = re.compile(r"[^\s<>(),;:\"@]{1,64}@[^\s<>(),;:\"@]{1,190}")  # bounded: texts may be hostile

NAME, WORD, NIK, PHONE, MAIL, ADDRESS = (
    *("nama lengkap", "satu kata dari nama", "NIK", "nomor telepon", "alamat surel", "alamat"),
)


class Hit(NamedTuple):
    """Something of somebody in a text, from `start` to `end`; `who` as the text may say instead."""

    start: int
    end: int
    what: str
    who: str

    @property
    def sure(self) -> bool:
        """Whether it is more than one word, which may mean something else."""
        return self.what != WORD


@dataclass
class _People:
    """The people of one case: their names, words, numbers, fragments of addresses."""

    names: list[tuple[tuple[str, ...], str]] = field(default_factory=list)  # of several words
    words: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)  # and addresses of mail
    addresses: list[tuple[tuple[str, ...], str]] = field(default_factory=list)


_NOBODY = _People()


class NameIndex:
    """Everybody whose names must not leave, ready to look into texts.

    Of all people only hashes are kept, so that ten thousand cases take little room; the people of
    the cases at hand are taken, and forgotten with the next ones. `common` are folded words that
    say nothing alone.
    """

    def __init__(self, common: Collection[str] = ()) -> None:
        self._common = frozenset(_sound(word) for word in common)
        self._sounds: set[str] = set(_MARKING)  # without one of these a text names nobody
        self._heard: set[str] = set()  # words as written that were compared with them
        self._telling: dict[str, str] = {}  # those that are among them -> how they sound
        self._by_case: dict[str, _People] = {}
        self._begins: dict[str, set[int]] = {}  # the first words of names -> how many they have
        self._names: set[int] = set()  # hashes of whole names and of mails
        self._joined: set[str] = set()  # whole names in one word
        self._numbers: dict[int, str] = {}  # hash of the digits -> what they are
        self._lengths: set[int] = set()

    def add(self, person: PersonInput) -> None:
        """Look for this person in the texts of every case from now on."""
        words = _name(person.name)
        self._listen(words)
        if len(words) > 1:
            self._begins.setdefault(words[0], set()).add(len(words))
            self._names.add(hash(words))
            if len(joined := _joined(person.name)) >= _JOINED:
                self._joined.add(joined)
                self._listen((joined,))
        for digits, what in _numbers(person):
            self._numbers[hash(digits)] = what
            self._lengths.add(len(digits))
        if person.email:
            self._names.add(hash(person.email.casefold()))

    def take(self, case_uid: str, who: str, person: PersonInput) -> None:
        """Look closer for this person in texts of this case, where they are called `who`."""
        people = self._by_case.setdefault(case_uid, _People())
        words = _name(person.name)
        self._listen(words)
        if len(words) > 1:
            people.names.append((words, who))
        for word in words:
            if len(word) >= SHORTEST and word not in self._common and not word.isdecimal():
                people.words.setdefault(word, who)
        people.addresses += [(part, who) for part in _fragments(person.address)]
        people.numbers |= {digits: who for digits, _ in _numbers(person)}
        if person.email:
            people.numbers[person.email.casefold()] = who

    def forget(self) -> None:
        """Let the people go that were taken."""
        self._by_case.clear()

    def suspects(self, case_uid: str, text: str) -> bool:
        """Whether `search` may find somebody in a text of this case or in a piece of it.

        Nearly all texts name nobody, so the cheap questions come first: has it a word that is in
        any name, a digit, an @.
        """
        sounds = self._told(text)
        if sounds and self._may_hold(case_uid, sounds, text):
            return True
        if text.isascii() and "@" not in text and sum(map(text.count, _TEN)) < _LEAST:
            return False
        return next(self._numbers_in(case_uid, text), None) is not None

    def _listen(self, words: Iterable[str]) -> None:
        """Let words that sound like these tell that somebody may be named."""
        if not self._sounds.issuperset(words):
            self._sounds.update(words)
            self._heard.clear()
            self._telling.clear()

    def _told(self, text: str) -> set[str]:
        """The sounds of those words of a text that may mean somebody; common ones among them."""
        if text.isascii() and "'" not in text and "`" not in text:
            words = set(text.translate(_PLAIN).split())
        else:
            words = set(_WORD.findall(text))
        if fresh := words - self._heard:
            if len(self._heard) > _HEARD:
                self._heard.clear()
                self._telling.clear()
                fresh = words
            self._heard |= fresh
            self._telling |= {w: s for w in fresh if (s := _sound(w)) in self._sounds}
        return {self._telling[word] for word in self._telling.keys() & words}

    def search(
        self, case_uid: str, text: str, known: Iterable[str] = (), *, whole: bool = False
    ) -> list[Hit]:
        """Who of all people stands in a text of a case (or of none), one hit per place.

        `known` are names that stand in the open in this case, those of terlapor: what is part of
        them is no hit. With `whole` the text names others by trade, so only whole names of the
        same case count, and numbers.
        """
        hits = list(self._numbers_in(case_uid, text))
        words = list(map(_sound, _WORD.findall(text)))
        spans = [(m.start(), m.end()) for m in _WORD.finditer(text)]
        open_names = [_name(name) for name in known]
        hits += self._words_in(case_uid, words, spans, open_names, whole)
        return _widest(hits)

    def snippet(self, text: str, hit: Hit, hits: Sequence[Hit]) -> str:
        """What stands around a hit, everybody in it masked."""
        start, end = max(0, hit.start - _CONTEXT), min(len(text), hit.end + _CONTEXT)
        pieces, at = [], start
        for other in sorted(hits):
            if other.end <= start or other.start >= end:
                continue
            pieces += [text[at : max(at, other.start)], MASK]
            at = max(at, other.end)
        pieces.append(text[at:end] if at < end else "")
        before, after = "…" if start else "", "…" if end < len(text) else ""
        return before + " ".join("".join(pieces).split()) + after

    def _may_hold(self, case_uid: str, sounds: set[str], text: str) -> bool:
        """Whether a text with these telling words deserves a closer look."""
        people = self._by_case.get(case_uid, _NOBODY)
        if not people.words.keys().isdisjoint(sounds) or not self._joined.isdisjoint(sounds):
            return True
        if people.addresses and not _MARKING.isdisjoint(sounds):
            words = list(map(_sound, _WORD.findall(text)))
            if next(_addresses_in(people, words, [(0, 0)] * len(words)), None):
                return True
        if any(sounds.issuperset(name) for name, _ in people.names):
            return True
        begins = self._begins.keys() & sounds
        return len(sounds) > 1 and bool(begins) and self._any_name(text)

    def _any_name(self, text: str) -> bool:
        """Whether the whole name of anybody stands in a text."""
        words = [word for word in map(_sound, _WORD.findall(text)) if len(word) > 1]
        return any(
            hash(tuple(words[at : at + length])) in self._names
            for at, word in enumerate(words)
            if word in self._begins
            for length in self._begins[word]
        )

    def _words_in(
        self,
        case_uid: str,
        words: Sequence[str],
        spans: Sequence[tuple[int, int]],
        known: Sequence[tuple[str, ...]],
        whole: bool,
    ) -> Iterator[Hit]:
        people = self._by_case.get(case_uid, _People())
        shared = {word for name in known for word in name}
        if not whole:
            yield from _addresses_in(people, words, spans)
        # initials may stand between the words of a name, or not
        kept = [at for at, word in enumerate(words) if len(word) > 1]
        words, spans = [words[at] for at in kept], [spans[at] for at in kept]
        for name, who in people.names:
            if any(_within(name, other) for other in known):
                continue  # somebody reported bears it too, so it stands in the open anyway
            for at in _places(name, words):
                yield Hit(spans[at][0], spans[at + len(name) - 1][1], NAME, who)
        for at, word in enumerate(words) if not whole else ():
            if word in people.words and word not in shared:
                yield Hit(*spans[at], WORD, people.words[word])
            if word in self._joined:
                yield Hit(*spans[at], NAME, _role(case_uid))
            for length in self._begins.get(word, ()):
                name = tuple(words[at : at + length])
                if hash(name) in self._names and not any(_within(name, k) for k in known):
                    yield Hit(spans[at][0], spans[at + length - 1][1], NAME, _role(case_uid))

    def _numbers_in(self, case_uid: str, text: str) -> Iterator[Hit]:
        mine = self._by_case.get(case_uid, _People()).numbers
        for run in _NUMBER.finditer(text) if self._lengths else ():
            digits = _digits(run[0])
            places: list[int] = []
            for length in self._lengths:
                for at in range(len(digits) - length + 1):
                    found = digits[at : at + length]
                    if what := self._numbers.get(hash(found)):
                        who = mine.get(found, _role(case_uid))
                        if not places:
                            span = range(run.start(), run.end())
                            places = [place for place in span if text[place].isdecimal()]
                        begin = at - _before(digits[:at]) if what == PHONE else at
                        yield Hit(places[begin], places[at + length - 1] + 1, what, who)
        for mail in _MAIL.finditer(text) if self._names and "@" in text else ():
            for end in range(mail.end(), mail.start(), -1):  # a full stop may follow it
                found = text[mail.start() : end].casefold()
                if hash(found) in self._names:
                    yield Hit(mail.start(), end, MAIL, mine.get(found, _role(case_uid)))
                    break


def _addresses_in(
    people: _People, words: Sequence[str], spans: Sequence[tuple[int, int]]
) -> Iterator[Hit]:
    if not people.addresses:
        return
    kept = [(_address_word(word), at) for at, word in enumerate(words) if word not in _NOISE]
    plain = [word for word, _ in kept]
    for fragment, who in people.addresses:
        for place in _places(fragment, plain):
            first, last = kept[place][1], kept[place + len(fragment) - 1][1]
            yield Hit(spans[first][0], spans[last][1], ADDRESS, who)


def _role(case_uid: str) -> str:
    """Who somebody is that is not of this case."""
    return "Pelapor atau saksi perkara lain" if case_uid else "Pelapor atau saksi"


def _before(digits: str) -> int:
    """How many digits before a phone number belong to it: 0, 62 or nothing."""
    return 2 if digits.endswith("62") else int(digits.endswith("0"))


def _numbers(person: PersonInput) -> Iterator[tuple[str, str]]:
    """The digits by which somebody is known, and what they are."""
    phone = _digits(person.phone).removeprefix("62").lstrip("0")
    for digits, what, least in ((_digits(person.nik), NIK, 16), (phone, PHONE, _DIGITS)):
        if len(digits) >= least:
            yield digits, what


@lru_cache(65_536)
def _sound(word: str) -> str:
    """A word as it sounds; the same words come again and again."""
    return spelled(word).replace(" ", "")


@lru_cache(65_536)
def _folded(word: str) -> str:
    return fold(word)


_SHORT = {
    _sound(long): _sound(short)
    for long, short in (
        *(("jalan", "jl"), ("jln", "jl"), ("gang", "gg"), ("komplek", "kompleks")),
        *(("komp", "kompleks"), ("perumahan", "perum"), ("blk", "blok")),
    )
}
_MARKS = {_sound(word): 3 for word in ("jl", "gg", "blok", "kompleks", "perum")} | {"rt": 4}
"""Words that an address can be known by -> how many words from there on make a fragment."""
_MARKING = frozenset(_MARKS) | frozenset(_SHORT)
_NOISE = frozenset(_sound(word) for word in ("no", "nomor", "nomer"))


@lru_cache(1_024)
def _bare(name: str) -> tuple[str, ...]:
    """The words of a name without titles before it, degrees after its comma, and initials."""
    words = [word for word in map(_folded, _WORD.findall(name.partition(",")[0])) if word]
    while len(words) > 1 and words[0] in TITLES:
        words.pop(0)
    return tuple(word for word in words if len(word) > 1)


def _name(name: str) -> tuple[str, ...]:
    return tuple(map(_sound, _bare(name)))


def _joined(name: str) -> str:
    """A whole name written in one word, as in the names of files; it sounds a little different."""
    return _sound("".join(_bare(name)))


def _fragments(address: str) -> Iterator[tuple[str, ...]]:
    """Pieces of an address by which a house can be found again: a street, an RT with its place."""
    words = [_address_word(_sound(word)) for word in _WORD.findall(address)]
    words = [word for word in words if word not in _NOISE]
    for at, word in enumerate(words):
        piece = tuple(words[at : at + _MARKS.get(word, 0)])
        if len(piece) > 1 and len("".join(piece[1:])) >= SHORTEST:
            yield piece


def _address_word(word: str) -> str:
    return _SHORT.get(word, word.lstrip("0") or word)


def _places(piece: Sequence[str], words: Sequence[str]) -> Iterator[int]:
    """Where a run of words begins in others."""
    size = len(piece)
    for at in range(len(words) - size + 1):
        if words[at] == piece[0] and list(words[at : at + size]) == list(piece):
            yield at


def _within(name: Sequence[str], other: Sequence[str]) -> bool:
    return any(True for _ in _places(name, other))


def _digits(text: str) -> str:
    digits = "".join(filter(str.isdecimal, text))
    return digits if digits.isascii() else "".join(str(int(char)) for char in digits)


def _widest(hits: Iterable[Hit]) -> list[Hit]:
    """Hits in their order, none of them inside another one."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda h: (h.start, -h.end, h.what == WORD)):
        if not kept or hit.start >= kept[-1].end:
            kept.append(hit)
        elif hit.end > kept[-1].end:  # they overlap: one place, masked as a whole
            kept[-1] = kept[-1]._replace(end=hit.end)
    return kept
