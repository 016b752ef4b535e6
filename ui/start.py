"""Where the program starts: with a command no Qt is loaded, without one the window opens."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtCore import QObject
    from PySide6.QtWidgets import QWidget

READING = "--baca-berkas"
"""How the frozen program starts itself to read a foreign workbook in a process of its own."""

WARM = ("sqlalchemy.orm", "posko_app.app", "posko_app.cases.queries")


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command, or open the window; gives the exit code.

    `--data FOLDER` alone opens the window on that folder; anything else is for the command line.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments == [READING]:
        from posko_app.exchange.xlsx.child import main as read_files

        return read_files()
    folder = window_folder(arguments)
    if folder is None:
        from posko_app.cli import main as command_line

        return command_line(arguments)
    return open_window(folder)


def window_folder(arguments: Sequence[str]) -> Path | None:
    """The data folder of the window, or None when the arguments are for the command line."""
    if not arguments:
        from posko_app.paths import default_data

        return default_data()
    if len(arguments) == 2 and arguments[0] == "--data":
        return Path(arguments[1])
    if len(arguments) == 1 and arguments[0].startswith("--data="):
        return Path(arguments[0].partition("=")[2])
    return None


def open_window(folder: Path) -> int:
    """Open the window on a data folder and stay until it is closed."""
    from PySide6.QtWidgets import QApplication

    from ui import looks, theme
    from ui.garbage import Garbage
    from ui.window import Window

    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    garbage = Garbage(app)
    app.setApplicationName("Posko")
    look = looks.load(folder)
    theme.apply(app, look.theme, look.scale)
    window = Window(folder)
    window.crash.install()
    window.begin()
    painted = after_first_paint(window, warm_up)
    window.show()
    code = app.exec()
    painted.deleteLater()
    garbage.deleteLater()  # the collector stays off: what is left of Qt dies with the process
    return code


def after_first_paint(window: QWidget, then: Callable[[], None]) -> QObject:
    """Call `then` once `window` has been painted; a zero timer could come before that."""
    from PySide6.QtCore import QEvent, QObject, QTimer

    class Painted(QObject):
        """Sees the first paint event of the window and looks no further."""

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint:
                watched.removeEventFilter(self)
                QTimer.singleShot(0, then)
            return False

    painted = Painted()
    window.installEventFilter(painted)
    return painted


def warm_up() -> None:
    """Import what the log-in will need in the background: the start is imports."""
    import threading

    threading.Thread(target=_import_core, name="warm-up", daemon=True).start()


def _import_core() -> None:
    from importlib import import_module

    for name in WARM:
        import_module(name)


if __name__ == "__main__":
    sys.exit(main())
