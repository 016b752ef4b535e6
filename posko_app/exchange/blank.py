"""The blank workbook that staff without the program fill in, made for one office."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path

from posko_app.app import Posko
from posko_app.rules.vocabulary import Vocabulary, load_vocabulary
from posko_app.security.uid import new_uid
from posko_app.text import full_date

from .intake_layout import (
    KEY,
    MAIN,
    RECEIVER,
    SHEET,
    IntakeColumn,
    IntakeLayout,
    IntakeSheet,
    intake_layout,
)
from .intake_sheets.given import NOTHING, Given, given_for
from .xlsx.write import BookWriter, Column, Page

GUIDE = "Cara mengisi"
KEYS_WIDTH, MENDING_WIDTH = 12, 44


def write_template(posko: Posko | None, path: Path, for_office: str = "") -> None:
    """Write the blank workbook; `for_office` is the code of the office that will fill it in.

    Its name, villages and open cases stand in it then. Raises UserError when the file cannot be
    saved or the code is not of an office at or below this one.
    """
    layout = intake_layout()
    vocabulary = posko.vocabulary if posko else load_vocabulary()
    given = NOTHING
    if posko:
        given = given_for(posko, for_office)
    book_uid = f"{for_office}-{new_uid()}" if for_office else new_uid()
    to = posko.office.code if posko else ""
    custom = {"posko_template": f"{layout.template}/{layout.version}", "posko_book": book_uid}
    if to:
        custom[RECEIVER] = to
    with BookWriter(path, title="Isian Posko", custom=custom) as book:
        _guide(book, posko, layout, given)
        for sheet in layout.sheets:
            columns = [
                Column(heading=KEY, width=KEYS_WIDTH, style="id", hidden=True),
                Column(heading=layout.mending, width=MENDING_WIDTH, style="wrap", hidden=True),
                *(_column(sheet, column, vocabulary, given) for column in sheet.columns),
            ]
            # the two hidden columns, and what a row is known by
            page = Page(freeze_columns=3, filter_rows=False, tab=sheet.tab, heading_height=32)
            written = book.sheet(sheet.name, columns, page=page)
            for number, row in enumerate(_rows(sheet, given), 1):
                name = f"{book_uid}.{sheet.part}.{number}"
                written.row([name, None, *row], height=_height(sheet, row))
        _mark(book, layout, book_uid, for_office, to)


def _guide(book: BookWriter, posko: Posko | None, layout: IntakeLayout, given: Given) -> None:
    guide = book.sheet(
        GUIDE,
        [Column(heading="", width=17, style="wrap"), Column(heading="", width=84, style="wrap")],
        page=Page(headings=False, landscape=False, grid=False),
    )
    guide.row(["Isian Posko"], style="title", height=26)
    if posko:
        if given.office:
            guide.row(["Diisi oleh", f"{given.office_name} ({given.office})"], style="bold")
        to = f"{posko.office.name} ({posko.office.code})"
        guide.row(["Dikirim ke", to], style="bold")
        guide.row(["Dibuat", full_date(posko.today())])
        if posko.office.practice:
            guide.row(["LATIHAN", "Bukan data sungguhan"], style="bold")
    guide.row([])
    for number, sentence in enumerate(layout.guide, 1):
        guide.row([f"{number}.", sentence])
    guide.row(["Rahasia", layout.privacy], style="bold", height=34)
    guide.row([])
    guide.row(["Lembar", "Untuk apa"], style="heading")
    for sheet in layout.sheets:
        guide.row([sheet.name, sheet.about])


def _column(
    sheet: IntakeSheet, column: IntakeColumn, vocabulary: Vocabulary, given: Given
) -> Column:
    style = "wrap" if column.type in ("text", "long", "case", "village") else "text"
    under = next((n for n, c in enumerate(sheet.columns) if c.field == column.under), -1)
    pairs = tuple(given.pairs(column, vocabulary)) if under >= 0 else ()
    choices = () if pairs else given.choices(column, vocabulary)
    return Column(
        heading=column.heading,
        width=column.width,
        style="given" if column.informs else style,  # type: ignore[arg-type]
        note=column.note,
        choices=choices,
        strict=not (column.free or column.type in ("region", "case", "village", "subdistrict")),
        required=column.required,
        under=under + 2,
        pairs=pairs,
    )


def _rows(sheet: IntakeSheet, given: Given) -> Iterator[Sequence[str | None]]:
    """What stands in the prepared rows, without the two hidden columns."""
    if sheet.part == "progress":
        yield from given.case_rows
    elif sheet.part == "coverage":
        yield from given.village_rows
    for number in range(1, sheet.rows + 1):
        yield [f"{sheet.prefix}{number}"] if sheet.part in MAIN else []


def _height(sheet: IntakeSheet, row: Sequence[str | None]) -> float:
    """The height of a prepared row in points, 0 for one line: not every program measures text."""
    lines = (
        math.ceil(len(value or "") / (column.width - 1))
        for value, column in zip(row, sheet.columns, strict=False)
    )
    most = max(lines, default=1)
    return 15 * most if most > 1 else 0


def _mark(book: BookWriter, layout: IntakeLayout, book_uid: str, office: str, to: str) -> None:
    """A hidden sheet says which workbook this is: other programs drop the properties.

    `office` is who fills it in, `to` who takes it in; either may be empty.
    """
    marks = [("template", f"{layout.template}/{layout.version}"), ("book", book_uid)]
    sheet = book.sheet(
        SHEET,
        [Column(heading="", width=16), Column(heading="", width=60)],
        state="hidden",
        page=Page(headings=False),
    )
    for name, value in (*marks, ("office", office), ("to", to)):
        sheet.row([name, value])
