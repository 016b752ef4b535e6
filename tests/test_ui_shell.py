"""The window: start, log-in, pages, actions, palette, lock, looks; and no leaks."""

from __future__ import annotations

import gc
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from posko_app.app import Posko
from posko_app.cases import intake
from posko_app.errors import UserError
from posko_app.progress import Progress
from tests.factory import PASSWORD, new_report
from ui import dialogs, looks, pages, screenshots, start, theme
from ui.actions import ACTIONS, BY_KEY
from ui.context import Context
from ui.page import Page
from ui.pages.people import initials
from ui.pages.sign_in import SignInPage
from ui.palette import NOTHING, Found, matching
from ui.shell import Shell, Surroundings
from ui.sidebar import ITEMS
from ui.widgets.text import Text
from ui.window import Window

ROOT = Path(__file__).parents[1]


class Note(Page):
    """A page that counts what happens to it."""

    title = "Catatan"
    sidebar = "cases"
    shows = frozenset({"cases"})
    once = frozenset({"step"})
    stay: ClassVar[bool] = False

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.reloads, self.asked, self.kept = 0, {}, ""
        self.calls: list[Any] = []

    def open(self, **arguments: Any) -> None:
        self.asked = arguments
        if arguments.get("uid") == "gone":
            raise UserError("Perkara ini tidak ada di kantor ini.")

    def reload(self) -> None:
        self.reloads += 1

    def primary(self) -> None:
        self.calls.append("primary")

    def step_tab(self, by: int) -> None:
        self.calls.append(by)

    def leave(self) -> bool:
        return not self.stay

    def state(self) -> dict[str, Any]:
        return {"kept": self.kept}

    def restore(self, state: dict[str, Any]) -> None:
        self.calls.append(state["kept"])


class Second(Note):
    """Another one."""

    title = "Kedua"
    sidebar = "recap"


@pytest.fixture
def two_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, page in (("home", "Note"), ("cases", "Note"), ("recap", "Second")):
        monkeypatch.setitem(pages.PAGES, name, f"{__name__}:{page}")


@pytest.fixture
def shell(posko: Posko, qtbot: QtBot, qapp: QApplication, two_pages: None) -> Iterator[Shell]:
    theme.apply(qapp)
    context = Context(posko)
    found = [Found(text="Camat mengarahkan warga", number="021", page="recap")]
    around = Surroundings(
        person="Rina Wulandari",
        office="Bawaslu Kabupaten Gunung Mas",
        counts=lambda: {"active": 18, "late": 1},
        find=lambda text: found if "camat" in text else [],
        sent=lambda: "Terkirim ke provinsi: 14 Okt",
        clock=lambda: "10.42",
    )
    made = Shell(context, around)
    qtbot.addWidget(made)
    made.resize(1366, 698)
    made.show()
    yield made
    context.close()


def note_of(shell: Shell) -> Note:
    """The page on screen."""
    page = shell.page
    assert isinstance(page, Note)
    return page


# --- actions -------------------------------------------------------------------------------------


def test_no_two_actions_share_a_shortcut_or_a_key() -> None:
    written = [QKeySequence(a.shortcut).toString() for a in ACTIONS if a.shortcut]
    assert all(written)
    assert len(set(written)) == len(written)
    assert len(BY_KEY) == len(ACTIONS)


def test_every_action_leads_somewhere() -> None:
    for action in ACTIONS:
        assert bool(action.page) != bool(action.method), action.key
        owner = Shell if action.owner == "shell" else Page
        assert not action.method or callable(getattr(owner, action.method)), action.key
        assert not action.page or action.page in pages.PAGES, action.key
    assert {item.page for item in ITEMS if item.page} <= set(pages.PAGES)


