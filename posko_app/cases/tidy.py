"""What was typed about people, with cleaned texts and normalised numbers."""

from __future__ import annotations

from dataclasses import replace

from posko_app.app import Posko
from posko_app.data.tables import ReportedParty
from posko_app.rules.identity import parse_nik, parse_nip, parse_phone
from posko_app.text import clean

from .report import PersonInput, ReportedInput


def tidy(posko: Posko, person: PersonInput) -> PersonInput:
    """A person with cleaned texts and normalised numbers."""
    return replace(
        person,
        name=clean(person.name),
        address=clean(person.address),
        birth_place=clean(person.birth_place),
        email=person.email.strip(),
        nik=parse_nik(person.nik, posko.today()).value if person.nik else "",
        phone=parse_phone(person.phone).value if person.phone else "",
    )


def party_row(case_uid: str, position: int, party: ReportedInput) -> ReportedParty:
    """The row of a terlapor."""
    return ReportedParty(case_uid=case_uid, position=position, **party_values(party))


def party_values(party: ReportedInput) -> dict[str, str]:
    """A terlapor as the columns hold it."""
    return {
        "name": clean(party.name),
        "category": party.category,
        "nip": parse_nip(party.nip).value if party.nip else "",
        "rank": clean(party.rank),
        "position_title": clean(party.position_title),
        "agency": clean(party.agency),
        "address": clean(party.address),
        "phone": parse_phone(party.phone).value if party.phone else "",
    }
