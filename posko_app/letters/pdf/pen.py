"""Draws on one page: its text as one text object, rules straight on the canvas."""

from __future__ import annotations

from typing import Any

from .fonts import unit_width
from .lines import Line


class Pen:
    """What a strip draws with; y counts upwards from the bottom of the page, in points."""

    def __init__(self, canvas: Any) -> None:
        self.canvas = canvas
        self._text = canvas.beginText()
        self._font: tuple[str, float] = ("", 0.0)
        self._space = 0.0

    def text(
        self, line: Line, x: float, y: float, size: float, width: float, align: str = "left"
    ) -> None:
        """One line of text with its base line at y, placed within `width`."""
        space = 0.0
        if align == "justify" and not line.last and line.spaces:
            space = (width - line.width) / line.spaces
        elif align == "center":
            x += (width - line.width) / 2
        elif align == "right":
            x += width - line.width
        out = self._text
        out.setTextOrigin(x, y)
        if space != self._space:
            out.setWordSpace(space)
            self._space = space
        for run in line.runs:
            if self._font != (run.face, size):
                out.setFont(run.face, size)
                self._font = (run.face, size)
            # The private twin of textOut: it does not measure the text a second time.
            out._textOut(run.text)
        if any(run.underlined for run in line.runs):
            self._underline(line, x, y, size, space)

    def rule(self, x: float, y: float, width: float, thickness: float = 0.5) -> None:
        """A horizontal line."""
        self.canvas.setLineWidth(thickness)
        self.canvas.line(x, y, x + width, y)

    def post(self, x: float, top: float, bottom: float, thickness: float = 0.5) -> None:
        """A vertical line."""
        self.canvas.setLineWidth(thickness)
        self.canvas.line(x, top, x, bottom)

    def dotted(self, x: float, y: float, width: float) -> None:
        """A dotted line to write on."""
        self.canvas.saveState()
        self.canvas.setDash(0.6, 1.8)
        self.rule(x, y, width, 0.6)
        self.canvas.restoreState()

    def finish(self) -> None:
        """Put the page's text on it."""
        self.canvas.drawText(self._text)

    def _underline(self, line: Line, x: float, y: float, size: float, space: float) -> None:
        for run in line.runs:
            extra = space * (run.text.count(" ") + run.text.count("\xa0"))
            wide = unit_width(run.face, run.text) * size + extra
            if run.underlined:
                self.rule(x, y - size * 0.12, wide, size * 0.05)
            x += wide
