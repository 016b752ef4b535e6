"""The rows above and below every page: menus and search, and the status bar."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QMenuBar, QSizePolicy, QWidget

from . import icons, theme
from .tokens import MENU_ROW, STATUS_BAR
from .widgets.buttons import Button
from .widgets.icon import Icon
from .widgets.keys import cap_width, paint_cap
from .widgets.text import Elided, Text, box, hbox


class SearchButton(QAbstractButton):
    """Looks like a field and opens the palette; what is typed on it goes there."""

    def __init__(self) -> None:
        super().__init__()
        self.setText("Cari laporan, orang, surat, perintah")
        self.setAccessibleName("Cari laporan, orang, surat, perintah")
        self.setToolTip("Cari dan jalankan (Ctrl+K)")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(theme.px(330), theme.px(26))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(120), theme.px(26))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        half = 1.0 if self.hasFocus() else 0.5
        painter.setPen(QPen(theme.color("blue" if self.hasFocus() else "line2"), half * 2))
        painter.setBrush(theme.color("surface"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(half, half, -half, -half), 4, 4)
        middle = self.height() / 2
        side = theme.px(14)
        icons.draw(painter, "search", QRectF(9, middle - side / 2, side, side), "text2")
        right = self.width() - cap_width("Ctrl+K") - 8
        paint_cap(painter, "Ctrl+K", right, middle)
        painter.setFont(theme.font())
        painter.setPen(theme.color("text3"))
        left = 9 + side + theme.px(6)
        room = int(right - left - 8)
        shown = QFontMetrics(theme.font()).elidedText(
            self.text(), Qt.TextElideMode.ElideRight, room
        )
        area = QRectF(left, 0, room, self.height())
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, shown)
        painter.end()


class MenuRow(QWidget):
    """Menus, the search field, Kunci and the name of the person."""

    def __init__(self, person: str, *, practice: bool) -> None:
        super().__init__()
        self.setObjectName("strip")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(theme.px(MENU_ROW))
        self.bar = QMenuBar()
        self.bar.setNativeMenuBar(False)
        self.bar.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.search = SearchButton()
        self.lock = Button("Kunci", icon="lock", kind="flat", small=True,
                           tooltip="Kunci layar (Ctrl+L)")  # fmt: skip
        self.person = Button(person, icon="person", kind="flat", small=True, menu_mark=True)
        self.person.setAccessibleName(f"Akun {person}")
        row = hbox(self.bar, margins=(6, 0, 8, 1), gap=0)
        if practice:
            row.addSpacing(10)
            row.addWidget(_PracticeMark())
        row.addStretch(1)
        row.addSpacing(10)
        row.addWidget(self.search)
        row.addSpacing(10)
        row.addWidget(self.lock)
        row.addWidget(self.person)
        self.setLayout(row)


class _PracticeMark(QWidget):
    """The orange mark of a practice office: nothing here is real."""

    TEXT = "Kantor latihan"

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Kantor latihan: semua data di sini contoh")
        self.setToolTip("Semua data di kantor ini contoh. Kantor sungguhan menolak kirimannya.")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        width = QFontMetrics(theme.font("small", bold=True)).horizontalAdvance(self.TEXT)
        return QSize(width + theme.px(16), theme.px(22))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("practice"))
        painter.drawRoundedRect(self.rect(), 4, 4)
        painter.setFont(theme.font("small", bold=True))
        painter.setPen(theme.color("practice_t"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.TEXT)
        painter.end()


class StatusLine(QWidget):
    """Left: saved, or the running task. Right: backup, last sent, and that no network is needed."""

    def __init__(self, *, offline: str = "Luring – tidak perlu internet") -> None:
        super().__init__()
        self.setObjectName("statusBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(theme.px(STATUS_BAR))
        self._icon = Icon("check", "green", 14)
        self.left = Elided("", "small", "text2")
        self._backup, self._backup_icon = Text("", "small", "text2"), Icon("backup", "text2", 14)
        self._sent = Text("", "small", "text2")
        self._sent_box = _pair(Icon("send", "text2", 14), self._sent)
        self._backup_box = _pair(self._backup_icon, self._backup)
        row = hbox(self._icon, margins=(12, 0, 12, 0), gap=6)
        row.addWidget(self.left, 1)
        row.addWidget(self._backup_box)
        row.addSpacing(12)
        row.addWidget(self._sent_box)
        row.addSpacing(12)
        row.addWidget(Text(offline, "small", "text2"))
        self.setLayout(row)
        for part in (self._icon, self._backup_box, self._sent_box):
            part.hide()

    def say(self, text: str, icon: str = "check", tone: str = "green") -> None:
        """Show the save state or the running task."""
        self._icon.set_icon(icon, tone)
        self._icon.setVisible(bool(text and icon))
        self.left.setText(text)

    def set_backup(self, text: str, tone: str = "text2") -> None:
        """Say how old the backup is; gold or red when it needs attention."""
        self._backup.setText(text)
        self._backup.set_tone(tone)
        self._backup_icon.set_icon("backup", tone)
        self._backup_box.setVisible(bool(text))

    def set_sent(self, text: str) -> None:
        """Say when data was last sent."""
        self._sent.setText(text)
        self._sent_box.setVisible(bool(text))


def _pair(icon: Icon, text: Text) -> QWidget:
    return box(hbox(icon, text, gap=6))
