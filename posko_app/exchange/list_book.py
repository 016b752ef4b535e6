"""Any list as a workbook: typed dates, headings that stay, filters, ready to print."""

from __future__ import annotations

from pathlib import Path

from posko_app.app import Posko, use_case
from posko_app.cases.list_rows import Listing, heads
from posko_app.progress import Progress, silent

from .xlsx.authored import TableColumn, TableSheet, write_table_book
from .xlsx.limits import limits

SPARE = 20  # lines of a sheet that are no rows: titles, headings, notes
SHEET = "Daftar"


@use_case("case.read")
def write_listing(posko: Posko, made: Listing, path: Path, *, progress: Progress = silent) -> None:
    """Write a list as a workbook; what one sheet cannot hold goes on in the next.

    That a list was written, and how many rows it has, goes into the audit chain. Raises UserError
    when the file cannot be saved, Cancelled when stopped: there is no file then.
    """
    columns = tuple(
        TableColumn(heading=column.heading, width=column.width, kind=column.kind)
        for column in made.columns
    )
    most = limits().sheet_rows - SPARE
    starts = range(0, max(1, len(made.rows)), most)
    sheets = [
        TableSheet(
            name=SHEET if len(starts) == 1 else f"{SHEET} {number}",
            columns=columns,
            rows=made.rows[start : start + most],
            titles=(made.title, *heads(posko, made)),
            paper="A4" if posko.office.paper == "A4" else "F4",
        )
        for number, start in enumerate(starts, 1)
    ]
    write_table_book(path, sheets, title=made.title, made_at=posko.now(), progress=progress)
    with posko.write() as session:
        posko.note(session, "list.exported", title=made.title, rows=len(made.rows))
