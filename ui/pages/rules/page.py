"""The page Aturan: tabs for rules, holidays, counting a date, regulation files and history."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from ui.context import Context
from ui.page import Page
from ui.widgets.cards import PageHead
from ui.widgets.tabs import Tab, Tabs
from ui.widgets.text import box, hbox, vbox

from .changing import Changing
from .count_tab import CountTab
from .days_tab import DaysTab
from .facts_tab import FactsTab
from .files_tab import FilesTab
from .history_tab import HistoryTab

TABS = (
    Tab("rules", "Aturan"),
    Tab("days", "Hari libur"),
    Tab("count", "Hitung tanggal"),
    Tab("files", "Berkas aturan"),
    Tab("history", "Riwayat"),
)
HELP = {
    "rules": "Setiap aturan dengan sumber dan kepastiannya. Enter mengubah satu nilai, B "
    "memastikan satu bacaan. Perkara yang batasnya bergeser ditunjukkan sebelum diterapkan.",
    "days": "Hari libur bawaan program dan perubahan kantor. Ins menambah, P memindahkan, Del "
    "menjadikan hari kerja, K mengembalikan ke bawaan program.",
    "count": "Pilih batas waktu dan tanggal mulai. Setiap hari dijelaskan; Ctrl+P mencetaknya.",
    "files": "Aturan yang dikirim kantor di atas sebagai berkas bertanda tangan. Ctrl+Enter "
    "menerima, Ins membuat berkas untuk kantor di bawah, Del mencabut.",
    "history": "Semua perubahan aturan dan hari libur kantor ini. Del mencabut perubahan aturan.",
}


class RulesPage(Page):
    """Everybody reads; leader and admin change."""

    title = "Aturan"
    sidebar = "rules"
    shows = frozenset({"office", "settings", "rule_overrides", "local_holidays",
                       "regulation_files"})  # fmt: skip

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.changing = Changing(context, self)
        self.head = PageHead(self.title, " ")
        self.tabs = Tabs(TABS, ground="window")
        self.rules = FactsTab(context, self.changing)
        self.days = DaysTab(context, self.changing)
        self.count = CountTab(context)
        self.files = FilesTab(context, self.changing)
        self.history = HistoryTab(context, self.changing)
        self.parts: dict[str, FactsTab | DaysTab | CountTab | FilesTab | HistoryTab] = {
            "rules": self.rules, "days": self.days, "count": self.count, "files": self.files,
            "history": self.history,
        }  # fmt: skip
        self.stack = QStackedWidget()
        self._actions = {key: box(hbox(*part.head_buttons)) for key, part in self.parts.items()}
        for key, part in self.parts.items():
            self.stack.addWidget(part)
            self.head.buttons.addWidget(self._actions[key])
        column = vbox()
        column.addLayout(self.banner_place)
        column.addWidget(self.head)
        column.addWidget(self.tabs)
        column.addWidget(self.stack, 1)
        self.setLayout(column)
        self._show_actions()
        self.tabs.chosen.connect(self._on_tab)
        self.rules.law_chosen.connect(self._show_head)

    @property
    def part(self) -> FactsTab | DaysTab | CountTab | FilesTab | HistoryTab:
        """The tab that is shown."""
        return self.parts[self.tabs.current]

    def open(self, **arguments: Any) -> None:
        self.tabs.choose(str(arguments.get("tab", self.tabs.current)))
        if rule := arguments.get("rule"):
            self.rules.reload()
            self.rules.table.choose(f"deadline.{rule}")

    def reload(self) -> None:
        self.part.reload()
        if self.part is not self.rules:
            self.rules.reload()
        self._show_head()

    def primary(self) -> None:
        self.part.primary()

    def new_row(self) -> None:
        self.part.new_row()

    def print_page(self) -> None:
        self.part.print_page()

    def focus_filter(self) -> None:
        self.part.focus_filter()

    def panes(self) -> list[QWidget]:
        return [*self.part.panes(), self.tabs]

    def step_tab(self, by: int) -> None:
        self.tabs.step(by)

    def help_text(self) -> str:
        return HELP[self.tabs.current]

    def state(self) -> dict[str, Any]:
        row = self.rules.table.row()
        return {"tab": self.tabs.current, "rule": row.key if row else "", "year": self.days.year}

    def restore(self, state: dict[str, Any]) -> None:
        self.days.year = state.get("year", self.days.year)
        self.tabs.choose(state.get("tab", "rules"))
        self.rules.table.choose(state.get("rule", ""))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete and not event.modifiers():
            self._delete()
        else:
            super().keyPressEvent(event)

    def _delete(self) -> None:
        if self.part is self.days:
            self.days.remove_day()
        elif self.part is self.files:
            self.files.retire_version()
        elif self.part is self.history:
            self.history.undo_decision()

    def _on_tab(self, key: str) -> None:
        self.parts[key].reload()
        self.stack.setCurrentWidget(self.parts[key])
        self._show_actions()
        self._show_head()

    def _show_actions(self) -> None:
        """The buttons of the open tab stand in the head of the page."""
        for key, buttons in self._actions.items():
            buttons.setVisible(key == self.tabs.current)

    def _show_head(self) -> None:
        self.head.set_text(self.title, self.rules.summary())
