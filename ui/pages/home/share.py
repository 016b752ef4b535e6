"""What a morning is handed on as: one sheet, a message, a wall calendar, a file for phones.

The libraries that write them are loaded when they are needed: Beranda is the first page.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from PySide6.QtCore import QObject, QPoint, QStandardPaths, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from posko_app.app import Posko
from posko_app.cases.agenda import Morning, morning, whatsapp_text
from posko_app.progress import Progress, silent
from ui import dialogs, documents
from ui.context import Context

PHONE = 92  # days ahead in a phone
CALENDARS = "Kalender (*.ics)"


def sheet_bytes(posko: Posko, *, progress: Progress = silent) -> tuple[str, bytes]:
    """The morning sheet and the name of its file."""
    from posko_app.letters.agenda_sheet import morning_sheet

    return f"Hari_ini_{posko.today():%Y%m%d}.pdf", morning_sheet(posko, progress=progress)


def wall_bytes(posko: Posko, *, progress: Progress = silent) -> tuple[str, bytes]:
    """The wall calendar of this month and the next."""
    from posko_app.letters.agenda_sheet import wall_calendar

    first = posko.today().replace(day=1)
    last = _month_after(first)
    name = f"Kalender_{first:%Y%m}-{last:%Y%m}.pdf"
    return name, wall_calendar(posko, first, last, progress=progress)


def _month_after(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1)


class Share(QObject):
    """The menu `Bagikan` of Beranda and what its entries do."""

    def __init__(self, context: Context, page: QWidget) -> None:
        super().__init__(page)
        self.context = context
        self.page = page

    def menu(self, button: QWidget) -> QMenu:
        """Show the menu under its button."""
        menu = QMenu(self.page)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Cetak lembar hari ini\tCtrl+P", self.print_sheet)
        menu.addAction("Salin untuk WhatsApp", self.copy_message)
        menu.addSeparator()
        menu.addAction("Kalender dinding, dua bulan", self.print_wall)
        menu.addAction("Kalender untuk ponsel…", self.save_for_phone)
        menu.popup(button.mapToGlobal(QPoint(0, button.height())))
        return menu

    def print_sheet(self) -> None:
        """Open the morning sheet in the system's viewer, to be printed there."""
        self._open("Menyusun lembar hari ini", sheet_bytes)

    def print_wall(self) -> None:
        """Open the wall calendar in the system's viewer."""
        self._open("Menyusun kalender", wall_bytes)

    def copy_message(self) -> None:
        """Put the morning on the clipboard as a message that names nobody."""
        self.context.start(morning, done=self._on_morning)

    def save_for_phone(self) -> None:
        """Ask where to, then write the .ics file."""
        from posko_app.letters.ics import save_calendar

        documents_folder = QStandardPaths.writableLocation(
            QStandardPaths.StandardLocation.DocumentsLocation
        )
        suggested = Path(documents_folder) / f"Posko_{self.context.posko.today():%Y%m%d}.ics"
        path = dialogs.save_file(
            self.page, "Simpan kalender untuk ponsel", str(suggested), CALENDARS
        )
        if path is None:
            return
        today = self.context.posko.today()
        dialogs.run_with_progress(
            self.context, self.page, "Menyusun kalender", save_calendar,
            today, today + timedelta(PHONE), path, done=self._on_saved,
        )  # fmt: skip

    def _open(self, label: str, make: Callable[..., tuple[str, bytes]]) -> None:
        dialogs.run_with_progress(self.context, self.page, label, make, done=self._on_made)

    def _on_made(self, made: tuple[str, bytes]) -> None:
        self.context.run(_show, *made)

    def _on_morning(self, seen: Morning) -> None:
        message = whatsapp_text(seen, self.context.posko.office)
        QGuiApplication.clipboard().setText(message)
        self.context.say("Pesan disalin. Isinya nomor perkara saja, tanpa nama.")

    def _on_saved(self, path: Path) -> None:
        self.context.say(f"Kalender tersimpan: {path.name}. Kirim ke ponsel dan buka di sana.")


def _show(posko: Posko, name: str, content: bytes) -> None:
    documents.open_document(posko.folder, name, content)
