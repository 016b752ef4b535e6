"""What a regulation file says, before it is taken in: from whom, from when, what is different."""

from __future__ import annotations

from datetime import tzinfo

from PySide6.QtWidgets import QWidget

from posko_app import text
from posko_app.office.rule_file import Difference, RuleFile
from ui import theme
from ui.dialogs import Sheet
from ui.table_view import HEADER_HEIGHT, TableView
from ui.tables import Column
from ui.tokens import ROW
from ui.widgets.text import Facts, Text

MOST = 7  # differences in sight; more scroll


class FileSheet(Sheet):
    """Accepted when the person goes on; for an unknown key that says the words were compared."""

    def __init__(self, parent: QWidget, file: RuleFile, zone: tzinfo) -> None:
        law = file.regulation
        super().__init__(parent, f"{law.title} versi {file.version}", width=760)
        self.body.addWidget(
            Facts(
                [
                    ("Dari", f"{file.office_name} ({file.office_code})"),
                    ("Dibuat", text.full_date(file.made_at.astimezone(zone).date())),
                    ("Berlaku", f"untuk perkara sejak {text.long_date(law.valid_from)}"),
                    ("Alasan", file.reason),
                ],
                key_width=80,
            )
        )
        if not file.known_key:
            self.body.addWidget(
                Text(
                    f"Kunci {file.office_name} belum dikenal. Telepon kantor itu dan cocokkan enam "
                    "kata ini sebelum melanjutkan:",
                    wrap=True,
                )
            )
            self.body.addWidget(Text(" ".join(file.fingerprint), "mono", select=True))
        count = len(file.differences)
        self.body.addWidget(Text(f"Yang berbeda dari kantor ini: {count}", "label", "text2"))
        self.table: TableView[Difference] = TableView(
            COLUMNS, name="Yang berbeda", key=lambda row: (row.name, row.what)
        )
        self.table.set_rows(file.differences)
        rows = max(1, min(MOST, count))
        self.table.setFixedHeight(theme.px(HEADER_HEIGHT) + theme.px(ROW) * rows + 2)
        self.body.addWidget(self.table)
        no = self.add_button("Tidak jadi", kind="flat")
        act = "Lihat akibatnya" if file.known_key else "Enam kata cocok, lanjutkan"
        self.yes = self.submit_button(act)
        self.yes.setAutoDefault(True)  # there are no fields to go through
        no.clicked.connect(self.reject)
        self.yes.clicked.connect(self.accept)
        (self.yes if file.known_key else no).setFocus()


COLUMNS: tuple[Column[Difference], ...] = (
    Column("name", "Aturan", lambda r: r.name, width=230, style="strong",
           tooltip=lambda r: r.name),
    Column("what", "Perbedaan", lambda r: r.what, width=0, tooltip=lambda r: r.what),
)  # fmt: skip
