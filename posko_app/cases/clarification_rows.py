"""Clarifications as their steps make them: an invitation opens one, coming or not coming ends it.

Whatever records the steps (the page, the command line, another use case) leaves the same rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from posko_app.app import Posko
from posko_app.data.tables import Clarification, ReportedParty, Witness
from posko_app.errors import Problem
from posko_app.rules.events import EXPERT_ROLE, Event
from posko_app.security.uid import new_uid
from posko_app.text import short_date

from .views import WitnessView

INVITED, ATTENDED, ABSENT, CANCELLED = "invited", "attended", "absent", "cancelled"
EXPERT = "Ahli"
ENDS = ("absent", "clarified", "expert_heard")  # steps that say how an invitation ended


@dataclass(frozen=True)
class PersonRef:
    """Somebody of a case who can be asked to clarify, by names that never tell an identity."""

    role: str  # clarification_role
    uid: str  # of the terlapor or witness; empty for the reporter
    alias: str
    label: str  # with the name of a terlapor, which stands in the open anyway


def people_of(session: Session, case_uid: str, intake_kind: str) -> tuple[PersonRef, ...]:
    """Who can be asked to clarify in a case."""
    first = (
        PersonRef("finder", "", "Penemu", "Penemu")
        if intake_kind == "finding"
        else PersonRef("reporter", "", "Pelapor", "Pelapor")
    )
    parties = session.scalars(
        select(ReportedParty)
        .where(ReportedParty.case_uid == case_uid)
        .order_by(ReportedParty.position, ReportedParty.uid)
    ).all()
    several = len(parties) > 1
    reported = [
        PersonRef("reported", row.uid, alias, f"{alias}: {row.name}")
        for n, row in enumerate(parties, 1)
        for alias in [f"Terlapor {n}" if several else "Terlapor"]
    ]
    others = session.scalars(
        select(Witness).where(Witness.case_uid == case_uid).order_by(Witness.position, Witness.uid)
    )
    heard = [
        PersonRef(EXPERT_ROLE if is_expert(row) else "witness", row.uid, row.alias, row.alias)
        for row in others
    ]
    return (first, *reported, *heard)


def is_expert(row: Witness | WitnessView) -> bool:
    """Whether a sealed person is an expert: they share the compartment of the witnesses."""
    return row.alias.startswith(EXPERT)


def person_named(people: Iterable[PersonRef], data: Mapping[str, str]) -> PersonRef | None:
    """The person that the data of a step means: by uid, else by alias or label."""
    known = tuple(people)
    if uid := data.get("person", ""):
        return next((person for person in known if person.uid == uid), None)
    said = data.get("whom", "").casefold().strip()
    for person in known:
        names = {person.alias.casefold(), person.label.casefold()}
        if said and (said in names or said.replace("terlapor ", "terlapor: ") in names):
            return person
    return None


def rows_of(session: Session, case_uid: str) -> Sequence[Clarification]:
    """The clarifications of a case in the order in which people were invited."""
    return session.scalars(
        select(Clarification)
        .where(Clarification.case_uid == case_uid)
        .order_by(Clarification.made_at, Clarification.uid)
    ).all()


def completed(posko: Posko, session: Session, case_uid: str, event: Event) -> Event:
    """A step with the person, the round and the clarification that it means, where it means one."""
    if event.kind == "invited":
        return _invitation(session, case_uid, event)
    if event.kind not in ENDS:
        return event
    rows = rows_of(session, case_uid)
    row = _meant(session, case_uid, event, [r for r in rows if r.state == INVITED])
    if row is None:
        return event
    data = {**event.data, "clarification": row.uid}
    others = (r for r in rows if r.state == INVITED and r.role != EXPERT_ROLE and r.uid != row.uid)
    if event.kind == "clarified" and any(others):
        data["more"] = "yes"  # the stage goes on until the last one was heard
    return replace(event, data=data)


def _meant(
    session: Session, case_uid: str, event: Event, invited: Sequence[Clarification]
) -> Clarification | None:
    """The open invitation that a step ends: the one it names, else the last of that person.

    A step that names nobody means the only one that is waited for, if there is only one.
    """
    if named := event.data.get("clarification"):
        return next((row for row in invited if row.uid == named), None)
    if not event.data.get("whom"):
        heard = event.kind == "expert_heard"
        waiting = [row for row in invited if (row.role == EXPERT_ROLE) == heard]
        return waiting[0] if len(waiting) == 1 else None
    said = event.data["whom"].casefold().strip()
    person = person_named(people_of(session, case_uid, ""), event.data)
    names = {said, person.alias.casefold() if person else said}
    return next((row for row in reversed(invited) if row.alias.casefold() in names), None)


def follow(
    posko: Posko, session: Session, case_uid: str, event: Event, earlier: Iterable[Event]
) -> None:
    """Let the rows follow a step that was just recorded; `earlier` are the events before it."""
    if event.kind == "invited":
        session.add(_row(posko, case_uid, event))
    elif event.kind in ENDS:
        came = ABSENT if event.kind == "absent" else ATTENDED
        _settle(session, event.data.get("clarification", ""), came, event.on)
    elif event.kind == "corrected":
        voided = next((e for e in earlier if e.uid == event.corrects), None)
        if voided is not None:
            _take_back(session, voided, standing(earlier))


def standing(events: Iterable[Event]) -> tuple[Event, ...]:
    """The events that no correction takes back."""
    known = tuple(events)
    gone = {event.corrects for event in known if event.kind == "corrected"}
    return tuple(event for event in known if event.uid not in gone)


def ended_first(events: Iterable[Event], corrects: str) -> list[Problem]:
    """Why an invitation cannot be voided: its person came or stayed away, and that still stands.

    A hearing that took place would lose its day and its minutes with the invitation.
    """
    live = standing(events)
    voided = next((e for e in live if e.uid == corrects and e.kind == "invited"), None)
    uid = voided.data.get("clarification", "") if voided else ""
    for end in live:
        if uid and end.kind in ENDS and end.data.get("clarification") == uid:
            what = "ketidakhadiran" if end.kind == "absent" else "kehadiran"
            said = (
                f"Atas undangan ini sudah dicatat {what} tanggal {short_date(end.on)}. "
                f"Batalkan dulu {what}nya, lalu undangannya."
            )
            return [Problem("corrects", said)]
    return []


def _take_back(session: Session, voided: Event, live: Sequence[Event]) -> None:
    """Let the row follow a voided step: what was heard stays heard, what is cancelled stays so."""
    row = _row_called(session, voided.data.get("clarification", ""))
    if row is None:
        return
    if voided.kind == "invited" and row.state == INVITED:
        row.state = CANCELLED
    elif voided.kind in ENDS:
        stands = any(event.uid == row.event_uid for event in live)
        row.state, row.held_on = INVITED if stands else CANCELLED, None


def _settle(session: Session, uid: str, state: str, held_on: date | None) -> None:
    row = _row_called(session, uid)
    if row is not None:
        row.state, row.held_on = state, held_on if state == ATTENDED else None


def _row_called(session: Session, uid: str) -> Clarification | None:
    found = select(Clarification).where(Clarification.uid == uid)
    return session.scalar(found) if uid else None


def _invitation(session: Session, case_uid: str, event: Event) -> Event:
    data = dict(event.data)
    data.setdefault("clarification", new_uid())
    role = data.get("role", "")
    kind = "finding" if role == "finder" or data.get("whom", "") == "penemu" else ""
    person = person_named(people_of(session, case_uid, kind), data)
    if person is None:
        data.setdefault("role", EXPERT_ROLE if data.get("whom") == EXPERT.casefold() else "witness")
        alias = data.get("whom", "")
    else:
        data |= {"role": person.role, "person": person.uid, "whom": person.alias.casefold()}
        alias = person.alias
    # By person, not by alias: "Terlapor" becomes "Terlapor 1" when a second one is added.
    meant = (data.get("role", ""), data.get("person", ""), "" if person else alias.casefold())
    before = [
        row
        for row in rows_of(session, case_uid)
        if row.state != CANCELLED
        and (row.role, row.person_uid, "" if person else row.alias.casefold()) == meant
    ]
    data.setdefault("round", str(len(before) + 1))
    return replace(event, data={key: value for key, value in data.items() if value})


def _row(posko: Posko, case_uid: str, event: Event) -> Clarification:
    data = event.data
    whom = data.get("whom", "")
    return Clarification(
        uid=data["clarification"],
        case_uid=case_uid,
        event_uid=event.uid,
        role=data.get("role", "witness"),
        person_uid=data.get("person", ""),
        alias=whom[:1].upper() + whom[1:],
        round=int(data["round"]) if data.get("round", "").isdigit() else 1,
        for_on=day_of(data, "for_on"),
        for_time=data.get("for_time", ""),
        place=data.get("place", ""),
        mode=data.get("mode", ""),
        online_reason=data.get("online_reason", ""),
        delivered=data.get("delivered", ""),
        delivered_on=day_of(data, "delivered_on"),
        state=INVITED,
        office_code=posko.office.code,
        made_by=posko.user.login,
        made_at=posko.now(),
    )


def day_of(data: Mapping[str, str], key: str) -> date | None:
    """A date in the data of a step; None where there is none that can be read."""
    try:
        return date.fromisoformat(data.get(key, ""))
    except ValueError:
        return None
