"""The form of a step as data: which questions its kind asks, and the step made of the answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from posko_app.cases.steps import NewStep
from posko_app.errors import Problem
from posko_app.rules.stages import Step
from ui.fields import Choices, Field

from .inquiry_fields import inquiry_data, inquiry_fields
from .plenary_fields import plenary_data, plenary_fields, plenary_outcome
from .review_fields import KIND, at_boxes, review_data, review_sections, suspected, suspicion
from .step_inputs import input_data, input_fields
from .words import Words

NUMBERS: Mapping[str, tuple[str, str]] = {
    "registered": ("Nomor registrasi", "Kosongkan untuk memakai nomor berikutnya."),
    "referred": ("Nomor surat penerusan", "Boleh diisi nanti bila surat belum bernomor."),
    "transferred": ("Nomor surat pelimpahan", ""),
    "completion_noticed": ("Nomor surat pemberitahuan", ""),
    "notified": ("Nomor surat pemberitahuan", ""),
    "invited": ("Nomor surat undangan", ""),
    "inquiry_ordered": ("Nomor surat tugas", "Boleh diisi nanti bila surat belum bernomor."),
    "inquiry_reported": ("Nomor laporan hasil pengawasan", ""),
    "agency_returned": ("Nomor surat instansi", ""),
    "information_requested": ("Nomor surat permintaan", ""),
    "follow_up": ("Nomor surat instansi", ""),
}
"""Kinds of step that bear a number: its label and what to know."""
NOTES: Mapping[str, tuple[str, bool]] = {
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
    "notified": ("Isi pemberitahuan", False),
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
class Section:
    """Questions that belong together, under a heading if they have one."""

    heading: str
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class StepForm:
    """The questions of one step with their first answers."""

    sections: tuple[Section, ...]
    values: Mapping[str, Any]

    @property
    def fields(self) -> tuple[Field, ...]:
        """All questions in their order."""
        return tuple(field for section in self.sections for field in section.fields)


def step_form(words: Words, step: Step) -> StepForm:
    """The form for a kind of step in the case as it stands."""
    kind = step.kind
    values: dict[str, Any] = {"on": words.today}
    fields = [_date(kind), *_hour(words, kind, values)]
    fields += _outcome(words, step) if kind != "decided" else []
    fields += _referred_kinds(words, kind, values)
    fields += _addressee(words, kind, values)
    fields += _meeting(words, kind, values)
    fields += inquiry_fields(words, kind, values)
    if kind in NUMBERS:
        label, said = NUMBERS[kind]
        fields.append(Field(key="number", label=label, help=said, optional=True, mono=True))
    fields += input_fields(words, kind, values)
    label, required = NOTES.get(kind, ("Catatan", False))
    note = Field(key="note", label=label, kind="multiline", lines=2, optional=not required)
    between = [
        Section(heading, tuple(found))
        for heading, found in (
            *(review_sections(words, values) if kind == "reviewed" else ()),
            *(plenary_fields(words) if kind == "decided" else ()),
            *((suspicion(words),) if asks_suspicion(words, kind) else ()),
        )
        if found
    ]
    if not between:
        return StepForm((Section("", (*fields, note)),), values)
    return StepForm((Section("", tuple(fields)), *between, Section("", (note,))), values)


def new_step(words: Words, kind: str, values: Mapping[str, Any], corrects: str = "") -> NewStep:
    """The step that the answers describe."""
    on: date = values["on"]
    clock: time | None = values.get("at")
    at = datetime.combine(on, clock, words.posko.zone) if clock else None
    return NewStep(
        kind=kind,
        on=on,
        at=at,
        outcome=plenary_outcome(values) if kind == "decided" else values.get("outcome") or "",
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
    who = [party.category for party in words.view.parties]
    found = {a.code: a for k in kinds for a in words.law.addressees_for(k, day, who)}
    return [
        (code, f"{found[code].label}, {found[code].via}" if found[code].via else found[code].label)
        for code in words.law.addressees
        if code in found
    ]


def counts_hours(words: Words, kind: str) -> bool:
    """Whether some deadline of this case, under some reading, counts hours from this kind."""
    at_stake = ("", *words.view.state.at_stake)
    if asks_suspicion(words, kind):
        at_stake += tuple(words.law.violation_kinds)
    return any(
        "hours" in (rule.unit, *(reading.unit for reading in rule.readings))
        and kind in (rule.starts, *rule.also_starts)
        and rule.violation in at_stake
        for rule in words.law.deadlines.values()
    )


def asks_suspicion(words: Words, kind: str) -> bool:
    """Whether a registration is the first to say what is suspected: a finding has no review."""
    state = words.view.state
    return kind == "registered" and state.intake_kind == "finding" and not state.at_stake


def at_fields(problems: Sequence[Problem], fields: Sequence[str]) -> list[Problem]:
    """Problems of the core at the fields of the form; a group of boxes has its first one."""
    return [Problem(at_boxes(problem.field, fields), problem.message) for problem in problems]


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
        Field(key="outcome", label="Hasil", kind="combo", choices=choices, width=6,
              missing=OUTCOME_MISSING.get(step.kind, "Pilih hasilnya."))
    ]  # fmt: skip


def _referred_kinds(words: Words, kind: str, values: dict[str, Any]) -> list[Field]:
    """A check box per kind of violation that is referred now, where several wait."""
    codes = words.view.state.pending_kinds
    if kind != "referred" or len(codes) < 2:
        return []
    values.update({KIND + code: True for code in codes})
    return [Field(key=KIND + c, label=words.violation(c), kind="check", width=6) for c in codes]


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


def _meeting(words: Words, kind: str, values: dict[str, Any]) -> list[Field]:
    if kind != "invited":
        return []
    values["place"], values["mode"] = f"Kantor {words.posko.office.name}", "in_person"
    return [
        Field(key="whom", label="Siapa yang diundang", kind="combo", choices=words.whom(),
              free=True, missing="Isi siapa yang diundang."),
        Field(key="for_on", label="Hari klarifikasi", kind="date", width=6,
              missing="Isi hari klarifikasi."),
        Field(key="for_time", label="Pukul", kind="time", width=6, hint=words.posko.office.zone,
              missing="Isi jam klarifikasi, misalnya 09.30."),
        Field(key="mode", label="Cara", kind="combo", width=6,
              choices=words.posko.vocabulary.items("clarification_mode")),
        Field(key="online_reason", label="Alasan daring", kind="combo", width=6,
              choices=words.posko.vocabulary.items("online_reason"),
              missing="Pilih alasan klarifikasi daring."),
        Field(key="place", label="Tempat", missing="Isi tempat klarifikasi."),
    ]  # fmt: skip


def _data(words: Words, kind: str, values: Mapping[str, Any]) -> dict[str, str]:
    """What the event carries besides: what the rules, the agenda and the guide read."""
    data: dict[str, str] = {}
    if kind == "referred":
        kinds = [
            key.removeprefix(KIND) for key, on in values.items() if key.startswith(KIND) and on
        ]
        kinds = kinds or list(words.view.state.pending_kinds)[:1]
        data["kinds"] = ",".join(kinds)
    for key in ("addressee", "whom", "place", "mode", "online_reason"):
        if values.get(key):
            data[key] = str(values[key])
    if isinstance(values.get("for_on"), date):
        data["for_on"] = values["for_on"].isoformat()
    if isinstance(values.get("for_time"), time):
        data["for_time"] = f"{values['for_time']:%H.%M}"
    if kind == "reviewed":
        data |= review_data(values)
    if kind == "registered":
        data["kinds"] = suspected(values)
    if kind == "decided":
        data |= plenary_data(values)
    found = data | input_data(words, kind, values) | inquiry_data(values)
    return {key: value for key, value in found.items() if value}
