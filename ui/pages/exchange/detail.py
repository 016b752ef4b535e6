"""The right side of a preview: what exactly changes in the chosen line."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from posko_app import text
from posko_app.app import Posko
from posko_app.exchange.changes import (
    CONFLICT,
    NEW,
    CaseChange,
    FieldChange,
    place_words,
)
from posko_app.exchange.judge import RejectedRow
from posko_app.exchange.manifest import Manifest
from posko_app.exchange.plan import ImportPlan
from posko_app.exchange.proposals import NEW_ROWS, HandEdit
from ui.widgets.cards import Card
from ui.widgets.text import Fact, Facts, Text, box, hairline, hbox, vbox

from .choosing import Chosen
from .lines import Line, short_number
from .resolver import ConflictBlock
from .words import office_name

SIGNATURES = {
    "valid": "Tanda tangan cocok, isi tidak berubah sejak dibuat.",
    "broken": "Tanda tangan tidak cocok. Isinya hanya usulan, tidak ada yang digabung.",
    "missing": "Tidak bertanda tangan. Isinya hanya usulan, tidak ada yang digabung.",
}


class Detail(Card):
    """What the chosen line does, or what the file is when nothing is chosen.

    Of a conflict it lets choose; `picked` tells what was, as conflict, source and value.
    """

    picked = Signal(object, str, object)

    def __init__(self, posko: Posko) -> None:
        super().__init__("Rincian", padded=False)
        self._posko = posko
        self.parts: list[QWidget] = []
        self.blocks: list[ConflictBlock] = []
        self._inside = QVBoxLayout()
        self._inside.setContentsMargins(14, 10, 14, 12)
        self._inside.setSpacing(8)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setAccessibleName("Rincian baris yang dipilih")
        self._scroll.setWidget(box(self._inside, "surface"))
        self.add(self._scroll, 1)

    def show_line(self, plan: ImportPlan, line: Line | None, chosen: Chosen) -> None:
        """Show a line of a plan, or the file itself."""
        self.blocks = []
        self.note.setText("")
        if line is not None and line.change is not None:
            self._show_change(line.change, self._sender(plan))
            self.show_picks(chosen)
        elif line is not None and line.edit is not None:
            self._show_edit(line.edit)
        elif line is not None and line.rejected is not None:
            self._show_rejected(line.rejected)
        else:
            self._show_file(plan)
        self._scroll.verticalScrollBar().setValue(0)

    def show_picks(self, chosen: Chosen) -> None:
        """Show which values are chosen in the conflicts that stand here."""
        for block in self.blocks:
            block.show_pick(chosen.picks.get(block.conflict.key))
        done = sum(block.conflict.key in chosen.picks for block in self.blocks)
        if self.blocks:
            self.note.setText(f"{len(self.blocks)} perbedaan, {done} sudah dipilih")

    def set_editable(self, on: bool) -> None:
        """Let choose, or only show what was chosen."""
        for block in self.blocks:
            block.setEnabled(on)

    def said(self) -> str:
        """Everything that stands here, for tests and screen readers."""
        labels = [label for part in self.parts for label in part.findChildren(Text)]
        own = [part for part in self.parts if isinstance(part, Text)]
        return "\n".join(label.text() for label in [*own, *labels])

    def _show_file(self, plan: ImportPlan) -> None:
        manifest = plan.manifest
        self.set_title("Tentang kiriman ini")
        self._fill([Facts(file_facts(self._posko, plan, manifest), key_width=112)])

    def _sender(self, plan: ImportPlan) -> str:
        """The name of the office that a file is from."""
        manifest = plan.manifest
        if manifest is None:
            return ""
        return text.clean(manifest.office_name) or office_name(self._posko, manifest.office)

    def _show_change(self, change: CaseChange, sender: str) -> None:
        self.set_title(short_number(self._posko, change) if change.number else "Rincian")
        parts: list[QWidget] = [Text(change.title, "section", wrap=True)]
        if change.group == NEW:
            parts.append(Facts(self._new_facts(change), key_width=112))
        if change.conflicts:
            parts.append(_conflict_head(self._posko.office.name, sender))
        for conflict in change.conflicts:
            block = ConflictBlock(conflict, (self._posko.office.name, sender))
            block.picked.connect(self.picked)
            self.blocks.append(block)
            parts += [hairline(), block]
        if change.group == CONFLICT and change.conflicts:
            parts.append(
                Text("Yang tidak dipilih ditunda: kedua nilainya disimpan, tidak ada yang hilang.",
                     "small", "text2", wrap=True)
            )  # fmt: skip
        if change.changes:
            if change.conflicts:
                parts.append(hairline())
            parts.append(Text("Yang berubah", "label"))
            parts += [_field_change(change_) for change_ in change.changes]
        if change.group != NEW and change.added:
            parts.append(Facts([("Ditambahkan", _counted(change))], key_width=112))
        self._fill(parts)

    def _show_edit(self, edit: HandEdit) -> None:
        self.set_title(f"Usulan: {edit.heading}")
        base = (edit.base_text or "(kosong)") if edit.base_known else "(tidak diketahui)"
        theirs = edit.theirs_text or "(kosong)"
        facts: list[Fact] = [("Data", edit.record), ("Letak", edit.place)]
        if edit.kind in NEW_ROWS:
            facts.append(("Isi baris", theirs))
        else:
            facts += [("Semula", base), ("Di berkas", theirs)]
            facts.append(("Di sini", edit.mine_text or "(kosong)"))
        parts: list[QWidget] = [Facts(facts, key_width=112)]
        if edit.reason:
            parts.append(Text(edit.reason, tone="red", wrap=True, select=True))
        elif edit.differs:
            parts.append(Text("Nilai di sini sudah berubah sejak berkas itu dibuat.", wrap=True))
        parts.append(
            Text("Yang diterima ditulis atas nama Anda. Yang dibiarkan ditanyakan lagi; yang "
                 "ditolak tidak.", "small", "text2", wrap=True)
        )  # fmt: skip
        self._fill(parts)

    def _show_rejected(self, row: RejectedRow) -> None:
        sheet, column = place_words(row)
        self.set_title("Baris yang tidak masuk")
        facts: list[Fact] = [("Lembar", sheet), ("Baris", str(row.row)), ("Kolom", column)]
        reason = Text(row.reason, wrap=True, select=True)
        after = Text("Baris lain tetap dapat diterapkan.", "small", "text2", wrap=True)
        self._fill([reason, Facts(facts, key_width=112), after])

    def _new_facts(self, change: CaseChange) -> list[Fact]:
        facts: list[Fact] = []
        if change.kind:
            facts.append(("Jenis", self._posko.vocabulary.label("intake_kind", change.kind)))
        if change.number:
            facts.append(("Nomor", change.number))
        if change.office_code:
            facts.append(("Kantor", office_name(self._posko, change.office_code)))
        if change.added:
            facts.append(("Ikut masuk", _counted(change)))
        facts.append(("Baris data", text.thousands(change.records)))
        return facts

    def _fill(self, parts: Sequence[QWidget]) -> None:
        while item := self._inside.takeAt(0):
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        self.parts = list(parts)
        for part in parts:
            self._inside.addWidget(part)
        self._inside.addStretch(1)


def file_facts(posko: Posko, plan: ImportPlan, manifest: Manifest | None) -> list[Fact]:
    """Who sent what, when, and how many rows lead to what."""
    if manifest is None:
        return [("Berkas", plan.path.name), ("Keaslian", SIGNATURES[plan.signature])]
    part = f", bagian {manifest.part} dari {manifest.parts}" if manifest.parts > 1 else ""
    sender = text.clean(manifest.office_name) or office_name(posko, manifest.office)
    counts = ((plan.new, "baru"), (plan.updated, "diperbarui"), (plan.conflicts, "bentrok"),
              (plan.same, "sama"), (len(plan.rejected), "ditolak"))  # fmt: skip
    facts: list[Fact] = [
        ("Pengirim", f"{sender} ({manifest.office})"),
        ("Kiriman", f"{manifest.seq:03d}{part}" if manifest.seq else f"salinan{part}"),
        ("Dibuat", text.clean(manifest.made_local)),
        ("Berkas", plan.path.name),
        ("Baris data", ", ".join(f"{text.thousands(n)} {word}" for n, word in counts)),
        ("Usulan", f"{text.thousands(plan.proposals)} sel" if plan.proposals else "tidak ada"),
        ("Keaslian", SIGNATURES[plan.signature]),
        ("Sidik jari", " ".join(plan.fingerprint)),
    ]
    if plan.forked:
        facts.append(("Salinan ganda", "Folder kantor pengirim pernah disalin. Data diperiksa "
                      "lebih ketat; tidak ada yang hilang."))  # fmt: skip
    return facts


def _conflict_head(own: str, sender: str) -> QWidget:
    left = vbox(Text("Data kita", "label"), Text(own, "small", "text2", wrap=True))
    said = Text(sender or "dari kiriman ini", "small", "text2", wrap=True)
    right = vbox(Text("Data masuk", "label"), said, None)
    return box(_halves(left, right))


def _halves(left: QVBoxLayout, right: QVBoxLayout) -> QVBoxLayout:
    row = hbox(gap=8)
    row.addLayout(left, 1)
    row.addLayout(right, 1)
    return vbox(row)


def _field_change(change: FieldChange) -> QWidget:
    head = hbox(Text(change.field, "strong"), Text(change.record, "small", "text2"), None)
    before = change.before or "(kosong)"
    after = change.after or "(kosong)"
    return box(vbox(head, Text(f"{before}  →  {after}", wrap=True, select=True), gap=2))


def _counted(change: CaseChange) -> str:
    return ", ".join(f"{text.thousands(count)} {noun}" for noun, count in change.added.items())
