"""Laporan baru: from the first stroke to the receipt; drafts, mistakes, hints, helpful keys."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from posko_app.app import Posko
from posko_app.cases import drafts, intake, queries
from posko_app.cases.case_view import case_view
from posko_app.cases.identity import reveal
from posko_app.cases.report import ReportedInput
from posko_app.security.permissions import ROLES
from tests.desk import Desk, desk_over, type_into
from tests.factory import new_report
from ui import dialogs, documents, looks, theme
from ui.editors import TextLine
from ui.widgets.buttons import Link
from ui.widgets.text import Elided

ENTER = Qt.Key.Key_Return


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files handed to the system's viewer."""
    paths: list[Path] = []

    def show(path: Path) -> bool:
        paths.append(path)
        return True

    monkeypatch.setattr(documents, "show", show)
    return paths


@pytest.fixture(scope="module")
def shared(
    qapp: QApplication, prepared: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Desk]:
    """One page on one office for the tests that file nothing."""
    yield from desk_over(prepared("kabupaten"), tmp_path_factory.mktemp("shared"), qapp)


@pytest.fixture
def desk(shared: Desk) -> Iterator[Desk]:
    """A blank form in an office without cases; it is left without drafts."""
    shared.forget()
    shared.open()
    yield shared
    shared.page.open()
    for row in drafts.drafts(shared.posko):
        drafts.discard_draft(shared.posko, row.uid)


@pytest.fixture
def fresh(qapp: QApplication, posko: Posko, shown: list[Path]) -> Iterator[Desk]:
    """A blank form in an office of its own, where reports can be filed."""
    theme.apply(qapp)
    made = Desk(posko)
    made.open()
    yield made
    made.close()


def type_on(qtbot: QtBot, text: str) -> None:
    """Type where the keyboard is, then Enter."""
    widget = QApplication.focusWidget()
    assert widget is not None
    qtbot.keyClicks(widget, text)
    qtbot.keyClick(widget, ENTER)


def links_of(desk: Desk) -> list[Link]:
    """The links of the error summary, without those on their way out."""
    found = desk.page.work.entry.group.summary.findChildren(Link)
    return [link for link in found if not link.isHidden()]


def the_only_case(posko: Posko) -> str:
    rows = queries.list_cases(posko, queries.CaseFilter(view="all"))
    assert len(rows) == 1
    return rows[0].uid


# --- the main job ---------------------------------------------------------------------------------


def test_a_report_is_typed_read_back_and_filed_without_the_mouse(
    fresh: Desk, qtbot: QtBot, shown: list[Path]
) -> None:
    qtbot.keyClick(fresh.page, Qt.Key.Key_F9)
    assert fresh.raw("channel") == "Datang langsung"
    assert (fresh.raw("filed_on"), fresh.raw("filed_time")) == ("15-10-2024", "09.00")
    for text in ("6210015207880001", "Contoh Pelapor Satu", "081255550176", "Kurun", "Pedagang",
                 "", "RT 03 Desa Contoh", "", "", "",
                 "198604122010011012", "Contoh Terlapor, S.Pd.", "PNS", "Guru", "SDN 3", "", "", "",
                 "Guru membagikan stiker", "13", "", "kemarin", "Netralitas ASN", "SDN 3 Contoh",
                 "Kurun", "Terlapor membagikan stiker di halaman.",
                 "Contoh Saksi", "RT 01", "", "Foto stiker", "Foto", "Pelapor"):  # fmt: skip
        type_on(qtbot, text)
    assert fresh.page.work.reading
    lines = dict(fresh.page.work.review.lines("reporter"))
    assert lines["NIK"] == "621001 520788 0001 · perempuan · lahir Kurun, 12-07-1988"
    assert dict(fresh.page.work.review.lines("event"))["Diketahui"] == (
        "Senin, 14 Oktober 2024 · dilaporkan esok harinya"
    )
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)  # Pernyataan pelapor
    fresh.page.primary()
    qtbot.waitUntil(lambda: bool(fresh.opened), timeout=8000)
    uid = the_only_case(fresh.posko)
    assert fresh.opened == [("case", {"uid": uid})]
    view = case_view(fresh.posko, uid)
    assert view.facts.statement_given
    assert (view.facts.event_on, view.facts.known_on) == (date(2024, 10, 13), date(2024, 10, 14))
    assert (view.facts.channel, view.facts.officer) == ("visit", "petugas")
    assert view.facts.region_code == "62.10.02"
    assert [p.nip for p in view.parties] == ["198604122010011012"]
    assert (len(view.witnesses), len(view.evidence)) == (1, 1)
    person = reveal(fresh.posko, uid, "memeriksa hasil")
    assert (person.name, person.sex, person.birth_on) == (
        "Contoh Pelapor Satu", "female", date(1988, 7, 12)
    )  # fmt: skip
    qtbot.waitUntil(lambda: bool(shown))
    assert shown[0].read_bytes().startswith(b"%PDF")
    assert shown[0].name.startswith("Tanda bukti 001")
    assert [letter.template for letter in case_view(fresh.posko, uid).letters] == ["tanda-bukti"]
    assert drafts.drafts(fresh.posko) == ()
    assert fresh.raw("reporter.name") == ""


