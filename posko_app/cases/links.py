"""Cases of one event: linked by somebody's word, taken back by another, never in anybody's way.

A word stands until it is taken back by name; that two offices spoke at the same time, and in which
order their words come in, changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from posko_app.app import Posko, use_case
from posko_app.data.tables import CaseBoard, CaseLink
from posko_app.errors import InvalidInput, UserError
from posko_app.security import permissions
from posko_app.security.uid import new_uid
from posko_app.text import clean

from .find import case_uid_of
from .people_book import people_book
from .step_checks import named_in_the_open


class Word(Protocol):
    """What somebody said of two cases: a row of `case_links`, or what a test makes of it."""

    @property
    def uid(self) -> str: ...
    @property
    def case_uid(self) -> str: ...
    @property
    def other_uid(self) -> str: ...
    @property
    def same(self) -> bool: ...
    @property
    def corrects(self) -> str: ...


W = TypeVar("W", bound=Word)


@dataclass(frozen=True, kw_only=True)
class LinkedCase:
    """Another case of the same event; `direct` when it is linked to the case itself."""

    uid: str
    number: str
    title: str
    party: str
    filed_on: date
    stage_label: str
    office_code: str
    direct: bool
    note: str  # why it was linked, of a direct one
    linked_by: str


def standing(words: Iterable[W]) -> list[W]:
    """The words that nobody took back."""
    every = list(words)
    gone = {word.corrects for word in every if word.corrects}
    return [word for word in every if not word.corrects and word.uid not in gone]


def pair(word: Word) -> frozenset[str]:
    """The two cases that a word is about."""
    return frozenset((word.case_uid, word.other_uid))


@use_case("case.step")
def link_cases(posko: Posko, case: str, other: str, note: str = "") -> bool:
    """Say that two cases (uid or number) are about one event; False when that was said already.

    Raises UserError for one and the same case or an unknown one, InvalidInput for a note that names
    a reporter or witness of either.
    """
    return _say(posko, case, other, note, same=True)


def link_at_once(
    posko: Posko, session: Session, uid: str, others: Mapping[str, str]
) -> tuple[str, ...]:
    """Link a case to others (uid -> number) inside the transaction that takes it in.

    What is not there any more stops nothing: gives back a sentence for the person who filed.
    """
    if others:
        permissions.require(posko.user.role, "case.step")
    left = []
    for other, number in others.items():
        try:
            one, two = _both(posko, session, uid, other, "")
        except UserError:
            left.append(number)
        else:
            _said(posko, session, one, two, "", same=True)
    if not left:
        return ()
    said = f"Belum dikaitkan dengan {', '.join(left)}. Kaitkan dari tab Terlapor perkara ini."
    return (said,)


@use_case("case.step")
def tell_apart(posko: Posko, case: str, other: str, note: str = "") -> bool:
    """Say that two cases were compared and are about different events; as `link_cases`."""
    return _say(posko, case, other, note, same=False)


@use_case("case.step")
def unlink_cases(posko: Posko, case: str, other: str, note: str = "") -> bool:
    """Take back that two cases are about one event; False when nobody says so."""
    with posko.write() as session:
        one, two = _both(posko, session, case, other, note)
        said = [word for word in _between(session, one, two) if word.same]
        _take_back(posko, session, said, clean(note))
        if said:
            posko.note(session, "case.unlinked", one, other=two)
    return bool(said)


@use_case("case.read")
def event_group(posko: Posko, case: str) -> tuple[LinkedCase, ...]:
    """The other cases of the event of a case (uid or number), those filed first before.

    Cases that are linked to a linked one belong to it too.
    """
    with posko.store.read() as session:
        uid = case_uid_of(session, case)
        return linked_cases(session, uid)


@use_case("case.read")
def found_different(posko: Posko, case: str) -> frozenset[str]:
    """Uids of the cases that somebody compared with this one and found to be another event."""
    with posko.store.read() as session:
        uid = case_uid_of(session, case)
        said = words_of(session, [uid])
        same = {pair(word) for word in said if word.same}
        apart = {pair(word) for word in said if not word.same} - same
    return frozenset(other for both in apart for other in both if other != uid)


def linked_cases(session: Session, uid: str) -> tuple[LinkedCase, ...]:
    """The other cases of one event, as far as this office has them."""
    group, direct = _group(session, uid)
    rows = session.scalars(
        select(CaseBoard)
        .where(CaseBoard.case_uid.in_(group - {uid}))
        .order_by(CaseBoard.filed_on, CaseBoard.case_uid)
    )
    return tuple(
        LinkedCase(
            uid=row.case_uid,
            number=row.number,
            title=row.title,
            party=row.party,
            filed_on=row.filed_on,
            stage_label=row.stage_label,
            office_code=row.office_code,
            direct=row.case_uid in direct,
            note=direct[row.case_uid].note if row.case_uid in direct else "",
            linked_by=direct[row.case_uid].actor if row.case_uid in direct else "",
        )
        for row in rows
    )


def words_of(session: Session, uids: Collection[str]) -> list[CaseLink]:
    """The words that stand about cases, whichever case bears them, in the order they were said."""
    rows = session.scalars(
        select(CaseLink)
        .where(or_(CaseLink.case_uid.in_(uids), CaseLink.other_uid.in_(uids)))
        .order_by(CaseLink.made_at, CaseLink.uid)
    )
    return standing(rows)


def _group(session: Session, uid: str) -> tuple[set[str], dict[str, CaseLink]]:
    """All cases of an event, and by case the word that links it to the first one."""
    most = people_book().limits["group"]
    group, fresh = {uid}, {uid}
    direct: dict[str, CaseLink] = {}
    while fresh and len(group) < most:
        found: set[str] = set()
        for word in words_of(session, fresh):
            if word.same:
                found |= pair(word)
                if uid in pair(word):
                    (other,) = pair(word) - {uid} or {uid}
                    direct.setdefault(other, word)
        fresh = found - group
        group |= fresh
    return group, direct


def _say(posko: Posko, case: str, other: str, note: str, *, same: bool) -> bool:
    with posko.write() as session:
        one, two = _both(posko, session, case, other, note)
        return _said(posko, session, one, two, clean(note), same=same)


def _said(posko: Posko, session: Session, one: str, two: str, note: str, *, same: bool) -> bool:
    said = _between(session, one, two)
    _take_back(posko, session, [word for word in said if word.same != same], note)
    if any(word.same == same for word in said):
        return False
    for mine, their in ((one, two), (two, one)):
        session.add(_row(posko, mine, their, same=same, note=note))
    session.flush()
    posko.note(session, "case.linked" if same else "case.told_apart", one, other=two)
    return True


def _both(posko: Posko, session: Session, case: str, other: str, note: str) -> tuple[str, str]:
    one, two = case_uid_of(session, case), case_uid_of(session, other)
    if one == two:
        raise UserError("Itu perkara yang sama. Pilih perkara lain.", "same_case")
    named = [
        problem
        for uid in (one, two)
        for problem in named_in_the_open(posko, session, uid, {"note": note})
    ]
    if named:
        raise InvalidInput(named)
    return one, two


def _between(session: Session, one: str, two: str) -> list[CaseLink]:
    both = frozenset((one, two))
    return [word for word in words_of(session, [one]) if pair(word) == both]


def _take_back(posko: Posko, session: Session, words: Sequence[CaseLink], note: str) -> None:
    """Take words back, each where it stands, so that both travel together."""
    for word in words:
        row = _row(posko, word.case_uid, word.other_uid, same=word.same, note=note)
        row.corrects = word.uid
        session.add(row)
    session.flush()


def _row(posko: Posko, case_uid: str, other_uid: str, *, same: bool, note: str) -> CaseLink:
    return CaseLink(
        uid=new_uid(),
        case_uid=case_uid,
        other_uid=other_uid,
        same=same,
        note=note,
        corrects="",
        office_code=posko.office.code,
        actor=posko.user.login,
        made_at=posko.now(),
    )
