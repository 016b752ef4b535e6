"""One person in several cases: found by NIP, or by name and office or place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from posko_app.app import Posko, use_case
from posko_app.data.tables import Case, CaseBoard, ReportedParty

from .find import case_uid_of
from .people_book import people_book
from .people_likely import (
    cases_of_name,
    cases_of_nips,
    compare_persons,
    nip_value,
    parties_of,
    shared_region,
)

How = Literal["nip", "office", "place"]
NEAR = ("desa", "kelurahan", "kecamatan")


@dataclass(frozen=True, kw_only=True)
class OtherCase:
    """Another case in which a person is reported; `how` says what makes them the same."""

    uid: str
    number: str
    title: str
    filed_on: date
    stage_label: str
    name: str  # as it stands there
    agency: str
    how: How  # by NIP for certain; by office or place the name is the same or alike
    why: str  # "NIP sama", "nama mirip, instansi sama"


@dataclass(frozen=True, kw_only=True)
class PersonCases:
    """A reported person of a case and the other cases that report the same person, newest first."""

    party_uid: str
    name: str
    cases: tuple[OtherCase, ...]


@use_case("case.read")
def other_cases(posko: Posko, case: str) -> tuple[PersonCases, ...]:
    """For each reported person of a case (uid or number) the other cases that report them too.

    Raises UserError when there is no such case.
    """
    with posko.store.read() as session:
        uid = case_uid_of(session, case)
        here = session.scalar(select(Case.region_code).where(Case.uid == uid)) or ""
        parties = session.scalars(
            select(ReportedParty)
            .where(ReportedParty.case_uid == uid)
            .order_by(ReportedParty.position, ReportedParty.uid)
        ).all()
        return tuple(
            PersonCases(
                party_uid=party.uid,
                name=party.name,
                cases=_cases_of(posko, session, party, uid, here),
            )
            for party in parties
        )


def _cases_of(
    posko: Posko, session: Session, party: ReportedParty, uid: str, here: str
) -> tuple[OtherCase, ...]:
    most = people_book().limits["cases"]
    found = cases_of_name(session, party.name, most)
    if nip := nip_value(party.nip):
        found |= cases_of_nips(session, [nip], most + 1)
    found.discard(uid)
    if not found:
        return ()
    others = parties_of(session, found)
    rows = session.execute(
        select(
            *(Case.uid, Case.region_code, CaseBoard.number, CaseBoard.title),
            *(CaseBoard.filed_on, CaseBoard.stage_label),
        )
        .join(CaseBoard, CaseBoard.case_uid == Case.uid)
        .where(Case.uid.in_(found), Case.void_reason == "")
        .order_by(CaseBoard.filed_on.desc(), Case.uid.desc())
    ).all()
    every = (_same_person(posko, party, row, others.get(row.uid, ()), here) for row in rows)
    return tuple(other for other in every if other is not None)[:most]


def _same_person(
    posko: Posko, party: ReportedParty, row: Any, parties: Sequence[Any], here: str
) -> OtherCase | None:
    near = shared_region(posko.regions, here, row.region_code) in NEAR
    for their in parties:
        for how, why in _reasons(compare_persons(party, their), near):
            return OtherCase(
                uid=row.uid,
                number=row.number,
                title=row.title,
                filed_on=row.filed_on,
                stage_label=row.stage_label,
                name=their.name,
                agency=their.agency,
                how=how,
                why=why,
            )
    return None


def _reasons(signs: tuple[str, ...], near: bool) -> Iterator[tuple[How, str]]:
    """Why two persons are taken for one: a name alone never is enough."""
    words = people_book().words
    if "nip" in signs:
        yield "nip", words["nip"]
    elif "agency" in signs:
        yield "office", f"{words[signs[0]]}, {words['agency']}"
    elif "name_same" in signs and near:
        yield "place", f"{words['name_same']}, {words['kecamatan']}"
