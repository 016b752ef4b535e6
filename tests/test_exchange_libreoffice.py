"""Round trips through LibreOffice: saved, converted, played with; no edit invented, none missed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import select

from posko_app.app import Posko, open_office
from posko_app.cases.intake import file_reports
from posko_app.data.tables import Identity
from posko_app.exchange.apply import import_file
from posko_app.exchange.export import export
from posko_app.exchange.layout import layout
from posko_app.exchange.plan import ImportPlan, preview
from posko_app.exchange.xlsx.guarded import Reader
from posko_app.exchange.xlsx.read import open_book
from posko_app.exchange.xlsx.refused import Refused
from posko_app.office.setup import create_office
from tests.conftest import OFFICES, FixedClock
from tests.edited_books import change_case
from tests.every_table import one_of_each
from tests.factory import PASSWORD, new_report
from tests.introduced import introduce
from tests.libreoffice import MISSING, SOFFICE, Play

pytestmark = pytest.mark.skipif(SOFFICE is None, reason=MISSING)

ODD = (
    "=1+1",
    "+62 811 5555 0199",
    "-2",
    "@tag",
    "'kutip",
    "00123",
    "1E5",
    "TRUE",
    "#N/A",
    "12/11/2024",
    "10.30",
    "5%",
    "199001012015031001",
    "3275012304950001",
    "_x0041_ dan _x000D_",
    'dua\nbaris & <tanda> "kutip"',
    "jarak  dua   dan\u00a0keras",
    "Désa Ñandú – “kutip” 😀 العربية",
    "x" * 20_000,
    "kata " * 5_500,
)
"""Texts that a spreadsheet program is known to take for something else."""
ROUTES = ("xlsx", "ods", "xls")
TYPED = (
    ("3275012304950001", "3275012304950000"),
    ("199001012015031001", "1.99001012015031E+017"),
    ("081234567890", "81234567890"),
    ("00123", "123"),
    ("1E5", "100000"),
    ("+62812", "62812"),
    ("5%", "0.05"),
    ("=1+1", "2"),
)
"""What is typed, and what a cell without the text format makes of it."""


@dataclass
class Files:
    """All workbooks that came out of the one start, and who receives them."""

    folder: Path
    receiver: Posko
    reader: Reader
    source: Path
    records: int
    edits: set[tuple[str, str, str]] = field(default_factory=set)  # uid, heading, text
    heads: dict[str, list[str]] = field(default_factory=dict)
    ids: dict[str, list[str]] = field(default_factory=dict)

    def look(self, name: str) -> ImportPlan:
        plan = preview(self.receiver, self.folder / name, reader=self.reader)
        assert plan.verdict == "accepted", plan.reason
        return plan

    def column(self, sheet: str, heading: str) -> int:
        return self.heads[sheet].index(heading)

    def row(self, sheet: str, uid: str) -> int:
        return self.ids[sheet].index(uid)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Files]:
    root = tmp_path_factory.mktemp("calc")
    with ExitStack() as stack, Reader() as reader:
        opened = []
        for level in ("kecamatan", "kabupaten"):
            posko = office_at(root / level, level)
            stack.callback(posko.close)
            opened.append(posko)
        introduce(*opened)
        source, count = sent(*opened, root / "kiriman")
        made = Files(root, opened[1], reader, source, count)
        look_at(made)
        play = Play()
        untouched(play, made)
        typed_at_the_keyboard(play, made)
        played(play, made)
        for route in ROUTES[1:]:
            for name in ("sama", "main"):
                play.opened(root / f"{name}.{route}")
                play.saved(root / f"{name}-{route}.xlsx")
        play.run(root)
        yield made


def office_at(folder: Path, level: str) -> Posko:
    create_office(folder, OFFICES[level], PASSWORD, clock=FixedClock())
    return open_office(folder, "petugas", PASSWORD, clock=FixedClock())


def sent(kec: Posko, kab: Posko, folder: Path) -> tuple[Path, int]:
    """A workbook with every kind of record, odd texts, and a value that both offices changed."""
    folder.mkdir()
    contested = file_reports(kec, [new_report(title="Laporan yang bentrok")])[0]
    (first,) = export(kec, "62.10", folder).files
    import_file(kab, first, apply=True)
    change_case(kab, article="Pasal 70")
    change_case(kec, article="Pasal 71")
    back = export(kab, "62.10.02", folder).files[0]
    assert import_file(kec, back, apply=True).conflicts == 1
    with kec.write() as session:
        one_of_each(kec, session)
        for person in session.scalars(select(Identity).where(Identity.name == "isi name")):
            for name in ("name", "nik", "address", "phone", "email"):
                setattr(person, name, "")  # what stands there is never plain
    file_reports(
        kec,
        [new_report(title=f"Laporan {n}", narrative=text) for n, text in enumerate(ODD)],
    )
    assert contested.uid
    done = export(kec, "62.10", folder)
    (path,) = done.files
    return path, done.rows


def look_at(files: Files) -> None:
    """Note where headings and records stand in the workbook as sent."""
    with open_book(files.source) as book:
        for info in book.sheets:
            rows = list(book.rows(info.name))
            if info.name in {sheet.name for sheet in layout().sheets}:
                files.heads[info.name] = [cell.value for cell in rows[0].cells]
                files.ids[info.name] = [row.cells[0].value for row in rows]


def untouched(play: Play, files: Files) -> None:
    play.opened(files.source)
    for route in ROUTES:
        play.saved(files.folder / f"sama.{route}")


def played(play: Play, files: Files) -> None:
    """Type true values, then sort, insert, delete and copy around them."""
    play.opened(files.source)
    fields = {
        "Perkara": ("Peristiwa", "Pasal", "Tempat kejadian"),
        "Terlapor": ("Nama", "Jabatan", "NIP"),
        "Bukti": ("Uraian bukti",),
    }
    for sheet, headings in fields.items():
        ids = files.ids[sheet]
        for number in range(6, 12):
            heading = headings[number % len(headings)]
            said = "198604122010011013" if heading == "NIP" else f"00{number} = {heading}"
            play.typed(sheet, number, files.column(sheet, heading), said)
            files.edits.add((ids[number], heading, said))
        play.row_copied(sheet, 15, len(ids))
        play.rows_deleted(sheet, 3, 2)
        play.columns_inserted(sheet, 4, 2)
        play.written(sheet, 0, 4, "Catatan saya")
        play.written(sheet, 2, 4, "jangan lupa")
        play.columns_deleted(sheet, 1)  # Versi
        play.sorted_by(sheet, 2, ascending=False)
    for route in ROUTES:
        play.saved(files.folder / f"main.{route}")


def typed_at_the_keyboard(play: Play, files: Files) -> None:
    """Go on in the open book: opening it takes the most time."""
    nip, place = files.column("Terlapor", "NIP"), files.column("Perkara", "Tempat kejadian")
    for number, (text, _) in enumerate(TYPED, 4):
        play.typed("Perkara", number, place, text)
        play.typed("Terlapor", number, nip, text)
    play.saved(files.folder / "teks.xlsx")
    play.general("Perkara", place)
    play.general("Terlapor", nip)
    for number, (text, _) in enumerate(TYPED, 4):
        play.typed("Perkara", number, place, text)
        play.typed("Terlapor", number, nip, text)
    play.saved(files.folder / "umum.xlsx")
    play.locked(files.folder / "sandi.xlsx", "rahasia")
    for kind in ("html", "csv"):
        play.saved(files.folder / f"asli.{kind}")


@pytest.mark.parametrize("name", ["sama.xlsx", "sama-ods.xlsx", "sama-xls.xlsx"])
def test_saving_is_no_edit(name: str, files: Files) -> None:
    plan = files.look(name)
    assert (plan.signature, plan.edits, plan.rejected) == ("valid", (), ())
    whole = preview(files.receiver, files.source, reader=files.reader)
    assert [d.text for d in plan.decisions] == [d.text for d in whole.decisions]
    assert plan.new + plan.updated + plan.same + plan.conflicts == files.records


@pytest.mark.parametrize("name", ["main.xlsx", "main-ods.xlsx", "main-xls.xlsx"])
def test_exactly_the_true_edits_are_found(name: str, files: Files) -> None:
    plan = files.look(name)
    assert (plan.signature, plan.rejected) == ("valid", ())
    values = {(e.uid, e.heading, str(e.theirs)) for e in plan.edits if e.kind == "value"}
    assert values == files.edits
    copies = {(e.sheet, e.uid) for e in plan.edits if e.kind == "twice"}
    assert copies == {(sheet, files.ids[sheet][15]) for sheet in ("Perkara", "Terlapor", "Bukti")}
    assert {e.kind for e in plan.edits} == {"value", "twice"}
    for sheet in ("Perkara", "Terlapor", "Bukti"):
        assert any(sheet in said and "2 baris dihapus" in said for said in plan.warnings)
    whole = preview(files.receiver, files.source, reader=files.reader)
    assert [d.text for d in plan.decisions] == [d.text for d in whole.decisions]


def test_what_is_typed_into_our_cells_stays_text(files: Files) -> None:
    plan = files.look("teks.xlsx")
    found = {(e.uid, e.heading): e.raw for e in plan.edits}
    for number, (text, _) in enumerate(TYPED, 4):
        assert found[files.ids["Perkara"][number], "Tempat kejadian"] == text
        assert found[files.ids["Terlapor"][number], "NIP"] == text
    assert len(found) == 2 * len(TYPED)


def test_numbers_that_lost_digits_are_never_taken_for_a_nip(files: Files) -> None:
    plan = files.look("umum.xlsx")
    found = {(e.uid, e.heading): e for e in plan.edits}
    for number, (_, read) in enumerate(TYPED, 4):
        edit = found[files.ids["Terlapor"][number], "NIP"]
        assert (edit.kind, edit.acceptable) == ("problem", False), edit
        assert edit.raw == read
        assert edit.reason.endswith(".")
    assert len(found) == 2 * len(TYPED)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("sandi.xlsx", "password"),
        ("sama.ods", "open_document"),
        ("sama.xls", "old_excel"),
        ("asli.html", "web_page"),
        ("asli.csv", "plain_text"),
    ],
)
def test_other_formats_are_told_apart_under_the_name_of_a_workbook(
    name: str, code: str, files: Files, tmp_path: Path
) -> None:
    path = tmp_path / "kiriman.xlsx"
    shutil.copyfile(files.folder / name, path)
    with pytest.raises(Refused) as caught:
        files.reader.open(path)
    assert caught.value.code == code
    plan = preview(files.receiver, path, reader=files.reader)
    assert (plan.verdict, plan.code) == ("refused", code)
