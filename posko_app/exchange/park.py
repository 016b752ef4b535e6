"""Records that came too early: kept as they are, carried on, taken in when their place is there.

A child whose case has not come, and a record of a table that only a later program knows, are no
mistakes. They are joined like all others while they wait.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple, TypeVar

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from posko_app.data import record as records
from posko_app.data.base import synced_tables
from posko_app.data.outgoing import Outgoing
from posko_app.data.tables import Case, ParkedRecord
from posko_app.data.versions import Stamper

from . import merge
from .proven import MachineRow
from .scope import is_above

NO_PARENT, UNKNOWN_TABLE = "no_parent", "unknown_table"
AT_ONCE = 400
T = TypeVar("T")


class Parked(NamedTuple):
    """A record that waits: why, and for which case."""

    number: int  # of its row in the machine sheet
    uid: str
    table: str
    case_uid: str
    text: str
    why: str


def join_parked(
    session: Session, incoming: Iterable[Parked], forked: Collection[str]
) -> list[Parked]:
    """What waits after these came: joined with what waits already; equal ones drop out."""
    wanted = {record.uid: record for record in incoming}
    kept = texts_of(session, wanted)
    found = []
    for uid, record in wanted.items():
        text = kept.get(uid)
        if text is not None:
            try:
                ours = records.from_canonical(records.loads(text))
                theirs = records.from_canonical(records.loads(record.text))
                text = records.dumps(records.canonical(merge.join(ours, theirs, forked)))
            except ValueError:
                continue  # cannot be read as a record, or names another table
            if text == kept[uid]:
                continue
            record = record._replace(text=text)
        found.append(record)
    return found


def texts_of(session: Session, uids: Iterable[str]) -> dict[str, str]:
    """The texts of those that wait here, by record."""
    found: dict[str, str] = {}
    for chunk in _chunks(sorted(set(uids))):
        rows = select(ParkedRecord.uid, ParkedRecord.text).where(ParkedRecord.uid.in_(chunk))
        found |= dict(session.execute(rows).all())
    return found


def ready(session: Session, coming: Collection[str]) -> list[MachineRow]:
    """Those that can be taken in now: their table is known, and their case is here or `coming`."""
    known = list(synced_tables())
    here = or_(
        ParkedRecord.case_uid == "",
        ParkedRecord.case_uid.in_(select(Case.uid)),
    )
    query = select(ParkedRecord).where(ParkedRecord.table_name.in_(known))
    rows = list(session.scalars(query.where(here)))
    for chunk in _chunks(sorted(coming)):
        rows += session.scalars(query.where(ParkedRecord.case_uid.in_(chunk)))
    unique = {row.uid: row for row in rows}
    return [MachineRow(0, row.uid, row.hash, row.text) for row in unique.values()]


def keep(
    session: Session, stamper: Stamper, import_uid: str, parked: Iterable[Parked]
) -> list[tuple[str, str | None]]:
    """Store what waits; gives each record with its text before, None where it was not there."""
    before = []
    for record in parked:
        row = session.get(ParkedRecord, record.uid)
        before.append((record.uid, row.text if row else None))
        values = {
            "table_name": record.table,
            "case_uid": record.case_uid,
            "text": record.text,
            "hash": records.row_hash(record.text),
            "why": record.why,
            "lsn": stamper.lsn(),
            "import_uid": import_uid,
        }
        if row is None:
            session.add(ParkedRecord(uid=record.uid, **values))
        else:
            for name, value in values.items():
                setattr(row, name, value)
    return before


def release(session: Session, uids: Iterable[str]) -> dict[str, str]:
    """Take those out that need not wait any more; gives the texts they had."""
    texts = texts_of(session, uids)
    for chunk in _chunks(sorted(texts)):
        session.execute(delete(ParkedRecord).where(ParkedRecord.uid.in_(chunk)))
    return texts


def waiting_for(session: Session, to: str, own: str, after: int) -> list[tuple[str, str]]:
    """Waiting records that travel on to an office, with their tables.

    Without its case nobody can tell whose a record is: it goes only to the offices above, and one
    of an unknown table besides to the office whose case it belongs to.
    """
    query = select(ParkedRecord.uid, ParkedRecord.table_name).where(ParkedRecord.lsn > after)
    if not is_above(to, own):
        theirs = select(Case.uid).where(
            or_(Case.office_code == to, Case.office_code.startswith(f"{to}."))
        )
        query = query.where(ParkedRecord.case_uid.in_(theirs))
    return [(uid, table) for uid, table in session.execute(query.order_by(ParkedRecord.uid))]


def carried(session: Session, uids: Sequence[str]) -> Iterator[list[Outgoing]]:
    """Waiting records as they travel: the machine sheet has them, no readable one does."""
    for chunk in _chunks(uids):
        rows = session.scalars(
            select(ParkedRecord).where(ParkedRecord.uid.in_(chunk)).order_by(ParkedRecord.uid)
        )
        yield [Outgoing(row.uid, row.hash, row.text, {}, {}) for row in rows]


def _chunks(items: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), AT_ONCE):
        yield items[start : start + AT_ONCE]
