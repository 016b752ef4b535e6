"""Questions and answers of a clarification, numbered, typed through with Enter alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

from posko_app.cases.clarification import Question
from ui import theme
from ui.editors import TextArea
from ui.fields import Field
from ui.forms import Form
from ui.widgets.buttons import Button
from ui.widgets.text import Text, box, hbox, vbox

QUESTION, ANSWER = "question", "answer"
LEAST = {QUESTION: 1, ANSWER: 2}  # lines of an empty input
MOST = 12  # lines, from which an input scrolls


class QuestionList(QWidget):
    """Pairs of question and answer; Enter after the last answer begins another pair."""

    draft_due = Signal()  # nothing was typed for a moment
    finished = Signal()  # Enter in a pair in which nothing stands: there are no more questions

    def __init__(self, today: date) -> None:
        super().__init__()
        self._today = today
        self.forms: list[Form] = []
        self._later = QTimer(self)  # lines are counted once an input has its width
        self._later.setSingleShot(True)
        self._later.setInterval(0)
        self._later.timeout.connect(self._on_lines)
        self._pairs = vbox(gap=10)
        self.more = Button("Tambah pertanyaan", icon="add", small=True)
        self.more.clicked.connect(self.add_question)
        column = vbox(gap=8)
        column.addLayout(self._pairs)
        column.addLayout(hbox(self.more, None))
        column.addStretch(1)
        self.setLayout(column)

    def set_questions(self, questions: Sequence[Question]) -> None:
        """Show these pairs instead of those shown."""
        while item := self._pairs.takeAt(0):
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        self.forms.clear()
        for question in questions or (Question("", ""),):
            self._add(question)

    def questions(self) -> tuple[Question, ...]:
        """The pairs in which anything stands."""
        return tuple(pair for pair in self._all() if pair.question.strip() or pair.answer.strip())

    def raw(self) -> dict[str, str]:
        """What was typed, to keep in a draft; a pair in which nothing stands is none."""
        return {
            key: said
            for n, pair in enumerate(self.questions(), 1)
            for key, said in ((f"{QUESTION}.{n}", pair.question), (f"{ANSWER}.{n}", pair.answer))
        }

    def set_raw(self, raw: Mapping[str, str]) -> None:
        """Bring back a draft; one without questions leaves these as they are."""
        count = sum(key.startswith(f"{QUESTION}.") for key in raw)
        if count:
            self.set_questions(
                [
                    Question(raw[f"{QUESTION}.{n}"], raw.get(f"{ANSWER}.{n}", ""))
                    for n in range(1, count + 1)
                ]
            )

    def add_question(self) -> None:
        """Begin another pair."""
        self._add(Question("", "")).focus_first()

    def focus_first(self, *, begin: bool = True) -> None:
        """Go to the first answer that is still open, else begin another pair.

        Without `begin` nothing is added: whoever reads comes to the first answer.
        """
        for form in self.forms:
            if not str(form.value(ANSWER) or "").strip():
                form.focus_field(ANSWER if form.value(QUESTION) else QUESTION)
                return
        if begin or not self.forms:
            self.add_question()
        else:
            self.forms[0].focus_field(ANSWER)

    def flush(self) -> None:
        """Say that what was typed is to be kept, if anything was."""
        for form in self.forms:
            form.flush()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QResizeEvent) and event.size().width() != event.oldSize().width():
            self._later.start()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._keep_in_sight()

    def _all(self) -> list[Question]:
        return [
            Question(str(form.value(QUESTION) or ""), str(form.value(ANSWER) or ""))
            for form in self.forms
        ]

    def _add(self, question: Question) -> Form:
        number = len(self.forms) + 1
        form = Form(_pair(number), today=self._today, dense=False, gap=4)
        for key in LEAST:
            editor = form.boxes[key].editor
            if isinstance(editor, TextArea):
                editor.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
                editor.textChanged.connect(self._later.start)
                editor.installEventFilter(self)
        form.set_values({QUESTION: question.question, ANSWER: question.answer})
        form.submitted.connect(self._on_submitted)
        form.draft_due.connect(self.draft_due)
        mark = Text(f"{number}.", "strong", "text2")
        mark.setFixedWidth(theme.px(26))
        mark.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight)
        row = hbox(mark, gap=8)
        row.addWidget(form, 1)
        self.forms.append(form)
        self._pairs.addWidget(box(row))
        return form

    def _keep_in_sight(self) -> None:
        """Scroll to the input with the keyboard: a new one had no place when it got it."""
        typed, parent = QApplication.focusWidget(), self.parentWidget()
        if typed is None or not self.isAncestorOf(typed):
            return
        while parent is not None:
            if isinstance(parent, QScrollArea):
                parent.ensureWidgetVisible(typed, 24, 24)
            parent = parent.parentWidget()

    def _on_lines(self) -> None:
        """Some input may have more or fewer lines, or another width to break them at."""
        for form in self.forms:
            for key, least in LEAST.items():
                editor = form.boxes[key].editor
                if isinstance(editor, TextArea):
                    self._fit(editor, least)

    def _fit(self, editor: TextArea, least: int) -> None:
        """Make an input as high as its lines, within bounds."""
        lines = int(editor.document().size().height())  # of a plain text: in lines, not pixels
        height = theme.px(18) * max(least, min(MOST, lines)) + theme.px(14)
        if height == editor.height():
            return
        editor.setFixedHeight(height)
        scrolls = Qt.ScrollBarPolicy.ScrollBarAsNeeded if lines > MOST else (
            Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        )  # fmt: skip
        editor.setVerticalScrollBarPolicy(scrolls)

    def _on_submitted(self) -> None:
        place = self.forms.index(self.sender())  # type: ignore[arg-type]
        if place + 1 < len(self.forms):
            self.forms[place + 1].focus_first()
        elif str(
            self.forms[place].value(QUESTION) or self.forms[place].value(ANSWER) or ""
        ).strip():
            self.add_question()
        else:
            self.finished.emit()


def _pair(number: int) -> tuple[Field, Field]:
    """The fields of a pair; what can be done is said once."""
    tips = {1: (" ", "Shift+Enter untuk baris baru"), 2: ("kosongkan keduanya untuk membuang", " ")}
    asked, said = tips.get(number, (" ", " "))
    return (
        Field(key=QUESTION, label=f"Pertanyaan {number}", kind="multiline", hint=asked,
              lines=LEAST[QUESTION], optional=True),
        Field(key=ANSWER, label=f"Jawaban {number}", kind="multiline", hint=said,
              lines=LEAST[ANSWER], optional=True),
    )  # fmt: skip
