"""What the next export to an office would hold, told before it is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from posko_app.app import Posko, use_case
from posko_app.data.tables import Export, Sync
from posko_app.progress import Progress, silent

from .ledger import channel
from .left_out import left_out
from .scope import cases_for, loose_for


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """The next export: its number, what changed since the last confirmed one, the one before.

    `cases` are the reports touched (each travels whole), `loose` the other records by table.
    `heard` is false while the recipient confirmed nothing, so that everything goes.
    """

    to_code: str
    seq: int
    cases: int
    loose: Mapping[str, int]
    heard: bool
    last_made_at: datetime | None


@use_case("exchange.export")
def outlook(
    posko: Posko, to_code: str, *, profile: str = "internal", progress: Progress = silent
) -> Outlook:
    """Count what an export to `to_code` would hold now; nothing is written."""
    progress(0, 0, "Menghitung isi kiriman")
    sent = Sync.table_name.not_in(sorted(left_out(profile)))
    with posko.store.read() as session:
        where = channel(session, to_code)
        changed = (Sync.lsn > where.frm, sent)
        cases = session.scalar(
            select(func.count(func.distinct(Sync.case_uid))).where(
                Sync.case_uid != "", *changed, cases_for(to_code, posko.office.code)
            )
        )
        loose = session.execute(
            select(Sync.table_name, func.count())
            .where(Sync.case_uid == "", *changed, loose_for(to_code, posko.office.code))
            .group_by(Sync.table_name)
        ).all()
        last = session.scalar(select(func.max(Export.made_at)).where(Export.to_code == to_code))
    return Outlook(
        to_code=to_code,
        seq=where.seq,
        cases=cases or 0,
        loose=dict(loose),
        heard=where.frm > 0,
        last_made_at=last,
    )
