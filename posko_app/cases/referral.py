"""The tracker after referral: say how it went out, what was learnt, which sanction came."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from posko_app.app import Posko, use_case
from posko_app.data.tables import Referral, ReferralUpdate, ReportedParty
from posko_app.errors import InvalidInput, Problem, UserError
from posko_app.security import permissions
from posko_app.security.uid import new_uid
from posko_app.text import clean

from . import board, silence
from .evidence import attach_stored, store_files
from .find import case_uid_of
from .identity import known_people
from .referral_book import ReferralBook, referral_book
from .referral_course import REFERRAL, Course, courses
from .referral_view import (
    ReferralDetails,
    ReferralView,
    Sanction,
    events_of_referrals,
    updates_of,
    views,
)
from .report import EvidenceInput
from .steps import NewStep, add_step

UPDATE = "update"  # key in the data of an event: the uid of the update that brought it


@dataclass(frozen=True, kw_only=True)
class NewUpdate:
    """Something learnt about a referral; without a state it was only looked up."""

    on: date
    state: str = ""
    number: str = ""
    note: str = ""
    sanction: Sanction | None = None
    file: Path | None = None  # the answer, which becomes evidence of the case


@use_case("case.read")
def referrals_of(posko: Posko, case: str) -> tuple[ReferralView, ...]:
    """The referrals of a case (uid or number), oldest first."""
    with posko.store.read() as session:
        return views(posko, session, [case_uid_of(session, case)])


@use_case("case.step")
def describe_referral(posko: Posko, case: str, event_uid: str, new: ReferralDetails) -> None:
    """Say how a referral went out: office, way, ticket, when to be reminded.

    Raises InvalidInput with every problem, UserError when the case has no such referral.
    """
    with posko.write() as session:
        case_uid = case_uid_of(session, case)
        _describe(posko, session, case_uid, event_uid, new)


@use_case("case.step")
def update_referral(
    posko: Posko,
    case: str,
    event_uid: str,
    new: NewUpdate,
    details: ReferralDetails | None = None,
) -> str:
    """Enter what was learnt about a referral; gives back the uid of the update.

    `details` say in the same transaction how it went out. A state that is an answer, or a return of
    the file, is recorded as a step of the case too, so that it waits no more. Raises InvalidInput
    with every problem.
    """
    if new.file is not None:
        permissions.require(posko.user.role, "evidence.add")
    with posko.store.read() as session:
        case_uid = case_uid_of(session, case)
        course = _course_of(posko, session, case_uid, event_uid)
        if problems := _problems(posko, session, case_uid, course, new):
            raise InvalidInput(problems)
    stored = store_files(posko, _answer(posko, course, new))
    with posko.write() as session:
        if details is not None:
            _describe(posko, session, case_uid, event_uid, details)
        course = _course_of(posko, session, case_uid, event_uid)
        kept = attach_stored(posko, session, case_uid, stored)
        row = _update_row(posko, case_uid, event_uid, new, kept[0].uid if kept else "")
        session.add(row)
        session.flush()
        _tell_case(posko, session, course, row)
        board.refresh(posko, session, [case_uid])
        posko.note(
            session, "referral.updated", case_uid, referral=event_uid, update=row.uid, to=row.state
        )
        return row.uid


def _describe(
    posko: Posko, session: Session, case_uid: str, event_uid: str, new: ReferralDetails
) -> None:
    course = _course_of(posko, session, case_uid, event_uid)
    problems = []
    if new.sent_on and new.sent_on > posko.today():
        problems.append(Problem("sent_on", "Tanggal kirim setelah hari ini. Periksa dulu."))
    if new.external_system and not posko.vocabulary.has("external_system", new.external_system):
        problems.append(Problem("external_system", "Pilih jalur dari daftar."))
    texts = {"office_name": new.office_name, "ticket": new.ticket, "note": new.note}
    problems += _named(posko, session, case_uid, texts)
    if problems:
        raise InvalidInput(problems)
    row = _row_of(session, event_uid)
    if row is None:
        row = Referral(uid=new_uid(), case_uid=case_uid, event_uid=event_uid)
        session.add(row)
    for name, value in vars(new).items():
        wanted = clean(value) if isinstance(value, str) else value
        if name == "sent_on" and wanted == course.event.on:
            wanted = None
        if getattr(row, name) != wanted:
            setattr(row, name, wanted)
    session.flush()
    posko.note(session, "referral.described", case_uid, referral=event_uid)


@use_case("case.decide")
def void_update(posko: Posko, case: str, update_uid: str, reason: str) -> None:
    """Void an update that was wrong, and the step it brought; both stay to be seen.

    Raises InvalidInput without a reason, and for what another office entered that is not below.
    """
    with posko.write() as session:
        case_uid = case_uid_of(session, case)
        wanted = select(ReferralUpdate).where(
            ReferralUpdate.uid == update_uid, ReferralUpdate.case_uid == case_uid
        )
        row = session.scalar(wanted)
        if row is None or row.corrects:
            raise UserError("Kabar itu tidak ada pada perkara ini. Data tidak berubah.")
        problems = [] if clean(reason) else [Problem("note", "Tulis alasan pembatalan.")]
        own = posko.office.code
        if not (row.office_code == own or row.office_code.startswith(f"{own}.")):
            said = "Kabar itu dicatat kantor lain. Mintalah kantor itu membatalkannya."
            problems.append(Problem("corrects", said))
        problems += _named(posko, session, case_uid, {"note": reason})
        if problems:
            raise InvalidInput(problems)
        session.add(
            ReferralUpdate(
                uid=new_uid(),
                case_uid=case_uid,
                event_uid=row.event_uid,
                on=posko.today(),
                note=clean(reason),
                office_code=own,
                actor=posko.user.login,
                corrects=update_uid,
                made_at=posko.now(),
            )
        )
        session.flush()
        for event in events_of_referrals(session, [case_uid]):
            if board.to_event(event).data.get(UPDATE) == update_uid:
                step = NewStep(kind="corrected", on=posko.today(), note=reason, corrects=event.uid)
                add_step(posko, session, case_uid, step)
        board.refresh(posko, session, [case_uid])
        posko.note(session, "referral.voided", case_uid, update=update_uid)


def _row_of(session: Session, event_uid: str) -> Referral | None:
    rows = select(Referral).where(Referral.event_uid == event_uid).order_by(Referral.uid)
    return session.scalars(rows).first()


def _course_of(posko: Posko, session: Session, case_uid: str, event_uid: str) -> Course:
    """A referral of a case. Raises UserError when it is not there, or was voided."""
    events = [board.to_event(row) for row in events_of_referrals(session, [case_uid])]
    for course in courses(events, updates_of(session, [case_uid]), referral_book()):
        if course.event.uid == event_uid:
            return course
    raise UserError(
        "Penerusan itu tidak ada pada perkara ini. Data tidak berubah. Muat ulang perkaranya.",
        "no_referral",
    )


# --- writing ------------------------------------------------------------------------------------


def _problems(
    posko: Posko, session: Session, case_uid: str, course: Course, new: NewUpdate
) -> list[Problem]:
    problems = []
    if new.on > posko.today():
        problems.append(Problem("on", "Tanggal kabar setelah hari ini. Periksa tahunnya."))
    if new.on < course.event.on:
        problems.append(Problem("on", "Tanggal kabar sebelum penerusannya. Periksa keduanya."))
    book = referral_book()
    if new.state and new.state not in book.states:
        problems.append(Problem("state", "Pilih keadaan dari daftar."))
    problems += _sanction_problems(posko, book, new)
    texts = {"note": new.note, "number": new.number}
    if new.sanction:
        texts |= {"form": new.sanction.form, "official": new.sanction.official}
    return [*problems, *_named(posko, session, case_uid, texts)]


def _sanction_problems(posko: Posko, book: ReferralBook, new: NewUpdate) -> list[Problem]:
    sanction = new.sanction
    if sanction is None:
        return []
    if not book.state(new.state).sanction:
        return [Problem("sanction", "Sanksi dicatat bersama keadaan yang menyebut sanksi.")]
    problems = []
    if not posko.vocabulary.has("sanction", sanction.kind):
        problems.append(Problem("sanction", "Pilih jenis sanksi."))
    if sanction.decree_on and sanction.decree_on > posko.today():
        problems.append(Problem("decree_on", "Tanggal SK setelah hari ini. Periksa tahunnya."))
    return problems


def _named(
    posko: Posko, session: Session, case_uid: str, texts: dict[str, str]
) -> Iterable[Problem]:
    """Texts that name a reporter or witness, as far as this account can compare them."""
    people = [("Pelapor atau saksi", p) for p in known_people(posko, session, case_uid)]
    known = select(ReportedParty.name).where(ReportedParty.case_uid == case_uid)
    return list(silence.problems(texts, people, session.scalars(known)))


def _answer(posko: Posko, course: Course, new: NewUpdate) -> list[EvidenceInput]:
    """The answer's file as evidence of the case, if there is one."""
    if new.file is None:
        return []
    label = posko.vocabulary.label("addressee", course.addressee)
    what = f"Jawaban {label}" + (f" nomor {clean(new.number)}" if clean(new.number) else "")
    return [EvidenceInput(description=what, kind="letter", source="agency", path=new.file)]


