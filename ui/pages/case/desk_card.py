"""Pemeriksaan meja: what the desk looked at, one line per check, marked with one key."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from posko_app.cases.views import DeskItem
from ui import theme
from ui.widgets.buttons import IconButton
from ui.widgets.cards import Card
from ui.widgets.chips import FilterChip
from ui.widgets.text import Text, box, hbox, vbox

from .words import Words

CHIPS = 232  # pixels of the marks at the right of a check


class DeskLine(QWidget):
    """One check: what it is, who looked, and the marks to choose from."""

    marked = Signal(str, str)  # key of the check, mark
    note_wanted = Signal(str)  # key of the check

    def __init__(self, words: Words, item: DeskItem) -> None:
        super().__init__()
        self.key = item.key
        self.chips: dict[str, FilterChip] = {}
        for mark, label in words.posko.vocabulary.items("check_mark"):
            chip = FilterChip(label)
            chip.height_px = 24
            chip.setObjectName(mark)
            chip.clicked.connect(self._on_chip)
            self.chips[mark] = chip
        self.note = IconButton("edit", "Tulis catatan pemeriksaan", kind="flat", small=True)
        keeps = self.note.sizePolicy()
        keeps.setRetainSizeWhenHidden(True)
        self.note.setSizePolicy(keeps)
        self.note.clicked.connect(self._on_note)
        self._label = Text("", wrap=True)
        self._said = Text("", "small", "text2", wrap=True)
        left = vbox(self._label, self._said, gap=1)
        marks = box(hbox(None, *self.chips.values(), self.note, gap=4))
        marks.setMinimumWidth(theme.px(CHIPS))
        row = hbox(gap=8)
        row.addLayout(left, 1)
        row.addWidget(marks, 0, Qt.AlignmentFlag.AlignTop)
        self.setLayout(row)

    def show_item(self, words: Words, item: DeskItem, why_not: str) -> None:
        """Show the latest mark; `why_not` says why nobody may change it here."""
        self._label.setText(item.label)
        said = [item.basis] if item.basis else []
        if item.mark and item.made_at is not None:
            day = words.day(words.local(item.made_at).date())
            said.append(f"{words.who(item.made_by, item.office_code)}, {day}")
        if item.note:
            said.append(item.note)
        self._said.setText(" · ".join(said))
        self._said.setVisible(bool(said))
        for mark, chip in self.chips.items():
            chip.setChecked(mark == item.mark)
            chip.setEnabled(not why_not)
            chip.setToolTip(why_not)
            chip.setAccessibleName(f"{item.label}: {chip.text()}")
        self.note.setVisible(bool(item.mark) and not why_not)  # a note is about what was seen

    def _on_chip(self) -> None:
        mark = self.sender().objectName()
        for other, chip in self.chips.items():
            chip.setChecked(other == mark)
        self.marked.emit(self.key, mark)

    def _on_note(self) -> None:
        self.note_wanted.emit(self.key)


class DeskCard(Card):
    """All checks of the desk; the lines stay where they are while marks change."""

    marked = Signal(str, str)
    note_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__("Pemeriksaan meja")
        self.lines: dict[str, DeskLine] = {}
        self._column = vbox(gap=8)
        self.add(self._column)

    def show_case(self, words: Words) -> None:
        """Show the checks of a case; a kind of intake without any hides the card."""
        desk = words.view.desk
        self.setVisible(bool(desk))
        if list(self.lines) != [item.key for item in desk]:
            self._rebuild(words)
        why = words.why_not("case.write")
        for item in desk:
            self.lines[item.key].show_item(words, item, why)
        seen = sum(bool(item.mark) for item in desk)
        self.note.setText(f"{seen} dari {len(desk)} diperiksa")

    def _rebuild(self, words: Words) -> None:
        while layout_item := self._column.takeAt(0):
            if widget := layout_item.widget():
                widget.hide()
                widget.deleteLater()
        self.lines = {item.key: DeskLine(words, item) for item in words.view.desk}
        for line in self.lines.values():
            line.marked.connect(self.marked)
            line.note_wanted.connect(self.note_wanted)
            self._column.addWidget(line)
