"""The wizard: four steps over the whole window, then the office is made in the background."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from posko_app.errors import InvalidInput, Problem, UserError
from posko_app.paths import OfficeFolder
from ui import dialogs, theme
from ui.tasks import Task, Tasks
from ui.widgets.buttons import Button
from ui.widgets.text import Text, box, hbox, vbox

from . import draft
from .account_step import AccountStep
from .office_step import OfficeStep
from .rail import Rail
from .ready_step import ReadyStep
from .safe_step import SafeStep
from .step import Step

if TYPE_CHECKING:
    from posko_app.exchange.joining import JoinFile

STEPS = (
    ("Kantor Anda", "tingkat, wilayah, kop surat"),
    ("Akun pertama", "admin kantor ini"),
    ("Simpan kata sandi", "satu-satunya kunci"),
    ("Siap dipakai", "periksa ringkasan"),
)


class SetupPage(QWidget):
    """Panduan awal; `finished` gives account and password of the office just made."""

    finished = Signal(str, str)
    left = Signal()

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("Penyiapan pertama")
        self._folder = folder
        self._tasks = Tasks(self)
        self.office, self.account = OfficeStep(), AccountStep()
        self.safe, self.ready = SafeStep(), ReadyStep(folder)
        self.steps: tuple[Step, ...] = (self.office, self.account, self.safe, self.ready)
        self.rail = Rail(STEPS)
        self.stack = QStackedWidget()
        self._where = Text("", "small", "text2")
        self.quit = Button("Keluar", kind="flat")
        self.back = Button("Kembali")
        self.next = Button("Lanjut", hint="Enter", kind="primary")
        self._build()
        self._connect()
        kept = draft.load(folder)
        for step in self.steps:
            step.set_raw(kept)
        self.show_step(0)

    @property
    def step(self) -> Step:
        """The step on screen."""
        return self.steps[self.stack.currentIndex()]

    def show_step(self, number: int) -> None:
        """Show a step, counted from 0, with the keyboard where the user goes on."""
        if self.steps[number] is self.ready:
            self.ready.show_summary(self.answers())
        self.stack.setCurrentIndex(number)
        self.rail.set_step(number)
        self._where.setText(f"Langkah {number + 1} dari {len(self.steps)}")
        self.back.setVisible(number > 0)
        self._name_next()
        self._take_keyboard()

    def answers(self) -> dict[str, Any]:
        """Everything about the office and its first account, as the core takes it."""
        return {**self.office.values(), **self.account.values()}

    def go_on(self) -> None:
        """Check this step and go to the next; after the last one make the office."""
        if self._tasks.busy or self.step.check():
            return
        if self.step is self.account and (wrong := self._wrong_account()):
            self.account.show_problems(wrong)
        elif self.step is self.ready:
            self._make()
        else:
            self.show_step(self.stack.currentIndex() + 1)

    def go_back(self) -> None:
        """The step before; nothing typed is lost."""
        if not self._tasks.busy and self.stack.currentIndex() > 0:
            self.show_step(self.stack.currentIndex() - 1)

    def leave(self) -> None:
        """Ask, keep the answers, and go."""
        if self._tasks.busy:
            return
        text = (
            "Kantor belum dibuat. Isian Anda disimpan di komputer ini, kecuali kata sandi, dan "
            "muncul lagi saat Posko dibuka."
        )
        if dialogs.confirm(self, "Keluar dari penyiapan?", text, "Keluar"):
            self.left.emit()

    def close_tasks(self) -> None:
        """Wait for what runs and keep the answers; called before the page goes."""
        self._tasks.close()
        if OfficeFolder(self._folder).keyfile.exists():
            draft.remove(self._folder)
        elif self.office.level:
            kept = [step.raw() for step in self.steps]
            draft.save(self._folder, {key: text for raw in kept for key, text in raw.items()})

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._take_keyboard()  # a widget takes the keyboard only once it stands in a window

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)

    def _build(self) -> None:
        for step in self.steps:
            self.stack.addWidget(step)
        row = hbox(self._where, None, self.quit, self.back, self.next, margins=(48, 0, 48, 0))
        foot = box(row, "statusBar")
        foot.setFixedHeight(theme.px(62))
        right = vbox()
        right.addWidget(self.stack, 1)
        right.addWidget(foot)
        whole = hbox(self.rail, gap=0)
        whole.addLayout(right, 1)
        self.setLayout(whole)

    def _connect(self) -> None:
        for button in (self.quit, self.back, self.next):
            button.setAutoDefault(True)  # Enter presses it outside dialogs too
        for step in self.steps:
            step.finished.connect(self.go_on)
        self.office.join.changed.connect(self._take_keyboard)
        self.next.clicked.connect(self.go_on)
        self.back.clicked.connect(self.go_back)
        self.quit.clicked.connect(self.leave)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self).activated.connect(self.go_on)

    def _take_keyboard(self) -> None:
        """Put the keyboard into the step, or on Lanjut where it asks nothing."""
        joined = self.step is self.office and self.office.join.said is not None
        if self.step is self.ready or joined:
            self.next.setFocus()
        else:
            self.step.begin()

    def _name_next(self) -> None:
        text = "Lanjut"
        if self._tasks.busy:
            text = "Membuat kantor…"
        elif self.step is self.ready:
            text = "Buat kantor dan buka"
        self.next.setText(text)
        self.next.setAccessibleName(text)
        self.next.updateGeometry()

    def _wrong_account(self) -> list[Problem]:
        """What the core would reject of the account; it has the one rule for log-in names."""
        from posko_app.office.setup import NewOffice, check_office

        fields = self.account.person.boxes
        return [p for p in check_office(NewOffice(**self.answers())) if p.field in fields]

    def _make(self) -> None:
        """Make the office in the background: the key takes half a second."""
        work = partial(_create, self._folder, self.answers(), self.account.password)
        if (said := self.office.join.said) is not None:
            work = partial(_join, self._folder, self.answers(), self.account.password, said,
                           self.office.join.words)  # fmt: skip
        task = Task(on_done=self._on_made, on_failed=self._on_failed, on_end=self._on_end)
        self._tasks.start(work, task)
        self._set_busy(True)

    def _on_made(self, _result: None) -> None:
        draft.remove(self._folder)
        self.finished.emit(self.answers()["admin_login"].strip().lower(), self.account.password)

    def _on_failed(self, error: BaseException) -> None:
        if isinstance(error, InvalidInput):
            self._show_rejected(list(error.problems))
        elif isinstance(error, UserError):
            self.ready.say_failure(error)
        else:
            raise error

    def _show_rejected(self, problems: list[Problem]) -> None:
        """Go to the step that holds the first rejected answer."""
        account = {*self.account.person.boxes, *self.account.secret.boxes}
        mine = [p for p in problems if p.field in account]
        step, shown = (self.account, mine) if mine else (self.office, problems)
        self.show_step(self.steps.index(step))
        step.show_problems(shown)

    def _on_end(self) -> None:
        self._set_busy(False)

    def _set_busy(self, busy: bool) -> None:
        for button in (self.quit, self.back, self.next):
            button.setEnabled(not busy)
        self._name_next()
        if not busy and self.step is self.ready:
            self.next.setFocus()


def _create(folder: Path, answers: dict[str, Any], password: str, *, progress: Any) -> None:
    """In the worker: the core is imported here, after the first frame."""
    from posko_app.office.setup import NewOffice, create_office

    progress(0, 1)
    create_office(folder, NewOffice(**answers), password)


def _join(
    folder: Path, answers: dict[str, Any], password: str, said: JoinFile, words: str, *,
    progress: Any,
) -> None:  # fmt: skip
    """In the worker: this computer becomes a further one of an office."""
    from posko_app.exchange.joining import FirstPerson, join_office

    progress(0, 1)
    person = FirstPerson(
        login=answers["admin_login"],
        name=answers["admin_name"],
        title=answers["admin_title"],
        password=password,
    )
    join_office(folder, said, words, person)
