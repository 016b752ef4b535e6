"""Where a case stands while its events are read: plain facts, changed only by `effects`."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

from .book import Regulation
from .events import Event
from .facts import INTAKE_KINDS, STAGES

RANK = {stage: n for n, stage in enumerate(STAGES)}
HANDLING = ("clarification", "assessment", "plenary")
ANSWERED = ("consultation", "request", "voter_rights")  # kinds that end with an answer
FIRST_STAGE = {
    "report": "initial_review",
    "finding": "registration",
    "initial_info": "initial_review",
    "outside": "referral",
} | dict.fromkeys(ANSWERED, "notice")
"""The stage that waits once something of a kind has been taken in."""


@dataclass(frozen=True)
class Referral:
    """A referral to one institution, and whether it has answered."""

    addressee: str
    on: date
    number: str
    kinds: tuple[str, ...]
    answered_on: date | None = None


@dataclass
class Course:
    """A case while its events are read one after the other."""

    regulation: Regulation
    intake_kind: str = ""
    stage: str = "received"
    office: str = ""
    filed_on: date | None = None
    review: str = ""
    noticed_on: date | None = None
    completed_on: date | None = None
    lapsed_on: date | None = None
    registered_on: date | None = None
    register_number: str = ""
    may_register_again: bool = False
    invited_on: date | None = None
    extra_on: date | None = None
    decided_on: date | None = None
    decision: str = ""
    violation_kinds: tuple[str, ...] = ()
    referrals: list[Referral] = field(default_factory=list)
    earlier_referrals: int = 0  # how many of them belong to an earlier episode
    notified_on: date | None = None
    closed_on: date | None = None
    end: str = ""  # an outcome of the case
    marks: dict[str, date] = field(default_factory=dict)  # stage -> the day it was left
    contradictions: list[tuple[Event, str]] = field(default_factory=list)
    taken: list[Event] = field(default_factory=list)

    # --- what is so --------------------------------------------------------------------------

    @property
    def closed(self) -> bool:
        return bool(self.end)

    @property
    def under_way(self) -> bool:
        return self.filed_on is not None and not self.closed

    @property
    def pending(self) -> tuple[str, ...]:
        """The kinds of violation that were found and not yet referred."""
        current = self.referrals[self.earlier_referrals :]
        covered = {kind for referral in current for kind in referral.kinds}
        return tuple(kind for kind in self.violation_kinds if kind not in covered)

    @property
    def waits_for_referral(self) -> bool:
        return self.stage == "referral" and self.review != "transfer"

    # --- moves ----------------------------------------------------------------------------------

    def copy(self) -> Course:
        """The same course, to try something on."""
        return replace(
            self,
            referrals=list(self.referrals),
            marks=dict(self.marks),
            contradictions=list(self.contradictions),
            taken=list(self.taken),
        )

    def become(self, other: Course) -> None:
        """Take over everything from a copy."""
        for name, value in vars(other).items():
            setattr(self, name, value)

    def leave(self, stage: str, event: Event) -> None:
        """Mark a stage as done on the day of an event."""
        self.marks[stage] = event.on

    def begin(self, kind: str, event: Event) -> None:
        """Start, or start anew, as something of a kind."""
        self.intake_kind = kind if kind in INTAKE_KINDS else "report"
        self.filed_on = event.on
        self.office = event.office or self.office
        self.stage = FIRST_STAGE[self.intake_kind]
        self.marks = {"received": event.on}
