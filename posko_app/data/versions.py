"""Versions of synced records, captured at every write so that use cases need not think of them.

One write of a record makes one dot (this device, next number), shared by the fields it changed.
The `sync` row keeps the version vector, the stamp of the creating write and the stamps of fields
changed since; the values stand in the record's own row, unresolved ones in `siblings`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, delete, inspect, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import History

from posko_app.security.uid import new_uid

from . import record as records
from .base import Synced, synced_fields, synced_tables
from .bulk import insert_rows
from .record import Record, Value
from .tables import ForkedDevice, Office, Sibling, Sync
from .values import from_value as from_value
from .values import to_value as to_value

Clock = Callable[[], datetime]
APPEND_ONLY = frozenset(
    {
        *("events", "check_marks", "letters", "referral_updates", "pledge_links", "case_links"),
        "sealed_parts",
    }
)
"""Tables whose records are never changed, only answered by another record."""
CHUNK = 500  # bound parameters per statement stay far below both engines' limits


def capture(session: Session, *_: object) -> None:
    """Stamp every synced record a session is about to write; refuse physical deletes.

    A `before_flush` listener of write sessions, whose `info` holds `actor` and `clock`.
    """
    gone = [o for o in session.deleted if isinstance(o, Synced)]
    if gone:
        raise AssertionError(f"{gone[0].__tablename__} rows are voided, never deleted")
    made = [o for o in session.new if isinstance(o, Synced)]
    kept = [o for o in session.dirty if isinstance(o, Synced) and session.is_modified(o)]
    if made or kept:
        info = session.info
        if "stamper" not in info:  # one lock on the counters serves the whole transaction
            info["stamper"] = Stamper.take(session, info["actor"], info["clock"])
        stamper: Stamper = info["stamper"]
        for row in made:
            session.add(stamper.created(row))
        for row in kept:
            stamper.changed(session, row)


@dataclass
class Stamper:
    """Gives out dots and local sequence numbers inside one transaction."""

    office: Office
    actor: str
    forked: frozenset[str] | None = None  # devices that exist twice; read when first needed

    @classmethod
    def take(cls, session: Session, actor: str, clock: Clock) -> Stamper:
        """Lock the office's counters for this transaction and move the hybrid clock on."""
        with session.no_autoflush:
            office = session.scalars(select(Office).with_for_update()).one()
        now = int(clock().timestamp() * 1000)
        office.hlc = max(office.hlc + 1, now)
        return cls(office, actor)

    def dot(self) -> records.Dot:
        """The next write of this device."""
        self.office.counter += 1
        return self.office.device_id, self.office.counter

    def skip_to(self, number: int) -> None:
        """Never use a number again under which a record says this device wrote.

        Only where the device exists twice can that be higher than its own last one.
        """
        self.office.counter = max(self.office.counter, number)

    def lsn(self) -> int:
        """The next local sequence number: what changed after it is sent to whoever lacks it."""
        self.office.lsn += 1
        return self.office.lsn

    def lsns(self, count: int) -> range:
        """The next so many local sequence numbers."""
        first = self.office.lsn + 1
        self.office.lsn += count
        return range(first, first + count)

    def created(self, row: Synced) -> Sync:
        """The version of a record that is being inserted."""
        _fill_defaults(row)
        return Sync(
            uid=row.uid,
            table_name=row.__tablename__,
            case_uid=case_of(row.__tablename__, row.uid, row.__dict__),
            lsn=self.lsn(),
            version=self.created_version(),
        )

    def created_version(self) -> str:
        """The `version` text of a record whose every field comes from one write."""
        device, number = self.dot()
        stamp = [device, number, self.office.hlc, self.actor]
        return records.dumps({"v": {device: number}, "c": stamp})

    def changed(self, session: Session, row: Synced) -> None:
        """Stamp the changed fields of a record that is being updated."""
        state = inspect(row)
        fields = [f for f in synced_fields(type(row)) if state.attrs[f].history.has_changes()]
        if not fields:
            return
        if row.__tablename__ in APPEND_ONLY:
            raise AssertionError(f"{row.__tablename__} rows are answered by others, never changed")
        changes = {f: to_value(getattr(row, f)) for f in fields}
        replaced = {f: to_value(_old(state.attrs[f].load_history())) for f in fields}
        with session.no_autoflush:
            sync = session.get_one(Sync, row.uid)
            marks = list(session.scalars(select(Sibling).where(Sibling.uid == row.uid)))
        values = {**row_values(row), **replaced}
        before = record_of(row.__tablename__, row.uid, values, sync.version, marks)
        self.skip_to(before.vv.get(self.office.device_id, 0))
        after = records.write(
            before,
            row.__tablename__,
            row.uid,
            changes,
            self.dot(),
            self.office.hlc,
            self.actor,
            self._forked(session),
        )
        for mark in marks:
            if mark.field in changes:
                session.delete(mark)
        sync.version = version_text(after)
        sync.lsn = self.lsn()

    def _forked(self, session: Session) -> frozenset[str]:
        if self.forked is None:
            with session.no_autoflush:
                self.forked = frozenset(session.scalars(select(ForkedDevice.device_id)))
        return self.forked


