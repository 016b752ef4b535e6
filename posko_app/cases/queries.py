"""Reading cases: lists, counts, one case whole, what is due."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select, tuple_
from sqlalchemy.orm import Session, aliased, defer

from posko_app.app import Posko, use_case
from posko_app.data.tables import ArchivedCase, CaseBoard, Event
from posko_app.rules import deadlines

from . import board
from .filters import OPEN, CaseFilter, conditions, due_state, of_view
from .list_views import standard_views
from .views import CaseRow

__all__ = [
    "LINE",
    "SORTS",
    "VIEWS",
    "CaseFilter",
    "DueItem",
    "all_due_items",
    "count",
    "count_cases",
    "count_each",
    "due_items",
    "in_force",
    "list_cases",
    "to_row",
    "view_counts",
]

VIEWS = tuple(standard_views())
SORTS: dict[str, tuple[Any, ...]] = {
    "due": (CaseBoard.sort_on, CaseBoard.id),
    "filed": (CaseBoard.filed_on, CaseBoard.id),
}

# A line without the text it is found by: that is the whole narrative, which no list shows.
LINE = select(CaseBoard).options(defer(CaseBoard.search_text, raiseload=True))


@use_case("case.read")
def list_cases(
    posko: Posko, wanted: CaseFilter, *, limit: int = 200, after: CaseRow | None = None
) -> tuple[CaseRow, ...]:
    """A page of cases in order; `after` is the last row of the page before (keyset paging)."""
    board.keep_current(posko)
    with posko.store.read() as session:
        return page_in(posko, session, wanted, limit=limit, after=after)


def page_in(
    posko: Posko, session: Session, wanted: CaseFilter, *, limit: int, after: CaseRow | None = None
) -> tuple[CaseRow, ...]:
    """The same inside the caller's session."""
    query = LINE.where(*conditions(posko, session, wanted, walked=wanted.sort))
    order = SORTS[wanted.sort]
    if after is not None:
        first = after.sort_on if wanted.sort == "due" else after.filed_on
        place, last = tuple_(*order), (first, after.place)
        query = query.where(place < last if wanted.descending else place > last)
    if wanted.descending:
        order = tuple(column.desc() for column in order)
    rows = session.scalars(query.order_by(*order).limit(limit)).all()
    return tuple(to_row(posko, row) for row in rows)


@use_case("case.read")
def count_cases(posko: Posko, wanted: CaseFilter) -> int:
    """How many cases a filter holds."""
    board.keep_current(posko)
    with posko.store.read() as session:
        return count(session, conditions(posko, session, wanted))


@use_case("case.read")
def view_counts(posko: Posko) -> dict[str, int]:
    """Counts for tabs and sidebar: every view, plus `late` and `today`."""
    board.keep_current(posko)
    asked = {
        key: of_view(posko, key)
        for key, view in standard_views().items()
        if view.state in ("open", "waiting")
    }
    asked["today"] = [*of_view(posko, OPEN), *due_state(posko, "today")]
    asked["all"] = []
    with posko.store.read() as session:
        counts = count_each(session, asked)
        away = session.scalar(select(func.count()).select_from(ArchivedCase)) or 0
    closed = counts["all"] - counts["active"] - away
    return {**counts, "archived": away, "closed": closed}


def count(session: Session, found: Sequence[ColumnElement[bool]]) -> int:
    """How many board lines meet every condition."""
    return session.scalar(select(func.count()).select_from(CaseBoard).where(*found)) or 0


def count_each(
    session: Session, asked: Mapping[str, Sequence[ColumnElement[bool]]]
) -> dict[str, int]:
    """How many board lines meet each of several sets of conditions, in one statement.

    Each is a short walk of an index; one walk that judges them all costs four times that.
    """
    sums = (
        select(func.count()).select_from(CaseBoard).where(*found).scalar_subquery()
        for found in asked.values()
    )
    return dict(zip(asked, session.execute(select(*sums)).one(), strict=True))


@dataclass(frozen=True)
class DueItem:
    """One running deadline of one case."""

    case: CaseRow
    due: deadlines.Due


