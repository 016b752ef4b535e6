"""The page of one case: its next step by keyboard, mistakes, people behind dots, files, letters."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from posko_app.app import Posko
from posko_app.cases.case_view import case_view
from posko_app.cases.drafts import drafts
from posko_app.cases.evidence import attach
from posko_app.cases.intake import file_report
from posko_app.cases.report import EvidenceInput
from posko_app.cases.steps import NewStep, add_note, record_step
from posko_app.data.tables import Event, Sibling
from posko_app.errors import UserError
from posko_app.rules.facts import EVENT_KINDS
from posko_app.rules.stages import Step
from posko_app.security.uid import new_uid
from tests.factory import TODAY, new_report
from ui import dialogs, documents, theme
from ui.actions import ACTIONS
from ui.context import Context
from ui.editors import ChoiceBox
from ui.pages.case import CasePage
from ui.pages.case.conflicts import conflict_words
from ui.pages.case.due_view import DueView, safe_line
from ui.pages.case.evidence_card import content_words
from ui.pages.case.header import stage_words
from ui.pages.case.history import happenings
from ui.pages.case.letter_sheet import LetterSheet
from ui.pages.case.plenary_fields import RESULT
from ui.pages.case.review_fields import MET
from ui.pages.case.step_fields import counts_hours, new_step, step_form
from ui.pages.case.step_sheet import StepSheet
from ui.pages.case.words import Words
from ui.widgets.buttons import Link
from ui.window import Window

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def context(posko: Posko, qapp: QApplication) -> Iterator[Context]:
    theme.apply(qapp)
    made = Context(posko)
    yield made
    made.close()


@pytest.fixture
def case(posko: Posko) -> str:
    """A complete report, taken in today."""
    return file_report(posko, new_report(), officer="petugas").uid


@pytest.fixture
def page(context: Context, qtbot: QtBot) -> CasePage:
    made = CasePage(context)
    qtbot.addWidget(made)
    made.resize(1182, 638)
    made.show()
    return made


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files that were handed to the system's viewer."""
    paths: list[Path] = []
    monkeypatch.setattr(documents, "show", lambda path: paths.append(path) or True)
    return paths


def step(posko: Posko, case: str, kind: str, **more: Any) -> str:
    """Record a step through the core."""
    return record_step(posko, case, NewStep(kind=kind, on=TODAY, **more))


def to_plenary(posko: Posko, case: str) -> None:
    """Carry a case to where the plenary decides."""
    step(posko, case, "reviewed", outcome="complete")
    for kind in ("registered", "clarified", "assessed"):
        step(posko, case, kind)


def to_referral(posko: Posko, case: str) -> None:
    """Carry a case to where it is referred."""
    to_plenary(posko, case)
    step(posko, case, "decided", outcome="violation", data={"kinds": "other_law"})


def words_of(posko: Posko, case: str) -> Words:
    """The words of a case."""
    return Words(posko, case_view(posko, case))


def sheet_of(page: CasePage) -> StepSheet:
    """The open form of a step."""
    assert page.sheet is not None
    return page.sheet


def lines(page: CasePage) -> list[str]:
    """What the timeline beside the summary says."""
    found = page.summary.timeline.lines.widget().findChildren(QLabel)
    return [label.text() for label in found]


def texts_shown(widget: Any) -> str:
    """Everything that the labels of a widget say that are not about to go."""
    return "\n".join(x.text() for x in widget.findChildren(QLabel) if x.isVisibleTo(widget))


def texts(widget: Any) -> str:
    """Everything that the labels of a widget say."""
    return "\n".join(label.text() for label in widget.findChildren(QLabel))


# --- showing -------------------------------------------------------------------------------------


def test_the_head_tells_number_title_clock_and_next_step(page: CasePage, case: str) -> None:
    page.open(uid=case)
    head = page.header
    assert head.number.text().startswith("001/")
    assert head.title.text() == "Guru membagikan stiker pasangan calon"
    assert head.next.main.text() == "Catat kajian awal"
    assert "Netralitas" in head.chips.accessibleName()
    assert "Petugas: Petugas Contoh" in head.chips.accessibleName()
    assert head.due_chip.accessibleName() in ("Hari ini", "Besok", "Kam 17 Okt")
    assert head.counted.isVisible()
    assert page.stepper.accessibleName() == "Tahap perkara: 2 dari 9, Kajian awal"


