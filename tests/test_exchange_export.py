"""Exports as real files: what is in them, what never is, how they are split and signed."""

from __future__ import annotations

import base64
import json
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

import openpyxl
import pytest
from sqlalchemy import select

from posko_app.app import Posko
from posko_app.cases.intake import file_report, file_reports
from posko_app.cases.prevention import NewActivity, log_activity
from posko_app.data import record as records
from posko_app.data import versions
from posko_app.data.base import synced_tables
from posko_app.data.outgoing import outgoing_of_records
from posko_app.data.tables import AuditEntry, Case, Export
from posko_app.errors import Cancelled, NotAllowed, UserError
from posko_app.exchange import manifest as head
from posko_app.exchange.export import ExportResult, export
from posko_app.exchange.gather import Wanted, split
from posko_app.exchange.prospect import prospects
from posko_app.exchange.xlsx.limits import limits
from posko_app.security.sign import verify
from tests.factory import REPORTER, TODAY, WITNESS, new_report


@pytest.fixture
def kecamatan(office: Callable[..., Posko]) -> Posko:
    return office("kecamatan")


def activity() -> NewActivity:
    return NewActivity(kind="vulnerability", on=TODAY, title="Imbauan netralitas kepala desa")


def machine_rows(path: Path) -> Iterator[tuple[str, ...]]:
    """The rows of the machine sheet as an independent reader sees them."""
    book = openpyxl.load_workbook(path, read_only=True)
    try:
        for row in book[head.SHEET].iter_rows(values_only=True):
            yield tuple(str(v) for v in row if v is not None)
    finally:
        book.close()


def parts_of(path: Path) -> Iterator[str]:
    """Every part of the file as text."""
    with zipfile.ZipFile(path) as book:
        for name in book.namelist():
            yield book.read(name).decode()


def made(posko: Posko, folder: Path, **options: object) -> ExportResult:
    folder.mkdir(exist_ok=True)
    return export(posko, "62.10", folder, **options)  # type: ignore[arg-type]


def test_an_export_holds_every_record_but_identities(kecamatan: Posko, tmp_path: Path) -> None:
    file_report(kecamatan, new_report())
    log_activity(kecamatan, activity())
    result = made(kecamatan, tmp_path / "out")
    assert [p.name for p in result.files] == ["Posko_62.10.02_ke_62.10_001.xlsx"]
    first, *rows = machine_rows(result.files[0])
    manifest = head.from_text(first[1])
    assert first[0] == "POS1"
    assert verify(manifest.public_key, first[1].encode(), base64.b64decode(first[2]))
    assert manifest.root == head.root(f"{r[0]}:{r[1]}" for r in rows)
    assert manifest.n == len(rows) == result.rows
    assert (manifest.office, manifest.to, manifest.seq, manifest.prev) == (
        "62.10.02",
        "62.10",
        1,
        "",
    )
    assert manifest.practice is True
    tables = sorted(records.loads("".join(r[2:]))["t"] for r in rows)
    assert tables == sorted(
        ["cases", "events", "evidence", "prevention", "reported_parties", "witnesses"]
    )
    assert sum(manifest.counts.values()) == len(rows)
    with kecamatan.store.read() as session:
        local = {r.uid: r for r in versions.load_records(session)}
    for uid, row_hash, *pieces in rows:
        text = "".join(pieces)
        assert records.row_hash(text) == row_hash
        assert records.from_canonical(records.loads(text)) == local[uid]


def test_no_part_of_the_file_holds_anybodys_identity(kecamatan: Posko, tmp_path: Path) -> None:
    uid = file_report(kecamatan, new_report()).uid
    for profile, way in (("internal", {}), ("penerus", {"what": "picked", "cases": [uid]})):
        result = made(kecamatan, tmp_path / profile, profile=profile, **way)
        text = "\n".join(parts_of(result.files[0]))
        assert "Guru membagikan stiker" in text
        for secret in (
            REPORTER.name,
            REPORTER.nik,
            "081255550176",
            "5555 0176",
            REPORTER.address,
            WITNESS.name,
            WITNESS.address,
        ):
            assert secret not in text
        assert ("Saksi 1" in text) == (profile == "internal")


