"""The command palette: actions and cases by a few letters, over a scrim, never a window."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtCore import Signal as Announce
from PySide6.QtGui import (
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QStandardItem,
    QStandardItemModel,
)
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from posko_app.text import fold

from . import icons, theme
from .actions import ACTIONS, Action, written
from .widgets.icon import Icon
from .widgets.keys import KeyHints, cap_width, paint_cap
from .widgets.text import box, hbox, vbox

ENTRY = int(Qt.ItemDataRole.UserRole) + 1
_MOST = 7  # of each group
NOTHING = "Tidak ada yang cocok. Coba kata lain, atau nomor laporannya."


@dataclass(frozen=True, kw_only=True)
class Found:
    """A line of the palette: an action, or a page to open with its arguments."""

    text: str
    note: str = ""
    icon: str = "folder"
    number: str = ""
    action: str = ""
    page: str = ""
    arguments: Mapping[str, Any] = field(default_factory=dict)
    shortcut: str = ""
    heading: bool = False


Find = Callable[[str], Sequence[Found]]


class Palette(QWidget):
    """The scrim over the whole window with the palette on it."""

    picked = Announce(object)  # Found
    closed = Announce()

    def __init__(self, parent: QWidget, find: Find) -> None:
        super().__init__(parent)
        self._find = find
        self._opener: QWidget | None = None
        self._frame = QFrame(self)
        self._frame.setObjectName("palette")
        self.input = QLineEdit()
        self.input.setObjectName("paletteInput")
        self.input.setPlaceholderText("Cari laporan, orang, surat, perintah")
        self.input.setAccessibleName("Cari dan jalankan")
        self.list = QListView()
        self.list.setAccessibleName("Hasil")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._model = QStandardItemModel(self)
        self.list.setModel(self._model)
        self.list.setItemDelegate(_Lines(self.list, self))
        self._build()
        self.input.textChanged.connect(self._on_typed)
        self.input.returnPressed.connect(self._on_enter)
        self.input.installEventFilter(self)
        self.list.clicked.connect(self._on_clicked)
        parent.installEventFilter(self)
        self.hide()

    @property
    def wanted(self) -> str:
        """What was typed, without its sign."""
        return self.input.text().lstrip("#@> ").strip()

    def open(self, text: str = "") -> None:
        """Show it with `text` typed."""
        window = self.window()
        self._opener = window.focusWidget() if window else None
        self.input.setText(text)
        self._on_typed(text)
        self._settle()
        self.show()
        self.raise_()
        self.input.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def close_palette(self) -> None:
        """Go away and give the keyboard back."""
        self.hide()
        if self._opener is not None:
            self._opener.setFocus()
        self.closed.emit()

    def entries(self) -> list[Found]:
        """What is listed now, without headings."""
        found = [self._model.item(n).data(ENTRY) for n in range(self._model.rowCount())]
        return [entry for entry in found if not entry.heading]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.parentWidget() and event.type() == QEvent.Type.Resize:
            self._settle()
        elif watched is self.input and isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.KeyPress:
                return self._on_key(event)
        elif watched is self.input and event.type() == QEvent.Type.FocusOut and self.isVisible():
            self.hide()
        return False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self._frame.geometry().contains(event.position().toPoint()):
            self.close_palette()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("scrim"))
        painter.end()

    def _build(self) -> None:
        head = box(hbox(Icon("search", "text", 18), self.input, _EscCap(), gap=8,
                        margins=(14, 0, 14, 0)), "cardHead")  # fmt: skip
        head.setFixedHeight(theme.px(46))
        hints = KeyHints([("↑ ↓", "pilih"), ("Enter", "jalankan"), (">", "perintah"),
                          ("#", "nomor")])  # fmt: skip
        foot = box(hbox(hints, margins=(14, 0, 14, 0)), "cardFoot")
        foot.setFixedHeight(theme.px(34))
        self._frame.setLayout(vbox(head, self.list, foot, margins=(1, 1, 1, 1)))

    def _settle(self) -> None:
        parent = self.parentWidget()
        if parent is None:
            return
        self.setGeometry(parent.rect())
        width = min(theme.px(640), self.width() - 32)
        rows = sum(self.list.sizeHintForRow(n) for n in range(self._model.rowCount()))
        tall = theme.px(46 + 34) + min(rows + 12, theme.px(360))
        self._frame.setGeometry((self.width() - width) // 2, theme.px(74), width, tall)

    def _on_typed(self, text: str) -> None:
        self._model.clear()
        sign, wanted = text[:1], self.wanted
        if sign not in ("#", "@"):
            self._group("Perintah", matching(wanted))
        if sign != ">" and wanted:
            self._group("Laporan", self._find(text.strip())[:_MOST])
        if not self._model.rowCount():
            self._add(Found(text=NOTHING, heading=True))
        self._select(1)
        self._settle()

    def _group(self, heading: str, entries: Sequence[Found]) -> None:
        if not entries:
            return
        for entry in (Found(text=heading, heading=True), *entries):
            self._add(entry)

    def _add(self, entry: Found) -> None:
        item = QStandardItem(entry.text)
        item.setData(entry, ENTRY)
        if entry.heading:
            item.setFlags(Qt.ItemFlag.NoItemFlags)
        self._model.appendRow(item)

    def _select(self, place: int) -> None:
        if 0 <= place < self._model.rowCount():
            self.list.setCurrentIndex(self._model.index(place, 0))

    def _on_key(self, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Escape:
            self.close_palette()
            return True
        if event.key() not in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            return False
        by = 1 if event.key() == Qt.Key.Key_Down else -1
        place = self.list.currentIndex().row() + by
        while 0 <= place < self._model.rowCount():
            if not self._model.item(place).data(ENTRY).heading:
                self._select(place)
                break
            place += by
        return True

    def _on_enter(self) -> None:
        self._on_clicked(self.list.currentIndex())

    def _on_clicked(self, index: QModelIndex) -> None:
        entry = index.data(ENTRY) if index.isValid() else None
        if entry is not None and not entry.heading:
            self.close_palette()
            self.picked.emit(entry)


def matching(wanted: str) -> list[Found]:
    """The actions whose name holds every typed word."""
    parts = fold(wanted).split()
    fit = [a for a in ACTIONS if a.in_palette and all(p in fold(a.text) for p in parts)]
    return [_entry(action) for action in fit[:_MOST]]


def _entry(action: Action) -> Found:
    return Found(
        text=action.text,
        icon=action.icon or "right",
        action=action.key,
        shortcut=written(action.shortcut),
    )


class _EscCap(QWidget):
    """The key that closes."""

    def sizeHint(self) -> QSize:
        return QSize(cap_width("Esc"), theme.px(18))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_cap(painter, "Esc", 0, self.height() / 2)
        painter.end()


class _Lines(QStyledItemDelegate):
    """Paints headings, and entries with icon, number, text, note and shortcut."""

    def __init__(self, parent: QObject, palette: Palette) -> None:
        super().__init__(parent)
        self._palette = palette

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(100, theme.px(27 if index.data(ENTRY).heading else 34))

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        entry: Found = index.data(ENTRY)
        rect = option.rect
        middle = Qt.AlignmentFlag.AlignVCenter
        if entry.heading:
            painter.setFont(theme.font("small", bold=True))
            painter.setPen(theme.color("text2"))
            painter.drawText(rect.adjusted(14, 4, 0, 0), middle, entry.text)
            return
        if index == self._palette.list.currentIndex():
            painter.fillRect(rect, theme.color("sel"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = theme.px(16)
        y = rect.y() + (rect.height() - side) / 2
        icons.draw(painter, entry.icon, QRectF(14, y, side, side), "text2")
        x = float(14 + side + theme.px(10))
        right = rect.right() - 14
        if entry.shortcut:
            right -= cap_width(entry.shortcut)
            paint_cap(painter, entry.shortcut, right, rect.center().y())
        if entry.number:
            x = self._word(painter, entry.number, x, right, rect, "mono") + theme.px(10)
        x = self._marked(painter, entry.text, x, right, rect) + theme.px(10)
        if entry.note:
            self._word(painter, entry.note, x, right, rect, "note")
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _marked(self, painter: QPainter, text: str, x: float, right: float, rect: Any) -> float:
        """The text, with the letters that were typed in bold."""
        wanted = self._palette.wanted.casefold()
        at = text.casefold().find(wanted) if wanted else -1
        if at < 0:
            return self._word(painter, text, x, right, rect, "body")
        for part, style in ((text[:at], "body"), (text[at : at + len(wanted)], "bold"),
                            (text[at + len(wanted) :], "body")):  # fmt: skip
            x = self._word(painter, part, x, right, rect, style)
        return x

    def _word(
        self, painter: QPainter, text: str, x: float, right: float, rect: Any, style: str
    ) -> float:
        font = {"mono": theme.font("small", mono=True), "note": theme.font("small"),
                "bold": theme.font(bold=True)}.get(style, theme.font())  # fmt: skip
        painter.setFont(font)
        painter.setPen(theme.color("text2" if style == "note" else "text"))
        metrics = QFontMetrics(font)
        room = max(0, int(right - x))
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
        area = QRectF(x, rect.y(), room, rect.height())
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, shown)
        return x + min(room, metrics.horizontalAdvance(shown))
