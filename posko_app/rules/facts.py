"""What a regulation is made of: frozen facts, each with its source and its confidence."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cached_property
from typing import Any, Literal, get_args

from .calendar import Calendar
from .reading import RulesError

Confidence = Literal["C", "M", "U", "I"]
"""C read in a source; M from memory; U unsure; I inferred. All but C are to be checked."""
Unit = Literal["hours", "calendar_days", "working_days"]
FirstDay = Literal["next", "same"]
Cutoff = Literal["midnight", "service_end", "next_service"]
"""At the end of the day, when the desk closes, or that of the next day on which it is open."""
Question = Literal["start", "first_day", "limit", "cutoff"]
OnPause = Literal["runs", "stops"]

EVENT_KINDS = (
    "filed",
    "received_transfer",
    "taken_over",
    "inquiry_ordered",
    "inquiry_reported",
    "reviewed",
    "completion_noticed",
    "completed",
    "completion_lapsed",
    "registered",
    "not_registered",
    "withdrawn",
    "extra_needed",
    "paused",
    "resumed",
    "invited",
    "absent",
    "clarified",
    "expert_heard",
    "gakkumdu_first",
    "assessed",
    "gakkumdu_second",
    "decided",
    "referred",
    "transferred",
    "transfer_returned",
    "notified",
    "agency_returned",
    "information_requested",
    "follow_up",
    "closed",
    "reopened",
    "converted",
    "corrected",
    "note",
)
"""All kinds of event, in the order in which events of one day are taken where more than one fits.