def test_terima_sekarang_leaves_alone_what_was_typed(desk: Desk, qtbot: QtBot) -> None:
    type_into(qtbot, desk, "filed_time", "815")
    qtbot.keyClick(desk.page, Qt.Key.Key_F9)
    assert desk.raw("filed_time") == "08.15"
    assert desk.raw("filed_on") == "15-10-2024"
    assert desk.page.work.entry.value("officer") == "petugas"
    assert desk.editor("reporter.nik").hasFocus()


# --- mistakes -------------------------------------------------------------------------------------


def test_the_summary_has_the_words_of_the_fields_and_leads_to_them(
    desk: Desk, qtbot: QtBot
) -> None:
    desk.fill(narrative="")
    type_into(qtbot, desk, "reporter.nik", "62100152078800")
    desk.page.work.entry.set_value("event_on", date(2024, 10, 16))
    desk.page.primary()
    links = [link.text() for link in links_of(desk)]
    assert links == [
        "Baru 14 angka, NIK harus 16 angka.",
        "Tanggal kejadian setelah hari ini. Periksa tahunnya.",
        "Tanggal diketahui sebelum kejadian 16-10-2024. Periksa kedua tanggal.",
        "Isi uraian kejadian: apa, di mana, kapan, bagaimana.",
    ]
    keys = ("reporter.nik", "event_on", "known_on", "narrative")
    assert [desk.problem(key) for key in keys] == links
    assert desk.editor("reporter.nik").hasFocus()
    desk.page.step_problem(1)
    assert desk.editor("event_on").hasFocus()
    assert desk.page.work.rail.note("event") == "3 perlu diperbaiki"
    assert desk.page.work.footer.accept.isHidden()
    qtbot.mouseClick(links_of(desk)[3], Qt.MouseButton.LeftButton)
    assert desk.editor("narrative").hasFocus()
    assert queries.count_cases(desk.posko, queries.CaseFilter(view="all")) == 0


def test_errors_go_as_they_are_mended(desk: Desk, qtbot: QtBot) -> None:
    desk.fill(title="", narrative="")
    desk.page.primary()
    summary = desk.page.work.entry.group.summary
    assert len(links_of(desk)) == 2
    type_into(qtbot, desk, "title", "Guru membagikan stiker")
    type_into(qtbot, desk, "narrative", "Begini kejadiannya.")
    qtbot.waitUntil(summary.isHidden)
    assert desk.problem("title") == ""
    assert desk.page.work.rail.mark("event") == "done"


