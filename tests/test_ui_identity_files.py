"""Foto KTP in the form and on the page of the case; the finder of a finding, who is no reporter."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from posko_app.app import Posko
from posko_app.cases import drafts
from posko_app.cases.case_view import case_view
from posko_app.cases.intake import file_report
from posko_app.cases.kinds import intake_book
from posko_app.cases.report import PersonInput
from posko_app.cases.upgrade import upgrade
from tests.answers import Answers
from tests.desk import Desk, filed, type_into
from tests.factory import REPORTER, new_report
from ui import dialogs, documents, theme
from ui.pages.case import CasePage
from ui.pages.case.summary import event_rows

CARD = b"\xff\xd8\xff\xe0" + b"gambar kartu " * 400


@pytest.fixture
def card(tmp_path: Path) -> Path:
    path = tmp_path / "kartu.jpg"
    path.write_bytes(CARD)
    return path


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files handed to the system's viewer."""
    paths: list[Path] = []
    monkeypatch.setattr(documents, "show", lambda path: paths.append(path) is None)
    return paths


@pytest.fixture
def desk(qapp: QApplication, posko: Posko, shown: list[Path]) -> Iterator[Desk]:
    theme.apply(qapp)
    made = Desk(posko)
    made.open()
    yield made
    made.close()


@pytest.fixture
def page(desk: Desk, qtbot: QtBot) -> CasePage:
    made = CasePage(desk.context)
    qtbot.addWidget(made)
    made.resize(1182, 638)
    made.show()
    return made


def _says(page: CasePage) -> str:
    labels = page.body.reporter.findChildren(QLabel)
    return "\n".join(label.text() for label in labels if label.isVisibleTo(page.body.reporter))


