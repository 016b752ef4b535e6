"""How a deadline was counted: every day, the rule behind it, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from posko_app import text
from posko_app.rules.deadlines import DayCount, Due
from ui import theme
from ui.widgets.buttons import Link
from ui.widgets.icon import Icon
from ui.widgets.layout import ScrollColumn
from ui.widgets.text import Text, box, hairline, hbox, vbox

from .words import Words

MOST_DAYS = 10  # more than these scroll


class DueView(QWidget):
    """One deadline day by day, and a link to the counting of each of the others."""

    def __init__(self, words: Words, dues: Sequence[Due]) -> None:
        super().__init__()
        self._words, self._dues = words, tuple(dues)
        self.current = 0
        self.links: list[Link] = []
        self._place = vbox()
        self.setLayout(self._place)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._show()

    def open_due(self, place: int) -> None:
        """Explain another of the deadlines; what shows it becomes as high as it needs."""
        self.current = place
        self._show()
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Make the small window around this as high as its wrapped texts need, on the screen."""
        around = self.parentWidget()
        layout = around.layout() if around is not None and around.isWindow() else None
        if around is None or layout is None:
            return
        layout.activate()
        around.resize(around.width(), layout.totalHeightForWidth(around.width()))
        screen = around.screen().availableGeometry()
        top = max(screen.top(), min(around.y(), screen.bottom() - around.height()))
        around.move(around.x(), top)

    def _show(self) -> None:
        while item := self._place.takeAt(0):
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        shown = self._dues[self.current]
        column = vbox(*_explained(self._words, shown), gap=6)
        self.links = []
        others = [n for n in range(len(self._dues)) if n != self.current]
        if others:
            column.addWidget(hairline())
            column.addWidget(Text("Batas lain yang berjalan", "label", "text2"))
        for place in others:
            link = Link(_in_a_line(self._dues[place]), role="small")
            link.setObjectName(str(place))
            link.setToolTip("Lihat hari demi hari")
            link.clicked.connect(self._on_link)
            self.links.append(link)
            column.addLayout(hbox(link, None))
        made = box(column)
        self._place.addWidget(made)
        made.show()  # a part that is not shown yet counts for nothing in the height
        self.setAccessibleName(f"Hitungan batas {shown.label}")

    def _on_link(self) -> None:
        self.open_due(int(self.sender().objectName()))


def _explained(words: Words, limit: Due) -> Iterator[QWidget]:
    """What the counting of one deadline says, from its name to its doubts."""
    yield Text(limit.label, "section", wrap=True)
    yield Text(f"Dihitung {limit.basis}.", "small", "text2", wrap=True)
    yield Text(f"Aturan: {limit.edition}.", "small", "text2", wrap=True)
    yield _days(limit.days)
    yield Text(_limit(words, limit), "strong", wrap=True)
    if limit.owner:
        yield Text(f"Batas ini milik {limit.owner.lower()}.", "small", wrap=True)
    if limit.safe_on < limit.due_on:
        yield _remark("attention", safe_line(limit), "gold")
    for remark in _remarks(words, limit):
        yield _remark("info", remark, "text2")


def _in_a_line(limit: Due) -> str:
    """A deadline as a link: its name and date, and the safe date when that is earlier."""
    said = f"{limit.label}: {text.day_month(limit.due_on)}"
    if limit.safe_on < limit.due_on:
        said = f"{said}, batas aman {text.day_month(limit.safe_on)}"
    return said


def safe_line(limit: Due) -> str:
    """The earliest date under the readings that are still open."""
    said = f"Batas aman: {text.full_date(limit.safe_on)}"
    return f"{said}, bila {limit.safe_why}." if limit.safe_why else f"{said}."


def _limit(words: Words, limit: Due) -> str:
    return f"Batas {text.full_date(limit.due_on)} pukul {words.limit(limit)}"


def _remarks(words: Words, limit: Due) -> list[str]:
    found = list(limit.warnings)
    if limit.confidence != "C":
        sure = words.label("confidence", limit.confidence)
        found.append(f"{sure}. Periksa pada naskah peraturannya.")
    return found


def _remark(icon: str, said: str, tone: str) -> QWidget:
    row = hbox(vbox(theme.px(1), Icon(icon, tone, 14), None), gap=6)
    words = Text(said, "small", tone, wrap=True)
    words.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
    row.addWidget(words, 1)
    return box(row)


def _days(days: Sequence[DayCount]) -> QWidget:
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(8)
    grid.setVerticalSpacing(2)
    grid.setColumnStretch(2, 1)
    for row, day in enumerate(days):
        mark = Icon("check" if day.counted else "minus", "green" if day.counted else "text3", 14)
        tone = "" if day.counted else "text2"
        date = Text(text.day_month(day.date), "small", tone)
        date.setMinimumWidth(theme.px(76))
        why = Text(day.why, "small", tone, wrap=True)
        grid.addWidget(mark, row, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(date, row, 1, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(why, row, 2)
    inner = box(grid, "surface")
    if len(days) <= MOST_DAYS:
        return inner
    area = ScrollColumn(inner)
    area.setFixedHeight(theme.px(20 * MOST_DAYS))
    return area
