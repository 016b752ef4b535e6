"""Pencegahan, Sebaran desa: notes, plans, copying down, pasted ranges, photos, what lacks proof."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from posko_app.app import Posko, open_office
from posko_app.cases.coverage import (
    NewEntry,
    VillageRow,
    coverage,
    entries_of,
    note_coverage,
    own_plans,
    set_plans,
    villages_of,
)
from posko_app.cases.outreach import Attached, attach_files, files_of
from posko_app.data.tables import CoveragePlan
from posko_app.office.accounts import add_account
from posko_app.security.uid import new_uid
from tests.answers import Answers
from tests.factory import TODAY
from tests.prevention_desk import Desk, Opened, copied, opened
from ui import dialogs, documents
from ui.pages.prevention.menus import RowMenu
from ui.pages.prevention.paste_sheet import PasteSheet
from ui.pages.prevention.spread_sheets import PhotoSheet

__all__ = ["opened"]


def code_of(posko: Posko, name: str) -> str:
    (code,) = [village.code for village in villages_of(posko) if village.name == name]
    return code


def choose(desk: Desk, *codes: str) -> None:
    """Give the keyboard to the first village and choose the others with it."""
    table = desk.page.spread.table
    places = {
        row.village.code: place
        for place, row in enumerate(table.rows.rows)
        if isinstance(row, VillageRow)
    }
    table.setFocus()
    selection = table.selectionModel()
    rows = selection.SelectionFlag.Rows
    at = table.rows.index
    selection.setCurrentIndex(
        at(places[codes[0]], 0), selection.SelectionFlag.ClearAndSelect | rows
    )
    for code in codes[1:]:
        selection.select(at(places[code], 0), selection.SelectionFlag.Select | rows)


def noted(posko: Posko, code: str) -> list[tuple[str, str, int, date]]:
    return [(one.item, one.action, one.quantity, one.on) for one in entries_of(posko, code)]


def shown(desk: Desk) -> int:
    return sum(isinstance(row, VillageRow) for row in desk.page.spread.table.rows.rows)


def test_pieces_are_noted_in_many_villages_at_once_and_taken_back(
    posko: Posko, opened: Opened, qtbot: QtBot
) -> None:
    desk = opened(posko, "spread")
    view = desk.page.spread
    assert shown(desk) == 127
    some = [village.code for village in villages_of(posko)[:3]]
    choose(desk, *some)
    Answers(quantity="2", item="banner", action="installed", on=date(2024, 10, 11))
    qtbot.keyClicks(view.table, "c")
    assert [noted(posko, code) for code in some] == [
        [("banner", "installed", 2, date(2024, 10, 11))]
    ] * 3
    assert len(view.table.selected()) == 3, "they stay chosen for what comes next"
    Answers(quantity="50")
    desk.page.primary()
    assert noted(posko, some[0])[0] == ("banner", "installed", 50, date(2024, 10, 11)), "as before"
    desk.undo[-1]()
    assert coverage(posko).totals[0].done == 6
    entry = entries_of(posko, some[0])[0]
    view.acts.remove_entry(entry)
    assert entries_of(posko, some[0]) == ()
    desk.undo[-1]()
    assert [one.uid for one in entries_of(posko, some[0])] == [entry.uid]


def test_mistakes_are_said_at_their_fields_and_nothing_is_noted(
    posko: Posko, opened: Opened
) -> None:
    desk = opened(posko, "spread")
    words = Answers(quantity="dua", item="banner", on=TODAY)
    desk.page.new_row()
    assert words.problems == {"quantity": "Tulis angka saja, misalnya 40."}
    none = Answers(quantity="", item="", on=TODAY)
    desk.page.new_row()
    assert set(none.problems) == {"quantity", "item"}
    ahead = Answers(quantity="2", item="banner", on=date(2024, 10, 16))
    desk.page.new_row()
    assert ahead.problems == {"on": "Tanggal setelah hari ini. Periksa tahunnya."}
    zero = Answers(quantity="0", item="banner", on=TODAY)
    desk.page.new_row()
    assert "jumlah dari 1 sampai" in zero.problems["quantity"]
    assert coverage(posko).reached == 0


def test_the_first_village_is_copied_down_to_the_others(
    posko: Posko, opened: Opened, qtbot: QtBot
) -> None:
    some = [village.code for village in villages_of(posko)[:4]]
    on = date(2024, 10, 9)
    note_coverage(posko, [
        NewEntry(village_code=some[0], item="brochure", action="distributed", quantity=40, on=on)
    ])  # fmt: skip
    desk = opened(posko, "spread")
    choose(desk, some[0])
    qtbot.keyClicks(desk.page.spread.table, "i")
    assert desk.said == ["Pilih dulu beberapa desa: yang pertama disalin ke yang lain."]
    choose(desk, *some)
    Answers()
    qtbot.keyClicks(desk.page.spread.table, "i")
    assert [noted(posko, code) for code in some] == [[("brochure", "distributed", 40, on)]] * 4
    choose(desk, some[3], villages_of(posko)[9].code)
    desk.page.spread.item.set_code("banner")
    desk.page.spread.item.chosen.emit("banner")
    desk.page.spread.acts.fill_down()
    name = villages_of(posko)[3].name
    assert desk.said[-1] == f"{name} belum punya catatan untuk disalin.", "no banner there"


def test_plans_are_set_for_some_and_for_all_villages(posko: Posko, opened: Opened) -> None:
    desk = opened(posko, "spread")
    some = [village.code for village in villages_of(posko)[:2]]
    nothing = Answers(banner="")
    desk.page.spread.acts.plan()
    assert nothing.problems == {"banner": "Isi paling sedikit satu jumlah."}
    choose(desk, *some)
    Answers(banner="3")
    desk.page.spread.acts.plan()
    assert coverage(posko).totals[0].planned == 6
    Answers(banner="2", brochure="50")
    desk.page.spread.bars.change.click()
    totals = {total.item: total.planned for total in coverage(posko).totals}
    assert (totals["banner"], totals["brochure"]) == (254, 6350)
    desk.undo[-1]()
    totals = {total.item: total.planned for total in coverage(posko).totals}
    assert (totals["banner"], totals["brochure"]) == (6, 0)


def test_plans_of_another_office_are_neither_taken_over_nor_undone(
    posko: Posko, opened: Opened
) -> None:
    code = villages_of(posko)[0].code
    set_plans(posko, {(code, "banner"): 2})
    with posko.write() as session:
        session.add(
            CoveragePlan(uid=new_uid(), office_code="62.10.02", village_code=code, item="banner",
                         quantity=5)
        )  # fmt: skip
    desk = opened(posko, "spread")
    choose(desk, code)
    Answers(brochure="50")
    desk.page.spread.acts.plan()
    planned = {total.item: total.planned for total in coverage(posko).totals}
    assert (planned["banner"], planned["brochure"]) == (7, 50), "2 of this office and 5 of another"
    assert own_plans(posko, [code]) == {(code, "banner"): 2, (code, "brochure"): 50}
    set_plans(posko, {(code, "banner"): 3})
    desk.undo[-1]()
    assert own_plans(posko, [code]) == {(code, "banner"): 3}, "only what was typed is undone"


def test_a_range_is_pasted_with_every_mistake_told_and_twice_changes_nothing(
    posko: Posko, opened: Opened, qtbot: QtBot
) -> None:
    desk = opened(posko, "spread")
    copied(
        "No\tKecamatan\tDesa\tSpanduk\tBrosur\tRencana spanduk\tHP\n"
        "1\tKurun\tTumbang Miwan\t2\t1 250\t4\t1\n"
        "2\t\tKuroen\t1\tdua\t\t\n"
        "3\t\tAntah Berantah\t1\t\t\t\n"
    )
    qtbot.keyClick(desk.page.spread.table, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    sheet = desk.sheet()
    assert isinstance(sheet, PasteSheet)
    assert sheet.form is not None
    sheet.form.set_values({"action": "installed", "on": date(2024, 10, 10)})
    sheet.form.settled.emit("action")
    table = sheet.table
    rows = range(table.rows.rowCount())
    said = [table.rows.index(n, 6).data() for n in rows]
    assert "Kurun: jumlah “dua” bukan angka." in said
    assert any("Antah Berantah" in one for one in said)
    assert any("dibaca sebagai Kurun" in one for one in said)
    assert sheet.keep.text() == "Simpan 4 catatan"
    assert "Kolom yang tidak dipakai: HP." in sheet.said.text()
    qtbot.keyClick(sheet, Qt.Key.Key_F8)
    first = table.current_place
    qtbot.keyClick(sheet, Qt.Key.Key_F8)
    assert table.current_place > first
    sheet.keep.click()
    miwan = code_of(posko, "Tumbang Miwan")
    assert noted(posko, miwan) == [
        ("brochure", "installed", 1250, date(2024, 10, 10)),
        ("banner", "installed", 2, date(2024, 10, 10)),
    ]
    assert desk.said[-1] == "3 catatan dan 1 rencana disimpan"
    desk.undo[-1]()
    assert (noted(posko, miwan), coverage(posko).totals[0].planned) == ([], 0)
    desk.page.paste()
    kept = desk.sheet()
    assert isinstance(kept, PasteSheet)
    assert kept.form is not None
    kept.form.set_values({"action": "installed", "on": date(2024, 10, 10)})
    kept.form.settled.emit("action")
    kept.keep.click()

    desk.page.paste()
    again = desk.sheet()
    assert isinstance(again, PasteSheet)
    assert again.form is not None
    again.form.set_values({"action": "installed", "on": date(2024, 10, 10)})
    again.form.settled.emit("action")
    assert again.keep.text() == "Simpan 1 catatan", "the plan alone, which changes nothing"
    again.keep.click()
    assert len(entries_of(posko, miwan)) == 2


def test_a_wrong_column_and_an_empty_clipboard_are_a_sentence(posko: Posko, opened: Opened) -> None:
    desk = opened(posko, "spread")
    copied("")
    desk.page.paste()
    sheet = desk.sheet()
    assert isinstance(sheet, PasteSheet)
    assert sheet.banner.accessibleName().startswith("Salin dulu rentangnya di Excel")
    copied("Nama\tJumlah\nAni\t2")
    sheet.paste()
    assert sheet.banner.accessibleName().startswith("Kolom desa tidak ditemukan.")
    assert not sheet.keep.isEnabled()
    sheet.keep.click()
    assert coverage(posko).reached == 0


def test_photos_find_their_villages_and_the_others_are_chosen_by_hand(
    posko: Posko, opened: Opened, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [tmp_path / name for name in ("Tumbang-Miri_1.jpg", "IMG_0001.jpg", "IMG_0002.jpg")]
    for path in paths:
        path.write_bytes(path.name.encode())
    monkeypatch.setattr(dialogs, "open_files", lambda *_a, **_k: paths)
    desk = opened(posko, "spread")
    view = desk.page.spread
    view.photos_button.click()
    sheet = desk.sheet()
    assert isinstance(sheet, PhotoSheet)
    assert sheet.keep.text() == "Simpan 1 foto"
    row = sheet.table.row()
    assert row is not None
    assert row.path == paths[1], "the first that waits for a person"
    tewah = code_of(posko, "Tewah")
    sheet.form.boxes["village"].editor.set_raw("tewah, kec. tewah")
    sheet.form.settled.emit("village")
    sheet.go_on()
    row = sheet.table.row()
    assert row is not None
    assert row.path == paths[2]
    sheet.table.setFocus()
    qtbot.keyClick(sheet.table, Qt.Key.Key_Delete)
    assert sheet.keep.text() == "Simpan 2 foto"
    sheet.keep.click()
    qtbot.waitUntil(lambda: "2 foto tersimpan" in desk.said)
    assert [file.name for file in files_of(posko, tewah)] == ["IMG_0001.jpg"]
    assert len(files_of(posko, code_of(posko, "Tumbang Miri"))) == 1
    assert view.chips[2].text() == "Desa tanpa bukti 125"


def test_the_chips_show_villages_without_proof_or_not_reached(
    posko: Posko, opened: Opened, tmp_path: Path
) -> None:
    first, second = (village.code for village in villages_of(posko)[:2])
    note_coverage(posko, [
        NewEntry(village_code=code, item="banner", action="installed", quantity=1, on=TODAY)
        for code in (first, second)
    ])  # fmt: skip
    photo = tmp_path / "a.jpg"
    photo.write_bytes(b"x")
    attach_files(posko, [Attached(photo, entries_of(posko, first)[0].uid)])
    desk = opened(posko, "spread")
    view = desk.page.spread
    assert [chip.text() for chip in view.chips] == [
        "Semua 127", "Belum terjangkau 125", "Desa tanpa bukti 126",
    ]  # fmt: skip
    view.chips[2].click()
    assert shown(desk) == 126
    view.chips[1].click()
    assert shown(desk) == 125
    view.chips[0].click()
    view.area.set_code("62.10.02")
    view.area.chosen.emit("62.10.02")
    assert 0 < shown(desk) < 127
    view.area.set_code("")
    view.search.setText(villages_of(posko)[0].name)
    assert shown(desk) < 127
    state = desk.page.state()
    view.search.clear()
    desk.page.restore(state)
    assert view.search.text() == villages_of(posko)[0].name


def test_one_item_shows_all_that_happened_to_it(posko: Posko, opened: Opened) -> None:
    desk = opened(posko, "spread")
    view = desk.page.spread
    assert view.table.shown_columns() == (
        "village", "banner", "brochure", "poster", "sticker", "photos",
    )  # fmt: skip
    view.item.set_code("banner")
    view.item.chosen.emit("banner")
    assert view.table.shown_columns() == (
        "village", "banner.plan", "banner.received", "banner.distributed", "banner.installed",
        "banner.removed", "banner.last", "photos",
    )  # fmt: skip


def test_photos_of_one_village_are_opened_and_taken_off(
    posko: Posko, opened: Opened, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = tmp_path / "balai.jpg"
    photo.write_bytes(b"x")
    monkeypatch.setattr(dialogs, "open_files", lambda *_a, **_k: [photo])
    seen: list[Path] = []

    def show(path: Path) -> bool:
        seen.append(path)
        return True

    monkeypatch.setattr(documents, "show", show)
    desk = opened(posko, "spread")
    acts = desk.page.spread.acts
    code = villages_of(posko)[0].code
    acts.add_photos()
    qtbot.waitUntil(lambda: "1 foto tersimpan" in desk.said)
    (file,) = files_of(posko, code)
    acts.open_file(file)
    qtbot.waitUntil(lambda: bool(seen))
    acts.remove_file(file)
    assert files_of(posko, code) == ()
    desk.undo[-1]()
    assert files_of(posko, code) == (file,)


def test_a_kecamatan_has_its_own_villages_and_others_only_read(
    office: Callable[..., Posko], opened: Opened
) -> None:
    admin = office("kecamatan")
    add_account(admin, login="kirim", name="Contoh", role="exchanger", password="kata lain")
    admin.close()
    posko = open_office(admin.folder.root, "kirim", "kata lain", clock=admin.clock)
    try:
        desk = opened(posko, "spread")
        view = desk.page.spread
        assert shown(desk) == len(villages_of(posko))
        assert view.area.isHidden()
        assert view.export_button.isVisible()
        assert not any(b.isVisible() for b in (view.add, view.paste_button, view.photos_button))
        for act in (view.acts.note, view.acts.plan, view.acts.paste, view.acts.add_many):
            act()
        row = view.table.row()
        assert row is not None
        view.table.menu_wanted.emit(row, QPoint(0, 0))
        menu = view.table.findChild(RowMenu)
        assert menu is not None
        assert [action.text() for action in menu.actions()] == ["Salin baris untuk Excel\tCtrl+C"]
        menu.close()
        assert coverage(posko).reached == 0
        desk.close()
    finally:
        posko.close()
