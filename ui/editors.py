"""The inputs of a form: line, area, choice and check box, with the same few methods each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from PySide6.QtCore import QDate, QLocale, QModelIndex, QPersistentModelIndex, QPoint, QSize, Qt
from PySide6.QtCore import Signal as Announce
from PySide6.QtGui import QKeyEvent, QPainter, QStandardItem, QStandardItemModel, QWheelEvent
from PySide6.QtWidgets import (
    QCalendarWidget,
    QCheckBox,
    QComboBox,
    QCompleter,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
    QWidgetAction,
)

from posko_app import text as words

from . import theme
from .fields import Choices
from .widgets.text import restyle

CODE = int(Qt.ItemDataRole.UserRole)
_MOST = 40  # choices shown of a long list


class TextLine(QLineEdit):
    """One line of text."""

    edited = Announce()
    finished = Announce()  # Enter

    def __init__(self, *, mono: bool = False, password: bool = False) -> None:
        super().__init__()
        if mono:
            self.setProperty("mono", True)
        if password:
            self.setEchoMode(QLineEdit.EchoMode.Password)
        self.textEdited.connect(self.edited)
        self.returnPressed.connect(self.finished)

    def raw(self) -> str:
        """What was typed."""
        return self.text()

    def set_raw(self, raw: str) -> None:
        """Show a text; tells nobody."""
        self.setText(raw)
        self.setCursorPosition(0)

    def lock(self, locked: bool) -> None:
        """Make it read-only; it stays reachable and its text can be copied."""
        restyle(self, readOnly=locked)  # this property is the lock itself


class DateLine(TextLine):
    """A date typed, or chosen in a calendar with Alt+Down."""

    def __init__(self, today: date) -> None:
        super().__init__()
        self._today = today

    def keyPressEvent(self, event: QKeyEvent) -> None:
        alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if alt and event.key() == Qt.Key.Key_Down and not self.isReadOnly():
            self.open_calendar()
        else:
            super().keyPressEvent(event)

    def open_calendar(self) -> None:
        """Show a month under the field."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        month = QCalendarWidget()
        month.setLocale(QLocale(QLocale.Language.Indonesian))
        month.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
        month.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        month.setMinimumSize(theme.px(280), theme.px(220))
        try:
            day = words.parse_date(self.text(), self._today)
        except ValueError:
            day = self._today
        month.setSelectedDate(QDate(day.year, day.month, day.day))
        month.activated.connect(self._on_day)
        month.clicked.connect(self._on_day)
        month.activated.connect(menu.close)
        month.clicked.connect(menu.close)
        action = QWidgetAction(menu)
        action.setDefaultWidget(month)
        menu.addAction(action)
        menu.popup(self.mapToGlobal(QPoint(0, self.height())))
        month.setFocus()

    def _on_day(self, day: QDate) -> None:
        self.setText(words.numeric_date(date(day.year(), day.month(), day.day())))
        self.edited.emit()


class TextArea(QPlainTextEdit):
    """Several lines; Tab and Enter go on, Shift+Enter makes a new line."""

    edited = Announce()
    finished = Announce()

    def __init__(self, lines: int) -> None:
        super().__init__()
        self._silent = False
        self.setTabChangesFocus(True)
        self.setFixedHeight(theme.px(18) * lines + theme.px(14))
        self.textChanged.connect(self._on_changed)

    def raw(self) -> str:
        """What was typed."""
        return self.toPlainText()

    def set_raw(self, raw: str) -> None:
        """Show a text; tells nobody."""
        self._silent = True
        self.setPlainText(raw)
        self._silent = False

    def lock(self, locked: bool) -> None:
        """Make it read-only."""
        restyle(self, readOnly=locked)  # this property is the lock itself

    def keyPressEvent(self, event: QKeyEvent) -> None:
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not shift:
            self.finished.emit()
        else:
            super().keyPressEvent(event)

    def _on_changed(self) -> None:
        if not self._silent:
            self.edited.emit()


class Check(QCheckBox):
    """A yes or no; its raw text is "1" or ""."""

    edited = Announce()
    finished = Announce()

    def __init__(self, label: str) -> None:
        super().__init__(label)
        self.clicked.connect(self._on_clicked)

    def raw(self) -> str:
        """ "1" when checked."""
        return "1" if self.isChecked() else ""

    def set_raw(self, raw: str) -> None:
        """Check it for any text."""
        self.setChecked(bool(raw))

    def lock(self, locked: bool) -> None:
        """Make it read-only."""
        self.setEnabled(not locked)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.finished.emit()
        else:
            super().keyPressEvent(event)

    def _on_clicked(self) -> None:
        self.edited.emit()


