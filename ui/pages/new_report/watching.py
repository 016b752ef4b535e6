"""Looking at the form while it is typed: checks after a rest, similar cases after a longer one."""

from __future__ import annotations

from collections.abc import Callable, Collection

from PySide6.QtCore import QObject, QTimer, Signal

from posko_app.cases.people_likely import facts_of, likely_same
from ui.context import Context

from .likely import matters
from .workspace import Workspace

LOOK = 150  # milliseconds of rest before the form is checked
COMPARE = 400  # milliseconds before similar cases are looked for
MINUTE = 20_000  # milliseconds after which the time left for filing is told anew


class Watching(QObject):
    """Watches one workspace; `dismissed` says that something was decided about a similar case."""

    dismissed = Signal()

    def __init__(self, context: Context, work: Workspace) -> None:
        super().__init__(work)
        self._context, self._work = context, work
        self.attempted = False  # whether saving was tried: then everything missing is shown
        self.others: set[str] = set()  # uids of cases that are not the same
        self.case = ""  # the case this form makes into something else: never similar to itself
        self._look_timer = self._timer(LOOK, self.look)
        self._similar_timer = self._timer(COMPARE, self.compare)
        self._clock = QTimer(self)
        self._clock.setInterval(MINUTE)
        self._clock.timeout.connect(self._on_clock)
        self._clock.start()
        work.entry.changed.connect(self._on_typed)
        work.entry.settled.connect(self._on_settled)
        work.similar.dismissed.connect(self._on_dismissed)
        work.similar.linked_changed.connect(self._on_linked)

    def begin(self, others: Collection[str], case: str = "") -> None:
        """Watch another report."""
        self.attempted, self.others, self.case = False, set(others), case
        self._work.show_similar(())

    def look(self) -> None:
        """Say everything that is to be said about the form."""
        self._look_timer.stop()
        self._work.show_judged(self._work.judged(), attempted=self.attempted)

    def compare(self) -> None:
        """Look for cases that may be the same."""
        self._similar_timer.stop()
        skip = {*self.others, *self._work.similar.linked, self.case}
        facts = facts_of(self._work.judged().report)
        found = self._context.run(likely_same, facts, skip=skip)
        self._work.show_similar(found or ())

    def filled(self) -> None:
        """The form changed without typing."""
        self.look()
        self._similar_timer.start()

    def _on_typed(self, key: str) -> None:
        self._look_timer.start()
        if matters(key):
            self._similar_timer.start()

    def _on_settled(self, key: str) -> None:
        self._look_timer.start()
        if matters(key):
            self._similar_timer.start()

    def _on_dismissed(self, uid: str) -> None:
        self.others.add(uid)
        self.compare()
        self.dismissed.emit()

    def _on_linked(self) -> None:
        self.compare()
        self.dismissed.emit()

    def _on_clock(self) -> None:
        if self._work.isVisible():
            self._work.show_time_left(self._work.judged())

    def _timer(self, pause: int, act: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(pause)
        timer.timeout.connect(act)
        return timer
