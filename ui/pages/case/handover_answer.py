"""Receiving a case that was handed over, or sending it back; and what the page says of it."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from posko_app.app import Posko
from posko_app.errors import InvalidInput, Problem, UserError
from posko_app.exchange.handover import accept, give_back
from posko_app.exchange.neighbours import office_title
from posko_app.text import long_date
from ui.dialogs import Sheet
from ui.fields import Field
from ui.forms import Form, FormGroup
from ui.widgets.banner import Banner
from ui.widgets.buttons import Button
from ui.widgets.text import box, hbox

from .words import Words

RECEIVE = (
    "Sesudah diterima, kantor ini yang menangani dan batas waktu yang sama berjalan terus. Nomor "
    "asalnya tetap terlihat."
)
RETURN = (
    "Perkara kembali ditangani kantor asal. Sesudah ini buat kiriman untuk kantor itu dengan Kirim "
    "data (Ctrl+Shift+E): alasan Anda sampai dengan berkas itu."
)


class AnswerSheet(Sheet):
    """Terima pelimpahan, or Kembalikan pelimpahan."""

    recorded = Signal(str)  # the kind of the event

    def __init__(self, parent: QWidget, words: Words, kind: str) -> None:
        self._words, self._kind = words, kind
        receives = kind == "received_transfer"
        super().__init__(
            parent,
            words.law.steps[kind].label,
            RECEIVE if receives else RETURN,
        )
        fields = [Field(key="on", label="Tanggal", kind="date", width=5, missing="Isi tanggalnya.")]
        if receives:
            fields.append(
                Field(key="number", label="Nomor", width=7, optional=True,
                      placeholder="nomor berikutnya kantor ini")
            )  # fmt: skip
        else:
            fields.append(
                Field(key="reason", label="Alasan", kind="multiline", lines=3,
                      missing="Tulis alasan mengembalikannya.")
            )  # fmt: skip
        self.form = Form(fields, today=words.today, dense=False, gap=8)
        self.form.set_values({"on": words.today})
        self.group = FormGroup(self)
        self.group.add(self.form)
        self.body.addWidget(self.group.summary)
        self.body.addWidget(self.form)
        no = self.add_button("Tidak jadi", kind="flat")
        yes = self.submit_button("Terima" if receives else "Kembalikan")
        no.setAutoDefault(False)
        no.clicked.connect(self.reject)
        yes.clicked.connect(self.submit)
        self.group.submitted.connect(self.submit)
        self.form.focus_first()

    def submit(self) -> None:
        """Record it; on problems the dialog stays."""
        if self.group.check():
            return
        values, posko, uid = self.form.values(), self._words.posko, self._words.view.uid
        try:
            if self._kind == "received_transfer":
                accept(posko, uid, values["on"], str(values["number"] or ""))
            else:
                give_back(posko, uid, str(values["reason"] or ""), values["on"])
        except InvalidInput as error:
            self.group.show_problems(error.problems)
        except UserError as error:
            self.group.show_problems([Problem("", str(error))])
        else:
            self.recorded.emit(self._kind)
            self.accept()


def handover_banner(words: Words, act: Callable[[str], None]) -> Banner | None:
    """What the page of a case says while it passes to another office, and afterwards.

    `act` is called with a kind of step, or with `files` to make the files again.
    """
    view = words.view
    state, offer = view.state, view.state.offer_to(view.own) or view.state.handover
    if view.given_away:
        due = state.files_due == view.own
        said = (
            f"<b>Ditangani {escape(office_named(words.posko, state.office))}.</b> "
            "Di sini hanya dapat dibaca; kabarnya datang dalam kiriman kantor itu."
        )
        if due:
            said += " Berkas dan identitasnya belum diserahkan."
        act_on = _button("Serahkan berkas", "send", "transferred", act) if due else None
        return Banner("attention" if due else "info", said, action=act_on)
    if offer is None:
        return None
    day = long_date(offer.on)
    if view.offered:
        sender = escape(office_named(words.posko, offer.sender))
        take = _button(
            words.law.steps["received_transfer"].label, "receive", "received_transfer", act
        )
        back = _button("Kembalikan…", "undo", "transfer_returned", act)
        for button in (take, back):
            button.set_why_disabled(words.why_not_step("received_transfer"))
        said = f"<b>Dilimpahkan, belum diterima.</b> Dari {sender}, {day}."
        return Banner("attention", said, action=box(hbox(take, back, gap=6)))
    to = escape(office_named(words.posko, offer.to))
    said = f"<b>Dilimpahkan, belum diterima.</b> Ke {to}, {day}. Batas waktunya tetap berjalan."
    ours = offer.sender == view.own
    again = _button("Buat berkasnya lagi", "refresh", "files", act) if ours else None
    return Banner("attention", said, action=again)


def office_named(posko: Posko, code: str) -> str:
    """What people call an office, this one too."""
    return posko.office.name if code == posko.office.code else office_title(posko, code)


def _button(text: str, icon: str, kind: str, act: Callable[[str], None]) -> Button:
    button = Button(text, icon=icon, small=True)
    button.clicked.connect(lambda: act(kind))
    return button
