"""Numbers that two cases of one office bear, and numbers that only stand for a while.

Two computers of an office never give the same number, but older data, a restored register or a
typed number may. Nothing is changed by itself: the cases are named, and somebody gives one of them
a new number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from posko_app.app import Posko, use_case
from posko_app.data.tables import Case, CaseBoard, Event
from posko_app.errors import UserError

from . import board
from .called import number_now
from .find import case_uid_of
from .number_blocks import is_provisional
from .numbers import new_number

MOST = 100


@dataclass(frozen=True)
class Bearer:
    """A case that bears a number."""

    uid: str
    title: str
    office_code: str


@dataclass(frozen=True)
class DoubleNumber:
    """A number and the cases of one office that bear it; `register`: given at registration."""

    number: str
    register: bool
    cases: tuple[Bearer, ...]


@dataclass(frozen=True)
class NumberNotice:
    """What is to be said of the number of a case, and whether a new one can be given here."""

    kind: Literal["double", "provisional"]
    text: str
    can_renew: bool


@use_case("case.read")
def double_numbers(posko: Posko) -> tuple[DoubleNumber, ...]:
    """Every number that two or more cases of one office bear, the first hundred of them."""
    with posko.store.read() as session:
        found = []
        for register in (False, True):
            column = _column(register)
            several = (
                select(column)
                .where(column != "")
                .group_by(column)
                .having(func.count() > 1)
                .order_by(column)
                .limit(MOST)
            )
            for number in session.scalars(several):
                found += list(_doubles(session, number, register))
    return tuple(found)


@use_case("case.read")
def number_notice(posko: Posko, case: str) -> NumberNotice | None:
    """What to say of the number of a case (uid or number); None when all is well."""
    with posko.store.read() as session:
        uid = case_uid_of(session, case)
        row = session.scalar(select(CaseBoard).where(CaseBoard.case_uid == uid))
        if row is None:
            return None
        own = row.office_code == posko.office.code
        for register in (False, True):
            number = row.register_number if register else row.number
            others = [
                bearer
                for double in (_doubles(session, number, register) if number else ())
                for bearer in double.cases
                if bearer.uid != uid and bearer.office_code == row.office_code
            ]
            if others:
                titles = "; ".join(bearer.title or bearer.uid for bearer in others[:3])
                what = "Nomor register" if register else "Nomor"
                text = f"{what} {number} dipakai juga oleh perkara lain: {titles}."
                return NumberNotice("double", text, own and not register)
        if is_provisional(row.number):
            text = f"Nomor {row.number} hanya sementara, sampai komputer ini punya nomor tetap."
            return NumberNotice("provisional", text, own)
    return None


@use_case("case.write")
def give_new_number(posko: Posko, case: str) -> str:
    """Give a case of this office the next number of its series; the journal keeps the old one.

    What was printed with the old number stays as it is. Raises UserError for a case of another
    office and one whose number came with a change of its kind, NumbersUsedUp.
    """
    with posko.write() as session:
        uid = case_uid_of(session, case)
        row = session.scalars(select(Case).where(Case.uid == uid)).one()
        if row.office_code != posko.office.code:
            raise UserError(
                "Nomor perkara ini diberikan kantor lain. Tidak ada yang diubah. Minta kantor itu "
                "memberi nomor baru.",
                "other_office",
            )
        events = session.scalars(select(Event).where(Event.case_uid == uid)).all()
        law = posko.rules.get(row.regulation, row.filed_on)
        state, _ = board.state_and_dues(posko, [board.to_event(e) for e in events], law)
        if number_now(row.number, state.events) != row.number:
            raise UserError(
                "Nomor perkara ini diberikan bersama langkahnya. Tidak ada yang diubah. Batalkan "
                "langkah itu, lalu catat lagi dengan nomor baru.",
                "number_of_step",
            )
        made = new_number(posko, session, row)
        board.refresh(posko, session, [uid])
    return made.number


def _column(register: bool) -> Any:
    return CaseBoard.register_number if register else CaseBoard.number


def _doubles(session: Session, number: str, register: bool) -> Sequence[DoubleNumber]:
    """The offices in which a number is borne twice, each with its cases."""
    rows = session.execute(
        select(CaseBoard.case_uid, CaseBoard.title, CaseBoard.office_code)
        .join(Case, Case.uid == CaseBoard.case_uid)
        .where(_column(register) == number, Case.void_reason == "")
        .order_by(CaseBoard.filed_on, CaseBoard.case_uid)
    ).all()
    offices: dict[str, list[Bearer]] = {}
    for uid, title, office in rows:
        offices.setdefault(office, []).append(Bearer(uid, title, office))
    return [
        DoubleNumber(number, register, tuple(cases)) for cases in offices.values() if len(cases) > 1
    ]
