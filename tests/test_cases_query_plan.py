"""What SQLite does behind a click: lists walk an index in its order, cases are found by look-up."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import event, insert, select, text

from posko_app.app import Posko
from posko_app.cases.board import CLOSED
from posko_app.cases.case_view import case_view
from posko_app.cases.dashboard import dashboard
from posko_app.cases.intake import file_report
from posko_app.cases.queries import (
    VIEWS,
    CaseFilter,
    count_cases,
    due_items,
    list_cases,
    view_counts,
)
from posko_app.cases.steps import add_note
from posko_app.data.tables import Case, CaseBoard
from posko_app.errors import UserError
from posko_app.letters.book import letter_book
from tests.factory import TODAY, new_report

CASES = 150
# A walk through an index in the order of the list ends with the page; through the table it cannot.
THROUGH_THE_TABLE = re.compile(r"SCAN (cases|case_board|events|letters)(?! USING)")
SORTED_AFTERWARDS = "TEMP B-TREE FOR ORDER BY"
OF_WORDS = "FROM word_grams"  # the few words that have letters in common are sorted
FILTERS: dict[str, dict[str, Any]] = {
    "text": {"text": "stik"},
    "two words": {"text": "guru stik"},
    "misspelled": {"text": "stikxr"},
    "theme": {"theme": "asn_neutrality"},
    "kind": {"kind": "finding"},
    "stage": {"stage": "clarification"},
    "office": {"office_code": "62.10.02"},
    "officer": {"officer": "maya"},
    "region": {"region_code": "62.10"},
    "ended": {"ended": "withdrawn"},
    "waiting for any": {"waiting_for": "any"},
    "waiting for one": {"waiting_for": "bkn"},
    "conflicts": {"conflicts": True},
    "filed": {"filed_from": date(2024, 3, 1), "filed_to": date(2024, 3, 31)},
    "referred": {"referred_from": date(2024, 3, 1), "referred_to": date(2024, 3, 31)},
    "late": {"due": "late"},
    "today": {"due": "today"},
    "running": {"due": "running"},
    "none": {"due": "none"},
    "several": {"text": "stik", "theme": "asn_neutrality", "region_code": "62.10.02"},
}


@pytest.fixture
def full(posko: Posko) -> Posko:
    """An office with some lines; the planner goes by the schema, not by how many there are."""
    first = file_report(posko, new_report())
    with posko.store.read() as session:
        line = session.execute(select(CaseBoard.__table__)).one()._asdict()
        case = session.execute(select(Case.__table__)).one()._asdict()
    del line["id"], case["id"]
    assert line["case_uid"] == first.uid
    with posko.write(bulk=True) as session:
        uids = [f"c{n:05d}" for n in range(CASES)]
        session.execute(insert(Case), [{**case, "uid": uid} for uid in uids])
        session.execute(insert(CaseBoard), [_varied(line, uid, n) for n, uid in enumerate(uids)])
    return posko


def _varied(line: dict[str, Any], uid: str, n: int) -> dict[str, Any]:
    closed, filed = n % 3 == 0, date(2024, 1, 1) + timedelta(days=n % 280)
    return {
        **line,
        "case_uid": uid,
        "number": f"{n:05d}/PL",
        "kind": ("report", "finding", "initial_info")[n % 3],
        "view": "closed" if closed else "waiting" if n % 7 == 0 else "active",
        "filed_on": filed,
        "due_on": None if closed else filed + timedelta(days=3),
        "safe_on": None if closed else filed + timedelta(days=2),
        "sort_on": CLOSED if closed else filed + timedelta(days=2),
        "archived": closed and n % 2 == 0,
    }


@contextmanager
def plans(posko: Posko) -> Iterator[list[tuple[str, str]]]:
    """Collects every query and what SQLite says it would do for it."""
    ran: list[tuple[str, Any]] = []
    found: list[tuple[str, str]] = []

    def note(_conn: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        ran.append((statement, parameters))

    event.listen(posko.store.engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(posko.store.engine, "before_cursor_execute", note)
        with posko.store.engine.connect() as connection:
            raw: Any = connection.connection.driver_connection
            for statement, parameters in ran:
                if statement.lstrip().startswith("SELECT"):
                    rows = raw.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
                    found.append((statement, " | ".join(row[3] for row in rows.fetchall())))


def slow(found: list[tuple[str, str]], *, ordered: bool = False) -> list[str]:
    """Plans that read a whole table, or with `ordered` sort what an index could give in order."""
    assert found, "nothing was asked"
    return [
        f"{plan} FOR {statement}"
        for statement, plan in found
        if THROUGH_THE_TABLE.search(plan)
        or (ordered and SORTED_AFTERWARDS in plan and OF_WORDS not in statement)
    ]


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("sort", ["due", "filed"])
@pytest.mark.parametrize("view", VIEWS)
def test_a_page_of_a_list_comes_in_the_order_of_an_index(
    full: Posko, view: str, sort: str, descending: bool
) -> None:
    wanted = CaseFilter(view=view, sort=sort, descending=descending)
    row = list_cases(full, CaseFilter(view="all"), limit=1)[0]
    with plans(full) as found:
        list_cases(full, wanted, limit=50)
        list_cases(full, wanted, limit=50, after=row)
    assert slow(found, ordered=True) == []


@pytest.mark.parametrize("sort", ["due", "filed"])
@pytest.mark.parametrize("view", ["active", "mine", "closed", "archived", "all"])
@pytest.mark.parametrize("name", FILTERS)
def test_a_filter_and_a_search_walk_the_list(full: Posko, name: str, view: str, sort: str) -> None:
    wanted = CaseFilter(view=view, sort=sort, descending=sort == "filed", **FILTERS[name])
    with plans(full) as found:
        list_cases(full, wanted, limit=50)
        count_cases(full, wanted)
    assert slow(found, ordered=True) == []
    counted = next(plan for said, plan in found if said.startswith("SELECT count"))
    assert "COVERING INDEX" in counted, "counting must not touch the rows"


@pytest.mark.parametrize(
    "look",
    [
        view_counts,
        due_items,
        dashboard,
        letter_book,
        lambda posko: due_items(posko, until=TODAY),
        lambda posko: count_cases(posko, CaseFilter(referred_from=TODAY)),
    ],
    ids=["counts", "due", "home", "letters", "due until", "referred"],
)
def test_a_page_opens_without_reading_a_table_through(
    full: Posko, look: Callable[[Posko], object]
) -> None:
    with plans(full) as found:
        look(full)
    assert slow(found, ordered=look in (due_items, letter_book)) == []


@pytest.mark.parametrize("by", ["uid", "number"])
def test_one_case_is_looked_up(full: Posko, by: str) -> None:
    case = list_cases(full, CaseFilter(view="all", text="guru"), limit=1)[0]
    with plans(full) as found:
        case_view(full, getattr(case, by))
        add_note(full, getattr(case, by), "Dihubungi kembali.")
    # One row of the office, and the last of the audit chain, are read without a condition.
    assert [plan for _, plan in found if re.search(r"SCAN (?!office|audit)", plan)] == []


def test_lists_leave_the_narrative_where_it_is(full: Posko) -> None:
    with plans(full) as found:
        list_cases(full, CaseFilter(text="stik"))
        due_items(full)
    assert [s for s, _ in found if "case_board.search_text" in s.split("FROM")[0]] == []


def test_a_bad_plan_is_seen(full: Posko) -> None:
    """The checks above are worth something only if they can fail."""
    bad = (
        "SELECT title FROM case_board WHERE title = 'x'",
        "SELECT uid FROM cases ORDER BY narrative",
    )
    for statement in bad:
        with plans(full) as found, full.store.read() as session:
            session.execute(text(statement)).all()
        assert slow(found, ordered=True)


def test_an_empty_number_means_no_case(posko: Posko) -> None:
    """A tip has no number of its own; nothing may be taken for it."""
    file_report(posko, new_report(kind="initial_info"))
    for blank in ("", "   "):
        with pytest.raises(UserError) as caught:
            add_note(posko, blank, "salah alamat")
        assert caught.value.code == "no_case"
