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
    returned_on: date | None = None  # the institution sent the file back
    event: str = ""  # uid of the event that made it

    @property
    def waits(self) -> bool:
        """Whether the institution still has the file and has not answered."""
        return self.answered_on is None and self.returned_on is None


@dataclass(frozen=True)
class Handover:
    """A pelimpahan that the named office has not received yet; `event` is the uid of its act."""

    event: str
    sender: str
    to: str
    on: date

    def answered_by(self, event: Event) -> bool:
        """Whether an event of the named office answers this one; older ones name none."""
        meant = event.data.get("handover", "") in ("", self.event)
        return meant and event.office in ("", self.to)


@dataclass(frozen=True)
class Result:
    """What a plenary found about one kind of violation; `outcome` as for the case as a whole."""

    kind: str
    outcome: str


@dataclass(frozen=True)
class Episode:
    """A case from its beginning, or from a reopening, to its end."""

    number: int
    begun_on: date
    closed_on: date | None = None
    end: str = ""  # an outcome of the case


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
    inquiry_on: date | None = None  # a penelusuran was ordered
    paused_on: date | None = None  # since when the office stopped; no clock stops with it
    invited_on: date | None = None
    absent_on: date | None = None  # somebody invited since has not come
    gakkumdu: tuple[date, ...] = ()  # the days of the discussions at the Sentra Gakkumdu
    extra_on: date | None = None
    decided_on: date | None = None
    decision: str = ""
    violation_kinds: tuple[str, ...] = ()
    results: tuple[Result, ...] = ()
    episodes: tuple[Episode, ...] = ()  # those that have ended
    begun_on: date | None = None  # the episode under way
    referrals: list[Referral] = field(default_factory=list)
    earlier_referrals: int = 0  # how many of them belong to an earlier episode
    offers: tuple[Handover, ...] = ()  # pelimpahan that wait; more than one only by crossing files
    left: tuple[str, ...] = ()  # offices that handled it once and gave it away
    files_due: str = ""  # the office it was taken over from, until that hands over its files
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

    def give_to(self, office: str) -> None:
        """Let another office handle it from now on; whoever handled it before may only look on."""
        before = self.office
        self.office = office or before
        self.offers = ()
        others = (*self.left, before) if before != self.office else self.left
        self.left = tuple(dict.fromkeys(code for code in others if code not in ("", self.office)))
        self.files_due = ""

    @property
    def pending(self) -> tuple[str, ...]:
        """The kinds of violation that were found and not yet referred, or were sent back."""
        current = self.referrals[self.earlier_referrals :]
        kept = (referral for referral in current if referral.returned_on is None)
        covered = {kind for referral in kept for kind in referral.kinds}
        return tuple(kind for kind in self.violation_kinds if kind not in covered)

    def referral_meant(self, event: Event) -> int | None:
        """Which referral news is about: the one it names, else the first there that still waits.

        News that names none may be about a file that was sent back only when nothing else waits.
        """
        named = event.data.get("referral", "")
        asked = event.data.get("addressee", "")
        fitting = [n for n, r in enumerate(self.referrals) if asked in ("", r.addressee)]
        exact = [n for n, r in enumerate(self.referrals) if named and r.event == named]
        waiting = [n for n in fitting if self.referrals[n].waits]
        open_ = [n for n in fitting if self.referrals[n].answered_on is None]
        return next(iter((*exact, *waiting, *open_)), None)

    @property
    def waits_for_referral(self) -> bool:
        return self.stage == "referral" and self.review != "transfer"

    @property
    def may_send_again(self) -> bool:
        """Whether a file that came back after the case was closed may go out anew."""
        return self.end == "finished" and bool(self.pending) and bool(self.referrals)

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

    def return_to(self, stage: str) -> None:
        """Go back to a stage: it and those after it are to be done anew."""
        self.stage = stage
        self.marks = {key: on for key, on in self.marks.items() if RANK[key] < RANK[stage]}

    def leave(self, stage: str, event: Event) -> None:
        """Mark a stage as done on the day of an event."""
        self.marks[stage] = event.on

    def start_over(self, event: Event) -> None:
        """Forget what belongs to the episode that ended; what was registered stays."""
        if self.end and self.begun_on:
            number = len(self.episodes) + 1
            ended = Episode(number, self.begun_on, self.closed_on, self.end)
            self.episodes = (*self.episodes, ended)
            self.begun_on = event.on
        self.end, self.closed_on, self.notified_on = "", None, None
        self.decided_on, self.decision, self.violation_kinds, self.results = None, "", (), ()
        self.inquiry_on, self.paused_on, self.invited_on, self.absent_on = None, None, None, None
        self.gakkumdu, self.extra_on, self.lapsed_on = (), None, None
        self.earlier_referrals = len(self.referrals)
        self.offers = ()

    def begin(self, kind: str, event: Event) -> None:
        """Start, or start anew, as something of a kind."""
        self.intake_kind = kind if kind in INTAKE_KINDS else "report"
        self.filed_on = event.on
        self.begun_on = self.begun_on or event.on
        self.office = event.office or self.office
        self.stage = FIRST_STAGE[self.intake_kind]
        self.marks = {"received": event.on}
