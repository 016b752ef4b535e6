"""The rules an office goes by: every fact with its source, and what the office decided about it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from posko_app.app import Posko, use_case
from posko_app.data.tables import RuleOverride
from posko_app.errors import InvalidInput, Problem, UserError
from posko_app.law import LawChange
from posko_app.rules.book import Regulation
from posko_app.rules.facts import DeadlineRule, Fact
from posko_app.rules.override import Override, entry_of, plain, problems_of
from posko_app.security.uid import new_uid
from posko_app.text import clean, long_date

from . import rule_words as words
from .rehearse import rehearsed

VALUE, READING, UNDO = "value", "reading", "undo"
ALWAYS = date(1945, 8, 17)  # before every case: a decision that holds for all of them


@dataclass(frozen=True, kw_only=True)
class FactRow:
    """One fact of a regulation as the page Aturan lists it."""

    table: str
    entry: str
    name: str
    value: str
    source: str
    confidence: str
    open_readings: int
    own: bool  # the office has set it or settled a question of it
    fact: Fact
    on: date  # the day of filing for which it reads so

    @property
    def key(self) -> str:
        """The fact's name in the whole regulation."""
        return f"{self.table}.{self.entry}"

    @property
    def sure(self) -> bool:
        """Whether nothing of it is in doubt."""
        return self.confidence == "C" and not self.open_readings


@dataclass(frozen=True, kw_only=True)
class DecisionRow:
    """One decision of the office, for the history."""

    uid: str
    regulation: str
    table: str
    entry: str
    name: str
    field: str
    kind: str
    what: str  # "Lama: 3 menjadi 5"
    valid_from: date
    reason: str
    source: str
    made_by: str
    made_at: datetime
    taken_back: bool


@use_case("office.read")
def fact_rows(posko: Posko, regulation: str, filed_on: date | None = None) -> tuple[FactRow, ...]:
    """Every fact that the page shows, as it reads for a case filed on a day (else today)."""
    day = filed_on or posko.today()
    law = posko.rules.get(regulation, day)
    own = {(d.table, d.entry) for d in decisions(posko, regulation) if not d.taken_back}
    return tuple(_fact_row(law, t, e, fact, own, day) for t, e, fact in shown_facts(law))


def shown_facts(law: Regulation) -> Iterator[tuple[str, str, Fact]]:
    """The facts of the tables that people look at, in the order of the page."""
    facts = [item for item in law.facts() if "." not in item[1] or item[0] == "form"]
    for table in words.TABLES:
        yield from (item for item in facts if item[0] == table)


def _fact_row(
    law: Regulation, table: str, entry: str, fact: Fact, own: set[tuple[str, str]], day: date
) -> FactRow:
    readings = fact.readings if isinstance(fact, DeadlineRule) else ()
    return FactRow(
        table=table,
        entry=entry,
        name=law.worded(words.name_of(fact, entry), day),
        value=law.worded(words.value_of(law, fact), day),
        source="; ".join(dict.fromkeys(law.source_text(fact).split("; "))),
        confidence=fact.confidence,
        open_readings=len({reading.question for reading in readings}),
        own=(table, entry) in own,
        fact=fact,
        on=day,
    )


@use_case("office.read")
def decisions(posko: Posko, regulation: str = "") -> tuple[DecisionRow, ...]:
    """Every decision of the office about rules, the newest first, those taken back too."""
    with posko.store.read() as session:
        rows = session.scalars(select(RuleOverride).order_by(RuleOverride.id.desc())).all()
    gone = {row.undoes for row in rows if row.kind == UNDO}
    return tuple(
        _decision_row(posko, row, row.uid in gone)
        for row in rows
        if regulation in ("", row.regulation)
    )


def _decision_row(posko: Posko, row: RuleOverride, gone: bool) -> DecisionRow:
    law = posko.rules.regulations.get(row.regulation)
    name = row.entry
    if law is not None:
        try:
            name = words.name_of(entry_of(law, row.table_name, row.entry), row.entry)
        except UserError:
            name = row.entry
    return DecisionRow(
        uid=row.uid,
        regulation=row.regulation,
        table=row.table_name,
        entry=row.entry,
        name=name,
        field=row.field,
        kind=row.kind,
        what=_what(row),
        valid_from=row.valid_from,
        reason=row.reason,
        source=row.source,
        made_by=row.made_by,
        made_at=row.made_at,
        taken_back=gone,
    )


def _what(row: RuleOverride) -> str:
    value, old = json.loads(row.value), json.loads(row.old_value)
    if row.kind == READING:
        question = words.QUESTIONS.get(row.field, row.field)
        return f"{question}: dipastikan {value or 'seperti yang dipakai'}"
    field = words.FIELDS.get(row.field, row.field)
    said = f"{field}: {words.said(row.field, old)} menjadi {words.said(row.field, value)}"
    return f"Dicabut. {said}" if row.kind == UNDO else said


