"""The tab Menunggu, files of staff and packages that come by any way, and Nihil reports."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from posko_app.app import Posko
from posko_app.cases.intake import file_report
from posko_app.cases.queries import CaseFilter, list_cases
from posko_app.data.tables import Case, Proposal
from posko_app.exchange.export import export
from posko_app.exchange.package.standing import packages
from posko_app.exchange.package.write import write_package
from posko_app.exchange.xlsx.guarded import Reader
from tests.answers import press
from tests.edited_books import Desk, change_case, reader, write
from tests.factory import new_report
from tests.filled_books import filled
from tests.opened import Opened
from tests.parcels import file_case
from ui import theme
from ui.pages.exchange import ExchangePage, trust_sheet
from ui.pages.exchange.routing import BOOK, PACKAGE, kind_of

__all__ = ["reader"]

CTRL = Qt.KeyboardModifier.ControlModifier
OpenPage = Callable[[Posko], Opened[ExchangePage]]


@pytest.fixture(autouse=True)
def home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An own home folder, so that nothing is read from that of this machine."""
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
    return folder


@pytest.fixture
def opened(qapp: QApplication, qtbot: QtBot) -> Iterator[OpenPage]:
    theme.apply(qapp)
    made: list[Opened[ExchangePage]] = []

    def make(posko: Posko) -> Opened[ExchangePage]:
        made.append(Opened(ExchangePage, posko, qtbot))
        return made[-1]

    yield make
    for each in made:
        each.context.tasks.close()


@pytest.fixture
def desk(tmp_path: Path, reader: Reader) -> Desk:
    return Desk(tmp_path, reader)


@pytest.fixture
def kec(office: Callable[..., Posko]) -> Posko:
    return office("kecamatan")


@pytest.fixture
def kab(office: Callable[..., Posko], kec: Posko) -> Posko:
    return office("kabupaten")


def typed(book: Any) -> None:
    write(book["Perkara"], 2, "Pasal", "Pasal 71")
    write(book["Perkara"], 2, "Tempat kejadian", "Balai desa")
    write(book["Perkara"], 2, "Nomor", "999")


def states(posko: Posko) -> dict[str, str]:
    with posko.store.read() as session:
        return dict(session.execute(select(Proposal.field, Proposal.state)).all())


def test_hand_edits_are_answered_by_keyboard_without_their_file(
    kec: Posko, kab: Posko, desk: Desk, opened: OpenPage, qtbot: QtBot
) -> None:
    uid = file_report(kec, new_report()).uid
    desk.take(kab, desk.edited(desk.send(kec, "62.10"), typed))
    made = opened(kab)
    page = made.show()
    page.tabs.choose("pending")
    card = page.pending
    said: list[tuple[str, object]] = []
    made.context.said.connect(lambda words, undo, _redo: said.append((words, undo)))
    table = card.table
    values = {
        row.edit.field: [column.text(row) for column in table.rows.columns]
        for row in (table.rows.row_at(n) for n in range(3))
        if row is not None
    }
    assert values["event_place"][2:] == ["SDN 3 Contoh", "Balai desa", "SDN 3 Contoh"]
    assert values["article"][2:] == ["(kosong)", "Pasal 71", "(kosong)"]
    prints = {row.edit.field: row.edit.fingerprint for row in table.rows.rows}  # type: ignore[union-attr]
    table.setFocus()
    table.choose(prints["number"])
    assert not card.accept.isEnabled()
    assert "diputuskan kantor" in card.reason.text()
    qtbot.keyClick(table, Qt.Key.Key_Right, CTRL)
    assert states(kab)["number"] == "open", "what another office decides stays"
    table.choose(prints["article"])
    qtbot.keyClick(table, Qt.Key.Key_Right, CTRL)
    table.choose(prints["event_place"])
    qtbot.keyClick(table, Qt.Key.Key_Left, CTRL)
    assert states(kab) == {"number": "open", "article": "accepted", "event_place": "refused"}
    with kab.store.read() as session:
        case = session.scalars(select(Case)).one()
        assert (case.article, case.event_place) == ("Pasal 71", "SDN 3 Contoh")
    words, undo = said[-1]
    assert words == "Usulan ditolak: Tempat kejadian."
    assert callable(undo)
    undo()
    assert states(kab)["event_place"] == "open"
    assert len(card.table.rows.rows) == 2
    qtbot.keyClick(table, Qt.Key.Key_Return)
    assert made.visits == [("case", {"uid": uid})]
    assert made.problems == []


