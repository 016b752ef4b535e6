"""Recaps R1 (per case) and R2 (per region), as rows that writers turn into workbooks or PDF.

Columns after the press tables and SigapLapor (no official template was found). Each number of R2
equals a count of R1 rows; reporters appear by alias only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from posko_app.app import Posko, use_case
from posko_app.data.tables import Case, CaseBoard, Event, ReportedParty
from posko_app.errors import UserError
from posko_app.progress import Progress, silent, track
from posko_app.rules import stages

from . import board
from .recap_prevention import NO_PREVENTION, PreventionRecap, prevention_recap

CHUNK = 500
COUNTED = ("report", "finding")  # what R2 counts; R1 lists informasi awal too
CONTESTED = "Data antarkantor berbeda dan belum diputuskan."


@dataclass(frozen=True, kw_only=True)
class RecapCase:
    """One line of R1."""

    uid: str
    regency: str
    subdistrict: str
    number: str
    kind: str
    received_on: date
    reporter: str
    reported: str
    position: str
    summary: str
    event_on: date | None
    event_place: str
    election_stage: str
    registration: str  # registered | not_registered | pending
    register_number: str
    registered_on: date | None
    violation_kinds: tuple[str, ...]
    article: str
    result: str  # violation | not_violation | ""
    follow_up: str  # referred | transferred | dismissed | ""
    addressee: str
    letter_number: str
    letter_on: date | None
    answer: str
    note: str
    region_key: str


@dataclass(frozen=True, kw_only=True)
class RecapRegion:
    """One line of R2: counts of R1 rows of one region."""

    region: str
    reports: int
    findings: int
    total: int
    registered: int
    not_registered: int
    pending: int
    violations: int
    not_violations: int
    administrative: int
    criminal: int
    ethics: int
    other_law: int


COUNTS = tuple(f.name for f in fields(RecapRegion) if f.name != "region")


@dataclass(frozen=True)
class Recap:
    """Rows of both recaps for one period, and the totals of R2.

    Consultations and requests are no reports and appear in neither.
    """

    since: date
    until: date
    cases: tuple[RecapCase, ...]
    regions: tuple[RecapRegion, ...]
    totals: Mapping[str, int]
    contested: int = 0  # cases counted although offices differ about them; their notes say so
    prevention: PreventionRecap = NO_PREVENTION  # R5


@use_case("recap.read")
def recap(posko: Posko, since: date, until: date, progress: Progress = silent) -> Recap:
    """Both recaps of cases received in a period, both days included.

    Raises UserError when the period ends before it begins.
    """
    if until < since:
        raise UserError("Tanggal akhir sebelum tanggal awal. Balik kedua tanggal itu.")
    with posko.store.read() as session:
        uids = session.scalars(
            select(CaseBoard.case_uid)
            .where(
                CaseBoard.filed_on >= since,
                CaseBoard.filed_on <= until,
                CaseBoard.kind.in_((*COUNTED, "initial_info")),
            )
            .order_by(CaseBoard.filed_on, CaseBoard.case_uid)
        ).all()
        lines: list[RecapCase] = []
        starts = range(0, len(uids), CHUNK)
        for start in track(starts, len(starts), progress, "Menghitung rekap"):
            lines += _case_lines(posko, session, uids[start : start + CHUNK])
        prevention = prevention_recap(posko, session, since, until)
    regions = region_lines(lines)
    totals = {name: sum(getattr(r, name) for r in regions) for name in COUNTS}
    contested = sum(CONTESTED in line.note for line in lines)
    return Recap(since, until, tuple(lines), regions, totals, contested, prevention)


def region_lines(lines: Iterable[RecapCase]) -> tuple[RecapRegion, ...]:
    """R2 from R1: one line per region, largest first."""
    groups: dict[str, list[RecapCase]] = {}
    for line in lines:
        if line.kind in COUNTED:
            groups.setdefault(line.region_key, []).append(line)
    counted = [_region(name, group) for name, group in groups.items()]
    return tuple(sorted(counted, key=lambda r: (-r.total, r.region)))


def _region(name: str, group: Sequence[RecapCase]) -> RecapRegion:
    def count(**wanted: str) -> int:
        return sum(all(getattr(c, k) == v for k, v in wanted.items()) for c in group)

    def of_kind(kind: str) -> int:
        return sum(kind in c.violation_kinds for c in group)

    return RecapRegion(
        region=name,
        reports=count(kind="report"),
        findings=count(kind="finding"),
        total=len(group),
        registered=count(registration="registered"),
        not_registered=count(registration="not_registered"),
        pending=count(registration="pending"),
        violations=count(result="violation"),
        not_violations=count(result="not_violation"),
        administrative=of_kind("administrative"),
        criminal=of_kind("criminal"),
        ethics=of_kind("ethics"),
        other_law=of_kind("other_law"),
    )


def _case_lines(posko: Posko, session: Session, uids: Sequence[str]) -> Iterable[RecapCase]:
    cases = {c.uid: c for c in session.scalars(select(Case).where(Case.uid.in_(uids)))}
    differing = set(
        session.scalars(
            select(CaseBoard.case_uid).where(CaseBoard.case_uid.in_(uids), CaseBoard.conflicts > 0)
        )
    )
    events: dict[str, list[stages.Event]] = {}
    for row in session.scalars(select(Event).where(Event.case_uid.in_(uids))):
        events.setdefault(row.case_uid, []).append(board.to_event(row))
    parties: dict[str, list[ReportedParty]] = {}
    for party in session.scalars(
        select(ReportedParty)
        .where(ReportedParty.case_uid.in_(uids))
        .order_by(ReportedParty.position, ReportedParty.uid)
    ):
        parties.setdefault(party.case_uid, []).append(party)
    for uid in uids:
        case = cases[uid]
        law = posko.rules.get(case.regulation, case.filed_on)
        state = stages.state_of(events.get(uid, []), law)
        contested = uid in differing or bool(state.contradictions)
        yield _case_line(posko, case, state, parties.get(uid, []), CONTESTED if contested else "")


def _case_line(
    posko: Posko,
    case: Case,
    state: stages.CaseState,
    parties: Sequence[ReportedParty],
    note: str,
) -> RecapCase:
    last = {e.kind: e for e in state.events}
    referral = last.get("referred") or last.get("transferred")
    answer = last.get("follow_up")
    regency, subdistrict = _regions(posko, case)
    return RecapCase(
        uid=case.uid,
        regency=regency,
        subdistrict=subdistrict,
        number=case.number,
        kind=state.intake_kind,
        received_on=case.filed_on,
        reporter=case.reporter_alias if state.intake_kind != "finding" else "Penemu",
        reported="; ".join(p.name for p in parties),
        position="; ".join(
            ", ".join(x for x in (p.position_title, p.agency) if x)
            for p in parties
            if p.position_title or p.agency
        ),
        summary=case.title,
        event_on=case.event_on,
        event_place=case.event_place,
        election_stage=case.election_stage,
        registration=_registration(state, last),
        register_number=state.register_number,
        registered_on=state.registered_on,
        violation_kinds=state.violation_kinds,
        article=case.article,
        result=state.decision,
        follow_up=_follow_up(state, last),
        addressee=referral.data.get("addressee", "") if referral else "",
        letter_number=referral.number if referral else "",
        letter_on=referral.on if referral else None,
        answer=answer.outcome if answer else "",
        note=note,
        region_key=subdistrict if posko.office.level == "kabupaten" else regency,
    )


def _registration(state: stages.CaseState, last: Mapping[str, stages.Event]) -> str:
    if state.registered_on:
        return "registered"
    return "not_registered" if "not_registered" in last or state.closed else "pending"


def _follow_up(state: stages.CaseState, last: Mapping[str, stages.Event]) -> str:
    if "referred" in last:
        return "referred"
    if "transferred" in last and (state.handover or state.end == "transferred"):
        return "transferred"
    return "dismissed" if state.closed or state.decision == "not_violation" else ""


def _regions(posko: Posko, case: Case) -> tuple[str, str]:
    """Names of the kabupaten and kecamatan of the event, else of the office that took it in."""
    code = case.region_code or case.office_code
    names = [posko.regions.get(".".join(code.split(".")[:n])) for n in (2, 3)]
    found = [r.name if r else "" for r in names]
    deep = code.count(".")
    return found[0] if deep >= 1 else "", found[1] if deep >= 2 else ""
