"""Hand edits found exactly: each readable cell against the record that it was made from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from sqlalchemy.orm import Session

from posko_app.app import Posko
from posko_app.cases.step_checks import named_in_the_open
from posko_app.data import record as records
from posko_app.data.record import Record, Value
from posko_app.text import ZONES, fold, zone

from . import merge
from .authority import Offices, class_of, records_of
from .bases import kept_versions, own_versions
from .cells import CellError
from .edits import Typed, Visible, column_of, place_of, read_visible
from .judge import Decision
from .layout import ColumnLayout, Renderer, normal
from .opened import VALID, Opened
from .proposals import HandEdit, decided, fingerprint
from .shown import Words
from .twins import believed
from .typed import Reading, typed_value
from .visible import VERSION_CHARS
from .xlsx.guarded import Reader
from .xlsx.rows import Cell

NEW_ALLOWED = frozenset(
    {"reported_parties", "prevention", "prevention_targets", "coverage_plans", "coverage_entries"}
)
"""Tables whose rows a workbook may add; everything else is taken in with its own form."""
_APPENDED = "Data ini hanya dapat ditambah. Betulkan di Posko dengan catatan baru."
_NOT_OURS = "Ruas ini milik kantor {owner}. Hanya kantor itu yang dapat menerimanya."
_CONTESTED = "Ruas ini sedang bentrok dan diputuskan kantor {owner}."
_NO_ROW = {
    "new": "Baris tanpa ID. Data jenis ini dicatat lewat Posko atau isian kosong.",
    "unknown": "ID ini tidak dikenal di sini. Minta kiriman utuh dari pengirim.",
    "twice": "Salinan baris. Data jenis ini dicatat lewat Posko atau isian kosong.",
}


@dataclass(frozen=True)
class Found:
    """The hand edits of a workbook; `already` counts cells that say what is here already,
    `remembered` those that were decided before."""

    edits: tuple[HandEdit, ...] = ()
    warnings: tuple[str, ...] = ()
    already: int = 0
    remembered: int = 0


def find_edits(
    posko: Posko,
    session: Session,
    opened: Opened,
    decisions: Iterable[Decision],
    reader: Reader,
) -> Found:
    """Everything somebody typed into the readable sheets, compared three ways."""
    if not opened.edited and not opened.book.warnings:
        return Found()
    sent = _sent(opened)
    tables = {uid: record.table for uid, record in sent.items()}
    hashes = {row.hash[:VERSION_CHARS]: row.uid for row in opened.rows}
    visible = read_visible(opened, tables, hashes)
    finder = _Finder(posko, session, opened, {d.prepared.uid: d for d in decisions})
    edits = finder.find(visible, sent, reader)
    done = decided(session, [edit.fingerprint for edit in edits])
    left = [edit for edit in edits if edit.fingerprint not in done]
    silent = _named(posko, session, left)
    return Found(
        tuple(silent.get(edit.fingerprint, edit) for edit in left),
        tuple(visible.warnings),
        finder.already,
        len(edits) - len(left),
    )


def _sent(opened: Opened) -> dict[str, Record]:
    """What the sender's program wrote, as far as it is proven."""
    found = {}
    for row in opened.rows:
        if records.row_hash(row.text) != row.hash:
            continue
        try:
            found[row.uid] = records.from_canonical(records.loads(row.text))
        except ValueError:
            continue  # rejected with its own reason
    return found


class _Cell(NamedTuple):
    """A cell that differs: its column, and both texts of it when it stands twice."""

    column: ColumnLayout
    cell: Cell
    torn: bool