def test_records_without_their_case_are_listed(
    kec: Posko, kab: Posko, desk: Desk, opened: OpenPage
) -> None:
    file_report(kec, new_report())
    change_case(kec, regulation="pilkada-2035")
    desk.take(kab, desk.send(kec, "62.10"))
    page = opened(kab).show()
    page.tabs.choose("pending")
    assert page.pending.empty.isVisible(), "nothing is asked"
    assert page.pending.early.isVisible()
    assert page.pending.early.note.text() == "4 baris data"


def test_parts_that_lack_are_asked_for(
    kec: Posko, kab: Posko, desk: Desk, opened: OpenPage, tmp_path: Path
) -> None:
    case = file_case(kec, tmp_path / "asli", [b"a" * 80_000, b"b" * 81_000, b"c" * 82_000])
    desk.take(kab, desk.send(kec, "62.10"))
    out = tmp_path / "paket"
    out.mkdir()
    parts = write_package(kec, "62.10", [case], out, 120_000).files
    assert len(parts) == 3
    made = opened(kab)
    page = made.show()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in parts[:2]])
    page.dropEvent(
        QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
                   Qt.KeyboardModifier.NoModifier)
    )  # fmt: skip
    made.rest()
    card = page.parcels
    assert "2 dari 3 bukti lengkap; kurang bagian 3" in card.banner.accessibleName()
    card.ask.click()
    asked = QGuiApplication.clipboard().text()
    assert "Mohon kirim ulang bagian 3 dari 3" in asked
    card.close_card.click()
    page.tabs.choose("pending")
    (ask,) = page.pending.asks
    QGuiApplication.clipboard().clear()
    ask.click()
    assert QGuiApplication.clipboard().text() == asked
    page.take_in([parts[0], parts[2]])
    made.rest()
    assert "Semua 3 bukti lengkap" in card.banner.accessibleName()
    assert not card.ask.isVisible()
    assert not page.pending.early.isVisible()
    page.take_in([tmp_path / "asli" / "tidak ada.zip"])
    made.rest()
    assert "1 berkas tidak diterima" in card.banner.accessibleName()
    assert made.problems == []


def test_a_package_of_a_stranger_waits_for_the_words(
    office: Callable[..., Posko], opened: OpenPage, tmp_path: Path
) -> None:
    kec, kab = office("kecamatan", stranger=True), office("kabupaten", stranger=True)
    case = file_case(kec, tmp_path / "asli", [b"a" * 900])
    out = tmp_path / "paket"
    out.mkdir()
    (part,) = write_package(kec, "62.10", [case], out, 120_000).files
    made = opened(kab)
    page = made.show()
    press(trust_sheet.FirstSheet, lambda sheet: sheet.reject())
    page.take_in([part])
    made.rest()
    assert "1 berkas tidak diterima" in page.parcels.banner.accessibleName()
    page.parcels.close_card.click()
    press(trust_sheet.FirstSheet, lambda sheet: sheet.submit())
    page.take_in([part])
    made.rest()
    made.rest()
    assert "0 dari 1" not in page.parcels.banner.accessibleName()
    assert "tidak diterima" not in page.parcels.banner.accessibleName()


def nil_book(folder: Path, posko: Posko) -> Path:
    """A workbook in which an office below says that there was nothing."""
    row = {"Dari tanggal": "01-10-2024", "Sampai tanggal": "14-10-2024",
           "Yang nihil": "Semuanya", "Petugas": "Contoh Petugas"}  # fmt: skip
    return filled(folder / "Isian Kurun.xlsx", {"Nihil": [row]}, posko, "62.10.02")


def test_a_nihil_report_shows_at_its_office(
    kab: Posko, opened: OpenPage, tmp_path: Path, qtbot: QtBot
) -> None:
    made = opened(kab)
    page = made.show()
    page.take_in([nil_book(tmp_path, kab)])
    made.rest()
    assert page.staff.result is not None
    assert page.staff.result.wrong == ()
    line = next(r for r in page.offices.table.rows.rows if r.code == "62.10.02")  # type: ignore[union-attr]
    assert str(page.offices.state_chip(line)) == "Nihil s.d. 14 Okt"  # type: ignore[arg-type]
    assert page.offices.act_of(line) == "open"  # type: ignore[arg-type]
    page.show_office("62.10.02")
    assert page.office.nil.isVisible()
    qtbot.keyClick(page.office, Qt.Key.Key_Escape)
    page.show_office("62.10.01")
    assert not page.office.nil.isVisible()
    kab.clock.forward(days=10)  # type: ignore[attr-defined]
    page.reload()
    line = next(r for r in page.offices.table.rows.rows if r.code == "62.10.02")  # type: ignore[union-attr]
    assert str(page.offices.state_chip(line)) == "Belum ada kiriman", "it does not speak for ever"


