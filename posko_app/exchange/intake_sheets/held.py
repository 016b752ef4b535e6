"""Identities of rows that went back for mending: sealed here, never in the file that goes back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from posko_app.app import Posko
from posko_app.cases.identity import open_text, seal_text
from posko_app.data.tables import HeldIdentity
from posko_app.security.uid import new_uid

from .lines import FilledBook, Line

if TYPE_CHECKING:
    from .entries import Entry

IDENTITIES = ("reporter", "witness")
_SEALED = "intake"
_DATES = ("birth_on",)


@dataclass(frozen=True)
class HeldPerson:
    """Somebody whose row is no longer in the file; `values` as its sheet names them."""

    part: str
    row_key: str
    values: dict[str, Any]


def join_held(posko: Posko, session: Session, filled: FilledBook, entries: Sequence[Entry]) -> None:
    """Give the rows of a workbook that comes back the identities that stayed here."""
    query = select(HeldIdentity).where(HeldIdentity.book_uid == filled.uid)
    kept: dict[str, list[HeldPerson]] = {}
    for row in session.scalars(query.order_by(HeldIdentity.id)) if filled.uid else ():
        values = _opened(posko, row)
        kept.setdefault(row.form_key, []).append(HeldPerson(row.part, row.row_key, values))
    for entry in entries:
        persons = kept.get(entry.form_key, [])
        for part in IDENTITIES:
            rest = [person for person in persons if person.part == part]
            for line in entry.details.get(part, ()):
                found = _fitting(line, rest)
                if found is not None:
                    rest.remove(found)
                    _fill(line, found)
            entry.held += rest


def hold(posko: Posko, session: Session, filled: FilledBook, entries: Iterable[Entry]) -> None:
    """Keep who stands in the rows of these entries, in place of what was kept of them before."""
    for entry in entries:
        release(session, filled.uid, entry.form_key)
        lines = [line for part in IDENTITIES for line in entry.details.get(part, ())]
        people = [HeldPerson(line.sheet.part, line.key, _of_person(line)) for line in lines]
        for person in (*people, *entry.held):
            if not person.values:
                continue
            uid = new_uid()
            told = json.dumps(person.values, default=str, sort_keys=True)
            session.add(
                HeldIdentity(
                    uid=uid,
                    book_uid=filled.uid,
                    form_key=entry.form_key,
                    part=person.part,
                    row_key=person.row_key,
                    sealed=seal_text(posko, uid, _SEALED, told),
                    held_at=posko.now(),
                )
            )


def release(session: Session, book_uid: str, form_key: str) -> None:
    """Forget the identities kept for an entry: it is filed now."""
    session.execute(
        delete(HeldIdentity).where(
            HeldIdentity.book_uid == book_uid, HeldIdentity.form_key == form_key
        )
    )


def _fitting(line: Line, persons: Sequence[HeldPerson]) -> HeldPerson | None:
    """The person whose row this is: by its name, else the first one while it names nobody."""
    by_key = next((p for p in persons if p.row_key and p.row_key == line.key), None)
    if by_key is not None or line.key or "name" in line.values:
        return by_key
    return persons[0] if persons else None


def _fill(line: Line, person: HeldPerson) -> None:
    """Complete a row; what was typed anew counts."""
    line.values = {**person.values, **line.values}
    empty = {line.heading(name) for name in person.values if name not in line.typed}
    line.wrong = [wrong for wrong in line.wrong if wrong.column not in empty]


def _of_person(line: Line) -> dict[str, Any]:
    return {name: value for name, value in line.values.items() if name != "link"}


def _opened(posko: Posko, row: HeldIdentity) -> dict[str, Any]:
    values: dict[str, Any] = json.loads(open_text(posko, row.uid, _SEALED, row.sealed))
    for name in _DATES:
        if values.get(name):
            values[name] = date.fromisoformat(values[name])
    return values
