"""The page Pencegahan on a desk of its own: what it asks of the shell is written down."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from posko_app.app import Posko
from ui import theme
from ui.context import Context
from ui.dialogs import Sheet
from ui.pages.prevention import PreventionPage


class Desk:
    """The page, shown, with what it said and what went wrong."""

    def __init__(self, posko: Posko, qtbot: QtBot, tab: str, width: int) -> None:
        self.posko = posko
        self.context = Context(posko)
        self.said: list[str] = []
        self.undo: list[Callable[[], object]] = []
        self.saved: list[str] = []
        self.problems: list[BaseException] = []
        self.context.said.connect(self._on_said)
        self.context.saved.connect(self._on_saved)
        self.context.problem.connect(self._on_problem)
        self.page = PreventionPage(self.context)
        qtbot.addWidget(self.page)
        self.page.resize(width, 638)
        self.page.open(tab=tab)
        with qtbot.waitActive(self.page):
            self.page.show()
        qtbot.waitUntil(lambda: not self.context.tasks.busy)
        self.page.take_focus()

    def focus(self) -> QWidget:
        """Where the keyboard is; a list that is open gets it first."""
        found = QApplication.activePopupWidget() or self.page.focusWidget()
        assert found is not None
        return found

    def sheet(self) -> Sheet:
        """The dialog that is open."""
        found = QApplication.activeModalWidget()
        assert isinstance(found, Sheet)
        return found

    def close(self) -> None:
        """Let the page go, as the shell does at the end of a session."""
        for sheet in self.page.findChildren(Sheet):
            sheet.done(0)  # unasked
        self.page.hide()
        self.context.leave()

    def _on_said(self, text: str, undo: Callable[[], object] | None, _redo: object) -> None:
        self.said.append(text)
        if undo is not None:
            self.undo.append(undo)

    def _on_saved(self, text: str) -> None:
        self.saved.append(text)

    def _on_problem(self, error: BaseException) -> None:
        self.problems.append(error)


Opened = Callable[..., Desk]


@pytest.fixture
def opened(qapp: QApplication, qtbot: QtBot) -> Iterator[Opened]:
    """Shows the page over an office, at one of its tabs."""
    theme.apply(qapp)
    desks: list[Desk] = []

    def show(posko: Posko, tab: str = "activities", *, width: int = 1182) -> Desk:
        desks.append(Desk(posko, qtbot, tab, width))
        return desks[-1]

    yield show
    for desk in desks:
        desk.close()


def copied(text: str) -> None:
    """What a person copied in a spreadsheet."""
    QGuiApplication.clipboard().setText(text)


def values_of(row: Any, *names: str) -> tuple[Any, ...]:
    """Some fields of a row."""
    return tuple(getattr(row, name) for name in names)
