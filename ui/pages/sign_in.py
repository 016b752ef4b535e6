"""Masuk: who, and the password; shows nothing of any case."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QLineEdit, QWidget

from posko_app import __version__
from posko_app.errors import UserError
from posko_app.paths import OfficeFolder
from posko_app.security import keyfile, permissions
from ui import dialogs, theme
from ui.frame import StatusLine
from ui.looks import Looks
from ui.tasks import Task, Tasks
from ui.widgets.buttons import Button, IconButton, Link
from ui.widgets.icon import Icon
from ui.widgets.mark import Mark
from ui.widgets.text import Elided, Text, box, hbox, restyle, vbox

from .people import People, Person

if TYPE_CHECKING:
    from posko_app.app import Posko

SHOWN = 3  # people shown before "n akun lain"


class SignInPage(QWidget):
    """Choose a person with the arrows, type the password, Enter."""

    opened = Signal(object)  # Posko

    def __init__(self, folder: Path, looks: Looks) -> None:
        super().__init__()
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._folder = folder
        self._tasks = Tasks(self)
        # Not through `security.keys`: that loads the ciphers, which the first frame does not need.
        content = keyfile.read(OfficeFolder(folder).keyfile)
        people = [
            _person(slot["account"], slot["name"], slot["role"])
            for slot in content["slots"]
            if slot["kind"] == "password"
        ]
        self.office = str(content["office"]["name"])
        self.people = People(people)
        self.people.choose(looks.last_account)
        self.password = QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password.setAccessibleName("Kata sandi")
        self.password.installEventFilter(self)
        self.eye = IconButton("show", "Tampilkan kata sandi", checkable=True)
        self.enter = Button("Masuk", hint="Enter", kind="primary")
        self.enter.setFixedHeight(theme.px(34))
        self._hint_icon = Icon("attention", "gold", 14)
        self._hint = Text("", "small", "gold", wrap=True)
        row = hbox(vbox(2, self._hint_icon, None), gap=5)
        row.addWidget(self._hint, 1)
        self._hint_row = box(row)
        self._hint_row.hide()
        self._build(bool(content["practice"]), len(people), looks)
        self._connect()

    def begin(self) -> None:
        """Put the keyboard where the user goes on."""
        self.password.setFocus()

    def sign_in(self) -> None:
        """Open the office in the background: the key needs a third of a second."""
        person = self.people.person()
        if person is None or self._tasks.busy:
            return
        if not self.password.text():
            self._say("Isi kata sandi.", "error", "red")
            self.password.setFocus()
            return
        self._say("")
        self._set_busy(True)
        work = partial(_open, self._folder, person.account, self.password.text())
        self._tasks.start(
            work, Task(on_done=self._on_open, on_failed=self._on_failed, on_end=self._on_end)
        )

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.people.step(1 if event.key() == Qt.Key.Key_Down else -1)
            return True
        self._watch_caps_lock(event)
        return False

    def close_tasks(self) -> None:
        """Wait for what runs; called before the page goes."""
        self._tasks.close()

    def _build(self, practice: bool, count: int, looks: Looks) -> None:
        name = Elided(self.office, tone="text2")
        title = vbox(Text("Posko", "title"), name)
        head = hbox(Mark(40), gap=12)
        head.addLayout(title, 1)
        self._more = Button(f"{count - SHOWN} akun lain", icon="down", kind="flat", small=True)
        self._more.setVisible(count > SHOWN + 1)
        if count > SHOWN + 1:
            self.people.show_rows(SHOWN)
        frame = QFrame()
        frame.setObjectName("listFrame")
        frame.setLayout(vbox(self.people, hbox(self._more, None), margins=(1, 1, 1, 1)))
        who, secret = Text("Siapa yang masuk?", "label"), Text("Kata sandi", "label")
        who.setBuddy(self.people)
        secret.setBuddy(self.password)
        column = vbox(head, theme.px(18), who, 3, frame, theme.px(14), secret, 3,
                      margins=(28, 24, 28, 22))  # fmt: skip
        line = hbox(gap=6)
        line.addWidget(self.password, 1)
        line.addWidget(self.eye)
        column.addLayout(line)
        column.addSpacing(3)
        column.addWidget(self._hint_row)
        column.addSpacing(theme.px(14))
        column.addWidget(self.enter)
        column.addSpacing(theme.px(12))
        self._forgot = Link("Lupa kata sandi?")
        column.addLayout(hbox(self._forgot, None))
        sheet = QFrame()
        sheet.setObjectName("card")
        sheet.setFixedWidth(theme.px(408))
        sheet.setLayout(column)
        safe = "Data di komputer ini dienkripsi. Setiap akses dicatat di log audit."
        notes = vbox(_note("lock", safe), gap=5)
        if practice:
            notes.addWidget(_note("info", "Kantor latihan: semua data di sini contoh."))
        if looks.last_opened:
            notes.addWidget(_note("history", f"Terakhir dibuka {looks.last_opened}."))
        below = box(notes)
        below.setFixedWidth(theme.px(408))
        centre = vbox(None, hbox(None, sheet, None), 12, hbox(None, below, None), None)
        status = StatusLine(offline="Bantuan: F1")
        status.say(f"Posko {__version__}", "", "text2")
        whole = vbox()
        whole.addLayout(centre, 1)
        whole.addWidget(status)
        self.setLayout(whole)

    def _connect(self) -> None:
        self.enter.clicked.connect(self.sign_in)
        self.password.returnPressed.connect(self.sign_in)
        self.people.doubleClicked.connect(self.begin)
        self.eye.toggled.connect(self._on_eye)
        self._more.clicked.connect(self._on_more)
        self._forgot.clicked.connect(self._on_forgot)
        QShortcut(QKeySequence("F1"), self).activated.connect(self._on_help)

    def _watch_caps_lock(self, event: QKeyEvent) -> None:
        """Qt does not tell Caps Lock; a letter of the wrong case does."""
        letter = event.text()
        if len(letter) != 1 or not letter.isalpha():
            return
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if letter.isupper() != shift:
            self._say("Caps Lock menyala.", "attention", "gold")
        elif self._hint.text() == "Caps Lock menyala.":
            self._say("")

    def _say(self, text: str, icon: str = "attention", tone: str = "gold") -> None:
        self._hint_icon.set_icon(icon, tone)
        restyle(self._hint, tone=tone, role="label" if tone == "red" else "small")
        self._hint.setText(text)
        self._hint_row.setVisible(bool(text))
        restyle(self.password, wrong=tone == "red" and bool(text))

    def _set_busy(self, busy: bool) -> None:
        self.enter.setEnabled(not busy)
        self.enter.setText("Membuka…" if busy else "Masuk")

    def _on_open(self, posko: Posko) -> None:
        self.password.clear()
        self.opened.emit(posko)

    def _on_failed(self, error: BaseException) -> None:
        if not isinstance(error, UserError):
            raise error
        self._say(str(error), "error", "red")
        self.password.selectAll()
        self.password.setFocus()

    def _on_end(self) -> None:
        self._set_busy(False)

    def _on_eye(self, shown: bool) -> None:
        mode = QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password
        self.password.setEchoMode(mode)
        self.eye.icon_name = "hide" if shown else "show"
        self.eye.setAccessibleName("Sembunyikan kata sandi" if shown else "Tampilkan kata sandi")

    def _on_more(self) -> None:
        self._more.hide()
        self.people.show_rows(min(6, self.people.model().rowCount()))

    def _on_help(self) -> None:
        dialogs.message(
            self,
            "Masuk ke Posko",
            "Pilih nama Anda dengan tombol panah atas dan bawah, ketik kata sandi, lalu tekan "
            "Enter. Huruf besar dan kecil dibedakan. Setelah 5 kali salah, tunggu 1 menit.",
        )

    def _on_forgot(self) -> None:
        dialogs.message(
            self,
            "Lupa kata sandi?",
            "Minta admin kantor memberi kata sandi baru untuk akun Anda. "
            "Data di komputer ini tetap aman.",
        )


def _person(account: str, name: str, role: str) -> Person:
    label = permissions.ROLES.get(role, role)
    return Person(account, name, label[:1].upper() + label[1:])


def _note(icon: str, text: str) -> QWidget:
    row = hbox(Icon(icon, "text2", 14), gap=6)
    row.addWidget(Text(text, "small", "text2", wrap=True), 1)
    return box(row)


def _open(folder: Path, account: str, password: str, *, progress: Any) -> Posko:
    """In the worker: the core is imported here, after the first frame."""
    from posko_app.app import open_office
    from posko_app.cases import board

    progress(0, 1)
    posko = open_office(folder, account, password)
    try:
        board.keep_current(posko)  # else the first list after an update would freeze the window
    except BaseException:
        posko.close()
        raise
    return posko