def test_no_error_stands_in_a_field_that_is_being_typed_in(desk: Desk, qtbot: QtBot) -> None:
    desk.fill()
    desk.page.work.entry.focus_field("reporter.phone")
    line = desk.editor("reporter.phone")
    assert isinstance(line, TextLine)
    line.clear()
    qtbot.keyClicks(line, "0812")
    desk.page.reload()
    assert desk.problem("reporter.phone") == ""
    desk.page.work.entry.focus_field("title")
    assert desk.problem("reporter.phone") == "Baru 4 angka, nomor HP harus 10 sampai 13 angka."


def test_what_is_missing_may_follow_if_the_officer_says_so(fresh: Desk, qtbot: QtBot) -> None:
    fresh.fill(**{"reporter.address": "", "evidence.0.description": ""})
    fresh.page.primary()
    assert fresh.problem("reporter.address") == "Isi alamat pelapor."
    accept = fresh.page.work.footer.accept
    assert not accept.isHidden()
    qtbot.mouseClick(accept, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(fresh.opened), timeout=8000)
    view = case_view(fresh.posko, the_only_case(fresh.posko))
    assert not view.facts.reporter_located


def test_what_is_wrong_is_never_filed_even_so(desk: Desk) -> None:
    desk.fill(**{"reporter.nik": "123", "reporter.address": ""})
    desk.page.primary()
    assert desk.page.work.footer.accept.isHidden()
    desk.page.work.footer.accept.click()
    assert queries.count_cases(desk.posko, queries.CaseFilter(view="all")) == 0


def test_a_person_without_a_name_is_not_lost_in_silence(desk: Desk) -> None:
    desk.fill(**{"witnesses.0.phone": "0812 5555 0177"})
    desk.page.primary()
    assert desk.problem("witnesses.0.name") == "Isi namanya, atau tulis Belum diketahui."


def test_a_report_stands_even_when_its_receipt_fails(
    fresh: Desk, qtbot: QtBot, shown: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[str, str]] = []

    def message(_parent: object, title: str, text: str, **_more: object) -> None:
        told.append((title, text))

    monkeypatch.setattr(dialogs, "message", message)
    shutil.rmtree(fresh.posko.folder.vault, ignore_errors=True)
    fresh.posko.folder.vault.write_text("tidak ada tempat")  # where the receipt would be frozen
    fresh.fill()
    fresh.page.primary()
    qtbot.waitUntil(lambda: bool(told), timeout=8000)
    assert told[0][0] == "Laporan 001 tersimpan, tanda bukti belum dibuat"
    assert told[0][1].endswith("Buat tanda bukti dari tab Surat pada perkaranya.")
    assert fresh.opened == [("case", {"uid": the_only_case(fresh.posko)})]
    assert (shown, fresh.problems) == ([], [])