@use_case("case.read")
def due_items(posko: Posko, *, until: date | None = None, limit: int = 500) -> tuple[DueItem, ...]:
    """The next deadline of every open case, earliest safe date first, explained day by day."""
    board.keep_current(posko)
    with posko.store.read() as session:
        query = LINE.where(CaseBoard.sort_on < board.FAR)
        if until is not None:
            query = query.where(CaseBoard.sort_on <= until)
        rows = session.scalars(query.order_by(CaseBoard.sort_on, CaseBoard.id).limit(limit)).all()
        found = ((row, deadlines.first_of(dues)) for row, dues in _dues_of(posko, session, rows))
        return tuple(DueItem(to_row(posko, row), due) for row, due in found if due)


@use_case("case.read")
def all_due_items(posko: Posko, *, until: date | None = None) -> tuple[DueItem, ...]:
    """Every deadline that runs in an open case, those of others too, earliest safe date first."""
    board.keep_current(posko)
    with posko.store.read() as session:
        lines = LINE.where(*of_view(posko, OPEN)).order_by(CaseBoard.id)
        rows = session.scalars(lines).all()
        found = [
            DueItem(to_row(posko, row), due)
            for row, dues in _dues_of(posko, session, rows)
            for due in dues
            if until is None or due.safe_on <= until
        ]
    return tuple(sorted(found, key=lambda item: (item.due.safe_on, item.due.due_on)))


def _dues_of(
    posko: Posko, session: Session, rows: Sequence[CaseBoard]
) -> Iterator[tuple[CaseBoard, tuple[deadlines.Due, ...]]]:
    """Board lines with the deadlines that run, as many cases at a time as one statement takes."""
    for start in range(0, len(rows), board.CHUNK):
        chunk = rows[start : start + board.CHUNK]
        events: dict[str, list[Any]] = {}
        uids = [row.case_uid for row in chunk]
        rows_of = select(Event.__table__).where(Event.case_uid.in_(uids))  # objects cost twice
        for event in session.execute(rows_of):
            events.setdefault(event.case_uid, []).append(event)
        for row in chunk:
            law = posko.rules.get(row.regulation, row.filed_on)
            known = [board.to_event(e) for e in events.get(row.case_uid, ())]
            yield row, board.state_and_dues(posko, known, law)[1]


def in_force() -> ColumnElement[bool]:
    """Of events: that no correction has voided them."""
    correction = aliased(Event)
    voided = select(correction.id).where(
        correction.case_uid == Event.case_uid,
        correction.kind == "corrected",
        correction.corrects == Event.uid,
    )
    return ~voided.exists()


def to_row(posko: Posko, row: CaseBoard) -> CaseRow:
    """A board line as lists show it."""
    region = posko.regions.get(row.region_code) if row.region_code else None
    law = posko.rules.get(row.regulation, row.filed_on)
    return CaseRow(
        uid=row.case_uid,
        number=row.number,
        register_number=row.register_number,
        kind=row.kind,
        title=row.title,
        party=row.party,
        region_code=row.region_code,
        region_name=region.name if region else "",
        stage=row.stage,
        stage_label=row.stage_label,
        next_step=row.next_step,
        next_step_label=law.steps[row.next_step].words(row.kind) if row.next_step else "",
        due_rule=row.due_rule,
        due_on=row.due_on,
        safe_on=row.safe_on,
        officer=row.officer,
        theme=row.theme,
        theme_label=posko.vocabulary.label("allegation", row.theme) if row.theme else "",
        office_code=row.office_code,
        filed_on=row.filed_on,
        view=row.view,
        conflicts=row.conflicts,
        archived=row.archived,
        ended=row.ended,
        ended_label=posko.vocabulary.label("outcome", row.ended) if row.ended else "",
        waiting_for=row.waiting_for,
        waiting_label=posko.vocabulary.label("addressee", row.waiting_for)
        if row.waiting_for
        else "",
        waiting_since=row.waiting_since,
        last_at=row.last_at,
        sort_on=row.sort_on,
        place=row.id,
        origin_number=row.origin_number,
    )
