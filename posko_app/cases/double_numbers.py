"""Numbers that two cases of one office bear, and numbers that only stand for a while.

Two computers of an office never give the same number, but older data, a restored register or a
typed number may. Nothing is changed by itself: the cases are named, and somebody gives one of them
a new number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from posko_app.app import Posko, use_case
from posko_app.data.tables import Case, CaseBoard, Event
from posko_app.errors import UserError

from . import board
from .called import NUMBERED
from .find import case_uid_of
from .number_blocks import is_provisional
from .renumbering import new_number, received_here

MOST = 100
AT_ONCE = 400


@dataclass(frozen=True)
class Bearer:
    """A case that bears a number, and the office that gave it."""

    uid: str
    title: str
    office_code: str


@dataclass(frozen=True)
class DoubleNumber:
    """A number of one office and the cases that bear it; `register`: given at registration."""

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
    """Every number that one office gave to two or more cases, the first hundred of them."""
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
        for register in (False, True):
            number = row.register_number if register else row.number
            doubles = _doubles(session, number, register) if number else ()
            mine = next((d for d in doubles if any(b.uid == uid for b in d.cases)), None)
            if mine is not None:
                others = [bearer for bearer in mine.cases if bearer.uid != uid]
                own = mine.cases[0].office_code == posko.office.code
                titles = "; ".join(bearer.title or bearer.uid for bearer in others[:3])
                what = "Nomor register" if register else "Nomor"
                text = f"{what} {number} dipakai juga oleh perkara lain: {titles}."
                return NumberNotice("double", text, own and not register)
        if is_provisional(row.number):
            text = f"Nomor {row.number} hanya sementara, sampai komputer ini punya nomor tetap."
            giver = _givers(session, row.number, False, [uid]).get(uid, row.office_code)
            return NumberNotice("provisional", text, giver == posko.office.code)
    return None


@use_case("case.write")
def give_new_number(posko: Posko, case: str) -> str:
    """Give a case the next number of its series here; the journal keeps the old one.

    What was printed with the old number stays as it is. Raises UserError where another office gave
    the number and where it came with a change of the case's kind, NumbersUsedUp.
    """
    with posko.write() as session:
        uid = case_uid_of(session, case)
        row = session.scalars(select(Case).where(Case.uid == uid)).one()
        now = session.scalars(select(CaseBoard.number).where(CaseBoard.case_uid == uid)).one()
        received = received_here(posko, session, row)
        giver = _givers(session, now, False, [uid]).get(uid, row.office_code)
        if giver != posko.office.code:
            raise UserError(
                "Nomor perkara ini diberikan kantor lain. Tidak ada yang diubah. Minta kantor itu "
                "memberi nomor baru.",
                "other_office",
            )
        if received is None and now != row.number:
            raise UserError(
                "Nomor perkara ini diberikan bersama langkahnya. Tidak ada yang diubah. Batalkan "
                "langkah itu, lalu catat lagi dengan nomor baru.",
                "number_of_step",
            )
        made = new_number(posko, session, row, now, received)
        board.refresh(posko, session, [uid])
    return made.number


def _column(register: bool) -> Any:
    return CaseBoard.register_number if register else CaseBoard.number


def _doubles(session: Session, number: str, register: bool) -> Sequence[DoubleNumber]:
    """The offices that gave a number twice, each with the cases that bear it."""
    rows = session.execute(
        select(CaseBoard.case_uid, CaseBoard.title, CaseBoard.office_code)
        .join(Case, Case.uid == CaseBoard.case_uid)
        .where(_column(register) == number, Case.void_reason == "")
        .order_by(CaseBoard.filed_on, CaseBoard.case_uid)
    ).all()
    givers = _givers(session, number, register, [uid for uid, _, _ in rows])
    offices: dict[str, list[Bearer]] = {}
    for uid, title, taken_in in rows:
        office = givers.get(uid, taken_in)
        offices.setdefault(office, []).append(Bearer(uid, title, office))
    return [
        DoubleNumber(number, register, tuple(cases)) for cases in offices.values() if len(cases) > 1
    ]


def _givers(
    session: Session, number: str, register: bool, uids: Sequence[str]
) -> Mapping[str, str]:
    """The offices that gave a number in a step, by case; others gave it when they took it in."""
    kinds = ("registered",) if register else ("note", *NUMBERED)
    found: dict[str, str] = {}
    for start in range(0, len(uids), AT_ONCE):
        rows = session.execute(
            select(Event.case_uid, Event.office_code)
            .where(Event.number == number, Event.kind.in_(kinds))
            .where(Event.case_uid.in_(uids[start : start + AT_ONCE]))
            .order_by(Event.made_at, Event.uid)
        )
        for uid, office in rows:
            found[uid] = office
    return found
