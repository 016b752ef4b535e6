"""The dialog that records a step: made from data, with the problems of the core at its fields."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from posko_app.cases.steps import record_step
from posko_app.errors import InvalidInput, Problem, UserError
from posko_app.rules.stages import Step
from ui import theme
from ui.dialogs import Sheet
from ui.forms import Form, FormGroup
from ui.widgets.layout import ScrollColumn
from ui.widgets.text import box, vbox

from .step_fields import KIND, addressees, at_fields, new_step, step_form
from .words import Words

MOST_HEIGHT = 380  # pixels of form before it scrolls


class StepSheet(Sheet):
    """Date, outcome and the rest of one kind of step; Ctrl+Enter records it."""

    recorded = Signal(str)  # kind

    def __init__(
        self, parent: QWidget, words: Words, step: Step, *, corrects: str = "", text: str = ""
    ) -> None:
        facts = words.view.facts
        super().__init__(parent, step.label, text or f"{facts.number or 'Perkara'}: {facts.title}")
        self.step = step
        self._words, self._corrects = words, corrects
        made = step_form(words, step)
        self.form = Form(made.fields, today=words.today, dense=False, gap=8)
        self.form.set_values(made.values)
        self.group = FormGroup(self)
        self.group.add(self.form)
        self.body.addWidget(self.group.summary)
        inner = box(vbox(self.form), "surface")
        self.body.addWidget(ScrollColumn(inner, most=theme.px(MOST_HEIGHT)))
        no = self.add_button("Tidak jadi", kind="flat")
        yes = self.add_button(step.label, kind="primary", hint="Ctrl+Enter")
        yes.setShortcut("Ctrl+Return")
        no.setAutoDefault(False)
        yes.setAutoDefault(False)  # Enter goes through the fields first
        no.clicked.connect(self.reject)
        yes.clicked.connect(self.submit)
        self.group.submitted.connect(self.submit)
        self.form.changed.connect(self._on_changed)
        self.form.settled.connect(self._on_settled)
        self._fold()
        self.form.focus_first()

    def submit(self) -> None:
        """Check the form and record the step; on problems the dialog stays."""
        if self.group.check():
            return
        step = new_step(self._words, self.step.kind, self.form.values(), self._corrects)
        try:
            record_step(self._words.posko, self._words.view.uid, step)
        except InvalidInput as error:
            self.group.show_problems(at_fields(error.problems, tuple(self.form.boxes)))
        except UserError as error:
            self.group.show_problems([Problem("", str(error))])
        else:
            self.recorded.emit(self.step.kind)
            self.accept()

    def _fold(self) -> None:
        """Show the kinds of violation only when one was found; say what an outcome brings."""
        outcome = self.form.value("outcome") if "outcome" in self.form.boxes else ""
        if self.step.kind == "decided":
            keys = [key for key in self.form.boxes if key.startswith(KIND)]
            self.form.show_fields(keys, outcome == "violation")
        known = self._words.law.outcomes.get(outcome or "")
        if known and known.warning:
            self.form.set_note("outcome", known.warning, doubt=True)

    def _on_changed(self, key: str) -> None:
        if key == "outcome":
            self._fold()

    def _on_settled(self, key: str) -> None:
        if key == "on" and "addressee" in self.form.boxes and self.step.kind == "referred":
            self.form.set_choices("addressee", addressees(self._words, self.form.value("on")))
        elif key == "outcome":
            self._fold()
