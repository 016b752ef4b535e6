"""Panduan awal: the whole way by keyboard, every mistake in plain words, and nothing typed lost."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from posko_app.errors import InvalidInput
from posko_app.paths import OfficeFolder
from posko_app.rules.regions import load_regions
from posko_app.security.keys import check_password
from ui import dialogs, theme
from ui.pages.setup import SetupPage
from ui.pages.setup.proposals import proposed, proposed_login
from ui.window import Window

SECRET = "perahu kuning di muara"
ENTER, ESCAPE = Qt.Key.Key_Return, Qt.Key.Key_Escape
Opened = Callable[..., SetupPage]


@pytest.fixture
def opened(tmp_path: Path, qapp: QApplication, qtbot: QtBot) -> Iterator[Opened]:
    """Show the wizard over an empty folder; the tasks of every one shown are waited for."""
    theme.apply(qapp)
    shown: list[SetupPage] = []

    def show(folder: Path | None = None) -> SetupPage:
        page = SetupPage(folder or tmp_path / "kantor")
        shown.append(page)
        qtbot.addWidget(page)
        page.resize(1366, 698)
        page.show()
        return page

    yield show
    for page in shown:
        page.close_tasks()


class Typist:
    """Presses keys where the keyboard is, as a person does."""

    def __init__(self, qtbot: QtBot, page: QWidget) -> None:
        self.qtbot, self.page = qtbot, page

    def focus(self) -> QWidget:
        found = self.page.window().focusWidget()
        assert found is not None
        return found

    def type(self, text: str, key: Qt.Key = ENTER) -> None:
        """Replace what stands in the field and press a key."""
        field = self.focus()
        if isinstance(field, QLineEdit):
            field.selectAll()
        self.qtbot.keyClicks(field, text)
        self.press(key)

    def press(self, key: Qt.Key, times: int = 1) -> None:
        """Press a key; a list that is open gets it first."""
        for _ in range(times):
            self.qtbot.keyClick(QApplication.activePopupWidget() or self.focus(), key)


def said(page: SetupPage, key: str) -> str:
    """The error at a field."""
    for step in page.steps:
        for form in step.group.forms:
            if key in form.boxes:
                return form.boxes[key].problem
    raise KeyError(key)


def fill_office(page: SetupPage, code: str = "62.10.02") -> None:
    """Answer step 1."""
    levels = {2: "provinsi", 5: "kabupaten", 8: "kecamatan"}
    page.office.set_raw({"level": levels[len(code)], "region_code": code})


def fill_account(page: SetupPage, password: str = SECRET, repeat: str = SECRET) -> None:
    """Answer step 2."""
    page.account.set_raw({"admin_name": "Contoh Satu", "admin_login": "contoh"})
    page.account.secret.set_raw({"password": password, "repeat": repeat})


def go_to(page: SetupPage, step: int) -> None:
    """Answer everything up to a step, counted from 0."""
    fill_office(page)
    fill_account(page)
    page.office.names.set_values({"place": "Kurun"})
    page.safe.kept.setChecked(True)
    for _ in range(step):
        page.go_on()
    assert page.stack.currentIndex() == step


# --- proposals -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "name", "head", "place", "election"),
    [
        ("62", "Bawaslu Provinsi Kalimantan Tengah", "PROVINSI KALIMANTAN TENGAH", "", "PG"),
        ("62.10", "Bawaslu Kabupaten Gunung Mas", "KABUPATEN GUNUNG MAS", "", "PB"),
        ("62.71", "Bawaslu Kota Palangkaraya", "KOTA PALANGKARAYA", "Palangkaraya", "PW"),
        ("62.10.02", "Panwaslu Kecamatan Kurun", "KECAMATAN KURUN", "Kurun", "PB"),
        ("11", "Panwaslih Provinsi Aceh", "PROVINSI ACEH", "", "PG"),
        ("91.03.01", "Panwaslu Distrik Sentani", "DISTRIK SENTANI", "Sentani", "PB"),
    ],
)
def test_names_are_proposed(code: str, name: str, head: str, place: str, election: str) -> None:
    found = proposed(load_regions().path(code))
    assert (found.name, found.letterhead[1], found.place) == (name, head, place)
    assert found.election_kind == election
    assert bool(found.doubt) == code.startswith("11")


@pytest.mark.parametrize(
    ("name", "login"),
    [("Maya Puspita, S.H.", "maya"), ("H. Darma Misal", "darma"), ("Nur'aini", "nuraini")],
)
def test_a_login_is_proposed(name: str, login: str) -> None:
    assert proposed_login(name) == login


# --- the whole way -------------------------------------------------------------------------------


def test_an_office_is_made_by_keyboard_and_opens(
    tmp_path: Path, qapp: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    theme.apply(qapp)
    window = Window(tmp_path / "kantor")
    qtbot.addWidget(window)
    window.begin()
    with qtbot.waitActive(window):
        window.show()
    page = window.stack.currentWidget()
    assert isinstance(page, SetupPage)
    keys = Typist(qtbot, window)
    keys.press(Qt.Key.Key_Space)  # the first level: kecamatan
    keys.press(ENTER)
    for typed in ("kalimantan tengah", "gunung mas", "kurun"):
        keys.type(typed)
    assert page.office.names.raw()["name"] == "Panwaslu Kecamatan Kurun"
    assert page.office.codes.raw()["region_code"] == "62.10.02"
    keys.press(ENTER, 5)  # name, place, zone, paper, letterhead
    keys.type("21.05")
    keys.type("KH-05")
    assert page.step is page.account
    keys.type("Maya Puspita")
    keys.type("Ketua")
    keys.press(ENTER)  # the log-in name proposed
    keys.type(SECRET)
    keys.type(SECRET)
    assert page.step is page.safe
    keys.press(Qt.Key.Key_Space)
    keys.press(ENTER)
    assert page.step is page.ready
    keys.press(ENTER)
    assert page.next.text() == "Membuat kantor…"
    qtbot.waitUntil(lambda: window.shell is not None, timeout=20_000)
    assert window.context is not None
    office, user = window.context.posko.office, window.context.posko.user
    assert (office.name, office.level, office.code) == (
        "Panwaslu Kecamatan Kurun", "kecamatan", "62.10.02",
    )  # fmt: skip
    assert (office.report_code, office.letter_code, office.zone) == ("21.05", "KH-05", "WIB")
    assert not office.practice
    assert (user.login, user.name, user.title, user.role) == (
        "maya", "Maya Puspita", "Ketua", "admin",
    )  # fmt: skip
    window.close()


# --- step 1 --------------------------------------------------------------------------------------


def test_the_level_comes_first(opened: Opened, qtbot: QtBot) -> None:
    page = opened()
    assert not page.office.where.isVisible()
    page.go_on()
    assert page.stack.currentIndex() == 0
    assert page.office.level == ""
    page.office.levels["kabupaten"].radio.setChecked(True)
    shown = {key for key, box in page.office.where.boxes.items() if box.isVisible()}
    assert shown == {"provinsi", "kabupaten"}


def test_everything_missing_is_said_at_once(opened: Opened) -> None:
    page = opened()
    page.office.levels["kecamatan"].radio.setChecked(True)
    page.go_on()
    assert page.stack.currentIndex() == 0
    assert said(page, "provinsi") == "Pilih provinsi."
    assert said(page, "kecamatan") == "Pilih kecamatan."
    assert said(page, "name") == "Isi nama kantor."
    assert page.office.group.summary.isVisible()


def test_another_province_empties_what_lay_below(opened: Opened) -> None:
    page = opened()
    fill_office(page, "62.10.02")
    where = page.office.where
    where.set_values({"provinsi": "63"})
    where.changed.emit("provinsi")
    assert where.raw()["kabupaten"] == where.raw()["kecamatan"] == ""
    where.boxes["kabupaten"].set_raw("Kabupaten Gunung Mas")  # of the province before
    where.changed.emit("kabupaten")
    assert "kabupaten" in {problem.field for problem in page.office.check()}
    assert "Pilih dari daftar" in said(page, "kabupaten")


def test_what_the_user_wrote_is_never_replaced(opened: Opened) -> None:
    page = opened()
    fill_office(page, "62.10")
    assert page.office.names.raw()["zone"] == "WIB"
    page.office.names.set_values({"name": "Panitia Contoh"})
    page.office.where.set_values({"provinsi": "63"})
    page.office.where.changed.emit("provinsi")
    assert page.office.names.raw()["name"] == "Panitia Contoh"
    assert page.office.names.raw()["zone"] == "WITA"
    assert page.office.head.raw()["letterhead"] == ""


def test_empty_codes_are_pointed_out_and_never_derived(opened: Opened) -> None:
    page = opened()
    fill_office(page)
    values = page.office.values()
    assert (values["region_code"], values["report_code"], values["letter_code"]) == (
        "62.10.02", "", "",
    )  # fmt: skip
    assert page.office._reminder_row.isVisible()
    page.office.codes.set_values({"report_code": "21.05", "letter_code": "KH-05"})
    page.office.codes.changed.emit("letter_code")
    assert not page.office._reminder_row.isVisible()


def test_the_letterhead_is_seen_while_typing(opened: Opened) -> None:
    page = opened()
    fill_office(page)
    page.office.head.set_values({"letterhead": "PANITIA CONTOH\n\nJalan Contoh 1"})
    page.office.head.changed.emit("letterhead")
    assert page.office.preview.accessibleName() == "Kop surat: PANITIA CONTOH, Jalan Contoh 1"


# --- steps 2 to 4 --------------------------------------------------------------------------------


def test_a_short_password_is_refused_in_the_words_of_the_core(opened: Opened) -> None:
    page = opened()
    go_to(page, 1)
    fill_account(page, "pendek", "pendek")
    page.go_on()
    with pytest.raises(InvalidInput) as caught:
        check_password("pendek", practice=False)
    assert said(page, "password") == str(caught.value)
    assert page.step is page.account


def test_both_passwords_must_be_the_same(opened: Opened, qtbot: QtBot) -> None:
    page = opened()
    go_to(page, 1)
    fill_account(page, SECRET, SECRET + " ")
    page.go_on()
    assert said(page, "repeat") == "Belum sama dengan kata sandi di sebelahnya."
    field = page.account.secret.boxes["repeat"].editor
    assert isinstance(field, QLineEdit)
    assert field.echoMode() == QLineEdit.EchoMode.Password
    page.account.eye.click()
    assert field.echoMode() == QLineEdit.EchoMode.Normal


def test_a_login_the_core_refuses_is_marked(opened: Opened) -> None:
    page = opened()
    go_to(page, 1)
    page.account.person.set_values({"admin_login": "dua kata"})
    page.go_on()
    assert "2 sampai 32 huruf kecil" in said(page, "admin_login")


def test_the_password_must_be_kept(opened: Opened, qtbot: QtBot) -> None:
    page = opened()
    go_to(page, 2)
    page.safe.kept.setChecked(False)
    page.go_on()
    assert page.step is page.safe
    assert page.safe._problem.isVisible()
    qtbot.keyClick(page.safe.kept, Qt.Key.Key_Space)
    assert not page.safe._problem.isVisible()
    qtbot.keyClick(page.safe.kept, ENTER)
    assert page.step is page.ready


def test_back_keeps_what_was_typed(opened: Opened) -> None:
    page = opened()
    go_to(page, 3)
    for _ in range(3):
        page.go_back()
    assert page.step is page.office
    assert page.answers()["admin_name"] == "Contoh Satu"
    assert page.account.password == SECRET


def test_a_folder_that_cannot_be_made_is_a_sentence(
    opened: Opened, tmp_path: Path, qtbot: QtBot
) -> None:
    (tmp_path / "berkas").write_text("bukan folder")
    page = opened(tmp_path / "berkas" / "kantor")
    go_to(page, 3)
    with qtbot.waitSignal(page._tasks.ended, timeout=20_000):
        page.go_on()
    qtbot.waitUntil(page.ready.failure.isVisible)
    assert "tidak dapat dibuat. Tidak ada yang diubah" in page.ready.failure.accessibleName()
    assert page.next.isEnabled()
    (tmp_path / "berkas").unlink()
    with qtbot.waitSignal(page.finished, timeout=20_000) as made:
        page.go_on()
    assert made.args == ["contoh", SECRET]


# --- leaving -------------------------------------------------------------------------------------


def test_esc_asks_and_staying_keeps_everything(
    opened: Opened, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = opened()
    go_to(page, 1)
    asked: list[str] = []

    def stay(_parent: QWidget, question: str, *_words: str) -> bool:
        asked.append(question)
        return False

    monkeypatch.setattr(dialogs, "confirm", stay)
    with qtbot.assertNotEmitted(page.left):
        qtbot.keyClick(page.account.person.boxes["admin_name"].editor, ESCAPE)
    assert asked == ["Keluar dari penyiapan?"]
    assert page.account.password == SECRET


def test_answers_wait_for_the_next_time_but_the_password_does_not(
    opened: Opened, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = opened()
    go_to(page, 1)
    monkeypatch.setattr(dialogs, "confirm", lambda *_: True)
    with qtbot.waitSignal(page.left):
        qtbot.keyClick(page, ESCAPE)
    page.close_tasks()
    kept = tmp_path / "kantor" / "penyiapan.json"
    assert SECRET not in kept.read_text("utf-8")
    assert json.loads(kept.read_text("utf-8"))["region_code"] == "62.10.02"
    again = opened()
    assert again.answers()["name"] == "Panwaslu Kecamatan Kurun"
    assert again.answers()["admin_name"] == "Contoh Satu"
    assert again.account.password == ""


def test_nothing_is_kept_once_the_office_stands(
    opened: Opened, tmp_path: Path, qtbot: QtBot
) -> None:
    folder = tmp_path / "kantor"
    page = opened(folder)
    go_to(page, 3)
    with qtbot.waitSignal(page.finished, timeout=20_000):
        page.go_on()
    page.close_tasks()
    assert OfficeFolder(folder).keyfile.exists()
    assert not (folder / "penyiapan.json").exists()
