"""The watched folders: exports by name or by content, our second PC, packages, filled workbooks."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from posko_app.app import Posko
from posko_app.cases.intake import file_report
from posko_app.data.incarnation import renew
from posko_app.exchange.apply import import_file
from posko_app.exchange.blank import write_template
from posko_app.exchange.export import export
from posko_app.exchange.peek import OTHER, glance
from tests.factory import new_report
from ui.inbox import Waiting, note_read, read_before, scan

HOSTILE = [
    b"",
    b"PK\x03\x04" + b"\0" * 60,
    b"PK\x05\x06" + b"\xff" * 18,
    b"not a zip at all",
]


@pytest.fixture
def unduhan(tmp_path: Path) -> Path:
    folder = tmp_path / "Unduhan"
    folder.mkdir()
    return folder


def waiting(posko: Posko, folder: Path) -> list[Waiting]:
    return list(scan(posko, [("Unduhan", folder)]))


def sent(posko: Posko, to: str, folder: Path) -> Path:
    (path,) = export(posko, to, folder).files
    return path


def filled(blank: Path) -> Path:
    """The blank workbook as a spreadsheet program saves it."""
    book = openpyxl.load_workbook(blank)
    path = blank.with_name("Isian Kurun (2).xlsx")
    book.save(path)
    return path


def test_an_export_is_known_under_any_name(office: Callable[..., Posko], unduhan: Path) -> None:
    kec, kab = office("kecamatan"), office("kabupaten")
    file_report(kec, new_report())
    path = sent(kec, "62.10", unduhan)
    renamed = path.rename(unduhan / "DOC-20241015-WA0007.xlsx")
    (found,) = waiting(kab, unduhan)
    assert (found.path, found.sender, found.seq, found.kind) == (renamed, "62.10.02", 1, "export")
    assert waiting(kec, unduhan) == [], "for another office"
    assert import_file(kab, renamed, apply=True).applied
    assert waiting(kab, unduhan) == [], "read already"


def test_our_second_computer_is_seen_and_this_one_is_not(
    office: Callable[..., Posko], unduhan: Path, tmp_path: Path
) -> None:
    first = office("kabupaten", "pc1")
    file_report(first, new_report())
    first.close()
    shutil.copytree(tmp_path / "pc1", tmp_path / "pc2")
    first, second = office("kabupaten", "pc1"), office("kabupaten", "pc2", stranger=True)
    if second.office.device_id == first.office.device_id:
        with second.write() as session:
            renew(session)
        second.reload_office()
    assert second.office.device_id != first.office.device_id
    path = sent(second, "62.10", unduhan)
    (found,) = waiting(first, unduhan)
    assert (found.path, found.sender) == (path, "62.10")
    assert waiting(second, unduhan) == [], "it made the file itself"


def test_a_filled_workbook_waits_until_it_was_read(posko: Posko, unduhan: Path) -> None:
    blank = unduhan / "Isian.xlsx"
    write_template(posko, blank, "62.10.02")
    assert glance(blank).kind == "blank"
    assert waiting(posko, unduhan) == [], "nobody has typed into it"
    path = filled(blank)
    (found,) = waiting(posko, unduhan)
    assert (found.path, found.kind, found.seq) == (path, "filled", 0)
    note_read(posko.folder.root, path, None, unduhan / "tidak ada.xlsx")
    assert waiting(posko, unduhan) == []
    changed = openpyxl.load_workbook(path)
    changed["Laporan"].cell(2, 1, "1")
    changed.save(path)
    assert [file.path for file in waiting(posko, unduhan)] == [path], "it was changed since"


def test_a_package_of_evidence_is_seen(posko: Posko, unduhan: Path) -> None:
    for name, entry in (("bukti.zip", "pos/paket.json"), ("lain.zip", "foto.jpg"),
                        ("WA0008.zip", "Posko_bukti_1/pos/paket.json")):  # fmt: skip
        with zipfile.ZipFile(unduhan / name, "w") as archive:
            archive.writestr(entry, b"{}")
    found = waiting(posko, unduhan)
    assert {(file.path.name, file.kind) for file in found} == {
        ("bukti.zip", "package"),
        ("WA0008.zip", "package"),
    }


@pytest.mark.parametrize("raw", HOSTILE)
def test_hostile_and_damaged_files_are_other(raw: bytes, unduhan: Path, posko: Posko) -> None:
    path = unduhan / "berkas.xlsx"
    path.write_bytes(raw)
    assert glance(path) == OTHER
    assert waiting(posko, unduhan) == []
    damaged = path.rename(unduhan / "Posko_62.10.02_ke_62.10_001.xlsx")
    assert [file.path for file in waiting(posko, unduhan)] == [damaged], "the preview says how"


def test_properties_are_looked_at_and_never_trusted(unduhan: Path) -> None:
    path = unduhan / "aneh.xlsx"
    props = '<property name="posko_xid" fmtid="x"><vt:lpwstr>{}</vt:lpwstr></property>'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("docProps/custom.xml", props.format("<!ENTITY") * 3 + "A" * 50_000_000)
    assert glance(path).kind == "other"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("docProps/custom.xml", props.format("x" * 20) + "A" * 50_000_000)
    assert glance(path).kind == "export"


def test_what_was_read_is_remembered_only_up_to_a_limit(tmp_path: Path) -> None:
    (tmp_path / "kotak-masuk.json").write_text("{broken", "utf-8")
    assert read_before(tmp_path) == frozenset()
    for number in range(3):
        path = tmp_path / f"{number}.xlsx"
        path.write_bytes(bytes([number]))
        note_read(tmp_path, path, path)
    assert len(read_before(tmp_path)) == 3


def test_locked_files_wait_by_name_and_by_their_first_bytes(
    office: Callable[..., Posko], unduhan: Path, tmp_path: Path
) -> None:
    """Whose a renamed one is shows only when it is opened; what was judged is not shown again."""
    kec, kab = office("kecamatan"), office("kabupaten")
    file_report(kec, new_report())
    (path,) = export(kec, "62.10", tmp_path, lock=True).files
    named = Path(shutil.copy(path, unduhan / path.name))
    renamed = Path(shutil.copy(path, unduhan / "DOC-20241015-WA0007.age"))
    shutil.copy(path, unduhan / "Posko_62.10.02_ke_62_001.xlsx.age")
    shutil.copy(path, unduhan / "Posko_62.10_ke_62.10.02_001.xlsx.age")
    found = {w.path: (w.sender, w.seq) for w in waiting(kab, unduhan)}
    assert found == {named: ("62.10.02", 1), renamed: ("", 0)}
    assert import_file(kab, renamed, apply=True).applied
    assert waiting(kab, unduhan) == []
