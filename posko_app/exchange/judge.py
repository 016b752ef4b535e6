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
from posko_app.data.base import synced_tables
from posko_app.data.outgoing import outgoing_of_records
from posko_app.data.record import Record
from posko_app.data.tables import Case, Sync
from posko_app.data.versions import Prepared, UnfitValue, prepare
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
                    found.append(_decision(old.row, old.text, merged))
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
        if _is_orphan(incoming, present):
            result.rejected.append(_rejected(row.number, "no_parent"))
            continue
        merged = _merged(incoming, local.get(row.uid), forked)
        if merged.verdict == "same":
            result.same += 1
            continue
        try:
            decision = _decision(row.number, row.text, merged)
            _check(decision.prepared, regulations)
        except UnfitValue as error:
            code = "unknown_rules" if error.field == "regulation" else "bad_value"
            reason = row_reason(code, value=short(error.value))
            result.rejected.append(RejectedRow(SHEET, row.number, error.field, reason))
            continue
        result.decisions.append(decision)
        if table == "cases":
            present.add(incoming.uid)


def _merged(incoming: Record, text: str | None, forked: Collection[str]) -> merge.Merged:
    local = records.from_canonical(records.loads(text)) if text else None
    return merge.merge(local, incoming, forked)


def _decision(number: int, text: str, merged: merge.Merged) -> Decision:
    return Decision(
        number,
        text,
        prepare(merged.record),
        merged.verdict,
        () if merged.verdict == "new" else merged.changed,
        merged.conflicts,
        merged.forked or "",
    )


def _check(prepared: Prepared, regulations: Collection[str]) -> None:
    """Raise UnfitValue for what a column can hold but the program could not work with."""
    row = prepared.row
    texts = [v for v in row.values() if type(v) is str]
    if FORBIDDEN.search("".join(texts)) or max(map(len, texts)) > limits().cell_write_chars:
        for name, value in row.items():
            if type(value) is str and not _is_text(value):
                raise UnfitValue(name, value)
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
