"""Rows that belong to a report which is filed already: another terlapor, witness or proof."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from posko_app.app import Posko
from posko_app.cases import board
from posko_app.cases.evidence import StoredEvidence, attach_stored
from posko_app.cases.identity import identity_rows
from posko_app.cases.report import (
    EvidenceInput,
    NewReport,
    PersonInput,
    ReportedInput,
    check_report,
)
from posko_app.cases.tidy import party_row, tidy
from posko_app.data.tables import ReportedParty, Witness
from posko_app.security.uid import new_uid

from .entries import Entry
from .forms import Filed, Prepared
from .lines import Wrong


def prepare_addition(posko: Posko, entry: Entry) -> Prepared | None:
    """A row ready to be added to its case; None, with the reasons noted, when it is not."""
    line = entry.main
    values = {name: value for name, value in line.values.items() if name != "link"}
    if entry.part == "reporter":
        said = "Laporan ini sudah diterima dengan pelapornya. Hapus baris ini."
        entry.refuse([Wrong(line.sheet.name, line.row, line.heading("link"), said)])
        return None
    if entry.part == "evidence":
        path = values.pop("file", None)
        item = EvidenceInput(path=path, **values)
        return Prepared(item.description, (item,), _file_evidence(posko, entry.owner))
    problems = _problems(posko, entry.part, values)
    if problems:
        entry.refuse(
            [Wrong(line.sheet.name, line.row, line.heading(name), said) for name, said in problems]
        )
        return None
    if entry.part == "reported":
        party = ReportedInput(**values)
        return Prepared(party.name, (), _file_party(posko, entry.owner, party))
    return Prepared("Saksi", (), _file_witness(posko, entry.owner, PersonInput(**values)))


def _problems(posko: Posko, part: str, values: dict[str, Any]) -> list[tuple[str, str]]:
    """What the desk would say about one person."""
    people: dict[str, Any] = {}
    if part == "reported":
        people["reported"] = (ReportedInput(**values),)
    else:
        people["witnesses"] = (PersonInput(**values),)
    report = NewReport(kind="initial_info", title="-", filed_on=posko.today(), **people)
    checked = check_report(posko, report)
    return [
        (problem.field.rpartition(".")[2], problem.message)
        for problem in (*checked.problems, *checked.missing)
        if problem.field.partition(".")[0] in people
    ]


def _file_evidence(posko: Posko, case_uid: str) -> Any:
    def file(session: Session, stored: Sequence[StoredEvidence]) -> Filed:
        attach_stored(posko, session, case_uid, stored)
        return Filed(case_uid)

    return file


def _file_party(posko: Posko, case_uid: str, party: ReportedInput) -> Any:
    def file(session: Session, stored: Sequence[StoredEvidence]) -> Filed:
        place = _next(session, ReportedParty, case_uid)
        session.add(party_row(case_uid, place, party))
        _added(posko, session, case_uid, "reported")
        return Filed(case_uid)

    return file


def _file_witness(posko: Posko, case_uid: str, person: PersonInput) -> Any:
    def file(session: Session, stored: Sequence[StoredEvidence]) -> Filed:
        place = _next(session, Witness, case_uid)
        witness = Witness(uid=new_uid(), case_uid=case_uid, position=place, alias=f"Saksi {place}")
        row, tokens = identity_rows(posko, case_uid, new_uid(), tidy(posko, person), witness.uid)
        session.add_all([witness, row, *tokens])
        _added(posko, session, case_uid, "witness")
        return Filed(case_uid)

    return file


def _next(session: Session, table: type[ReportedParty] | type[Witness], case_uid: str) -> int:
    last = session.scalar(select(func.max(table.position)).where(table.case_uid == case_uid))
    return 1 + (last or 0)


def _added(posko: Posko, session: Session, case_uid: str, what: str) -> None:
    board.refresh(posko, session, [case_uid])
    posko.note(session, "intake.added", case_uid, what=what)
