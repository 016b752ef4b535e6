"""The rows of a preview: changes under their groups, and rejected rows with their reasons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from posko_app import text
from posko_app.app import Posko
from posko_app.exchange.changes import CONFLICT, NEW, UPDATED, CaseChange, place_words
from posko_app.exchange.judge import RejectedRow
from posko_app.exchange.plan import ImportPlan
from ui.case_words import LEVELS
from ui.tables import Column, GroupRow
from ui.widgets.tabs import Tab

ALL, REJECTED, SAME, PROPOSALS = "all", "rejected", "same", "proposals"
HEADINGS = {
    CONFLICT: "Bentrok: diubah di dua tempat",
    NEW: "Baru: belum ada di sini",
    UPDATED: "Diperbarui",
    REJECTED: "Ditolak: tidak bisa dipakai",
}


@dataclass(frozen=True)
class Line:
    """A line of the preview: a change, or a rejected row."""

    key: str
    group: str
    number: str
    title: str
    note: str
    change: CaseChange | None = None
    rejected: RejectedRow | None = None


def columns() -> tuple[Column[Line], ...]:
    """The columns of the list."""
    return (
        Column("number", "No.", lambda r: r.number, width=84, style="mono", sortable=False,
               tooltip=lambda r: r.change.number if r.change else ""),
        Column("title", "Laporan", lambda r: r.title, width=0, sortable=False),
        Column("note", "Perubahan", lambda r: r.note, width=176, style="secondary",
               sortable=False, tone=_tone),
    )  # fmt: skip


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
    """The lines of the changes, and those of the rejected rows."""
    changed = tuple(
        Line(c.key, c.group, short_number(posko, c), c.title, c.note, change=c) for c in changes
    )
    rejected = tuple(
        Line(f"{n}", REJECTED, "–", f"Baris {row.row}, {place_words(row)[0]}", row.reason,
             rejected=row)
        for n, row in enumerate(plan.rejected)
    )  # fmt: skip
    return changed, rejected


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

    rejected = text.thousands(len(plan.rejected))
    found = [
        Tab(ALL, "Semua", text.thousands(len(lines) + len(plan.rejected))),
        Tab(CONFLICT, "Bentrok", count(CONFLICT), tone="red" if plan.conflicts else "gray"),
        Tab(NEW, "Baru", count(NEW)),
        Tab(UPDATED, "Diperbarui", count(UPDATED)),
        Tab(REJECTED, "Ditolak", rejected, tone="red" if plan.rejected else "gray"),
        Tab(SAME, "Sama", text.thousands(plan.same)),
    ]
    if plan.proposals:
        found.append(Tab(PROPOSALS, "Usulan", text.thousands(plan.proposals)))
    return found


def nothing_words(plan: ImportPlan, tab: str) -> tuple[str, str]:
    """What stands where a tab has no rows."""
    if tab == SAME:
        title = f"{text.thousands(plan.same)} baris data sudah sama"
        return title, "Isinya sama dengan yang ada di sini, jadi tidak diubah."
    if tab == PROPOSALS:
        title = f"{text.thousands(plan.proposals)} sel diubah di Excel"
        return title, (
            "Sel itu diubah setelah kiriman dibuat. Perubahannya hanya usulan dan tidak ikut "
            "diterapkan; minta kantor pengirim mengubahnya di Posko."
        )
    if tab == ALL and plan.same:
        return "Semua isinya sudah ada di sini", (
            "Tidak ada yang berubah. Catat kiriman ini supaya urutannya tetap lengkap."
        )
    return "Tidak ada", "Kelompok ini kosong di kiriman ini."


def _place(row: Line) -> tuple[str, str]:
    return place_words(row.rejected) if row.rejected else ("", "")


def _tone(row: Line) -> str:
    return "red" if row.group in (CONFLICT, REJECTED) else ""
