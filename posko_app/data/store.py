"""The open database: reading it, writing it, telling who cares.

SQLite (encrypted) by default, PostgreSQL by URL. Nothing outside `posko_app.data` may know which.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction

from posko_app.errors import UserError

from . import engines, migrate, versions
from .base import synced_tables

Changes = frozenset[str]  # table names


class Store:
    """The open database of one office.

    `read()` gives a session that must not write; `write()` is one transaction: it commits at the
    end, rolls back on any exception, and after the commit tells every listener which tables
    changed.
    """

    def __init__(self, engine: Engine, clock: versions.Clock) -> None:
        self.engine = engine
        self.listeners: list[Callable[[Changes], None]] = []
        self._clock = clock

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session for queries; writing to it is a bug."""
        with Session(self.engine) as session, _storage_errors():
            yield session
            if session.new or session.dirty or session.deleted:
                raise AssertionError("a read() session was written to")

    @contextmanager
    def write(self, actor: str = "", *, bulk: bool = False) -> Iterator[Session]:
        """One transaction. `bulk` permits Core statements on synced tables, for those who stamp.

        Raises UserError when the disk is full, the folder is read-only or the file is damaged;
        nothing is written then.
        """
        writer = self.engine.execution_options(posko_begin="BEGIN IMMEDIATE")
        with _storage_errors(), Session(writer, expire_on_commit=False) as session:
            changed = _watch(session, bulk=bulk)
            versions.capture(session, actor=actor, clock=self._clock)
            with session.begin():
                yield session
        if changed:
            for listener in list(self.listeners):
                listener(frozenset(changed))

    def close(self) -> None:
        """Move the write-ahead log into the file and let go of it."""
        engines.checkpoint(self.engine)
        self.engine.dispose()


def open_store(target: Path | str, key: bytes | None, clock: versions.Clock) -> Store:
    """Open or make a database: a path (SQLite, encrypted with `key`) or a PostgreSQL URL.

    Raises UserError when the file is damaged, foreign, newer than this program or not writable.
    """
    with _storage_errors():
        engine = engines.make(target, key)
        try:
            migrate.upgrade(engine, target if isinstance(target, Path) else None)
        except BaseException:
            engine.dispose()
            raise
    return Store(engine, clock)


def _watch(session: Session, *, bulk: bool) -> set[str]:
    """Collect the names of the tables this session changes; refuse unstamped statements."""
    changed: set[str] = set()
    synced = synced_tables()

    @event.listens_for(session, "after_flush")
    def _(session: Session, context: UOWTransaction) -> None:
        changed.update(o.__tablename__ for o in (*session.new, *session.dirty, *session.deleted))

    @event.listens_for(session, "do_orm_execute")
    def _(state: ORMExecuteState) -> None:
        if not (state.is_insert or state.is_update or state.is_delete):
            return
        table = getattr(state.statement, "table", None)
        name = getattr(table, "name", "")
        if name in synced and not bulk:
            raise AssertionError(f"{name} is a synced table: write it through the ORM")
        changed.add(name)

    return changed


@contextmanager
def _storage_errors() -> Iterator[None]:
    """Failures of the disk or file, as one plain sentence each."""
    try:
        yield
    except DBAPIError as error:
        sentence = engines.explain(error)
        if sentence is None:
            raise
        raise UserError(*sentence) from error
