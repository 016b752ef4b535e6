"""Taking in a report: checked, numbered, evidence in the vault, all in one transaction."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from itertools import islice
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from posko_app.app import Posko, use_case
from posko_app.data.base import Base
from posko_app.data.tables import Case, Draft, Event, ReportedParty, Witness
from posko_app.errors import InvalidInput, Problem
from posko_app.rules.book import Regulation
from posko_app.rules.catalogue import with_articles
from posko_app.rules.course import ANSWERED
from posko_app.security.uid import new_uid
from posko_app.text import clean

from . import board
from .arrival import late_note
from .desk import check_rows
from .evidence import StoredEvidence, evidence_rows, store_files, unless_kept
from .identity import identity_rows
from .identity_files import add_row, picture_row, store_picture, unless_saved
from .links import link_at_once
from .proxy import proxy_rows
from .report import NewReport, check_report
from .series import Numbered, alias_of, desk_number
from .tidy import party_row, tidy
from .violation_forms import chosen_rows

EMPTY = "Formulir masih kosong, jadi belum ada yang disimpan."


@dataclass(frozen=True)
class FiledReport:
    """A report that has been taken in."""

    uid: str
    number: str
    warnings: tuple[str, ...]


@use_case("case.write")
def file_report(
    posko: Posko,
    new: NewReport,
    *,
    draft_uid: str = "",
    accept_incomplete: bool = False,
    officer: str = "",
    linked: Mapping[str, str] | None = None,
) -> FiledReport:
    """Take in something of any kind, number it and start its clocks.

    It is linked to the cases `linked` (uid -> number) of the same event in the same transaction;
    the warnings name those that are not there any more. Raises InvalidInput with every problem at
    once. A form with required fields empty is refused too, unless `accept_incomplete`: then it is
    kept and must be completed before registration. A form in which nothing was said is never kept.
    """
    if not new.given:
        raise InvalidInput([Problem("title", EMPTY)])
    checked = check_report(posko, new)
    wrong = checked.problems if accept_incomplete else (*checked.problems, *checked.missing)
    if wrong:
        raise InvalidInput(wrong)
    picture = store_picture(posko, new.picture) if new.picture else None
    with unless_saved(posko, picture):
        stored = store_files(posko, new.evidence)
        with posko.write() as session:
            filed = add_report(posko, session, new, stored, officer=officer)
            if picture is not None:
                add_row(posko, session, picture_row(posko, filed.uid, picture))
            if draft_uid:
                draft = session.scalar(select(Draft).where(Draft.uid == draft_uid))
                if draft is not None and draft.account == posko.user.login:
                    session.delete(draft)
            left = link_at_once(posko, session, filed.uid, linked or {})
    return replace(filed, warnings=(*filed.warnings, *left))


@use_case("case.write")
def file_reports(posko: Posko, reports: Sequence[NewReport]) -> tuple[FiledReport, ...]:
    """Take in several checked reports in one transaction: all of them or none.

    Raises InvalidInput; the field of each problem begins with the report's place, as `2/title`.
    """
    wrong = []
    for place, new in enumerate(reports):
        checked = check_report(posko, new)
        wrong += [
            replace(p, field=f"{place}/{p.field}") for p in (*checked.problems, *checked.missing)
        ]
    if wrong:
        raise InvalidInput(wrong)
    # All files in one go: the same picture in two reports gets one key.
    stored = iter(store_files(posko, [item for new in reports for item in new.evidence]))
    with posko.write() as session:
        return tuple(
            add_report(posko, session, new, list(islice(stored, len(new.evidence))))
            for new in reports
        )


def add_report(
    posko: Posko,
    session: Session,
    new: NewReport,
    stored: Sequence[StoredEvidence],
    *,
    officer: str = "",
) -> FiledReport:
    """Add a checked report inside the caller's transaction; bulk work uses this too."""
    law = posko.rules.get(posko.office.regulation, new.filed_on)
    numbered = desk_number(posko, session, new.kind, law, new.filed_on, new.election_kind)
    case, rows = make_rows(posko, new, law, numbered, officer or new.officer or posko.user.login)
    session.add(case)
    session.flush()  # parents first: children name the case by uid
    marks = chosen_rows(posko, case.uid, new.violation)
    session.add_all([*rows, *check_rows(posko, case.uid, law, new), *marks])
    people = [person for _, person in new.people if person.given]
    kept = evidence_rows(posko, case.uid, stored, people=people)
    session.add_all(unless_kept(session, kept))
    events = [row for row in rows if isinstance(row, Event)]
    parties = [row for row in rows if isinstance(row, ReportedParty)]
    board.add_new(posko, session, case, events, parties, kept)
    posko.note(session, "case.filed", case.uid, number=numbered.number, kind=new.kind)
    note_arrival(posko, session, case)
    return FiledReport(case.uid, numbered.number, numbered.warnings)


def note_arrival(posko: Posko, session: Session, case: Case) -> None:
    """Write into the journal that filing counts from another moment than the stamped one.

    The reason stands in the case, where it can be put right; the journal never forgets a name.
    """
    if case.arrived_at is None or not case.arrival_reason:
        return
    posko.note(
        session,
        "case.arrival_changed",
        case.uid,
        stamped=case.arrived_at.isoformat(),
        filed=f"{case.filed_on.isoformat()} {case.filed_time}".strip(),
    )