def test_other_tabs_fold_the_stepper_into_a_chip(page: CasePage, case: str) -> None:
    page.open(uid=case)
    assert page.stepper.isVisible()
    assert "Tahap" not in page.header.chips.accessibleName()
    page.step_tab(1)
    assert page.tabs.current == "reporter"
    assert not page.stepper.isVisible()
    assert "Tahap 2 · Kajian awal" in page.header.chips.accessibleName()
    page.step_tab(-1)
    assert page.stepper.isVisible()


def test_the_number_is_copied_with_a_click(page: CasePage, case: str, qtbot: QtBot) -> None:
    page.open(uid=case)
    with qtbot.waitSignal(page.context.said):
        page.header.number.click()
    assert QGuiApplication.clipboard().text() == page.header.number.text()


def test_the_clock_is_explained_day_by_day(posko: Posko, case: str) -> None:
    step(posko, case, "reviewed", outcome="complete")
    step(posko, case, "registered")
    words = words_of(posko, case)
    due = next(d for d in words.view.dues if d.rule == "handling_base")
    said = texts(DueView(words, [due]))
    assert "hari ke-1" in said
    assert "hari ke-3" in said
    assert "tidak dihitung" in said
    assert "Batas Jumat, 18 Oktober 2024 pukul 23.59 WIB" in said
    assert due.safe_on < due.due_on
    assert safe_line(due) in said
    assert ", bila " in safe_line(due)


def test_every_deadline_opens_its_own_counting(
    page: CasePage, posko: Posko, case: str, qtbot: QtBot
) -> None:
    to_referral(posko, case)
    page.open(uid=case)
    words = words_of(posko, case)
    dues = words.view.dues
    assert len(dues) > 1
    assert page.header.counted.text() == f"hitungan {len(dues)} batas"
    page.header.open_counting()
    frame = QApplication.activePopupWidget()
    assert frame is not None
    view = frame.findChild(DueView)
    for place, due in enumerate(dues):
        if place:
            (link,) = [x for x in view.links if x.objectName() == str(place)]
            assert due.label in link.text()
            qtbot.keyClick(link, Qt.Key.Key_Return)
        QApplication.processEvents()  # the parts of the other counting go
        said = texts_shown(view)
        assert said.startswith(due.label)
        assert view.accessibleName() == f"Hitungan batas {due.label}"
        assert [day.why for day in due.days if day.why not in said] == []
        assert (safe_line(due) in said) == (due.safe_on < due.due_on)
        assert {x.objectName() for x in view.links} == {
            str(n) for n in range(len(dues)) if n != place
        }
    frame.close()


def test_a_doubtful_rule_says_so(posko: Posko, case: str) -> None:
    words = words_of(posko, case)
    due = replace(words.view.dues[0], confidence="U")
    assert "Belum pasti" in texts(DueView(words, [due]))


def test_unknown_cases_keep_the_page_before(page: CasePage, case: str) -> None:
    page.open(uid=case)
    with pytest.raises(UserError):
        page.open(uid="tidak-ada")
    assert page.words is not None
    assert page.words.view.uid == case


def test_the_page_follows_what_others_record(
    page: CasePage, posko: Posko, case: str, qtbot: QtBot
) -> None:
    page.open(uid=case)
    add_note(posko, case, "Pelapor menelepon.")
    qtbot.waitUntil(lambda: "Pelapor menelepon." in lines(page))
    step(posko, case, "reviewed", outcome="complete")
    assert page.header.next.main.text() == "Registrasi"


def test_a_long_narrative_is_cut_until_asked_for(page: CasePage, posko: Posko) -> None:
    told = "Terlapor membagikan stiker di halaman sekolah. " * 20
    page.open(uid=file_report(posko, new_report(narrative=told)).uid)
    card = page.summary.event_card
    assert card.text.text().endswith("…")
    card.more.click()
    assert card.text.text().count("stiker") == 20