def test_kinds_that_come_together_go_where_they_belong(
    kec: Posko, kab: Posko, desk: Desk, opened: OpenPage, tmp_path: Path, home_folder: Path
) -> None:
    """One of each, from a watched folder and chosen: nothing is refused for being another kind."""
    case = file_case(kec, tmp_path / "asli", [b"a" * 900])
    out = tmp_path / "paket"
    out.mkdir()
    (part,) = write_package(kec, "62.10", [case], out, 120_000).files
    book, staff = desk.send(kec, "62.10"), nil_book(tmp_path, kab)
    made = opened(kab)
    page = made.show()
    page.take_in([staff, book, part])
    made.rest()
    assert page.staff.result is not None
    page.staff.leave.click()
    made.rest()
    assert page.receive.apply.text() == "Terapkan 1"
    page.primary()
    made.rest()
    assert len(list_cases(kab, CaseFilter())) == 1
    assert page.receive.apply.text() == "Berkas berikut (1 lagi)"
    page.primary()
    made.rest()
    assert "1 bukti lengkap" in page.parcels.banner.accessibleName()
    page.parcels.close_card.click()
    downloads = home_folder / "Downloads"
    downloads.mkdir()
    other = file_case(kec, tmp_path / "asli2", [b"b" * 900])
    write_package(kec, "62.10", [other], downloads, 120_000, lock=True)
    page.hide()
    made.show()
    (button,) = page.waiting.buttons
    button.click()
    made.rest()
    assert page.parcels.isVisible()
    assert len(packages(kab)) == 2, "a locked part is known by its name until it is opened"
    page.hide()
    made.show()
    assert page.waiting.buttons == [], "what was taken in does not wait any more"
    assert made.problems == []


def test_conflicts_that_were_put_off_lead_to_their_list(
    kec: Posko, kab: Posko, desk: Desk, opened: OpenPage
) -> None:
    file_report(kec, new_report())
    desk.take(kab, desk.send(kec, "62.10"))
    change_case(kec, event_on=date(2024, 10, 11))
    change_case(kab, event_on=date(2024, 10, 12))
    desk.take(kab, desk.send(kec, "62.10"))
    made = opened(kab)
    page = made.show()
    page.tabs.choose("pending")
    assert page.pending.early.note.text() == "1 perkara bentrok"
    (show,) = page.pending.asks
    show.click()
    assert made.visits == [("cases", {"view": "all", "conflicts": "yes"})]


@pytest.mark.parametrize("name", ["Posko_bukti.age", "tanpa akhiran", "kiriman.xlsx.age"])
def test_a_locked_part_is_known_by_what_it_holds(
    office: Callable[..., Posko], kec: Posko, kab: Posko, tmp_path: Path, name: str
) -> None:
    case = file_case(kec, tmp_path / "asli", [b"a" * 900])
    (part,) = write_package(kec, "62.10", [case], tmp_path, 120_000, lock=True).files
    assert kind_of(kab, part.rename(tmp_path / name)) == PACKAGE
    (book,) = export(kec, "62.10", tmp_path, lock=True).files
    assert kind_of(kab, book.rename(tmp_path / f"b{name}")) == BOOK
    assert kind_of(office("provinsi"), tmp_path / name) == BOOK, "not locked for this office"


def test_a_workbook_out_of_a_part_does_not_stay(
    kec: Posko, kab: Posko, desk: Desk, opened: OpenPage, tmp_path: Path
) -> None:
    case = file_case(kec, tmp_path / "asli", [b"a" * 900])
    (book,) = export(kec, "62.10", tmp_path).files
    (part,) = write_package(kec, "62.10", [case], tmp_path, 200_000, lock=True, book=book).files
    made = opened(kab)
    page = made.show()
    page.take_in([part])
    made.rest()
    assert len(list(kab.folder.private.rglob("*.xlsx"))) == 1
    page.parcels.close_card.click()
    made.rest()
    assert page.receive.plan is not None
    page.receive.primary()
    made.rest()
    assert page.receive.done is not None
    assert list(kab.folder.private.rglob("*.xlsx")) == []
    page.take_in([part])
    made.rest()
    page.parcels.close_card.click()
    made.rest()
    assert len(list(kab.folder.private.rglob("*.xlsx"))) == 1
    page.receive.leave()
    assert list(kab.folder.private.rglob("*.xlsx")) == []
    assert made.problems == []
