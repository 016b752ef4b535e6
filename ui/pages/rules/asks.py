"""The questions before a change of a rule: new value or right reading, source and reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from PySide6.QtWidgets import QWidget

from posko_app import text
from posko_app.app import Posko
from posko_app.errors import Problem
from posko_app.law import LawChange
from posko_app.office import rule_words as words
from posko_app.office.rules import DecisionRow, FactRow, plan_override, plan_reading, plan_undo
from posko_app.rules.book import Regulation
from posko_app.rules.facts import DATE_STARTS, EVENT_KINDS, DeadlineRule
from posko_app.rules.override import EDITABLE, plain
from ui import dialogs
from ui.fields import Field, Parsed

DATES = ("first", "last", "valid_from", "valid_until", "on")
HOURS = ("open", "close")
SINCE = Field(
    key="since", label="Berlaku untuk perkara yang disampaikan sejak", kind="date", width=6,
    optional=True, help="Kosong: untuk semua perkara, juga yang sudah ada.",
)  # fmt: skip
SOURCE = Field(
    key="source", label="Sumber", placeholder="misalnya pasal, atau nomor surat edaran",
    missing="Isi sumbernya, misalnya pasal atau nomor surat.",
)  # fmt: skip
REASON = Field(key="reason", label="Alasan", missing="Isi alasan perubahan.")


def fields_of(row: FactRow) -> list[tuple[str, str]]:
    """The fields of a fact that may be set: key, and name with the value it has now."""
    starts = _start_words(row)
    return [
        (field, f"{words.FIELDS[field]}: {words.said(field, getattr(row.fact, field), starts)}")
        for field in EDITABLE[row.table]
    ]


def ask_value(
    posko: Posko, parent: QWidget, law: str, row: FactRow, field: str
) -> LawChange | None:
    """Ask for the new value of one field; None when the user left."""
    found: list[LawChange] = []

    def submit(values: dict[str, Any]) -> Sequence[Problem] | None:
        found.append(
            plan_override(
                posko, regulation=law, table=row.table, entry=row.entry, field=field,
                value=_stored(values["value"]), reason=values["reason"] or "",
                source=values["source"] or "", valid_from=values["since"],
            )
        )  # fmt: skip
        return None

    now = words.said(field, getattr(row.fact, field), _start_words(row))
    value = _value_field(posko.rules.get(law), row, field)
    dialogs.ask_form(
        parent, f"{row.name}: {words.FIELDS[field].lower()}", [value, SINCE, SOURCE, REASON],
        today=posko.today(), act="Lihat akibatnya", submit=submit,
        text=f"Sekarang: {now}. Perubahan bertanggal dan dapat dicabut; yang lama tetap tercatat.",
        values={"value": _shown(getattr(row.fact, field), field)},
    )  # fmt: skip
    return found[-1] if found else None


def open_questions(row: FactRow) -> list[tuple[str, str]]:
    """The questions of a deadline that are still open."""
    if not isinstance(row.fact, DeadlineRule):
        return []
    asked = dict.fromkeys(reading.question for reading in row.fact.readings)
    return [(question, words.QUESTIONS[question]) for question in asked]


def ask_reading(
    posko: Posko, parent: QWidget, law: str, row: FactRow, question: str
) -> LawChange | None:
    """Ask which reading is the right one, once and with its source; None when the user left."""
    found: list[LawChange] = []
    assert isinstance(row.fact, DeadlineRule)
    others = [r.text for r in row.fact.readings if r.question == question]
    choices = [("-", f"Seperti yang dipakai sekarang: {row.value}"), *((t, t) for t in others)]

    def submit(values: dict[str, Any]) -> Sequence[Problem] | None:
        reading = "" if values["reading"] == "-" else values["reading"]
        found.append(
            plan_reading(
                posko, regulation=law, rule=row.entry, question=question, reading=reading,
                reason=values["reason"] or "", source=values["source"] or "",
                valid_from=values["since"],
            )
        )  # fmt: skip
        return None

    fields = [
        Field(key="reading", label=words.QUESTIONS[question], kind="combo", choices=choices,
              missing="Pilih bacaan yang benar."),
        SINCE, SOURCE, REASON,
    ]  # fmt: skip
    dialogs.ask_form(
        parent, f"Pastikan bacaan: {row.name}", fields, today=posko.today(),
        act="Lihat akibatnya", submit=submit,
        text="Setelah dipastikan, batas aman dari pertanyaan ini tidak ditunjukkan lagi.",
    )  # fmt: skip
    return found[-1] if found else None


def ask_undo(posko: Posko, parent: QWidget, row: DecisionRow) -> LawChange | None:
    """Ask why a decision is taken back; None when the user left."""
    found: list[LawChange] = []

    def submit(values: dict[str, Any]) -> Sequence[Problem] | None:
        found.append(plan_undo(posko, row.uid, values["reason"] or ""))
        return None

    dialogs.ask_form(
        parent, f"Cabut perubahan {row.name}", [REASON], today=posko.today(),
        act="Lihat akibatnya", text=f"{row.what}. Catatan lama tetap ada.", submit=submit,
    )  # fmt: skip
    return found[-1] if found else None


# --- values -------------------------------------------------------------------------------------


def _value_field(law: Regulation, row: FactRow, field: str) -> Field:
    label = words.FIELDS[field]
    if field == "starts":
        return Field(key="value", label=label, kind="combo", choices=_starts(law))
    if field in words.CHOICES:
        return Field(key="value", label=label, kind="combo", width=6,
                     choices=list(words.CHOICES[field].items()))  # fmt: skip
    if field in DATES:
        return Field(key="value", label=label, kind="date", width=6, optional=True)
    if field in HOURS:
        told = "Satu jam untuk tiap hari mulai Senin, misalnya 08.00 08.00 08.00."
        return Field(key="value", label=label, mono=True, parse=_hours, help=told)
    if field == "amount":
        return Field(key="value", label=label, width=4)
    return Field(key="value", label=label, optional=field == "warning", mono=field == "pattern")


def _starts(law: Regulation) -> list[tuple[str, str]]:
    steps = law.steps
    named = [(kind, steps[kind].done) for kind in EVENT_KINDS if kind in steps]
    return [*((code, words.DATE_STARTS[code]) for code in DATE_STARTS), *named]


def _start_words(row: FactRow) -> dict[str, str]:
    fact = row.fact
    return {fact.starts: fact.start_word} if isinstance(fact, DeadlineRule) else {}


def _shown(value: Any, field: str) -> Any:
    if field in HOURS:
        return " ".join(text.clock(hour) for hour in value)
    return str(value) if field == "amount" else value


def _stored(value: Any) -> Any:
    return plain(value) if isinstance(value, (date, tuple)) else value


def _hours(typed: str) -> Parsed:
    try:
        hours = tuple(text.parse_time(part) for part in typed.split())
    except ValueError as error:
        return Parsed(error=str(error))
    return Parsed(hours, note=f"{len(hours)} hari")
