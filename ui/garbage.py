"""Garbage is collected in the UI thread only.

Python runs its cycle collector in whichever thread happens to allocate. When that is a worker, it
destroys widgets and timers there, and Qt crashes. So the automatic collector is off while a window
lives, and a timer of the UI thread does its work.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer, Slot

PACE = 1_000  # milliseconds between two looks
FULL_EVERY = 60  # looks between two collections of everything, at least


class Garbage(QObject):
    """Collects by the collector's own thresholds, in the thread it was made in."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._looks = 0
        self._timer = QTimer(self)
        self._timer.setInterval(PACE)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    @Slot()
    def look(self) -> None:
        """Collect what the automatic collector would have collected by now."""
        self._looks += 1
        young, middle, old = gc.get_count()
        limits = gc.get_threshold()
        if old > limits[2] and self._looks >= FULL_EVERY:
            self._looks = 0
            gc.collect()
        elif middle > limits[1] or young > limits[0] * limits[1]:
            gc.collect(1)
        elif young > limits[0]:
            gc.collect(0)

    def close(self) -> None:
        """Hand the work back to Python, once no widget is left to be destroyed by it."""
        self._timer.stop()
        gc.collect()
        gc.enable()
