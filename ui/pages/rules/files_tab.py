"""The tab Berkas aturan: regulations that came as signed files, made here, copied, taken back."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QWidget

from posko_app import text
from posko_app.errors import Problem, UserError
from posko_app.law import LawChange
from posko_app.office.rule_file import (
    VersionRow,
    plan_copy,
    plan_retire,
    plan_rule_file,
    read_rule_file,
    rule_files,
    write_rule_file,
)
from posko_app.office.rule_format import SUFFIX
from posko_app.security.permissions import allowed
from ui import dialogs
from ui.context import Context
from ui.fields import Field
from ui.table_view import TableView
from ui.tables import Column
from ui.widgets.banner import EmptyState
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.chips import Chip
from ui.widgets.keys import KeyHints
from ui.widgets.text import Elided, hbox, vbox

from .asks import REASON
from .changing import Changing
from .file_sheet import FileSheet

KINDS = f"Berkas aturan Posko (*{SUFFIX})"
WHY = "Hanya pimpinan dan admin yang mengirim dan menerima aturan."
NOTHING = (
    "Belum ada berkas aturan",
    "Kantor di atas dapat mengirim perubahan aturan sebagai berkas bertanda tangan, tanpa memasang "
    "Posko versi baru. Perkara lama tetap memakai aturannya sendiri.",
)


class FilesTab(QWidget):
    """Ctrl+Enter takes a file in; others make one, copy a regulation, take a version back."""

    def __init__(self, context: Context, changing: Changing) -> None:
        super().__init__()
        self.context, self.changing = context, changing
        self.sheet: FileSheet | None = None
        self._path = Path()
        self.take = Button("Terima berkas", icon="receive", hint="Ctrl+Enter", kind="primary")
        self.make = Button("Buat berkas", icon="send", tooltip="Kirim aturan ke kantor di bawah")
        self.copy = Button("Salin aturan", icon="duplicate")
        self.retire = Button("Cabut versi", hint="Del")
        self.head_buttons: tuple[QWidget, ...] = (self.retire, self.copy, self.make, self.take)
        self.table: TableView[VersionRow] = TableView(
            COLUMNS, name="Berkas aturan", key=lambda r: r.uid
        )
        self.empty = EmptyState("letter", *NOTHING)
        self.count = Elided("", "small", "text2")
        self._build()
        self._connect()

    def reload(self) -> None:
        """Read the list again."""
        rows = rule_files(self.context.posko)
        self.table.set_rows(rows)
        self.table.setVisible(bool(rows))
        self.empty.setVisible(not rows)
        if self.table.row() is None and rows:
            self.table.choose_first()
        self.count.setText(f"{len(rows)} catatan berkas aturan" if rows else "")
        self._on_current(self.table.row())

    def primary(self) -> None:
        """Take a file in."""
        self.take_file()

    def new_row(self) -> None:
        """Make a file."""
        self.make_file()

    def focus_filter(self) -> None:
        """There is no filter: go to the list."""
        self.table.setFocus()

    def print_page(self) -> None:
        """Nothing is printed here."""

    def panes(self) -> list[QWidget]:
        """What F6 goes round."""
        return [self.table if self.table.isVisibleTo(self) else self.take]

    def take_file(self) -> None:
        """Ask for a file and show what is in it."""
        if self.take.isEnabled():
            for path in dialogs.open_files(self, "Terima berkas aturan", KINDS)[:1]:
                self.show_file(path)

    def show_file(self, path: Path) -> None:
        """Show what a file says and from whom it is; nothing is taken in yet."""
        try:
            file = read_rule_file(self.context.posko, path)
        except UserError as error:
            self.context.problem.emit(error)
            return
        self._path = path
        self.sheet = FileSheet(self, file, self.context.posko.zone)
        self.sheet.accepted.connect(self._on_compared)
        self.sheet.finished.connect(self._on_finished)
        self.sheet.open()

    def make_file(self) -> None:
        """Ask from when it holds and why, then write the file into a folder."""
        if not self.make.isEnabled():
            return
        posko = self.context.posko
        fields = [
            Field(key="law", label="Peraturan", kind="combo", choices=self._laws()),
            Field(key="since", label="Berlaku untuk perkara sejak", kind="date", width=6,
                  missing="Isi tanggal mulai berlakunya."),
            REASON,
        ]  # fmt: skip
        asked = dialogs.ask_form(
            self, "Buat berkas aturan", fields, today=posko.today(), act="Pilih folder",
            values={"law": posko.office.regulation, "since": posko.today()},
            text="Berkas berisi aturan ini dengan nilai kantor Anda, bertanda tangan kunci kantor. "
            "Kantor di bawah memeriksa dan menerapkannya sendiri.",
        )  # fmt: skip
        if asked is None:
            return
        folder = dialogs.choose_folder(self, "Simpan berkas aturan")
        if folder is None:
            return
        try:
            path = self._write(folder, asked)
        except UserError as error:
            self.context.problem.emit(error)
            return
        self.context.say(f"Berkas tersimpan: {path.name}")

    def copy_law(self) -> None:
        """Ask for the code and title of a copy that the office edits as its own."""
        if not self.copy.isEnabled():
            return
        posko = self.context.posko
        found: list[LawChange] = []

        def submit(values: dict[str, Any]) -> Sequence[Problem] | None:
            found.append(
                plan_copy(
                    posko, values["law"], new_id=values["new_id"] or "",
                    title=values["title"] or "", valid_from=values["since"],
                    reason=values["reason"] or "",
                )
            )  # fmt: skip
            return None

        fields = [
            Field(key="law", label="Disalin dari", kind="combo", choices=self._laws()),
            Field(key="new_id", label="Kode baru", width=6, mono=True, placeholder="pilkada-2029",
                  missing="Isi kodenya."),
            Field(key="since", label="Berlaku sejak", kind="date", width=6,
                  missing="Isi tanggal mulai berlakunya."),
            Field(key="title", label="Judul", missing="Isi judul aturan."),
            REASON,
        ]  # fmt: skip
        dialogs.ask_form(
            self, "Salin aturan", fields, today=posko.today(), act="Lihat akibatnya",
            values={"law": posko.office.regulation}, submit=submit,
            text="Salinan dapat diubah nilainya dan dikirim tanpa mengubah aturan asalnya.",
        )  # fmt: skip
        if found:
            self.changing.look(found[-1])

    def retire_version(self) -> None:
        """Ask why the chosen version is taken out of force."""
        row = self.table.row()
        if row is None or not self.retire.isEnabled():
            return
        found: list[LawChange] = []

        def submit(values: dict[str, Any]) -> Sequence[Problem] | None:
            found.append(
                plan_retire(self.context.posko, row.regulation, row.version, values["reason"] or "")
            )
            return None

        dialogs.ask_form(
            self, f"Cabut {row.title} versi {row.version}", [REASON],
            today=self.context.posko.today(), act="Lihat akibatnya", submit=submit,
        )  # fmt: skip
        if found:
            self.changing.look(found[-1])

    # --- inside ---------------------------------------------------------------------------------

    def _build(self) -> None:
        card = Card(padded=False)
        card.add(self.table, 1)
        card.add(self.empty, 1)
        hints = [
            ("↑ ↓", "pilih"),
            ("Ctrl+Enter", "terima"),
            ("Ins", "buat berkas"),
            ("Del", "cabut"),
        ]
        card.set_foot(hbox(self.count, KeyHints(hints), gap=12))
        self.setLayout(vbox(card, margins=(16, 12, 16, 14)))

    def _connect(self) -> None:
        self.take.clicked.connect(self.take_file)
        self.make.clicked.connect(self.make_file)
        self.copy.clicked.connect(self.copy_law)
        self.retire.clicked.connect(self.retire_version)
        self.table.current_changed.connect(self._on_current)

    def _laws(self) -> list[tuple[str, str]]:
        laws = self.context.posko.rules.regulations
        return [(key, law.title) for key, law in sorted(laws.items())]

    def _write(self, folder: Path, asked: dict[str, Any]) -> Path:
        try:
            return write_rule_file(
                self.context.posko, asked["law"], folder, valid_from=asked["since"],
                reason=asked["reason"] or "",
            )  # fmt: skip
        except OSError as error:
            raise UserError(
                f"Folder {folder} tidak dapat ditulisi. Tidak ada yang berubah. Pilih folder lain."
            ) from error

    def _on_compared(self) -> None:
        change = self.context.run(plan_rule_file, self._path, compared=True)
        if change is not None:
            self.changing.look(change)

    def _on_finished(self) -> None:
        self.sheet = None

    def _on_current(self, row: VersionRow | None) -> None:
        may = "" if allowed(self.context.posko.user.role, "office.rules") else WHY
        for button in (self.take, self.make, self.copy):
            button.set_why_disabled(may)
        none = "" if row and not row.retired else "Pilih versi yang berlaku dulu."
        self.retire.set_why_disabled(may or none)


def _state(row: VersionRow) -> Chip:
    if row.retired:
        return Chip("Dicabut", "plain", "undo")
    if not row.readable:
        return Chip("Tidak terbaca", "gold", "attention", "Pasang Posko versi yang lebih baru.")
    return Chip("Diterima", "plain_green", "check")


COLUMNS: tuple[Column[VersionRow], ...] = (
    Column("title", "Aturan", lambda r: r.title, width=0, style="strong",
           tooltip=lambda r: f"{r.title} ({r.regulation})"),
    Column("version", "Versi", lambda r: r.version, width=60, right=True),
    Column("since", "Berlaku sejak", lambda r: r.valid_from, text.short_date, width=130),
    Column("from", "Dari", lambda r: r.office_name, width=210, style="secondary"),
    Column("reason", "Alasan", lambda r: r.reason, width=190, style="secondary",
           tooltip=lambda r: r.reason),
    Column("state", "Keadaan", _state, width=120, style="chip", sort=lambda r: r.retired),
)  # fmt: skip
