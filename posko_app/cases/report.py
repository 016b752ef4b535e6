"""What a report holds when it is handed in, and the checks that the desk and a workbook share.

Field by field after Formulir Model A.1 (Perbawaslu 9/2024, annex) and its twin B.1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

from posko_app.app import Posko
from posko_app.errors import Problem
from posko_app.rules import deadlines, requirements
from posko_app.rules.book import Regulation
from posko_app.rules.identity import parse_nik, parse_nip, parse_phone
from posko_app.text import clean, clock, numeric_date

from . import silence, violation_forms
from .kinds import IntakeKind, kind_of

# People with an address or a number but no name would be left out without a word.
NAMELESS = "Isi namanya, atau tulis Belum diketahui."
LONGEST = 30_000  # characters a narrative may have: what a worksheet cell can carry


@dataclass(frozen=True, kw_only=True)
class PersonInput:
    """A reporter or witness as given at the desk; everything here is confidential."""

    name: str = ""
    nik: str = ""
    birth_place: str = ""
    birth_on: date | None = None
    sex: str = ""
    occupation: str = ""
    citizenship: str = "wni"
    address: str = ""
    phone: str = ""
    email: str = ""

    @property
    def given(self) -> bool:
        """Whether anything is known of this person; citizenship is filled in beforehand."""
        rest = {**vars(self), "citizenship": "", "birth_on": ""}
        return self.birth_on is not None or any(text.strip() for text in rest.values())


@dataclass(frozen=True, kw_only=True)
class ReportedInput:
    """A terlapor."""

    name: str = ""
    category: str = ""
    nip: str = ""
    rank: str = ""
    position_title: str = ""
    agency: str = ""
    address: str = ""
    phone: str = ""
    uid: str = ""  # of the row in the case that becomes what the form says

    @property
    def given(self) -> bool:
        """Whether anything is known of this person."""
        return any(text.strip() for text in vars(replace(self, uid="")).values())


@dataclass(frozen=True)
class KeptFile:
    """A file whose bytes are in the vault already; with `key` empty its key has a row there."""

    name: str
    sha256: str
    size: int
    mime: str
    key: bytes = b""


@dataclass(frozen=True, kw_only=True)
class EvidenceInput:
    """One item of evidence; `path` is the file to copy, or `kept` the one stored before."""

    description: str = ""
    kind: str = ""
    source: str = ""
    path: Path | None = None
    kept: KeptFile | None = None

    @property
    def file_name(self) -> str:
        """The name of its file; empty when it has none."""
        if self.kept is not None:
            return self.kept.name
        return self.path.name if self.path else ""


@dataclass(frozen=True, kw_only=True)
class NewReport:
    """Something of any kind about to be taken in; each kind leaves empty what it does not ask."""

    kind: str = "report"
    election_kind: str = ""
    election_stage: str = ""
    channel: str = "visit"
    title: str = ""
    theme: str = ""
    article: str = ""
    violation: str = ""  # code of an entry of the catalogue
    filed_on: date
    filed_time: str = ""
    filed_place: str = ""
    known_on: date | None = None
    event_on: date | None = None
    event_time: str = ""
    event_place: str = ""
    region_code: str = ""
    narrative: str = ""
    reporter: PersonInput = field(default_factory=PersonInput)
    reporter_capacity: str = ""
    picture: Path | None = None  # of the reporter's identity card
    by_proxy: bool = False
    statement_given: bool = False
    signature_matches: bool = False
    reported: tuple[ReportedInput, ...] = ()
    witnesses: tuple[PersonInput, ...] = ()
    evidence: tuple[EvidenceInput, ...] = ()
    officer: str = ""
    arrived_at: datetime | None = None  # stamped when the reporter stood at the desk
    arrival_reason: str = ""  # why the time of filing is not the stamped one
    proxy: PersonInput = field(default_factory=lambda: PersonInput(citizenship=""))
    proxy_letter: str = ""
    proxy_letter_on: date | None = None
    finder: str = ""
    finder_title: str = ""
    finder_address: str = ""
    lhp_number: str = ""
    lhp_on: date | None = None
    plenary_number: str = ""
    plenary_on: date | None = None
    info_source: str = ""
    organisation: str = ""
    wanted_on: date | None = None
    handed_to: str = ""
    answer: str = ""  # given on the spot
    checks: Mapping[str, str] = field(default_factory=dict)  # check of the desk -> its mark
    held: frozenset[str] = frozenset()  # fields of a sealed reporter whom the case has already

    @property
    def people(self) -> tuple[tuple[str, PersonInput], ...]:
        """Everybody whose identity is confidential, by the path of their fields."""
        witnesses = ((f"witnesses.{n}", person) for n, person in enumerate(self.witnesses))
        return (("reporter", self.reporter), ("proxy", self.proxy), *witnesses)

    @property
    def given(self) -> bool:
        """Whether anything was said; when, where and by whom it was taken in is filled in."""
        texts = (self.title, self.narrative, self.event_place, self.info_source, self.organisation,
                 self.finder, self.lhp_number, self.handed_to, self.answer)  # fmt: skip
        dates = (self.known_on, self.event_on, self.wanted_on)
        people = any(person.given for _, person in self.people)
        parties = any(party.given for party in self.reported)
        words = any(text.strip() for text in texts)
        files = bool(self.evidence) or self.picture is not None
        return words or any(dates) or people or parties or files


@dataclass(frozen=True)
class CheckedReport:
    """What the checks found: `problems` forbid filing, `missing` only without the person's word.

    Among the latter are texts in the open that name the reporter or a witness, and NIK that do not
    follow the pattern: a few real ones do not.
    """

    problems: tuple[Problem, ...]
    missing: tuple[Problem, ...]
    requirements: tuple[requirements.RequirementCheck, ...]
    dues: tuple[deadlines.Due, ...]


def check_report(
    posko: Posko, new: NewReport, regulation: Regulation | None = None
) -> CheckedReport:
    """Look at a report as it stands, also while it is still being typed.

    `problems` are values that cannot be right; `missing` are fields that its kind requires: what
    lacks them can be taken in, a report must be completed before registration.
    """
    law = regulation or posko.rules.get(posko.office.regulation, new.filed_on)
    today = posko.today()
    kind = kind_of(new.kind)
    problems = (
        *_dates(new, kind, today),
        *_arrival(posko, new, today),
        *_people(new, today),
        *_texts(new),
        *_violation(new, law),
    )
    demanded = requirements.check(facts_of(posko, new, law), law) if new.kind == "report" else ()
    return CheckedReport(
        problems=problems,
        missing=(*_missing(new, kind), *_odd_niks(new, today), *_named_in_the_open(new)),
        requirements=tuple(demanded),
        dues=tuple(_dues(posko, new, law)),
    )


def facts_of(posko: Posko, new: NewReport, law: Regulation) -> requirements.ReportFacts:
    """The facts that the formal and material requirements are judged by."""
    return requirements.ReportFacts(
        reporter_named=_has(new, "reporter.name"),
        reporter_located=_has(new, "reporter.address"),
        reported_named=any(p.name.strip() for p in new.reported),
        on_time=on_time(posko, law, new.known_on, new.filed_on),
        event_dated=new.event_on is not None,
        event_placed=bool(new.event_place.strip()),
        narrated=bool(new.narrative.strip()),
        evidence=len(new.evidence),
        signature_matches=new.signature_matches or None,
        filed_on=new.filed_on,
    )


def on_time(posko: Posko, law: Regulation, known_on: date | None, filed_on: date) -> bool | None:
    """Whether a report came within the filing limit; None while the date known is missing."""
    if known_on is None:
        return None
    limit = deadlines.due(law.deadlines["report_filing"], known_on, posko.calendar, posko.zone)
    return filed_on <= limit.due_on


def _dues(posko: Posko, new: NewReport, law: Regulation) -> Iterator[deadlines.Due]:
    """The clocks that filing starts; which ones depends on what is taken in."""
    starts = {"known": new.known_on, "found": new.known_on or new.filed_on, "filed": new.filed_on}
    for key in ("report_filing", "finding_set", "inquiry", "initial_review"):
        rule = law.deadlines[key]
        start = starts[rule.starts]
        if start and new.kind in rule.kinds:
            yield deadlines.due(rule, start, posko.calendar, posko.zone)


DATES = {
    "filed_on": "Tanggal lapor",
    "known_on": "Tanggal diketahui",
    "event_on": "Tanggal kejadian",
    "lhp_on": "Tanggal LHP",
    "plenary_on": "Tanggal pleno",
    "proxy_letter_on": "Tanggal surat kuasa",
}
"""Dates that never lie ahead, as the form calls them."""


def _dates(new: NewReport, kind: IntakeKind, today: date) -> Iterator[Problem]:
    label = {**DATES, **kind.labels}
    for key in DATES:
        day = getattr(new, key)
        if day and day > today:
            yield Problem(key, f"{label[key]} setelah hari ini. Periksa tahunnya.")
    if new.event_on and new.known_on and new.known_on < new.event_on:
        yield Problem(
            "known_on",
            f"{label['known_on']} sebelum kejadian {numeric_date(new.event_on)}. "
            "Periksa kedua tanggal.",
        )
    if new.known_on and new.filed_on < new.known_on:
        before = f"{label['filed_on']} sebelum {label['known_on'].lower()}."
        yield Problem("filed_on", f"{before} Periksa keduanya.")


def _arrival(posko: Posko, new: NewReport, today: date) -> Iterator[Problem]:
    """The stamp is kept as it was; filing at another time wants its reason."""
    if new.arrived_at is None or new.arrival_reason.strip():
        return
    stamped = new.arrived_at.astimezone(posko.zone)
    if (new.filed_on, new.filed_time) != (stamped.date(), f"{stamped:%H:%M}"):
        day = "" if stamped.date() == today else f" tanggal {numeric_date(stamped.date())}"
        yield Problem(
            "arrival_reason",
            f"Terima sekarang mencatat pukul {clock(stamped)}{day}. Tulis alasan mengubahnya.",
        )


def _people(new: NewReport, today: date) -> Iterator[Problem]:
    for key, person in new.people:
        if key not in ("reporter", "proxy") and person.given and not person.name.strip():
            yield Problem(f"{key}.name", NAMELESS)
        yield from _person(key, person, today)
    for n, party in enumerate(new.reported):
        if party.given and not party.name.strip():
            yield Problem(f"reported.{n}.name", NAMELESS)
        if party.nip:
            for error in parse_nip(party.nip).errors:
                yield Problem(f"reported.{n}.nip", error)
        if party.phone:
            for error in parse_phone(party.phone).errors:
                yield Problem(f"reported.{n}.phone", error)


def _person(key: str, person: PersonInput, today: date) -> Iterator[Problem]:
    if person.nik and not (nik := parse_nik(person.nik, today)).overridable:
        for error in nik.errors:
            yield Problem(f"{key}.nik", error)
    if person.phone:
        for error in parse_phone(person.phone).errors:
            yield Problem(f"{key}.phone", error)
    if person.email and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", person.email):
        yield Problem(f"{key}.email", "Tulis e-mail seperti nama@contoh.id.")
    if person.birth_on and person.birth_on > today:
        yield Problem(f"{key}.birth_on", "Tanggal lahir setelah hari ini. Periksa tahunnya.")


def _texts(new: NewReport) -> Iterator[Problem]:
    if len(clean(new.narrative)) > LONGEST:
        yield Problem(
            "narrative", "Uraian terlalu panjang, paling banyak 30.000 huruf. Ringkas uraiannya."
        )
    if len(clean(new.title)) > 300:
        yield Problem("title", "Peristiwa terlalu panjang, paling banyak 300 huruf.")
    if new.filed_time and not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", new.filed_time):
        yield Problem("filed_time", "Tulis jam seperti 09.30.")
    if new.event_time and not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", new.event_time):
        yield Problem("event_time", "Tulis jam seperti 09.30.")


def _violation(new: NewReport, law: Regulation) -> Iterator[Problem]:
    categories = (party.category for party in new.reported)
    stage = new.election_stage
    return violation_forms.problems(law, new.violation, categories, new.event_on, stage)


def _odd_niks(new: NewReport, today: date) -> Iterator[Problem]:
    for key, person in new.people:
        if person.nik and (nik := parse_nik(person.nik, today)).overridable:
            for error in nik.errors:
                yield Problem(f"{key}.nik", error)


def _named_in_the_open(new: NewReport) -> Iterator[Problem]:
    people = [("Pelapor", new.reporter), ("Kuasa pelapor", new.proxy)]
    people += [(f"Saksi {n}", witness) for n, witness in enumerate(new.witnesses, 1)]
    yield from silence.problems(open_texts(new), people, (party.name for party in new.reported))


def open_texts(new: NewReport) -> dict[str, str]:
    """The texts of a form that every role reads, by the path of their fields."""
    texts: dict[str, str] = {name: getattr(new, name) for name in OPEN_TEXTS}
    return texts | {f"evidence.{n}.description": e.description for n, e in enumerate(new.evidence)}


def in_the_open(field: str) -> bool:
    """Whether a field, named by its path, is a text that every role reads."""
    return field in OPEN_TEXTS or (field.startswith("evidence.") and field.endswith(".description"))


OPEN_TEXTS = (
    *("title", "event_place", "narrative", "arrival_reason", "info_source", "organisation"),
    *("handed_to", "answer", "proxy_letter", "filed_place", "lhp_number", "plenary_number"),
    *("article", "finder_title", "finder_address"),
)
"""Texts that every role reads: nobody confidential may be named in them."""


def _missing(new: NewReport, kind: IntakeKind) -> Iterator[Problem]:
    for key, sentence in kind.required.items():
        if not _has(new, key):
            yield Problem(key, sentence)


def _has(new: NewReport, key: str) -> bool:
    """Whether a required field, named by its path, has an answer."""
    head, _, name = key.partition(".")
    if head == "reported":
        return any(party.given for party in new.reported)
    if head == "proxy" and not new.by_proxy:
        return True
    if key in new.held and not new.reporter.given:
        return True
    value = getattr(getattr(new, head), name) if name else getattr(new, key)
    return bool(value.strip()) if isinstance(value, str) else value is not None