def test_contradictions_and_double_values_stand_on_top(
    page: CasePage, posko: Posko, case: str
) -> None:
    with posko.write() as session:
        session.add(
            Sibling(table_name="cases", uid=case, case_uid=case, field="event_place",
                    sibling='{"m":["Balai Desa Contoh",[],""]}')
        )  # fmt: skip
    page.open(uid=case)
    assert page._banner is not None
    said = conflict_words(words_of(posko, case))
    assert "Ada 1 isian dengan dua nilai" in said
    assert "Tempat" in said
    assert "Balai Desa Contoh" in said
    with posko.write() as session:
        session.add(
            Event(uid=new_uid(), case_uid=case, kind="closed", on=date(2024, 10, 14),
                  office_code="62", actor="lain", outcome="", number="", note="", data="{}",
                  corrects="", made_at=posko.now())
        )  # fmt: skip
    page.reload()
    assert page._banner is not None
    assert "bertentangan" in page._banner.accessibleName()


# --- steps ---------------------------------------------------------------------------------------


def test_the_first_step_goes_by_keyboard_alone(
    page: CasePage, posko: Posko, case: str, qtbot: QtBot
) -> None:
    page.open(uid=case)
    page.primary()  # Ctrl+Enter
    sheet = sheet_of(page)
    assert sheet.windowTitle() == "Catat kajian awal"
    assert sheet.form.value("on") == TODAY
    box = sheet.form.boxes["outcome"].editor
    assert isinstance(box, ChoiceBox)
    assert sheet.form.value("outcome") == "complete"  # everything is ticked
    qtbot.keyClick(sheet.boxes["note"].editor, Qt.Key.Key_Return, CTRL)
    assert page.sheet is None
    state = case_view(posko, case).state
    assert state.stage == "registration"
    assert page.header.next.main.text() == "Registrasi"
    page.primary()
    sheet_of(page).submit()
    number = case_view(posko, case).state.register_number
    assert number.startswith("001/")
    assert f"Reg. {number}" in page.header.chips.accessibleName()


def test_mistakes_stand_at_their_fields_in_the_same_words(
    page: CasePage, posko: Posko, case: str
) -> None:
    page.open(uid=case, step="reviewed")
    sheet = sheet_of(page)
    sheet.set_values({"outcome": None, "on": date(2024, 10, 16)})
    sheet.submit()
    assert sheet.form.boxes["outcome"].problem == "Pilih hasil kajian awal."
    assert "Pilih hasil kajian awal." in _links(sheet)
    sentence = "Tanggal langkah setelah hari ini. Periksa tahunnya."
    assert sheet.form.boxes["on"].problem == sentence  # of the core, in the same round
    assert sentence in _links(sheet)
    assert page.sheet is sheet
    sheet.reject()
    assert page.sheet is None
    assert case_view(posko, case).state.stage == "initial_review"


def _links(sheet: StepSheet | LetterSheet) -> str:
    """What the summary of errors says."""
    return "\n".join(link.text() for link in sheet.group.summary.findChildren(Link))


def test_a_plenary_gives_a_result_per_kind(page: CasePage, posko: Posko, case: str) -> None:
    step(posko, case, "reviewed", outcome="complete", data={"kinds": "ethics,other_law"})
    for kind in ("registered", "clarified", "assessed"):
        step(posko, case, kind)
    page.open(uid=case, step="decided")
    sheet = sheet_of(page)
    asked = [key for key in sheet.boxes if key.startswith(RESULT)]
    assert asked[:2] == [RESULT + "ethics", RESULT + "other_law"]  # those suspected come first
    sheet.submit()
    sentence = "Pilih hasil pleno: pelanggaran atau bukan pelanggaran."
    assert sentence in _links(sheet)
    sheet.set_values({RESULT + "other_law": "violation", RESULT + "ethics": "not_violation"})
    sheet.submit()
    state = case_view(posko, case).state
    assert state.violation_kinds == ("other_law",)
    assert [(r.kind, r.outcome) for r in state.results] == [
        ("ethics", "not_violation"),
        ("other_law", "violation"),
    ]


def test_what_the_review_leaves_unticked_speaks_for_its_outcome(
    page: CasePage, posko: Posko, case: str
) -> None:
    page.open(uid=case, step="reviewed")
    sheet = sheet_of(page)
    sheet.boxes[MET + "evidence"].set_value(False)
    sheet.forms[2].changed.emit(MET + "evidence")
    assert sheet.form.value("outcome") == "incomplete"
    sheet.submit()
    view = case_view(posko, case)
    assert (view.state.stage, view.missing) == ("completion", ("Bukti",))


