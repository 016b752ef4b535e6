"""Pencegahan, Kegiatan: a line by keyboard, mistakes, plans, filters, letters, files, undo."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from posko_app.app import Posko, open_office
from posko_app.cases.outreach import files_of, recipients
from posko_app.cases.pledge import invite, plan_pledge, pledge_defaults, pledges
from posko_app.cases.prevention import (
    NewActivity,
    activities,
    activity_months,
    change_activity,
    finish_activity,
    log_activity,
)
from posko_app.cases.prevention_plan import month_plan, set_targets
from posko_app.cases.roster import RosterRow
from posko_app.errors import InvalidInput
from posko_app.letters.book import letter_book
from posko_app.office.accounts import add_account
from tests.answers import Answers
from tests.factory import TODAY
from tests.prevention_desk import Opened, opened, values_of
from ui import dialogs, documents
from ui.letter_sheet import LetterSheet
from ui.pages.prevention.receipts import ReceiptsSheet

__all__ = ["opened"]
ENTER = Qt.Key.Key_Return


def log(posko: Posko, **changes: Any) -> str:
    values: dict[str, Any] = {"item": "outreach", "on": TODAY, "title": "Sosialisasi guru"}
    return log_activity(posko, NewActivity(**{**values, **changes}))


def test_an_activity_is_logged_by_keyboard_and_the_next_begins(
    posko: Posko, opened: Opened, qtbot: QtBot
) -> None:
    desk = opened(posko)
    view = desk.page.activities
    assert view.entry.form.boxes["item"].has_keyboard(), "the date is today already"
    for typed in ("spanduk", "Spanduk tolak politik uang", "Pasar Kurun", "1250"):
        qtbot.keyClicks(desk.page.focusWidget(), typed)
        qtbot.keyClick(desk.focus(), ENTER)
    (row,) = activities(posko)
    assert values_of(row, "item", "kind", "on", "title", "place", "participants", "done") == (
        "banner", "publication", TODAY, "Spanduk tolak politik uang", "Pasar Kurun", 1250, True,
    )  # fmt: skip
    assert view.table.rows.rowCount() == 1
    assert view.count.text() == "1 kegiatan"
    raw = view.entry.form.raw()
    assert (raw["on"], raw["item"], raw["title"]) == ("15-10-2024", "Spanduk", "")
    assert view.entry.form.boxes["item"].has_keyboard()
    assert view.table.row() == row, "the new line is the chosen one"


def test_mistakes_are_said_at_their_fields_and_nothing_is_logged(
    posko: Posko, opened: Opened
) -> None:
    desk = opened(posko)
    entry = desk.page.activities.entry
    entry.form.set_raw({"item": "", "title": " ", "participants": "banyak"})
    desk.page.activities.entry.save()
    assert {p.field: p.message for p in entry.form.problems()} == {
        "item": "Pilih jenis kegiatan.",
        "title": "Isi nama kegiatan.",
        "participants": "Tulis angka saja, misalnya 40.",
    }
    entry.form.set_raw({"item": "Spanduk", "title": "Spanduk", "participants": "", "on": "31-2"})
    entry.save()
    assert {p.field for p in entry.form.problems()} == {"on"}
    assert entry.form.raw()["title"] == "Spanduk"
    assert activities(posko) == ()


def test_a_day_ahead_is_a_plan_that_is_finished_once_it_came(
    posko: Posko, opened: Opened, qtbot: QtBot
) -> None:
    log(posko, title="Rapat hari ini", item="coordination", done=False)
    desk = opened(posko)
    view = desk.page.activities
    view.entry.form.set_raw({"item": "Spanduk", "title": "Spanduk", "on": "17-10-2024"})
    desk.page.primary()
    plan, today = activities(posko)
    assert (plan.on, plan.done) == (date(2024, 10, 17), False)
    assert view.card.finish.isHidden(), "it lies ahead"
    assert view.table.choose(today.uid)
    assert not view.card.finish.isHidden()
    view.table.setFocus()
    qtbot.keyClicks(view.table, "l")
    assert activities(posko, uid=today.uid)[0].done
    assert activities(posko, uid=today.uid)[0].kind == "cooperation"


def test_to_finish_a_plan_and_to_plan_one_item_leave_all_else_as_it_stands(
    posko: Posko, opened: Opened
) -> None:
    uid = log(posko, title="Rapat", place="Aula", done=False)
    desk = opened(posko)
    table, acts = desk.page.activities.table, desk.page.activities.acts
    tell = posko.store.listeners.pop()  # another program changes it, the list has not heard
    change_activity(
        posko, uid, NewActivity(on=TODAY, item="outreach", title="Rapat", place="Balai", done=False)
    )
    posko.store.listeners.append(tell)
    assert table.choose(uid)
    acts.finish()
    (row,) = activities(posko)
    assert (row.place, row.done) == ("Balai", True)
    QTimer.singleShot(0, lambda: set_targets(posko, TODAY, {"banner": 3}))
    Answers(outreach="4")
    acts.change_plan("2024-10")
    targets = {line.item: line.target for line in month_plan(posko, TODAY)}
    assert targets == {"banner": 3, "outreach": 4}
    ahead = log(posko, title="Besok", on=date(2024, 10, 16), done=False)
    with pytest.raises(InvalidInput):
        finish_activity(posko, ahead)


def test_ins_and_ctrl_enter_begin_a_line_while_none_is_typed(posko: Posko, opened: Opened) -> None:
    log(posko)
    desk = opened(posko)
    view = desk.page.activities
    for begin in (desk.page.new_row, desk.page.primary, view.add.click):
        view.table.setFocus()
        begin()
        assert view.entry.form.boxes["item"].has_keyboard()
    assert len(activities(posko)) == 1


def test_the_list_filters_by_word_kind_and_month_and_follows(posko: Posko, opened: Opened) -> None:
    log(posko, title="Sosialisasi guru", place="Aula")
    log(posko, title="Spanduk", item="banner", target="Warga", on=date(2024, 10, 1))
    log(posko, title="Pemetaan desa", item="vulnerability_map", on=date(2024, 9, 3))
    desk = opened(posko)
    view = desk.page.activities
    assert view.count.text() == "2 kegiatan", "this month"
    assert activity_months(posko) == ("2024-10", "2024-09")
    view.search.setText("warga")
    assert view.count.text() == "1 dari 2 kegiatan"
    assert view.table.rows.index(0, 2).data() == "Spanduk"
    view.search.clear()
    chip = next(chip for chip in view.chips if chip.text() == "Sosialisasi 1")
    chip.click()
    assert view.table.rows.index(0, 2).data() == "Sosialisasi guru"
    state = desk.page.state()
    view.month.set_code("")
    view.month.chosen.emit("")
    view.chips[0].click()
    assert view.table.rows.rowCount() == 3
    log(posko, title="Nota kesepahaman", item="agreement")
    assert view.table.rows.rowCount() == 4
    desk.page.restore(state)
    assert view.table.rows.rowCount() == 1


def test_every_form_of_prevention_can_be_logged_in_the_row(posko: Posko, opened: Opened) -> None:
    desk = opened(posko)
    view = desk.page.activities
    for code, label in posko.vocabulary.items("prevention_item"):
        view.entry.form.set_raw({"item": label, "title": f"Contoh {code}"})
        view.entry.save()
    kinds = {row.kind for row in activities(posko)}
    assert kinds == set(posko.vocabulary.codes("prevention_kind"))
    log(posko, item="", kind="participation", title="Tanpa jenis")
    assert view.count.text() == f"{len(posko.vocabulary.codes('prevention_item')) + 1} kegiatan"


def test_all_of_an_activity_is_changed_in_its_dialog(posko: Posko, opened: Opened) -> None:
    uid = log(posko, participants=64, region_code="62.10.02")
    desk = opened(posko)
    wrong = Answers(quantity="banyak")
    desk.page.activities.acts.edit()
    assert set(wrong.problems) == {"quantity"}
    Answers(title="Netralitas untuk guru", quantity="40", subject="ASN")
    desk.page.activities.acts.edit()
    (row,) = activities(posko, uid=uid)
    assert values_of(row, "title", "quantity", "participants", "region_name", "subject") == (
        "Netralitas untuk guru", 40, 64, "Kurun", "ASN",
    )  # fmt: skip


def test_what_is_taken_back_comes_back_with_undo(
    posko: Posko, opened: Opened, qtbot: QtBot
) -> None:
    log(posko)
    desk = opened(posko)
    table = desk.page.activities.table
    table.setFocus()
    qtbot.keyClick(table, Qt.Key.Key_Delete)
    assert (activities(posko), desk.said) == ((), ["Sosialisasi guru dibatalkan"])
    desk.undo[0]()
    assert len(activities(posko)) == 1
    assert table.rows.rowCount() == 1


def test_the_month_is_planned_and_the_bars_follow(posko: Posko, opened: Opened) -> None:
    log(posko)
    desk = opened(posko)
    wrong = Answers(outreach="-1")
    desk.page.activities.acts.change_plan("2024-10")
    assert set(wrong.problems) == {"outreach"}
    Answers(outreach="4", pledge="2")
    desk.page.activities.acts.change_plan("2024-10")
    assert [(line.item, line.done, line.planned) for line in month_plan(posko, TODAY)] == [
        ("outreach", 1, 4), ("pledge", 0, 2),
    ]  # fmt: skip


def test_photos_and_the_attendance_list_of_an_outreach_are_kept_once(
    posko: Posko, opened: Opened, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    uid = log(posko, participants=64, region_code="62.10.02")
    paths = [tmp_path / "daftar hadir.pdf", tmp_path / "foto.jpg"]
    for path in paths:
        path.write_bytes(b"%PDF- " + path.name.encode())
    monkeypatch.setattr(dialogs, "open_files", lambda *_a, **_k: paths)
    opened_paths: list[Path] = []

    def shown(path: Path) -> bool:
        opened_paths.append(path)
        return True

    monkeypatch.setattr(documents, "show", shown)
    desk = opened(posko)
    acts = desk.page.activities.acts
    acts.add_files()
    qtbot.waitUntil(lambda: len(files_of(posko, uid)) == 2 and not desk.context.tasks.busy)
    acts.add_files()
    qtbot.waitUntil(lambda: bool(desk.said))
    assert desk.said == ["Berkas ini sudah ada pada kegiatan, tidak ditambah lagi."]
    first, second = files_of(posko, uid)
    acts.open_file(first)
    qtbot.waitUntil(lambda: bool(opened_paths))
    assert opened_paths[0].read_bytes() == paths[0].read_bytes()
    acts.remove_file(second)
    assert [file.uid for file in files_of(posko, uid)] == [first.uid]
    desk.undo[-1]()
    assert len(files_of(posko, uid)) == 2


def test_a_letter_of_advice_goes_to_its_addressees_and_receipts_are_noted(
    posko: Posko, opened: Opened, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    uid = log(posko, item="advisory_letter", title="Imbauan kepala OPD", subject="Netralitas ASN")
    monkeypatch.setattr(documents, "show", lambda _path: True)
    desk = opened(posko)
    acts = desk.page.activities.acts
    acts.show_receipts()
    sheet = desk.sheet()
    assert isinstance(sheet, ReceiptsSheet)
    Answers(names="Kepala Dinas A; Dinas A\nKepala Dinas B\tDinas B\n\nKepala Dinas A; Dinas A")
    sheet.add_some()
    assert [one.name for one in recipients(posko, uid)] == ["Kepala Dinas A", "Kepala Dinas B"]
    sheet.table.choose_first()
    wrong = Answers(on=date(2024, 10, 16))
    sheet.note()
    assert wrong.problems == {"on": "Tanggal tanda terima setelah hari ini."}
    Answers(on=TODAY, received_by="Sekretariat")
    sheet.note()
    assert sheet.count.text() == "2 penerima, 1 sudah menerima, 1 belum"
    sheet.remove()
    assert (len(recipients(posko, uid)), desk.undo) == (1, []), "a message would lie behind it"
    assert sheet.undo.isVisible()
    sheet.undo.click()
    assert (len(recipients(posko, uid)), sheet.undo.isVisible()) == (2, False)
    sheet.reject()
    acts.make_letter()
    letter = desk.sheet()
    assert isinstance(letter, LetterSheet)
    values = letter.form.values()
    assert "Kepala Dinas B" in values["letter.addressee"]
    assert values["letter.subject"] == "Netralitas ASN"
    letter.form.set_values({"signer.name": "Contoh Ketua", "signer.role": "Ketua"})
    letter.issue_letter()
    card = desk.page.activities.card
    qtbot.waitUntil(lambda: card.letter.text() == "Buat surat lanjutan")
    assert activities(posko, uid=uid)[0].letter_uid == letter_book(posko)[0].uid


def test_a_letter_made_first_is_logged_with_its_subject(
    posko: Posko, opened: Opened, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "show", lambda _path: True)
    desk = opened(posko)
    desk.page.activities.letter.click()
    letter = desk.sheet()
    assert isinstance(letter, LetterSheet)
    letter.form.set_values(
        {"letter.addressee": "Bupati Contoh", "letter.subject": "Netralitas ASN",
         "signer.name": "Contoh Ketua", "signer.role": "Ketua"}
    )  # fmt: skip
    letter.issue_letter()
    qtbot.waitUntil(lambda: bool(activities(posko)))
    (row,) = activities(posko)
    assert values_of(row, "item", "target", "subject") == (
        "advisory_letter", "Bupati Contoh", "Netralitas ASN",
    )  # fmt: skip
    assert row.letter_uid == letter_book(posko)[0].uid


def test_a_logged_pledge_leads_to_its_roster(posko: Posko, opened: Opened) -> None:
    log(posko, item="pledge", title="Ikrar lurah")
    desk = opened(posko)
    desk.page.activities.card.pledge.click()
    assert desk.page.tabs.current == "pledges"
    (row,) = pledges(posko)
    assert desk.page.pledges.wanted == row.uid


@pytest.mark.parametrize(
    ("tab", "heading", "rows"), [("activities", "Kegiatan", 2), ("pledges", "Jabatan", 2),
                                 ("spread", "Desa", 127)]
)  # fmt: skip
def test_what_is_shown_is_exported(
    posko: Posko, opened: Opened, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    tab: str, heading: str, rows: int,
) -> None:  # fmt: skip
    log(posko)
    log(posko, on=date(2024, 9, 3), title="Bulan lalu")
    pledge = plan_pledge(posko, pledge_defaults(posko))
    invite(posko, pledge, [RosterRow(name=f"Contoh {n}", position_title="Camat") for n in (1, 2)])
    target = tmp_path / "daftar.xlsx"
    monkeypatch.setattr(dialogs, "save_file", lambda *_a, **_k: target)
    desk = opened(posko, tab)
    desk.page.export()
    qtbot.waitUntil(lambda: bool(desk.said))
    sheet = openpyxl.load_workbook(target)["Daftar"]
    found = [row for row in sheet.iter_rows(values_only=True) if any(row)]
    head = next(n for n, row in enumerate(found) if heading in row)
    assert len(found) - head - 1 == rows


def test_a_list_is_printed(
    posko: Posko, opened: Opened, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    log(posko)
    printed: list[str] = []

    def show(path: Path) -> bool:
        printed.append(path.name)
        return True

    monkeypatch.setattr(documents, "show", show)
    desk = opened(posko)
    desk.page.print_page()
    qtbot.waitUntil(lambda: bool(printed))
    assert printed == ["Kegiatan pencegahan.pdf"]


def test_the_menu_of_a_row_offers_what_fits(posko: Posko, opened: Opened) -> None:
    log(posko, item="advisory_letter", done=False)
    desk = opened(posko)
    view = desk.page.activities
    row = view.table.row()
    assert row is not None
    view.table.menu_wanted.emit(row, QPoint(0, 0))
    menu = view.table.findChild(QMenu)
    assert menu is not None
    said = [action.text().split("\t")[0] for action in menu.actions() if action.text()]
    assert said == [
        "Ubah…", "Buat surat…", "Tambah berkas…", "Tandai terlaksana", "Daftar penerima…",
        "Salin baris untuk Excel", "Batalkan kegiatan",
    ]  # fmt: skip
    menu.close()


def test_others_only_read(office: Callable[..., Posko], opened: Opened) -> None:
    admin = office()
    log(admin)
    add_account(admin, login="kirim", name="Contoh", role="exchanger", password="kata lain")
    admin.close()
    posko = open_office(admin.folder.root, "kirim", "kata lain", clock=admin.clock)
    try:
        desk = opened(posko)
        view = desk.page.activities
        assert view.table.rows.rowCount() == 1
        assert not view.entry.isVisible()
        assert not view.add.isVisible()
        desk.page.primary()
        view.entry.save()
        view.acts.void()
        assert len(activities(posko)) == 1
        desk.close()
    finally:
        posko.close()
