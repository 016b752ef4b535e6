"""A further computer of an office in the window: the wizard's other way, the card of numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from posko_app.app import Posko, open_office, renew_device
from posko_app.cases.case_view import case_view
from posko_app.cases.double_numbers import double_numbers
from posko_app.cases.intake import file_report
from posko_app.cases.numbers import keep_numbers, numbers
from posko_app.exchange.joining import make_join_file, read_join_file
from posko_app.office.settings import change_office
from tests.answers import Answers
from tests.case_page import Opened
from tests.factory import new_report
from tests.second_pc import Room
from tests.test_cases_double_numbers import same_number
from ui import dialogs, theme
from ui.context import Context
from ui.pages.settings import SettingsPage
from ui.pages.setup import SetupPage
from ui.widgets.buttons import Button

SECRET = "perahu kuning di muara"


@pytest.fixture
def first(office: Callable[..., Posko]) -> Posko:
    return office("kecamatan", "pc-1", stranger=True)


@pytest.fixture
def room(tmp_path: Path, clock: object) -> Iterator[Room]:
    made = Room(tmp_path, clock)  # type: ignore[arg-type]
    yield made
    made.close()


@pytest.fixture
def shown(qapp: QApplication, qtbot: QtBot) -> Iterator[Callable[[Posko], SettingsPage]]:
    theme.apply(qapp)
    contexts: list[Context] = []

    def show(posko: Posko) -> SettingsPage:
        context = Context(posko)
        contexts.append(context)
        page = SettingsPage(context)
        qtbot.addWidget(page)
        page.resize(1182, 900)
        page.show()
        page.take_focus()
        return page

    yield show
    for context in contexts:
        context.tasks.close()


@pytest.fixture
def case_page(qapp: QApplication) -> Iterator[Callable[[Posko], Opened]]:
    theme.apply(qapp)
    pages: list[Opened] = []

    def show(posko: Posko) -> Opened:
        pages.append(Opened(posko))
        return pages[-1]

    yield show
    for opened in pages:
        opened.close()


def said(page: SettingsPage) -> dict[str, str]:
    """What the card says."""
    grid = page.computers.facts._grid
    texts = [grid.itemAt(place).widget().text() for place in range(grid.count())]  # type: ignore
    return dict(zip(texts[::2], texts[1::2], strict=True))


def links(page: SettingsPage) -> list[str]:
    """The acts the card offers."""
    card = page.computers
    every = (card.settle, card.keep, card.reserve, card.file, card.take)
    return [link.text() for link in every if not link.isHidden()]


def test_the_wizard_joins_an_office_with_the_file_of_the_first_computer(
    first: Posko, tmp_path: Path, qapp: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is asked of the office; wrong words are refused; the account is the person's own."""
    theme.apply(qapp)
    change_office(first, letterhead="PANWASLU KECAMATAN KURUN", letter_code="KH-05.02")
    path = make_join_file(first, tmp_path)
    words = " ".join(read_join_file(path).words)
    monkeypatch.setattr(dialogs, "open_files", lambda *_: [path])
    page = SetupPage(tmp_path / "pc-2")
    qtbot.addWidget(page)
    page.resize(1366, 698)
    page.show()
    wrong = Answers(words="satu dua tiga empat lima enam")
    page.office.join.choose.click()
    assert "tidak cocok" in wrong.problems["words"]
    assert page.office.join.said is None
    Answers(words=words.upper())
    page.office.join.choose.click()
    assert page.office.join.banner.isVisible()
    assert not page.office.levels["kecamatan"].isVisible()
    page.go_on()
    assert page.stack.currentWidget() is page.account
    page.account.set_raw({"admin_name": "Contoh Kedua", "admin_login": "kedua"})
    page.account.secret.set_raw({"password": SECRET, "repeat": SECRET})
    page.safe.kept.setChecked(True)
    for _ in range(2):
        page.go_on()
    assert page.stack.currentWidget() is page.ready
    with qtbot.waitSignal(page.finished, timeout=15_000) as made:
        page.go_on()
    assert made.args == ["kedua", SECRET]
    page.close_tasks()
    second = open_office(tmp_path / "pc-2", "kedua", SECRET)
    assert second.office.device_label == "PC-2"
    assert second.office.letter_code == "KH-05.02"
    assert second.office.practice
    second.close()


