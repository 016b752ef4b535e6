"""Before a file leaves: texts in it that name a reporter or witness, each with the way to it."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from posko_app import text as words
from posko_app.exchange.free_text import LEAST_REASON, Found, Search
from posko_app.exchange.held_elsewhere import where_they_are
from posko_app.exchange.left_out import profiles
from ui import theme
from ui.dialogs import Sheet
from ui.fields import Field
from ui.forms import Form
from ui.table_view import HEADER_HEIGHT, TableView
from ui.tables import Column
from ui.tokens import ROW
from ui.widgets.cards import Card
from ui.widgets.text import Text

WIDTH, LOW, HIGH = 860, 96, 340
REST = 330  # pixels of the window that the list leaves to everything else
TELL = (
    "Teks ini mungkin menyebut pelapor atau saksi. Buka perkaranya dan betulkan dulu, atau buat "
    "berkasnya bila yang disebut orang lain."
)
REFUSE = (
    "Teks ini mungkin menyebut pelapor atau saksi, dan berkas ini untuk pihak luar. Betulkan dulu, "
    "atau tulis alasan mengapa boleh tetap ada."
)
UNKNOWN = "Tidak semua nama dapat dicari"
ELSEWHERE = (
    "Berkas ini untuk pihak luar. Minta kantor itu memeriksa teksnya dulu, lalu tulis di sini "
    "mengapa berkas boleh dibuat."
)


class NamesFound(Sheet):
    """The hits with the words around them; Enter opens the case, Ctrl+Enter makes the file."""

    def __init__(self, parent: QWidget, search: Search, profile: str, *, today: date) -> None:
        self._refuse = profiles().by_code[profile].names == "refuse"
        found = search.found
        count = words.thousands(len(found))
        others = where_they_are(search.elsewhere)
        said = (REFUSE if self._refuse else TELL) if found else ELSEWHERE
        super().__init__(
            parent,
            f"{count} teks mungkin menyebut pelapor atau saksi" if found else UNKNOWN,
            f"{others} {said}".strip(), tone="attention", width=WIDTH,
        )  # fmt: skip
        self.opened = ""  # the case somebody wants to mend
        self.names_stay = ""  # the reason why the names may stay, where one is asked for
        self.reason = Form(
            [Field(key="reason", label="Alasan nama boleh tetap ada",
                   missing=f"Tulis alasannya, paling sedikit {LEAST_REASON} huruf.")],
            today=today,
        ) if self._refuse else None  # fmt: skip
        self.table: TableView[Found] = TableView(
            (
                Column("number", "Perkara", lambda r: r.case_number or "–", width=150,
                       style="mono", sortable=False, tooltip=lambda r: r.case_number),
                Column("place", "Letak", where, width=200, sortable=False,
                       tooltip=lambda r: r.place),
                Column("who", "Mungkin", who, width=150, style="secondary", sortable=False,
                       tooltip=who),
                Column("said", "Kutipan", lambda r: r.snippet, width=0, sortable=False,
                       tooltip=lambda r: r.snippet),
            ),
            name="Teks yang menyebut orang",
        )  # fmt: skip
        self.table.set_rows(found)
        self._lay_out()
        self.table.choose_first()
        self.table.opened.connect(self._on_opened)
        if found or self.reason is None:
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.reason.focus_field("reason")

    def unsaved(self) -> bool:
        """Nothing is lost by leaving but a reason, which is short."""
        return False

    def _lay_out(self) -> None:
        card = Card(padded=False)
        card.add(self.table, 1)
        above = self.parentWidget()
        room = above.window().height() - theme.px(REST) if above is not None else 0
        rows = theme.px(HEADER_HEIGHT + ROW * len(self.table.rows.rows)) + 4
        card.setFixedHeight(max(theme.px(LOW), min(theme.px(HIGH), room, rows)))
        self.body.addWidget(card)
        if self.reason is not None:
            self.body.addWidget(self.reason)
        hint = Text("Enter membuka perkaranya.", "small", "text2")
        self.body.addWidget(hint)
        no = self.add_button("Tidak jadi", kind="flat")
        mend = self.add_button("Buka perkara")
        yes = self.submit_button("Buat berkas")
        no.setAutoDefault(False)
        mend.setAutoDefault(False)
        for part in (card, hint, mend):
            part.setVisible(bool(self.table.rows.rows))
        no.clicked.connect(self.reject)
        mend.clicked.connect(self._on_mend)
        yes.clicked.connect(self._on_yes)

    def _on_opened(self, hit: Found) -> None:
        if hit.case_uid:
            self.opened = hit.case_uid
            self.reject()

    def _on_mend(self) -> None:
        hit = self.table.row()
        if hit is not None:
            self._on_opened(hit)

    def _on_yes(self) -> None:
        if self.reason is not None:
            said = str(self.reason.value("reason") or "").strip()
            if len(said) < LEAST_REASON:
                box = self.reason.boxes["reason"]
                box.set_problem(box.field.missing)
                self.reason.focus_field("reason")
                return
            self.names_stay = said
        self.accept()


def where(hit: Found) -> str:
    """The sheet and column of a text: `Perkara · Uraian kejadian`."""
    return hit.place.removeprefix("lembar ").replace(", kolom ", " · ")


def who(hit: Found) -> str:
    """Whom a text may name: `Pelapor (nama)`, with a question mark when it is one word only."""
    return f"{hit.who}: {hit.what}{'' if hit.sure else '?'}"
