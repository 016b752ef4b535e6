"""Identities of rows that went back for mending: sealed here, never in the file that goes back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, or_, select
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
    rows = session.scalars(query.order_by(HeldIdentity.id)).all() if filled.uid else ()
    kept = [(row.form_key, HeldPerson(row.part, row.row_key, _opened(posko, row))) for row in rows]
    lines = [(e, line) for e in entries for line in e.lines if line.sheet.part in IDENTITIES]
    for by_name in (True, False):  # rows that say which they are choose first
        for entry, line in lines:
            found = _fitting(entry, line, kept, by_name=by_name)
            if found is not None:
                kept.remove(found)
                _fill(line, found[1])
    for entry in entries:
        # no row of this kind is left: the sheet was lost, not the person
        gone = [part for part in IDENTITIES if not entry.details.get(part)]
        entry.held += [p for key, p in kept if key == entry.form_key and p.part in gone]


def hold(posko: Posko, session: Session, filled: FilledBook, entries: Iterable[Entry]) -> None:
    """Keep who stands in the rows of these entries, in place of what was kept of them before."""
    for entry in entries:
        release(session, filled.uid, entry)
        lines = [line for line in entry.lines if line.sheet.part in IDENTITIES]
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


def release(session: Session, book_uid: str, entry: Entry) -> None:
    """Forget the identities kept for an entry and its rows."""
    keys = [line.key for line in entry.lines if line.key and line.sheet.part in IDENTITIES]
    theirs = or_(HeldIdentity.form_key == entry.form_key, HeldIdentity.row_key.in_(keys))
    session.execute(delete(HeldIdentity).where(HeldIdentity.book_uid == book_uid, theirs))


def _fitting(
    entry: Entry, line: Line, kept: Sequence[tuple[str, HeldPerson]], *, by_name: bool
) -> tuple[str, HeldPerson] | None:
    """The person whose row this is: by its name, else the first of its report while it has none."""
    for found in kept:
        key, person = found
        if person.part != line.sheet.part:
            continue
        if by_name and line.key and person.row_key == line.key:
            return found
        if not by_name and not line.key and "name" not in line.values and key == entry.form_key:
            return found
    return None


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
