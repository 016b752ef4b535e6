"""Changing rules or holidays: which dates of open cases would move, then the change itself."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from posko_app import text
from posko_app.app import BOARD_MARK, Posko, use_case
from posko_app.data.tables import Case, CaseBoard, Event, Setting
from posko_app.law import Law, LawChange, read_law
from posko_app.progress import Progress, silent, track
from posko_app.rules import deadlines, stages
from posko_app.rules.calendar import Calendar
from posko_app.rules.deadlines import Due

from . import board
from .board import FAR

CHUNK = 500
_MARGIN = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class MovedDue:
    """One deadline of an open case that would fall on another date; None where it does not run."""

    case_uid: str
    number: str
    title: str
    officer: str
    rule: str
    label: str
    old_on: date | None
    new_on: date | None
    old_safe: date | None
    new_safe: date | None
    why: str

    @property
    def earlier(self) -> bool:
        """Whether there is less time than before."""
        ends = ((self.old_on, self.new_on), (self.old_safe, self.new_safe))
        return any(new is not None and (old is None or new < old) for old, new in ends)


@dataclass(frozen=True, kw_only=True)
class Drill:
    """What a change would do to the open cases of this office's list."""

    looked_at: int  # open cases
    moved: tuple[MovedDue, ...]

    @property
    def cases(self) -> int:
        """How many cases have a date that moves."""
        return len({item.case_uid for item in self.moved})


@use_case("office.rules")
def drill(posko: Posko, change: LawChange, progress: Progress = silent) -> Drill:
    """Every deadline of an open case that `change` would move; nothing is written.

    Raises Cancelled when `progress` does.
    """
    found: list[MovedDue] = []
    with posko.store.read() as session:
        uids = _open_cases(session)
        starts = range(0, len(uids), CHUNK)
        for start in track(starts, len(starts), progress, "Memeriksa batas perkara"):
            found += _moved(posko, session, change.law, uids[start : start + CHUNK])
    found.sort(key=lambda item: (not item.earlier, item.new_on or item.old_on or FAR, item.number))
    return Drill(looked_at=len(uids), moved=tuple(found))


@use_case("office.rules")
def apply_change(posko: Posko, change: LawChange, progress: Progress = silent) -> None:
    """Make a change of rules or holidays and bring every list up to it, in one transaction.

    Raises Cancelled when `progress` does; then nothing is changed.
    """
    board.keep_current(posko, progress)
    before = Law(rules=posko.rules, calendar=posko.calendar, mark=posko.law_mark)
    kept = posko.board_mark
    try:
        with posko.write() as session:
            change.write(session)
            session.flush()
            law = read_law(session, posko.today())
            mark = _renew(posko, session, law, change.everywhere, progress)
            # The window reads on under the old law until now: it changes with the commit.
            posko.take_law(law)
            posko.board_mark = mark
    except BaseException:
        posko.take_law(before)
        posko.board_mark = kept
        raise


def _renew(posko: Posko, session: Session, law: Law, everywhere: bool, progress: Progress) -> str:
    """Bring the lines of lists up to a law that is about to hold; gives their mark."""
    future = dataclasses.replace(posko, rules=law.rules, calendar=law.calendar)
    uids = _all_cases(session) if everywhere else _open_cases(session)
    starts = range(0, len(uids), CHUNK)
    for start in track(starts, len(starts), progress, "Menghitung ulang batas waktu"):
        board.refresh(future, session, uids[start : start + CHUNK])
    mark = f"{law.mark}/{posko.office.zone}"
    session.merge(Setting(key=BOARD_MARK, value=mark))
    return mark


def _open_cases(session: Session) -> Sequence[str]:
    query = select(CaseBoard.case_uid).where(CaseBoard.view != "closed")
    return session.scalars(query.order_by(CaseBoard.case_uid)).all()


def _all_cases(session: Session) -> Sequence[str]:
    return session.scalars(select(Case.uid).order_by(Case.uid)).all()


