"""The columns of a pledge's roster, and its lines under a heading per group."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from posko_app import text
from posko_app.cases.pledge_rows import ABSENT, PRESENT, REPRESENTED, GroupTotal, SignatoryRow
from posko_app.rules.identity import parse_nip
from ui.tables import Column, GroupRow
from ui.widgets.chips import Chip

KEYS = ("name", "nip", "position", "agency", "mark", "after")
MIDDLE = ("name", "position", "agency", "mark", "after")
NARROW = ("name", "position", "mark", "after")
VACANT = "belum terisi"
MARKS = {PRESENT: ("green", "check"), REPRESENTED: ("blue", "people"), ABSENT: ("gold", "close")}
FILTERS = (
    ("", "Semua"),
    ("unmarked", "Belum ditandai"),
    ("absent", "Tidak hadir"),
    ("owing", "Ikrar ditunggu"),
)
"""Which lines a chip shows."""


def columns() -> tuple[Column[SignatoryRow], ...]:
    """Who, which office, whether they came, and the pledge signed alone."""
    return (
        Column("name", "Nama", lambda r: r.name or VACANT, width=0, sortable=False,
               tone=lambda r: "text2" if r.vacant else ""),
        Column("nip", "NIP", lambda r: parse_nip(r.nip).grouped if r.nip else "–", width=158,
               style="mono", sortable=False),
        Column("position", "Jabatan", lambda r: r.position_title or "–", width=176,
               sortable=False),
        Column("agency", "Instansi", lambda r: r.agency or "–", width=136, style="secondary",
               sortable=False),
        Column("mark", "Kehadiran", _mark, width=112, style="chip", sortable=False),
        Column("after", "Ikrar mandiri", _after, width=140, style="chip", sortable=False),
    )  # fmt: skip


def grouped(
    totals: Iterable[GroupTotal], lines: Sequence[SignatoryRow]
) -> list[SignatoryRow | GroupRow]:
    """The lines under the groups they belong to; groups without a line are left out."""
    rows: list[SignatoryRow | GroupRow] = []
    for total in totals:
        here = [line for line in lines if line.group_code == total.code]
        if here:
            rows.append(GroupRow(heading(total)))
            rows += here
    return rows


def heading(total: GroupTotal) -> str:
    """What a group says of itself: invited, and how each of them answered."""
    parts = [f"{total.invited} diundang"]
    for count, word in (
        (total.present, "hadir"),
        (total.represented, "diwakili"),
        (total.absent, "tidak hadir"),
        (total.vacant, "belum terisi"),
        (total.unmarked, "belum ditandai"),
    ):
        if count:
            parts.append(f"{count} {word}")
    return f"{total.label}: {', '.join(parts)}"


def fits(code: str, line: SignatoryRow) -> bool:
    """Whether a chip shows a line."""
    if code == "unmarked":
        return not line.attendance and not line.vacant
    if code == "absent":
        return line.attendance == ABSENT
    return code == "" or line.owing


def _mark(row: SignatoryRow) -> Chip:
    if not row.attendance:
        return Chip("–", "plain")
    tone, icon = MARKS.get(row.attendance, ("gray", ""))
    return Chip(row.attendance_label, tone, icon)


def _after(row: SignatoryRow) -> Chip | None:
    """The pledge signed alone, or who came instead."""
    if row.self_pledge_on is not None:
        icon = "evidence" if row.scans else "check"
        said = "dengan pindaian" if row.scans else "tanpa pindaian"
        on = text.full_date(row.self_pledge_on)
        return Chip(text.day_month(row.self_pledge_on), "plain_green", icon,
                    f"Diterima {on}, {said}")  # fmt: skip
    if row.owing:
        return Chip("ditunggu", "gold_outline", "missing")
    return Chip(f"oleh {row.represented_by}", "plain") if row.represented_by else None
