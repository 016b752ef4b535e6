"""The sidebar: pages, pinned views and their badges; folds to icons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPen, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QListView, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from . import icons, theme
from .tokens import SIDEBAR, SIDEBAR_FOLDED
from .widgets.text import Elided, vbox

ITEM = int(Qt.ItemDataRole.UserRole) + 1


@dataclass(frozen=True, kw_only=True)
class Item:
    """A line of the sidebar; `badge` names its count, `tone` is gray, red or gold."""

    key: str
    text: str
    icon: str = ""
    page: str = ""
    arguments: Mapping[str, Any] = field(default_factory=dict)
    badge: str = ""
    tone: str = "gray"
    shortcut: str = ""


ITEMS: tuple[Item, ...] = (
    Item(key="home", text="Beranda", icon="home", page="home", shortcut="Ctrl+1"),
    Item(key="cases", text="Laporan", icon="report", page="cases", badge="active",
         shortcut="Ctrl+2"),
    Item(key="cases.late", text="Lewat batas", page="cases", arguments={"due": "late"},
         badge="late", tone="red"),
    Item(key="cases.today", text="Hari ini", page="cases", arguments={"due": "today"},
         badge="today", tone="gold"),
    Item(key="cases.mine", text="Tugas saya", page="cases", arguments={"view": "mine"},
         badge="mine"),
    Item(key="cases.waiting", text="Tunggu pelapor", page="cases", arguments={"view": "waiting"},
         badge="waiting"),
    Item(key="letters", text="Surat", icon="letter", page="letters", shortcut="Ctrl+3"),
    Item(key="prevention", text="Pencegahan", icon="prevention", page="prevention",
         shortcut="Ctrl+4"),
    Item(key="exchange", text="Kirim & terima", icon="exchange", page="exchange", badge="inbox",
         shortcut="Ctrl+5"),
    Item(key="recap", text="Rekap", icon="recap", page="recap", shortcut="Ctrl+6"),
    Item(key="", text=""),
    Item(key="settings", text="Pengaturan", icon="settings", page="settings", shortcut="Ctrl+7"),
    Item(key="rules", text="Aturan", icon="shield-check", page="rules", shortcut="Ctrl+8"),
)  # fmt: skip


class Sidebar(QWidget):
    """The list of pages above the name of the office."""

    chosen = Signal(object)  # Item

    def __init__(self, office: str) -> None:
        super().__init__()
        self.setObjectName("side")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.folded = False
        self.counts: dict[str, int] = {}
        self.list = _Pages(self)
        first, second = _two_lines(office)
        self._first = Elided(first, "small", "side_t2")
        self._second = Elided(second, "small", "side_t")
        self._foot = QWidget()
        self._foot.setLayout(vbox(self._first, self._second, margins=(12, 9, 12, 10)))
        self.setLayout(vbox(self.list, _Line(), self._foot))
        self.list.clicked.connect(self._on_index)
        self.fold(False)

    def set_current(self, key: str) -> None:
        """Light the item of the open page."""
        self.list.light(key)

    def set_counts(self, counts: Mapping[str, int]) -> None:
        """Show these badges; zero shows none."""
        self.counts = dict(counts)
        self.list.name_items(self.counts)
        self.list.viewport().update()

    def fold(self, folded: bool) -> None:
        """Show only icons, or everything."""
        self.folded = folded
        self.setFixedWidth(theme.px(SIDEBAR_FOLDED if folded else SIDEBAR))
        self._foot.setVisible(not folded)
        for place, item in enumerate(ITEMS):
            self.list.setRowHidden(place, folded and bool(item.key) and not item.icon)
        self.list.doItemsLayout()

    def open_item(self, item: Item) -> None:
        """Ask for the page of an item."""
        if item.page:
            self.chosen.emit(item)

    def _on_index(self, index: QModelIndex) -> None:
        self.open_item(index.data(ITEM))


class _Line(QWidget):
    """The hairline above the name of the office."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(1)

    def paintEvent(self, event: object) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("side_ln"))
        painter.end()


