"""The workbook for the public: what it tells, whom it never names, and that it changes nothing."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import select

from posko_app.app import Posko
from posko_app.cases.intake import file_report, file_reports
from posko_app.cases.prevention import NewActivity, log_activity
from posko_app.data.tables import AuditEntry, Export, Import, Peer
from posko_app.errors import UserError
from posko_app.exchange.apply import apply_plan, import_file
from posko_app.exchange.export import ExportResult, export
from posko_app.exchange.layout import layout
from posko_app.exchange.manifest import SHEET
from posko_app.exchange.notice import PUBLIC_COPY
from posko_app.exchange.peek import glance
from posko_app.exchange.plan import preview
from posko_app.exchange.public_layout import FIELDS, load_public_layout, public_layout
from posko_app.exchange.xlsx.limits import limits
from posko_app.paths import resource
from tests.factory import PARTY, REPORTER, TODAY, WITNESS, new_report

CASES, ACTIVITIES = "Daftar perkara", "Kegiatan pencegahan"


def activity(**changes: object) -> NewActivity:
    values = {"kind": "vulnerability", "on": TODAY, "title": "Imbauan netralitas kepala desa"}
    return NewActivity(**{**values, **changes})  # type: ignore[arg-type]


def published(posko: Posko, folder: Path, to: str = "62", **options: object) -> ExportResult:
    folder.mkdir(exist_ok=True)
    return export(posko, to, folder, profile="publik", **options)  # type: ignore[arg-type]


def lines(path: Path, sheet: str) -> list[dict[str, object]]:
    """The rows of a sheet by heading, as an independent reader sees them."""
    book = openpyxl.load_workbook(path)
    first, *rest = book[sheet].iter_rows(values_only=True)
    return [dict(zip(map(str, first), row, strict=True)) for row in rest]


def resaved(path: Path, target: Path) -> Path:
    book = openpyxl.load_workbook(path)
    book.save(target)
    return target


def test_it_tells_facts_of_cases_and_of_prevention(posko: Posko, tmp_path: Path) -> None:
    file_report(posko, new_report(region_code="62.10.02"))
    log_activity(posko, activity(participants=12))
    made = published(posko, tmp_path / "out")
    assert [path.name for path in made.files] == ["Posko_62.10_untuk_umum.xlsx"]
    assert (made.seq, made.rows) == (0, 2)
    book = openpyxl.load_workbook(made.files[0])
    assert book.sheetnames == ["BACA SAYA", CASES, ACTIVITIES, SHEET]
    assert book[SHEET].sheet_state == "veryHidden"
    (case,) = lines(made.files[0], CASES)
    assert case["Jenis"] == "Laporan"
    assert case["Diterima"] == "15-10-2024"
    assert case["Kabupaten/kota"] == "Kabupaten Gunung Mas"
    assert case["Kecamatan"] == "Kurun"
    assert case["Pokok dugaan"] == "Netralitas ASN"
    assert case["Registrasi"] == "Belum/proses"
    assert case["Tahap"]
    assert case["Hasil"] is None
    (done,) = lines(made.files[0], ACTIVITIES)
    assert done["Kegiatan"] == "Imbauan netralitas kepala desa"
    assert done["Pelaksana"] == "Bawaslu Kabupaten Gunung Mas"
    assert (done["Peserta"], done["Keadaan"]) == (12, "Terlaksana")
