"""What the dialog of a step asks about a penelusuran: who is sent, and until when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from posko_app.cases.inquiry import OFFICERS, ORDERED, UNTIL, joined
from posko_app.cases.inquiry import RULE as LIMIT
from ui.fields import Field

from .words import Words


def inquiry_fields(words: Words, kind: str, values: dict[str, Any]) -> list[Field]:
    """The questions of a letter of assignment; the limit of the inquiry is its usual end."""
    if kind != ORDERED:
        return []
    limit = next((due for due in words.view.dues if due.rule == LIMIT), None)
    if limit is not None:
        values[UNTIL] = max(limit.safe_on, words.today)
    return [
        Field(key=UNTIL, label="Bertugas sampai", kind="date", width=6, optional=True),
        Field(key=OFFICERS, label="Petugas yang ditugaskan", kind="multiline", lines=2,
              hint="nama, jabatan; satu per baris",
              missing="Isi siapa yang ditugaskan menelusuri."),
    ]  # fmt: skip


def inquiry_data(values: Mapping[str, Any]) -> dict[str, str]:
    """The answers as the event carries them."""
    data = {}
    if officers := joined(str(values.get(OFFICERS) or "").splitlines()):
        data[OFFICERS] = officers
    if isinstance(until := values.get(UNTIL), date):
        data[UNTIL] = until.isoformat()
    return data
