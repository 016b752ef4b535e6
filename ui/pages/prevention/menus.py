"""The menu of a row: what can be done with it, each with its key."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

Way = tuple[str, str, Callable[[], object]]  # what it does, its key, and the method


class RowMenu(QMenu):
    """What can be done with the chosen rows; None draws a line between its parts."""

    def __init__(self, parent: QWidget, ways: Sequence[Way | None]) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._ways = tuple(ways)
        for place, way in enumerate(self._ways):
            if way is None:
                self.addSeparator()
            else:
                self.addAction("\t".join(filter(None, way[:2]))).setData(place)
        self.triggered.connect(self._on_triggered)

    def _on_triggered(self, action: QAction) -> None:
        way = self._ways[int(action.data())]
        if way is not None:
            way[2]()


def pop_up(parent: QWidget, spot: QPoint, ways: Sequence[Way | None]) -> None:
    """Show the menu at a place of the screen."""
    RowMenu(parent, ways).popup(spot)
