"""The conflict resolver: a contested field, our value at the left, the incoming at the right."""

from __future__ import annotations

from difflib import SequenceMatcher
from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QRadioButton, QVBoxLayout, QWidget

from posko_app import text
from posko_app.exchange.changes import FieldConflict, FieldValue
from ui import theme
from ui.widgets.chips import Chip, ChipLabel
from ui.widgets.text import Text, box, hbox, restyle, vbox

from .choosing import OURS, OWN, THEIRS, Held, Pick, side

WORDS_TO_COMPARE = 3  # of a value: in shorter ones the difference is plain to see
MOST_BESIDE = 60  # characters of the former value beside the name of its field


class ValueCard(QFrame):
    """One value that can be chosen: what it says, who wrote it and when."""

    def __init__(self, said: str, who: str, name: str, *, rich: bool) -> None:
        super().__init__()
        self.setObjectName("choice")
        self.setProperty("chosen", False)
        self.radio = QRadioButton()
        self.radio.setAccessibleName(name)
        self.radio.setAccessibleDescription(who)
        self.said = Text(said, wrap=True, rich=rich)
        self.said.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        body = vbox(self.said, Text(who, "small", "text2", wrap=True))
        row = hbox(vbox(self.radio, None), gap=6, margins=(10, 7, 10, 8))
        row.addLayout(body, 1)
        self.setLayout(row)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def set_chosen(self, on: bool) -> None:
        """Show whether it is the chosen one."""
        self.radio.setChecked(on)
        restyle(self, chosen=on)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self.radio.isEnabled():
            self.radio.click()
            self.radio.setFocus(Qt.FocusReason.MouseFocusReason)


class ConflictBlock(QWidget):
    """A contested field. Emits `picked` with the source and the value that was chosen."""

    picked = Signal(object, str, object)  # conflict, source, value

    def __init__(self, conflict: FieldConflict, heads: tuple[str, str] = ("", "")) -> None:
        """`heads` are the offices that the two columns are headed with."""
        super().__init__()
        self.conflict, self._heads = conflict, heads
        self.mark = ChipLabel()
        self.own = Text("", wrap=True)
        self.cards: list[tuple[ValueCard, str, Held]] = []
        self._group = QButtonGroup(self)
        self._group.setExclusive(False)  # none may be chosen, which a group of radios forbids
        ours, theirs = side(conflict, OURS), side(conflict, THEIRS)
        self._own_box = box(vbox(self.own, margins=(10, 0, 0, 0)))
        column = vbox(self._head(), gap=5)
        halves = hbox(gap=8)
        halves.addLayout(self._half(ours, theirs, OURS), 1)
        halves.addLayout(self._half(theirs, ours, THEIRS), 1)
        column.addLayout(halves)
        column.addWidget(self._own_box)
        self.setLayout(column)
        self.setAccessibleName(
            f"{conflict.field}: " + "; ".join(value.text for value in conflict.values)
        )
        self.show_pick(None)

    def show_pick(self, pick: Pick | None) -> None:
        """Show what is chosen, or that nothing is yet."""
        for card, source, value in self.cards:
            same = pick is not None and pick.source == source and pick.value == value
            card.set_chosen(same)
        own = pick is not None and pick.source == OWN
        self._own_box.setVisible(own)
        if own and pick is not None:
            self.own.setText(f"Ditulis sendiri: {pick.text or '(kosong)'}")
        if self.conflict.owner:
            self.mark.set_chip(Chip("Kantor lain memutuskan", "gray", "due"))
        elif pick is None:
            self.mark.set_chip(Chip("Belum dipilih", "red", "error"))
        self.mark.setVisible(pick is None)

    def _head(self) -> QWidget:
        conflict = self.conflict
        before = shortened(conflict.base or "(kosong)")
        base = "" if conflict.base is None else f"semula: {before}"
        record = conflict.record if ":" in conflict.record else ""  # of the case itself: plain
        told = ", ".join(part for part in (record, base) if part)
        note = Text(told, "small", "text2", wrap=True)
        row = hbox(Text(conflict.field, "strong"), gap=8)
        row.addWidget(note, 1)
        row.addWidget(self.mark)
        return box(row)

    def _half(self, values: list[FieldValue], others: list[FieldValue], source: str) -> QVBoxLayout:
        column = vbox(gap=5)
        other = others[0].text if others else ""
        head = self._heads[source == THEIRS]
        for value in values:
            said, rich = compared(value.text, other, gone=source == OURS)
            card = ValueCard(
                said, who(value, head), f"{self.conflict.field}: {value.text}", rich=rich
            )
            card.radio.setEnabled(not self.conflict.owner)
            self._group.addButton(card.radio)
            card.radio.clicked.connect(self._on_clicked)
            self.cards.append((card, source, value.value))
            column.addWidget(card)
        column.addStretch(1)
        return column

    def _on_clicked(self) -> None:
        sender = self.sender()
        for card, source, value in self.cards:
            if card.radio is sender:
                self.picked.emit(self.conflict, source, value)


def shortened(said: str) -> str:
    """A value that stands beside a heading."""
    flat = " ".join(said.split())
    return flat if len(flat) <= MOST_BESIDE else f"{flat[:MOST_BESIDE].rstrip()}…"


def who(value: FieldValue, head: str = "") -> str:
    """Who wrote a value and when: `Agus Setiawan, 14 Okt 11.02`.

    The office is told unless it is the one that `head` of the column names.
    """
    at = value.at
    when = f"{at.day} {text.SHORT_MONTHS[at.month - 1]} {text.clock(at)}" if at else ""
    office = "" if value.office == head else value.office
    return ", ".join(part for part in (value.actor, office, when) if part)


def compared(said: str, other: str, *, gone: bool) -> tuple[str, bool]:
    """A value with the words marked that the other lacks, and whether that is rich text."""
    words, others = said.split(" "), other.split(" ")
    if min(len(words), len(others)) <= WORDS_TO_COMPARE:
        return said, False
    tone, extra = ("red", "text-decoration:line-through") if gone else ("green", "")
    style = f"color:{theme.html(tone)};background-color:{theme.html(f'{tone}_bg')};{extra}"
    parts = []
    matcher = SequenceMatcher(None, words, others, autojunk=False)
    for tag, start, end, *_ in matcher.get_opcodes():
        part = escape(" ".join(words[start:end])).replace("\n", "<br>")
        if part:
            parts.append(part if tag == "equal" else f"<span style='{style}'>{part}</span>")
    return " ".join(parts), True
