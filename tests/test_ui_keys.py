"""The keys of the program: one table, no two alike, what the pages make is what F1 tells."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from posko_app.app import Posko
from posko_app.cases.intake import file_report
from tests.factory import new_report
from ui import pages, theme
from ui.actions import ACTIONS, LOCAL_KEYS, PLACES, keys_of, written
from ui.context import Context
from ui.help import help_sheet, keys_by_place
from ui.widgets.text import Text
from ui.widgets.toast import Toast

UI = Path(__file__).parent.parent / "ui"
MAP = {
    "Ctrl+K", "Ctrl+N", "Ctrl+1", "Ctrl+2", "Ctrl+3", "Ctrl+4", "Ctrl+5", "Ctrl+6", "Ctrl+7",
    "Ctrl+I", "Ctrl+B", "Ctrl+Shift+E", "F6", "Shift+F6", "Ctrl+E", "Ctrl+PgUp", "Ctrl+PgDown",
    "Ctrl+P", "Alt+Left", "Ctrl+S", "Alt+PgUp", "Alt+PgDown", "Ctrl+Z", "Ctrl+Y", "Ctrl+Return",
    "F8", "Shift+F8", "/", "Ctrl+F", "Ctrl+L", "Enter", "F4", "Shift+Enter", "Alt+Down",
    "Space", "Ctrl+Shift+T", "F2", "Ins", "Del", "Ctrl+V", "Home", "End", "Ctrl+A",
    "Ctrl+Shift+V", "T", "Ctrl+U", "F1", "F9",
}  # fmt: skip
"""The keyboard map of the design."""


@pytest.fixture
def context(posko: Posko, qapp: QApplication) -> Iterator[Context]:
    theme.apply(qapp)
    made = Context(posko)
    yield made
    made.close()


def test_the_whole_map_is_in_the_table() -> None:
    held = {a.shortcut for a in ACTIONS} | {key.shortcut for key in LOCAL_KEYS}
    assert MAP - held == set()
    assert all(QKeySequence(shortcut).toString() for shortcut in held - {""})


@pytest.mark.parametrize("name", pages.PAGES)
def test_no_key_means_two_things_on_a_page(name: str) -> None:
    everywhere = [QKeySequence(a.shortcut).toString() for a in ACTIONS if a.shortcut]
    own = keys_of(name)
    for place in PLACES:
        here = [QKeySequence(k.shortcut).toString() for k in own if k.place in ("", place)]
        assert len({*everywhere, *here}) == len(everywhere) + len(here), place
    assert {page for key in LOCAL_KEYS for page in key.pages} <= set(pages.PAGES)
    assert len({key.key for key in LOCAL_KEYS}) == len(LOCAL_KEYS)


def test_single_letters_act_only_in_a_list() -> None:
    letters = [key for key in LOCAL_KEYS if len(key.shortcut) == 1]
    assert letters
    assert {key.place for key in letters} == {"table"}
    assert not [a for a in ACTIONS if len(a.shortcut) == 1]


def test_alt_and_a_letter_is_left_to_the_menus() -> None:
    taken = [k.shortcut for k in (*ACTIONS, *LOCAL_KEYS) if k.shortcut.startswith("Alt+")]
    assert not [shortcut for shortcut in taken if shortcut[4:].isalpha() and len(shortcut) == 5]


@pytest.mark.parametrize("name", pages.PAGES)
def test_a_page_makes_exactly_the_keys_that_f1_tells(
    name: str, context: Context, posko: Posko, qtbot: QtBot
) -> None:
    page = pages.page_class(name)(context)
    qtbot.addWidget(page)
    if name == "case":
        page.open(uid=file_report(posko, new_report()).uid)
    made = [shortcut.objectName() for shortcut in page.findChildren(QShortcut)]
    assert sorted(set(made)) == sorted(key.key for key in keys_of(name) if key.bound)
    assert page.help_text().strip()


def test_keys_of_pages_come_from_the_table_alone() -> None:
    makers = [p for p in (UI / "pages").rglob("*.py") if "QShortcut(" in p.read_text("utf-8")]
    dialogs = {"page.py", "sign_in.py", "referral_sbt.py", "case_picker.py"}  # log-in, modal sheets
    assert {path.name for path in makers} <= dialogs
    assert {p.parent.name for p in makers if p.name == "page.py"} <= {"setup"}


def test_f1_tells_the_keys_of_the_screen_first(context: Context, qtbot: QtBot) -> None:
    headings = [heading for heading, _ in keys_by_place("new_report")]
    assert headings == ["Di layar ini", "Di dalam isian", "Di seluruh program"]
    assert ("F9", "Terima sekarang") in keys_by_place("new_report")[0][1]
    assert "F9" not in dict(keys_by_place("home")[0][1])
    page = pages.page_class("cases")(context)
    qtbot.addWidget(page)
    sheet = help_sheet(page, page, "cases")
    said = [text.text() for text in sheet.findChildren(Text)]
    for key in keys_of("cases"):
        assert written(key.shortcut) in said
        assert key.text in said
    sheet.close()


@pytest.mark.parametrize(
    ("shortcut", "read"),
    [("Alt+Left", "Alt+←"), ("Ctrl+Return", "Ctrl+Enter"), ("Space", "Spasi"),
     ("Ctrl+PgDown", "Ctrl+PgDn"), ("Alt+Down", "Alt+↓"), ("Ctrl+Shift+T", "Ctrl+Shift+T")],
)  # fmt: skip
def test_keys_are_written_as_people_read_them(shortcut: str, read: str) -> None:
    assert written(shortcut) == read


def test_what_was_taken_back_is_done_again(qtbot: QtBot, qapp: QApplication) -> None:
    theme.apply(qapp)
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(600, 300)
    toast, done = Toast(window), []
    window.show()
    toast.say("Perkara 019 dikembalikan", None, lambda: done.append("lagi"))
    assert not toast.undo()
    assert toast.redo()
    assert not toast.redo(), "once only"
    assert done == ["lagi"]


def test_a_field_does_again_its_own_typing_first(qtbot: QtBot, qapp: QApplication) -> None:
    theme.apply(qapp)
    window = QWidget()
    qtbot.addWidget(window)
    field, done = QLineEdit(window), []
    toast = Toast(window)
    redo = QShortcut(QKeySequence("Ctrl+Y"), window)
    redo.activated.connect(toast.redo)
    window.show()
    window.activateWindow()
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    toast.say("Perkara 019 dikembalikan", None, lambda: done.append("lagi"))
    qtbot.keyClick(field, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert done == ["lagi"]
    qtbot.keyClicks(field, "abc")
    field.undo()
    toast.say("Perkara 019 dikembalikan", None, lambda: done.append("dua"))
    qtbot.keyClick(field, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert done == ["lagi"]