def test_a_file_that_is_gone_stops_the_filing_and_keeps_the_form(
    desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    file = tmp_path / "foto.jpg"
    file.write_bytes(b"\xff\xd8\xff\xe0 foto")
    desk.fill()
    desk.page.filling.add_files([file])
    file.unlink()
    desk.page.primary()
    qtbot.waitUntil(lambda: bool(desk.problems), timeout=8000)
    assert "foto.jpg tidak ditemukan" in str(desk.problems[0])
    assert queries.count_cases(desk.posko, queries.CaseFilter(view="all")) == 0
    assert desk.raw("title") == "Guru membagikan stiker"
    assert desk.page.work.footer.save.isEnabled()


# --- drafts ---------------------------------------------------------------------------------------


def test_what_is_typed_is_kept_as_a_draft_that_names_no_reporter(desk: Desk, qtbot: QtBot) -> None:
    type_into(qtbot, desk, "reporter.name", "Contoh Pelapor")
    type_into(qtbot, desk, "reported.0.name", "Contoh Terlapor")
    type_into(qtbot, desk, "event_on", "99-99")
    rows = drafts.drafts(desk.posko)
    assert [row.title for row in rows] == ["Laporan baru, terlapor Contoh Terlapor"]
    said = desk.page.heading.head.subtitle.text()
    assert re.fullmatch(r"Draf tersimpan otomatis 09\.\d\d · nomor diberikan saat disimpan", said)
    desk.open()
    assert desk.raw("reporter.name") == ""
    desk.open(draft=rows[0].uid)
    assert desk.raw("reporter.name") == "Contoh Pelapor"
    assert desk.raw("event_on") == "99-99"
    type_into(qtbot, desk, "event_place", "SDN 3")
    assert [row.uid for row in drafts.drafts(desk.posko)] == [rows[0].uid]


def test_a_new_form_over_a_half_typed_one_says_where_it_went(desk: Desk, qtbot: QtBot) -> None:
    type_into(qtbot, desk, "title", "Lurah membagikan kaus")
    before = desk.page.keeper.uid
    assert before
    desk.page.leave()  # Ctrl+N here: the shell asks the page, then opens it anew
    desk.page.open()
    assert desk.raw("title") == ""
    assert desk.said == ["Isian sebelumnya tersimpan sebagai draf."]
    desk.undo[0]()
    assert desk.opened == [("new_report", {"draft": before})]
    desk.page.open()
    assert len(desk.said) == 1


def test_an_empty_form_leaves_no_draft(desk: Desk) -> None:
    desk.page.leave()
    desk.page.save()
    assert drafts.drafts(desk.posko) == ()


def test_esc_keeps_the_draft_and_goes_back(desk: Desk, qtbot: QtBot) -> None:
    desk.page.work.entry.focus_field("title")
    qtbot.keyClicks(desk.editor("title"), "Guru")
    qtbot.keyClick(desk.editor("title"), Qt.Key.Key_Escape)
    assert desk.backs == 1
    content = drafts.open_draft(desk.posko, drafts.drafts(desk.posko)[0].uid)
    assert content["fields"]["title"] == "Guru"


def test_a_discarded_draft_comes_back_with_undo(desk: Desk, qtbot: QtBot) -> None:
    type_into(qtbot, desk, "title", "Guru membagikan stiker")
    qtbot.mouseClick(desk.page.work.footer.discard, Qt.MouseButton.LeftButton)
    assert drafts.drafts(desk.posko) == ()
    assert desk.said[-1] == "Draf dibuang."
    desk.undo[-1]()
    row = drafts.drafts(desk.posko)[0]
    assert desk.opened == [("new_report", {"draft": row.uid})]
    assert desk.raw("title") == "Guru membagikan stiker"


def test_a_draft_that_is_gone_gives_a_blank_form_and_says_so(desk: Desk) -> None:
    desk.open(draft="0192-tidak-ada")
    assert "sudah tidak ada" in desk.said[-1]
    assert desk.raw("title") == ""


def test_coming_back_finds_the_form_as_it_was(desk: Desk, qtbot: QtBot) -> None:
    type_into(qtbot, desk, "title", "Guru membagikan stiker")
    desk.page.leave()
    state = desk.page.state()
    desk.open()
    desk.page.restore(state)
    assert desk.raw("title") == "Guru membagikan stiker"


def test_a_draft_that_cannot_be_kept_is_said_without_stopping_the_typing(
    desk: Desk, qtbot: QtBot
) -> None:
    before = desk.posko.user
    desk.posko.user = replace(before, role="auditor")
    type_into(qtbot, desk, "title", "Guru")
    desk.posko.user = before
    place = desk.page.banner_place.itemAt(0)
    assert place is not None
    widget = place.widget()
    assert widget is not None
    assert "auditor tidak boleh menyimpan draf" in widget.accessibleName()
    assert desk.problems == []


@pytest.mark.parametrize("role", ["leader", "exchanger", "auditor"])
def test_who_takes_in_no_reports_is_told_before_typing(
    qapp: QApplication, posko: Posko, role: str
) -> None:
    theme.apply(qapp)
    posko.user = replace(posko.user, role=role)
    desk = Desk(posko)
    desk.open()
    desk.fill()
    footer = desk.page.work.footer
    said = [text.text() for text in footer.findChildren(Elided)]
    assert said == [f"Peran {ROLES[role]} tidak menerima laporan, hanya melihat."]
    assert not footer.save.isEnabled()
    desk.page.primary()
    assert not desk.page.filer.busy
    assert queries.count_cases(posko, queries.CaseFilter(view="all")) == 0
    desk.close()


# --- what is filled in ----------------------------------------------------------------------------


def test_a_nik_fills_birth_and_sex_until_f2(desk: Desk, qtbot: QtBot) -> None:
    type_into(qtbot, desk, "reporter.nik", "6210015207880001")
    assert desk.raw("reporter.birth_on") == "12-07-1988"
    assert desk.raw("reporter.sex") == "Perempuan"
    born = desk.editor("reporter.birth_on")
    assert isinstance(born, TextLine)
    assert born.isReadOnly()
    desk.page.work.entry.focus_field("reporter.birth_on")
    qtbot.keyClick(born, Qt.Key.Key_F2)
    assert not born.isReadOnly()
    born.clear()
    qtbot.keyClicks(born, "12-07-1978")
    type_into(qtbot, desk, "reporter.nik", " ")
    assert desk.raw("reporter.birth_on") == "12-07-1978"


def test_a_nik_does_not_overwrite_what_was_typed_before(desk: Desk, qtbot: QtBot) -> None:
    type_into(qtbot, desk, "reporter.birth_on", "12-07-1968")
    type_into(qtbot, desk, "reporter.nik", "6210015207880001")
    assert desk.raw("reporter.birth_on") == "12-07-1968"
    born = desk.editor("reporter.birth_on")
    assert isinstance(born, TextLine)
    assert not born.isReadOnly()


def test_people_come_and_go_and_undo_brings_them_back(desk: Desk, qtbot: QtBot) -> None:
    rows = desk.page.work.entry.rows["reported"]
    type_into(qtbot, desk, "reported.0.name", "Satu Contoh")
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(desk.page, Qt.Key.Key_T, both)
    assert desk.editor("reported.1.nip").hasFocus()
    type_into(qtbot, desk, "reported.1.name", "Dua Contoh")
    assert desk.page.work.rail.note("reported") in ("1 orang", "2 orang")
    qtbot.mouseClick(rows.rows[0].remove, Qt.MouseButton.LeftButton)
    assert [row.raw["name"] for row in rows.contents()] == ["Dua Contoh"]
    assert desk.said[-1] == "Terlapor 1 dihapus."
    desk.undo[-1]()
    assert [row.raw["name"] for row in rows.contents()] == ["Satu Contoh", "Dua Contoh"]
    assert desk.page.work.rail.note("reported") == "2 orang"


def test_enter_goes_through_added_people_in_the_order_of_the_page(desk: Desk, qtbot: QtBot) -> None:
    desk.page.work.entry.set_value("reported.0.name", "Satu Contoh")
    desk.page.filling.add_party()
    desk.page.work.entry.focus_field("reported.0.phone")
    qtbot.keyClick(desk.editor("reported.0.phone"), ENTER)
    assert desk.editor("reported.1.nip").hasFocus()
    desk.page.work.entry.focus_field("reported.1.phone")
    qtbot.keyClick(desk.editor("reported.1.phone"), ENTER)
    assert desk.editor("title").hasFocus()


def test_dropped_files_become_evidence_in_the_vault(
    fresh: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    file = tmp_path / "foto_stiker.jpg"
    file.write_bytes(b"\xff\xd8\xff\xe0" + b"gambar" * 100)
    fresh.fill(**{"evidence.0.description": ""})
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(file)), QUrl.fromLocalFile(str(tmp_path))])
    drop = QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton,
                      Qt.KeyboardModifier.NoModifier)  # fmt: skip
    fresh.page.dropEvent(drop)
    assert fresh.raw("evidence.0.description") == "foto stiker"
    assert fresh.said == [
        f"{tmp_path.name} adalah folder. Buka foldernya, lalu pilih berkas di dalamnya."
    ]
    fresh.page.filling.add_files([tmp_path / "hilang.jpg", tmp_path / "juga.jpg"])
    assert fresh.said[1].startswith("hilang.jpg dan 1 lainnya tidak ditemukan.")
    assert fresh.raw("evidence.0.kind") == "Foto"
    assert fresh.page.work.rail.note("evidence") == "1 berkas"
    fresh.page.primary()
    qtbot.waitUntil(lambda: bool(fresh.opened), timeout=8000)
    evidence = case_view(fresh.posko, the_only_case(fresh.posko)).evidence
    assert [(e.file_name, e.held) for e in evidence] == [("foto_stiker.jpg", True)]


