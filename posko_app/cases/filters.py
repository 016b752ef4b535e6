"""Which cases a list shows: views and filters as conditions on the board."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, or_
from sqlalchemy.orm import Session

from posko_app.app import Posko
from posko_app.data.search import matching
from posko_app.data.tables import CaseBoard

from . import board
from .list_views import standard_views

ANY, NOBODY = "any", "-"  # every agency; no officer
OPEN = "open"  # everything that is still handled: what the view of active cases shows


@dataclass(frozen=True, kw_only=True)
class CaseFilter:
    """Which cases a list shows. `view` is a standard view; empty texts filter nothing."""

    view: str = "active"
    text: str = ""
    theme: str = ""
    kind: str = ""
    region_code: str = ""  # a kecamatan: its villages count too
    office_code: str = ""
    officer: str = ""  # a log-in name of this office, or NOBODY
    filed_from: date | None = None
    filed_to: date | None = None
    stage: str = ""
    ended: str = ""  # how it ended, a code of `outcome`
    referred_from: date | None = None
    referred_to: date | None = None
    waiting_for: str = ""  # the addressee whose answer is missing, or ANY
    conflicts: bool = False  # only those with fields that wait for a decision
    due: str = ""  # late by the working date | today: by it or by the safe date
    uids: tuple[str, ...] | None = None  # only these, as the look-up by identity found them
    sort: str = "due"
    descending: bool = False


def conditions(
    posko: Posko, session: Session, wanted: CaseFilter, *, walked: str = ""
) -> list[ColumnElement[bool]]:
    """Every condition of a filter; `walked` is the order in which a list is read, if it is one."""
    found = [*of_view(posko, wanted.view, walked), *_chosen(posko, wanted, walked)]
    if wanted.uids is not None:
        found.append(CaseBoard.case_uid.in_(wanted.uids))
    if wanted.text:
        found.append(matching(session, wanted.text))
    return found


def of_view(posko: Posko, key: str, walked: str = "") -> list[ColumnElement[bool]]:
    """What a standard view, or OPEN, asks for."""
    if key == OPEN:
        return _state(OPEN, walked)
    view = standard_views()[key]
    found = _state(view.state, walked)
    if view.within is not None:
        last = posko.today() + timedelta(days=view.within)
        found.append(_in_order_of("due", walked) <= last)
    if view.mine:
        # Log-in names are an office's own: another office's rina is somebody else.
        found += [
            CaseBoard.officer == posko.user.login,
            CaseBoard.office_code == posko.office.code,
        ]
    return found + _chosen(posko, with_values(CaseFilter(), view.filters, posko.today()), walked)


def _in_order_of(order: str, walked: str) -> ColumnElement[Any]:
    """The column a list may be ordered by, for a condition.

    A list that is read in another order must not be tempted to collect that stretch and sort it,
    which may be all of it: so the column is wrapped, and judged line by line.
    """
    columns: dict[str, Any] = {"due": CaseBoard.sort_on, "filed": CaseBoard.filed_on}
    return columns[order] if walked in (order, "") else unindexed(columns[order])


def unindexed(column: Any) -> ColumnElement[Any]:
    """A column as no index knows it: for a condition by which rows must not be looked up."""
    wrapped: ColumnElement[Any] = func.coalesce(column, column)
    return wrapped


def _state(state: str, walked: str) -> list[ColumnElement[bool]]:
    """Open cases are one stretch of the index by due date, closed ones the rest of it."""
    by_due = walked != "filed"
    closed = CaseBoard.sort_on == board.CLOSED if by_due else CaseBoard.view == "closed"
    still = CaseBoard.sort_on < board.CLOSED if by_due else CaseBoard.view != "closed"
    states: dict[str, list[ColumnElement[bool]]] = {
        "open": [still],
        "waiting": [still, CaseBoard.view == "waiting"],
        "closed": [closed, CaseBoard.archived.is_(False)],
        "archived": [closed, CaseBoard.archived.is_(True)],
        "all": [],
    }
    return states[state]


def _chosen(posko: Posko, wanted: CaseFilter, walked: str) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    for column, value in (
        (CaseBoard.theme, wanted.theme),
        (CaseBoard.kind, wanted.kind),
        (CaseBoard.stage, wanted.stage),
        (CaseBoard.ended, wanted.ended),
        (CaseBoard.office_code, wanted.office_code),
    ):
        if value:
            found.append(column == value)
    if wanted.officer:
        found.append(CaseBoard.officer == ("" if wanted.officer == NOBODY else wanted.officer))
        found.append(CaseBoard.office_code == posko.office.code)
    if wanted.waiting_for:
        asked = CaseBoard.waiting_for
        found.append(asked != "" if wanted.waiting_for == ANY else asked == wanted.waiting_for)
    if wanted.conflicts:
        found.append(CaseBoard.conflicts > 0)
    if wanted.region_code:
        code = wanted.region_code
        found.append(
            or_(CaseBoard.region_code == code, CaseBoard.region_code.startswith(code + "."))
        )
    filed_on = _in_order_of("filed", walked)
    if wanted.filed_from:
        found.append(filed_on >= wanted.filed_from)
    if wanted.filed_to:
        found.append(filed_on <= wanted.filed_to)
    referred_on = unindexed(CaseBoard.referred_on)
    if wanted.referred_from:
        found.append(referred_on >= wanted.referred_from)
    if wanted.referred_to:
        found.append(referred_on <= wanted.referred_to)
    return found + due_state(posko, wanted.due, walked)


def due_state(posko: Posko, due: str, walked: str = "") -> list[ColumnElement[bool]]:
    """The deadline of a case against today: late, today, running or none; empty for all."""
    today, sort_on = posko.today(), _in_order_of("due", walked)
    if due == "late":
        # The safe date never lies after the working date, so the order of lists serves this too.
        return [sort_on < today, CaseBoard.due_on < today]
    if due == "today":
        # Late only by a reading of the law that is still open: to be done today, but not late.
        return [sort_on <= today, CaseBoard.due_on >= today]
    if due == "running":
        return [sort_on < board.FAR]
    if due == "none":
        return [sort_on >= board.FAR]
    return []


def with_values(base: CaseFilter, values: Mapping[str, str], today: date) -> CaseFilter:
    """A filter with what chips say: codes by the names of `list_views.FILTERS`.

    Dates are a month (2024-10), a span (2024-10-01..2024-10-15, either end may be missing) or
    `week`, the last seven days. What cannot be read filters nothing.
    """
    filed = span(values.get("filed", ""), today)
    referred = span(values.get("referred", ""), today)
    return replace(
        base,
        theme=values.get("theme", ""),
        kind=values.get("kind", ""),
        stage=values.get("stage", ""),
        ended=values.get("ended", ""),
        region_code=values.get("region", ""),
        office_code=values.get("office", ""),
        officer=values.get("officer", ""),
        waiting_for=values.get("waiting", ""),
        conflicts=values.get("conflicts", "") == "yes",
        due=values.get("due", ""),
        filed_from=filed[0],
        filed_to=filed[1],
        referred_from=referred[0],
        referred_to=referred[1],
    )


WEEK = "week"
_NONE: tuple[date | None, date | None] = (None, None)


def span(value: str, today: date) -> tuple[date | None, date | None]:
    """First and last day of a month, a span or the last seven days; none for what is no date."""
    if value == WEEK:
        return today - timedelta(weeks=1) + timedelta(days=1), today
    try:
        if ".." in value:
            first, _, last = value.partition("..")
            return _day(first), _day(last)
        first_day = date.fromisoformat(f"{value}-01")
    except ValueError:
        return _NONE
    return first_day, first_day.replace(day=monthrange(first_day.year, first_day.month)[1])


def _day(value: str) -> date | None:
    return date.fromisoformat(value) if value else None