def test_the_sheet_says_what_a_step_lacks_and_who_would_handle(
    page: CasePage, posko: Posko, case: str
) -> None:
    page.open(uid=case, step="reviewed")
    sheet = sheet_of(page)
    said = texts(sheet.panel)
    assert "Kajian awal, Formulir A.4" in said
    assert "Nomor berita acara pleno belum ada." in said
    assert "Siapa yang menangani" in said
    assert "Diteruskan: Badan Kepegawaian Negara, Kantor Regional BKN" in said
    sheet.set_values({"plenary_number": "12/BA/X/2024"})
    assert "Nomor berita acara pleno belum ada." not in texts_shown(sheet.panel)


def test_half_typed_answers_come_back(page: CasePage, posko: Posko, case: str) -> None:
    page.open(uid=case, step="reviewed")
    sheet = sheet_of(page)
    sheet.forms[-1].boxes["note"].set_raw("Bukti perlu dilihat lagi")
    sheet.keep_half()
    sheet.reject()
    page.open(uid=case, step="reviewed")
    sheet = sheet_of(page)
    assert sheet.boxes["note"].value() == "Bukti perlu dilihat lagi"
    assert "Dilanjutkan dari isian" in sheet.recalled.text()
    assert not sheet.recalled.isHidden()
    sheet.submit()
    assert case_view(posko, case).events[0].note == "Bukti perlu dilihat lagi"
    assert drafts(posko, "step") == ()


def test_half_typed_answers_are_put_aside_or_left_alone(
    page: CasePage, posko: Posko, case: str
) -> None:
    page.open(uid=case, step="reviewed")
    sheet = sheet_of(page)
    sheet.forms[-1].boxes["note"].set_raw("Untuk orang lain")
    sheet.keep_half()
    sheet.reject()
    page.open(uid=case)
    page.open_step("reviewed", {"note": "Untuk yang ini"})
    sheet = sheet_of(page)
    assert sheet.boxes["note"].value() == "Untuk yang ini", "nothing half typed comes between"
    sheet.done(0)
    assert len(drafts(posko, "step")) == 1
    page.open(uid=case, step="reviewed")
    sheet = sheet_of(page)
    assert sheet.boxes["note"].value() == "Untuk orang lain"
    sheet.recalled.link.emit("afresh")
    assert not sheet.boxes["note"].value()
    assert sheet.recalled.isHidden()
    assert drafts(posko, "step") == ()
    sheet.reject()


def test_steps_that_a_role_may_not_record_are_not_offered(
    page: CasePage, posko: Posko, case: str
) -> None:
    step(posko, case, "reviewed", outcome="complete")
    posko.user = replace(posko.user, role="receiver")
    page.open(uid=case)
    head = page.header
    assert head.next.main.text() == "Registrasi"
    assert not head.next.main.isEnabled()
    assert "mencatat keputusan perkara" in head.next.main.toolTip()
    offered = [a.data() for a in head.next.menu.actions() if a.isEnabled()]
    assert "not_registered" not in offered
    assert "withdrawn" in offered
    assert any("pimpinan" in a.text() for a in head.next.menu.actions() if not a.isEnabled())


def test_an_invitation_reaches_stepper_and_timeline(
    page: CasePage, posko: Posko, case: str
) -> None:
    step(posko, case, "reviewed", outcome="complete")
    step(posko, case, "registered")
    page.open(uid=case, step="invited")
    sheet = sheet_of(page)
    sheet.form.set_raw({"whom": "Saksi 1", "for_on": "besok", "for_time": "930"})
    sheet.submit()
    event = next(e for e in case_view(posko, case).state.events if e.kind == "invited")
    assert event.data["for_on"] == "2024-10-16"
    assert event.data["for_time"] == "09.30"
    assert event.data["whom"] == "saksi 1"
    assert any("besok 09.30" in line for line in lines(page))
    assert [s.note for s in page.stepper._steps if s.mark == "now"] == ["besok 09.30"]


def test_hours_are_asked_where_a_rule_counts_them(posko: Posko, case: str) -> None:
    words = words_of(posko, case)
    assert counts_hours(words, "completion_noticed")
    assert not counts_hours(words, "registered")
    made = step_form(words, Step("completion_noticed", "Beri tahu kekurangan"))
    assert "at" in {field.key for field in made.fields}
    assert made.values["at"] is not None


