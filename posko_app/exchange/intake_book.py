"""Taking in a filled blank workbook: every problem named by sheet, row and column, or all reports.

Wrong files change nothing. The reports become numbered in one transaction, in the order of the
sheet Laporan.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from posko_app.app import Posko, use_case
from posko_app.cases.intake import FiledReport, file_reports
from posko_app.cases.report import (
    EvidenceInput,
    NewReport,
    PersonInput,
    ReportedInput,
    check_report,
)
from posko_app.errors import InvalidInput, Problem
from posko_app.text import clean, fold

from . import cells
from .cells import CellError
from .intake_layout import IntakeColumn, IntakeSheet, intake_layout
from .judge import RejectedRow
from .notice import file_reason
from .opened import NotTaken
from .xlsx.guarded import OpenedBook, Reader
from .xlsx.rows import Cell

MOST_PROBLEMS = 500  # a list longer than this helps nobody


class IntakeErrors(InvalidInput):
    """A filled workbook with problems; `rows` lists each with sheet, row, column and reason."""

    def __init__(self, rows: Sequence[RejectedRow]) -> None:
        self.rows = tuple(rows[:MOST_PROBLEMS])
        more = f" (dan {len(rows) - MOST_PROBLEMS} lagi)" if len(rows) > MOST_PROBLEMS else ""
        super().__init__(
            [Problem(f"{r.sheet}!{r.row}/{r.column}", r.reason) for r in self.rows],
            f"Isian ini belum dapat diterima: {len(rows)} hal perlu diperbaiki{more}. "
            "Data Anda tidak berubah. Perbaiki barisnya, lalu terima lagi.",
        )


@dataclass
class _Line:
    """One filled row: where it stands, what was read, and the headings of its fields."""

    sheet: IntakeSheet
    row: int
    values: dict[str, Any] = field(default_factory=dict)

    def heading(self, name: str) -> str:
        """The heading of a field, as people know it."""
        return next((c.heading for c in self.sheet.columns if c.field == name), "")


@dataclass
class _Form:
    """The rows of one report, tied together by the running number."""

    report: _Line
    parts: dict[str, list[_Line]] = field(default_factory=dict)


@dataclass
class _Reading:
    """A workbook being read, and everything found wrong in it so far."""

    posko: Posko
    path: Path
    today: date
    date1904: bool
    problems: list[RejectedRow] = field(default_factory=list)

    def wrong(self, sheet: str, row: int, column: str, reason: str) -> None:
        """Note one problem."""
        self.problems.append(RejectedRow(sheet, row, column, reason))


@use_case("case.write")
def read_intake(posko: Posko, path: Path) -> list[NewReport]:
    """The reports of a filled blank workbook, in order.

    Raises IntakeErrors with every problem at once; UserError for a file that is not such a
    workbook.
    """
    _, reports = _read(posko, path)
    return reports


@use_case("case.write")
def take_in(posko: Posko, path: Path) -> tuple[FiledReport, ...]:
    """File all reports of a filled blank workbook in one transaction, or none.

    Raises as `read_intake`.
    """
    forms, reports = _read(posko, path)
    try:
        return file_reports(posko, reports)
    except InvalidInput as error:
        raise IntakeErrors([_placed_at(forms, problem) for problem in error.problems]) from error


def _read(posko: Posko, path: Path) -> tuple[list[_Form], list[NewReport]]:
    layout = intake_layout()
    with Reader() as reader:
        book = reader.open(path)
        if layout.sheet("report").name not in book.sheets:
            raise NotTaken(file_reason("not_template", path.name), "not_template")
        reading = _Reading(posko, path, posko.today(), book.date1904)
        lines = {sheet.part: list(_lines(reading, book, sheet)) for sheet in layout.sheets}
    forms = _tie(reading, lines)
    if not forms and not reading.problems:
        first = layout.sheet("report")
        reading.wrong(first.name, 2, first.columns[0].heading, "Belum ada laporan yang diisi.")
    reports = [_report(reading, form) for form in forms]
    for form, report in zip(forms, reports, strict=True):
        if report is not None:
            checked = check_report(posko, report)
            reading.problems += [
                _place(form, problem) for problem in (*checked.problems, *checked.missing)
            ]
    if reading.problems:
        raise IntakeErrors(_in_order(reading.problems))
    return forms, [report for report in reports if report is not None]


# -- rows and cells ------------------------------------------------------------------------------


def _lines(reading: _Reading, book: OpenedBook, sheet: IntakeSheet) -> Iterator[_Line]:
    if sheet.name not in book.sheets:
        reading.wrong(sheet.name, 1, "", f"Lembar {sheet.name} tidak ada. Pakai isian yang asli.")
        return
    rows = book.rows(sheet.name)
    head = next(rows, None)
    columns = _headings(reading, sheet, head.cells if head and head.number == 1 else ())
    for row in rows:
        line = _Line(sheet, row.number)
        typed = {columns[c.column]: c for c in row.cells if c.column in columns}
        if not any(clean(cell.value) for cell in typed.values()):
            continue
        for column in sheet.columns:
            cell = typed.get(column)
            value = _value(reading, line, column, cell) if cell else None
            if value is None and column.required and cell is None:
                reading.wrong(sheet.name, row.number, column.heading, _fill(column))
            if value is not None:
                line.values[column.field] = value
        yield line


def _headings(
    reading: _Reading, sheet: IntakeSheet, found: Iterable[Cell]
) -> dict[int, IntakeColumn]:
    """Which column of the file holds what, by heading: people sort and insert columns."""
    named = {fold(n): c for c in sheet.columns for n in (c.heading, *c.was)}
    places: dict[int, IntakeColumn] = {}
    for cell in found:
        column = named.get(fold(cell.value))
        if column is None:
            continue
        if column in places.values():
            reading.wrong(sheet.name, 1, column.heading, "Judul kolom ini ada dua. Hapus satu.")
        places[cell.column] = column
    for column in sheet.columns:
        if column not in places.values() and column.required:
            reading.wrong(
                sheet.name, 1, column.heading, f"Kolom {column.heading} tidak ada. Kembalikan."
            )
    return places


def _value(reading: _Reading, line: _Line, column: IntakeColumn, cell: Cell) -> Any:
    try:
        if column.type == "date":
            return cells.date_of(cell, reading.today, date1904=reading.date1904)
        if column.type == "time":
            return cells.time_of(cell)
        text = cells.text_of(cell, column)
        return _READERS.get(column.type, _plain)(reading, column, text) if text else None
    except CellError as error:
        reading.wrong(line.sheet.name, line.row, column.heading, str(error))
        return None


def _plain(reading: _Reading, column: IntakeColumn, text: str) -> Any:
    return text


def _file(reading: _Reading, column: IntakeColumn, text: str) -> Any:
    if Path(text).name != text or text in (".", "..") or "\\" in text or ":" in text:
        raise CellError("Tulis nama berkas saja, tanpa folder.")
    beside = reading.path.with_name(text)
    if not beside.is_file():
        raise CellError(f"Berkas {text} tidak ada di folder yang sama dengan isian ini.")
    return beside


_READERS: Mapping[str, Callable[[_Reading, IntakeColumn, str], Any]] = {
    "choice": lambda r, c, text: cells.choice_of(text, c, r.posko.vocabulary),
    "yes": lambda r, c, text: cells.yes_of(text),
    "region": lambda r, c, text: cells.region_of(text, r.posko.regions, r.posko.office.code),
    "file": _file,
}


def _fill(column: IntakeColumn) -> str:
    return f"Isi {column.heading[:1].lower()}{column.heading[1:]}."


# -- from rows to reports ------------------------------------------------------------------------


def _tie(reading: _Reading, lines: Mapping[str, list[_Line]]) -> list[_Form]:
    """The rows of all sheets by their running number."""
    forms: dict[str, _Form] = {}
    for line in lines["report"]:
        link = line.values.get("link", "")
        if link in forms:
            reading.wrong(
                line.sheet.name,
                line.row,
                line.heading("link"),
                f"No. isian {link} dipakai dua kali. Beri nomor lain.",
            )
        elif link:
            forms[link] = _Form(line)
    for part, group in lines.items():
        for line in group:
            link = line.values.get("link", "")
            if part == "report" or not link:
                continue
            if link not in forms:
                reading.wrong(
                    line.sheet.name,
                    line.row,
                    line.heading("link"),
                    f"No. isian {link} tidak ada di lembar Laporan.",
                )
                continue
            kept = forms[link].parts.setdefault(part, [])
            if part == "reporter" and kept:
                reading.wrong(
                    line.sheet.name,
                    line.row,
                    line.heading("link"),
                    f"Laporan {link} sudah punya pelapor. Satu laporan satu pelapor.",
                )
                continue
            kept.append(line)
    return list(forms.values())


def _report(reading: _Reading, form: _Form) -> NewReport | None:
    """The report of one form; None when it lacks what no report can be made without."""
    values = {k: v for k, v in form.report.values.items() if k != "link"}
    if "filed_on" not in values:
        return None
    reporter = [_without_link(line) for line in form.parts.get("reporter", ())]
    evidence = [_without_link(line) for line in form.parts.get("evidence", ())]
    return NewReport(
        **values,
        reporter=PersonInput(**reporter[0]) if reporter else PersonInput(),
        reported=tuple(
            ReportedInput(**_without_link(line)) for line in form.parts.get("reported", ())
        ),
        witnesses=tuple(
            PersonInput(**_without_link(line)) for line in form.parts.get("witness", ())
        ),
        evidence=tuple(EvidenceInput(path=item.pop("file", None), **item) for item in evidence),
    )


def _without_link(line: _Line) -> dict[str, Any]:
    return {k: v for k, v in line.values.items() if k != "link"}


# -- where a problem stands ----------------------------------------------------------------------

_PARTS = {
    "reporter": "reporter",
    "reported": "reported",
    "witnesses": "witness",
    "evidence": "evidence",
}


def _place(form: _Form, problem: Problem) -> RejectedRow:
    """A problem of a report as the row and column that its writer must mend."""
    owner, _, rest = problem.field.partition(".")
    number, _, name = rest.partition(".") if owner != "reporter" else ("0", "", rest)
    line, wanted = form.report, problem.field
    if owner in _PARTS:
        group = form.parts.get(_PARTS[owner], ())
        place = int(number)
        if place < len(group):
            line, wanted = group[place], name
        else:  # nobody was entered: the report's own row is where its writer looks
            sheet = intake_layout().sheet(_PARTS[owner])
            heading = next(c.heading for c in sheet.columns if c.field == name)
            reason = f"Lembar {sheet.name}: {problem.message}"
            return RejectedRow(line.sheet.name, line.row, heading, reason)
    return RejectedRow(line.sheet.name, line.row, line.heading(wanted), problem.message)


def _placed_at(forms: Sequence[_Form], problem: Problem) -> RejectedRow:
    place, _, name = problem.field.partition("/")
    return _place(forms[int(place)], Problem(name, problem.message))


def _in_order(rows: Iterable[RejectedRow]) -> list[RejectedRow]:
    places = {sheet.name: n for n, sheet in enumerate(intake_layout().sheets)}
    unique = dict.fromkeys(rows)
    # a cell that could not be read is also a required cell left empty: say it once
    seen: set[tuple[str, int, str]] = set()
    kept = []
    for row in unique:
        place = (row.sheet, row.row, row.column)
        if place not in seen:
            seen.add(place)
            kept.append(row)
    return sorted(kept, key=lambda r: (places.get(r.sheet, 99), r.row))