def test_keys_reach_the_page(shell: Shell, qtbot: QtBot) -> None:
    shell.open("home")
    shell.activateWindow()
    qtbot.keyClick(shell, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(shell, Qt.Key.Key_PageDown, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(shell, Qt.Key.Key_PageUp, Qt.KeyboardModifier.ControlModifier)
    assert note_of(shell).calls == ["primary", 1, -1]


# --- pages ---------------------------------------------------------------------------------------


def test_pages_are_built_once_and_get_their_arguments(shell: Shell) -> None:
    shell.open("cases", due="late")
    first = note_of(shell)
    assert first.asked == {"due": "late"}
    assert shell.sidebar.list.lit == "cases.late"
    shell.open("recap")
    shell.context.open("cases")
    assert shell.page is first
    assert shell.sidebar.list.lit == "cases"


def test_back_brings_the_page_as_it_was(shell: Shell, qtbot: QtBot) -> None:
    shell.open("cases", view="mine")
    note_of(shell).kept = "gulir 300"
    shell.open("recap")
    qtbot.keyClick(shell, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    page = note_of(shell)
    assert (page.asked, page.calls) == ({"view": "mine"}, ["gulir 300"])
    shell.back()
    assert shell.where() == ("cases", {"view": "mine"})


def test_what_is_for_one_visit_is_not_on_the_way_back(shell: Shell) -> None:
    shell.open("cases", view="mine", step="reviewed")
    assert note_of(shell).asked == {"view": "mine", "step": "reviewed"}
    assert shell.where() == ("cases", {"view": "mine"})
    shell.open("recap")
    shell.back()
    assert note_of(shell).asked == {"view": "mine"}


def test_stepping_through_a_list_is_one_visit(shell: Shell) -> None:
    shell.open("cases", view="mine")
    for uid in ("a", "b", "c"):
        shell.open("recap", uid=uid, order=("a", "b", "c"))
    shell.back()
    assert shell.where() == ("cases", {"view": "mine"})


def test_a_page_may_hold_the_user_back(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    shell.open("cases")
    monkeypatch.setattr(Note, "stay", True)
    assert not shell.open("recap")
    assert shell.where()[0] == "cases"


def test_what_is_not_there_is_said_and_nothing_moves(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[UserError] = []
    monkeypatch.setattr(dialogs, "problem", lambda _parent, error: told.append(error))
    shell.open("recap")
    assert not shell.open("cases", uid="gone")
    assert [str(e) for e in told] == ["Perkara ini tidak ada di kantor ini."]
    assert shell.where()[0] == "recap"


def test_a_page_reloads_only_when_it_must(shell: Shell) -> None:
    shell.open("cases")
    page = note_of(shell)
    assert page.reloads == 1
    shell.context.changed.emit(frozenset({"letters"}))
    assert page.reloads == 1
    shell.context.changed.emit(frozenset({"cases", "letters"}))
    assert page.reloads == 2
    shell.open("recap")
    shell.context.changed.emit(frozenset({"cases"}))
    assert page.reloads == 2
    shell.open("cases")
    assert page.reloads == 3


def test_a_commit_in_the_core_reaches_pages_and_status(shell: Shell, posko: Posko) -> None:
    shell.open("cases")
    before = note_of(shell).reloads
    intake.file_report(posko, new_report())
    assert note_of(shell).reloads == before + 1
    assert shell.status.left.text() == "Semua perubahan tersimpan · 10.42"


def test_the_status_does_not_call_a_failed_or_stopped_task_done(
    shell: Shell, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_posko: Posko, *, progress: Progress) -> None:
        raise UserError("Ruang penyimpanan penuh.", "disk_full")

    def wait(_posko: Posko, *, progress: Progress) -> None:
        while True:
            progress(0, 1)

    def finish(_posko: Posko, *, progress: Progress) -> None:
        assert go.wait(5)

    go = threading.Event()
    told: list[BaseException] = []
    status = shell.status.left
    shell.context.start(fail, label="Menyalin bukti", failed=told.append)
    qtbot.waitUntil(lambda: bool(told))
    assert status.text() == "Menyalin bukti: tidak berhasil"
    assert shell.saved_at == ""
    shell.context.start(wait, label="Menyalin bukti").cancel()
    qtbot.waitUntil(lambda: status.text() == "Dibatalkan, tidak ada yang berubah")
    shell.context.start(finish, label="Menyalin bukti").cancel()  # too late: it does not look
    go.set()
    qtbot.waitUntil(lambda: status.text() == "Selesai · 10.42")


# --- frame ---------------------------------------------------------------------------------------


def test_badges_come_from_outside_and_are_told_to_screen_readers(
    shell: Shell, qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: shell.sidebar.counts.get("active") == 18)
    index = shell.sidebar.list.model().index(1, 0)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "Laporan, 18"


def test_the_status_says_what_was_sent_last_and_nothing_of_backups(
    shell: Shell, qtbot: QtBot
) -> None:
    said = "Terkirim ke provinsi: 14 Okt"
    qtbot.waitUntil(lambda: said in [text.text() for text in shell.status.findChildren(Text)])
    shown = [text.text() for text in shell.status.findChildren(Text) if text.isVisible()]
    assert said in shown
    assert not any("adangan" in text for text in shown)


def test_the_sidebar_folds_by_key_and_by_width(shell: Shell, qtbot: QtBot) -> None:
    shell.open("home")
    assert shell.sidebar.width() == 184
    qtbot.keyClick(shell, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    assert shell.sidebar.width() == 52
    qtbot.keyClick(shell, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    assert shell.sidebar.width() == 184
    shell.resize(1024, 600)
    assert shell.sidebar.width() == 52
    shell.resize(1366, 698)
    assert shell.sidebar.width() == 184


def test_the_sidebar_works_from_the_keyboard(shell: Shell, qtbot: QtBot) -> None:
    shell.open("home")
    shell.run_action("next_pane")
    assert shell.sidebar.list.hasFocus()
    qtbot.keyClick(shell.sidebar.list, Qt.Key.Key_Down)
    qtbot.keyClick(shell.sidebar.list, Qt.Key.Key_Return)
    assert shell.where() == ("cases", {"due": "late"})


def test_nothing_in_the_frame_is_without_a_name(shell: Shell) -> None:
    shell.open("home")
    nameless = [
        button
        for button in shell.findChildren(QAbstractButton)
        if not button.accessibleName() and not button.text()
        and not button.objectName().startswith("qt_")
    ]  # fmt: skip
    assert nameless == []


def test_the_toast_offers_to_take_back_once(shell: Shell, qtbot: QtBot) -> None:
    shell.open("home")
    undone: list[str] = []
    shell.context.say("Perkara 019 diarsipkan", lambda: undone.append("019"))
    assert shell.toast.isVisible()
    qtbot.keyClick(shell, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(shell, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert undone == ["019"]
    assert shell.toast.isHidden()


def test_ctrl_z_takes_back_from_inside_a_field_unless_something_was_typed(
    shell: Shell, qtbot: QtBot
) -> None:
    shell.open("home")
    assert shell.page is not None
    line = QLineEdit(shell.page)
    line.show()
    shell.activateWindow()
    qtbot.waitUntil(shell.isActiveWindow)
    line.setFocus()
    undone: list[str] = []
    ctrl = Qt.KeyboardModifier.ControlModifier
    shell.context.say("Draf dibuang.", lambda: undone.append("satu"))
    qtbot.keyClicks(line, "abc")
    qtbot.keyClick(line, Qt.Key.Key_Z, ctrl)
    assert (line.text(), undone) == ("", [])
    line.setText("")
    qtbot.keyClick(line, Qt.Key.Key_Z, ctrl)
    assert undone == ["satu"]
    assert shell.toast.isHidden()


def test_a_long_message_stays_inside_the_page(shell: Shell) -> None:
    shell.open("home")
    shell.context.say("Laporan ini perlu dilihat lagi. " * 20)
    assert shell.toast.geometry().right() < shell.stack.width()


# --- palette -------------------------------------------------------------------------------------


def test_the_palette_finds_actions_by_every_word() -> None:
    assert [entry.action for entry in matching("baru laporan")] == ["new_report"]
    assert matching("xyz") == []


def test_the_palette_opens_a_case_and_gives_the_keyboard_back(shell: Shell, qtbot: QtBot) -> None:
    shell.open("home")
    qtbot.keyClick(shell, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    view = shell.palette_view
    assert view.isVisible()
    qtbot.keyClicks(view.input, "camat")
    assert [entry.number for entry in view.entries()] == ["021"]
    qtbot.keyClick(view.input, Qt.Key.Key_Return)
    assert view.isHidden()
    assert shell.where()[0] == "recap"
    shell.open_palette()
    qtbot.keyClick(view.input, Qt.Key.Key_Escape)
    assert view.isHidden()


def test_the_palette_says_when_nothing_fits(shell: Shell, qtbot: QtBot) -> None:
    shell.open_palette()
    view = shell.palette_view
    qtbot.keyClicks(view.input, "zzzz")
    shown = [view.list.model().index(n, 0).data() for n in range(view.list.model().rowCount())]
    assert shown == [NOTHING]
    qtbot.keyClick(view.input, Qt.Key.Key_Return)
    assert view.isVisible()


def test_arrows_pass_over_headings(shell: Shell, qtbot: QtBot) -> None:
    shell.open_palette()
    view = shell.palette_view
    qtbot.keyClick(view.input, Qt.Key.Key_Up)
    assert view.list.currentIndex().row() == 1
    qtbot.keyClick(view.input, Qt.Key.Key_Down)
    assert view.list.currentIndex().row() == 2


# --- start and session ---------------------------------------------------------------------------


def test_a_command_needs_no_qt() -> None:
    code = (
        "import sys; from ui.start import main; code = main(['--help']); "
        "sys.exit(code or any(m.startswith('PySide6') for m in sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "posko" in done.stdout


def test_which_arguments_open_the_window(tmp_path: Path) -> None:
    assert start.window_folder([]) is not None
    assert start.window_folder(["--data", "x"]) == Path("x")
    assert start.window_folder(["--data=x"]) == Path("x")
    assert start.window_folder(["list"]) is None
    assert start.window_folder(["--data", "x", "list"]) is None
    assert start.window_folder(["--data"]) is None


def test_the_log_in_page_loads_no_database_library() -> None:
    code = (
        "import sys, ui.window, ui.pages.sign_in, ui.shell; "
        "print([m for m in ('sqlalchemy', 'openpyxl', 'reportlab') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_the_first_page_loads_nothing_that_only_writes_files() -> None:
    code = (
        "import sys, ui.pages.home, ui.pages.cases; "
        "print([m for m in ('openpyxl', 'reportlab', 'icalendar', 'PIL') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.fixture
def window(
    prepared: Callable[[str], Path], tmp_path: Path, qtbot: QtBot, qapp: QApplication,
    two_pages: None,
) -> Window:  # fmt: skip
    import shutil

    theme.apply(qapp)
    folder = tmp_path / "kantor"
    shutil.copytree(prepared("kabupaten"), folder)
    made = Window(folder)
    qtbot.addWidget(made)
    made.begin()
    made.show()
    return made


def sign_in(window: Window, qtbot: QtBot, password: str = PASSWORD) -> None:
    """Type a password and press Enter."""
    page = window.stack.currentWidget()
    assert isinstance(page, SignInPage)
    page.password.clear()
    qtbot.keyClicks(page.password, password)
    qtbot.keyClick(page.password, Qt.Key.Key_Return)


def test_log_in_work_lock_and_log_in_again(window: Window, qtbot: QtBot) -> None:
    assert "Gunung Mas" in window.windowTitle()
    for _ in range(2):
        sign_in(window, qtbot)
        qtbot.waitUntil(lambda: window.shell is not None, timeout=5000)
        assert window.shell is not None
        assert window.shell.where()[0] == "home"
        with qtbot.waitSignal(window.context.lock_wanted):  # type: ignore[union-attr]
            qtbot.keyClick(window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
        assert window.shell is None
        assert window.context is None
        assert isinstance(window.stack.currentWidget(), SignInPage)
    assert looks.load(window.folder).last_account == "petugas"


def test_work_that_still_runs_is_not_broken_off_unasked(
    window: Window, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(window, qtbot)
    qtbot.waitUntil(lambda: window.shell is not None, timeout=5000)
    context = window.context
    assert context is not None
    asked: list[tuple[str, str]] = []
    answers = [False, False, True]

    def confirm(_parent: Any, question: str, _text: str, act: str, **_more: Any) -> bool:
        asked.append((question, act))
        return answers[len(asked) - 1]

    monkeypatch.setattr(dialogs, "confirm", confirm)
    stopped = threading.Event()

    def work(_posko: Posko, progress: Progress) -> None:
        try:
            while True:
                progress(0, 1)
        finally:
            stopped.set()

    task = context.start(work, label="Membuat kiriman")
    assert not window.close()
    window.lock()
    assert window.shell is not None
    assert not task.stop.is_set()
    window.lock()
    assert window.shell is None
    assert stopped.is_set()
    question = "Membuat kiriman belum selesai. Tunggu dulu?"
    assert asked == [(question, "Batalkan dan keluar"), *[(question, "Batalkan dan kunci")] * 2]


def test_a_wrong_password_is_said_at_the_field(window: Window, qtbot: QtBot) -> None:
    page = window.stack.currentWidget()
    assert isinstance(page, SignInPage)
    sign_in(window, qtbot, "salahsekali")
    qtbot.waitUntil(lambda: bool(page._hint.text()), timeout=5000)
    assert "sandi" in page._hint.text().casefold()
    assert page.password.property("wrong") is True
    assert window.shell is None
    for _ in range(5):
        qtbot.waitUntil(page.enter.isEnabled, timeout=5000)
        sign_in(window, qtbot, "salahsekali")
        qtbot.waitUntil(page.enter.isEnabled, timeout=5000)
    assert "menit" in page._hint.text() or "detik" in page._hint.text()


def test_f1_helps_at_the_log_in(
    window: Window, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(dialogs, "message", lambda _parent, title, _text: told.append(title))
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    page = window.stack.currentWidget()
    assert isinstance(page, SignInPage)
    qtbot.keyClick(page.password, Qt.Key.Key_F1)
    assert told == ["Masuk ke Posko"]


def test_caps_lock_shows_in_the_case_of_letters(window: Window, qtbot: QtBot) -> None:
    page = window.stack.currentWidget()
    assert isinstance(page, SignInPage)
    qtbot.keyClick(page.password, "A", Qt.KeyboardModifier.NoModifier)
    assert page._hint.text() == "Caps Lock menyala."
    qtbot.keyClick(page.password, "a")
    assert page._hint.text() == ""


def test_a_new_look_is_kept_and_the_page_stays(window: Window, qtbot: QtBot) -> None:
    sign_in(window, qtbot)
    qtbot.waitUntil(lambda: window.shell is not None, timeout=5000)
    assert window.shell is not None
    window.shell.open("recap")
    window.shell.set_scale(125)
    window.shell.set_theme("dark")
    assert window.shell.where()[0] == "recap"
    assert (theme.name(), theme.scale()) == ("dark", 125)
    kept = looks.load(window.folder)
    assert (kept.theme, kept.scale) == ("dark", 125)
    window.close()
    theme.apply(QApplication.instance())  # type: ignore[arg-type]


def test_looks_survive_a_broken_file(tmp_path: Path) -> None:
    (tmp_path / looks.FILE).write_text('{"theme": "pink", "scale": "x", "folded": true}', "utf-8")
    assert looks.load(tmp_path) == looks.Looks(folded=True)
    (tmp_path / looks.FILE).write_text("{", "utf-8")
    assert looks.load(tmp_path) == looks.Looks()


def test_initials_leave_titles_out() -> None:
    assert initials("Rina Wulandari, S.H.") == "RW"
    assert initials("Suharto") == "S"
    assert initials("") == "?"


def test_a_closed_shell_is_freed(posko: Posko, qtbot: QtBot, two_pages: None) -> None:
    context = Context(posko)
    shell = Shell(context, Surroundings(person="R", office="Bawaslu Kota X"))
    shell.show()
    shell.open("home")
    shell.open("recap")
    watched = [weakref.ref(w) for w in (shell, shell.sidebar, shell.page, shell.palette_view)]
    shell.close()
    shell.deleteLater()
    QApplication.sendPostedEvents(shell, QEvent.Type.DeferredDelete)
    assert not isValid(shell)
    del shell
    gc.collect()
    assert [ref() for ref in watched] == [None] * 4
    context.close()


def test_screenshots_are_drawn_in_both_themes_and_all_sizes(
    posko: Posko, tmp_path: Path, qtbot: QtBot
) -> None:
    folder = posko.folder.root
    posko.close()
    out = tmp_path / "gambar"
    arguments = [str(out), "--data", str(folder), "--user", "petugas", "--password", PASSWORD]
    assert screenshots.main([*arguments, "--only", "components", "sign_in", "settings"]) == 0
    names = {path.stem for path in out.glob("*.png")}
    assert len(names) == 3 * 2 * len(screenshots.SIZES)
    assert "settings-dark-1366x698-125" in names
    theme.apply(QApplication.instance())  # type: ignore[arg-type]
