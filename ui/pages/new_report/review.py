"""Periksa: the report read back to the reporter, section by section, with Ubah."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollArea, QWidget

from posko_app.app import Posko
from posko_app.cases.kinds import IntakeKind
from posko_app.cases.report import NewReport
from ui import theme
from ui.widgets.banner import Banner
from ui.widgets.buttons import Link
from ui.widgets.cards import Card
from ui.widgets.text import Text, box, hairline, hbox, vbox

from .reading import Line, read_lines

EMPTY = "belum diisi"


class Review(QWidget):
    """Everything of a kind to read out; nothing can be typed here."""

    change_wanted = Signal(str)

    def __init__(self, kind: IntakeKind) -> None:
        super().__init__()
        self._kind = kind
        self._cards: dict[str, _ReadCard] = {}
        column = vbox(Banner("info", kind.read_to), gap=8, margins=(0, 0, 8, 8))
        for section, title in kind.sections.items():
            card = _ReadCard(section, title)
            card.change.clicked.connect(self._on_change)
            self._cards[section] = card
            column.addWidget(card)
        column.addStretch(1)
        self._column = column
        inside = box(column)
        inside.setObjectName("plain")
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setWidget(inside)
        self.setLayout(vbox(self._area))

    def show_report(self, posko: Posko, report: NewReport, *, stamped: bool) -> None:
        """Show it as it stands."""
        for section, card in self._cards.items():
            card.show_lines(read_lines(posko, self._kind, section, report, stamped=stamped))
        self._area.verticalScrollBar().setValue(0)

    @property
    def first(self) -> QWidget:
        """Where the keyboard enters."""
        return self._cards["receipt"].change

    def lines(self, section: str) -> Sequence[Line]:
        """What is read out in a section."""
        return self._cards[section].lines

    def put_below(self, part: QWidget) -> None:
        """Show something under the last section: there is no room beside it."""
        self._column.insertWidget(self._column.count() - 1, part)

    def _on_change(self) -> None:
        self.change_wanted.emit(self.sender().objectName())


class _ReadCard(Card):
    """One section: lines of a grey key and its value, under hairlines."""

    def __init__(self, section: str, title: str) -> None:
        self.change = Link("Ubah", role="small")
        self.change.setObjectName(section)
        self.change.setAccessibleName(f"Ubah {title.lower()}")
        super().__init__(title, extra=[self.change], dense=True, padded=False)
        self.body.setSpacing(0)
        self.lines: Sequence[Line] = ()

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Show these lines instead."""
        while item := self.body.takeAt(0):
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        self.lines = tuple(lines) or (("", "Belum ada, boleh menyusul."),)
        for place, (key, value) in enumerate(self.lines):
            if place:
                self.body.addWidget(hairline())
            name = Text(key, tone="text2")
            name.setFixedWidth(theme.px(138))
            said = Text(value or EMPTY, tone="" if value else "text3", wrap=True, select=True)
            top = Qt.AlignmentFlag.AlignTop
            row = hbox(margins=(12, 3, 12, 4))
            row.addWidget(name, 0, top)
            row.addWidget(said, 1, top)
            self.body.addWidget(box(row))