def test_every_kind_of_step_has_a_form_in_words(posko: Posko, case: str) -> None:
    words = words_of(posko, case)
    for kind in EVENT_KINDS:
        outcomes = {"reviewed": ("complete", "transfer")}.get(kind, ())
        made = step_form(words, Step(kind, words.law.steps[kind].label, outcomes))
        keys = [field.key for field in made.fields]
        assert keys[0] == "on", kind
        assert "note" in keys, kind
        for field in made.fields:
            assert field.label, kind
            assert not any("_" in label for _, label in field.choices), kind


def test_a_pause_is_recorded_from_the_window(page: CasePage, posko: Posko, case: str) -> None:
    words = words_of(posko, case)
    for kind in ("paused", "resumed"):
        made = step_form(words, Step(kind, words.law.steps[kind].label))
        assert "reason" in {field.key for field in made.fields}
        step = new_step(words, kind, {"on": words.today, "reason": "Menunggu pengganti"})
        record_step(posko, case, step)
    assert {e.kind for e in case_view(posko, case).state.events} >= {"paused", "resumed"}


def test_a_referral_offers_its_letter_and_the_letter_is_issued(
    page: CasePage, posko: Posko, case: str, qtbot: QtBot, shown: list[Path]
) -> None:
    to_referral(posko, case)
    page.open(uid=case, step="referred")
    sheet = sheet_of(page)
    sheet.form.set_values({"addressee": "bkn"})
    sheet.submit()
    assert case_view(posko, case).state.referrals[0].addressee == "bkn"
    assert page._offer == "penerusan-hukum-lainnya"
    page._on_offer()
    letter = page.letters.sheet
    assert letter is not None
    assert letter.form.value("letter.addressee") == "Badan Kepegawaian Negara"
    letter.form.set_values({"letter.addressee": ""})
    letter.issue_letter()
    assert letter.form.boxes["letter.addressee"].problem
    letter.form.set_values({"letter.addressee": "Kepala BKN", "copies": "Arsip\n\nKetua"})
    assert letter.values()["copies"] == ({"text": "Arsip"}, {"text": "Ketua"})
    letter.show_draft()
    qtbot.waitUntil(lambda: len(shown) == 1)
    assert shown[0].read_bytes().startswith(b"%PDF")
    qtbot.waitUntil(lambda: not letter.busy)
    letter.issue_letter()
    qtbot.waitUntil(lambda: page.letters.sheet is None)
    assert len(case_view(posko, case).letters) == 1
    row = page.letters.table.rows.row_at(0)
    assert row is not None
    assert row.addressee == "Kepala BKN"
    qtbot.waitUntil(lambda: len(shown) == 2)
    page.letters.table.choose_first()
    page.print_page()
    assert shown[2] == shown[1]


def test_a_step_is_voided_with_a_reason(page: CasePage, posko: Posko, case: str) -> None:
    wrong = step(posko, case, "reviewed", outcome="incomplete")
    page.open(uid=case, tab="timeline")
    links = [h.entry.note for h in happenings(words_of(posko, case), correctable=True)]
    assert any(f"correct:{wrong}" in note for note in links)
    page.timeline.link.emit(f"correct:{wrong}")
    sheet = sheet_of(page)
    sheet.submit()
    assert sheet.form.boxes["note"].problem
    sheet.form.set_values({"note": "Salah pilih hasil."})
    sheet.submit()
    assert case_view(posko, case).state.stage == "initial_review"
    shown = page.timeline.lines.widget().findChildren(QLabel)
    assert any("dibatalkan" in label.text() for label in shown)
    page.tabs.choose("summary")
    assert any("dibatalkan" in line for line in lines(page))


def test_who_may_not_decide_is_told_why(page: CasePage, posko: Posko, case: str) -> None:
    posko.user = replace(posko.user, role="auditor")
    page.open(uid=case)
    assert not page.header.next.main.isEnabled()
    assert "Peran auditor tidak boleh mencatat langkah perkara." in page.header.next.main.toolTip()
    assert not page.summary.reporter.reveal.isEnabled()
    assert not page.evidence.add.isEnabled()
    page.open_step("reviewed")
    assert page.sheet is None


