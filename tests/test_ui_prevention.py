"""Pencegahan: an activity by keyboard, mistakes at their fields, filters, and read-only roles."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from posko_app.app import Posko, open_office
from posko_app.cases.prevention import NewActivity, activities, log_activity
from posko_app.office.accounts import add_account
from tests.factory import TODAY
from ui import theme
from ui.context import Context
from ui.pages.prevention import PreventionPage

ENTER = Qt.Key.Key_Return
Opened = Callable[[Posko], PreventionPage]


@pytest.fixture
def opened(qapp: QApplication, qtbot: QtBot) -> Iterator[Opened]:
    """Show the page over an office."""
    theme.apply(qapp)
    contexts: list[Context] = []

    def show(posko: Posko) -> PreventionPage:
        context = Context(posko)
        contexts.append(context)
        page = PreventionPage(context)
        qtbot.addWidget(page)
        page.resize(1182, 638)
        with qtbot.waitActive(page):
            page.show()
        page.take_focus()
        return page

    yield show
    for context in contexts:
        context.tasks.close()


def focus(page: PreventionPage) -> QWidget:
    """Where the keyboard is; a list that is open gets it first."""
    found = QApplication.activePopupWidget() or page.focusWidget()
    assert found is not None
    return found


def log(posko: Posko, **changes: Any) -> str:
    values: dict[str, Any] = {"kind": "education", "on": TODAY, "title": "Sosialisasi guru"}
    return log_activity(posko, NewActivity(**{**values, **changes}))


def test_an_activity_is_logged_by_keyboard_and_the_next_begins(
    posko: Posko, opened: Opened, qtbot: QtBot
) -> None:
    page = opened(posko)
    assert page.form.boxes["kind"].has_keyboard(), "the date is today already"
    for typed in ("publikasi", "Spanduk tolak politik uang", "", "Pasar Kurun", "tewah", "Warga"):
        if typed:
            qtbot.keyClicks(page.focusWidget(), typed)
        qtbot.keyClick(focus(page), ENTER)
    qtbot.keyClicks(page.focusWidget(), "1250")
    qtbot.keyClick(focus(page), ENTER)
    qtbot.keyClicks(page.focusWidget(), "40")
    qtbot.keyClick(focus(page), ENTER)
    (row,) = activities(posko)
    assert (row.kind, row.on, row.title, row.place) == (
        "publication", TODAY, "Spanduk tolak politik uang", "Pasar Kurun",
    )  # fmt: skip
    assert (row.region_name, row.target, row.participants, row.quantity, row.done) == (
        "Tewah", "Warga", 1250, 40, True,
    )  # fmt: skip
    assert page.table.rows.rowCount() == 1
    assert page.count.text() == "1 kegiatan"
    raw = page.form.raw()
    assert (raw["on"], raw["kind"], raw["title"]) == ("15-10-2024", "Publikasi", "")
    assert page.form.boxes["kind"].has_keyboard()


def test_mistakes_are_said_at_their_fields_and_nothing_is_logged(
    posko: Posko, opened: Opened
) -> None:
    page = opened(posko)
    page.form.set_raw({"kind": "", "title": " ", "participants": "banyak"})
    page.save()
    said = {p.field: p.message for p in page.form.problems()}
    assert said == {
        "kind": "Pilih bentuk pencegahan.",
        "title": "Isi nama kegiatan.",
        "participants": "Tulis angka saja, misalnya 40.",
    }
    page.form.set_raw({"kind": "Publikasi", "title": "Spanduk", "participants": "", "on": "16-10"})
    page.save()
    assert {p.field for p in page.form.problems()} == {"on"}, "done, but tomorrow"
    assert page.form.raw()["title"] == "Spanduk"
    assert activities(posko) == ()


def test_a_plan_lies_ahead(posko: Posko, opened: Opened) -> None:
    page = opened(posko)
    page.form.set_values({"kind": "publication", "title": "Spanduk", "done": False})
    page.form.set_raw({"on": "17-10-2024"})
    page.primary()
    assert [(row.on, row.done) for row in activities(posko)] == [(date(2024, 10, 17), False)]
    assert page.table.rows.index(0, 8).data() == "Rencana"
    assert page.table.rows.index(0, 0).data() == "Kam 17 Okt"


def test_ins_and_ctrl_enter_begin_a_line_while_none_is_typed(posko: Posko, opened: Opened) -> None:
    log(posko)
    page = opened(posko)
    for begin in (page.new_row, page.primary, page.add.click):
        page.table.setFocus()
        begin()
        assert page.form.boxes["kind"].has_keyboard()
    assert len(activities(posko)) == 1


def test_the_list_filters_and_follows(posko: Posko, opened: Opened) -> None:
    log(posko, title="Sosialisasi guru", place="Aula")
    log(posko, title="Spanduk", kind="publication", target="Warga", on=date(2024, 10, 1))
    page = opened(posko)
    assert page.count.text() == "2 kegiatan"
    page.search.setText("warga")
    assert page.count.text() == "1 dari 2 kegiatan"
    assert page.table.rows.index(0, 2).data() == "Spanduk"
    page.search.clear()
    page.kind.set_code("education")
    page.kind.chosen.emit("education")
    assert page.table.rows.index(0, 2).data() == "Sosialisasi guru"
    state = page.state()
    page.kind.set_code("")
    page._show()
    log(posko, title="Ikrar", kind="participation")
    assert page.table.rows.rowCount() == 3
    page.restore(state)
    assert page.table.rows.rowCount() == 1


def test_others_only_read(office: Callable[..., Posko], opened: Opened) -> None:
    admin = office()
    log(admin)
    add_account(admin, login="kirim", name="Contoh", role="exchanger", password="kata lain")
    admin.close()
    posko = open_office(admin.folder.root, "kirim", "kata lain", clock=admin.clock)
    try:
        page = opened(posko)
        assert page.table.rows.rowCount() == 1
        assert not page.entry.isVisible()
        assert not page.add.isVisible()
        page.primary()
        page.save()
        assert len(activities(posko)) == 1
    finally:
        posko.close()
