"""Step 3: the password is the only key, so it must be kept well."""

from __future__ import annotations

from posko_app.errors import Problem
from ui.editors import Check
from ui.widgets.banner import Banner
from ui.widgets.cards import Card
from ui.widgets.icon import Icon
from ui.widgets.text import Text, hbox, vbox

from .step import Step

WARNING = (
    "<b>Tanpa kata sandi, data tidak dapat dibuka oleh siapa pun, termasuk kantor pusat.</b><br>"
    "Versi ini belum memiliki kunci pemulihan. Kata sandi Anda satu-satunya kunci kantor ini."
)
ADVICE = (
    ("edit", "Tulis kata sandi di kertas, masukkan ke amplop tertutup, simpan di lemari terkunci."),
    ("people", "Harus ada dua orang yang dapat mengambilnya: Anda dan Ketua atau Kepala "
               "Sekretariat."),
    ("person", "Setelah kantor dibuka, tambahkan admin kedua di Pengaturan. Ia punya kata sandi "
               "sendiri, jadi kantor tetap terbuka bila yang satu terlupa."),
    ("attention", "Jangan difoto dan jangan dikirim lewat WhatsApp."),
)  # fmt: skip
NOT_YET = "Beri tanda bila kata sandi sudah disimpan. Tanpa itu data bisa hilang selamanya."


class SafeStep(Step):
    """Says what is at stake and asks for one tick."""

    heading = "Simpan kata sandi"
    says = "Data di komputer ini dienkripsi dengan kata sandi yang baru Anda buat."

    def __init__(self) -> None:
        super().__init__()
        self.parts.addWidget(Banner("attention", WARNING))
        card = Card("Cara menyimpannya", icon="key")
        for icon, words in ADVICE:
            row = hbox(vbox(1, Icon(icon, "text2"), None), gap=10)
            row.addWidget(Text(words, wrap=True), 1)
            card.add(row)
        self.parts.addWidget(card)
        self.kept = Check("Saya sudah menyimpan kata sandi di tempat aman")
        self.kept.finished.connect(self.finished)
        self.kept.edited.connect(self._on_kept)
        self._problem = Text(NOT_YET, "label", "red", wrap=True)
        self._problem.hide()
        self.parts.addLayout(vbox(self.kept, self._problem, gap=2))

    def begin(self) -> None:
        self.kept.setFocus()

    def check(self) -> list[Problem]:
        missing = not self.kept.isChecked()
        self._problem.setVisible(missing)
        if missing:
            self.kept.setFocus()
        return [Problem("kept", NOT_YET)] if missing else []

    def _on_kept(self) -> None:
        if self.kept.isChecked():
            self._problem.hide()
