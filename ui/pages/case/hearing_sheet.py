"""The dialog of a clarification: oath and times at the left, questions and answers at the right.

Before the clarification is over it records that the person came; later only the minutes change.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from posko_app.cases import clarification as clarify
from posko_app.cases.clarification import Minutes, Question
from posko_app.cases.clarification_rows import ATTENDED
from posko_app.cases.views import ClarificationView
from posko_app.errors import InvalidInput, Problem, UserError
from posko_app.text import short_date
from ui import theme
from ui.dialogs import Sheet
from ui.forms import Form, FormGroup
from ui.widgets.layout import ScrollColumn
from ui.widgets.text import Text, box, hbox, vbox

from . import half_typed
from .hearing_fields import RELIGION, first_answers, hearing_fields, hearing_of, oath_words
from .questions import QuestionList
from .words import Words

WIDE, LEFT = 920, 300  # pixels of the dialog, and of what stands at its left
AROUND, LEAST, MOST = 190, 200, 560  # pixels above and below, and of what scrolls
HEAR = "hear."  # before the uid of a clarification: the kind of the draft of its form


class HearingSheet(Sheet):
    """Ctrl+Enter records or keeps; what was typed and not recorded is kept by itself, sealed."""

    kept = Signal(str)  # what to say

    def __init__(self, parent: QWidget, words: Words, row: ClarificationView) -> None:
        when = f"{short_date(row.for_on)} {row.for_time}".strip() if row.for_on else ""
        about = ", ".join(part for part in (f"Undangan ke-{row.round}", when, row.place) if part)
        super().__init__(parent, f"Klarifikasi {row.alias}", about, width=WIDE)
        self._words, self._row = words, row
        self._came = row.state == ATTENDED
        self._closed_off = words.why_no_identity()
        self._done = False
        self._minutes = Minutes("", ())  # as they are kept
        fields = hearing_fields(words, row, came=self._came)
        self.form = Form(fields, today=words.today, dense=False, gap=8)
        self.group = FormGroup(self)
        self.group.add(self.form)
        self.questions = QuestionList(words.today)
        self.recalled = Text("", "small", "text2", wrap=True, rich=True)
        self._build()
        self._fill()
        self._start = self._raw()
        self._recall()
        self._connect()
        self._fold()
        if self._came:
            self.questions.focus_first(begin=False)
        else:
            self.form.focus_first()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._left.verticalScrollBar().setValue(0)  # the first field took the keyboard too early

    def submit(self) -> None:
        """Record that the person came, or keep the minutes; on problems the dialog stays."""
        if self.group.check():
            return
        posko, uid = self._words.posko, self._row.uid
        try:
            if not self._came:
                clarify.hear(posko, uid, hearing_of(self.form.values()), self._typed())
            elif (minutes := self._typed()) is not None:
                clarify.save_minutes(posko, uid, minutes)
        except InvalidInput as error:
            self.group.show_problems(error.problems)
        except UserError as error:
            self.group.show_problems([Problem("", str(error))])
        else:
            self._done = True
            half_typed.forget(posko, self._words.view.uid, HEAR + uid)
            self.kept.emit("Tanya jawab tersimpan" if self._came else "Klarifikasi tercatat")
            self.accept()

    def keep_half(self) -> None:
        """Keep what was typed, so that neither Esc nor a lost window loses it."""
        words = self._words
        if self._done or words.why_not("draft.write"):
            return
        typed = self._raw()
        changed = typed if typed != self._start else {}
        title = f"Klarifikasi {self._row.alias}: {words.view.facts.number or 'perkara'}"
        half_typed.keep(words.posko, words.view.uid, HEAR + self._row.uid, title, changed)

    def unsaved(self) -> bool:
        """Whether leaving loses what was typed: only where no draft may be kept."""
        return bool(self._words.why_not("draft.write")) and self._raw() != self._start

    # --- inside ---------------------------------------------------------------------------------

    def _build(self) -> None:
        parent = self.parentWidget()
        room = parent.window().height() if parent is not None else 0
        high = min(theme.px(MOST), max(theme.px(LEAST), room - theme.px(AROUND)))
        inner = box(vbox(self.form, None, margins=(0, 0, 10, 0)), "surface")
        self._left = ScrollColumn(inner, most=high)
        self._left.setFixedWidth(theme.px(LEFT))
        right = ScrollColumn(box(vbox(self.questions, margins=(0, 0, 10, 0)), "surface"))
        right.setFixedHeight(high)
        row = hbox(gap=16)
        row.addLayout(vbox(self._left, None))
        if self._closed_off:
            said = f"Tanya jawab disegel dengan kunci identitas. {self._closed_off}"
            row.addLayout(vbox(Text(said, "small", "gold", wrap=True), None), 1)
            self.questions.setParent(right)  # never shown; it goes with the dialog
            right.setParent(self)
            right.hide()
        else:
            row.addWidget(right, 1)
        self.body.addWidget(self.recalled)
        self.body.addWidget(self.group.summary)
        self.body.addLayout(row)
        self.close_button = self.add_button("Tutup", kind="flat")
        act = "Simpan tanya jawab" if self._came else "Catat hadir"
        self.act = self.submit_button(act)
        self.close_button.setAutoDefault(False)  # Enter goes through the fields

    def _connect(self) -> None:
        self.close_button.clicked.connect(self.reject)
        self.act.clicked.connect(self.submit)
        self.form.changed.connect(self._on_changed)
        self.group.draft_due.connect(self.keep_half)
        self.group.submitted.connect(self._on_through)
        self.questions.draft_due.connect(self.keep_half)
        self.questions.finished.connect(self.act.setFocus)
        self.recalled.link.connect(self._on_afresh)
        self.finished.connect(self._on_finished)

    def _fill(self) -> None:
        row, words = self._row, self._words
        values = first_answers(words, row, came=self._came)
        if not self._closed_off:
            self._minutes = clarify.open_minutes(words.posko, row.uid)
            values[RELIGION] = self._minutes.religion
            opening = [Question(asked, "") for asked in words.law.opening_questions]
            self.questions.set_questions(self._minutes.questions or opening)
        self.form.set_values(values)

    def _recall(self) -> None:
        words = self._words
        raw = {}
        if not words.why_not("draft.write"):
            raw = half_typed.recall(words.posko, words.view.uid, HEAR + self._row.uid)
        if raw:
            self.form.set_raw(raw)
            self.questions.set_raw(raw)
            self.recalled.setText(half_typed.CONTINUED)
        self.recalled.setVisible(bool(raw))

    def _raw(self) -> dict[str, str]:
        return self.form.raw() | ({} if self._closed_off else self.questions.raw())

    def _typed(self) -> Minutes | None:
        """The minutes as typed; questions that nobody answered at all are not kept."""
        if self._closed_off:
            return None
        asked = self.questions.questions()
        answered = any(pair.answer.strip() for pair in asked)
        return Minutes(str(self.form.value(RELIGION) or ""), asked if answered else ())

    def _fold(self) -> None:
        oath = str(self.form.value("oath") or "")
        self.form.show_fields(["oath_note"], oath == "refused")
        religion = str(self.form.value(RELIGION) or "")
        self.form.set_note("oath", oath_words(self._words, oath, religion))

    def _on_changed(self, key: str) -> None:
        if key in ("oath", RELIGION):
            self._fold()

    def _on_through(self) -> None:
        if self._closed_off:
            self.act.setFocus()
        else:
            self.questions.focus_first()

    def _on_afresh(self, _link: str) -> None:
        words = self._words
        half_typed.forget(words.posko, words.view.uid, HEAR + self._row.uid)
        self.recalled.hide()
        self._fill()
        self._fold()

    def _on_finished(self) -> None:
        self.questions.flush()
        self.form.flush()
