"""Every kind of intake in the window: its own questions in their order, its number, its step."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from posko_app.app import Posko
from posko_app.cases.assessment import violation_forms
from posko_app.cases.identity import reveal
from posko_app.cases.kinds import intake_book
from posko_app.cases.proxy import PROXY
from tests.desk import Desk, desk_over, filed, type_into
from ui import documents, theme
from ui.pages.case import CasePage

ENTER, TAB = Qt.Key.Key_Return, Qt.Key.Key_Tab


@dataclass(frozen=True)
class Kind:
    """What the form of a kind must ask and must not, and what becomes of it."""

    sections: tuple[str, ...]
    asked: tuple[str, ...]
    not_asked: tuple[str, ...]
    answers: dict[str, Any]
    mark: str  # in its number
    step: str  # the next one
    letters: tuple[str, ...] = ()


PLACE = {"channel": "whatsapp", "filed_on": date(2024, 10, 15), "filed_place": "Kantor contoh"}
HAPPENED = {
    "reported.0.name": "Contoh Terlapor, S.Pd.", "title": "Guru membagikan stiker",
    "event_on": date(2024, 10, 13), "event_place": "SDN 3 Contoh",
    "narrative": "Terlapor membagikan stiker.",
}  # fmt: skip
SOMEBODY = {"reporter.name": "Contoh Penyampai", "reporter.address": "RT 03 Desa Contoh"}

KINDS = {
    "report": Kind(
        ("Penerimaan", "Pelapor", "Terlapor", "Peristiwa", "Saksi", "Bukti"),
        ("reporter.nik", "reporter_capacity", "by_proxy", "known_on", "filed_place"),
        ("finder", "lhp_number", "info_source", "organisation", "handed_to", "answer"),
        {**PLACE, **SOMEBODY, **HAPPENED, "known_on": date(2024, 10, 14),
         "evidence.0.description": "Foto stiker"},
        "PL", "reviewed", ("tanda-bukti",),
    ),
    "finding": Kind(
        ("Pencatatan", "Penemu", "Terlapor", "Peristiwa", "Saksi", "Bukti"),
        ("finder", "finder_title", "lhp_number", "lhp_on", "known_on", "plenary_on"),
        ("channel", "reporter.name", "reporter.nik", "reporter_capacity", "by_proxy",
         "filed_place", "info_source", "answer"),
        {**HAPPENED, "filed_on": date(2024, 10, 15), "finder": "Contoh Pengawas Empat",
         "lhp_number": "004/LHP/X/2024", "lhp_on": date(2024, 10, 14),
         "known_on": date(2024, 10, 14), "plenary_on": date(2024, 10, 15)},
        "TM", "registered",
    ),
    "initial_info": Kind(
        ("Penerimaan", "Informasi", "Terlapor", "Pengirim", "Saksi", "Bukti awal"),
        ("info_source", "reporter.name", "reporter.phone", "title"),
        ("reporter.nik", "reporter_capacity", "by_proxy", "known_on", "finder", "answer"),
        {**PLACE, **HAPPENED, "info_source": "Siaran grup WhatsApp"},
        "IA", "inquiry_ordered",
    ),
    "consultation": Kind(
        ("Penerimaan", "Penanya", "Pertanyaan"),
        ("reporter.name", "title", "theme", "answer"),
        ("reporter.nik", "known_on", "event_on", "event_place", "reported.0.name",
         "witnesses.0.name", "evidence.0.description"),
        {**PLACE, "title": "Bolehkah ASN hadir pada kampanye"},
        "KS", "notified",
    ),
    "request": Kind(
        ("Penerimaan", "Pemohon", "Permintaan", "Berkas"),
        ("organisation", "wanted_on", "event_place", "answer"),
        ("reporter.nik", "known_on", "event_on", "theme", "reported.0.name", "witnesses.0.name"),
        {**PLACE, "title": "Sosialisasi bagi perangkat desa", "organisation": "Kecamatan Contoh"},
        "PS", "notified",
    ),
    "voter_rights": Kind(
        ("Penerimaan", "Pemilih", "Masalah", "Bukti"),
        ("reporter.nik", "reporter.birth_on", "event_place", "answer"),
        ("known_on", "event_on", "theme", "reported.0.name", "witnesses.0.name", "by_proxy"),
        {**PLACE, **SOMEBODY, "title": "Belum masuk daftar pemilih"},
        "HP", "notified",
    ),
    "outside": Kind(
        ("Penerimaan", "Penyampai", "Hal", "Bukti"),
        ("handed_to", "event_on", "event_place"),
        ("reporter.nik", "known_on", "theme", "reported.0.name", "witnesses.0.name", "answer"),
        {**PLACE, "title": "Jalan rusak", "handed_to": "Dinas Contoh"},
        "LK", "referred",
    ),
}  # fmt: skip
EVERY = pytest.mark.parametrize("kind", list(KINDS))


@pytest.fixture(scope="module")
def shared(
    qapp: QApplication, prepared: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Desk]:
    """One page for the tests that file nothing."""
    yield from desk_over(prepared("kabupaten"), tmp_path_factory.mktemp("kinds"), qapp)


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


def _asked(desk: Desk) -> list[str]:
    """The fields that stand on the page, from top to bottom."""
    return [key for key, box in desk.page.work.entry.boxes().items() if not box.isHidden()]


def _at(desk: Desk) -> str:
    """The field with the keyboard; empty when it is elsewhere."""
    boxes = desk.page.work.entry.boxes().items()
    return next((key for key, box in boxes if box.has_keyboard()), "")


def test_no_kind_is_left_out() -> None:
    assert set(KINDS) == set(intake_book().kinds)


def _open(desk: Desk, qtbot: QtBot, kind: str) -> list[str]:
    """A blank form of a kind with the keyboard in its first field; the fields in their order."""
    desk.open(kind=kind)
    qtbot.waitUntil(lambda: desk.page.isActiveWindow() and desk.page.work.isVisible())
    order = _asked(desk)
    desk.page.work.entry.focus_field(order[0])
    qtbot.waitUntil(lambda: _at(desk) == order[0])
    return order


# --- what each asks -------------------------------------------------------------------------------


@EVERY
def test_only_its_own_questions_are_asked(shared: Desk, kind: str) -> None:
    shared.open(kind=kind)
    wanted = KINDS[kind]
    entry = shared.page.work.entry
    titles = [card.title.text().partition(". ")[2] for card in entry.cards.values()]
    assert titles == list(wanted.sections)
    asked = set(entry.boxes())
    assert set(wanted.asked) <= asked
    assert not asked & set(wanted.not_asked)
    assert shared.page.heading.kinds.current == kind


@EVERY
def test_enter_goes_through_it_in_the_order_of_the_page(
    shared: Desk, qtbot: QtBot, kind: str
) -> None:
    order = _open(shared, qtbot, kind)
    visited = []
    while not shared.page.work.reading and len(visited) <= len(order):
        visited.append(_at(shared))
        widget = QApplication.focusWidget()
        assert widget is not None
        qtbot.keyClick(widget, ENTER)
    assert visited == order
    assert shared.page.work.reading
    shared.page.work.show_entry()


@EVERY
def test_tab_goes_the_same_way(shared: Desk, qtbot: QtBot, kind: str) -> None:
    order = _open(shared, qtbot, kind)
    visited = [order[0]]
    for _ in range(3 * len(order)):
        widget = QApplication.focusWidget()
        assert widget is not None
        qtbot.keyClick(widget, TAB)
        if (place := _at(shared)) and place != visited[-1]:
            visited.append(place)
        if place == order[-1]:
            break
    assert visited == order


def test_another_kind_keeps_what_it_asks_too_and_brings_the_rest_back(
    shared: Desk, qtbot: QtBot
) -> None:
    shared.open(kind="initial_info")
    type_into(qtbot, shared, "title", "Guru membagikan stiker")
    type_into(qtbot, shared, "info_source", "Siaran grup")
    shared.page.step_tab(1)
    assert shared.page.work.kind.code == "consultation"
    assert shared.raw("title") == "Guru membagikan stiker"
    shared.page.step_tab(-1)
    assert shared.raw("info_source") == "Siaran grup"


# --- what becomes of it ---------------------------------------------------------------------------


@EVERY
def test_it_gets_its_number_and_its_next_step(
    fresh: Desk, qtbot: QtBot, shown: list[Path], kind: str
) -> None:
    wanted = KINDS[kind]
    fresh.open(kind=kind)
    for key, value in wanted.answers.items():
        fresh.page.work.entry.set_value(key, value)
    view = filed(fresh, qtbot)
    assert view.state.intake_kind == kind
    assert view.facts.number.split("/")[1] == wanted.mark
    assert view.state.next_steps[0].kind == wanted.step
    assert [letter.template for letter in view.letters] == list(wanted.letters)
    if wanted.letters:
        qtbot.waitUntil(lambda: bool(shown))
    assert len(shown) == len(wanted.letters)


def test_the_stepper_of_a_finding_has_no_stage_of_a_reporter(fresh: Desk, qtbot: QtBot) -> None:
    fresh.open(kind="finding")
    for key, value in KINDS["finding"].answers.items():
        fresh.page.work.entry.set_value(key, value)
    view = filed(fresh, qtbot)
    assert not view.reporter_held
    assert not view.facts.reporter_named
    page = CasePage(fresh.context)
    qtbot.addWidget(page)
    page.open(uid=view.uid)
    stages = [step.key for step in page.stepper._steps]
    assert stages == [*("received", "registration", "clarification", "assessment", "plenary"),
                      *("referral", "notice")]  # fmt: skip
    tabs = [tab.text for tab in page.tabs._tabs]
    assert "Penemu" in tabs
    assert "Pelapor" not in tabs


# --- who reports ----------------------------------------------------------------------------------


def test_a_proxy_is_asked_for_only_where_there_is_one(fresh: Desk, qtbot: QtBot) -> None:
    fresh.open()
    fresh.fill()
    fresh.page.reload()
    proxy = ("proxy.nik", "proxy.name", "proxy.phone", "proxy.address", "proxy_letter")
    assert not set(proxy) & set(_asked(fresh))
    fresh.page.work.entry.focus_field("by_proxy")
    qtbot.keyClick(fresh.editor("by_proxy"), Qt.Key.Key_Space)
    assert set(proxy) <= set(_asked(fresh))
    fresh.page.primary()
    assert fresh.problem("proxy.name") == "Isi nama kuasa sesuai KTP."
    for key, text in (("proxy.name", "Contoh Kuasa Lima"), ("proxy_letter", "07/SK/2024")):
        type_into(qtbot, fresh, key, text)
    view = filed(fresh, qtbot)
    assert (view.facts.by_proxy, view.facts.proxy_letter) == (True, "07/SK/2024")
    assert reveal(fresh.posko, view.uid, "menghubungi kuasa", PROXY).name == "Contoh Kuasa Lima"
    assert {item.key for item in view.desk} >= {"power_of_attorney", "capacity", "identity_copy"}


def test_the_capacity_of_the_reporter_and_its_proof_are_ticked_at_the_desk(
    fresh: Desk, qtbot: QtBot
) -> None:
    fresh.open()
    fresh.fill(reporter_capacity="voter")
    fresh.page._show_review()
    desk = fresh.page.work.desk
    capacity = fresh.posko.rules.get("pilkada-2024", date(2024, 10, 15)).desk["capacity"].label
    tick = next(c for c in desk._checks.values() if c.accessibleName() == capacity)
    tick.setFocus()
    qtbot.keyClick(tick, Qt.Key.Key_Space)
    view = filed(fresh, qtbot)
    marks = {item.key: item.mark for item in view.desk}
    assert (marks["capacity"], marks["identity_copy"]) == ("yes", "")
    assert view.facts.reporter_capacity == "voter"


# --- the form of violation ------------------------------------------------------------------------


def _offered(desk: Desk) -> list[str]:
    box = desk.page.work.entry.box("violation")
    assert box is not None
    editor: Any = box.editor
    desk.page.reload()
    return [] if box.isHidden() else [editor.itemText(n) for n in range(editor.count())]


def test_only_forms_of_violation_that_fit_person_and_time_are_offered(
    shared: Desk, qtbot: QtBot
) -> None:
    _open(shared, qtbot, "report")
    assert _offered(shared) == []
    shared.fill(**{"reported.0.category": "pns", "event_on": date(2024, 8, 1)})
    before = _offered(shared)
    assert before
    shared.fill(**{"reported.0.category": "pns", "event_on": date(2024, 10, 13)})
    after = _offered(shared)
    assert after
    assert before != after
    shared.fill(**{"reported.0.category": "village_head", "event_on": date(2024, 10, 13)})
    assert not set(_offered(shared)) & set(after)
    assert not [title for title in (*before, *after) if "KE-" in title or "DS-" in title]
    shared.page.work.entry.set_value("reported.0.category", "")
    assert _offered(shared) == []
    _open(shared, qtbot, "consultation")
    assert shared.page.work.entry.box("violation") is None


def test_the_form_chosen_is_kept_and_one_that_no_longer_fits_is_asked_again(
    fresh: Desk, qtbot: QtBot
) -> None:
    fresh.open()
    fresh.fill(**{"reported.0.category": "pns"})
    title = _offered(fresh)[0]
    type_into(qtbot, fresh, "violation", title)
    fresh.page._show_review()
    assert dict(fresh.page.work.review.lines("event"))["Bentuk pelanggaran"] == title
    fresh.page.work.show_entry()
    fresh.page.work.entry.set_value("reported.0.category", "village_head")
    fresh.page.primary()
    assert fresh.problem("violation")
    fresh.page.work.entry.set_value("reported.0.category", "pns")
    view = filed(fresh, qtbot)
    chosen = [form.entry.title for form in violation_forms(fresh.posko, view) if form.chosen]
    assert chosen == [title]
