"""The head of a case: way back, number, title, chips, the clock, and the next step."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QFontMetrics,
    QGuiApplication,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from posko_app import text
from posko_app.rules.stages import Step
from ui import dialogs, icons, theme
from ui.case_words import working_day
from ui.widgets.buttons import IconButton, Link, SplitButton
from ui.widgets.chips import Chip, ChipLabel, chip_width, deadline_chip, paint_chip
from ui.widgets.icon import Icon
from ui.widgets.text import Elided, Text, box, hbox, vbox

from .due_view import DueView, safe_line
from .words import FILES, Words

MENU = (  # key, words and icon; a step is worded by the law of the case
    ("copy", "Salin nomor", "duplicate"),
    ("copy_register", "Salin nomor registrasi", "duplicate"),
    ("note", "", "message"),
    ("facts", "Betulkan isian", "edit"),
    ("reply", "Salin balasan WhatsApp", "send"),
    ("evidence", "Tambah bukti", "evidence"),
    ("letter", "Buat surat", "letter"),
    ("transferred", "", "send"),
    ("count", "Cetak cara hitung", "print"),
)


class ChipRow(QWidget):
    """Chips in one line and a grey remark after them; what finds no room is left out."""

    def __init__(self) -> None:
        super().__init__()
        self._chips: tuple[Chip, ...] = ()
        self._remark = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_chips(self, chips: Sequence[Chip], remark: str = "") -> None:
        """Show these chips and the remark."""
        self._chips, self._remark = tuple(chips), remark
        said = " · ".join([*(chip.text for chip in chips), *([remark] if remark else [])])
        self.setAccessibleName(said)
        self.setToolTip(said)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(200), theme.px(20))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        x = 0
        for chip in self._chips:
            room = self.width() - x
            if room < theme.px(40):
                break
            paint_chip(painter, chip, x, self.height() / 2, room)
            x += min(chip_width(chip), room) + 6
        x += 4 if self._chips else 0
        room = self.width() - x
        if self._remark and room > theme.px(60):
            font = theme.font("small")
            painter.setFont(font)
            painter.setPen(theme.color("text2"))
            cut = QFontMetrics(font).elidedText(self._remark, Qt.TextElideMode.ElideRight, room)
            area = QRectF(x, 0, room + 1, self.height())
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, cut)
        painter.end()


class Header(QWidget):
    """Number, title, clock and next step of one case."""

    list_wanted = Signal()
    step_wanted = Signal(str)  # kind of event
    case_wanted = Signal(int)  # 1 next, -1 previous
    act_wanted = Signal(str)  # key of MENU
    copied = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("strip")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._words: Words | None = None
        self.back = Link("Laporan", role="small")
        self._part = Text("Aktif", "small", "text2")
        self.number = Link("", role="small", tone="text", mono=True)
        self._place = Text("", "small", "text3")
        self.before = IconButton(
            "up", "Perkara sebelumnya", hint="Alt+PgUp", kind="flat", small=True
        )
        self.after = IconButton("down", "Perkara berikut", hint="Alt+PgDn", kind="flat", small=True)
        for button in (self.before, self.after):
            button.setFixedSize(theme.px(20), theme.px(18))
        self.title = Elided("", "case")
        self.chips = ChipRow()
        self.due_chip = ChipLabel()
        self._day = Text("", "strong")
        self._limit = Text("", "small", "text2")
        self.counted = Link("hitungan", role="small")
        self.next = SplitButton("", hint="Ctrl+Enter")
        self.more = IconButton("more", "Tindakan lain")
        self._more = QMenu(self)
        self._build()
        self._connect()

    def show_case(self, words: Words, order: Sequence[str], *, stage_chip: bool) -> None:
        """Show a case and its place in the list it was opened from."""
        self._words = words
        view = words.view
        self._part.setText("Selesai" if view.state.closed else "Aktif")
        for action in self._more.actions():
            if step := words.law.steps.get(action.data()):
                action.setText(step.label)
            if action.data() == "transferred":
                action.setText(f"{action.text()}…")
                action.setVisible(any(s.kind == "transferred" for s in view.state.next_steps))
        self.number.setText(view.facts.number or "tanpa nomor")
        self.number.updateGeometry()
        place = order.index(view.uid) if view.uid in order else -1
        several = place >= 0 and len(order) > 1
        self._place.setText(f"· {place + 1} dari {text.thousands(len(order))}" if several else "")
        self.before.setVisible(several)
        self.after.setVisible(several)
        self.before.setEnabled(place > 0)
        self.after.setEnabled(place < len(order) - 1)
        self.title.setText(view.facts.title or "Tanpa judul")
        self.show_chips(stage_chip)
        self._show_due(words)
        self._show_steps(words)
        self._fit_crumbs()

    def show_chips(self, stage_chip: bool) -> None:
        """Show the chips; with the stage among them where the stepper is folded away."""
        if (words := self._words) is None:
            return
        facts, state = words.view.facts, words.view.state
        chips = [Chip("Dibatalkan", "red", "close", facts.void_reason)] if facts.void_reason else []
        if words.view.origin_number:
            chips.append(Chip(f"Nomor asal {words.view.origin_number}"))
        if facts.theme:
            chips.append(Chip(words.label("allegation", facts.theme)))
        if stage_chip:
            chips.append(Chip(stage_words(words)))
        if state.register_number:
            chips.append(Chip(f"Reg. {state.register_number}"))
        if state.intake_kind != "report":
            chips.append(Chip(words.label("intake_kind", state.intake_kind)))
        self.chips.show_chips(chips, "" if stage_chip else f"Petugas: {words.officers()}")

    def open_counting(self) -> None:
        """Explain the clock under the word "hitungan"."""
        words = self._words
        if words is not None and words.view.dues:
            dialogs.popover(self.counted, DueView(words, words.view.dues), width=400)

    def copy_number(self) -> None:
        """Put the number on the clipboard."""
        if self._words is not None and self._words.view.facts.number:
            QGuiApplication.clipboard().setText(self._words.view.facts.number)
            self.copied.emit(f"Nomor {self._words.view.facts.number} disalin.")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_crumbs()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit_crumbs()  # only now the texts have the size they are drawn in

    def _fit_crumbs(self) -> None:
        """Leave out what can be missed where the number needs the room."""
        right = self._middle.sizeHint().width() + self._right.sizeHint().width()
        room = self.width() - right - theme.px(44) - 64
        room -= self.back.sizeHint().width() + self.number.sizeHint().width() + theme.px(40)
        place, part = (label.sizeHint().width() + 8 for label in (self._place, self._part))
        self._place.setVisible(room >= place)
        whole = room >= place + part + theme.px(16)
        self._part.setVisible(whole)
        self._mark.setVisible(whole)

    def _show_due(self, words: Words) -> None:
        dues = words.view.dues
        self.counted.setVisible(bool(dues))
        mine = bool(dues) and not dues[0].quiet  # quiet ones stand last
        self.due_chip.setVisible(mine)
        if dues and not mine:
            self.due_chip.set_chip(None)
            self._day.setText("Tanpa batas")
            self._limit.setText("Hanya batas pihak lain ·")
            self.counted.setText("hitungan")
            return
        if not dues:
            ended = words.view.state.closed_on
            self.due_chip.set_chip(None)
            self._day.setText(words.view.state.label if words.view.state.closed else "Tanpa batas")
            done = words.law.steps["closed"].done
            self._limit.setText(
                f"{done} {text.short_date(ended)}" if ended else "Tidak ada batas berjalan"
            )
            return
        first = dues[0]
        count = len(dues)
        self.counted.setText(f"hitungan {count} batas" if count > 1 else "hitungan")
        self.counted.updateGeometry()
        tip = f"{first.label}. {safe_line(first)}"
        counted_to = working_day(first.safe_on, first.due_on, words.today)  # as in the lists
        self.due_chip.set_chip(deadline_chip(counted_to, words.today, tooltip=tip))
        weekday, _, rest = text.full_date(first.due_on).partition(", ")
        self._day.setText(f"{weekday}, {rest.rpartition(' ')[0]}")
        if first.safe_on < first.due_on:
            said = f"Batas aman {text.day_month(first.safe_on)} ·"
        else:
            said = f"Batas pukul {words.limit(first)} ·"
        if first.owner:
            said = f"{first.owner}: {said[:1].lower()}{said[1:]}"
        self._limit.setText(said)

    def _show_steps(self, words: Words) -> None:
        steps: tuple[Step, ...] = words.view.state.next_steps
        self.next.setVisible(bool(steps))
        self.next.menu.clear()
        if not steps:
            return
        if words.waits_for_others:  # nothing is due here: what is left is to make the files again
            steps = (Step(FILES, "Buat berkas pelimpahan lagi"), *steps)
        self.next.set_text(steps[0].label, "Ctrl+Enter")
        self.next.main.set_why_disabled(words.why_not_step(steps[0].kind))
        self.next.main.setObjectName(steps[0].kind)
        others = [step for step in steps[1:] if not words.why_not_step(step.kind)]
        left = len(steps) - 1 - len(others)
        self.next.arrow.setVisible(len(steps) > 1)
        self.next.arrow.setEnabled(bool(others))
        for step in others:
            action = self.next.menu.addAction(step.label)
            action.setData(step.kind)
        if left and others:
            self.next.menu.addSeparator()
            self.next.menu.addAction(words.not_for_you(left)).setEnabled(False)

    def _build(self) -> None:
        self._mark = Icon("right", "text2", 12)
        crumbs = hbox(
            self.back, self._mark, self._part, Icon("right", "text2", 12), self.number,
            self._place, self.before, self.after, None, gap=4,
        )  # fmt: skip
        left = vbox(crumbs, self.title, self.chips, gap=3)
        self.title.setFixedHeight(theme.px(24))
        top = hbox(self.due_chip, self._day, None, gap=6)
        self._middle = box(vbox(None, top, 4, hbox(self._limit, self.counted, None, gap=4), None))
        self._middle.setMinimumWidth(theme.px(216))
        row = hbox(gap=16, margins=(16, 7, 16, 9))
        row.addLayout(left, 1)
        row.addWidget(self._middle)
        self._right = box(hbox(self.next, self.more))
        row.addWidget(self._right)
        self.setLayout(row)
        self.number.setToolTip("Klik untuk menyalin nomor")
        self.counted.setToolTip("Lihat hari demi hari")
        for key, label, icon in MENU:
            action = self._more.addAction(label)
            action.setData(key)
            action.setIcon(icons.icon(icon, "text2"))

    def _connect(self) -> None:
        self.back.clicked.connect(self.list_wanted)
        self.number.clicked.connect(self.copy_number)
        self.counted.clicked.connect(self.open_counting)
        self.next.clicked.connect(self._on_next)
        self.next.menu.triggered.connect(self._on_step)
        self.more.clicked.connect(self._on_more)
        self._more.triggered.connect(self._on_act)
        self.before.clicked.connect(self._on_before)
        self.after.clicked.connect(self._on_after)

    def _on_next(self) -> None:
        self.step_wanted.emit(self.next.main.objectName())

    def _on_step(self, action: QAction) -> None:
        self.step_wanted.emit(action.data())

    def _on_more(self) -> None:
        self._more.popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))

    def _on_act(self, action: QAction) -> None:
        key = action.data()
        if key == "copy":
            self.copy_number()
        elif key == "copy_register":
            self._copy_register()
        else:
            self.act_wanted.emit(key)

    def _copy_register(self) -> None:
        number = self._words.view.state.register_number if self._words else ""
        if number:
            QGuiApplication.clipboard().setText(number)
            self.copied.emit(f"Nomor registrasi {number} disalin.")

    def _on_before(self) -> None:
        self.case_wanted.emit(-1)

    def _on_after(self) -> None:
        self.case_wanted.emit(1)


def stage_words(words: Words) -> str:
    """The stage for a chip: `Tahap 5 · Klarifikasi`, or how the case ended."""
    state = words.view.state
    if state.closed:
        return state.label
    place = next((n for n, step in enumerate(state.steps, 1) if step.key == state.stage), 0)
    return f"Tahap {place} · {state.label}" if place else state.label
