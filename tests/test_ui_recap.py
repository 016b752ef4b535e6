"""Rekap: periods, figures that equal their lists, the way down to a case, the workbook."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from posko_app.app import Posko
from posko_app.cases.intake import file_report
from posko_app.cases.recap import Recap, recap
from posko_app.cases.steps import NewStep, record_step
from tests.factory import REPORTER, TODAY, new_report
from tests.opened import Opened
from ui import dialogs, documents, theme
from ui.pages.recap import RecapPage
from ui.pages.recap.over_time import over_time
from ui.pages.recap.periods import periods, said
from ui.pages.recap.rows import BY_KEY, cases_of

OpenPage = Callable[[], Opened[RecapPage]]


@pytest.fixture
def opened(qapp: QApplication, qtbot: QtBot, posko: Posko) -> Iterator[OpenPage]:
    """Make the page over an office."""
    theme.apply(qapp)
    made: list[Opened[RecapPage]] = []

    def make() -> Opened[RecapPage]:
        made.append(Opened(RecapPage, posko, qtbot))
        return made[-1]

    yield make
    for each in made:
        each.context.tasks.close()


@pytest.fixture
def filled(posko: Posko) -> dict[str, str]:
    """Four cases: three of this month, one of March; one registered, one of another region."""

    def filed(day: date, title: str, **changes: Any) -> str:
        return file_report(
            posko, new_report(filed_on=day, known_on=day, event_on=day, title=title, **changes)
        ).uid

    first = filed(date(2024, 10, 7), "Pertama")
    record_step(posko, first, NewStep(kind="reviewed", on=date(2024, 10, 8), outcome="complete"))
    record_step(posko, first, NewStep(kind="registered", on=date(2024, 10, 8)))
    return {
        "first": first,
        "second": filed(TODAY, "Kedua"),
        "third": filed(TODAY, "Ketiga", region_code="62.10.01"),
        "march": filed(date(2024, 3, 4), "Maret"),
    }


def titles(page: RecapPage) -> list[str]:
    return [row.summary for row in page.cases.rows.rows if hasattr(row, "summary")]


def test_figures_equal_the_lists_behind_them(
    posko: Posko, opened: OpenPage, filled: dict[str, str]
) -> None:
    page = opened().show()
    assert page.period.key == "year"
    assert page.head.subtitle.text().startswith("Kabupaten Gunung Mas · 1 Jan – 15 Okt 2024")
    assert page.head.subtitle.text().endswith("LATIHAN, data contoh")
    assert page.tiles["total"].accessibleName() == "Laporan dan temuan: 4"
    assert page.tiles["registered"].accessibleName() == "Diregistrasi: 1"
    cells = [[page.regions.rows.index(r, c).data() for c in range(2)] for r in range(3)]
    assert cells == [["Kurun", "3"], ["Sepang", "1"], ["Jumlah", "4"]]
    assert page.bars.accessibleName() == "Kurun 3; Sepang 1"
    found = page.recap
    assert isinstance(found, Recap)
    for key in BY_KEY:
        assert len(cases_of(found, key, None)) == found.totals[key]
        for region in found.regions:
            assert len(cases_of(found, key, region.region)) == getattr(region, key)


def test_from_a_region_down_to_a_case_by_keyboard(
    opened: OpenPage, filled: dict[str, str], qtbot: QtBot
) -> None:
    made = opened()
    page = made.show()
    assert page.regions.hasFocus()
    qtbot.keyClick(page.regions, Qt.Key.Key_Down)
    qtbot.keyClick(page.regions, Qt.Key.Key_Return)
    assert page.tabs.current == "cases"
    assert page.cases.hasFocus()
    assert titles(page) == ["Ketiga"]
    assert page.region_chip.text() == "Kecamatan: Sepang"
    qtbot.keyClick(page.cases, Qt.Key.Key_Return)
    assert made.visits == [("case", {"uid": filled["third"]})]
    page.region_chip.click()
    assert titles(page) == ["Maret", "Pertama", "Kedua", "Ketiga"]
    page.figure_chip.click()
    assert not page.figure_chip.isVisible()
    page.step_tab(1)
    assert page.regions.isVisible()


def test_tiles_bars_and_the_sum_open_their_lists(
    opened: OpenPage, filled: dict[str, str], qtbot: QtBot
) -> None:
    page = opened().show()
    qtbot.keyClick(page.tiles["registered"], Qt.Key.Key_Return)
    assert titles(page) == ["Pertama"]
    assert page.figure_chip.text() == "Diregistrasi · 1"
    spot = QPoint(20, theme.px(21) + 5)  # the second bar
    qtbot.mouseClick(page.bars, Qt.MouseButton.LeftButton, pos=spot)
    assert titles(page) == ["Ketiga"]
    page.tabs.choose("regions")
    qtbot.keyClick(page.regions, Qt.Key.Key_End)
    qtbot.keyClick(page.regions, Qt.Key.Key_Return)
    assert len(titles(page)) == 4
    assert REPORTER.name not in str(page.cases.rows.rows)


def test_periods_by_chip_and_by_typing(
    opened: OpenPage, filled: dict[str, str], qtbot: QtBot
) -> None:
    made = opened()
    page = made.show()
    page.bar.chips["month"].click()
    made.rest()
    assert page.tiles["total"].accessibleName() == "Laporan dan temuan: 3"
    assert page.bar.since.text() == "01-10-2024"
    page.bar.since.setText("1-3")
    page.bar.until.setText("31-3-2024")
    qtbot.keyClick(page.bar.until, Qt.Key.Key_Return)
    made.rest()
    assert page.tiles["total"].accessibleName() == "Laporan dan temuan: 1"
    assert page.bar.since.text() == "01-03-2024"
    assert not any(chip.isChecked() for chip in page.bar.chips.values())
    assert "1 Mar – 31 Mar 2024" in page.head.subtitle.text()


def test_wrong_dates_are_said_and_nothing_is_counted(
    opened: OpenPage, filled: dict[str, str]
) -> None:
    made = opened()
    page = made.show()
    for since, until, sentence in (
        ("besok lusa", "15-10-2024", ""),
        ("", "15-10-2024", "Tulis tanggal seperti 15-10-2024."),
        ("15-10-2024", "1-10-2024", "Tanggal akhir sebelum tanggal awal."),
    ):
        page.bar.since.setText(since)
        page.bar.until.setText(until)
        page.bar.count.click()
        assert not made.context.tasks.busy
        assert page.bar.problem.text()
        assert sentence in page.bar.problem.text()
    assert page.tiles["total"].accessibleName() == "Laporan dan temuan: 4"


def test_an_empty_period_says_so_and_offers_the_year(
    opened: OpenPage, filled: dict[str, str]
) -> None:
    made = opened()
    page = made.show(since=date(2023, 1, 1), until=date(2023, 12, 31))
    assert page.empty.isVisible()
    page.year.click()
    made.rest()
    assert page.regions.isVisible()
    assert page.tiles["total"].accessibleName() == "Laporan dan temuan: 4"


def test_the_page_follows_what_is_filed(
    posko: Posko, opened: OpenPage, filled: dict[str, str]
) -> None:
    made = opened()
    page = made.show()
    file_report(posko, new_report(title="Baru masuk"))
    made.rest()
    assert page.tiles["total"].accessibleName() == "Laporan dan temuan: 5"


def test_a_cancelled_count_leaves_what_was_shown(opened: OpenPage, filled: dict[str, str]) -> None:
    made = opened()
    page = made.show()
    page.bar.chips["month"].click()
    page.panel.stop.click()
    made.rest()
    page.refresh()
    page.refresh()  # while the first is still counting
    made.rest()
    assert page.tiles["total"].accessibleName() == "Laporan dan temuan: 3"
    assert made.problems == []


def test_the_workbook_holds_what_the_screen_shows(
    opened: OpenPage,
    filled: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = opened()
    page = made.show()
    suggested: list[str] = []

    def save(_parent: object, _title: str, name: str, _kinds: str) -> Path:
        suggested.append(Path(name).name)
        return tmp_path / "rekap oktober.xlsx"

    monkeypatch.setattr(dialogs, "save_file", save)
    page.export()  # Ctrl+E
    made.rest()
    assert suggested == ["Rekap_62.10_20240101-20241015.xlsx"]
    book = openpyxl.load_workbook(tmp_path / "rekap oktober.xlsx")
    sums = [c.value for row in book["R2 Per wilayah"].iter_rows() for c in row][:400]
    assert sums[sums.index("Jumlah") + 3] == 4
    shown: list[Path] = []

    def show(path: Path) -> bool:
        shown.append(path)
        return path.suffix == ".xlsx"

    monkeypatch.setattr(documents, "show", show)
    page.banner_place.itemAt(0).widget().link.emit("file")  # type: ignore[union-attr]
    page.banner_place.itemAt(0).widget().link.emit("folder")  # type: ignore[union-attr]
    assert shown == [tmp_path / "rekap oktober.xlsx", tmp_path]
    assert "sudah tersimpan" in str(made.problems[0])


def test_a_place_that_cannot_be_written_is_one_sentence(
    opened: OpenPage,
    filled: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = opened()
    page = made.show()
    monkeypatch.setattr(dialogs, "save_file", lambda *_: tmp_path / "tidak ada" / "rekap.xlsx")
    page.export()
    made.rest()
    assert len(made.problems) == 1
    monkeypatch.setattr(dialogs, "save_file", lambda *_: None)
    page.export()
    assert not made.context.tasks.busy


def test_periods_of_an_office(posko: Posko) -> None:
    law = posko.rules.get("pilkada-2024")
    found = {p.key: (p.since, p.until) for p in periods(law, TODAY)}
    assert found == {
        "month": (date(2024, 10, 1), TODAY),
        "stage": (date(2024, 9, 25), TODAY),
        "year": (date(2024, 1, 1), TODAY),
    }
    assert [p.key for p in periods(law, date(2019, 2, 3))] == ["month", "year"]
    assert said(date(2024, 9, 25), TODAY) == "25 Sep – 15 Okt 2024"
    assert said(date(2023, 12, 30), date(2024, 1, 2)) == "30 Des 2023 – 2 Jan 2024"
    assert said(TODAY, TODAY) == "15 Okt 2024"


@pytest.mark.parametrize(
    ("since", "word", "columns"),
    [
        (date(2024, 10, 6), "hari", 9),
        (date(2024, 9, 1), "minggu", 7),
        (date(2024, 1, 1), "bulan", 8),
    ],
)
def test_columns_over_time_are_few_and_hold_every_case(
    posko: Posko, filled: dict[str, str], since: date, word: str, columns: int
) -> None:
    if word == "minggu":
        day = date(2024, 9, 2)
        file_report(posko, new_report(filed_on=day, known_on=day, event_on=day))
    found = recap(posko, since, TODAY)
    named, bars = over_time(found)
    assert (named, len(bars)) == (word, columns)
    assert sum(bar.total for bar in bars) == found.totals["total"]
