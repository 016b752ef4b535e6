"""Making one kind of intake into another: a tip a report, a late report a tip; nothing is lost.

The case stays one case: its first number and every date stay in its events, the new kind brings
a number of its own series where it needs one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from posko_app.app import Posko, use_case
from posko_app.data.tables import (
    Case,
    Draft,
    Evidence,
    IdentityToken,
    ReportedParty,
    Witness,
)
from posko_app.errors import InvalidInput, Problem
from posko_app.rules import stages
from posko_app.security.uid import new_uid
from posko_app.text import clean

from . import board
from .arrival import late_note
from .desk import check_rows
from .evidence import StoredEvidence, evidence_rows, store_files, unless_kept
from .find import case_uid_of
from .identity import FIELDS, find_identity, identity_rows, known_people
from .identity_files import add_row, picture_row, store_picture, unless_saved
from .intake import EMPTY, FiledReport, alias_of, asked_values, filed_at, filing_facts, note_arrival
from .kinds import UpgradePath, intake_book
from .proxy import PROXY
from .report import NewReport, PersonInput, check_report, open_texts
from .step_checks import named_in_the_open
from .steps import NewStep, add_step, events_of
from .tidy import party_row, party_values, tidy
from .violation_forms import chosen_rows

FACTS = (
    *("title", "event_on", "event_time", "event_place", "region_code", "narrative", "theme"),
    *("known_on", "election_kind", "election_stage", "reporter_capacity"),
)
FILING = ("filed_on", "filed_time", "filed_place", "channel", "arrived_at", "arrival_reason")
"""What only a new date of filing replaces."""


@dataclass(frozen=True)
class Offered:
    """Something a case may become, and the words for it."""

    path: UpgradePath
    label: str


def offered(posko: Posko, state: stages.CaseState) -> tuple[Offered, ...]:
    """What a case may become as it stands; nothing once it is registered or went elsewhere."""
    if state.registered_on is not None or state.end == "transferred":
        return ()
    return tuple(
        Offered(path, f"Jadikan {posko.vocabulary.label('intake_kind', path.target).lower()}")
        for path in intake_book().paths_from(state.intake_kind)
    )


@use_case("case.step")
def convert(posko: Posko, case: str, target: str, on: date, note: str = "") -> FiledReport:
    """Make a case into another kind without a form; the note says why.

    Raises InvalidInput when that does not follow from where the case stands.
    """
    with posko.write() as session:
        uid = case_uid_of(session, case)
        row = _case(session, uid)
        data = {"intake_kind": target}
        if row.known_on:
            data["found_on" if target == "finding" else "known_on"] = row.known_on.isoformat()
        step = NewStep(kind="converted", on=on, note=note, data=data)
        return _converted(posko, session, row, step)


@use_case("case.write")
def upgrade(
    posko: Posko,
    case: str,
    new: NewReport,
    *,
    draft_uid: str = "",
    accept_incomplete: bool = False,
) -> FiledReport:
    """Make a case into what a filled form says; what the case has already is kept.

    People and evidence of the form are added to those of the case; reported persons stand at
    their places. Raises InvalidInput as `file_report`, and where there is no such path.
    """
    if not new.given:
        raise InvalidInput([Problem("title", EMPTY)])
    checked = check_report(posko, new)
    wrong = checked.problems if accept_incomplete else (*checked.problems, *checked.missing)
    if wrong:
        raise InvalidInput(wrong)
    picture = store_picture(posko, new.picture) if new.picture else None
    with unless_saved(posko, picture):
        stored = store_files(posko, new.evidence)
        with posko.write() as session:
            row = _case(session, case_uid_of(session, case))
            made = _upgraded(posko, session, row, new, stored, accepted=accept_incomplete)
            if picture is not None:
                add_row(posko, session, picture_row(posko, row.uid, picture))
            mine = (Draft.uid == draft_uid, Draft.account == posko.user.login)
            session.execute(delete(Draft).where(*mine))
    return made


def _upgraded(
    posko: Posko,
    session: Session,
    row: Case,
    new: NewReport,
    stored: Sequence[StoredEvidence],
    *,
    accepted: bool,
) -> FiledReport:
    path = _path(posko, session, row, new.kind)
    _take_facts(row, new, path)
    session.flush()
    _take_people(posko, session, row.uid, new)
    session.flush()
    # The form knows only who it names; the case has people from before.
    named = list(named_in_the_open(posko, session, row.uid, open_texts(new)))
    if named and not accepted:
        raise InvalidInput(named)
    _take_evidence(posko, session, row.uid, new, stored)
    law = posko.rules.get(row.regulation, row.filed_on)
    session.add_all(check_rows(posko, row.uid, law, new))
    session.add_all(chosen_rows(posko, row.uid, new.violation))
    made = _converted(posko, session, row, _signed(posko, row, new))
    row.reporter_alias = alias_of(new.kind, made.number.partition("/")[0])
    if path.filed == "new":
        note_arrival(posko, session, row)
    return made


def _signed(posko: Posko, row: Case, new: NewReport) -> NewStep:
    """The step of a case that becomes what a form says."""
    now = posko.now()
    return NewStep(
        kind="converted",
        on=new.filed_on,
        at=filed_at(posko, new, now),
        note=late_note(posko, new.kind, row.known_on, row.filed_on, now),
        data=filing_facts(new),
    )


def _converted(posko: Posko, session: Session, row: Case, step: NewStep) -> FiledReport:
    event = add_step(posko, session, row.uid, step)
    number = next(e.number for e in events_of(session, row.uid) if e.uid == event)
    board.refresh(posko, session, [row.uid])
    target = step.data["intake_kind"]
    posko.note(session, "case.converted", row.uid, event=event, kind=target, number=number)
    return FiledReport(row.uid, number, ())


def _case(session: Session, uid: str) -> Case:
    return session.scalars(select(Case).where(Case.uid == uid)).one()


def _path(posko: Posko, session: Session, row: Case, target: str) -> UpgradePath:
    law = posko.rules.get(row.regulation, row.filed_on)
    state = stages.state_of(events_of(session, row.uid), law)
    path = intake_book().path(state.intake_kind, target)
    if path is None:
        label = posko.vocabulary.label("intake_kind", target).lower()
        raise InvalidInput([Problem("intake_kind", f"Perkara ini tidak dapat dijadikan {label}.")])
    return path


def _take_facts(row: Case, new: NewReport, path: UpgradePath) -> None:
    found = {name: _tidied(getattr(new, name)) for name in FACTS} | asked_values(new)
    values = {name: v for name, v in found.items() if v not in ("", None) and name not in FILING}
    if path.filed == "new":
        values |= {name: _tidied(getattr(new, name)) for name in FILING}
    if new.kind == "report":
        values |= {
            "by_proxy": new.by_proxy,
            "statement_given": new.statement_given,
            "signature_matches": new.signature_matches,
            "reporter_named": bool(new.reporter.name.strip()),
            "reporter_located": bool(new.reporter.address.strip()),
        }
    for name, value in values.items():
        setattr(row, name, value)


def _tidied(value: Any) -> Any:
    return clean(value) if isinstance(value, str) else value


def _take_people(posko: Posko, session: Session, uid: str, new: NewReport) -> None:
    for person, who in ((new.reporter, ""), (new.proxy, PROXY)):
        if person.given:
            _take_identity(posko, session, uid, tidy(posko, person), who)
    parties = session.scalars(
        select(ReportedParty)
        .where(ReportedParty.case_uid == uid)
        .order_by(ReportedParty.position, ReportedParty.uid)
    ).all()
    for place, party in enumerate(p for p in new.reported if p.name.strip()):
        if place >= len(parties):
            session.add(party_row(uid, place + 1, party))
            continue
        for name, value in party_values(party).items():
            if getattr(parties[place], name) != value:
                setattr(parties[place], name, value)
    held = session.scalar(select(func.max(Witness.position)).where(Witness.case_uid == uid)) or 0
    for position, person in enumerate((w for w in new.witnesses if w.name.strip()), held + 1):
        witness = Witness(uid=new_uid(), case_uid=uid, position=position, alias=f"Saksi {position}")
        session.add(witness)
        _take_identity(posko, session, uid, tidy(posko, person), witness.uid)


def _take_identity(
    posko: Posko, session: Session, uid: str, person: PersonInput, place: str
) -> None:
    """Seal a person under the record that is there, or under a new one."""
    before = find_identity(session, uid, place)
    row, tokens = identity_rows(posko, uid, before.uid if before else new_uid(), person, place)
    if before is None:
        session.add_all([row, *tokens])
        return
    for name in FIELDS:
        setattr(before, name, getattr(row, name) or "")
    session.execute(delete(IdentityToken).where(IdentityToken.identity_uid == before.uid))
    session.add_all(tokens)


def _take_evidence(
    posko: Posko, session: Session, uid: str, new: NewReport, stored: Sequence[StoredEvidence]
) -> None:
    """Add what the case does not have yet."""
    rows = session.scalars(select(Evidence).where(Evidence.case_uid == uid)).all()
    known = {row.sha256 for row in rows if row.sha256}
    fresh = [item for item in stored if not item.sha256 or item.sha256 not in known]
    first = 1 + max((row.position for row in rows), default=0)
    people = known_people(posko, session, uid)
    session.add_all(
        unless_kept(session, evidence_rows(posko, uid, fresh, first=first, people=people))
    )
    session.flush()
