"""Which records an export holds, and each of them as it travels, streamed from the database.

The unit is the case: when one record of a case changed, all its records go, so that no child ever
arrives without its parent. Confidential tables are left out as whole records; a field inside a
versioned record is never blanked, because the receiver would take the blank for an edit.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import and_, func, not_, select
from sqlalchemy.orm import Session

from posko_app.data.outgoing import Outgoing, of_cases, outgoing_of_cases, outgoing_of_records
from posko_app.data.tables import Case, Event, SealedPart, Sync

from . import park
from .kept_events import is_kept, kept_events
from .own_letters import is_kept_from, kept_from
from .scope import cases_for, loose_for, referred
from .xlsx.limits import Limits

CASES_AT_ONCE = 250
LOOSE_AT_ONCE = 400
ROW_BYTES = 2_600  # what a record of usual length takes, unpacked, in its sheet and as JSON


@dataclass(frozen=True)
class Wanted:
    """What an export asks for: to whom, from where, since when, without which tables.

    `picked` are the only cases wanted; None for everything, records of no case included. With
    `referred` only cases that were referred to an institution, and no record of none. Events of
    `kinds` stay.
    """

    to: str
    own: str
    after: int  # the local sequence number that the recipient has
    omitted: Collection[str]
    waiting: bool = False  # records that wait here for their case or a newer program travel on
    picked: tuple[str, ...] | None = None
    referred: bool = False
    kinds: Collection[str] = ()

    @property
    def of_cases(self) -> bool:
        """Whether records of no case stay."""
        return self.picked is not None or self.referred


@dataclass
class Part:
    """The content of one workbook: whole cases, records of none, and records that wait here."""

    cases: list[str] = field(default_factory=list)
    loose: list[str] = field(default_factory=list)
    parked: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    rows: int = 0
    size: int = 0

    def add(self, counts: Mapping[str, int], size: int) -> None:
        """Count the rows and the estimated bytes of what was put in."""
        for table, count in counts.items():
            self.counts[table] = self.counts.get(table, 0) + count
            self.rows += count
        self.size += size


def split(session: Session, wanted: Wanted, limits: Limits, caution: int = 1) -> list[Part]:
    """What changed and may go to the recipient, in parts that keep every limit.

    The size of a part is an estimate; the caller asks again with a greater `caution` when a
    finished part proved too big. One part, perhaps empty, when nothing changed.
    """
    parts = [Part()]
    rows_limit = limits.sheet_rows - 2  # heading or manifest, and one to spare
    bytes_limit = min(limits.file_unpacked_bytes, 5 * limits.file_bytes) // caution

    def room(rows: int, size: int) -> Part:
        part = parts[-1]
        full = part.rows + rows > rows_limit or part.size + size > bytes_limit
        if (full or len(part.cases) >= limits.book_cases) and part.rows:
            parts.append(Part())
        return parts[-1]

    for uid, counts, letters in _cases(session, wanted):
        rows = sum(counts.values())
        size = rows * ROW_BYTES + 4 * letters
        part = room(rows, size)
        part.cases.append(uid)
        part.add(counts, size)
    for uid, table in _loose(session, wanted) if not wanted.of_cases else ():
        part = room(1, ROW_BYTES)
        part.loose.append(uid)
        part.add({table: 1}, ROW_BYTES)
    waiting = park.waiting_for(session, wanted.to, wanted.own, wanted.after)
    for uid, table in waiting if wanted.waiting else ():
        part = room(1, ROW_BYTES)
        part.parked.append(uid)
        part.add({table: 1}, ROW_BYTES)
    return parts


def records(
    session: Session, table: str, part: Part, wanted: Wanted
) -> Iterator[Sequence[Outgoing]]:
    """The records of one table in `part`, in chunks of bounded size."""
    if table in wanted.omitted or not part.counts.get(table):
        return
    if of_cases(table):
        for start in range(0, len(part.cases), CASES_AT_ONCE):
            cases = part.cases[start : start + CASES_AT_ONCE]
            found = outgoing_of_cases(session, table, cases)
            if table == SealedPart.__tablename__:
                found = [one for one in found if not is_kept_from(wanted.to, one.values)]
            if table == Event.__tablename__ and wanted.kinds:
                stay = kept_events(session, wanted.kinds, cases)
                found = [one for one in found if one.uid not in stay]
            yield found
    for start in range(0, len(part.loose), LOOSE_AT_ONCE):
        yield outgoing_of_records(session, table, part.loose[start : start + LOOSE_AT_ONCE])


def chunks(text: str, size: int) -> list[str]:
    """`text` in pieces that fit a cell; the JSON is ASCII, so any place is a good place to cut."""
    if len(text) <= size:
        return [text]
    return [text[start : start + size] for start in range(0, len(text), size)]


def _cases(session: Session, wanted: Wanted) -> Iterator[tuple[str, dict[str, int], int]]:
    """Changed cases with their rows per table and the length of their narrative."""
    sent = and_(
        Sync.table_name.not_in(sorted(wanted.omitted)),
        not_(kept_from(wanted.to)),
        not_(is_kept(Sync.uid, wanted.kinds)),
    )
    query = (
        select(Sync.case_uid, Sync.table_name, func.count())
        .where(Sync.case_uid != "", sent, cases_for(wanted.to, wanted.own))
        .group_by(Sync.case_uid, Sync.table_name)
        .order_by(Sync.case_uid)
    )
    if wanted.after:
        changed = select(Sync.case_uid).where(Sync.lsn > wanted.after, Sync.case_uid != "", sent)
        query = query.where(Sync.case_uid.in_(changed))
    if wanted.picked is not None:
        query = query.where(Sync.case_uid.in_(wanted.picked))
    if wanted.referred:
        query = query.where(referred())
    lengths = _narratives(session)
    current, counts = "", dict[str, int]()
    for uid, table, count in session.execute(query.execution_options(yield_per=2000)):
        if uid != current and counts:
            yield current, counts, lengths.get(current, 0)
            counts = {}
        current = uid
        counts[table] = count
    if counts:
        yield current, counts, lengths.get(current, 0)


def _narratives(session: Session) -> dict[str, int]:
    """The length of each unusually long narrative, in characters."""
    length = func.length(Case.narrative)
    rows = session.execute(select(Case.uid, length).where(length > 500))
    return dict(rows.all())


def _loose(session: Session, wanted: Wanted) -> Iterator[tuple[str, str]]:
    rows = session.execute(
        select(Sync.uid, Sync.table_name)
        .where(
            Sync.case_uid == "",
            Sync.lsn > wanted.after,
            Sync.table_name.not_in(sorted(wanted.omitted)),
            loose_for(wanted.to, wanted.own),
        )
        .order_by(Sync.uid)
    )
    yield from ((uid, table) for uid, table in rows)