def _moved(posko: Posko, session: Session, law: Law, uids: Sequence[str]) -> Iterator[MovedDue]:
    """The moved deadlines of some cases."""
    rows = session.execute(
        select(
            CaseBoard.case_uid, CaseBoard.number, CaseBoard.title, CaseBoard.officer,
            CaseBoard.regulation, CaseBoard.filed_on,
        ).where(CaseBoard.case_uid.in_(uids))
    ).all()  # fmt: skip
    events: dict[str, list[stages.Event]] = {}
    for row in session.execute(select(Event.__table__).where(Event.case_uid.in_(uids))):
        events.setdefault(row.case_uid, []).append(board.to_event(row))  # type: ignore[arg-type]
    changed = changed_days(posko.calendar, law.calendar)
    for row in rows:
        old_law = posko.rules.get(row.regulation, row.filed_on)
        new_law = law.rules.get(row.regulation, row.filed_on)
        state = stages.state_of(events.get(row.case_uid, ()), old_law)
        old = deadlines.dues_of(state, old_law, posko.calendar, posko.zone)
        if old_law is new_law and not _touched(state, old, changed):
            continue
        if old_law is not new_law:
            state = stages.state_of(events.get(row.case_uid, ()), new_law)
        new = deadlines.dues_of(state, new_law, law.calendar, posko.zone)
        yield from (_moved_due(row, was, will) for was, will in _pairs(old, new))


def _moved_due(row: Any, was: Due | None, will: Due | None) -> MovedDue:
    item = will or was
    assert item is not None
    return MovedDue(
        case_uid=row.case_uid,
        number=row.number,
        title=row.title,
        officer=row.officer,
        rule=item.rule,
        label=item.label,
        old_on=was.due_on if was else None,
        new_on=will.due_on if will else None,
        old_safe=was.safe_on if was else None,
        new_safe=will.safe_on if will else None,
        why=_why(was, will),
    )


def _pairs(old: Sequence[Due], new: Sequence[Due]) -> Iterator[tuple[Due | None, Due | None]]:
    """The deadlines that differ, before and after."""
    was, will = ({item.rule: item for item in items} for items in (old, new))
    for rule in dict.fromkeys([*was, *will]):
        before, after = was.get(rule), will.get(rule)
        if before is None or after is None or _dates(before) != _dates(after):
            yield before, after


def _dates(item: Due) -> tuple[object, ...]:
    return item.due_on, item.due_at, item.safe_on, item.safe_at


def _why(was: Due | None, will: Due | None) -> str:
    """What makes the difference, in words."""
    if was is None or will is None:
        return "Batas ini mulai berlaku." if was is None else "Batas ini tidak berlaku lagi."
    if was.basis != will.basis:
        old, _, old_article = was.basis.rpartition(" (")
        new, _, new_article = will.basis.rpartition(" (")
        if old_article != new_article or old == new:
            old, new = was.basis, will.basis
        return f"Semula {old}, menjadi {new}."
    before = {day.date: day for day in was.days}
    odd = [day for day in will.days if day.date in before and day != before[day.date]]
    told = [day for day in odd if day.counted != before[day.date].counted] or odd
    if told:
        said = [f"{text.short_date(day.date)}: {day.why}" for day in told[:3]]
        return "; ".join(said) + ("; …" if len(told) > 3 else "")
    if was.due_on != will.due_on:
        return f"Kini berakhir {text.short_date(will.due_on)}."
    return f"Batas aman: {will.safe_why or 'tidak ada lagi bacaan lain yang lebih awal'}."


def changed_days(old: Calendar, new: Calendar) -> frozenset[date]:
    """The days that two calendars do not agree about."""
    if old.joint_leave != new.joint_leave:
        days = {*old.holidays, *new.holidays}
    else:
        days = {
            day
            for day in {*old.holidays, *new.holidays}
            if old.holidays.get(day) != new.holidays.get(day)
        }
    return frozenset(day for day in days if old.why(day) != new.why(day))


def _touched(state: stages.CaseState, dues: Sequence[Due], changed: frozenset[date]) -> bool:
    """Whether counting looked at a changed day: else every date stays, without counting again."""
    if not dues or not changed:
        return False
    told = [event.data.get(key, "") for event in state.events for key in ("known_on", "found_on")]
    begun = [date.fromisoformat(day) for day in told if day]
    first = min([*(e.on for e in state.events), *begun, *(d.due_on for d in dues)]) - _MARGIN
    last = max(max(d.due_on, d.safe_on, d.start_on, *(day.date for day in d.days)) for d in dues)
    return any(first <= day <= last for day in changed)
