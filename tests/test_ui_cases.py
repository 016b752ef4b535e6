"""Laporan: views, instant filter, chips, paging, preview, keys, the ways out of an empty list."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QMenu
from pytestqt.qtbot import QtBot

from posko_app.app import Posko
from posko_app.cases.intake import add_report, file_report
from posko_app.cases.list_views import standard_views
from posko_app.cases.queries import CaseFilter, count_cases, list_cases
from posko_app.cases.saved_views import Layout, ViewContent, keep_view, kept_views, layout_of
from posko_app.cases.steps import NewStep, record_step
from posko_app.cases.views import CaseRow
from posko_app.office.accounts import add_account
from tests.factory import PARTY, PASSWORD, REPORTER, TODAY, new_report
from tests.windows import Windows
from ui import theme
from ui.case_words import CaseWords
from ui.context import Context
from ui.pages.cases import CasesPage
from ui.pages.cases.columns import columns, shown
from ui.pages.cases.menus import menu_of_row
from ui.tables import PAGE

Visits = list[tuple[str, dict[str, Any]]]
Show = Callable[..., tuple[CasesPage, Visits]]
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def opened(posko: Posko, qapp: QApplication, qtbot: QtBot) -> Iterator[Show]:
    """Show the page over the office as the test has filled it."""
    theme.apply(qapp)
    contexts: list[Context] = []

    def show(width: int = 1182, **arguments: Any) -> tuple[CasesPage, Visits]:
        context = Context(posko)
        contexts.append(context)
        visits: Visits = []
        context.page_wanted.connect(lambda name, given: visits.append((name, _plain(given))))
        page = CasesPage(context)
        qtbot.addWidget(page)
        page.resize(width, 638)
        page.open(**arguments)
        with qtbot.waitActive(page):
            page.show()
        page.take_focus()
        return page, visits

    yield show
    for context in contexts:
        context.tasks.close()


def _plain(arguments: dict[str, Any]) -> dict[str, Any]:
    """Arguments of a visit without the order of the list behind it."""
    return {key: value for key, value in arguments.items() if key != "order"}


def _filed(posko: Posko, days_ago: int = 0, **changes: Any) -> str:
    day = TODAY - timedelta(days=days_ago)
    known = day - timedelta(days=1)
    return file_report(
        posko, new_report(filed_on=day, known_on=known, event_on=known, **changes)
    ).uid


def _many(posko: Posko, count: int) -> None:
    """Reports in one transaction, as bulk work files them."""
    with posko.write() as session:
        for number in range(count):
            new = new_report(title=f"Laporan nomor {number}", witnesses=(), evidence=())
            add_report(posko, session, new, ())


def _titles(page: CasesPage) -> list[str]:
    return [row.title for row in page.table.rows.rows if isinstance(row, CaseRow)]


def _filter(page: CasesPage, qtbot: QtBot, typed: str, titles: list[str]) -> None:
    """Type into the filter field and wait until the list shows exactly these titles."""
    page.bar.search.selectAll()
    qtbot.keyClicks(page.bar.search, typed)
    qtbot.waitUntil(lambda: _titles(page) == titles)


def test_the_list_runs_by_deadline_with_counts_on_its_tabs(posko: Posko, opened: Show) -> None:
    _filed(posko, 0, title="Baru")
    _filed(posko, 4, title="Lama")
    page, _ = opened()
    assert _titles(page) == ["Lama", "Baru"]
    assert page.bar.count.text() == "2 dari 2 tampil"
    assert page.head.subtitle.text() == "2 laporan tahun ini"
    assert page.tabs.accessibleName() == "Tab Aktif 2, 1 dari 7"
    said = [page.table.rows.index(0, place).data() for place in range(6)]
    assert said == [
        "002",
        "Lama",
        "Contoh Terlapor, S.Pd.",
        "Kurun",
        "2 Kajian awal",
        "Lewat 2 hari",
    ]
    assert page.table.rows.headerData(5, Qt.Orientation.Horizontal) == "Batas ↑"
    assert page.table.hasFocus()


def test_typing_filters_at_once(posko: Posko, opened: Show, qtbot: QtBot) -> None:
    _filed(posko, title="Camat mengarahkan warga")
    _filed(posko, title="Perusakan alat peraga", reported=(replace(PARTY, name="Budi Rekaan"),))
    page, _ = opened()
    qtbot.keyClick(page.table, "/")
    assert page.bar.search.hasFocus()
    _filter(page, qtbot, "camat", ["Camat mengarahkan warga"])
    assert page.bar.count.text() == "1 dari 2 tampil"
    _filter(page, qtbot, "budi rek", ["Perusakan alat peraga"])
    qtbot.keyClick(page.bar.search, Qt.Key.Key_Down)
    assert page.table.hasFocus()
    assert (row := page.table.row()) is not None
    assert row.title == "Perusakan alat peraga"


def test_escape_empties_the_filter(posko: Posko, opened: Show, qtbot: QtBot) -> None:
    _filed(posko)
    page, _ = opened()
    _filter(page, qtbot, "tidak ada", [])
    qtbot.keyClick(page.bar.search, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: page.bar.count.text() == "1 dari 1 tampil")
    assert page.bar.search.text() == ""


def test_chips_filter_and_let_go(posko: Posko, opened: Show, qtbot: QtBot) -> None:
    _filed(posko, title="Netralitas")
    _filed(posko, title="Uang", theme="money_politics", region_code="62.10.01")
    page, _ = opened()
    chip = page.bar.chips["theme"]
    assert chip.text() == "Jenis: semua"
    choices = {a.text(): a for a in page.bar.menu("theme").actions()}
    choices["Politik uang"].trigger()
    assert _titles(page) == ["Uang"]
    assert chip.text() == "Jenis: Politik uang"
    assert chip.isChecked()
    page.bar.choose("region", "62.10.02")
    assert _titles(page) == []
    cross = chip.rect().center()
    cross.setX(chip.width() - 8)
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton, pos=cross)
    assert _titles(page) == ["Netralitas"]
    assert page.bar.chips["region"].text() == "Kecamatan: Kurun"
    page.bar.clear.click()
    assert len(_titles(page)) == 2
    assert not page.bar.clear.isVisible()


def test_more_filters_stand_behind_saringan(posko: Posko, opened: Show) -> None:
    _filed(posko, 40, title="September")
    _filed(posko, 0, title="Oktober")
    page, _ = opened()
    assert not page.bar.chips["filed"].isVisible()
    menus = {a.text(): a.menu() for a in page.bar.menu_of_filters().actions()}
    assert list(menus) == [
        "Diterima", "Tahap", "Masuk sebagai", "Petugas", "Kantor", "Batas", "Berakhir",
        "Menunggu", "Diteruskan", "Bentrok", "Pelapor atau saksi",
    ]  # fmt: skip
    october = next(a for a in menus["Diterima"].actions() if a.text() == "Oktober 2024")
    october.trigger()
    assert _titles(page) == ["Oktober"]
    assert page.bar.chips["filed"].text() == "Diterima: Oktober 2024"
    assert page.bar.chips["filed"].isVisible()


def test_the_sidebar_and_beranda_open_a_filtered_list(posko: Posko, opened: Show) -> None:
    _filed(posko, 9, title="Lewat")
    _filed(posko, 2, title="Hari ini")
    page, _ = opened(due="late")
    assert _titles(page) == ["Lewat"]
    assert page.bar.chips["due"].text() == "Batas: lewat"
    page.open(due="today")
    assert _titles(page) == ["Hari ini"]
    page.open(view="all", filed="week")
    assert _titles(page) == ["Hari ini"]
    page.open()
    assert len(_titles(page)) == 2, "a new visit starts without filters"


def test_referred_cases_are_those_that_beranda_counts(posko: Posko, opened: Show) -> None:
    uid = _filed(posko, 9)
    _filed(posko)
    for days, kind, outcome, data in (
        (8, "reviewed", "complete", {}),
        (8, "registered", "", {}),
        (6, "assessed", "", {}),
        (5, "decided", "violation", {"kinds": "other_law"}),
        (4, "referred", "", {"addressee": "bkn", "kinds": "other_law"}),
    ):
        day = TODAY - timedelta(days=days)
        record_step(posko, uid, NewStep(kind=kind, on=day, outcome=outcome, data=data))
    page, _ = opened(view="all", referred="2024-10")
    assert [row.uid for row in page.table.rows.rows if isinstance(row, CaseRow)] == [uid]


def test_thousands_come_page_by_page(posko: Posko, opened: Show) -> None:
    _many(posko, PAGE + 30)
    page, _ = opened()
    assert len(page.table.rows.rows) == PAGE
    page.table.scrollToBottom()
    page.table.rows.fetchMore(page.table.rootIndex())
    assert len(page.table.rows.rows) == PAGE + 30
    assert len(set(_titles(page))) == PAGE + 30
    last = page.table.rows.rows[-1]
    assert isinstance(last, CaseRow)
    page.table.choose(last.uid)
    _filed(posko, title="Menyusul")
    assert len(page.table.rows.rows) == PAGE + 31, "a reload keeps the place far down"
    assert (row := page.table.row()) is not None
    assert row.uid == last.uid


def test_newest_first_is_paged_too(posko: Posko) -> None:
    for days in (3, 0, 5, 0, 3):
        _filed(posko, days)
    wanted = CaseFilter(view="all", sort="filed", descending=True)
    whole = list_cases(posko, wanted)
    assert [r.filed_on for r in whole] == sorted((r.filed_on for r in whole), reverse=True)
    first = list_cases(posko, wanted, limit=2)
    rest = list_cases(posko, wanted, after=first[-1])
    assert [*first, *rest] == list(whole)
    assert count_cases(posko, replace(wanted, stage="registration")) == 0


def test_the_header_sorts_by_date_of_filing(posko: Posko, opened: Show, qtbot: QtBot) -> None:
    _filed(posko, 3, title="Lama")
    _filed(posko, 0, title="Baru")
    page, _ = opened(view="all")
    assert _titles(page) == ["Baru", "Lama"]
    keys = [c.key for c in page.table.rows.columns]
    page.table.horizontalHeader().sectionClicked.emit(keys.index("due"))
    assert _titles(page) == ["Lama", "Baru"]
    page.table.horizontalHeader().sectionClicked.emit(keys.index("due"))
    assert _titles(page) == ["Baru", "Lama"]


def test_keys_open_and_step(posko: Posko, opened: Show, qtbot: QtBot) -> None:
    uid = _filed(posko)
    page, visits = opened()
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    qtbot.keyClick(page.table, Qt.Key.Key_Return, CTRL)
    page.primary()
    page.preview.letter.click()
    assert visits == [
        ("case", {"uid": uid}),
        ("case", {"uid": uid, "step": "reviewed"}),
        ("case", {"uid": uid, "step": "reviewed"}),
        ("case", {"uid": uid, "tab": "letters"}),
    ]


def test_the_case_page_gets_the_order_of_the_list(posko: Posko, opened: Show, qtbot: QtBot) -> None:
    later, sooner = _filed(posko, 0), _filed(posko, 1)
    page, _ = opened()
    with qtbot.waitSignal(page.context.page_wanted) as gone:
        qtbot.keyClick(page.table, Qt.Key.Key_Return)
    assert gone.args == ["case", {"uid": sooner, "order": (sooner, later)}]


def test_chosen_rows_are_copied_for_excel(posko: Posko, opened: Show, qtbot: QtBot) -> None:
    _filed(posko, 1, title="Satu")
    _filed(posko, 0, title="Dua")
    page, _ = opened()
    qtbot.keyClick(page.table, Qt.Key.Key_Down, SHIFT)
    assert page.picked.text() == "2 dipilih"
    qtbot.keyClick(page.table, Qt.Key.Key_C, CTRL)
    lines = QGuiApplication.clipboard().text().split("\n")
    assert [line.split("\t")[:2] for line in lines] == [["001", "Satu"], ["002", "Dua"]]


def test_the_preview_tells_the_case_but_not_the_reporter(
    posko: Posko, opened: Show, qtbot: QtBot
) -> None:
    _filed(posko, 1, title="Satu", event_time="19:30")
    _filed(posko, 0, title="Dua")
    page, _ = opened()
    qtbot.waitUntil(lambda: page.preview.subject.text() == "Satu")
    qtbot.keyClick(page.table, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: page.preview.subject.text() == "Dua")
    assert page.preview.stage.text() == "Tahap 2 dari 9: Kajian awal"
    assert page.preview.step.text() == "Catat kajian awal"
    said = {label.text() for label in page.preview.findChildren(QLabel)}
    assert {"Dirahasiakan", "Guru, SDN 3 Contoh", "Sen 14 Okt 2024"} <= said
    assert not any(REPORTER.name in words for words in said)


def test_space_shows_and_hides_the_preview(posko: Posko, opened: Show, qtbot: QtBot) -> None:
    _filed(posko)
    page, _ = opened()
    assert page.preview.isVisible()
    qtbot.keyClick(page.table, Qt.Key.Key_Space)
    assert not page.preview.isVisible()
    assert not page.bar.preview.isChecked()
    qtbot.keyClick(page.table, Qt.Key.Key_Space)
    assert page.preview.isVisible()


def test_a_small_window_hides_the_preview_and_columns_give_way(posko: Posko, opened: Show) -> None:
    _filed(posko)
    page, _ = opened(width=972)
    assert not page.preview.isVisible()
    assert page.table.columnWidth(1) >= 190
    widths = {c.key: c.width for c in columns(CaseWords(posko))}
    usual, closed = standard_views()["active"].columns, standard_views()["closed"].columns
    assert shown(usual, None, widths, 700) == ("number", "title", "party", "stage", "due")
    chosen = Layout(("officer", "title", "gone", "due"))
    assert shown(usual, chosen, widths, 700) == ("officer", "title", "due"), "chosen by hand"
    assert "filed" in shown(closed, None, widths, 1200)


def test_columns_are_chosen_in_a_menu(posko: Posko, opened: Show) -> None:
    _filed(posko)
    page, _ = opened()
    place = [c.key for c in page.table.rows.columns].index("filed")
    assert page.table.isColumnHidden(place)
    menu = page.columns.menu()
    assert {a.data(): a.isChecked() for a in menu.actions()}["due"]
    page.bar.columns.click()
    offered = QApplication.activePopupWidget()
    assert offered is not None
    next(a for a in offered.actions() if a.data() == "filed").trigger()
    offered.close()
    assert not page.table.isColumnHidden(place)
    assert page.table.shown_columns()[-1] == "filed"


def test_columns_stay_as_somebody_put_them(posko: Posko, opened: Show) -> None:
    _filed(posko)
    page, _ = opened()
    head = page.table.horizontalHeader()
    places = {c.key: n for n, c in enumerate(page.table.rows.columns)}
    head.moveSection(head.visualIndex(places["due"]), 0)
    head.resizeSection(places["party"], 222)
    order = page.table.shown_columns()
    assert order[:2] == ("due", "number")
    page.columns.keep()
    again, _ = opened()
    assert again.table.shown_columns() == order
    assert again.table.columnWidth(places["party"]) == 222
    qtapp = QGuiApplication.clipboard()
    again.table.copy()
    assert qtapp.text().split("\t")[1] == "001", "copied in the order that is shown"
    back = next(a for a in again.columns.menu().actions() if a.data() == "reset")
    back.trigger()
    assert again.table.shown_columns()[0] == "number"
    assert (
        again.table.columnWidth(places["party"]) == page.table.rows.columns[places["party"]].width
    )
    assert layout_of(posko, "cases.active") is None


def test_who_drags_an_edge_keeps_the_columns_of_every_view(posko: Posko, opened: Show) -> None:
    _filed(posko)
    page, _ = opened(width=1366)
    usual = page.table.shown_columns()
    place = {c.key: n for n, c in enumerate(page.table.rows.columns)}["party"]
    page.table.horizontalHeader().resizeSection(place, 222)
    page.columns.keep()
    page.columns.settle("agency", 1400)
    assert {"agency", "since"} <= set(page.table.shown_columns())
    page.columns.settle("active", 700)
    assert page.table.columnWidth(place) == 222
    assert len(page.table.shown_columns()) < len(usual), "they go on giving way"


def test_the_row_menu_offers_the_same_ways(posko: Posko, opened: Show) -> None:
    _filed(posko)
    page, _ = opened()
    row = page.table.row()
    assert row is not None
    said: list[str] = []
    ways = {
        key: lambda key=key: said.append(key)
        for key in ("open", "step", "letters", "copy", "copy_all", "number", "officer", "archive")
    }
    menu = menu_of_row(page.table, row, ways)
    for action in menu.actions():
        action.trigger()
    assert said == ["open", "step", "letters", "copy", "copy_all", "number", "officer"]
    assert not menu.actions()[-1].isEnabled(), "only what is finished is archived"
    assert menu.actions()[1].text() == "Catat kajian awal\tCtrl+Enter"


def test_an_empty_result_says_what_to_let_go(posko: Posko, opened: Show, qtbot: QtBot) -> None:
    _filed(posko, title="Bupati hadir di kampanye")
    page, _ = opened()
    page.bar.choose("stage", "plenary")
    assert page.empty.isVisible()
    assert page.empty.title.text() == "Tidak ada laporan yang cocok dengan saringan ini"
    said = "Tidak ada laporan yang cocok dengan “bupati”"
    qtbot.keyClicks(page.bar.search, "bupati")
    qtbot.waitUntil(lambda: page.empty.title.text() == said)
    assert page.empty.text.text() == "1 laporan cocok bila saringan Tahap: Pleno dilepas."
    assert page.free.text() == "Lepas saringan Tahap"
    page.free.click()
    assert _titles(page) == ["Bupati hadir di kampanye"]
    assert not page.empty.isVisible()


def test_an_empty_result_points_to_another_tab(posko: Posko, opened: Show, qtbot: QtBot) -> None:
    _filed(posko, title="Bupati hadir di kampanye")
    page, _ = opened(view="findings", text="bupati")
    assert page.empty.text.text() == "1 laporan cocok ada di tab Semua."
    page.free.click()
    assert _titles(page) == ["Bupati hadir di kampanye"]
    assert page.tabs.current == "all"


def test_an_empty_tab_says_what_belongs_there(posko: Posko, opened: Show) -> None:
    _filed(posko)
    page, _ = opened(view="waiting")
    assert page.empty.title.text() == "Tidak ada laporan yang menunggu pelapor"
    assert not page.free.isVisible()
    assert not page.all_free.isVisible()


def test_an_office_without_cases_shows_how_to_begin(posko: Posko, opened: Show) -> None:
    page, visits = opened()
    assert page.first.isVisible()
    assert page.head.subtitle.text() == "Belum ada laporan tahun ini"
    assert not page.bar.isVisible()
    assert not page.add.isVisible()
    page.first.receive.click()
    assert visits == [("exchange", {"act": "receive"})]
    _filed(posko)
    assert page.table.isVisible()


def test_going_back_finds_everything_as_it_was(posko: Posko, opened: Show, qtbot: QtBot) -> None:
    _filed(posko, 1, title="Camat satu")
    second = _filed(posko, 0, title="Camat dua")
    page, _ = opened()
    page.bar.choose("theme", "asn_neutrality")
    _filter(page, qtbot, "camat", ["Camat satu", "Camat dua"])
    page.table.choose(second)
    kept = page.state()
    page.open(view="closed")
    assert _titles(page) == []
    page.restore(kept)
    assert _titles(page) == ["Camat satu", "Camat dua"]
    assert page.bar.search.text() == "camat"
    assert page.bar.values == {"theme": "asn_neutrality"}
    assert (row := page.table.row()) is not None
    assert row.uid == second


def test_tabs_step_and_change_the_order(posko: Posko, opened: Show) -> None:
    _filed(posko)
    page, _ = opened()
    page.step_tab(-1)
    assert page.tabs.current == "all"
    keys = [c.key for c in page.table.rows.columns]
    head = page.table.rows.headerData(keys.index("filed"), Qt.Orientation.Horizontal)
    assert head == "Diterima ↓"


def test_bothered_rows_and_rows_of_other_offices_are_marked(posko: Posko) -> None:
    _filed(posko)
    row = list_cases(posko, CaseFilter())[0]
    words = CaseWords(posko)
    titled = {c.key: c for c in columns(words)}
    marked = replace(row, conflicts=2)
    assert titled["title"].text(marked) == f"⚠ {row.title}"
    assert titled["title"].tooltip is not None
    assert "2 ruas bentrok" in titled["title"].tooltip(marked)
    assert titled["title"].tooltip(row) == ""
    assert words.number(replace(row, office_code="62.10.02")) == "001 Kec"
    assert words.number(replace(row, kind="finding", number="004/TM/PB")) == "T-04"
    assert words.number(replace(row, number="")) == "–"
    assert words.officer(row) == "Petugas"


def test_no_part_of_the_page_ever_shows_as_a_window(
    posko: Posko, opened: Show, qapp: QApplication
) -> None:
    _filed(posko)
    windows = Windows()
    qapp.installEventFilter(windows)
    page, _ = opened()
    qapp.removeEventFilter(windows)
    assert windows.shown == [page]


# --- views, acts, and the list as a file ----------------------------------------------------------


def _closed(posko: Posko, days_ago: int = 3, **changes: Any) -> str:
    uid = _filed(posko, days_ago, **changes)
    day = TODAY - timedelta(days=days_ago)
    for kind, outcome in (("reviewed", "already_handled"), ("notified", ""), ("closed", "")):
        record_step(posko, uid, NewStep(kind=kind, on=day, outcome=outcome))
    return uid


def _pick(menu: QMenu, words: str) -> None:
    next(a for a in menu.actions() if a.text().startswith(words)).trigger()


def test_a_kept_view_brings_filters_columns_and_order(posko: Posko, opened: Show) -> None:
    _filed(posko, title="Netralitas")
    _filed(posko, title="Uang", theme="money_politics")
    content = ViewContent(
        view="all", values={"theme": "money_politics"}, sort="due", columns=("number", "title")
    )
    keep_view(posko, "Uang saja", content)
    page, _ = opened()
    assert len(_titles(page)) == 2
    _pick(page.views.menu(), "Uang saja")
    assert _titles(page) == ["Uang"]
    assert page.tabs.accessibleName().startswith("Tab Uang saja")
    assert page.bar.chips["theme"].text() == "Jenis: Politik uang"
    assert page.table.shown_columns() == ("number", "title")
    page.bar.choose("theme", "")
    _pick(page.views.menu(), "Perbarui Uang saja")
    assert kept_views(posko)[0].content.values == {}
    page.tabs.choose("active")
    assert "title" in page.table.shown_columns()
    assert len(page.table.shown_columns()) > 2, "the columns of the kept view go with it"


def test_the_list_as_it_stands_is_kept_under_a_name(
    posko: Posko, opened: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    _filed(posko)
    page, _ = opened(theme="asn_neutrality")

    def answer(*_: Any, submit: Callable[[dict[str, Any]], Any], **__: Any) -> None:
        assert submit({"name": "  ", "shared": False}), "a name is needed"
        assert not submit({"name": "Netralitas ASN", "shared": True})

    monkeypatch.setattr("ui.dialogs.ask_form", answer)
    page.views.save()
    kept = kept_views(posko)[0]
    assert (kept.name, kept.shared) == ("Netralitas ASN", True)
    assert kept.content.values == {"theme": "asn_neutrality"}
    assert page.tabs.accessibleName().startswith("Tab Netralitas ASN")
    _pick(page.views.menu(), "Hapus Netralitas ASN")
    assert kept_views(posko) == ()
    assert page.views.view == "active"


def test_views_without_a_tab_are_in_the_menu(posko: Posko, opened: Show) -> None:
    _filed(posko, 9, title="Lewat")
    _filed(posko, 0, title="Baru")
    page, _ = opened()
    _pick(page.views.menu(), "Lewat batas")
    assert _titles(page) == ["Lewat"]
    assert page.bar.count.text() == "1 dari 1 tampil"
    _pick(page.views.menu(), "Menunggu instansi")
    assert page.empty.title.text() == "Tidak ada yang menunggu jawaban instansi"


def test_officers_change_by_key_and_are_taken_back(
    posko: Posko, opened: Show, qtbot: QtBot
) -> None:
    add_account(posko, login="maya", name="Maya Contoh", role="verifier", password=PASSWORD)
    _filed(posko, 1)
    _filed(posko, 0)
    page, _ = opened()
    said: list[tuple[str, Any, Any]] = []
    page.context.said.connect(lambda *told: said.append(told))
    page.table.selectAll()
    qtbot.keyClick(page.table, "t")
    offered = QApplication.activePopupWidget()
    assert isinstance(offered, QMenu)
    _pick(offered, "Maya")
    offered.close()
    assert count_cases(posko, CaseFilter(officer="maya")) == 2
    assert said[-1][0] == "Petugas 2 perkara diganti menjadi Maya Contoh"
    said[-1][1]()
    assert count_cases(posko, CaseFilter(officer="petugas")) == 2
    assert said[-1][0] == "2 perkara dikembalikan"
    said[-1][2]()
    assert count_cases(posko, CaseFilter(officer="maya")) == 2
    assert said[-1][0] == "Petugas 2 perkara diganti menjadi Maya Contoh"


def test_finished_cases_are_archived_by_key(posko: Posko, opened: Show, qtbot: QtBot) -> None:
    _closed(posko, title="Selesai")
    _filed(posko, title="Masih")
    page, _ = opened(view="closed")
    said: list[tuple[str, Any, Any]] = []
    page.context.said.connect(lambda *told: said.append(told))
    assert _titles(page) == ["Selesai"]
    qtbot.keyClick(page.table, Qt.Key.Key_Delete)
    assert _titles(page) == []
    assert said[-1][0] == "Perkara 001 diarsipkan"
    _pick(page.views.menu(), "Arsip")
    assert _titles(page) == ["Selesai"]
    assert page.table.hasFocus(), "the keyboard came back with the list"
    qtbot.keyClick(page.table, Qt.Key.Key_Delete)
    assert said[-1][0] == "Perkara 001 dikembalikan dari arsip"
    said[-1][1]()
    assert _titles(page) == ["Selesai"], "back in the archive"
    said[-1][2]()
    assert _titles(page) == [], "and out of it once more"
    said[-1][1]()
    page.tabs.choose("active")
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_Delete)
    assert said[-1] == ("1 perkara belum selesai dan tidak diarsipkan.", None, None)


def test_the_list_is_written_as_it_stands(
    posko: Posko, opened: Show, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _filed(posko, title="Netralitas")
    _filed(posko, title="Uang", theme="money_politics")
    page, _ = opened(theme="money_politics")
    monkeypatch.setattr("ui.dialogs.save_file", lambda *_: tmp_path / "daftar.xlsx")
    with qtbot.waitSignal(page.context.said):
        page.export()
    sheet = openpyxl.load_workbook(tmp_path / "daftar.xlsx")["Daftar"]
    said = [cell.value for row in sheet.iter_rows() for cell in row if cell.value]
    assert said[0] == "Laporan: Aktif"
    assert "Jenis: Politik uang" in said
    assert "Uang" in said
    assert "Netralitas" not in said


def test_the_list_is_printed_as_it_stands(
    posko: Posko, opened: Show, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    _filed(posko, title="Netralitas")
    page, _ = opened()
    shown: list[Path] = []
    monkeypatch.setattr("ui.documents.show", lambda path: not shown.append(path))
    page.print_page()
    qtbot.waitUntil(lambda: bool(shown))
    assert shown[0].name == "Laporan- Aktif.pdf"
    assert shown[0].read_bytes().startswith(b"%PDF")


def test_every_row_is_copied_with_headings(posko: Posko, opened: Show, qtbot: QtBot) -> None:
    _many(posko, PAGE + 5)
    page, _ = opened()
    with qtbot.waitSignal(page.context.said):
        page.acts.copy_all()
    lines = QGuiApplication.clipboard().text().split("\n")
    assert lines[0].split("\t")[:2] == ["No.", "Peristiwa"]
    assert len(lines) == PAGE + 6


def test_dates_of_a_span_stand_on_the_chip(
    posko: Posko, opened: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    _filed(posko, 4, title="Dalam")
    _filed(posko, 0, title="Sesudah")
    page, _ = opened()
    answer = {"first": TODAY - timedelta(days=6), "last": TODAY - timedelta(days=2)}
    monkeypatch.setattr("ui.dialogs.ask_form", lambda *_, **__: answer)
    _pick(page.bar.menu("filed"), "Rentang tanggal")
    assert _titles(page) == ["Dalam"]
    assert page.bar.chips["filed"].text() == "Diterima: 9 Okt 2024 sampai 13 Ok…"
    assert page.bar.chips["filed"].toolTip() == "Diterima: 9 Okt 2024 sampai 13 Okt 2024"


def test_another_spelling_is_found_and_said(posko: Posko, opened: Show, qtbot: QtBot) -> None:
    _filed(posko, title="Satu", reported=(replace(PARTY, name="Soedjono Rekaan"),))
    _filed(posko, title="Dua")
    page, _ = opened()
    _filter(page, qtbot, "sujono", ["Satu"])
    assert page.bar.count.text() == "1 dari 2 tampil"
    page.bar.search.setText("sujnoo")
    qtbot.waitUntil(lambda: page.bar.count.text() == "1 dari 2 tampil, ejaan mirip")
    assert _titles(page) == ["Satu"]


def test_typing_never_waits_for_a_search(posko: Posko, opened: Show, qtbot: QtBot) -> None:
    """While one is being answered, letters go on; only the last answer is shown."""
    _filed(posko, title="Camat mengarahkan warga")
    _filed(posko, title="Perusakan alat peraga")
    page, _ = opened()
    qtbot.keyClicks(page.bar.search, "cam")
    qtbot.waitUntil(lambda: not page.live._rest.isActive())
    qtbot.keyClicks(page.bar.search, "zzz")
    page.bar.search.setText("perus")
    qtbot.waitUntil(lambda: _titles(page) == ["Perusakan alat peraga"])
    qtbot.waitUntil(lambda: not page.live.waiting)
    assert _titles(page) == ["Perusakan alat peraga"]


def test_a_reader_changes_nothing(posko: Posko, opened: Show, qtbot: QtBot) -> None:
    _closed(posko)
    posko.user = replace(posko.user, role="auditor")
    page, _ = opened(view="closed")
    said: list[str] = []
    page.context.said.connect(lambda words, *_: said.append(words))
    qtbot.keyClick(page.table, Qt.Key.Key_Delete)
    qtbot.keyClick(page.table, "t")
    assert said == ["Peran Anda hanya membaca laporan."] * 2
    assert len(_titles(page)) == 1


def test_people_are_looked_up_for_those_who_may(
    posko: Posko, opened: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    _filed(posko, title="Dicari", reporter=replace(REPORTER, name="Kartolo Contoh"))
    _filed(posko, title="Lain", reporter=replace(REPORTER, name="Ngatinem Contoh"))
    page, _ = opened()
    answer = {"name": "Kartolo", "nik": "", "phone": ""}
    monkeypatch.setattr("ui.dialogs.ask_form", lambda *_, **__: answer)
    _pick(page.bar.menu("people"), "Cari menurut identitas")
    assert _titles(page) == ["Dicari"]
    chip = page.bar.chips["people"]
    assert chip.text() == "Pelapor atau saksi: 1 perkara"
    answer["name"] = "Karto"
    _pick(page.bar.menu("people"), "Cari menurut identitas")
    assert _titles(page) == [], "whole words only"
    page.bar.clear_all()
    assert len(_titles(page)) == 2
    posko.user = replace(posko.user, role="auditor")
    reader, _ = opened()
    assert "people" not in reader.bar.chips
