"""Pencegahan: one head, three views under tabs, and the keys of the page handed to the open one."""

from __future__ import annotations

from functools import cached_property
from typing import Any, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from ui.context import Context
from ui.page import Page
from ui.widgets.cards import PageHead
from ui.widgets.keys import bind
from ui.widgets.tabs import Tab, Tabs
from ui.widgets.text import vbox

from .activities import ActivitiesView
from .pledges import PledgesView
from .spread import SpreadView
from .view import View

V = TypeVar("V", bound=View)
ACTIVITIES, PLEDGES, SPREAD = "activities", "pledges", "spread"
NAMES = {ACTIVITIES: "Kegiatan", PLEDGES: "Ikrar", SPREAD: "Sebaran desa"}


class PreventionPage(Page):
    """Ctrl+PgUp and Ctrl+PgDn go between Kegiatan, Ikrar and Sebaran desa."""

    title = "Pencegahan"
    sidebar = "prevention"
    shows = frozenset(
        {
            *("prevention", "prevention_targets", "prevention_recipients", "prevention_files"),
            *("pledges", "signatories", "coverage_plans", "coverage_entries", "letters"),
        }
    )

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.tabs = Tabs([Tab(key, name) for key, name in NAMES.items()], ground="window")
        self.head = PageHead(self.title)
        self._stack = QStackedWidget()
        self.built: dict[str, View] = {}  # the views that were opened
        self._behind = set(NAMES)  # views that have not fetched what changed
        column = vbox()
        column.addLayout(self.banner_place)
        for part in (self.head, self.tabs):
            column.addWidget(part)
        column.addWidget(self._stack, 1)
        self.setLayout(column)
        self.tabs.chosen.connect(self._on_tab)
        bind(self, "paste_roster", self.paste)
        self._show_view()

    @cached_property
    def activities(self) -> ActivitiesView:
        """The view Kegiatan."""
        made = self._add(ACTIVITIES, ActivitiesView(self.context))
        made.acts.pledge_opened.connect(self._on_pledge)
        return made

    @cached_property
    def pledges(self) -> PledgesView:
        """The view Ikrar."""
        return self._add(PLEDGES, PledgesView(self.context))

    @cached_property
    def spread(self) -> SpreadView:
        """The view Sebaran desa."""
        return self._add(SPREAD, SpreadView(self.context))

    @property
    def view(self) -> View:
        """The open view."""
        found: View = getattr(self, self.tabs.current)
        return found

    def open(self, **arguments: Any) -> None:
        if pledge := arguments.get("pledge"):
            self._on_pledge(str(pledge))
        elif tab := arguments.get("tab"):
            self.tabs.choose(str(tab))

    def reload(self) -> None:
        self._behind = set(NAMES)
        self._fetch()

    def primary(self) -> None:
        self.view.primary()

    def new_row(self) -> None:
        self.view.new_row()

    def paste(self) -> None:
        """Read a list that was copied in a spreadsheet."""
        self.view.paste()

    def export(self) -> None:
        self.view.export()

    def print_page(self) -> None:
        self.view.print_page()

    def focus_filter(self) -> None:
        self.view.focus_filter()

    def step_tab(self, by: int) -> None:
        self.tabs.step(by)

    def step_problem(self, by: int) -> None:
        self.view.step_problem(by)

    def step_case(self, by: int) -> None:
        self.view.step_case(by)

    def panes(self) -> list[QWidget]:
        return [*self.view.panes(), self.tabs]

    def take_focus(self) -> None:
        self.view.take_focus()

    def help_text(self) -> str:
        return self.view.help_text()

    def state(self) -> dict[str, Any]:
        return {"tab": self.tabs.current, **{key: v.state() for key, v in self.built.items()}}

    def restore(self, state: dict[str, Any]) -> None:
        self.tabs.choose(state.get("tab", ACTIVITIES))
        self._fetch()
        for key, view in self.built.items():
            view.restore(state.get(key, {}))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.text() == "/" and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            self.focus_filter()
        else:
            super().keyPressEvent(event)

    def _on_tab(self, _key: str) -> None:
        held = self.tabs.hasFocus()
        self._show_view()
        if self.isVisible():
            self._fetch()
            if not held:
                self.take_focus()

    def _on_pledge(self, uid: str) -> None:
        self.pledges.wanted = uid
        self._behind.add(PLEDGES)
        self.tabs.choose(PLEDGES)
        if self.isVisible():
            self._fetch()
        else:
            self.refresh()

    def _show_view(self) -> None:
        open_view = self.view
        self._stack.setCurrentWidget(open_view)
        self.head.set_text(self.title, open_view.subtitle)
        for view in self.built.values():
            view.show_buttons(view is open_view)

    def _add(self, key: str, view: V) -> V:
        """Take in a view that is opened for the first time."""
        self.built[key] = view
        self._stack.addWidget(view)
        for button in view.head_buttons():
            self.head.buttons.addWidget(button)
        return view

    def _fetch(self) -> None:
        """Let the open view fetch, if anything changed since it did."""
        key = self.tabs.current
        if key in self._behind:
            self._behind.discard(key)
            self.view.reload()
