"""What each row of a workbook leads to here: new, updated, same, in conflict or rejected.

Reads the database and decides; writes nothing. Text that is equal to our own needs no look inside,
so importing a file twice costs little.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from posko_app.data import record as records
from posko_app.data.base import synced_tables
from posko_app.data.outgoing import outgoing_of_records
from posko_app.data.record import Record
from posko_app.data.tables import Case, Sync
from posko_app.data.versions import Prepared, UnfitValue, prepare
from posko_app.progress import Progress, silent

from . import merge, park
from .authority import Offices
from .layout import layout
from .manifest import SHEET
from .notice import row_reason, short
from .park import Parked
from .proven import MachineRow
from .xlsx.limits import limits
from .xlsx.parts import FORBIDDEN

AT_ONCE = 400
_UID = re.compile(r"[0-9A-Za-z._-]{1,64}")
_FIRST_YEAR, _LAST_YEAR = 1900, 2199
NEVER_SENT = frozenset({"identities", "clarification_questions"})


@dataclass(frozen=True)
class RejectedRow:
    """A row that is not taken in: where it stands, which column, and why, for people."""

    sheet: str
    row: int
    column: str
    reason: str


@dataclass(frozen=True, slots=True)
class Decision:
    """A record that will be written, ready to be stored, and what that means.

    `text` is the record as it came, in case it must be decided again. `changed` are the fields
    whose values differ from the local copy, empty for a new record.
    """

    row: int
    text: str
    prepared: Prepared
    verdict: merge.Verdict
    changed: tuple[str, ...]
    conflicts: tuple[str, ...]
    forked: tuple[str, ...] = ()  # devices it proves to exist twice


@dataclass
class Judged:
    """Decisions in the order they must be written (parents first), and everything counted.

    `parked` must wait, `waiting` are their places; `arrived` waited and need not any more. `held`
    are cases here that the sender has too. `harmed`: rows of the machine sheet are not as signed.
    """

    decisions: list[Decision]
    rejected: list[RejectedRow]
    parked: list[Parked]
    waiting: list[RejectedRow]
    arrived: list[str]
    held: list[str] = field(default_factory=list)
    same: int = 0
    harmed: bool = False


def judge(
    session: Session,
    rows: Sequence[MachineRow],
    offices: Offices,
    regulations: Collection[str],
    forked: Collection[str] = (),
    progress: Progress = silent,
    doubtful: Sequence[MachineRow] = (),
) -> Judged:
    """Decide on every row, and on records that waited for one of them.

    `regulations` are the ids of the rules this program knows; of `doubtful` rows nobody knows who
    wrote them.
    """
    result = Judged([], [], [], [], [])
    groups = _by_table(rows, result, {row.number: row for row in doubtful})
    coming = {row.machine.uid for row in groups.get("cases", ())}
    named = {row.uid for row in rows}
    for row in park.ready(session, coming):
        if row.uid not in named:
            groups.setdefault(_table_of(row), []).append(_Row(row, _table_of(row), 0))
    court = _Court(session, result, offices, regulations, forked, set())
    done = 0
    for table in synced_tables():
        group = groups.get(table, [])
        for start in range(0, len(group), AT_ONCE):
            progress(min(done, len(rows)), len(rows), "Memeriksa isi berkas")
            chunk = group[start : start + AT_ONCE]
            _judge_chunk(court, table, chunk)
            done += len(chunk)
    waiting = park.join_parked(session, result.parked, forked)
    result.same += len(result.parked) - len(waiting)
    result.parked = waiting
    progress(len(rows), len(rows), "Memeriksa isi berkas")
    return result


def judge_again(
    session: Session,
    decisions: Iterable[Decision],
    offices: Offices,
    forked: Collection[str] = (),
) -> list[Decision]:
    """The same decisions against the database as it is now; what became equal drops out."""
    groups: dict[str, list[Decision]] = {}
    for decision in decisions:
        groups.setdefault(decision.prepared.table, []).append(decision)
    found = []
    for table, group in groups.items():
        for start in range(0, len(group), AT_ONCE):
            chunk = group[start : start + AT_ONCE]
            local = _local(session, table, [d.prepared.uid for d in chunk])
            for old in chunk:
                incoming = records.from_canonical(records.loads(old.text))
                merged = _merged(incoming, local.get(incoming.uid), forked)
                if merged.verdict != "same":
                    found.append(_decision(old.row, old.text, merged, offices))
    return found


class _Row(NamedTuple):
    """A machine row with the row number of the same record in its readable sheet."""

    machine: MachineRow
    table: str
    place: int


class _Court(NamedTuple):
    """What every chunk of rows is judged with; `present` are cases here or on their way."""

    session: Session
    result: Judged
    offices: Offices
    regulations: Collection[str]
    forked: Collection[str]
    present: set[str]


def _by_table(
    rows: Iterable[MachineRow], result: Judged, doubtful: Mapping[int, MachineRow]
) -> dict[str, list[_Row]]:
    """Rows whose hash is right, by the table their text names."""
    groups: dict[str, list[_Row]] = {}
    seen: set[str] = set()
    written: Counter[str] = Counter()
    for machine in sorted([*rows, *doubtful.values()], key=lambda row: row.number):
        table = _table_of(machine)
        written[table] += 1  # readable sheets list their records in the same order
        row = _Row(machine, table, written[table] + 1)
        code = "bad_hash" if machine.number in doubtful else _wrong(machine, table, seen)
        result.harmed |= code == "bad_hash"
        if not code and table in NEVER_SENT:
            code = "identity"
        if not code and table not in synced_tables():
            _park(result, row, park.UNKNOWN_TABLE)
        elif code:
            result.rejected.append(_rejected(row, code, table=short(table)))
        else:
            groups.setdefault(table, []).append(row)
        if not code:
            seen.add(machine.uid)
    return groups


def _park(result: Judged, row: _Row, why: str, case_uid: str = "") -> None:
    """Let a record wait; one that waits already has its own place."""
    if row.place == 0:
        return
    machine = row.machine
    if why == park.UNKNOWN_TABLE:
        incoming = _read(row)
        if incoming is None:
            result.rejected.append(_rejected(row, "unreadable"))
            return
        case_uid = str(records.display(incoming, "case_uid") or "")
    waits = Parked(machine.number, machine.uid, row.table, case_uid, machine.text, why)
    result.parked.append(waits)
    result.waiting.append(_rejected(row, f"waits_{why}", table=short(row.table)))


def _wrong(row: MachineRow, table: str, seen: Collection[str]) -> str:
    if records.row_hash(row.text) != row.hash:
        return "bad_hash"
    if row.uid in seen:
        return "twice"
    return "" if table and _UID.fullmatch(row.uid) else "unreadable"


def _table_of(row: MachineRow) -> str:
    """The table that a row's text names, empty when it cannot be read or names another record."""
    # Canonical text ends in …,"t":table,"u":uid,"v":{…}}: cheaper to read than the whole.
    end = row.text.rfind(',"v":{')
    begin = row.text.rfind('"t":', 0, end)
    try:
        tail = json.loads("{" + row.text[begin:end] + "}") if begin >= 0 else {}
        if not isinstance(tail.get("t"), str) or tail.get("u") != row.uid:
            tail = records.loads(row.text)
    except (ValueError, RecursionError):
        return ""
    table = tail.get("t")
    return table if isinstance(table, str) and tail.get("u") == row.uid else ""


