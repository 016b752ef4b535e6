"""Reading referrals: every `referred` event with what was entered about it, one query per table.

What was referred before there were rows for it, or by an office with an older version, shows too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from posko_app.app import Posko
from posko_app.data.tables import (
    Case,
    Event,
    Evidence,
    Referral,
    ReferralUpdate,
    ReportedParty,
)

from . import board
from .referral_book import referral_book
from .referral_course import ANSWERED, ASKED, REFERRED, RETURNED, Course, courses

KINDS = (REFERRED, ANSWERED, RETURNED, ASKED, "corrected")


@dataclass(frozen=True, kw_only=True)
class ReferralDetails:
    """How a referral went out. `sent_on` None: on the day of the step."""

    office_name: str = ""
    external_system: str = ""
    ticket: str = ""
    sent_on: date | None = None
    remind_on: date | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Sanction:
    """A sanction as its decree says it (TMT is `effective_on`)."""

    kind: str  # a code of the list `sanction`
    form: str = ""
    decree_number: str = ""
    decree_on: date | None = None
    official: str = ""
    effective_on: date | None = None
    party_uid: str = ""


@dataclass(frozen=True)
class UpdateView:
    """A line of what was learnt."""

    uid: str
    on: date
    state: str
    state_label: str
    number: str
    note: str
    sanction: Sanction | None
    sanction_label: str
    party: str
    evidence_uid: str
    evidence_label: str  # B-04, when this office knows the item
    office_code: str
    actor: str
    voided: bool


@dataclass(frozen=True)
class AskedView:
    """A request for information that went out."""

    on: date
    number: str


@dataclass(frozen=True, kw_only=True)
class ReferralView:
    """One referral as pages, lists and letters show it."""

    case_uid: str
    event_uid: str
    case_number: str
    case_title: str
    party: str
    addressee: str
    addressee_label: str
    details: ReferralDetails
    system_label: str
    number: str  # of the referral letter
    referred_on: date
    sent_on: date
    state: str
    state_label: str
    state_on: date
    checked_on: date
    waits: bool
    days: int  # since it was sent; of one that waits no more, until its state
    asked: tuple[AskedView, ...]
    updates: tuple[UpdateView, ...]  # newest first, voided ones too

    @property
    def office(self) -> str:
        """The office by its own name, else the institution."""
        return self.details.office_name or self.addressee_label

    @property
    def sanctions(self) -> tuple[UpdateView, ...]:
        """The updates with a sanction that count."""
        return tuple(u for u in self.updates if u.sanction and not u.voided)


def views(posko: Posko, session: Session, case_uids: Sequence[str]) -> tuple[ReferralView, ...]:
    """The referrals of several cases, case by case."""
    found: list[ReferralView] = []
    for start in range(0, len(case_uids), board.CHUNK):
        found += _Reader(posko, session, case_uids[start : start + board.CHUNK]).views()
    return tuple(found)


class _Reader:
    """Reads the referrals of some cases with one query per table."""

    def __init__(self, posko: Posko, session: Session, case_uids: Sequence[str]) -> None:
        self._posko, self._book = posko, referral_book()
        self._cases = list(case_uids)
        rows = session.execute(
            select(Case.uid, Case.number, Case.title).where(Case.uid.in_(case_uids))
        )
        self._heads = {uid: (number, title) for uid, number, title in rows}
        self._parties: dict[str, str] = {}
        self._named: dict[str, list[str]] = {}
        for party in session.scalars(
            select(ReportedParty)
            .where(ReportedParty.case_uid.in_(case_uids))
            .order_by(ReportedParty.position, ReportedParty.uid)
        ):
            self._parties[party.uid] = party.name
            self._named.setdefault(party.case_uid, []).append(party.name)
        items = select(Evidence.uid, Evidence.position).where(Evidence.case_uid.in_(case_uids))
        self._items = {uid: f"B-{position:02d}" for uid, position in session.execute(items)}
        self._details: dict[str, Referral] = {}
        for row in session.scalars(
            select(Referral).where(Referral.case_uid.in_(case_uids)).order_by(Referral.uid.desc())
        ):
            self._details[row.event_uid] = row  # of two that two offices made, the first
        self._events: dict[str, list[Event]] = defaultdict(list)
        for event in events_of_referrals(session, case_uids):
            self._events[event.case_uid].append(event)
        self._updates: dict[str, list[ReferralUpdate]] = defaultdict(list)
        for update in updates_of(session, case_uids):
            self._updates[update.case_uid].append(update)

    def views(self) -> list[ReferralView]:
        return [
            self._view(uid, course)
            for uid in self._cases
            for course in courses(
                [board.to_event(row) for row in self._events[uid]],
                self._updates[uid],
                self._book,
            )
        ]

    def _view(self, uid: str, course: Course) -> ReferralView:
        words, state = self._posko.vocabulary, self._book.state(course.state)
        number, title = self._heads.get(uid, ("", ""))
        row = self._details.get(course.event.uid)
        details = _details(row) if row else ReferralDetails()
        sent_on = details.sent_on or course.event.on
        until = self._posko.today() if state.waits else course.state_on
        names = self._named.get(uid, [])
        return ReferralView(
            case_uid=uid,
            event_uid=course.event.uid,
            case_number=number,
            case_title=title,
            party=names[0] + (f" +{len(names) - 1}" if len(names) > 1 else "") if names else "",
            addressee=course.addressee,
            addressee_label=words.label("addressee", course.addressee)
            if course.addressee
            else "Instansi tidak tercatat",
            details=details,
            system_label=words.label("external_system", details.external_system)
            if details.external_system
            else "",
            number=course.event.number,
            referred_on=course.event.on,
            sent_on=sent_on,
            state=course.state,
            state_label=words.label("follow_up_state", course.state),
            state_on=course.state_on,
            checked_on=course.checked_on,
            waits=state.waits,
            days=max(0, (until - sent_on).days),
            asked=tuple(AskedView(event.on, event.number) for event in course.asked),
            updates=tuple(self._lines(course)),
        )

    def _lines(self, course: Course) -> Iterable[UpdateView]:
        marked = [(row, False) for row in course.updates] + [(row, True) for row in course.voided]
        words = self._posko.vocabulary
        for row, voided in sorted(marked, key=lambda m: (m[0].on, m[0].uid), reverse=True):
            assert isinstance(row, ReferralUpdate)
            sanction = _sanction(row)
            yield UpdateView(
                uid=row.uid,
                on=row.on,
                state=row.state,
                state_label=words.label("follow_up_state", row.state)
                if row.state
                else "Diperiksa, belum ada kabar baru",
                number=row.number,
                note=row.note,
                sanction=sanction,
                sanction_label=words.label("sanction", row.sanction) if sanction else "",
                party=self._parties.get(row.party_uid, ""),
                evidence_uid=row.evidence_uid,
                evidence_label=self._items.get(row.evidence_uid, ""),
                office_code=row.office_code,
                actor=row.actor,
                voided=voided,
            )


def events_of_referrals(session: Session, case_uids: Sequence[str]) -> list[Event]:
    """The events that say something about referrals, and corrections of them."""
    wanted = select(Event).where(Event.case_uid.in_(case_uids), Event.kind.in_(KINDS))
    return list(session.scalars(wanted.order_by(Event.uid)))


def updates_of(session: Session, case_uids: Sequence[str]) -> list[ReferralUpdate]:
    """Everything that was learnt about referrals of these cases."""
    return list(
        session.scalars(select(ReferralUpdate).where(ReferralUpdate.case_uid.in_(case_uids)))
    )


def _details(row: Referral) -> ReferralDetails:
    names = ReferralDetails.__dataclass_fields__
    return ReferralDetails(**{name: getattr(row, name) for name in names})


def _sanction(row: ReferralUpdate) -> Sanction | None:
    if not row.sanction:
        return None
    return Sanction(
        kind=row.sanction,
        form=row.sanction_form,
        decree_number=row.decree_number,
        decree_on=row.decree_on,
        official=row.decree_official,
        effective_on=row.effective_on,
        party_uid=row.party_uid,
    )
