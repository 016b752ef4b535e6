"""One kind becomes another from the page of the case: over a form or at once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from posko_app.app import Posko
from posko_app.cases import intake
from posko_app.cases.case_view import case_view
from posko_app.cases.identity import reveal
from posko_app.cases.kinds import intake_book
from posko_app.cases.report import PersonInput, ReportedInput
from posko_app.data.tables import AuditEntry
from tests.desk import Desk, filed, receive, type_into
from tests.factory import PARTY, REPORTER, new_report
from ui import documents, theme
from ui.pages.case import CasePage
from ui.pages.case.becoming import BecomeSheet

ANSWERS: dict[str, Any] = {
    "channel": "visit", "filed_on": date(2024, 10, 15), "filed_place": "Kantor contoh",
    "reporter.name": "Contoh Pelapor", "reporter.address": "RT 03 Desa Contoh",
    "reported.0.name": "Contoh Terlapor, S.Pd.", "title": "Guru membagikan stiker",
    "event_on": date(2024, 10, 13), "known_on": date(2024, 10, 14), "event_place": "SDN 3 Contoh",
    "narrative": "Terlapor membagikan stiker.", "finder": "Contoh Pengawas Empat",
    "lhp_number": "004/LHP/X/2024", "plenary_on": date(2024, 10, 15),
}  # fmt: skip


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files handed to the system's viewer."""
    paths: list[Path] = []
    monkeypatch.setattr(documents, "show", lambda path: paths.append(path) is None)
    return paths


@pytest.fixture
def fresh(qapp: QApplication, posko: Posko, shown: list[Path]) -> Iterator[Desk]:
    """A form in an office of its own, where things can be filed."""
    theme.apply(qapp)
    made = Desk(posko)
    yield made
    made.close()


@pytest.fixture
def case_page(fresh: Desk, qtbot: QtBot) -> CasePage:
    """The page of a case in the office of the desk."""
    page = CasePage(fresh.context)
    qtbot.addWidget(page)
    page.resize(1182, 638)
    page.show()
    return page


def _become(page: CasePage, uid: str, kind: str) -> BecomeSheet:
    page.open(uid=uid)
    page.open_step("converted")
    assert isinstance(page.sheet, BecomeSheet)
    page.sheet.choose(kind)
    return page.sheet


def _reasons(posko: Posko) -> list[str]:
    """Why identities were opened, as the journal has it."""
    wanted = select(AuditEntry.body).where(AuditEntry.action == "identity.revealed")
    with posko.store.read() as session:
        bodies = session.scalars(wanted).all()
    return [json.loads(body)["reason"] for body in bodies]


def test_a_tip_goes_over_the_form_and_keeps_its_history(
    fresh: Desk, case_page: CasePage, qtbot: QtBot
) -> None:
    tip = intake.file_report(
        fresh.posko, new_report(kind="initial_info", reporter=PersonInput(name="Akun warga"))
    )
    sheet = _become(case_page, tip.uid, "report")
    assert sheet.yes.text() == "Lanjutkan ke formulir"
    assert sheet.form.boxes["on"].isHidden()
    assert not sheet.form.boxes["why"].isHidden()
    sheet.form.set_values({"why": "ya"})
    sheet.submit()
    assert case_page.sheet is sheet  # no reason yet
    sheet.form.set_values({"why": "pelapor datang menandatangani"})
    sheet.submit()
    ((name, arguments),) = fresh.opened
    assert (name, arguments["case"], arguments["kind"]) == ("new_report", tip.uid, "report")
    fresh.forget()
    fresh.open(**arguments)
    assert _reasons(fresh.posko) == ["pelapor datang menandatangani"]
    fresh.open(**arguments)  # as going back does
    assert _reasons(fresh.posko) == ["pelapor datang menandatangani"]
    assert fresh.raw("reporter.name") == ""
    fresh.open(case=tip.uid, kind="report", why=["pelapor datang menandatangani"])
    assert fresh.page.heading.head.title.text() == "Jadikan laporan"
    assert not fresh.page.heading.kinds.isVisibleTo(fresh.page)
    assert fresh.raw("title") == "Guru membagikan stiker pasangan calon"
    assert fresh.raw("reporter.name") == "Akun warga"
    assert (fresh.raw("filed_on"), fresh.raw("channel")) == ("", "")  # how it came in is asked anew
    receive(fresh, qtbot)
    for key, text in (("reporter.name", REPORTER.name), ("reporter.address", REPORTER.address),
                      ("known_on", "kemarin")):  # fmt: skip
        fresh.page.work.entry.set_value(key, "")
        type_into(qtbot, fresh, key, text)
    view = filed(fresh, qtbot)
    assert view.uid == tip.uid
    assert [e.kind for e in view.events] == ["converted", "filed"]
    assert [e.number.split("/")[1] for e in view.events] == ["PL", "IA"]
    assert reveal(fresh.posko, view.uid, "menghubungi pelapor").name == REPORTER.name
    assert [letter.template for letter in view.letters] == ["tanda-bukti"]