def test_f4_takes_over_from_the_report_before_but_never_an_identity(
    fresh: Desk, qtbot: QtBot
) -> None:
    intake.file_report(fresh.posko, new_report())
    for key, expected in (("event_place", "SDN 3 Contoh"), ("theme", "Netralitas ASN"),
                          ("reported.0.name", "Contoh Terlapor, S.Pd."), ("reporter.name", ""),
                          ("witnesses.0.name", "")):  # fmt: skip
        fresh.page.work.entry.focus_field(key)
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_F4)
        assert fresh.raw(key) == expected, key
    assert fresh.said == ["Identitas orang tidak disalin dari laporan lain."] * 2


# --- what is said while typing --------------------------------------------------------------------


def test_requirements_and_deadlines_follow_the_typing(desk: Desk, qtbot: QtBot) -> None:
    def met() -> int:
        return sum(point.mark == "done" for point in desk.page.work.requirements.points)

    assert met() == 0
    assert desk.page.work.dues.said() == [("Isi tanggal diketahui dulu.", "")]
    type_into(qtbot, desk, "reported.0.name", "Contoh Terlapor")
    type_into(qtbot, desk, "known_on", "kemarin")
    qtbot.waitUntil(lambda: met() == 2)
    qtbot.keyClick(desk.page, Qt.Key.Key_F9)
    assert desk.page.work.dues.said() == [
        ("Diketahui", "14 Okt"),
        ("Penyampaian laporan (7 hari)", "21 Okt"),
        ("paling aman", "20 Okt"),
        ("Kajian awal (2 hari)", "17 Okt"),
        ("paling aman", "16 Okt"),
    ]
    assert desk.page.work.rail.note("receipt") == "Datang langsung"


