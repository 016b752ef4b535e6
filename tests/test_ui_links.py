"""What may be here already; what stands around a case; correcting what was taken down."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from posko_app.app import Posko
from posko_app.cases import drafts
from posko_app.cases.attendance import mark
from posko_app.cases.case_view import case_view
from posko_app.cases.evidence import attach
from posko_app.cases.intake import file_report
from posko_app.cases.links import event_group, link_cases
from posko_app.cases.pledge import invite, plan_pledge, pledge_defaults, pledge_view
from posko_app.cases.pledge_rows import PRESENT
from posko_app.cases.report import EvidenceInput, ReportedInput
from posko_app.cases.roster import RosterRow
from posko_app.cases.upgrade import upgrade
from tests.case_page import Opened
from tests.desk import Desk
from tests.factory import PARTY, REPORTER, new_report
from ui import documents, theme
from ui.pages.case.links_card import LinksCard
from ui.pages.case.people import PartyCard
from ui.pages.new_report.likely import matters
from ui.tasks import Task


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
    gone = {"tidak-ada": "009/LP/PB"}
    filed = file_report(desk.posko, new_report(), linked=gone)
    assert filed.warnings[-1].startswith("Belum dikaitkan dengan 009/LP/PB.")
    assert event_group(desk.posko, filed.uid) == ()
    tip = file_report(desk.posko, new_report(kind="initial_info")).uid
    made = upgrade(desk.posko, tip, new_report(), linked={**gone, filed.uid: filed.number})
    assert made.warnings[-1].startswith("Belum dikaitkan dengan 009/LP/PB.")
    assert [one.uid for one in event_group(desk.posko, tip)] == [filed.uid]


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


# --- Perkara ------------------------------------------------------------------------------------


@pytest.fixture
def opened(qapp: QApplication, posko: Posko) -> Iterator[Opened]:
    theme.apply(qapp)
    made = Opened(posko)
    yield made
    made.close()


def test_an_unlinked_case_says_so_and_reads_nothing_before_it_is_seen(
    opened: Opened, posko: Posko
) -> None:
    uid = file_report(posko, new_report()).uid
    opened.page.open(uid=uid)
    opened.page.show()
    (card,) = opened.page.body.parties.findChildren(LinksCard)
    assert card.lines == []
    opened.page.tabs.choose("parties")
    assert "Belum ada kaitan dengan perkara lain." in opened.texts()


def test_what_stands_around_a_case_is_read_beside_the_window(
    opened: Opened, posko: Posko, qtbot: QtBot
) -> None:
    uid = file_report(posko, new_report()).uid
    file_report(posko, new_report(title="Laporan kedua"))
    gate = Event()
    opened.context.tasks.start(lambda progress: gate.wait(15), Task())
    opened.page.open(uid=uid, tab="parties")
    opened.page.show()
    (card,) = opened.page.body.parties.findChildren(LinksCard)
    qtbot.waitUntil(card.isVisible)
    shown = [label.text() for label in card.findChildren(QLabel) if label.isVisibleTo(card)]
    assert "Mencari kaitan dengan perkara dan ikrar lain." in shown
    assert card.lines == []
    gate.set()
    assert [one for one in opened.card.lines if "Laporan kedua" in one.title.text()]
    shown = [label.text() for label in card.findChildren(QLabel) if label.isVisibleTo(card)]
    assert "Mencari kaitan dengan perkara dan ikrar lain." not in shown


def test_a_person_elsewhere_is_linked_and_parted_and_both_are_undone(
    opened: Opened, posko: Posko
) -> None:
    first = file_report(posko, new_report()).uid
    second = file_report(posko, new_report(title="Laporan kedua")).uid
    opened.show(first)
    assert "Contoh Terlapor, S.Pd. juga terlapor di" in opened.texts()
    (line,) = [one for one in opened.card.lines if "Laporan kedua" in one.title.text()]
    assert line.note.text().startswith("NIP sama, tempat sama, hari yang sama · ")
    line.buttons["Buka"].click()
    assert opened.pages == [("case", {"uid": second})]
    line.buttons["Satu peristiwa"].click()
    assert opened.said == ["Perkara 002 dikaitkan."]
    assert [one.uid for one in event_group(posko, first)] == [second]
    assert "Perkara satu peristiwa" in opened.texts()
    assert not [one for one in opened.card.lines if "Satu peristiwa" in one.buttons]
    (linked,) = [one for one in opened.card.lines if "Lepas" in one.buttons]
    linked.buttons["Lepas"].click()
    assert event_group(posko, first) == ()
    opened.undo[-1]()
    assert [one.uid for one in event_group(posko, first)] == [second]
    opened.undo[0]()
    assert event_group(posko, first) == ()


def test_a_link_that_stood_before_is_not_offered_to_be_taken_back(
    opened: Opened, posko: Posko
) -> None:
    first = file_report(posko, new_report()).uid
    second = file_report(posko, new_report(title="Laporan kedua")).uid
    opened.show(first)
    (line,) = [one for one in opened.card.lines if "Laporan kedua" in one.title.text()]
    link_cases(posko, first, second, "Orang yang sama di acara yang sama")  # at another desk
    line.buttons["Satu peristiwa"].click()
    assert opened.said == ["Perkara 002 sudah dikaitkan."]
    assert not [undo for undo in opened.undo if undo is not None]
    (linked,) = [one for one in opened.card.lines if "Lepas" in one.buttons]
    linked.buttons["Lepas"].click()
    opened.undo[-1]()
    (again,) = event_group(posko, first)
    assert again.note == "Orang yang sama di acara yang sama"


def test_a_suggestion_that_is_another_event_is_not_made_again(opened: Opened, posko: Posko) -> None:
    first = file_report(posko, new_report()).uid
    unknown = (ReportedInput(name="Belum diketahui"),)
    file_report(posko, new_report(title="Laporan kedua", reported=unknown))
    opened.show(first)
    assert "Mungkin satu peristiwa" in opened.texts()
    (line,) = [one for one in opened.card.lines if "Bukan" in one.buttons]
    line.buttons["Bukan"].click()
    assert opened.said == ["Perkara 002 dicatat peristiwa lain."]
    assert "Mungkin satu peristiwa" not in opened.texts()
    assert event_group(posko, first) == ()


def test_evidence_of_the_event_is_used_here_by_one_click(opened: Opened, posko: Posko) -> None:
    first = file_report(posko, new_report()).uid
    second = file_report(posko, new_report(title="Laporan kedua")).uid
    attach(posko, second, [EvidenceInput(description="Rekaman suara")])
    link_cases(posko, first, second, "Satu kejadian")
    opened.show(first)
    assert opened.line("002 · Laporan kedua").note.text().endswith("Satu kejadian")
    opened.line("B-02 · Rekaman suara").buttons["Pakai juga"].click()
    assert opened.said == ["Bukti B-02 dipakai juga di perkara ini."]
    items = case_view(posko, first).evidence
    assert items[-1].description.startswith("Rekaman suara (dari perkara 002")
    assert opened.problems == []


def test_the_tab_of_evidence_tells_what_the_event_has(opened: Opened, posko: Posko) -> None:
    first = file_report(posko, new_report()).uid
    second = file_report(posko, new_report(title="Laporan kedua")).uid
    opened.page.open(uid=first, tab="evidence")
    opened.page.show()
    line = opened.page.body.event_evidence
    assert line.isHidden()
    link_cases(posko, first, second)
    assert line.isVisible()
    assert line.said == "1 bukti ada di perkara satu peristiwa 002, belum dipakai di sini."
    assert opened.page.body.event_minutes.said == ""
    line.show_all.click()
    assert opened.page.tabs.current == "parties"
    opened.line("B-01 · Foto stiker").buttons["Pakai juga"].click()
    assert line.said == ""


def test_a_signature_is_shown_and_a_namesake_decided(opened: Opened, posko: Posko) -> None:
    pledge = plan_pledge(posko, pledge_defaults(posko))
    rows = [RosterRow(name="Contoh Terlapor", position_title="Guru")]
    invite(posko, pledge, rows)
    mark(posko, [line.uid for line in pledge_view(posko, pledge).signatories], PRESENT)
    opened.show(file_report(posko, new_report()).uid)
    assert "Menandatangani ikrar netralitas" in opened.texts()
    line = opened.line("Contoh Terlapor, S.Pd.: Ikrar")
    assert line.note.text() == "Nama sama, NIP tidak ada · Contoh Terlapor · Guru"
    line.buttons["Orang yang sama"].click()
    line = opened.line("Contoh Terlapor, S.Pd.: Ikrar")
    assert line.note.text().startswith("Dipastikan petugas")
    assert line.buttons == {}


def test_any_case_is_linked_from_the_dialog(opened: Opened, posko: Posko, qtbot: QtBot) -> None:
    first = file_report(posko, new_report()).uid
    other = replace(PARTY, name="Orang Lain", nip="")
    far = new_report(title="Bendera di jalan", reported=(other,), event_on=date(2024, 9, 1))
    second = file_report(posko, far).uid
    opened.show(first)
    opened.card.add_case.click()
    sheet = opened.card.sheet
    assert sheet is not None
    sheet.submit()
    assert sheet.form.boxes["other"].problem == "Pilih perkaranya."
    sheet.form.set_values({"other": second, "note": f"kata {REPORTER.name}"})
    sheet.submit()
    assert "nama pelapor" in sheet.form.boxes["note"].problem
    sheet.form.set_values({"note": "Foto yang sama"})
    sheet.submit()
    assert opened.said == ["Perkara 002 dikaitkan."]
    assert opened.line("002 · Bendera di jalan").note.text().endswith("Foto yang sama")
    assert opened.card.sheet is None


def test_who_may_not_gets_the_reason(opened: Opened, posko: Posko) -> None:
    first = file_report(posko, new_report()).uid
    second = file_report(posko, new_report(title="Laporan kedua")).uid
    link_cases(posko, first, second)
    posko.user = replace(posko.user, role="auditor")
    opened.show(first)
    assert not opened.card.add_case.isEnabled()
    assert "tidak boleh" in opened.card.add_case.toolTip()
    (linked,) = [one for one in opened.card.lines if "Lepas" in one.buttons]
    assert not linked.buttons["Lepas"].isEnabled()
    assert linked.buttons["Buka"].isEnabled()


def test_a_case_without_terlapor_can_be_linked_too(opened: Opened, posko: Posko) -> None:
    uid = file_report(posko, new_report(reported=()), accept_incomplete=True).uid
    opened.show(uid)
    assert opened.card.add_case.isEnabled()
    assert len(opened.page.body.parties.findChildren(PartyCard)) == 1
