"""Surat: the book, the frozen PDF with Enter, a letter without a case, roles that may not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from posko_app.app import Posko, open_office
from posko_app.cases.intake import file_report
from posko_app.letters.issue import issue, reprint
from posko_app.office.accounts import add_account
from tests.factory import new_report
from ui import documents, theme
from ui.context import Context
from ui.pages.letters import LettersPage

Visits = list[tuple[str, dict[str, Any]]]
Opened = Callable[[Posko], tuple[LettersPage, Visits]]


@pytest.fixture
def opened(qapp: QApplication, qtbot: QtBot) -> Iterator[Opened]:
    """Show the page over an office."""
    theme.apply(qapp)
    contexts: list[Context] = []

    def show(posko: Posko) -> tuple[LettersPage, Visits]:
        context = Context(posko)
        contexts.append(context)
        visits: Visits = []
        context.page_wanted.connect(lambda name, arguments: visits.append((name, arguments)))
        page = LettersPage(context)
        qtbot.addWidget(page)
        page.resize(1182, 638)
        page.show()
        page.take_focus()
        return page, visits

    yield show
    for context in contexts:
        context.tasks.close()


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files handed to the system's viewer."""
    paths: list[Path] = []
    monkeypatch.setattr(documents, "show", lambda path: paths.append(path) or True)
    return paths


def test_enter_opens_the_frozen_pdf_and_the_link_its_case(
    posko: Posko, opened: Opened, shown: list[Path], qtbot: QtBot
) -> None:
    case = file_report(posko, new_report())
    letter = issue(posko, case.uid, "tanda-bukti")
    page, visits = opened(posko)
    assert page.count.text() == "1 surat"
    page.table.choose_first()
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    assert [path.read_bytes() for path in shown] == [reprint(posko, letter.uid)]
    assert "/" not in shown[0].name
    cell = page.table.visualRect(page.table.rows.index(0, 4)).center()
    qtbot.mouseClick(page.table.viewport(), Qt.MouseButton.LeftButton, pos=cell)
    assert visits == [("case", {"uid": case.uid, "tab": "letters"})]


def test_typing_filters_by_every_word_that_is_shown(
    posko: Posko, opened: Opened, qtbot: QtBot
) -> None:
    case = file_report(posko, new_report())
    issue(posko, case.uid, "tanda-bukti")
    issue(posko, "", "imbauan", values={"letter.addressee": "Camat Kurun"})
    page, _ = opened(posko)
    page.focus_filter()
    for typed, title in (("CAMAT", "Surat imbauan"), ("stiker", "Tanda Bukti Penyampaian Laporan")):
        page.search.clear()
        qtbot.keyClicks(page.search, typed)
        assert page.count.text() == "1 dari 2 surat"
        assert page.table.rows.index(0, 2).data() == title


def test_an_appeal_is_written_without_a_case(
    posko: Posko, opened: Opened, shown: list[Path], qtbot: QtBot
) -> None:
    page, _ = opened(posko)
    assert page.empty.isVisible()
    page.new_row()
    sheet = page.sheet
    assert sheet is not None
    assert sheet.form.raw()["letter.subject"] == "Imbauan menjaga netralitas"
    assert sheet.form.raw()["appeals"].startswith("Menjaga netralitas")
    sheet.issue_letter()
    assert {p.field for p in sheet.group.check()} == {"letter.addressee"}
    sheet.form.set_values({"letter.addressee": "Camat Kurun", "signer.name": "Contoh Ketua"})
    sheet.show_draft()
    qtbot.waitUntil(lambda: len(shown) == 1)
    assert "Nomor usulan: 001/PM.00.02/" in sheet._remark.text()
    assert page.table.rows.rowCount() == 0, "a draft takes no number"
    sheet.issue_letter()
    qtbot.waitUntil(lambda: len(shown) == 2)
    assert page.table.rows.rowCount() == 1
    assert page.table.rows.index(0, 0).data() == "001/PM.00.02/K.KH-05/10/2024"
    assert page.table.isVisible()
    assert page.sheet is None


def test_a_letter_that_esc_came_too_late_for_is_told(
    posko: Posko, opened: Opened, shown: list[Path], qtbot: QtBot
) -> None:
    page, _ = opened(posko)
    page.new_row()
    sheet = page.sheet
    assert sheet is not None
    sheet.form.set_values({"letter.addressee": "Camat Kurun", "signer.name": "Contoh Ketua"})
    sheet.issue_letter()
    sheet.reject()
    assert sheet.busy
    assert sheet.isVisible(), "it waits for what becomes of the letter"
    qtbot.waitUntil(lambda: not sheet.busy)
    assert bool(shown) == (page.table.rows.rowCount() == 1)


def test_a_letter_left_before_it_began_takes_no_number(
    posko: Posko, opened: Opened, qtbot: QtBot
) -> None:
    page, _ = opened(posko)
    page.new_row()
    sheet = page.sheet
    assert sheet is not None
    begun, go_on = Event(), Event()

    def busy(_posko: Posko, *, progress: object) -> None:
        begun.set()
        go_on.wait(10)

    page.context.start(busy)
    assert begun.wait(10)
    sheet.form.set_values({"letter.addressee": "Camat Kurun", "signer.name": "Contoh Ketua"})
    sheet.issue_letter()
    sheet.reject()
    with qtbot.waitSignal(sheet.finished):
        go_on.set()
    assert page.table.rows.rowCount() == 0
    assert page.sheet is None


def test_a_role_without_letters_is_told_so(office: Callable[..., Posko], opened: Opened) -> None:
    admin = office()
    add_account(admin, login="kirim", name="Contoh", role="exchanger", password="kata lain")
    admin.close()
    posko = open_office(admin.folder.root, "kirim", "kata lain", clock=admin.clock)
    try:
        page, _ = opened(posko)
        assert page.empty.title.text() == "Surat tidak terbuka untuk peran ini"
        assert not page.make.isVisible()
        page.new_row()
        assert page.sheet is None
    finally:
        posko.close()


def test_filter_and_place_come_back(posko: Posko, opened: Opened) -> None:
    first = issue(posko, "", "imbauan", values={"letter.addressee": "Camat Kurun"})
    issue(posko, "", "imbauan", values={"letter.addressee": "Camat Sepang"})
    page, _ = opened(posko)
    page.search.setText("camat")
    page.table.choose(first.uid)
    state = page.state()
    page.search.clear()
    page.table.choose_first()
    page.restore(state)
    row = page.table.row()
    assert row is not None
    assert (row.uid, page.search.text()) == (first.uid, "camat")
