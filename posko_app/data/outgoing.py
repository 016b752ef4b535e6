"""Records as text that travels, made straight from rows: what an export of 10,000 cases reads.

Gives exactly what `versions.load_records` and the canonical form give, a test says so, without an
object per field. Values come raw from the driver, because canonical text is what is wanted.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Select, select, type_coerce
from sqlalchemy.orm import Session
from sqlalchemy.types import NullType

from . import record as records
from .base import synced_fields, synced_tables
from .record import Value
from .tables import Sibling, Sync

# A version without stamps of later writes: its two parts can be taken over as they are.
_PLAIN = re.compile(r'\{"c":(\[[^\]{}]*\]),"v":(\{[^{}\[\]]*\})\}')
_dumps = json.JSONEncoder(ensure_ascii=True, sort_keys=True, separators=(",", ":")).encode


class Outgoing(NamedTuple):
    """One record ready to travel.

    `text` is its canonical JSON and `hash` the row hash of it; `values` are the values that stand
    in its row; `several` are the fields with unresolved values, each [value, *stamp].
    """

    uid: str
    hash: str
    text: str
    values: dict[str, Value]
    several: Mapping[str, list[list[Any]]]


def of_cases(table: str) -> bool:
    """Whether the records of a table belong to cases."""
    return table == "cases" or "case_uid" in synced_fields(synced_tables()[table])


def outgoing_of_cases(
    session: Session, table: str, case_uids: Collection[str]
) -> Sequence[Outgoing]:
    """The records of one table that belong to these cases, by case and record."""
    columns = synced_tables()[table].__table__.columns
    key = columns.uid if table == "cases" else columns.case_uid
    query = _query(table).where(key.in_(case_uids)).order_by(key, columns.uid)
    marks = select(Sibling).where(Sibling.case_uid.in_(case_uids), Sibling.table_name == table)
    return list(_outgoing(session, table, query, marks))


def outgoing_of_records(session: Session, table: str, uids: Collection[str]) -> Sequence[Outgoing]:
    """These records of one table, by uid."""
    columns = synced_tables()[table].__table__.columns
    query = _query(table).where(columns.uid.in_(uids)).order_by(columns.uid)
    marks = select(Sibling).where(Sibling.uid.in_(uids))
    return list(_outgoing(session, table, query, marks))


@cache
def _query(table: str) -> Any:
    source = synced_tables()[table]
    columns = source.__table__.columns
    raw = [type_coerce(columns[name], NullType()) for name in synced_fields(source)]
    return select(Sync.uid, Sync.version, *raw).join(source, columns.uid == Sync.uid)


def _outgoing(
    session: Session, table: str, query: Any, marks: Select[Sibling]
) -> Iterator[Outgoing]:
    several: dict[str, dict[str, list[list[Any]]]] = {}
    for mark in session.scalars(marks.order_by(Sibling.id)):
        fields = several.setdefault(mark.uid, {})
        fields.setdefault(mark.field, []).append(records.loads(mark.sibling)["m"])
    names, converters = _shape(table)
    name_of_table = _dumps(table)
    for uid, version, *raw in session.execute(query):
        values: dict[str, Value] = dict(zip(names, raw, strict=True))
        for name, convert in converters:
            if values[name] is not None:
                values[name] = convert(values[name])
        plain = _PLAIN.fullmatch(version)
        if plain and uid not in several:
            held = _dumps({k: v for k, v in values.items() if v is not None})
            place = f'"t":{name_of_table},"u":{_dumps(uid)}'
            text = f'{{"c":{plain[1]},"f":{held},{place},"v":{plain[2]}}}'
        else:
            text = _stamped(table, uid, version, values, several.get(uid, {}))
        yield Outgoing(uid, records.row_hash(text), text, values, several.get(uid, {}))


def _stamped(
    table: str,
    uid: str,
    version: str,
    values: Mapping[str, Value],
    several: Mapping[str, list[list[Any]]],
) -> str:
    data = records.loads(version)
    stamped = data.get("s", {})
    held = {
        name: value
        for name, value in values.items()
        if name not in several and (value is not None or name in stamped)
    }
    parts = {**data, "t": table, "u": uid, "f": {**data.get("f", {}), **held}}
    if several:
        parts["m"] = dict(several)
    return records.dumps(records.canonical(records.from_canonical(parts)))


@cache
def _shape(table: str) -> tuple[tuple[str, ...], tuple[tuple[str, Callable[[Any], Value]], ...]]:
    """The fields of a table, and those whose raw value is not yet canonical."""
    source = synced_tables()[table]
    names = synced_fields(source)
    kinds = {name: source.__table__.columns[name].type.python_type for name in names}
    converters: dict[type, Callable[[Any], Value]] = {bool: int, date: _day, datetime: _instant}
    return names, tuple((n, converters[k]) for n, k in kinds.items() if k in converters)


def _day(raw: Any) -> Value:
    return raw if isinstance(raw, str) else str(raw.isoformat())


def _instant(raw: Any) -> Value:
    # SQLite keeps UTC text with microseconds, which lacks only the marks
    if isinstance(raw, str):
        return f"{raw[:10]}T{raw[11:]}Z"
    return str(raw.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"))
