"""Regulations from TOML files, and the book that gives the one in force."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, TypeVar

from posko_app.errors import UserError
from posko_app.text import long_date

from .casework import Document, Jurisdiction, Need, StepInput
from .facts import (
    EVENT_KINDS,
    INTAKE_KINDS,
    STAGES,
    Addressee,
    Change,
    DeadlineRule,
    DeskCheck,
    Fact,
    Form,
    NumberPattern,
    Outcome,
    Reading,
    Requirement,
    ServiceHours,
    Stage,
    StageDate,
    StepWords,
    ViolationKind,
    Word,
    one_of,
)
from .reading import RulesError, build, read_toml

Regime = Literal["pilkada", "pemilu"]
F = TypeVar("F", bound=Fact)


@dataclass(frozen=True, kw_only=True)
class Regulation:
    """One set of rules; a case keeps the set under which it was filed."""

    id: str
    title: str
    regime: Regime
    valid_from: date
    day_end: time  # the last minute of a day, where a limit ends at midnight
    form_line: str  # what stands on a form, with {code}
    laws: tuple[str, ...]  # the statutes and regulations behind it, for letters
    sources: Mapping[str, str]  # key -> what was read
    flow: Mapping[str, tuple[str, ...]]  # intake kind -> the stages of its stepper
    number_levels: Mapping[str, str]  # office level -> its word in report numbers
    deadlines: Mapping[str, DeadlineRule]
    requirements: Mapping[str, Requirement]
    forms: Mapping[str, Form]
    number_patterns: Mapping[str, NumberPattern]
    stages: Mapping[str, Stage]
    steps: Mapping[str, StepWords]
    outcomes: Mapping[str, Outcome]
    violation_kinds: Mapping[str, ViolationKind]
    addressees: Mapping[str, Addressee]
    stage_dates: Mapping[str, StageDate]
    changes: Mapping[str, Change]
    words: tuple[Word, ...]
    desk: Mapping[str, DeskCheck]
    inputs: Mapping[str, StepInput]
    needs: Mapping[str, Need]
    documents: Mapping[str, Document]
    jurisdictions: Mapping[str, Jurisdiction]
    service: ServiceHours | None = None
    opening_questions: tuple[str, ...] = ()  # that the minutes of a clarification begin with
    note: str = ""
    version: int = 0  # of the file that brought it; 0: it came with the program

    @property
    def edition(self) -> str:
        """The regulation with its version, as it stands under every count."""
        version = f", versi {self.version}" if self.version else ""
        return f"{self.title}, berlaku sejak {long_date(self.valid_from)}{version}"

    @cached_property
    def running(self) -> Mapping[tuple[str, str], tuple[DeadlineRule, ...]]:
        """The deadlines that may run, by the intake kind and the stage of a case."""
        found: dict[tuple[str, str], tuple[DeadlineRule, ...]] = {}
        for rule in self.deadlines.values():
            for key in itertools.product(dict.fromkeys(rule.kinds), dict.fromkeys(rule.during)):
                found[key] = (*found.get(key, ()), rule)
        return found

    def form_for(self, use: str) -> Form | None:
        """The form used for something (`receipt`, `status_notice` …), if one is known."""
        return next((form for form in self.forms.values() if form.use == use), None)

    def word(self, key: str, filed_on: date) -> str:
        """A word of the law as it reads for a case filed on a day. Raises KeyError."""
        fitting = [w for w in self.words if w.key == key and (w.valid_from or date.min) <= filed_on]
        if not fitting:
            raise KeyError(key)
        return max(fitting, key=lambda word: word.valid_from or date.min).text

    def worded(self, text: str, filed_on: date) -> str:
        """A text of the rules with its `{words}` as they read for a case filed on a day."""
        for key in {word.key for word in self.words}:
            text = text.replace(f"{{{key}}}", self.word(key, filed_on))
        return text

    def addressees_for(
        self, violation_kind: str, on: date, categories: Iterable[str] = ()
    ) -> tuple[Addressee, ...]:
        """The institutions that a kind of violation may be referred to on a day.

        `categories` are those of the reported persons; without any, nothing is left out for them.
        """
        known = tuple(categories)
        return tuple(
            a
            for a in self.addressees.values()
            if violation_kind in a.kinds and a.on(on) and a.takes(known)
        )

    def stage_on(self, day: date) -> str:
        """The stage of the election on a day; empty when the calendar cannot say.

        After the last stage that has dates there is none, which is a period of its own
        (`Tanpa tahapan`); an office may give that period dates too.
        """
        stages = [stage for stage in self.stage_dates.values() if not stage.window]
        held = [stage for stage in stages if stage.holds(day)]
        if held:
            return min(held, key=lambda stage: stage.outside).key
        without = next((stage for stage in stages if stage.outside), None)
        ends = [stage.last for stage in stages if stage.last and not stage.outside]
        return without.key if without and ends and day > max(ends) else ""

    def source_text(self, fact: Fact) -> str:
        """What a fact was read in, in words."""
        return "; ".join(self.sources[key] for key in fact.source.split())

    def facts(self) -> Iterator[tuple[str, str, Fact]]:
        """Every fact with the name of its table and its key, readings included."""
        for table, kind in TABLES.items():
            for key, fact in getattr(self, FIELDS.get(table, f"{table}s")).items():
                yield table, key, fact
                if kind is DeadlineRule:
                    for reading in fact.readings:
                        yield table, f"{key}.{reading.question}", reading
        for word in self.words:
            yield "word", f"{word.key} {word.valid_from or ''}".strip(), word
        if self.service:
            yield "service", "service", self.service

    def with_deadlines(self, changed: Mapping[str, Mapping[str, Any]]) -> Regulation:
        """The same regulation with deadlines as an office has set them.

        `changed` maps a rule key to fields of DeadlineRule; `settled` in it lists the questions
        that the office has answered, whose other readings fall away. Raises KeyError or RulesError.
        """
        rules = dict(self.deadlines)
        for key, values in changed.items():
            fields = dict(values)
            settled = fields.pop("settled", ())
            kept = tuple(r for r in rules[key].readings if r.question not in settled)
            rules[key] = dataclasses.replace(rules[key], readings=kept, **fields)
        return dataclasses.replace(self, deadlines=rules)


TABLES: dict[str, type[Fact]] = {
    "deadline": DeadlineRule,
    "requirement": Requirement,
    "form": Form,
    "number": NumberPattern,
    "stage": Stage,
    "step": StepWords,
    "outcome": Outcome,
    "violation_kind": ViolationKind,
    "addressee": Addressee,
    "stage_date": StageDate,
    "change": Change,
    "desk": DeskCheck,
    "input": StepInput,
    "need": Need,
    "document": Document,
    "jurisdiction": Jurisdiction,
}
"""The tables of a rules file whose entries have a key, and what an entry is."""
FIELDS = {"number": "number_patterns", "desk": "desk"}
_KEY_NAMES = {"form": "code", "stage": "code", "step": "kind", "outcome": "code"}
_KEY_NAMES |= {"violation_kind": "code", "addressee": "code"}


@dataclass(frozen=True)
class RuleBook:
    """Every regulation the program knows.

    `regulations` holds each as it reads today, `dated` as it reads for cases filed from a day on.
    """

    regulations: Mapping[str, Regulation] = field(default_factory=dict)
    dated: Mapping[str, tuple[tuple[date, Regulation], ...]] = field(default_factory=dict)

    def get(self, regulation_id: str, filed_on: date | None = None) -> Regulation:
        """A regulation by its id, as it reads for a case filed on a day.

        Raises UserError for one that is not known.
        """
        if filed_on is not None and regulation_id in self.dated:
            steps = self.dated[regulation_id]
            return next((law for day, law in reversed(steps) if day <= filed_on), steps[0][1])
        if regulation_id not in self.regulations:
            known = ", ".join(sorted(self.regulations))
            raise UserError(
                f"Aturan {regulation_id} tidak dikenal. Yang tersedia: {known}.",
                "unknown_regulation",
            )
        return self.regulations[regulation_id]

    def on(self, day: date, regime: str) -> Regulation:
        """The regulation of a regime in force on a day, else the oldest one of that regime."""
        known = sorted(
            (r for r in self.regulations.values() if r.regime == regime),
            key=lambda regulation: regulation.valid_from,
        )
        if not known:
            raise UserError(f"Belum ada aturan untuk {regime}.", "unknown_regulation")
        return next((r for r in reversed(known) if r.valid_from <= day), known[0])


def load_rules(folder: Path) -> RuleBook:
    """Every `*.toml` of a folder; raises RulesError naming the file of a mistake."""
    found: dict[str, Regulation] = {}
    for path in sorted(folder.glob("*.toml")):
        regulation = load_regulation(path)
        if regulation.id != path.stem:
            raise RulesError(f"{path.name}: id {regulation.id!r} is not the name of the file")
        found[regulation.id] = regulation
    return RuleBook(found)


def load_regulation(path: Path) -> Regulation:
    """One regulation with all its references checked; raises RulesError."""
    return regulation_from(read_toml(path), path.name)


def regulation_from(raw: dict[str, Any], where: str) -> Regulation:
    """The same from the content of a file; `where` names it in errors."""
    tables = {t: _table(raw.pop(t, {}), t, kind, where) for t, kind in TABLES.items()}
    dates = tables["stage_date"]
    day_end = raw.get("day_end")
    if not isinstance(day_end, time):
        raise RulesError(f"{where}: day_end must be the last minute of a day")
    service = _service(raw.pop("service", None), dates, day_end, where)
    tables["deadline"] = {
        key: dataclasses.replace(_resolved(rule, dates, service, where), day_end=day_end)
        for key, rule in tables["deadline"].items()
    }
    words = tuple(build(Word, entry, f"{where}: word") for entry in raw.pop("word", []))
    more = {FIELDS.get(table, f"{table}s"): entries for table, entries in tables.items()}
    regulation = build(Regulation, raw, where, **more, words=words, service=service)
    _check(regulation, where)
    return numbered(regulation, 0)


def numbered(regulation: Regulation, version: int) -> Regulation:
    """The regulation as the version of a file; its deadlines say so wherever they are counted."""
    law = dataclasses.replace(regulation, version=version)
    rules = {
        key: dataclasses.replace(rule, edition=law.edition) for key, rule in law.deadlines.items()
    }
    return dataclasses.replace(law, deadlines=rules)


def _table(raw: Mapping[str, Any], table: str, kind: type[F], where: str) -> dict[str, F]:
    """The entries of one table of a file, by their key."""
    found: dict[str, F] = {}
    for key, entry in raw.items():
        place = f"{where}: {table}.{key}"
        values = dict(entry)
        more: dict[str, Any] = {_KEY_NAMES.get(table, "key"): key}
        if "readings" in values:
            more["readings"] = tuple(
                build(Reading, reading, f"{place}.readings") for reading in values.pop("readings")
            )
        found[key] = build(kind, values, place, **more)
    return found


def _service(
    raw: Mapping[str, Any] | None, dates: Mapping[str, Any], day_end: time, where: str
) -> Any:
    if raw is None:
        return None
    service = build(ServiceHours, raw, f"{where}: service")
    for key in service.all_day:
        one_of(key, tuple(dates), f"{where}: service.all_day")
    stages = [dates[key] for key in service.all_day]
    spans = tuple((s.first, s.last) for s in stages if s.first and s.last)
    return dataclasses.replace(service, all_day_dates=spans, day_end=day_end)


def _resolved(rule: Any, dates: Mapping[str, Any], service: Any, where: str) -> Any:
    """A deadline with the dates and hours that it names put in."""
    closes_on = None
    if rule.closes:
        one_of(rule.closes, tuple(dates), f"{where}: deadline.{rule.key}.closes")
        closes_on = dates[rule.closes].last
    return dataclasses.replace(rule, closes_on=closes_on, service=service)


def _check(regulation: Regulation, where: str) -> None:
    """That every name used in a regulation is one that it has."""
    one_of(regulation.regime, Regime, f"{where}: regime")
    for needed, have, what in (
        (STAGES, regulation.stages, "stage"),
        (EVENT_KINDS, regulation.steps, "step"),
        (INTAKE_KINDS, regulation.flow, "flow"),
    ):
        if set(needed) != set(have):
            odd = ", ".join(sorted(set(needed) ^ set(have)))
            raise RulesError(f"{where}: {what} table does not fit the program: {odd}")
    if "{code}" not in regulation.form_line:
        raise RulesError(f"{where}: form_line has no place for the code")
    for table, key, fact in regulation.facts():
        for source in fact.source.split():
            one_of(source, tuple(regulation.sources), f"{where}: {table}.{key}: source")
    for kind, stages in regulation.flow.items():
        for stage in stages:
            one_of(stage, STAGES, f"{where}: flow.{kind}")
    _check_references(regulation, where)


def _check_references(regulation: Regulation, where: str) -> None:
    for violation in regulation.violation_kinds.values():
        if violation.form:
            one_of(violation.form, tuple(regulation.forms), f"{where}: {violation.code}.form")
    for step in regulation.steps.values():
        for name, have in (
            ("documents", regulation.documents),
            ("inputs", regulation.inputs),
            ("needs", regulation.needs),
        ):
            for key in getattr(step, name):
                one_of(key, tuple(have), f"{where}: step.{step.kind}.{name}")
        for key in step.required:
            one_of(key, step.inputs, f"{where}: step.{step.kind}.required")
    for entry in regulation.jurisdictions.values():
        for code in entry.addressees:
            one_of(code, tuple(regulation.addressees), f"{where}: jurisdiction.{entry.key}")
        for kind in entry.violations:
            one_of(kind, tuple(regulation.violation_kinds), f"{where}: jurisdiction.{entry.key}")
    for addressee in regulation.addressees.values():
        for kind in addressee.kinds:
            one_of(kind, tuple(regulation.violation_kinds), f"{where}: addressee {addressee.code}")
        if addressee.change:
            one_of(addressee.change, tuple(regulation.changes), f"{where}: {addressee.code}")
    for word in regulation.words:
        if word.change:
            one_of(word.change, tuple(regulation.changes), f"{where}: word {word.key}")
