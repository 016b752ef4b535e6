"""Long work, off the UI thread, one task at a time."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from threading import Event
from time import monotonic
from types import MethodType
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot
from shiboken6 import isValid

from posko_app.errors import Cancelled

INTERVAL = 0.05  # seconds between two progress reports that reach the UI


DONE, STOPPED, FAILED = "done", "stopped", "failed"


def nothing(*_: Any) -> None:
    """The callback of those who do not care."""


@dataclass(eq=False)
class Task:
    """A running task, as the UI sees it. Plain Python: no thread may ever delete it wrongly."""

    label: str = ""
    on_progress: Callable[[int, int, str], None] = nothing
    on_done: Callable[[Any], None] = nothing
    on_failed: Callable[[BaseException], None] = nothing
    on_end: Callable[[], None] = nothing
    stop: Event = field(default_factory=Event)
    outcome: str = ""  # DONE, STOPPED or FAILED once it has ended
    started: float = field(default_factory=monotonic)

    def cancel(self) -> None:
        """Ask it to stop; it rolls back and ends without an error."""
        self.stop.set()

    def seconds_left(self, done: int, total: int) -> int | None:
        """A guess from the pace so far; None while it is too early to say."""
        spent = monotonic() - self.started
        if done <= 0 or total <= 0 or spent < 1:
            return None
        return round(spent / done * (total - done))


class Tasks(QObject):
    """Runs tasks in one worker thread and brings every callback home to the UI thread.

    This one object owns the only signal that crosses threads, and lives as long as the session:
    a QObject per task could be destroyed in the middle of its own slot.
    """

    started = Signal(object)
    advanced = Signal(object, int, int, str)
    ended = Signal(object)
    _call = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="task")
        self._running: set[Task] = set()
        self._call.connect(self._on_call)

    @property
    def busy(self) -> bool:
        """Whether any task is waiting or running."""
        return bool(self._running)

    @property
    def labels(self) -> tuple[str, ...]:
        """What runs or waits that the user knows of."""
        return tuple(task.label for task in self._running if task.label)

    def start(self, work: Callable[..., Any], task: Task) -> Task:
        """Run `work(progress=…)` in the background."""
        self._running.add(task)
        self.started.emit(task)
        self._pool.submit(self._run, work, task)
        return task

    def close(self) -> None:
        """Stop everything and wait: no task may outlive the session."""
        for task in self._running:
            task.cancel()
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._running.clear()

    def _run(self, work: Callable[..., Any], task: Task) -> None:
        """In the worker thread."""
        last = 0.0

        def progress(done: int, total: int, text: str = "") -> None:
            nonlocal last
            if task.stop.is_set():
                raise Cancelled
            if done == total or monotonic() - last > INTERVAL:
                last = monotonic()
                self._call.emit(partial(self._advance, task, done, total, text))

        try:
            task.started = monotonic()
            outcome: Callable[[], None] = partial(call, task.on_done, work(progress=progress))
            task.outcome = DONE
        except Cancelled:
            outcome, task.outcome = nothing, STOPPED
        except BaseException as error:
            outcome, task.outcome = partial(call, task.on_failed, error), FAILED
        self._call.emit(partial(self._end, task, outcome))

    def _advance(self, task: Task, done: int, total: int, text: str) -> None:
        if task not in self._running:
            return  # told before `close`, heard after it: the office may be shut by now
        self.advanced.emit(task, done, total, text)
        call(task.on_progress, done, total, text)

    def _end(self, task: Task, outcome: Callable[[], None]) -> None:
        if task not in self._running:
            return
        self._running.discard(task)
        self.ended.emit(task)
        call(task.on_end)
        outcome()

    @Slot(object)
    def _on_call(self, ready: Callable[[], None]) -> None:
        ready()


def call(callback: Callable[..., Any], *args: Any) -> None:
    """Call back, unless the page that asked is gone meanwhile."""
    owner = callback.__self__ if isinstance(callback, MethodType) else None
    if isinstance(owner, QObject) and not isValid(owner):
        return
    callback(*args)
