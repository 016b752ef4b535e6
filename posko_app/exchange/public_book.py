"""The workbook for the public: a guide, cases and prevention work to read, and a signed head.

Its machine sheet holds no record, so that a program that takes it in again changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from io import StringIO
from itertools import islice
from textwrap import wrap
from typing import Literal

from sqlalchemy.orm import Session

from posko_app.text import clean, local, long_date, thousands

from .export_parts import Job, custom_of, machine_sheet, manifest_of
from .gather import Part
from .public_layout import PublicLayout, PublicSheet, public_layout
from .public_rows import PublicRow, PublicRows
from .xlsx.sheet import RowStyle
from .xlsx.write import BookWriter, CellValue, Column, Page

AT_ONCE = 400
_GUIDE = (38, 84)  # widths of the guide's two columns
_LINE = 15  # points of a line of text
_FULL = 1.04  # characters of usual text that fit one unit of width


def write_public(session: Session, job: Job) -> tuple[int, list[str]]:
    """Write the workbook, hidden, in as many files as the limit of rows asks for.

    Gives the number of lines in them and the names they want.
    """
    # who vouches for whom, and which devices exist twice, is no business of the public
    job = replace(job, introduction={}, forked=(), audit_head=(0, ""))
    rows = PublicRows(job.posko, session, job.wanted)
    most = job.limits.sheet_rows - 2
    longest = max(len(rows.cases), len(rows.activities), 1)
    of = -(-longest // most)
    total = len(rows.cases) + len(rows.activities)
    names = [_file_name(job, number, of) for number in range(1, of + 1)]
    done = 0
    for number in range(1, of + 1):
        mine = slice((number - 1) * most, number * most)
        cases, activities = rows.cases[mine], rows.activities[mine]
        path = job.leaving.part(number)
        lines = {"cases": rows.case_rows(cases), "prevention": rows.activity_rows(activities)}
        counts = {"cases": len(cases), "prevention": len(activities)}
        with BookWriter(
            path,
            title=public_layout().title,
            made_at=job.posko.now(),
            custom=custom_of(job, number, of),
            shown=job.folder / names[number - 1],
        ) as book:
            _guide(book, job, counts, number, of)
            for sheet in public_layout().sheets:
                done = _sheet(book, job, sheet, lines[sheet.of], (done, total))
            book.end_sheet()
            sheets = {name: part.sha256 for name, part in book.parts.items()}
            manifest = manifest_of(job, Part(), number, of, [], sheets)
            machine_sheet(book, job, manifest, [], StringIO())
    job.progress(total, total, "Menulis berkas")
    return total, names


def _guide(book: BookWriter, job: Job, counts: dict[str, int], number: int, of: int) -> None:
    layout = public_layout()
    columns = [Column(heading="", width=width, style="wrap") for width in _GUIDE]
    page = Page(paper=_paper(job), headings=False, landscape=False, filter_rows=False, grid=False)
    sheet = book.sheet(layout.guide_sheet, columns, page=page)
    sheet.row([layout.title], style="title", height=22)
    sheet.row([layout.subtitle], style="text")
    if job.posko.office.practice:
        sheet.row(["LATIHAN", "Data contoh, bukan data sungguhan."], style="bold")
    pairs = [
        *_facts(job, layout, counts, number, of),
        ("", ""),
        (layout.left_out, ""),
        *((hidden.label, hidden.reason) for hidden in layout.hidden),
        ("", ""),
        (layout.reading, ""),
        *((line.label, line.text) for line in layout.lines),
    ]
    for name, value in pairs:
        style: RowStyle | None = None if value else "bold"
        sheet.row([name, clean(value)], style=style, height=_height((name, value), _GUIDE))


def _facts(
    job: Job, layout: PublicLayout, counts: dict[str, int], number: int, of: int
) -> list[tuple[str, str]]:
    office = job.posko.office
    here = local(job.posko.now(), office.zone)
    facts = [
        ("Dibuat oleh", office.name),
        ("Keadaan per", f"{long_date(here.date())} pukul {here:%H.%M} {office.zone}"),
        *((f"Lembar {s.name}", f"{thousands(counts[s.of])} baris") for s in layout.sheets),
    ]
    return [*facts, ("Bagian", f"{number} dari {of}")] if of > 1 else facts


def _sheet(
    book: BookWriter,
    job: Job,
    shown: PublicSheet,
    rows: Iterable[PublicRow],
    at: tuple[int, int],
) -> int:
    done, total = at
    page = Page(freeze_columns=1, paper=_paper(job), heading_height=2 * _LINE)
    sheet = book.sheet(shown.name, shown.book_columns(), page=page)
    fields = [column.field for column in shown.columns]
    widths = [column.width for column in shown.columns]
    remaining = iter(rows)
    while batch := list(islice(remaining, AT_ONCE)):
        job.progress(done, total, "Menulis berkas")
        for row in batch:
            cells = [row.facts[field] for field in fields]
            sheet.row(cells, height=_height(cells, widths))
        done += len(batch)
    if not sheet.rows:
        sheet.row([shown.empty], style="text")
    return done


def _paper(job: Job) -> Literal["A4", "F4"]:
    return "A4" if job.posko.office.paper == "A4" else "F4"


def _height(cells: Sequence[CellValue], widths: Sequence[float]) -> float:
    """Points that a row needs: not every program measures wrapped text when it opens a file."""
    lines = 1
    for cell, width in zip(cells, widths, strict=True):
        if isinstance(cell, str) and len(cell) > (across := max(1, int(width * _FULL))):
            lines = max(lines, len(wrap(cell, across)))
    return lines * _LINE


def _file_name(job: Job, number: int, of: int) -> str:
    part = f"_{number}dari{of}" if of > 1 else ""
    return f"Posko_{job.posko.office.code}_{public_layout().file}{part}.xlsx"
