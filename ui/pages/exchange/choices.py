"""Parts of the card that makes a file: numbered steps, and choices with a note at the right."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QLayout, QRadioButton, QWidget

from ui import theme
from ui.widgets.text import Elided, Text, box, hbox, vbox

INDENT = 30  # pixels from the edge of a card to what belongs to a numbered step


class Step(QWidget):
    """A numbered step: its number in a dark circle, its title, and its parts below it."""

    def __init__(self, number: int, title: str, parts: Sequence[QWidget | QLayout]) -> None:
        super().__init__()
        side = theme.px(22)
        mark = Text(str(number), "step")
        mark.setFixedSize(side, side)
        mark.setAlignment(Qt.AlignmentFlag.AlignCenter)
        inside = vbox(gap=0, margins=(theme.px(INDENT), 0, 0, 0))
        for part in parts:
            if isinstance(part, QWidget):
                inside.addWidget(part)
            else:
                inside.addLayout(part)
        head = hbox(mark, Text(title, "section"), None, gap=8)
        column = vbox(head, theme.px(4))
        column.addLayout(inside)
        self.setLayout(column)
        self.setAccessibleName(f"Langkah {number}: {title}")


class Choices(QWidget):
    """Radio buttons one under the other, each with a small note at the right."""

    chosen = Signal(str)  # key

    def __init__(self, choices: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self.radios: dict[str, QRadioButton] = {}
        self._notes: dict[str, Elided] = {}
        self._group = QButtonGroup(self)
        column = vbox(gap=0)
        for key, said in choices:
            radio, note = QRadioButton(said), Elided("", "small", "text2")
            note.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self._group.addButton(radio)
            self.radios[key], self._notes[key] = radio, note
            row = hbox(radio, gap=10)
            row.addWidget(note, 1)
            line = box(row)
            line.setFixedHeight(theme.px(25))
            column.addWidget(line)
            radio.clicked.connect(self._on_clicked)
        self.setLayout(column)
        self.set_chosen(choices[0][0])

    @property
    def key(self) -> str:
        """What is chosen."""
        return next(key for key, radio in self.radios.items() if radio.isChecked())

    def set_chosen(self, key: str) -> None:
        """Choose one; tells nobody."""
        self.radios[key].setChecked(True)

    def set_note(self, key: str, said: str, tooltip: str = "") -> None:
        """What stands at the right of a choice."""
        self._notes[key].setText(said)
        if tooltip:
            self._notes[key].setToolTip(tooltip)
        self.radios[key].setAccessibleDescription(said)

    def note(self, key: str) -> str:
        """The note of a choice."""
        return self._notes[key].text()

    def set_why_not(self, key: str, reason: str) -> None:
        """Forbid a choice with its reason, or allow it when there is none."""
        self.radios[key].setEnabled(not reason)
        self.radios[key].setToolTip(reason)

    def _on_clicked(self) -> None:
        self.chosen.emit(self.key)
