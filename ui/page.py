"""The base of every page: says what it shows, and stays fresh."""

from __future__ import annotations

from typing import Any, ClassVar

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from posko_app.errors import UserError

from .context import Context
from .widgets.banner import Banner
from .widgets.text import vbox


class Page(QWidget):
    """A page reloads when a table it shows has changed: now if visible, else when next shown.

    A page sets `sidebar` (the item lit while it is open), builds itself in `__init__`,
    takes its arguments in `open` and fetches in `reload`.
    """

    shows: ClassVar[frozenset[str]] = frozenset()
    title: ClassVar[str] = ""
    sidebar: ClassVar[str] = ""
    once: ClassVar[frozenset[str]] = frozenset()  # arguments of one visit, not of the way back

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(self.title)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._stale = True
        self._banner_place: QVBoxLayout = vbox()
        self._banner: Banner | None = None
        context.changed.connect(self._on_changed)

    def open(self, **arguments: Any) -> None:
        """Take the arguments of a visit; called by the shell before the page is shown."""

    def reload(self) -> None:
        """Fetch and show; written by each page."""

    def primary(self) -> None:
        """What Ctrl+Enter does here."""

    def new_row(self) -> None:
        """What Ins does here."""

    def export(self) -> None:
        """What Ctrl+E does here."""

    def print_page(self) -> None:
        """What Ctrl+P does here."""

    def save(self) -> None:
        """What Ctrl+S does here."""

    def focus_filter(self) -> None:
        """What Ctrl+F and / do here."""

    def step_tab(self, by: int) -> None:
        """Next (1) or previous (-1) tab: Ctrl+PgDn, Ctrl+PgUp."""

    def step_problem(self, by: int) -> None:
        """Next (1) or previous (-1) error or conflict: F8, Shift+F8."""

    def step_case(self, by: int) -> None:
        """Next (1) or previous (-1) case: Alt+PgDn, Alt+PgUp."""

    def panes(self) -> list[QWidget]:
        """The widgets F6 goes round."""
        return []

    def take_focus(self) -> None:
        """Put the keyboard where work starts; called when the page is opened."""
        panes = self.panes()
        (panes[0] if panes else self).setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> bool:
        """Called before another page opens; False keeps the user here."""
        return True

    def state(self) -> dict[str, Any]:
        """What to remember of filter, scroll and selection for Alt+Left."""
        return {}

    def restore(self, state: dict[str, Any]) -> None:
        """Bring back what `state` gave; called after `open`."""

    def help_text(self) -> str:
        """A sentence or two for F1."""
        return ""

    def refresh(self) -> None:
        """Reload now if visible, else when next shown."""
        self._stale = True
        self._freshen()

    @property
    def banner_place(self) -> QVBoxLayout:
        """Put this layout on top of the page: `set_banner` fills it."""
        return self._banner_place

    def set_banner(self, banner: Banner | None) -> None:
        """Show the one lasting message of the page, or none."""
        if self._banner is not None:
            self._banner.hide()
            self._banner.deleteLater()
        self._banner = banner
        self._banner_place.setContentsMargins(
            *((16, 10, 16, 0) if banner is not None else (0, 0, 0, 0))
        )
        if banner is not None:
            self._banner_place.addWidget(banner)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._freshen()

    @Slot(frozenset)
    def _on_changed(self, changes: frozenset[str]) -> None:
        if self.shows & changes:
            self.refresh()

    def _freshen(self) -> None:
        if self._stale and self.isVisible():
            self._stale = False
            try:
                self.reload()
            except UserError as error:
                self.context.problem.emit(error)
