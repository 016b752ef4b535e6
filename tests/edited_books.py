"""Exchange workbooks as people change them in a spreadsheet program."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import select

from posko_app.app import Posko
from posko_app.data import versions
from posko_app.data.record import Record
from posko_app.data.tables import Case
from posko_app.exchange.apply import FileOutcome, import_file
from posko_app.exchange.export import export
from posko_app.exchange.plan import ImportPlan, preview
from posko_app.exchange.xlsx.guarded import Reader


class Desk:
    """Sends, edits and takes in workbooks for one test, through one reading process."""

    def __init__(self, folder: Path, reader: Reader) -> None:
        self.folder, self.reader, self._count = folder, reader, 0

    def send(self, posko: Posko, to: str) -> Path:
        """Export into a fresh folder and give the one file made."""
        target = self._fresh()
        (path,) = export(posko, to, target).files
        return path

    def edited(self, source: Path, change: Callable[[Any], None]) -> Path:
        """A copy that somebody changed and saved."""
        book = openpyxl.load_workbook(source)
        change(book)
        target = self._fresh() / source.name
        book.save(target)
        return target

    def look(self, posko: Posko, path: Path) -> ImportPlan:
        """Preview a file."""
        return preview(posko, path, reader=self.reader)

    def take(self, posko: Posko, path: Path) -> FileOutcome:
        """Take in what needs no decision."""
        return import_file(posko, path, apply=True, reader=self.reader)

    def _fresh(self) -> Path:
        self._count += 1
        target = self.folder / f"berkas{self._count}"
        target.mkdir()
        return target


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    """One reading process for a whole file of tests."""
    with Reader(seconds=600) as process:
        yield process


def state(posko: Posko) -> dict[str, Record]:
    """Every record that travels, as it stands."""
    with posko.store.read() as session:
        return {r.uid: r for r in versions.load_records(session) if r.table != "identities"}


def change_case(posko: Posko, **values: object) -> str:
    """Change the only case of an office; gives its uid."""
    with posko.write() as session:
        case = session.scalars(select(Case)).one()
        for name, value in values.items():
            setattr(case, name, value)
        return case.uid


def column(sheet: Any, heading: str) -> int:
    """The number of a column by its heading."""
    return next(int(cell.column) for cell in sheet[1] if cell.value == heading)


def write(sheet: Any, row: int, heading: str, value: object) -> None:
    """Type a value into a cell named by row and heading."""
    sheet.cell(row, column(sheet, heading)).value = value
