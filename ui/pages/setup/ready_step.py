"""Step 4: everything at a glance before the office is made."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from posko_app.errors import UserError
from posko_app.rules.regions import load_regions
from posko_app.rules.vocabulary import load_vocabulary
from ui.widgets.banner import Banner, announce
from ui.widgets.cards import Card
from ui.widgets.letterhead import LetterheadPreview
from ui.widgets.rows import Checklist, Point
from ui.widgets.text import Facts, hbox

from .step import Step


class ReadyStep(Step):
    """A summary; the office is made from here."""

    heading = "Siap dipakai"
    says = "Periksa sekali lagi. Setelah ini kantor dibuat dan langsung terbuka."
    room = 940

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self.failure = Banner("problem", "")
        self.failure.hide()
        self.office = Facts(key_width=130)
        self.person = Facts(key_width=130)
        self.preview = LetterheadPreview()
        self.todo = Checklist()
        office = Card("Kantor", icon="office")
        office.add(self.office)
        office.body.addStretch(1)
        person = Card("Akun dan data", icon="person")
        person.add(self.person)
        person.add(self.preview)
        person.body.addStretch(1)
        cards = hbox(gap=12)
        cards.addWidget(office, 1)
        cards.addWidget(person, 1)
        self.rest = Card("Yang masih perlu diisi di Pengaturan", icon="attention")
        self.rest.add(self.todo)
        self.parts.addWidget(self.failure)
        self.parts.addLayout(cards)
        self.parts.addWidget(self.rest)

    def show_summary(self, values: Mapping[str, str]) -> None:
        """Say what will be made."""
        self.failure.hide()
        path = load_regions().path(values["region_code"])
        kind = load_vocabulary().label("election_kind", values["election_kind"])
        self.office.set_rows(
            [
                ("Nama", values["name"]),
                ("Wilayah", ", ".join(region.name for region in reversed(path))),
                ("Kode Kemendagri", values["region_code"]),
                ("Kode laporan", values["report_code"] or "belum diisi"),
                ("Kode surat", values["letter_code"] or "belum diisi"),
                ("Tempat surat", values["place"]),
                ("Zona waktu", values["zone"]),
                ("Kertas surat", values["paper"]),
                ("Pemilihan", f"{kind} (dapat diubah di Pengaturan)"),
            ]
        )
        self.person.set_rows(
            [
                ("Admin", values["admin_name"]),
                ("Jabatan", values["admin_title"] or "–"),
                ("Nama masuk", values["admin_login"]),
                ("Tempat data", str(self._folder)),
            ]
        )
        self.preview.set_lines((values["letterhead"] or values["name"].upper()).splitlines())
        points = [
            Point("missing", words)
            for key, words in (
                ("report_code", "Kode laporan Bawaslu, untuk nomor laporan"),
                ("letter_code", "Kode surat, untuk nomor surat"),
            )
            if not values[key]
        ]
        self.todo.set_points(points)
        self.rest.setVisible(bool(points))

    def say_failure(self, error: UserError) -> None:
        """Say why the office could not be made."""
        self.failure.set_message("problem", str(error))
        self.failure.show()
        announce(self.failure)
        self.ensureWidgetVisible(self.failure)
