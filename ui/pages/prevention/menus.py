"""The menu of a row: what can be done with it, each with its key."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu, QWidget

Way = tuple[str, str, Callable[[], object]]  # what it does, its key, and the method


def pop_up(parent: QWidget, spot: QPoint, ways: Sequence[Way | None]) -> QMenu:
    """Show a menu at a place of the screen; None draws a line between its parts."""
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    for way in ways:
        if way is None:
            menu.addSeparator()
            continue
        said, key, act = way
        menu.addAction(f"{said}\t{key}" if key else said, act)
    menu.popup(spot)
    return menu