def test_it_is_dropped_on_its_line_and_becomes_no_evidence(
    desk: Desk, qtbot: QtBot, card: Path
) -> None:
    desk.fill()
    line = desk.page.work.entry.picture
    assert line is not None
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(card))])
    line.dropEvent(
        QDropEvent(
            QPointF(5, 5),
            Qt.DropAction.CopyAction,
            mime,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )
    assert line.state.text().startswith("kartu.jpg · ")
    desk.page._show_review()
    assert dict(desk.page.work.review.lines("reporter"))["Foto KTP"].startswith("disertakan")
    view = filed(desk, qtbot)
    assert [e.description for e in view.evidence] == ["Foto stiker"]
    assert [p.person for p in view.pictures] == [""]


def test_a_draft_remembers_it_and_it_can_be_taken_away(
    desk: Desk, qtbot: QtBot, card: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dialogs, "open_files", lambda *_: [card])
    type_into(qtbot, desk, "title", "Guru membagikan stiker")
    line = desk.page.work.entry.picture
    assert line is not None
    qtbot.mouseClick(line.choose, Qt.MouseButton.LeftButton)
    (row,) = drafts.drafts(desk.posko)
    desk.open()
    assert line.path == ""
    desk.open(draft=row.uid)
    assert line.path == str(card)
    card.unlink()
    desk.open()
    desk.open(draft=row.uid)
    assert line.state.text().endswith("pilih lagi")
    qtbot.mouseClick(line.remove, Qt.MouseButton.LeftButton)
    assert (line.path, line.remove.isHidden()) == ("", True)
    assert drafts.open_draft(desk.posko, row.uid)["picture"] == ""


def test_only_kinds_with_a_card_ask_for_it_and_a_change_of_kind_keeps_it(
    desk: Desk, card: Path
) -> None:
    assert [k.code for k in intake_book().kinds.values() if k.picture] == [
        "report", "voter_rights"
    ]  # fmt: skip
    line = desk.page.work.entry.picture
    assert line is not None
    line.take([card])
    desk.page.set_kind("initial_info")
    assert desk.page.work.entry.picture is None
    desk.page.set_kind("report")
    again = desk.page.work.entry.picture
    assert again is not None
    assert again.path == str(card)


def test_it_is_opened_only_while_the_identity_is_shown(
    desk: Desk, page: CasePage, qtbot: QtBot, card: Path, shown: list[Path]
) -> None:
    case = file_report(desk.posko, new_report(picture=card)).uid
    page.open(uid=case, tab="reporter")
    pictures = page.body.reporter.pictures
    assert pictures is not None
    assert pictures.look.isHidden()
    assert "Foto KTP, " in _says(page)
    answers = Answers(reason="mencocokkan tanda tangan")
    qtbot.mouseClick(page.body.reporter.reveal, Qt.MouseButton.LeftButton)
    assert answers.problems == {}
    assert REPORTER.name in _says(page)
    qtbot.mouseClick(pictures.look, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(shown))
    assert [path.read_bytes() for path in shown] == [CARD]
    assert shown[0].name == "Foto KTP.jpg"
    qtbot.mouseClick(page.body.reporter.reveal, Qt.MouseButton.LeftButton)
    assert pictures.look.isHidden()
    assert not shown[0].exists()


def test_a_copy_made_after_the_identity_was_masked_is_not_shown(
    desk: Desk, page: CasePage, qtbot: QtBot, card: Path, shown: list[Path]
) -> None:
    case = file_report(desk.posko, new_report(picture=card)).uid
    page.open(uid=case, tab="reporter")
    pictures = page.body.reporter.pictures
    assert pictures is not None
    Answers(reason="mencocokkan tanda tangan")
    qtbot.mouseClick(page.body.reporter.reveal, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(desk.context.tasks.ended):
        pictures.open()
        page.body.disclosure.mask_all()
    assert shown == []
    assert not [path for path in desk.posko.folder.private.rglob("*") if path.is_file()]


def test_who_sent_what_became_a_finding_is_still_reached_with_a_reason(
    desk: Desk, page: CasePage, qtbot: QtBot
) -> None:
    tip = file_report(desk.posko, new_report(kind="initial_info")).uid
    page.open(uid=tip, tab="reporter")
    assert page.body.informant.isHidden()
    found = new_report(kind="finding", reporter=PersonInput(), witnesses=())
    upgrade(desk.posko, tip, found)
    page.open(uid=tip, tab="reporter")
    informant = page.body.informant
    assert not informant.isHidden()
    assert page.body.reporter.reveal.isHidden()
    answers = Answers(reason="menghubungi pengirim")
    qtbot.mouseClick(informant.reveal, Qt.MouseButton.LeftButton)
    assert answers.problems == {}
    said = [label.text() for label in informant.findChildren(QLabel)]
    assert REPORTER.name in said
    page.open(uid=file_report(desk.posko, found).uid, tab="reporter")
    assert page.body.informant.isHidden()


def test_it_may_follow_later(
    desk: Desk, page: CasePage, qtbot: QtBot, card: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = file_report(desk.posko, new_report()).uid
    page.open(uid=case, tab="reporter")
    assert "Foto KTP belum ada" in _says(page)
    monkeypatch.setattr(dialogs, "open_files", lambda *_: [card])
    pictures = page.body.reporter.pictures
    assert pictures is not None
    qtbot.mouseClick(pictures.add, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "Foto KTP, " in _says(page))
    assert len(case_view(desk.posko, case).pictures) == 1


def test_the_finder_of_a_finding_is_named_openly(desk: Desk, page: CasePage) -> None:
    case = file_report(desk.posko, new_report(kind="finding")).uid
    page.open(uid=case, tab="reporter")
    said = _says(page)
    assert "Contoh Pengawas Empat" in said
    assert "004/LHP/PM.01.02/X/2024" in said
    assert "14 Oktober 2024" in said
    assert "Rahasia" not in said
    assert "kantor penerima" not in said
    assert page.body.reporter.reveal.isHidden()
    assert page.body.reporter.title.text() == "Penemu"
    report = file_report(desk.posko, new_report()).uid
    page.open(uid=report, tab="reporter")
    assert not page.body.reporter.reveal.isHidden()
    assert "Contoh Pengawas Empat" not in _says(page)


def test_everybody_is_called_what_the_kind_calls_them(desk: Desk, page: CasePage) -> None:
    called = {}
    for kind in intake_book().kinds:
        page.open(uid=file_report(desk.posko, new_report(kind=kind)).uid)
        called[kind] = page.body.reporter.title.text()
    assert called == {
        "report": "Pelapor", "finding": "Penemu", "initial_info": "Pengirim",
        "consultation": "Penanya", "request": "Pemohon", "voter_rights": "Pemilih",
        "outside": "Penyampai",
    }  # fmt: skip


def test_the_summary_says_only_what_its_kind_asks_or_what_is_known(
    desk: Desk, page: CasePage
) -> None:
    def keys(**changes: object) -> list[str]:
        case = file_report(desk.posko, new_report(**changes))
        page.open(uid=case.uid)
        assert page.words is not None
        return [key for key, _ in event_rows(page.words)]

    assert keys() == [
        "Waktu kejadian", "Diketahui", "Tempat", "Dilaporkan", "Cara lapor", "Dugaan"
    ]  # fmt: skip
    assert keys(kind="finding") == ["Waktu kejadian", "Ditemukan", "Tempat", "Dicatat", "Dugaan"]
    bare = {"event_on": None, "known_on": None, "event_place": "", "region_code": ""}
    assert keys(kind="consultation", **bare) == ["Diterima", "Cara lapor", "Tentang"]
    asked = keys(kind="request", organisation="Kecamatan Contoh", theme="", **bare)
    assert asked == ["Tempat", "Diterima", "Cara lapor", "Lembaga"]
    assert page.summary.event_card.title.text() == "Permintaan"


def test_who_reports_for_another_has_a_card_behind_dots(
    desk: Desk, page: CasePage, qtbot: QtBot
) -> None:
    proxy = PersonInput(name="Contoh Kuasa Lima", phone="0812 5555 0199", citizenship="")
    new = new_report(by_proxy=True, proxy=proxy, proxy_letter="07/SK/2024")
    page.open(uid=file_report(desk.posko, new).uid, tab="reporter")
    card = page.body.proxy

    def says() -> str:
        return "\n".join(x.text() for x in card.findChildren(QLabel) if x.isVisibleTo(card))

    assert card.isVisibleTo(page)
    assert "Surat kuasa 07/SK/2024" in says()
    assert "Contoh Kuasa Lima" not in says()
    Answers(reason="menghubungi kuasa")
    qtbot.mouseClick(card.reveal, Qt.MouseButton.LeftButton)
    assert "Contoh Kuasa Lima" in says()
    assert REPORTER.name not in _says(page)
    page.open(uid=file_report(desk.posko, new_report()).uid, tab="reporter")
    assert not card.isVisibleTo(page)
