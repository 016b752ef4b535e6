"""What is asked about a clarification besides its questions and answers."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import time
from typing import Any

from posko_app.cases.clarification import Hearing
from posko_app.cases.views import ClarificationView
from ui.fields import Field

from .words import Words

RELIGION = "religion"
SHOWN = ("began", "ended", "examiner", "oath", "oath_note", "recorded", "read_back",
         "minutes_number", "note")  # fmt: skip


def hearing_fields(words: Words, row: ClarificationView, *, came: bool) -> list[Field]:
    """The questions in the order of a clarification; once recorded only what is sealed is open."""
    lists, zone = words.posko.vocabulary, words.posko.office.zone
    fields = [
        Field(key="on", label="Tanggal", kind="date", missing="Isi tanggalnya."),
        Field(key="began", label="Mulai", kind="time", width=6, hint=zone, optional=True),
        Field(key="ended", label="Selesai", kind="time", width=6, hint=zone, optional=True),
        Field(key="examiner", label="Yang meminta keterangan", optional=True),
        Field(key=RELIGION, label="Agama", kind="combo", optional=True, hint="rahasia",
              choices=lists.items("religion")),
        Field(key="oath", label="Sumpah atau janji", kind="combo", optional=True,
              choices=lists.items("oath")),
        Field(key="oath_note", label="Alasan menolak disumpah",
              missing="Tulis alasan menolak disumpah. Klarifikasi tetap berlanjut."),
        Field(key="recorded", label="Direkam suara dan gambar", kind="check",
              help="Klarifikasi daring wajib direkam." if row.mode == "online" else ""),
        Field(key="read_back", label="Dibacakan kembali dan dibenarkan", kind="check"),
        Field(key="minutes_number", label="Nomor berita acara", optional=True, mono=True),
        Field(key="note", label="Catatan", kind="multiline", lines=2, optional=True),
    ]  # fmt: skip
    if not came:
        return fields
    # What was recorded stands; only what is sealed may still be mended.
    return [field if field.key == RELIGION else _locked(field) for field in fields]


def first_answers(words: Words, row: ClarificationView, *, came: bool) -> dict[str, Any]:
    """What stands in the form before anyone types."""
    values: dict[str, Any] = {name: getattr(row, name) for name in SHOWN}
    if came:
        return {**values, "on": row.held_on}
    due = row.for_on is not None and row.for_on <= words.today
    examiner = row.examiner or words.who(words.posko.user.login)
    return {**values, "on": row.for_on if due else words.today, "examiner": examiner}


def hearing_of(values: Mapping[str, Any]) -> Hearing:
    """The clarification that the answers describe."""
    refused = values.get("oath") == "refused"
    return Hearing(
        on=values["on"],
        began=_clock(values.get("began")),
        ended=_clock(values.get("ended")),
        examiner=values.get("examiner") or "",
        oath=values.get("oath") or "",
        oath_note=(values.get("oath_note") or "") if refused else "",
        recorded=bool(values.get("recorded")),
        read_back=bool(values.get("read_back")),
        minutes_number=values.get("minutes_number") or "",
        note=values.get("note") or "",
    )


def oath_words(words: Words, oath: str, religion: str) -> str:
    """How an oath or promise usually begins; empty where none is known."""
    lists = words.posko.vocabulary
    key = religion if oath == "sworn" else oath
    if not key or not lists.has("oath_words", key):
        return ""
    return f"Biasanya: “{lists.label('oath_words', key)}”"


def _clock(given: object) -> str:
    return f"{given:%H.%M}" if isinstance(given, time) else ""


def _locked(field: Field) -> Field:
    """What stands as it was recorded; nothing beside its label, for nothing can be filled in."""
    return dataclasses.replace(field, read_only=True, optional=True, hint=field.hint or " ")
