"""The card Petugas tanpa Posko: a blank workbook made, a filled one taken in, its answers shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from posko_app.app import Posko
from posko_app.cases.queries import CaseFilter, list_cases
from tests.filled_books import GOOD, changed, filled, texts
from tests.opened import Opened
from ui import dialogs, documents, theme
from ui.pages.exchange import ExchangePage
from ui.pages.exchange.intake_card import offices
from ui.widgets.rows import TwoLines

OpenPage = Callable[[Posko], Opened[ExchangePage]]


@pytest.fixture(autouse=True)
def home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An own home folder, so that nothing is written into that of this machine."""
    folder = tmp_path / "home"
    folder.mkdir()
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


@pytest.fixture
def kab(office: Callable[..., Posko]) -> Posko:
    return office("kabupaten")


@pytest.fixture
def beside(tmp_path: Path) -> Path:
    (tmp_path / "a.txt").write_text("foto")
    return tmp_path


def answering(monkeypatch: pytest.MonkeyPatch, **answers: Any) -> None:
    """What the person at the PC chooses in the dialogs."""
    for name, answer in answers.items():
        monkeypatch.setattr(dialogs, name, lambda *_, answer=answer, **__: answer)


def shown(page: ExchangePage) -> list[str]:
    return [row.title.text() for row in page.staff.rows.findChildren(TwoLines)]


def test_a_blank_workbook_is_made_for_an_office_below(
    kab: Posko, opened: OpenPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = opened(kab)
    page = made.show()
    target = tmp_path / "isian kurun.xlsx"
    answering(monkeypatch, ask_form={"office": "62.10.02"}, save_file=target)
    page.staff.blank.click()
    assert "Panwaslu Kecamatan Kurun (62.10.02)" in texts(target)
    assert made.problems == []
    answering(monkeypatch, save_file=tmp_path / "tidak-ada" / "x.xlsx")
    page.staff.blank.click()
    assert len(made.problems) == 1


def test_who_may_fill_in_is_offered(kab: Posko) -> None:
    found = dict(offices(kab))
    assert found["62.10.02"] == "Panwaslu Kecamatan Kurun"
    assert found["62.10"] == "Bawaslu Kabupaten Gunung Mas (kantor ini)"


def test_a_filled_workbook_is_taken_in_and_its_folder_opened(
    kab: Posko, opened: OpenPage, beside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = changed("Laporan", 3, Tanggal_kejadian="31-02-2024")
    path = filled(beside / "isian.xlsx", rows, kab, "62.10.02")
    made = opened(kab)
    page = made.show()
    assert not page.staff.banner.isVisible()
    answering(monkeypatch, open_files=[path])
    page.staff.fetch.click()
    assert not page.staff.fetch.isEnabled(), "one after the other"
    made.rest()
    assert page.staff.banner.accessibleName() == (
        "1 baris diterima, 1 perlu diperbaiki. Kirim Balasan_isian.xlsx dan Perbaikan_isian.xlsx "
        "kepada Panwaslu Kecamatan Kurun."
    )
    assert shown(page)[0].startswith("Tanggal 31-02-2024 tidak ada.")
    (case,) = list_cases(kab, CaseFilter())
    assert shown(page)[1] == case.number
    folders: list[Path] = []

    def keep(path: Path) -> bool:
        folders.append(path)
        return True

    monkeypatch.setattr(documents, "show", keep)
    assert page.staff.show_folder.hasFocus()
    page.staff.show_folder.click()
    assert folders == [beside]
    assert (beside / "Perbaikan_isian.xlsx").is_file()
    page.staff.leave.click()
    assert not page.staff.banner.isVisible()
    assert page.staff.fetch.isEnabled()
    assert made.problems == []


def test_a_folder_that_cannot_be_written_is_asked_for(
    kab: Posko, opened: OpenPage, beside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = filled(beside / "isian.xlsx", GOOD, kab, "62.10.02")
    answers = beside / "balasan"
    answers.mkdir()
    answering(monkeypatch, choose_folder=answers)
    made = opened(kab)
    page = made.show()
    page.staff.start(path, beside / "cd-rom")
    made.rest()
    assert made.problems == []
    assert [file.name for file in answers.iterdir()] == ["Balasan_isian.xlsx"]
    assert len(list_cases(kab, CaseFilter())) == 2


def test_a_file_that_is_no_filled_workbook_is_told(
    kab: Posko, opened: OpenPage, tmp_path: Path
) -> None:
    openpyxl.Workbook().save(tmp_path / "lain.xlsx")
    made = opened(kab)
    page = made.show()
    page.staff.start(tmp_path / "lain.xlsx")
    made.rest()
    assert "bukan isian laporan Posko" in str(made.problems[0])
    assert page.staff.result is None
    assert page.staff.fetch.isEnabled()


def test_who_may_not_take_in_reads_why(kab: Posko, opened: OpenPage) -> None:
    kab.user = replace(kab.user, role="leader")
    page = opened(kab).show()
    assert not page.staff.fetch.isEnabled()
    assert page.staff.blank.isEnabled()


def test_the_page_keeps_its_lists_beside_a_result(
    kab: Posko, opened: OpenPage, beside: Path
) -> None:
    made = opened(kab)
    page = made.show()
    page.staff.start(filled(beside / "isian.xlsx", GOOD, kab, "62.10.02"))
    made.rest()
    assert page.staff.banner.isVisible()
    assert page.staff.height() <= page.height() // 2
    assert page.height() == 638, "the result makes the page no higher"
