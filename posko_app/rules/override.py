"""Facts of a regulation as an office has set them: which may be set, to what, and the result."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any, get_args

from posko_app.errors import Problem, UserError
from posko_app.text import clean

from .book import FIELDS, Regulation
from .facts import (
    DATE_STARTS,
    EVENT_KINDS,
    Confidence,
    Cutoff,
    DeadlineRule,
    Fact,
    FirstDay,
    OnPause,
    Question,
    ServiceHours,
    Unit,
)
from .numbering import check_pattern
from .reading import RulesError

OFFICE = "office"  # key of the source that an office has given
SERVICE = "service"
SETTLES: Mapping[str, Question] = {
    "amount": "limit",
    "unit": "limit",
    "starts": "start",
    "first_day": "first_day",
    "cutoff": "cutoff",
}
"""The open question that is answered when a field of a deadline is set."""

_CHOICES: Mapping[str, tuple[str, ...]] = {
    "unit": get_args(Unit),
    "first_day": get_args(FirstDay),
    "cutoff": get_args(Cutoff),
    "on_pause": get_args(OnPause),
    "starts": EVENT_KINDS + DATE_STARTS,
    "confidence": get_args(Confidence),
}
EDITABLE: Mapping[str, tuple[str, ...]] = {
    "deadline": (
        *("amount", "unit", "starts", "start_word", "first_day", "cutoff", "basis"),
        *("on_pause", "label", "confidence"),
    ),
    SERVICE: ("open", "close", "confidence"),
    "stage_date": ("first", "last", "label", "confidence"),
    "number": ("pattern", "confidence"),
    "addressee": ("label", "valid_from", "valid_until", "confidence"),
    "form": ("title", "confidence"),
    "requirement": ("label", "unmet", "valid_until", "confidence"),
    "outcome": ("label", "warning", "confidence"),
    "desk": ("label", "basis", "confidence"),
    "violation_kind": ("label", "confidence"),
    "jurisdiction": ("text", "basis", "valid_from", "valid_until", "confidence"),
    "stage": ("label", "confidence"),
    "step": ("label", "done", "confidence"),
    "need": ("label", "confidence"),
    "input": ("label", "missing", "hint", "confidence"),
    "document": ("label", "confidence"),
    "change": ("on", "title", "text", "confidence"),
    "word": (),
}
"""The fields that an office may set, by table of the rules file; words change with a change."""
_DATES = ("first", "last", "valid_from", "valid_until", "on")
_MUST = ("amount", "label", "done", "pattern", "start_word", "basis", "on", "text", "unmet")
MOST = 3660  # days or hours: more is a slip of the finger


@dataclass(frozen=True, kw_only=True)
class Override:
    """One value of a regulation as an office has set it, or one open question that it answered.

    `value` is plain JSON: a text, a number, an ISO date, or "HH:MM" per weekday. With `settles` the
    field is a question and the value the text of the reading that holds, empty for the one that the
    rule goes by already.
    """

    table: str
    entry: str
    field: str
    value: Any
    source: str
    settles: bool = False


def entry_of(law: Regulation, table: str, entry: str) -> Fact:
    """A fact by table and key; raises UserError when there is none."""
    if table == SERVICE and law.service:
        return law.service
    found = getattr(law, FIELDS.get(table, f"{table}s"), {}) if table in EDITABLE else {}
    if not isinstance(found, Mapping) or entry not in found:
        raise UserError(
            f"Aturan {table}.{entry} tidak ada di {law.title}. Tidak ada yang diubah.",
            "unknown_rule",
        )
    fact: Fact = found[entry]
    return fact


def plain(value: Any) -> Any:
    """A value of a fact as JSON takes it."""
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, date):
        return value.isoformat()
    return [plain(item) for item in value] if isinstance(value, tuple) else value


def problems_of(law: Regulation, override: Override) -> list[Problem]:
    """Why an override cannot be made, in words. Raises UserError when there is no such fact."""
    fact = entry_of(law, override.table, override.entry)
    if override.settles:
        return _reading_problems(fact, override)
    if override.field not in EDITABLE[override.table]:
        return [Problem("field", "Bagian aturan ini tidak dapat diubah kantor.")]
    try:
        value = _read(override)
    except ValueError as error:
        return [Problem("value", str(error))]
    if value == getattr(fact, override.field):
        return [Problem("value", "Nilai ini sama dengan yang berlaku sekarang.")]
    return _fitting(law, fact, override, value)


def overridden(law: Regulation, override: Override) -> Regulation:
    """The regulation with one value set or one question answered.

    Raises UserError when it does not fit, which can be so after the regulation itself has changed.
    """
    fact = entry_of(law, override.table, override.entry)
    try:
        changed = _settled(fact, override) if override.settles else _set(fact, override)
    except (ValueError, RulesError) as error:
        raise UserError(
            f"Perubahan kantor pada {override.table}.{override.entry} tidak cocok lagi: {error}. "
            "Data perkara aman. Cabut perubahan itu di halaman Aturan.",
            "override_unfit",
        ) from error
    sources = {**law.sources, **_source(law, override)}
    law = dataclasses.replace(law, sources=sources)
    if isinstance(changed, ServiceHours):
        return _resolved(dataclasses.replace(law, service=changed))
    name = FIELDS.get(override.table, f"{override.table}s")
    values: dict[str, Any] = {name: {**getattr(law, name), override.entry: changed}}
    return _resolved(dataclasses.replace(law, **values))


def _source(law: Regulation, override: Override) -> dict[str, str]:
    return {_source_key(override): f"Ditetapkan kantor: {override.source}"}


def _source_key(override: Override) -> str:
    return f"{OFFICE}.{override.table}.{override.entry}.{override.field}"


def _set(fact: Fact, override: Override) -> Fact:
    values: dict[str, Any] = {override.field: _read(override), "source": _source_key(override)}
    if override.field != "confidence":
        values["confidence"] = "C"  # the office has given the source it read it in
    if isinstance(fact, DeadlineRule):
        question = SETTLES.get(override.field)
        values["readings"] = tuple(r for r in fact.readings if r.question != question)
        if override.field in ("amount", "unit"):
            values["amount_note"] = ""
    return dataclasses.replace(fact, **values)


def _settled(fact: Fact, override: Override) -> Fact:
    assert isinstance(fact, DeadlineRule)
    left = tuple(r for r in fact.readings if r.question != override.field)
    values: dict[str, Any] = {"readings": left, "source": f"{fact.source} {_source_key(override)}"}
    if override.value:
        chosen = [
            r for r in fact.readings if (r.question, r.text) == (override.field, override.value)
        ]
        if not chosen:
            raise ValueError(f"bacaan {override.value!r} tidak ada")
        values |= chosen[0].changes()
        if {"amount", "unit"} & values.keys():
            values["amount_note"] = ""
    if not left:
        values["confidence"] = "C"
    return dataclasses.replace(fact, **values)


def _resolved(law: Regulation) -> Regulation:
    """Deadlines and service hours with the dates that they name put in anew."""
    service = law.service
    if service:
        stages = [law.stage_dates[key] for key in service.all_day]
        spans = tuple((s.first, s.last) for s in stages if s.first and s.last)
        service = dataclasses.replace(service, all_day_dates=spans)
    deadlines = {
        key: dataclasses.replace(
            rule,
            service=service,
            closes_on=law.stage_dates[rule.closes].last if rule.closes else None,
        )
        for key, rule in law.deadlines.items()
    }
    return dataclasses.replace(law, service=service, deadlines=deadlines)


# --- values -------------------------------------------------------------------------------------


def _read(override: Override) -> Any:
    """The value as the fact holds it; raises ValueError with a sentence for the user."""
    field, value = override.field, override.value
    if field in _CHOICES:
        if value not in _CHOICES[field]:
            raise ValueError(f"Pilih salah satu: {', '.join(_CHOICES[field])}.")
        return value
    if field == "amount":
        number = int(value) if str(value).isdigit() else -1
        if not 0 <= number <= MOST:
            raise ValueError("Tulis lamanya sebagai angka bulat, misalnya 3.")
        return number
    if field in _DATES:
        return _date(value)
    if field in ("open", "close"):
        return tuple(_hour(hour) for hour in value)
    return clean(str(value))


def _date(value: Any) -> date | None:
    if not value:
        return None
    parts = str(value).split("-")
    if len(parts[-1]) == 4:  # 15-10-2024, as people write it
        parts.reverse()
    try:
        return date.fromisoformat("-".join(part.zfill(2) for part in parts))
    except ValueError:
        raise ValueError("Tulis tanggal seperti 15-10-2024.") from None


def _hour(value: Any) -> time:
    try:
        return time.fromisoformat(str(value))
    except ValueError:
        raise ValueError("Tulis jam seperti 16.00 untuk tiap hari pelayanan.") from None


def _fitting(law: Regulation, fact: Fact, override: Override, value: Any) -> list[Problem]:
    """Whether a value fits the rest of the fact and of the regulation."""
    if override.field in _MUST and value in ("", None):
        return [Problem("value", "Isi nilainya.")]
    if override.field == "pattern":
        try:
            check_pattern(value)
        except UserError as error:
            return [Problem("value", str(error))]
    spans = (("first", "last"), ("valid_from", "valid_until"))
    for first, last in spans:
        if override.field in (first, last):
            ends = {first: getattr(fact, first), last: getattr(fact, last), override.field: value}
            if ends[first] and ends[last] and ends[last] < ends[first]:
                return [Problem("value", "Tanggal akhir sebelum tanggal mulai.")]
    if override.field in ("open", "close") and law.service:
        hours = {"open": law.service.open, "close": law.service.close, override.field: value}
        if len(hours["open"]) != len(hours["close"]) or any(
            a >= b for a, b in zip(hours["open"], hours["close"], strict=False)
        ):
            return [Problem("value", "Jam tutup harus sesudah jam buka, untuk hari yang sama.")]
    return []


def _reading_problems(fact: Fact, override: Override) -> list[Problem]:
    readings = fact.readings if isinstance(fact, DeadlineRule) else ()
    asked = [reading for reading in readings if reading.question == override.field]
    if not asked:
        return [Problem("field", "Bacaan ini sudah dipastikan atau tidak pernah terbuka.")]
    if override.value and override.value not in [reading.text for reading in asked]:
        return [Problem("value", "Pilih salah satu bacaan dari daftar.")]
    return []