def test_a_practice_office_marks_its_files(kecamatan: Posko, tmp_path: Path) -> None:
    file_report(kecamatan, new_report())
    result = made(kecamatan, tmp_path / "out")
    book = openpyxl.load_workbook(result.files[0])
    words = [str(c.value) for row in book["BACA SAYA"].iter_rows() for c in row if c.value]
    assert book.sheetnames[0] == "BACA SAYA"
    assert any("LATIHAN" in word for word in words)
    assert book[head.SHEET].sheet_state == "veryHidden"
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.value is None or cell.data_type in ("s", "inlineStr"), cell
                assert cell.value is None or cell.number_format == "@"


def test_travelling_text_is_the_canonical_form(kecamatan: Posko) -> None:
    """The fast way from rows to text gives what the record form gives, for every kind of write."""
    filed = file_reports(kecamatan, [new_report(), new_report(event_on=None, known_on=TODAY)][:1])
    log_activity(kecamatan, activity())
    with kecamatan.write() as session:
        case = session.scalars(select(Case)).one()
        case.title, case.event_on, case.by_proxy = "Judul “baru”\nbaris", None, True
    with kecamatan.write() as session:
        session.scalars(select(Case)).one().title = "Lagi"
    with kecamatan.store.read() as session:
        wanted = {
            r.uid: records.dumps(records.canonical(r)) for r in versions.load_records(session)
        }
        found = {}
        for table in synced_tables():
            for out in outgoing_of_records(session, table, list(wanted)):
                found[out.uid] = out.text
                assert out.hash == records.row_hash(out.text)
    assert filed
    assert found == wanted


def test_sequence_and_chain_go_on(kecamatan: Posko, tmp_path: Path) -> None:
    file_report(kecamatan, new_report())
    first = made(kecamatan, tmp_path / "out")
    second = made(kecamatan, tmp_path / "out")
    manifest = head.from_text(next(machine_rows(second.files[0]))[1])
    assert (second.seq, manifest.prev) == (2, first.uid)
    assert second.rows == first.rows, "nothing was acknowledged, so everything goes again"
    with kecamatan.store.read() as session:
        rows = session.scalars(select(Export).order_by(Export.seq)).all()
        notes = session.scalars(select(AuditEntry.action)).all()
    assert [(r.seq, r.to_code, r.rows) for r in rows] == [
        (1, "62.10", first.rows),
        (2, "62.10", first.rows),
    ]
    assert notes.count("export.made") == 2


@pytest.mark.parametrize("field", ["book_cases", "sheet_rows", "file_unpacked_bytes", "file_bytes"])
def test_the_next_part_begins_before_any_limit(
    field: str, kecamatan: Posko, tmp_path: Path
) -> None:
    noise = Random(5)  # text that does not pack, so that size follows the number of cases
    file_reports(
        kecamatan,
        [
            new_report(title=f"Laporan {n}", narrative=noise.randbytes(12_000).hex())
            for n in range(5)
        ],
    )
    log_activity(kecamatan, activity())
    whole = made(kecamatan, tmp_path / "whole")
    with zipfile.ZipFile(whole.files[0]) as book:
        unpacked = sum(e.file_size for e in book.infolist())
    few = {
        "book_cases": 2,
        "sheet_rows": 13,
        "file_unpacked_bytes": unpacked * 2 // 3,
        "file_bytes": whole.files[0].stat().st_size * 4 // 5,
    }[field]
    bounds = replace(limits(), **{field: few})
    result = made(kecamatan, tmp_path / "out", bounds=bounds)
    assert len(result.files) > 1
    of = len(result.files)
    seen: list[str] = []
    for number, path in enumerate(result.files, 1):
        assert path.name == f"Posko_62.10.02_ke_62.10_002_{number}dari{of}.xlsx"
        first, *rows = machine_rows(path)
        manifest = head.from_text(first[1])
        assert (manifest.part, manifest.parts, manifest.xid) == (number, of, result.uid)
        assert manifest.n == len(rows)
        data = [records.loads("".join(r[2:])) for r in rows]
        cases = {d["u"] for d in data if d["t"] == "cases"}
        assert len(cases) <= bounds.book_cases
        assert len(rows) + 1 <= bounds.sheet_rows
        assert path.stat().st_size <= bounds.file_bytes
        assert {d["f"]["case_uid"] for d in data if "case_uid" in d["f"]} <= cases
        seen += [r[0] for r in rows]
    assert len(seen) == len(set(seen)) == whole.rows


