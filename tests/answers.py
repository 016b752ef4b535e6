"""Answers the dialog that comes up next, as a person would fill it in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QDialog

from ui.dialogs import Sheet
from ui.forms import Form
from ui.widgets.buttons import Button


class Answers:
    """Fills in the form that comes up next, and tells what it said when it did not close."""

    def __init__(self, **values: Any) -> None:
        self.values = values
        self.problems: dict[str, str] = {}
        self.notes: dict[str, str] = {}
        QTimer.singleShot(0, self._act)

    def _act(self) -> None:
        sheet = QApplication.activeModalWidget()
        assert isinstance(sheet, Sheet)
        form = sheet.findChild(Form)
        for key, value in self.values.items():
            form.set_values({key: value})
            form.boxes[key].editor.edited.emit()
        self.notes = {key: box._message.text() for key, box in form.boxes.items()}
        next(b for b in sheet.findChildren(Button) if b.kind == "primary").click()
        if sheet.isVisible():
            self.problems = {key: box.problem for key, box in form.boxes.items() if box.problem}
            sheet.done(QDialog.DialogCode.Rejected)  # unasked


def press(sheet_type: type, act: Callable[..., object]) -> None:
    """Do something in the dialog of this type that comes up next."""

    def find() -> None:
        for widget in QApplication.topLevelWidgets():
            if isinstance(widget, sheet_type) and widget.isVisible():
                act(widget)
                return
        QTimer.singleShot(20, find)

    QTimer.singleShot(0, find)
