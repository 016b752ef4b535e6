"""Every page of an office as pictures, for people who build it:

    python -m ui.screenshots OUT [--data FOLDER --user NAME --password TEXT] [--only PAGE …]

Files are named `<page>-<theme>-<size>.png`; the sizes are 1366x698, 1024x600 and 1366x698 at 125 %.
Without an office only the component sheet and the first page are drawn.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from posko_app.paths import OfficeFolder

from . import theme
from .gallery import Gallery
from .garbage import Garbage
from .pages import PAGES
from .tokens import THEMES
from .window import Window

if TYPE_CHECKING:
    from posko_app.app import Posko

SIZES: tuple[tuple[str, int, int, int], ...] = (
    ("1366x698", 1366, 698, 100),
    ("1024x600", 1024, 600, 100),
    ("1366x698-125", 1366, 698, 125),
)
REST = 120  # milliseconds for what a page does after it is shown, at least


def main(argv: Sequence[str] | None = None) -> int:
    """Draw everything that was asked for and print the files."""
    parser = argparse.ArgumentParser(prog="python -m ui.screenshots")
    parser.add_argument("out", type=Path)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--user", default=os.environ.get("POSKO_USER", ""))
    parser.add_argument("--password", default=os.environ.get("POSKO_PASSWORD", ""))
    parser.add_argument("--only", nargs="*", default=[], help="names of pages")
    args = parser.parse_args(argv)
    args.out.mkdir(parents=True, exist_ok=True)
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    garbage = Garbage(app)
    posko = None
    if args.data and args.user:
        from posko_app.app import open_office

        posko = open_office(args.data, args.user, args.password)
    for name in THEMES:
        for size, width, height, scale in SIZES:
            theme.apply(app, name, scale)
            for page, widget in views(args.data, posko, args.only):
                target = args.out / f"{page}-{name}-{size}.png"
                draw(widget, width, height, target)
                sys.stdout.write(f"{target}\n")
    if posko is not None:
        posko.close()
    garbage.close()
    return 0


def views(
    folder: Path | None, posko: Posko | None, only: Sequence[str]
) -> Iterator[tuple[str, QWidget]]:
    """Name and widget of everything there is to see; each is let go before the next is made."""
    if not only or "components" in only:
        yield "components", Gallery()
    if folder is None:
        return
    if (not only or "sign_in" in only) and OfficeFolder(folder).keyfile.exists():
        window = Window(folder)
        window.show_sign_in()
        yield "sign_in", window
    if posko is None:
        return
    for page in PAGES:
        if only and page not in only:
            continue
        arguments = example_arguments(posko, page)
        if arguments is not None:
            yield page, office_window(folder, posko, page, arguments)


def office_window(folder: Path, posko: Posko, page: str, arguments: dict[str, object]) -> Window:
    """A window with the shell of the office on a page."""
    from .context import Context

    window = Window(folder)
    window.context = Context(posko, window)
    window.show_shell(page, arguments)
    return window


def example_arguments(posko: Posko, page: str) -> dict[str, object] | None:
    """What a page is opened with; None when the office has nothing to show on it."""
    if page != "case":
        return {}
    from posko_app.cases import queries

    for view in ("active", "all"):
        rows = queries.list_cases(posko, queries.CaseFilter(view=view), limit=20)
        for row in rows:
            if row.stage in ("clarification", "assessment", "plenary"):
                return {"uid": row.uid}
        if rows:
            return {"uid": rows[0].uid}
    return None


def draw(widget: QWidget, width: int, height: int, target: Path) -> None:
    """Show a widget at a size, let it fetch, and save its picture."""
    widget.resize(width, height)
    widget.show()
    rest(REST)
    context = widget.context if isinstance(widget, Window) else None
    while context is not None and context.tasks.busy:
        rest(REST)
    widget.grab().save(str(target))
    widget.hide()
    if context is not None:  # no task may outlive its window; the office serves the next one
        context.leave()
    widget.deleteLater()
    rest(1)


def rest(milliseconds: int) -> None:
    """Let Qt work for a moment."""
    loop = QEventLoop()
    quit_loop: Callable[[], None] = loop.quit
    QTimer.singleShot(milliseconds, quit_loop)
    loop.exec()


if __name__ == "__main__":
    sys.exit(main())
