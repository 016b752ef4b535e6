"""A dialog whose work runs in the background and cannot be lost by leaving it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QDialog, QWidget

from posko_app.errors import InvalidInput, Problem, UserError

from .context import Context
from .dialogs import Sheet
from .forms import FormGroup
from .tasks import STOPPED, Task


class WorkingSheet(Sheet):
    """Leaving it stops what has not begun; what is done all the same is still told."""

    def __init__(
        self, parent: QWidget, context: Context, title: str, about: str, *, width: int = 560
    ) -> None:
        super().__init__(parent, title, about, width=width)
        self._context = context
        self._task: Task | None = None
        self.group = FormGroup(self)

    @property
    def busy(self) -> bool:
        """Whether something still runs."""
        return self._task is not None

    def work(self, use_case: Callable[..., Any], *args: Any, done: Callable[..., None]) -> None:
        """Run a use case, unless one runs."""
        if self._task is None:
            self._task = self._context.start(
                use_case, *args, done=done, failed=self._on_failed, end=self._on_end
            )

    def reject(self) -> None:
        """Leave; while something runs, ask it to stop first and wait for what becomes of it."""
        if self._task is None:
            super().reject()
        else:
            self._task.cancel()

    def _on_end(self) -> None:
        task, self._task = self._task, None
        if task is not None and task.outcome == STOPPED:
            self.done(QDialog.DialogCode.Rejected)  # they wanted to leave: not asked again

    def _on_failed(self, error: BaseException) -> None:
        if not isinstance(error, UserError):
            self._context.problem.emit(error)
            return
        problems = error.problems if isinstance(error, InvalidInput) else ()
        self.group.show_problems(problems or (Problem("", str(error)),))