def test_parts_are_whole_cases(kecamatan: Posko) -> None:
    file_reports(kecamatan, [new_report(title=f"Laporan {n}") for n in range(3)])
    with kecamatan.store.read() as session:
        wanted = Wanted("62.10", "62.10.02", 0, {"identities"})
        parts = split(session, wanted, replace(limits(), sheet_rows=8))
    assert [len(p.cases) for p in parts] == [1, 1, 1]
    assert all(p.counts["cases"] == 1 and p.rows == 5 for p in parts)


@pytest.mark.parametrize(
    ("to", "titles"),
    [
        ("62", {"Di Kurun", "Di Sepang", "Tanpa wilayah"}),
        ("62.10", {"Di Kurun", "Di Sepang", "Tanpa wilayah"}),
        ("62.10.02", {"Di Kurun"}),
        ("62.10.01", {"Di Sepang"}),
        ("62.11", set()),
    ],
)
def test_offices_below_and_beside_get_only_what_is_theirs(
    office: Callable[..., Posko], tmp_path: Path, to: str, titles: set[str]
) -> None:
    posko = office("kabupaten")
    for title, region in (
        ("Di Kurun", "62.10.02"),
        ("Di Sepang", "62.10.01.2001"),
        ("Tanpa wilayah", ""),
    ):
        file_report(posko, new_report(title=title, region_code=region))
    log_activity(posko, activity())
    foreseen = prospects(posko, to).by_what["changes"]
    result = export(posko, to, tmp_path)
    sent = [json.loads("".join(row[2:])) for row in list(machine_rows(result.files[0]))[1:]]
    assert {row["f"]["title"] for row in sent if row["t"] == "cases"} == titles
    assert len(foreseen.cases) == len(titles)
    above = to in ("62", "62.10")
    assert any(row["t"] == "prevention" for row in sent) == above
    assert bool(foreseen.tables.get("prevention")) == above


def test_cancelling_leaves_no_file_and_no_row(kecamatan: Posko, tmp_path: Path) -> None:
    file_reports(kecamatan, [new_report(title=f"Laporan {n}") for n in range(4)])

    def stop(done: int, total: int, text: str = "") -> None:
        if done >= total // 2:
            raise Cancelled

    with pytest.raises(Cancelled):
        made(kecamatan, tmp_path / "out", progress=stop, bounds=replace(limits(), book_cases=1))
    assert list((tmp_path / "out").iterdir()) == []
    with kecamatan.store.read() as session:
        assert session.scalars(select(Export)).all() == []


def test_refusals_are_sentences(kecamatan: Posko, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="tidak dikenal") as unknown:
        export(kecamatan, "99.99", tmp_path)
    assert unknown.value.code == "unknown_office"
    with pytest.raises(UserError, match="tidak dikunci"):
        export(kecamatan, "62.10", tmp_path, profile="publik", lock=True)
    with pytest.raises(UserError, match="tidak dikenal"):
        export(kecamatan, "62.10", tmp_path, profile="rahasia")
    with pytest.raises(UserError, match="tidak ada"):
        export(kecamatan, "62.10", tmp_path / "tidak-ada")
    if sys.platform == "linux":
        with pytest.raises(UserError, match="tidak tersimpan"):
            export(kecamatan, "62.10", Path("/proc"))
    kecamatan.user = replace(kecamatan.user, role="receiver")
    with pytest.raises(NotAllowed):
        export(kecamatan, "62.10", tmp_path)
    assert not list(tmp_path.glob("*.xlsx"))


def test_an_office_without_cases_exports_an_empty_workbook(
    kecamatan: Posko, tmp_path: Path
) -> None:
    result = made(kecamatan, tmp_path / "out")
    assert (result.rows, len(result.files)) == (0, 1)
    assert len(list(machine_rows(result.files[0]))) == 1


def test_a_copy_with_less_in_it_confirms_nothing(kecamatan: Posko, tmp_path: Path) -> None:
    """Else records that it leaves out would never be sent."""
    uid = file_report(kecamatan, new_report()).uid
    result = made(kecamatan, tmp_path / "out", profile="penerus", what="picked", cases=[uid])
    manifest = head.from_text(next(machine_rows(result.files[0]))[1])
    assert (manifest.frm, manifest.upto, manifest.profile) == (0, 0, "penerus")
