"""What every page gets: the core, its change signal, and a way to run use cases."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from posko_app.errors import InvalidInput, UserError

from .tasks import Task, Tasks, nothing

if TYPE_CHECKING:
    from posko_app.app import Posko


class Context(QObject):
    """The UI's one handle on the core; made at sign-in, closed when the screen is locked."""

    changed = Signal(frozenset)
    problem = Signal(object)
    page_wanted = Signal(str, dict)
    back_wanted = Signal()
    lock_wanted = Signal()
    said = Signal(str, object, object)
    saved = Signal(str)

    def __init__(self, posko: Posko, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.posko = posko
        self.tasks = Tasks(self)
        self._tell = self.changed.emit
        posko.store.listeners.append(self._tell)

    def run(self, use_case: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Run a quick use case (up to 100 ms) now; tell about a UserError and return None."""
        try:
            return use_case(self.posko, *args, **kwargs)
        except UserError as error:
            self.problem.emit(error)
            return None

    def attempt(
        self,
        use_case: Callable[..., Any],
        *args: Any,
        invalid: Callable[[InvalidInput], None] | None = None,
        **kwargs: Any,
    ) -> bool:
        """Run a quick use case and say whether it went through.

        With `invalid`, rejected fields go there (a form marks them) instead of to a dialog.
        """
        try:
            use_case(self.posko, *args, **kwargs)
        except InvalidInput as error:
            if invalid is None:
                self.problem.emit(error)
            else:
                invalid(error)
            return False
        except UserError as error:
            self.problem.emit(error)
            return False
        return True

    def start(
        self,
        use_case: Callable[..., Any],
        *args: Any,
        label: str = "",
        done: Callable[[Any], None] = nothing,
        failed: Callable[[BaseException], None] | None = None,
        progress: Callable[[int, int, str], None] = nothing,
        end: Callable[[], None] = nothing,
        **kwargs: Any,
    ) -> Task:
        """Run a long use case in the background; it gets `progress=`.

        Callbacks come in the UI thread; give bound methods of the page, so that they are dropped
        when the page is gone. Errors go to `failed`, else to `problem` (dialog or crash report).
        """
        task = Task(
            label=label,
            on_progress=progress,
            on_done=done,
            on_failed=failed or self.problem.emit,
            on_end=end,
        )
        return self.tasks.start(partial(use_case, self.posko, *args, **kwargs), task)

    def open(self, page: str, **arguments: Any) -> None:
        """Go to a page by its name in `ui.pages.PAGES`."""
        self.page_wanted.emit(page, arguments)

    def back(self) -> None:
        """Go back to the page before."""
        self.back_wanted.emit()

    def say(
        self,
        text: str,
        undo: Callable[[], object] | None = None,
        redo: Callable[[], object] | None = None,
    ) -> None:
        """Show a short message at the bottom of the page; it may offer Urungkan or Ulangi."""
        self.said.emit(text, undo, redo)

    def note_saved(self, text: str = "Semua perubahan tersimpan") -> None:
        """Put a quiet line with the time at the left of the status bar."""
        self.saved.emit(text)

    def leave(self) -> None:
        """Stop all tasks and hear no more; the office stays open for others."""
        self.tasks.close()
        if self._tell in self.posko.store.listeners:
            self.posko.store.listeners.remove(self._tell)

    def close(self) -> None:
        """Stop all tasks and close the office."""
        self.leave()
        self.posko.close()
