"""`Salin untuk SBT`: the fields of the web form in order; Enter copies and goes to the next."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from posko_app.cases.sbt import CopyField, sbt_fields
from ui import theme
from ui.context import Context
from ui.dialogs import Sheet
from ui.fields import Choices
from ui.table_view import TableView
from ui.tables import Column
from ui.widgets.filters import MenuFilter
from ui.widgets.keys import KeyHints
from ui.widgets.text import Text, hbox

LOW, HIGH = 150, 330  # pixels of the list
REST = 340  # pixels of the window above and below it
BY_NUMBER = 9  # Alt+1 to Alt+9 copy a field straight away


class SbtSheet(Sheet):
    """Copy one field after the other while the browser stands beside."""

    def __init__(
        self, parent: QWidget, context: Context, case: str, referral: str, parties: Choices
    ) -> None:
        super().__init__(
            parent,
            "Salin untuk SBT",
            "Urut seperti formulir di laman. Enter menyalin dan pindah ke isian berikut; identitas "
            "pelapor dan saksi tidak pernah ada di sini.",
            width=680,
        )
        self._context, self._case, self._referral = context, case, referral
        self.party = MenuFilter("Terlapor", parties, all_text="yang pertama")
        self.party.setVisible(len(parties) > 1)
        self.table: TableView[CopyField] = TableView(
            self._columns(), name="Isian untuk SBT", key=lambda field: field.key
        )
        room = parent.window().height() - theme.px(REST)
        self.table.setFixedHeight(max(theme.px(LOW), min(theme.px(HIGH), room)))
        self._warning = Text("", "small", "gold", wrap=True)
        self.said = Text("Belum ada yang disalin.", "small", "text2", wrap=True)
        self.body.addLayout(hbox(self.party, None))
        self.body.addWidget(self.table)
        self.body.addWidget(self._warning)
        self.body.addWidget(self.said)
        self.body.addWidget(KeyHints([("Enter", "salin, lalu berikutnya"), ("Alt+1…9", "salin")]))
        close = self.add_button("Tutup", hint="Esc")
        close.setAutoDefault(False)
        close.clicked.connect(self.accept)
        self.table.opened.connect(self.copy)
        self.table.stepped.connect(self.copy)
        self.party.chosen.connect(self.show_fields)
        for number in range(1, BY_NUMBER + 1):
            key = QShortcut(QKeySequence(f"Alt+{number}"), self)
            key.activated.connect(lambda n=number: self.copy_number(n))
        self._fields: tuple[CopyField, ...] = ()
        self.show_fields("")
        self.table.choose_first()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_fields(self, party: str) -> None:
        """Show the form for one reported person."""
        sheet = self._context.run(sbt_fields, self._case, party, self._referral)
        if sheet is None:
            return
        self._fields = sheet.fields
        self.table.set_rows(sheet.fields)
        self._warning.setText(sheet.warning)
        self._warning.setVisible(bool(sheet.warning))

    def copy(self, field: CopyField) -> None:
        """Put a field on the clipboard and go to the next."""
        place = self._fields.index(field)
        if field.value:
            QGuiApplication.clipboard().setText(field.value)
            self.said.setText(f"{field.label} tersalin. Tempel di laman SBT.")
        else:
            self.said.setText(f"{field.label} dilewati. {field.why_empty}")
        if place + 1 < len(self._fields):
            self.table.choose(self._fields[place + 1].key)
        else:
            self.said.setText(self.said.text() + " Ini isian terakhir.")

    def copy_number(self, number: int) -> None:
        """Copy the field with this number."""
        if number <= len(self._fields):
            self.copy(self._fields[number - 1])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()  # never closes: the next field is still to be copied
        else:
            super().keyPressEvent(event)

    def _columns(self) -> list[Column[CopyField]]:
        return [
            Column("no", "", self._number, width=52, style="secondary", sortable=False),
            Column("label", "Isian", lambda f: f.label, width=210, sortable=False),
            Column("value", "Yang disalin", _shown, width=0, sortable=False, tone=_tone,
                   tooltip=lambda f: f.value or f.why_empty),
        ]  # fmt: skip

    def _number(self, field: CopyField) -> str:
        place = next(n for n, f in enumerate(self._fields, 1) if f.key == field.key)
        return f"Alt+{place}" if place <= BY_NUMBER else ""


def _shown(field: CopyField) -> str:
    return " ".join(field.value.split()) or field.why_empty


def _tone(field: CopyField) -> str:
    return "text" if field.value else "gold"
