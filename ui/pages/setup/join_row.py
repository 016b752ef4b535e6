"""The other way to begin: this computer joins an office that has Posko on another one already."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from posko_app.errors import Problem, UserError
from ui import dialogs
from ui.fields import Field
from ui.widgets.banner import Banner
from ui.widgets.buttons import Link
from ui.widgets.text import Text, hbox, vbox

if TYPE_CHECKING:  # the core is imported after the first frame
    from posko_app.exchange.joining import JoinFile

KINDS = "Berkas pasang Posko (*.pasang)"


class JoinRow(QWidget):
    """A question with a link; once a file was chosen, which office this computer joins.

    `changed` comes after `said` was set by a file whose words were compared, or taken back.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.said: JoinFile | None = None
        self.words = ""
        self.choose = Link("Pasang sebagai PC lain kantor ini")
        self.drop = Link("Batal")
        self.banner = Banner("ok", "", action=self.drop)
        self._ask = Text("Kantor ini sudah memakai Posko di komputer lain?", tone="text2")
        self._row = QWidget()
        self._row.setLayout(hbox(self._ask, self.choose, None, gap=8))
        self.setLayout(vbox(self._row, self.banner, gap=0))
        self.choose.clicked.connect(self.ask)
        self.drop.clicked.connect(self._on_drop)
        self._show()

    def ask(self) -> None:
        """Choose the file and compare its words with the first computer."""
        files = dialogs.open_files(self, "Pilih berkas pasang dari komputer pertama", KINDS)
        if not files:
            return
        from posko_app.exchange.joining import read_join_file

        try:
            said = read_join_file(files[0])
        except UserError as error:
            dialogs.problem(self, error)
            return
        words = ask_words(self, said)
        if words is not None:
            self.said, self.words = said, words
            self._show()
            self.changed.emit()

    def _on_drop(self) -> None:
        self.said, self.words = None, ""
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        self._row.setVisible(self.said is None)
        self.banner.setVisible(self.said is not None)
        if self.said is not None:
            name, code = str(self.said.office["name"]), str(self.said.office["region_code"])
            practice = " Kantor latihan." if self.said.office["practice"] else ""
            self.banner.set_message(
                "ok",
                f"<b>{escape(self.said.label)} untuk {escape(name)}</b> ({escape(code)}). "
                f"Pengaturan kantor diambil dari berkas tanggal {escape(self.said.made_on)}."
                f"{practice} Sesudah dipasang, buat kiriman untuk kantor sendiri dan terima di "
                "komputer pertama. Kiriman balasan dari sana membawa perkara dan blok nomor.",
            )


def ask_words(parent: QWidget, said: JoinFile) -> str | None:
    """The six words as the first computer shows them; None when the user left."""
    from posko_app.exchange.trust import same_words

    def check(values: dict[str, Any]) -> Sequence[Problem] | None:
        if same_words(str(values["words"]), said.public_key):
            return None
        text = (
            "Enam kata ini tidak cocok dengan berkasnya. Periksa ejaannya; bila tetap berbeda, "
            "buat berkas pasang baru."
        )
        return [Problem("words", text)]

    field = Field(key="words", label="Enam kata di layar komputer pertama", mono=True,
                  missing="Ketik enam kata itu.")  # fmt: skip
    got = dialogs.ask_form(
        parent, "Cocokkan enam kata", [field], today=date.min, act="Cocok", submit=check,
        text=f"Berkas ini dari {said.office['name']}, dibuat {said.made_on}. Ketik enam kata yang "
        "tampil di komputer pertama saat berkas dibuat, supaya pasti dari komputer itu.",
    )  # fmt: skip
    return None if got is None else str(got["words"])
