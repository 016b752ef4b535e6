"""The top of the page: its title, when the draft was saved, the buttons, the kinds of intake."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from posko_app.cases.kinds import IntakeKind, intake_book
from ui.widgets.buttons import Button
from ui.widgets.cards import PageHead
from ui.widgets.tabs import Tab, Tabs
from ui.widgets.text import vbox


class Heading(QWidget):
    """Title, Isian ringkas, foto KTP, Tempel dari WhatsApp, and a tab for every kind."""

    kind_wanted = Signal(str)

    def __init__(self, *, short: bool) -> None:
        super().__init__()
        self.short = Button("Isian ringkas", icon="columns",
                            tooltip="Hanya ruas yang wajib menurut Formulir Laporan")  # fmt: skip
        self.short.setCheckable(True)
        self.short.setChecked(short)
        self.paste = Button("Tempel dari WhatsApp", icon="message", hint="Ctrl+Shift+V")
        self.picture = Button("Lampirkan foto KTP", icon="picture")
        self.head = PageHead(" ", " ", actions=[self.short, self.picture, self.paste])
        kinds = intake_book().kinds.values()
        self.kinds = Tabs([Tab(kind.code, kind.tab) for kind in kinds], ground="window")
        self.kinds.chosen.connect(self.kind_wanted)
        self.setLayout(vbox(self.head, self.kinds))

    def show_for(self, kind: IntakeKind, *, entry: bool, upgrade: bool) -> None:
        """Show what belongs to the form ("entry") or to Periksa; a case has its kind already."""
        self.kinds.choose(kind.code)
        self.short.setVisible(entry and bool(kind.folded))
        self.picture.setText(f"Lampirkan {kind.picture[:1].lower()}{kind.picture[1:]}")
        self.picture.setVisible(entry and bool(kind.picture))
        self.paste.setVisible(entry)
        self.kinds.setVisible(entry and not upgrade)

    def say(self, kind: IntakeKind, saved_at: str, *, upgrade: bool) -> None:
        """Title and the time of the last automatic save."""
        saved = f"Draf tersimpan otomatis {saved_at}".strip()
        title = f"Jadikan {kind.noun}" if upgrade else kind.title
        self.head.set_text(title, f"{saved} · nomor diberikan saat disimpan")
