"""Pencegahan, a range pasted on Sebaran desa: when it is read, and what counts when it is kept."""

from __future__ import annotations

from datetime import date

from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from posko_app.app import Posko
from posko_app.cases.coverage import entries_of, villages_of
from tests.prevention_desk import Opened, copied, opened
from ui.pages.prevention.paste_sheet import PasteSheet

__all__ = ["opened"]


def noted(posko: Posko, name: str) -> list[tuple[str, str, int, date]]:
    (code,) = [village.code for village in villages_of(posko) if village.name == name]
    return [(one.item, one.action, one.quantity, one.on) for one in entries_of(posko, code)]


def test_a_pasted_range_is_read_again_when_a_field_is_left(
    posko: Posko, opened: Opened, qtbot: QtBot
) -> None:
    desk = opened(posko, "spread")
    copied("Desa\tSpanduk\nTumbang Miwan\t2\n")
    desk.page.paste()
    sheet = desk.sheet()
    assert isinstance(sheet, PasteSheet)
    assert sheet.form is not None
    shown = sheet.table.rows.index(0, 5).data()
    copied("something else by now")
    sheet.form.focus_field("on")
    typed = sheet.focusWidget()
    assert isinstance(typed, QLineEdit)
    typed.selectAll()
    qtbot.keyClicks(typed, "9-10-2024")
    assert sheet.table.rows.index(0, 5).data() == shown == "15-10-2024", "not with every stroke"
    sheet.keep.click()
    assert noted(posko, "Tumbang Miwan") == [("banner", "received", 2, date(2024, 10, 9))], (
        "what was typed last counts all the same"
    )


def test_other_answers_do_not_take_the_text_apart_again(posko: Posko, opened: Opened) -> None:
    desk = opened(posko, "spread")
    acts = desk.page.spread.acts
    copied("Desa\tSpanduk\nKurun\t2\n")
    desk.page.paste()
    sheet = desk.sheet()
    assert isinstance(sheet, PasteSheet)
    assert sheet.form is not None
    first = acts._pasted
    assert first is not None
    sheet.form.set_values({"action": "installed"})
    sheet.form.settled.emit("action")
    assert acts._pasted is first, "other answers do not take the text apart again"
    sheet.form.boxes["on"].set_raw("31-2")
    sheet.keep.click()
    assert sheet.isVisible(), "a day that does not exist is not today"
    assert noted(posko, "Kurun") == []