def _judge_chunk(court: _Court, table: str, chunk: Sequence[_Row]) -> None:
    session, result, present = court.session, court.result, court.present
    uids = [row.machine.uid for row in chunk]
    local = _local(session, table, uids)
    taken = _taken(session, [uid for uid in uids if uid not in local])
    waited = park.texts_of(session, uids)
    read: list[tuple[_Row, Record]] = []
    for row in chunk:
        uid, text = row.machine.uid, row.machine.text
        if local.get(uid) == text:
            result.same += row.place > 0
            result.held += [uid] if table == "cases" else []
            result.arrived += [uid] if uid in waited else []
        elif uid in taken:
            _reject(result, row, "other_table")
        elif (incoming := _read(row)) is None:
            _reject(result, row, "unreadable")
        elif uid in waited and row.place:
            read.append(_with_waiting(row, incoming, waited[uid], court.forked))
        else:
            read.append((row, incoming))
    parents = {_case_of(record) for _, record in read} - present - {""}
    present |= _existing_cases(session, parents) if table != "cases" else set()
    for row, incoming in read:
        if _is_orphan(incoming, present):
            _park(result, row, park.NO_PARENT, _case_of(incoming))
            continue
        merged = _merged(incoming, local.get(incoming.uid), court.forked)
        if merged.verdict == "same":
            result.same += row.place > 0
        elif not _decided(court, row, merged):
            continue
        if incoming.uid in waited:
            result.arrived.append(incoming.uid)
        if table == "cases":
            present.add(incoming.uid)
            result.held += merge.same_story(incoming, local.get(incoming.uid))


