"""What every step of the wizard has: heading, one sentence, error summary, and room to scroll."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QVBoxLayout

from posko_app.errors import Problem
from ui import theme
from ui.forms import Form, FormGroup
from ui.widgets.text import Text, box, hbox, vbox


class Step(QScrollArea):
    """One step; `finished` after Enter in its last field."""

    heading: ClassVar[str] = ""
    says: ClassVar[str] = ""
    room: ClassVar[int] = 820  # width of its content in pixels

    finished = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(self.heading)
        self.group = FormGroup(self)
        self.group.submitted.connect(self.finished)
        self.parts: QVBoxLayout = vbox(gap=12)
        heading = Text(self.heading, "wizard", wrap=True)
        inner = box(vbox(heading, 4, Text(self.says, tone="text2", wrap=True), 14, gap=0))
        inner.setMaximumWidth(theme.px(self.room))
        column = inner.layout()
        assert isinstance(column, QVBoxLayout)
        self.parts.addWidget(self.group.summary)
        column.addLayout(self.parts)
        column.addStretch(1)
        row = hbox(gap=0, margins=(48, 28, 48, 12))
        row.addWidget(inner, 1000)
        row.addStretch(1)
        self.setWidget(box(row, "surface"))

    def begin(self) -> None:
        """Put the keyboard where the user goes on."""
        if self.group.forms:
            self.group.forms[0].focus_first()

    def check(self) -> list[Problem]:
        """Everything wrong or missing here, shown at its field as well."""
        found = self.group.check()
        if found:
            self.group.focus_field(found[0].field)
        return found

    def show_problems(self, problems: list[Problem]) -> None:
        """Mark what the core rejected."""
        self.group.show_problems(problems)
        self.group.focus_field(problems[0].field)

    def values(self) -> dict[str, str]:
        """The answers as the core takes them."""
        return {}

    def raw(self) -> dict[str, str]:
        """What was typed, to keep for another time."""
        return {}

    def set_raw(self, raw: Mapping[str, str]) -> None:
        """Bring back what was typed."""

    def add_form(self, form: Form) -> Form:
        """Take a form into the step, below what is there."""
        self.group.add(even(form))
        self.parts.addWidget(form)
        return form


def even(form: Form) -> Form:
    """A form whose columns are equally wide whatever its fields hold."""
    for field in form.boxes.values():
        field.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    return form
