"""One morning in two offices, all of it by keyboard in the real window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from posko_app.office.setup import create_office
from tests.conftest import OFFICES
from tests.factory import PASSWORD, REPORTER, TODAY
from ui import dialogs, documents, theme
from ui.page import Page
from ui.pages.case import CasePage
from ui.pages.cases import CasesPage
from ui.pages.exchange import ExchangePage
from ui.pages.exchange.trust_sheet import FirstSheet
from ui.pages.home import HomePage
from ui.pages.new_report import NewReportPage
from ui.pages.sign_in import SignInPage
from ui.shell import Shell
from ui.window import Window

ENTER = Qt.Key.Key_Return
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
PLAIN = Qt.KeyboardModifier.NoModifier
TITLE = "Guru membagikan stiker pasangan calon"
ANSWERS = (  # what is typed into each field, in the order that Enter goes
    ("reporter.nik", REPORTER.nik),
    ("reporter.name", REPORTER.name),
    ("reporter.phone", "081255550176"),
    ("reporter.birth_place", "Kurun"),
    ("reporter.occupation", "Pedagang"),
    ("reporter.citizenship", ""),
    ("reporter.address", REPORTER.address),
    ("reporter.email", ""),
    ("reporter_capacity", "pemilih"),
    ("by_proxy", ""),
    ("reported.0.nip", "19860412 201001 1 012"),
    ("reported.0.name", "Contoh Terlapor, S.Pd."),
    ("reported.0.category", ""),
    ("reported.0.position_title", "Guru"),
    ("reported.0.agency", "SDN 3 Contoh"),
    ("reported.0.rank", "III/c"),
    ("reported.0.address", ""),
    ("reported.0.phone", ""),
    ("title", TITLE),
    ("event_on", "13"),
    ("event_time", "930"),
    ("known_on", "kemarin"),
    ("theme", "netralitas asn"),
    ("event_place", "SDN 3 Contoh"),
    ("region_code", ""),
    ("narrative", "Terlapor membagikan stiker kepada orang tua murid."),
    ("witnesses.0.name", ""),
    ("witnesses.0.address", ""),
    ("witnesses.0.phone", ""),
    ("evidence.0.description", "Foto stiker"),
    ("evidence.0.kind", "foto"),
    ("evidence.0.source", ""),
)

P = TypeVar("P", bound=Page)


class Clerk:
    """A person at the keyboard of one office."""

    def __init__(self, folder: Path, qtbot: QtBot) -> None:
        self.qtbot, self.window = qtbot, Window(folder)
        qtbot.addWidget(self.window)
        self.window.begin()
        self.window.show()
        self.back_to_work()

    @property
    def shell(self) -> Shell:
        assert self.window.shell is not None
        return self.window.shell

    def back_to_work(self) -> None:
        """The screen without a window manager gives no window the keyboard by itself."""
        top = QApplication.activeModalWidget() or self.window
        top.activateWindow()
        self.qtbot.waitUntil(top.isActiveWindow)

    def press(self, key: Qt.Key, held: Qt.KeyboardModifier = PLAIN) -> None:
        top = QApplication.activeModalWidget() or self.window
        if QApplication.activePopupWidget() is None and QApplication.activeWindow() is not top:
            self.back_to_work()
        self.qtbot.keyClick(self.place(), key, held)

    def type(self, text: str, key: Qt.Key = ENTER) -> None:
        """Type letter by letter (a list may come up and go) and press a key."""
        for letter in text:
            self.qtbot.keyClicks(self.place(), letter)
        self.press(key)

    def place(self) -> QWidget:
        """Where the keyboard is: a list that is open gets it first."""
        place = QApplication.activePopupWidget() or QApplication.focusWidget()
        return place or QApplication.activeModalWidget() or self.window

    def until(self, done: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(done()), timeout=8000)

    def rest(self) -> None:
        """Wait for what runs in the background."""
        context = self.window.context
        assert context is not None
        self.until(lambda: not context.tasks.busy)

    def page(self, kind: type[P]) -> P:
        assert isinstance(self.shell.page, kind)
        return self.shell.page

    def sign_in(self) -> None:
        assert isinstance(self.window.stack.currentWidget(), SignInPage)
        self.type(PASSWORD)
        self.until(lambda: self.window.shell is not None)
        self.rest()

    def lock(self) -> None:
        self.press(Qt.Key.Key_L, CTRL)
        assert self.window.shell is None
        assert isinstance(self.window.stack.currentWidget(), SignInPage)

    def reads(self) -> str:
        """Everything that the labels on the screen say."""
        labels = self.window.findChildren(QLabel)
        return "\n".join(label.text() for label in labels if label.isVisible())


def take_in(clerk: Clerk) -> None:
    """A report from the first key to the receipt."""
    clerk.press(Qt.Key.Key_N, CTRL)
    page = clerk.page(NewReportPage)
    clerk.press(Qt.Key.Key_F9)
    for key, text in ANSWERS:
        box = page.work.entry.box(key)
        assert box is not None
        assert box.has_keyboard(), key
        clerk.type(text)
    assert page.work.reading
    clerk.press(Qt.Key.Key_Space)  # the reporter confirms
    clerk.press(ENTER, CTRL)
    clerk.until(lambda: clerk.shell.where()[0] == "case")
    clerk.rest()


def review(clerk: Clerk) -> None:
    """The first step of the case."""
    clerk.press(ENTER, CTRL)
    assert clerk.page(CasePage).sheet is not None
    clerk.press(ENTER)  # today
    clerk.type("syarat terpenuhi")
    clerk.press(ENTER, CTRL)  # every box of the checklist is ticked, no note
    clerk.until(lambda: clerk.page(CasePage).sheet is None)
    words = clerk.page(CasePage).words
    assert words is not None
    assert [step.kind for step in words.view.state.next_steps][:1] == ["registered"]


def print_form(clerk: Clerk) -> None:
    """The report form from the menu of the tab Surat."""
    page = clerk.page(CasePage)
    while page.tabs.current != "letters":
        clerk.press(Qt.Key.Key_PageDown, CTRL)
    actions = {action.data(): action for action in page.letters.menu.actions()}
    actions["laporan"].trigger()
    assert page.letters.sheet is not None
    clerk.press(ENTER, CTRL)
    clerk.until(lambda: page.letters.sheet is None)
    clerk.rest()
    assert [row.template for row in page.letters.table.rows.rows] == ["laporan", "tanda-bukti"]


def send(clerk: Clerk) -> None:
    """Everything new to the office above."""
    clerk.press(Qt.Key.Key_E, CTRL | SHIFT)
    page = clerk.page(ExchangePage)
    clerk.rest()
    assert page.send.form.to_code == "62.10"
    clerk.press(ENTER, CTRL)
    clerk.until(lambda: page.send.result is not None)
    clerk.until(lambda: "Terkirim ke kabupaten: 15 Okt" in clerk.reads())


def compare_words(asked: list[str]) -> None:
    """Say in the dialog that comes up next that the words are the same."""
    sheet = QApplication.activeModalWidget()
    if isinstance(sheet, FirstSheet):
        asked.append(sheet.windowTitle())
        sheet.same.click()
    else:
        QTimer.singleShot(20, partial(compare_words, asked))


def receive(clerk: Clerk) -> None:
    """Preview, compare the six words of a sender who was never heard of, and apply."""
    clerk.press(Qt.Key.Key_I, CTRL)
    page = clerk.page(ExchangePage)
    clerk.until(lambda: page.receive.plan is not None)
    clerk.rest()
    assert page.receive.done is None
    asked: list[str] = []
    compare_words(asked)
    clerk.press(ENTER, CTRL)
    clerk.until(lambda: page.receive.done is not None)
    assert asked == ["Cocokkan kunci Panwaslu Kecamatan Kurun"]
    clerk.rest()


def find_and_open(clerk: Clerk) -> CasePage:
    """On Laporan, and from there its page."""
    clerk.press(Qt.Key.Key_2, CTRL)
    rows = clerk.page(CasesPage).table.rows.rows
    assert [row.title for row in rows] == [TITLE]
    clerk.press(ENTER)
    page = clerk.page(CasePage)
    assert page.header.title.text() == TITLE
    assert REPORTER.name not in clerk.reads()
    return page


def test_a_report_goes_from_the_desk_of_a_kecamatan_to_its_kabupaten(
    tmp_path: Path, qapp: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, shown = tmp_path / "home", []
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / "config"))
    monkeypatch.setattr(documents, "show", lambda path: shown.append(path.name) is None)
    monkeypatch.setattr(dialogs, "open_files", lambda *_: list(home.rglob("Posko_*.xlsx")))
    theme.apply(qapp)
    for level in ("kecamatan", "kabupaten"):
        office = replace(OFFICES[level], practice_on=TODAY)
        create_office(tmp_path / level, office, PASSWORD)

    clerk = Clerk(tmp_path / "kecamatan", qtbot)
    clerk.sign_in()
    take_in(clerk)
    assert shown == ["Tanda bukti 001-PL-PB-Kec-21.05-X-2024.pdf"]
    clerk.press(Qt.Key.Key_1, CTRL)
    home_page = clerk.page(HomePage)
    due = [row for row in home_page.table.rows.rows if hasattr(row, "case")]
    assert [item.case.title for item in due] == [TITLE]
    find_and_open(clerk)
    review(clerk)
    print_form(clerk)
    assert len(shown) == 2
    send(clerk)
    clerk.lock()
    clerk.window.close()

    above = Clerk(tmp_path / "kabupaten", qtbot)
    above.sign_in()
    receive(above)
    page = find_and_open(above)
    assert page.words is not None
    assert page.words.view.facts.number == "001/PL/PB/Kec/21.05/X/2024"
    assert "Kajian awal selesai" in above.reads()
    above.lock()
    above.window.close()