Registration stands before withdrawal: when both have one date, no case may be lost by the order.
"""
DATE_STARTS = ("known", "found", "received", "clarification")
"""Starts that are dates of the case and not events: see `deadlines.start_of`."""
STAGES = (
    "received",
    "initial_review",
    "completion",
    "registration",
    "clarification",
    "assessment",
    "plenary",
    "referral",
    "notice",
    "closed",
)
INTAKE_KINDS = (
    "report",
    "finding",
    "initial_info",
    "consultation",
    "request",
    "voter_rights",
    "outside",
)


def one_of(value: str, allowed: tuple[str, ...] | object, what: str) -> None:
    """Raise RulesError unless `value` is one of `allowed` (a tuple or a Literal)."""
    choices = allowed if isinstance(allowed, tuple) else get_args(allowed)
    if value not in choices:
        raise RulesError(f"{what} {value!r} is not one of {', '.join(choices)}")


@dataclass(frozen=True, kw_only=True)
class Fact:
    """Anything a regulation says: where it was read and how sure that is."""

    source: str  # keys of the regulation's `sources`, apart by spaces
    confidence: Confidence
    note: str = ""

    def __post_init__(self) -> None:
        one_of(self.confidence, Confidence, "confidence")
        if not self.source:
            raise RulesError("source is empty")


@dataclass(frozen=True, kw_only=True)
class ServiceHours(Fact):
    """When the desk is open, by weekday from Monday; days without hours are closed."""

    open: tuple[time, ...] = ()
    close: tuple[time, ...] = ()
    all_day: tuple[str, ...] = ()  # keys of stage dates with a 24-hour desk
    all_day_dates: tuple[tuple[date, date], ...] = ()  # the same, as dates; filled by the loader
    day_end: time = time.max  # the last minute of a day; filled by the loader

    def closes_at(self, day: date, calendar: Calendar) -> time | None:
        """When the desk closes on `day`: at its end if it never does, None when it is not open."""
        if any(first <= day <= last for first, last in self.all_day_dates):
            return self.day_end
        if not calendar.working(day) or day.weekday() >= len(self.close):
            return None
        return self.close[day.weekday()]


@dataclass(frozen=True, kw_only=True)
class Reading(Fact):
    """Another reading of a deadline that is still open; only the fields given differ."""

    question: Question
    text: str  # "bila dihitung sejak laporan diterima"
    starts: str = ""
    start_word: str = ""
    first_day: str = ""
    amount: int | None = None
    unit: str = ""
    cutoff: str = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        one_of(self.question, Question, "question")

    def changes(self) -> dict[str, object]:
        """The fields of the rule that this reading changes."""
        names = ("starts", "start_word", "first_day", "amount", "unit", "cutoff")
        given = {name: getattr(self, name) for name in names}
        return {name: value for name, value in given.items() if value not in ("", None)}


@dataclass(frozen=True, kw_only=True)
class DeadlineRule(Fact):
    """So many hours or days, counted from an event or a date of the case.

    `during`, `until`, `needs`, `unless`, `where`, `violation` and `kinds` say when the clock runs
    in a case; a rule without `during` is counted on demand only.
    """

    key: str
    label: str
    amount: int
    unit: Unit
    starts: str
    start_word: str  # "registrasi": makes "sejak registrasi" and "hari registrasi"
    basis: str  # the article
    first_day: FirstDay = "next"
    cutoff: Cutoff = "midnight"
    direction: Literal["after", "before"] = "after"
    amount_note: str = ""  # "3 + 2"
    readings: tuple[Reading, ...] = ()
    also_starts: tuple[str, ...] = ()  # the latest of these and `starts` starts the clock
    until: tuple[str, ...] = ()  # event kinds that stop the clock
    during: tuple[str, ...] = ()  # stages in which the clock runs
    needs: str = ""  # an event kind that must be there
    unless: str = ""  # an event kind that must not be there
    where: Mapping[str, str] = field(default_factory=dict)  # what the start event's data must hold:
    # of each name one of the values, which stand apart by spaces
    violation: str = ""  # runs only while this kind of violation is at stake
    on_pause: OnPause = "runs"  # whether a pause of the case stops the clock
    kinds: tuple[str, ...] = ("report",)  # intake kinds
    owner: str = ""  # who keeps the deadline, when it is not this office
    quiet: bool = False  # told in its case and when asked for; never what a list counts down to
    closes: str = ""  # key of the stage date at whose end the deadline falls, whatever the amount
    closes_on: date | None = None  # the same as a date; filled by the loader
    service: ServiceHours | None = field(default=None, repr=False)  # filled by the loader
    day_end: time = field(default=time.max, repr=False)  # the last minute of a day; likewise
    edition: str = field(default="", repr=False)  # the regulation and its version; likewise

    def __post_init__(self) -> None:
        super().__post_init__()
        one_of(self.unit, Unit, "unit")
        one_of(self.first_day, FirstDay, "first_day")
        one_of(self.cutoff, Cutoff, "cutoff")
        one_of(self.on_pause, OnPause, "on_pause")
        one_of(self.starts, EVENT_KINDS + DATE_STARTS, "starts")
        if self.amount < 0:
            raise RulesError("amount is negative")
        for kind in (*self.also_starts, *self.until, *filter(None, (self.needs, self.unless))):
            one_of(kind, EVENT_KINDS, "event kind")
        for stage in self.during:
            one_of(stage, STAGES, "stage")
        for kind in self.kinds:
            one_of(kind, INTAKE_KINDS, "intake kind")

    @cached_property
    def starts_read(self) -> tuple[str, ...]:
        """The starts that its other readings count from."""
        return tuple(dict.fromkeys(r.starts for r in self.readings if r.starts))

    @cached_property
    def variants(self) -> tuple[tuple[DeadlineRule, tuple[Reading, ...]], ...]:
        """The rule under every combination of its other readings, one answer per question."""
        questions: dict[str, list[Reading | None]] = {}
        for reading in self.readings:
            questions.setdefault(reading.question, [None]).append(reading)
        found = []
        for answers in itertools.product(*questions.values()):
            readings = tuple(answer for answer in answers if answer)
            changes: dict[str, Any] = {"readings": ()}
            for reading in readings:
                changes |= reading.changes()
            if readings:
                found.append((dataclasses.replace(self, **changes), readings))
        return tuple(found)


@dataclass(frozen=True, kw_only=True)
class Requirement(Fact):
    """A formal or material requirement; met when all `facts` of the report are there."""

    key: str
    label: str
    kind: Literal["formal", "material"]
    facts: tuple[str, ...]
    unmet: str
    unknown: str = ""
    basis: str = ""
    valid_from: date | None = None
    valid_until: date | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        one_of(self.kind, ("formal", "material"), "kind")


@dataclass(frozen=True, kw_only=True)
class Form(Fact):
    """A form of the annex; an unknown title stays empty."""

    code: str
    title: str = ""
    use: str = ""  # what the program uses it for: report, receipt, status_notice …


@dataclass(frozen=True, kw_only=True)
class NumberPattern(Fact):
    """A proposal for a series of numbers; the office may change it."""

    key: str
    label: str
    pattern: str
    scope: str = "year"  # when the series starts again: year, election, never


@dataclass(frozen=True, kw_only=True)
class Stage(Fact):
    """A stage of handling and its words per kind of intake."""

    code: str
    label: str
    labels: Mapping[str, str] = field(default_factory=dict)  # intake kind -> another label

    def words(self, intake_kind: str) -> str:
        """The label of the stage in a case of this kind."""
        return self.labels.get(intake_kind, self.label)


@dataclass(frozen=True, kw_only=True)
class StepWords(Fact):
    """The words of one kind of event: on the button, and as a fact in the timeline."""

    kind: str
    label: str  # "Catat kajian awal"
    done: str  # "Kajian awal selesai"
    labels: Mapping[str, str] = field(default_factory=dict)  # intake kind -> another label
    documents: tuple[str, ...] = ()  # the papers that belong to it
    inputs: tuple[str, ...] = ()  # what it asks besides date and note
    required: tuple[str, ...] = ()  # those of them without which it is refused
    needs: tuple[str, ...] = ()  # what should be so in the case before

    def words(self, intake_kind: str) -> str:
        """The words on the button in a case of this kind."""
        return self.labels.get(intake_kind, self.label)


@dataclass(frozen=True, kw_only=True)
class Outcome(Fact):
    """A result of the initial review, of the plenary, or of the case as a whole."""

    code: str
    label: str
    of: Literal["review", "decision", "inquiry", "case"]
    warning: str = ""
    basis: str = ""


@dataclass(frozen=True, kw_only=True)
class ViolationKind(Fact):
    """A kind of violation that a plenary may find, and the form of its referral."""

    code: str
    label: str
    form: str = ""


@dataclass(frozen=True, kw_only=True)
class Addressee(Fact):
    """An institution that referrals go to, with the dates between which it does."""

    code: str
    label: str
    kinds: tuple[str, ...]  # kinds of violation
    categories: tuple[str, ...] = ()  # of the reported person; empty: all
    via: str = ""  # by which way it gets there
    valid_from: date | None = None
    valid_until: date | None = None
    change: str = ""  # key of the change of the law behind the dates

    def on(self, day: date) -> bool:
        """Whether referrals made on `day` may go there."""
        return (self.valid_from or date.min) <= day <= (self.valid_until or date.max)

    def takes(self, categories: Iterable[str]) -> bool:
        """Whether it is competent for one of these categories of persons; unknown ones may go."""
        given = {category for category in categories if category and category != "unknown"}
        return not given or not self.categories or bool(given & set(self.categories))


@dataclass(frozen=True, kw_only=True)
class StageDate(Fact):
    """A stage of the election, or another window, with its dates as far as they are known."""

    key: str
    label: str
    first: date | None = None
    last: date | None = None
    window: bool = False  # a window of the law, not a stage of the election
    outside: bool = False  # the time without any stage: what no stage holds and the office dates

    def holds(self, day: date) -> bool:
        """Whether `day` lies in it; only a window and the time without stages may have no end."""
        if self.first is None or (self.last is None and not (self.window or self.outside)):
            return False
        return self.first <= day <= (self.last or date.max)


@dataclass(frozen=True, kw_only=True)
class Change(Fact):
    """A dated change of the law; it touches only cases filed on or after its day."""

    key: str
    on: date
    title: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Word(Fact):
    """A word of the law for cases filed from a day on."""

    key: str
    text: str
    valid_from: date | None = None
    change: str = ""


@dataclass(frozen=True, kw_only=True)
class DeskCheck(Fact):
    """What the desk looks at when a report is handed in; never a reason to refuse it."""

    key: str
    label: str
    basis: str = ""
    only_proxy: bool = False  # only where somebody reports for another
    kinds: tuple[str, ...] = ("report",)  # intake kinds


Moment = date | datetime
"""A legal date, or an instant where the law counts hours."""
