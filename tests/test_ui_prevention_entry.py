"""Pencegahan, the entry row: what is plan and what is done, and the month that stays in sight."""

from __future__ import annotations

from datetime import date

from posko_app.app import Posko
from posko_app.cases.prevention import NewActivity, activities
from tests.conftest import FixedClock
from tests.factory import TODAY
from tests.prevention_desk import Opened, opened

__all__ = ["opened"]


def test_a_page_open_overnight_knows_the_new_day(posko: Posko, opened: Opened) -> None:
    clock = posko.clock
    assert isinstance(clock, FixedClock)
    desk = opened(posko)
    entry = desk.page.activities.entry
    clock.forward(days=1)
    entry.form.set_raw({"item": "Spanduk", "title": "Spanduk", "on": "16-10-2024"})
    entry.save()
    (row,) = activities(posko)
    assert row.done, "it is no plan: that day has come"

    assert entry.form.value("on") == row.on, "the next line begins with the same day"
    clock.forward(days=1)
    desk.page.new_row()
    assert entry.form.value("on") == TODAY.replace(day=17)
    assert entry.form.boxes["item"].has_keyboard()


def test_a_rejected_activity_leaves_the_month_as_it_is(posko: Posko, opened: Opened) -> None:
    desk = opened(posko)
    view = desk.page.activities
    view.entry.wanted.emit(NewActivity(on=date(2024, 9, 3), item="banner", title=""))
    assert [p.field for p in view.entry.form.problems()] == ["title"]
    view.reload()
    assert view.month.code == "2024-10"
    view.entry.wanted.emit(NewActivity(on=date(2024, 9, 3), item="banner", title="Spanduk"))
    assert view.month.code == "2024-09", "the line that was typed stays in sight"
