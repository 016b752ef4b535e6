"""The table of offices and the page of one: gaps, messages, receipts, keys, devices put aside."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from sqlalchemy import select, update

from posko_app.app import Posko
from posko_app.cases.intake import file_report
from posko_app.data.tables import Export, Peer, TrustedKey
from posko_app.errors import Problem
from posko_app.exchange.ack import make_acks
from posko_app.exchange.apply import import_file
from posko_app.exchange.export import export
from posko_app.exchange.neighbours import office_line
from posko_app.exchange.trust import look_at_key
from posko_app.office.accounts import add_account
from tests.answers import press
from tests.factory import new_report
from tests.opened import Opened
from tests.test_exchange_trust import SECOND, renew_key
from ui import dialogs, theme
from ui.pages.exchange import ExchangePage, trust_sheet

OpenPage = Callable[[Posko], Opened[ExchangePage]]


@pytest.fixture(autouse=True)
def home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An own home folder, so that nothing is written into that of this machine."""
    folder = tmp_path / "home"
    (folder / "Downloads").mkdir(parents=True)
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
    return folder


@pytest.fixture
def opened(qapp: QApplication, qtbot: QtBot) -> Iterator[OpenPage]:
    """Make the page over an office."""
    theme.apply(qapp)
    made: list[Opened[ExchangePage]] = []

    def make(posko: Posko) -> Opened[ExchangePage]:
        made.append(Opened(ExchangePage, posko, qtbot))
        return made[-1]

    yield make
    for each in made:
        each.context.tasks.close()


def sent(posko: Posko, to: str, folder: Path) -> Path:
    (path,) = export(posko, to, folder).files
    return path


def take(posko: Posko, path: Path) -> None:
    assert import_file(posko, path, apply=True).applied


def clipboard() -> str:
    return QGuiApplication.clipboard().text()


def with_gap(kec: Posko, kab: Posko, folder: Path) -> None:
    """The subdistrict's second export is lost and its third one is not whole without it."""
    file_report(kec, new_report())
    take(kab, sent(kec, "62.10", folder))
    take(kec, sent(kab, "62.10.02", folder))
    file_report(kec, new_report(title="Kedua"))
    sent(kec, "62.10", folder)
    with kec.write() as session:
        newest = session.scalars(select(Export.upto_lsn).order_by(Export.seq.desc())).first()
        session.execute(update(Peer).values(acked_lsn=newest))
    file_report(kec, new_report(title="Ketiga"))
    take(kab, sent(kec, "62.10", folder))


def texts(page: ExchangePage, code: str) -> list[str]:
    """What the row of an office says in its columns."""
    table = page.offices.table
    assert table.choose(code)
    model = table.rows
    return [str(model.index(table.current_place, n).data() or "") for n in (0, 1, 4, 5)]


def test_the_table_says_what_is_missing_and_the_link_copies_the_message(
    office: Callable[..., Posko], opened: OpenPage, tmp_path: Path
) -> None:
    kec, kab = office("kecamatan"), office("kabupaten")
    with_gap(kec, kab, tmp_path)
    page = opened(kab).show()
    assert page.tabs.current == "offices"
    assert texts(page, "62.10.02") == ["Kurun", "001", "Paket 2 belum ada", "Minta 2"]
    assert texts(page, "62.10.01")[2:] == ["Belum ada kiriman", "Salin pengingat"]
    line = office_line(kab, "62.10.02")
    page.offices.table.link.emit(line, "act")
    assert clipboard().startswith("LATIHAN. Kiriman 2 dari Panwaslu Kecamatan Kurun")
    page.offices.table.link.emit(office_line(kab, "62.10.01"), "act")
    assert "belum pernah menerima kiriman" in clipboard()


def test_a_waiting_file_is_shown_at_its_office(
    office: Callable[..., Posko], opened: OpenPage, tmp_path: Path, home_folder: Path
) -> None:
    kec, kab = office("kecamatan"), office("kabupaten")
    file_report(kec, new_report())
    shutil.copy(sent(kec, "62.10", tmp_path), home_folder / "Downloads")
    made = opened(kab)
    page = made.show()
    made.rest()
    assert texts(page, "62.10.02")[2:] == ["Menunggu pratinjau", "Pratinjau"]
    page.offices.table.link.emit(office_line(kab, "62.10.02"), "act")
    made.rest()
    assert page.receive.plan is not None
    assert page.receive.plan.verdict == "accepted"


