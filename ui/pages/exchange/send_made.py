"""What was made: the files with their sizes and ways to travel, and the message that goes along."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from posko_app import text
from posko_app.app import Posko
from posko_app.errors import UserError
from posko_app.exchange.export import nothing_new
from posko_app.exchange.held_elsewhere import where_they_are
from posko_app.exchange.manifest import shipment
from ui import documents, theme
from ui.context import Context
from ui.editors import TextArea
from ui.widgets.banner import Banner
from ui.widgets.rows import Rows, TwoLines
from ui.widgets.text import Text, vbox

from . import words
from .order import Made

ICONS = {".xlsx": "sheet", ".zip": "evidence", ".age": "lock"}
AS_DOCUMENT = "Di WhatsApp kirim berkasnya sebagai dokumen, bukan sebagai foto."


class SendMade(QWidget):
    """The files just made."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context, self._posko = context, context.posko
        self.result: Made | None = None
        self.banner = Banner("ok", "")
        self.files = Rows()
        self.notes = Text("", "small", "gold", wrap=True)
        self.hint = Text(AS_DOCUMENT, "small", "text2", wrap=True)
        self.message = TextArea(5)
        self.message.setFixedHeight(theme.px(112))  # five lines without a scroll bar
        self.message.setAccessibleName("Pesan pengantar")
        head = Text("Pesan pengantar", "label")
        head.setBuddy(self.message)
        column = vbox(self.banner, margins=(14, 12, 14, 12), gap=8)
        column.addWidget(self.files)
        column.addWidget(self.notes)
        column.addWidget(self.hint)
        column.addLayout(vbox(head, self.message, None, gap=4), 1)
        self.setLayout(column)

    def show_made(self, made: Made, to_name: str, own_message: str = "") -> None:
        """Show the files of an order; `own_message` is what somebody wrote before."""
        self.result = made
        sizes = words.sizes_of(made.files)
        rows = []
        for path, size in zip(made.files, sizes, strict=True):
            line = TwoLines(ICONS.get(path.suffix, "sheet"), path.name,
                            f"{text.file_size(size)} · {words.channel_for(size)}")  # fmt: skip
            line.setToolTip(str(path))
            rows.append(line)
        self.files.set_rows(rows)
        count, whole = len(made.files), text.file_size(sum(sizes))
        notes = [*_empty(self._posko, made), *_kept(made), *_left(made), *_unchecked(made)]
        self.notes.setText(" ".join(notes))
        self.notes.setVisible(bool(notes))
        locked = f" Hanya {to_name} yang dapat membukanya." if made.order.lock else ""
        self.banner.set_message(
            "ok",
            f"{shipment(made.result.seq)} selesai dibuat, {count} berkas ({whole}).{locked}",
        )
        message = own_message or words.cover_message(self._posko, made, to_name, sizes)
        self.message.set_raw(message)

    def show_folder(self) -> None:
        """Open the folder that the files lie in."""
        if self.result is None:
            return
        folder = self.result.files[0].parent
        if not documents.show(folder):
            self._context.problem.emit(
                UserError(
                    f"Folder {folder} tidak dapat dibuka dari sini. Berkasnya sudah tersimpan. "
                    "Buka folder itu dengan pengelola berkas.",
                    "no_viewer",
                )
            )


def _empty(posko: Posko, made: Made) -> list[str]:
    """That it holds no record."""
    said = nothing_new(posko, made.order.to_code, made.result)
    return [said] if said else []


def _kept(made: Made) -> list[str]:
    """Whose identities another computer of this office still lacks."""
    if not made.result.kept:
        return []
    return [
        f"{text.thousands(made.result.kept)} perkara tanpa identitas: akun ini tidak memegang "
        "kuncinya. Identitasnya ikut bila pemegang kunci membuat kiriman berikutnya."
    ]


def _left(made: Made) -> list[str]:
    """What did not go along."""
    said = []
    if made.order.part_bytes and not made.evidence:
        said.append("Tidak ada berkas bukti yang dapat dikirim.")
    if made.confidential:
        count = text.thousands(made.confidential)
        said.append(f"{count} bukti tidak ikut karena membuka siapa pelapornya.")
    if made.absent:
        said.append(f"{text.thousands(made.absent)} bukti tidak ikut: berkasnya tidak ada di sini.")
    return said


def _unchecked(made: Made) -> list[str]:
    others = where_they_are(made.result.elsewhere)
    if not made.result.unchecked:
        return [others] if others else []
    return ["Nama pelapor dan saksi belum dicari dalam teksnya: akun ini tidak memegang kuncinya."]