@dataclass
class _Finder:
    posko: Posko
    session: Session
    opened: Opened
    decisions: Mapping[str, Decision]
    already: int = 0
    _seen: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        manifest = self.opened.manifest
        self.xid = manifest.xid if manifest else ""
        words = manifest.made_local.rpartition(" ")[2] if manifest else ""
        here = zone(words if words in ZONES else self.posko.office.zone)
        self.render = Renderer(self.posko.vocabulary, here)
        coming = {
            uid: str(d.prepared.row["office_code"])
            for uid, d in self.decisions.items()
            if d.prepared.table == "cases"
        }
        sender = manifest if self.opened.signature == VALID else None
        self.words, self.offices = (
            Words(self.posko),
            Offices(self.posko, self.session, sender, coming),
        )
        self.reading = Reading(self.posko, here, self.opened.book.date1904, self.posko.today())

    def find(self, visible: Visible, sent: Mapping[str, Record], reader: Reader) -> list[HandEdit]:
        """Compare every row; what has no proven base is looked for among our own versions."""
        bases = self._bases(visible, sent, reader)
        rows = [row for row in visible.rows if self._may_differ(row, bases.get(row.uid))]
        mine = self._mine({row.uid for row in rows if row.uid} - {""})
        times = Counter((row.sheet.table, row.uid) for row in visible.rows if row.uid)
        edits: list[HandEdit] = []
        originals = self._originals(visible, bases)
        for row in rows:
            base, ours = bases.get(row.uid), mine.get(row.uid)
            again = times[row.sheet.table, row.uid] > 1
            if not row.uid or (base is None and ours is None):
                edits += self._new_row(row, "unknown" if row.uid else "new")
            elif (base or ours).table != row.sheet.table:  # type: ignore[union-attr]
                edits += self._new_row(row, "unknown")
            else:
                if again and (row.sheet.name, row.number) not in originals:
                    edits += self._new_row(row, "twice")
                edits += self._cells(row, base, ours, twice=again)
        return edits

    def _bases(
        self, visible: Visible, sent: Mapping[str, Record], reader: Reader
    ) -> dict[str, Record]:
        bases = dict(sent)
        wanted = {r.uid: r.version for r in visible.rows if r.uid and r.uid not in bases}
        if wanted:
            bases |= own_versions(self.session, wanted)
            left = {uid: version for uid, version in wanted.items() if uid not in bases}
            known = records_of(self.session, left)  # an ID nobody knows needs no search
            bases |= kept_versions(
                self.posko, self.session, reader, {uid: left[uid] for uid in known}
            )
        return bases

    def _originals(self, visible: Visible, bases: Mapping[str, Record]) -> set[tuple[str, int]]:
        """Sheet and number of rows that still say what was sent, the first of each record."""
        found: dict[tuple[str, str], tuple[str, int]] = {}
        for row in visible.rows:
            base = bases.get(row.uid)
            if base is not None and not any(self._differing(row, base)):
                found.setdefault((row.sheet.table, row.uid), (row.sheet.name, row.number))
        return set(found.values())

    def _may_differ(self, row: Typed, base: Record | None) -> bool:
        return base is None or any(self._differing(row, base)) or self._twice(row)

    def _twice(self, row: Typed) -> bool:
        self._seen[f"{row.sheet.table}/{row.uid}"] += 1
        return self._seen[f"{row.sheet.table}/{row.uid}"] > 1

    def _mine(self, uids: Collection[str]) -> dict[str, Record]:
        """Our records as they will be when the machine rows of the file are in."""
        found = records_of(self.session, uids)
        manifest = self.opened.manifest
        signed = manifest if self.opened.signature == VALID else None
        forked = believed(self.session, signed)
        for uid in uids:
            decision = self.decisions.get(uid)
            if decision is not None:
                incoming = records.from_canonical(records.loads(decision.text))
                local = found.get(uid)
                found[uid] = merge.join(local, incoming, forked) if local else incoming
        return found

    def _differing(self, row: Typed, base: Record) -> Iterator[_Cell]:
        """The cells of a row that do not say what their record holds."""
        for name, cells in row.cells.items():
            column = column_of(row.sheet, name)
            held = base.fields.get(name, ())
            # of a contested field the sheet shows one value; none of them is an edit
            told = {normal(self.render(column, sibling.value)) for sibling in held} or {""}
            other = {normal(cell.value): cell for cell in cells if normal(cell.value) not in told}
            if other:
                yield _Cell(column, next(iter(other.values())), len(other) > 1)

    def _cells(
        self, row: Typed, base: Record | None, ours: Record | None, *, twice: bool
    ) -> Iterator[HandEdit]:
        against = base or ours
        assert against is not None
        for column, cell, torn in self._differing(row, against):
            edit = self._edit(row, column, cell, base, ours)
            if torn:
                reason = f"Kolom {column.heading} ada dua dan isinya berbeda. Hapus salah satunya."
                edit = replace(edit, kind="problem", reason=reason)
            elif edit.kind != "problem" and self._says_the_same(edit, base, ours):
                continue
            yield replace(edit, twice=twice)

    def _says_the_same(self, edit: HandEdit, base: Record | None, ours: Record | None) -> bool:
        """Whether a value was only written differently, or is what we hold already."""
        if base is not None and edit.theirs == edit.base and edit.base is not None:
            return True
        held = {s.value for s in ours.fields.get(edit.field, ())} if ours else set()
        if held == {edit.theirs} or (not held and edit.theirs in (None, "")):
            self.already += base is not None
            return True
        return False

    def _edit(
        self,
        row: Typed,
        column: ColumnLayout,
        cell: Cell,
        base: Record | None,
        ours: Record | None,
    ) -> HandEdit:
        record = ours or base
        assert record is not None
        name, table = column.field, row.sheet.table
        was = records.display(base, name) if base else None
        now = self.offices.shown(ours, name) if ours else None
        raw = cell.value.strip()
        theirs: Value = None
        kind, reason = "value" if raw or cell.formula else "cleared", ""
        try:
            theirs = typed_value(cell, table, column, self.reading)
        except CellError as error:
            reason = str(error)
            kind = "problem" if raw or cell.formula else "cleared"
        owner = self.offices.owner(record, name)
        print_ = fingerprint(self.xid, table, row.uid, name, theirs if kind != "problem" else raw)
        values = {s: records.display(record, s) for s in record.fields}
        return HandEdit(
            fingerprint=print_,
            kind=kind,  # type: ignore[arg-type]
            table=table,
            uid=row.uid,
            field=name,
            case_uid=row.uid if table == "cases" else str(values.get("case_uid") or ""),
            sheet=row.sheet.name,
            row=row.number,
            heading=column.heading,
            place=place_of(row.sheet, row.number, cell),
            base=was,
            theirs=theirs,
            mine=now,
            raw=cell.value,
            base_text=self.words.value(column, was),
            theirs_text=raw if kind == "problem" else self.words.value(column, theirs),
            mine_text=self._mine_text(column, ours, name),
            record=self._called(table, values),
            base_known=base is not None,
            differs=base is None or was != now or len(records.distinct(record, name)) > 1,
            ordinary=class_of(table, name) == "biasa",
            owner=owner,
            reason=reason or self._why_not(record, name, owner),
            signature=self.opened.signature,
        )

    def _called(self, table: str, values: Mapping[str, Value]) -> str:
        name = self.words.record(table, values)
        title = str(values.get("title") or "") if table == "cases" else ""
        return f"{name}: {title[:60]}" if title else name

    def _mine_text(self, column: ColumnLayout, ours: Record | None, name: str) -> str:
        several = records.distinct(ours, name) if ours else ()
        return " / ".join(self.words.value(column, sibling.value) for sibling in several)

    def _why_not(self, record: Record, name: str, owner: str) -> str:
        if self.offices.may_write(record, name):
            return ""
        kind = class_of(record.table, name)
        if kind in ("tambah-saja", "turunan"):
            return _APPENDED
        region = self.posko.regions.get(owner)
        said = f"{owner} {region.name}" if region else owner
        return (_CONTESTED if kind == "biasa" else _NOT_OURS).format(owner=said)

    def _new_row(self, row: Typed, kind: str) -> Iterator[HandEdit]:
        """A row that belongs to no record here: what it would be as a new one."""
        cells: list[tuple[str, Value]] = []
        texts: list[str] = []
        allowed = row.sheet.table in NEW_ALLOWED and kind != "unknown"
        reason = "" if allowed else _NO_ROW[kind]
        for name, typed in row.cells.items():
            column = column_of(row.sheet, name)
            cell = typed[0]
            if not cell.value.strip():
                continue
            texts.append(f"{column.heading}: {cell.value.strip()[:60]}")
            try:
                cells.append((name, typed_value(cell, row.sheet.table, column, self.reading)))
            except CellError as error:
                reason = reason or f"{column.heading}: {error}"
        parent = row.number_of_case
        told: list[object] = [list(pair) for pair in cells]
        key = fingerprint(self.xid, row.sheet.table, row.uid, "", [*told, parent])
        self._seen[key] += 1
        if self._seen[key] > 1:  # the same row once more is one more row
            key = fingerprint(self.xid, row.sheet.table, row.uid, "", [*told, self._seen[key]])
        yield HandEdit(
            fingerprint=key,
            kind=kind,  # type: ignore[arg-type]
            table=row.sheet.table,
            uid=row.uid,
            field="",
            case_uid="",
            sheet=row.sheet.name,
            row=row.number,
            heading="Seluruh baris",
            place=f"{row.sheet.name}!A{row.number}",
            cells=(*cells, ("case_number", parent)) if parent else tuple(cells),
            theirs_text="; ".join(texts),
            record=row.sheet.name,
            base_known=False,
            ordinary=False,
            reason=reason,
            signature=self.opened.signature,
        )


def _named(posko: Posko, session: Session, edits: Sequence[HandEdit]) -> dict[str, HandEdit]:
    """Those edits whose text names a reporter or witness, with that as their reason."""
    by_case: dict[str, dict[str, HandEdit]] = {}
    for edit in edits:
        text = isinstance(edit.theirs, str) and len(fold(edit.theirs)) > 2
        if edit.kind == "value" and edit.acceptable and edit.case_uid and text:
            by_case.setdefault(edit.case_uid, {})[edit.fingerprint] = edit
    found = {}
    for case_uid, group in by_case.items():
        texts = {print_: str(edit.theirs) for print_, edit in group.items()}
        for problem in named_in_the_open(posko, session, case_uid, texts):
            found[problem.field] = replace(group[problem.field], reason=problem.message)
    return found
