"""Forms made from descriptions: layout, moving on with Enter, values, errors and autosave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QGridLayout, QSpacerItem, QWidget

from posko_app.errors import Problem

from .field_box import FieldBox
from .fields import Choices, Field
from .widgets.banner import ErrorSummary

AUTOSAVE = 800  # milliseconds of rest before a draft is saved
UNSAVED = (
    3000  # milliseconds that somebody who never rests may type before it is saved all the same
)
COLUMNS = 12


class Form(QWidget):
    """A grid of fields; Enter goes to the next one, after the last it is `submitted`."""

    changed = Signal(str)  # key, with every stroke
    settled = Signal(str)  # key, when the field was left or chosen: parse what depends on it
    draft_due = Signal()  # nothing was typed for a moment, or a field was left: save the draft
    submitted = Signal()
    copy_wanted = Signal(str)  # F4: take over from the report before
    unlock_wanted = Signal(str)  # F2 on a read-only field

    def __init__(
        self, fields: Sequence[Field], *, today: date, dense: bool = True, gap: int = 6
    ) -> None:
        super().__init__()
        self.boxes: dict[str, FieldBox] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(gap)
        for column in range(COLUMNS):
            self._grid.setColumnStretch(column, 1)
        self._fillers: list[QSpacerItem] = []
        self._dirty = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(AUTOSAVE)
        self._timer.timeout.connect(self.flush)
        self._longest = QTimer(self)
        self._longest.setSingleShot(True)
        self._longest.setInterval(UNSAVED)
        self._longest.timeout.connect(self.flush)
        for field in fields:
            self.boxes[field.key] = self._connected(FieldBox(field, today, dense=dense))
        self._place()

    # --- values ---------------------------------------------------------------------------------

    def values(self) -> dict[str, Any]:
        """What was understood: text, date, time, code or bool per key; None where not understood.

        The values are as they stand; `check` says whether they may be used.
        """
        return {key: box.value() for key, box in self.boxes.items()}

    def value(self, key: str) -> Any:
        """One value."""
        return self.boxes[key].value()

    def set_values(self, values: Mapping[str, Any]) -> None:
        """Fill in; keys that this form does not have are passed over. Tells nobody."""
        for key, value in values.items():
            if key in self.boxes:
                self.boxes[key].set_value(value)

    def raw(self) -> dict[str, str]:
        """What was typed, to keep in a draft: it survives even where it is wrong."""
        return {key: box.editor.raw() for key, box in self.boxes.items()}

    def set_raw(self, raw: Mapping[str, str]) -> None:
        """Bring back a draft."""
        for key, text in raw.items():
            if key in self.boxes:
                self.boxes[key].set_raw(text)

    def set_choices(self, key: str, choices: Choices) -> None:
        """Offer other choices in a combo (regions below the one just chosen)."""
        self.boxes[key].set_choices(choices)

    # --- errors ---------------------------------------------------------------------------------

    def check(self) -> list[Problem]:
        """Everything that is wrong or missing, shown at its field as well."""
        found = []
        for key, box in self.boxes.items():
            if not box.isHidden() and (sentence := box.check()):
                found.append(Problem(key, sentence))
        return found

    def show_problems(self, problems: Sequence[Problem]) -> list[Problem]:
        """Mark the fields that the core rejected; gives back what belongs to no field here."""
        self.clear_problems()
        left = []
        for problem in problems:
            if problem.field in self.boxes:
                self.boxes[problem.field].set_problem(problem.message)
            else:
                left.append(problem)
        return left

    def clear_problems(self) -> None:
        """Take all errors away."""
        for box in self.boxes.values():
            box.set_problem("")

    def problems(self) -> list[Problem]:
        """The errors shown now."""
        return [Problem(key, box.problem) for key, box in self.boxes.items() if box.problem]

    # --- single fields --------------------------------------------------------------------------

    def focus_field(self, key: str) -> None:
        """Move the keyboard to a field and scroll it into view."""
        self.boxes[key].take_focus()

    def focus_first(self) -> None:
        """Move the keyboard to the first field that can be typed in."""
        for box in self.boxes.values():
            if box.open_for_typing():
                box.take_focus()
                return

    def stand_in_row(self, widths: Sequence[int]) -> None:
        """Put all fields in one row, so many pixels wide each; 0 takes what is left."""
        for filler in self._fillers:
            self._grid.removeItem(filler)
        self._fillers.clear()
        for column in range(COLUMNS):
            self._grid.setColumnStretch(column, 0)
        for column, (box, width) in enumerate(zip(self.boxes.values(), widths, strict=True)):
            self._grid.removeWidget(box)
            self._grid.addWidget(box, 0, column, Qt.AlignmentFlag.AlignTop)
            self._grid.setColumnStretch(column, 0 if width else 1)
            if width:
                box.setFixedWidth(width)

    def set_read_only(self, key: str, locked: bool = True) -> None:
        """Lock a field (its value comes from elsewhere) or free it."""
        self.boxes[key].lock(locked)

    def show_fields(self, keys: Sequence[str], shown: bool = True) -> None:
        """Fold fields away or bring them back; the others close up."""
        for key in keys:
            self.boxes[key].setVisible(shown)
        self._place()

    def set_note(self, key: str, note: str, *, doubt: bool = False) -> None:
        """Say in green (or gold) what was understood."""
        self.boxes[key].set_note(note, doubt=doubt)

    def flush(self) -> None:
        """Say that a draft is due, if anything changed since the last time."""
        self._timer.stop()
        self._longest.stop()
        if self._dirty:
            self._dirty = False
            self.draft_due.emit()

    # --- inside ---------------------------------------------------------------------------------

    def _connected(self, box: FieldBox) -> FieldBox:
        box.edited.connect(self._on_edited)
        box.left.connect(self._on_left)
        box.finished.connect(self._on_finished)
        box.copy_wanted.connect(self.copy_wanted)
        box.unlock_wanted.connect(self.unlock_wanted)
        return box

    def _place(self) -> None:
        """Fill the grid row by row with the fields that are shown."""
        for filler in self._fillers:
            self._grid.removeItem(filler)
        self._fillers.clear()
        row = column = 0
        for box in self.boxes.values():
            self._grid.removeWidget(box)
            if box.isHidden() and box.parent() is not None:
                continue
            width = min(COLUMNS, box.field.width)
            if column + width > COLUMNS:
                self._fill_up(row, column)
                row, column = row + 1, 0
            self._grid.addWidget(box, row, column, 1, width, Qt.AlignmentFlag.AlignTop)
            column += width
        self._fill_up(row, column)

    def _fill_up(self, row: int, column: int) -> None:
        """Take the rest of a row: columns that hold nothing somewhere are not made equally wide."""
        if column < COLUMNS:
            filler = QSpacerItem(0, 0)
            self._grid.addItem(filler, row, column, 1, COLUMNS - column)
            self._fillers.append(filler)

    def _on_edited(self, key: str) -> None:
        if not self._dirty:
            self._longest.start()
        self._dirty = True
        self._timer.start()
        self.changed.emit(key)

    def _on_left(self, key: str) -> None:
        self.settled.emit(key)
        self.flush()

    def _on_finished(self, key: str) -> None:
        keys = list(self.boxes)
        for following in keys[keys.index(key) + 1 :]:
            box = self.boxes[following]
            if box.open_for_typing():
                box.take_focus()
                return
        self.submitted.emit()


class FormGroup(QObject):
    """Several forms on one page with one error summary; Enter runs through all of them."""

    submitted = Signal()
    draft_due = Signal()
    changed = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.forms: list[Form] = []
        self.summary = ErrorSummary()
        self.summary.chosen.connect(self.focus_field)

    def add(self, form: Form, place: int | None = None) -> Form:
        """Take in a form, after those already here or at a place among them."""
        self.forms.insert(len(self.forms) if place is None else place, form)
        form.submitted.connect(self._on_submitted)
        form.draft_due.connect(self.draft_due)
        form.changed.connect(self.changed)
        return form

    def remove(self, form: Form) -> None:
        """Let a form go (a person taken off the list)."""
        self.forms.remove(form)
        form.submitted.disconnect(self._on_submitted)

    def check(self) -> list[Problem]:
        """Check all forms, show the summary and go to the first error; [] means all is well."""
        found = [problem for form in self.forms for problem in form.check()]
        self.summary.set_problems(found)
        self._focus_problem()
        return found

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Show what the core rejected: at the fields, and all of it in the summary."""
        for form in self.forms:
            form.show_problems(problems)
        self.summary.set_problems(problems)
        self._focus_problem()

    def focus_field(self, key: str) -> None:
        """Move the keyboard to a field, wherever it is."""
        for form in self.forms:
            if key in form.boxes:
                form.focus_field(key)
                return

    def step_problem(self, by: int) -> None:
        """F8 (1) and Shift+F8 (-1): the next or previous field with an error."""
        wrong = [(f, p.field) for f in self.forms for p in f.problems()]
        if not wrong:
            return
        here = next(
            (n for n, (form, key) in enumerate(wrong) if form.boxes[key].has_keyboard()), None
        )
        place = (0 if by > 0 else -1) if here is None else (here + by) % len(wrong)
        form, key = wrong[place]
        form.focus_field(key)

    def _focus_problem(self) -> None:
        """Move the keyboard to the first field with an error, unless it is in one already."""
        wrong = [form.boxes[p.field] for form in self.forms for p in form.problems()]
        wrong = [box for box in wrong if not box.isHidden()]
        if wrong and not any(box.has_keyboard() for box in wrong):
            wrong[0].take_focus()

    def _on_submitted(self) -> None:
        place = self.forms.index(self.sender())  # type: ignore[arg-type]
        for form in self.forms[place + 1 :]:
            if not form.isHidden() and any(b.open_for_typing() for b in form.boxes.values()):
                form.focus_first()
                return
        self.submitted.emit()
