"""What imports left for somebody to decide or to wait for: hand edits, and records that came early.

A hand edit that was neither accepted nor refused stays here with its three values, so that it can
be answered without looking for the file again. A record whose case has not come yet is shown too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from posko_app.app import Posko, use_case
from posko_app.cases import board
from posko_app.cases.step_checks import named_in_the_open
from posko_app.data import record as records
from posko_app.data.record import Record, Value, loads
from posko_app.data.tables import Case, Import, ParkedRecord, Proposal
from posko_app.data.versions import Stamper
from posko_app.errors import UserError
from posko_app.text import fold

from . import park
from .authority import Offices, class_of, record_of, records_of
from .decide import write_fields
from .layout import layout
from .new_rows import add_row
from .proposals import ACCEPTED, NEW_ROWS, OPEN, REFUSED, HandEdit
from .shown import NOUNS, OTHER, Words, column_of

MOST = 200  # hand edits shown at once

_GONE = "Data ini tidak ada lagi di sini. Tolak saja usulannya."
_APPENDED = "Data ini hanya dapat ditambah. Betulkan di Posko dengan catatan baru."
_NO_VALUE = "Yang ditulis bukan nilai, jadi tidak dapat diterima. Minta pengirim membetulkannya."
_FROM_FILE = "Buka lagi berkasnya untuk menerima usulan ini; di sini hanya dapat ditolak."


@dataclass(frozen=True, kw_only=True)
class PendingEdit:
    """An open hand edit: what it says, in which case, from which file, and why it may not pass.

    `edit` has the three values in words and as records hold them.
    """

    edit: HandEdit
    number: str
    office_code: str
    file_name: str
    came_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class EarlyRecords:
    """Records of one import that wait: `counts` names them, `why` is no_parent or unknown_table."""

    import_uid: str
    why: str
    counts: Mapping[str, int]
    office_code: str
    file_name: str
    seq: int
    came_at: datetime | None


@use_case("exchange.import")
def pending_edits(posko: Posko) -> tuple[PendingEdit, ...]:
    """The hand edits that nobody has answered, newest file first, at most `MOST`."""
    with posko.store.read() as session:
        rows = session.execute(
            select(Proposal, Import)
            .outerjoin(Import, Import.uid == Proposal.import_uid)
            .where(Proposal.state == OPEN)
            .order_by(Import.id.desc(), Proposal.id)
            .limit(MOST)
        ).all()
        maker = _Maker(posko, session, [row[0] for row in rows])
        numbers = dict(
            session.execute(
                select(Case.uid, Case.number).where(Case.uid.in_(maker.cases() or [""]))
            ).all()
        )
        found = []
        edits = maker.edits([row[0] for row in rows])
        for edit, (_, came) in zip(edits, rows, strict=True):
            found.append(
                PendingEdit(
                    edit=edit,
                    number=numbers.get(edit.case_uid, ""),
                    office_code=came.office_code if came else "",
                    file_name=came.file_name if came else "",
                    came_at=came.applied_at if came else None,
                )
            )
    return tuple(found)


@use_case("exchange.import")
def answer_edit(posko: Posko, shown: HandEdit, *, accept: bool) -> None:
    """Write an open hand edit over what stands here, or refuse it for good.

    Raises UserError, and changes nothing, when it was answered meanwhile, may not be accepted, or
    what stands here is no longer what `shown` says; InvalidInput for a value that does not fit.
    """
    with posko.write(bulk=True) as session:
        kept = session.scalar(
            select(Proposal).where(
                Proposal.fingerprint == shown.fingerprint, Proposal.state == OPEN
            )
        )
        if kept is None:
            raise UserError(
                "Usulan ini sudah dijawab. Tidak ada yang diubah. Muat ulang daftarnya.",
                "no_proposal",
            )
        (edit,) = _Maker(posko, session, [kept]).edits([kept])
        if accept:
            _accept(posko, session, edit, shown, kept.import_uid)
        kept.state = ACCEPTED if accept else REFUSED
        kept.decided_by, kept.decided_at = posko.user.login, posko.now()
        posko.note(
            session,
            "proposal.accepted" if accept else "proposal.refused",
            edit.uid,
            table=edit.table,
            field=edit.field,
            place=edit.place,
            signature=edit.signature,
        )


@use_case("exchange.import")
def ask_again_later(posko: Posko, fingerprint: str) -> None:
    """Open a hand edit again that was refused a moment ago; one that was not stays as it is."""
    with posko.write() as session:
        kept = session.scalar(
            select(Proposal).where(Proposal.fingerprint == fingerprint, Proposal.state == REFUSED)
        )
        if kept is None:
            return
        kept.state, kept.decided_by, kept.decided_at = OPEN, "", None
        posko.note(session, "proposal.reopened", kept.record_uid, place=kept.place)


@use_case("office.read")
def early_records(posko: Posko) -> tuple[EarlyRecords, ...]:
    """The records that wait for their case or for a newer program, by import, newest first."""
    query = (
        select(ParkedRecord.import_uid, ParkedRecord.why, ParkedRecord.table_name, func.count())
        .group_by(ParkedRecord.import_uid, ParkedRecord.why, ParkedRecord.table_name)
        .order_by(ParkedRecord.table_name)
    )
    with posko.store.read() as session:
        groups: dict[tuple[str, str], Counter[str]] = {}
        for uid, why, table, count in session.execute(query):
            noun = NOUNS.get(table, OTHER)[0]
            groups.setdefault((uid, why), Counter())[noun] += count
        uids = {uid for uid, _ in groups}
        came = {i.uid: i for i in session.scalars(select(Import).where(Import.uid.in_(uids)))}
        found = [_early(uid, why, counts, came.get(uid)) for (uid, why), counts in groups.items()]
    return tuple(sorted(found, key=lambda e: (e.came_at is None, e.came_at), reverse=True))


def _early(uid: str, why: str, counts: Mapping[str, int], came: Import | None) -> EarlyRecords:
    return EarlyRecords(
        import_uid=uid,
        why="unknown_table" if why == park.UNKNOWN_TABLE else "no_parent",
        counts=dict(counts),
        office_code=came.office_code if came else "",
        file_name=came.file_name if came else "",
        seq=came.seq if came else 0,
        came_at=came.applied_at if came else None,
    )


class _Maker:
    """Makes hand edits again of what is kept of them, with what stands here now."""

    def __init__(self, posko: Posko, session: Session, rows: Sequence[Proposal]) -> None:
        self._posko, self._session = posko, session
        self._words, self._offices = Words(posko), Offices(posko, session)
        self._here = records_of(session, {row.record_uid for row in rows if row.record_uid})

    def cases(self) -> list[str]:
        """The cases of the records that the edits are about."""
        return sorted({_case_of(record) for record in self._here.values()} - {""})

    def edits(self, rows: Sequence[Proposal]) -> list[HandEdit]:
        """The hand edits of kept rows; those that would name somebody say so."""
        found = [self._edit(row) for row in rows]
        by_case: dict[str, dict[str, str]] = {}
        for edit in found:
            text = edit.theirs if isinstance(edit.theirs, str) else ""
            if edit.acceptable and edit.case_uid and len(fold(text)) > 2:
                by_case.setdefault(edit.case_uid, {})[edit.fingerprint] = text
        reasons = {
            problem.field: problem.message
            for case, texts in by_case.items()
            for problem in named_in_the_open(self._posko, self._session, case, texts)
        }
        return [replace(edit, reason=reasons.get(edit.fingerprint, edit.reason)) for edit in found]

    def _edit(self, row: Proposal) -> HandEdit:
        said = loads(row.theirs)
        kind = str(said.get("kind") or "")
        cells = tuple((str(name), value) for name, value in said.get("cells", ()))
        if not row.field:
            return self._row_edit(row, kind or "unknown", cells)
        return self._cell_edit(row, kind, said)

    def _row_edit(self, row: Proposal, kind: str, cells: tuple[tuple[str, Value], ...]) -> HandEdit:
        texts = []
        for name, value in cells:
            column = column_of(row.table_name, name)
            heading = column.heading if column else "Nomor perkara"
            texts.append(f"{heading}: {self._words.value(column, value)}")
        sheet = layout().sheet(row.table_name)
        name = sheet.name if sheet else OTHER[0]
        return HandEdit(
            **_kept(row, kind if kind in NEW_ROWS else "unknown", name),
            cells=cells,
            heading="Seluruh baris",
            theirs_text="; ".join(texts),
            record=name,
            base_known=False,
            ordinary=False,
            reason="" if kind in ("new", "twice") else _FROM_FILE,
        )

    def _cell_edit(self, row: Proposal, kind: str, said: Mapping[str, Any]) -> HandEdit:
        table, name = row.table_name, row.field
        column, record = column_of(table, name), self._here.get(row.record_uid)
        base = loads(row.base)["v"] if row.base else None
        theirs = said.get("v")
        mine = self._offices.shown(record, name) if record else None
        sheet = layout().sheet(table)
        values = {n: records.display(record, n) for n in record.fields} if record else {}
        called = self._words.record(table, values)
        title = str(values.get("title") or "") if table == "cases" else ""
        return HandEdit(
            **_kept(row, kind or ("value" if theirs is not None else "problem"),
                    sheet.name if sheet else OTHER[0]),
            case_uid=_case_of(record) if record else "",
            heading=column.heading if column else name,
            base=base,
            theirs=theirs,
            mine=mine,
            raw=str(said.get("raw") or ""),
            base_text=self._words.value(column, base),
            theirs_text=str(said.get("raw") or "") or self._words.value(column, theirs),
            mine_text=self._mine_text(column, record, name),
            record=f"{called}: {title[:60]}" if title else called,
            base_known=bool(row.base),
            differs=not row.base or base != mine,
            ordinary=class_of(table, name) == "biasa",
            reason=self._why_not(record, name, kind, theirs),
        )  # fmt: skip

    def _mine_text(self, column: Any, record: Record | None, name: str) -> str:
        several = records.distinct(record, name) if record else ()
        return " / ".join(self._words.value(column, sibling.value) for sibling in several)

    def _why_not(self, record: Record | None, name: str, kind: str, theirs: Value) -> str:
        if record is None:
            return _GONE
        if kind == "problem":
            return _NO_VALUE
        if not kind and theirs is None:
            return _FROM_FILE  # kept before it was noted whether the cell was emptied
        if not self._offices.may_write(record, name):
            if class_of(record.table, name) in ("tambah-saja", "turunan"):
                return _APPENDED
            owner = self._offices.owner(record, name)
            region = self._posko.regions.get(owner)
            return f"Ruas ini diputuskan kantor {region.name if region else owner}."
        return ""


def _kept(row: Proposal, kind: str, sheet: str) -> dict[str, Any]:
    """What a kept row says of its hand edit without looking any further."""
    return {
        "fingerprint": row.fingerprint,
        "kind": kind,
        "table": row.table_name,
        "uid": row.record_uid,
        "field": row.field,
        "sheet": sheet,
        "row": int("".join(c for c in row.place.rpartition("!")[2] if c.isdecimal()) or 0),
        "place": row.place,
        "signature": row.signature,
    } | ({"case_uid": ""} if not row.field else {})


def _accept(
    posko: Posko, session: Session, edit: HandEdit, shown: HandEdit, import_uid: str
) -> None:
    if not edit.acceptable:
        reason = edit.reason or _NO_VALUE
        raise UserError(f"{reason} Tidak ada yang diubah.", "not_acceptable")
    stamper = Stamper.take(session, posko.user.login, posko.clock)
    if edit.kind in NEW_ROWS:
        session.info["stamper"] = stamper
        office = session.scalar(select(Import.office_code).where(Import.uid == import_uid))
        made = record_of_new(posko, session, edit, office or posko.office.code)
        board.refresh(posko, session, {made} - {""})
        return
    if edit.mine_text != shown.mine_text:
        raise UserError(
            "Nilai di sini baru saja berubah. Tidak ada yang diubah. Lihat usulannya sekali lagi.",
            "moved_on",
        )
    changes = {edit.uid: {edit.field: edit.theirs}}
    cases = write_fields(posko, session, stamper, Offices(posko, session), changes)
    board.refresh(posko, session, cases)


def record_of_new(posko: Posko, session: Session, edit: HandEdit, office: str) -> str:
    """Add the record of a new row; gives its case, empty where it has none."""
    uid = add_row(posko, session, edit, office)
    session.flush()
    made = record_of(session, uid)
    return _case_of(made) if made is not None else ""


def _case_of(record: Record) -> str:
    if record.table == "cases":
        return record.uid
    return str(records.display(record, "case_uid") or "")
