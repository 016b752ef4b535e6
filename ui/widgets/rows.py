"""Short lists inside cards: two-line rows with a button, and checklists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui import theme

from .icon import Icon
from .text import Elided, Text, box, hairline, hbox, vbox

_MARKS = {"done": ("done", "green"), "missing": ("missing", "text2"), "wrong": ("error", "red"),
          "todo": ("todo", "text2"), "doubt": ("attention", "gold")}  # fmt: skip


class TwoLines(QWidget):
    """A row of a card: icon, a line and a small grey line, something at the right."""

    def __init__(
        self, icon: str, title: str, note: str = "", action: QWidget | None = None, height: int = 46
    ) -> None:
        super().__init__()
        self.title, self.note = Elided(title), Elided(note, "small", "text2")
        row = hbox(Icon(icon, "text2"), gap=10, margins=(12, 0, 12, 0))
        row.addLayout(vbox(None, self.title, self.note, None), 1)
        if action is not None:
            row.addWidget(action)
        self.setLayout(row)
        self.setFixedHeight(theme.px(height))


class Rows(QWidget):
    """Rows one under the other with hairlines between them; `set_rows` replaces all."""

    def __init__(self, rows: Sequence[QWidget] = ()) -> None:
        super().__init__()
        self._column: QVBoxLayout = vbox()
        self.setLayout(self._column)
        self.set_rows(rows)

    def set_rows(self, rows: Sequence[QWidget]) -> None:
        """Show these rows instead."""
        while item := self._column.takeAt(0):
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        for place, row in enumerate(rows):
            if place:
                self._column.addWidget(hairline())
            self._column.addWidget(row)


@dataclass(frozen=True)
class Point:
    """A point of a checklist: `mark` is done, missing, wrong, doubt or todo."""

    mark: str
    text: str
    note: str = ""
    tooltip: str = ""


class Checklist(QWidget):
    """Points with their marks, 24 pixels each."""

    def __init__(self, points: Sequence[Point] = ()) -> None:
        super().__init__()
        self._column: QVBoxLayout = vbox()
        self.setLayout(self._column)
        self.set_points(points)

    def set_points(self, points: Sequence[Point]) -> None:
        """Show these points instead."""
        while item := self._column.takeAt(0):
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        for point in points:
            icon, tone = _MARKS[point.mark]
            row = hbox(Icon(icon, tone), gap=8)
            row.addWidget(Elided(point.text), 1)
            row.addWidget(Text(point.note, "small", "text2"))
            line = box(row)
            line.setFixedHeight(theme.px(24))
            line.setToolTip(point.tooltip)
            done = "terpenuhi" if point.mark == "done" else "belum"
            line.setAccessibleName(f"{point.text}: {done}")
            self._column.addWidget(line)