def test_the_way_back_from_joining(
    first: Posko, tmp_path: Path, qapp: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Batal brings the questions about the office back; a file that is none is told."""
    theme.apply(qapp)
    path = make_join_file(first, tmp_path)
    told: list[str] = []
    monkeypatch.setattr(dialogs, "open_files", lambda *_: [path])
    monkeypatch.setattr(dialogs, "problem", lambda _parent, error: told.append(error.message))
    page = SetupPage(tmp_path / "pc-2")
    qtbot.addWidget(page)
    page.show()
    Answers(words=" ".join(read_join_file(path).words))
    page.office.join.choose.click()
    page.office.join.drop.click()
    assert page.office.levels["kecamatan"].isVisible()
    assert page.office.check() != []
    path.write_text("bukan")
    page.office.join.choose.click()
    assert "bukan berkas pasang" in told[0]
    page.close_tasks()


def test_the_only_computer_has_nothing_to_do(
    first: Posko, shown: Callable[[Posko], SettingsPage]
) -> None:
    """One line says who keeps the numbers; a further computer may be set up."""
    page = shown(first)
    assert said(page)["Pemegang nomor"] == "komputer ini"
    assert links(page) == ["Pasang PC lain kantor ini"]


def test_blocks_go_from_the_card_of_one_computer_to_that_of_the_other(
    first: Posko, room: Room, shown: Callable[[Posko], SettingsPage]
) -> None:
    """A first block by itself, one more reserved here, exchange, settle there: with the card."""
    second = room.joined(first)
    file_report(second, new_report())
    room.pass_on(second, first)
    page = shown(first)
    assert links(page) == [
        "Cadangkan nomor untuk PC lain",
        "Pasang PC lain kantor ini",
        "Samakan pengaturan dari berkas",
    ]
    assert said(page)["Komputer lain"].startswith("PC-2 (")
    assert "laporan 2024 1–50" in said(page)["Komputer lain"]
    before = numbers(first).blocks
    Answers(count="banyak")
    page.computers.reserve.click()
    assert numbers(first).blocks == before
    Answers(count="12")
    page.computers.reserve.click()
    assert "laporan 2024 51–62" in said(page)["Komputer lain"]
    other = shown(second)
    assert said(other)["Pemegang nomor"] == "komputer lain kantor ini"
    assert said(other)["Nomor sementara"] == "1 perkara menunggu nomor tetap"
    assert other._banner is not None
    room.pass_on(first, second)
    other.reload()
    assert "laporan 2024 sisa 62" in said(other)["Nomor di sini"]
    other.computers.settle.click()
    assert numbers(second).provisional == 0
    assert "laporan 2024 sisa 61" in said(other)["Nomor di sini"]


def test_a_renewed_computer_confirms_its_last_numbers(
    first: Posko, shown: Callable[[Posko], SettingsPage]
) -> None:
    """The form knows what this computer knows; a greater number from the book holds."""
    for _ in range(3):
        file_report(first, new_report())
    renew_device(first, "restored")
    page = shown(first)
    assert said(page)["Pemegang nomor"] == "belum dipastikan"
    assert page._banner is not None
    assert "Pastikan nomor terakhir" in links(page)
    Answers(last0="5")
    page.computers.keep.click()
    seen = numbers(first)
    assert (seen.mine, seen.sure) == (True, True)
    assert file_report(first, new_report()).number[:3] == "006"


def test_the_file_for_a_further_computer_is_made_with_its_words(
    first: Posko, tmp_path: Path, shown: Callable[[Posko], SettingsPage],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Whoever makes it reads the six words that are typed at the other computer."""
    told: list[str] = []
    monkeypatch.setattr(dialogs, "choose_folder", lambda *_: tmp_path)
    monkeypatch.setattr(dialogs, "message", lambda _parent, _title, text: told.append(text))
    page = shown(first)
    page.computers.file.click()
    (path,) = tmp_path.glob("*.pasang")
    assert " ".join(read_join_file(path).words) in told[0]


def test_a_number_that_two_cases_bear_is_told_and_replaced(
    first: Posko, shown: Callable[[Posko], SettingsPage], case_page: Callable[[Posko], Opened],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """The page of either case says so, and one of them gets a new number with one button."""
    uids = [file_report(first, new_report()).uid for _ in range(2)]
    same_number(first, *uids)
    assert "001/" in said(shown(first))["Nomor ganda"]
    opened = case_page(first)
    opened.show(uids[1])
    opened.rest()
    banner = opened.page._banner
    assert banner is not None
    assert "Nomor ganda" in banner.accessibleName()
    monkeypatch.setattr(dialogs, "confirm", lambda *_: False)
    (button,) = banner.findChildren(Button)
    button.click()
    assert len(double_numbers(first)) == 1
    monkeypatch.setattr(dialogs, "confirm", lambda *_: True)
    button.click()
    assert double_numbers(first) == ()
    opened.rest()
    assert opened.page._banner is None


def test_a_provisional_number_becomes_a_lasting_one_on_the_page_of_its_case(
    first: Posko, case_page: Callable[[Posko], Opened]
) -> None:
    renew_device(first, "asked")
    uid = file_report(first, new_report()).uid
    opened = case_page(first)
    opened.show(uid)
    opened.rest()
    assert opened.page._banner is not None
    (button,) = opened.page._banner.findChildren(Button)
    button.click()
    assert str(opened.problems[0]).startswith("Nomor laporan 2024")
    keep_numbers(first, {"filing/pilkada/2024": 4})
    button.click()
    assert case_view(first, uid).facts.number[:3] == "005"
