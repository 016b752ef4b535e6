"""The dialogs of the kit: files to write, the keys of the button that does it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QMessageBox
from pytestqt.qtbot import QtBot

from ui import dialogs
from ui.fields import Field
from ui.forms import Form
from ui.widgets.buttons import Button


@pytest.fixture(autouse=True)
def own_dialogs(qapp: QApplication) -> Iterator[None]:
    """Qt's own dialog, which a test can type into, instead of the system's."""
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
    yield
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs, False)


class Typing:
    """Types one name after the other into the dialog, and says no to every question."""

    def __init__(self, *names: str) -> None:
        self.names = list(names)
        self.asked: list[str] = []
        self._again()

    def _again(self) -> None:
        QTimer.singleShot(20, self._act)  # one at a time: a timer does not fire inside itself

    def _act(self) -> None:
        now = QApplication.activeModalWidget()
        if now is not None or self.names:
            self._again()
        if isinstance(now, QMessageBox):
            self.asked.append(now.text())
            now.reject()
        elif isinstance(now, QFileDialog):
            if not self.names:
                now.reject()
                return
            field = now.findChild(QLineEdit)
            assert field is not None
            field.setText(self.names.pop(0))
            now.accept()


def test_the_ending_is_added(qtbot: QtBot, tmp_path: Path) -> None:
    typing = Typing("baru")
    assert dialogs.save_file(None, "Simpan", str(tmp_path / "usul.xlsx"), dialogs.EXCEL) == (
        tmp_path / "baru.xlsx"
    )
    assert typing.asked == []


def test_no_file_is_replaced_unasked(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "ada.xlsx").write_bytes(b"lama")
    typing = Typing("ada")
    assert dialogs.save_file(None, "Simpan", str(tmp_path / "usul.xlsx"), dialogs.EXCEL) is None
    assert len(typing.asked) == 1
    assert "ada.xlsx" in typing.asked[0]


@pytest.mark.parametrize(
    ("key", "pad"),
    [
        (Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_Enter, Qt.KeyboardModifier.KeypadModifier),
    ],
)
def test_ctrl_enter_of_both_keys_does_it_whatever_the_button_says(
    qtbot: QtBot, key: Qt.Key, pad: Qt.KeyboardModifier
) -> None:
    sheet = dialogs.Sheet(None, "Contoh")
    button = sheet.submit_button("Simpan")
    held = Qt.KeyboardModifier.ControlModifier | pad
    sheet.show()
    qtbot.waitUntil(sheet.isActiveWindow)
    button.setText("Simpan 3 foto")
    with qtbot.waitSignal(button.clicked):
        qtbot.keyClick(sheet, key, held)
    button.set_why_disabled("Belum ada foto.")
    with qtbot.assertNotEmitted(button.clicked, wait=200):
        qtbot.keyClick(sheet, key, held)
    sheet.close()


def test_a_letter_after_the_ampersand_moves_with_the_words(qtbot: QtBot) -> None:
    button = Button("&Simpan")
    qtbot.addWidget(button)
    button.setText("&Buka")
    assert button.shortcut().toString() == "Alt+B"


def test_leaving_asks_once_when_something_was_typed(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    answers = [False, True]

    def confirm(_parent: object, question: str, *_: object, **__: object) -> bool:
        asked.append(question)
        return answers.pop(0)

    monkeypatch.setattr(dialogs, "confirm", confirm)
    sheet = dialogs.Sheet(None, "Contoh")
    form = Form([Field(key="note", label="Catatan", optional=True)], today=date(2024, 10, 15))
    sheet.body.addWidget(form)
    qtbot.addWidget(sheet)
    sheet.show()
    assert not sheet.unsaved()
    form.set_raw({"note": "panjang sekali"})
    assert sheet.unsaved()
    sheet.reject()
    assert sheet.isVisible(), "they want to go on typing"
    assert form.raw()["note"] == "panjang sekali"
    left: list[int] = []
    sheet.finished.connect(left.append)
    sheet.reject()
    assert left == [0]
    assert asked == ["Tutup tanpa menyimpan?"] * 2


def test_leaving_untouched_asks_nothing(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dialogs, "confirm", lambda *_, **__: pytest.fail("asked"))
    sheet = dialogs.Sheet(None, "Contoh")
    sheet.body.addWidget(
        Form([Field(key="note", label="Catatan", optional=True)], today=date(2024, 10, 15))
    )
    qtbot.addWidget(sheet)
    sheet.show()
    left: list[int] = []
    sheet.finished.connect(left.append)
    sheet.reject()
    assert left == [0]
