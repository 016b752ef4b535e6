"""What a hand-over would carry, and what of one is still sealed: for pages and commands."""

from __future__ import annotations

import json
from dataclasses import dataclass

from sqlalchemy import select

from posko_app.app import Posko, use_case
from posko_app.cases import board
from posko_app.cases.find import case_uid_of
from posko_app.data.tables import (
    Case,
    ClarificationQuestion,
    Event,
    Evidence,
    Identity,
    IdentityFile,
    Peer,
    Sync,
)
from posko_app.data.versions import Stamper
from posko_app.errors import UserError

from .handover import check_office, name_of, unopened
from .sealed import keys_for
from .sealed_again import count_of
from .trust import recipients_of
from .unsealing import Opening, open_letters


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """What a hand-over would carry; `problem` says why it cannot be made now, empty when it can."""

    case_uid: str
    number: str
    to_code: str
    to_name: str
    notes: int
    evidence: int
    people: int
    questions: int
    pictures: int  # of identity cards: they stay with this office
    problem: str


@dataclass(frozen=True)
class Destination:
    """An office that a case may go to; `known` tells that its key is known here."""

    code: str
    name: str
    known: bool


@use_case("case.read")
def destinations(posko: Posko) -> tuple[Destination, ...]:
    """The offices a case may be handed to: above, below, beside, and whoever else was met.

    Those whose key is known come first.
    """
    own = posko.office.code
    above = own.rpartition(".")[0]
    codes = [above, above.rpartition(".")[0]]
    if posko.office.level != "kecamatan":
        codes += [region.code for region in posko.regions.children(own)]
    if above:
        codes += [region.code for region in posko.regions.children(above)]
    with posko.store.read() as session:
        codes += session.scalars(select(Peer.office_code).order_by(Peer.office_code)).all()
        found = [
            Destination(code, name_of(posko, session, code), bool(recipients_of(session, code)))
            for code in dict.fromkeys(codes)
            if code and code != own
        ]
    return tuple(sorted(found, key=lambda office: not office.known))


@use_case("case.read")
def outlook(posko: Posko, case: str, to_code: str) -> Outlook:
    """What handing a case (uid or number) to an office would carry. UserError for no case."""
    with posko.store.read() as session:
        uid = case_uid_of(session, case)
        row = session.scalars(select(Case).where(Case.uid == uid)).one()
        problem, name = "", name_of(posko, session, to_code)
        try:
            check_office(posko, to_code)
            keys_for(session, to_code, name)
        except UserError as error:
            problem = str(error)
        return Outlook(
            case_uid=uid,
            number=row.number,
            to_code=to_code,
            to_name=name,
            notes=count_of(session, Sync, uid),
            evidence=count_of(session, Evidence, uid),
            people=count_of(session, Identity, uid),
            questions=count_of(session, ClarificationQuestion, uid),
            pictures=count_of(session, IdentityFile, uid),
            problem=problem,
        )


@use_case("case.read")
def returned_to(posko: Posko, event: str) -> Destination:
    """The office that a case goes back to with an event; it hears so from the next workbook."""
    with posko.store.read() as session:
        said = session.scalars(select(Event.data).where(Event.uid == event)).one()
        code = json.loads(said or "{}").get("from", "")
        known = bool(recipients_of(session, code))
        return Destination(code, name_of(posko, session, code), known)


def pictures_words(count: int) -> str:
    """That pictures of identity cards stay behind, in words."""
    return f"{count} foto KTP tidak ikut: tetap di kantor ini."


@use_case("identity.read")
def open_sealed(posko: Posko, case: str) -> Opening:
    """Open sealed letters of a case that came while nobody with the identity key was there."""
    with posko.write(bulk=True) as session:
        uid = case_uid_of(session, case)
        stamper = Stamper.take(session, posko.user.login, posko.clock)
        session.info["stamper"] = stamper
        opened = open_letters(posko, session, stamper, case_uid=uid)
        board.refresh(posko, session, opened.cases)
    return opened


@use_case("case.read")
def sealed_waits(posko: Posko, case: str) -> bool:
    """Whether a sealed letter to this office is here that nobody has opened yet."""
    with posko.store.read() as session:
        return unopened(posko, session, case_uid_of(session, case))
