"""One line of the card of links: what it is, why it stands there, and what may be done."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from ui.widgets.buttons import Button
from ui.widgets.icon import Icon
from ui.widgets.text import Elided, Text, box, hbox, vbox

Act = tuple[str, str, Callable[[], object], str]  # text, said of it, what it does, why not


class LinkLine(QWidget):
    """A line with an icon, a title, a note under it, and small buttons at the right."""

    def __init__(self, title: str, note: str, acts: Sequence[Act], *, icon: str = "report") -> None:
        super().__init__()
        self.title, self.note = Elided(title), Elided(note, "small", "text2")
        self.buttons: dict[str, Button] = {}
        words = vbox(self.title, *((self.note,) if note else ()), gap=1)
        row = hbox(Icon(icon, "text2"), gap=8)
        row.addLayout(words, 1)
        for text, said, act, why in acts:
            button = Button(text, small=True)
            button.setAccessibleName(said or text)
            button.setToolTip(said)
            if why:
                button.set_why_disabled(why)
            button.clicked.connect(act)
            self.buttons[text] = button
            row.addWidget(button)
        self.setLayout(row)
        self.setAccessibleName(f"{title}. {note}".strip())


def section(title: str, lines: Sequence[QWidget]) -> QWidget:
    """Lines under a small heading."""
    return box(vbox(Text(title, "label", "text2"), *lines, gap=7))


def said(*parts: str) -> str:
    """The parts of a note that there are, in one line."""
    line = " · ".join(part for part in parts if part)
    return line[:1].upper() + line[1:]


def numbered(number: str, title: str) -> str:
    """A case in a line: the running part of its number and what it is about."""
    return f"{short(number)} · {title.rstrip('.') or 'Tanpa judul'}"


def short(number: str) -> str:
    """The running part of a number."""
    return number.partition("/")[0] or "tanpa nomor"
