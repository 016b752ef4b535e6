"""The questions of the form, in the order of Formulir Model A.1; each kind asks some of them.

Keys are the paths that the core's problems name (`reporter.nik`, `reported.0.name`, `event_on`).
Which kind asks which of them, and under what name, stands in `resources/intake.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from posko_app import text as words
from posko_app.app import Posko
from posko_app.cases.kinds import IntakeKind
from posko_app.cases.violation_forms import offered
from posko_app.office.accounts import accounts
from ui.fields import Choices, Field

REVIEW = "review"
PROXY = ("proxy.nik", "proxy.name", "proxy.phone", "proxy.address", "proxy_letter",
         "proxy_letter_on")  # fmt: skip
"""Asked only where somebody reports for another."""
REASON = "arrival_reason"
"""Asked only where the time of filing differs from the stamp of arrival."""


PARTY_KIND = re.compile(r"reported\.\d+\.category")
VIOLATION = "violation"
"""Asked only where forms of the catalogue fit the persons reported and the time of the act."""


def titles(kind: IntakeKind) -> tuple[tuple[str, str], ...]:
    """The sections of a kind with their numbers, Periksa last."""
    named = [*kind.sections.items(), (REVIEW, "Periksa")]
    return tuple((key, f"{place}. {title}") for place, (key, title) in enumerate(named, 1))


def known_fields(posko: Posko) -> dict[str, Field]:
    """Every field that is in no list, by key."""
    return {field.key: field for part in _PARTS for field in part(posko)}


def section_fields(known: Mapping[str, Field], kind: IntakeKind, section: str) -> tuple[Field, ...]:
    """The fields of a section that is no list, as the kind calls them."""
    return tuple(_called(known[key], kind, key) for key in kind.ask[section])


def row_fields(posko: Posko, kind: IntakeKind, section: str, place: int) -> tuple[Field, ...]:
    """The fields of one row of a list of people or things."""
    known = {field.key: field for field in _ROWS[section](posko)}
    found = []
    for name in kind.ask[section]:
        field = _called(known[name], kind, f"{section}.{name}")
        found.append(replace(field, key=f"{section}.{place}.{name}"))
    return tuple(found)


def _called(field: Field, kind: IntakeKind, key: str) -> Field:
    return replace(
        field,
        label=kind.labels.get(key, field.label),
        hint=kind.hints.get(key, field.hint),
        placeholder=kind.examples.get(key, field.placeholder),
        width=kind.widths.get(key, field.width),
    )


def _receipt(posko: Posko) -> tuple[Field, ...]:
    """When, where and by whom it was taken in (the end of A.1)."""
    people = [(a.login, a.name) for a in accounts(posko) if a.active]
    list_of = posko.vocabulary.items
    return (
        Field(key="channel", label="Cara lapor", kind="combo", width=3, choices=list_of("channel")),
        Field(key="filed_on", label="Tanggal lapor", kind="date", width=3),
        Field(key="filed_time", label="Pukul", kind="time", width=2, hint=posko.office.zone),
        Field(key="officer", label="Petugas", kind="combo", width=4, choices=people),
        Field(key="filed_place", label="Tempat lapor", width=6,
              placeholder="Misalnya kantor atau posko keliling"),
        Field(key="election_kind", label="Pemilihan", kind="combo", width=3,
              choices=list_of("election_kind")),
        Field(key="election_stage", label="Tahapan", kind="combo", width=3, hint="dari kalender",
              choices=list_of("election_stage")),
        Field(key=REASON, label="Alasan waktu diubah", width=12,
              placeholder="Misalnya sudah menunggu sejak 08.55"),
    )  # fmt: skip


def _reporter(posko: Posko) -> tuple[Field, ...]:
    """Item 1 of A.1, who speaks for the reporter, and whom a request comes from."""
    list_of = posko.vocabulary.items
    return (
        Field(key="organisation", label="Lembaga atau instansi", width=7),
        Field(key="reporter.nik", label="NIK", kind="nik", width=4),
        Field(key="reporter.name", label="Nama lengkap", width=5),
        Field(key="reporter.phone", label="Nomor telepon", kind="phone", width=3, hint="WA"),
        Field(key="reporter.birth_place", label="Tempat lahir", width=3),
        Field(key="reporter.birth_on", label="Tanggal lahir", kind="date", width=3),
        Field(key="reporter.sex", label="Jenis kelamin", kind="combo", width=3,
              choices=list_of("sex")),
        Field(key="reporter.occupation", label="Pekerjaan", kind="combo", width=3,
              choices=list_of("occupation"), free=True),
        Field(key="reporter.citizenship", label="Warga negara", kind="combo", width=2,
              choices=list_of("citizenship")),
        Field(key="reporter.address", label="Alamat", width=10),
        Field(key="reporter.email", label="E-mail", width=4, optional=True),
        Field(key="reporter_capacity", label="Melapor sebagai", kind="combo", width=5,
              choices=[c for c in list_of("reporter_capacity") if c[0] != "proxy"]),
        Field(key="by_proxy", label="Diwakili kuasa", kind="check", width=3),
        Field(key="proxy.nik", label="NIK kuasa", kind="nik", width=4),
        Field(key="proxy.name", label="Nama kuasa", width=5),
        Field(key="proxy.phone", label="Telepon kuasa", kind="phone", width=3),
        Field(key="proxy.address", label="Alamat kuasa", width=5),
        Field(key="proxy_letter", label="Nomor surat kuasa khusus", width=4, mono=True),
        Field(key="proxy_letter_on", label="Tanggal surat", kind="date", width=3),
    )  # fmt: skip


def _finder(posko: Posko) -> tuple[Field, ...]:
    """Who found it, from which LHP, and the plenary that set it as a finding (A.2)."""
    return (
        Field(key="finder", label="Nama pengawas", width=5),
        Field(key="finder_title", label="Jabatan", width=4),
        Field(key="finder_address", label="Alamat", width=12),
        Field(key="lhp_number", label="Nomor LHP", width=6, mono=True, hint="Formulir A"),
        Field(key="lhp_on", label="Tanggal LHP", kind="date", width=3),
        Field(key="known_on", label="Tanggal diketahui", kind="date", width=3),
        Field(key="plenary_number", label="Nomor berita acara pleno", width=6, mono=True),
        Field(key="plenary_on", label="Tanggal pleno", kind="date", width=3,
              hint="menetapkan"),
    )  # fmt: skip


def _party(posko: Posko) -> tuple[Field, ...]:
    """Item 2 of A.1: one terlapor."""
    return (
        Field(key="nip", label="NIP", kind="nip", width=4, hint="bila ASN"),
        Field(key="name", label="Nama lengkap", width=5, placeholder="atau tulis Belum diketahui"),
        Field(key="category", label="Kedudukan", kind="combo", width=3,
              choices=posko.vocabulary.items("reported_category")),
        Field(key="position_title", label="Jabatan", width=4),
        Field(key="agency", label="Instansi", width=5),
        Field(key="rank", label="Pangkat/golongan", width=3),
        Field(key="address", label="Alamat", width=9, hint="bila diketahui"),
        Field(key="phone", label="Nomor telepon", kind="phone", width=3),
    )  # fmt: skip


def _event(posko: Posko) -> tuple[Field, ...]:
    """Items 3 and 6 of A.1, and what the other kinds are about."""
    village = posko.office.level == "kecamatan"
    return (
        Field(key="info_source", label="Sumber informasi", width=12,
              placeholder="Misalnya unggahan akun terbuka, siaran grup, atau berita"),
        Field(key="title", label="Peristiwa", width=12,
              placeholder="Satu kalimat: siapa melakukan apa"),
        Field(key="handed_to", label="Instansi yang berwenang", width=6),
        Field(key="wanted_on", label="Tanggal yang diminta", kind="date", width=3),
        Field(key="event_on", label="Tanggal kejadian", kind="date", width=3),
        Field(key="event_time", label="Pukul", kind="time", width=2, hint=posko.office.zone),
        Field(key="known_on", label="Tanggal diketahui", kind="date", width=3),
        Field(key="theme", label="Jenis dugaan", kind="combo", width=4,
              choices=posko.vocabulary.items("allegation")),
        Field(key="event_place", label="Tempat kejadian", width=7,
              placeholder="Nama desa, gedung, atau jalan"),
        Field(key="region_code", label="Desa/kelurahan" if village else "Kecamatan", kind="region",
              width=5, choices=region_choices(posko)),
        Field(key=VIOLATION, label="Bentuk pelanggaran", kind="combo", width=12, optional=True,
              placeholder="Hanya yang berlaku bagi terlapor dan masa kejadian"),
        Field(key="narrative", label="Uraian kejadian", kind="multiline", width=12, lines=5,
              hint="apa, di mana, kapan, bagaimana"),
        Field(key="answer", label="Jawaban", kind="multiline", width=12, lines=3,
              hint="bila dijawab langsung, catatan ini selesai"),
    )  # fmt: skip


def _witness(_posko: Posko) -> tuple[Field, ...]:
    """Item 4 of A.1: one saksi."""
    return (
        Field(key="name", label="Nama lengkap", width=4),
        Field(key="address", label="Alamat", width=5),
        Field(key="phone", label="Nomor telepon", kind="phone", width=3),
    )


def _item(posko: Posko) -> tuple[Field, ...]:
    """Item 5 of A.1: one bukti."""
    list_of = posko.vocabulary.items
    return (
        Field(key="description", label="Bukti", width=6,
              placeholder="Misalnya foto stiker yang dibagikan"),
        Field(key="kind", label="Jenis", kind="combo", width=3, choices=list_of("evidence_kind")),
        Field(key="source", label="Berasal dari", kind="combo", width=3,
              choices=list_of("evidence_source")),
    )  # fmt: skip


_PARTS: Sequence[Callable[[Posko], tuple[Field, ...]]] = (_receipt, _reporter, _finder, _event)
_ROWS: Mapping[str, Callable[[Posko], tuple[Field, ...]]] = {
    "reported": _party,
    "witnesses": _witness,
    "evidence": _item,
}


def region_choices(posko: Posko) -> Choices:
    """Where it may have happened: the kecamatan of this office, or the villages of a kecamatan."""
    office = posko.office
    regions = posko.regions
    if office.level == "kecamatan":
        own = regions.get(office.code)
        whole = [(own.code, f"Kecamatan {own.name}")] if own else []
        return [*whole, *_by_name([(r.code, r.name) for r in regions.children(office.code)])]
    if office.level == "kabupaten":
        return _by_name([(r.code, r.name) for r in regions.children(office.code)])
    return _by_name(
        [
            (below.code, f"{below.name}, {above.name.title()}")
            for above in regions.children(office.code)
            for below in regions.children(above.code)
        ]
    )


def violation_choices(posko: Posko, values: Mapping[str, Any]) -> Choices:
    """The forms of violation that fit what was typed so far, without our own codes."""
    filed = values.get("filed_on")
    law = posko.rules.get(posko.office.regulation, filed or posko.today())
    who = [value for key, value in values.items() if PARTY_KIND.fullmatch(key) and value]
    found = offered(law, who, values.get("event_on"), values.get("election_stage") or "")
    return [(entry.code, entry.title) for entry in found]


def _by_name(choices: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    return sorted(choices, key=lambda choice: choice[1])


def day_words(day: date, today: date) -> str:
    """A day as people say it: hari ini, kemarin, else `14 Okt`."""
    near = {0: "hari ini", 1: "kemarin"}.get((today - day).days)
    return near or f"{day.day} {words.SHORT_MONTHS[day.month - 1]}"
