"""The tab Kajian: what the desk saw, what the review found, who handles, which violation it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from posko_app.app import Posko
from posko_app.cases.assessment import (
    HANDLING,
    choose_violation,
    decide_handling,
    findings_of,
    handling_of,
    violation_forms,
)
from posko_app.cases.case_view import case_view
from posko_app.cases.intake import file_report
from posko_app.cases.steps import NewStep, record_step
from posko_app.errors import InvalidInput
from posko_app.exchange.left_out import left_out
from posko_app.rules.catalogue import OWN_CODE, CatalogueEntry
from tests.answers import Answers
from tests.factory import PARTY, REPORTER, TODAY, new_report
from ui import theme
from ui.context import Context
from ui.pages.case import CasePage
from ui.widgets.chips import ChipLabel

BEFORE = date(2024, 9, 1)  # before the candidates were set


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
def case(posko: Posko) -> str:
    return file_report(posko, new_report(), officer="petugas").uid


def step(posko: Posko, case: str, kind: str, **more: Any) -> str:
    return record_step(posko, case, NewStep(kind=kind, on=TODAY, **more))


def texts(widget: QWidget) -> str:
    """What the labels of a widget say."""
    QApplication.processEvents()  # new parts of a card are shown, old ones go
    return "\n".join(x.text() for x in widget.findChildren(QLabel) if x.isVisibleTo(widget))


def chips(widget: QWidget) -> list[str]:
    QApplication.processEvents()
    return [c.accessibleName() for c in widget.findChildren(ChipLabel) if c.isVisibleTo(widget)]


# --- the desk and the requirements ----------------------------------------------------------------


def test_the_desk_is_ticked_with_one_key_and_keeps_the_focus(
    page: CasePage, posko: Posko, case: str, qtbot: QtBot
) -> None:
    page.open(uid=case, tab="assessment")
    desk = page.assessment.desk
    assert desk.note.text() == "0 dari 2 diperiksa"
    line = desk.lines["identity_copy"]
    assert not line.note.isVisible()
    qtbot.keyClick(line.chips["yes"], Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: desk.note.text() == "1 dari 2 diperiksa")
    assert desk.lines["identity_copy"] is line  # the chip that has the focus is still there
    assert line.chips["yes"].isChecked()
    assert "Petugas Contoh, hari ini" in texts(desk)
    qtbot.keyClick(line.chips["no"], Qt.Key.Key_Space)
    assert [c.isChecked() for c in line.chips.values()] == [False, True, False]
    (item,) = [i for i in case_view(posko, case).desk if i.key == "identity_copy"]
    assert item.mark == "no"


def test_a_note_of_the_desk_names_nobody(page: CasePage, posko: Posko, case: str) -> None:
    page.open(uid=case, tab="assessment")
    desk = page.assessment.desk
    desk.lines["identity_copy"].chips["yes"].click()
    page.reload()
    named = Answers(note=f"KTP {REPORTER.name}")
    desk.lines["identity_copy"].note.click()
    assert named.problems["note"]
    Answers(note="KTP-el asli diperlihatkan")
    desk.lines["identity_copy"].note.click()
    assert "KTP-el asli diperlihatkan" in texts(desk)


def test_requirements_stand_as_the_review_found_them(
    page: CasePage, posko: Posko, case: str
) -> None:
    page.open(uid=case, tab="assessment")
    assert "Kajian awal belum dicatat" in texts(page.assessment)
    step(posko, case, "reviewed", outcome="incomplete", data={"missing": "evidence"})
    page.reload()
    shown = texts(page.assessment)
    assert "Menurut kajian awal hari ini oleh Petugas Contoh: belum lengkap." in shown
    assert "Kajian awal menyatakan ini belum terpenuhi." in shown
    assert page.assessment._cards[1].note.text() == "2 dari 3"


# --- who handles ----------------------------------------------------------------------------------


def test_a_suggestion_has_its_article_and_a_person_decides(
    page: CasePage, posko: Posko, case: str
) -> None:
    page.open(uid=case, tab="assessment")
    card = page.assessment.handling
    assert "BKN" in texts(card)
    assert "Pasal 22" in texts(card)
    assert handling_of(case_view(posko, case)) is None  # nothing is decided by itself
    Answers(choice="asn")
    card.ask()
    chosen = handling_of(case_view(posko, case))
    assert chosen is not None
    assert (chosen.action, chosen.suggestion, chosen.actor) == ("referral", "asn", "petugas")
    assert chosen.note.startswith("Yang menangani: diteruskan.")
    assert "Petugas Contoh, hari ini" in texts(card)
    assert card.decide.text() == "Ubah putusan"


def test_another_choice_needs_a_reason_that_names_nobody(
    page: CasePage, posko: Posko, case: str
) -> None:
    page.open(uid=case, tab="assessment")
    card = page.assessment.handling
    none = Answers(choice="other.here", reason="")
    card.ask()
    assert "berbeda dari saran" in none.problems["reason"]
    Answers(choice="other.here", reason="Terlapor sudah dipanggil kantor ini")
    card.ask()
    chosen = handling_of(case_view(posko, case))
    assert chosen is not None
    assert (chosen.action, chosen.suggestion) == ("here", "")
    assert chosen.note.endswith("Terlapor sudah dipanggil kantor ini.")
    with pytest.raises(InvalidInput):
        decide_handling(posko, case, "here", "", f"Kata {REPORTER.name}")
    with pytest.raises(InvalidInput) as error:
        decide_handling(posko, case, "nobody", "", "")
    assert [p.field for p in error.value.problems] == ["action"]


def test_a_voided_decision_counts_for_nothing(posko: Posko, case: str) -> None:
    first = decide_handling(posko, case, "referral", "asn", "")
    decide_handling(posko, case, "here", "", "Ditangani di sini dulu")
    later = handling_of(case_view(posko, case))
    assert later is not None
    assert later.action == "here"
    newest = next(e for e in case_view(posko, case).state.events if e.data.get(HANDLING) == "here")
    step(posko, case, "corrected", corrects=newest.uid, note="Salah pilih")
    again = handling_of(case_view(posko, case))
    assert again is not None
    assert again.action == "referral"
    step(posko, case, "corrected", corrects=first, note="Salah pilih")
    assert handling_of(case_view(posko, case)) is None


# --- results kind by kind -------------------------------------------------------------------------


def test_every_kind_at_stake_has_its_result(page: CasePage, posko: Posko, case: str) -> None:
    page.open(uid=case, tab="assessment")
    assert chips(page.assessment.results) == []
    step(posko, case, "reviewed", outcome="complete", data={"kinds": "criminal,other_law,ethics"})
    page.reload()
    assert chips(page.assessment.results) == ["Belum diputus"] * 3
    for kind in ("registered", "clarified", "assessed"):
        step(posko, case, kind)
    step(
        posko, case, "decided", outcome="violation",
        data={"kinds": "other_law", "results": "criminal:not_violation,other_law:violation"},
    )  # fmt: skip
    step(posko, case, "referred", data={"addressee": "bkn", "kinds": "other_law"})
    found = [(f.kind, f.outcome, f.addressees) for f in findings_of(case_view(posko, case))]
    assert found == [
        ("criminal", "not_violation", ()),
        ("other_law", "violation", ("bkn",)),
        ("ethics", "", ()),
    ]
    page.reload()
    words = page.words
    assert words is not None
    known = words.law.outcomes
    assert chips(page.assessment.results) == [
        known["not_violation"].label, known["violation"].label, "Belum diputus"
    ]  # fmt: skip
    assert f"ke {words.addressee('bkn')}" in texts(page.assessment.results)
    assert "pleno 15 Okt" in texts(page.assessment.results)


# --- the catalogue --------------------------------------------------------------------------------


def entries(posko: Posko, **changes: Any) -> dict[str, CatalogueEntry]:
    """What is offered in a case with these facts."""
    made = file_report(posko, new_report(**changes), accept_incomplete=True)
    view = case_view(posko, made.uid)
    return {form.entry.code: form.entry for form in violation_forms(posko, view)}


def test_only_what_fits_the_person_and_the_time_is_offered(posko: Posko) -> None:
    after, before = entries(posko), entries(posko, event_on=BEFORE)
    assert {entry.period for entry in after.values()} == {"after", "any"}
    assert {entry.period for entry in before.values()} == {"before", "any"}
    assert all("pns" in entry.applies_to for entry in (*after.values(), *before.values()))
    village = replace(PARTY, category="village_head", nip="")
    head = entries(posko, reported=(village,))
    assert head
    assert head.keys().isdisjoint(after)  # a village head is no civil servant
    assert entries(posko, reported=(replace(PARTY, category="", nip=""),)) == {}
    unknown = entries(posko, event_on=None)
    assert unknown.keys() == after.keys() | before.keys()


def test_a_form_is_chosen_and_let_go_of(
    page: CasePage, posko: Posko, case: str, qtbot: QtBot
) -> None:
    page.open(uid=case, tab="assessment")
    card = page.assessment.violations
    code, line = next(iter(card.lines.items()))
    qtbot.keyClick(line.tick, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: card.note.text() == "1 dipilih")
    assert card.lines[code] is line
    (chosen,) = [f for f in violation_forms(posko, case_view(posko, case)) if f.chosen]
    assert (chosen.entry.code, chosen.made_by) == (code, "petugas")
    line.tick.click()
    qtbot.waitUntil(lambda: card.note.text() == "")
    assert not any(f.chosen for f in violation_forms(posko, case_view(posko, case)))


def test_an_uncertain_level_is_asked_and_no_own_code_is_shown(
    page: CasePage, posko: Posko, case: str
) -> None:
    page.open(uid=case, tab="assessment")
    card = page.assessment.violations
    forms = {f.entry.code: f.entry for f in violation_forms(posko, case_view(posko, case))}
    asked = [entry for entry in forms.values() if entry.question]
    assert asked
    for entry in asked:
        assert f"Tingkat sanksi: {entry.question}" in texts(card.lines[entry.code])
        assert not entry.level_label
    assert not OWN_CODE.search(texts(page.assessment))
    assert "sesudah penetapan calon" in texts(card)


def test_what_does_not_fit_is_refused_and_what_was_chosen_stays(posko: Posko) -> None:
    case = file_report(posko, new_report(event_on=BEFORE)).uid
    for wrong in ("DS-1", "nothing"):
        with pytest.raises(InvalidInput, match="tidak berlaku"):
            choose_violation(posko, case, wrong)
    choose_violation(posko, case, "KE-1")
    view = case_view(posko, case)
    moved = replace(view, facts=replace(view.facts, event_on=TODAY))
    (kept,) = [form for form in violation_forms(posko, moved) if form.chosen]
    assert (kept.entry.code, kept.fits) == ("KE-1", False)


def test_choices_with_our_own_codes_never_leave_the_offices() -> None:
    assert "check_marks" in left_out("penerus") & left_out("publik")


def test_an_auditor_sees_and_changes_nothing(page: CasePage, posko: Posko, case: str) -> None:
    posko.user = replace(posko.user, role="auditor")
    page.open(uid=case, tab="assessment")
    tab = page.assessment
    assert not tab.handling.decide.isEnabled()
    assert not any(line.tick.isEnabled() for line in tab.violations.lines.values())
    assert not any(c.isEnabled() for line in tab.desk.lines.values() for c in line.chips.values())