@use_case("office.rules")
def plan_override(
    posko: Posko,
    *,
    regulation: str,
    table: str,
    entry: str,
    field: str,
    value: Any,
    reason: str,
    source: str,
    valid_from: date | None = None,
) -> LawChange:
    """What setting one value would change, for cases filed from `valid_from` on (else for all).

    `value` is JSON: a text, a number, an ISO date, or "HH:MM" per weekday. Raises InvalidInput.
    """
    given = Override(table=table, entry=entry, field=field, value=value, source=clean(source))
    return _plan(posko, regulation, given, reason, valid_from, VALUE)


@use_case("office.rules")
def plan_reading(
    posko: Posko,
    *,
    regulation: str,
    rule: str,
    question: str,
    reading: str,
    reason: str,
    source: str,
    valid_from: date | None = None,
) -> LawChange:
    """What confirming a reading would change: the safe dates of its question fall away.

    `reading` is the text of another reading, or empty for the one the rule goes by already.
    """
    given = Override(
        table="deadline", entry=rule, field=question, value=reading, source=clean(source),
        settles=True,
    )  # fmt: skip
    return _plan(posko, regulation, given, reason, valid_from, READING)


@use_case("office.rules")
def plan_undo(posko: Posko, uid: str, reason: str) -> LawChange:
    """What taking back a decision would change; a new row says so, the old one stays."""
    reason = clean(reason)
    with posko.store.read() as session:
        row = session.scalar(select(RuleOverride).where(RuleOverride.uid == uid))
        gone = session.scalar(select(RuleOverride.uid).where(RuleOverride.undoes == uid))
    if row is None or row.kind == UNDO or gone:
        raise UserError("Perubahan ini sudah dicabut atau tidak ada. Tidak ada yang diubah.")
    if not reason:
        raise InvalidInput([Problem("reason", "Isi alasan pencabutan.")])
    same = ("regulation", "table_name", "entry", "field", "valid_from", "source")
    kept = {name: getattr(row, name) for name in same}
    kept |= {"value": row.old_value, "old_value": row.value}

    def write(session: Session) -> None:
        _add(posko, session, kind=UNDO, undoes=uid, reason=reason, **kept)

    # Only dates move with a deadline; a label stands in the lines of closed cases too.
    everywhere = row.table_name != "deadline"
    return rehearsed(posko, f"Dicabut: {_what(row)}.", write, everywhere=everywhere)


def _plan(
    posko: Posko,
    regulation: str,
    given: Override,
    reason: str,
    valid_from: date | None,
    kind: str,
) -> LawChange:
    reason = clean(reason)
    law = posko.rules.get(regulation, valid_from or posko.today())
    since = valid_from or ALWAYS
    fact = entry_of(law, given.table, given.entry)
    problems = problems_of(law, given)
    if not reason:
        problems.append(Problem("reason", "Isi alasan perubahan."))
    if not given.source:
        problems.append(Problem("source", "Isi sumbernya, misalnya pasal atau nomor surat."))
    if problems:
        raise InvalidInput(problems)
    old = "" if given.settles else plain(getattr(fact, given.field))
    value = json.dumps(_tidy(given))

    def write(session: Session) -> None:
        _add(
            posko, session, kind=kind, regulation=regulation, table_name=given.table,
            entry=given.entry, field=given.field, value=value, old_value=json.dumps(old),
            valid_from=since, reason=reason, source=given.source, undoes="",
        )  # fmt: skip

    name = words.name_of(fact, given.entry)
    everywhere = given.table != "deadline"  # a label stands in the lines of closed cases too
    return rehearsed(posko, _told(name, given, old, valid_from), write, everywhere=everywhere)


def _tidy(given: Override) -> Any:
    return int(given.value) if given.field == "amount" and not given.settles else given.value


def _told(name: str, given: Override, old: Any, valid_from: date | None) -> str:
    whom = f"perkara sejak {long_date(valid_from)}" if valid_from else "semua perkara"
    if given.settles:
        chosen = given.value or "seperti yang dipakai sekarang"
        return f"{name}: {words.QUESTIONS[given.field].lower()} dipastikan {chosen}, {whom}."
    field = words.FIELDS.get(given.field, given.field).lower()
    before, after = words.said(given.field, old), words.said(given.field, given.value)
    return f"{name}: {field} {before} menjadi {after}, untuk {whom}."


def _add(posko: Posko, session: Session, **values: Any) -> None:
    row = RuleOverride(uid=new_uid(), made_by=posko.user.login, made_at=posko.now(), **values)
    session.add(row)
    posko.note(
        session, f"rule.{values['kind']}", row.uid, regulation=values["regulation"],
        rule=f"{values['table_name']}.{values['entry']}.{values['field']}",
        old=values["old_value"], new=values["value"],
        valid_from=values["valid_from"].isoformat(), reason=values["reason"],
        source=values["source"],
    )  # fmt: skip