def test_a_receipt_is_pasted_and_a_wrong_one_stays_in_the_dialog(
    office: Callable[..., Posko], opened: OpenPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kec, kab = office("kecamatan"), office("kabupaten")
    file_report(kec, new_report())
    take(kec, sent(kab, "62.10.02", tmp_path))
    take(kab, sent(kec, "62.10", tmp_path))
    (ack,) = make_acks(kab)
    made = opened(kec)
    page = made.show()
    answers: list[tuple[Problem, ...]] = []

    def ask(*_: object, **given: object) -> None:
        submit = given["submit"]
        assert callable(submit)
        answers.append(submit({"text": ack.text[:-6]}))
        answers.append(submit({"text": ack.text}))

    monkeypatch.setattr(dialogs, "ask_form", ask)
    page.receipt_button.click()
    wrong, right = answers
    assert wrong[0].message.startswith("Tanda terima ini tidak tersalin utuh.")
    assert right == ()
    assert texts(page, "62.10")[2] == "Lengkap"


def test_the_page_of_an_office_by_keyboard(
    office: Callable[..., Posko], opened: OpenPage, tmp_path: Path, qtbot: QtBot
) -> None:
    kec, kab = office("kecamatan"), office("kabupaten")
    with_gap(kec, kab, tmp_path)
    made = opened(kab)
    page = made.show()
    page.offices.table.choose("62.10.02")
    page.offices.table.setFocus()
    qtbot.keyClick(page.offices.table, Qt.Key.Key_Return)
    view = page.office
    assert view.isVisible()
    assert view.devices.table.hasFocus()
    assert view.head.title.text() == "Panwaslu Kecamatan Kurun"
    (device,) = office_line(kab, "62.10.02").devices
    model = view.devices.table.rows
    assert [model.index(0, n).data() for n in (0, 1)] == [device.device_id, " ".join(device.words)]
    assert str(model.index(0, 2).data()) == "Dicocokkan"
    assert len(view.received.table.rows.rows) == 2
    assert len(view.sent.table.rows.rows) == 1
    page.primary()
    assert clipboard().startswith("LATIHAN. Kiriman 2 dari")
    view.copy_ack.click()
    assert clipboard().startswith("Tanda terima Posko 1: ")
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert not view.isVisible()
    assert made.problems == []


def test_a_first_file_is_applied_only_after_the_words(
    office: Callable[..., Posko], opened: OpenPage, tmp_path: Path
) -> None:
    kec, kab = office("kecamatan", stranger=True), office("kabupaten", stranger=True)
    file_report(kec, new_report())
    path = sent(kec, "62.10", tmp_path)
    made = opened(kab)
    page = made.show(path=str(path))
    made.rest()
    press(trust_sheet.FirstSheet, lambda sheet: sheet.reject())  # type: ignore[attr-defined]
    page.primary()
    made.rest()
    assert "diterapkan" not in page.receive.head.title.text()
    with kab.store.read() as session:
        assert session.scalars(select(TrustedKey)).all() == []
    press(trust_sheet.FirstSheet, lambda sheet: sheet.submit())  # type: ignore[attr-defined]
    page.primary()
    made.rest()
    assert page.receive.done is not None
    with kab.store.read() as session:
        row = session.scalars(select(TrustedKey)).one()
    assert (row.state, row.decided_by) == ("pinned", "petugas")
    assert made.problems == []


def test_a_changed_key_is_let_in_by_two_persons_in_the_window(
    office: Callable[..., Posko], opened: OpenPage, tmp_path: Path
) -> None:
    kec, kab = office("kecamatan"), office("kabupaten")
    take(kab, sent(kec, "62.10", tmp_path))
    add_account(kab, login="kedua", name="Orang Kedua", role="leader", password=SECOND)
    old, _ = renew_key(kec)
    file_report(kec, new_report())
    path = sent(kec, "62.10", tmp_path)
    made = opened(kab)
    page = made.show(path=str(path))
    made.rest()
    assert page.receive.renew.isVisible()
    words = " ".join(look_at_key(kab, path).words)
    missing: list[str] = []

    def fill(sheet: trust_sheet.ChangedSheet) -> None:
        sheet.submit()
        missing.extend(p.field for p in sheet.form.problems())
        sheet.form.set_values({"words": words, "reason": "komputer diganti", "second": "kedua",
                               "password": SECOND, "old": True})  # fmt: skip
        sheet.submit()

    press(trust_sheet.ChangedSheet, fill)  # type: ignore[arg-type]
    page.receive.renew.click()
    made.rest()
    made.rest()
    assert missing == ["words", "reason", "second", "password"]
    assert page.receive.plan is not None
    assert page.receive.plan.verdict == "accepted", "the file is looked at again at once"
    devices = {d.device_id: d for d in office_line(kab, "62.10.02").devices}
    assert devices[kec.office.device_id].key == "two"
    assert devices[old].retired
    assert made.problems == []


def test_a_lost_device_is_revoked_in_the_window(
    office: Callable[..., Posko], opened: OpenPage, tmp_path: Path
) -> None:
    kec, kab = office("kecamatan"), office("kabupaten")
    take(kab, sent(kec, "62.10", tmp_path))
    made = opened(kab)
    page = made.show()
    page.show_office("62.10.02")

    def fill(sheet: trust_sheet.RetireSheet) -> None:
        sheet.form.set_values({"lost": True, "reason": "laptop dicuri"})
        sheet.submit()

    press(trust_sheet.RetireSheet, fill)  # type: ignore[arg-type]
    page.office.devices.retire.click()
    made.rest()
    assert str(page.office.devices.table.rows.index(0, 2).data()) == "Dicabut"
    assert "laptop dicuri" in page.office.devices._key(page.office.line.devices[0]).tooltip  # type: ignore[union-attr]
