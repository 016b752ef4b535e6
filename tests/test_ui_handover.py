"""Handing a case over in the window: the dialog, its three steps, the banners on both sides."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QElapsedTimer, QEventLoop
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from posko_app.app import Posko
from posko_app.cases.case_view import case_view
from posko_app.cases.identity_files import add_picture
from posko_app.cases.intake import file_report
from posko_app.exchange.apply import import_file
from posko_app.exchange.export import export
from tests.factory import new_report
from ui import theme
from ui.context import Context
from ui.pages.case import CasePage
from ui.pages.case.handover_answer import AnswerSheet
from ui.pages.case.handover_sheet import HandoverSheet
from ui.pages.case.history import happenings
from ui.pages.case.words import Words
from ui.widgets.banner import Banner
from ui.widgets.buttons import Button

Office_ = Callable[..., Posko]


@pytest.fixture
def pages(office: Office_, qapp: QApplication, qtbot: QtBot) -> Iterator[Callable[..., CasePage]]:
    theme.apply(qapp)
    contexts: list[Context] = []

    def make(posko: Posko) -> CasePage:
        context = Context(posko)
        contexts.append(context)
        page = CasePage(context)
        qtbot.addWidget(page)
        page.resize(1182, 638)
        page.show()
        return page

    yield make
    for context in contexts:
        context.leave()


def rest(page: CasePage) -> None:
    timer = QElapsedTimer()
    timer.start()
    QApplication.processEvents()
    while page.context.tasks.busy:
        assert timer.elapsed() < 30_000
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
    QApplication.processEvents()


def banner_of(page: CasePage) -> str:
    QApplication.processEvents()
    shown = [b for b in page.findChildren(Banner) if b.isVisible() and "<b>" in b.accessibleName()]
    return shown[-1].accessibleName() if shown else ""


def buttons_of(page: CasePage) -> dict[str, Button]:
    return {b.text(): b for b in page.findChildren(Button) if b.isVisible()}


def texts(widget: object) -> str:
    return " ".join(label.text() for label in widget.findChildren(QLabel))  # type: ignore[attr-defined]


def test_limpahkan_terima_and_the_stub(
    office: Office_, pages: Callable[..., CasePage], tmp_path: Path
) -> None:
    kec, kab = office("kecamatan"), office("kabupaten")
    case = file_report(kec, new_report()).uid
    sender = pages(kec)
    sender.open(uid=case)
    sender.open_step("transferred")
    sheet = sender.handing
    assert isinstance(sheet, HandoverSheet)
    sheet.form.set_values({"to": "62.10", "reason": "Etik panwascam.", "folder": str(tmp_path)})
    sheet._tell("to")
    assert "identitas 2 orang terkunci untuk Bawaslu Kabupaten Gunung Mas" in sheet.goes.text()
    sheet.submit()
    rest(sender)
    assert sheet.made.isVisible()
    said = texts(sheet.made)
    assert "Cetak dan tanda tangani" in said
    assert "Tunggu jawabannya" in said
    sheet.yes.click()
    QApplication.processEvents()
    assert sender.handing is None
    assert "Dilimpahkan, belum diterima" in banner_of(sender)
    assert sender.header.next.main.objectName() == "files"

    (book,) = tmp_path.glob("*.age")
    assert import_file(kab, book, apply=True).verdict == "accepted"
    there = pages(kab)
    there.open(uid=case)
    assert "Dilimpahkan, belum diterima" in banner_of(there)
    shown = buttons_of(there)
    assert "Kembalikan…" in shown
    shown["Terima pelimpahan"].click()
    answer = there.handing
    assert isinstance(answer, AnswerSheet)
    answer.submit()
    QApplication.processEvents()
    assert "belum diterima" not in banner_of(there)
    view = case_view(kab, case)
    assert view.state.office == "62.10"
    assert f"Nomor asal {view.origin_number}" in there.header.chips.accessibleName()

    out = tmp_path / "balik"
    out.mkdir()
    for path in export(kab, "62.10.02", out).files:
        import_file(kec, path, apply=True)
    sender.reload()
    assert "hanya dapat dibaca" in banner_of(sender)
    assert not sender.header.next.isVisible()


def test_an_office_whose_key_is_unknown_is_told_and_left_to_paper(
    office: Office_, pages: Callable[..., CasePage]
) -> None:
    kec = office("kecamatan", stranger=True)
    case = file_report(kec, new_report()).uid
    page = pages(kec)
    page.open(uid=case)
    page.open_step("transferred")
    sheet = page.handing
    assert isinstance(sheet, HandoverSheet)
    sheet.form.set_values({"to": "62.10"})
    sheet._tell("to")
    assert "mengirim satu berkas" in sheet.goes.text()
    assert sheet.paper.isVisible()
    sheet.paper.click()
    QApplication.processEvents()
    assert page.sheet is not None
    page.sheet.done(0)


def test_sending_back_needs_a_reason(
    office: Office_, pages: Callable[..., CasePage], tmp_path: Path
) -> None:
    from posko_app.exchange.handover import hand_over
    from tests.factory import TODAY

    kec, kab = office("kecamatan"), office("kabupaten")
    case = file_report(kec, new_report()).uid
    for path in hand_over(kec, case, "62.10", "Etik.", TODAY, tmp_path).workbooks:
        import_file(kab, path, apply=True)
    page = pages(kab)
    page.open(uid=case)
    page.open_step("transfer_returned")
    sheet = page.handing
    assert isinstance(sheet, AnswerSheet)
    sheet.submit()
    assert sheet.isVisible()
    sheet.form.set_values({"reason": "Bukan wewenang kabupaten."})
    sheet.submit()
    QApplication.processEvents()
    assert case_view(kab, case).state.handover is None
    assert "belum diterima" not in banner_of(page)
    (back,) = export(kab, "62.10.02", tmp_path).files
    import_file(kec, back, apply=True)
    lines = happenings(Words(kec, case_view(kec, case)))
    (said,) = [line.entry.text for line in lines if "Bukan wewenang kabupaten." in line.entry.text]
    assert "dikembalikan" in said.casefold()


def test_who_makes_no_files_learns_who_does_and_what_stays(
    office: Office_, pages: Callable[..., CasePage], tmp_path: Path
) -> None:
    kec, _ = office("kecamatan"), office("kabupaten")
    case = file_report(kec, new_report()).uid
    card = tmp_path / "ktp.jpg"
    card.write_bytes(b"\xff\xd8\xff" + bytes(300))
    add_picture(kec, case, card)
    kec.user = replace(kec.user, role="verifier")
    page = pages(kec)
    page.open(uid=case)
    page.open_step("transferred")
    sheet = page.handing
    assert isinstance(sheet, HandoverSheet)
    sheet.form.set_values({"to": "62.10", "reason": "Etik panwascam.", "folder": str(tmp_path)})
    sheet._tell("to")
    assert "1 foto KTP tidak ikut" in sheet.goes.text()
    sheet.submit()
    assert sheet.panel.isVisible()
    assert not sheet.panel.stop.isVisible()  # nothing would happen: it is recorded at once
    rest(page)
    assert "Operator pertukaran membuat berkasnya" in texts(sheet.made)
    sheet.done(0)
