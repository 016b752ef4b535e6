"""The workbook for the public: what it tells, whom it never names, and that it changes nothing."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import select

from posko_app.app import Posko
from posko_app.cases.intake import file_report, file_reports
from posko_app.cases.prevention import NewActivity, log_activity
from posko_app.cases.steps import NewStep, record_step
from posko_app.data.tables import AuditEntry, Case, Export, Import, Peer
from posko_app.errors import UserError
from posko_app.exchange import manifest as head
from posko_app.exchange.apply import import_file
from posko_app.exchange.digest import digest
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
from tests.libreoffice import MISSING, SOFFICE, Play
from tests.test_exchange_export import machine_rows

CASES, ACTIVITIES = "Daftar perkara", "Kegiatan pencegahan"


def activity(**changes: object) -> NewActivity:
    values = {"kind": "vulnerability", "on": TODAY, "title": "Imbauan netralitas kepala desa"}
    return NewActivity(**{**values, **changes})  # type: ignore[arg-type]


def step(posko: Posko, uid: str, kind: str, **more: object) -> None:
    record_step(posko, uid, NewStep(kind=kind, on=TODAY, **more))  # type: ignore[arg-type]


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


def test_no_person_no_text_and_no_village_stands_in_it(posko: Posko, tmp_path: Path) -> None:
    new = new_report(
        region_code="62.10.01.2002",
        narrative="Terlapor berbicara lama di balai kampung.",
        title="Guru membagikan stiker di rumah makan",
        event_place="Balai kampung hilir",
    )
    file_report(posko, new)
    made = published(posko, tmp_path / "out")
    village = posko.regions.get("62.10.01.2002")
    assert village is not None
    with zipfile.ZipFile(made.files[0]) as book:
        text = "\n".join(book.read(name).decode() for name in book.namelist())
    for secret in (
        *(REPORTER.name, REPORTER.nik, WITNESS.name, PARTY.name, PARTY.nip, PARTY.agency),
        *("Guru membagikan", "balai", "Balai", "stiker", f">{village.name}<", "2024-10-13"),
        *("13-10-2024", "Saksi 1", posko.user.name),
    ):
        assert secret not in text, secret
    assert ">Sepang<" in text


def test_only_reports_and_findings_are_listed(posko: Posko, tmp_path: Path) -> None:
    file_report(posko, new_report())
    file_report(posko, new_report(kind="finding"))
    file_report(posko, new_report(kind="consultation", reported=(), witnesses=()))
    made = published(posko, tmp_path / "out")
    assert sorted(str(row["Jenis"]) for row in lines(made.files[0], CASES)) == ["Laporan", "Temuan"]


def test_a_cancelled_case_is_not_listed(posko: Posko, tmp_path: Path) -> None:
    uids = [file_report(posko, new_report()).uid for _ in range(2)]
    with posko.write() as session:
        session.scalars(select(Case).where(Case.uid == uids[0])).one().void_reason = "Dobel"
    assert len(lines(published(posko, tmp_path / "out").files[0], CASES)) == 1


def test_a_result_waits_for_its_announcement(posko: Posko, tmp_path: Path) -> None:
    uid = file_report(posko, new_report()).uid
    step(posko, uid, "reviewed", outcome="complete")
    step(posko, uid, "registered")
    step(posko, uid, "assessed")
    step(posko, uid, "decided", outcome="not_violation")
    (before,) = lines(published(posko, tmp_path / "a").files[0], CASES)
    assert before["Registrasi"] == "Diregistrasi"
    assert (before["Hasil"], before["Jenis pelanggaran"], before["Tindak lanjut"]) == (None,) * 3
    step(posko, uid, "notified")
    (after,) = lines(published(posko, tmp_path / "b").files[0], CASES)
    assert after["Hasil"] == "Bukan pelanggaran"
    assert after["Tindak lanjut"] == "Dihentikan"
    assert after["Status diberitahukan"]


def test_codes_that_nobody_here_knows_are_not_shown(posko: Posko, tmp_path: Path) -> None:
    """A newer program, or somebody with a text editor, may have written anything into a code."""
    uid = file_report(posko, new_report()).uid
    with posko.write() as session:
        case = session.scalars(select(Case).where(Case.uid == uid)).one()
        case.theme, case.election_kind = "Budi di RT 4", "Budi"
    (row,) = lines(published(posko, tmp_path / "out").files[0], CASES)
    assert row["Pokok dugaan"] is None
    assert row["Pemilihan"] is None


def test_an_office_gives_only_what_is_the_recipients(posko: Posko, tmp_path: Path) -> None:
    for region in ("62.10.01", "62.10.02"):
        file_report(posko, new_report(region_code=region))
    made = published(posko, tmp_path / "out", "62.10.01")
    assert [row["Kecamatan"] for row in lines(made.files[0], CASES)] == ["Sepang"]
    with posko.store.read() as session:
        picked = session.scalars(select(Case.uid).where(Case.region_code == "62.10.02")).all()
    log_activity(posko, activity())
    chosen = published(posko, tmp_path / "picked", what="picked", cases=picked)
    assert [row["Kecamatan"] for row in lines(chosen.files[0], CASES)] == ["Kurun"]
    assert lines(chosen.files[0], ACTIVITIES)[0]["Tanggal"] == "Tidak ada kegiatan pencegahan."


def test_it_is_a_copy_beside_the_channel_without_a_record(posko: Posko, tmp_path: Path) -> None:
    file_report(posko, new_report())
    made = published(posko, tmp_path / "out")
    first, *rest = machine_rows(made.files[0])
    manifest = head.from_text(first[1])
    assert rest == []
    assert (manifest.profile, manifest.n, manifest.outside) == ("publik", 0, True)
    assert (manifest.seq, manifest.frm, manifest.upto) == (0, 0, 0)
    assert set(manifest.sheets) == {"BACA SAYA", CASES, ACTIVITIES}
    assert manifest.roster == manifest.certificate == manifest.recipient == ""
    assert (manifest.forked, manifest.acks) == ((), {})
    seen = glance(made.files[0])
    assert (seen.kind, seen.seq) == ("export", 0)
    assert export(posko, "62", tmp_path / "out").seq == 1, "the channel did not move"
    with posko.store.read() as session:
        rows = session.scalars(select(Export).order_by(Export.id)).all()
    assert (rows[0].profile, rows[0].outside, rows[0].upto_lsn) == ("publik", True, 0)


@pytest.mark.parametrize(
    ("who", "saved_again"),
    [("maker", False), ("maker", True), ("addressee", True), ("neighbour", False),
     ("stranger", True)],
)  # fmt: skip
def test_taken_in_again_it_changes_nothing(
    office: Callable[..., Posko], tmp_path: Path, who: str, saved_again: bool
) -> None:
    maker = office("kabupaten", stranger=who == "stranger")
    file_report(maker, new_report())
    log_activity(maker, activity())
    path = published(maker, tmp_path / "out").files[0]
    if saved_again:
        path = resaved(path, tmp_path / "lagi.xlsx")
    reader = {
        "maker": lambda: maker,
        "addressee": lambda: office("provinsi"),
        "neighbour": lambda: office("kecamatan"),
        "stranger": lambda: office("provinsi", stranger=True),
    }[who]()
    if reader is not maker:
        file_report(reader, new_report(title="Catatan kantor ini sendiri"))
    before = digest(reader).digest
    plan = preview(reader, path)
    assert (plan.verdict, plan.reason) == ("accepted", PUBLIC_COPY)
    assert (plan.new, plan.updated, plan.conflicts, plan.proposals) == (0, 0, 0, 0)
    assert not plan.first_contact
    assert plan.warnings == (PUBLIC_COPY,)
    for _ in range(2):
        outcome = import_file(reader, path, apply=True)
        assert (outcome.verdict, outcome.applied, outcome.reason) == ("accepted", True, PUBLIC_COPY)
        assert (outcome.new, outcome.updated, outcome.rejected) == (0, 0, ())
    assert digest(reader).digest == before
    with reader.store.read() as session:
        assert session.scalars(select(Peer)).all() == []
        assert len(session.scalars(select(Import)).all()) == 2


@pytest.mark.skipif(SOFFICE is None, reason=MISSING)
def test_saved_by_libreoffice_it_is_still_known(posko: Posko, tmp_path: Path) -> None:
    file_report(posko, new_report())
    path = published(posko, tmp_path / "out").files[0]
    play = Play()
    play.opened(path)
    play.saved(tmp_path / "lagi.xlsx")
    play.run(tmp_path / "libreoffice")
    plan = preview(posko, tmp_path / "lagi.xlsx")
    assert (plan.verdict, plan.reason, plan.proposals) == ("accepted", PUBLIC_COPY, 0)
    assert lines(tmp_path / "lagi.xlsx", CASES) == lines(path, CASES)


def test_what_somebody_typed_into_it_is_no_proposal(
    office: Callable[..., Posko], tmp_path: Path
) -> None:
    maker, reader = office("kabupaten"), office("provinsi")
    file_report(maker, new_report())
    path = published(maker, tmp_path / "out").files[0]
    book = openpyxl.load_workbook(path)
    book[CASES]["B2"] = "Temuan"
    book.create_sheet("Perkara")["A1"] = layout().id_heading  # as if it were a sheet of exports
    book.save(path)
    plan = preview(reader, path)
    assert (plan.verdict, plan.proposals, plan.reason) == ("accepted", 0, PUBLIC_COPY)


def test_one_with_another_head_is_not_believed(
    office: Callable[..., Posko], tmp_path: Path
) -> None:
    maker, reader = office("kabupaten"), office("provinsi")
    file_report(maker, new_report())
    path = published(maker, tmp_path / "out").files[0]
    book = openpyxl.load_workbook(path)
    book[SHEET]["B1"] = str(book[SHEET]["B1"].value).replace('"n":0', '"n":1')
    book.save(path)
    assert preview(reader, path).code == "bad_signature"
    del book[SHEET]
    book.save(path)
    assert preview(reader, path).code == "not_posko"


def test_more_lines_than_a_sheet_holds_go_on_in_the_next_file(posko: Posko, tmp_path: Path) -> None:
    file_reports(posko, [new_report(title=f"Laporan {n}") for n in range(5)])
    log_activity(posko, activity())
    made = published(posko, tmp_path / "out", bounds=replace(limits(), sheet_rows=4))
    assert [p.name for p in made.files] == [
        f"Posko_62.10_untuk_umum_{n}dari3.xlsx" for n in (1, 2, 3)
    ]
    numbers = [row["Nomor"] for path in made.files for row in lines(path, CASES)]
    assert len(numbers) == len(set(numbers)) == 5
    assert lines(made.files[1], ACTIVITIES)[0]["Tanggal"] == "Tidak ada kegiatan pencegahan."
    for path in made.files:
        assert preview(posko, path).reason == PUBLIC_COPY


def test_a_name_typed_into_a_title_stops_it(posko: Posko, tmp_path: Path) -> None:
    file_report(posko, new_report())
    log_activity(posko, activity(title=f"Sosialisasi bersama {REPORTER.name}"))
    with pytest.raises(UserError) as refused:
        published(posko, tmp_path / "out")
    assert refused.value.code == "names_found"
    assert "lembar Pencegahan, kolom Kegiatan" in refused.value.message
    assert REPORTER.name not in refused.value.message
    assert list((tmp_path / "out").iterdir()) == []
    with pytest.raises(UserError) as short:
        published(posko, tmp_path / "out", names_stay="boleh")
    assert short.value.code == "reason_too_short"
    made = published(posko, tmp_path / "out", names_stay="Narasumber tampil dengan nama sendiri")
    assert len(made.found) == 1
    with posko.store.read() as session:
        notes = session.scalars(
            select(AuditEntry.body).where(AuditEntry.action == "export.made")
        ).all()
    assert "Narasumber tampil dengan nama sendiri" in notes[-1]
    assert REPORTER.name not in notes[-1]


def test_the_layout_can_only_show_less(tmp_path: Path) -> None:
    shipped = resource("exchange", "public.toml").read_text("utf-8")
    for sheet in public_layout().sheets:
        assert {column.field for column in sheet.columns} == set(FIELDS[sheet.of])
    bad = tmp_path / "public.toml"
    bad.write_text(shipped.replace('field = "theme"', 'field = "narrative"'), "utf-8")
    with pytest.raises(ValueError, match="not for the public"):
        load_public_layout(bad)
