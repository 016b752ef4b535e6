"""The row above the list: the filter field, chips, Bersihkan, how many are shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from posko_app.cases.filters import span
from posko_app.errors import Problem
from ui import dialogs, theme
from ui.fields import Field
from ui.widgets.buttons import Button, IconButton, Link
from ui.widgets.chips import FilterChip
from ui.widgets.layout import FlowLayout
from ui.widgets.search import SearchField
from ui.widgets.text import Text, hbox

from .filters import OWN_SPAN, Filter, people_words, span_words

LONGEST = 34  # letters on a chip


class _Chip(FilterChip):
    """A filter with its menu; while it holds back, the cross or Del lets go."""

    asked = Signal()
    freed = Signal()

    def __init__(self, wanted: Filter) -> None:
        super().__init__(wanted.title, arrow=True, closable=True)
        self.filter = wanted
        self._spot: QPoint | None = None  # of the mouse; None for the keyboard
        self.clicked.connect(self._on_clicked)

    def show_value(self, value: str, label: str) -> None:
        """Show what is chosen."""
        said = f"{self.filter.title}: {label or 'semua'}"
        self.setChecked(bool(value))
        self.setText(said if len(said) <= LONGEST else f"{said[: LONGEST - 1]}…")
        self.setAccessibleName(said)
        self.setToolTip(said if len(said) > LONGEST else "")
        self.setVisible(bool(value) or self.filter.always)

    def nextCheckState(self) -> None:
        """A click asks; the page says what is checked."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.freed.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down):
            self.asked.emit()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._spot = event.position().toPoint()
        super().mousePressEvent(event)

    def _on_clicked(self) -> None:
        """Let go on the cross, else ask."""
        spot, self._spot = self._spot, None
        cross = self.width() - theme.px(26)
        if self.isChecked() and spot is not None and spot.x() >= cross:
            self.freed.emit()
        else:
            self.asked.emit()


