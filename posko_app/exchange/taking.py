"""Writing what an import decided, in one transaction: records, choices, hand edits, what waits.

The records as they stood before are kept, so that the import can be undone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from posko_app.app import Posko
from posko_app.cases import board
from posko_app.data import record as records
from posko_app.data.base import synced_tables
from posko_app.data.bulk import insert_rows
from posko_app.data.outgoing import outgoing_of_records
from posko_app.data.record import Record, Value, dumps
from posko_app.data.tables import ImportBefore, ParkedRecord, Sync
from posko_app.data.versions import Stamper, store_prepared
from posko_app.errors import UserError
from posko_app.progress import Progress

from . import park
from .authority import Offices, record_of, records_of
from .decide import note_decision, write_fields
from .judge import Decision
from .late_edits import Late, late_edits, propose
from .new_rows import add_row
from .plan import ImportPlan
from .proposals import ACCEPTED, NEW_ROWS, OPEN, REFUSED, HandEdit, remember
from .unsealing import open_letters

AT_ONCE = 500
POSITION = (
    *("received_lsn", "received_seq", "received_xid"),
    *("acked_lsn", "acked_made", "ahead_lsn"),
)
"""What of a peer says how far each side has heard the other."""
T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What a person chose in a preview.

    `fields`: the value of a contested field, by record and field. `accepted` and `refused` are
    fingerprints of hand edits; those in neither stay open. `left_out`: cases (or records without
    one) whose records are not taken in now; the file must come again for them.
    """

    fields: Mapping[tuple[str, str], Value] = field(default_factory=dict)
    accepted: frozenset[str] = frozenset()
    refused: frozenset[str] = frozenset()
    left_out: frozenset[str] = frozenset()


NO_CHOICES = Choices()


@dataclass
class Taking:
    """One import being written; `before` has each touched record's table and text before."""

    posko: Posko
    session: Session
    plan: ImportPlan
    choices: Choices
    import_uid: str
    stamper: Stamper
    offices: Offices
    since: int  # the last number before any of its records was written
    before: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    hashes: dict[str, str] = field(default_factory=dict)  # of what stands there afterwards
    cases: set[str] = field(default_factory=set)
    decided: int = 0  # hand edits that were answered
    late: list[Late] = field(default_factory=list)  # changed by an office that gave the case away
    told: list[str] = field(default_factory=list)  # what people should know of it


def take(
    posko: Posko,
    session: Session,
    plan: ImportPlan,
    choices: Choices,
    decisions: Sequence[Decision],
    import_uid: str,
    progress: Progress,
) -> Taking:
    """Store the decided records, parents first, then what was chosen; boards come up to date.

    `keep_before` must follow when nothing writes any more.
    """
    stamper = Stamper.take(session, posko.user.login, posko.clock)
    session.info["stamper"] = stamper  # rows that are added take their numbers from the same
    offices = Offices(posko, session, plan.signed)
    since = stamper.office.lsn
    taking = Taking(posko, session, plan, choices, import_uid, stamper, offices, since)
    total = 2 * len(decisions)
    done = 0
    groups = _by_table(decisions)
    for table in synced_tables():
        for chunk in _chunks(groups.get(table, ())):
            progress(done, total, "Menyimpan data")
            _store(taking, table, chunk)
            done += len(chunk)
    _park(taking, decisions)
    taking.offices = Offices(posko, session, plan.signed)  # who handles what may have changed
    _open(taking)
    _give_back(taking)
    _choose(taking)
    _edits(taking)
    touched = sorted(taking.cases)
    for cases in _chunks(touched):
        progress(done, total, "Menghitung tahap dan batas")
        board.refresh(posko, session, cases)
        done += len(decisions) * len(cases) // len(touched)
    progress(total, total, "Menyimpan data")
    return taking


