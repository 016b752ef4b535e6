"""The dialog that records a step: made from data, with the problems of the core at its fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from posko_app.cases.guides import guide_of, suggestions
from posko_app.cases.steps import NewStep, check_new_step, record_step
from posko_app.errors import InvalidInput, Problem, UserError
from posko_app.rules.jurisdiction import Suggestion
from posko_app.rules.stages import Step
from ui import theme
from ui.dialogs import Sheet
from ui.field_box import FieldBox
from ui.forms import Form, FormGroup
from ui.widgets.layout import ScrollColumn
from ui.widgets.text import Text, box, hbox, vbox

from . import half_typed
from .review_fields import KIND, MET, likely
from .step_fields import StepForm, addressees, at_fields, new_step, step_form
from .step_panel import StepPanel
from .words import Words

MOST_HEIGHT, LEAST_HEIGHT = 560, 200  # pixels of form before it scrolls
AROUND = 190  # pixels of a dialog above and below its form
ROOMY, USUAL, SIDE = 600, 540, 264  # pixels of width; SIDE for what is beside the form
WHO = ("reviewed", "transferred", "taken_over", "referred")  # steps that turn on who is competent
FRESH = ("on", "at")  # never brought back from what was typed before


class StepSheet(Sheet):
    """Date, outcome and the rest of one kind of step; Ctrl+Enter records it."""

    recorded = Signal(str)  # kind

    def __init__(
        self, parent: QWidget, words: Words, step: Step, *, corrects: str = "", text: str = "",
        values: Mapping[str, Any] | None = None,
    ) -> None:  # fmt: skip
        """`values` are answers that come from elsewhere: they mean somebody, so what was half
        typed about somebody else neither comes back nor is lost."""
        facts = words.view.facts
        made = step_form(words, step)
        kind = words.law.steps.get(step.kind)
        guided = bool(kind and (kind.documents or kind.inputs or kind.needs))
        super().__init__(
            parent,
            step.label,
            text or f"{facts.number or 'Perkara'}: {facts.title}",
            width=(ROOMY if len(made.sections) > 1 else USUAL) + (SIDE + 20 if guided else 0),
        )
        self.step = step
        self._words, self._corrects, self._told = words, corrects, False
        self._guided = guided
        self._drafted = not (corrects or values or words.why_not("draft.write"))
        self.recalled = Text("", "small", "text2", wrap=True, rich=True)
        self.group = FormGroup(self)
        self.forms: list[Form] = []
        self.panel = StepPanel()
        self._build(made, parent.window().height() - theme.px(AROUND))
        self.form = self.forms[0]
        for form in self.forms:
            form.set_values(values or {})
        self._start = self._raw()
        self._recall()
        self._fold()
        self._guide()
        self.group.submitted.connect(self.submit)
        self.group.draft_due.connect(self.keep_half)
        self.recalled.link.connect(self._on_afresh)
        self.finished.connect(self._on_finished)
        self.form.focus_first()

    @property
    def boxes(self) -> dict[str, FieldBox]:
        """All fields by key."""
        return {key: field for form in self.forms for key, field in form.boxes.items()}

    def values(self) -> dict[str, Any]:
        """All answers by key."""
        return {key: value for form in self.forms for key, value in form.values().items()}

    def set_values(self, values: dict[str, Any]) -> None:
        """Fill in answers, wherever they are asked."""
        for form in self.forms:
            form.set_values(values)
        self._fold()
        self._guide()

    def submit(self) -> None:
        """Check form and core in one round and record the step; on problems the dialog stays."""
        wrong = self.group.check()
        step = self._made()
        try:
            if wrong:
                self._show_all(wrong, step)
                return
            assert step is not None  # the date is required
            record_step(self._words.posko, self._words.view.uid, step)
        except InvalidInput as error:
            self.group.show_problems(at_fields(error.problems, tuple(self.boxes)))
        except UserError as error:
            self.group.show_problems([Problem("", str(error))])
        else:
            self._told = True
            if self._drafted:
                half_typed.forget(self._words.posko, self._words.view.uid, self.step.kind)
            self.recorded.emit(self.step.kind)
            self.accept()

    def keep_half(self) -> None:
        """Keep what was typed, so that neither Esc nor a lost window loses it."""
        words = self._words
        if self._told or not self._drafted:
            return
        changed = {
            key: raw
            for key, raw in self._raw().items()
            if key not in FRESH and raw != self._start[key]
        }
        number = words.view.facts.number
        title = f"{self.step.label}: {number or words.view.facts.title}"
        half_typed.keep(words.posko, words.view.uid, self.step.kind, title, changed)

    def unsaved(self) -> bool:
        """Whether leaving loses what was typed; most steps keep it as a draft."""
        return not self._drafted and super().unsaved()

    # --- inside ---------------------------------------------------------------------------------

    def _build(self, made: StepForm, room: int) -> None:
        column = vbox(gap=8)
        for section in made.sections:
            if section.heading:
                column.addWidget(Text(section.heading, "label", "text2"))
            ticks = all(field.kind == "check" for field in section.fields)
            form = Form(section.fields, today=self._words.today, dense=False, gap=4 if ticks else 8)
            form.set_values(made.values)
            form.changed.connect(self._on_changed)
            form.settled.connect(self._on_settled)
            self.group.add(form)
            self.forms.append(form)
            column.addWidget(form)
        self.body.addWidget(self.recalled)
        self.body.addWidget(self.group.summary)
        most = min(theme.px(MOST_HEIGHT), max(theme.px(LEAST_HEIGHT), room))
        row = hbox(gap=20)
        row.addLayout(vbox(ScrollColumn(box(column, "surface"), most=most), None), 1)
        if self._guided:
            side = ScrollColumn(box(vbox(self.panel), "surface"), most=most)
            side.setFixedWidth(theme.px(SIDE))
            row.addLayout(vbox(side, None))
        self.body.addLayout(row)
        no = self.add_button("Tidak jadi", kind="flat")
        yes = self.submit_button(self.step.label)
        no.setAutoDefault(False)
        no.clicked.connect(self.reject)
        yes.clicked.connect(self.submit)

    def _raw(self) -> dict[str, str]:
        return {key: raw for form in self.forms for key, raw in form.raw().items()}

    def _recall(self) -> None:
        """Bring back what was not recorded, and say so: it may be about somebody else."""
        words = self._words
        raw = {}
        if self._drafted:
            raw = half_typed.recall(words.posko, words.view.uid, self.step.kind)
        for form in self.forms:
            form.set_raw(raw)
        self.recalled.setText(half_typed.CONTINUED)
        self.recalled.setVisible(bool(raw))

    def _on_afresh(self, _link: str) -> None:
        half_typed.forget(self._words.posko, self._words.view.uid, self.step.kind)
        self.recalled.hide()
        for form in self.forms:
            form.set_raw(self._start)
        self._fold()
        self._guide()

    def _made(self) -> NewStep | None:
        values = self.values()
        if values.get("on") is None:
            return None
        return new_step(self._words, self.step.kind, values, self._corrects)

    def _show_all(self, wrong: list[Problem], step: NewStep | None) -> None:
        """What the form found together with what the core would find."""
        if step is None:
            return
        seen = {problem.field for problem in wrong}
        found = check_new_step(self._words.posko, self._words.view.uid, step)
        more = [p for p in at_fields(found, tuple(self.boxes)) if p.field not in seen]
        if more:
            self.group.show_problems([*wrong, *more])

    def _fold(self) -> None:
        """Show only what fits the answers so far; say what an outcome brings."""
        boxes = self.boxes
        outcome = boxes["outcome"].value() if "outcome" in boxes else ""
        known = self._words.law.outcomes.get(outcome or "")
        if known and known.warning:
            self.form.set_note("outcome", known.warning, doubt=True)
        if "online_reason" in boxes:
            self.form.show_fields(["online_reason"], boxes["mode"].value() == "online")

    def _guide(self) -> None:
        words, step = self._words, self._made()
        answers = {**step.data, "outcome": step.outcome} if step else {}
        guide = guide_of(words.view, words.law, self.step.kind, answers)
        kinds = tuple(filter(None, answers.get("kinds", "").split(",")))
        found: tuple[Suggestion, ...] = ()
        if self.step.kind in WHO:
            found = suggestions(words.posko, words.view, kinds, step.on if step else None)
        self.panel.show_guide(words, guide, found)

    def _on_changed(self, key: str) -> None:
        if key.startswith(MET) and "outcome" in self.form.boxes:
            self.form.set_values({"outcome": likely(self.values())})
        if key in ("outcome", "mode") or key.startswith((KIND, MET)):
            self._fold()
        self._guide()

    def _on_settled(self, key: str) -> None:
        if key == "on" and "addressee" in self.form.boxes and self.step.kind == "referred":
            self.form.set_choices("addressee", addressees(self._words, self.form.value("on")))
        self._fold()

    def _on_finished(self) -> None:
        for form in self.forms:
            form.flush()
