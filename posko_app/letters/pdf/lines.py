"""Breaks mark-up into lines that fit a width; pure measuring, nothing is drawn."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

from .fonts import Family, unit_width

_MARKS = re.compile(r"(<br/>|</?[biu]>)")
_BREAK_AFTER = "/-.@,_"


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text in one face."""

    face: str
    text: str
    underlined: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its runs, its natural width in points, its spaces; `last` is never justified."""

    runs: tuple[Run, ...]
    width: float
    spaces: int
    last: bool


Word = list[Run]


def break_lines(
    markup: str, family: Family, size: float, width: float, first_indent: float = 0.0
) -> tuple[Line, ...]:
    """The lines of a text; a word longer than the width is cut, best after a sign such as `/`.

    An empty text is one empty line.
    """
    lines: list[Line] = []
    room = width - first_indent
    for words in _hard_lines(markup, family):
        taken: list[Word] = []
        used = 0.0
        for word in words:
            for part in _fitting(word, size, width):
                long = _width(part, size)
                gap = unit_width(part[0].face, " ") * size if taken else 0.0
                if taken and used + gap + long > room + 0.01:
                    head, part = _at_hyphen(part, size, room - used - gap)
                    if head:
                        taken.append(head)
                        used += gap + _width(head, size)
                        long = _width(part, size)
                    lines.append(_line(taken, used, last=False))
                    taken, used, gap, room = [], 0.0, 0.0, width
                taken.append(part)
                used += gap + long
        lines.append(_line(taken, used, last=True))
        room = width
    return tuple(lines)


def _hard_lines(markup: str, family: Family) -> Iterator[list[Word]]:
    """The words of each line between `<br/>`."""
    words: list[Word] = []
    fresh = True  # the next text begins a new word
    on = {"b": False, "i": False, "u": False}
    for part in _MARKS.split(markup) if "<" in markup else (markup,):
        if part == "<br/>":
            yield words
            words, fresh = [], True
        elif _MARKS.fullmatch(part):
            on[part.strip("</>")] = not part.startswith("</")
        elif part:
            face = family.face(on["b"], on["i"])
            text = unescape(part) if "&" in part else part
            for at, token in enumerate(text.split(" ")):
                fresh = fresh or at > 0
                if token:
                    run = Run(face, token, on["u"])
                    if fresh:
                        words.append([run])
                    else:
                        words[-1].append(run)
                    fresh = False
    yield words


def _width(word: Word, size: float) -> float:
    return sum(unit_width(run.face, run.text) for run in word) * size


def _fitting(word: Word, size: float, width: float) -> Iterator[Word]:
    """The word itself, or its pieces when it is wider than a whole line."""
    if _width(word, size) <= width:
        yield word
        return
    piece: Word = []
    left = width
    for run in word:
        text = run.text
        while text:
            count = _fit(run.face, text, size, left)
            if count == 0 and piece:
                yield piece
                piece, left = [], width
                continue
            head, text = text[: max(count, 1)], text[max(count, 1) :]
            piece.append(Run(run.face, head, run.underlined))
            left -= unit_width(run.face, head) * size
            if text:
                yield piece
                piece, left = [], width
    if piece:
        yield piece


def _at_hyphen(word: Word, size: float, room: float) -> tuple[Word, Word]:
    """The part of a compound word (perundang-undangan) that still fits, and the rest."""
    if len(word) == 1 and "-" in word[0].text:
        run = word[0]
        for at in range(len(run.text) - 1, 0, -1):
            head, tail = run.text[:at], run.text[at:]
            # Numbers and codes (KH-05, 2024-10) stay whole.
            compound = head[-1] == "-" and head[-2:-1].isalpha() and tail[0].isalpha()
            if compound and unit_width(run.face, head) * size <= room:
                left = [Run(run.face, head, run.underlined)]
                return left, [Run(run.face, tail, run.underlined)]
    return [], word


def _fit(face: str, text: str, size: float, width: float) -> int:
    """How many characters fit, going back to a sign after which one may break."""
    used, count = 0.0, 0
    for char in text:
        used += unit_width(face, char) * size
        if used > width + 0.01:
            break
        count += 1
    if count == len(text):
        return count
    for at in range(count, count // 2, -1):
        if text[at - 1] in _BREAK_AFTER:
            return at
    return count


def _line(words: list[Word], width: float, *, last: bool) -> Line:
    """Words joined by spaces; neighbours in the same face become one run."""
    runs: list[Run] = []
    spaces = 0
    for at, word in enumerate(words):
        for piece, run in enumerate(word):
            lead = " " if at and not piece else ""
            spaces += len(lead) + run.text.count("\xa0")
            before = runs[-1] if runs else None
            if before and before.face == run.face and before.underlined == run.underlined:
                runs[-1] = Run(run.face, before.text + lead + run.text, run.underlined)
            elif lead and before and before.underlined and not run.underlined:
                runs.append(Run(run.face, lead + run.text))
            elif lead and before:
                runs[-1] = Run(before.face, before.text + lead, before.underlined)
                runs.append(run)
            else:
                runs.append(run)
    return Line(tuple(runs), width, spaces, last)
