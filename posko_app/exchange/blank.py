"""The blank workbook that staff without the program fill in."""

from __future__ import annotations

from pathlib import Path

from posko_app.app import Posko
from posko_app.rules.vocabulary import Vocabulary, load_vocabulary

from .intake_layout import IntakeColumn, intake_layout
from .xlsx.write import BookWriter, Column, Page

GUIDE = "Cara mengisi"


def write_template(posko: Posko | None, path: Path) -> None:
    """Write the blank workbook with all fields of Formulir Model A.1.

    With an office its name and code stand in the guide. Raises UserError when the file cannot be
    saved.
    """
    layout = intake_layout()
    vocabulary = posko.vocabulary if posko else load_vocabulary()
    custom = {"posko_template": f"{layout.template}/{layout.version}"}
    with BookWriter(path, title="Isian laporan Posko", custom=custom) as book:
        guide = book.sheet(
            GUIDE,
            [Column(heading="", width=6), Column(heading="", width=100, style="wrap")],
            page=Page(headings=False, landscape=False),
        )
        guide.row(["Isian laporan untuk Posko"], style="title")
        if posko:
            guide.row([None, f"{posko.office.name} ({posko.office.code})"], style="bold")
            if posko.office.practice:
                guide.row([None, "LATIHAN: bukan data sungguhan"], style="bold")
        for number, sentence in enumerate(layout.guide, 1):
            guide.row([f"{number}.", sentence])
        for sheet in layout.sheets:
            columns = [_column(column, vocabulary) for column in sheet.columns]
            book.sheet(sheet.name, columns, page=Page(freeze_columns=1, filter_rows=False))


def _column(column: IntakeColumn, vocabulary: Vocabulary) -> Column:
    return Column(
        heading=column.heading,
        width=column.width,
        style="wrap" if column.type in ("text", "long") else "text",
        note=column.note,
        choices=column.choices(vocabulary),
        strict=not column.free,
        required=column.required,
    )
