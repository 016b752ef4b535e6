"""The rows of a preview: changes under their groups, hand edits, and rows that stay outside."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from posko_app import text
from posko_app.app import Posko
from posko_app.exchange.changes import CONFLICT, NEW, UPDATED, CaseChange, place_words
from posko_app.exchange.judge import RejectedRow
from posko_app.exchange.plan import ImportPlan
from posko_app.exchange.proposals import NEW_ROWS, HandEdit
from ui.case_words import LEVELS
from ui.tables import Column, GroupRow
from ui.widgets.chips import Chip
from ui.widgets.tabs import Tab

from .choosing import Chosen

ALL, REJECTED, SAME, PROPOSALS = "all", "rejected", "same", "proposals"
EDIT_GROUPS: tuple[tuple[str, tuple[str, ...], bool | None], ...] = (
    ("Diubah di Excel", ("value",), False),
    ("Diubah di Excel dan di sini", ("value",), True),
    ("Sel dikosongkan", ("cleared",), None),
    ("Baris ganda, baru, atau tidak dikenal", ("twice", "new", "unknown"), None),
    ("Bukan nilai: rumus, angka, atau galat", ("problem",), None),
)
HEADINGS = {
    CONFLICT: "Bentrok: diubah di dua tempat",
    NEW: "Baru: belum ada di sini",
    UPDATED: "Diperbarui",
    REJECTED: "Ditolak: tidak bisa dipakai",
}


@dataclass(frozen=True)
class Line:
    """A line of the preview: a change, a hand edit, or a row that is rejected or waits."""

    key: str
    group: str
    number: str
    title: str
    note: str
    change: CaseChange | None = None
    rejected: RejectedRow | None = None
    edit: HandEdit | None = None


def columns(chosen: Callable[[], Chosen]) -> tuple[Column[Line], ...]:
    """The columns of the list; `chosen` has what is ticked."""
    return (
        Column("number", "No.", lambda r: r.number, width=84, style="mono", sortable=False,
               tooltip=lambda r: r.change.number if r.change else ""),
        Column("title", "Laporan", lambda r: r.title, width=0, sortable=False),
        Column("note", "Perubahan", lambda r: r.note, width=132, style="secondary",
               sortable=False, tone=_tone, tooltip=lambda r: r.note),
        Column("take", "Tindakan", lambda r: _action(r, chosen()), width=92, style="check",
               second=lambda r: "Pakai" if r.change else "", sortable=False),
    )  # fmt: skip


def proposal_columns(chosen: Callable[[], Chosen]) -> tuple[Column[Line], ...]:
    """The columns of the hand edits."""
    return (
        Column("number", "No.", lambda r: r.number, width=60, style="mono", sortable=False),
        Column("title", "Ruas", lambda r: r.title, width=0, sortable=False,
               tooltip=lambda r: r.edit.place if r.edit else ""),
        Column("note", "Usulan", lambda r: r.note, width=164, style="secondary",
               sortable=False, tooltip=lambda r: r.note),
        Column("take", "Tindakan", lambda r: _answer(r, chosen()), width=108, style="check",
               second=lambda r: "Terima" if r.edit else "", sortable=False),
    )  # fmt: skip


def _action(row: Line, chosen: Chosen) -> bool | Chip | None:
    """What is to do in a row: tick it, choose values, or nothing."""
    if row.change is None:
        return None
    if row.change.conflicts:
        if not chosen.open_of(row.change):
            return Chip("Selesai", "plain_green", "check")
        mine = any(not conflict.owner for conflict in row.change.conflicts)
        return Chip("Pilih", "plain_red", "error") if mine else Chip("Tunggu", "plain", "due")
    return row.change.key not in chosen.left_out


def _answer(row: Line, chosen: Chosen) -> bool | Chip | None:
    """What was answered to a hand edit."""
    if row.edit is None:
        return None
    if row.edit.fingerprint in chosen.refused:
        return Chip("Ditolak", "plain_red", "error")
    if not row.edit.acceptable:
        return Chip("Tidak bisa", "plain", "info")
    return row.edit.fingerprint in chosen.accepted


def rejected_columns() -> tuple[Column[Line], ...]:
    """The columns of the rejected rows."""
    return (
        Column("sheet", "Lembar", lambda r: _place(r)[0], width=150, sortable=False),
        Column("row", "Baris", lambda r: r.rejected.row if r.rejected else 0, width=60,
               right=True, sortable=False),
        Column("column", "Kolom", lambda r: _place(r)[1], width=120, style="secondary",
               sortable=False),
        Column("reason", "Alasan", lambda r: r.note, width=0, sortable=False),
    )  # fmt: skip


def lines_of(
    posko: Posko, plan: ImportPlan, changes: Sequence[CaseChange]
) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """The lines of the changes, and those of rows that are rejected or wait."""
    changed = tuple(
        Line(c.key, c.group, short_number(posko, c), c.title, c.note, change=c) for c in changes
    )
    rejected = tuple(
        Line(f"{n}", REJECTED, "–", f"Baris {row.row}, {place_words(row)[0]}", row.reason,
             rejected=row)
        for n, row in enumerate((*plan.rejected, *plan.waiting))
    )  # fmt: skip
    return changed, rejected


def edit_lines(plan: ImportPlan, lines: Sequence[Line]) -> list[Line | GroupRow]:
    """The hand edits under headings: plain ones, emptied cells, rows, and what is no value."""
    numbers = {line.change.case_uid: line.number for line in lines if line.change}
    rows: list[Line | GroupRow] = []
    for heading, kinds, differs in EDIT_GROUPS:
        block = [
            Line(
                edit.fingerprint,
                PROPOSALS,
                numbers.get(edit.case_uid, "–"),
                f"{edit.heading} · {edit.record}",
                _said(edit),
                edit=edit,
            )
            for edit in plan.edits
            if edit.kind in kinds and (differs is None or edit.differs == differs)
        ]
        if block:
            rows.append(GroupRow(f"{heading} · {text.thousands(len(block))}"))
            rows.extend(block)
    return rows


def _said(edit: HandEdit) -> str:
    if edit.kind == "cleared":
        return f"{edit.base_text or '…'} → (kosong)"
    if edit.kind in NEW_ROWS:
        return edit.theirs_text
    return f"{edit.base_text or '(kosong)'} → {edit.theirs_text or edit.raw}"


def short_number(posko: Posko, change: CaseChange) -> str:
    """The running part of a number, with the level of the office that gave it: `017 Kec`."""
    seq = change.number.partition("/")[0]
    if not seq:
        return "–"
    if change.kind == "finding":
        seq = f"T-{seq.removeprefix('0')}"
    if not change.office_code or change.office_code == posko.office.code:
        return seq
    return f"{seq} {LEVELS.get(len(change.office_code), '')}".strip()


def grouped(lines: Sequence[Line]) -> list[Line | GroupRow]:
    """The lines under the headings of their groups."""
    rows: list[Line | GroupRow] = []
    for group, heading in HEADINGS.items():
        block = [line for line in lines if line.group == group]
        if block:
            rows.append(GroupRow(f"{heading} · {text.thousands(len(block))}"))
            rows.extend(block)
    return rows


def tabs(plan: ImportPlan, lines: Sequence[Line]) -> list[Tab]:
    """One tab per group; usulan only when there are any."""

    def count(group: str) -> str:
        return text.thousands(sum(1 for line in lines if line.group == group))

    held = len(plan.rejected) + len(plan.waiting)
    rejected = text.thousands(held)
    found = [
        Tab(ALL, "Semua", text.thousands(len(lines) + held)),
        Tab(CONFLICT, "Bentrok", count(CONFLICT), tone="red" if plan.conflicts else "gray"),
        Tab(NEW, "Baru", count(NEW)),
        Tab(UPDATED, "Diperbarui", count(UPDATED)),
        Tab(REJECTED, "Ditolak", rejected, tone="red" if plan.rejected else "gray"),
        Tab(SAME, "Sama", text.thousands(plan.same)),
    ]
    if plan.proposals:
        found.insert(2, Tab(PROPOSALS, "Usulan", text.thousands(plan.proposals)))
    return found


def nothing_words(plan: ImportPlan, tab: str) -> tuple[str, str]:
    """What stands where a tab has no rows."""
    if tab == SAME:
        title = f"{text.thousands(plan.same)} baris data sudah sama"
        return title, "Isinya sama dengan yang ada di sini, jadi tidak diubah."
    if tab == ALL and plan.same:
        return "Semua isinya sudah ada di sini", (
            "Tidak ada yang berubah. Catat kiriman ini supaya urutannya tetap lengkap."
        )
    return "Tidak ada", "Kelompok ini kosong di kiriman ini."


def _place(row: Line) -> tuple[str, str]:
    return place_words(row.rejected) if row.rejected else ("", "")


def _tone(row: Line) -> str:
    return "red" if row.group in (CONFLICT, REJECTED) else ""
