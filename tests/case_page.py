"""The page Perkara for tests, with what it asks of the shell written down."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QElapsedTimer, QEventLoop
from PySide6.QtWidgets import QApplication, QLabel

from posko_app.app import Posko
from ui.context import Context
from ui.pages.case import CasePage
from ui.pages.case.links_card import LinksCard
from ui.pages.case.links_rows import LinkLine


class Opened:
    """The page of a case, with what it asked of the shell written down."""

    def __init__(self, posko: Posko) -> None:
        self.context = Context(posko)
        self.pages: list[tuple[str, dict[str, Any]]] = []
        self.said: list[str] = []
        self.undo: list[Callable[[], object]] = []
        self.problems: list[BaseException] = []
        self.context.page_wanted.connect(self._on_page)
        self.context.said.connect(self._on_said)
        self.context.problem.connect(self._on_problem)
        self.context.changed.connect(self._on_changed)
        self.page = CasePage(self.context)
        self.page.resize(1182, 638)

    def show(self, uid: str) -> LinksCard:
        """Open a case at its parties and give the card of links."""
        self.page.open(uid=uid, tab="parties")
        self.page.show()
        return self.card

    def rest(self) -> None:
        """Wait until nothing is read in the background."""
        QApplication.processEvents()
        timer = QElapsedTimer()
        timer.start()
        while self.context.tasks.busy:
            assert timer.elapsed() < 15_000
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
        QApplication.processEvents()

    @property
    def card(self) -> LinksCard:
        """The card that stands there now; Qt shows what came into a layout a moment later."""
        self.rest()
        cards = [c for c in self.page.body.parties.findChildren(LinksCard) if c.isVisible()]
        assert len(cards) == 1
        return cards[0]

    def line(self, title: str) -> LinkLine:
        """The first line whose title begins so."""
        return next(one for one in self.card.lines if one.title.text().startswith(title))

    def texts(self) -> list[str]:
        """Everything that stands in the card."""
        return [label.text() for label in self.card.findChildren(QLabel) if label.text()]

    def close(self) -> None:
        """Let the page go, as the shell does."""
        self.page.hide()
        self.page.deleteLater()
        self.context.tasks.close()
        self.context.posko.store.listeners.clear()
        QApplication.processEvents()

    def _on_page(self, name: str, arguments: dict[str, Any]) -> None:
        self.pages.append((name, arguments))

    def _on_said(self, text: str, undo: Any, _redo: Any) -> None:
        self.said.append(text)
        self.undo.append(undo)

    def _on_problem(self, error: BaseException) -> None:
        self.problems.append(error)

    def _on_changed(self, tables: frozenset[str]) -> None:
        if tables & self.page.shows:
            self.page.reload()
