"""The dark panel at the left: which steps there are, and where the user is."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from posko_app import __version__
from ui import icons, theme
from ui.widgets.mark import Mark
from ui.widgets.text import Text, box, hbox, restyle, vbox

WIDTH = 284
SAFE = (
    "Aplikasi ini bekerja tanpa internet. Data hanya tersimpan di komputer ini dan di berkas "
    "yang Anda kirim sendiri."
)


class Rail(QWidget):
    """Mark, numbered steps and what is true of the program."""

    def __init__(self, steps: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self.setObjectName("side")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(theme.px(WIDTH))
        self._names: list[Text] = []
        self._circles: list[_Circle] = []
        about = Text("Pengaduan pelanggaran pemilihan", "small", "side_t2", wrap=True)
        head = hbox(Mark(40, "mark_frame_light"), gap=12)
        head.addLayout(vbox(Text("Posko", "title", "side_t"), about), 1)
        column = vbox(head, theme.px(34), margins=(28, 28, 28, 20))
        for number, (name, note) in enumerate(steps, 1):
            circle, title = _Circle(number), Text(name, tone="side_t")
            self._circles.append(circle)
            self._names.append(title)
            words = vbox(title, Text(note, "small", "side_t2"), None)
            row = hbox(vbox(circle, None), gap=12)
            row.addLayout(words, 1)
            step = box(row)
            step.setFixedHeight(theme.px(52))
            column.addWidget(step)
        column.addStretch(1)
        column.addWidget(Text(SAFE, "small", "side_t2", wrap=True))
        column.addSpacing(10)
        column.addWidget(Text(f"Versi {__version__}", "small", "side_t2"))
        self.setLayout(column)

    def set_step(self, now: int) -> None:
        """Show that the user is at step `now`, counted from 0."""
        for place, (circle, name) in enumerate(zip(self._circles, self._names, strict=True)):
            circle.set_state("done" if place < now else "now" if place == now else "todo")
            restyle(name, role="strong" if place == now else "body")
        shown = self._names[now].text()
        self.setAccessibleName(f"Langkah {now + 1} dari {len(self._names)}: {shown}")


class _Circle(QWidget):
    """The number of a step, filled while it is on, a tick when it is done."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self._number, self._state = number, "todo"
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_state(self, state: str) -> None:
        """Be done, now or todo."""
        self._state = state
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(24), theme.px(24))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        fill = {"done": "done_on_side", "now": "marker", "todo": "clear"}[self._state]
        line = {"done": "done_on_side", "now": "marker", "todo": "side_t2"}[self._state]
        ink = "side_t2" if self._state == "todo" else "marker_t"
        painter.setPen(QPen(theme.color(line), 1))
        painter.setBrush(theme.color(fill))
        painter.drawEllipse(area)
        if self._state == "done":
            side = theme.px(14)
            spot = QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)
            icons.draw(painter, "check", spot, ink)
        else:
            painter.setFont(theme.font("small", bold=True))
            painter.setPen(theme.color(ink))
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, str(self._number))
        painter.end()
