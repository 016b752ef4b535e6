"""Values of fields that only a later program knew, put into their columns once these exist."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from . import record as records
from .base import synced_tables
from .tables import Sibling, Sync
from .versions import prepare, record_of, shape_of, to_value


def lift_carried(session: Session) -> int:
    """Put values that a later program had sent into the columns that now exist for them.

    Run after an upgrade that added columns: until then such values travel in `sync.version`, and
    the next write would lose them there. Returns how many records were lifted.
    """
    lifted = 0
    tables = synced_tables()
    kept = select(Sync).where(Sync.version.contains('"f":{'))
    apart = select(Sync).where(Sync.uid.in_(select(Sibling.uid)))
    for sync in {s.uid: s for query in (kept, apart) for s in session.scalars(query)}.values():
        if sync.table_name not in tables:
            continue
        table: Any = tables[sync.table_name].__table__
        marks = list(session.scalars(select(Sibling).where(Sibling.uid == sync.uid)))
        carried = records.loads(sync.version).get("f", {}).keys() | {m.field for m in marks}
        wanted = [name for name, *_ in shape_of(sync.table_name) if name in carried]
        if not wanted:
            continue
        row = session.execute(select(table).where(table.c.uid == sync.uid)).mappings().one()
        values = {name: to_value(row[name]) for name, *_ in shape_of(sync.table_name)}
        made = prepare(record_of(sync.table_name, sync.uid, values, sync.version, marks))
        session.execute(
            table.update()
            .where(table.c.uid == sync.uid)
            .values({name: made.row[name] for name in wanted})
        )
        sync.version = made.version
        lifted += 1
    return lifted
