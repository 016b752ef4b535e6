"""The cards beside the lists: plan bars, lines with a mark, and files to open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QWidget

from posko_app import text
from posko_app.cases.outreach import FileRow
from ui import theme
from ui.widgets.buttons import Button, IconButton, Link
from ui.widgets.cards import Card
from ui.widgets.charts import PlanBar
from ui.widgets.icon import Icon
from ui.widgets.layout import FlowLayout
from ui.widgets.text import Elided, Text, box, hbox, vbox

MOST_BARS = 6
TITLE_ROOM = 240  # pixels beside the link in a head


@dataclass(frozen=True)
class BarLine:
    """A plan (0: none was made) and what is done of it; `note` says more below."""

    label: str
    done: int
    planned: int
    note: str = ""


class BarsCard(Card):
    """Plan against done, one bar each."""

    changed_wanted = Signal()

    def __init__(self, title: str, *, may: bool, empty: str) -> None:
        self.change = Link("Ubah")
        super().__init__(title, extra=[self.change])
        self.change.setAccessibleName(f"Ubah {title.lower()}")
        self.change.setVisible(may)
        self._empty = empty
        self._lines = vbox(gap=4)
        self.add(self._lines)
        self.change.clicked.connect(self.changed_wanted)

    def set_lines(self, lines: Sequence[BarLine]) -> None:
        """Show these bars instead."""
        while item := self._lines.takeAt(0):
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        for line in lines[:MOST_BARS]:
            self._lines.addWidget(_bar(line))
        if not lines:
            self._lines.addWidget(Text(self._empty, tone="text2", wrap=True))


class FilesList(QWidget):
    """Files that open with a click or Enter; each can be taken off again."""

    opened = Signal(object)  # FileRow
    removed = Signal(object)  # FileRow

    def __init__(self, *, may: bool) -> None:
        super().__init__()
        self._may = may
        self._files: tuple[FileRow, ...] = ()
        self._column = vbox()
        self.setLayout(self._column)

    def set_files(self, files: Sequence[FileRow]) -> None:
        """Show these files instead."""
        self._files = tuple(files)
        while item := self._column.takeAt(0):
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        for place, file in enumerate(self._files):
            self._column.addWidget(self._line(place, file))
        self.setVisible(bool(self._files))

    def _line(self, place: int, file: FileRow) -> QWidget:
        link = Link(_cut(file.name))
        link.setProperty("place", place)
        link.setToolTip(file.name if file.held else "Berkasnya ada di kantor yang menambahkan.")
        link.clicked.connect(self._on_open)
        size = text.file_size(file.size) if file.held else "di kantor asal"
        row = hbox(Icon("show" if file.kind == "photo" else "letter", "text2", 14), link, None,
                   Text(size, "small", "text2"), gap=8)  # fmt: skip
        if self._may:
            drop = IconButton("close", f"Lepaskan {file.name}", kind="flat", small=True)
            drop.setProperty("place", place)
            drop.clicked.connect(self._on_remove)
            row.addWidget(drop)
        made = box(row)
        made.setFixedHeight(theme.px(28))
        return made

    def _on_open(self) -> None:
        self.opened.emit(self._files[int(self.sender().property("place"))])

    def _on_remove(self) -> None:
        self.removed.emit(self._files[int(self.sender().property("place"))])


class CountLine(QWidget):
    """A mark, a count in words, and a link at the right."""

    def __init__(self, icon: str, tone: str, said: str, link: Link | None = None) -> None:
        super().__init__()
        row = hbox(Icon(icon, tone), gap=8)
        row.addWidget(Elided(said), 1)
        if link is not None:
            row.addWidget(link)
        self.setLayout(row)
        self.setFixedHeight(theme.px(24))


def set_head(card: Card, title: str) -> None:
    """Name a card; a title too long for its head is cut, the whole is its tooltip."""
    metrics = QFontMetrics(theme.font("body", bold=True))
    room = theme.px(TITLE_ROOM)
    shown = metrics.elidedText(title, Qt.TextElideMode.ElideRight, room)
    card.set_title(shown)
    card.setAccessibleName(title)
    card.title.setToolTip(title if shown != title else "")


def button_row(buttons: Sequence[Button]) -> QWidget:
    """Buttons at the foot of a card, in as many lines as they need."""
    flow = FlowLayout(gap=8, line_gap=8)
    for button in buttons:
        flow.addWidget(button)
    return box(flow)


def _bar(line: BarLine) -> QWidget:
    bar = PlanBar()
    bar.set_value(line.done, line.planned)
    name = Elided(line.label)
    name.setFixedWidth(theme.px(108))
    count = text.thousands(line.done)
    if line.planned:
        count = f"{count} dari {text.thousands(line.planned)}"
    said = Text(count, "small", "text2")
    said.setMinimumWidth(theme.px(64))
    row = hbox(name, gap=8)
    row.addWidget(bar, 1)
    row.addWidget(said)
    column = vbox(row)
    if line.note:
        note = Elided(line.note, "small", "text2")
        column.addLayout(hbox(theme.px(116), note, gap=0))
    made = box(column)
    made.setAccessibleName(f"{line.label}: {count}. {line.note}".strip())
    made.setMinimumHeight(theme.px(24))
    return made


def _cut(name: str, most: int = 30) -> str:
    """A file name short enough for its line, its ending kept."""
    if len(name) <= most:
        return name
    stem, dot, end = name.rpartition(".")
    return f"{(stem if dot else name)[: most - len(end) - 2]}…{dot}{end}"