def _store(taking: Taking, table: str, chunk: Sequence[Decision]) -> None:
    known = {d.prepared.uid for d in chunk if d.verdict != "new"}
    texts = {o.uid: o.text for o in outgoing_of_records(taking.session, table, known)}
    taking.late += late_edits(taking.offices, chunk, texts)
    store_prepared(taking.session, [d.prepared for d in chunk], taking.stamper, known=known)
    for decision in chunk:
        uid = decision.prepared.uid
        taking.before[uid] = (table, texts.get(uid))
        if decision.verdict in ("new", "forward"):  # stands here as it came
            taking.hashes[uid] = records.row_hash(decision.text)
        taking.cases |= {decision.prepared.case_uid} - {""}


def _open(taking: Taking) -> None:
    """Open the sealed letters that came for this office, now that their cases are here."""

    def keep(uid: str, table: str, text: str | None) -> None:
        taking.before.setdefault(uid, (table, text))
        taking.hashes.pop(uid, None)

    opened = open_letters(taking.posko, taking.session, taking.stamper, keep)
    taking.told += opened.told


def _give_back(taking: Taking) -> None:
    """Answer what an office that gave a case away still changed: a proposal is all it may make."""
    for late in taking.late:
        taking.hashes.pop(late.uid, None)
        taking.cases.add(late.case_uid)
    propose(
        taking.posko,
        taking.session,
        taking.stamper,
        taking.offices,
        taking.import_uid,
        taking.late,
    )


def _park(taking: Taking, decisions: Iterable[Decision]) -> None:
    """What need not wait any more goes out of waiting, what must wait goes in."""
    session, plan = taking.session, taking.plan
    wrote = {d.prepared.uid for d in decisions}
    skipped = {d.prepared.uid for d in plan.decisions} - wrote
    gone = park.release(session, ({*plan.arrived} | wrote) - skipped)
    session.flush()
    kept = dict(park.keep(session, taking.stamper, taking.import_uid, plan.parked))
    rows = [
        {
            "import_uid": taking.import_uid,
            "record_uid": uid,
            "table_name": ParkedRecord.__tablename__,
            "before": text,
            "after_hash": "",
            "after_lsn": 0,
        }
        for uid, text in {**gone, **kept}.items()
    ]
    insert_rows(session, ImportBefore.__table__, rows)


def _choose(taking: Taking) -> None:
    """Write what somebody chose of contested fields.

    A field rests that is no longer contested, or holds a value by now that nobody saw.
    """
    wanted: dict[str, dict[str, Value]] = {}
    for (uid, name), value in taking.choices.fields.items():
        wanted.setdefault(uid, {})[name] = value
    seen = _seen(taking.plan, wanted)
    for uid, record in records_of(taking.session, wanted).items():
        contested = {
            name: value
            for name, value in wanted[uid].items()
            if name in records.conflicts(record)
            and {sibling.value for sibling in record.fields[name]} <= seen[uid, name]
        }
        if contested:
            _write(taking, {uid: contested})
            for name in contested:
                note_decision(taking.posko, taking.session, record, name)


def _seen(
    plan: ImportPlan, wanted: Mapping[str, Collection[str]]
) -> Mapping[tuple[str, str], set[Value]]:
    """The values of contested fields that the preview showed."""
    seen: dict[tuple[str, str], set[Value]] = defaultdict(set)
    for decision in plan.decisions:
        uid = decision.prepared.uid
        for name, mark in decision.prepared.marks if uid in wanted else ():
            seen[uid, name].add(records.loads(mark)["m"][0])
    return seen


def _edits(taking: Taking) -> None:
    """Write the hand edits that were accepted, and remember what became of each.

    One stays open whose record is not here, or whose value here is not the one that was shown.
    """
    choices = taking.choices
    wanted = [e for e in taking.plan.edits if e.fingerprint in choices.accepted]
    for edit in wanted:
        if not edit.acceptable:
            raise UserError(f"{edit.place}: {edit.reason} Tidak ada yang diubah.", "not_acceptable")
    here = records_of(taking.session, {e.uid for e in wanted if e.kind not in NEW_ROWS})
    accepted = [e for e in wanted if e.kind in NEW_ROWS or _as_shown(taking, here.get(e.uid), e)]
    values: dict[str, dict[str, Value]] = {}
    for edit in accepted:
        if edit.kind not in NEW_ROWS:
            values.setdefault(edit.uid, {})[edit.field] = edit.theirs
    _write(taking, values)
    for edit in accepted:
        if edit.kind in NEW_ROWS:
            _add(taking, edit)
        _note(taking, edit)
    refused = [e for e in taking.plan.edits if e.fingerprint in choices.refused - choices.accepted]
    done = {edit.fingerprint for edit in (*accepted, *refused)}
    left = [edit for edit in taking.plan.edits if edit.fingerprint not in done]
    for edits, state in ((accepted, ACCEPTED), (refused, REFUSED), (left, OPEN)):
        remember(taking.posko, taking.session, taking.import_uid, edits, state)
    taking.decided = len(done)


