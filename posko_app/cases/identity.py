"""The identity compartment: who reporters and witnesses are, sealed, revealed with a reason.

Values are sealed field by field with the identity key and bound to their record and field, so that
a sealed value moved elsewhere does not open.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from contextlib import suppress
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from posko_app.app import Posko, use_case
from posko_app.data.tables import Identity, IdentityToken
from posko_app.errors import UserError
from posko_app.security.cipher import Damaged, seal, unseal
from posko_app.security.tokens import identity_tokens

from .report import PersonInput

FIELDS = (
    "name",
    "nik",
    "birth_place",
    "birth_on",
    "sex",
    "occupation",
    "citizenship",
    "address",
    "phone",
    "email",
)


def identity_rows(
    posko: Posko, case_uid: str, identity_uid: str, person: PersonInput, witness_uid: str = ""
) -> tuple[Identity, list[IdentityToken]]:
    """The sealed record of a person and its search tokens, ready to be added."""
    key = _key(posko)
    values = _texts(person)
    row = Identity(uid=identity_uid, case_uid=case_uid, witness_uid=witness_uid)
    for name, value in values.items():
        if value:
            setattr(row, name, _seal(key, identity_uid, name, value))
    tokens = identity_tokens(key, name=person.name, nik=person.nik, phone=person.phone)
    return row, [IdentityToken(identity_uid=identity_uid, token=t) for t in tokens]


def open_identity(posko: Posko, row: Identity) -> PersonInput:
    """The person behind a sealed record; callers check permission and log."""
    key = _key(posko)
    values = {
        name: _open(key, row.uid, name, getattr(row, name)) for name in FIELDS if getattr(row, name)
    }
    born = values.pop("birth_on", "")
    return PersonInput(
        **{"citizenship": "", **values}, birth_on=date.fromisoformat(born) if born else None
    )


@use_case("identity.read")
def reveal(posko: Posko, case_uid: str, reason: str, witness_uid: str = "") -> PersonInput:
    """Show who the reporter (or a witness) is; the reason goes into the audit chain.

    Raises UserError when the reason is empty or this office does not hold the identity.
    """
    require_reason(reason)
    with posko.write() as session:
        row = find_identity(session, case_uid, witness_uid)
        if row is None:
            raise UserError("Identitas ini tidak disimpan di kantor ini. Tanyakan kantor penerima.")
        person = open_identity(posko, row)
        posko.note(
            session, "identity.revealed", case_uid, witness=witness_uid, reason=reason.strip()
        )
    return person


def require_reason(reason: str) -> None:
    """Raise UserError when somebody wants to see an identity and does not say why."""
    if len(reason.strip()) < 5:
        raise UserError("Tulis alasan membuka identitas, misalnya: menghubungi pelapor.")


@use_case("identity.read")
def find_by_identity(
    posko: Posko, *, name: str = "", nik: str = "", phone: str = ""
) -> tuple[str, ...]:
    """Uids of cases in which one person (reporter or witness) has all of it: words, NIK, phone.

    That somebody looked, and how much was found, goes into the audit chain; for whom does not.
    """
    tokens = identity_tokens(_key(posko), name=name, nik=nik, phone=phone)
    if not tokens:
        return ()
    with posko.write() as session:
        people = (
            select(IdentityToken.identity_uid)
            .where(IdentityToken.token.in_(tokens))
            .group_by(IdentityToken.identity_uid)
            .having(func.count(func.distinct(IdentityToken.token)) == len(tokens))
        )
        found = session.scalars(
            select(Identity.case_uid).where(Identity.uid.in_(people)).distinct()
        ).all()
        posko.note(session, "identity.searched", found=len(found))
    return tuple(sorted(found))


def seal_text(posko: Posko, uid: str, field: str, text: str) -> str:
    """A text sealed like an identity, bound to its record and field; empty stays empty.

    Raises UserError when this account does not hold the key.
    """
    return _seal(_key(posko), uid, field, text) if text else ""


def open_text(posko: Posko, uid: str, field: str, sealed: str) -> str:
    """The text that was sealed; raises UserError without the key, Damaged when it was moved."""
    return _open(_key(posko), uid, field, sealed) if sealed else ""


def find_identity(session: Session, case_uid: str, witness_uid: str = "") -> Identity | None:
    """The sealed record of a case's reporter, or of one witness."""
    return session.scalar(
        select(Identity).where(Identity.case_uid == case_uid, Identity.witness_uid == witness_uid)
    )


def identities_of(session: Session, case_uid: str) -> Iterable[Identity]:
    """All sealed records of a case."""
    return session.scalars(select(Identity).where(Identity.case_uid == case_uid))


def known_people(posko: Posko, session: Session, case_uid: str) -> list[PersonInput]:
    """The people of a case as far as this account can compare texts with them; never to be shown.

    An identity that got spoiled is left out: it must not hold up a case.
    """
    people = []
    for row in identities_of(session, case_uid) if posko.keys.identity else ():
        with suppress(Damaged):
            people.append(open_identity(posko, row))
    return people


def _texts(person: PersonInput) -> dict[str, str]:
    values = {name: getattr(person, name) for name in FIELDS if name != "birth_on"}
    return {**values, "birth_on": person.birth_on.isoformat() if person.birth_on else ""}


def _key(posko: Posko) -> bytes:
    if posko.keys.identity is None:
        raise UserError(
            "Akun ini tidak memegang kunci identitas. "
            "Minta petugas penerima atau admin membukanya.",
            "no_identity_key",
        )
    return posko.keys.identity


def _seal(key: bytes, uid: str, field: str, value: str) -> str:
    return urlsafe_b64encode(seal(key, value.encode(), f"{uid}/{field}".encode())).decode()


def _open(key: bytes, uid: str, field: str, sealed: str) -> str:
    return unseal(key, urlsafe_b64decode(sealed), f"{uid}/{field}".encode()).decode()
