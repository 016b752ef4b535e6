"""The window of an open office: menus, sidebar, pages, status; it knows no domain."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QApplication, QMenu, QScrollArea, QStackedWidget, QWidget

from posko_app.errors import Cancelled, UserError

from . import dialogs, icons, pages, theme
from .actions import ACTIONS, BY_KEY, MENUS, Action
from .context import Context
from .frame import MenuRow, StatusLine
from .help import help_sheet
from .page import Page
from .palette import Find, Found, Palette
from .sidebar import ITEMS, Item, Sidebar
from .tasks import DONE, STOPPED, Task
from .tokens import FOLD_BELOW
from .widgets.progress import say_progress
from .widgets.text import hbox, vbox
from .widgets.toast import Toast


def nothing_found(_text: str) -> Sequence[Found]:
    """The search of a shell without cases."""
    return ()


@dataclass(frozen=True)
class Visit:
    """A page as it was when the user left it."""

    page: str
    arguments: dict[str, Any]
    state: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What the shell shows around the pages; all of it comes from outside."""

    person: str
    office: str
    practice: bool = False
    counts: Callable[[], Mapping[str, int]] = dict
    find: Find = nothing_found
    sent: Callable[[], str] = str  # what was sent last, and when
    clock: Callable[[], str] = str  # the office's time now, "10.42"
    crash: Callable[[BaseException], None] | None = None


