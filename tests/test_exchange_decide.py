"""Two values of one field: who decides, what a decision writes, and what the others see of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from posko_app.app import Posko
from posko_app.cases import board
from posko_app.cases.intake import file_report
from posko_app.data.tables import AuditEntry, Case, CaseBoard, Event, ReportedParty, Sibling
from posko_app.errors import InvalidInput, UserError
from posko_app.exchange.apply import Choices, apply_plan
from posko_app.exchange.authority import Offices, class_of, owner_of, record_of
from posko_app.exchange.changes import describe
from posko_app.exchange.decide import decide, set_field
from posko_app.exchange.xlsx.guarded import Reader
from tests.edited_books import Desk, change_case, reader, state
from tests.factory import REPORTER, new_report

__all__ = ["reader"]


@pytest.fixture
def desk(tmp_path: Path, reader: Reader) -> Desk:
    return Desk(tmp_path, reader)


@pytest.fixture
def kec(office: Callable[..., Posko]) -> Posko:
    return office("kecamatan")


@pytest.fixture
def kab(office: Callable[..., Posko]) -> Posko:
    return office("kabupaten")


@pytest.fixture
def torn(kec: Posko, kab: Posko, desk: Desk) -> str:
    """A case whose title and place differ between both offices; the district knows of it."""
    uid = file_report(kec, new_report()).uid
    desk.take(kab, desk.send(kec, "62.10"))
    change_case(kec, title="Judul kecamatan", event_place="Balai desa")
    change_case(kab, title="Judul kabupaten", event_place="Balai kota")
    desk.take(kab, desk.send(kec, "62.10"))
    return uid


def values(posko: Posko, uid: str, field: str) -> set[object]:
    return {sibling.value for sibling in state(posko)[uid].fields[field]}


def test_a_decision_covers_all_values_and_ends_the_conflict_everywhere(
    torn: str, kec: Posko, kab: Posko, desk: Desk
) -> None:
    assert values(kab, torn, "title") == {"Judul kecamatan", "Judul kabupaten"}
    before = state(kab)[torn].fields["title"]
    decide(kab, torn, "title", "Judul kecamatan")
    (decided,) = state(kab)[torn].fields["title"]
    assert decided.overwrote == {sibling.dot for sibling in before}
    assert (decided.value, decided.dot[0]) == ("Judul kecamatan", kab.office.device_id)
    with kab.store.read() as session:
        assert session.scalars(select(CaseBoard.title)).one() == "Judul kecamatan"
        assert session.scalars(select(CaseBoard.conflicts)).one() == 1, "the other waits"
        assert set(session.scalars(select(Sibling.field))) == {"event_place"}
        assert board.board_problems(kab, session) == []
        bodies = session.scalars(
            select(AuditEntry.body).where(AuditEntry.action == "conflict.decided")
        ).all()
    assert len(bodies) == 1
    assert "Judul" not in bodies[0]
    decide(kab, torn, "event_place", "Di tempat lain sama sekali")
    desk.take(kec, desk.send(kab, "62.10.02"))
    assert state(kec) == state(kab)
    with pytest.raises(UserError) as error:
        decide(kab, torn, "title", "x")
    assert error.value.code == "no_conflict"


def test_the_lower_office_waits_for_the_higher_one(
    torn: str, kec: Posko, kab: Posko, desk: Desk
) -> None:
    plan = desk.look(kec, desk.send(kab, "62.10.02"))
    with pytest.raises(UserError):  # although the other office is met only now
        apply_plan(kec, plan, Choices(fields={(torn, "title"): "Judul kecamatan"}))
    apply_plan(kec, plan)
    assert owner_of(kec, "cases", torn, "title") == "62.10"
    before = state(kec)
    with pytest.raises(UserError) as error:
        decide(kec, torn, "title", "Judul kecamatan")
    assert error.value.code == "not_ours"
    with pytest.raises(UserError):
        set_field(kec, torn, "title", "Judul kecamatan")
    assert state(kec) == before
    decide(kab, torn, "title", "Judul kecamatan")
    desk.take(kec, desk.send(kab, "62.10.02"))
    assert values(kec, torn, "title") == {"Judul kecamatan"}
    set_field(kec, torn, "title", "Sesudah diputuskan boleh lagi")


def test_who_owns_what(torn: str, kec: Posko, kab: Posko) -> None:
    assert owner_of(kab, "cases", torn, "number") == "62.10.02"
    assert owner_of(kab, "cases", torn, "article") == "62.10.02"
    assert (class_of("events", "note"), class_of("witnesses", "case_uid")) == (
        "tambah-saja",
        "wewenang",
    )
    with pytest.raises(KeyError):
        owner_of(kab, "cases", "tidak-ada", "title")
    with pytest.raises(UserError) as error:
        set_field(kab, torn, "number", "1/LP")
    assert error.value.code == "not_ours"
    with kab.store.read() as session:
        party = session.scalars(select(ReportedParty)).one()
        offices = Offices(kab, session)
        record = record_of(session, party.uid)
        assert record is not None
        assert offices.home(record) == "62.10.02", "a child is handled with its case"
        assert offices.may_write(record, "agency")


def test_of_two_values_the_authoritys_stands_in_lists(kec: Posko, kab: Posko, desk: Desk) -> None:
    uid = file_report(kec, new_report()).uid
    desk.take(kab, desk.send(kec, "62.10"))
    change_case(kab, number="KAB/1")  # as an older program might
    change_case(kec, number="KEC/1")
    desk.take(kab, desk.send(kec, "62.10"))
    desk.take(kec, desk.send(kab, "62.10.02"))
    for posko in (kec, kab):
        assert values(posko, uid, "number") == {"KAB/1", "KEC/1"}
        with posko.store.read() as session:
            assert session.scalars(select(Case.number)).one() == "KEC/1"
    plain = desk.edited(desk.send(kab, "62.10.02"), lambda book: None)
    assert desk.look(kec, plain).edits == (), "whichever the sheet shows, it is no edit"


def test_a_preview_has_the_value_before_and_takes_choices(
    kec: Posko, kab: Posko, desk: Desk
) -> None:
    uid = file_report(kec, new_report()).uid
    desk.take(kab, desk.send(kec, "62.10"))
    change_case(kec, title="Judul kecamatan", event_place="Balai desa", article="Pasal 71")
    change_case(kab, title="Judul kabupaten", event_place="Balai kota")
    plan = desk.look(kab, desk.send(kec, "62.10"))
    (change,) = describe(kab, plan)
    told = {c.field: (c.base, c.owner, [v.value for v in c.values]) for c in change.conflicts}
    assert told == {
        "Peristiwa": (new_report().title, "", ["Judul kabupaten", "Judul kecamatan"]),
        "Tempat kejadian": (new_report().event_place, "", ["Balai kota", "Balai desa"]),
    }
    done = apply_plan(kab, plan, Choices(fields={(uid, "title"): "Ditulis sendiri"}))
    assert (done.conflicts, done.updated) == (1, 0), "the one that was put off is kept with both"
    assert values(kab, uid, "title") == {"Ditulis sendiri"}
    assert values(kab, uid, "event_place") == {"Balai desa", "Balai kota"}
    desk.take(kec, desk.send(kab, "62.10.02"))
    assert state(kec) == state(kab)


def test_a_choice_that_cannot_be_stored_changes_nothing(torn: str, kab: Posko) -> None:
    before = state(kab)
    for value in ("bunyi\a", "x" * 30_001):
        with pytest.raises(InvalidInput):
            decide(kab, torn, "title", value)
    with pytest.raises(UserError) as error:
        decide(kab, torn, "title", 7)
    assert error.value.code == "unfit_value"
    assert state(kab) == before


def test_words_of_ones_own_may_not_name_the_reporter(kec: Posko, kab: Posko, desk: Desk) -> None:
    uid = file_report(kab, new_report()).uid
    desk.take(kec, desk.send(kab, "62.10.02"))
    change_case(kec, narrative="Uraian kecamatan")
    change_case(kab, narrative="Uraian kabupaten")
    plan = desk.look(kab, desk.send(kec, "62.10"))
    mine = Choices(fields={(uid, "narrative"): f"{REPORTER.name} melihatnya"})
    with pytest.raises(InvalidInput, match="nama"):
        apply_plan(kab, plan, mine)
    assert values(kab, uid, "narrative") == {"Uraian kabupaten"}


def test_set_field_reads_what_people_type(torn: str, kec: Posko) -> None:
    done = set_field(kec, torn, "Tema dugaan", "netralitas ASN")
    assert (done.field, done.after) == ("theme", done.before)
    done = set_field(kec, torn, "event_time", "930")
    assert (done.before, done.after) == ("", "09.30")
    with pytest.raises(InvalidInput, match="Pilih dari daftar"):
        set_field(kec, torn, "theme", "entah")


def test_who_writes_what_is_not_his_is_told(kec: Posko, kab: Posko, desk: Desk) -> None:
    file_report(kec, new_report())
    desk.take(kab, desk.send(kec, "62.10"))
    change_case(kab, number="KAB/1", title="Judul boleh")  # as an older program might
    plan = desk.look(kec, desk.send(kab, "62.10.02"))
    assert [w for w in plan.warnings if "hanya boleh mengusulkannya (Nomor)" in w]
    change_case(kec, number="KEC/2")
    own = desk.look(kab, desk.send(kec, "62.10"))
    assert not [w for w in own.warnings if "mengusulkannya" in w], "its own office may"


def test_what_is_only_added_to_cannot_be_changed_by_any_code(kec: Posko) -> None:
    file_report(kec, new_report())
    with pytest.raises(AssertionError, match="never changed"), kec.write() as session:
        session.scalars(select(Event)).one().note = "diubah"
