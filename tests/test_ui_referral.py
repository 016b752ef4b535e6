"""Tindak lanjut and Menunggu jawaban by keyboard: news, sanctions, requests, copying, reload."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from posko_app.app import Posko
from posko_app.cases.intake import file_report
from posko_app.cases.referral import (
    NewUpdate,
    describe_referral,
    referrals_of,
    update_referral,
)
from posko_app.cases.referral_book import referral_book
from posko_app.cases.referral_view import ReferralDetails, ReferralView
from posko_app.cases.steps import NewStep, record_step
from posko_app.cases.waiting import ages
from tests.factory import PARTY, REPORTER, TODAY, new_report
from ui import dialogs, documents, theme
from ui.context import Context
from ui.pages.case import CasePage
from ui.pages.case.referral_ready import ReadySheet
from ui.pages.case.referral_sbt import SbtSheet
from ui.pages.waiting import WaitingPage
from ui.referral_sheets import DetailsSheet, RequestSheet, UpdateSheet
from ui.widgets.text import Text

CTRL = Qt.KeyboardModifier.ControlModifier
ENTER = Qt.Key.Key_Return


def refer(posko: Posko, addressee: str = "bkn") -> str:
    """A case that was referred."""
    case = file_report(posko, new_report()).uid
    for kind, outcome, data in (
        ("reviewed", "complete", {}),
        ("registered", "", {}),
        ("clarified", "", {}),
        ("assessed", "", {}),
        ("decided", "violation", {"kinds": "other_law"}),
        ("referred", "", {"addressee": addressee}),
    ):
        record_step(posko, case, NewStep(kind=kind, on=TODAY, outcome=outcome, data=data))
    return case


def only(posko: Posko, case: str) -> ReferralView:
    (found,) = referrals_of(posko, case)
    return found


@pytest.fixture
def context(posko: Posko, qapp: QApplication) -> Iterator[Context]:
    theme.apply(qapp)
    made = Context(posko)
    yield made
    made.close()


@pytest.fixture
def page(context: Context, qtbot: QtBot) -> CasePage:
    made = CasePage(context)
    qtbot.addWidget(made)
    made.resize(1182, 638)
    made.show()
    return made


@pytest.fixture
def waiting_page(context: Context, qtbot: QtBot) -> WaitingPage:
    made = WaitingPage(context)
    qtbot.addWidget(made)
    made.resize(1182, 638)
    return made


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files that were handed to the system's viewer."""
    paths: list[Path] = []
    monkeypatch.setattr(documents, "show", lambda path: paths.append(path) or True)
    return paths


def entries(page: CasePage) -> str:
    """What the timeline of the chosen referral says."""
    inner = page.referrals._entries.widget()
    assert inner is not None
    return " ".join(text.text() for text in inner.findChildren(Text))


