"""The table of deadlines on Beranda: columns, and the rows under the day they are due."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby

from posko_app import text
from posko_app.cases.queries import DueItem
from ui.case_words import CaseWords, next_step, working_day
from ui.tables import Column, GroupRow

KEYS = ("left", "number", "title", "stage", "officer", "step")
NARROW = ("left", "number", "title", "step")


def columns(words: CaseWords) -> tuple[Column[DueItem], ...]:
    """The columns, in the words of this office."""
    return (
        Column("left", "Sisa waktu", lambda i: words.due_chip(i.due), width=128, style="chip",
               sortable=False),
        Column("number", "No.", lambda i: words.number(i.case), width=80, style="mono",
               tooltip=lambda i: words.numbers(i.case), sortable=False),
        Column("title", "Perkara", lambda i: i.case.title, width=0, sortable=False),
        Column("stage", "Tahap", lambda i: i.case.stage_label, width=112, style="secondary",
               sortable=False),
        Column("officer", "Petugas", lambda i: words.officer(i.case), width=68,
               style="secondary", sortable=False),
        Column("step", "Langkah berikut", lambda i: next_step(i.case)[1], width=146,
               style="link", sortable=False),
    )  # fmt: skip


def grouped(
    items: Sequence[DueItem], today: date, counts: Mapping[str, int], total: int
) -> list[DueItem | GroupRow]:
    """The items under their headings: Lewat batas, Hari ini, Besok, then each date."""
    rows: list[DueItem | GroupRow] = []
    cut = items[-1] if len(items) < total else None

    def left(item: DueItem) -> int:
        day = working_day(item.due.safe_on, item.due.due_on, today)
        return max(-1, (day - today).days)

    for days, group in groupby(sorted(items, key=left), key=left):
        block = list(group)
        count: int | None = None if cut in block else len(block)
        if days <= 0:
            count = counts.get("late" if days else "today", count)
        rows.append(GroupRow(heading(today + timedelta(days=days), days, count)))
        rows.extend(block)
    return rows


def heading(day: date, days: int, count: int | None) -> str:
    """The heading of a group: `Besok, Rabu 16 Oktober · 4`."""
    words = f"{text.DAY_NAMES[day.weekday()]} {day.day} {text.MONTH_NAMES[day.month - 1]}"
    said = {-1: "Lewat batas", 0: f"Hari ini, {words}", 1: f"Besok, {words}"}.get(days, words)
    return said if count is None else f"{said} · {count}"
