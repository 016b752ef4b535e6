"""Step 2: the first account, which is the administrator's."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from posko_app.errors import InvalidInput, Problem
from ui.fields import Field, Parsed
from ui.forms import Form
from ui.widgets.banner import Banner
from ui.widgets.buttons import IconButton
from ui.widgets.text import hairline, hbox

from .proposals import proposed_login
from .step import Step

KEPT = ("admin_name", "admin_title", "admin_login")
TITLES = (
    "Koordinator Divisi Penanganan Pelanggaran",
    "Ketua",
    "Kepala Sekretariat",
    "Staf Penanganan Pelanggaran",
)
SAME = "Belum sama dengan kata sandi di sebelahnya."
LENGTH = 12


class AccountStep(Step):
    """Who the person is, and a password typed twice."""

    heading = "Buat akun pertama"
    says = "Akun ini menjadi admin kantor: dapat menambah petugas dan mengatur kop surat dan nomor."

    def __init__(self) -> None:
        super().__init__()
        self._login = ""
        self.person = self.add_form(Form(_person_fields(), today=date.min, dense=False))
        self.parts.addWidget(hairline())
        self.secret = self.add_form(Form(self._secret_fields(), today=date.min, dense=False))
        self.eye = IconButton("show", "Tampilkan kata sandi", checkable=True)
        self._put_eye()
        self.parts.addWidget(
            Banner(
                "info",
                f"Cukup {LENGTH} huruf atau lebih. Tiga atau empat kata acak lebih kuat daripada "
                "“Bawaslu2024”.",
            )
        )
        self.person.changed.connect(self._on_person)
        self.secret.changed.connect(self._on_secret)
        self.eye.toggled.connect(self._on_eye)

    @property
    def password(self) -> str:
        """The password as typed."""
        return self.secret.raw()["password"]

    def check(self) -> list[Problem]:
        found = self.group.check()
        known = {problem.field for problem in found}
        if "repeat" not in known and self.secret.raw()["repeat"] != self.password:
            found.append(Problem("repeat", SAME))
        if found:
            self.show_problems(found)
        return found

    def values(self) -> dict[str, str]:
        return {key: str(self.person.value(key)) for key in KEPT}

    def raw(self) -> dict[str, str]:
        return {key: self.person.raw()[key] for key in KEPT}

    def set_raw(self, raw: Mapping[str, str]) -> None:
        self.person.set_raw({key: raw[key] for key in KEPT if key in raw})
        self._login = proposed_login(self.person.raw()["admin_name"])

    def _secret_fields(self) -> list[Field]:
        return [
            Field(key="password", label="Kata sandi", kind="password", width=6, parse=_long_enough,
                  live=True, missing="Isi kata sandi."),
            Field(key="repeat", label="Ulangi kata sandi", kind="password", width=6, live=True,
                  parse=self._same, help="Ketik ulang persis sama, termasuk spasi.",
                  missing="Ketik ulang kata sandi."),
        ]  # fmt: skip

    def _same(self, text: str) -> Parsed:
        if text == self.password:
            return Parsed(text, note="Sama.")
        return Parsed(text, error=SAME)

    def _put_eye(self) -> None:
        """Put the button that shows the password beside its field."""
        box = self.secret.boxes["password"]
        column = box.layout()
        assert isinstance(column, QVBoxLayout)
        assert isinstance(box.editor, QWidget)
        holder = QWidget()
        column.replaceWidget(box.editor, holder)
        row = hbox(gap=6)
        row.addWidget(box.editor, 1)
        row.addWidget(self.eye)
        holder.setLayout(row)

    def _on_person(self, key: str) -> None:
        """A log-in name is proposed from the name until another is typed."""
        if key != "admin_name":
            return
        raw = self.person.raw()
        proposal = proposed_login(raw["admin_name"])
        if raw["admin_login"].strip() in ("", self._login):
            self.person.set_values({"admin_login": proposal})
        self._login = proposal

    def _on_secret(self, key: str) -> None:
        repeat = self.secret.raw()["repeat"]
        if key == "password" and repeat:
            self.secret.boxes["repeat"].set_problem("" if repeat == self.password else SAME)

    def _on_eye(self, shown: bool) -> None:
        mode = QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password
        for box in self.secret.boxes.values():
            if isinstance(box.editor, QLineEdit):
                box.editor.setEchoMode(mode)
        self.eye.icon_name = "hide" if shown else "show"
        name = "Sembunyikan kata sandi" if shown else "Tampilkan kata sandi"
        self.eye.setAccessibleName(name)
        self.eye.setToolTip(name)


def _long_enough(text: str) -> Parsed:
    """Length is the only rule, and the core says it."""
    from posko_app.security.keys import check_password  # loads the ciphers: not before it is needed

    try:
        check_password(text, practice=False)
    except InvalidInput as error:
        return Parsed(text, error=error.problems[0].message)
    return Parsed(text, note=f"Cukup panjang: {len(text)} huruf.")


def _person_fields() -> list[Field]:
    return [
        Field(key="admin_name", label="Nama lengkap", width=6, missing="Isi nama lengkap Anda."),
        Field(key="admin_title", label="Jabatan", kind="combo", width=6, free=True, optional=True,
              choices=[(title, title) for title in TITLES]),
        Field(key="admin_login", label="Nama masuk", width=6, mono=True,
              help="Huruf kecil atau angka, tanpa spasi.",
              missing="Isi nama masuk, misalnya nama panggilan Anda."),
    ]  # fmt: skip