def _update_row(
    posko: Posko, case_uid: str, event_uid: str, new: NewUpdate, evidence_uid: str
) -> ReferralUpdate:
    row = ReferralUpdate(
        uid=new_uid(),
        case_uid=case_uid,
        event_uid=event_uid,
        on=new.on,
        state=new.state,
        number=clean(new.number),
        note=clean(new.note),
        evidence_uid=evidence_uid,
        office_code=posko.office.code,
        actor=posko.user.login,
        made_at=posko.now(),
    )
    if new.sanction:
        row.party_uid = new.sanction.party_uid
        row.sanction = new.sanction.kind
        row.sanction_form = clean(new.sanction.form)
        row.decree_number = clean(new.sanction.decree_number)
        row.decree_on = new.sanction.decree_on
        row.decree_official = clean(new.sanction.official)
        row.effective_on = new.sanction.effective_on
    return row


def _tell_case(posko: Posko, session: Session, course: Course, row: ReferralUpdate) -> None:
    """Record the step that the new state is, unless the case knows of it already."""
    kind = referral_book().state(row.state).event
    if not kind or any(step.kind == kind for step in course.steps):
        return
    data = {"addressee": course.addressee, REFERRAL: course.event.uid, UPDATE: row.uid}
    step = NewStep(kind=kind, on=row.on, number=row.number, note=row.note, data=data)
    add_step(posko, session, row.case_uid, step)