def test_nothing_is_counted_from_a_date_that_cannot_be_right(desk: Desk, qtbot: QtBot) -> None:
    desk.fill(known_on=date(2024, 11, 14), filed_on=date(2024, 10, 16))
    desk.page.reload()
    assert desk.page.work.dues.said() == [("Isi tanggal diketahui dulu.", "")]
    checks = {point.text: point.mark for point in desk.page.work.requirements.points}
    assert checks["Dilaporkan dalam batas waktu"] != "done"
    desk.fill(known_on=date(2024, 10, 14), filed_on=date(2024, 10, 15))
    desk.page.reload()
    assert ("Diketahui", "14 Okt") in desk.page.work.dues.said()


def test_a_similar_case_is_hinted_at_and_never_stops_anybody(fresh: Desk, qtbot: QtBot) -> None:
    filed = intake.file_report(fresh.posko, new_report())
    other = ReportedInput(name="Orang Lain")
    intake.file_report(fresh.posko, new_report(title="Lain", event_place="Jauh", reported=(other,)))
    card = fresh.page.work.similar
    type_into(qtbot, fresh, "reported.0.name", "contoh terlapor")
    qtbot.waitUntil(lambda: not card.isHidden())
    assert card.case is not None
    assert (card.case.uid, card.case.why) == (filed.uid, "Nama sama")
    type_into(qtbot, fresh, "event_place", "SDN 3 Contoh")
    type_into(qtbot, fresh, "event_on", "14")
    qtbot.waitUntil(lambda: card.case is not None and card.case.why.endswith("sebelumnya"))
    assert "001 · Guru membagikan stiker pasangan calon. Nama sama, tempat sama, 1 hari" in (
        card.accessibleName()
    )
    fresh.page._on_compare(filed.uid)
    assert fresh.opened == [("case", {"uid": filed.uid})]
    card.dismissed.emit(filed.uid)
    assert card.isHidden()
    fresh.open(draft=drafts.drafts(fresh.posko)[0].uid)
    assert card.isHidden()


