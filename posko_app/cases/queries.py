"""Reading cases: lists, counts, one case whole, what is due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, tuple_
from sqlalchemy.orm import Session, aliased, defer

from posko_app.app import Posko, use_case
from posko_app.data.search import matching
from posko_app.data.tables import CaseBoard, Event
from posko_app.rules import deadlines

from . import board
from .views import CaseRow

VIEWS = ("active", "soon", "mine", "waiting", "findings", "closed", "all")
SORTS: dict[str, tuple[Any, ...]] = {
    "due": (CaseBoard.sort_on, CaseBoard.case_uid),
    "filed": (CaseBoard.filed_on, CaseBoard.case_uid),
}

# A line without the text it is found by: that is the whole narrative, which no list shows.
LINE = select(CaseBoard).options(defer(CaseBoard.search_text, raiseload=True))


@dataclass(frozen=True, kw_only=True)
class CaseFilter:
    """Which cases a list shows. `view` is one of VIEWS; empty texts filter nothing."""

    view: str = "active"
    text: str = ""
    theme: str = ""
    kind: str = ""
    region_code: str = ""  # a kecamatan: its villages count too
    office_code: str = ""
    filed_from: date | None = None
    filed_to: date | None = None
    stage: str = ""
    referred_from: date | None = None
    referred_to: date | None = None
    due: str = ""  # late by the working date | today: by it or by the safe date
    sort: str = "due"
    descending: bool = False


@use_case("case.read")
def list_cases(
    posko: Posko, wanted: CaseFilter, *, limit: int = 200, after: CaseRow | None = None
) -> tuple[CaseRow, ...]:
    """A page of cases in order; `after` is the last row of the page before (keyset paging)."""
    board.keep_current(posko)
    with posko.store.read() as session:
        query = LINE.where(*_conditions(posko, session, wanted))
        order = SORTS[wanted.sort]
        if after is not None:
            first = after.safe_on or board.FAR if wanted.sort == "due" else after.filed_on
            place, last = tuple_(*order), (first, after.uid)
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
        query: Select[int] = select(func.count()).select_from(CaseBoard)
        return session.scalar(query.where(*_conditions(posko, session, wanted))) or 0


@use_case("case.read")
def view_counts(posko: Posko) -> dict[str, int]:
    """Counts for tabs and sidebar: every view, plus `late` and `today`."""
    counts = {view: count_cases(posko, CaseFilter(view=view)) for view in VIEWS}
    counts["late"] = count_cases(posko, CaseFilter(view="open", due="late"))
    counts["today"] = count_cases(posko, CaseFilter(view="open", due="today"))
    return counts


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
        query = LINE.where(CaseBoard.view != "closed", CaseBoard.sort_on < board.FAR)
        if until is not None:
            query = query.where(CaseBoard.sort_on <= until)
        rows = session.scalars(
            query.order_by(CaseBoard.sort_on, CaseBoard.case_uid).limit(limit)
        ).all()
        events: dict[str, list[Event]] = {}
        for start in range(0, len(rows), board.CHUNK):
            uids = [row.case_uid for row in rows[start : start + board.CHUNK]]
            for event in session.scalars(select(Event).where(Event.case_uid.in_(uids))):
                events.setdefault(event.case_uid, []).append(event)
        found = ((row, _first_due(posko, row, events.get(row.case_uid, ()))) for row in rows)
        return tuple(DueItem(to_row(posko, row), due) for row, due in found if due)


def _first_due(posko: Posko, row: CaseBoard, events: Sequence[Event]) -> deadlines.Due | None:
    law = posko.rules.get(row.regulation)
    dues = board.state_and_dues(posko, [board.to_event(e) for e in events], law)[1]
    return dues[0] if dues else None


def to_row(posko: Posko, row: CaseBoard) -> CaseRow:
    """A board line as lists show it."""
    region = posko.regions.get(row.region_code) if row.region_code else None
    law = posko.rules.get(row.regulation)
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
    )


def _conditions(posko: Posko, session: Session, wanted: CaseFilter) -> list[ColumnElement[bool]]:
    conditions = _view(posko, wanted.view)
    if wanted.text:
        conditions.append(matching(session, wanted.text))
    for column, value in (
        (CaseBoard.theme, wanted.theme),
        (CaseBoard.kind, wanted.kind),
        (CaseBoard.stage, wanted.stage),
        (CaseBoard.office_code, wanted.office_code),
    ):
        if value:
            conditions.append(column == value)
    if wanted.region_code:
        conditions.append(
            or_(
                CaseBoard.region_code == wanted.region_code,
                CaseBoard.region_code.startswith(wanted.region_code + "."),
            )
        )
    if wanted.filed_from:
        conditions.append(CaseBoard.filed_on >= wanted.filed_from)
    if wanted.filed_to:
        conditions.append(CaseBoard.filed_on <= wanted.filed_to)
    if wanted.referred_from or wanted.referred_to:
        conditions.append(CaseBoard.case_uid.in_(_referred(wanted)))
    today = posko.today()
    if wanted.due == "late":
        # The safe date never lies after the working date, so the order of lists serves this too.
        conditions += [CaseBoard.sort_on < today, CaseBoard.due_on < today]
    if wanted.due == "today":
        # Late only by a reading of the law that is still open: to be done today, but not late.
        conditions += [CaseBoard.sort_on <= today, CaseBoard.due_on >= today]
    return conditions


def in_force() -> ColumnElement[bool]:
    """Of events: that no correction has voided them."""
    correction = aliased(Event)
    voided = select(correction.id).where(
        correction.case_uid == Event.case_uid,
        correction.kind == "corrected",
        correction.corrects == Event.uid,
    )
    return ~voided.exists()


def _referred(wanted: CaseFilter) -> Select[str]:
    """Cases that were referred between two dates, as the figure on Beranda counts them."""
    query = select(Event.case_uid).where(Event.kind == "referred", in_force())
    if wanted.referred_from:
        query = query.where(Event.on >= wanted.referred_from)
    if wanted.referred_to:
        query = query.where(Event.on <= wanted.referred_to)
    return query


def _view(posko: Posko, view: str) -> list[ColumnElement[bool]]:
    still = CaseBoard.view != "closed"  # no list of views: their order would have to be sorted
    soon = posko.today() + timedelta(days=2)
    views: dict[str, list[ColumnElement[bool]]] = {
        "all": [],
        "open": [still],
        "active": [still],
        "soon": [and_(still, CaseBoard.sort_on <= soon)],
        "mine": [
            and_(
                still,
                # Log-in names are an office's own: another office's rina is somebody else.
                CaseBoard.officer == posko.user.login,
                CaseBoard.office_code == posko.office.code,
            )
        ],
        "waiting": [CaseBoard.view == "waiting"],
        "findings": [and_(still, CaseBoard.kind == "finding")],
        "closed": [CaseBoard.view == "closed"],
    }
    return views[view]