class ChoiceBox(QComboBox):
    """A list that filters while typing (anywhere in the label); its raw text is the label."""

    edited = Announce()
    finished = Announce()

    def __init__(
        self, choices: Choices = (), search: Callable[[str], Choices] | None = None
    ) -> None:
        super().__init__()
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setMaxVisibleItems(12)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(4)
        self._search, self._labels, self._codes = search, {"": ""}, {"": ""}
        self._store = QStandardItemModel(self)
        self.setModel(self._store)
        self._set_completer()
        self.set_choices(choices)
        line = self.lineEdit()
        assert line is not None
        line.textEdited.connect(self._on_typed)
        line.returnPressed.connect(self.finished)
        self.activated.connect(self._on_activated)

    def set_choices(self, choices: Choices) -> None:
        """Offer these (code, label) pairs; what was typed stays."""
        typed = self.currentText()
        self._fill(choices)
        self.setCurrentIndex(self.findText(typed))
        self.setEditText(typed)

    def code(self) -> str:
        """The code of what is typed, "" when it is none of the choices."""
        return self._codes.get(self.currentText().strip().casefold(), "")

    def set_code(self, code: str) -> None:
        """Show the choice with this code; an unknown code is shown as it is."""
        self.set_raw(self._labels.get(code, code))

    def settle(self) -> None:
        """Take the one choice that a part of its label can only mean; else what was typed stays."""
        typed = self.currentText().strip().casefold()
        if not typed or typed in self._codes:
            return
        labels = [self._store.item(row).text() for row in range(self._store.rowCount())]
        fitting = [label for label in labels if typed in label.casefold()]
        if len(fitting) > 1:
            fitting = [label for label in fitting if label.casefold().startswith(typed)]
        if len(fitting) == 1:
            self.set_raw(fitting[0])
            self.edited.emit()

    def remember(self, code: str, label: str) -> None:
        """Know a choice that the search did not give (a stored value)."""
        self._labels[code] = label
        self._codes[label.casefold()] = code

    def raw(self) -> str:
        """What was typed or chosen."""
        return self.currentText()

    def set_raw(self, raw: str) -> None:
        """Show a text; tells nobody."""
        self.setCurrentIndex(self.findText(raw) if raw else -1)
        self.setEditText(raw)
        if line := self.lineEdit():
            line.setCursorPosition(0)  # a narrow box shows the beginning

    def lock(self, locked: bool) -> None:
        """Make it read-only."""
        line = self.lineEdit()
        if line is not None:
            line.setReadOnly(locked)
        restyle(self, locked=locked)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        line = self.lineEdit()
        if (
            line is not None
            and line.isReadOnly()
            and event.key()
            in (
                Qt.Key.Key_Up,
                Qt.Key.Key_Down,
                Qt.Key.Key_F4,
            )
        ):
            return
        super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # the page scrolls; an answer must not change under the pointer

    def _set_completer(self) -> None:
        completer = QCompleter(self._store, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        if self._search is not None:
            completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        completer.setMaxVisibleItems(12)
        self.setCompleter(completer)
        popup = completer.popup()
        assert popup is not None
        popup.setObjectName("choices")
        for view in (popup, self.view()):
            view.setItemDelegate(_Choices(view))
        completer.activated.connect(self._on_completed)

    def _fill(self, choices: Choices) -> None:
        self._store.clear()
        for code, label in choices:
            item = QStandardItem(label)
            item.setData(code, CODE)
            self._store.appendRow(item)
            self.remember(code, label)

    def _on_typed(self, text: str) -> None:
        if self._search is not None:
            line = self.lineEdit()
            spot = line.cursorPosition() if line else 0
            self._fill(self._search(text)[:_MOST])
            self.setCurrentIndex(-1)
            self.setEditText(text)
            if line:
                line.setCursorPosition(spot)
        self.edited.emit()

    def _on_activated(self, _index: int) -> None:
        self.edited.emit()

    def _on_completed(self, _text: Any) -> None:
        self.edited.emit()


class _Choices(QStyledItemDelegate):
    """A choice with its code at the right, in small grey digits, when codes are numbers."""

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(theme.px(120), theme.px(26))

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        rect = option.rect
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, theme.color("sel"))
        code = str(index.data(CODE) or "")
        right = 0
        middle = Qt.AlignmentFlag.AlignVCenter
        if code[:1].isdigit():
            painter.setFont(theme.font("small"))
            painter.setPen(theme.color("text2"))
            area = rect.adjusted(0, 0, -theme.px(10), 0)
            painter.drawText(area, middle | Qt.AlignmentFlag.AlignRight, code)
            right = theme.px(80)
        painter.setFont(theme.font())
        painter.setPen(theme.color("text"))
        area = rect.adjusted(theme.px(10), 0, -right, 0)
        text = painter.fontMetrics().elidedText(
            str(index.data() or ""), Qt.TextElideMode.ElideRight, area.width()
        )
        painter.drawText(area, middle, text)


Editor = TextLine | TextArea | Check | ChoiceBox


def inner(editor: Editor) -> QWidget:
    """The widget inside an editor that really has the focus."""
    if isinstance(editor, ChoiceBox):
        return editor.lineEdit() or editor
    return editor