def test_a_case_that_came_in_meanwhile_is_hinted_at(fresh: Desk) -> None:
    fresh.fill()
    fresh.page.reload()
    assert fresh.page.work.similar.isHidden()
    filed = intake.file_report(fresh.posko, new_report())
    assert fresh.page.work.similar.case is not None
    assert fresh.page.work.similar.case.uid == filed.uid


# --- short form, places, time ---------------------------------------------------------------------


def test_the_short_form_asks_only_what_the_law_requires_and_is_remembered(
    desk: Desk, qtbot: QtBot
) -> None:
    desk.page.heading.short.click()
    assert looks.load(desk.posko.folder.root).short_form
    asked = [key for key, box in desk.page.work.entry.boxes().items() if not box.isHidden()]
    assert "reporter.nik" not in asked
    assert {"reporter.name", "reporter.citizenship", "reporter.address", "title", "event_place",
            "event_on", "known_on", "narrative", "filed_place"} <= set(asked)  # fmt: skip
    desk.fill(**{"reporter.nik": "123"})
    desk.page.primary()
    assert desk.editor("reporter.nik").hasFocus()
    assert not desk.page.heading.short.isChecked()
    assert not looks.load(desk.posko.folder.root).short_form


def test_a_narrow_window_puts_the_side_column_below(desk: Desk) -> None:
    work = desk.page.work
    assert not work.entry.isAncestorOf(work.requirements)
    desk.page.resize(972, 540)
    assert work.entry.isAncestorOf(work.requirements)
    assert work.review.isAncestorOf(work.statement)
    desk.page.resize(1182, 638)
    assert not work.entry.isAncestorOf(work.requirements)


def test_the_rail_leads_to_sections_and_to_periksa(desk: Desk, qtbot: QtBot) -> None:
    desk.page.work.rail.chosen.emit("event")
    assert desk.editor("title").hasFocus()
    desk.page.work.rail.chosen.emit("review")
    assert desk.page.work.reading
    qtbot.keyClick(desk.page, Qt.Key.Key_Escape)
    assert not desk.page.work.reading
    assert desk.backs == 0
    desk.page.work.rail.chosen.emit("review")
    desk.page.work.review.change_wanted.emit("reported")
    assert desk.editor("reported.0.nip").hasFocus()


def test_after_midnight_yesterday_is_another_day(desk: Desk, qtbot: QtBot) -> None:
    before = desk.posko.office
    desk.posko.office = replace(before, practice_on=date(2024, 10, 16))
    desk.open()
    type_into(qtbot, desk, "event_on", "kemarin")
    desk.posko.office = before
    assert desk.raw("event_on") == "15-10-2024"


@pytest.mark.parametrize(("level", "first"), [("kecamatan", "Kecamatan Kurun"),
                                              ("provinsi", "Antang Kalang")])  # fmt: skip
def test_every_level_offers_its_own_places(
    office: Callable[..., Posko], qapp: QApplication, level: str, first: str
) -> None:
    posko = office(level)
    desk = Desk(posko)
    desk.open()
    box = desk.page.work.entry.box("region_code")
    assert box is not None
    editor: Any = box.editor
    assert editor.itemText(0).startswith(first)
    assert json.dumps(desk.page.content())
    desk.close()


def test_a_draft_of_somebody_else_is_not_opened(desk: Desk) -> None:
    uid = drafts.save_draft(desk.posko, "report", "Laporan baru", {"fields": {"title": "x"}})
    before = desk.posko.user
    desk.posko.user = replace(before, login="lain")
    desk.open(draft=uid)
    desk.posko.user = before
    assert "sudah tidak ada" in desk.said[-1]
    assert desk.raw("title") == ""
