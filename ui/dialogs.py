"""The only modal windows: messages, confirmations, small forms, files, progress.

Pages call these functions through the module (`dialogs.confirm(...)`), so that a test can replace
any of them in one place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QDialog, QFileDialog, QFrame, QWidget

from posko_app.errors import InvalidInput, Problem, UserError

from . import theme
from .context import Context
from .fields import Field
from .forms import Form, FormGroup
from .tasks import Task
from .widgets.buttons import Button
from .widgets.details import details_below
from .widgets.icon import Icon
from .widgets.progress import ProgressPanel
from .widgets.text import Text, hbox, vbox

EXCEL = "Buku kerja Excel (*.xlsx)"
PDF = "Berkas PDF (*.pdf)"
ANY = "Semua berkas (*)"
_ICONS = {"info": ("info", "blue"), "ok": ("done", "green"), "attention": ("attention", "gold"),
          "problem": ("error", "red")}  # fmt: skip
_LOSING = ("Tutup tanpa menyimpan?", "Yang sudah diketik di sini belum disimpan dan akan hilang.",
           "Tutup tanpa menyimpan")  # fmt: skip
_PATIENCE = 400  # milliseconds before progress is shown

Submit = Callable[[dict[str, Any]], Sequence[Problem] | None]


class Sheet(QDialog):
    """A dialog with icon, title, text, an optional body and its buttons at the right."""

    def __init__(
        self,
        parent: QWidget | None,
        title: str,
        text: str = "",
        *,
        tone: str = "",
        width: int = 520,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self.setFixedWidth(theme.px(width))
        self._first: list[dict[str, str]] | None = None
        self.body = vbox(gap=8)
        heading = Text(title, "dialog", wrap=True)
        words = vbox(heading, gap=6)
        if text:
            words.addWidget(Text(text, wrap=True))
        words.addSpacing(2)
        words.addLayout(self.body)
        row = hbox(gap=14)
        if tone:
            icon, colour = _ICONS[tone]
            row.addLayout(vbox(Icon(icon, colour, 32), None))
        row.addLayout(words, 1)
        self.buttons = hbox(None)
        self.setLayout(vbox(row, self.buttons, gap=16, margins=(20, 18, 20, 16)))

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return done

    def keyPressEvent(self, event: QKeyEvent) -> None:
        group = self.findChild(FormGroup) if event.key() == Qt.Key.Key_F8 else None
        if group is not None:  # the actions of the window do not reach a dialog
            shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            group.step_problem(-1 if shift else 1)
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._first is None:
            self._first = self._standing()

    def unsaved(self) -> bool:
        """Whether leaving loses something: a form says something else than when it appeared."""
        return self._first is not None and self._standing() != self._first

    def reject(self) -> None:
        """Leave; ask first when that loses what was typed."""
        if self.unsaved() and not confirm(self, *_LOSING, stay="Lanjut mengisi"):
            return
        super().reject()

    def _standing(self) -> list[dict[str, str]]:
        """What stands in the forms of this dialog, not in those of dialogs above it."""
        return [form.raw() for form in self.findChildren(Form) if form.window() is self]

    def _fit(self) -> None:
        """Stay as high as the words and errors need at this width; Qt does it once only."""
        layout = self.layout()
        if layout is None:
            return
        need = layout.totalSizeHint().height()
        if layout.hasHeightForWidth():
            need = layout.totalHeightForWidth(self.width())
        self.resize(self.width(), min(need, self.screen().availableGeometry().height()))

    def add_button(self, text: str, *, kind: str = "plain", hint: str = "") -> Button:
        """Add a button; the caller connects it."""
        button = Button(text, kind=kind, hint=hint)
        button.setAutoDefault(True)
        self.buttons.addWidget(button)
        return button

    def submit_button(self, text: str) -> Button:
        """Add the button that Ctrl+Enter presses; plain Enter goes through the fields first.

        Both keys work, the one in the middle and the one of the number pad.
        """
        button = self.add_button(text, kind="primary", hint="Ctrl+Enter")
        button.setAutoDefault(False)
        button.setShortcut("Ctrl+Return")
        pad = QShortcut(QKeySequence("Ctrl+Enter"), self)
        pad.activated.connect(button.animateClick)
        return button


def message(
    parent: QWidget | None, title: str, text: str, *, tone: str = "info", details: str = ""
) -> None:
    """Say something that must be read now; `details` are for the IT officer, folded away."""
    sheet = Sheet(parent, title, text, tone=tone)
    if details:
        sheet.body.addLayout(details_below(details))
    close = sheet.add_button("Tutup", kind="primary", hint="Enter")
    close.clicked.connect(sheet.accept)
    close.setFocus()
    sheet.exec()


def problem(parent: QWidget | None, error: UserError) -> None:
    """Say a sentence of the core."""
    title = "Tidak dapat dilanjutkan"
    if isinstance(error, InvalidInput) and len(error.problems) > 1:
        title = f"Ada {len(error.problems)} isian yang perlu diperbaiki"
        message(parent, title, "\n".join(p.message for p in error.problems), tone="problem")
        return
    message(parent, title, str(error), tone="problem")


def confirm(
    parent: QWidget | None,
    question: str,
    text: str,
    act: str,
    *,
    stay: str = "Tidak jadi",
    danger: bool = False,
) -> bool:
    """Ask before what cannot be undone; the question names object and count, `act` is the verb.

    The safe choice has the focus; Esc leaves without change.
    """
    sheet = Sheet(parent, question, text, tone="problem" if danger else "attention", width=480)
    no = sheet.add_button(stay)
    yes = sheet.add_button(act, kind="danger_filled" if danger else "primary")
    no.clicked.connect(sheet.reject)
    yes.clicked.connect(sheet.accept)
    no.setFocus()
    return sheet.exec() == int(QDialog.DialogCode.Accepted)


def ask_form(
    parent: QWidget | None,
    title: str,
    fields: Sequence[Field],
    *,
    today: date,
    act: str,
    text: str = "",
    values: Mapping[str, Any] | None = None,
    submit: Submit | None = None,
    width: int = 560,
) -> dict[str, Any] | None:
    """Ask a few questions; None when the user left.

    `submit(values)` runs the use case and gives back the problems of a rejected answer; the
    dialog then stays open with them at their fields. UserErrors it raises are shown in the dialog.
    """
    sheet = _FormSheet(parent, title, text, fields, today, act, submit, width)
    if values:
        sheet.form.set_values(values)
    sheet.form.focus_first()
    done = sheet.exec() == int(QDialog.DialogCode.Accepted)
    return sheet.answer if done else None


def ask_text(
    parent: QWidget | None,
    title: str,
    label: str,
    *,
    act: str = "Simpan",
    value: str = "",
    text: str = "",
    lines: int = 1,
    today: date | None = None,
) -> str | None:
    """Ask for one text (a reason, a name); None when the user left."""
    kind = "multiline" if lines > 1 else "text"
    field = Field(key="text", label=label, kind=kind, lines=lines)
    day = today or date.min
    got = ask_form(parent, title, [field], today=day, act=act, text=text, values={"text": value})
    return None if got is None else str(got["text"])


def open_files(
    parent: QWidget | None, title: str, kinds: str = ANY, folder: str = ""
) -> list[Path]:
    """Choose files to read; empty when the user left."""
    names, _ = QFileDialog.getOpenFileNames(parent, title, folder, kinds)
    return [Path(name) for name in names]


def save_file(parent: QWidget | None, title: str, suggested: str, kinds: str = ANY) -> Path | None:
    """Choose where to write one file, with the ending of `suggested`; None when the user left.

    The ending is part of what the system asks about, so no file is replaced unasked.
    """
    wanted = Path(suggested)
    dialog = QFileDialog(parent, title, str(wanted.parent), kinds)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setFileMode(QFileDialog.FileMode.AnyFile)
    dialog.setDefaultSuffix(wanted.suffix.lstrip("."))
    dialog.selectFile(wanted.name)
    try:
        while dialog.exec():
            path = Path(dialog.selectedFiles()[0])
            if path.suffix.casefold() == wanted.suffix.casefold():
                return path
            dialog.selectFile(f"{path.name}{wanted.suffix}")  # another ending: ask about both
        return None
    finally:
        dialog.deleteLater()


def choose_folder(parent: QWidget | None, title: str, folder: str = "") -> Path | None:
    """Choose a folder; None when the user left."""
    name = QFileDialog.getExistingDirectory(parent, title, folder)
    return Path(name) if name else None


def run_with_progress(
    context: Context,
    parent: QWidget | None,
    title: str,
    use_case: Callable[..., Any],
    *args: Any,
    done: Callable[[Any], None],
    **kwargs: Any,
) -> Task:
    """Run a long use case under a modal panel with Batalkan, shown after 400 ms."""
    sheet = _ProgressSheet(parent, title)
    task = context.start(
        use_case,
        *args,
        label=title,
        done=done,
        progress=sheet.on_progress,
        end=sheet.on_end,
        **kwargs,
    )
    sheet.task = task
    return task


def popover(anchor: QWidget, content: QWidget, *, width: int = 360) -> QFrame:
    """Show a small window under a widget; it closes with Esc or a click elsewhere."""
    frame = QFrame(anchor.window(), Qt.WindowType.Popup)
    frame.setObjectName("popover")
    frame.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    frame.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    frame.setLayout(vbox(content, margins=(12, 10, 12, 10)))
    frame.setFixedWidth(theme.px(width))
    spot = anchor.mapToGlobal(QPoint(0, anchor.height() + 4))
    screen = anchor.screen().availableGeometry()
    spot.setX(max(screen.left(), min(spot.x(), screen.right() - frame.width())))
    frame.move(spot)
    frame.show()
    content.setFocus()
    return frame


class _FormSheet(Sheet):
    """A dialog with a form."""

    def __init__(
        self,
        parent: QWidget | None,
        title: str,
        text: str,
        fields: Sequence[Field],
        today: date,
        act: str,
        submit: Submit | None,
        width: int,
    ) -> None:
        super().__init__(parent, title, text, width=width)
        self.answer: dict[str, Any] = {}
        self._submit = submit
        self.form = Form(fields, today=today, dense=False, gap=8)
        self.group = FormGroup(self)
        self.group.add(self.form)
        self.body.addWidget(self.group.summary)
        self.body.addWidget(self.form)
        no = self.add_button("Tidak jadi", kind="flat")
        yes = self.submit_button(act)
        no.setAutoDefault(False)
        no.clicked.connect(self.reject)
        yes.clicked.connect(self._on_submitted)
        self.group.submitted.connect(self._on_submitted)

    def _on_submitted(self) -> None:
        if self.group.check():
            return
        self.answer = self.form.values()
        try:
            rejected = self._submit(self.answer) if self._submit else None
        except InvalidInput as error:
            rejected = error.problems
        except UserError as error:
            rejected = (Problem("", str(error)),)
        if rejected:
            self.group.show_problems(rejected)
        else:
            self.accept()


class _ProgressSheet(Sheet):
    """Modal progress: nothing else may be written while the worker holds the database."""

    def __init__(self, parent: QWidget | None, title: str) -> None:
        super().__init__(parent, title, width=480)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        self.task: Task | None = None
        self._panel = ProgressPanel()
        self._panel.begin("")
        self._panel.cancelled.connect(self._on_cancel)
        self.body.addWidget(self._panel)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.open)
        self._timer.start(_PATIENCE)

    def on_progress(self, done: int, total: int, text: str) -> None:
        """Show how far it is."""
        left = self.task.seconds_left(done, total) if self.task else None
        self._panel.advance(done, total, text, left)

    def on_end(self) -> None:
        """Go away."""
        self._timer.stop()
        self.hide()
        self.deleteLater()

    def reject(self) -> None:
        self._on_cancel()

    def _on_cancel(self) -> None:
        if self.task is not None:
            self.task.cancel()