def _as_shown(taking: Taking, record: Record | None, edit: HandEdit) -> bool:
    if record is None:
        return False
    if (record.uid, edit.field) in taking.choices.fields:
        return True  # of this field the same person chose a moment ago
    return taking.offices.shown(record, edit.field) == edit.mine


def _write(taking: Taking, changes: Mapping[str, Mapping[str, Value]]) -> None:
    for uid, record in records_of(taking.session, changes).items():
        text = records.dumps(records.canonical(record))
        taking.before.setdefault(uid, (record.table, text))
        taking.hashes.pop(uid, None)
    if changes:
        taking.cases |= write_fields(
            taking.posko, taking.session, taking.stamper, taking.offices, changes
        )


def _add(taking: Taking, edit: HandEdit) -> None:
    signed = taking.plan.signed
    office = signed.office if signed else taking.posko.office.code
    uid = add_row(taking.posko, taking.session, edit, office)
    taking.session.flush()
    taking.before[uid] = (edit.table, None)
    made = record_of(taking.session, uid)
    case = str(records.display(made, "case_uid") or "") if made else ""
    taking.cases |= {case} - {""}


def _note(taking: Taking, edit: HandEdit) -> None:
    taking.posko.note(
        taking.session,
        "proposal.accepted",
        edit.uid,
        table=edit.table,
        field=edit.field,
        place=edit.place,
        sha256=taking.plan.sha256,
        signature=edit.signature,
    )


def keep_before(taking: Taking) -> None:
    """Keep the touched records as they stood, and by which number to see that they did not move."""
    written = select(Sync.uid, Sync.lsn).where(Sync.lsn > taking.since)
    numbers: dict[str, int] = dict(taking.session.execute(written).all())
    hashes = taking.hashes
    for uids in _chunks(sorted(taking.before)):
        missing = [uid for uid in uids if uid not in numbers]
        if missing:  # somebody chose what stood there already
            held = select(Sync.uid, Sync.lsn).where(Sync.uid.in_(missing))
            numbers |= dict(taking.session.execute(held).all())
        unknown = [uid for uid in uids if uid not in hashes]
        for table in {taking.before[uid][0] for uid in unknown}:
            wanted = [uid for uid in unknown if taking.before[uid][0] == table]
            found = outgoing_of_records(taking.session, table, wanted)
            hashes |= {o.uid: o.hash for o in found}
        rows = [
            {
                "import_uid": taking.import_uid,
                "record_uid": uid,
                "table_name": taking.before[uid][0],
                "before": taking.before[uid][1],
                "after_hash": hashes[uid],
                "after_lsn": numbers[uid],
            }
            for uid in uids
        ]
        insert_rows(taking.session, ImportBefore.__table__, rows)


def channel_text(peer: Mapping[str, Any] | None, exports: Mapping[str, str]) -> str:
    """What an undo needs to know of the channel before an import.

    `exports` are those whose confirmation the import changed, with what it was.
    """
    return dumps({"peer": peer, "exports": dict(exports)})


def _by_table(decisions: Iterable[Decision]) -> dict[str, list[Decision]]:
    groups: dict[str, list[Decision]] = {}
    for decision in decisions:
        groups.setdefault(decision.prepared.table, []).append(decision)
    return groups


def _chunks(items: Sequence[T]) -> Iterable[Sequence[T]]:
    for start in range(0, len(items), AT_ONCE):
        yield items[start : start + AT_ONCE]
