"""Pencegahan, Ikrar: the seed practice from the pasted roster to the last open pledge."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from posko_app.app import Posko, open_office
from posko_app.cases.attendance import mark, receive_self_pledge
from posko_app.cases.outreach import files_of
from posko_app.cases.pledge import invite, plan_pledge, pledge_defaults, pledge_view, pledges
from posko_app.cases.pledge_rows import SignatoryRow
from posko_app.cases.prevention import activities
from posko_app.cases.roster import read_roster
from posko_app.letters.book import letter_book
from posko_app.office.accounts import add_account
from tests.answers import Answers
from tests.factory import TODAY
from tests.prevention_desk import Desk, Opened, copied, opened
from tests.rosters import gunung_mas, nip
from ui import dialogs, documents
from ui.letter_sheet import LetterSheet
from ui.pages.prevention.menus import RowMenu
from ui.pages.prevention.paste_sheet import PasteSheet
from ui.pages.prevention.pledge_sheets import SelfPledgeSheet
from ui.widgets.buttons import Button

__all__ = ["opened"]
HELD_ON = date(2024, 10, 11)
GROUPS = {
    "agency_head": 26, "camat": 12, "lurah": 13, "section_head": 7, "hospital_director": 1,
    "echelon_3": 9, "echelon_4": 11,
}  # fmt: skip


@pytest.fixture
def pledged(posko: Posko) -> str:
    """A pledge with the roster of the seed practice."""
    from dataclasses import replace

    uid = plan_pledge(posko, replace(pledge_defaults(posko), on=HELD_ON, place="Aula"))
    invite(posko, uid, read_roster(posko, gunung_mas()).rows)
    return uid


def lines(desk: Desk) -> list[SignatoryRow]:
    """The lines that the list shows, without headings."""
    rows = desk.page.pledges.table.rows.rows
    return [row for row in rows if isinstance(row, SignatoryRow)]


def group(posko: Posko, pledge: str, code: str) -> list[str]:
    return [one.uid for one in pledge_view(posko, pledge).signatories if one.group_code == code]


def choose(desk: Desk, *uids: str) -> None:
    """Give the keyboard to one line and choose the others with it."""
    table = desk.page.pledges.table
    places = [
        place
        for place, row in enumerate(table.rows.rows)
        if isinstance(row, SignatoryRow) and row.uid in uids
    ]
    table.setFocus()
    selection = table.selectionModel()
    rows = selection.SelectionFlag.Rows
    at = table.rows.index
    selection.setCurrentIndex(at(places[0], 0), selection.SelectionFlag.ClearAndSelect | rows)
    for place in places[1:]:
        selection.select(at(place, 0), selection.SelectionFlag.Select | rows)


def menu_of(desk: Desk) -> RowMenu:
    """The menu of the line with the keyboard."""
    table = desk.page.pledges.table
    row = table.row()
    assert row is not None
    table.menu_wanted.emit(row, QPoint(0, 0))
    menus = [menu for menu in table.findChildren(RowMenu) if menu.isVisible()]
    return menus[-1]


def see_the_scan(desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    """Open the scan of the line with the keyboard from its menu, take it off and put it back."""
    seen: list[bytes] = []

    def show(path: Path) -> bool:
        seen.append(path.read_bytes())
        return True

    monkeypatch.setattr(documents, "show", show)
    menu = menu_of(desk)
    ways = {action.text(): action for action in menu.actions()}
    ways["Buka pindaian ikrar.pdf"].trigger()
    qtbot.waitUntil(lambda: seen == [b"%PDF-1.4"])
    ways["Lepas pindaian ikrar.pdf"].trigger()
    menu.close()
    row = desk.page.pledges.table.row()
    assert row is not None
    assert files_of(desk.posko, row.uid) == ()
    desk.undo[-1]()
    assert len(files_of(desk.posko, row.uid)) == 1


def test_the_seed_practice_from_an_empty_page_to_open_self_pledges(
    posko: Posko, opened: Opened, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = opened(posko, "pledges")
    view = desk.page.pledges
    assert view.begin.isVisible(), "nothing yet, and the first act is offered"
    Answers(on=HELD_ON, place="Aula Kantor Bupati", starts_at="9")
    desk.page.new_row()
    (pledge,) = pledges(posko)
    assert (view.wanted, pledge.starts_at) == (pledge.uid, "09:00")
    copied(gunung_mas())
    view.first_paste.click()
    sheet = desk.sheet()
    assert isinstance(sheet, PasteSheet)
    assert sheet.keep.text() == "Tambahkan 79 undangan"
    sheet.keep.click()
    assert {t.code: t.invited for t in pledge_view(posko, pledge.uid).totals} == GROUPS
    assert len(lines(desk)) == 79

    heads, camats = group(posko, pledge.uid, "agency_head"), group(posko, pledge.uid, "camat")
    absent = [*heads[:3], camats[0], *group(posko, pledge.uid, "echelon_4")[:2]]
    mark(posko, [one.uid for one in lines(desk) if one.uid not in absent], "present")
    choose(desk, *absent)
    qtbot.keyClicks(view.table, "t")
    assert view.totals.counter.accessibleName() == "79 diundang"
    choose(desk, camats[1])
    Answers(text="Sekcam Contoh")
    qtbot.keyClicks(view.table, "d")
    total = pledge_view(posko, pledge.uid).row.total
    assert (total.present, total.represented, total.absent, total.owing) == (72, 1, 6, 6)
    desk.page.pledges.card.finish.click()
    assert activities(posko)[0].participants == 73

    scan = tmp_path / "ikrar.pdf"
    scan.write_bytes(b"%PDF-1.4")
    monkeypatch.setattr(dialogs, "open_files", lambda *_a, **_k: [scan])
    choose(desk, heads[0])
    qtbot.keyClicks(view.table, "m")
    received = desk.sheet()
    assert isinstance(received, SelfPledgeSheet)
    received.choose_scan()
    received.submit()
    qtbot.waitUntil(lambda: "1 ikrar mandiri tercatat diterima" in desk.said)
    assert [file.kind for file in files_of(posko, heads[0])] == ["scan"]
    see_the_scan(desk, qtbot, monkeypatch)
    chips = [chip.text() for chip in view.chips]
    assert chips == ["Semua 79", "Belum ditandai 0", "Tidak hadir 6", "Ikrar ditunggu 5"]
    view.chips[3].click()
    assert {line.uid for line in lines(desk)} == set(absent[1:])


def test_pasting_twice_and_without_headings_changes_nothing(
    posko: Posko, pledged: str, opened: Opened, qtbot: QtBot
) -> None:
    desk = opened(posko, "pledges")
    copied(gunung_mas())
    qtbot.keyClick(desk.page.pledges.table, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    sheet = desk.sheet()
    assert isinstance(sheet, PasteSheet)
    assert not sheet.keep.isEnabled(), "everybody is on the roster already"
    assert "Sudah ada di daftar ikrar ini" in sheet.table.rows.index(0, 5).data()
    copied("Ani\tKepala Dinas\nBudi\tCamat")
    sheet.paste()
    assert sheet.banner.isVisible()
    assert sheet.banner.accessibleName().startswith("Judul kolom tidak ditemukan.")
    copied("Nama\tNIP\tJabatan\nContoh Baru\t12345\tCamat Baru\n\t\t\n-\t\tLurah Baru\t")
    sheet.paste()
    said = [sheet.table.rows.index(n, 5).data() for n in range(2)]
    assert "18 angka" in said[0] or "NIP" in said[0]
    assert sheet.keep.text() == "Tambahkan 2 undangan", "a wrong number may be mended later"
    sheet.keep.click()
    assert len(pledge_view(posko, pledged).signatories) == 81
    assert lines(desk)[-1].uid
    assert [one.vacant for one in pledge_view(posko, pledged).signatories][-1]


def test_one_letter_a_line_goes_on_to_the_next_and_many_can_be_undone(
    posko: Posko, pledged: str, opened: Opened, qtbot: QtBot
) -> None:
    desk = opened(posko, "pledges")
    view = desk.page.pledges
    first, second, third = group(posko, pledged, "agency_head")[:3]
    choose(desk, first)
    qtbot.keyClicks(view.table, "ht")
    marks = [one.attendance for one in pledge_view(posko, pledged).signatories[:3]]
    assert marks == ["present", "absent", ""]
    assert len(desk.said) == 2
    desk.undo[-1]()
    assert pledge_view(posko, pledged).signatories[1].attendance == "", "one mark is undone too"
    mark(posko, [second], "absent")
    button = next(b for b in view.marks if b.hint == "H")
    choose(desk, first, second, third)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert pledge_view(posko, pledged).row.total.present == 3
    desk.undo[-1]()
    marks = [one.attendance for one in pledge_view(posko, pledged).signatories[:3]]
    assert marks == ["present", "absent", ""]
    assert view.table.hasFocus()


def test_a_list_of_the_unmarked_is_marked_line_after_line(
    posko: Posko, pledged: str, opened: Opened, qtbot: QtBot
) -> None:
    desk = opened(posko, "pledges")
    view = desk.page.pledges
    view.chips[1].click()
    choose(desk, group(posko, pledged, "agency_head")[0])
    qtbot.keyClicks(view.table, "hth")
    marks = [one.attendance for one in pledge_view(posko, pledged).signatories[:4]]
    assert marks == ["present", "absent", "present", ""]
    assert len(lines(desk)) == 76
    last = lines(desk)[-1].uid
    choose(desk, last)
    qtbot.keyClicks(view.table, "h")
    assert last not in {one.uid for one in lines(desk)}


def test_a_successor_becomes_a_line_of_their_own(
    posko: Posko, pledged: str, opened: Opened, qtbot: QtBot
) -> None:
    desk = opened(posko, "pledges")
    first = group(posko, pledged, "camat")[0]
    mark(posko, [first], "present")
    choose(desk, first)
    refused = Answers(name="Contoh Penerus", nip="")
    qtbot.keyClick(desk.page.pledges.table, Qt.Key.Key_F2)
    assert "sudah ditandai" in refused.problems["name"]
    Answers(name="Contoh Penerus", nip=nip(150), position_title="Camat Contoh 1")
    qtbot.keyClicks(desk.page.pledges.table, "n")
    newest = pledge_view(posko, pledged).signatories[-1]
    assert (newest.name, newest.nip, newest.group_code) == ("Contoh Penerus", nip(150), "camat")
    again = Answers(name="Contoh Penerus", nip=nip(150), position_title="Camat Contoh 1")
    desk.page.pledges.acts.add_one()
    assert again.problems == {"name": "Sudah ada di daftar ikrar ini."}
    empty = Answers(name="", position_title="", nip="1")
    desk.page.pledges.acts.add_one()
    assert set(empty.problems) == {"nip"}


def test_a_self_pledge_of_tomorrow_is_refused_and_one_is_taken_back(
    posko: Posko, pledged: str, opened: Opened, qtbot: QtBot
) -> None:
    desk = opened(posko, "pledges")
    first, second = group(posko, pledged, "lurah")[:2]
    mark(posko, [first, second], "absent")
    choose(desk, first, second)
    desk.page.pledges.acts.receive()
    sheet = desk.sheet()
    assert isinstance(sheet, SelfPledgeSheet)
    assert not sheet.choose.isVisible(), "one scan shows one person"
    sheet.form.set_values({"on": date(2024, 10, 16)})
    sheet.submit()
    qtbot.waitUntil(lambda: bool(sheet.form.problems()))
    assert [p.message for p in sheet.form.problems()] == ["Tanggal diterima setelah hari ini."]
    sheet.form.set_values({"on": TODAY})
    sheet.submit()
    qtbot.waitUntil(lambda: bool(desk.said))
    assert pledge_view(posko, pledged).row.total.self_pledged == 2
    choose(desk, first)
    desk.page.pledges.acts.unreceive()
    assert pledge_view(posko, pledged).row.total.self_pledged == 1
    desk.undo[-1]()
    assert pledge_view(posko, pledged).row.total.self_pledged == 2
    receive_self_pledge(posko, [first], date(2024, 10, 12))
    choose(desk, first)
    desk.page.pledges.acts.receive()
    again = desk.sheet()
    assert isinstance(again, SelfPledgeSheet)
    assert again.form.value("on") == date(2024, 10, 12), "its scan comes later, the day stays"


def test_undo_of_receipts_brings_back_every_day_that_stood_there_before(
    posko: Posko, pledged: str, opened: Opened, qtbot: QtBot
) -> None:
    early = date(2024, 10, 12)
    first, second, other = group(posko, pledged, "lurah")[:3]
    mark(posko, [first, second, other], "absent")
    receive_self_pledge(posko, [first, other], early)
    desk = opened(posko, "pledges")
    choose(desk, first, second)
    desk.page.pledges.acts.receive()
    sheet = desk.sheet()
    assert isinstance(sheet, SelfPledgeSheet)
    choose(desk, other)
    sheet.submit()
    qtbot.waitUntil(lambda: bool(desk.said))
    desk.undo[-1]()
    days = {one.uid: one.self_pledge_on for one in pledge_view(posko, pledged).signatories}
    assert (days[first], days[second], days[other]) == (early, None, early)


def test_a_self_pledge_is_kept_once_and_not_after_the_dialog_was_left(
    posko: Posko, pledged: str, opened: Opened, qtbot: QtBot
) -> None:
    desk = opened(posko, "pledges")
    first, second = group(posko, pledged, "lurah")[:2]
    mark(posko, [first, second], "absent")
    gate = Event()
    desk.context.start(lambda _posko, *, progress: gate.wait(5))
    choose(desk, first)
    desk.page.pledges.acts.receive()
    sheet = desk.sheet()
    assert isinstance(sheet, SelfPledgeSheet)
    sheet.submit()
    sheet.reject()
    gate.set()
    qtbot.waitUntil(lambda: not desk.context.tasks.busy)
    assert pledge_view(posko, pledged).row.total.self_pledged == 0, "it was left before it began"

    gate.clear()
    desk.context.start(lambda _posko, *, progress: gate.wait(5))
    choose(desk, second)
    desk.page.pledges.acts.receive()
    sheet = desk.sheet()
    assert isinstance(sheet, SelfPledgeSheet)
    for _ in range(2):
        qtbot.keyClick(sheet, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        sheet.submit()
    gate.set()
    qtbot.waitUntil(lambda: not desk.context.tasks.busy)
    assert desk.said == ["1 ikrar mandiri tercatat diterima"]


def test_papers_wait_for_a_roster_and_for_absentees(
    posko: Posko, pledged: str, opened: Opened, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []

    def show(path: Path) -> bool:
        shown.append(path.name)
        return True

    monkeypatch.setattr(documents, "show", show)
    desk = opened(posko, "pledges")
    papers = desk.page.pledges.card.papers
    enabled = {key: button.isEnabled() for key, button in papers.items()}
    assert enabled == {"list": True, "text": True, "reminder": False, "sheets": False}
    assert papers["sheets"].toolTip() == "Belum ada yang ditandai tidak hadir."
    mark(posko, group(posko, pledged, "camat")[:2], "absent")
    for key in ("list", "sheets"):
        papers[key].click()
        qtbot.waitUntil(lambda: not desk.context.tasks.busy)
    assert [name.split(" Ikrar")[0] for name in shown] == ["Daftar hadir", "Ikrar mandiri"]
    papers["reminder"].click()
    letter = desk.sheet()
    assert isinstance(letter, LetterSheet)
    letter.form.set_values(
        {"letter.addressee": "Para pejabat yang tidak hadir", "signer.role": "Ketua",
         "signer.name": "Contoh Ketua"}
    )  # fmt: skip
    letter.issue_letter()
    qtbot.waitUntil(lambda: bool(letter_book(posko)) and not desk.context.tasks.busy)
    assert len(shown) == 3


def test_the_text_is_changed_for_this_pledge_alone(
    posko: Posko, pledged: str, opened: Opened
) -> None:
    desk = opened(posko, "pledges")
    empty = Answers(points=" ")
    desk.page.pledges.acts.change()
    assert set(empty.problems) == {"points"}
    Answers(points="Netral.\nTidak memihak.", title="Ikrar netralitas perangkat daerah")
    desk.page.pledges.card.change.click()
    view = pledge_view(posko, pledged)
    assert (view.points, view.row.on) == (("Netral.", "Tidak memihak."), HELD_ON)
    assert len(pledge_defaults(posko).points) == 4
    assert desk.page.pledges.chooser.text().startswith("Jum 11 Okt · Ikrar netralitas perangkat")


def test_a_pledge_is_taken_back_and_the_next_one_is_shown(
    posko: Posko, pledged: str, opened: Opened
) -> None:
    other = plan_pledge(posko, pledge_defaults(posko))
    desk = opened(posko, "pledges")
    view = desk.page.pledges
    assert view.wanted == other, "the latest that is not ahead"
    desk.page.step_case(1)
    assert view.wanted == pledged
    desk.page.step_case(-1)
    view.card.void.click()
    assert view.wanted == pledged
    desk.undo[-1]()
    assert {row.uid for row in pledges(posko)} == {pledged, other}


def test_lines_are_taken_off_and_put_back_and_the_menu_offers_both(
    posko: Posko, pledged: str, opened: Opened, qtbot: QtBot
) -> None:
    desk = opened(posko, "pledges")
    view = desk.page.pledges
    first, second = group(posko, pledged, "agency_head")[:2]
    choose(desk, first, second)
    menu = menu_of(desk)
    said = [action.text() for action in menu.actions()]
    assert "Lepas dari daftar\tDel" in said
    next(action for action in menu.actions() if action.text() == "Hadir\tH").trigger()
    assert pledge_view(posko, pledged).row.total.present == 2
    qtbot.keyClick(view.table, Qt.Key.Key_Delete)
    assert len(lines(desk)) == 77
    desk.undo[-1]()
    assert len(lines(desk)) == 79


def test_others_only_read(office: Callable[..., Posko], opened: Opened) -> None:
    admin = office()
    uid = plan_pledge(admin, pledge_defaults(admin))
    invite(admin, uid, read_roster(admin, gunung_mas()).rows)
    add_account(admin, login="kirim", name="Contoh", role="exchanger", password="kata lain")
    admin.close()
    posko = open_office(admin.folder.root, "kirim", "kata lain", clock=admin.clock)
    try:
        desk = opened(posko, "pledges")
        view = desk.page.pledges
        hidden: list[Button] = [view.add, view.paste_button, *view.marks]
        assert not any(button.isVisible() for button in hidden)
        view.table.choose_first()
        view.acts.mark("present")
        view.acts.remove()
        desk.page.paste()
        assert pledge_view(posko, uid).row.total.unmarked == 79
        desk.close()
    finally:
        posko.close()
