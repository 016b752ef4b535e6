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
from posko_app.cases.queries import CaseFilter, due_items, list_cases
from posko_app.cases.recap import recap
from posko_app.cases.report import EvidenceInput
from posko_app.cases.steps import NewStep, record_step
from posko_app.office import health
from posko_app.office.setup import create_office
from tests import postgres
from tests.conftest import OFFICES, FixedClock
from tests.factory import PASSWORD, REPORTER, TODAY, new_report


@pytest.fixture
def posko(tmp_path: Path) -> Iterator[Posko]:
    reason = postgres.missing()
    if reason:
        pytest.skip(f"PostgreSQL is not tested: {reason}")
    folder = tmp_path / "kantor"
    with postgres.server() as address:
        url = postgres.new_database(address, "kantor")
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
