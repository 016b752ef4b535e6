"""A month as a wall calendar: one landscape page, seven columns, what falls on each day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from reportlab.pdfgen.canvas import Canvas

from .fonts import family
from .lines import Line, break_lines
from .sheet import MM, PAPERS

FONT = "LiberationSans"
MARGIN = 10 * MM
HEAD = 15 * MM  # title and weekdays
FOOT = 7 * MM
SIZE = 8.0
NARROW = 6.8  # the size when a day is crowded
PAD = 2.6
NUMBER = 19.0  # the height of a day's number, and a little air below its entries


@dataclass(frozen=True, kw_only=True)
class Day:
    """One field: its number, why it is no working day, its entries; `<b>` is allowed."""

    number: int
    note: str = ""
    free: bool = False
    entries: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Month:
    """A page; `blank` fields come before the first day, a week begins on Monday."""

    title: str
    blank: int
    days: tuple[Day, ...]


def render_months(
    months: Sequence[Month], weekdays: Sequence[str], *, paper: str, title: str, footer: str
) -> bytes:
    """The PDF, one page per month. What does not fit on a day is counted at its foot."""
    high, wide = (side * MM for side in PAPERS[paper])
    out = BytesIO()
    canvas = Canvas(out, pagesize=(wide, high), pageCompression=1, invariant=1, lang="id-ID")
    canvas.setTitle(title)
    canvas.setCreator("Posko")
    canvas.setProducer("Posko")
    family(FONT)
    for month in months:
        _page(canvas, month, weekdays, (wide, high), footer)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _page(
    canvas: Any, month: Month, weekdays: Sequence[str], size: tuple[float, float], footer: str
) -> None:
    wide, high = size
    faces = family(FONT)
    canvas.setFillGray(0)
    canvas.setFont(faces.bold, 17)
    canvas.drawString(MARGIN, high - MARGIN - 13, month.title)
    canvas.setFont(faces.regular, SIZE)
    canvas.drawString(MARGIN, MARGIN - 1, footer)
    column = (wide - 2 * MARGIN) / 7
    top = high - MARGIN - HEAD
    tops = _tops(month, column, top, top - MARGIN - FOOT)
    canvas.setFont(faces.bold, 9)
    for at, word in enumerate(weekdays):
        canvas.drawString(MARGIN + at * column + PAD, top + 3.5, word)
    for at, day in enumerate(month.days):
        week, place = divmod(month.blank + at, 7)
        height = tops[week] - tops[week + 1]
        _day(canvas, day, MARGIN + place * column, tops[week], column, height)
    canvas.setStrokeGray(0.35)
    canvas.setLineWidth(0.5)
    for at in range(8):
        canvas.line(MARGIN + at * column, top, MARGIN + at * column, tops[-1])
    for y in tops:
        canvas.line(MARGIN, y, wide - MARGIN, y)


def _tops(month: Month, width: float, top: float, height: float) -> list[float]:
    """Where each week begins, and where the last one ends: crowded weeks take room of others."""
    weeks = -(-(month.blank + len(month.days)) // 7)
    least = height / (weeks * 2.2)
    needs = [least] * weeks
    for at, day in enumerate(month.days):
        week = (month.blank + at) // 7
        needs[week] = max(needs[week], NUMBER + _height(day.entries, width - 2 * PAD, NARROW))
    spare = height - sum(needs)
    if spare < 0:  # no page holds them all: each gives in proportion, down to the least
        flexible = sum(needs) - least * weeks
        needs = [need + spare * (need - least) / flexible for need in needs]
    else:
        needs = [need + spare / weeks for need in needs]
    tops = [top]
    for need in needs:
        tops.append(tops[-1] - need)
    return tops


def _height(entries: Sequence[str], width: float, size: float) -> float:
    faces = family(FONT)
    return sum(len(break_lines(entry, faces, size, width)) for entry in entries) * size * 1.14


def _day(canvas: Any, day: Day, x: float, top: float, width: float, height: float) -> None:
    faces = family(FONT)
    if day.free:
        canvas.setFillGray(0.92)
        canvas.rect(x, top - height, width, height, stroke=0, fill=1)
        canvas.setFillGray(0)
    canvas.setFont(faces.bold, 12)
    canvas.drawString(x + PAD, top - 12.5, str(day.number))
    if day.note:
        line = break_lines(day.note, faces, NARROW, width - 26)[0]
        _text(canvas, line, x + width - PAD - line.width, top - 9, NARROW)
    room = height - 18
    lines, size, left_out = _fitting(day.entries, width - 2 * PAD, room)
    y = top - 17 - size * 0.8
    for line in lines:
        _text(canvas, line, x + PAD, y, size)
        y -= size * 1.14
    if left_out:
        canvas.setFont(faces.bold, size)
        canvas.drawRightString(x + width - PAD, top - height + 3, f"+{left_out} lagi")


def _fitting(entries: Sequence[str], width: float, room: float) -> tuple[list[Line], float, int]:
    """The lines that fit, their size, and how many entries do not fit."""
    faces = family(FONT)
    for size in (SIZE, NARROW):
        broken = [break_lines(entry, faces, size, width) for entry in entries]
        if sum(len(lines) for lines in broken) * size * 1.14 <= room:
            return [line for lines in broken for line in lines], size, 0
    shown: list[Line] = []
    most = int((room - NARROW) / (NARROW * 1.14))  # the count of the rest needs a line too
    for at, lines in enumerate(broken):
        if len(shown) + len(lines) > most:
            return shown, NARROW, len(entries) - at
        shown += lines
    return shown, NARROW, 0


def _text(canvas: Any, line: Line, x: float, y: float, size: float) -> None:
    text = canvas.beginText(x, y)
    for run in line.runs:
        text.setFont(run.face, size)
        text.textOut(run.text)
    canvas.drawText(text)
