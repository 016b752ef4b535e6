"""Where a file that comes belongs: to the preview, to the card of staff, or into the vault."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QDragEnterEvent, QDropEvent

from posko_app.app import Posko
from posko_app.exchange.peek import glance
from posko_app.exchange.unlocking import begins_a_bag
from ui import dialogs

DATA = f"Kiriman, isian, dan paket bukti (*.xlsx *.zip *.age);;{dialogs.ANY}"
ENDINGS = (".xlsx", ".zip", ".age")
BOOK, FILLED, PACKAGE = "book", "filled", "package"


def kind_of(posko: Posko, path: Path) -> str:
    """What a file seems to be; a workbook of whatever sort is judged by the preview."""
    kind = glance(path).kind
    if kind in (FILLED, PACKAGE):
        return kind
    if path.name.casefold().removesuffix(".age").endswith(".zip"):
        return PACKAGE
    return PACKAGE if kind == "locked" and begins_a_bag(posko, path) else BOOK


def dropped(event: QDragEnterEvent | QDropEvent) -> list[Path]:
    """The files being dropped that could be data."""
    paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
    return [path for path in paths if path.name.casefold().endswith(ENDINGS)]
