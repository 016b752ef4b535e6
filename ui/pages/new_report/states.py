"""How far every section is, in the words of the rail."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from posko_app.app import Posko
from posko_app.cases.report import NewReport

from .assemble import Judged
from .questions import section_of
from .rail import SectionState


def section_states(posko: Posko, judged: Judged, shown: Collection[str]) -> dict[str, SectionState]:
    """The state of sections 1 to 6; `shown` are the keys of fields that bear an error now."""
    report = judged.report
    wrong = Counter(section_of(key) for key in shown)
    lacking = {section_of(problem.field) for problem in judged.all}
    begun = _begun(report)
    said = {
        "receipt": _receipt(posko, report) if judged.stamped else "",
        "reporter": "1 orang",
        "reported": _count(sum(bool(p.name.strip()) for p in report.reported), "orang"),
        "event": "lengkap",
        "witnesses": _count(sum(bool(p.name.strip()) for p in report.witnesses), "orang"),
        "evidence": _evidence(report),
    }
    states = {}
    for section, words in said.items():
        if wrong[section]:
            states[section] = SectionState("wrong", f"{wrong[section]} perlu diperbaiki")
        elif section in ("witnesses", "evidence"):
            states[section] = SectionState("done" if words else "todo", words or "boleh menyusul")
        elif section in lacking:
            note = "belum lengkap" if section in begun else "belum diisi"
            states[section] = SectionState("todo", note)
        else:
            states[section] = SectionState("done", words)
    return states


def _receipt(posko: Posko, report: NewReport) -> str:
    return posko.vocabulary.label("channel", report.channel) if report.channel else ""


def _begun(report: NewReport) -> set[str]:
    """The sections where something was typed."""
    person = report.reporter
    typed = {
        "receipt": report.channel or report.filed_time or report.filed_place,
        "reporter": person.name or person.nik or person.address or person.phone,
        "reported": any(p.name or p.nip or p.position_title for p in report.reported),
        "event": report.title or report.event_place or report.narrative or report.event_on,
    }
    return {section for section, given in typed.items() if given}


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number else ""


def _evidence(report: NewReport) -> str:
    files = sum(bool(item.file_name) for item in report.evidence)
    if files == len(report.evidence):
        return _count(files, "berkas")
    return _count(len(report.evidence), "bukti")
