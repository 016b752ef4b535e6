"""What may be here already, beside the form; and what stands around a case, on its page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from posko_app.app import Posko
from posko_app.cases import drafts
from posko_app.cases.intake import file_report
from posko_app.cases.links import event_group
from tests.desk import Desk
from tests.factory import new_report
from ui import documents, theme
from ui.pages.new_report.likely import link_all, matters


@pytest.fixture
def desk(qapp: QApplication, posko: Posko, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """A blank form in an office of its own; receipts are not shown."""

    def show(_path: Path) -> bool:
        return True

    monkeypatch.setattr(documents, "show", show)
    theme.apply(qapp)
    made = Desk(posko)
    made.open()
    yield made
    made.close()


# --- Laporan baru -------------------------------------------------------------------------------


def test_a_case_is_suggested_while_the_name_is_still_typed(desk: Desk, qtbot: QtBot) -> None:
    uid = file_report(desk.posko, new_report()).uid
    card = desk.page.work.similar
    desk.page.work.entry.focus_field("reported.0.name")
    qtbot.keyClicks(desk.editor("reported.0.name"), "CONTOH TERLAPOR")
    qtbot.waitUntil(lambda: not card.isHidden())
    assert desk.editor("reported.0.name").hasFocus()
    assert card.case is not None
    assert card.case.uid == uid
    assert "Nama sama" in card.accessibleName()
    qtbot.keyClicks(desk.editor("reported.0.name"), " SEKALI LAIN")
    qtbot.waitUntil(card.isHidden)


def test_a_link_is_made_when_the_report_is_saved(desk: Desk, qtbot: QtBot) -> None:
    first = file_report(desk.posko, new_report()).uid
    second = file_report(desk.posko, new_report(title="Laporan kedua")).uid
    desk.fill()
    desk.page.reload()
    card = desk.page.work.similar
    assert card.case is not None
    chosen = card.case.uid
    card.link_button.click()
    assert card.case is not None
    assert card.case.uid != chosen
    assert {chosen, card.case.uid} == {first, second}
    assert event_group(desk.posko, first) == ()
    desk.open(draft=drafts.drafts(desk.posko)[0].uid)
    assert list(card.linked) == [chosen]
    desk.page.primary()
    qtbot.waitUntil(lambda: bool(desk.opened), timeout=8000)
    new = desk.opened[-1][1]["uid"]
    assert [one.uid for one in event_group(desk.posko, new)] == [chosen]
    assert desk.page.work.similar.linked == {}
    assert desk.page.work.similar.isHidden()


def test_a_choice_is_taken_back_and_another_kind_keeps_it(desk: Desk) -> None:
    file_report(desk.posko, new_report())
    desk.fill()
    desk.page.reload()
    desk.page.work.similar.link_button.click()
    desk.page.set_kind("finding")
    card = desk.page.work.similar
    assert len(card.linked) == 1
    card.undo.click()
    assert card.linked == {}
    assert card.case is not None


def test_a_case_that_cannot_be_linked_is_told_and_stops_nothing(desk: Desk) -> None:
    uid = file_report(desk.posko, new_report()).uid
    said = link_all(desk.posko, uid, {"tidak-ada": "009/LP/PB"})
    assert said.startswith("Belum dikaitkan dengan 009/LP/PB.")
    assert link_all(desk.posko, uid, {}) == ""


@pytest.mark.parametrize(
    ("key", "yes"),
    [
        ("reported.0.name", True), ("reported.1.nip", True), ("reported.0.agency", True),
        ("event_on", True), ("region_code", True), ("reported.0.phone", False),
        ("reporter.name", False), ("witnesses.0.name", False), ("narrative", False),
    ],
)  # fmt: skip
def test_only_what_says_which_event_it_is_is_looked_at(key: str, yes: bool) -> None:
    assert matters(key) == yes
