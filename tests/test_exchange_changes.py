"""What a preview tells case by case, and what the next export would hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from posko_app.app import Posko
from posko_app.cases.intake import file_report
from posko_app.cases.prevention import NewActivity, log_activity
from posko_app.cases.steps import NewStep, record_step
from posko_app.data.tables import Case
from posko_app.exchange.apply import apply_plan
from posko_app.exchange.changes import CaseChange, describe
from posko_app.exchange.export import export
from posko_app.exchange.plan import ImportPlan, preview
from posko_app.exchange.prospect import prospects
from posko_app.exchange.xlsx.guarded import Reader
from tests.factory import REPORTER, TODAY, new_report


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    """One reading process for the whole file."""
    with Reader(seconds=600) as process:
        yield process


Look = Callable[[Posko, Posko], tuple[ImportPlan, tuple[CaseChange, ...]]]


@pytest.fixture
def sent(reader: Reader, tmp_path: Path) -> Look:
    """Export from one office and preview at another."""

    def look(sender: Posko, receiver: Posko) -> tuple[ImportPlan, tuple[CaseChange, ...]]:
        folder = tmp_path / f"kiriman{len(list(tmp_path.glob('kiriman*')))}"
        folder.mkdir()
        (path,) = export(sender, receiver.office.code, folder).files
        plan = preview(receiver, path, reader=reader)
        return plan, describe(receiver, plan)

    return look


@pytest.fixture
def kec(office: Callable[..., Posko]) -> Posko:
    return office("kecamatan")


@pytest.fixture
def kab(office: Callable[..., Posko]) -> Posko:
    return office("kabupaten")


def change_case(posko: Posko, **values: object) -> None:
    with posko.write() as session:
        case = session.scalars(select(Case)).one()
        for name, value in values.items():
            setattr(case, name, value)


def test_new_cases_and_loose_records_are_told_apart(kec: Posko, kab: Posko, sent: Look) -> None:
    filed = file_report(kec, new_report())
    log_activity(kec, NewActivity(kind="vulnerability", on=TODAY, title="Imbauan kepala desa"))
    plan, found = sent(kec, kab)
    case = next(change for change in found if change.case_uid)
    loose = next(change for change in found if not change.case_uid)
    assert (case.key, case.number, case.title) == (filed.uid, filed.number, new_report().title)
    assert (case.group, case.kind, case.office_code) == ("new", "report", "62.10.02")
    assert case.note == "Laporan baru"
    assert case.added == {"terlapor": 1, "saksi": 1, "bukti": 1, "langkah": 1}
    assert (loose.title, loose.note) == ("Imbauan kepala desa", "Kegiatan pencegahan")
    assert sum(change.records for change in found) == len(plan.decisions) == plan.new
    assert REPORTER.name not in repr(found)


def test_an_update_says_before_and_after(kec: Posko, kab: Posko, sent: Look) -> None:
    uid = file_report(kec, new_report()).uid
    apply_plan(kab, sent(kec, kab)[0])
    change_case(kec, event_on=date(2024, 10, 12), article="Pasal 71")
    record_step(kec, uid, NewStep(kind="reviewed", on=TODAY, outcome="complete"))
    plan, (change,) = sent(kec, kab)
    assert (change.group, change.title) == ("updated", new_report().title)
    assert change.note == "Langkah +1, Pasal, Tanggal kejadian"
    assert {(c.field, c.before, c.after) for c in change.changes} == {
        ("Tanggal kejadian", "13-10-2024", "12-10-2024"),
        ("Pasal", "", "Pasal 71"),
    }
    assert {c.record for c in change.changes} == {"Perkara"}
    assert change.conflicts == ()
    assert plan.same > 0


def test_a_conflict_shows_ours_first_and_who_wrote_it(kec: Posko, kab: Posko, sent: Look) -> None:
    file_report(kec, new_report())
    apply_plan(kab, sent(kec, kab)[0])
    change_case(kec, event_on=date(2024, 10, 11), title="Judul kecamatan")
    change_case(kab, event_on=date(2024, 10, 12))
    plan, (change,) = sent(kec, kab)
    assert plan.conflicts == 1
    assert (change.group, change.note, change.title) == (
        "conflict",
        "1 ruas berbeda",
        "Judul kecamatan",
    )
    (conflict,) = change.conflicts
    assert (conflict.record, conflict.field) == ("Perkara", "Tanggal kejadian")
    ours, theirs = conflict.values
    assert (ours.text, ours.incoming, ours.office) == ("12-10-2024", False, kab.office.name)
    assert (theirs.text, theirs.incoming, theirs.office) == ("11-10-2024", True, kec.office.name)
    assert ours.at is not None
    assert ours.at.utcoffset() == kab.now().astimezone(kab.zone).utcoffset()
    assert [c.field for c in change.changes] == ["Peristiwa"], "what merges is told as well"


def test_a_refused_plan_tells_nothing(kab: Posko, tmp_path: Path, reader: Reader) -> None:
    plan = preview(kab, tmp_path / "tidak ada.xlsx", reader=reader)
    assert plan.verdict == "refused"
    assert describe(kab, plan) == ()


def test_the_prospect_counts_what_was_not_confirmed(kec: Posko, kab: Posko, sent: Look) -> None:
    empty = prospects(kec, "62.10")
    assert (empty.seq, empty.by_what["changes"].rows, empty.heard) == (1, 0, False)
    assert empty.last_made_at is None
    uid = file_report(kec, new_report()).uid
    log_activity(kec, NewActivity(kind="vulnerability", on=TODAY, title="Imbauan"))
    first = prospects(kec, "62.10").by_what["changes"]
    assert (first.cases, first.tables["prevention"]) == ({uid}, 1)
    apply_plan(kab, sent(kec, kab)[0])
    unheard = prospects(kec, "62.10")
    assert (unheard.seq, unheard.heard) == (2, False)
    assert unheard.by_what["changes"].cases == {uid}, "all goes until confirmed"
    assert unheard.last_made_at is not None
    apply_plan(kec, sent(kab, kec)[0])  # brings the acknowledgement back
    heard = prospects(kec, "62.10")
    assert (heard.by_what["changes"].rows, heard.heard) == (0, True)
    record_step(kec, uid, NewStep(kind="reviewed", on=TODAY, outcome="complete"))
    assert prospects(kec, "62.10").by_what["changes"].cases == {uid}
