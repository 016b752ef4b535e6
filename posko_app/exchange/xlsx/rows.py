"""Rows and texts of a sheet, taken from its XML under strict rules."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache, partial
from typing import Literal, NamedTuple, TypeAlias

from posko_app.exchange.xlsx.feed import MAIN, plain_name
from posko_app.exchange.xlsx.limits import Limits
from posko_app.exchange.xlsx.parts import FORBIDDEN, column_letters
from posko_app.exchange.xlsx.refused import refused

Kind: TypeAlias = Literal["text", "number", "bool", "error"]

_KINDS: dict[str, Kind] = {"b": "bool", "e": "error", "n": "number"}
_TEXTS = ("inlineStr", "str", "d")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?")
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_MOST_COLUMNS = 16_384
_MOST_TAGS = 1000  # names remembered; a hostile file may invent any number


class Cell(NamedTuple):
    """A cell that holds something: column from 0, the value as the file gives it, and its kind.

    `formula` marks a value that a formula computed: it is shown to people, never taken in.
    """

    column: int
    value: str
    kind: Kind
    formula: bool


# as Cell(*values), but twice as fast: there may be millions
new_cell: Callable[[Iterable[object]], Cell] = partial(tuple.__new__, Cell)


class Row(NamedTuple):
    """A row that holds something, numbered from 1 as people see it."""

    number: int
    hidden: bool
    cells: tuple[Cell, ...]


def clean(text: str) -> str:
    """Text with its `_xHHHH_` escapes undone; ValueError for control and half characters.

    Tab and carriage return pass: people type and paste them.
    """
    if "_x" in text:
        text = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
        if any("\ud800" <= char <= "\udfff" for char in text):
            # two escapes may make one character; half of one raises UnicodeDecodeError
            text = text.encode("utf-16", "surrogatepass").decode("utf-16")
    if FORBIDDEN.search(text) and FORBIDDEN.search(text.replace("\t", " ").replace("\r", "\n")):
        raise ValueError("control character")
    return text


def _nothing(*_: object) -> None:
    """A tag that does not matter."""


class _Tags(dict[str, Callable[..., None]]):
    """What to do for a tag; names of the strict variant count as the usual ones."""

    def __init__(self, actions: dict[str, Callable[..., None]]) -> None:
        super().__init__((MAIN + name, action) for name, action in actions.items())

    def __missing__(self, name: str) -> Callable[..., None]:
        action = self.get(plain_name(name), _nothing)
        if len(self) < _MOST_TAGS:
            self[name] = action
        return action


class StringsParser:
    """Collects the shared strings; the phonetic hints of some languages are not part of them.

    A string that is not clean is None: only the cell that uses it can be named to people.
    """

    def __init__(self, limits: Limits, file: str) -> None:
        self.strings: list[str | None] = []
        self._limits, self._file = limits, file
        self._parts: list[str] = []
        self._size = 0
        self._taking = self._phonetic = False
        self._starts = _Tags({"t": self._start_text, "rPh": self._start_phonetic})
        self._ends = _Tags({"t": self._end_text, "rPh": self._end_phonetic, "si": self._end_string})

    def start(self, name: str, attrs: dict[str, str]) -> None:
        """A tag opens."""
        self._starts[name]()

    def text(self, data: str) -> None:
        """Text inside the open tags."""
        if self._taking:
            self._size += len(data)
            if self._size > self._limits.cell_read_chars:
                raise refused("long_text", self._file, "sebuah sel")
            self._parts.append(data)

    def end(self, name: str) -> None:
        """A tag closes."""
        self._ends[name]()

    def _start_text(self) -> None:
        self._taking = not self._phonetic

    def _end_text(self) -> None:
        self._taking = False

    def _start_phonetic(self) -> None:
        self._phonetic = True

    def _end_phonetic(self) -> None:
        self._phonetic = False

    def _end_string(self) -> None:
        if len(self.strings) >= self._limits.book_strings:
            raise refused("unsafe", self._file)
        try:
            self.strings.append(clean("".join(self._parts)))
        except ValueError:
            self.strings.append(None)
        self._parts.clear()
        self._size = 0


class SheetParser:
    """Collects rows; whoever feeds it takes them out of `done` between the steps."""

    def __init__(
        self, limits: Limits, file: str, sheet: str, strings: Callable[[], list[str | None]]
    ) -> None:
        self.done: list[Row] = []
        self.merged = self.seen = False
        self._limits, self._file, self._sheet, self._strings = limits, file, sheet, strings
        self._letters, self._columns = _all_columns()
        self._most_columns = limits.sheet_columns
        self._shared_texts: list[str | None] | None = None
        self._row = self._column = 0
        self._digits = ""
        self._hidden = self._in_row = self._in_cell = self._too_far = False
        self._cells: list[Cell] = []
        self._parts: list[str] = []
        self._size = self._values = 0
        self._kind = ""
        self._formula = self._taking = self._phonetic = False
        self._starts = _Tags(
            {
                "c": self._start_cell,
                "v": self._start_value,
                "t": self._start_text,
                "is": self._start_inline,
                "row": self._start_row,
                "f": self._start_formula,
                "rPh": self._start_phonetic,
                "sheetData": self._start_data,
                "mergeCell": self._start_merge,
            }
        )
        self._ends = _Tags(
            {
                "c": self._end_cell,
                "v": self._end_text,
                "t": self._end_text,
                "row": self._end_row,
                "rPh": self._end_phonetic,
            }
        )

    def start(self, name: str, attrs: dict[str, str]) -> None:
        """A tag opens."""
        self._starts[name](attrs)

    def text(self, data: str) -> None:
        """Text inside the open tags."""
        if self._taking:
            self._size += len(data)
            if self._size > self._limits.cell_read_chars:
                raise refused("long_text", self._file, self._place())
            self._parts.append(data)

    def end(self, name: str) -> None:
        """A tag closes."""
        self._ends[name]()

    # -- tags ------------------------------------------------------------------------------------

    def _start_data(self, attrs: dict[str, str]) -> None:
        if self.seen:
            raise ValueError("two sets of rows")
        self.seen = True

    def _start_merge(self, attrs: dict[str, str]) -> None:
        self.merged = True

    def _start_row(self, attrs: dict[str, str]) -> None:
        number = int(attrs["r"]) if "r" in attrs else self._row + 1
        if number <= self._row or self._in_row or not self.seen:
            raise refused("unsafe", self._file)
        self._row, self._digits, self._column = number, str(number), -1
        self._in_row = True
        self._too_far = number > self._limits.sheet_rows
        self._hidden = attrs.get("hidden", "0") in ("1", "true")

    def _start_cell(self, attrs: dict[str, str]) -> None:
        column = self._column + 1
        ref = attrs.get("r")
        # the usual case first: the cell after the one before
        if ref is not None and ref != self._letters[column] + self._digits:
            letters = ref.removesuffix(self._digits)
            column = self._columns.get(letters, -1) if letters != ref else -1
            if column <= self._column:
                raise refused("unsafe", self._file)
        if self._in_cell or not self._in_row:
            raise refused("unsafe", self._file)
        self._column = column
        self._kind = attrs.get("t", "n")
        self._in_cell, self._formula = True, False
        self._size = self._values = 0

    def _start_inline(self, attrs: dict[str, str]) -> None:
        self._values += 1
        if self._values > 1 or (self._in_cell and self._kind != "inlineStr"):
            raise refused("unsafe", self._file)

    def _start_value(self, attrs: dict[str, str]) -> None:
        self._values += 1
        if self._values > 1 or not self._in_cell or self._kind == "inlineStr":
            raise refused("unsafe", self._file)
        self._taking = True

    def _start_text(self, attrs: dict[str, str]) -> None:
        self._taking = self._in_cell and not self._phonetic

    def _start_formula(self, attrs: dict[str, str]) -> None:
        self._formula = True

    def _start_phonetic(self, attrs: dict[str, str]) -> None:
        self._phonetic = True

    def _end_text(self) -> None:
        self._taking = False

    def _end_phonetic(self) -> None:
        self._phonetic = False

    def _end_row(self) -> None:
        self._in_row = False
        if self._cells:
            self.done.append(Row(self._row, self._hidden, tuple(self._cells)))
            self._cells.clear()

    def _end_cell(self) -> None:
        self._in_cell = self._taking = False
        value = self._parts[0] if len(self._parts) == 1 else "".join(self._parts)
        self._parts.clear()
        if not value and not self._formula:
            return
        kind = self._kind
        if kind == "s":
            self._keep(self._shared(value), "text")
        elif kind in _TEXTS:
            self._keep(self._cleaned(value), "text")
        elif kind not in _KINDS:
            raise ValueError(f"a cell of kind {kind!r}")
        elif kind == "n" and not _NUMBER.fullmatch(value):
            self._keep(self._cleaned(value), "error" if value else "text")
        else:
            self._keep(self._cleaned(value), _KINDS[kind])

    # -- values ----------------------------------------------------------------------------------

    def _keep(self, value: str, kind: Kind) -> None:
        if not value and not self._formula:
            return
        # empty cells may lie anywhere: people format whole columns; full ones may not
        if self._too_far:
            raise refused("too_big", self._file, f"{self._limits.sheet_rows} baris")
        if self._column >= self._most_columns:
            raise refused("too_big", self._file, f"{self._most_columns} kolom")
        self._cells.append(new_cell((self._column, value, kind, self._formula)))

    def _cleaned(self, value: str) -> str:
        if "_x" not in value and not FORBIDDEN.search(value):
            return value
        try:
            return clean(value)
        except ValueError as error:
            raise refused("bad_text", self._file, self._place()) from error

    def _shared(self, index: str) -> str:
        texts = self._shared_texts
        if texts is None:
            texts = self._shared_texts = self._strings()
        if not index.isdecimal():
            raise ValueError("no shared string")
        text = texts[int(index)]
        if text is None:
            raise refused("bad_text", self._file, self._place())
        return text

    def _place(self) -> str:
        return f"sel {column_letters(max(self._column, 0))}{self._row} lembar {self._sheet}"


@cache
def _all_columns() -> tuple[list[str], dict[str, int]]:
    """The letters of every column a sheet can have, one more than there are, and their numbers."""
    letters = [column_letters(index) for index in range(_MOST_COLUMNS)]
    return [*letters, ""], {letter: index for index, letter in enumerate(letters)}
