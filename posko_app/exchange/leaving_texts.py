"""Every text that an export would carry, streamed: fields, contested values, unknown fields.

Fields are found through the tables themselves, so that a new one is read too.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import and_, not_, select
from sqlalchemy.orm import Session

from posko_app.data import record as records
from posko_app.data.base import synced_fields, synced_tables
from posko_app.data.outgoing import of_cases
from posko_app.data.tables import Event, ParkedRecord, Sibling, Sync

from .gather import Part
from .kept_events import is_kept, kept_events

AT_ONCE = 250
_NO_WORDS = ("_uid", "sha256")
"""How fields end that hold what no person wrote."""


class Texts(NamedTuple):
    """The texts of one record, by field; `case_uid` is empty for a record of no case."""

    case_uid: str
    table: str
    uid: str
    fields: Sequence[str]
    values: Sequence[str | None]

    def said(self) -> str:
        """All texts at once, for a first look: nothing `spoken` gives is missing from it.

        Names of fields and numbers of a JSON document may be there too.
        """
        said = "\n".join(filter(None, self.values))
        if said.isascii() and not ("\\" in said and ("{" in said or "[" in said)):
            return said  # without escapes the words of a document stand there as they are
        return "\n".join(text for _, text in self.spoken())

    def spoken(self) -> list[tuple[str, str]]:
        """Each text with its field, as `spoken` reads it; empty ones are left out."""
        pairs = zip(self.fields, self.values, strict=True)
        return [(name, spoken(value)) for name, value in pairs if value]


def texts_of(
    session: Session, parts: Iterable[Part], omitted: Collection[str], kinds: Collection[str] = ()
) -> Iterator[Texts]:
    """The texts of all records that these parts hold, without tables and events that stay."""
    for part in parts:
        for cases in _chunks(part.cases):
            for table in synced_tables():
                if table not in omitted and of_cases(table) and part.counts.get(table):
                    found = _fields(session, table, cases)
                    if table == Event.__tablename__ and kinds:
                        stay = kept_events(session, kinds, cases)
                        found = (texts for texts in found if texts.uid not in stay)
                    yield from found
            here = and_(Sibling.case_uid.in_(cases), not_(is_kept(Sibling.uid, kinds)))
            yield from _contested(session, here, omitted)
            here = and_(Sync.case_uid.in_(cases), not_(is_kept(Sync.uid, kinds)))
            yield from _unknown(session, here, omitted)
        for uids in _chunks(part.loose):
            for table in synced_tables():
                if table not in omitted and part.counts.get(table):
                    yield from _fields(session, table, uids, loose=True)
            yield from _contested(session, Sibling.uid.in_(uids), omitted)
            yield from _unknown(session, Sync.uid.in_(uids), omitted)
        for uids in _chunks(part.parked):
            yield from _parked(session, uids)


@cache
def text_fields(table: str) -> tuple[str, ...]:
    """The fields of a table that may hold what somebody wrote."""
    source = synced_tables()[table]
    columns = source.__table__.columns
    return tuple(
        name
        for name in synced_fields(source)
        if columns[name].type.python_type is str and not name.endswith(_NO_WORDS)
    )


def spoken(text: str) -> str:
    """The words of a text; of a JSON document all texts in it, their names left out.

    Letters are put together with their accents, and marks that nobody sees are gone.
    """
    if text[:1] in "{[":
        with suppress(ValueError, RecursionError):
            text = "\n".join(_strings(json.loads(text)))
    if text.isascii():
        return text
    text = unicodedata.normalize("NFC", text)
    for char in set(text):
        if not char.isascii() and unicodedata.category(char) == "Cf":
            text = text.replace(char, "")
    return text


def _fields(
    session: Session, table: str, uids: Sequence[str], *, loose: bool = False
) -> Iterator[Texts]:
    columns = synced_tables()[table].__table__.columns
    names = text_fields(table)
    case = columns.uid if table == "cases" else columns.get("case_uid")
    key = columns.uid if loose or case is None else case
    query = select(columns.uid, case if case is not None else key, *[columns[n] for n in names])
    rows = session.connection().execute(query.where(key.in_(uids))).all()
    for uid, case_uid, *values in rows:
        yield Texts("" if loose else case_uid or "", table, uid, names, values)


def _contested(session: Session, which: Any, omitted: Collection[str]) -> Iterator[Texts]:
    """Values that nobody decided on: each of them travels."""
    rows = session.execute(
        select(
            Sibling.case_uid, Sibling.table_name, Sibling.uid, Sibling.field, Sibling.sibling
        ).where(which, Sibling.table_name.not_in(sorted(omitted)))
    )
    for case_uid, table, uid, field, sibling in rows:
        value = records.loads(sibling)["m"][0]
        if isinstance(value, str) and value:
            yield Texts(case_uid, table, uid, (field,), (value,))


def _unknown(session: Session, which: Any, omitted: Collection[str]) -> Iterator[Texts]:
    """Fields that a newer program wrote and this one only carries on."""
    rows = session.execute(
        select(Sync.case_uid, Sync.table_name, Sync.uid, Sync.version).where(
            which, Sync.version.contains('"f":', autoescape=True)
        )
    )
    for case_uid, table, uid, version in rows:
        for field, value in records.loads(version).get("f", {}).items():
            if table not in omitted and isinstance(value, str) and value:
                yield Texts(case_uid, table, uid, (field,), (value,))


def _parked(session: Session, uids: Sequence[str]) -> Iterator[Texts]:
    """Records that wait here and travel on as they are."""
    rows = session.execute(
        select(
            ParkedRecord.case_uid, ParkedRecord.table_name, ParkedRecord.uid, ParkedRecord.text
        ).where(ParkedRecord.uid.in_(uids))
    )
    for case_uid, table, uid, text in rows:
        yield Texts(case_uid, table, uid, ("",), (text,))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)


def _chunks(items: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(items), AT_ONCE):
        yield items[start : start + AT_ONCE]