class _Pages(QListView):
    """The items themselves."""

    def __init__(self, side: Sidebar) -> None:
        super().__init__()
        self._side = side
        self.setAccessibleName("Menu utama")
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setObjectName("sideList")
        model = QStandardItemModel(self)
        for item in ITEMS:
            row = QStandardItem(item.text)
            row.setData(item, ITEM)
            row.setEditable(False)
            if item.shortcut:
                row.setToolTip(f"{item.text} ({item.shortcut})")
            if not item.key:
                row.setFlags(Qt.ItemFlag.NoItemFlags)
            model.appendRow(row)
        self.setModel(model)
        self.setItemDelegate(_Painted(self, side))
        self.lit = "home"

    def light(self, key: str) -> None:
        """Mark the item of the open page."""
        self.lit = key
        for place, item in enumerate(ITEMS):
            if item.key == key:
                self.setCurrentIndex(self.model().index(place, 0))
        self.viewport().update()

    def name_items(self, counts: Mapping[str, int]) -> None:
        """Tell screen readers the numbers of the badges."""
        model = self.model()
        for place, item in enumerate(ITEMS):
            count = counts.get(item.badge, 0)
            said = f"{item.text}, {count}" if count else item.text
            model.setData(model.index(place, 0), said, int(Qt.ItemDataRole.AccessibleTextRole))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            item = self.currentIndex().data(ITEM)
            if item is not None:
                self._side.open_item(item)
        else:
            super().keyPressEvent(event)


class _Painted(QStyledItemDelegate):
    """Paints an item: gold marker, icon, text, badge."""

    def __init__(self, pages: _Pages, side: Sidebar) -> None:
        super().__init__(pages)
        self._pages, self._side = pages, side

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        item: Item = index.data(ITEM)
        height = 32 if item.icon else 26 if item.key else 17
        return QSize(theme.px(SIDEBAR_FOLDED), theme.px(height))

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        item: Item = index.data(ITEM)
        rect = option.rect
        if not item.key:
            line = rect.adjusted(12, theme.px(8), -12, 0)
            painter.fillRect(line.x(), line.y(), line.width(), 1, theme.color("side_ln"))
            return
        on = item.key == self._pages.lit
        here = self._pages.hasFocus() and index == self._pages.currentIndex()
        if on:
            painter.fillRect(rect, theme.color("side_a"))
            painter.fillRect(rect.x(), rect.y(), 3, rect.height(), theme.color("marker"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if item.icon:
            side = theme.px(18)
            spot = QRectF(16, rect.y() + (rect.height() - side) / 2, side, side)
            if self._side.folded:
                spot.moveLeft((rect.width() - side) / 2)
            icons.draw(painter, item.icon, spot, "side_t")
        count = self._side.counts.get(item.badge, 0)
        if not self._side.folded:
            self._text(painter, item, rect, on)
            if count:
                self._badge(painter, rect, str(count), item.tone)
        elif count and item.badge == "active" and self._side.counts.get("late"):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("badge_red"))
            painter.drawEllipse(QRectF(rect.right() - 16, rect.y() + 5, 8, 8))
        if here:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.color("marker"), 2))
            painter.drawRect(QRectF(rect).adjusted(1, 1, -1, -1))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _text(self, painter: QPainter, item: Item, rect: Any, on: bool) -> None:
        main = bool(item.icon)
        painter.setFont(theme.font("body" if main else "small", bold=on and main))
        painter.setPen(theme.color("side_t" if main or on else "side_t2"))
        left = theme.px(44) if main else theme.px(45)
        painter.drawText(rect.adjusted(left, 0, -44, 0), Qt.AlignmentFlag.AlignVCenter, item.text)

    def _badge(self, painter: QPainter, rect: Any, text: str, tone: str) -> None:
        fill = {"red": "badge_red", "gold": "marker"}.get(tone, "badge_gray")
        ink = {"red": "badge_red_t", "gold": "marker_t"}.get(tone, "badge_gray_t")
        font = theme.font("tiny", bold=True)
        width = max(theme.px(20), QFontMetrics(font).horizontalAdvance(text) + theme.px(10))
        height = theme.px(18)
        top = rect.y() + (rect.height() - height) / 2
        area = QRectF(rect.right() + 1 - 12 - width, top, width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(fill))
        painter.drawRoundedRect(area, 4, 4)
        painter.setFont(font)
        painter.setPen(theme.color(ink))
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, text)


def _two_lines(office: str) -> tuple[str, str]:
    """The kind of office, and its place: "Bawaslu Kabupaten" / "Gunung Mas"."""
    for kind in ("Panwaslu Kecamatan", "Bawaslu Kabupaten", "Bawaslu Kota", "Bawaslu Provinsi"):
        if office.casefold().startswith(kind.casefold()):
            return kind, office[len(kind) :].strip()
    head, _, rest = office.partition(" ")
    return head, rest
