"""The open database: reading it, writing it, telling who cares.

SQLite (encrypted) by default, PostgreSQL by URL. Nothing outside `posko_app.data` may know which.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

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
        self.clock = clock
        self._reader = engines.for_reading(engine)
        self._writer = engine.execution_options(posko_begin="BEGIN IMMEDIATE")

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session for queries, which all see one moment; writing to it is a bug."""
        with Session(self._reader) as session, _storage_errors():
            yield session
            if session.new or session.dirty or session.deleted:
                raise AssertionError("a read() session was written to")

    @contextmanager
    def write(self, actor: str = "", *, bulk: bool = False) -> Iterator[Session]:
        """One transaction. `bulk` permits Core statements on synced tables, for those who stamp.

        Raises UserError when the disk is full, the folder is read-only or the file is damaged;
        nothing is written then.
        """
        changed: set[str] = set()
        info = {"actor": actor, "clock": self.clock, "bulk": bulk, "changed": changed}
        with (
            _storage_errors(),
            WriteSession(self._writer, expire_on_commit=False, info=info) as session,
            session.begin(),
        ):
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


class WriteSession(Session):
    """The session of one write transaction; its `info` says who writes and what was changed."""

    def bulk_insert_mappings(self, *_: Any, **__: Any) -> None:
        """Refused, as its sisters: they would slip past versions and the names of what changed."""
        raise AssertionError("use add() or, where records are stamped, execute(insert())")

    bulk_update_mappings = bulk_save_objects = bulk_insert_mappings


event.listen(WriteSession, "before_flush", versions.capture)


@event.listens_for(WriteSession, "after_flush")
def _note_rows(session: Session, context: UOWTransaction) -> None:
    """Collect the names of the tables whose rows are written."""
    changed: set[str] = session.info["changed"]
    changed.update(o.__tablename__ for o in (*session.new, *session.dirty, *session.deleted))


@event.listens_for(WriteSession, "do_orm_execute")
def _note_statement(state: ORMExecuteState) -> None:
    """The same for statements; on synced tables they would slip past the versions."""
    if not (state.is_insert or state.is_update or state.is_delete):
        return
    table = getattr(state.statement, "table", None)
    name = getattr(table, "name", "")
    if name in synced_tables() and not state.session.info["bulk"]:
        raise AssertionError(f"{name} is a synced table: write it through the ORM")
    changed: set[str] = state.session.info["changed"]
    changed.add(name)


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
