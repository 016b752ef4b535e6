"""By what a person whose identity is sealed can be found again: made anew when a record changed."""

from __future__ import annotations

from sqlalchemy import delete
from sqlalchemy.orm import Session

from posko_app.app import Posko
from posko_app.data.record import Record
from posko_app.data.tables import IdentityToken
from posko_app.security.tokens import identity_tokens


def remake(posko: Posko, session: Session, person: Record) -> None:
    """Make anew by what somebody is found; every value that stands unresolved counts.

    `person` is an identity with plain values; the account holds the identity key.
    """
    assert posko.keys.identity is not None  # else nobody could have opened it
    said: dict[str, list[str]] = {
        name: [str(s.value) for s in person.fields.get(name, ()) if s.value]
        for name in ("name", "nik", "phone")
    }
    tokens: set[str] = set()
    for name, values in said.items():
        for value in values:
            tokens |= set(identity_tokens(posko.keys.identity, **{name: value}))
    session.execute(delete(IdentityToken).where(IdentityToken.identity_uid == person.uid))
    session.add_all(IdentityToken(identity_uid=person.uid, token=t) for t in sorted(tokens))