class Shell(QWidget):
    """Opens pages by name, keeps the way back, and runs the actions of the table."""

    quit_wanted = Signal()
    look_wanted = Signal(str, int)  # theme, scale
    folded = Signal(bool)

    def __init__(self, context: Context, around: Surroundings, *, folded: bool = False) -> None:
        super().__init__()
        self.context, self._around = context, around
        self._pages: dict[str, Page] = {}
        self._history: list[Visit] = []
        self._now: tuple[str, dict[str, Any]] = ("", {})
        self._wants_fold, self._sent_stale = folded, True
        self.saved_at = ""
        self.menu_row = MenuRow(around.person, practice=around.practice)
        self.sidebar = Sidebar(around.office)
        self.stack = QStackedWidget()
        self.status = StatusLine()
        body = hbox(self.sidebar, gap=0)
        body.addWidget(self.stack, 1)
        column = vbox(self.menu_row)
        column.addLayout(body, 1)
        column.addWidget(self.status)
        self.setLayout(column)
        self.toast = Toast(self.stack)
        self.palette_view = Palette(self, around.find)
        self._counting = QTimer(self)
        self._counting.setSingleShot(True)
        self._counting.timeout.connect(self._on_counting)
        self.actions_by_key: dict[str, QAction] = {}
        self._fill_menus()
        self._connect()
        self._counting.start(0)

    # --- going places ---------------------------------------------------------------------------

    @property
    def page(self) -> Page | None:
        """The page on screen."""
        shown = self.stack.currentWidget()
        return shown if isinstance(shown, Page) else None

    def open(self, name: str, **arguments: Any) -> bool:
        """Open a page by its name; the page before is remembered for Alt+Left."""
        before = self.page
        if before is not None and not before.leave():
            return False
        visit = None
        if before is not None:
            visit = Visit(self._now[0], self._now[1], before.state())
        if not self._show(name, arguments):
            return False
        if visit is not None and not _same_visit(visit, name, arguments):
            self._history.append(visit)
            del self._history[:-50]
        return True

    def back(self) -> None:
        """Go back, with filter, scroll and selection as they were."""
        before = self.page
        if not self._history or (before is not None and not before.leave()):
            return
        visit = self._history.pop()
        if self._show(visit.page, visit.arguments) and self.page is not None:
            self.page.restore(visit.state)

    def leave(self) -> bool:
        """Whether the page on screen lets the user go (lock, quit, new look)."""
        return self.page is None or self.page.leave()

    def where(self) -> tuple[str, dict[str, Any]]:
        """Name and arguments of the page on screen."""
        return self._now

    def refresh_counts(self) -> None:
        """Fetch the badges again."""
        try:
            self.sidebar.set_counts(self._around.counts())
        except UserError:
            self.sidebar.set_counts({})

    # --- actions --------------------------------------------------------------------------------

    def run_action(self, key: str) -> None:
        """Run an action of the table."""
        action = BY_KEY[key]
        if action.page:
            self.open(action.page, **action.arguments)
            return
        owner = self if action.owner == "shell" else self.page
        if owner is None:
            return
        method = getattr(owner, action.method)
        if action.value is None:
            method()
        else:
            method(action.value)

    def lock(self) -> None:
        """Close the office and go back to the log-in."""
        self.context.lock_wanted.emit()

    def quit(self) -> None:
        """Close the program."""
        self.quit_wanted.emit()

    def undo(self) -> None:
        """Take back what the toast offers."""
        self.toast.undo()

    def redo(self) -> None:
        """Do again what the toast says was taken back."""
        self.toast.redo()

    def open_palette(self) -> None:
        """Show the palette."""
        self.palette_view.open()

    def set_theme(self, name: str) -> None:
        """Ask for another theme."""
        self.look_wanted.emit(name, theme.scale())

    def set_scale(self, scale: int) -> None:
        """Ask for another text size."""
        self.look_wanted.emit(theme.name(), scale)

    def fold_sidebar(self) -> None:
        """Fold or unfold the sidebar."""
        self._wants_fold = not self.sidebar.folded
        self.sidebar.fold(self._wants_fold)
        self.folded.emit(self._wants_fold)

    def step_pane(self, by: int) -> None:
        """Move the keyboard to the next or previous part of the screen."""
        page = self.page
        panes = [self.sidebar.list, *(page.panes() if page else [])]
        panes = [pane for pane in panes if pane.isVisible()]
        focus = QApplication.focusWidget()
        here = next(
            (n for n, pane in enumerate(panes)
             if focus is not None and (pane is focus or pane.isAncestorOf(focus))), -1
        )  # fmt: skip
        place = (here + by) % len(panes) if here >= 0 or by > 0 else len(panes) - 1
        panes[place].setFocus(Qt.FocusReason.ShortcutFocusReason)
        area = panes[place].parentWidget()
        while area is not None and not isinstance(area, QScrollArea):
            area = area.parentWidget()
        if area is not None:
            area.ensureWidgetVisible(panes[place])  # the keyboard may stand far below it

    def help(self) -> None:
        """Show what this screen is for, its own keys first, then those of the program."""
        help_sheet(self, self.page, self._now[0]).exec()

    # --- inside ---------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._history:
            self.back()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        fold = self._wants_fold or self.width() < FOLD_BELOW
        if fold != self.sidebar.folded:
            self.sidebar.fold(fold)

    def _show(self, name: str, arguments: dict[str, Any]) -> bool:
        page = self._pages.get(name)
        if page is None:
            page = pages.page_class(name)(self.context)
            self._pages[name] = page
            self.stack.addWidget(page)
        try:
            page.open(**arguments)
        except UserError as error:
            dialogs.problem(self, error)
            return False
        self._now = (name, {k: v for k, v in arguments.items() if k not in page.once})
        self.stack.setCurrentWidget(page)
        self.sidebar.set_current(_item_of(page, arguments))
        page.take_focus()
        return True

    def _fill_menus(self) -> None:
        menus: dict[str, QMenu] = {}
        for key, text in MENUS:
            menus[key] = self.menu_row.bar.addMenu(text)
        for action in ACTIONS:
            menu = menus[action.menu]
            if action.break_before:
                menu.addSeparator()
            menu.addAction(self._action(action))
        self.menu_row.bar.setMinimumWidth(self.menu_row.bar.sizeHint().width())
        account = QMenu(self)
        account.addAction(self.actions_by_key["lock"])
        account.addAction(self.actions_by_key["quit"])
        self._account = account
        self.menu_row.person.clicked.connect(self._on_person)

    def _action(self, action: Action) -> QAction:
        made = QAction(action.text, self)
        made.setData(action.key)
        if action.icon:
            made.setIcon(icons.icon(action.icon, "text2"))
        if action.shortcut:
            keys = [QKeySequence(action.shortcut)]
            if action.shortcut.endswith("Return"):
                keys.append(QKeySequence(action.shortcut.replace("Return", "Enter")))
            made.setShortcuts(keys)
        made.triggered.connect(self._on_action)
        self.addAction(made)
        self.actions_by_key[action.key] = made
        return made

    def _connect(self) -> None:
        self.sidebar.chosen.connect(self._on_item)
        self.menu_row.search.clicked.connect(self.open_palette)
        self.menu_row.lock.clicked.connect(self.lock)
        self.palette_view.picked.connect(self._on_found)
        context = self.context
        context.page_wanted.connect(self._on_page_wanted)
        context.back_wanted.connect(self.back)
        context.problem.connect(self._on_problem)
        context.said.connect(self.toast.say)
        context.saved.connect(self._on_saved)
        context.changed.connect(self._on_changed)
        context.tasks.started.connect(self._on_task_started)
        context.tasks.advanced.connect(self._on_task_advanced)
        context.tasks.ended.connect(self._on_task_ended)

    @Slot()
    def _on_action(self) -> None:
        sender = self.sender()
        if isinstance(sender, QAction):
            self.run_action(sender.data())

    def _on_person(self) -> None:
        button = self.menu_row.person
        self._account.popup(button.mapToGlobal(button.rect().bottomLeft()))

    def _on_item(self, item: Item) -> None:
        self.open(item.page, **item.arguments)

    def _on_found(self, found: Found) -> None:
        if found.action:
            self.run_action(found.action)
        elif found.page:
            self.open(found.page, **found.arguments)

    def _on_page_wanted(self, name: str, arguments: dict[str, Any]) -> None:
        self.open(name, **arguments)

    def _on_problem(self, error: BaseException) -> None:
        if isinstance(error, UserError):
            dialogs.problem(self, error)
        elif not isinstance(error, Cancelled) and self._around.crash is not None:
            self._around.crash(error)

    def _on_saved(self, text: str) -> None:
        self.saved_at = self._around.clock()
        self.status.say(f"{text} · {self.saved_at}" if self.saved_at else text)

    def _on_counting(self) -> None:
        self.refresh_counts()
        if self._sent_stale:
            self._sent_stale = False
            try:
                self.status.set_sent(self._around.sent())
            except UserError:
                self.status.set_sent("")

    def _on_changed(self, tables: frozenset[str]) -> None:
        if tables - {"drafts"}:  # a draft that saves itself moves no count
            self._counting.start(0)
        self._sent_stale |= "exports" in tables
        self._on_saved("Semua perubahan tersimpan")

    def _on_task_started(self, task: Task) -> None:
        if task.label:
            self.status.say(f"{task.label}…", "refresh", "text2")

    def _on_task_advanced(self, task: Task, done: int, total: int, _text: str) -> None:
        if task.label and total > 0:
            self.status.say(f"{task.label}, {say_progress(done, total, None)}", "refresh", "text2")

    def _on_task_ended(self, task: Task) -> None:
        if not task.label:
            return
        if task.outcome == DONE:
            self._on_saved("Selesai")
        else:  # nothing was saved, so the time of the last saving stays as it is
            stopped = task.outcome == STOPPED
            said = (
                "Dibatalkan, tidak ada yang berubah" if stopped else f"{task.label}: tidak berhasil"
            )
            self.status.say(said, "attention", "gold")


def _same_visit(visit: Visit, name: str, arguments: Mapping[str, Any]) -> bool:
    """Whether Alt+Left passes over a visit: it was this one, or a step through the same list."""
    if visit.page != name:
        return False
    order = visit.arguments.get("order")
    return visit.arguments == arguments or bool(order and order == arguments.get("order"))


def _item_of(page: Page, arguments: Mapping[str, Any]) -> str:
    """The sidebar item that stands for a page with these arguments."""
    for item in ITEMS:
        if item.page == page.sidebar and item.arguments and dict(item.arguments) == dict(arguments):
            return item.key
    return page.sidebar
