"""What each row of a workbook leads to here: new, updated, same, in conflict or rejected.

Reads the database and decides; writes nothing. Text that is equal to our own needs no look inside,
so importing a file twice costs little.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from posko_app.data import record as records
from posko_app.data.base import synced_fields, synced_tables
from posko_app.data.outgoing import outgoing_of_records
from posko_app.data.record import Record
from posko_app.data.tables import Case, Sync
from posko_app.data.versions import from_value
from posko_app.progress import Progress, silent

from . import merge
from .manifest import SHEET
from .notice import row_reason, short
from .xlsx.limits import limits
from .xlsx.parts import FORBIDDEN

AT_ONCE = 400
_UID = re.compile(r"[0-9A-Za-z._-]{1,64}")
NEVER_SENT = frozenset({"identities"})


class MachineRow(NamedTuple):
    """One row of the machine sheet: its place in the sheet, record id, hash and JSON text."""

    number: int
    uid: str
    hash: str
    text: str


@dataclass(frozen=True)
class RejectedRow:
    """A row that is not taken in: where it stands, which column, and why, for people."""

    sheet: str
    row: int
    column: str
    reason: str


@dataclass(frozen=True, slots=True)
class Decision:
    """A record that will be written: as it came, as it will be kept, and what that means."""

    row: int
    incoming: Record
    merged: Record
    verdict: merge.Verdict
    changed: tuple[str, ...]
    conflicts: tuple[str, ...]
    case_uid: str
    forked: str = ""


@dataclass
class Judged:
    """Decisions in the order they must be written (parents first), and everything counted."""

    decisions: list[Decision]
    rejected: list[RejectedRow]
    same: int = 0


def judge(
    session: Session,
    rows: Sequence[MachineRow],
    regulations: Collection[str],
    forked: Collection[str] = (),
    progress: Progress = silent,
) -> Judged:
    """Decide on every row. `regulations` are the ids of the rules this program knows."""
    result = Judged([], [])
    groups = _by_table(rows, result.rejected)
    present: set[str] = set()
    done = 0
    for table in synced_tables():
        group = groups.get(table, [])
        for start in range(0, len(group), AT_ONCE):
            progress(done, len(rows), "Memeriksa isi berkas")
            chunk = group[start : start + AT_ONCE]
            _judge_chunk(session, table, chunk, result, present, regulations, forked)
            done += len(chunk)
    progress(len(rows), len(rows), "Memeriksa isi berkas")
    return result


def judge_again(
    session: Session, decisions: Iterable[Decision], forked: Collection[str] = ()
) -> list[Decision]:
    """The same decisions against the database as it is now; what became equal drops out."""
    groups: dict[str, list[Decision]] = {}
    for decision in decisions:
        groups.setdefault(decision.incoming.table, []).append(decision)
    found = []
    for table, group in groups.items():
        for start in range(0, len(group), AT_ONCE):
            chunk = group[start : start + AT_ONCE]
            local = _local(session, table, [d.incoming.uid for d in chunk])
            for old in chunk:
                text = local.get(old.incoming.uid)
                decision = _decide(old.row, old.incoming, text, old.case_uid, forked)
                if decision.verdict != "same":
                    found.append(decision)
    return found


def _by_table(
    rows: Iterable[MachineRow], rejected: list[RejectedRow]
) -> dict[str, list[tuple[MachineRow, str]]]:
    """Rows whose hash is right, by the table their text names."""
    known = synced_tables()
    groups: dict[str, list[tuple[MachineRow, str]]] = {}
    seen: set[str] = set()
    for row in rows:
        code, table = _shape(row, seen)
        if not code and table not in known:
            code = "unknown_table"
        if not code and table in NEVER_SENT:
            code = "identity"
        if code:
            rejected.append(_rejected(row.number, code, table=short(table)))
            continue
        seen.add(row.uid)
        groups.setdefault(table, []).append((row, table))
    return groups


def _shape(row: MachineRow, seen: Collection[str]) -> tuple[str, str]:
    """What is wrong with a row, if anything, and the table its text names."""
    if records.row_hash(row.text) != row.hash:
        return "bad_hash", ""
    if row.uid in seen:
        return "twice", ""
    if not _UID.fullmatch(row.uid):
        return "unreadable", ""
    # Canonical text ends in …,"t":table,"u":uid,"v":{…}}: cheaper to read than the whole.
    end = row.text.rfind(',"v":{')
    begin = row.text.rfind('"t":', 0, end)
    try:
        tail = json.loads("{" + row.text[begin:end] + "}") if begin >= 0 else {}
        if not isinstance(tail.get("t"), str) or tail.get("u") != row.uid:
            data = records.loads(row.text)
            tail = {"t": data.get("t"), "u": data.get("u")}
    except ValueError:
        return "unreadable", ""
    if not isinstance(tail["t"], str) or tail["u"] != row.uid:
        return "unreadable", ""
    return "", tail["t"]


def _judge_chunk(
    session: Session,
    table: str,
    chunk: Sequence[tuple[MachineRow, str]],
    result: Judged,
    present: set[str],
    regulations: Collection[str],
    forked: Collection[str],
) -> None:
    local = _local(session, table, [row.uid for row, _ in chunk])
    taken = _taken(session, [row.uid for row, _ in chunk if row.uid not in local])
    read: list[tuple[MachineRow, Record]] = []
    for row, _ in chunk:
        if local.get(row.uid) == row.text:
            result.same += 1
            continue
        if row.uid in taken:
            result.rejected.append(_rejected(row.number, "other_table"))
            continue
        try:
            incoming = records.from_canonical(records.loads(row.text))
            if incoming.table != table or incoming.uid != row.uid:
                raise ValueError("the text names another record")
            read.append((row, incoming))
        except ValueError:
            result.rejected.append(_rejected(row.number, "unreadable"))
    parents = {_case_of(record) for _, record in read} - present - {""}
    present |= _existing_cases(session, parents) if table != "cases" else set()
    for row, incoming in read:
        decision = _decide(row.number, incoming, local.get(row.uid), _case_of(incoming), forked)
        wrong = _wrong(row.number, decision.merged, decision.case_uid, present, regulations)
        if wrong:
            result.rejected.append(wrong)
        elif decision.verdict == "same":
            result.same += 1
        else:
            result.decisions.append(decision)
            if table == "cases":
                present.add(incoming.uid)


def _decide(
    number: int, incoming: Record, text: str | None, case_uid: str, forked: Collection[str]
) -> Decision:
    known = records.from_canonical(records.loads(text)) if text else None
    merged = merge.merge(known, incoming, forked)
    return Decision(
        number,
        incoming,
        merged.record,
        merged.verdict,
        merged.changed,
        merged.conflicts,
        case_uid,
        merged.forked or "",
    )


def _wrong(
    number: int,
    record: Record,
    case_uid: str,
    present: Collection[str],
    regulations: Collection[str],
) -> RejectedRow | None:
    """Why a record cannot be kept: a value its column cannot hold, or no case to belong to."""
    if record.table != "cases" and case_uid and case_uid not in present:
        return _rejected(number, "no_parent")
    for name, kind, needed in _columns(record.table):
        value = records.display(record, name)
        try:
            if from_value(kind, value) is None and needed:
                raise ValueError("may not be empty")
            if kind is str and value and not _is_text(str(value)):
                raise ValueError("no text for a sheet")
        except (ValueError, OverflowError):
            return _rejected(number, "bad_value", name, value=short(value))
    if record.table == "cases":
        regulation = records.display(record, "regulation")
        if regulation not in regulations:
            return _rejected(number, "unknown_rules", "regulation", value=short(regulation))
    if record.table == "events" and not _is_data(records.display(record, "data")):
        value = records.display(record, "data")
        return _rejected(number, "bad_value", "data", value=short(value))
    return None


_KINDS: dict[str, tuple[tuple[str, type, bool], ...]] = {}


def _columns(table: str) -> tuple[tuple[str, type, bool], ...]:
    """Name, Python type and whether a value is a must, of the columns that travel."""
    if table not in _KINDS:
        source = synced_tables()[table]
        columns = [source.__table__.columns[name] for name in synced_fields(source)]
        _KINDS[table] = tuple(
            (c.key, c.type.python_type, not c.nullable and c.default is None) for c in columns
        )
    return _KINDS[table]


def _is_text(value: str) -> bool:
    """Whether a sheet can hold the value, or exporting it again would fail."""
    return len(value) <= limits().cell_write_chars and not FORBIDDEN.search(value)


def _is_data(value: records.Value) -> bool:
    try:
        data = json.loads(str(value or "{}"))
    except (ValueError, RecursionError):
        return False
    return isinstance(data, Mapping) and all(isinstance(v, str) for v in data.values())


def _case_of(record: Record) -> str:
    if record.table == "cases":
        return record.uid
    return str(records.display(record, "case_uid") or "")


def _local(session: Session, table: str, uids: Collection[str]) -> dict[str, str]:
    return {o.uid: o.text for o in outgoing_of_records(session, table, uids)}


def _taken(session: Session, uids: Collection[str]) -> set[str]:
    return set(session.scalars(select(Sync.uid).where(Sync.uid.in_(uids)))) if uids else set()


def _existing_cases(session: Session, uids: Collection[str]) -> set[str]:
    wanted = sorted(uids)
    found: set[str] = set()
    for chunk in _chunks(wanted):
        found |= set(session.scalars(select(Case.uid).where(Case.uid.in_(chunk))))
    return found


def _chunks(items: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(items), AT_ONCE):
        yield items[start : start + AT_ONCE]


def _rejected(number: int, code: str, column: str = "", **words: str) -> RejectedRow:
    return RejectedRow(SHEET, number, column, row_reason(code, **words))