def case_of(table: str, uid: str, values: Mapping[str, Any]) -> str:
    """The case a record belongs to, or an empty text."""
    return uid if table == "cases" else (values.get("case_uid") or "")


def row_values(row: Synced) -> dict[str, Value]:
    """The synced fields of a row in canonical form."""
    return {f: to_value(getattr(row, f)) for f in synced_fields(type(row))}


def version_text(record: Record, canonical: records.Canonical | None = None) -> str:
    """What `sync.version` keeps of a record: all but table, uid and the values rows can hold.

    Values of fields that only a later program knows stay here, to travel on unchanged. `canonical`
    spares making that form again.
    """
    data = records.canonical(record) if canonical is None else canonical
    kept: dict[str, Any] = {k: data[k] for k in ("v", "c", "s") if k in data}
    known = {name for name, *_ in shape_of(record.table)}
    foreign = {f: v for f, v in data.get("f", {}).items() if f not in known}
    if foreign:
        kept["f"] = foreign
    return records.dumps(kept)


def load_records(
    session: Session, uids: Collection[str] | None = None, *, after_lsn: int = 0
) -> Iterable[Record]:
    """Records with their versions, parents before children.

    All of `uids`, or every record whose local sequence number lies above `after_lsn`.
    """
    wanted = select(Sync).where(Sync.lsn > after_lsn).order_by(Sync.uid)
    named: dict[str, list[Sync]] = {}
    for chunk in _chunks(sorted(uids or ())):  # one question for all tables: mostly few are meant
        for sync in session.scalars(wanted.where(Sync.uid.in_(chunk))):
            named.setdefault(sync.table_name, []).append(sync)
    for name, table in synced_tables().items():
        if uids is None:
            found = session.scalars(wanted.where(Sync.table_name == name)).all()
            yield from _load(session, name, table, found)
        else:
            yield from _load(session, name, table, named.get(name, ()))


def _load(
    session: Session, name: str, table: type[Synced], syncs: Sequence[Sync]
) -> Iterable[Record]:
    columns = table.__table__.columns
    fields = synced_fields(table)
    for chunk in _chunks(syncs):
        ids = [s.uid for s in chunk]
        rows = session.execute(
            select(columns.uid, *(columns[f] for f in fields)).where(columns.uid.in_(ids))
        )
        values = {r[0]: dict(zip(fields, map(to_value, r[1:]), strict=True)) for r in rows}
        marks: dict[str, list[Sibling]] = {}
        for mark in session.scalars(select(Sibling).where(Sibling.uid.in_(ids))):
            marks.setdefault(mark.uid, []).append(mark)
        for sync in chunk:
            yield record_of(name, sync.uid, values[sync.uid], sync.version, marks.get(sync.uid, ()))


class UnfitValue(ValueError):
    """A value that its column cannot hold; names both."""

    def __init__(self, field: str, value: Value) -> None:
        super().__init__(f"{field} cannot hold {value!r}")
        self.field, self.value = field, value


@dataclass(frozen=True, slots=True)
class Prepared:
    """A record turned into the rows that keep it, ready to be stored."""

    table: str
    uid: str
    case_uid: str
    row: dict[str, Any]
    version: str
    marks: tuple[tuple[str, str], ...]  # field and unresolved value


def prepare(record: Record, shown: Callable[[Record, str], Value] = records.display) -> Prepared:
    """The rows of a record. `shown(record, field)` picks the value of a field that has several.

    Fields this version does not know are left to the stamps. Raises UnfitValue.
    """
    row: dict[str, Any] = {"uid": record.uid}
    for name, kind, column in shape_of(record.table):
        siblings = record.fields.get(name, ())
        value = shown(record, name) if len(siblings) > 1 else None  # asking is dear, so only then
        if len(siblings) == 1:
            value = siblings[0].value
        try:
            held = value if kind is str and type(value) is str else from_value(kind, value)
            row[name] = _default(column) if held is None and not column.nullable else held
        except (ValueError, OverflowError) as error:
            raise UnfitValue(name, value) from error
    data = records.canonical(record)
    marks = tuple(
        (name, records.dumps({"m": sibling}))
        for name, siblings in data.get("m", {}).items()
        for sibling in siblings
    )
    case_uid = case_of(record.table, record.uid, row)
    return Prepared(record.table, record.uid, case_uid, row, version_text(record, data), marks)


