"""Deciding about a key: six words at first contact, two persons for a changed one, devices out."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QWidget

from posko_app.exchange.neighbours import DeviceLine
from posko_app.exchange.trust import KeyCard, SecondPerson, confirm_key, replace_key, retire
from posko_app.office.accounts import accounts
from posko_app.progress import Progress, silent
from ui.context import Context
from ui.fields import Field
from ui.forms import Form
from ui.widgets.banner import Banner
from ui.widgets.text import Text, vbox
from ui.working_sheet import WorkingSheet

ACCEPTED = int(QDialog.DialogCode.Accepted)


def ask_first(parent: QWidget, context: Context, card: KeyCard) -> bool:
    """Show the six words of an office that is not known; True when somebody compared them."""
    return FirstSheet(parent, context, card).exec() == ACCEPTED


def ask_changed(parent: QWidget, context: Context, card: KeyCard) -> bool:
    """Ask for what lets a changed key in; True when it is trusted now."""
    return ChangedSheet(parent, context, card).exec() == ACCEPTED


def ask_retire(parent: QWidget, context: Context, name: str, device: DeviceLine) -> bool:
    """Ask whether a device is only not used any more, or lost; True when it was put aside."""
    return RetireSheet(parent, context, name, device).exec() == ACCEPTED


def _words(words: tuple[str, ...]) -> Text:
    """Six words, big enough to be read out."""
    text = Text("  ".join(words), "section", wrap=True)
    text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByKeyboard)
    text.setAccessibleName(f"Enam kata: {' '.join(words)}")
    return text


class KeySheet(WorkingSheet):
    """A dialog that decides about a key; it closes when the decision is kept."""

    def _begin(self, work: Any, *args: Any) -> None:
        self.work(work, *args, done=self._on_kept)

    def _on_kept(self, _done: object) -> None:
        self.accept()


class FirstSheet(KeySheet):
    """First contact: the words, and whether they are the same on the phone."""

    def __init__(self, parent: QWidget, context: Context, card: KeyCard) -> None:
        name = card.office_name or card.office
        super().__init__(
            parent, context, f"Cocokkan kunci {name}",
            f"Kantor ini baru pertama kali dikenal di sini. Telepon {name} lewat nomor yang Anda "
            "kenal dan minta dibacakan enam kata di lembar BACA SAYA.",
        )  # fmt: skip
        self._card = card
        self.body.addWidget(self.group.summary)
        self.body.addWidget(_words(card.words))
        self.body.addWidget(Text(
            "Bila satu kata saja berbeda, berkas ini bukan dari kantor itu. Jawaban Anda dicatat.",
            "small", "text2", wrap=True,
        ))  # fmt: skip
        no = self.add_button("Tidak jadi", kind="flat")
        self.same = self.add_button("Keenam kata sama", kind="primary", hint="Ctrl+Enter")
        self.same.setShortcut("Ctrl+Return")
        no.clicked.connect(self.reject)
        self.same.clicked.connect(self.submit)
        no.setFocus()

    def submit(self) -> None:
        """Keep that the words are the same."""
        self._begin(_confirm, self._card)


class ChangedSheet(KeySheet):
    """A known office with another key: words heard by phone, a reason, a second person."""

    def __init__(self, parent: QWidget, context: Context, card: KeyCard) -> None:
        name = card.office_name or card.office
        super().__init__(
            parent, context, f"Perbarui kunci {name}",
            "Berkas ini bertanda tangan kunci yang berbeda dari yang dikenal. Biasanya karena "
            f"komputer diganti; bisa juga berkas palsu. Telepon {name} lewat nomor yang Anda "
            "kenal.",
        )  # fmt: skip
        self._card = card
        known = card.known[-1] if card.known else None
        fields = [
            Field(key="words", label="Enam kata yang dibacakan lewat telepon",
                  missing="Tulis enam kata yang dibacakan kantor itu."),
            Field(key="reason", label="Alasan", placeholder="misalnya komputer diganti",
                  missing="Tulis alasannya, misalnya komputer diganti."),
        ]  # fmt: skip
        if not card.alone:
            people = [(a.login, a.name) for a in accounts(context.posko)
                      if a.active and a.login != context.posko.user.login]  # fmt: skip
            fields += [
                Field(key="second", label="Orang kedua", kind="combo", choices=people, width=6,
                      missing="Perubahan kunci disetujui dua orang. Pilih orang kedua."),
                Field(key="password", label="Kata sandi orang kedua", kind="password", width=6,
                      missing="Orang kedua mengetik kata sandinya sendiri."),
            ]  # fmt: skip
        if known is not None:
            fields.append(Field(key="old", label="Komputer lama tidak dipakai lagi", kind="check"))
        self.form = Form(fields, today=context.posko.today(), dense=False, gap=8)
        self.group.add(self.form)
        self.body.addWidget(self.group.summary)
        if known is not None:
            old = Text("Yang dikenal di sini: " + " ".join(known.words), "small", "text2",
                       wrap=True)  # fmt: skip
            self.body.addWidget(old)
        if card.alone:
            self.body.addWidget(Banner(
                "attention",
                "Kantor ini punya satu akun aktif. Keputusan ini dicatat sebagai keputusan satu "
                "orang.",
            ))  # fmt: skip
        self.body.addWidget(self.form)
        no = self.add_button("Tidak jadi", kind="flat")
        self.keep = self.add_button("Percaya kunci baru", kind="primary", hint="Ctrl+Enter")
        self.keep.setShortcut("Ctrl+Return")
        for button in (no, self.keep):
            button.setAutoDefault(False)
        no.clicked.connect(self.reject)
        self.keep.clicked.connect(self.submit)
        self.group.submitted.connect(self.submit)
        self.form.focus_first()

    def submit(self) -> None:
        """Check the form and keep the decision; on problems the dialog stays."""
        if self.group.check():
            return
        said = self.form.values()
        second = None
        if not self._card.alone:
            second = SecondPerson(str(said["second"] or ""), str(said["password"] or ""))
        old = [key.device_id for key in self._card.known] if said.get("old") else []
        old = [device for device in old if device != self._card.device_id]
        self._begin(partial(_replace, card=self._card, words=str(said["words"]),
                            reason=str(said["reason"]), second=second, old=old))  # fmt: skip


class RetireSheet(KeySheet):
    """A device that is not used any more, or was lost."""

    def __init__(self, parent: QWidget, context: Context, name: str, device: DeviceLine) -> None:
        super().__init__(
            parent, context, f"Perangkat {device.device_id} tidak dipakai lagi?",
            f"Kiriman ke {name} tidak lagi menunggu tanda terima dari perangkat ini. Bila ternyata "
            "masih dipakai, ia kembali sendiri dengan kiriman berikutnya.",
        )  # fmt: skip
        self._device = device
        self.form = Form(
            [
                Field(key="lost", label="Hilang atau dicuri: cabut kuncinya untuk selamanya",
                      kind="check"),
                Field(key="reason", label="Alasan", optional=True),
            ],
            today=context.posko.today(), dense=False, gap=8,
        )  # fmt: skip
        self.group.add(self.form)
        self.body.addWidget(self.group.summary)
        self.body.addLayout(vbox(self.form))
        no = self.add_button("Tidak jadi", kind="flat")
        self.keep = self.add_button("Tidak dipakai lagi", kind="primary", hint="Ctrl+Enter")
        self.keep.setShortcut("Ctrl+Return")
        for button in (no, self.keep):
            button.setAutoDefault(False)
        no.clicked.connect(self.reject)
        self.keep.clicked.connect(self.submit)
        self.group.submitted.connect(self.submit)
        no.setFocus()

    def submit(self) -> None:
        """Put the device aside."""
        said = self.form.values()
        self._begin(partial(_retire, device=self._device.device_id, lost=bool(said["lost"]),
                            reason=str(said["reason"] or "")))  # fmt: skip


def _confirm(posko: Any, card: KeyCard, *, progress: Progress = silent) -> None:
    confirm_key(posko, card, " ".join(card.words))


def _replace(
    posko: Any,
    *,
    card: KeyCard,
    words: str,
    reason: str,
    second: SecondPerson | None,
    old: list[str],
    progress: Progress = silent,
) -> None:
    replace_key(posko, card, words, reason, second, old)


def _retire(
    posko: Any, *, device: str, lost: bool, reason: str, progress: Progress = silent
) -> None:
    retire(posko, device, lost=lost, reason=reason)
