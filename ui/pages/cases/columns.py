"""The columns of Laporan: what they show, which are there at first, which give way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from posko_app import text
from posko_app.cases.saved_views import Layout
from posko_app.cases.views import CaseRow
from ui.case_words import CaseWords, next_step
from ui.tables import Column

# In this order columns give way in a narrow window.
YIELD = (
    *("theme", "office", "kind", "register", "step", "officer", "area", "ended", "since"),
    *("party", "agency"),
)
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
        Column("stage", "Tahap", words.stage, width=126, tooltip=lambda r: r.stage_label,
               sortable=False),
        Column("due", "Batas", words.chip, width=122, style="chip"),
        Column("filed", "Diterima", _filed, width=102,
               style="secondary"),
        Column("ended", "Berakhir", lambda r: r.ended_label or "–", width=150,
               style="secondary", sortable=False),
        Column("agency", "Menunggu", lambda r: r.waiting_label or "–", width=170,
               style="secondary", sortable=False),
        Column("since", "Sejak", words.since, width=122, style="secondary", sortable=False,
               tooltip=words.waited),
        Column("step", "Langkah berikut", lambda r: next_step(r)[1], width=150, style="link",
               sortable=False),
        Column("theme", "Jenis", lambda r: r.theme_label, width=140, style="secondary",
               sortable=False),
        Column("kind", "Masuk sebagai", words.kind, width=120, style="secondary",
               sortable=False),
        Column("register", "Registrasi", lambda r: r.register_number or "–", width=150,
               style="mono", sortable=False),
        Column("office", "Kantor", lambda r: words.office(r.office_code), width=120,
               style="secondary", sortable=False),
        Column("officer", "Petugas", words.officer, width=72, style="secondary",
               sortable=False),
    )  # fmt: skip


def shown(
    first: Sequence[str],
    chosen: Layout | None,
    widths: Mapping[str, int],
    room: int,
    least: int = LEAST_TITLE,
) -> tuple[str, ...]:
    """The keys to show, in order: those a view starts with, or what was chosen by hand.

    `widths` and `room` are pixels. What a view starts with gives way in the order of YIELD until
    Peristiwa has `least`; what was chosen stays as it was chosen.
    """
    if chosen is not None and chosen.columns:
        kept = [key for key in chosen.columns if key in widths]
        return tuple(kept if "title" in kept else ["title", *kept])
    keys = [key for key in first if key in widths]
    for key in YIELD:
        if room - sum(widths[k] for k in keys) >= least:
            break
        if key in keys:
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