def make_rows(
    posko: Posko, new: NewReport, law: Regulation, numbered: Numbered, officer: str
) -> tuple[Case, list[Base]]:
    """The case row and its children, from checked input."""
    now = posko.now()
    case = Case(
        uid=new_uid(),
        office_code=posko.office.code,
        kind=new.kind,
        regulation=law.id,
        election_kind=new.election_kind or posko.office.election_kind,
        election_stage=new.election_stage or (law.stage_on(new.event_on) if new.event_on else ""),
        number=numbered.number,
        title=clean(new.title),
        theme=new.theme,
        article=with_articles(clean(new.article)),
        channel=new.channel,
        received_at=received_at(posko, new, now),
        filed_on=new.filed_on,
        filed_time=new.filed_time,
        filed_place=clean(new.filed_place),
        known_on=new.known_on,
        event_on=new.event_on,
        event_time=new.event_time,
        event_place=clean(new.event_place),
        region_code=new.region_code,
        narrative=clean(new.narrative),
        reporter_alias=alias_of(new.kind, f"{numbered.seq:03d}"),
        reporter_capacity=new.reporter_capacity,
        reporter_named=bool(new.reporter.name.strip()),
        reporter_located=bool(new.reporter.address.strip()),
        by_proxy=new.by_proxy,
        statement_given=new.statement_given,
        signature_matches=new.signature_matches,
        officer=officer,
        **asked_values(new),
    )
    rows: list[Base] = [_filing(posko, case, new, numbered.number, officer, now)]
    rows += _answer(posko, case, new, officer, now)
    rows += [party_row(case.uid, n, p) for n, p in enumerate(new.reported, 1) if p.name.strip()]
    rows += _persons(posko, case.uid, new)
    return case, rows


def asked_values(new: NewReport) -> dict[str, Any]:
    """What only some kinds are asked; None where it was left empty."""
    texts = (
        *("arrival_reason", "finder", "finder_title", "finder_address", "lhp_number"),
        *("plenary_number", "proxy_letter", "info_source", "organisation", "handed_to"),
    )
    rest = ("arrived_at", "lhp_on", "plenary_on", "proxy_letter_on", "wanted_on")
    values: dict[str, Any] = {name: clean(getattr(new, name)) or None for name in texts}
    return values | {name: getattr(new, name) for name in rest}


def _answer(
    posko: Posko, case: Case, new: NewReport, officer: str, now: datetime
) -> Iterator[Event]:
    """What was answered on the spot ends what needs no more than an answer."""
    if new.kind not in ANSWERED or not (answer := clean(new.answer)):
        return
    for kind, note in (("notified", answer), ("closed", "")):
        yield Event(
            case_uid=case.uid,
            kind=kind,
            on=new.filed_on,
            at=None,
            office_code=posko.office.code,
            actor=officer,
            note=note,
            made_at=now,
        )


def _filing(
    posko: Posko, case: Case, new: NewReport, number: str, officer: str, now: datetime
) -> Event:
    return Event(
        case_uid=case.uid,
        kind="filed",
        on=new.filed_on,
        at=filed_at(posko, new, now),
        office_code=posko.office.code,
        actor=officer,
        number=number,
        note=late_note(posko, new.kind, new.known_on, new.filed_on, now),
        data=json.dumps(filing_facts(new), sort_keys=True),
        made_at=now,
    )


def filing_facts(new: NewReport) -> dict[str, str]:
    """What the clocks need to know of a filing, kept in its event."""
    facts = {"intake_kind": new.kind, "channel": new.channel}
    if new.known_on:
        facts["found_on" if new.kind == "finding" else "known_on"] = new.known_on.isoformat()
    return facts


def received_at(posko: Posko, new: NewReport, now: datetime) -> datetime:
    """The instant of filing; for an earlier day whose hour nobody wrote down, its beginning."""
    return filed_at(posko, new, now) or datetime.combine(new.filed_on, time(), posko.zone)


def filed_at(posko: Posko, new: NewReport, now: datetime) -> datetime | None:
    """The hour of filing as far as it is known: as written, now for today, else unknown.

    Clocks start from it, so it must never lie on another day than the date of filing.
    """
    if new.filed_time:
        hour, minute = map(int, new.filed_time.split(":"))
        return datetime.combine(new.filed_on, time(hour, minute), posko.zone)
    return now if new.filed_on == now.astimezone(posko.zone).date() else None


def _persons(posko: Posko, case_uid: str, new: NewReport) -> list[Base]:
    rows: list[Base] = []
    reporter = new.reporter
    if reporter.given:
        row, tokens = identity_rows(posko, case_uid, new_uid(), tidy(posko, reporter))
        rows += [row, *tokens]
    rows += proxy_rows(posko, case_uid, new)
    for position, person in enumerate(new.witnesses, 1):
        if not person.name.strip():
            continue
        witness = Witness(
            uid=new_uid(), case_uid=case_uid, position=position, alias=f"Saksi {position}"
        )
        row, tokens = identity_rows(posko, case_uid, new_uid(), tidy(posko, person), witness.uid)
        rows += [witness, row, *tokens]
    return rows
