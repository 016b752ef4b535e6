"""The minutes of a clarification: who was asked by whom, under which oath, and what was said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from posko_app.app import Posko, use_case
from posko_app.cases.clarification import Minutes, open_minutes
from posko_app.cases.clarification_rows import ATTENDED
from posko_app.cases.identity import find_identity, open_identity
from posko_app.data.tables import Clarification, ReportedParty
from posko_app.errors import UserError
from posko_app.rules.identity import parse_nip
from posko_app.text import DAY_NAMES, MONTH_NAMES, in_words, long_date

from .catalogue import Value
from .values import word

TEMPLATE = "berita-acara-klarifikasi"
PREFIX = "hearing."  # before the names of what only these minutes print
REPORTED = "reported"  # the role of whoever stands in the open


@dataclass(frozen=True, kw_only=True)
class _Person:
    """Who was asked, as the minutes name them."""

    name: str = ""
    birth: str = ""
    occupation: str = ""
    address: str = ""
    identity: str = ""


@use_case("identity.read")
def minutes_values(posko: Posko, clarification: str) -> dict[str, Value]:
    """What the letter prints of a clarification; that it was opened goes into the audit chain.

    Raises UserError for one that is not here or did not take place, or without the identity key.
    """
    said = open_minutes(posko, clarification)
    with posko.store.read() as session:
        row = session.scalars(select(Clarification).where(Clarification.uid == clarification)).one()
        if row.state != ATTENDED or row.held_on is None:
            raise UserError(
                f"{row.alias} belum dicatat hadir, jadi berita acaranya belum dapat dibuat.",
                "not_heard",
            )
        person = _person(posko, session, row)
    return {**_held(posko, row), **_whom(posko, row, person, said), "questions": _questions(said)}


def _held(posko: Posko, row: Clarification) -> Mapping[str, Value]:
    day = row.held_on
    assert day is not None
    own = row.examiner == posko.user.name
    zone = posko.office.zone
    online = word(posko, "online_reason", row.online_reason).lower() if row.online_reason else ""
    return {
        "hearing.number": row.minutes_number,
        "hearing.day": DAY_NAMES[day.weekday()],
        "hearing.date_words": f"{in_words(day.day)} bulan {MONTH_NAMES[day.month - 1]} "
        f"tahun {in_words(day.year)}",
        "hearing.date": long_date(day),
        "hearing.place": row.place or posko.office.name,
        "hearing.began": f"{row.began.replace(':', '.')} {zone}" if row.began else "",
        "hearing.ended": f"{row.ended.replace(':', '.')} {zone}" if row.ended else "",
        "hearing.examiner": row.examiner or posko.user.name,
        "hearing.examiner_title": posko.user.title if own or not row.examiner else "",
        "hearing.online": online if row.mode == "online" else "",
        "hearing.recorded": "ya" if row.recorded else "",
        "hearing.read_back": "ya" if row.read_back else "",
    }


def _whom(posko: Posko, row: Clarification, person: _Person, said: Minutes) -> Mapping[str, Value]:
    religion = word(posko, "religion", said.religion) if said.religion else ""
    oath = word(posko, "oath", row.oath).lower() if row.oath in ("sworn", "promised") else ""
    return {
        "hearing.role": word(posko, "clarification_role", row.role),
        "hearing.name": person.name or row.alias,
        "hearing.birth": person.birth,
        "hearing.religion": religion,
        "hearing.occupation": person.occupation,
        "hearing.address": person.address,
        "hearing.identity": person.identity,
        "hearing.sworn": f"{oath} menurut agama {religion}" if oath and religion else oath,
        "hearing.refused": row.oath_note if row.oath == "refused" else "",
    }


def _questions(said: Minutes) -> tuple[Mapping[str, str], ...]:
    return tuple(
        {"no": str(number), "question": pair.question, "answer": pair.answer}
        for number, pair in enumerate(said.questions, 1)
    )


def _person(posko: Posko, session: Session, row: Clarification) -> _Person:
    """The reported person stands in the open; everybody else is opened from the compartment."""
    if row.role == REPORTED:
        party = session.scalar(select(ReportedParty).where(ReportedParty.uid == row.person_uid))
        if party is None:
            return _Person()
        work = ", ".join(text for text in (party.position_title, party.agency) if text)
        nip = parse_nip(party.nip).grouped or party.nip if party.nip else ""
        return _Person(name=party.name, occupation=work, address=party.address,
                       identity=f"NIP {nip}" if nip else "")  # fmt: skip
    sealed = find_identity(session, row.case_uid, row.person_uid)
    if sealed is None:
        return _Person()
    person = open_identity(posko, sealed)
    born = long_date(person.birth_on) if person.birth_on else ""
    return _Person(
        name=person.name,
        birth=", ".join(text for text in (person.birth_place, born) if text),
        occupation=word(posko, "occupation", person.occupation) if person.occupation else "",
        address=person.address,
        identity=f"NIK {person.nik}" if person.nik else "",
    )
