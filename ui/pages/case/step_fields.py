"""The form of a step as data: which questions its kind asks, and the step made of the answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from posko_app.cases.steps import NewStep
from posko_app.errors import Problem
from posko_app.rules.facts import INTAKE_KINDS
from posko_app.rules.stages import Step
from ui.fields import Choices, Field

from .inquiry_fields import inquiry_data, inquiry_fields
from .words import Words

KIND = "kinds."  # the keys of the check boxes of violations: kinds.criminal …
NUMBERS: Mapping[str, tuple[str, str]] = {
    "registered": ("Nomor registrasi", "Kosongkan untuk memakai nomor berikutnya."),
    "referred": ("Nomor surat penerusan", "Boleh diisi nanti bila surat belum bernomor."),
    "transferred": ("Nomor surat pelimpahan", ""),
    "completion_noticed": ("Nomor surat pemberitahuan", ""),
    "notified": ("Nomor surat pemberitahuan", ""),
    "invited": ("Nomor surat undangan", ""),
    "inquiry_ordered": ("Nomor surat tugas", "Boleh diisi nanti bila surat belum bernomor."),
    "inquiry_reported": ("Nomor laporan hasil pengawasan", ""),
    "follow_up": ("Nomor surat instansi", ""),
}
"""Kinds of step that bear a number: its label and what to know."""
NOTES: Mapping[str, tuple[str, bool]] = {
    "transferred": ("Dilimpahkan ke kantor mana dan mengapa", True),
    "corrected": ("Alasan pembatalan", True),
    "withdrawn": ("Alasan pencabutan", False),
    "not_registered": ("Alasan tidak diregistrasi", False),
    "completion_noticed": ("Kekurangan yang diberitahukan", False),
    "completed": ("Yang dilengkapi pelapor", False),
    "extra_needed": ("Keterangan yang diperlukan", False),
    "clarified": ("Ringkasan hasil", False),
    "inquiry_reported": ("Ringkasan hasil penelusuran", True),
    "assessed": ("Ringkasan kajian", False),
    "decided": ("Pertimbangan", False),
    "notified": ("Cara memberi tahu", False),
    "follow_up": ("Isi jawaban instansi", False),
    "closed": ("Keterangan penutupan", False),
    "reopened": ("Alasan membuka kembali", False),
}
"""Kind of step -> label of its note, and whether it is required."""
OUTCOME_MISSING = {
    "reviewed": "Pilih hasil kajian awal.",
    "decided": "Pilih hasil pleno: pelanggaran atau bukan pelanggaran.",
}


@dataclass(frozen=True)
class StepForm:
    """The questions of one step with their first answers."""

    fields: tuple[Field, ...]
    values: Mapping[str, Any]


def step_form(words: Words, step: Step) -> StepForm:
    """The form for a kind of step in the case as it stands."""
    values: dict[str, Any] = {"on": words.today}
    fields = [_date(step.kind), *_hour(words, step.kind, values)]
    fields += _outcome(words, step)
    fields += _violations(words, step.kind, values)
    fields += _addressee(words, step.kind, values)
    fields += _meeting(words, step.kind, values)
    fields += _reason(step.kind)
    fields += inquiry_fields(words, step.kind, values)
    if step.kind == "converted":
        kinds = [k for k in INTAKE_KINDS if k != words.view.state.intake_kind]
        choices = [(k, words.label("intake_kind", k)) for k in kinds]
        fields.append(
            Field(key="intake_kind", label="Jenis yang baru", kind="combo", choices=choices,
                  missing="Pilih jenis yang baru.")
        )  # fmt: skip
    if step.kind in NUMBERS:
        label, said = NUMBERS[step.kind]
        fields.append(Field(key="number", label=label, help=said, optional=True, mono=True))
    label, required = NOTES.get(step.kind, ("Catatan", False))
    fields.append(Field(key="note", label=label, kind="multiline", lines=3, optional=not required))
    return StepForm(tuple(fields), values)


def new_step(words: Words, kind: str, values: Mapping[str, Any], corrects: str = "") -> NewStep:
    """The step that the answers describe."""
    on: date = values["on"]
    clock: time | None = values.get("at")
    at = datetime.combine(on, clock, words.posko.zone) if clock else None
    return NewStep(
        kind=kind,
        on=on,
        at=at,
        outcome=values.get("outcome") or "",
        number=(values.get("number") or "").strip(),
        note=values.get("note") or "",
        data=_data(words, kind, values),
        corrects=corrects,
    )


def addressees(words: Words, on: date | None) -> Choices:
    """The institutions that what was found may be referred to on a day."""
    day = on or words.today
    state = words.view.state
    kinds = state.pending_kinds or state.violation_kinds or tuple(words.law.violation_kinds)
    found = {a.code: a.label for k in kinds for a in words.law.addressees_for(k, day)}
    return [(code, found[code]) for code in words.law.addressees if code in found]


def counts_hours(words: Words, kind: str) -> bool:
    """Whether some deadline, under some reading, counts hours from this kind of event."""
    return any(
        "hours" in (rule.unit, *(reading.unit for reading in rule.readings))
        and kind in (rule.starts, *rule.also_starts)
        for rule in words.law.deadlines.values()
    )


def at_fields(problems: Sequence[Problem], fields: Sequence[str]) -> list[Problem]:
    """Problems of the core at the fields of the form; a group of boxes has its first one."""
    first = next((key for key in fields if key.startswith(KIND)), "kinds")
    return [Problem(first, p.message) if p.field == "kinds" else p for p in problems]


def _date(kind: str) -> Field:
    label = "Tanggal undangan" if kind == "invited" else "Tanggal"
    return Field(key="on", label=label, kind="date", width=6, missing="Isi tanggal langkah ini.")


def _hour(words: Words, kind: str, values: dict[str, Any]) -> list[Field]:
    if not counts_hours(words, kind):
        return []
    values["at"] = words.local(words.posko.now()).time()
    zone = words.posko.office.zone
    return [
        Field(key="at", label="Pukul", kind="time", width=6, optional=True,
              help=f"{zone}. Batas berikutnya dihitung dari jam ini.")
    ]  # fmt: skip


def _outcome(words: Words, step: Step) -> list[Field]:
    if not step.outcomes:
        return []
    known = words.law.outcomes
    choices = [(code, known[code].label if code in known else code) for code in step.outcomes]
    return [
        Field(key="outcome", label="Hasil", kind="combo", choices=choices,
              missing=OUTCOME_MISSING.get(step.kind, "Pilih hasilnya."))
    ]  # fmt: skip


def _violations(words: Words, kind: str, values: dict[str, Any]) -> list[Field]:
    """A check box per kind of violation: what was found, or which of them are referred now."""
    if kind == "decided":
        codes = tuple(words.law.violation_kinds)
    elif kind == "referred" and len(words.view.state.pending_kinds) > 1:
        codes = words.view.state.pending_kinds
        values.update({KIND + code: True for code in codes})
    else:
        return []
    known = words.law.violation_kinds
    return [
        Field(key=KIND + c, label=known[c].label if c in known else c, kind="check", width=6)
        for c in codes
    ]


def _addressee(words: Words, kind: str, values: dict[str, Any]) -> list[Field]:
    if kind == "referred":
        choices = addressees(words, words.today)
        return [
            Field(key="addressee", label="Instansi tujuan", kind="combo", choices=choices,
                  missing="Pilih instansi tujuan.")
        ]  # fmt: skip
    asked = {"follow_up": "Instansi yang menjawab", "information_requested": "Instansi",
             "agency_returned": "Instansi yang mengembalikan"}  # fmt: skip
    referrals = words.view.state.referrals
    if kind not in asked or not referrals:
        return []
    still = [r.addressee for r in referrals if r.answered_on is None and r.returned_on is None]
    open_ones = still or [r.addressee for r in referrals]
    choices = [(code, words.addressee(code)) for code in dict.fromkeys(open_ones)]
    if len(choices) == 1:
        values["addressee"] = choices[0][0]
    return [
        Field(key="addressee", label=asked[kind], kind="combo", choices=choices,
              missing="Pilih instansinya.")
    ]  # fmt: skip


def _reason(kind: str) -> list[Field]:
    if kind not in ("paused", "resumed"):
        return []
    return [Field(key="reason", label="Alasan", missing="Tulis alasannya.")]


def _meeting(words: Words, kind: str, values: dict[str, Any]) -> list[Field]:
    if kind != "invited":
        return []
    values["place"] = f"Kantor {words.posko.office.name}"
    return [
        Field(key="whom", label="Siapa yang diundang", kind="combo", choices=words.whom(),
              free=True, missing="Isi siapa yang diundang."),
        Field(key="for_on", label="Hari klarifikasi", kind="date", width=6,
              missing="Isi hari klarifikasi."),
        Field(key="for_time", label="Pukul", kind="time", width=6, hint=words.posko.office.zone,
              missing="Isi jam klarifikasi, misalnya 09.30."),
        Field(key="place", label="Tempat", missing="Isi tempat klarifikasi."),
    ]  # fmt: skip


def _data(words: Words, kind: str, values: Mapping[str, Any]) -> dict[str, str]:
    """What the event carries besides: only what the rules and the agenda read."""
    data: dict[str, str] = {}
    kinds = [key.removeprefix(KIND) for key, on in values.items() if key.startswith(KIND) and on]
    if kind == "referred" and not kinds:
        kinds = list(words.view.state.pending_kinds)[:1]
    if kinds and (kind == "referred" or values.get("outcome") == "violation"):
        data["kinds"] = ",".join(kinds)
    for key in ("addressee", "intake_kind", "whom", "place", "reason"):
        if values.get(key):
            data[key] = str(values[key])
    if isinstance(values.get("for_on"), date):
        data["for_on"] = values["for_on"].isoformat()
    if isinstance(values.get("for_time"), time):
        data["for_time"] = f"{values['for_time']:%H.%M}"
    return data | inquiry_data(values)
