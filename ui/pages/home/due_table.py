"""The table of deadlines on Beranda: columns, and the rows under the day they are due."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby

from posko_app import text
from posko_app.cases.queries import DueItem
from ui.case_words import CaseWords
from ui.tables import Column, GroupRow

KEYS = ("left", "number", "title", "stage", "officer", "step")
NARROW = ("left", "number", "title", "step")


def columns(words: CaseWords) -> tuple[Column[DueItem], ...]:
    """The columns, in the words of this office."""
    return (
        Column("left", "Sisa waktu", lambda i: words.due_chip(i.due), width=118, style="chip",
               sortable=False),
        Column("number", "No.", lambda i: words.number(i.case), width=68, style="mono",
               tooltip=lambda i: words.numbers(i.case), sortable=False),
        Column("title", "Perkara", lambda i: i.case.title, width=0, sortable=False),
        Column("stage", "Tahap", lambda i: i.case.stage_label, width=112, style="secondary",
               sortable=False),
        Column("officer", "Petugas", lambda i: words.officer(i.case), width=62,
               style="secondary", sortable=False),
        Column("step", "Langkah berikut", lambda i: i.case.next_step_label, width=146,
               style="link", sortable=False),
    )  # fmt: skip


def grouped(
    items: Sequence[DueItem], today: date, counts: Mapping[str, int], total: int
) -> list[DueItem | GroupRow]:
    """The items under their headings: Lewat batas, Hari ini, Besok, then each date."""
    rows: list[DueItem | GroupRow] = []
    all_here = len(items) >= total
    for days, group in groupby(items, key=lambda item: max(-1, (item.due.safe_on - today).days)):
        block = list(group)
        last = block[-1] is items[-1]
        count: int | None = len(block) if all_here or not last else None
        if days < 0:
            count = counts.get("late", count)
        elif days == 0:
            count = counts.get("today", count)
        rows.append(GroupRow(heading(block[0].due.safe_on, days, count)))
        rows.extend(block)
    return rows


def heading(day: date, days: int, count: int | None) -> str:
    """The heading of a group: `Besok, Rabu 16 Oktober · 4`."""
    words = f"{text.DAY_NAMES[day.weekday()]} {day.day} {text.MONTH_NAMES[day.month - 1]}"
    said = {-1: "Lewat batas", 0: f"Hari ini, {words}", 1: f"Besok, {words}"}.get(days, words)
    return said if count is None else f"{said} · {count}"
