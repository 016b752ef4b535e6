"""Reports, findings and tips of a filled workbook as the desk would have typed them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from posko_app.app import Posko
from posko_app.cases.evidence import StoredEvidence
from posko_app.cases.intake import add_report
from posko_app.cases.report import (
    EvidenceInput,
    NewReport,
    PersonInput,
    ReportedInput,
    check_report,
)
from posko_app.errors import Problem
from posko_app.exchange.intake_layout import intake_layout

from .entries import Entry
from .lines import Line, Wrong

KINDS = {"report": "report", "finding": "finding", "tip": "initial_info"}
_PARTS = {
    "reporter": "reporter",
    "reported": "reported",
    "witnesses": "witness",
    "evidence": "evidence",
}


@dataclass(frozen=True)
class Filed:
    """What an entry became; `again` when it was there already."""

    uid: str
    number: str = ""
    warnings: tuple[str, ...] = ()
    again: bool = False


@dataclass(frozen=True)
class Prepared:
    """An entry that may be taken in: the files it brings, and how it is filed."""

    title: str
    files: tuple[EvidenceInput, ...]
    file: Callable[[Session, Sequence[StoredEvidence]], Filed]


def prepare_form(posko: Posko, entry: Entry) -> Prepared | None:
    """A report, finding or tip ready to be filed; None, with the reasons noted, when it is not."""
    report = report_of(entry)
    if report is None:
        return None
    checked = check_report(posko, report)
    problems = (*checked.problems, *checked.missing)
    if problems:
        entry.refuse([_place(entry, problem) for problem in problems])
        return None

    def file(session: Session, stored: Sequence[StoredEvidence]) -> Filed:
        filed = add_report(posko, session, report, stored)
        return Filed(filed.uid, filed.number, filed.warnings)

    return Prepared(report.title, report.evidence, file)


def report_of(entry: Entry) -> NewReport | None:
    """What an entry reports; None when it lacks what nothing can be made without."""
    values = _own(entry.main)
    if "filed_on" not in values:
        return None
    if entry.part != "report":
        values["kind"] = KINDS[entry.part]
    reporters = people_of(entry, "reporter")
    evidence = [_own(line) for line in entry.details.get("evidence", ())]
    return NewReport(
        **values,
        reporter=reporters[0] if reporters else PersonInput(),
        reported=tuple(ReportedInput(**_own(line)) for line in entry.details.get("reported", ())),
        witnesses=tuple(people_of(entry, "witness")),
        evidence=tuple(EvidenceInput(path=item.pop("file", None), **item) for item in evidence),
    )


def people_of(entry: Entry, part: str) -> list[PersonInput]:
    """The reporter or the witnesses of an entry, those that stayed here last."""
    rows = [_own(line) for line in entry.details.get(part, ())]
    rows += [person.values for person in entry.held if person.part == part]
    return [PersonInput(**row) for row in rows]


def _own(line: Line) -> dict[str, Any]:
    return {name: value for name, value in line.values.items() if name != "link"}


def _place(entry: Entry, problem: Problem) -> Wrong:
    """A problem of a report as the row and column that its writer must mend."""
    owner, _, rest = problem.field.partition(".")
    number, _, name = rest.partition(".") if owner != "reporter" else ("0", "", rest)
    if owner not in _PARTS:
        return _at(entry.main, problem.field, problem.message)
    lines = entry.details.get(_PARTS[owner], ())
    if int(number) < len(lines):
        return _at(lines[int(number)], name, problem.message)
    # nobody was entered: the report's own row is where its writer looks
    sheet = intake_layout().sheet(_PARTS[owner])
    column = sheet.column(name)
    return Wrong(
        entry.main.sheet.name,
        entry.main.row,
        column.heading if column else sheet.name,
        f"Lembar {sheet.name}: {problem.message}",
    )


def _at(line: Line, name: str, reason: str) -> Wrong:
    return Wrong(line.sheet.name, line.row, line.heading(name), reason)


def people_in(entries: Sequence[Entry]) -> Iterator[tuple[str, PersonInput]]:
    """Everybody confidential in these entries, by the word that may stand for them."""
    for entry in entries:
        for person in people_of(entry, "reporter"):
            yield "Pelapor", person
        for person in people_of(entry, "witness"):
            yield "Saksi", person
        if entry.main.sheet.identity:  # a row that belongs to no report
            yield "Pelapor", PersonInput(**_own(entry.main))
