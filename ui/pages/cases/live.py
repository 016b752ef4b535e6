"""Searching while somebody types: off the UI thread, one search at a time, old ones forgotten."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal

from posko_app.app import Posko
from posko_app.cases.queries import CaseFilter, list_cases
from posko_app.cases.search import first_look
from posko_app.cases.views import CaseRow
from posko_app.progress import Progress, silent
from ui.page import Page
from ui.tables import PAGE

TYPING = 60  # milliseconds of rest before the list is asked


@dataclass(frozen=True)
class Looked:
    """What a list holds: how many, its first rows, whether other spellings were looked for."""

    wanted: CaseFilter
    count: int
    first: tuple[CaseRow, ...]
    alike: bool


def look(posko: Posko, wanted: CaseFilter, *, progress: Progress = silent) -> Looked:
    """Ask for all that the list shows at first."""
    found, first, instead = first_look(posko, wanted, PAGE)
    return Looked(wanted, found, first, bool(instead))


def page_of(
    posko: Posko, wanted: CaseFilter, after: CaseRow | None, limit: int
) -> Sequence[CaseRow]:
    """A page of the list for the table model."""
    return list_cases(posko, wanted, limit=limit, after=after)


class LiveSearch(QObject):
    """Asks `wanted()` a moment after the last stroke and says `found` with what it got.

    While one search runs no other begins; when it is done and something else is wanted by then,
    its answer is dropped and the list is asked again. Typing never waits.
    """

    found = Signal(object)  # Looked

    def __init__(self, page: Page, wanted: Callable[[], CaseFilter]) -> None:
        super().__init__(page)
        self._page, self._context, self._wanted = page, page.context, wanted
        self._running = False
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(TYPING)
        self._rest.timeout.connect(self._begin)

    @property
    def waiting(self) -> bool:
        """Whether what was typed is not shown yet."""
        return self._rest.isActive() or self._running

    def typed(self, _text: str = "") -> None:
        """Something was typed."""
        self._rest.start()

    def stop(self) -> None:
        """What was typed is being shown otherwise."""
        self._rest.stop()

    def _begin(self) -> None:
        if self._running:
            return  # asks again by itself when the answer is old
        if not self._page.isVisible():
            self._page.refresh()  # when it is next shown
            return
        if self._context.tasks.busy:  # a long task must not hold up the keyboard
            self.found.emit(look(self._context.posko, self._wanted()))
            return
        self._running = True
        self._context.start(look, self._wanted(), done=self._on_done, end=self._on_end)

    def _on_end(self) -> None:
        self._running = False

    def _on_done(self, looked: Looked) -> None:
        if looked.wanted == self._wanted():
            self.found.emit(looked)
        elif not self._rest.isActive():
            self._begin()