def test_without_a_reason_the_reporter_stays_sealed_and_is_kept(
    fresh: Desk, case_page: CasePage, qtbot: QtBot
) -> None:
    other = ReportedInput(name="Contoh Kedua")
    tip = intake.file_report(fresh.posko, new_report(kind="initial_info", reported=(PARTY, other)))
    _become(case_page, tip.uid, "report").submit()
    assert fresh.opened == [("new_report", {"case": tip.uid, "kind": "report"})]
    fresh.forget()
    fresh.open(case=tip.uid, kind="report")
    assert _reasons(fresh.posko) == []
    assert fresh.raw("reporter.name") == ""
    assert fresh.raw("reported.1.name") == "Contoh Kedua"
    receive(fresh, qtbot)
    draft = fresh.page.content()
    assert [row["uid"] for row in draft["rows"]["reported"]] == [
        party.uid for party in case_view(fresh.posko, tip.uid).parties
    ]
    view = filed(fresh, qtbot)
    assert reveal(fresh.posko, view.uid, "menghubungi pelapor").name == REPORTER.name
    assert all(check.met for check in view.requirements if check.key.startswith("reporter"))
    assert [party.name for party in view.parties] == [PARTY.name, "Contoh Kedua"]


def test_a_finding_asks_for_nobodys_identity(fresh: Desk, case_page: CasePage) -> None:
    tip = intake.file_report(fresh.posko, new_report(kind="initial_info"))
    assert _become(case_page, tip.uid, "finding").form.boxes["why"].isHidden()


def test_a_report_becomes_a_tip_at_once_with_its_reason(fresh: Desk, case_page: CasePage) -> None:
    first = intake.file_report(fresh.posko, new_report())
    sheet = _become(case_page, first.uid, "initial_info")
    assert sheet.yes.text() == "Jadikan informasi awal"
    sheet.form.set_values({"note": "Pelapor mencabut, isinya layak ditelusuri."})
    sheet.submit()
    assert case_page.sheet is None
    view = case_view(fresh.posko, first.uid)
    assert view.state.intake_kind == "initial_info"
    assert [(e.kind, e.number.split("/")[1], e.note) for e in view.events] == [
        ("converted", "IA", "Pelapor mencabut, isinya layak ditelusuri."), ("filed", "PL", "")
    ]  # fmt: skip
    assert fresh.opened == []


@pytest.mark.parametrize("path", intake_book().paths, ids=lambda p: f"{p.source}-{p.target}")
def test_every_path_is_offered_on_the_page_and_keeps_what_was(
    fresh: Desk, case_page: CasePage, qtbot: QtBot, path: Any
) -> None:
    first = intake.file_report(fresh.posko, new_report(kind=path.source))
    _become(case_page, first.uid, path.target).submit()
    if path.form:
        fresh.forget()
        fresh.open(case=first.uid, kind=path.target)
        for key, value in ANSWERS.items():
            if fresh.page.work.entry.is_empty(key):
                fresh.page.work.entry.set_value(key, value)
        filed(fresh, qtbot)
    view = case_view(fresh.posko, first.uid)
    assert view.state.intake_kind == path.target
    assert first.number in {e.number for e in view.events}
    assert [e.kind for e in view.events][-1] == "filed"


def test_a_form_that_names_the_sealed_reporter_is_saved_only_on_somebodys_word(
    fresh: Desk, case_page: CasePage, qtbot: QtBot
) -> None:
    tip = intake.file_report(fresh.posko, new_report(kind="initial_info"))
    fresh.open(case=tip.uid, kind="report")
    receive(fresh, qtbot)
    fresh.page.work.entry.set_value("narrative", f"{REPORTER.name} melihat stiker dibagikan.")
    footer = fresh.page.work.footer
    fresh.page.primary()
    qtbot.waitUntil(lambda: fresh.problem("narrative") != "")
    assert fresh.opened == []
    assert not footer.accept.isHidden()
    qtbot.mouseClick(footer.accept, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(fresh.opened))
    assert case_view(fresh.posko, tip.uid).state.intake_kind == "report"
