"""Pengaturan: what stands there, changing it through the dialogs, and read-only for others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from posko_app.app import Posko, open_office
from posko_app.office.accounts import accounts, add_account
from posko_app.office.settings import change_office, own_values, set_value
from tests.answers import Answers
from ui import theme
from ui.context import Context
from ui.pages.settings import SettingsPage

OTHER = "kata sandi lain"


@pytest.fixture
def opened(qapp: QApplication, qtbot: QtBot) -> Iterator[Callable[[Posko], SettingsPage]]:
    """Show the page over an office."""
    theme.apply(qapp)
    contexts: list[Context] = []

    def show(posko: Posko) -> SettingsPage:
        context = Context(posko)
        contexts.append(context)
        page = SettingsPage(context)
        qtbot.addWidget(page)
        page.resize(1182, 638)
        page.show()
        page.take_focus()
        return page

    yield show
    for context in contexts:
        context.tasks.close()


def facts(card: Any) -> dict[str, str]:
    """What a card of facts says."""
    grid = card.facts._grid
    texts = [grid.itemAt(place).widget().text() for place in range(grid.count())]
    return dict(zip(texts[::2], texts[1::2], strict=True))


def test_everything_stands_there(posko: Posko, opened: Callable[[Posko], SettingsPage]) -> None:
    page = opened(posko)
    said = facts(page.office)
    assert said["Nama"] == "Bawaslu Kabupaten Gunung Mas"
    assert (said["Kode Kemendagri"], said["Kode laporan"], said["Kode surat"]) == (
        "62.10", "21.05", "KH-05",
    )  # fmt: skip
    assert facts(page.letterhead) == {"Kertas": "F4, 21,5 × 33 cm"}
    assert page.letterhead.preview.accessibleName() == "Kop surat: BAWASLU KABUPATEN GUNUNG MAS"
    assert facts(page.signer) == {"Jabatan": "belum diisi", "Nama": "belum diisi"}
    assert facts(page.law)["Pemilihan"] == "Pemilihan Bupati"
    assert page.numbers.parts["filing"].text().startswith("nomor urut / PL / jenis pemilihan /")
    assert page.numbers.examples["filing"].text() == "007/PL/PB/Kab/21.05/X/2024"
    assert page.numbers.examples["finding"].text() == "007/TM/PB/Kab/21.05/X/2024"
    assert page.numbers.examples["letter"].text() == "007/PP.00.00/K.KH-05/10/2024"
    assert [row.name for row in accounts(posko)] == ["Petugas Contoh"]
    assert page.people.table.rows.index(0, 2).data() == "Admin kantor"
    assert page._banner is None


def test_reminders_stand_on_top_until_filled(
    posko: Posko, opened: Callable[[Posko], SettingsPage]
) -> None:
    change_office(posko, letter_code="")
    page = opened(posko)
    assert page._banner is not None
    assert "Kode surat belum diisi" in page._banner.accessibleName()
    Answers(letter_code="KH-05")
    page._on_office()
    assert posko.office.letter_code == "KH-05"
    assert page._banner is None
    assert facts(page.office)["Kode surat"] == "KH-05"


def test_the_office_is_renamed_everywhere(
    posko: Posko, opened: Callable[[Posko], SettingsPage]
) -> None:
    page = opened(posko)
    Answers(name="Bawaslu Kabupaten Contoh", zone="WITA")
    page.office.change.click()
    assert (posko.office.name, posko.office.zone) == ("Bawaslu Kabupaten Contoh", "WITA")
    assert facts(page.office)["Nama"] == "Bawaslu Kabupaten Contoh"
    empty = Answers(name=" ")
    page.office.change.click()
    assert empty.problems == {"name": "Isi nama kantor."}
    assert posko.office.name == "Bawaslu Kabupaten Contoh"


def test_letterhead_and_law_are_changed(
    posko: Posko, opened: Callable[[Posko], SettingsPage]
) -> None:
    page = opened(posko)
    Answers(letterhead="BADAN CONTOH\nJalan Contoh 1", paper="A4")
    page.letterhead.change.click()
    assert posko.office.letterhead == ("BADAN CONTOH", "Jalan Contoh 1")
    assert facts(page.letterhead)["Kertas"].startswith("A4")
    Answers(election_kind="PL", regulation="pemilu-2022")
    page.law.change.click()
    assert (posko.office.election_kind, posko.office.regulation) == ("PL", "pemilu-2022")
    law = posko.rules.get("pemilu-2022")
    assert facts(page.law)["Aturan"] == law.title


def test_a_pattern_shows_its_number_and_what_is_wrong(
    posko: Posko, opened: Callable[[Posko], SettingsPage]
) -> None:
    page = opened(posko)
    good = Answers(filing="{seq:04d}/LP/{region}/{year}")
    page.numbers.change.click()
    assert good.notes["filing"] == "Contoh: 0007/LP/21.05/2024"
    assert own_values(posko) == {"pattern.filing": "{seq:04d}/LP/{region}/{year}"}
    assert page.numbers.examples["filing"].text() == "0007/LP/21.05/2024"
    wrong = Answers(filing="{urut}/LP", letter="{seq}/{region}", registration="{seq/LP")
    page.numbers.change.click()
    assert "{urut} tidak dikenal" in wrong.problems["filing"]
    assert "{region} tidak dipakai untuk nomor ini" in wrong.problems["letter"]
    assert "kurung kurawalnya" in wrong.problems["registration"]
    assert own_values(posko) == {"pattern.filing": "{seq:04d}/LP/{region}/{year}"}
    Answers(filing="")
    page.numbers.change.click()
    assert page.numbers.parts["filing"].text().startswith("nomor urut / PL /")


def test_a_pattern_that_no_longer_works_is_said_not_thrown(
    posko: Posko, opened: Callable[[Posko], SettingsPage]
) -> None:
    set_value(posko, "pattern.letter", "{seq}/{region}/{year}")
    page = opened(posko)
    assert "tidak dapat dipakai" in page.numbers.examples["letter"].text()


def test_the_signer_is_what_letters_use(
    posko: Posko, opened: Callable[[Posko], SettingsPage]
) -> None:
    page = opened(posko)
    Answers(role="Kepala Sekretariat", name="Contoh Kepala")
    page.signer.change.click()
    assert own_values(posko) == {
        "signer.role": "Kepala Sekretariat",
        "signer.name": "Contoh Kepala",
    }
    assert facts(page.signer)["Nama"] == "Contoh Kepala"
    assert page.numbers.examples["letter"].text() == "007/PP.00.00/KH-05/10/2024"


def test_a_person_is_added_and_can_log_in(
    posko: Posko, opened: Callable[[Posko], SettingsPage], qtbot: QtBot
) -> None:
    page = opened(posko)
    Answers(name="Contoh Baru", login="baru", role="verifier", password=OTHER, repeat=OTHER)
    with qtbot.waitSignal(page.context.tasks.ended, timeout=10_000):
        page.new_row()
    qtbot.waitUntil(lambda: page.people.table.rows.rowCount() == 2)
    posko.close()
    other = open_office(posko.folder.root, "baru", OTHER, clock=posko.clock)
    try:
        assert (other.user.name, other.user.role) == ("Contoh Baru", "verifier")
    finally:
        other.close()


def test_a_person_that_cannot_be_added_is_said_at_the_fields(
    posko: Posko, opened: Callable[[Posko], SettingsPage]
) -> None:
    page = opened(posko)
    asked = Answers(name="X", login="petugas", role="admin", password="abc", repeat="abd")
    page.people.add_person.click()
    assert set(asked.problems) == {"login", "password", "repeat"}
    assert "sudah dipakai" in asked.problems["login"]
    assert len(accounts(posko)) == 1


def test_others_read_only(
    office: Callable[..., Posko], opened: Callable[[Posko], SettingsPage]
) -> None:
    admin = office()
    add_account(admin, login="baru", name="Contoh Baru", role="receiver", password=OTHER)
    admin.close()
    posko = open_office(admin.folder.root, "baru", OTHER, clock=admin.clock)
    try:
        page = opened(posko)
        assert not any(link.isVisible() for link in page._links())
        assert page._banner is not None
        assert page._banner.accessibleName() == (
            "Hanya admin yang dapat mengubah pengaturan. Admin kantor ini: Petugas Contoh."
        )
        assert page.head.subtitle.text() == "Masuk sebagai Contoh Baru, petugas penerima"
        page.new_row()  # would open a dialog and never come back
        assert QApplication.activeModalWidget() is None
    finally:
        posko.close()


def test_the_law_is_a_page_of_its_own(
    posko: Posko, opened: Callable[[Posko], SettingsPage], qtbot: QtBot
) -> None:
    page = opened(posko)
    with qtbot.waitSignal(page.context.page_wanted) as wanted:
        page.law.see.click()
    assert wanted.args == ["rules", {}]


def test_a_person_gets_another_role_and_is_switched_off(
    posko: Posko, opened: Callable[[Posko], SettingsPage], qtbot: QtBot
) -> None:
    add_account(posko, login="baru", name="Contoh Baru", role="receiver", password=OTHER)
    page = opened(posko)
    page.people.table.setFocus()
    page.people.table.choose("baru")
    Answers(role="leader", title="Anggota", active=True)
    qtbot.keyClick(page.people.table, Qt.Key.Key_Return)
    row = next(row for row in accounts(posko) if row.login == "baru")
    assert (row.role, row.title, row.active) == ("leader", "Anggota", True)
    page.people.table.choose("baru")
    Answers(active=False)
    qtbot.keyClick(page.people.table, Qt.Key.Key_Return)
    row = next(row for row in accounts(posko) if row.login == "baru")
    assert (row.role, row.active) == ("leader", False)
    page.people.table.choose("petugas")
    own = Answers(active=False)
    qtbot.keyClick(page.people.table, Qt.Key.Key_Return)
    assert own.problems == {}  # it belongs to no field and stands above the form
    assert next(row for row in accounts(posko) if row.login == "petugas").active