class FilterBar(QWidget):
    """Filters by text and by chips; says so with `changed` and never queries itself."""

    typed = Signal(str)
    changed = Signal()
    left = Signal()  # the keyboard wants to go on to the list
    columns_wanted = Signal()
    print_wanted = Signal()

    def __init__(self, wanted: Sequence[Filter], today: date) -> None:
        super().__init__()
        self._today = today
        self.values: dict[str, str] = {}
        self._loud = True
        self._filters = {item.key: item for item in wanted}
        self.search = SearchField("Saring nama, nomor, NIP, tempat", name="Saring laporan")
        self.search.setMinimumWidth(theme.px(190))
        self.search.setMaximumWidth(theme.px(268))
        self.chips = {item.key: _Chip(item) for item in wanted}
        self.more = Button("Saringan", icon="add", kind="flat", small=True)
        self.clear = Link("Bersihkan", role="small")
        self.count = Text("", "small", "text2")
        self.print = IconButton("print", "Cetak daftar", hint="Ctrl+P", small=True)
        self.columns = IconButton("columns", "Pilih kolom", small=True)
        self.preview = IconButton("preview", "Panel pratinjau", hint="Spasi", small=True,
                                  checkable=True)  # fmt: skip
        self._build()
        self._connect()

    def set_values(self, values: Mapping[str, str]) -> None:
        """Show these choices, without a signal."""
        self.values = {key: value for key, value in values.items() if value}
        for key, chip in self.chips.items():
            value = self.values.get(key, "")
            chip.show_value(value, self.label(key) if value else "")
        self._freshen()

    def set_typed(self, typed: str) -> None:
        """Show this text in the field, without a signal."""
        self._loud = False
        self.search.setText(typed)
        self._loud = True

    def choose(self, key: str, value: str) -> None:
        """Filter by `value`; an empty one lets the filter go."""
        self.set_values({**self.values, key: value})
        self.changed.emit()

    def clear_all(self) -> None:
        """Let everything through again."""
        self.set_typed("")
        self.set_values({})
        self.changed.emit()

    def label(self, key: str) -> str:
        """The words for what is chosen."""
        value, item = self.values.get(key, ""), self._filters[key]
        if item.ask is not None:
            return people_words(value)
        known = dict(item.choices()).get(value)
        return known or (span_words(value, self._today) if item.dated else value)

    def title(self, key: str) -> str:
        """The word for a filter."""
        return self._filters[key].title

    def menu(self, key: str) -> QMenu:
        """The choices of a filter."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._fill(menu, key)
        menu.triggered.connect(self._on_triggered)
        return menu

    def menu_of_filters(self) -> QMenu:
        """The filters that have no chip yet, each with its choices."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for key, item in self._filters.items():
            if not item.always and key not in self.values:
                self._fill(menu.addMenu(item.title), key)
        menu.triggered.connect(self._on_triggered)
        return menu

    # --- inside ---------------------------------------------------------------------------------

    def _build(self) -> None:
        flow = FlowLayout(gap=8)
        for chip in self.chips.values():
            flow.addWidget(chip)
        flow.addWidget(self.more)
        flow.addWidget(self.clear)
        middle = QWidget()
        middle.setLayout(flow)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        middle.setSizePolicy(policy)
        self.clear.setFixedHeight(theme.px(28))
        self.more.setFixedHeight(theme.px(28))
        row = hbox(self.search, gap=8, margins=(16, 10, 16, 10))
        row.setStretch(0, 2)
        row.addWidget(middle, 5)
        for part in (self.count, self.print, self.columns, self.preview):
            row.addWidget(part)
            row.setAlignment(part, Qt.AlignmentFlag.AlignTop)
        self.count.setFixedHeight(theme.px(28))
        row.setAlignment(self.search, Qt.AlignmentFlag.AlignTop)
        self.setLayout(row)
        self.set_values({})  # only now: shown without a parent a chip would be a window

    def _connect(self) -> None:
        self.search.textChanged.connect(self._on_typed)
        self.search.left.connect(self.left)
        for chip in self.chips.values():
            chip.asked.connect(self._on_asked)
            chip.freed.connect(self._on_freed)
        self.more.clicked.connect(self._on_more)
        self.clear.clicked.connect(self.clear_all)
        self.columns.clicked.connect(self.columns_wanted)
        self.print.clicked.connect(self.print_wanted)

    def _freshen(self) -> None:
        self.clear.setVisible(bool(self.values or self.search.text()))
        rest = [key for key, item in self._filters.items() if not item.always]
        self.more.setVisible(any(key not in self.values for key in rest))

    def _fill(self, menu: QMenu, key: str) -> None:
        chosen = self.values.get(key, "")
        if self._filters[key].always or chosen:
            self._add(menu, key, "", "Semua", not chosen)
            menu.addSeparator()
        for value, label in self._filters[key].choices():
            self._add(menu, key, value, label[:1].upper() + label[1:], value == chosen)
        if self._filters[key].ask is not None:
            self._add(menu, key, OWN_SPAN, "Cari menurut identitas…", False)
        if self._filters[key].dated:
            menu.addSeparator()
            self._add(menu, key, OWN_SPAN, "Rentang tanggal…", ".." in chosen)

    def _add(self, menu: QMenu, key: str, value: str, label: str, on: bool) -> None:
        action = menu.addAction(label.replace("&", "&&"))
        action.setCheckable(True)
        action.setChecked(on)
        action.setData((key, value))

    def _on_triggered(self, action: QAction) -> None:
        key, value = action.data()
        if value == OWN_SPAN:
            ask = self._filters[key].ask
            value = (ask(self) or "") if ask is not None else self._ask_span(key)
            if not value:
                return
        self.choose(key, value)

    def _ask_span(self, key: str) -> str:
        """Two dates as a value; empty when the user turned away."""
        first, last = span(self.values.get(key, ""), self._today)
        title = self._filters[key].title
        got = dialogs.ask_form(
            self, f"{title} antara dua tanggal",
            [Field(key="first", label="Mulai", kind="date", width=6, optional=True),
             Field(key="last", label="Sampai", kind="date", width=6, optional=True)],
            today=self._today, act="Saring", values={"first": first, "last": last}, width=460,
            submit=_check_span,
        )  # fmt: skip
        if got is None:
            return ""
        days = [got[name].isoformat() if got[name] else "" for name in ("first", "last")]
        return "..".join(days)

    def _on_typed(self, typed: str) -> None:
        self._freshen()
        if self._loud:
            self.typed.emit(typed)

    def _on_asked(self) -> None:
        chip = self.sender()
        if isinstance(chip, _Chip):
            self.menu(chip.filter.key).popup(chip.mapToGlobal(chip.rect().bottomLeft()))

    def _on_freed(self) -> None:
        chip = self.sender()
        if isinstance(chip, _Chip):
            self.choose(chip.filter.key, "")

    def _on_more(self) -> None:
        self.menu_of_filters().popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))


def _check_span(values: dict[str, Any]) -> tuple[Problem, ...]:
    first, last = values["first"], values["last"]
    if first is None and last is None:
        return (Problem("first", "Isi salah satu tanggal."),)
    if first and last and last < first:
        return (Problem("last", "Tanggal akhir sebelum tanggal mulai. Tukar keduanya."),)
    return ()
