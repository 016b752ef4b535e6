"""The law as one office reads it: what the program brings along, and over it what the office says.

An office adds regulation files, own values and readings, and own holidays; all are rows of its
database. Which law a case is under follows from its regulation and its day of filing.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from .data.tables import LocalHoliday, RegulationFile, RuleOverride, Setting
from .paths import resource
from .rules.book import Regulation, RuleBook, load_rules, numbered, regulation_from
from .rules.calendar import Calendar, Holiday, load_calendar
from .rules.layers import Decision, Version, layered, local_calendar
from .rules.override import Override, overridden
from .rules.reading import RulesError

LINES = "3"  # counts up when lines of lists are computed in another way
JOINT_LEAVE = "calendar.joint_leave"  # setting: "worked" when joint leave counts as working
YEARS = "calendar.years"  # setting: years whose holidays the office has entered itself


@dataclass(frozen=True, kw_only=True)
class Law:
    """The rules and the calendar that hold in an office; `mark` changes whenever they do."""

    rules: RuleBook
    calendar: Calendar
    mark: str


@dataclass(frozen=True, kw_only=True)
class LawChange:
    """A change that is not made yet: what would hold then, and how it is written.

    `what` says it in one sentence; `everywhere` is set when more than dates may change in lists.
    """

    what: str
    law: Law
    write: Callable[[Session], None]
    everywhere: bool = False


@cache
def shipped() -> tuple[RuleBook, Calendar]:
    """The rules and holidays that the program brings along."""
    return load_rules(resource("rules")), load_calendar(resource("calendar"))


def read_law(session: Session, today: date) -> Law:
    """The law as this office has it now."""
    book, calendar = shipped()
    days = own_days(session)
    settings = dict(
        session.execute(
            select(Setting.key, Setting.value).where(Setting.key.in_((JOINT_LEAVE, YEARS)))
        ).all()
    )
    decisions = decisions_of(session)
    return Law(
        rules=layered(book, list(_versions(session)), [_decision(row) for row in decisions], today),
        calendar=local_calendar(
            calendar,
            [as_holiday(row) for row in days],
            [int(year) for year in settings.get(YEARS, "").split()],
            settings.get(JOINT_LEAVE) != "worked",
        ),
        mark=law_mark_of(own=json.dumps(_said(session, days, decisions, settings), default=str)),
    )


def law_mark_of(own: str = "[]") -> str:
    """A mark that changes whenever shipped rules or holidays do, or what an office has of its own.

    A new office has nothing of its own.
    """
    digest = hashlib.sha256(LINES.encode())
    paths = [*resource("rules").glob("*.toml"), *resource("calendar").glob("*.toml")]
    for path in sorted(paths):
        content = path.read_bytes()
        digest.update(f"{path.name}:{len(content)}:".encode() + content)
    digest.update(own.encode())
    return digest.hexdigest()[:16]


def own_days(session: Session) -> list[LocalHoliday]:
    """The days on which the office differs from the program: the newest word about each."""
    rows = session.scalars(select(LocalHoliday).order_by(LocalHoliday.id))
    newest = {row.on: row for row in rows}
    return [row for on, row in sorted(newest.items()) if row.state != "shipped"]


def as_holiday(row: LocalHoliday) -> Holiday:
    """A day of the office as the calendar knows it."""
    return Holiday(on=row.on, name=row.name, kind=row.kind, working=row.state == "worked")


def decisions_of(session: Session) -> list[RuleOverride]:
    """The decisions about rules that stand: in order, without those taken back."""
    rows = session.scalars(select(RuleOverride).order_by(RuleOverride.id)).all()
    gone = {row.undoes for row in rows if row.kind == "undo"}
    return [row for row in rows if row.kind != "undo" and row.uid not in gone]


def versions_of(session: Session) -> list[RegulationFile]:
    """The regulation files in force: the newest word about each version."""
    rows = session.scalars(select(RegulationFile).order_by(RegulationFile.id))
    newest = {(row.regulation, row.version): row for row in rows}
    return [row for row in newest.values() if not row.retired]


def take_over(session: Session, file: Path, now: datetime) -> int:
    """Put the days of an old `kalender.toml` into the database; gives how many were new.

    Raises UserError when the file cannot be read.
    """
    old = load_calendar(file, file)  # there is no shipped table inside a file
    known = {row.on: row for row in own_days(session)}
    added = 0
    for on, days in sorted(old.holidays.items()):
        state = "worked" if days[-1].working else "free"
        row = known.get(on)
        if row is None or (row.name, row.state) != (days[-1].name, state):
            session.add(
                LocalHoliday(
                    on=on, name=days[-1].name, kind=days[-1].kind, state=state,
                    reason=f"dari berkas {file.name}", made_by="", made_at=now,
                )
            )  # fmt: skip
            added += 1
    if not old.joint_leave:
        session.merge(Setting(key=JOINT_LEAVE, value="worked"))
    if old.years:
        session.merge(Setting(key=YEARS, value=" ".join(map(str, sorted(old.years)))))
    return added


def _versions(session: Session) -> Iterator[Version]:
    for row in versions_of(session):
        with suppress(RulesError):  # of another state of the program: an office opens all the same
            yield Version(number=row.version, regulation=_read(row.content, row.version))


@cache
def _read(content: str, version: int) -> Regulation:
    return numbered(regulation_from(completed(tomllib.loads(content)), "regulation file"), version)


def completed(raw: dict[str, Any]) -> dict[str, Any]:
    """A regulation that was kept by an earlier program, with the words for what is new since.

    New kinds of step, and ways in which a case may stand, are told as the shipped regulation of the
    same regime tells them; nothing that the kept one says itself changes.
    """
    same = (law for law in _shipped_texts() if law.get("regime") == raw.get("regime"))
    base: dict[str, Any] = next(same, {})
    for table in ("step", "outcome"):
        kept: Any = raw.get(table)
        for key, entry in base.get(table, {}).items() if isinstance(kept, dict) else ():
            if key in kept or (table == "outcome" and entry.get("of") != "case"):
                continue
            fitting = {
                name: [one for one in value if one in raw.get(name.removesuffix("s"), {})]
                if name in ("documents", "inputs", "needs")
                else value
                for name, value in entry.items()
            }
            if "required" in entry:
                fitting["required"] = [k for k in entry["required"] if k in fitting["inputs"]]
            kept[key] = fitting
            for source in str(entry["source"]).split():
                raw.get("sources", {}).setdefault(source, base["sources"][source])
    return raw


@cache
def _shipped_texts() -> tuple[dict[str, Any], ...]:
    paths = sorted(resource("rules").glob("*.toml"))
    return tuple(tomllib.loads(path.read_text("utf-8")) for path in paths)


def as_override(row: RuleOverride) -> Override:
    """A decision of the office as the rules know it."""
    return Override(
        table=row.table_name,
        entry=row.entry,
        field=row.field,
        value=json.loads(row.value),
        source=row.source,
        settles=row.kind == "reading",
    )


def _decision(row: RuleOverride) -> Decision:
    override = as_override(row)
    return Decision(
        regulation=row.regulation,
        valid_from=row.valid_from,
        change=lambda law: overridden(law, override),
    )


def _said(
    session: Session,
    days: Sequence[LocalHoliday],
    decisions: Sequence[RuleOverride],
    settings: dict[str, str],
) -> list[Any]:
    """All that the mark covers, without who and when."""
    files = [(row.regulation, row.version, row.sha256) for row in versions_of(session)]
    said = [
        *((row.on, row.name, row.kind, row.state) for row in days),
        *(
            (d.regulation, d.table_name, d.entry, d.field, d.kind, d.value, d.valid_from)
            for d in decisions
        ),
        *files,
        *sorted(settings.items()),
    ]
    return list(said)
