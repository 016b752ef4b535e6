"""What a command answers: one document for programs, a few lines for people."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TextIO


@dataclass(frozen=True)
class Answer:
    """The result of a command; `code` is 1 when the user must still act."""

    data: Mapping[str, Any]
    lines: Sequence[str] = ()
    code: int = 0
    sentence: str = ""  # for standard error when `code` is 1


def document(data: Mapping[str, Any]) -> str:
    """The JSON document on standard output."""
    plain = (getattr(sys.stdout, "encoding", "") or "").lower().replace("-", "") != "utf8"
    return json.dumps(data, ensure_ascii=plain, indent=2)


def write(text: str, to: TextIO) -> None:
    """One text and a line end; letters the terminal cannot show become question marks."""
    encoding = getattr(to, "encoding", "") or "utf-8"
    to.write(text.encode(encoding, "replace").decode(encoding) + "\n")


def table(headings: Sequence[str], rows: Sequence[Sequence[str]], widest: int = 48) -> list[str]:
    """Rows under headings, columns lined up, long texts cut at `widest` letters."""
    cells = [[_short(cell, widest) for cell in row] for row in rows]
    widths = [
        max(len(row[column]) for row in (headings, *cells)) for column in range(len(headings))
    ]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in (headings, ["-" * width for width in widths], *cells)
    ]


def fields(rows: Sequence[tuple[str, str]]) -> list[str]:
    """Named values below each other; empty ones are left out."""
    shown = [(name, value) for name, value in rows if value]
    width = max((len(name) for name, _ in shown), default=0)
    return [f"{name.ljust(width)}  {value}" for name, value in shown]


def _short(text: str, widest: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= widest else line[: widest - 1] + "…"
