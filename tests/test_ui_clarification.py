"""The tab Klarifikasi: inviting, absence, hearing by keyboard, what is half typed, and mistakes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from posko_app.app import Posko, open_office
from posko_app.cases import clarification as clarify
from posko_app.cases.case_view import case_view
from posko_app.cases.clarification import Hearing, Invitation, Minutes, Question
from posko_app.cases.clarification_rows import PersonRef
from posko_app.cases.drafts import drafts
from posko_app.cases.intake import file_report
from posko_app.cases.report import PersonInput
from posko_app.cases.steps import NewStep, record_step
from posko_app.cases.views import ClarificationView
from posko_app.data.tables import AuditEntry
from posko_app.errors import UserError
from posko_app.letters.issue import reprint
from posko_app.letters.minutes import TEMPLATE, minutes_values
from tests.answers import Answers
from tests.conftest import FixedClock
from tests.factory import PASSWORD, REPORTER, TODAY, WITNESS, new_report
from ui import documents, theme
from ui.context import Context
from ui.editors import TextArea, inner
from ui.pages.case import CasePage
from ui.pages.case.clarification_sheets import AbsentSheet, next_service_day
from ui.pages.case.hearing_sheet import HEAR, HearingSheet
from ui.pages.case.letters import fitting
from ui.pages.case.step_sheet import StepSheet
from ui.pages.case.words import Words

TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def context(posko: Posko, qapp: QApplication) -> Iterator[Context]:
    theme.apply(qapp)
    made = Context(posko)
    yield made
    made.close()


@pytest.fixture
def case(posko: Posko) -> str:
    """A registered report."""
    uid = file_report(posko, new_report(), officer="petugas").uid
    for kind, outcome in (("reviewed", "complete"), ("registered", "")):
        record_step(posko, uid, NewStep(kind=kind, on=TODAY, outcome=outcome))
    return uid


def page_of(context: Context, qtbot: QtBot) -> CasePage:
    made = CasePage(context)
    qtbot.addWidget(made)
    made.resize(1182, 638)
    made.show()
    return made


@pytest.fixture
def page(context: Context, qtbot: QtBot) -> CasePage:
    return page_of(context, qtbot)


def invite(posko: Posko, case: str, alias: str, **more: Any) -> str:
    people = clarify.people(posko, case, "report")
    person = next(p for p in people if p.alias == alias)
    usual: dict[str, Any] = {"on": TODAY, "for_on": TODAY, "for_time": "09.30", "place": "Kantor"}
    return clarify.invite(posko, case, Invitation(person=person, **{**usual, **more}))


def rows(posko: Posko, case: str) -> tuple[ClarificationView, ...]:
    return case_view(posko, case).clarifications


def hearing(page: CasePage) -> HearingSheet:
    sheet = page.clarification.sheet
    assert isinstance(sheet, HearingSheet)
    return sheet


def absence(page: CasePage) -> AbsentSheet:
    sheet = page.clarification.sheet
    assert isinstance(sheet, AbsentSheet)
    return sheet


def texts(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel))


def type_answer(qtbot: QtBot, sheet: HearingSheet, number: int, question: str, answer: str) -> None:
    """Type a pair as a person does: Enter after each."""
    form = sheet.questions.forms[number]
    for key, said in (("question", question), ("answer", answer)):
        line = inner(form.boxes[key].editor)
        if said:
            qtbot.keyClicks(line, said)
        qtbot.keyClick(line, Qt.Key.Key_Return)


# --- who was invited ------------------------------------------------------------------------------


def test_an_empty_tab_says_what_belongs_here(page: CasePage, case: str) -> None:
    page.open(uid=case, tab="clarification")
    tab = page.clarification
    assert tab._empty.isVisible()
    assert not tab.table.isVisible()
    assert tab.invite.isEnabled()


def test_before_registration_nobody_is_invited(page: CasePage, posko: Posko) -> None:
    page.open(uid=file_report(posko, new_report()).uid, tab="clarification")
    assert not page.clarification.invite.isEnabled()
    assert "registrasi" in page.clarification.invite.toolTip()


def test_the_list_shows_everybody_by_alias_and_what_may_be_done(
    page: CasePage, posko: Posko, case: str
) -> None:
    for alias in ("Terlapor", "Saksi 1", "Pelapor"):
        invite(posko, case, alias)
    clarify.mark_absent(posko, rows(posko, case)[1].uid, TODAY)
    page.open(uid=case, tab="clarification")
    tab = page.clarification
    listed = [tab.table.rows.row_at(place) for place in range(3)]
    shown = [(row.alias, row.state) for row in listed if row]
    assert shown == [("Terlapor", "invited"), ("Saksi 1", "absent"), ("Pelapor", "invited")]
    assert tab._count.text() == "3 undangan: 2 diundang, 1 tidak hadir."
    assert tab.came.isVisible()
    assert tab.missed.isVisible()
    assert not tab.again.isVisible()
    assert not tab.minutes.isVisible()
    assert "Contoh Terlapor, S.Pd." in texts(tab)  # a terlapor stands in the open
    tab.table.choose(rows(posko, case)[1].uid)
    assert tab.again.isVisible()
    assert not tab.came.isVisible()
    for person in (REPORTER, WITNESS):
        assert person.name not in texts(page)


def test_how_an_invitation_reached_its_person(page: CasePage, posko: Posko, case: str) -> None:
    invite(posko, case, "Saksi 1")
    page.open(uid=case, tab="clarification")
    wrong = Answers(delivered="courier", on=TOMORROW)
    page.clarification.hand_over()
    assert "setelah hari ini" in wrong.problems["on"]
    Answers(delivered="courier", on=TODAY)
    page.clarification.hand_over()
    (row,) = rows(posko, case)
    assert (row.delivered, row.delivered_on) == ("courier", TODAY)
    assert "Diantar petugas" in texts(page.clarification)


def test_an_expert_is_added_and_can_be_invited(page: CasePage, posko: Posko, case: str) -> None:
    page.open(uid=case, tab="clarification")
    nobody = Answers(name="")
    page.clarification.add_expert()
    assert nobody.problems["name"] == "Isi nama ahli."
    Answers(name="Contoh Ahli Tiga", occupation="Dosen hukum")
    page.clarification.add_expert()
    page.clarification.invite.click()
    sheet = page.sheet
    assert isinstance(sheet, StepSheet)
    offered = [label for _, label in sheet.form.boxes["whom"].field.choices]
    assert "Ahli 1" in offered
    assert "Ahli" not in offered
    assert "Contoh Ahli Tiga" not in texts(page)
    sheet.reject()


# --- who did not come -----------------------------------------------------------------------------


def test_absence_and_the_second_invitation_are_one_act(
    page: CasePage, posko: Posko, case: str
) -> None:
    invite(posko, case, "Saksi 1", place="Ruang 2")
    page.open(uid=case, step="absent")  # the step in the head leads here as well
    assert page.tabs.current == "clarification"
    sheet = absence(page)
    assert sheet.act.text() == "Catat dan undang lagi"
    assert sheet.form.value("for_on") == TOMORROW
    sheet.form.set_values({"reason": "Sakit"})
    sheet.submit()
    page.tabs.choose("summary")
    assert "Sakit" in texts(page.summary.timeline.lines.widget())
    page.tabs.choose("clarification")
    first, second = rows(posko, case)
    assert (first.state, second.state, second.round) == ("absent", "invited", 2)
    assert (second.place, second.for_time, second.for_on) == ("Ruang 2", "09.30", TOMORROW)
    kinds = [event.kind for event in case_view(posko, case).state.events][-2:]
    assert kinds == ["absent", "invited"]
    page.clarification.miss()
    assert not absence(page).form.value("again")  # twice is what the law knows
    absence(page).submit()
    assert [row.state for row in rows(posko, case)] == ["absent", "absent"]


def test_a_second_invitation_is_dated_the_day_it_is_written(
    page: CasePage, posko: Posko, qtbot: QtBot
) -> None:
    days = [TODAY - timedelta(days=back) for back in (5, 4, 3)]
    case = file_report(posko, new_report(filed_on=days[0], known_on=days[0], event_on=days[0])).uid
    for kind, outcome in (("reviewed", "complete"), ("registered", "")):
        record_step(posko, case, NewStep(kind=kind, on=days[1], outcome=outcome))
    invite(posko, case, "Saksi 1", on=days[1], for_on=days[2])
    page.open(uid=case, tab="clarification")
    page.clarification.miss()
    sheet = absence(page)
    assert sheet.form.value("on") == days[2]  # the day they were asked for
    sheet.submit()
    found = [(e.kind, e.on) for e in case_view(posko, case).state.events][-2:]
    assert found == [("absent", days[2]), ("invited", TODAY)]


def test_nothing_is_recorded_when_the_second_invitation_is_wrong(
    page: CasePage, posko: Posko, case: str
) -> None:
    invite(posko, case, "Saksi 1")
    page.open(uid=case, tab="clarification")
    page.clarification.miss()
    sheet = absence(page)
    sheet.form.boxes["mode"].set_value("online")
    sheet._on_changed("mode")
    sheet.form.set_values({"place": "", "for_on": None})
    sheet.submit()
    assert {p.field for p in sheet.form.problems()} == {"online_reason", "place", "for_on"}
    sheet.form.set_values(
        {"online_reason": "geography", "place": "Zoom", "for_on": TODAY - timedelta(days=3)}
    )
    sheet.submit()
    assert "sebelum tanggal undangan" in sheet.form.boxes["for_on"].problem
    sheet.form.set_values({"for_on": TOMORROW, "reason": f"{WITNESS.name} sakit"})
    sheet.submit()
    assert sheet.isVisible()
    assert [row.state for row in rows(posko, case)] == ["invited"]
    sheet.done(0)  # unasked


def test_who_stayed_away_can_be_invited_later(page: CasePage, posko: Posko, case: str) -> None:
    clarify.mark_absent(posko, invite(posko, case, "Terlapor"), TODAY)
    page.open(uid=case, tab="clarification")
    assert "tanpa alasan" in texts(page.clarification)
    page.clarification.again.click()
    sheet = page.sheet
    assert isinstance(sheet, StepSheet)
    assert sheet.values()["whom"] == "terlapor"
    assert sheet.values()["for_on"] == TOMORROW
    sheet.submit()
    assert [(row.alias, row.round) for row in rows(posko, case)] == [
        ("Terlapor", 1),
        ("Terlapor", 2),
    ]


def test_the_next_day_of_service_is_no_weekend(posko: Posko) -> None:
    assert next_service_day(posko.calendar, date(2024, 10, 18)) == date(2024, 10, 21)


# --- hearing --------------------------------------------------------------------------------------


def test_a_clarification_is_typed_through_with_enter_alone(
    page: CasePage, posko: Posko, case: str, qtbot: QtBot
) -> None:
    invite(posko, case, "Saksi 1")
    page.open(uid=case, tab="clarification")
    qtbot.keyClick(page.clarification.table, Qt.Key.Key_Return)
    sheet = hearing(page)
    assert sheet.form.value("on") == TODAY
    assert sheet.form.value("examiner") == "Petugas Contoh"
    sheet.form.set_raw({"began": "930", "ended": "1015", "oath": "Bersumpah", "religion": "Islam"})
    sheet._on_changed("oath")
    assert "Demi Allah" in sheet.form.boxes["oath"]._message.text()
    opening = len(sheet.questions.forms)
    assert opening == len(page.words.law.opening_questions) if page.words else False
    for number in range(opening):
        type_answer(qtbot, sheet, number, "", "Ya.")
    type_answer(qtbot, sheet, opening, "Apa yang Saudara lihat?", "Terlapor membagikan stiker.")
    assert len(sheet.questions.forms) == opening + 2  # Enter began another pair
    type_answer(qtbot, sheet, opening + 1, "", "")
    assert sheet.act.hasFocus() or not sheet.isActiveWindow()
    sheet.submit()
    (row,) = rows(posko, case)
    assert (row.state, row.questions, row.oath) == ("attended", opening + 1, "sworn")
    assert (row.began, row.ended) == ("09.30", "10.15")
    kept = clarify.open_minutes(posko, row.uid)
    assert kept.questions[-1] == Question("Apa yang Saudara lihat?", "Terlapor membagikan stiker.")
    assert kept.religion == "islam"
    assert case_view(posko, case).state.stage == "assessment"
    assert "Terlapor membagikan stiker." not in texts(page.clarification)


def test_a_new_question_is_in_sight_and_answers_grow(
    page: CasePage, posko: Posko, case: str, qtbot: QtBot
) -> None:
    invite(posko, case, "Saksi 1")
    page.open(uid=case, tab="clarification")
    page.clarification.hear()
    sheet = hearing(page)
    sheet.questions.focus_first()
    for number in range(6):
        answer = inner(sheet.questions.forms[number].boxes["answer"].editor)
        assert isinstance(answer, TextArea)
        low = answer.height()
        answer.insertPlainText("Jawaban yang panjang sekali. " * 60)
        qtbot.waitUntil(lambda: answer.height() > low, timeout=2000)  # noqa: B023 - runs right here
        if number:
            inner(sheet.questions.forms[number].boxes["question"].editor).insertPlainText("Lalu?")
        qtbot.keyClick(answer, Qt.Key.Key_Return)
    typed = inner(sheet.questions.forms[6].boxes["question"].editor)
    qtbot.waitUntil(lambda: not typed.visibleRegion().isEmpty(), timeout=2000)
    sheet._done = True
    sheet.reject()


def test_the_step_in_the_head_goes_to_who_is_waited_for(
    page: CasePage, posko: Posko, case: str
) -> None:
    clarify.hear(posko, invite(posko, case, "Terlapor"), Hearing(on=TODAY))
    second = invite(posko, case, "Saksi 1")
    page.open(uid=case, step="clarified")
    assert page.tabs.current == "clarification"
    assert hearing(page)._row.uid == second
    hearing(page).reject()


def test_mistakes_of_a_hearing_stand_at_their_fields(
    page: CasePage, posko: Posko, case: str
) -> None:
    invite(posko, case, "Saksi 1", mode="online", online_reason="geography")
    page.open(uid=case, tab="clarification")
    page.clarification.hear()
    sheet = hearing(page)
    assert "wajib direkam" in sheet.form.boxes["recorded"]._message.text()
    assert sheet.form.boxes["oath_note"].isHidden()
    sheet.form.set_raw({"oath": "Menolak disumpah"})
    sheet._on_changed("oath")
    assert not sheet.form.boxes["oath_note"].isHidden()
    sheet.submit()
    assert "alasan menolak" in sheet.form.boxes["oath_note"].problem
    sheet.form.set_raw(
        {"oath_note": "Keyakinan", "began": "10.00", "ended": "9.00", "examiner": REPORTER.name}
    )
    sheet.submit()
    assert {p.field for p in sheet.form.problems()} == {"ended", "examiner"}
    sheet.form.set_raw({"ended": "11.00", "examiner": "Petugas Contoh", "on": "17-10-2024"})
    sheet.submit()
    assert sheet.form.boxes["on"].problem
    assert rows(posko, case)[0].state == "invited"
    sheet.form.set_raw({"on": "15-10-2024"})
    sheet.submit()
    assert rows(posko, case)[0].oath == "refused"
    assert "belum dicatat, padahal daring" in texts(page.clarification)


def test_after_the_hearing_only_the_minutes_can_be_mended(
    page: CasePage, posko: Posko, case: str
) -> None:
    uid = invite(posko, case, "Saksi 1")
    said = Minutes("hindu", (Question("Sehat?", "Ya."), Question("Salah ketik?", "Buang.")))
    clarify.hear(posko, uid, Hearing(on=TODAY, oath="sworn"), said)
    page.open(uid=case, tab="clarification")
    assert page.clarification.minutes.isVisible()
    page.clarification.hear()
    sheet = hearing(page)
    assert not sheet.form.boxes["oath"].open_for_typing()
    assert sheet.form.boxes["religion"].open_for_typing()
    assert len(sheet.questions.forms) == 2  # looking begins no other question
    sheet.questions.forms[0].set_values({"answer": "Ya, sehat."})
    sheet.questions.forms[1].set_values({"question": "", "answer": ""})
    sheet.submit()
    assert clarify.open_minutes(posko, uid).questions == (Question("Sehat?", "Ya, sehat."),)
    assert rows(posko, case)[0].questions == 1


def test_nobody_is_heard_who_did_not_come(
    page: CasePage, posko: Posko, case: str, context: Context
) -> None:
    told: list[str] = []
    context.said.connect(lambda text, _undo: told.append(text))
    clarify.mark_absent(posko, invite(posko, case, "Terlapor"), TODAY)
    page.open(uid=case, tab="clarification")
    page.clarification.hear()
    assert page.clarification.sheet is None
    assert told == ["Terlapor tidak hadir, jadi tidak ada tanya jawabnya."]


def test_an_expert_is_heard_from_the_head(page: CasePage, posko: Posko, case: str) -> None:
    expert = clarify.add_expert(posko, case, PersonInput(name="Contoh Ahli Tiga"))
    invite(posko, case, "Saksi 1")
    uid = invite(posko, case, expert.alias)
    page.open(uid=case, step="expert_heard")
    assert hearing(page)._row.uid == uid
    hearing(page).submit()
    assert [row.state for row in rows(posko, case)] == ["invited", "attended"]


def test_the_only_one_who_is_waited_for_is_meant(posko: Posko, case: str) -> None:
    invite(posko, case, "Terlapor")
    record_step(posko, case, NewStep(kind="clarified", on=TODAY))
    assert rows(posko, case)[0].state == "attended"


def test_the_minutes_become_a_letter_from_there(
    page: CasePage, posko: Posko, case: str, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[Path] = []
    monkeypatch.setattr(documents, "show", lambda path: shown.append(path) or True)
    uid = invite(posko, case, "Saksi 1")
    clarify.hear(posko, uid, Hearing(on=TODAY, oath="sworn", minutes_number="007/BA"))
    page.open(uid=case, tab="clarification")
    assert page.clarification.print.toolTip() == "Isi tanya jawabnya dulu."
    said = Minutes("hindu", (Question("Apa yang Saudara lihat?", "Stiker dibagikan."),))
    clarify.save_minutes(posko, uid, said)
    page.reload()
    page.clarification.print.click()
    sheet = page.letters.sheet
    assert sheet is not None
    sheet.issue_letter()
    qtbot.waitUntil(lambda: bool(shown), timeout=20_000)
    (letter,) = case_view(posko, case).letters
    assert letter.title == "Berita Acara Klarifikasi"
    with pdfium.PdfDocument(reprint(posko, letter.uid)) as pdf:
        printed = " ".join(page.get_textpage().get_text_bounded() for page in pdf)
    for words in (WITNESS.name, "bersumpah menurut agama Hindu", "Stiker dibagikan.", "007/BA",
                  "lima belas bulan Oktober tahun dua ribu dua puluh empat", "Selasa"):  # fmt: skip
        assert words in " ".join(printed.split())
    offered = [t.name for group in fitting(Words(posko, case_view(posko, case))) for t in group]
    assert offered
    assert TEMPLATE not in offered  # without a person it would be empty


def test_minutes_of_a_reported_person_and_of_nobody_heard(posko: Posko, case: str) -> None:
    uid = invite(posko, case, "Terlapor", mode="online", online_reason="geography")
    with pytest.raises(UserError, match="belum dicatat hadir"):
        minutes_values(posko, uid)
    hearing = Hearing(on=TODAY, oath="refused", oath_note="Keyakinan", began="09.30")
    clarify.hear(posko, uid, hearing, Minutes("", (Question("Sehat?", "Ya."),)))
    values = minutes_values(posko, uid)
    assert values["hearing.name"] == "Contoh Terlapor, S.Pd."
    assert values["hearing.occupation"] == "Guru, SDN 3 Contoh"
    assert values["hearing.identity"] == "NIP 19860412 201001 1 012"
    assert (values["hearing.sworn"], values["hearing.refused"]) == ("", "Keyakinan")
    assert values["hearing.online"] == "letak geografis"
    assert values["hearing.began"] == "09.30 WIB"


# --- what is half typed ---------------------------------------------------------------------------


def test_what_was_typed_outlives_the_program(
    page: CasePage, posko: Posko, case: str, qtbot: QtBot, qapp: QApplication
) -> None:
    uid = invite(posko, case, "Saksi 1")
    page.open(uid=case, tab="clarification")
    page.clarification.hear()
    sheet = hearing(page)
    sheet.form.set_raw({"began": "930", "oath": "Berjanji"})
    qtbot.keyClicks(inner(sheet.questions.forms[0].boxes["answer"].editor), "Ya, seh")
    sheet.questions.flush()  # as a moment of rest does
    (draft,) = drafts(posko, "step")
    assert draft.title.startswith("Klarifikasi Saksi 1: 001/")
    assert rows(posko, case)[0].questions == 0  # nothing of it is in the case yet
    sheet._done = True  # the power fails: nothing more is kept
    sheet.close()
    page.hide()
    posko.close()

    again = open_office(posko.folder.root, "petugas", PASSWORD, clock=FixedClock())
    context = Context(again)
    other = page_of(context, qtbot)
    other.open(uid=case, step=HEAR + uid)  # Beranda: Lanjutkan
    sheet = hearing(other)
    assert sheet.recalled.isVisibleTo(sheet)
    assert sheet.form.raw()["began"] == "930"
    assert sheet.questions.questions()[0].answer == "Ya, seh"
    sheet.submit()
    assert drafts(again, "step") == ()
    row = rows(again, case)[0]
    assert (row.state, row.began, row.oath) == ("attended", "09.30", "promised")
    assert clarify.open_minutes(again, uid).questions[0].answer == "Ya, seh"
    other.hide()
    context.close()
    again.close()


def test_closing_keeps_and_one_can_begin_afresh(
    page: CasePage, posko: Posko, case: str, qtbot: QtBot
) -> None:
    invite(posko, case, "Saksi 1")
    page.open(uid=case, tab="clarification")
    page.clarification.hear()
    qtbot.keyClicks(inner(hearing(page).questions.forms[1].boxes["answer"].editor), "Bersedia")
    hearing(page).reject()
    page.clarification.hear()
    sheet = hearing(page)
    assert sheet.questions.questions()[1].answer == "Bersedia"
    sheet._on_afresh("afresh")
    assert sheet.questions.questions()[1].answer == ""
    assert drafts(posko, "step") == ()
    sheet.reject()
    assert drafts(posko, "step") == ()


def test_looking_leaves_no_draft(page: CasePage, posko: Posko, case: str) -> None:
    invite(posko, case, "Saksi 1")
    page.open(uid=case, tab="clarification")
    page.clarification.hear()
    hearing(page).reject()
    assert drafts(posko, "step") == ()
    with posko.store.read() as session:
        log = session.scalars(select(AuditEntry.action)).all()
    assert "clarification.minutes_read" not in log  # there was nothing to read


def test_people_of_a_case_never_tell_an_identity(posko: Posko, case: str) -> None:
    found: tuple[PersonRef, ...] = clarify.people(posko, case, "report")
    assert all(REPORTER.name not in p.label and WITNESS.name not in p.label for p in found)
