"""Making one kind of intake into another: a tip a report, a late report a tip; nothing is lost.

The case stays one case: its first number and every date stay in its events, the new kind brings
a number of its own series where it needs one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
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
    Witness,
)
from posko_app.errors import InvalidInput, Problem
from posko_app.rules import stages
from posko_app.security.uid import new_uid
from posko_app.text import clean

from . import board
from .arrival import late_note
from .conversion import FILING, displaced, held
from .desk import check_rows
from .evidence import StoredEvidence, evidence_rows, store_files, unless_kept
from .find import case_uid_of
from .identity import FIELDS, find_identity, identity_rows, known_people
from .identity_files import add_row, picture_row, store_picture, unless_saved
from .intake import EMPTY, FiledReport, asked_values, filed_at, filing_facts, note_arrival
from .kinds import UpgradePath, intake_book
from .links import link_at_once
from .proxy import PROXY
from .report import NewReport, PersonInput, check_report, open_texts
from .step_checks import named_in_the_open
from .steps import NewStep, add_step, events_of
from .tidy import tidy
from .upgrade_told import Replaced, hide_names, still_named, take_parties, take_values, tell
from .views import CaseFacts
from .violation_forms import chosen_rows

FACTS = (
    *("title", "event_on", "event_time", "event_place", "region_code", "narrative", "theme"),
    *("known_on", "election_kind", "election_stage", "reporter_capacity"),
)


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
    linked: Mapping[str, str] | None = None,
) -> FiledReport:
    """Make a case into what a filled form says; what the case has already is kept.

    People and evidence of the form are added to those of the case; reported persons complete those
    whom they are. A form without a reporter keeps the one of the case. What the form replaces stays
    told in notes; the warnings name texts from before that name somebody who is sealed now. Raises
    InvalidInput as `file_report`, and where there is no such path; `linked` as there.
    """
    if not new.given:
        raise InvalidInput([Problem("title", EMPTY)])
    with posko.store.read() as session:  # before anything is copied
        row = _case(session, case_uid_of(session, case))
        _path(posko, session, row, new.kind)
        new = replace(new, held=held_of(row))
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
            left = link_at_once(posko, session, row.uid, linked or {})
    return replace(made, warnings=(*made.warnings, *left))


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
    before = held(row)
    replaced = [_take_facts(row, new, path)]
    session.flush()
    _take_people(posko, session, row.uid, new)
    replaced += take_parties(session, row.uid, new.reported)
    session.flush()
    # The form knows only who it names; the case has people from before.
    named = list(named_in_the_open(posko, session, row.uid, open_texts(new)))
    if named and not accepted:
        raise InvalidInput(named)
    hide_names(posko, session, row.uid)
    warnings = still_named(posko, session, row, new)
    _take_evidence(posko, session, row.uid, new, stored)
    for gone in replaced:
        tell(posko, session, row, new.kind, gone)
    law = posko.rules.get(row.regulation, row.filed_on)
    session.add_all(check_rows(posko, row.uid, law, new))
    session.add_all(chosen_rows(posko, row.uid, new.violation))
    was = displaced(posko, session, row, before, path)
    made = _converted(posko, session, row, _signed(posko, row, new, was), over_form=True)
    if path.filed == "new":
        note_arrival(posko, session, row)
    return replace(made, warnings=(*made.warnings, *warnings))


def held_of(facts: Case | CaseFacts) -> frozenset[str]:
    """The fields of who reports that a case has sealed: a form may leave them empty."""
    held = {"reporter.name": facts.reporter_named, "reporter.address": facts.reporter_located}
    return frozenset(field for field, known in held.items() if known)


def _signed(posko: Posko, row: Case, new: NewReport, was: Mapping[str, str]) -> NewStep:
    """The step of a case that becomes what a form says."""
    now = posko.now()
    return NewStep(
        kind="converted",
        on=new.filed_on,
        at=filed_at(posko, new, now),
        note=late_note(posko, new.kind, row.known_on, row.filed_on, now),
        data={**filing_facts(new), **was},
    )


def _converted(
    posko: Posko, session: Session, row: Case, step: NewStep, *, over_form: bool = False
) -> FiledReport:
    event = add_step(posko, session, row.uid, step, over_form=over_form)
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


def _take_facts(row: Case, new: NewReport, path: UpgradePath) -> Replaced:
    found = {name: _tidied(getattr(new, name)) for name in FACTS} | asked_values(new)
    values = {name: v for name, v in found.items() if v not in ("", None) and name not in FILING}
    gone = take_values(row, values)
    values = {}
    if path.filed == "new":
        values |= {name: _tidied(getattr(new, name)) for name in FILING}
    if new.kind == "report":
        values |= {
            "by_proxy": new.by_proxy,
            "statement_given": new.statement_given,
            "signature_matches": new.signature_matches,
        }
    if new.kind == "report" and new.reporter.given:
        values |= {
            "reporter_named": bool(new.reporter.name.strip()),
            "reporter_located": bool(new.reporter.address.strip()),
        }
    for name, value in values.items():
        setattr(row, name, value)
    return gone


def _tidied(value: Any) -> Any:
    return clean(value) if isinstance(value, str) else value


def _take_people(posko: Posko, session: Session, uid: str, new: NewReport) -> None:
    for person, who in ((new.reporter, ""), (new.proxy, PROXY)):
        if person.given:
            _take_identity(posko, session, uid, tidy(posko, person), who)
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
