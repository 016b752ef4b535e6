"""Aturan: reading rules, changing one after the drill, holidays, counting, files, by keyboard."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from posko_app.app import Posko, open_office
from posko_app.cases.intake import file_report
from posko_app.office.accounts import add_account
from posko_app.office.holidays import holidays
from posko_app.office.rule_file import rule_files, write_rule_file
from posko_app.office.rules import decisions
from posko_app.office.settings import change_office
from tests.answers import Answers
from tests.factory import PASSWORD, new_report
from ui import dialogs, documents, theme
from ui.context import Context
from ui.pages.rules import RulesPage
from ui.pages.rules.changing import DrillSheet

PASAL = "Pasal 15, dibaca di kantor"


@pytest.fixture
def opened(qapp: QApplication, qtbot: QtBot) -> Iterator[Callable[..., RulesPage]]:
    """Show the page over an office."""
    theme.apply(qapp)
    contexts: list[Context] = []

    def show(posko: Posko, tab: str = "rules") -> RulesPage:
        context = Context(posko)
        contexts.append(context)
        page = RulesPage(context)
        qtbot.addWidget(page)
        page.open(tab=tab)
        page.resize(1182, 638)
        page.show()
        page.take_focus()
        return page

    yield show
    for context in contexts:
        context.tasks.close()


def drilled(page: RulesPage, qtbot: QtBot) -> DrillSheet:
    """The sheet that shows what would move."""
    qtbot.waitUntil(lambda: page.changing.sheet is not None, timeout=10_000)
    assert page.changing.sheet is not None
    return page.changing.sheet


def applied(page: RulesPage, qtbot: QtBot) -> None:
    """Apply it and wait."""
    sheet = drilled(page, qtbot)
    with qtbot.waitSignal(page.context.saved, timeout=10_000):
        sheet.yes.click()


def test_every_rule_stands_there_with_its_source(
    posko: Posko, opened: Callable[..., RulesPage]
) -> None:
    page = opened(posko)
    law = posko.rules.get("pilkada-2024")
    keys = [row.key for row in page.rules._rows]
    tables = {"deadline": law.deadlines, "form": law.forms, "addressee": law.addressees}
    for table, facts in tables.items():
        assert {f"{table}.{key}" for key in facts} <= set(keys)
    assert all(row.source for row in page.rules._rows)
    assert law.title in page.head.subtitle.text()
    page.rules.search.setText("kajian awal")
    shown = [r for r in page.rules.table.rows.rows if hasattr(r, "key")]
    assert "deadline.initial_review" in [r.key for r in shown]
    assert len(shown) < len(keys)
    page.rules.search.clear()
    page.rules.doubtful.click()
    assert all(not r.sure for r in page.rules.table.rows.rows if hasattr(r, "sure"))


def test_a_value_changes_after_its_drill(
    posko: Posko, opened: Callable[..., RulesPage], qtbot: QtBot
) -> None:
    uid = file_report(posko, new_report()).uid
    page = opened(posko)
    page.rules.table.choose("deadline.initial_review")
    Answers(value="4", source=PASAL, reason="Surat edaran")
    page.rules.ask_field("amount")
    sheet = drilled(page, qtbot)
    moved = sheet.table.rows.rows
    assert [(m.case_uid, m.old_on, m.new_on) for m in moved] == [
        (uid, date(2024, 10, 17), date(2024, 10, 19))
    ]
    assert "1 batas di 1 dari 1 perkara terbuka bergeser" in sheet.said.text()
    assert decisions(posko) == ()
    applied(page, qtbot)
    row = page.rules.table.row()
    assert row is not None
    assert (row.key, row.own, row.value.split()[0]) == ("deadline.initial_review", True, "4")
    page.tabs.choose("history")
    assert page.history.table.row() is not None
    Answers(reason="Keliru")
    page.primary()
    applied(page, qtbot)
    assert posko.rules.get("pilkada-2024").deadlines["initial_review"].amount == 2
    assert not page.history.undo.isEnabled()


def test_leaving_the_drill_changes_nothing(
    posko: Posko, opened: Callable[..., RulesPage], qtbot: QtBot
) -> None:
    page = opened(posko)
    page.rules.table.choose("deadline.initial_review")
    Answers(value="same", source=PASAL, reason="Coba")
    page.rules.ask_field("first_day")
    sheet = drilled(page, qtbot)
    assert "Tidak ada batas yang bergeser" in sheet.said.text()
    sheet.no.click()
    qtbot.waitUntil(lambda: page.changing.sheet is None)
    assert decisions(posko) == ()


def test_a_wrong_value_is_said_at_its_field(posko: Posko, opened: Callable[..., RulesPage]) -> None:
    page = opened(posko)
    page.rules.table.choose("deadline.initial_review")
    asked = Answers(value="dua", source=PASAL, reason="Coba")
    page.rules.ask_field("amount")
    assert "angka bulat" in asked.problems["value"]
    empty = Answers(value="3")
    page.rules.ask_field("amount")
    assert set(empty.problems) == {"source", "reason"}


def test_a_reading_is_confirmed_by_keyboard(
    posko: Posko, opened: Callable[..., RulesPage], qtbot: QtBot
) -> None:
    page = opened(posko)
    page.rules.table.choose("deadline.initial_review")
    Answers(reading="-", source=PASAL, reason="Dipastikan")
    qtbot.keyClick(page.rules.table, Qt.Key.Key_B)
    applied(page, qtbot)
    rule = posko.rules.get("pilkada-2024").deadlines["initial_review"]
    assert rule.readings == ()
    assert not page.rules.confirm.isEnabled()


def test_enter_offers_the_fields(posko: Posko, opened: Callable[..., RulesPage]) -> None:
    page = opened(posko)
    page.rules.table.choose("stage_date.campaign")
    page.rules.table.opened.emit(page.rules.table.row())
    menu = page.rules.findChild(QMenu)
    assert [a.text() for a in menu.actions()][:2] == [
        "Mulai: 25 September 2024", "Berakhir: 23 November 2024",
    ]  # fmt: skip
    menu.close()


def test_holidays_are_added_moved_and_worked(
    posko: Posko, opened: Callable[..., RulesPage], qtbot: QtBot
) -> None:
    change_office(posko, regulation="pemilu-2022", election_kind="PL")
    file_report(posko, new_report())
    page = opened(posko, "days")
    Answers(on=date(2024, 10, 16), name="Hari jadi kabupaten", kind="local", reason="SK Bupati")
    page.new_row()
    assert "menjadi lebih cepat" not in drilled(page, qtbot).said.text()
    assert [m.new_on for m in drilled(page, qtbot).table.rows.rows] == [date(2024, 10, 18)]
    applied(page, qtbot)
    own = [row for row in holidays(posko, 2024) if row.own]
    assert [(row.on, row.name) for row in own] == [(date(2024, 10, 16), "Hari jadi kabupaten")]
    page.days.table.choose((date(2024, 10, 16), "Hari jadi kabupaten"))
    Answers(on=date(2024, 10, 17), reason="Digeser")
    qtbot.keyClick(page.days.table, Qt.Key.Key_P)
    applied(page, qtbot)
    page.days.table.choose((date(2024, 10, 17), "Hari jadi kabupaten"))
    Answers(reason="Batal")
    qtbot.keyClick(page.days.table, Qt.Key.Key_Delete)
    applied(page, qtbot)
    assert not [row for row in holidays(posko, 2024) if row.own]
    page.days.after.click()
    assert page.days.shown.text() == "2025"


def test_a_date_is_counted_and_printed(
    posko: Posko, opened: Callable[..., RulesPage], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[Path] = []
    monkeypatch.setattr(documents, "show", lambda path: shown.append(path) or True)
    page = opened(posko, "count")
    form = page.count.form
    form.set_values({"rule": "handling_base", "on": date(2024, 10, 12)})
    form.boxes["on"].editor.edited.emit()
    assert page.count.limit.text() == "Batas Selasa, 15 Oktober 2024 pukul 23.59 WIB"
    assert [d.counted for d in page.count.table.rows.rows] == [False, True, True, True]
    page.print_page()
    qtbot.waitUntil(lambda: bool(shown), timeout=10_000)
    assert shown[0].name == "Cara_hitung_handling_base_20241012.pdf"
    assert shown[0].read_bytes().startswith(b"%PDF")
    form.set_values({"on": None})
    form.boxes["on"].editor.edited.emit()
    assert not page.count.print_button.isEnabled()


def test_a_regulation_file_is_compared_then_taken_in(
    office: Callable[..., Posko], opened: Callable[..., RulesPage], qtbot: QtBot, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    above, below = office("kabupaten"), office("kecamatan")
    path = write_rule_file(above, "pilkada-2024", tmp_path, valid_from=date(2024, 10, 15),
                           reason="SE 3/2024", title="Pilkada 2024 menurut SE 3")  # fmt: skip
    monkeypatch.setattr(dialogs, "open_files", lambda *_: [path])
    page = opened(below, "files")
    assert page.files.empty.isVisible()
    page.primary()
    sheet = page.files.sheet
    assert sheet is not None
    assert sheet.yes.text() == "Enam kata cocok, lanjutkan"
    assert [d.name for d in sheet.table.rows.rows] == ["Judul"]
    sheet.yes.click()
    applied(page, qtbot)
    assert [row.title for row in rule_files(below)] == ["Pilkada 2024 menurut SE 3"]
    assert page.files.table.isVisible()
    Answers(reason="Ditarik")
    qtbot.keyClick(page.files.table, Qt.Key.Key_Delete)
    applied(page, qtbot)
    assert [row.retired for row in rule_files(below)] == [True, False]


def test_files_are_made_and_regulations_copied(
    posko: Posko, opened: Callable[..., RulesPage], qtbot: QtBot, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(dialogs, "choose_folder", lambda *_: tmp_path)
    page = opened(posko, "files")
    Answers(reason="SE 4/2024")
    page.new_row()
    assert [p.name for p in tmp_path.glob("*.posko-aturan")] == [
        "Aturan_pilkada-2024_v1_62.10.posko-aturan"
    ]
    Answers(new_id="pilkada-2031", title="Pilkada 2031", since=date(2030, 1, 1), reason="Disiapkan")
    page.files.copy_law()
    applied(page, qtbot)
    assert "pilkada-2031" in posko.rules.regulations


def test_others_read_only(office: Callable[..., Posko], opened: Callable[..., RulesPage]) -> None:
    admin = office()
    add_account(admin, login="baru", name="Contoh Baru", role="receiver", password=PASSWORD)
    admin.close()
    posko = open_office(admin.folder.root, "baru", PASSWORD, clock=admin.clock)
    try:
        page = opened(posko)
        buttons: list[QWidget] = [page.rules.change, page.rules.confirm]
        for tab in ("days", "files", "history"):
            page.tabs.choose(tab)
        buttons += [page.days.add, page.days.remove, page.files.take, page.files.make]
        buttons += [page.history.undo]
        assert not any(button.isEnabled() for button in buttons)
        assert all(button.toolTip() for button in buttons)
        page.new_row()
        assert QApplication.activeModalWidget() is None
    finally:
        posko.close()


def test_the_tab_is_remembered_and_a_rule_can_be_named(
    posko: Posko, opened: Callable[..., RulesPage]
) -> None:
    page = opened(posko)
    page.open(rule="status_notice")
    row = page.rules.table.row()
    assert row is not None
    assert row.key == "deadline.status_notice"
    page.tabs.choose("days")
    state = page.state()
    page.tabs.choose("rules")
    page.restore(state)
    assert page.days.isVisible()
    assert page.help_text()
