"""The bar under the form: throw away, keep as a draft, save and print."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from posko_app.cases.kinds import IntakeKind
from posko_app.security import permissions
from ui import theme
from ui.widgets.buttons import Button
from ui.widgets.text import Elided, hbox

_SAVED = "Isian yang belum lengkap tetap tersimpan sebagai draf."
_LACKING = "Masih ada yang kurang. Isian bisa disimpan dulu dan dilengkapi kemudian."


def refusal(role: str) -> str:
    """Why a role cannot save a report; "" when it can."""
    if permissions.allowed(role, "case.write"):
        return ""
    return f"Peran {permissions.ROLES.get(role, role)} tidak menerima laporan, hanya melihat."


class Footer(QWidget):
    """Its buttons are connected by the page."""

    def __init__(self, kind: IntakeKind, refused: str = "") -> None:
        super().__init__()
        self._refused = refused  # why the person logged in takes in no reports
        self.setObjectName("footer")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(theme.px(46))
        self._note = Elided(_SAVED, "small", "text2")
        self.discard = Button("Buang draf", kind="flat")
        self.close_draft = Button("Simpan draf dan tutup", hint="Esc")
        self.back = Button("Kembali ke isian", hint="Esc")
        self.accept = Button("Simpan dengan kekurangan")
        icon = "print" if kind.letter else "save"
        self.save = Button(kind.saved_by, icon=icon, hint="Ctrl+Enter", kind="primary")
        row = hbox(margins=(16, 0, 16, 0))
        row.addWidget(self._note, 1)
        row.addStretch(0)
        for button in (self.discard, self.close_draft, self.back, self.accept, self.save):
            row.addWidget(button)
        self.setLayout(row)
        self.show_for("entry")
        self.offer_incomplete(False)
        self.set_busy(False)

    def show_for(self, view: str) -> None:
        """Show the buttons of the form ("entry") or of Periksa ("review")."""
        entry = view == "entry"
        self.discard.setVisible(entry)
        self.close_draft.setVisible(entry)
        self.back.setVisible(not entry)
        self._note.setVisible(entry)

    def offer_incomplete(self, offered: bool) -> None:
        """Offer to save although required fields are empty."""
        self.accept.setVisible(offered)
        self._note.setText(self._refused or (_LACKING if offered else _SAVED))

    def set_busy(self, busy: bool) -> None:
        """Take no second click while the report is being saved."""
        reason = "Isian sedang disimpan." if busy else ""
        self.discard.set_why_disabled(reason)
        for button in (self.save, self.accept):
            button.set_why_disabled(reason or self._refused)