@cache
def shape_of(table: str) -> tuple[tuple[str, type, Any], ...]:
    """The fields of a table with the Python types of their columns, and the columns."""
    source = synced_tables()[table]
    columns = [source.__table__.columns[name] for name in synced_fields(source)]
    return tuple((column.key, column.type.python_type, column) for column in columns)


def store_records(
    session: Session,
    merged: Sequence[Record],
    stamper: Stamper,
    *,
    known: Collection[str],
    shown: Callable[[Record, str], Value] = records.display,
) -> None:
    """Prepare and store joined records as they are, with their own stamps.

    Needs a `write(bulk=True)` session; `known` uids are updated. Raises UnfitValue.
    """
    store_prepared(session, [prepare(r, shown) for r in merged], stamper, known=known)


def store_prepared(
    session: Session, prepared: Sequence[Prepared], stamper: Stamper, *, known: Collection[str]
) -> None:
    """Write prepared records, parents before children; `known` uids are updated.

    Needs a `write(bulk=True)` session.
    """
    groups: dict[str, list[Prepared]] = {}
    for record in prepared:
        groups.setdefault(record.table, []).append(record)
    for name, source in synced_tables().items():
        group = groups.get(name, [])
        if not group:
            continue
        table: Any = source.__table__
        local = {c.name: _default(c) for c in table.columns if c.info.get("local")}
        fresh = [{**local, **p.row} for p in group if p.uid not in known]
        insert_rows(session, table, fresh)
        changed = [{**p.row, "which": p.uid} for p in group if p.uid in known]
        if changed:
            where = table.c.uid == bindparam("which")
            names = [key for key in changed[0] if key not in ("uid", "which")]
            values: dict[str, Any] = {name: bindparam(name) for name in names}
            session.execute(table.update().where(where).values(values), changed)
        _store_versions(session, group, stamper, known)


def _store_versions(
    session: Session, group: Sequence[Prepared], stamper: Stamper, known: Collection[str]
) -> None:
    old = [p.uid for p in group if p.uid in known]
    for chunk in _chunks(old):
        session.execute(delete(Sibling).where(Sibling.uid.in_(chunk)))
        session.execute(delete(Sync).where(Sync.uid.in_(chunk)))
    syncs = [
        {
            "uid": p.uid,
            "table_name": p.table,
            "case_uid": p.case_uid,
            "lsn": lsn,
            "version": p.version,
        }
        for p, lsn in zip(group, stamper.lsns(len(group)), strict=True)
    ]
    marks = [
        {
            "uid": p.uid,
            "table_name": p.table,
            "case_uid": p.case_uid,
            "field": field,
            "sibling": sibling,
        }
        for p in group
        for field, sibling in p.marks
    ]
    insert_rows(session, Sync.__table__, syncs)
    insert_rows(session, Sibling.__table__, marks)


def record_of(
    table: str,
    uid: str,
    values: Mapping[str, Value],
    version: str,
    marks: Iterable[Sibling],
) -> Record:
    """A record from its row's values, its `sync.version` and its unresolved values."""
    data = records.loads(version)
    several: dict[str, list[Any]] = {}
    for mark in marks:
        several.setdefault(mark.field, []).append(records.loads(mark.sibling)["m"])
    stamped, carried = data.get("s", {}), data.get("f", {})
    single = {
        f: v
        for f, v in values.items()
        if f not in several and (v is not None or (f in stamped and f not in carried))
    }
    parts = {"t": table, "u": uid, **data, "f": {**carried, **single}}
    if several:
        parts["m"] = several
    return records.from_canonical(parts)


def _old(history: History) -> Any:
    return history.deleted[0] if history.deleted else None


def _fill_defaults(row: Synced) -> None:
    """Give a new row its uid and column defaults now, so that the version sees what is stored."""
    for column in type(row).__table__.columns:
        if column.key == "uid" and not row.uid:
            row.uid = new_uid()
        elif column.key != "id" and getattr(row, column.key) is None and column.default is not None:
            setattr(row, column.key, _default(column))


def _default(column: Any) -> Any:
    if column.default is not None and column.default.is_scalar:
        return column.default.arg
    kind = column.type.python_type
    if kind is bytes or kind in (date, datetime):
        raise ValueError(f"{column.name} may not be empty")
    return kind()


def _chunks(items: Sequence[Any]) -> Iterable[Sequence[Any]]:
    for start in range(0, len(items), CHUNK):
        yield items[start : start + CHUNK]
