"""`Siap diteruskan?`: what an institution will look for, each line with the way to mend it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from posko_app.cases.referral_check import ReadyCheck, ready_to_refer
from ui import theme
from ui.context import Context
from ui.dialogs import Sheet
from ui.fields import Choices
from ui.widgets.buttons import Link
from ui.widgets.filters import MenuFilter
from ui.widgets.icon import Icon
from ui.widgets.layout import ScrollColumn
from ui.widgets.text import Text, box, hbox, vbox

MOST_HEIGHT = 380  # pixels before the list scrolls


class ReadySheet(Sheet):
    """The checks for one institution; another one can be chosen on top."""

    jump = Signal(str)  # tab of the case

    def __init__(self, parent: QWidget, context: Context, case: str, institutions: Choices) -> None:
        super().__init__(
            parent,
            "Siap diteruskan?",
            "Yang dicari instansi di dalam berkas. Tidak ada yang menghalangi penerusan; yang "
            "kurang sebaiknya dilengkapi dulu.",
            width=620,
        )
        self._context, self._case = context, case
        self.institution = MenuFilter("Instansi", institutions, all_text="mana pun")
        self.verdict = Text("", "strong", wrap=True)
        self._note = Text("", "small", "text2", wrap=True)
        self._area = ScrollColumn(most=theme.px(MOST_HEIGHT))
        self.body.addLayout(hbox(self.institution, None))
        self.body.addLayout(vbox(self.verdict, self._note, gap=2))
        self.body.addWidget(self._area)
        close = self.add_button("Tutup", kind="primary", hint="Esc")
        close.clicked.connect(self.accept)
        self.institution.chosen.connect(self.show_checks)
        self.institution.set_code(institutions[0][0] if institutions else "")
        self.show_checks(self.institution.code)
        close.setFocus()

    def show_checks(self, addressee: str) -> None:
        """Show what this institution looks for."""
        found = self._context.run(ready_to_refer, self._case, addressee)
        if found is None:
            return
        returned = [check for check in found.missing if check.returned]
        wise = [check for check in found.missing if not check.returned]
        if returned:
            said = f"Belum: {len(returned)} hal membuat berkas dapat dikembalikan."
        elif wise:
            said = f"Siap, dengan {len(wise)} catatan."
        else:
            said = "Siap diteruskan."
        self.verdict.setText(said)
        self.verdict.set_tone("gold" if returned else "green")
        self._note.setText(found.note)
        self._note.setVisible(bool(found.note))
        column = vbox(gap=8, margins=(0, 4, 4, 4))
        ordered = sorted(found.checks, key=lambda check: (check.met, not check.returned))
        for check in ordered:
            column.addWidget(self._line(check))
        column.addStretch(1)
        self._area.setWidget(box(column, "surface"))
        self._area.fit()

    def _line(self, check: ReadyCheck) -> QWidget:
        mark = Icon("done" if check.met else "missing", "green" if check.met else "gold")
        words = vbox(Text(check.label, "" if check.met else "strong", wrap=True))
        row = hbox(vbox(1, mark, None))
        if not check.met:
            words.addWidget(Text(check.why, "small", "text2", wrap=True))
            link = Link("Lengkapi", role="small")
            link.setAccessibleName(f"Lengkapi {check.label}")
            link.clicked.connect(lambda *_: self._on_jump(check.tab))
            words.addLayout(hbox(link, None))
        row.addLayout(words, 1)
        made = box(row)
        made.setAccessibleName(f"{check.label}: {'ada' if check.met else check.why}")
        return made

    def _on_jump(self, tab: str) -> None:
        self.jump.emit(tab)
        self.accept()