def _decided(court: _Court, row: _Row, merged: merge.Merged) -> bool:
    """Add the decision on a row; False for one that holds what cannot be stored."""
    try:
        decision = _decision(row.machine.number, row.machine.text, merged, court.offices)
        _check(decision.prepared, court.regulations)
    except UnfitValue as error:
        code = "unknown_rules" if error.field == "regulation" else "bad_value"
        _reject(court.result, row, code, error.field, value=short(error.value))
        return False
    court.result.decisions.append(decision)
    return True


def _with_waiting(
    row: _Row, incoming: Record, text: str, forked: Collection[str]
) -> tuple[_Row, Record]:
    """A record that comes again while it waits: both copies in one."""
    joined = merge.join(records.from_canonical(records.loads(text)), incoming, forked)
    machine = row.machine._replace(text=records.dumps(records.canonical(joined)))
    return row._replace(machine=machine), joined


def _reject(result: Judged, row: _Row, code: str, field: str = "", **words: str) -> None:
    """Note a rejected row; one that waits here goes on waiting and is no fault of this file."""
    if row.place:
        result.rejected.append(_rejected(row, code, field, **words))


def _read(row: _Row) -> Record | None:
    try:
        record = records.from_canonical(records.loads(row.machine.text))
    except ValueError:
        return None
    return record if (record.table, record.uid) == (row.table, row.machine.uid) else None


def _merged(incoming: Record, text: str | None, forked: Collection[str]) -> merge.Merged:
    local = records.from_canonical(records.loads(text)) if text else None
    return merge.merge(local, incoming, forked)


def _decision(number: int, text: str, merged: merge.Merged, offices: Offices) -> Decision:
    return Decision(
        number,
        text,
        prepare(merged.record, offices.shown),
        merged.verdict,
        () if merged.verdict == "new" else merged.changed,
        merged.conflicts,
        merged.twins,
    )


def _check(prepared: Prepared, regulations: Collection[str]) -> None:
    """Raise UnfitValue for what a column can hold but the program could not work with."""
    row = prepared.row
    texts = [v for v in row.values() if type(v) is str]
    if FORBIDDEN.search("".join(texts)) or max(map(len, texts)) > limits().cell_write_chars:
        for name, value in row.items():
            if type(value) is str and not _is_text(value):
                raise UnfitValue(name, value)
    for name, value in row.items():
        # deadlines are counted from dates: outside these years that has no meaning and may overflow
        if isinstance(value, date) and not _FIRST_YEAR <= value.year <= _LAST_YEAR:
            raise UnfitValue(name, value.isoformat())
    if prepared.table == "cases" and row["regulation"] not in regulations:
        raise UnfitValue("regulation", row["regulation"])
    if prepared.table == "events" and not _is_data(row["data"]):
        raise UnfitValue("data", row["data"])


def _is_text(value: str) -> bool:
    """Whether a sheet can hold the value, or exporting it again would fail."""
    return len(value) <= limits().cell_write_chars and not FORBIDDEN.search(value)


def _is_data(value: str) -> bool:
    if value == "{}":
        return True
    try:
        data = json.loads(value or "{}")
    except (ValueError, RecursionError):
        return False
    return isinstance(data, Mapping) and all(isinstance(v, str) for v in data.values())


def _case_of(record: Record) -> str:
    if record.table == "cases":
        return record.uid
    return str(records.display(record, "case_uid") or "")


def _is_orphan(record: Record, present: Collection[str]) -> bool:
    """Whether the case a record must belong to is neither here nor on its way."""
    column = synced_tables()[record.table].__table__.columns.get("case_uid")
    if column is None:
        return False
    value = records.display(record, "case_uid")
    return value not in present and not (value is None and column.nullable)


def _local(session: Session, table: str, uids: Collection[str]) -> dict[str, str]:
    return {o.uid: o.text for o in outgoing_of_records(session, table, uids)}


def _taken(session: Session, uids: Collection[str]) -> set[str]:
    return set(session.scalars(select(Sync.uid).where(Sync.uid.in_(uids)))) if uids else set()


def _existing_cases(session: Session, uids: Collection[str]) -> set[str]:
    found: set[str] = set()
    for chunk in _chunks(sorted(uids)):
        found |= set(session.scalars(select(Case.uid).where(Case.uid.in_(chunk))))
    return found


def _chunks(items: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(items), AT_ONCE):
        yield items[start : start + AT_ONCE]


def _rejected(row: _Row, code: str, field: str = "", **words: str) -> RejectedRow:
    """A rejection placed where a person finds the record: its readable sheet, else ours."""
    reason = row_reason(code, **words)
    shown = layout().sheet(row.table)
    if shown is None:
        return RejectedRow(SHEET, row.machine.number, field, reason)
    column = next((c.heading for c in shown.columns if c.field == field), field)
    return RejectedRow(shown.name, row.place, column, reason)
