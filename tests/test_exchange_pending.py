"""Hand edits that wait for an answer, answered later without the file; records that came early."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from posko_app.app import Posko
from posko_app.cases.intake import file_report
from posko_app.data.tables import AuditEntry, Case, Proposal, ReportedParty
from posko_app.errors import UserError
from posko_app.exchange.pending import (
    answer_edit,
    ask_again_later,
    early_records,
    pending_edits,
)
from posko_app.exchange.undo import undo
from posko_app.exchange.xlsx.guarded import Reader
from tests.edited_books import Desk, change_case, column, reader, write
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


def typed(book: Any) -> None:
    """An ordinary field, one of the office below, an emptied cell, a formula, and a new row."""
    sheet = book["Perkara"]
    write(sheet, 2, "Pasal", "Pasal 71")
    write(sheet, 2, "Nomor", "999/SALAH")
    write(sheet, 2, "Tempat kejadian", None)
    sheet.cell(2, column(sheet, "Peristiwa")).value = "=1+1"
    parties = book["Terlapor"]
    number = str(parties.cell(2, column(parties, "Nomor perkara")).value)
    row = parties.max_row + 1
    write(parties, row, "Nomor perkara", number)
    write(parties, row, "Nama", "Terlapor Baru Contoh")


def case_of(posko: Posko) -> Case:
    with posko.store.read() as session:
        return session.scalars(select(Case)).one()


def test_what_nobody_answered_waits_with_its_three_values(
    kec: Posko, kab: Posko, desk: Desk
) -> None:
    file_report(kec, new_report())
    done = desk.take(kab, desk.edited(desk.send(kec, "62.10"), typed))
    assert done.proposals == 5
    found = {p.edit.heading: p for p in pending_edits(kab)}
    told = {
        heading: (p.edit.kind, p.edit.base_text, p.edit.theirs_text, p.edit.mine_text)
        for heading, p in found.items()
    }
    case = case_of(kab)
    assert told == {
        "Pasal": ("value", "", "Pasal 71", ""),
        "Nomor": ("value", case.number, "999/SALAH", case.number),
        "Tempat kejadian": ("cleared", case.event_place, "", case.event_place),
        "Peristiwa": ("problem", case.title, told["Peristiwa"][2], case.title),
        "Seluruh baris": ("new", "", told["Seluruh baris"][2], ""),
    }
    assert "Nama: Terlapor Baru Contoh" in told["Seluruh baris"][2]
    assert {h for h, p in found.items() if p.edit.acceptable} >= {"Pasal", "Seluruh baris"}
    assert not found["Nomor"].edit.acceptable
    assert not found["Peristiwa"].edit.acceptable, "no value at all: it would empty the field"
    pasal = found["Pasal"]
    assert (pasal.number, pasal.office_code, pasal.edit.case_uid) == (
        case.number, "62.10.02", case.uid,
    )  # fmt: skip
    assert pasal.file_name.startswith("Posko_62.10.02_ke_62.10_001")


def test_one_is_accepted_and_another_refused(kec: Posko, kab: Posko, desk: Desk) -> None:
    file_report(kec, new_report())
    path = desk.edited(desk.send(kec, "62.10"), typed)
    desk.take(kab, path)
    found = {p.edit.heading: p.edit for p in pending_edits(kab)}
    answer_edit(kab, found["Pasal"], accept=True)
    answer_edit(kab, found["Seluruh baris"], accept=True)
    answer_edit(kab, found["Nomor"], accept=False)
    case = case_of(kab)
    assert case.article == "Pasal 71"
    with kab.store.read() as session:
        names = session.scalars(
            select(ReportedParty.name).where(ReportedParty.case_uid == case.uid)
        ).all()
        acts = session.scalars(
            select(AuditEntry.action).where(AuditEntry.action.startswith("proposal."))
        ).all()
        states = dict(session.execute(select(Proposal.field, Proposal.state)).all())
    assert "Terlapor Baru Contoh" in names
    assert sorted(acts) == ["proposal.accepted", "proposal.accepted", "proposal.refused"]
    assert (states["article"], states["number"]) == ("accepted", "refused")
    left = {p.edit.heading for p in pending_edits(kab)}
    assert left == {"Tempat kejadian", "Peristiwa"}
    again = {e.heading for e in desk.look(kab, path).edits}
    assert again == left, "what was answered here is not asked of the file either"
    desk.take(kec, desk.send(kab, "62.10.02"))
    assert case_of(kec).article == "Pasal 71"


def test_it_is_refused_for_what_stands_in_the_way(kec: Posko, kab: Posko, desk: Desk) -> None:
    file_report(kec, new_report())
    desk.take(kab, desk.edited(desk.send(kec, "62.10"), typed))
    found = {p.edit.heading: p.edit for p in pending_edits(kab)}
    for heading in ("Nomor", "Peristiwa"):
        forced = replace(found[heading], reason="", kind="value")
        with pytest.raises(UserError, match="Tidak ada yang diubah"):
            answer_edit(kab, forced, accept=True)
    change_case(kab, article="Pasal 70")
    with pytest.raises(UserError, match="baru saja berubah"):
        answer_edit(kab, found["Pasal"], accept=True)
    assert case_of(kab).article == "Pasal 70"
    (now,) = [p.edit for p in pending_edits(kab) if p.edit.heading == "Pasal"]
    assert (now.mine_text, now.differs) == ("Pasal 70", True)
    answer_edit(kab, now, accept=True)
    assert case_of(kab).article == "Pasal 71"
    with pytest.raises(UserError, match="sudah dijawab"):
        answer_edit(kab, now, accept=True)


def test_a_text_that_names_the_reporter_is_not_accepted(kec: Posko, kab: Posko, desk: Desk) -> None:
    uid = file_report(kec, new_report()).uid
    desk.take(kab, desk.send(kec, "62.10"))
    said = f"Kata {REPORTER.name} ada"
    edited = desk.edited(
        desk.send(kab, "62.10.02"), lambda b: write(b["Perkara"], 2, "Pasal", said)
    )
    desk.take(kec, edited)
    (waiting,) = pending_edits(kec)
    assert waiting.edit.case_uid == uid
    assert not waiting.edit.acceptable
    with pytest.raises(UserError):
        answer_edit(kec, waiting.edit, accept=True)


def test_a_refusal_is_taken_back(kec: Posko, kab: Posko, desk: Desk) -> None:
    file_report(kec, new_report())
    desk.take(kab, desk.edited(desk.send(kec, "62.10"), typed))
    edit = next(p.edit for p in pending_edits(kab) if p.edit.heading == "Pasal")
    answer_edit(kab, edit, accept=False)
    ask_again_later(kab, edit.fingerprint)
    assert "Pasal" in {p.edit.heading for p in pending_edits(kab)}
    answer_edit(kab, edit, accept=True)
    ask_again_later(kab, edit.fingerprint)
    assert "Pasal" not in {p.edit.heading for p in pending_edits(kab)}, "what is written stays"


def test_an_undone_import_leaves_nothing_waiting(kec: Posko, kab: Posko, desk: Desk) -> None:
    file_report(kec, new_report())
    done = desk.take(kab, desk.edited(desk.send(kec, "62.10"), typed))
    undo(kab, import_uid=done.uid)
    assert pending_edits(kab) == ()


def test_records_without_their_case_are_told_with_their_file(
    kec: Posko, kab: Posko, desk: Desk
) -> None:
    file_report(kec, new_report())
    change_case(kec, regulation="pilkada-2035")
    desk.take(kab, desk.send(kec, "62.10"))
    (group,) = early_records(kab)
    assert group.why == "no_parent"
    assert (group.office_code, group.seq) == ("62.10.02", 1)
    assert sum(group.counts.values()) == 4
    assert group.counts["saksi"] == 1