def test_a_sanction_is_entered_with_its_answer(
    posko: Posko, page: CasePage, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = refer(posko)
    page.open(uid=case, tab="follow_up")
    tab = page.referrals
    assert tab.count() == 1
    tab.table.setFocus()
    qtbot.keyClick(tab.table, ENTER)
    sheet = tab.sheet
    assert isinstance(sheet, UpdateSheet)
    assert not sheet.form.boxes["decree_number"].isVisibleTo(sheet)
    sheet.form.set_values({"state": "sanction_imposed"})
    sheet._on_changed("state")
    assert sheet.form.boxes["decree_number"].isVisibleTo(sheet)
    sheet.form.set_values({"sanction": "medium"})
    sheet._on_changed("sanction")
    sheet.form.set_values({"form": referral_book().sanctions["medium"].forms[0]})
    letter = tmp_path / "sk.pdf"
    letter.write_bytes(b"%PDF-1.4 contoh")
    monkeypatch.setattr(dialogs, "open_files", lambda *_: [letter])
    sheet.choose.click()
    sheet.form.set_values({"decree_number": "800/7", "note": "Hukuman sedang."})
    with qtbot.waitSignal(sheet.kept):
        sheet.submit()
    line = only(posko, case)
    assert line.state == "sanction_imposed"
    (update,) = line.sanctions
    assert update.sanction is not None
    assert (update.sanction.kind, update.sanction.decree_number) == ("medium", "800/7")
    assert update.sanction.form.startswith("Pemotongan tunjangan kinerja")
    assert update.evidence_label == "B-02"
    qtbot.waitUntil(lambda: "800/7" in entries(page))
    assert not tab.ask.isEnabled()


def test_what_names_the_reporter_stays_at_its_field(
    posko: Posko, page: CasePage, qtbot: QtBot
) -> None:
    case = refer(posko)
    page.open(uid=case, tab="follow_up")
    page.referrals.learn.click()
    sheet = page.referrals.sheet
    assert isinstance(sheet, UpdateSheet)
    sheet.form.set_values({"note": f"Kata {REPORTER.name}"})
    sheet.submit()
    qtbot.waitUntil(lambda: bool(sheet.form.problems()))
    assert [p.field for p in sheet.form.problems()] == ["note"]
    assert only(posko, case).updates == ()
    sheet.done(0)  # unasked


def test_way_and_ticket_are_kept(posko: Posko, page: CasePage, qtbot: QtBot) -> None:
    case = refer(posko)
    page.open(uid=case, tab="follow_up")
    page.referrals.details.click()
    sheet = page.referrals.sheet
    assert isinstance(sheet, DetailsSheet)
    sheet.form.set_values(
        {"office_name": "BKN Contoh", "external_system": "sbt", "ticket": "SBT-1"}
    )
    with qtbot.waitSignal(sheet.kept):
        sheet.submit()
    details = only(posko, case).details
    assert (details.office_name, details.external_system, details.ticket) == (
        "BKN Contoh",
        "sbt",
        "SBT-1",
    )
    assert details.sent_on is None


def test_a_wrong_word_is_voided_from_the_timeline(
    posko: Posko, page: CasePage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = refer(posko)
    line = only(posko, case)
    uid = update_referral(posko, case, line.event_uid, NewUpdate(on=TODAY, state="not_proven"))
    page.open(uid=case, tab="follow_up")

    def answer(*_args: object, submit: object, **_more: object) -> None:
        assert callable(submit)
        submit({"note": "Salah perkara"})

    monkeypatch.setattr(dialogs, "ask_form", answer)
    page.referrals._on_link(f"void:{uid}")
    assert only(posko, case).state == "sent"
    qtbot.waitUntil(lambda: "dibatalkan" in entries(page))


def test_the_form_is_copied_field_by_field(posko: Posko, page: CasePage, qtbot: QtBot) -> None:
    page.open(uid=refer(posko), tab="follow_up")
    page.referrals.sbt.click()
    sheet = page.referrals.sheet
    assert isinstance(sheet, SbtSheet)
    clipboard = QGuiApplication.clipboard()
    qtbot.keyClick(sheet.table, ENTER)
    assert clipboard.text() == "Netralitas"
    qtbot.keyClick(sheet.table, ENTER)
    assert clipboard.text() == PARTY.nip
    sheet.copy_number(3)
    assert clipboard.text() == PARTY.name
    row = sheet.table.row()
    assert row is not None
    assert row.key == "position"
    for _ in range(20):
        qtbot.keyClick(sheet.table, ENTER)
        assert REPORTER.name not in clipboard.text()
    assert sheet.isVisible()
    assert "isian terakhir" in sheet.said.text()
    sheet.accept()


def test_readiness_jumps_to_where_it_is_mended(posko: Posko, page: CasePage) -> None:
    case = file_report(posko, new_report()).uid
    page.open(uid=case, tab="follow_up")
    assert not page.referrals.learn.isEnabled()
    page.referrals.ready.click()
    sheet = page.referrals.sheet
    assert isinstance(sheet, ReadySheet)
    assert sheet.verdict.text().startswith("Belum")
    sheet._on_jump("assessment")
    assert page.tabs.current == "assessment"


def test_the_list_of_what_waits_is_worked_by_keyboard(
    posko: Posko, waiting_page: WaitingPage, qtbot: QtBot, shown: list[Path]
) -> None:
    page = waiting_page
    first, second = refer(posko), refer(posko, "ppk")
    wanted: list[tuple[str, dict[str, object]]] = []
    page.context.page_wanted.connect(lambda name, more: wanted.append((name, more)))
    with qtbot.waitExposed(page):
        page.show()
    qtbot.waitUntil(lambda: page.count.text() == "2 menunggu jawaban")
    page.table.setFocus()
    page.table.choose(only(posko, first).event_uid)
    qtbot.keyClick(page.table, ENTER)
    assert wanted[0][0] == "case"
    assert (wanted[0][1]["uid"], wanted[0][1]["tab"]) == (first, "follow_up")
    qtbot.keyClicks(page.table, "k")
    sheet = page.sheet
    assert isinstance(sheet, UpdateSheet)
    sheet.form.set_values({"state": "not_proven"})
    with qtbot.waitSignal(sheet.kept):
        sheet.submit()
    qtbot.waitUntil(lambda: page.count.text() == "1 menunggu jawaban")
    page.primary()
    request = page.sheet
    assert isinstance(request, RequestSheet)
    with qtbot.waitSignal(request.kept, timeout=10_000):
        request.issue_letter()
    assert len(only(posko, second).asked) == 1
    qtbot.waitUntil(lambda: bool(shown))


def test_what_is_left_before_it_began_is_not_done(
    posko: Posko, waiting_page: WaitingPage, context: Context, qtbot: QtBot
) -> None:
    case = refer(posko)
    row = only(posko, case)
    begun, go_on = Event(), Event()

    def busy(_posko: Posko, *, progress: object) -> None:
        begun.set()
        go_on.wait(10)

    sheets = (RequestSheet(waiting_page, context, row), UpdateSheet(waiting_page, context, row))
    for sheet in sheets:
        sheet.show()
        begun.clear()
        go_on.clear()
        context.start(busy)
        assert begun.wait(10)
        if isinstance(sheet, RequestSheet):
            sheet.issue_letter()
        else:
            sheet.form.set_values({"note": "Belum ada kabar"})
            sheet.submit()
        sheet.reject()
        assert sheet.busy
        with qtbot.waitSignal(sheet.finished):
            go_on.set()
    after = only(posko, case)
    assert (after.asked, after.updates) == ((), ())


def test_filters_narrow_the_list_and_say_so(
    posko: Posko, waiting_page: WaitingPage, qtbot: QtBot
) -> None:
    page = waiting_page
    refer(posko)
    case = refer(posko, "ppk")
    line = only(posko, case)
    describe_referral(
        posko,
        case,
        line.event_uid,
        ReferralDetails(office_name="Bupati Contoh", remind_on=date(2024, 10, 14)),
    )
    with qtbot.waitExposed(page):
        page.show()
    qtbot.waitUntil(lambda: page.count.text() == "2 menunggu jawaban")
    page.institution.set_code("ppk")
    page._show()
    assert page.count.text() == "1 dari 2 menunggu jawaban"
    kept = page.state()
    page.institution.set_code("")
    page.search.setText("bupati")
    assert [r.case_uid for r in page._shown] == [case]
    page.search.setText("")
    page.age.set_code("30-90")
    page._show()
    assert page._shown == []
    assert page._empty.isVisibleTo(page)
    page.age.set_code("")
    page.restore(kept)
    assert [r.case_uid for r in page._shown] == [case]


def test_the_office_changes_its_ages(
    posko: Posko, waiting_page: WaitingPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = waiting_page
    said: list[object] = []

    def answer(*_args: object, submit: object, **_more: object) -> dict[str, str]:
        assert callable(submit)
        said.extend(submit({"ages": "x"}))
        assert not submit({"ages": "14, 60"})
        return {"ages": "14, 60"}

    monkeypatch.setattr(dialogs, "ask_form", answer)
    page.change_ages()
    assert len(said) == 1
    assert ages(posko) == (14, 60)


def test_who_may_only_read_is_told_why(
    posko: Posko, waiting_page: WaitingPage, qtbot: QtBot
) -> None:
    refer(posko)
    posko.user = replace(posko.user, role="auditor")
    with qtbot.waitExposed(waiting_page):
        waiting_page.show()
    qtbot.waitUntil(lambda: waiting_page.count.text() == "1 menunggu jawaban")
    assert not waiting_page.learn.isEnabled()
    assert not waiting_page.ask.isEnabled()
    waiting_page.learn_news()
    assert waiting_page.sheet is None
