"""Every tab of Perkara and its dialogs in small and usual windows: nothing cut, nothing raw."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from posko_app.app import Posko
from posko_app.cases import clarification as clarify
from posko_app.cases.assessment import choose_violation, decide_handling, violation_forms
from posko_app.cases.case_view import case_view
from posko_app.cases.checklist import mark_check
from posko_app.cases.clarification import Hearing, Invitation, Minutes, Question
from posko_app.cases.intake import file_report
from posko_app.cases.report import PersonInput
from posko_app.cases.steps import NewStep, record_step
from tests.factory import TODAY, new_report
from tests.test_ui_every_page import clipped, english, nameless, sideways, silent_cuts
from ui import theme
from ui.context import Context
from ui.dialogs import Sheet
from ui.pages.case import CasePage
from ui.pages.case.body import TABS

SIZES = {"1366x698": (1182, 638, 100), "1024x600": (972, 540, 100), "125 %": (1136, 622, 125)}
"""Name of a look -> width and height of the page inside its window, and the size of the text."""


@pytest.fixture
def context(posko: Posko, qapp: QApplication) -> Iterator[Context]:
    theme.apply(qapp)
    made = Context(posko)
    yield made
    made.close()
    theme.apply(qapp)  # the size of the text as others expect it


@pytest.fixture
def case(posko: Posko) -> str:
    """A case in which everything has happened that its tabs can show."""
    uid = file_report(posko, new_report(), officer="petugas").uid
    kinds = {"kinds": "criminal,other_law"}
    for kind, outcome, data in (("reviewed", "complete", kinds), ("registered", "", {})):
        record_step(posko, uid, NewStep(kind=kind, on=TODAY, outcome=outcome, data=data))
    expert = clarify.add_expert(posko, uid, PersonInput(name="Contoh Ahli Tiga"))
    came, away = (_invite(posko, uid, alias) for alias in ("Saksi 1", "Terlapor"))
    again = Invitation(
        on=TODAY, for_on=TODAY + timedelta(days=1), for_time="09.30", place="Aula", mode="online",
        online_reason="geography",
    )  # fmt: skip
    clarify.mark_absent(posko, away, TODAY, "Sakit, ada surat dokter", again)
    _invite(posko, uid, expert.alias)
    said = tuple(Question(f"Pertanyaan yang ke-{n}?", "Jawaban. " * 40) for n in range(1, 9))
    hearing = Hearing(
        on=TODAY, began="09.30", ended="10.15", examiner="Petugas Contoh", oath="refused",
        oath_note="Keyakinan yang dianutnya tidak memperbolehkan sumpah dalam bentuk apa pun",
    )  # fmt: skip
    clarify.hear(posko, came, hearing, Minutes("islam", said))
    mark_check(posko, uid, "identity_copy", "yes", "KTP-el asli diperlihatkan dan dicocokkan")
    decide_handling(posko, uid, "here", "", "Peristiwanya juga ditangani kantor ini")
    choose_violation(posko, uid, violation_forms(posko, case_view(posko, uid))[0].entry.code)
    return uid


def _invite(posko: Posko, case: str, alias: str) -> str:
    person = next(p for p in clarify.people(posko, case, "report") if p.alias == alias)
    return clarify.invite(
        posko,
        case,
        Invitation(person=person, on=TODAY, for_on=TODAY, for_time="09.30", place="Ruang 2"),
    )


def page_of(context: Context, case: str, size: str, qtbot: QtBot) -> CasePage:
    width, height, scale = SIZES[size]
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme.apply(app, "light", scale)
    page = CasePage(context)
    qtbot.addWidget(page)
    page.resize(width, height)
    page.show()
    page.open(uid=case)
    return page


def wrong(root: QWidget) -> dict[str, list[str]]:
    """What is cut, raw or without a name."""
    QApplication.processEvents()
    checks = (clipped, silent_cuts, sideways, english, nameless)
    return {check.__name__: found for check in checks if (found := check(root))}


@pytest.mark.parametrize("size", SIZES)
def test_every_tab_is_whole(context: Context, case: str, size: str, qtbot: QtBot) -> None:
    page = page_of(context, case, size, qtbot)
    for tab in TABS:
        page.tabs.choose(tab)
        for row in page.clarification.table.rows.rows if tab == "clarification" else [None]:
            if row is not None:
                page.clarification.table.choose(row.uid)  # type: ignore[union-attr]
            qtbot.waitUntil(lambda: wrong(page) == {}, timeout=2000)


@pytest.mark.parametrize("size", SIZES)
def test_every_dialog_of_clarification_is_whole(
    context: Context, case: str, size: str, qtbot: QtBot
) -> None:
    page = page_of(context, case, size, qtbot)
    page.tabs.choose("clarification")
    tab = page.clarification
    rows = {row.state: row for row in page.words.view.clarifications} if page.words else {}
    for act, state in ((tab.hear, "attended"), (tab.hear, "invited"), (tab.miss, "invited")):
        act(rows[state])
        sheet = tab.sheet
        assert isinstance(sheet, Sheet)
        qtbot.waitUntil(lambda: wrong(sheet) == {}, timeout=2000)  # noqa: B023 - runs right here
        assert sheet.height() <= page.height() + 60  # it fits into its window
        sheet.reject()
