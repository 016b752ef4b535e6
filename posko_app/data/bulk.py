"""Many rows at once: inserted with the driver's own parameters, looked for by a list of keys.

What a statement costs per row and per parameter is most of what an import of thousands costs.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Dialect, Table, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from .base import synced_tables

AT_ONCE = 500
FEW = 8  # keys that a statement may as well hold one by one


class _Insert(NamedTuple):
    """An insert as its driver takes it: the text, the column of each parameter, its conversion."""

    sql: str
    columns: tuple[tuple[str, Callable[[Any], Any] | None], ...]


_MADE: dict[tuple[object, ...], _Insert] = {}  # by engine, table, columns and manner


def insert_rows(
    session: Session,
    table: Any,
    rows: Sequence[Mapping[str, Any]],
    *,
    keep_known: bool = False,
) -> None:
    """Insert rows that all have the same columns; `keep_known` leaves alone what is there already.

    Every column that has a default must be among them. Synced tables need a `write(bulk=True)`
    session.
    """
    if not rows:
        return
    if table.name in synced_tables() and not session.info["bulk"]:
        raise AssertionError(f"{table.name} is a synced table: write it through the ORM")
    session.info["changed"].add(table.name)
    session.flush()  # the rows may refer to objects that are not written yet
    connection = session.connection()
    statement: Any = _statement(table, connection.dialect, keep_known)
    if not connection.dialect.positional:
        for start in range(0, len(rows), AT_ONCE):
            session.execute(statement, rows[start : start + AT_ONCE])
        return
    made = _made(table, tuple(rows[0]), connection.dialect, keep_known)
    lists = [
        [row[name] for row in rows] if convert is None else [convert(row[name]) for row in rows]
        for name, convert in made.columns
    ]
    connection.exec_driver_sql(made.sql, list(zip(*lists, strict=True)))


def among(session: Session, column: Any, keys: Collection[str]) -> ColumnElement[bool]:
    """Whether a column holds one of many texts, given as one parameter where the engine can."""
    if len(keys) <= FEW or session.get_bind().dialect.name != "sqlite":
        few: ColumnElement[bool] = column.in_(list(keys))
        return few
    each = func.json_each(json.dumps(list(keys))).table_valued("value")
    many: ColumnElement[bool] = column.in_(select(each.c.value))
    return many


def _statement(table: Table, dialect: Dialect, keep_known: bool) -> Any:
    maker: Any = sqlite.insert if dialect.name == "sqlite" else postgresql.insert
    return maker(table).on_conflict_do_nothing() if keep_known else maker(table)


def _made(table: Table, names: tuple[str, ...], dialect: Dialect, keep_known: bool) -> _Insert:
    """The insert for rows with these columns, made once per engine."""
    key = (dialect.name, table, names, keep_known)
    if key not in _MADE:
        defaults = [c.name for c in table.columns if c.default is not None and c.name not in names]
        if defaults:
            raise AssertionError(f"rows of {table.name} lack {', '.join(defaults)}")
        statement = _statement(table, dialect, keep_known)
        compiled: Any = statement.compile(dialect=dialect, column_keys=list(names))
        columns = tuple(
            (name, table.columns[name].type.dialect_impl(dialect).bind_processor(dialect))
            for name in compiled.positiontup
        )
        _MADE[key] = _Insert(str(compiled), columns)
    return _MADE[key]
