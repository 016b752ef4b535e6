"""The questions that the law has a step ask, as fields of a form and as data of the event."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from typing import Any

from posko_app.rules.casework import StepInput
from ui.fields import Choices, Field

from .words import Words

KINDS = {"text": "text", "long": "multiline", "date": "date", "time": "time", "choice": "combo",
         "yes": "check"}  # fmt: skip
WHOM = "whom"  # a choice among the people of the case


def input_fields(words: Words, kind: str, values: dict[str, Any]) -> list[Field]:
    """The questions of a kind of step; what is asked elsewhere in the form is left out."""
    step = words.law.steps[kind]
    found = []
    asked = [words.law.inputs[key] for key in step.inputs]
    for n, entry in enumerate(asked):
        after = asked[n + 1].kind if n + 1 < len(asked) else ""
        found.append(_field(words, kind, entry, after))
    whom = _whom(words, kind) if WHOM in step.inputs else ()
    if len(whom) == 1:
        values[WHOM] = whom[0][0]
    return found


def input_data(words: Words, kind: str, values: Mapping[str, Any]) -> dict[str, str]:
    """The answers as the data of the event: texts, dates as ISO, yes as `yes`."""
    data = {}
    for key in words.law.steps[kind].inputs:
        value = values.get(key)
        if isinstance(value, bool):
            data[key] = "yes" if value else ""
        elif isinstance(value, time):
            data[key] = f"{value:%H.%M}"
        elif isinstance(value, date):
            data[key] = value.isoformat()
        else:
            data[key] = str(value or "").strip()
    return {key: said for key, said in data.items() if said}


def _field(words: Words, kind: str, entry: StepInput, after: str) -> Field:
    needed = entry.key in words.law.steps[kind].required
    half = entry.kind in ("date", "time", "choice") or (entry.kind == "text" and after == "date")
    choices: Choices = ()
    if entry.key == WHOM:
        choices = _whom(words, kind)
    elif entry.kind == "choice":
        choices = words.posko.vocabulary.items(entry.list)
    return Field(
        key=entry.key,
        label=entry.label,
        kind=KINDS[entry.kind],
        width=6 if half and entry.key != WHOM else 12,
        hint=entry.hint,
        choices=choices,
        free=entry.key == WHOM,
        lines=3,
        optional=not needed,
        missing=entry.missing if needed else "",
    )


def _whom(words: Words, kind: str) -> Choices:
    """Those who were invited and are waited for; without any, everybody of the case."""
    waiting = dict.fromkeys(
        row.alias for row in words.view.clarifications if row.state == "invited"
    )
    people = [(alias.lower(), alias) for alias in waiting] or words.whom()
    if kind == "expert_heard":
        people = [(code, label) for code, label in people if code.startswith("ahli")] or people
    return people
