"""Indonesian for what Qt says by itself: menus of input fields, and file dialogs of its own.

Qt brings no Indonesian. Windows shows its own file dialogs in the language of Windows.
"""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication, QTranslator

WORDS: Mapping[str, str] = {
    # menus of input fields
    "&Undo": "&Urungkan",
    "&Redo": "U&langi",
    "Cu&t": "&Potong",
    "&Copy": "&Salin",
    "Copy &Link Location": "Salin a&lamat tautan",
    "&Paste": "&Tempel",
    "Delete": "Hapus",
    "Select All": "Pilih semua",
    # buttons
    "OK": "Lanjut",
    "Cancel": "Batal",
    "Close": "Tutup",
    "Open": "Buka",
    "Save": "Simpan",
    "&Yes": "&Ya",
    "&No": "&Tidak",
    # file dialogs
    "&Look in:": "&Lihat di:",
    "Look in:": "Lihat di:",
    "Back": "Kembali",
    "Go back": "Ke folder sebelumnya",
    "Forward": "Maju",
    "Go forward": "Ke folder berikutnya",
    "Parent Directory": "Folder di atasnya",
    "Go to the parent directory": "Ke folder di atasnya",
    "Create New Folder": "Folder baru",
    "Create a New Folder": "Buat folder baru",
    "List View": "Daftar",
    "Change to list view mode": "Tampilkan sebagai daftar",
    "Detail View": "Rincian",
    "Change to detail view mode": "Tampilkan dengan rincian",
    "Sidebar": "Tempat",
    "List of places and bookmarks": "Daftar tempat",
    "Files": "Berkas",
    "Files of &type:": "&Jenis berkas:",
    "File &name:": "&Nama berkas:",
    "Directory:": "Folder:",
    "Directories": "Folder",
    "Find Directory": "Pilih folder",
    "Save As": "Simpan sebagai",
    "&Open": "&Buka",
    "&Save": "&Simpan",
    "&Choose": "&Pilih",
    "All Files (*)": "Semua berkas (*)",
    "Show ": "Tampilkan ",
    "Show &hidden files": "Tampilkan berkas &tersembunyi",
    "&Rename": "&Ganti nama",
    "&Delete": "&Hapus",
    "&New Folder": "&Folder baru",
    "New Folder": "Folder baru",
    "Computer": "Komputer",
    "Drive": "Drive",
    "Folder": "Folder",
    "Name": "Nama",
    "Size": "Ukuran",
    "Type": "Jenis",
    "Date Modified": "Diubah",
    "%1 already exists.\nDo you want to replace it?": "%1 sudah ada.\nGanti dengan yang baru?",
    "%1\nFile not found.\nPlease verify the correct file name was given.": (
        "%1\nBerkas tidak ditemukan.\nPeriksa nama berkasnya."
    ),
    "%1\nDirectory not found.\nPlease verify the correct directory name was given.": (
        "%1\nFolder tidak ditemukan.\nPeriksa nama foldernya."
    ),
}
KEYS = "QShortcut"  # names of keys: Qt reads them back, so they stay


class QtWords(QTranslator):
    """Gives Qt the words of the table; what is not in it stays as it is."""

    def isEmpty(self) -> bool:
        return False

    def translate(
        self, context: str, source: str, note: str | None = None, number: int = -1
    ) -> str | None:
        # None, not "", is how Qt learns that there is no translation.
        return None if context == KEYS else WORDS.get(source)


def install(app: QCoreApplication) -> None:
    """Let Qt speak Indonesian; once for an application."""
    if app.findChild(QtWords) is None:
        app.installTranslator(QtWords(app))
