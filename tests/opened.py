"""A page over a real office, with what it asked of the shell written down."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from pytestqt.qtbot import QtBot

from posko_app.app import Posko
from ui.context import Context
from ui.page import Page

P = TypeVar("P", bound=Page)


class Opened(Generic[P]):
    """The page, its context, the visits it wanted and the problems it told."""

    def __init__(self, kind: type[P], posko: Posko, qtbot: QtBot) -> None:
        self.context, self.qtbot = Context(posko), qtbot
        self.visits: list[tuple[str, dict[str, Any]]] = []
        self.problems: list[BaseException] = []
        self.context.page_wanted.connect(self._on_page)
        self.context.problem.connect(self.problems.append)
        self.page = kind(self.context)
        qtbot.addWidget(self.page)
        self.page.resize(1182, 638)

    def show(self, **arguments: Any) -> P:
        """Open the page as the shell does and wait for what it does in the background."""
        self.page.open(**arguments)
        self.page.show()
        self.page.take_focus()
        self.rest()
        return self.page

    def rest(self) -> None:
        """Wait until no task runs."""
        self.qtbot.waitUntil(lambda: not self.context.tasks.busy, timeout=15_000)

    def _on_page(self, name: str, arguments: dict[str, Any]) -> None:
        self.visits.append((name, arguments))