# --- people --------------------------------------------------------------------------------------


def test_identities_are_masked_until_a_reason_is_given(
    page: CasePage, posko: Posko, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.open(uid=case)
    card = page.summary.reporter
    assert "Contoh Pelapor" not in texts(page)
    assert "6210" not in texts(card)
    problems: list[str] = []

    def answer(*args: Any, submit: Callable[[dict[str, Any]], Any], **_: Any) -> None:
        try:
            submit({"reason": "x"})
        except UserError as error:
            problems.append(str(error))
        submit({"reason": "menghubungi pelapor"})

    monkeypatch.setattr(dialogs, "ask_form", answer)
    card.reveal.click()
    assert "menghubungi pelapor" in problems[0]
    assert "Contoh Pelapor Satu" in texts(card)
    assert "621001 520788 0001" in texts(card)
    assert "Contoh Pelapor Satu" in texts(page.body.reporter)
    assert "Tertutup lagi pukul" in texts(card)
    assert "Contoh Pelapor" not in page.window().windowTitle()
    page.disclosure._timers[""].timeout.emit()  # five minutes have passed
    assert "Contoh Pelapor" not in texts(page)


def test_leaving_masks_everything(
    page: CasePage, posko: Posko, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer(*args: Any, submit: Callable[[dict[str, Any]], Any], **_: Any) -> None:
        submit({"reason": "mencocokkan saksi"})

    monkeypatch.setattr(dialogs, "ask_form", answer)
    witness = case_view(posko, case).witnesses[0]
    page.open(uid=case, tab="witnesses")
    page.disclosure.ask("saksi 1", witness.uid)
    assert "Contoh Saksi Dua" in texts(page.body.witnesses)
    other = file_report(posko, new_report(title="Perkara lain")).uid
    page.open(uid=other)
    assert page.disclosure.person(witness.uid) is None
    page.disclosure.ask("pelapor")
    assert page.leave()
    assert page.disclosure.person() is None


def test_other_cases_of_the_same_person_are_counted(
    page: CasePage, posko: Posko, case: str, qtbot: QtBot
) -> None:
    page.open(uid=case)
    assert not page.summary.party.others.isVisible()
    file_report(posko, new_report(title="Guru yang sama"))
    qtbot.waitUntil(page.summary.party.others.isVisible)
    assert page.summary.party.others.text() == "1 perkara lain"
    with qtbot.waitSignal(page.context.page_wanted) as asked:
        page.summary.party.others.click()
    assert asked.args[0] == "cases"
    assert "198604122010011012" not in texts(page.summary.party)
    assert "19860412 201001 1 012" in texts(page.summary.party)


# --- evidence ------------------------------------------------------------------------------------


@pytest.fixture
def described(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers what dropped files are."""

    def answer(*args: Any, values: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {"description": "", **values}

    monkeypatch.setattr(dialogs, "ask_form", answer)


def test_files_are_added_in_the_background_and_opened(
    page: CasePage, posko: Posko, case: str, qtbot: QtBot, tmp_path: Path,
    shown: list[Path], described: None, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    photo = tmp_path / "IMG_1.jpg"
    photo.write_bytes(b"\xff\xd8\xff\xe0" + b"contoh" * 500)
    monkeypatch.setattr(dialogs, "open_files", lambda *_: [photo])
    page.open(uid=case)
    page.new_row()  # Ins
    assert page.tabs.current == "evidence"
    qtbot.waitUntil(lambda: len(case_view(posko, case).evidence) == 2)
    qtbot.waitUntil(lambda: page.evidence.table.row() is not None
                    and page.evidence.table.row().file_name == "IMG_1.jpg")  # fmt: skip
    row = page.evidence.table.row()
    assert row is not None
    assert row.kind == "photo"
    assert row.sha256[:4] in texts(page.evidence.detail)
    qtbot.waitUntil(lambda: not page.evidence.progress.isVisible())
    qtbot.keyClick(page.evidence.table, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(shown) == 1)
    assert shown[0].read_bytes() == photo.read_bytes()
    assert shown[0].parent == posko.folder.private
    documents.wipe(posko.folder)
    assert not posko.folder.private.exists()


def test_files_may_be_dropped_anywhere_in_the_tab(
    page: CasePage, posko: Posko, case: str, qtbot: QtBot, tmp_path: Path, described: None
) -> None:
    paths = [tmp_path / "satu.pdf", tmp_path / "dua.pdf"]
    for path in paths:
        path.write_bytes(b"%PDF-1.4 " + path.name.encode())
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    page.open(uid=case, tab="evidence")
    page.evidence.dropEvent(
        QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton,
                   Qt.KeyboardModifier.NoModifier)
    )  # fmt: skip
    qtbot.waitUntil(lambda: len(case_view(posko, case).evidence) == 3)
    names = {item.file_name for item in case_view(posko, case).evidence}
    assert {"satu.pdf", "dua.pdf"} <= names


def test_a_file_that_is_gone_is_said_and_nothing_changes(
    page: CasePage, posko: Posko, case: str, qtbot: QtBot, tmp_path: Path, described: None
) -> None:
    page.open(uid=case, tab="evidence")
    with qtbot.waitSignal(page.context.problem) as told:
        page.evidence.add_files([tmp_path / "hilang.jpg"])
    assert "tidak ditemukan" in str(told.args[0])
    assert len(case_view(posko, case).evidence) == 1
    assert not page.evidence.progress.isVisible()


def test_copying_shows_bytes_and_can_be_stopped(
    page: CasePage, posko: Posko, case: str, qtbot: QtBot, tmp_path: Path, described: None
) -> None:
    video = tmp_path / "VID.mp4"
    video.write_bytes(bytes(8_000_000))
    page.open(uid=case, tab="evidence")
    page.evidence.add_files([video])
    assert page.evidence.progress.isVisible()
    page.evidence.progress.stop.click()
    qtbot.waitUntil(lambda: not page.context.tasks.busy)
    assert not page.evidence.progress.isVisible()
    assert len(case_view(posko, case).evidence) == 1
    seen: list[int] = []
    attach(posko, case, [EvidenceInput(path=video)], lambda done, total, text="": seen.append(done))
    assert len(seen) > 3
    assert seen == sorted(seen)
    assert seen[-1] == 8_000_000


def test_goods_have_no_file(page: CasePage, posko: Posko, case: str, qtbot: QtBot) -> None:
    attach(posko, case, [EvidenceInput(description="Kaus", kind="object")])
    page.open(uid=case, tab="evidence")
    page.evidence.table.choose(case_view(posko, case).evidence[-1].uid)
    assert "Bukti ini dicatat tanpa berkas." in texts(page.evidence.detail)
    assert not page.evidence.detail.open.isVisible()


# --- notes, tabs and the list behind -------------------------------------------------------------


def test_a_note_is_written_with_enter_and_found_by_its_filter(
    page: CasePage, posko: Posko, case: str, qtbot: QtBot
) -> None:
    page.open(uid=case)
    box = page.summary.timeline.entry
    qtbot.keyClicks(box, "Saksi <b>1</b> bersedia hadir.")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert box.text() == ""
    assert "Saksi &lt;b&gt;1&lt;/b&gt; bersedia hadir." in lines(page)
    page.summary.timeline.chips["note"].click()
    assert len(lines(page)) == 2  # the note and when it was written
    page.summary.timeline.chips["file"].click()
    assert any("1 bukti" in line for line in lines(page))


def test_a_half_typed_note_stays_with_its_case(
    page: CasePage, posko: Posko, case: str, qtbot: QtBot
) -> None:
    other = file_report(posko, new_report(title="Perkara lain")).uid
    page.open(uid=case)
    box = page.summary.timeline.entry
    qtbot.keyClicks(box, "Saksi minta")
    page.open(uid=other)
    assert box.text() == ""
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert not any(e.kind == "note" for e in case_view(posko, other).events)
    page.reload()
    page.open(uid=case)
    assert box.text() == "Saksi minta"
    qtbot.keyClick(box, Qt.Key.Key_Return)
    page.open(uid=other)
    page.open(uid=case)
    assert box.text() == ""


def test_the_requirements_lead_to_their_checks(page: CasePage, posko: Posko) -> None:
    page.open(uid=file_report(posko, new_report(evidence=())).uid)
    line = page.summary.requirements
    assert line.accessibleName().startswith("Syarat belum terpenuhi.")
    line.details.click()
    assert page.tabs.current == "assessment"
    assert "Bukti" in texts(page.assessment)


def test_cases_are_stepped_in_the_order_of_their_list(
    page: CasePage, posko: Posko, qtbot: QtBot
) -> None:
    uids = tuple(file_report(posko, new_report(title=f"Perkara {n}")).uid for n in range(3))
    page.open(uid=uids[1], order=uids)
    assert "2 dari 3" in texts(page.header)
    with qtbot.waitSignal(page.context.page_wanted) as asked:
        page.step_case(1)
    assert asked.args[1]["uid"] == uids[2]
    page.open(**asked.args[1])
    assert not page.header.after.isEnabled()
    page.step_case(1)  # the end: nothing happens
    assert page.words is not None
    assert page.words.view.uid == uids[2]


def test_without_a_list_the_active_cases_are_gone_through(page: CasePage, posko: Posko) -> None:
    uids = {file_report(posko, new_report(title=f"Perkara {n}")).uid for n in range(2)}
    page.open(uid=next(iter(uids)))
    assert set(page.order) == uids


def test_the_tab_is_remembered(page: CasePage, case: str) -> None:
    page.open(uid=case, tab="letters")
    kept = page.state()
    page.tabs.choose("summary")
    page.open(uid=case)
    page.restore(kept)
    assert page.tabs.current == "letters"


def test_a_stage_leads_to_what_belongs_to_it(page: CasePage, case: str, qtbot: QtBot) -> None:
    page.open(uid=case)
    page.stepper.opened.emit("received")
    assert page.tabs.current == "timeline"
    page.tabs.choose("summary")
    with qtbot.waitSignal(page.context.said) as said:
        page.stepper.opened.emit("plenary")
    assert "belum tiba" in said.args[0]
    page.stepper.opened.emit("initial_review")
    sheet_of(page).reject()


def test_a_closed_case_says_how_it_ended(page: CasePage, posko: Posko, case: str) -> None:
    step(posko, case, "withdrawn")
    page.open(uid=case)
    words = words_of(posko, case)
    assert stage_words(words) == words.view.state.label
    assert "Ditutup" in texts(page.header)
    assert not page.header.counted.isVisible()


def test_shortcuts_of_the_page_are_not_those_of_the_program(page: CasePage) -> None:
    taken = {QKeySequence(action.shortcut).toString() for action in ACTIONS if action.shortcut}
    own = [shortcut.key().toString() for shortcut in page.findChildren(QShortcut)]
    assert own
    assert not taken & set(own)


def test_plain_copies_go_at_start_and_at_lock(posko: Posko, qtbot: QtBot) -> None:
    folder = posko.folder
    window = Window(folder.root)
    qtbot.addWidget(window)
    left = folder.private / "surat.pdf"
    left.parent.mkdir()
    left.write_bytes(b"%PDF")
    window.start_session(posko)
    assert not left.exists()
    left.parent.mkdir()
    left.write_bytes(b"%PDF")
    window.lock()
    assert not folder.private.exists()


def test_copies_have_safe_names_that_never_collide(
    posko: Posko, shown: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = documents.open_document(posko.folder, "../Surat 003/PP.00/2024.pdf", b"satu")
    again = documents.open_document(posko.folder, "../Surat 003/PP.00/2024.pdf", b"satu")
    other = documents.open_document(posko.folder, "../Surat 003/PP.00/2024.pdf", b"dua")
    assert first == again == posko.folder.private / "Surat 003-PP.00-2024.pdf"
    assert other.name == "Surat 003-PP.00-2024-2.pdf"
    assert shown == [first, first, other]
    monkeypatch.setattr(documents, "show", lambda _path: False)
    with pytest.raises(UserError, match="Tidak ada program untuk membuka berkas PDF"):
        documents.open_path(first)


@pytest.mark.parametrize(
    ("mime", "said"),
    [
        ("image/png", "Gambar PNG"),
        ("audio/x-wav", "Suara WAV"),
        ("application/pdf", "PDF"),
        ("text/plain", "Teks"),
        ("application/octet-stream", ""),
        ("", ""),
    ],
)
def test_what_a_file_holds_is_said_in_words(mime: str, said: str) -> None:
    assert content_words(mime) == said
