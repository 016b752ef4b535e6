"""The preview decides: values chosen, hand edits answered, spoiled columns refused, and undone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from posko_app.app import Posko
from posko_app.cases.intake import file_report
from posko_app.cases.queries import CaseFilter, list_cases
from posko_app.data.tables import Case, Proposal, ReportedParty
from posko_app.exchange.ledger import ledger
from posko_app.exchange.xlsx.guarded import Reader
from tests.edited_books import Desk, change_case, column, reader, state, write
from tests.factory import new_report
from tests.opened import Opened
from ui import dialogs, theme
from ui.pages.exchange import ExchangePage
from ui.tables import GroupRow

__all__ = ["reader"]

CTRL = Qt.KeyboardModifier.ControlModifier
OpenPage = Callable[[Posko], Opened[ExchangePage]]


@pytest.fixture(autouse=True)
def home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An own home folder, so that nothing is read from that of this machine."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


@pytest.fixture
def opened(qapp: QApplication, qtbot: QtBot) -> Iterator[OpenPage]:
    theme.apply(qapp)
    made: list[Opened[ExchangePage]] = []

    def make(posko: Posko) -> Opened[ExchangePage]:
        made.append(Opened(ExchangePage, posko, qtbot))
        return made[-1]

    yield make
    for each in made:
        each.context.tasks.close()


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
def torn(kec: Posko, kab: Posko, desk: Desk) -> Path:
    """A workbook with a case of which three fields were changed in both offices."""
    file_report(kec, new_report())
    desk.take(kab, desk.send(kec, "62.10"))
    change_case(kec, event_on=date(2024, 10, 11), title="Judul kecamatan", article="Pasal 71",
                narrative="Terlapor membagikan stiker kepada 112 orang tua murid")  # fmt: skip
    change_case(kab, event_on=date(2024, 10, 12), title="Judul kabupaten",
                narrative="Terlapor membagikan stiker kepada 84 orang tua murid")  # fmt: skip
    return desk.send(kec, "62.10")


def case_of(posko: Posko) -> Case:
    with posko.store.read() as session:
        return session.scalars(select(Case)).one()


def test_values_are_chosen_by_mouse_and_keys_and_one_is_put_off(
    torn: Path, kab: Posko, opened: OpenPage, qtbot: QtBot
) -> None:
    made = opened(kab)
    page = made.show(path=str(torn))
    view = page.receive
    assert view.apply.text() == "Terapkan 0, tunda 1 bentrok"
    assert view.detail.note.text() == "3 perbedaan, 0 sudah dipilih"
    blocks = {block.conflict.field: block for block in view.detail.blocks}
    assert list(blocks) == ["Tanggal kejadian", "Uraian kejadian", "Peristiwa"]
    said = view.detail.said()
    assert "semula: 13-10-2024" in said
    assert "text-decoration:line-through" in said
    row = view.table.rows.rows[1]
    assert str(view.table.rows.columns[3].value(row)) == "Pilih"  # type: ignore[arg-type]
    qtbot.keyClick(view.table, Qt.Key.Key_Right, CTRL)
    assert view.detail.note.text() == "3 perbedaan, 3 sudah dipilih"
    assert str(view.table.rows.columns[3].value(row)) == "Selesai"  # type: ignore[arg-type]
    assert view.apply.text() == "Terapkan 1"
    qtbot.keyClick(view.table, Qt.Key.Key_Left, CTRL)
    ours = [card for card, source, _ in blocks["Peristiwa"].cards if source == "ours"]
    assert ours[0].radio.isChecked()
    theirs = next(c for c, source, _ in blocks["Tanggal kejadian"].cards if source == "theirs")
    qtbot.mouseClick(theirs, Qt.MouseButton.LeftButton)
    assert theirs.property("chosen")
    page.primary()
    made.rest()
    case = case_of(kab)
    assert (case.event_on, case.title, case.article) == (
        date(2024, 10, 11), "Judul kabupaten", "Pasal 71",
    )  # fmt: skip
    assert "84 orang" in case.narrative
    assert {row.conflicts for row in list_cases(kab, CaseFilter())} == {0}
    assert "1 diperbarui" in view.banner.accessibleName()
    qtbot.keyClick(view.table, Qt.Key.Key_Right, CTRL)
    assert theirs.property("chosen"), "what is applied is not chosen again"
    assert made.problems == []


def test_a_conflict_that_is_left_keeps_both_values(
    torn: Path, kab: Posko, opened: OpenPage
) -> None:
    made = opened(kab)
    page = made.show(path=str(torn))
    page.primary()
    made.rest()
    assert {row.conflicts for row in list_cases(kab, CaseFilter())} == {3}
    assert "1 bentrok" in page.receive.banner.accessibleName()


def test_a_value_of_ones_own(
    torn: Path, kab: Posko, opened: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = opened(kab)
    page = made.show(path=str(torn))
    typed = iter(["31 Februari", "10-10-2024"])
    asked: list[str] = []

    def ask(_parent: object, title: str, *_: object, submit: Any, **__: object) -> dict[str, Any]:
        asked.append(title)
        given = {"text": next(typed)}
        try:
            submit(given)
        except dialogs.InvalidInput as wrong:
            asked.append(wrong.problems[0].message)
            given = {"text": next(typed)}
            submit(given)
        return given

    monkeypatch.setattr(dialogs, "ask_form", ask)
    page.receive.deciding.own.click()
    assert asked == ["Tulis sendiri: Tanggal kejadian", "Tulis tanggal seperti 2024-10-15."]
    assert "Ditulis sendiri: 10-10-2024" in page.receive.detail.said()
    page.primary()
    made.rest()
    assert case_of(kab).event_on == date(2024, 10, 10)


def test_the_lower_office_sees_that_another_decides(
    torn: Path, kec: Posko, kab: Posko, desk: Desk, opened: OpenPage
) -> None:
    desk.take(kab, torn)
    made = opened(kec)
    page = made.show(path=str(desk.send(kab, "62.10.02")))
    view = page.receive
    assert not view.deciding.ours.isVisible()
    assert all(not card.radio.isEnabled() for b in view.detail.blocks for card, *_ in b.cards)
    view.deciding.all_theirs()
    page.primary()
    made.rest()
    assert {row.conflicts for row in list_cases(kec, CaseFilter())} == {3}


def edited(desk: Desk, kec: Posko) -> Path:
    def change(book: Any) -> None:
        write(book["Perkara"], 2, "Pasal", "Pasal 71")
        write(book["Perkara"], 2, "Tempat kejadian", "Balai desa")
        write(book["Perkara"], 2, "Nomor", "999")

    return desk.edited(desk.send(kec, "62.10"), change)


def test_hand_edits_are_ticked_refused_and_asked_again(
    kec: Posko, kab: Posko, desk: Desk, opened: OpenPage, qtbot: QtBot
) -> None:
    file_report(kec, new_report())
    path = edited(desk, kec)
    made = opened(kab)
    page = made.show(path=str(path))
    view = page.receive
    assert view.apply.text() == "Terapkan 3", "the case, and two edits that are proposed"
    view.tabs.choose("proposals")
    pane = view.lists.proposals
    rows = [r for r in pane.table.rows.rows if not isinstance(r, GroupRow)]
    values = {r.edit.heading: pane.table.rows.columns[3].value(r) for r in rows if r.edit}
    assert (values["Pasal"], values["Tempat kejadian"]) == (True, True)
    assert str(values["Nomor"]) == "Tidak bisa"
    pane.table.choose(next(r.key for r in rows if r.edit and r.edit.heading == "Nomor"))
    assert "milik kantor" in view.detail.said()
    place = next(r for r in rows if r.edit and r.edit.heading == "Tempat kejadian")
    pane.table.choose(place.key)
    told = view.detail.said()
    assert "Di berkas" in told
    assert "Balai desa" in told
    assert "SDN 3 Contoh" in told
    qtbot.keyClick(pane.table, Qt.Key.Key_Left, CTRL)
    assert str(pane.table.rows.columns[3].value(place)) == "Ditolak"
    qtbot.keyClick(pane.table, Qt.Key.Key_Space)
    assert pane.table.rows.columns[3].value(place) is True
    qtbot.keyClick(pane.table, Qt.Key.Key_Left, CTRL)
    assert "1 usulan belum diputuskan" in view.foot.note.text()
    page.primary()
    made.rest()
    case = case_of(kab)
    assert (case.article, case.event_place) == ("Pasal 71", "SDN 3 Contoh")
    assert "2 usulan diputuskan" in view.banner.accessibleName()
    page = made.show(path=str(path))
    assert view.tabs.current == "proposals", "only a question is left"
    assert view.plan is not None
    assert [e.heading for e in view.plan.edits] == ["Nomor"]
    assert made.problems == []


def test_a_spoiled_column_is_refused_in_one_click(
    kec: Posko, kab: Posko, desk: Desk, opened: OpenPage
) -> None:
    for number in range(11):
        party = replace(new_report().reported[0], rank=f"00{number + 1}")
        file_report(kec, new_report(title=f"Laporan {number}", reported=(party,)))

    def change(book: Any) -> None:
        sheet = book["Terlapor"]
        place = column(sheet, "Pangkat/golongan")
        for row in range(2, 13):
            sheet.cell(row, place).value = str(sheet.cell(row, place).value).lstrip("0")

    made = opened(kab)
    page = made.show(path=str(desk.edited(desk.send(kec, "62.10"), change)))
    view = page.receive
    view.tabs.choose("proposals")
    (card,) = view.lists.proposals.cards
    assert "angka nol di depan hilang" in card.accessibleName()
    assert view.deciding.chosen.accepted == set(), "nothing of it is proposed"
    card.button.click()
    assert card.button.text() == "Ditolak 11. Urungkan"
    card.button.click()
    card.button.click()
    page.primary()
    made.rest()
    with kab.store.read() as session:
        assert len(session.scalars(select(Proposal).where(Proposal.state == "refused")).all()) == 11
        assert all(rank.startswith("0") for rank in session.scalars(select(ReportedParty.rank)))


def test_a_case_can_be_left_out(kec: Posko, kab: Posko, desk: Desk, opened: OpenPage,
                                qtbot: QtBot) -> None:  # fmt: skip
    file_report(kec, new_report(title="Satu"))
    file_report(kec, new_report(title="Dua"))
    made = opened(kab)
    page = made.show(path=str(desk.send(kec, "62.10")))
    view = page.receive
    assert view.apply.text() == "Terapkan 2"
    view.table.choose_first()
    qtbot.keyClick(view.table, Qt.Key.Key_Space)
    assert view.apply.text() == "Terapkan 1"
    page.primary()
    made.rest()
    assert len(list_cases(kab, CaseFilter())) == 1


def test_rejected_rows_are_saved_as_a_workbook(
    kec: Posko, kab: Posko, desk: Desk, opened: OpenPage, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    file_report(kec, new_report())
    change_case(kec, regulation="pilkada-2035")
    made = opened(kab)
    page = made.show(path=str(desk.send(kec, "62.10")))
    view = page.receive
    assert view.lists.save.isVisible()
    target = tmp_path / "ditolak.xlsx"
    monkeypatch.setattr(dialogs, "save_file", lambda *_: target)
    view.lists.save.click()
    made.rest()
    sheet = openpyxl.load_workbook(target).worksheets[0]
    cells = [str(c.value) for row in sheet.iter_rows() for c in row if c.value is not None]
    assert any("pilkada-2035" in cell for cell in cells)
    assert sum("Menunggu perkara induknya" in cell for cell in cells) == 4


def test_an_unsigned_workbook_says_so(kec: Posko, kab: Posko, desk: Desk, opened: OpenPage) -> None:
    file_report(kec, new_report())
    path = desk.send(kec, "62.10")
    desk.take(kab, path)

    def change(book: Any) -> None:
        write(book["Perkara"], 2, "Pasal", "Pasal 71")
        del book["_pos"]

    view = opened(kab).show(path=str(desk.edited(path, change))).receive
    assert view.genuine.accessibleName() == "Keaslian tidak terbukti"
    assert not view.complete.isVisible()
    assert "hanya usulan" in view.banner.accessibleName()
    assert view.tabs.current == "proposals"
    assert view.apply.text() == "Catat kiriman ini", "nothing is ticked for anybody"


def test_an_import_is_undone_from_the_list(
    kec: Posko, kab: Posko, desk: Desk, opened: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    file_report(kec, new_report())
    desk.take(kab, desk.send(kec, "62.10"))
    made = opened(kab)
    page = made.show()
    table = page.received.table
    (row,) = table.rows.rows
    undo = table.rows.columns[-1]
    assert undo.text(row) == "Urungkan"  # type: ignore[arg-type]
    asked: list[str] = []

    def stay(_parent: object, question: str, *_: object, **__: object) -> bool:
        asked.append(question)
        return len(asked) > 1

    monkeypatch.setattr(dialogs, "confirm", stay)
    table.link.emit(row, "undo")
    made.rest()
    assert state(kab) != {}
    table.link.emit(row, "undo")
    made.rest()
    assert asked[0] == "Urungkan kiriman 1 dari Panwaslu Kecamatan Kurun?"
    assert state(kab) == {}
    page.reload()
    (row,) = table.rows.rows
    assert table.rows.index(0, 3).data() == "Diurungkan"
    assert undo.text(row) == ""  # type: ignore[arg-type]
    assert ledger(kab).received[0].undone_at is not None
    assert made.problems == []
