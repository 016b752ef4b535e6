"""The cards of the overview: each shows how things stand, with one link to change them."""

from __future__ import annotations

from collections.abc import Mapping

from posko_app import text
from posko_app.app import Posko
from posko_app.errors import UserError
from posko_app.office.accounts import AccountRow
from posko_app.security.permissions import ROLES
from ui import theme
from ui.table_view import HEADER_HEIGHT, TableView
from ui.tables import RIGHT, Column
from ui.tokens import ROW_DENSE
from ui.widgets.buttons import Link
from ui.widgets.cards import Card
from ui.widgets.chips import Chip
from ui.widgets.letterhead import LetterheadPreview
from ui.widgets.text import Elided, Facts, Text, hbox, vbox

from .numbers import SERIES, described, example, series_of

EMPTY = "belum diisi"
MOST = 8  # accounts shown without scrolling


class FactsCard(Card):
    """Pairs of a name and a value, with the link that changes them."""

    def __init__(self, title: str, icon: str, *, key_width: int = 104) -> None:
        self.change = Link("Ubah")
        self.change.setAccessibleName(f"Ubah {title.lower()}")
        super().__init__(title, icon=icon, extra=[self.change])
        self.facts = Facts(key_width=key_width)
        self.add(self.facts)
        self.body.addStretch(1)


class OfficeCard(FactsCard):
    """Kantor."""

    def __init__(self) -> None:
        super().__init__("Kantor", "office", key_width=128)

    def show_office(self, posko: Posko) -> None:
        """Name, codes, place and zone."""
        office = posko.office
        area = ", ".join(region.name for region in reversed(posko.regions.path(office.code)))
        self.facts.set_rows(
            [
                ("Nama", office.name),
                ("Wilayah", area),
                ("Kode Kemendagri", office.code),
                ("Kode laporan", office.report_code or EMPTY),
                ("Kode surat", office.letter_code or EMPTY),
                ("Tempat, zona", ", ".join(p for p in (office.place, office.zone) if p)),
            ]
        )


class LetterheadCard(FactsCard):
    """Kop surat."""

    def __init__(self) -> None:
        super().__init__("Kop surat", "letter")
        self.preview = LetterheadPreview()
        self.body.insertWidget(0, self.preview)

    def show_letterhead(self, posko: Posko) -> None:
        """The lines as printed, and the paper."""
        office = posko.office
        self.preview.set_lines(office.letterhead or (office.name.upper(),))
        sizes = {"F4": "F4, 21,5 × 33 cm", "A4": "A4, 21 × 29,7 cm"}
        self.facts.set_rows([("Kertas", sizes[office.paper])])


class SignerCard(FactsCard):
    """Penanda tangan surat."""

    def __init__(self) -> None:
        super().__init__("Penanda tangan surat", "edit", key_width=72)

    def show_signer(self, settings: Mapping[str, str]) -> None:
        """Role, name and number of who signs."""
        rows = (("Jabatan", "role"), ("Nama", "name"), ("NIP", "identity"), ("a.n.", "on_behalf"))
        self.facts.set_rows(
            [(name, settings.get(f"signer.{key}", "") or EMPTY) for name, key in rows[:2]]
            + [(name, value) for name, key in rows[2:] if (value := settings.get(f"signer.{key}"))]
        )


class LawCard(FactsCard):
    """Pemilihan dan aturan."""

    def __init__(self) -> None:
        super().__init__("Pemilihan dan aturan", "shield-check", key_width=72)
        self.see = Link("Buka halaman Aturan")
        self.body.insertWidget(self.body.count() - 1, self.see)

    def show_law(self, posko: Posko) -> None:
        """Which election, which regulation, since when."""
        law = posko.rules.get(posko.office.regulation)
        unsure = sum(rule.confidence != "C" for rule in law.deadlines.values())
        self.facts.set_rows(
            [
                ("Pemilihan", posko.vocabulary.label("election_kind", posko.office.election_kind)),
                ("Aturan", law.title),
                ("Berlaku", f"sejak {text.long_date(law.valid_from)}"),
                ("Tenggat", f"{len(law.deadlines)}, {unsure} di antaranya belum pasti"),
            ]
        )


class NumbersCard(Card):
    """Penomoran: each series with the number it makes, and of what parts that is made."""

    def __init__(self) -> None:
        self.change = Link("Ubah")
        self.change.setAccessibleName("Ubah penomoran")
        super().__init__("Penomoran", icon="hash", extra=[self.change])
        self.examples = {key: Elided("", "mono") for key in SERIES}
        self.parts = {key: Elided("", "small", "text2") for key in SERIES}
        self._names = {key: Text("", "small", "text2") for key in SERIES}
        for key in SERIES:
            self.parts[key].setAlignment(RIGHT)
            said = hbox(self._names[key], gap=12)
            said.addWidget(self.parts[key], 1)
            self.add(vbox(said, self.examples[key], gap=1))
        self.body.addStretch(1)

    def show_numbers(self, posko: Posko, settings: Mapping[str, str]) -> None:
        """The number that each pattern in force makes today."""
        signer = settings.get("signer.role") or "Ketua"
        for series in series_of(posko, settings):
            own = " (pola sendiri)" if series.own else ""
            self._names[series.key].setText(f"{series.label}{own}")
            self.parts[series.key].setText(described(series.pattern))
            try:
                made, tone = example(posko, series.key, series.pattern, signer), ""
            except UserError as error:
                made, tone = str(error), "red"
            self.examples[series.key].setText(made)
            self.examples[series.key].set_tone(tone)


class PeopleCard(Card):
    """Petugas: who may log in."""

    def __init__(self) -> None:
        self.add_person = Link("Tambah petugas")
        super().__init__("Petugas", icon="people", extra=[self.add_person], padded=False)
        self.table: TableView[AccountRow] = TableView(
            PEOPLE, name="Petugas", key=lambda row: row.login, row_height=ROW_DENSE
        )
        self.add(self.table)

    def show_people(self, rows: tuple[AccountRow, ...]) -> None:
        """Everybody by name; the table is as high as its rows."""
        self.counter.set_text(str(len(rows)))
        self.table.set_rows(rows)
        shown = min(MOST, max(1, len(rows)))
        self.table.setFixedHeight(theme.px(HEADER_HEIGHT) + theme.px(ROW_DENSE) * shown)


def _role(row: AccountRow) -> str:
    label = ROLES.get(row.role, row.role)
    return label[:1].upper() + label[1:]


def _state(row: AccountRow) -> Chip:
    return Chip("Aktif", "plain_green", "check") if row.active else Chip("Nonaktif", "plain")


PEOPLE: tuple[Column[AccountRow], ...] = (
    Column("name", "Nama", lambda r: r.name, width=220),
    Column("title", "Jabatan", lambda r: r.title or "–", width=0, style="secondary"),
    Column("role", "Peran", _role, width=170, style="secondary"),
    Column("login", "Nama masuk", lambda r: r.login, width=120, style="mono"),
    Column("state", "Keadaan", _state, width=100, style="chip", sort=lambda r: r.active),
)
