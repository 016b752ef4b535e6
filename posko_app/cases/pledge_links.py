"""Whether a reported person is one who signed a pledge of neutrality: by NIP, or as people decided.

An equal name is never more than a question: namesakes are common, and a wrong link would accuse.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlalchemy import select

from posko_app.app import Posko, use_case
from posko_app.data.tables import PledgeLink, ReportedParty
from posko_app.errors import UserError
from posko_app.rules.identity import parse_nip
from posko_app.security.uid import new_uid
from posko_app.text import fold

from .case_view import case_view
from .find import case_uid_of
from .referral_check import nip_fits
from .silence import TITLES
from .views import PartyView

Certainty = Literal["nip", "confirmed", "question"]


@dataclass(frozen=True, kw_only=True)
class Signatory:
    """Somebody on the roster of a pledge who signed it; `signed_on` as far as it is known."""

    uid: str
    name: str
    nip: str = ""
    office: str = ""
    pledge: str = ""  # the event's title
    signed_on: date | None = None


@dataclass(frozen=True)
class PledgeMatch:
    """A reported person and the signature that is theirs, or may be."""

    party_uid: str
    party: str
    signatory: Signatory
    certainty: Certainty


def match(
    parties: Iterable[PartyView],
    signatories: Iterable[Signatory],
    decided: Mapping[tuple[str, str], bool],
) -> tuple[PledgeMatch, ...]:
    """The signatures of the reported persons, what is certain first.

    `decided` says of (party, signatory) whether somebody found them the same. A decision outweighs
    the numbers; two different numbers outweigh an equal name.
    """
    signed = list(signatories)
    found = []
    for party in parties:
        for one in signed:
            certainty = _certainty(party, one, decided.get((party.uid, one.uid)))
            if certainty:
                found.append(PledgeMatch(party.uid, party.name, one, certainty))
    return tuple(sorted(found, key=lambda m: m.certainty == "question"))


def _certainty(party: PartyView, one: Signatory, same: bool | None) -> Certainty | None:
    if same is not None:
        return "confirmed" if same else None
    if nip_fits(party.nip) and nip_fits(one.nip):
        return "nip" if parse_nip(party.nip).value == parse_nip(one.nip).value else None
    names = {bare_name(party.name), bare_name(one.name)}
    return "question" if len(names) == 1 and "" not in names else None


def bare_name(name: str) -> str:
    """A name folded, without the titles before and after it."""
    words = fold(name.partition(",")[0]).split()
    while len(words) > 1 and words[0] in TITLES:
        words.pop(0)
    return " ".join(words)


@use_case("case.read")
def pledges_of(
    posko: Posko, case: str, signatories: Iterable[Signatory]
) -> tuple[PledgeMatch, ...]:
    """The signatures of a case's reported persons (uid or number) among those of the rosters."""
    view = case_view(posko, case)
    with posko.store.read() as session:
        rows = session.scalars(
            select(PledgeLink)
            .where(PledgeLink.case_uid == view.uid)
            .order_by(PledgeLink.made_at, PledgeLink.uid)
        )
        decided = {(row.party_uid, row.signatory_uid): row.same for row in rows}
    return match(view.parties, signatories, decided)


@use_case("case.step")
def decide_link(posko: Posko, case: str, party_uid: str, signatory_uid: str, *, same: bool) -> None:
    """Say whether a reported person and a signatory are one; a later word outweighs this one.

    Raises UserError when the case has no such reported person.
    """
    with posko.write() as session:
        case_uid = case_uid_of(session, case)
        party = session.scalar(
            select(ReportedParty.uid).where(
                ReportedParty.uid == party_uid, ReportedParty.case_uid == case_uid
            )
        )
        if party is None:
            raise UserError("Terlapor itu tidak ada pada perkara ini. Data tidak berubah.")
        session.add(
            PledgeLink(
                uid=new_uid(),
                case_uid=case_uid,
                party_uid=party_uid,
                signatory_uid=signatory_uid,
                same=same,
                office_code=posko.office.code,
                actor=posko.user.login,
                made_at=posko.now(),
            )
        )
        session.flush()
        posko.note(session, "pledge.linked", case_uid, party=party_uid, same=same)
