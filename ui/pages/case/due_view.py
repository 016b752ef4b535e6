"""How a deadline was counted: every day, the rule behind it, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from posko_app import text
from posko_app.rules.deadlines import DayCount, Due
from ui import theme
from ui.widgets.icon import Icon
from ui.widgets.layout import ScrollColumn
from ui.widgets.text import Text, box, hairline, hbox, vbox

from .words import Words

MOST_DAYS = 10  # more than these scroll


def due_view(words: Words, dues: Sequence[Due]) -> QWidget:
    """The first deadline day by day, the others in a line each; ready for a popover."""
    first = dues[0]
    column = vbox(Text(first.label, "section"), gap=6)
    column.addWidget(Text(f"Dihitung {first.basis}.", "small", "text2", wrap=True))
    column.addWidget(_days(first.days))
    column.addWidget(Text(_limit(words, first), "strong", wrap=True))
    if first.owner:
        column.addWidget(Text(f"Batas ini milik {first.owner.lower()}.", "small", wrap=True))
    if first.safe_on < first.due_on:
        column.addWidget(_remark("attention", safe_line(first), "gold"))
    for remark in _remarks(words, first):
        column.addWidget(_remark("info", remark, "text2"))
    if len(dues) > 1:
        column.addWidget(hairline())
        column.addWidget(Text("Batas lain yang berjalan", "label", "text2"))
        for other in dues[1:]:
            said = f"{other.label}: {text.day_month(other.due_on)}"
            column.addWidget(Text(said, "small", wrap=True))
    made = box(column)
    made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    made.setAccessibleName(f"Hitungan batas {first.label}")
    return made


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
