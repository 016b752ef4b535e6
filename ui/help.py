"""The sheet of F1: what a screen is for, the keys that act on it, and those of the program."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from . import dialogs, theme
from .actions import ACTIONS, PLACES, keys_of, written
from .page import Page
from .widgets.text import Facts, Text, box, vbox

WIDTH, HIGHEST = 680, 400


def help_sheet(parent: QWidget, page: Page | None, name: str) -> dialogs.Sheet:
    """The sheet for a page, ready to be shown."""
    title = page.title if page else "Posko"
    said = page.help_text() if page else ""
    sheet = dialogs.Sheet(parent, f"Bantuan: {title}", said, width=WIDTH)
    column = vbox(gap=8, margins=(0, 0, 8, 0))
    for heading, keys in keys_by_place(name):
        column.addWidget(Text(heading, "section"))
        column.addWidget(Facts(keys, key_width=100, columns=2))
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(box(column, "surface"))
    area.setAccessibleName("Tombol pintas")
    area.setFixedHeight(theme.px(HIGHEST))
    sheet.body.addWidget(area)
    close = sheet.add_button("Tutup", kind="primary", hint="Enter")
    close.clicked.connect(sheet.accept)
    area.setFocus()  # the arrow keys scroll; Enter closes all the same
    return sheet


def keys_by_place(name: str) -> list[tuple[str, Sequence[tuple[str, str]]]]:
    """The keys that act on a page by where they answer: heading, then key and what it does."""
    own = keys_of(name)
    found = []
    for place, heading in PLACES.items():
        keys = [(written(key.shortcut), key.text) for key in own if key.place == place]
        if keys:
            found.append((heading, keys))
    program = [(written(a.shortcut), a.text) for a in ACTIONS if a.shortcut]
    return [*found, ("Di seluruh program", program)]
