"""The three steps of a file that is to be made: what goes, for whose eyes, and where to."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from posko_app import text
from posko_app.app import Posko
from posko_app.exchange.export import What
from posko_app.exchange.ledger import PeerLine
from posko_app.exchange.left_out import profiles
from posko_app.exchange.prospect import Prospect, Prospects
from ui import theme
from ui.editors import TextArea
from ui.fields import Choices as Labels
from ui.fields import Field
from ui.forms import Form
from ui.widgets.banner import Banner
from ui.widgets.buttons import Button, Link
from ui.widgets.progress import ProgressPanel
from ui.widgets.text import Text, hbox, vbox

from . import memory, words
from .choices import Choices, Step
from .order import NO_EVIDENCE, Order, evidence_choices, part_bytes, profile_choices

COPY = "Salinan di luar urutan: tanpa nomor kiriman dan tanpa tanda terima."
NOT_HEARD = "Penerima belum mengonfirmasi apa pun, jadi semua data ikut."
NO_CHANGES = "Profil ini selalu salinan lengkap, bukan perubahan."
ALL_LABELS = {"all": "Semua data", "referred": "Semua yang sudah diteruskan"}  # by reach


class SendForm(QWidget):
    """Asks for everything an order needs; `changed` when what would go is another thing."""

    changed = Signal()
    pick_wanted = Signal()
    removed_wanted = Signal()
    browse_wanted = Signal()
    submitted = Signal()

    def __init__(self, posko: Posko) -> None:
        super().__init__()
        self._posko = posko
        self._peers: Sequence[PeerLine] = ()
        self._typed = False  # whether somebody wrote a message of their own
        self._profile = "internal"  # the one before
        self.cases: tuple[str, ...] = ()
        self.prospects: Prospects | None = None
        self.to = self._form(Field(key="to", label="Untuk kantor", kind="combo", bare=True,
                                   missing="Pilih kantor tujuan.",
                                   placeholder="Ketik nama kantor"))  # fmt: skip
        self.what = Choices([("changes", "Perubahan"), ("all", "Semua data"),
                             ("picked", "Pilih sendiri…")])  # fmt: skip
        self.pick = Link("Pilih perkara…", role="small")
        self.copy_note = Text(COPY, "small", "text2", wrap=True)
        self.profile = self._form(Field(key="profile", label="Untuk siapa", kind="combo",
                                        choices=profile_choices(), bare=True))  # fmt: skip
        self.removed = Link("Yang tidak ikut…", role="small")
        self.evidence = self._form(Field(key="evidence", label="Berkas bukti", kind="combo",
                                         choices=evidence_choices(), bare=True))  # fmt: skip
        self.evidence_note = Text("", "small", "text2")
        self.place = self._form(Field(key="folder", label="Simpan di folder", bare=True,
                                      missing="Pilih folder."))  # fmt: skip
        self.browse = Button("Ganti…", icon="folder")
        self.lock = QCheckBox("Kunci untuk kantor tujuan")
        self.lock_note = Text("", "small", "text2", wrap=True)
        self.estimate = Banner("ok", "")
        self.panel = ProgressPanel()
        self.message = TextArea(2)
        self.message.setFixedHeight(theme.px(54))  # two lines without a scroll bar
        self._build()
        self._connect()
        kept = memory.load(posko.folder.root)
        self.to.set_values({"to": kept.to_code})
        self.profile.set_values({"profile": "internal"})
        self.evidence.set_values({"evidence": NO_EVIDENCE})
        self.place.set_values({"folder": kept.send_folder or str(memory.default_send_folder())})
        self._wants_lock = kept.lock != "no"

    # --- what the card calls --------------------------------------------------------------------

    @property
    def to_code(self) -> str:
        """The office it is for, empty when none is chosen."""
        return str(self.to.value("to") or "")

    @property
    def prospect(self) -> Prospect | None:
        """What would go, as far as it is counted."""
        what: What = self.what.key  # type: ignore[assignment]
        return self.prospects.by_what.get(what) if self.prospects else None

    @property
    def profile_key(self) -> str:
        """For whose eyes it is."""
        return str(self.profile.value("profile") or "internal")

    @property
    def own_message(self) -> str:
        """The message somebody wrote, empty while it is the proposed one."""
        return self.message.raw() if self._typed else ""

    def begin_again(self) -> None:
        """Ask anew, with the same folder and office."""
        self._typed = False
        self.set_cases(())

    @property
    def evidence_key(self) -> str:
        """How evidence travels; NO_EVIDENCE when it does not."""
        return str(self.evidence.value("evidence") or NO_EVIDENCE)

    def set_offices(self, peers: Sequence[PeerLine], choices: Labels, chosen: str) -> None:
        """Offer these offices."""
        self._peers = peers
        self.to.set_choices("to", choices)
        self.to.set_values({"to": chosen})

    def set_cases(self, cases: Sequence[str]) -> None:
        """Take the cases that were picked; the choice is on them now."""
        self.cases = tuple(cases)
        self.what.set_chosen("picked" if cases else "changes")
        self._show_choice()
        self.changed.emit()

    def set_prospects(self, found: Prospects) -> None:
        """Show what each choice would send."""
        self.prospects = found
        for key in ("changes", "all"):
            one = found.by_what[key]
            self.what.set_note(key, words.counted(one), words.counted_whole(one))
        since = f" sejak kiriman {found.confirmed_seq}" if found.heard else ""
        self.what.radios["changes"].setText(f"Perubahan{since}")
        self.what.radios["changes"].setToolTip("" if found.heard else NOT_HEARD)
        self._show_choice()

    def forget(self) -> None:
        """What was counted is of another choice."""
        self.prospects = None
        self._show_choice()

    def check(self) -> str:
        """Show what is wrong or missing at its field; a sentence where it has no field."""
        forms = (self.to, self.profile, self.evidence, self.place)
        wrong = [
            problem for form in forms for problem in form.check()
        ]  # of all: each marks its own
        if wrong:
            return "Periksa isian yang ditandai."
        if self.what.key == "picked" and not self.cases:
            self.pick.setFocus()
            return "Pilih dulu perkara yang dikirim."
        return ""

    def refuse_folder(self, sentence: str) -> None:
        """Say what is wrong with the folder at its field."""
        self.place.boxes["folder"].set_problem(sentence)
        self.place.focus_field("folder")

    def order(self, folder: Path) -> Order:
        """Everything that was chosen."""
        what: What = self.what.key  # type: ignore[assignment]
        return Order(
            to_code=self.to_code,
            what=what,
            cases=self.cases if what == "picked" else (),
            profile=self.profile_key,
            part_bytes=part_bytes(self.evidence_key),
            folder=folder,
            lock=self.lock.isEnabled() and self.lock.isChecked(),
            count=len(self.prospect.cases) if self.prospect else 0,
        )

    def lock_up(self, busy: bool) -> None:
        """Let nothing be changed while files are made."""
        for form, key in ((self.to, "to"), (self.profile, "profile"),
                          (self.evidence, "evidence"), (self.place, "folder")):  # fmt: skip
            form.set_read_only(key, busy)
        for part in (self.what, self.pick, self.browse):
            part.setEnabled(not busy)
        self.panel.setVisible(busy)
        self.estimate.setVisible(not busy)
        if busy:
            self._show_lock(busy)
        else:
            self._show_choice()  # what a profile forbids stays forbidden

    # --- inside ---------------------------------------------------------------------------------

    def _form(self, field: Field) -> Form:
        return Form([field], today=self._posko.today(), dense=True)

    def _build(self) -> None:
        self.browse.setAccessibleName("Ganti folder")
        self.panel.hide()
        self.message.setAccessibleName("Pesan pengantar")
        picked = hbox(INDENTED, self.copy_note, gap=8)
        picked.setStretch(1, 1)
        picked.addWidget(self.pick)
        profile, evidence, folder = hbox(gap=8), hbox(gap=8), hbox(gap=8)
        profile.addWidget(self.profile, 1)
        profile.addWidget(self.removed)
        evidence.addWidget(self.evidence, 1)
        evidence.addWidget(self.evidence_note)
        folder.addWidget(self.place, 1)
        folder.addLayout(vbox(self.browse, None))
        head = Text("Pesan pengantar", "label")
        head.setBuddy(self.message)
        private = vbox(profile, evidence, gap=6)
        end = vbox(folder, 6, self.lock, self.lock_note, 8, self.estimate, self.panel, 10, head,
                   3, self.message)  # fmt: skip
        column = vbox(
            Step(1, "Apa yang dikirim", [self.what, picked]), 8,
            Step(2, "Lampiran dan kerahasiaan", [private]), 10,
            Step(3, "Simpan berkas", [end]), None,
            margins=(14, 10, 14, 10),
        )  # fmt: skip
        self.setLayout(column)
        self._show_choice()

    def _connect(self) -> None:
        self.what.chosen.connect(self._on_what)
        self.pick.clicked.connect(self.pick_wanted)
        self.removed.clicked.connect(self.removed_wanted)
        self.browse.clicked.connect(self.browse_wanted)
        self.lock.clicked.connect(self._on_lock)
        self.message.edited.connect(self._on_message)
        for form in (self.to, self.profile):
            form.changed.connect(self._on_changed)
            form.settled.connect(self._on_changed)
        self.evidence.changed.connect(self._on_evidence)
        self.to.submitted.connect(self.what.radios["changes"].setFocus)
        self.profile.submitted.connect(self.evidence.focus_first)
        self.evidence.submitted.connect(self.place.focus_first)
        self.place.submitted.connect(self.submitted)

    def _show_choice(self) -> None:
        """Everything that follows from what is chosen."""
        internal, reach = self.profile_key == "internal", profiles().by_code[self.profile_key].reach
        self.what.set_why_not("changes", "" if internal else NO_CHANGES)
        self.what.radios["all"].setText(ALL_LABELS[reach])
        if not internal and self.what.key == "changes":
            self.what.set_chosen("all" if reach == "all" else "picked")
        picked = self.what.key == "picked"
        count = f"{len(self.cases)} perkara" if self.cases else ""
        self.what.set_note("picked", count)
        outside = picked or not internal
        to_read = profiles().by_code[self.profile_key].shape == "values"
        self.evidence.set_read_only("evidence", to_read)
        if to_read:
            self.evidence.set_values({"evidence": NO_EVIDENCE})
        self.copy_note.setText(COPY if outside else "")
        self.copy_note.setVisible(outside)
        self.pick.setVisible(picked)
        self._show_lock()
        self._show_size()
        self._show_message()

    def _show_lock(self, busy: bool = False) -> None:
        code = self.to_code
        name = words.office_name(self._posko, code, self._peers) if code else "kantor tujuan"
        self.lock.setText(f"Kunci untuk {name}")
        known = self.prospects is not None and self.prospects.lockable
        reason, note = "", ""
        if self.prospects is not None and not known:
            reason = note = words.no_key(self._posko, code, name, self.profile_key)
        elif known:
            note = words.locked_for(self._posko, code, name)
        self.lock.setEnabled(known and not busy)
        self.lock.setToolTip(reason)
        self.lock.setChecked(known and self._wants_lock)
        self.lock_note.setText(note)
        self.lock_note.setVisible(bool(note))

    def _show_size(self) -> None:
        one, part = self.prospect, part_bytes(self.evidence_key)
        self.evidence_note.setText(words.evidence_words(one) if one else "")
        if one is None:
            waiting = self.what.key == "picked" and not self.cases
            said = "Pilih dulu perkaranya." if waiting else "Menghitung isi kiriman."
            self.estimate.set_message("info", said)
            return
        size = one.size + (one.evidence_size if part else 0)
        fits = words.fits(size, part)
        self.estimate.set_message("ok", f"Perkiraan ukuran <b>{text.file_size(size)}</b>. {fits}")

    def _show_message(self) -> None:
        if self._typed:
            return
        one, found = self.prospect, self.prospects
        said = words.short_message(self._posko, found.seq, one, self.profile_key) if (
            one is not None and found is not None
        ) else ""  # fmt: skip
        self.message.set_raw(said)

    def _on_what(self, key: str) -> None:
        if key == "picked" and not self.cases:
            self._show_choice()
            self.pick_wanted.emit()
        else:
            self.changed.emit()
            self._show_choice()

    def _on_changed(self, _key: str) -> None:
        if self.prospects is not None and (self.prospects.to_code, self.prospects.profile) == (
            self.to_code, self.profile_key,
        ):  # fmt: skip
            return
        if self.prospects is not None and self.prospects.to_code != self.to_code and self.cases:
            self.cases = ()  # another office may have other cases
            self.what.set_chosen("changes")
        if self.profile_key != self._profile and not self.cases:
            self.what.set_chosen("changes")  # or what the profile proposes instead
        self._profile = self.profile_key
        self.forget()
        self.changed.emit()

    def _on_evidence(self, _key: str) -> None:
        self._show_size()

    def _on_lock(self) -> None:
        self._wants_lock = self.lock.isChecked()
        memory.remember(self._posko.folder.root, lock="yes" if self._wants_lock else "no")

    def _on_message(self) -> None:
        self._typed = bool(self.message.raw().strip())


INDENTED = 23  # pixels: a note stands under the words of its radio button
