"""One field of a form: label above, input, and below it the error or what was understood."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from posko_app import text as words

from . import theme
from .editors import Check, ChoiceBox, DateLine, Editor, TextArea, TextLine, inner
from .fields import Choices, Field, Parsed, parser_for
from .widgets.icon import Icon
from .widgets.text import Text, box, hbox, restyle, vbox

_CHOICES = ("combo", "region")
_LIVE = ("nik", "nip", "phone")


class FieldBox(QWidget):
    """A field with everything around it."""

    edited = Signal(str)
    left = Signal(str)
    finished = Signal(str)
    copy_wanted = Signal(str)
    unlock_wanted = Signal(str)

    def __init__(self, field: Field, today: date, *, dense: bool) -> None:
        super().__init__()
        self.field, self.problem = field, ""
        self._parse = parser_for(field, today)
        self._locked = False
        self.editor: Editor = _editor(field, today)
        self._icon = Icon("error", "red", 14)
        self._message = Text("", "small", wrap=True)
        row = hbox(vbox(theme.px(1), self._icon, None), gap=5)
        row.addWidget(self._message, 1)
        self._below = box(row)
        self._below.hide()
        self._build(dense)
        self.editor.edited.connect(self._on_edited)
        self.editor.finished.connect(self._on_finished)
        # Of a choice box the box itself has the keyboard; it hands events to its line unfiltered.
        self.editor.installEventFilter(self)
        if field.read_only:
            self.lock(True)
        self._say()

    def parsed(self) -> Parsed:
        """What is understood now."""
        raw = self.editor.raw()
        if isinstance(self.editor, Check):
            return Parsed(bool(raw))
        if isinstance(self.editor, ChoiceBox):
            return self._parsed_choice(self.editor, raw.strip())
        if not raw.strip():
            return Parsed(None if self.field.kind in ("date", "time") else "")
        return self._parse(raw)

    def value(self) -> Any:
        """The value now; None (or "") where nothing was understood."""
        return self.parsed().value

    def set_value(self, value: Any) -> None:
        """Show a value; tells nobody."""
        if isinstance(self.editor, ChoiceBox):
            self.editor.set_code(str(value or ""))
        elif isinstance(value, bool):
            self.editor.set_raw("1" if value else "")
        elif isinstance(value, date):
            self.editor.set_raw(words.numeric_date(value))
        elif isinstance(value, time):
            self.editor.set_raw(words.clock(value))
        else:
            raw = "" if value is None else str(value)
            shown = self._parse(raw).shown if raw and self.field.kind in _LIVE else None
            self.editor.set_raw(shown or raw)
        self.set_problem("")

    def set_raw(self, raw: str) -> None:
        """Bring back what was typed once."""
        self.editor.set_raw(raw)
        self.set_problem("")

    def set_choices(self, choices: Choices) -> None:
        """Offer other choices."""
        if isinstance(self.editor, ChoiceBox):
            self.editor.set_choices(choices)

    def check(self) -> str:
        """The error of this field, shown below it as well; "" when all is well."""
        self._settle()
        parsed = self.parsed()
        sentence = parsed.error
        empty = not self.editor.raw().strip()
        if not sentence and empty and not self.field.optional and self.field.kind != "check":
            sentence = self.field.when_missing()
        self.set_problem(sentence)
        return sentence

    def set_problem(self, sentence: str) -> None:
        """Show an error, or take it away."""
        self.problem = sentence
        restyle(self.editor, wrong=bool(sentence))
        self._say()

    def set_note(self, note: str, *, doubt: bool = False) -> None:
        """Say what was understood, unless an error stands here."""
        if not self.problem:
            self._show("attention" if doubt else "check", note, "gold" if doubt else "green")

    def lock(self, locked: bool) -> None:
        """Make it read-only, or free it."""
        self._locked = locked
        self.editor.lock(locked)

    def open_for_typing(self) -> bool:
        """Whether Enter should stop here."""
        return not self._locked and not self.isHidden() and self.isEnabled()

    def has_keyboard(self) -> bool:
        """Whether the focus is here."""
        return inner(self.editor).hasFocus()

    def take_focus(self) -> None:
        """Move the keyboard here and scroll into view."""
        target = inner(self.editor)
        target.setFocus(Qt.FocusReason.TabFocusReason)
        parent = self.parentWidget()
        while parent is not None:
            if isinstance(parent, QScrollArea):
                parent.ensureWidgetVisible(self, 24, 48)
            parent = parent.parentWidget()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QFocusEvent) and event.type() == QEvent.Type.FocusOut:
            if event.reason() != Qt.FocusReason.PopupFocusReason:  # its own list or menu opens
                self._on_left()
        elif isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_F4 and not event.modifiers():
                self.copy_wanted.emit(self.field.key)
                return True
            if event.key() == Qt.Key.Key_F2 and self._locked:
                self.unlock_wanted.emit(self.field.key)
                return True
        return False

    def _build(self, dense: bool) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        name = self.field.label
        if self.field.bare:
            pass
        elif self.field.kind == "check":
            if self.field.width < 12:  # beside other fields it stands level with their inputs
                column.addSpacing(theme.px(19))
        else:
            label = Text(name, "label")
            label.setBuddy(inner(self.editor))
            label.setFixedHeight(theme.px(16))
            beside = Text(self.field.beside, "small", "text3")
            column.addLayout(hbox(label, beside, None, gap=6))
        if dense:
            self.editor.setProperty("dense", True)
        self.editor.setAccessibleName(name)  # a choice keeps the focus itself, not its line
        inner(self.editor).setAccessibleName(name)
        inner(self.editor).setAccessibleDescription(self.field.help or self.field.beside)
        column.addWidget(self.editor)
        column.addWidget(self._below)

    def _parsed_choice(self, editor: ChoiceBox, typed: str) -> Parsed:
        code = editor.code()
        if not typed or code:
            return Parsed(code)
        if self.field.free:
            return Parsed(words.clean(typed))
        return Parsed("", error="Pilih dari daftar. Ketik beberapa huruf untuk mencari.")

    def _say(self) -> None:
        """Show the error, else what was understood, else the help."""
        if self.problem:
            self._show("error", self.problem, "red")
            inner(self.editor).setAccessibleDescription(self.problem)
            return
        parsed = self.parsed() if self.editor.raw().strip() else Parsed()
        if parsed.note and not parsed.error:
            self.set_note(parsed.note, doubt=parsed.doubt)
        else:
            self._show("", self.field.help, "text2")

    def _show(self, icon: str, text: str, tone: str) -> None:
        self._icon.setVisible(bool(icon))
        if icon:
            self._icon.set_icon(icon, tone)
        restyle(self._message, tone=tone, role="label" if tone == "red" else "small")
        self._message.setText(text)
        self._below.setVisible(bool(text))

    def _on_edited(self) -> None:
        if self.problem and self.editor.raw().strip() and not self.parsed().error:
            self.set_problem("")
        elif not self.problem and (self.field.live or self.field.kind in _LIVE):
            self._say()
        self.edited.emit(self.field.key)

    def _settle(self) -> None:
        """A part of a choice is enough where it fits only one; a free text stays as it is."""
        if isinstance(self.editor, ChoiceBox) and not self.field.free:
            self.editor.settle()

    def _on_left(self) -> None:
        self._settle()
        parsed = self.parsed()
        if parsed.error:
            self.set_problem(parsed.error)
        elif parsed.shown is not None and parsed.shown != self.editor.raw():
            self.editor.set_raw(parsed.shown)
        if self.problem and self.editor.raw().strip() and not parsed.error:
            self.set_problem("")
        self._say()
        self.left.emit(self.field.key)

    def _on_finished(self) -> None:
        self._settle()
        self.finished.emit(self.field.key)


def _editor(field: Field, today: date) -> Editor:
    if field.kind in _CHOICES:
        made: Editor = ChoiceBox(field.choices, field.search)
    elif field.kind == "multiline":
        made = TextArea(field.lines)
    elif field.kind == "check":
        made = Check(field.label)
    elif field.kind == "date":
        made = DateLine(today)
    else:
        made = TextLine(mono=field.mono or field.kind in ("nik", "nip"),
                        password=field.kind == "password")  # fmt: skip
    if field.placeholder:
        line = inner(made)
        if isinstance(line, TextLine | TextArea):
            line.setPlaceholderText(field.placeholder)
        elif isinstance(made, ChoiceBox) and (edit := made.lineEdit()):
            edit.setPlaceholderText(field.placeholder)
    return made
