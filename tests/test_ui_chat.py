"""WhatsApp on screen: nothing is taken without a tick, nobody's number or name is shown."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from time import perf_counter

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from posko_app.app import Posko
from posko_app.cases import drafts, queries
from posko_app.cases.case_view import case_view
from posko_app.cases.chat_export import read_export
from posko_app.cases.evidence import open_evidence
from posko_app.cases.inquiry import inquiry_of
from posko_app.cases.intake import file_report
from tests.chat_files import NUMBER, PHOTO, PROFILE, SECRETS, TEXT, archive, folder, long_text
from tests.desk import Desk, desk_over, type_into
from tests.factory import new_report
from ui import dialogs, documents, theme
from ui.chat_picker import ChatPicker
from ui.context import Context
from ui.pages.case import CasePage
from ui.pages.new_report.chat_paste import PasteSheet
from ui.reply_sheet import ReplySheet
from ui.widgets.text import Text

FORM = f"""[14/10/24 09.12] {NUMBER}: Selamat pagi, saya mau melapor
Nama: {PROFILE}
NIK : 6210015207880001
Alamat: RT 03 Desa Contoh
Terlapor: Contoh Terlapor
Jabatan: Guru
Tanggal kejadian: 13 Oktober 2024
Tempat: SDN 3 Contoh
Kronologi: Ia membagikan stiker.
{PROFILE} melihat sendiri jam 9 pagi."""


@pytest.fixture(scope="module")
def shared(
    qapp: QApplication, prepared: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Desk]:
    yield from desk_over(prepared("kabupaten"), tmp_path_factory.mktemp("chat"), qapp)


@pytest.fixture
def desk(shared: Desk) -> Iterator[Desk]:
    shared.forget()
    shared.open()
    yield shared
    for sheet in open_sheets():
        sheet.done(0)  # unasked
    shared.page.open()
    for row in drafts.drafts(shared.posko):
        drafts.discard_draft(shared.posko, row.uid)


def open_sheets() -> list[dialogs.Sheet]:
    found = [w for w in QApplication.topLevelWidgets() if isinstance(w, dialogs.Sheet)]
    return [sheet for sheet in found if sheet.isVisible()]


def paste(desk: Desk, text: str) -> PasteSheet:
    QGuiApplication.clipboard().setText(text)
    desk.page.heading.paste.click()
    (sheet,) = open_sheets()
    assert isinstance(sheet, PasteSheet)
    return sheet


def paste_again(desk: Desk) -> PasteSheet:
    for sheet in open_sheets():
        sheet.done(0)  # unasked
    return paste(desk, "Jabatan: Camat")


def texts_of(widget: QWidget) -> str:
    """Everything a sheet shows in its lists and views."""
    found = []
    if isinstance(widget, PasteSheet):
        found.append(widget.message.toPlainText())
        rows = widget.table.rows
    else:
        assert isinstance(widget, ChatPicker)
        found.append(widget.detail.toPlainText())
        rows = widget.table.rows  # type: ignore[assignment]
    for row in range(rows.rowCount()):
        for column in range(rows.columnCount()):
            found.append(str(rows.index(row, column).data() or ""))
    return "\n".join([*found, widget.windowTitle()])


# --- a pasted message -----------------------------------------------------------------------------


def test_nothing_is_filled_in_before_the_officer_says_so(desk: Desk, qtbot: QtBot) -> None:
    sheet = paste(desk, FORM)
    assert desk.raw("reported.0.name") == ""
    shown = texts_of(sheet)
    assert not [secret for secret in (*SECRETS, "6210015207880001", "RT 03") if secret in shown]
    assert "0812******76" in shown
    assert "Baris 5: sesudah labelnya" in "\n".join(o.where for o in sheet.offered)
    qtbot.keyClick(sheet, Qt.Key.Key_Escape)
    assert desk.raw("reported.0.name") == ""
    assert drafts.drafts(desk.posko) == ()


def test_ticked_proposals_fill_the_form_and_stay_marked(desk: Desk, qtbot: QtBot) -> None:
    type_into(qtbot, desk, "event_place", "Balai desa")
    sheet = paste(desk, FORM)
    place = next(o for o in sheet.offered if o.key == "event_place")
    assert (place.filled, place.ticked) == (True, False)
    assert sheet.table.choose(next(o.place for o in sheet.offered if o.key == "event_time"))
    qtbot.keyClick(sheet.table, Qt.Key.Key_Space)
    qtbot.keyClick(sheet.table, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: not open_sheets())
    assert desk.raw("reporter.name") == PROFILE
    assert desk.raw("reporter.nik") == "621001 520788 0001"
    assert desk.raw("reporter.birth_on") == "12-07-1988"
    assert desk.raw("reporter.phone") == "0812 5555 0176"
    assert desk.raw("reported.0.position_title") == "Guru"
    assert desk.raw("event_on") == "13-10-2024"
    assert desk.raw("event_time") == "09.00"
    assert desk.raw("event_place") == "Balai desa"
    assert desk.raw("channel") == "WhatsApp"
    story = desk.raw("narrative")
    assert story.startswith("Selamat pagi, saya mau melapor\nTempat: SDN 3 Contoh\n")
    assert "Pelapor melihat sendiri" in story
    assert desk.said[-1] == "9 ruas diisi dari pesan. Periksa yang bertanda."
    assert [row.title for row in drafts.drafts(desk.posko)] == [
        "Laporan baru, terlapor Contoh Terlapor"
    ]
    desk.undo[-1]()
    assert desk.raw("reporter.name") == ""
    assert desk.raw("event_place") == "Balai desa"


def test_an_empty_clipboard_is_said(desk: Desk) -> None:
    QGuiApplication.clipboard().clear()
    desk.page.heading.paste.click()
    assert desk.said == ["Papan klip tidak berisi pesan. Salin pesannya dulu di WhatsApp."]
    assert not open_sheets()


def test_of_two_senders_the_officer_says_who_reports(desk: Desk, qtbot: QtBot) -> None:
    text = (f"[14/10/24 09.12] Posko Contoh: Silakan\n[14/10/24 09.13] {NUMBER}: Jabatan: Camat\n"
            "[14/10/24 09.14] Posko Contoh: Terima kasih")  # fmt: skip
    sheet = paste(desk, text)
    assert "Jabatan" not in [o.label.rpartition(" · ")[2] for o in sheet.offered]
    assert sheet.who is not None
    sheet.who.set_values({"who": "2"})
    sheet.who.settled.emit("who")
    assert any(o.key == "reported.0.position_title" and o.ticked for o in sheet.offered)
    assert "— Pelapor —" in sheet.message.toPlainText()


def test_one_field_takes_one_value_and_the_line_found_is_marked(desk: Desk, qtbot: QtBot) -> None:
    sheet = paste(desk, "Jabatan: Camat\nJabatan: Lurah")
    both = [o for o in sheet.offered if o.key == "reported.0.position_title"]
    assert [o.ticked for o in both] == [True, False]
    sheet.table.choose(both[1].place)
    assert [s.cursor.blockNumber() for s in sheet.message.extraSelections()] == [1]
    qtbot.keyClick(sheet.table, Qt.Key.Key_Return)
    both = [o for o in sheet.offered if o.key == "reported.0.position_title"]
    assert [o.ticked for o in both] == [False, True]


def test_links_become_items_of_evidence(desk: Desk, qtbot: QtBot) -> None:
    sheet = paste(desk, "https://contoh.example/1 lalu https://contoh.example/2")
    for offer in [o for o in sheet.offered if o.key.startswith("evidence.")]:
        sheet.table.choose(offer.place)
        qtbot.keyClick(sheet.table, Qt.Key.Key_Space)
    sheet.fill.click()
    assert desk.raw("evidence.0.description") == "Tautan https://contoh.example/1"
    assert desk.raw("evidence.1.description") == "Tautan https://contoh.example/2"
    assert desk.raw("evidence.1.source") == "WhatsApp"


def test_a_very_long_message_is_read_in_part_and_that_is_said(desk: Desk) -> None:
    sheet = paste(desk, "Jabatan: Camat\n" + "kata " * 20_000)
    said = [text.text() for text in sheet.findChildren(Text)]
    assert any("Hanya bagian awalnya" in words for words in said)
    assert not any("Hanya" in text.text() for text in paste_again(desk).findChildren(Text))


# --- an export ------------------------------------------------------------------------------------


def picker(desk: Desk, qtbot: QtBot, path: Path) -> ChatPicker:
    desk.page.filling.add_files([path])
    qtbot.waitUntil(lambda: any(isinstance(s, ChatPicker) for s in open_sheets()), timeout=8000)
    found = next(s for s in open_sheets() if isinstance(s, ChatPicker))
    qtbot.waitUntil(lambda: not desk.context.tasks.busy)
    return found


@pytest.mark.parametrize("make", [archive, folder])
def test_an_export_is_opened_chosen_from_and_filed_by_keyboard(
    qapp: QApplication,
    posko: Posko,
    qtbot: QtBot,
    tmp_path: Path,
    make: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(documents, "show", lambda _path: True)
    theme.apply(qapp)
    desk = Desk(posko)
    desk.open()
    path = make(tmp_path / (f"WhatsApp Chat - {PROFILE}.zip" if make is archive else "ekspor"))
    chosen = picker(desk, qtbot, path)
    assert not [secret for secret in SECRETS if secret in texts_of(chosen)]
    assert chosen.take.text() == "Ambil 0 pesan"
    chosen.table.choose(2)
    shift = Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(chosen.table, Qt.Key.Key_Down, shift)
    qtbot.keyClick(chosen.table, Qt.Key.Key_Down, shift)
    qtbot.keyClick(chosen.table, Qt.Key.Key_Space)
    assert chosen.marked == {2, 3, 4}
    assert chosen.take.text() == "Ambil 3 pesan"
    qtbot.keyClick(chosen.table, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: any(isinstance(s, PasteSheet) for s in open_sheets()), timeout=8000)
    (sheet,) = open_sheets()
    assert isinstance(sheet, PasteSheet)
    assert not [secret for secret in SECRETS if secret in texts_of(sheet)]
    sheet.fill.click()
    assert PROFILE not in desk.raw("narrative")
    assert "saya Pelapor" in desk.raw("narrative")
    assert (
        desk.raw("evidence.2.description") == "Foto WhatsApp, Min 13 Okt 2024 09.14, dari Pelapor"
    )
    draft = drafts.drafts(posko)[0]
    desk.open(draft=draft.uid)  # the files are sealed in the vault: a draft brings them back
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    desk.fill(**{"reporter.name": PROFILE, "evidence.0.description": "Petikan"})
    desk.page.primary()
    qtbot.waitUntil(lambda: bool(desk.opened), timeout=8000)
    uid = queries.list_cases(posko, queries.CaseFilter(view="all"))[0].uid
    rows = case_view(posko, uid).evidence
    assert [row.held for row in rows] == [True, True, True]
    assert [row.file_name for row in rows] == [
        "petikan-wa-2024-10-13.txt", "petikan-wa-asli-2024-10-13.txt", "00000004-PHOTO.jpg"
    ]  # fmt: skip
    with open_evidence(posko, rows[2].uid) as stream:
        assert stream.read() == PHOTO
    desk.close()


def test_filters_narrow_the_list_and_keep_the_marks(
    desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    chosen = picker(desk, qtbot, archive(tmp_path / "WhatsApp Chat - A.zip"))
    everything = chosen.table.rows.rowCount()
    assert everything == TEXT.count("\n[") + TEXT.count("\n\u200e[") + 1
    chosen.mark([chosen.lines[1]])
    qtbot.keyClicks(chosen.table, "/")
    assert chosen.search.hasFocus()
    qtbot.keyClicks(chosen.search, "fotonya")
    qtbot.waitUntil(lambda: chosen.table.rows.rowCount() == 1)
    chosen.search.clear()
    qtbot.waitUntil(lambda: chosen.table.rows.rowCount() == everything)
    chosen.shown.set_code("media")
    chosen.filter()
    assert [line.media for line in chosen.table.rows.rows] == ["jpg", "opus"]  # type: ignore[union-attr]
    chosen.shown.set_code("chosen")
    chosen.filter()
    assert [line.place for line in chosen.table.rows.rows] == [2]  # type: ignore[union-attr]
    chosen.shown.set_code("")
    chosen.form.set_values({"first": date(2024, 10, 14)})
    chosen.filter()
    assert chosen.table.rows.rowCount() == 4
    chosen.who_filter.set_code("Pengirim 3")
    chosen.filter()
    assert chosen.table.rows.rowCount() == 1
    assert chosen.marked == {2}
    chosen.form.set_values({"first": None, "who": "3"})
    chosen.form.settled.emit("who")
    assert chosen.lines[-1].who == "Pelapor"


def test_thousands_of_messages_stay_smooth(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    chat = read_export(desk.posko, archive(tmp_path / "a.zip", long_text(6000), {}))
    chosen = ChatPicker(desk.page, desk.context, chat)
    started = perf_counter()
    for word in ("k", "ka", "kaus", "nomor 5999", ""):
        chosen.search.setText(word)
        chosen.filter()
    chosen.table.selectAll()
    chosen._on_toggled(chosen.lines[0], "mark")
    assert len(chosen.marked) == 6000
    assert perf_counter() - started < 3  # far above what it takes; ten times a smooth step
    chosen.reject()


def test_a_zip_that_is_no_chat_is_ordinary_evidence(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "berkas.zip"
    path.write_bytes(b"PK\x03\x04 bukan chat")
    desk.page.filling.add_files([path])
    assert desk.raw("evidence.0.description") == "berkas"


# --- a case that is there -------------------------------------------------------------------------


def test_messages_are_added_to_a_case_in_its_evidence_tab(
    qapp: QApplication, posko: Posko, qtbot: QtBot, tmp_path: Path
) -> None:
    theme.apply(qapp)
    uid = file_report(posko, new_report(evidence=())).uid
    context = Context(posko)
    page = CasePage(context)
    page.open(uid=uid, tab="evidence")
    page.show()
    page.evidence.add_files([archive(tmp_path / "WhatsApp Chat - A.zip")])
    qtbot.waitUntil(lambda: page.evidence.importing.picker is not None, timeout=8000)
    chosen = page.evidence.importing.picker
    assert chosen is not None
    chosen.mark([chosen.lines[3]])
    chosen.original.setChecked(False)
    chosen.take.click()
    qtbot.waitUntil(lambda: len(case_view(posko, uid).evidence) == 2, timeout=8000)
    qtbot.waitUntil(lambda: not context.tasks.busy)
    page.hide()
    page.deleteLater()
    context.leave()


def test_one_key_copies_a_reply_and_the_timeline_says_so(
    qapp: QApplication, posko: Posko, qtbot: QtBot
) -> None:
    theme.apply(qapp)
    uid = file_report(posko, new_report()).uid
    context = Context(posko)
    page = CasePage(context)
    page.open(uid=uid)
    page.header.act_wanted.emit("reply")
    (sheet,) = open_sheets()
    assert isinstance(sheet, ReplySheet)
    qtbot.keyClicks(sheet.table, "3")  # nothing is missing: Minta data, Beri tahu nomor, Arahkan
    assert "mohon datang ke" in QGuiApplication.clipboard().text()
    assert not open_sheets()
    assert case_view(posko, uid).events[0].note.startswith("Balasan WhatsApp disalin: ")
    page.header.act_wanted.emit("reply")
    (sheet,) = open_sheets()
    assert isinstance(sheet, ReplySheet)
    sheet.note.setChecked(False)
    sheet.table.choose("thanks")
    qtbot.keyClick(sheet.table, Qt.Key.Key_Return)
    assert QGuiApplication.clipboard().text().startswith("Terima kasih atas informasinya.")
    assert len(case_view(posko, uid).events) == 2
    page.deleteLater()
    context.leave()


def test_who_may_not_write_still_copies_but_notes_nothing(qapp: QApplication, posko: Posko) -> None:
    theme.apply(qapp)
    uid = file_report(posko, new_report()).uid
    context = Context(posko)
    window = QWidget()
    sheet = ReplySheet(window, context, uid, "Peran auditor tidak boleh mencatat.")
    assert not sheet.note.isChecked()
    sheet.copy()
    assert len(case_view(posko, uid).events) == 1
    context.leave()


def test_a_tip_is_looked_into_from_its_page(qapp: QApplication, posko: Posko, qtbot: QtBot) -> None:
    theme.apply(qapp)
    uid = file_report(posko, new_report(kind="initial_info", witnesses=())).uid
    context = Context(posko)
    page = CasePage(context)
    page.open(uid=uid)
    assert page.header.next.main.objectName() == "inquiry_ordered"
    page.open_step("inquiry_ordered")
    assert page.sheet is not None
    page.sheet.submit()
    assert page.sheet.form.boxes["officers"].problem == "Isi siapa yang ditugaskan menelusuri."
    page.sheet.form.set_values({"officers": "Contoh Satu, Staf\nContoh Dua, Staf", "number": "217"})
    page.sheet.submit()
    order = inquiry_of(posko, uid).order
    assert order is not None
    assert (order.number, order.officers) == ("217", ("Contoh Satu, Staf", "Contoh Dua, Staf"))
    assert order.until == date(2024, 10, 21)  # the safe end of the inquiry's own limit
    page.open_step("inquiry_reported")
    assert page.sheet is not None
    page.sheet.form.set_values({"outcome": "suspected", "note": "Dibenarkan tiga warga."})
    page.sheet.submit()
    report = inquiry_of(posko, uid).report
    assert report is not None
    assert (report.outcome, report.summary) == ("suspected", "Dibenarkan tiga warga.")
    page.deleteLater()
    context.leave()
