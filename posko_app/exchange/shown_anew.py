"""Which of several values stands in lists, looked at again when who decides may have changed.

The value of the office that decides is shown. Which office that is depends on who handles the case
and on whose device wrote what; when a device becomes known only later, all offices must still come
to show the same, or a region would lie in one office's scope and not in the other's.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import ColumnElement, or_, select, true

from posko_app.cases import board
from posko_app.data import record as records
from posko_app.data.base import synced_tables
from posko_app.data.record import Record
from posko_app.data.tables import Sibling
from posko_app.data.versions import prepare, store_prepared

from .authority import Offices, records_of
from .taking import Taking

AT_ONCE = 400


def show_anew(taking: Taking, known: Mapping[str, str]) -> None:
    """Bring the shown values of contested fields up to date, in the transaction of an import.

    `known` are the devices and their offices before it. When more are known now, every contested
    record is looked at, else those of the cases that the import touched.
    """
    session = taking.session
    offices = Offices(taking.posko, session)
    which: ColumnElement[bool] = true()
    if dict(offices.devices) == dict(known):
        touched = sorted(taking.cases)
        if not touched:
            return
        chunks = [touched[at : at + AT_ONCE] for at in range(0, len(touched), AT_ONCE)]
        which = or_(*(Sibling.case_uid.in_(chunk) for chunk in chunks))
    contested = sorted(session.scalars(select(Sibling.uid).where(which).distinct()))
    for start in range(0, len(contested), AT_ONCE):
        _show(taking, offices, records_of(session, contested[start : start + AT_ONCE]))


def _show(taking: Taking, offices: Offices, found: Mapping[str, Record]) -> None:
    wrong = {
        record.uid: record
        for table in {record.table for record in found.values()}
        for record in _wrong(taking, offices, table, found)
    }
    if not wrong:
        return
    for uid, record in wrong.items():
        text = records.dumps(records.canonical(record))
        taking.before.setdefault(uid, (record.table, text))
        taking.hashes.pop(uid, None)
    prepared = [prepare(record, offices.shown) for record in wrong.values()]
    # with a new number each: who may have the case can depend on what is shown
    store_prepared(taking.session, prepared, taking.stamper, known=set(wrong))
    cases = sorted({p.case_uid for p in prepared} - {""})
    board.refresh(taking.posko, taking.session, cases)


def _wrong(
    taking: Taking, offices: Offices, table: str, found: Mapping[str, Record]
) -> Collection[Record]:
    """Records of a table of which something else is shown than should be."""
    source = synced_tables()[table].__table__
    mine = {uid: record for uid, record in found.items() if record.table == table}
    rows = taking.session.execute(select(source).where(source.c.uid.in_(sorted(mine)))).mappings()
    return [
        mine[row["uid"]]
        for row in rows
        if any(
            prepare(mine[row["uid"]], offices.shown).row[name] != row[name]
            for name in records.conflicts(mine[row["uid"]])
        )
    ]
