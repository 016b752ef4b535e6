"""The people of the cases of one search: opened once, kept small, in memory only."""

from __future__ import annotations

import binascii
import json
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress

from sqlalchemy import select
from sqlalchemy.orm import Session

from posko_app.app import Posko
from posko_app.cases.identity import open_text
from posko_app.cases.proxy import PROXY, PROXY_WORD
from posko_app.cases.report import PersonInput
from posko_app.data.tables import Identity, Witness
from posko_app.security.cipher import Damaged

MOST_HELD = 20_000  # cases, some 400 bytes each; the people of those beyond are opened again
_COMPARED = ("name", "nik", "address", "phone", "email")


class PeopleOf:
    """Who reporters and witnesses are, by case, as far as texts are compared with them.

    Those of `wanted` cases will be asked for again.
    """

    def __init__(self, posko: Posko, session: Session, wanted: Collection[str] = ()) -> None:
        self._posko, self._session, self._wanted = posko, session, frozenset(wanted)
        self._held: dict[str, bytes] = {}

    def opened(self, cases: Sequence[str]) -> Iterator[PersonInput]:
        """Everybody in these cases, a few hundred at most; they are held for `of`."""
        by_case: dict[str, list[list[str]]] = {uid: [] for uid in cases}
        for case_uid, said in self._rows(cases):
            by_case[case_uid].append(said)
            yield _person(said)
        if len(self._held) < MOST_HELD:
            wanted = self._wanted & by_case.keys()
            self._held |= {uid: json.dumps(by_case[uid]).encode() for uid in wanted}

    def of(self, case_uid: str) -> Iterator[tuple[str, PersonInput]]:
        """How texts of a case may call somebody, and who that is."""
        held = self._held.get(case_uid)
        found = [said for _, said in self._rows([case_uid])] if held is None else json.loads(held)
        for said in found:
            yield said[0], _person(said)

    def _rows(self, cases: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
        """The case, then how texts may call somebody and what is compared."""
        connection = self._session.connection()
        witnesses, people = Witness.__table__.c, Identity.__table__.c
        named = select(witnesses.uid, witnesses.alias).where(witnesses.case_uid.in_(cases))
        aliases = dict(connection.execute(named).all())
        aliases |= {"": "Pelapor", PROXY: PROXY_WORD.capitalize()}
        sealed = [people[name] for name in _COMPARED]
        rows = connection.execute(
            select(people.uid, people.case_uid, people.witness_uid, *sealed).where(
                people.case_uid.in_(cases)
            )
        )
        for uid, case_uid, witness, *values in rows.all():
            # an identity that got spoiled must not hold up a case
            with suppress(Damaged, binascii.Error):
                said = [
                    open_text(self._posko, uid, name, value)
                    for name, value in zip(_COMPARED, values, strict=True)
                ]
                yield case_uid, [aliases.get(witness, "Saksi"), *said]


def _person(said: Sequence[str]) -> PersonInput:
    _, name, nik, address, phone, email = said
    return PersonInput(
        name=name, nik=nik, address=address, phone=phone, email=email, citizenship=""
    )
