"""Invented input with defaults: name only what a test is about."""

from __future__ import annotations

from datetime import date
from typing import Any

from posko_app.cases.report import EvidenceInput, NewReport, PersonInput, ReportedInput

PASSWORD = "kata sandi latihan"
TODAY = date(2024, 10, 15)

REPORTER = PersonInput(
    name="Contoh Pelapor Satu",
    nik="6210015207880001",
    birth_place="Kurun",
    birth_on=date(1988, 7, 12),
    sex="female",
    address="RT 03 Desa Contoh Hulu",
    phone="0812 5555 0176",
)
WITNESS = PersonInput(name="Contoh Saksi Dua", address="RT 01 Desa Contoh Hilir")
PARTY = ReportedInput(
    name="Contoh Terlapor, S.Pd.",
    category="pns",
    nip="198604122010011012",
    rank="III/c",
    position_title="Guru",
    agency="SDN 3 Contoh",
)

OF_KIND: dict[str, dict[str, Any]] = {
    "finding": {
        "finder": "Contoh Pengawas Empat",
        "finder_title": "Panwaslu Kelurahan/Desa",
        "lhp_number": "004/LHP/PM.01.02/X/2024",
        "lhp_on": date(2024, 10, 14),
        "plenary_on": TODAY,
    },
    "outside": {"handed_to": "Dinas Contoh"},
}
"""What only some kinds are asked."""


def new_report(**changes: Any) -> NewReport:
    """A complete, correct report filed today."""
    values: dict[str, Any] = {
        "title": "Guru membagikan stiker pasangan calon",
        "theme": "asn_neutrality",
        "filed_on": TODAY,
        "filed_time": "09:30",
        "filed_place": "Kantor Panwaslu Kecamatan Kurun",
        "known_on": date(2024, 10, 14),
        "event_on": date(2024, 10, 13),
        "event_place": "SDN 3 Contoh",
        "region_code": "62.10.02",
        "narrative": "Terlapor membagikan stiker kepada orang tua murid di halaman sekolah.",
        "reporter": REPORTER,
        "reporter_capacity": "voter",
        "reported": (PARTY,),
        "witnesses": (WITNESS,),
        "evidence": (EvidenceInput(description="Foto stiker", kind="photo"),),
        "statement_given": True,
    }
    own = OF_KIND.get(changes.get("kind", ""), {})
    return NewReport(**{**values, **own, **changes})
