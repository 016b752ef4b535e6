"""A message split into proposals for the fields of a report; a person checks every one of them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from posko_app.app import Posko
from posko_app.rules.identity import parse_nik, parse_phone

from .chat import Message, read_chat, senders, spoken
from .chat_finds import Find, Scene, finds
from .chat_masks import Disguise
from .chat_patterns import load_chat_patterns
from .report import PersonInput

_LINE = re.compile(
    r"^[\s*_•\-–\d.)]*([A-Za-z][A-Za-z .,/\-]{1,30}?)(?:\s*\(?(\d{1,2})\)?)?[\s*_]*[:=]\s*(.*)$"
)
_OF_MANY = re.compile(r"(reported|witnesses)\.(\d+)\.name")
LONGEST_VALUE = 200  # characters under an empty label that still are its value
SECRET = ("reporter.", "witnesses.")
STORY, LABEL = -1, -2  # what a line became instead of a proposal: story, or a label left empty


@dataclass(frozen=True)
class Proposal:
    """A value for a field, and where it was found; `sure` ones stood behind a label."""

    key: str
    value: str
    line: int  # of the text, from 1; 0 for the message as a whole
    why: str
    sure: bool
    coded: bool = False  # the value is a code of a list
    labelled: bool = False

    @property
    def secret(self) -> bool:
        """Whether it tells who somebody is."""
        return self.key.startswith(SECRET)

    @property
    def where(self) -> str:
        """Where it was found, for people."""
        return (
            f"Baris {self.line}: {self.why}" if self.line else self.why[:1].upper() + self.why[1:]
        )

    def masked(self) -> str:
        """The value as a list may show it."""
        if not self.secret:
            return self.value
        if self.key.endswith(".phone"):
            return parse_phone(self.value).masked
        if self.key.endswith(".nik"):
            return parse_nik(self.value, date.max).masked
        return " ".join(f"{word[:1]}…" for word in self.value.split())


@dataclass(frozen=True)
class Line:
    """A line of the text: who said it, what, and which proposal it became (STORY: none)."""

    number: int
    speaker: str  # "Pelapor", "Pengirim 2", empty when nobody is named
    text: str
    proposal: int = STORY


@dataclass(frozen=True)
class Split:
    """A text taken apart."""

    lines: tuple[Line, ...]
    proposals: tuple[Proposal, ...]
    disguise: Disguise
    people: tuple[tuple[str, PersonInput], ...] = ()  # whom it names; identities
    cut: bool = False  # whether the text was longer than what is taken apart at once

    def narrative(self, taken: Collection[int] | None = None) -> str:
        """The story: every line that did not become a field, without anybody's identity.

        `taken` are the places of the proposals taken over (None: all). A label line whose proposal
        was left out stays in the story, unless it tells who somebody is.
        """
        told: list[str] = []
        before = ""
        several = len({line.speaker for line in self.lines if line.speaker}) > 1
        for line in self.lines:
            if line.proposal == LABEL:
                continue
            if line.proposal >= 0:
                proposal = self.proposals[line.proposal]
                if proposal.secret or taken is None or line.proposal in taken:
                    continue
            text = self.disguise.text(line.text).strip()
            if several and line.speaker and line.speaker != before:
                text, before = f"{line.speaker}: {text}", line.speaker
            told.append(text)
        return "\n".join(told)


def split_text(posko: Posko, text: str, *, reporter: str | None = None) -> Split:
    """Take a pasted text apart for an office; its limit is in `resources/chat.toml`."""
    today = posko.today()
    most = load_chat_patterns().limits.pasted
    scene = Scene(today, posko.regions, posko.office.code)
    told = split(read_chat(text[:most], today), scene, reporter=reporter)
    return replace(told, cut=len(text) > most)


def split(messages: Sequence[Message], scene: Scene, *, reporter: str | None = None) -> Split:
    """Take messages apart. `reporter` is the sender who reports; the first one if not given."""
    known = senders(messages)
    if reporter is None:
        reporter = known[0] if known else ""
    labels = Disguise(known, reporter)
    reader = _Reader(scene)
    lines: list[Line] = []
    number = 0
    for message in messages:
        speaker = labels.label(message.sender)
        own = message.sender == reporter
        day = message.at.date() if message.at and message.at.date() <= scene.day else scene.day
        for text in spoken(message).split("\n"):
            number += 1
            said = text.replace("*", "").strip()
            if message.state or message.media or not said:
                continue
            place, said = reader.read(said, number, day) if own else (STORY, said)
            lines.append(Line(number, speaker, said, place))
    found = [*reader.proposals, *_of_head(messages, reporter)]
    people = _named(found)
    kept = _best(found)
    moved = {old: new for new, old in enumerate(kept)}
    lines = [replace(line, proposal=moved.get(line.proposal, line.proposal)) for line in lines]
    hidden = Disguise(known, reporter, people)
    proposals = tuple(_disguised(found[place], hidden) for place in kept)
    return Split(tuple(lines), proposals, hidden, tuple(people))


def people_in(messages: Sequence[Message], scene: Scene) -> tuple[tuple[str, PersonInput], ...]:
    """Everybody whom anybody of a chat names behind a label, as reporter or witness."""
    found = [split(messages, scene, reporter=sender).people for sender in senders(messages)]
    return tuple(person for people in found for person in people)


def _named(found: Sequence[Proposal]) -> list[tuple[str, PersonInput]]:
    witnesses = sorted({int(p.key.split(".")[1]) for p in found if p.key.startswith("witnesses.")})
    people = list(_people(found, "reporter", "Pelapor"))
    for place in witnesses:
        people += _people(found, f"witnesses.{place}", f"Saksi {place + 1}")
    return people


def _disguised(proposal: Proposal, hidden: Disguise) -> Proposal:
    """A value for a field in the open without anybody's identity: a link may hold a number."""
    if proposal.secret or proposal.coded or proposal.key.startswith("reported."):
        return proposal
    return replace(proposal, value=hidden.text(proposal.value))


