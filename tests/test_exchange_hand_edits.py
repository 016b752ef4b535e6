"""Cells and rows that people changed: every one found, none invented, each with three values."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import select

from posko_app.app import Posko
from posko_app.cases.intake import file_report
from posko_app.cases.prevention import NewActivity, log_activity
from posko_app.data.tables import (
    AuditEntry,
    Case,
    Evidence,
    PreventionActivity,
    Proposal,
    ReportedParty,
)
from posko_app.errors import UserError
from posko_app.exchange.apply import Choices, apply_plan
from posko_app.exchange.plan import ImportPlan
from posko_app.exchange.xlsx.guarded import Reader
from tests.edited_books import Desk, change_case, column, reader, state, write
from tests.factory import REPORTER, TODAY, new_report

__all__ = ["reader"]

Change = Callable[[Any], None]


@pytest.fixture
def desk(tmp_path: Path, reader: Reader) -> Desk:
    return Desk(tmp_path, reader)


@pytest.fixture
def kec(office: Callable[..., Posko]) -> Posko:
    return office("kecamatan")


@pytest.fixture
def kab(office: Callable[..., Posko]) -> Posko:
    return office("kabupaten")


def accept(plan: ImportPlan, *, refuse: bool = False) -> Choices:
    prints = frozenset(edit.fingerprint for edit in plan.edits)
    return Choices(refused=prints) if refuse else Choices(accepted=prints)


def told(plan: ImportPlan) -> list[tuple[str, str, str, str, str]]:
    return [(e.kind, e.heading, e.base_text, e.theirs_text, e.mine_text) for e in plan.edits]


def test_an_edit_is_proposed_with_three_values_and_written_when_accepted(
    kec: Posko, kab: Posko, desk: Desk
) -> None:
    file_report(kec, new_report())
    path = desk.send(kec, "62.10")
    edited = desk.edited(path, lambda b: write(b["Bukti"], 2, "Uraian bukti", "Foto baliho"))
    plan = desk.look(kab, edited)
    (edit,) = plan.edits
    assert told(plan) == [("value", "Uraian bukti", "Foto stiker", "Foto baliho", "Foto stiker")]
    assert (edit.place[:6], edit.ticked, edit.differs, edit.owner) == (
        "Bukti!", True, False, "62.10.02",
    )  # fmt: skip
    assert (plan.new, plan.proposals, plan.signature) == (5, 1, "valid")
    apply_plan(kab, plan, accept(plan))
    with kab.store.read() as session:
        assert session.scalars(select(Evidence.description)).one() == "Foto baliho"
        kept = session.scalars(select(Proposal)).one()
        note = session.scalars(
            select(AuditEntry).where(AuditEntry.action == "proposal.accepted")
        ).one()
    assert (kept.state, kept.decided_by, kept.signature) == ("accepted", "petugas", "valid")
    assert plan.sha256 in note.body
    assert edit.place in note.body
    record = next(r for r in state(kab).values() if r.table == "evidence")
    (sibling,) = record.fields["description"]
    assert sibling.dot[0] == kab.office.device_id, "written in the name of who accepted it"
    desk.take(kec, desk.send(kab, "62.10.02"))
    assert state(kec) == state(kab)


def test_saving_sorting_filtering_and_moving_columns_is_no_edit(
    kec: Posko, kab: Posko, desk: Desk
) -> None:
    for number in range(5):
        file_report(kec, new_report(title=f"Laporan {number}"))
    path = desk.send(kec, "62.10")

    def play(book: Any) -> None:
        sheet = book["Perkara"]
        rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
        for number, row in enumerate(reversed(rows), 2):
            for place, value in enumerate(row, 1):
                sheet.cell(number, place).value = value
        sheet.insert_cols(3)
        sheet.cell(1, 3).value = "Catatan saya"
        sheet.cell(2, 3).value = "jangan lupa"
        sheet.move_range("D1:D6", cols=60)
        sheet["A3"].value = f"  {sheet['A3'].value} "
        terlapor = book["Terlapor"]
        terlapor.cell(3, column(terlapor, "Nama")).value += "\u00a0 "

    plan = desk.look(kab, desk.edited(path, play))
    assert (plan.edits, plan.new) == ((), 25)
    apply_plan(kab, plan)
    assert state(kab) == state(kec)


def test_what_we_hold_already_is_no_proposal_and_what_moved_on_is_told(
    kec: Posko, kab: Posko, desk: Desk
) -> None:
    file_report(kec, new_report())
    path = desk.send(kec, "62.10")
    desk.take(kab, path)
    change_case(kab, title="Judul baru", article="Pasal 70")

    def change(book: Any) -> None:
        write(book["Perkara"], 2, "Peristiwa", "Judul baru")
        write(book["Perkara"], 2, "Pasal", "Pasal 71")

    plan = desk.look(kab, desk.edited(path, change))
    assert told(plan) == [("value", "Pasal", "", "Pasal 71", "Pasal 70")]
    (edit,) = plan.edits
    assert (edit.differs, edit.ticked, edit.acceptable) == (True, False, True)


def test_emptied_cells_are_told_apart_and_never_ticked(kec: Posko, kab: Posko, desk: Desk) -> None:
    file_report(kec, new_report())

    def change(book: Any) -> None:
        write(book["Perkara"], 2, "Tempat kejadian", None)
        write(book["Perkara"], 2, "Tanggal kejadian", "")
        write(book["Bukti"], 2, "Urutan", None)

    plan = desk.look(kab, desk.edited(desk.send(kec, "62.10"), change))
    assert [(e.kind, e.heading, e.ticked) for e in plan.edits] == [
        ("cleared", "Tanggal kejadian", False),
        ("cleared", "Tempat kejadian", False),
        ("cleared", "Urutan", False),
    ]
    assert [e.acceptable for e in plan.edits] == [True, False, False], "two may not be empty"
    prints = frozenset(e.fingerprint for e in plan.edits if e.acceptable)
    apply_plan(kab, plan, Choices(accepted=prints))
    with kab.store.read() as session:
        case = session.scalars(select(Case)).one()
        assert (case.event_place, case.event_on) == (new_report().event_place, None)


def test_a_row_typed_in_without_an_id_becomes_a_record(kec: Posko, kab: Posko, desk: Desk) -> None:
    filed = file_report(kec, new_report())

    def change(book: Any) -> None:
        sheet = book["Terlapor"]
        write(sheet, 3, "Nomor perkara", filed.number)
        write(sheet, 3, "Nama", "Contoh Terlapor Dua")
        write(sheet, 3, "Jabatan", "Lurah")
        write(book["Perkara"], 3, "Peristiwa", "Laporan yang diketik saja")

    plan = desk.look(kab, desk.edited(desk.send(kec, "62.10"), change))
    assert [(e.kind, e.sheet, e.acceptable, e.ticked) for e in plan.edits] == [
        ("new", "Perkara", False, False),
        ("new", "Terlapor", True, False),
    ]
    with pytest.raises(UserError, match="Tidak ada yang diubah"):
        apply_plan(kab, plan, accept(plan))
    assert state(kab) == {}
    apply_plan(kab, plan, Choices(accepted=frozenset({plan.edits[1].fingerprint})))
    with kab.store.read() as session:
        rows = session.scalars(select(ReportedParty).order_by(ReportedParty.id)).all()
        assert [(r.name, r.position_title) for r in rows][1] == ("Contoh Terlapor Dua", "Lurah")
        assert {r.case_uid for r in rows} == {filed.uid}


def test_a_copied_row_is_asked_about_and_the_original_stays(
    kec: Posko, kab: Posko, desk: Desk
) -> None:
    log_activity(kec, NewActivity(kind="vulnerability", on=TODAY, title="Imbauan kepala desa"))

    def change(book: Any) -> None:
        sheet = book["Pencegahan"]
        for cell in list(sheet[2]):
            sheet.cell(3, cell.column).value = copy(cell.value)
        write(sheet, 3, "Kegiatan", "Imbauan lurah")

    plan = desk.look(kab, desk.edited(desk.send(kec, "62.10"), change))
    assert [(e.kind, e.row, e.twice, e.ticked) for e in plan.edits] == [
        ("twice", 3, False, False),
        ("value", 3, True, False),
    ]
    row = plan.edits[0]
    apply_plan(kab, plan, Choices(accepted=frozenset({row.fingerprint})))
    with kab.store.read() as session:
        rows = session.scalars(select(PreventionActivity).order_by(PreventionActivity.id)).all()
        assert [r.title for r in rows] == ["Imbauan kepala desa", "Imbauan lurah"]
        assert rows[1].office_code == "62.10.02", "the row says whose it is"


def test_an_id_that_is_not_here_is_a_proposal_nobody_can_accept_blindly(
    kec: Posko, kab: Posko, desk: Desk
) -> None:
    file_report(kec, new_report())

    def change(book: Any) -> None:
        sheet = book["Terlapor"]
        sheet["A3"].value = "0191-tidak-ada"
        write(sheet, 3, "Nama", "Siapa ini")

    plan = desk.look(kab, desk.edited(desk.send(kec, "62.10"), change))
    (edit,) = plan.edits
    assert (edit.kind, edit.acceptable) == ("unknown", False)
    assert "tidak dikenal" in edit.reason


@pytest.mark.parametrize(
    ("heading", "value", "said"),
    [
        ("Nama", "=A1", "rumus"),
        ("NIP", 198604122010011012, "digitnya dapat hilang"),
        ("NIP", "1986041220100", "18"),
        ("Telepon", 81255550176, "digitnya dapat hilang"),
        ("Nama", 12, "angka"),
        ("Nama", True, "TRUE"),
        ("Nama", "#REF!", "galat"),
        ("Golongan", "raja", "Pilih dari daftar"),
    ],
)
def test_what_is_no_value_is_a_problem(
    heading: str, value: object, said: str, kec: Posko, kab: Posko, desk: Desk
) -> None:
    file_report(kec, new_report())
    path = desk.send(kec, "62.10")
    plan = desk.look(kab, desk.edited(path, lambda b: write(b["Terlapor"], 2, heading, value)))
    (edit,) = plan.edits
    assert (edit.kind, edit.acceptable, edit.ticked) == ("problem", False, False)
    assert said in edit.reason
    apply_plan(kab, plan)
    with kab.store.read() as session:
        party = session.scalars(select(ReportedParty)).one()
        assert (party.name, party.nip) == ("Contoh Terlapor, S.Pd.", "198604122010011012")


@pytest.mark.parametrize(
    ("heading", "value", "stored"),
    [
        ("Tanggal kejadian", date(2024, 10, 12), date(2024, 10, 12)),
        ("Tanggal kejadian", "12/10/2024", date(2024, 10, 12)),
        ("Jam kejadian", "9.15", "09:15"),
        ("Tema dugaan", "netralitas asn", None),
    ],
)
def test_values_written_another_way_are_read(
    heading: str, value: object, stored: object, kec: Posko, kab: Posko, desk: Desk
) -> None:
    file_report(kec, new_report())
    path = desk.send(kec, "62.10")
    plan = desk.look(kab, desk.edited(path, lambda b: write(b["Perkara"], 2, heading, value)))
    if stored is None:
        assert plan.edits == (), "only written differently"
        return
    apply_plan(kab, plan, accept(plan))
    with kab.store.read() as session:
        case = session.scalars(select(Case)).one()
        assert stored in (case.event_on, case.event_time)


def test_a_rewritten_date_of_the_same_day_is_no_edit(kec: Posko, kab: Posko, desk: Desk) -> None:
    file_report(kec, new_report())
    path = desk.send(kec, "62.10")
    for value in (date(2024, 10, 13), "13-10-2024", "13 Oktober 2024"):
        edited = desk.edited(path, lambda b: write(b["Perkara"], 2, "Tanggal kejadian", value))  # noqa: B023
        assert desk.look(kab, edited).edits == ()


def test_what_is_gone_is_told_and_deletes_nothing(kec: Posko, kab: Posko, desk: Desk) -> None:
    for number in range(3):
        file_report(kec, new_report(title=f"Laporan {number}"))

    def change(book: Any) -> None:
        book["Perkara"].delete_rows(3, 2)
        book["Terlapor"].delete_cols(column(book["Terlapor"], "Jabatan"))
        del book["Saksi"]
        book["Bukti"].row_dimensions[2].hidden = True

    plan = desk.look(kab, desk.edited(desk.send(kec, "62.10"), change))
    said = " ".join(plan.warnings)
    assert plan.edits == ()
    for words in (
        "Lembar Perkara: 2 baris dihapus",
        "Lembar Terlapor: kolom Jabatan dihapus",
        "Lembar Saksi dihapus",
        "Lembar Bukti: 1 baris tersembunyi",
    ):
        assert words in said
    apply_plan(kab, plan)
    assert state(kab) == state(kec)


def test_a_heading_that_stands_twice(kec: Posko, kab: Posko, desk: Desk) -> None:
    file_report(kec, new_report())
    path = desk.send(kec, "62.10")

    def copied(book: Any, first: str, second: str) -> None:
        sheet = book["Bukti"]
        place = column(sheet, "Uraian bukti")
        sheet.insert_cols(place)
        sheet.cell(1, place).value = "Uraian bukti"
        sheet.cell(2, place).value = first
        sheet.cell(2, place + 1).value = second

    same = desk.look(kab, desk.edited(path, lambda b: copied(b, "Foto stiker", "Foto stiker")))
    assert same.edits == ()
    assert any("judul kolom Uraian bukti ada lebih dari satu" in w for w in same.warnings)
    for pair in (("Foto stiker", "Foto baliho"), ("Foto baliho", "Foto stiker")):
        one = desk.look(kab, desk.edited(path, lambda b: copied(b, *pair)))  # noqa: B023
        assert [e.theirs for e in one.edits] == ["Foto baliho"]
    torn = desk.look(kab, desk.edited(path, lambda b: copied(b, "Foto A", "Foto B")))
    assert [(e.kind, "ada dua" in e.reason) for e in torn.edits] == [("problem", True)]


def test_a_copied_row_is_told_whatever_stands_there_in_other_sheets(
    kec: Posko, kab: Posko, desk: Desk
) -> None:
    for number in range(4):
        file_report(kec, new_report(title=f"Laporan {number}"))

    def copy_over(book: Any) -> None:
        sheet = book["Bukti"]
        for place in range(1, sheet.max_column + 1):
            sheet.cell(5, place).value = sheet.cell(2, place).value

    plan = desk.look(kab, desk.edited(desk.send(kec, "62.10"), copy_over))
    assert [(e.kind, e.sheet, e.row) for e in plan.edits] == [("twice", "Bukti", 5)]


def test_fields_of_another_office_and_what_is_only_added_to(
    office: Callable[..., Posko], kec: Posko, kab: Posko, desk: Desk
) -> None:
    file_report(kec, new_report())

    def change(book: Any) -> None:
        write(book["Perkara"], 2, "Nomor", "999/LP")
        write(book["Langkah"], 2, "Catatan", "diubah di Excel")

    path = desk.send(kec, "62.10")
    plan = desk.look(kab, desk.edited(path, change))
    assert [(e.heading, e.acceptable) for e in plan.edits] == [("Nomor", False), ("Catatan", False)]
    assert "62.10.02" in plan.edits[0].reason
    assert "hanya dapat ditambah" in plan.edits[1].reason
    desk.take(kab, path)
    back = desk.edited(desk.send(kab, "62.10.02"), change)
    ours = desk.look(kec, back)
    number = ours.edits[0]
    assert (number.acceptable, number.ticked) == (True, False), "its own office may, if it wants"
    apply_plan(kec, ours, Choices(accepted=frozenset({number.fingerprint})))
    with kec.store.read() as session:
        assert session.scalars(select(Case.number)).one() == "999/LP"


def test_decisions_are_remembered_and_the_same_file_asks_nothing_again(
    kec: Posko, kab: Posko, desk: Desk
) -> None:
    file_report(kec, new_report())
    path = desk.send(kec, "62.10")

    def change(book: Any) -> None:
        write(book["Perkara"], 2, "Pasal", "Pasal 71")
        write(book["Perkara"], 2, "Peristiwa", "Judul lain")

    edited = desk.edited(path, change)
    plan = desk.look(kab, edited)
    by = {e.heading: e.fingerprint for e in plan.edits}
    apply_plan(kab, plan, Choices(refused=frozenset({by["Peristiwa"]})))
    again = desk.look(kab, edited)
    assert ([e.heading for e in again.edits], again.remembered) == (["Pasal"], 1)
    apply_plan(kab, again, Choices(accepted=frozenset({by["Pasal"]})))
    assert desk.look(kab, edited).edits == ()
    other = desk.look(kab, desk.edited(path, lambda b: write(b["Perkara"], 2, "Peristiwa", "X")))
    assert [e.theirs for e in other.edits] == ["X"], "another value is another question"
    with kab.store.read() as session:
        states = dict(session.execute(select(Proposal.field, Proposal.state)).all())
        assert states == {"title": "refused", "article": "accepted"}


def test_our_own_workbook_comes_back_edited(kec: Posko, kab: Posko, desk: Desk) -> None:
    file_report(kec, new_report())
    path = desk.send(kec, "62.10")
    back = desk.edited(path, lambda b: write(b["Perkara"], 2, "Pasal", "Pasal 71"))
    plan = desk.look(kec, back)
    assert (plan.verdict, plan.new, plan.same) == ("accepted", 0, 5)
    (said,) = plan.warnings
    assert said.startswith("Ini kiriman kantor Anda sendiri untuk Bawaslu")
    assert desk.look(kab, back).warnings == ()
    assert told(plan) == [("value", "Pasal", "", "Pasal 71", "")]
    apply_plan(kec, plan, accept(plan))
    with kec.store.read() as session:
        assert session.scalars(select(Case.article)).one() == "Pasal 71"


@pytest.mark.parametrize("damage", ["broken", "missing"])
def test_without_a_signature_the_base_is_our_own_version(
    damage: str, kec: Posko, kab: Posko, desk: Desk
) -> None:
    file_report(kec, new_report())
    path = desk.send(kec, "62.10")
    desk.take(kab, path)
    change_case(kec, article="Pasal 70")
    newer = desk.send(kec, "62.10")
    desk.take(kab, newer)

    def change(book: Any) -> None:
        write(book["Perkara"], 2, "Peristiwa", "Diubah tangan")
        if damage == "missing":
            del book["_pos"]
        else:
            book["_pos"]["C1"].value = "AAAA"

    before = state(kab)
    plan = desk.look(kab, desk.edited(path, change))
    assert (plan.verdict, plan.signature, plan.decisions, plan.gaps) == ("accepted", damage, (), ())
    assert told(plan) == [
        ("value", "Peristiwa", new_report().title, "Diubah tangan", new_report().title)
    ], "only what was typed, although our record moved on since"
    assert not plan.edits[0].ticked
    apply_plan(kab, plan)
    assert state(kab) == before, "nothing is merged"
    apply_plan(kab, plan, accept(plan))
    with kab.store.read() as session:
        case = session.scalars(select(Case)).one()
        assert (case.title, case.article) == ("Diubah tangan", "Pasal 70")


def test_a_first_version_is_found_in_the_kept_workbook(kec: Posko, kab: Posko, desk: Desk) -> None:
    file_report(kec, new_report())
    path = desk.send(kec, "62.10")
    desk.take(kab, path)
    change_case(kab, article="Pasal 70")

    def change(book: Any) -> None:
        write(book["Perkara"], 2, "Peristiwa", "Diubah tangan")
        del book["_pos"]

    plan = desk.look(kab, desk.edited(path, change))
    assert [(e.heading, e.base_known) for e in plan.edits] == [("Peristiwa", True)]


def test_a_version_nobody_has_makes_everything_an_unsigned_proposal(
    kec: Posko, kab: Posko, desk: Desk
) -> None:
    file_report(kec, new_report())
    desk.take(kab, desk.send(kec, "62.10"))
    change_case(kec, article="Pasal 70")

    def change(book: Any) -> None:
        write(book["Perkara"], 2, "Peristiwa", "Diubah tangan")
        del book["_pos"]

    plan = desk.look(kab, desk.edited(desk.send(kec, "62.10"), change))
    assert [(e.heading, e.base_known, e.ticked) for e in plan.edits] == [
        ("Peristiwa", False, False),
        ("Pasal", False, False),
    ]


def test_what_a_damaged_machine_sheet_lost_is_proposed_from_the_readable_one(
    kec: Posko, kab: Posko, desk: Desk
) -> None:
    uid = file_report(kec, new_report()).uid
    desk.take(kab, desk.send(kec, "62.10"))
    change_case(kec, title="Judul baru", article="Pasal 71")

    def lose(book: Any) -> None:
        sheet = book["_pos"]
        row = next(r for r in range(2, sheet.max_row + 1) if sheet.cell(r, 1).value == uid)
        sheet.delete_rows(row)

    plan = desk.look(kab, desk.edited(desk.send(kec, "62.10"), lose))
    assert (plan.signature, plan.updated, len(plan.rejected)) == ("valid", 0, 1)
    assert told(plan) == [
        ("value", "Peristiwa", "", "Judul baru", new_report().title),
        ("value", "Pasal", "", "Pasal 71", ""),
    ]
    assert not any(edit.ticked or edit.base_known for edit in plan.edits)


def test_a_practice_file_without_a_signature_stays_out(kec: Posko, kab: Posko, desk: Desk) -> None:
    from posko_app.data.tables import Office

    file_report(kec, new_report())

    def change(book: Any) -> None:
        del book["_pos"]

    path = desk.edited(desk.send(kec, "62.10"), change)
    with kab.write() as session:
        session.scalars(select(Office)).one().practice = False
    kab.reload_office()
    plan = desk.look(kab, path)
    assert (plan.verdict, plan.code) == ("refused", "practice_file")


def test_a_column_spoiled_by_excel_is_one_thing(kec: Posko, kab: Posko, desk: Desk) -> None:
    for number in range(12):
        party = replace(new_report().reported[0], rank=f"00{number + 1}")
        file_report(kec, new_report(title=f"Laporan {number}", reported=(party,)))

    def change(book: Any) -> None:
        sheet = book["Terlapor"]
        place, nip = column(sheet, "Pangkat/golongan"), column(sheet, "NIP")
        for row in range(2, 14):
            sheet.cell(row, place).value = int(sheet.cell(row, place).value)
            sheet.cell(row, nip).value = float(sheet.cell(row, nip).value)
        write(sheet, 5, "Jabatan", "Lurah")

    plan = desk.look(kab, desk.edited(desk.send(kec, "62.10"), change))
    assert [(d.sheet, d.heading, d.kind, d.explained) for d in plan.damages] == [
        ("Terlapor", "NIP", "rounded", 12),
        ("Terlapor", "Pangkat/golongan", "zeros", 12),
    ]
    assert "angka nol di depan hilang" in plan.damages[1].sentence
    prints = frozenset(p for damage in plan.damages for p in damage.fingerprints)
    apply_plan(kab, plan, Choices(refused=prints))
    assert state(kab) == state(kec)
    with kab.store.read() as session:
        assert len(session.scalars(select(Proposal).where(Proposal.state == "refused")).all()) == 24
        assert session.scalars(select(Proposal.field).where(Proposal.state == "open")).all() == [
            "position_title"
        ]


def test_an_edit_waits_when_its_record_does_or_our_value_moved_on(
    kec: Posko, kab: Posko, desk: Desk
) -> None:
    uid = file_report(kec, new_report()).uid
    path = desk.send(kec, "62.10")
    edited = desk.edited(path, lambda b: write(b["Perkara"], 2, "Pasal", "Pasal 71"))
    plan = desk.look(kab, edited)
    everything = accept(plan).accepted
    done = apply_plan(kab, plan, Choices(accepted=everything, left_out=frozenset({uid})))
    assert (done.new, done.left_out, done.decided) == (0, 5, 0)
    plan = desk.look(kab, edited)
    assert len(plan.edits) == 1, "it is asked again"
    apply_plan(kab, plan)
    plan = desk.look(kab, edited)
    change_case(kab, article="Pasal 70")
    assert apply_plan(kab, plan, accept(plan)).decided == 0
    with kab.store.read() as session:
        assert session.scalars(select(Case.article)).one() == "Pasal 70", "nobody saw this value"
        assert session.scalars(select(Proposal.state)).all() == ["open"]


@pytest.mark.parametrize("seed", range(6))
def test_after_any_play_exactly_the_true_edits_are_found(
    seed: int, kec: Posko, kab: Posko, desk: Desk
) -> None:
    chance = Random(seed)
    for number in range(8):
        file_report(kec, new_report(title=f"Laporan {number}"))
    true: set[tuple[str, str, str]] = set()
    fields = {
        "Perkara": ("Peristiwa", "Pasal", "Tempat kejadian", "Petugas", "Uraian kejadian"),
        "Terlapor": ("Nama", "Jabatan", "Instansi", "Alamat"),
        "Bukti": ("Uraian bukti",),
    }

    def play(book: Any) -> None:
        for name, headings in fields.items():
            sheet = book[name]
            for row in chance.sample(range(2, 10), 4):
                heading = chance.choice(headings)
                said = f"{heading} {chance.random():.6f}"
                write(sheet, row, heading, said)
                true.add((str(sheet.cell(row, 1).value), heading, said))
            _play_with(sheet, chance, {cell[0] for cell in true})

    plan = desk.look(kab, desk.edited(desk.send(kec, "62.10"), play))
    assert {(e.uid, e.heading, str(e.theirs)) for e in plan.edits} == true
    assert {e.kind for e in plan.edits} == {"value"}
    assert all(e.ticked for e in plan.edits)
    apply_plan(kab, plan)
    assert state(kab) == state(kec)


def _play_with(sheet: Any, chance: Random, keep: set[str]) -> None:
    """Sort, insert and delete columns and rows, as people do; rows in `keep` stay."""
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    chance.shuffle(rows)
    gone = [row for row in rows if row[0] not in keep][: chance.randint(0, 2)]
    rows = [row for row in rows if row not in gone]
    heads = [cell.value for cell in sheet[1]]
    order = list(range(len(heads)))
    chance.shuffle(order)
    lost = heads.index("Versi")
    order = [place for place in order if place != lost or chance.random() < 0.5]
    sheet.delete_rows(1, sheet.max_row)
    sheet.append([heads[place] for place in order] + ["Catatan saya"])
    for number, row in enumerate(rows):
        sheet.append([row[place] for place in order] + [f"{number}"])


def test_a_text_that_names_the_reporter_cannot_be_accepted(kec: Posko, desk: Desk) -> None:
    file_report(kec, new_report())
    path = desk.send(kec, "62.10")
    said = f"{REPORTER.name} melihat semuanya"
    back = desk.edited(path, lambda b: write(b["Perkara"], 2, "Uraian kejadian", said))
    (edit,) = desk.look(kec, back).edits
    assert not edit.acceptable
    assert "nama" in edit.reason
