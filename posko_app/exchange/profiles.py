"""What a file for somebody else leaves out, counted before it is made, with the reasons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from posko_app.app import Posko, use_case
from posko_app.data.base import synced_tables
from posko_app.data.outgoing import of_cases
from posko_app.data.tables import Event, Sync
from posko_app.progress import Progress, silent

from .free_text import Found, look, note_search
from .gather import Part, Wanted, split
from .kept_events import is_kept
from .left_out import StepsLeftOut, left_out, profiles
from .public_layout import public_layout
from .public_rows import PublicRows
from .scope import loose_for
from .wanting import What, require_sense, wanted
from .xlsx.limits import limits

AT_ONCE = 400


@dataclass(frozen=True, kw_only=True)
class RemovedTable:
    """Records of one kind that stay here: how many, in how many cases, and why."""

    table: str
    label: str
    records: int
    cases: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class RemovedFields:
    """Facts of a case that a file of values does not tell, and why."""

    label: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Going:
    """What does go: records of one kind, or lines of a sheet of values."""

    label: str
    count: int


@dataclass(frozen=True, kw_only=True)
class Removed:
    """What an export under a profile would hold and what it would leave out.

    `found` are texts in it that name a reporter or witness; a `strict` profile is refused while
    there are any. `unchecked` tells that this account cannot look for them, `elsewhere` at which
    offices the identities of others are.
    """

    to_code: str
    profile: str
    label: str
    whom: str
    cases: int
    goes: tuple[Going, ...]
    tables: tuple[RemovedTable, ...]
    fields: tuple[RemovedFields, ...] = ()
    found: tuple[Found, ...] = ()
    more_found: int = 0
    unchecked: bool = False
    elsewhere: tuple[str, ...] = ()
    strict: bool = False


@use_case("exchange.export")
def removed(
    posko: Posko,
    to_code: str,
    profile: str,
    what: What = "changes",
    cases: Collection[str] = (),
    *,
    progress: Progress = silent,
) -> Removed:
    """Count what an export would hold and leave out, and look for names in it; writes no file.

    Raises UserError for an unknown office or profile and for cases that the office may not have.
    """
    require_sense(posko, to_code, what, cases, profile)
    chosen = profiles().by_code[profile]
    with posko.store.read() as session:
        asked = wanted(posko, session, to_code, what, cases, profile)
        parts = split(session, asked, limits())
        search = look(posko, session, asked, parts, profile, progress)
        if chosen.shape == "values":
            shown = PublicRows(posko, session, asked)
            going, reach = list(_lines(shown)), shown.people_of
        else:
            going = list(_records(parts))
            reach = [uid for part in parts for uid in part.cases]
        tables = tuple(_stays(session, asked, profile, reach))
    note_search(posko, search, to_code, profile)
    hidden = public_layout().hidden if chosen.shape == "values" else ()
    return Removed(
        to_code=to_code,
        profile=profile,
        label=chosen.label,
        whom=chosen.whom,
        cases=len(reach),
        goes=tuple(going),
        tables=tables,
        fields=tuple(RemovedFields(label=h.label, reason=h.reason) for h in hidden),
        found=search.found,
        more_found=search.more,
        unchecked=search.unchecked,
        elsewhere=search.elsewhere,
        strict=chosen.names == "refuse",
    )


def _lines(shown: PublicRows) -> Iterator[Going]:
    counts = {"cases": len(shown.cases), "prevention": len(shown.activities)}
    for sheet in public_layout().sheets:
        yield Going(label=f"Lembar {sheet.name}", count=counts[sheet.of])


def _records(parts: Iterable[Part]) -> Iterator[Going]:
    counts: Counter[str] = Counter()
    for part in parts:
        counts.update(part.counts)
    for table in (*synced_tables(), *sorted(counts.keys() - synced_tables().keys())):
        if counts[table]:
            yield Going(label=profiles().label(table), count=counts[table])


def _stays(
    session: Session, asked: Wanted, profile: str, reach: Sequence[str]
) -> Iterator[RemovedTable]:
    """Every table that stays and has something to leave out, in the order of the tables."""
    omitted = left_out(profile)
    records: Counter[str] = Counter()
    cases: Counter[str] = Counter()
    for uids in _chunks(reach):
        rows = session.execute(
            select(Sync.table_name, func.count(), func.count(func.distinct(Sync.case_uid)))
            .where(Sync.case_uid.in_(uids), Sync.table_name.in_(omitted))
            .group_by(Sync.table_name)
        )
        for table, count, of in rows:
            records[table] += count
            cases[table] += of
    if asked.picked is None:
        loose = (
            select(Sync.table_name, func.count())
            .where(
                Sync.case_uid == "",
                Sync.lsn > asked.after,
                Sync.table_name.in_(omitted),
                loose_for(asked.to, asked.own),
            )
            .group_by(Sync.table_name)
        )
        records.update(dict(session.execute(loose).all()))
    for table in synced_tables():
        if table == Event.__tablename__:
            for steps in profiles().by_code[profile].events:
                yield from _steps_stay(session, steps, reach)
        if records[table]:
            yield RemovedTable(
                table=table,
                label=profiles().label(table),
                records=records[table],
                cases=cases[table] if of_cases(table) else 0,
                reason=profiles().reason(profile, table),
            )


def _steps_stay(
    session: Session, steps: StepsLeftOut, reach: Sequence[str]
) -> Iterator[RemovedTable]:
    """The events of these kinds, when there are any."""
    events = cases = 0
    for uids in _chunks(reach):
        query = select(func.count(), func.count(func.distinct(Sync.case_uid)))
        query = query.where(Sync.case_uid.in_(uids), is_kept(Sync.uid, steps.kinds))
        count, of = session.execute(query).one()
        events, cases = events + count, cases + of
    if events:
        yield RemovedTable(
            table=Event.__tablename__,
            label=f"{profiles().label(Event.__tablename__)}: {steps.label}",
            records=events,
            cases=cases,
            reason=steps.reason,
        )


def _chunks(items: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(items), AT_ONCE):
        yield items[start : start + AT_ONCE]
