"""Klarifikasi: inviting people, whether they came, their oath, and the minutes of what was said.

People stand here by alias. Religion, questions and answers are sealed with the identity key: what a
witness says may name the reporter, so minutes are read and kept like identities and never travel in
a workbook. The signed berita acara travels as a letter or as evidence, when somebody decides so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from posko_app.app import Posko, use_case
from posko_app.data.tables import Clarification, ClarificationQuestion, Witness
from posko_app.errors import InvalidInput, Problem, UserError
from posko_app.rules.events import EXPERT_ROLE
from posko_app.security.uid import new_uid
from posko_app.text import clean

from . import board
from .clarification_rows import (
    EXPERT,
    INVITED,
    PersonRef,
    is_expert,
    people_of,
)
from .find import case_uid_of
from .identity import identity_rows, open_text, seal_text
from .report import PersonInput
from .step_checks import named_in_the_open
from .steps import NewStep, add_step
from .stub import require_ours

OATHS = ("sworn", "promised", "refused")
NOBODY = PersonRef("", "", "", "")


@dataclass(frozen=True, kw_only=True)
class Invitation:
    """Who is asked to come, when and where; `on` is the date of the letter."""

    person: PersonRef = NOBODY  # of a second invitation: who did not come
    on: date
    for_on: date
    for_time: str
    place: str
    mode: str = "in_person"
    online_reason: str = ""
    delivered: str = ""
    delivered_on: date | None = None
    number: str = ""
    note: str = ""


@dataclass(frozen=True)
class Question:
    """One question of the minutes with its answer."""

    question: str
    answer: str


@dataclass(frozen=True, kw_only=True)
class Hearing:
    """How a clarification went; times as `09.30`."""

    on: date
    began: str = ""
    ended: str = ""
    examiner: str = ""
    oath: str = ""
    oath_note: str = ""
    recorded: bool = False
    read_back: bool = False
    minutes_number: str = ""
    note: str = ""


@dataclass(frozen=True)
class Minutes:
    """What was said, opened; never in a log, a list or a search."""

    religion: str
    questions: tuple[Question, ...]


@use_case("case.read")
def people(posko: Posko, case: str, intake_kind: str) -> tuple[PersonRef, ...]:
    """Who can be asked to clarify in a case (uid or number)."""
    with posko.store.read() as session:
        return people_of(session, case_uid_of(session, case), intake_kind)


@use_case("case.step")
def invite(posko: Posko, case: str, invitation: Invitation) -> str:
    """Record an invitation; gives back the uid of the clarification.

    Raises InvalidInput with every problem at once, those of the step among them.
    """
    step = _invited(invitation)
    with posko.write() as session:
        _record(posko, session, case_uid_of(session, case), step, list(_unfit(invitation)))
    return step.data["clarification"]


@use_case("case.step")
def mark_absent(
    posko: Posko,
    clarification: str,
    on: date,
    reason: str = "",
    again: Invitation | None = None,
) -> str:
    """Record that somebody who was invited did not come; gives back the event's uid.

    `again` invites the same person once more in the same transaction. Raises InvalidInput with
    every problem at once, and then nothing is recorded.
    """
    with posko.write() as session:
        row = _open_row(session, clarification)
        data = {"whom": row.alias.casefold(), "clarification": row.uid, "reason": clean(reason)}
        step = NewStep(kind="absent", on=on, data={k: v for k, v in data.items() if v})
        event = _record(posko, session, row.case_uid, step, list(_unfit(again)) if again else [])
        if again is not None:
            whom = PersonRef(row.role, row.person_uid, row.alias, row.alias)
            second = _invited(replace(again, person=whom))
            _record(posko, session, row.case_uid, second, [])
        return event


@use_case("case.step")
def note_delivery(posko: Posko, clarification: str, delivered: str, on: date | None) -> None:
    """Write down how and when an invitation reached its person."""
    with posko.write() as session:
        row = _row(session, clarification)
        require_ours(posko, session, row.case_uid)
        row.delivered, row.delivered_on = delivered, on
        posko.note(session, "clarification.delivered", row.case_uid, clarification=row.uid)


@use_case("case.step")
def hear(
    posko: Posko,
    clarification: str,
    hearing: Hearing,
    minutes: Minutes | None = None,
) -> str:
    """Record that somebody came and was asked; gives back the event's uid.

    The stage ends with the last of those invited. `minutes` replace those kept so far; they need
    the identity key. Raises InvalidInput with every problem at once, and then nothing is kept.
    """
    with posko.write() as session:
        row = _open_row(session, clarification)
        step = NewStep(
            kind="expert_heard" if row.role == EXPERT_ROLE else "clarified",
            on=hearing.on,
            number=clean(hearing.minutes_number),
            note=hearing.note,
            data={"whom": row.alias.casefold(), "clarification": row.uid},
        )
        texts = {"oath_note": hearing.oath_note, "examiner": hearing.examiner}
        problems = [
            *_unfit_hearing(hearing),
            *named_in_the_open(posko, session, row.case_uid, texts),
        ]
        event = _record(posko, session, row.case_uid, step, problems)
        row.held_on, row.began, row.ended = hearing.on, hearing.began, hearing.ended
        row.examiner, row.recorded = clean(hearing.examiner), hearing.recorded
        row.oath, row.oath_note = hearing.oath, clean(hearing.oath_note)
        row.minutes_number, row.read_back = clean(hearing.minutes_number), hearing.read_back
        row.note = clean(hearing.note)
        if minutes is not None:
            _keep(posko, session, row, minutes)
        return event


@use_case("identity.read")
def save_minutes(posko: Posko, clarification: str, minutes: Minutes) -> None:
    """Keep questions and answers while they are still being typed, or mend them later."""
    with posko.write() as session:
        row = _row(session, clarification)
        require_ours(posko, session, row.case_uid)
        _keep(posko, session, row, minutes)
        posko.note(
            session,
            "clarification.minutes_kept",
            row.case_uid,
            clarification=row.uid,
            questions=len(minutes.questions),
        )


@use_case("identity.read")
def open_minutes(posko: Posko, clarification: str) -> Minutes:
    """Questions and answers of a clarification; that they were opened goes into the audit chain."""
    with posko.write() as session:
        row = _row(session, clarification)
        kept = _kept(session, row.uid)
        if kept or row.religion:
            posko.note(session, "clarification.minutes_read", row.case_uid, clarification=row.uid)
        return Minutes(
            open_text(posko, row.uid, "religion", row.religion),
            tuple(
                Question(
                    open_text(posko, item.uid, "question", item.question),
                    open_text(posko, item.uid, "answer", item.answer),
                )
                for item in kept
                if item.position
            ),
        )


@use_case("case.write")
def add_expert(posko: Posko, case: str, person: PersonInput) -> PersonRef:
    """Add an expert to the people of a case, sealed like a witness; gives back their alias."""
    if not person.name.strip():
        raise InvalidInput([Problem("name", "Isi nama ahli.")])
    with posko.write() as session:
        case_uid = case_uid_of(session, case)
        require_ours(posko, session, case_uid)
        known = session.scalars(select(Witness).where(Witness.case_uid == case_uid)).all()
        experts = sum(is_expert(row) for row in known)
        witness = Witness(
            uid=new_uid(),
            case_uid=case_uid,
            position=max((row.position for row in known), default=0) + 1,
            alias=f"{EXPERT} {experts + 1}",
        )
        row, tokens = identity_rows(posko, case_uid, new_uid(), person, witness.uid)
        session.add_all([witness, row, *tokens])
        posko.note(session, "case.expert_added", case_uid, witness=witness.uid)
        return PersonRef(EXPERT_ROLE, witness.uid, witness.alias, witness.alias)


# --- what these share ---------------------------------------------------------------------------


def _invited(invitation: Invitation) -> NewStep:
    data = {
        "whom": invitation.person.alias.casefold(),
        "role": invitation.person.role,
        "person": invitation.person.uid,
        "for_on": invitation.for_on.isoformat(),
        "for_time": invitation.for_time,
        "place": clean(invitation.place),
        "mode": invitation.mode,
        "online_reason": invitation.online_reason if invitation.mode == "online" else "",
        "delivered": invitation.delivered,
        "delivered_on": invitation.delivered_on.isoformat() if invitation.delivered_on else "",
        "clarification": new_uid(),
    }
    return NewStep(
        kind="invited",
        on=invitation.on,
        number=clean(invitation.number),
        note=invitation.note,
        data={key: value for key, value in data.items() if value},
    )


def _record(
    posko: Posko, session: Session, case_uid: str, step: NewStep, problems: list[Problem]
) -> str:
    """Add a step, with the problems found before among those it has itself."""
    try:
        uid = add_step(posko, session, case_uid, step)
    except InvalidInput as error:
        raise InvalidInput([*problems, *error.problems]) from error
    if problems:
        raise InvalidInput(problems)
    board.refresh(posko, session, [case_uid])
    posko.note(session, f"step.{step.kind}", case_uid, event=uid, outcome=step.outcome)
    return uid


def _unfit(invitation: Invitation) -> Iterator[Problem]:
    if invitation.for_on < invitation.on:
        yield Problem("for_on", "Hari klarifikasi sebelum tanggal undangan. Periksa keduanya.")
    if not clean(invitation.place) and invitation.mode != "online":
        yield Problem("place", "Isi tempat klarifikasi.")
    if invitation.mode == "online" and not invitation.online_reason:
        yield Problem("online_reason", "Pilih alasan klarifikasi daring.")


def _unfit_hearing(hearing: Hearing) -> Iterator[Problem]:
    if hearing.oath and hearing.oath not in OATHS:
        yield Problem("oath", "Pilih bersumpah, berjanji, atau menolak.")
    if hearing.oath == "refused" and not clean(hearing.oath_note):
        yield Problem("oath_note", "Tulis alasan menolak disumpah. Klarifikasi tetap berlanjut.")
    if hearing.began and hearing.ended and hearing.ended < hearing.began:
        yield Problem("ended", "Jam selesai sebelum jam mulai. Periksa keduanya.")


def _row(session: Session, uid: str) -> Clarification:
    row = session.scalar(select(Clarification).where(Clarification.uid == uid))
    if row is None:
        raise UserError("Undangan klarifikasi ini tidak ada di kantor ini.", "no_clarification")
    return row


def _open_row(session: Session, uid: str) -> Clarification:
    row = _row(session, uid)
    if row.state != INVITED:
        raise UserError(
            f"Kehadiran {row.alias} pada undangan ini sudah dicatat. Batalkan catatan itu dulu "
            "bila keliru.",
            "clarification_settled",
        )
    return row


def _kept(session: Session, uid: str) -> Sequence[ClarificationQuestion]:
    return session.scalars(
        select(ClarificationQuestion)
        .where(ClarificationQuestion.clarification_uid == uid)
        .order_by(ClarificationQuestion.position, ClarificationQuestion.uid)
    ).all()


def _keep(posko: Posko, session: Session, row: Clarification, minutes: Minutes) -> None:
    """Write the minutes; a question that is no longer among them is struck out, not deleted."""
    if not row.religion or open_text(posko, row.uid, "religion", row.religion) != minutes.religion:
        # Sealing the same word anew would be another value, and so a change that nobody made.
        row.religion = seal_text(posko, row.uid, "religion", minutes.religion)
    asked = [q for q in minutes.questions if q.question.strip() or q.answer.strip()]
    kept = [item for item in _kept(session, row.uid) if item.position]
    for n, question in enumerate(asked):
        if n < len(kept):
            item = kept[n]
        else:
            item = ClarificationQuestion(
                uid=new_uid(), case_uid=row.case_uid, clarification_uid=row.uid
            )
            session.add(item)
        _write(posko, item, n + 1, question)
    for item in kept[len(asked) :]:
        item.position = 0


def _write(posko: Posko, item: ClarificationQuestion, position: int, question: Question) -> None:
    item.position = position
    for name in ("question", "answer"):
        said = clean(getattr(question, name))
        if not getattr(item, name) or open_text(posko, item.uid, name, getattr(item, name)) != said:
            # Sealing the same words anew would be another value, and so a change that nobody made.
            setattr(item, name, seal_text(posko, item.uid, name, said))
