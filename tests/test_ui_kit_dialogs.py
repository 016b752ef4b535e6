"""Choosing a file to write: the ending is part of what is asked about."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QMessageBox
from pytestqt.qtbot import QtBot

from ui import dialogs


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
