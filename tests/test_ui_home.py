"""Beranda: what is due, the way on from each line, files that wait, drafts, first use."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from posko_app.app import Posko
from posko_app.cases.drafts import save_draft
from posko_app.cases.intake import file_report
from posko_app.cases.queries import due_items
from posko_app.cases.referral import describe_referral
from posko_app.cases.referral_view import ReferralDetails
from posko_app.cases.steps import NewStep, record_step
from posko_app.exchange.apply import import_file
from posko_app.exchange.export import export
from tests.factory import TODAY, new_report
from tests.windows import Windows
from ui import dialogs, documents, theme
from ui.case_words import CaseWords, working_day
from ui.context import Context
from ui.inbox import scan
from ui.pages.home import HomePage
from ui.pages.home.due_table import grouped
from ui.tables import GroupRow
from ui.widgets.buttons import Link

Visits = list[tuple[str, dict[str, Any]]]


@pytest.fixture
def home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An own home folder, so that no file of this machine is found."""
    folder = tmp_path / "home"
    (folder / "Downloads").mkdir(parents=True)
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
    return folder


@pytest.fixture
def opened(
    posko: Posko, qapp: QApplication, qtbot: QtBot, home_folder: Path
) -> Iterator[Callable[[], tuple[HomePage, Visits]]]:
    """Show the page over the office as the test has filled it."""
    theme.apply(qapp)
    contexts: list[Context] = []

    def show() -> tuple[HomePage, Visits]:
        context = Context(posko)
        contexts.append(context)
        visits: Visits = []
        context.page_wanted.connect(lambda name, given: visits.append((name, _plain(given))))
        page = HomePage(context)
        qtbot.addWidget(page)
        page.resize(1182, 638)
        with qtbot.waitSignal(context.tasks.ended):  # the look for files
            page.show()
        page.take_focus()
        return page, visits

    yield show
    for context in contexts:
        context.tasks.close()


def _plain(arguments: dict[str, Any]) -> dict[str, Any]:
    """Arguments of a visit without the order of the list behind it."""
    return {key: value for key, value in arguments.items() if key != "order"}


def _filed(posko: Posko, days_ago: int, **changes: Any) -> str:
    day = TODAY - timedelta(days=days_ago)
    known = day - timedelta(days=1)
    return file_report(
        posko, new_report(filed_on=day, known_on=known, event_on=known, **changes)
    ).uid


def _said(page: HomePage) -> list[str]:
    """Group headings and titles from top to bottom."""
    return [
        row.text if isinstance(row, GroupRow) else row.case.title for row in page.table.rows.rows
    ]


def test_deadlines_stand_under_their_day(
    posko: Posko, opened: Callable[[], tuple[HomePage, Visits]]
) -> None:
    _filed(posko, 4, title="Lama")
    _filed(posko, 1, title="Kemarin")
    _filed(posko, 0, title="Baru")
    page, _ = opened()
    assert _said(page) == [
        "Lewat batas · 1",
        "Lama",
        "Hari ini, Selasa 15 Oktober · 1",
        "Kemarin",
        "Besok, Rabu 16 Oktober · 1",
        "Baru",
    ]
    chips = [page.table.rows.index(place, 0).data() for place in (1, 3, 5)]
    assert chips == ["Lewat 2 hari", "Hari ini", "Besok"]
    assert page.head.subtitle.text() == (
        "Selasa, 15 Oktober 2024 · 43 hari menuju pemungutan suara"
    )
    assert page.all_dues.text() == "Lihat semua batas waktu (3)"


def test_the_chip_explains_how_it_was_counted(posko: Posko) -> None:
    _filed(posko, 0)
    item = due_items(posko)[0]
    tip = CaseWords(posko).due_chip(item.due).tooltip
    assert "Kajian awal: batas Kamis, 17 Oktober 2024 pukul 23.59 WIB." in tip
    assert "2 hari kalender sejak laporan disampaikan" in tip
    assert "15 Oktober 2024" in tip
    assert "Paling aman Rabu, 16 Oktober 2024: hari penyampaian ikut dihitung." in tip


def test_what_is_late_only_by_an_open_reading_is_due_today(posko: Posko) -> None:
    _filed(posko, 2)
    item = due_items(posko)[0]
    assert item.due.safe_on < TODAY == item.due.due_on
    assert CaseWords(posko).due_chip(item.due).text == "Hari ini"
    assert working_day(item.due.safe_on, item.due.due_on, TODAY) == TODAY


def test_a_cut_list_does_not_pretend_to_know_its_last_group(posko: Posko) -> None:
    for _ in range(3):
        _filed(posko, 0)
    items = due_items(posko, limit=2)
    whole = grouped(items, TODAY, {"late": 0, "today": 0}, total=2)
    cut = grouped(items, TODAY, {"late": 0, "today": 0}, total=3)
    assert isinstance(whole[0], GroupRow)
    assert isinstance(cut[0], GroupRow)
    assert whole[0].text == "Besok, Rabu 16 Oktober · 2"
    assert cut[0].text == "Besok, Rabu 16 Oktober"


