"""The list of people on the log-in page, with the initials of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QListView, QStyledItemDelegate, QStyleOptionViewItem

from ui import icons, theme

PERSON = int(Qt.ItemDataRole.UserRole) + 1
ROW_HEIGHT = 44


@dataclass(frozen=True)
class Person:
    """Someone who can log in."""

    account: str
    name: str
    note: str


class People(QListView):
    """One person is chosen; arrows move."""

    def __init__(self, people: Sequence[Person]) -> None:
        super().__init__()
        self.setObjectName("people")
        self.setAccessibleName("Siapa yang masuk?")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        model = QStandardItemModel(self)
        for person in people:
            item = QStandardItem(person.name)
            item.setData(person, PERSON)
            item.setData(f"{person.name}, {person.note}", int(Qt.ItemDataRole.AccessibleTextRole))
            item.setEditable(False)
            model.appendRow(item)
        self.setModel(model)
        self.setItemDelegate(_Rows(self))
        self.show_rows(len(people))
        if people:
            self.setCurrentIndex(model.index(0, 0))

    def show_rows(self, count: int) -> None:
        """Be as high as `count` people."""
        self.setFixedHeight(theme.px(ROW_HEIGHT) * max(1, count))

    def person(self) -> Person | None:
        """Who is chosen."""
        found = self.currentIndex().data(PERSON)
        return found if isinstance(found, Person) else None

    def step(self, by: int) -> None:
        """Choose the next (1) or previous (-1) person."""
        place = max(0, min(self.model().rowCount() - 1, self.currentIndex().row() + by))
        self.setCurrentIndex(self.model().index(place, 0))

    def choose(self, account: str) -> None:
        """Choose a person by account; nothing happens for an unknown one."""
        for place in range(self.model().rowCount()):
            index = self.model().index(place, 0)
            if index.data(PERSON).account == account:
                self.setCurrentIndex(index)


class _Rows(QStyledItemDelegate):
    """A row: initials in a circle, name, role, a tick for the one chosen."""

    def __init__(self, people: People) -> None:
        super().__init__(people)
        self._people = people

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(200, theme.px(ROW_HEIGHT))

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        person: Person = index.data(PERSON)
        rect, on = option.rect, index == self._people.currentIndex()
        if on:
            painter.fillRect(rect, theme.color("sel"))
        if index.row() < index.model().rowCount() - 1:
            painter.fillRect(rect.x(), rect.bottom(), rect.width(), 1, theme.color("line"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = theme.px(28)
        circle = QRectF(rect.x() + 10, rect.y() + (rect.height() - 1 - side) / 2, side, side)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("ink" if on else "gray_bg"))
        painter.drawEllipse(circle)
        painter.setFont(theme.font("tiny", bold=True))
        painter.setPen(theme.color("ink_t" if on else "text2"))
        painter.drawText(circle, Qt.AlignmentFlag.AlignCenter, initials(person.name))
        left = rect.x() + 20 + side
        middle = Qt.AlignmentFlag.AlignVCenter
        top = rect.y() + (rect.height() - 1 - theme.px(34)) / 2
        painter.setFont(theme.font(bold=on))
        painter.setPen(theme.color("text"))
        room = rect.width() - left - theme.px(40)
        painter.drawText(QRectF(left, top, room, theme.px(18)), middle, person.name)
        painter.setFont(theme.font("small"))
        painter.setPen(theme.color("text2"))
        painter.drawText(QRectF(left, top + theme.px(18), room, theme.px(16)), middle, person.note)
        if on:
            mark = theme.px(16)
            spot = QRectF(rect.right() - 10 - mark, rect.center().y() - mark / 2, mark, mark)
            icons.draw(painter, "check", spot, "blue")
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def initials(name: str) -> str:
    """First letters of the first and last word; titles after a comma do not count."""
    words = [word for word in name.split(",")[0].split() if word[:1].isalpha()]
    if not words:
        return "?"
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()
