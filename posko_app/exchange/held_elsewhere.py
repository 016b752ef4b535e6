"""Reporters and witnesses whom nobody here can look for: another office keeps who they are.

Identities never travel with a case, so an office that got it knows only that there is somebody.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from posko_app.app import Posko
from posko_app.data.tables import Case, Identity, Peer, Witness
from posko_app.text import thousands

AT_ONCE = 400
NAMED = 4  # offices that a sentence names


def offices_holding(posko: Posko, session: Session, cases: Sequence[str]) -> tuple[str, ...]:
    """The offices that took in those of `cases` with somebody whose identity is not here."""
    codes: set[str] = set()
    for start in range(0, len(cases), AT_ONCE):
        codes |= _holding(session, cases[start : start + AT_ONCE])
    if not codes:
        return ()
    names = dict(session.execute(select(Peer.office_code, Peer.office_name)).all())
    names[posko.office.code] = "ini, di komputer lain"
    return tuple(names.get(code) or _called(posko, code) for code in sorted(codes))


def _holding(session: Session, cases: Sequence[str]) -> set[str]:
    """The codes of these offices; three plain questions, as one with all in it walks every row."""
    here = select(Identity.case_uid, Identity.witness_uid).where(Identity.case_uid.in_(cases))
    known = {(case_uid, witness) for case_uid, witness in session.execute(here)}
    named = select(Case.uid).where(Case.uid.in_(cases), Case.reporter_named)
    people = {(uid, "") for uid in session.scalars(named)}
    witnesses = select(Witness.case_uid, Witness.uid).where(Witness.case_uid.in_(cases))
    people |= {(case_uid, uid) for case_uid, uid in session.execute(witnesses)}
    lost = {case_uid for case_uid, _ in people - known}
    offices = select(Case.office_code).where(Case.uid.in_(lost)).distinct()
    return set(session.scalars(offices)) if lost else set()


def where_they_are(offices: Sequence[str]) -> str:
    """What to say of them, empty when everybody can be looked for."""
    if not offices:
        return ""
    more = len(offices) - NAMED
    rest = f", dan {thousands(more)} kantor lain" if more > 0 else ""
    return (
        "Sebagian pelapor dan saksi tidak dapat dicari dalam teks yang ikut: identitasnya ada di "
        f"kantor {', '.join(offices[:NAMED])}{rest}."
    )


def _called(posko: Posko, code: str) -> str:
    region = posko.regions.get(code)
    return region.name if region else code
