"""The cases around a case: the list it stands in, and others that name the same person."""

from __future__ import annotations

from posko_app.app import Posko
from posko_app.cases import queries

MOST_IN_ORDER = 500  # cases that Alt+PgUp and Alt+PgDn go through without a list behind them


def others_naming(posko: Posko, name: str) -> int:
    """How many other cases name this person."""
    if not name.strip():
        return 0
    return max(0, queries.count_cases(posko, queries.CaseFilter(view="all", text=name)) - 1)


def list_around(posko: Posko, *, closed: bool) -> tuple[str, ...]:
    """The list a case stands in when it was not opened from one."""
    wanted = queries.CaseFilter(view="closed" if closed else "active")
    return tuple(row.uid for row in queries.list_cases(posko, wanted, limit=MOST_IN_ORDER))
