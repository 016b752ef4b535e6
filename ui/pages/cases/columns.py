"""The columns of Laporan: what they show, which are there at first, which give way."""

from __future__ import annotations

from collections.abc import Mapping

from posko_app import text
from posko_app.cases.views import CaseRow
from ui.case_words import CaseWords, next_step
from ui.tables import Column

FIRST = ("number", "title", "party", "area", "stage", "due", "officer")
ENDED = ("number", "title", "party", "area", "stage", "filed", "officer")  # no clock runs there
EVERY = ("number", "title", "party", "stage", "due", "filed", "officer")  # newest first
YIELD = ("theme", "office", "step", "officer", "area", "party")  # in this order in a narrow window
LEAST_TITLE = 190  # pixels for Peristiwa before another column gives way
SORTABLE = ("due", "filed")


def columns(words: CaseWords) -> tuple[Column[CaseRow], ...]:
    """All columns, in the words of this office."""
    return (
        Column("number", "No.", words.number, width=80, style="mono", tooltip=words.numbers,
               sortable=False),
        Column("title", "Peristiwa", _title, width=0, tooltip=_bothered, sortable=False),
        Column("party", "Terlapor", lambda r: r.party or "Belum diketahui", width=136,
               style="secondary", sortable=False),
        Column("area", words.area_title, words.area, width=100, style="secondary",
               sortable=False),
        Column("stage", "Tahap", words.stage, width=126, sortable=False),
        Column("due", "Batas", words.chip, width=122, style="chip"),
        Column("filed", "Diterima", _filed, width=102,
               style="secondary"),
        Column("step", "Langkah berikut", lambda r: next_step(r)[1], width=150, style="link",
               sortable=False),
        Column("theme", "Jenis", lambda r: r.theme_label, width=140, style="secondary",
               sortable=False),
        Column("office", "Kantor", lambda r: words.office(r.office_code), width=120,
               style="secondary", sortable=False),
        Column("officer", "Petugas", words.officer, width=72, style="secondary",
               sortable=False),
    )  # fmt: skip


def shown(
    view: str,
    chosen: Mapping[str, bool],
    widths: Mapping[str, int],
    room: int,
    least: int = LEAST_TITLE,
) -> tuple[str, ...]:
    """The keys to show: what belongs to the view and what was chosen, as far as there is room.

    `widths` and `room` are pixels; columns give way in the order of YIELD until Peristiwa has
    `least`. A column that was chosen by hand stays.
    """
    start = {"closed": ENDED, "all": EVERY}.get(view, FIRST)
    keys = [key for key in widths if chosen.get(key, key in start)]
    for key in YIELD:
        if room - sum(widths[k] for k in keys) >= least:
            break
        if key in keys and not chosen.get(key):
            keys.remove(key)
    return tuple(keys)


def _filed(row: CaseRow) -> str:
    """The date of filing without its weekday."""
    return text.short_date(row.filed_on).partition(" ")[2]


def _title(row: CaseRow) -> str:
    return f"⚠ {row.title}" if row.conflicts else row.title


def _bothered(row: CaseRow) -> str:
    if not row.conflicts:
        return ""
    return f"{row.title}\n{row.conflicts} ruas bentrok. Buka perkaranya dan pilih isi yang benar."
