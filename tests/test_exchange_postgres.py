"""The same exchange when an office runs on PostgreSQL: same texts, same records, same board."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from posko_app.app import Posko, open_office
from posko_app.cases import board
from posko_app.cases.intake import file_report
from posko_app.data import record as records
from posko_app.data import versions
from posko_app.data.base import synced_tables
from posko_app.data.outgoing import outgoing_of_records
from posko_app.data.tables import Case
from posko_app.exchange.apply import import_file
from posko_app.exchange.export import export
from posko_app.exchange.free_text import names_in
from posko_app.exchange.name_check import check_names
from posko_app.exchange.profiles import removed
from posko_app.exchange.undo import undo
from posko_app.office.setup import create_office
from tests import postgres
from tests.conftest import OFFICES, FixedClock
from tests.factory import PASSWORD, REPORTER, new_report
from tests.introduced import introduce


@pytest.fixture
def district(tmp_path: Path) -> Iterator[Posko]:
    """A district office whose database is a PostgreSQL server."""
    reason = postgres.missing()
    if reason:
        pytest.skip(f"PostgreSQL is not tested: {reason}")
    with postgres.server() as address:
        url = postgres.new_database(address, "kabupaten")
        folder, clock = tmp_path / "kabupaten", FixedClock()
        create_office(folder, OFFICES["kabupaten"], PASSWORD, clock=clock, database=url)
        posko = open_office(folder, "petugas", PASSWORD, clock=clock, database=url)
        yield posko
        posko.close()


def state(posko: Posko) -> dict[str, str]:
    """The canonical text of every record that travels, by way of the record form."""
    with posko.store.read() as session:
        return {
            r.uid: records.dumps(records.canonical(r))
            for r in versions.load_records(session)
            if r.table != "identities"
        }


def test_all_that_one_look_reads_is_of_one_moment(district: Posko) -> None:
    """Else an export would say that it holds what was saved while it was made."""
    count = select(func.count()).select_from(Case)
    with district.store.read() as session:
        assert session.scalar(count) == 0
        file_report(district, new_report())
        assert session.scalar(count) == 0
    with district.store.read() as session:
        assert session.scalar(count) == 1


def test_both_engines_exchange_and_agree(
    district: Posko, office: Callable[..., Posko], tmp_path: Path
) -> None:
    kec = office("kecamatan")
    introduce(kec, district)
    file_report(kec, new_report(narrative="Baris “satu”\nbaris dua"))
    (up,) = export(kec, "62.10", tmp_path).files
    assert import_file(district, up, apply=True).new == 5
    assert state(district) == state(kec)
    with district.store.read() as session:
        wanted = state(district)
        found = {
            out.uid: out.text
            for table in synced_tables()
            for out in outgoing_of_records(session, table, list(wanted))
        }
        assert found == wanted
        assert board.board_problems(district, session) == []
    with district.write() as session:
        case = session.scalars(select(Case)).one()
        case.title, case.event_on, case.by_proxy = "Judul kabupaten", None, True
    with kec.write() as session:
        session.scalars(select(Case)).one().title = "Judul kecamatan"
    (up,) = export(kec, "62.10", tmp_path).files
    (down,) = export(district, "62.10.02", tmp_path).files
    before = state(district)
    taken = import_file(district, up, apply=True)
    assert taken.conflicts == 1
    assert undo(district, taken.uid).restored == 1
    assert state(district) == before
    assert import_file(district, up, apply=True).conflicts == 1
    assert import_file(kec, down, apply=True).conflicts == 1
    assert state(district) == state(kec)
    assert import_file(district, up, apply=True).same == 5


def test_profiles_and_the_search_for_names_work_on_both(district: Posko, tmp_path: Path) -> None:
    case = file_report(district, new_report(region_code="62.10.02")).uid
    with district.write() as session:
        session.scalars(select(Case)).one().narrative = f"Kata {REPORTER.name}."
    told = removed(district, "62", "penerus", "picked", [case])
    assert {(row.table, row.records, row.cases) for row in told.tables} >= {
        ("identities", 2, 1),
        ("witnesses", 1, 1),
    }
    assert [(hit.case_uid, hit.field) for hit in told.found] == [(case, "narrative")]
    assert removed(district, "62", "publik").found == ()
    public = export(district, "62", tmp_path, profile="publik")
    assert public.rows == 1
    assert import_file(district, public.files[0], apply=True).applied
    check_names(district)
    district.keys = replace(district.keys, identity=None)
    found = names_in(district, "62", "picked", [case], profile="penerus")
    assert [hit.field for hit in found] == ["narrative"]
