"""What Qt says by itself is said in Indonesian."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QPushButton,
)
from pytestqt.qtbot import QtBot

from ui import qt_words


@pytest.fixture
def indonesian(qapp: QApplication) -> Iterator[None]:
    qt_words.install(qapp)
    qt_words.install(qapp)
    assert len(qapp.findChildren(qt_words.QtWords)) == 1
    yield
    for translator in qapp.findChildren(qt_words.QtWords):
        qapp.removeTranslator(translator)
        translator.setParent(None)


def entries(menu: QMenu | None) -> list[str]:
    """The texts of a menu, without marks and keys."""
    assert menu is not None
    return [
        action.text().partition("\t")[0].replace("&", "")
        for action in menu.actions()
        if not action.isSeparator()
    ]


def test_menus_of_fields(indonesian: None, qtbot: QtBot) -> None:
    line, area = QLineEdit(), QPlainTextEdit()
    qtbot.addWidget(line)
    qtbot.addWidget(area)
    said = ["Urungkan", "Ulangi", "Potong", "Salin", "Tempel", "Hapus", "Pilih semua"]
    assert entries(line.createStandardContextMenu()) == said
    assert entries(area.createStandardContextMenu()) == said


@pytest.mark.parametrize(
    ("mode", "folder"),
    [
        (QFileDialog.AcceptMode.AcceptOpen, False),
        (QFileDialog.AcceptMode.AcceptSave, False),
        (QFileDialog.AcceptMode.AcceptOpen, True),
    ],
)
def test_file_dialogs_of_qt(
    indonesian: None, qtbot: QtBot, mode: QFileDialog.AcceptMode, folder: bool
) -> None:
    dialog = QFileDialog()
    qtbot.addWidget(dialog)
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    dialog.setAcceptMode(mode)
    if folder:
        dialog.setFileMode(QFileDialog.FileMode.Directory)
    said = [label.text() for label in dialog.findChildren(QLabel)]
    said += [button.text() for button in dialog.findChildren(QPushButton)]
    said = [text.replace("&", "") for text in said if text]
    assert "Batal" in said
    assert {"Lihat di:", "Nama berkas:", "Folder:"} & set(said)
    english = {source.replace("&", "") for source in qt_words.WORDS} - {"Drive", "Folder"}
    assert [text for text in said if text in english] == []


def test_keys_keep_the_names_that_are_read_back(indonesian: None) -> None:
    assert QKeySequence("Del").toString(QKeySequence.SequenceFormat.NativeText) == "Del"
    assert QKeySequence("Alt+Left")[0].key() == Qt.Key.Key_Left
