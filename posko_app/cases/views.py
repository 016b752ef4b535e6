"""What queries return: frozen rows and views that pages, letters and the command line share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from posko_app.rules.deadlines import Due
from posko_app.rules.guide import CaseKnowledge
from posko_app.rules.requirements import RequirementCheck
from posko_app.rules.stages import CaseState


@dataclass(frozen=True)
class CaseRow:
    """A case as a list shows it."""

    uid: str
    number: str
    register_number: str
    kind: str
    title: str
    party: str
    region_code: str
    region_name: str
    stage: str
    stage_label: str
    next_step: str
    next_step_label: str
    due_rule: str
    due_on: date | None
    safe_on: date | None
    officer: str
    theme: str
    theme_label: str
    office_code: str
    filed_on: date
    view: str  # active | waiting | closed
    conflicts: int
    archived: bool
    ended: str  # how a closed case ended, a code of outcome
    ended_label: str
    waiting_for: str  # the addressee whose answer is missing
    waiting_label: str
    waiting_since: date | None
    last_at: datetime
    sort_on: date
    place: int  # in this database, for the page after it
    origin_number: str = ""  # nomor asal of what came from another office


@dataclass(frozen=True, kw_only=True)
class CaseFacts:
    """The facts of a report without anybody's identity."""

    office_code: str
    kind: str
    regulation: str
    election_kind: str
    election_stage: str
    number: str
    title: str
    theme: str
    article: str
    channel: str
    received_at: datetime
    filed_on: date
    filed_time: str
    filed_place: str
    known_on: date | None
    event_on: date | None
    event_time: str
    event_place: str
    region_code: str
    narrative: str
    reporter_alias: str
    reporter_capacity: str
    reporter_named: bool
    reporter_located: bool
    by_proxy: bool
    statement_given: bool
    signature_matches: bool
    officer: str
    void_reason: str
    arrived_at: datetime | None = None
    arrival_reason: str | None = None
    finder: str | None = None
    finder_title: str | None = None
    finder_address: str | None = None
    lhp_number: str | None = None
    lhp_on: date | None = None
    plenary_number: str | None = None
    plenary_on: date | None = None
    proxy_letter: str | None = None
    proxy_letter_on: date | None = None
    info_source: str | None = None
    organisation: str | None = None
    wanted_on: date | None = None
    handed_to: str | None = None


@dataclass(frozen=True)
class EventView:
    """A line of the timeline."""

    uid: str
    kind: str
    label: str
    on: date
    at: datetime | None
    office_code: str
    actor: str
    outcome: str
    outcome_label: str
    number: str
    note: str
    corrects: str
    voided: bool
    made_at: datetime


@dataclass(frozen=True)
class PartyView:
    """A terlapor."""

    uid: str
    position: int
    name: str
    category: str
    category_label: str
    nip: str
    rank: str
    position_title: str
    agency: str
    address: str
    phone: str


@dataclass(frozen=True)
class WitnessView:
    """A saksi by alias; `held` says whether this office keeps the identity."""

    uid: str
    position: int
    alias: str
    held: bool


@dataclass(frozen=True)
class EvidenceView:
    """An item of evidence; `held` says whether its bytes are in this office's vault."""

    uid: str
    position: int
    label: str  # B-01
    description: str
    kind: str
    source: str
    file_name: str
    mime: str
    size: int
    sha256: str
    added_at: datetime
    added_by: str
    held: bool


@dataclass(frozen=True)
class IdentityFileView:
    """That there is a picture of somebody's identity card; nothing of what it shows."""

    uid: str
    person: str  # as of an identity: empty for the reporter
    kind: str
    size: int
    added_at: datetime
    added_by: str


@dataclass(frozen=True)
class LetterView:
    """An issued letter."""

    uid: str
    template: str
    title: str
    number: str
    dated_on: date
    addressee: str
    sha256: str
    issued_at: datetime
    issued_by: str
    held: bool


@dataclass(frozen=True, kw_only=True)
class DeskItem:
    """One check of the desk and its latest mark; `mark` is empty while nobody looked."""

    key: str
    label: str
    basis: str
    mark: str
    note: str
    made_by: str
    office_code: str
    made_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class ClarificationView:
    """An invitation to clarify and how it went; nobody's identity, no question and no answer."""

    uid: str
    role: str
    role_label: str
    alias: str
    round: int
    for_on: date | None
    for_time: str
    place: str
    mode: str
    online_reason: str
    delivered: str
    delivered_on: date | None
    state: str
    held_on: date | None
    began: str
    ended: str
    examiner: str
    recorded: bool
    oath: str
    oath_note: str
    minutes_number: str
    read_back: bool
    note: str
    office_code: str
    questions: int  # how many are kept here


@dataclass(frozen=True)
class ConflictView:
    """A field with several values that waits for a decision."""

    table: str
    uid: str
    field: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class CaseView:
    """One case whole, as its page shows it."""

    uid: str
    facts: CaseFacts
    state: CaseState
    dues: tuple[Due, ...]
    requirements: tuple[RequirementCheck, ...]
    events: tuple[EventView, ...]  # newest first
    parties: tuple[PartyView, ...]
    witnesses: tuple[WitnessView, ...]
    evidence: tuple[EvidenceView, ...]
    letters: tuple[LetterView, ...]
    conflicts: tuple[ConflictView, ...]
    reporter_held: bool
    region_name: str
    clarifications: tuple[ClarificationView, ...]  # in the order in which people were invited
    desk: tuple[DeskItem, ...]
    missing: tuple[str, ...]  # labels of what the last initial review found missing
    known: CaseKnowledge  # what the guide of a step looks at
    pictures: tuple[IdentityFileView, ...] = ()  # of identity cards, kept by this office
    proxy_held: bool = False  # whether this office keeps who reports for the reporter
    origin_number: str = ""  # nomor asal: what the office it came from called it
    own: str = ""  # the code of this office

    @property
    def given_away(self) -> bool:
        """Whether this office gave the case away and may only read on."""
        return self.own in self.state.left and self.own != self.state.office

    @property
    def offered(self) -> bool:
        """Whether a pelimpahan waits for this office to receive it."""
        return self.state.offer_to(self.own) is not None
