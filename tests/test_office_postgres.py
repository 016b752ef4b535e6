"""The same use cases on PostgreSQL: nothing above `posko_app.data` knows the difference."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from posko_app.app import Posko, open_office
from posko_app.cases import board, identity
from posko_app.cases.case_view import case_view
from posko_app.cases.dashboard import dashboard
from posko_app.cases.evidence import attach
from posko_app.cases.intake import file_report
from posko_app.cases.law_change import apply_change, drill
from posko_app.cases.queries import CaseFilter, due_items, list_cases
from posko_app.cases.recap import recap
from posko_app.cases.report import EvidenceInput
from posko_app.cases.steps import NewStep, add_note, record_step
from posko_app.office import health
from posko_app.office.holidays import adding, plan_holidays
from posko_app.office.rules import decisions, plan_override
from posko_app.office.settings import change_office
from posko_app.office.setup import create_office
from tests import postgres
from tests.conftest import OFFICES, FixedClock
from tests.factory import PASSWORD, REPORTER, TODAY, new_report


@pytest.fixture
def url() -> Iterator[str]:
    """The address of an empty database."""
    reason = postgres.missing()
    if reason:
        pytest.skip(f"PostgreSQL is not tested: {reason}")
    with postgres.server() as address:
        yield postgres.new_database(address, "kantor")


@pytest.fixture
def posko(tmp_path: Path, url: str) -> Iterator[Posko]:
    folder = tmp_path / "kantor"
    create_office(folder, OFFICES["kabupaten"], PASSWORD, clock=FixedClock(), database=url)
    opened = open_office(folder, "petugas", PASSWORD, clock=FixedClock(), database=url)
    yield opened
    opened.close()


def test_a_case_goes_its_way(posko: Posko, tmp_path: Path) -> None:
    photo = tmp_path / "foto.txt"
    photo.write_text("bukti")
    filed = file_report(posko, new_report())
    attach(posko, filed.number, [EvidenceInput(path=photo)])
    for kind, more in (
        ("reviewed", {"outcome": "complete"}),
        ("registered", {}),
        ("clarified", {}),
    ):
        record_step(posko, filed.uid, NewStep(kind=kind, on=TODAY, **more))
    view = case_view(posko, filed.uid)
    assert view.state.stage == "assessment"
    assert [r.uid for r in list_cases(posko, CaseFilter(text="stik"))] == [filed.uid]
    assert due_items(posko)[0].due.due_on == date(2024, 10, 18)
    assert dashboard(posko).active == 1
    assert recap(posko, TODAY, TODAY).totals["registered"] == 1
    assert identity.reveal(posko, filed.uid, "menghubungi pelapor").name == REPORTER.name
    assert health.verify_storage(posko) == ()
    with posko.store.read() as session:
        assert board.board_problems(posko, session) == []


def test_rules_and_holidays_of_the_office_hold_on_every_pc(posko: Posko, url: str) -> None:
    change_office(posko, regulation="pemilu-2022", election_kind="PL")
    uid = file_report(posko, new_report()).uid
    other = open_office(posko.folder.root, "petugas", PASSWORD, clock=FixedClock(), database=url)
    try:
        free = plan_holidays(posko, adding(date(2024, 10, 16), "Hari jadi"), "SK Bupati")
        assert [m.new_on for m in drill(posko, free).moved] == [date(2024, 10, 18)]
        apply_change(posko, free)
        longer = plan_override(
            posko, regulation="pemilu-2022", table="deadline", entry="initial_review",
            field="amount", value="3", reason="Surat", source="Pasal 15",
        )  # fmt: skip
        apply_change(posko, longer)
        add_note(other, uid, "Dari PC lain.")  # it goes by what the first PC has made hold
        assert other.law_mark == posko.law_mark
        due = {p: due_items(p)[0].due.due_on for p in (posko, other)}
        assert set(due.values()) == {date(2024, 10, 21)}
        with posko.store.read() as session:
            assert board.board_problems(posko, session) == []
    finally:
        other.close()
    assert decisions(posko)[0].what == "Lama: 2 menjadi 3"
    assert health.verify_storage(posko) == ()