def _best(found: Sequence[Proposal]) -> list[int]:
    """The places of all proposals but guesses for fields that a label or the head has filled."""
    sure = {proposal.key for proposal in found if proposal.sure}
    return [
        place
        for place, proposal in enumerate(found)
        if proposal.sure or proposal.labelled or proposal.key not in sure
    ]


class _Reader:
    """Reads line by line; remembers whom the lines speak of and what was found."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._person, self._waiting = "reporter", ""
        self._labelled: set[str] = set()
        self.proposals: list[Proposal] = []

    def read(self, line: str, number: int, day: date) -> tuple[int, str]:
        """Take one line in; gives back the proposal it became (or STORY, LABEL) and its words."""
        key, value = self._label(line)
        if key and not value:
            self._waiting = "" if key == "narrative" else key
            return LABEL, line
        if not key and self._waiting and len(line) <= LONGEST_VALUE:
            key, value = self._waiting, line
        self._waiting = ""
        if key and key != "narrative":
            place = self._add_labelled(key, value, number, day)
            return place, line
        for found in finds(value, replace(self._scene, day=day)):
            self._add_found(found, number)
        return STORY, value

    def _label(self, line: str) -> tuple[str, str]:
        match = _LINE.match(line)
        if match is None:
            return "", line
        label = " ".join(match[1].casefold().split())
        for pattern, key in load_chat_patterns().labels:
            if pattern.fullmatch(label):
                key = self._numbered(key.replace("*", self._person), match[2])
                if key.endswith(".name"):
                    self._person = key.removesuffix(".name")
                return key, match[3].strip()
        return "", line

    def _numbered(self, key: str, number: str | None) -> str:
        """A key for the person meant: "Saksi 2" is the second, another "Saksi" the next one."""
        many = _OF_MANY.fullmatch(key)
        if many is None:
            return key
        if number:
            return f"{many[1]}.{max(int(number), 1) - 1}.name"
        place = int(many[2])
        while f"{many[1]}.{place}.name" in self._labelled:
            place += 1
        return f"{many[1]}.{place}.name"

    def _add_labelled(self, key: str, value: str, number: int, day: date) -> int:
        first = len(self.proposals)
        for name, text, coded in _refined(key, value, day):
            again = name in self._labelled
            self._labelled.add(name)
            why = "sesudah labelnya"
            self.proposals.append(Proposal(name, text, number, why, not again, coded, True))
        return first if len(self.proposals) > first else STORY

    def _add_found(self, found: Find, number: int) -> None:
        known = [p for p in self.proposals if p.key == found.key]
        if any(p.value == found.value for p in known):
            return
        if known and not found.key.startswith("evidence."):
            return  # the first mention; the others stay in the story
        key = found.key
        if known:
            key = f"evidence.{len([p for p in self.proposals if p.why == found.why])}.description"
        self.proposals.append(Proposal(key, found.value, number, found.why, False, found.coded))


def _refined(key: str, value: str, day: date) -> Iterator[tuple[str, str, bool]]:
    """Place and date of birth apart, date and hour apart, the sex as its code."""
    if key == "birth":
        place, comma, born = value.partition(",")
        yield "reporter.birth_place", place.strip(), False
        if comma and born.strip():
            yield "reporter.birth_on", born.strip(), False
    elif key == "reporter.sex":
        if code := load_chat_patterns().sexes.get(value.casefold().strip(" .")):
            yield key, code, True
    elif key in ("event_on", "known_on"):
        told = {found.key: found.value for found in finds(value, Scene(day))}
        yield key, told.get("event_on", value), False
        if key == "event_on" and "event_time" in told:
            yield "event_time", told["event_time"], False
    else:
        yield key, value, False


def _of_head(messages: Sequence[Message], reporter: str) -> Iterator[Proposal]:
    """Number or profile name of who wrote, and when it was written."""
    first = next((m for m in messages if m.sender and m.sender == reporter), None)
    if first is None:
        return
    phone = parse_phone(reporter)
    if not phone.errors:
        yield Proposal("reporter.phone", phone.grouped, 0, "nomor pengirim", True)
    else:
        yield Proposal("reporter.name", reporter, 0, "nama profil pengirim", False)
    if first.at is not None:
        yield Proposal("filed_on", f"{first.at:%d-%m-%Y}", 0, "tanggal pesan pertama", False)
        yield Proposal("filed_time", f"{first.at:%H.%M}", 0, "jam pesan pertama", False)


def _people(
    proposals: Sequence[Proposal], key: str, label: str
) -> Iterator[tuple[str, PersonInput]]:
    """Everybody whom the proposals for one person may mean: each value a person of its own."""
    for name in ("name", "nik", "phone", "email", "address"):
        for proposal in proposals:
            if proposal.key == f"{key}.{name}":
                yield label, replace(PersonInput(), **{name: proposal.value})  # type: ignore[arg-type]
