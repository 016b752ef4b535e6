"""The page Laporan baru on a desk of its own, for the tests that type into it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from posko_app.app import Posko, open_office
from posko_app.cases.case_view import case_view
from posko_app.cases.queries import CaseFilter, list_cases
from posko_app.cases.views import CaseView
from tests.conftest import FixedClock
from tests.factory import PASSWORD
from ui import theme
from ui.context import Context
from ui.editors import inner
from ui.pages.new_report import NewReportPage


class Desk:
    """The page with what it asks of the shell written down."""

    def __init__(self, posko: Posko) -> None:
        self.posko = posko
        self.context = Context(posko)
        self.forget()
        self.context.page_wanted.connect(self._on_page)
        self.context.said.connect(self._on_said)
        self.context.problem.connect(self._on_problem)
        self.context.back_wanted.connect(self._on_back)
        self.page = NewReportPage(self.context)
        self.page.resize(1182, 638)

    def forget(self) -> None:
        """Forget what was asked of the shell so far."""
        self.opened: list[tuple[str, dict[str, Any]]] = []
        self.said: list[str] = []
        self.undo: list[Callable[[], object]] = []
        self.problems: list[BaseException] = []
        self.backs = 0

    def close(self) -> None:
        """Let the page go, as the shell does at the end of a session."""
        self.page.hide()
        self.page.deleteLater()
        self.context.tasks.close()
        self.posko.store.listeners.clear()
        QApplication.processEvents()

    def _on_problem(self, error: BaseException) -> None:
        self.problems.append(error)

    def _on_page(self, name: str, arguments: dict[str, Any]) -> None:
        self.page.leave()
        self.opened.append((name, arguments))

    def _on_said(self, text: str, undo: Callable[[], object] | None) -> None:
        self.said.append(text)
        if undo is not None:
            self.undo.append(undo)

    def _on_back(self) -> None:
        self.backs += 1

    def open(self, **arguments: Any) -> None:
        """Do what the shell does when it opens the page."""
        self.page.open(**arguments)
        self.page.show()
        self.page.activateWindow()
        self.page.take_focus()

    def editor(self, key: str) -> QWidget:
        """The input of a field."""
        box = self.page.work.entry.box(key)
        assert box is not None, key
        return inner(box.editor)

    def raw(self, key: str) -> str:
        """What stands in a field."""
        return self.page.work.entry.label(key)

    def problem(self, key: str) -> str:
        """The error at a field."""
        box = self.page.work.entry.box(key)
        assert box is not None, key
        return box.problem

    def fill(self, **changes: Any) -> None:
        """A complete report, without typing."""
        values: dict[str, Any] = {
            "channel": "visit", "filed_on": date(2024, 10, 15), "filed_place": "Kantor contoh",
            "reporter.name": "Contoh Pelapor", "reporter.address": "RT 03 Desa Contoh",
            "reporter.phone": "0812 5555 0176", "reported.0.name": "Contoh Terlapor, S.Pd.",
            "title": "Guru membagikan stiker", "event_on": date(2024, 10, 13),
            "known_on": date(2024, 10, 14), "event_place": "SDN 3 Contoh",
            "narrative": "Terlapor membagikan stiker.", "evidence.0.description": "Foto stiker",
        }  # fmt: skip
        for key, value in {**values, **changes}.items():
            self.page.work.entry.set_value(key, value)


def type_into(qtbot: QtBot, desk: Desk, key: str, text: str) -> None:
    """Type into one field and leave it."""
    desk.page.work.entry.focus_field(key)
    qtbot.keyClicks(desk.editor(key), text)
    desk.page.setFocus()


def receive(desk: Desk, qtbot: QtBot) -> None:
    """Terima sekarang, by its key."""
    desk.page.activateWindow()
    qtbot.waitUntil(desk.page.isActiveWindow)
    qtbot.keyClick(desk.page, Qt.Key.Key_F9)
    assert desk.page.work.arrived_at is not None


def filed(desk: Desk, qtbot: QtBot) -> CaseView:
    """What was just saved from the form."""
    desk.page.primary()
    qtbot.waitUntil(lambda: bool(desk.opened), timeout=8000)
    (row,) = list_cases(desk.posko, CaseFilter(view="all"))
    assert desk.opened == [("case", {"uid": row.uid})]
    return case_view(desk.posko, row.uid)


def desk_over(prepared: Path, folder: Path, qapp: QApplication) -> Iterator[Desk]:
    """One page on a copy of a prepared office, for all tests of a module that file nothing."""
    path = folder / prepared.name
    shutil.copytree(prepared, path)
    posko = open_office(path, "petugas", PASSWORD, clock=FixedClock())
    theme.apply(qapp)
    made = Desk(posko)
    yield made
    made.close()
    posko.close()
