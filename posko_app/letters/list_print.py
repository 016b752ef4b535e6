"""Any list on paper: landscape, headings on every page, what it is a list of, page numbers."""

from __future__ import annotations

from datetime import date
from html import escape

from posko_app.app import Posko, use_case
from posko_app.cases.list_rows import ListCell, Listing, heads
from posko_app.progress import Progress, silent, track
from posko_app.text import numeric_date, thousands

from .blocks import Block, Column, Heading, Paragraph, Table, TableRow
from .pdf import About, PageSetup, render

PORTRAIT_WIDTH = 110  # characters of all columns together that still stand upright
NARROWEST = 6.0  # characters


@use_case("case.read")
def listing_pdf(posko: Posko, made: Listing, *, progress: Progress = silent) -> bytes:
    """A list as PDF on the office's paper; wide ones lie on their side.

    That a list was printed, and how many rows it has, goes into the audit chain. Raises Cancelled
    when `progress` does.
    """
    lines = heads(posko, made)
    numbered = [Column(heading="No.", width=4.5, align="right")]
    columns = numbered + [
        Column(
            heading=column.heading,
            width=max(column.width, NARROWEST),
            align="right" if column.kind == "number" else "left",
        )
        for column in made.columns
    ]
    wide = sum(column.width for column in columns) > PORTRAIT_WIDTH
    rows = tuple(
        TableRow(cells=(str(place), *(_said(cell) for cell in row)))
        for place, row in enumerate(
            track(made.rows, len(made.rows), progress, "Menyusun halaman"), 1
        )
    )
    blocks: list[Block] = [
        Heading(text=escape(made.title), under=escape(lines[0])),
        Paragraph(text="<br/>".join(escape(line) for line in lines[1:])),
        Table(columns=tuple(columns), rows=rows, empty="Tidak ada baris."),
    ]
    setup = PageSetup(
        paper=posko.office.paper,
        landscape=wide,
        left=14,
        right=14,
        top=14,
        bottom=16,
        font_size=9,
        line_spacing=1.1,
    )
    about = About(
        title=made.title, author=posko.office.name, footer=f"{made.title}, {posko.office.name}"
    )
    pdf = render(blocks, setup, about)
    with posko.write() as session:
        posko.note(session, "list.printed", title=made.title, rows=len(made.rows))
    return pdf


def _said(cell: ListCell) -> str:
    if isinstance(cell, date):
        return numeric_date(cell)
    return escape(thousands(cell) if isinstance(cell, int) else cell or "")