def test_enter_opens_and_ctrl_enter_runs_the_step(
    posko: Posko, opened: Callable[[], tuple[HomePage, Visits]], qtbot: QtBot
) -> None:
    first, second = _filed(posko, 1), _filed(posko, 0)
    page, visits = opened()
    assert page.table.hasFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    qtbot.keyClick(page.table, Qt.Key.Key_Down)
    qtbot.keyClick(page.table, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    page.primary()
    assert visits == [
        ("case", {"uid": first}),
        ("case", {"uid": second, "step": "reviewed"}),
        ("case", {"uid": second, "step": "reviewed"}),
    ]


def test_the_link_runs_the_step(
    posko: Posko, opened: Callable[[], tuple[HomePage, Visits]], qtbot: QtBot
) -> None:
    uid = _filed(posko, 0)
    page, visits = opened()
    cell = page.table.visualRect(page.table.rows.index(1, 5)).center()
    qtbot.mouseClick(page.table.viewport(), Qt.MouseButton.LeftButton, pos=cell)
    assert visits == [("case", {"uid": uid, "step": "reviewed"})]


def test_tiles_count_and_open_their_list(
    posko: Posko, opened: Callable[[], tuple[HomePage, Visits]], qtbot: QtBot
) -> None:
    _filed(posko, 9)
    waiting = _filed(posko, 2)
    record_step(
        posko, waiting, NewStep(kind="reviewed", on=date(2024, 10, 14), outcome="incomplete")
    )
    page, visits = opened()
    names = {key: tile.accessibleName() for key, tile in page.tiles.items()}
    assert names == {
        "active": "Laporan aktif: 2",
        "week": "Masuk 7 hari terakhir: 1",
        "waiting": "Tunggu pelapor: 1",
        "referred": "Diteruskan bulan ini: 0",
    }
    assert page.tiles["week"].accessibleDescription() == "pekan sebelumnya 1"
    for tile in page.tiles.values():
        qtbot.keyClick(tile, Qt.Key.Key_Return)
    assert visits == [
        ("cases", {"view": "active"}),
        ("cases", {"view": "all", "filed": "week"}),
        ("cases", {"view": "waiting"}),
        ("cases", {"view": "all", "referred": "2024-10"}),
    ]


def test_the_page_follows_what_changes(
    posko: Posko, opened: Callable[[], tuple[HomePage, Visits]], qtbot: QtBot
) -> None:
    uid = _filed(posko, 0, title="Pertama")
    page, _ = opened()
    _filed(posko, 0, title="Kedua")
    assert _said(page) == ["Besok, Rabu 16 Oktober · 2", "Pertama", "Kedua"]
    assert (row := page.table.row()) is not None
    assert row.case.uid == uid, "the chosen case stays chosen"


def test_files_for_this_office_wait_in_the_inbox(
    posko: Posko, opened: Callable[[], tuple[HomePage, Visits]], home_folder: Path, qtbot: QtBot
) -> None:
    _filed(posko, 0)
    downloads = home_folder / "Downloads"
    for name in (
        "Posko_62.10.02_ke_62.10_014.xlsx",
        "Posko_62.10_ke_62_003.xlsx",  # sent by this office itself
        "Posko_62.10.02_ke_62_004.xlsx",  # for another office
        "Laporan bulanan.xlsx",
    ):
        (downloads / name).write_bytes(b"")
    page, visits = opened()
    assert page.inbox.counter.accessibleName() == "1"
    assert len(page.inbox.lines) == 1
    button = page.inbox.lines[0].button
    assert button.accessibleName() == "Pratinjau: Panwaslu Kec. Kurun"
    button.click()
    path = str(downloads / "Posko_62.10.02_ke_62.10_014.xlsx")
    assert visits == [("exchange", {"act": "receive", "path": path})]


def test_a_number_that_was_received_hides_only_the_very_file(
    office: Callable[..., Posko], tmp_path: Path
) -> None:
    sender, district = office("kecamatan"), office("kabupaten")
    file_report(sender, new_report())
    (sent,) = export(sender, "62.10", tmp_path).files
    watched = [("Unduhan", tmp_path)]
    assert [file.path for file in scan(district, watched)] == [sent]
    assert import_file(district, sent, apply=True).applied
    (tmp_path / f"{sent.stem} (1).xlsx").write_bytes(sent.read_bytes())
    assert scan(district, watched) == ()
    # another computer of that office counts its files from 1 too
    other = tmp_path / f"{sent.stem} (2).xlsx"
    other.write_bytes(b"PK another file")
    assert [file.path for file in scan(district, watched)] == [other]


def test_a_missing_folder_is_an_empty_one(posko: Posko, tmp_path: Path) -> None:
    assert scan(posko, [("Unduhan", tmp_path / "tidak ada")]) == ()


def test_drafts_are_gone_on_with(
    posko: Posko, opened: Callable[[], tuple[HomePage, Visits]]
) -> None:
    _filed(posko, 0)
    page, visits = opened()
    assert page.drafts.lines == []
    uid = save_draft(posko, "report", "Laporan baru, peristiwa belum diisi", {"title": ""})
    assert len(page.drafts.lines) == 1
    page.drafts.lines[0].button.click()
    assert visits == [("new_report", {"draft": uid})]


def test_an_office_without_cases_shows_how_to_begin(
    posko: Posko, opened: Callable[[], tuple[HomePage, Visits]]
) -> None:
    page, visits = opened()
    assert page.first.isVisible()
    assert not page.table.isVisible()
    assert not page.add.isVisible(), "one primary action per screen"
    page.first.add.click()
    assert visits == [("new_report", {})]
    _filed(posko, 0)
    assert page.table.isVisible()
    assert page.add.isVisible()


def test_today_s_clarification_is_on_the_agenda(
    posko: Posko, opened: Callable[[], tuple[HomePage, Visits]]
) -> None:
    uid = _filed(posko, 4)
    record_step(posko, uid, NewStep(kind="reviewed", on=date(2024, 10, 12), outcome="complete"))
    record_step(posko, uid, NewStep(kind="registered", on=date(2024, 10, 13)))
    told = {"for_on": "2024-10-15", "for_time": "10:00", "whom": "terlapor", "place": "Ruang 2"}
    record_step(posko, uid, NewStep(kind="invited", on=date(2024, 10, 14), data=told))
    page, visits = opened()
    assert len(page.agenda.lines) == 1
    page.agenda.opened.emit(uid)
    assert visits == [("case", {"uid": uid})]


def test_no_part_of_the_page_ever_shows_as_a_window(
    posko: Posko, opened: Callable[[], tuple[HomePage, Visits]], qapp: QApplication
) -> None:
    _filed(posko, 0)
    windows = Windows()
    qapp.installEventFilter(windows)
    page, _ = opened()
    qapp.removeEventFilter(windows)
    assert windows.shown == [page]


def test_the_morning_is_handed_on(
    posko: Posko,
    opened: Callable[[], tuple[HomePage, Visits]],
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    _filed(posko, 0)
    page, _ = opened()
    shown: list[Path] = []
    monkeypatch.setattr(documents, "show", lambda path: bool(shown.append(path)) or True)
    tasks = page.context.tasks
    menu = page.share.menu(page.hand_on)
    entries = [action.text().partition("\t")[0] for action in menu.actions() if action.text()]
    assert entries == [
        "Cetak lembar hari ini",
        "Salin untuk WhatsApp",
        "Kalender dinding, dua bulan",
        "Kalender untuk ponsel…",
    ]
    menu.close()
    for act in (page.print_page, page.share.print_wall):
        with qtbot.waitSignal(tasks.ended):
            act()
    assert [path.read_bytes()[:4] for path in shown] == [b"%PDF"] * 2
    with qtbot.waitSignal(tasks.ended):
        page.share.copy_message()
    message = QApplication.clipboard().text()
    assert "Kajian awal" in message
    assert "Contoh" not in message
    target = tmp_path / "ponsel.ics"
    monkeypatch.setattr(dialogs, "save_file", lambda *_: target)
    with qtbot.waitSignal(tasks.ended):
        page.share.save_for_phone()
    assert target.read_bytes().startswith(b"BEGIN:VCALENDAR")


def test_a_referral_whose_day_has_come_stands_in_the_agenda(
    posko: Posko, opened: Callable[[], tuple[HomePage, Visits]]
) -> None:
    uid = _filed(posko, 0)
    steps = (
        {"kind": "reviewed", "outcome": "complete"},
        {"kind": "registered"},
        {"kind": "clarified"},
        {"kind": "assessed"},
        {"kind": "decided", "outcome": "violation", "data": {"kinds": "other_law"}},
        {"kind": "referred", "data": {"addressee": "bkn_regional"}},
    )
    for step in steps:
        event = record_step(posko, uid, NewStep(on=TODAY, **step))  # type: ignore[arg-type]
    describe_referral(posko, uid, event, ReferralDetails(office_name="BKN Contoh", remind_on=TODAY))
    page, visits = opened()
    link = page.agenda.lines[0].findChild(Link)
    assert link is not None
    assert link.accessibleName().endswith(": tanyakan kabar BKN Contoh")
    link.click()
    assert visits == [("case", {"uid": uid})]
