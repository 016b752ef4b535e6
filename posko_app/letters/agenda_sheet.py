"""The agenda on paper: the morning sheet, and deadlines as a wall calendar."""

from __future__ import annotations

import calendar
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from html import escape
from itertools import islice

from posko_app import text
from posko_app.app import Posko, use_case
from posko_app.cases.agenda import AgendaItem, Morning, agenda, morning
from posko_app.errors import InvalidInput, Problem
from posko_app.progress import Progress, silent

from .blocks import Block, Column, Heading, Paragraph, Table, TableRow
from .pdf import About, Day, Month, PageSetup, render, render_months

MOST = 24  # months in one file
SHORT = 3  # segments of a number that the wall calendar shows, as 012/Reg/LP


@use_case("case.read")
def morning_sheet(posko: Posko, *, progress: Progress = silent) -> bytes:
    """The page `Hari ini` as PDF: deadlines, clarifications, letters to deliver, and who."""
    seen = morning(posko, progress=progress)
    title = f"Hari ini, {text.full_date(seen.today)}"
    setup = PageSetup(paper=posko.office.paper, left=15, right=15, top=14, bottom=16, font_size=9.5)
    about = About(title=title, author=posko.office.name, footer=_printed(posko))
    return render(list(morning_blocks(seen, posko.office.name)), setup, about)


def morning_blocks(seen: Morning, office: str) -> Iterator[Block]:
    """The parts of the morning sheet; parts with nothing in them are left out."""
    yield Heading(text=f"Hari ini, {text.full_date(seen.today)}", under=escape(office))
    yield from _table("Lewat batas", DEADLINES, map(_deadline, seen.late))
    yield from _table("Batas hari ini", DEADLINES, map(_deadline, seen.due))
    yield from _table("Dua hari berikutnya", DEADLINES, map(_deadline, seen.next))
    heard = ((i.time, i.case_number, i.place, i.officer) for i in seen.clarifications)
    yield from _table("Klarifikasi", CLARIFICATIONS, heard)
    letters = ((x.number, x.title, x.case_number, x.officer) for x in seen.letters)
    yield from _table("Surat untuk diantar", LETTERS, letters)
    if not any((seen.late, seen.due, seen.next, seen.clarifications, seen.letters)):
        yield Paragraph(text="Tidak ada batas waktu, klarifikasi, atau surat untuk hari ini.")


@use_case("case.read")
def wall_calendar(posko: Posko, first: date, last: date, *, progress: Progress = silent) -> bytes:
    """The months from `first` to `last` as PDF in landscape, with the deadlines of each day.

    Raises InvalidInput for more months than a file holds, Cancelled when `progress` does.
    """
    months = list(islice(_months(first, last), MOST + 1))
    if len(months) > MOST:
        said = f"Paling banyak {MOST} bulan sekaligus. Pilih waktu yang lebih pendek."
        raise InvalidInput([Problem("to", said)])
    start, end = months[0], _last_day(months[-1])
    days: dict[date, list[AgendaItem]] = defaultdict(list)
    for item in agenda(posko, start, end, progress=progress):
        days[item.on].append(item)
    pages = [_month(posko, month, days) for month in months]
    title = f"Kalender batas waktu {posko.office.name}"
    return render_months(
        pages, text.DAY_NAMES, paper=posko.office.paper, title=title, footer=_printed(posko)
    )


def _months(first: date, last: date) -> Iterator[date]:
    month = first.replace(day=1)
    while month <= last:
        yield month
        if (month.year, month.month) == (last.year, last.month):
            return  # the calendar of Python ends with the year 9999
        month = _last_day(month) + timedelta(days=1)


def _last_day(month: date) -> date:
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])


def _month(posko: Posko, month: date, items: dict[date, list[AgendaItem]]) -> Month:
    count = _last_day(month).day
    return Month(
        title=f"{text.long_date(month).partition(' ')[2]}",
        blank=month.weekday(),
        days=tuple(
            _day(posko, month.replace(day=n), items.get(month.replace(day=n), ()))
            for n in range(1, count + 1)
        ),
    )


def _day(posko: Posko, on: date, items: Sequence[AgendaItem]) -> Day:
    known = posko.calendar.has(on.year)
    free = not posko.calendar.working(on) if known else on.weekday() >= 5
    weekend = on.weekday() >= 5
    return Day(
        number=on.day,
        note=escape(posko.calendar.why(on)) if known and free and not weekend else "",
        free=free,
        entries=tuple(_entry(posko, item) for item in items),
    )


def _entry(posko: Posko, item: AgendaItem) -> str:
    """Two or three words: the wall is small, and numbers of one office differ at their start."""
    parts = item.case_number.split("/")
    short = "/".join(parts[:SHORT]) if len(parts) > SHORT + 1 else item.case_number
    region = None if item.office_code == posko.office.code else posko.regions.get(item.office_code)
    words = [item.time, short, f"({region.name})" if region else ""]
    return f"<b>{escape(' '.join(filter(None, words)))}</b> {escape(item.label)}"


DEADLINES = (
    Column(heading="Nomor", width=2.6),
    Column(heading="Batas waktu", width=2.4),
    Column(heading="Tanggal", width=1.3),
    Column(heading="Batas aman", width=1.3),
    Column(heading="Siapa", width=1.7),
)
CLARIFICATIONS = (
    Column(heading="Pukul", width=0.8),
    Column(heading="Nomor", width=2.6),
    Column(heading="Tempat", width=3),
    Column(heading="Siapa", width=1.7),
)
LETTERS = (
    Column(heading="Nomor surat", width=2.6),
    Column(heading="Surat", width=3),
    Column(heading="Perkara", width=2.4),
    Column(heading="Dibuat oleh", width=1.7),
)


def _table(
    title: str, columns: tuple[Column, ...], rows: Iterable[tuple[str, ...]]
) -> Iterator[Table]:
    """A table that says how many rows it has; none when there are none."""
    made = tuple(TableRow(cells=tuple(escape(cell or "–") for cell in row)) for row in rows)
    if made:
        yield Table(title=f"{title} ({len(made)})", columns=columns, rows=made)


def _deadline(item: AgendaItem) -> tuple[str, ...]:
    safe = text.day_month(item.safe_on) if item.safe_on else ""
    who = item.owner or item.officer
    return item.case_number, item.label, text.day_month(item.on), safe, who


def _printed(posko: Posko) -> str:
    here = posko.now().astimezone(posko.zone)
    practice = "LATIHAN · " if posko.office.practice else ""
    stamp = f"{text.numeric_date(here.date())} {text.clock(here)} {posko.office.zone}"
    return f"{practice}{posko.office.name} · dicetak {stamp}"
