"""How a long task reports progress and learns that it should stop."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol, TypeVar

T = TypeVar("T")


class Progress(Protocol):
    """Told how far a task is; raises `Cancelled` when the user has stopped it."""

    def __call__(self, done: int, total: int, text: str = "") -> None: ...


def silent(done: int, total: int, text: str = "") -> None:
    """Report nothing: for tests, the command line and short tasks."""


def track(items: Iterable[T], total: int, progress: Progress, text: str = "") -> Iterator[T]:
    """Yield `items`, reporting each one; the place where a task can be stopped."""
    for done, item in enumerate(items):
        progress(done, total, text)
        yield item
    progress(total, total, text)
