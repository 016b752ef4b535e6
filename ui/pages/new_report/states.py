"""How far every section is, in the words of the rail."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from posko_app.app import Posko
from posko_app.cases.kinds import LISTS, IntakeKind
from posko_app.cases.report import NewReport

from .assemble import Judged
from .rail import SectionState


def section_states(
    posko: Posko, judged: Judged, kind: IntakeKind, shown: Collection[str]
) -> dict[str, SectionState]:
    """The state of every section; `shown` are the keys of fields that bear an error now."""
    report = judged.report
    wrong = Counter(kind.section_of(key) for key in shown)
    lacking = {kind.section_of(problem.field) for problem in judged.all}
    needed = {kind.section_of(key) for key in kind.required} | {"receipt"}
    begun = _begun(report)
    said = {
        "receipt": (_receipt(posko, report) or "lengkap") if judged.stamped else "",
        "reporter": "1 orang" if "reporter" in begun else "",
        "finder": "1 orang" if report.finder else "",
        "reported": _count(sum(bool(p.name.strip()) for p in report.reported), "orang"),
        "event": "lengkap",
        "witnesses": _count(sum(bool(p.name.strip()) for p in report.witnesses), "orang"),
        "evidence": _evidence(report),
    }
    states = {}
    for section in kind.ask:
        if wrong[section]:
            states[section] = SectionState("wrong", f"{wrong[section]} perlu diperbaiki")
        elif section not in needed and section not in lacking:
            later = "boleh menyusul" if section in LISTS else "boleh kosong"
            states[section] = SectionState("done" if said[section] else "todo",
                                           said[section] or later)  # fmt: skip
        elif section in lacking:
            note = "belum semua" if section in begun else "belum diisi"
            states[section] = SectionState("todo", note)
        else:
            states[section] = SectionState("done", said[section])
    return states


def _receipt(posko: Posko, report: NewReport) -> str:
    return posko.vocabulary.label("channel", report.channel) if report.channel else ""


def _begun(report: NewReport) -> set[str]:
    """The sections where something was typed."""
    person = report.reporter
    typed = {
        "receipt": report.channel or report.filed_time or report.filed_place,
        "reporter": person.name or person.nik or person.address or person.phone
        or report.organisation,
        "finder": report.finder or report.lhp_number or report.known_on,
        "reported": any(p.name or p.nip or p.position_title for p in report.reported),
        "event": report.title or report.event_place or report.narrative or report.event_on,
    }  # fmt: skip
    return {section for section, given in typed.items() if given}


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number else ""


def _evidence(report: NewReport) -> str:
    files = sum(bool(item.file_name) for item in report.evidence)
    if files == len(report.evidence):
        return _count(files, "berkas")
    return _count(len(report.evidence), "bukti")
