"""From the answers of the form to the report that the core checks and files."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from posko_app import text as words
from posko_app.app import Posko
from posko_app.cases.kinds import IntakeKind
from posko_app.cases.proxy import NOBODY
from posko_app.cases.report import (
    CheckedReport,
    EvidenceInput,
    NewReport,
    PersonInput,
    ReportedInput,
    check_report,
)
from posko_app.errors import Problem

from .chat_kept import kept_in
from .rows import RowContent

Values = Mapping[str, Any]
Rows = Mapping[str, Sequence[RowContent]]

_PERSON = (
    "name", "nik", "birth_place", "birth_on", "sex", "occupation", "citizenship", "address",
    "phone", "email",
)  # fmt: skip
_TEXTS = (
    *("election_kind", "election_stage", "channel", "title", "theme", "filed_place"),
    *("event_place", "region_code"),
    *("narrative", "reporter_capacity", "officer", "arrival_reason", "proxy_letter", "finder"),
    *("finder_title", "finder_address", "lhp_number", "plenary_number", "info_source"),
    *("organisation", "handed_to", "violation", "answer"),
)
_DAYS = ("known_on", "event_on", "proxy_letter_on", "lhp_on", "plenary_on", "wanted_on")
_DATES = {"filed_on", "known_on", "event_on"}
_PARTY = (
    "name", "category", "nip", "rank", "position_title", "agency", "address", "phone",
)  # fmt: skip


@dataclass(frozen=True)
class Judged:
    """A report as it stands and everything that is to be said about it."""

    report: NewReport
    checked: CheckedReport
    wrong: tuple[Problem, ...]  # must be put right
    missing: tuple[Problem, ...]  # may follow later, if the officer says so
    stamped: bool  # whether the date of filing was given and can be right

    @property
    def all(self) -> tuple[Problem, ...]:
        """Everything, in no order of the page."""
        return (*self.wrong, *self.missing)

    @property
    def known_on(self) -> date | None:
        """The date known, unless it cannot be right: nothing is counted from such a date."""
        wrong = any(problem.field == "known_on" for problem in self.wrong)
        return None if wrong else self.report.known_on


@dataclass(frozen=True, kw_only=True)
class Beside:
    """What belongs to a report and stands in no field."""

    kind: IntakeKind
    stated: bool = False
    arrived_at: datetime | None = None
    checks: Mapping[str, str] = dataclasses.field(default_factory=dict)
    picture: str = ""  # path of the reporter's identity card
    held: frozenset[str] = frozenset()  # fields that the case has sealed: they may stay empty


def assemble(values: Values, rows: Rows, today: date, beside: Beside) -> NewReport:
    """What was typed; a date not given yet counts as today while it is checked."""
    filed_on = values.get("filed_on")
    proxy = bool(values.get("by_proxy"))
    plain: dict[str, Any] = {name: values.get(name) or "" for name in _TEXTS}
    plain |= {name: values.get(name) for name in _DAYS}
    return NewReport(
        kind=beside.kind.code,
        **plain,
        filed_on=filed_on if isinstance(filed_on, date) else today,
        filed_time=_time(values.get("filed_time")),
        event_time=_time(values.get("event_time")),
        reporter=_person(values, "reporter"),
        by_proxy=proxy,
        proxy=replace(_person(values, "proxy"), citizenship="") if proxy else NOBODY,
        statement_given=beside.stated,
        arrived_at=beside.arrived_at,
        checks=beside.checks,
        held=beside.held,
        picture=Path(beside.picture) if beside.picture else None,
        reported=tuple(_parties(values, rows.get("reported", ()))),
        witnesses=tuple(
            _person(values, f"witnesses.{n}") for n in range(len(rows.get("witnesses", ())))
        ),
        evidence=tuple(_evidence(values, rows.get("evidence", ()))),
    )


def judge(
    posko: Posko, values: Values, rows: Rows, misread: Sequence[Problem], beside: Beside
) -> Judged:
    """Check a form as it stands: what was misread, what the core says, each field once."""
    report = assemble(values, rows, posko.today(), beside)
    checked = check_report(posko, report)
    if doubtful := _DATES & {problem.field for problem in checked.problems}:
        known: dict[str, Any] = dict.fromkeys(doubtful)
        if "filed_on" in known:
            known["filed_on"] = posko.today()
        sure = check_report(posko, replace(report, **known))
        checked = replace(checked, requirements=sure.requirements, dues=sure.dues)
    named: set[str] = set()
    wrong = tuple(_once((*misread, *_nameless(values, rows), *checked.problems), named))
    missing = tuple(_once((*_unstamped(values, beside.kind), *checked.missing), named))
    stamped = values["filed_on"] is not None and "filed_on" not in doubtful
    return Judged(report, checked, wrong, missing, stamped)


def _once(problems: Sequence[Problem], named: set[str]) -> Iterator[Problem]:
    """The first problem of every field."""
    for problem in problems:
        if problem.field not in named:
            named.add(problem.field)
            yield problem


def _unstamped(values: Values, kind: IntakeKind) -> Iterator[Problem]:
    if kind.asks("channel") and not values["channel"]:
        yield Problem("channel", "Pilih cara lapor, misalnya Datang langsung.")
    if values["filed_on"] is None:
        label = kind.labels.get("filed_on", "Tanggal lapor").lower()
        yield Problem("filed_on", f"Isi {label}, atau tekan F9 bila diterima sekarang.")


def _nameless(values: Values, rows: Rows) -> Iterator[Problem]:
    """People with an address or a number but no name would be lost without a word."""
    for section in ("reported", "witnesses"):
        for place, content in enumerate(rows.get(section, ())):
            name = f"{section}.{place}.name"
            if not content.empty and not str(values.get(name) or "").strip():
                yield Problem(name, "Isi namanya, atau tulis Belum diketahui.")
    reporter = any(values.get(f"reporter.{key}") for key in ("nik", "birth_place", "email"))
    if reporter and not values.get("reporter.name") and not values.get("reporter.phone"):
        yield Problem("reporter.name", "Isi nama pelapor sesuai KTP.")
    for place, content in enumerate(rows.get("evidence", ())):
        if not content.path and not content.empty:
            key = f"evidence.{place}.description"
            if not str(values.get(key) or "").strip():
                yield Problem(key, "Tulis apa buktinya, misalnya foto stiker.")


def _time(moment: Any) -> str:
    return f"{moment:%H:%M}" if isinstance(moment, time) else ""


def _person(values: Values, prefix: str) -> PersonInput:
    given = {key: values.get(f"{prefix}.{key}") for key in _PERSON}
    return PersonInput(**{key: value for key, value in given.items() if value is not None})


def _parties(values: Values, rows: Sequence[RowContent]) -> Iterator[ReportedInput]:
    for n, content in enumerate(rows):
        given = {key: values.get(f"reported.{n}.{key}") or "" for key in _PARTY}
        yield ReportedInput(**given, uid=content.uid)


def _evidence(values: Values, rows: Sequence[RowContent]) -> Iterator[EvidenceInput]:
    for n, content in enumerate(rows):
        if content.empty:
            continue
        kept = kept_in(content.path)
        path = Path(content.path) if content.path and kept is None else None
        said = str(values[f"evidence.{n}.description"] or "")
        yield EvidenceInput(
            description=said or (path.stem if path else ""),
            kind=values[f"evidence.{n}.kind"],
            source=values[f"evidence.{n}.source"],
            path=path,
            kept=kept,
        )


def draft_title(values: Values, kind: IntakeKind) -> str:
    """What the list of drafts calls this form; it never names the reporter."""
    name = words.clean(str(values.get("reported.0.name") or ""))
    return f"{kind.title}, terlapor {name}" if name else kind.title
