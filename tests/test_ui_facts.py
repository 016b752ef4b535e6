"""Correcting what was taken down at intake, on the page of the case."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtWidgets import QApplication

from posko_app.app import Posko
from posko_app.cases.case_view import case_view
from posko_app.cases.intake import file_report
from posko_app.cases.report import ReportedInput
from tests.case_page import Opened
from tests.factory import PARTY, new_report
from ui import theme
from ui.pages.case.facts_sheet import FactsSheet
from ui.pages.case.party_sheet import PartySheet
from ui.widgets.buttons import Button


@pytest.fixture
def opened(qapp: QApplication, posko: Posko) -> Iterator[Opened]:
    theme.apply(qapp)
    made = Opened(posko)
    yield made
    made.close()


def facts_sheet(opened: Opened) -> FactsSheet:
    """The dialog, opened from the menu of the page."""
    opened.page.header.act_wanted.emit("facts")
    found = [s for s in opened.page.window().findChildren(FactsSheet) if s.isVisible()]
    assert len(found) == 1
    return found[0]


def test_a_date_is_corrected_with_its_consequences_before_it_is_kept(
    opened: Opened, posko: Posko
) -> None:
    case = file_report(posko, new_report()).uid
    opened.show(case)
    sheet = facts_sheet(opened)
    assert sheet.corrected() == {}
    assert sheet.moved.isHidden()
    sheet.form.set_values({"filed_on": date(2024, 10, 14)})
    sheet.tell()
    assert sheet.moved.text() == (
        "Batas yang bergeser. Kajian awal: Kam 17 Okt 2024 menjadi Rab 16 Okt 2024."
    )
    sheet.submit()
    assert "Tulis alasannya" in sheet.why.boxes["reason"].problem
    sheet.why.set_values({"reason": "Salah ketik"})
    sheet.submit()
    view = case_view(posko, case)
    assert view.facts.filed_on == date(2024, 10, 14)
    assert view.facts.title == "Guru membagikan stiker pasangan calon"
    assert not sheet.isVisible()
    assert opened.problems == []


def test_the_event_itself_leads_to_its_correction(opened: Opened, posko: Posko) -> None:
    opened.show(file_report(posko, new_report()).uid)
    opened.page.summary.event_card.change.click()
    (sheet,) = [w for w in QApplication.topLevelWidgets() if isinstance(w, FactsSheet)]
    assert sheet.isVisible()
    sheet.reject()
    posko.user = replace(posko.user, role="auditor")
    opened.page.reload()
    assert opened.page.summary.event_card.change.isHidden()


def test_what_cannot_be_is_told_at_its_field(opened: Opened, posko: Posko) -> None:
    case = file_report(posko, new_report()).uid
    opened.show(case)
    sheet = facts_sheet(opened)
    sheet.form.set_values({"known_on": date(2024, 10, 16)})
    sheet.why.set_values({"reason": "Salah ketik"})
    sheet.tell()
    assert sheet.moved.isHidden()
    sheet.submit()
    assert "setelah hari ini" in sheet.form.boxes["known_on"].problem
    assert sheet.isVisible()
    sheet.form.set_values({"known_on": date(2024, 10, 14)})
    sheet.submit()
    assert sheet.isVisible()
    assert case_view(posko, case).events[0].kind == "filed"
    sheet.done(0)  # unasked


def test_roles_correct_what_they_may(opened: Opened, posko: Posko) -> None:
    case = file_report(posko, new_report()).uid
    posko.user = replace(posko.user, role="receiver")
    opened.show(case)
    sheet = facts_sheet(opened)
    assert sheet.form.boxes["known_on"].field.read_only
    assert not sheet.form.boxes["title"].field.read_only
    sheet.form.set_values({"title": "Judul lain"})
    sheet.why.set_values({"reason": "Salah ketik"})
    sheet.submit()
    assert case_view(posko, case).facts.title == "Judul lain"
    posko.user = replace(posko.user, role="auditor")
    opened.page.header.act_wanted.emit("facts")
    assert opened.said[-1].startswith("Peran auditor tidak boleh")


def party_sheet(opened: Opened, name: str) -> PartySheet:
    """The dialog behind a button of the tab of reported persons."""
    QApplication.processEvents()
    buttons = opened.page.body.parties.findChildren(Button)
    next(b for b in buttons if b.isVisible() and b.accessibleName().startswith(name)).click()
    (found,) = [s for s in opened.page.window().findChildren(PartySheet) if s.isVisible()]
    return found


def test_a_terlapor_is_completed_and_another_added(opened: Opened, posko: Posko) -> None:
    bare = ReportedInput(name="Contoh Terlapor")
    case = file_report(posko, new_report(reported=(bare,))).uid
    opened.show(case)
    sheet = party_sheet(opened, "Lengkapi atau betulkan Contoh Terlapor")
    sheet.form.set_values({"nip": PARTY.nip, "category": "pns"})
    sheet.submit()
    assert not sheet.isVisible()
    assert case_view(posko, case).parties[0].nip == PARTY.nip
    sheet = party_sheet(opened, "Lengkapi atau betulkan")
    sheet.form.set_values({"name": "Contoh Pengganti"})
    sheet.submit()
    assert "Tulis alasannya" in sheet.form.boxes["reason"].problem
    sheet.form.set_values({"reason": "Nama menurut KTP-nya"})
    sheet.submit()
    assert case_view(posko, case).parties[0].name == "Contoh Pengganti"
    sheet = party_sheet(opened, "Tambah terlapor")
    sheet.submit()
    assert sheet.form.boxes["name"].problem
    sheet.form.set_values({"name": "Contoh Kedua"})
    sheet.submit()
    assert [p.name for p in case_view(posko, case).parties] == ["Contoh Pengganti", "Contoh Kedua"]
    assert opened.problems == []
