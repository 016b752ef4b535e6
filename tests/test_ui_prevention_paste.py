"""Pencegahan, Sebaran desa: what is read and built again, and when: pasted text, bars, the card."""

from __future__ import annotations

from datetime import date

from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from posko_app.app import Posko
from posko_app.cases.coverage import (
    NewEntry,
    entries_of,
    note_coverage,
    set_plans,
    villages_of,
)
from tests.factory import TODAY
from tests.prevention_desk import Opened, copied, opened
from ui.pages.prevention.paste_sheet import PasteSheet
from ui.widgets.buttons import IconButton
from ui.widgets.charts import PlanBar

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


def test_a_search_rebuilds_neither_bars_nor_the_card_of_the_village(
    posko: Posko, opened: Opened, qtbot: QtBot
) -> None:
    first = villages_of(posko)[0]
    set_plans(posko, {(first.code, "banner"): 2})
    note_coverage(posko, [
        NewEntry(village_code=first.code, item="banner", action="installed", quantity=1, on=TODAY)
    ])  # fmt: skip
    desk = opened(posko, "spread")
    view = desk.page.spread
    assert view.table.choose(first.code)
    built = [*view.bars.findChildren(PlanBar), *view.card.findChildren(IconButton)]
    assert built
    qtbot.keyClicks(view.search, first.name[:4])
    assert [*view.bars.findChildren(PlanBar), *view.card.findChildren(IconButton)] == built
    set_plans(posko, {(first.code, "banner"): 4})
    assert view.bars.findChildren(PlanBar) != built[:1], "a change is shown"
