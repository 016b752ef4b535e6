"""The blocks a letter is made of: plain typed data that knows nothing of PDF or TOML.

Every text is mark-up: values are escaped before they get here, and only the tags `<b>`, `<i>`,
`<u>` and `<br/>`, written by the author of a template, mean anything.
"""

from __future__ import annotations

import re
import types
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from functools import cache
from html import unescape
from typing import Any, Union, get_args, get_origin, get_type_hints


@dataclass(frozen=True, kw_only=True)
class Letterhead:
    """The office's own lines; a line without small letters is printed large and bold."""

    lines: tuple[str, ...]
    logo: str = ""  # key of a picture given to the renderer


@dataclass(frozen=True, kw_only=True)
class FormMark:
    """The line "Formulir Model …" in the upper right corner; nothing when the text is empty."""

    text: str


@dataclass(frozen=True, kw_only=True)
class Row:
    """A label and its value."""

    label: str
    value: str


@dataclass(frozen=True, kw_only=True)
class LetterOpening:
    """Nomor, Sifat, Lampiran and Hal on the left, place and date on the right; the addressee."""

    rows: tuple[Row, ...]
    place_date: str
    addressee: str = ""
    addressee_place: str = ""


@dataclass(frozen=True, kw_only=True)
class Heading:
    """A title in the middle of the page, with an optional line under it."""

    text: str
    under: str = ""


@dataclass(frozen=True, kw_only=True)
class FormFields:
    """Numbered label : value rows as on Formulir Model A.1; an empty value prints `empty`.

    `empty = "....."` draws a dotted line to write on.
    """

    rows: tuple[Row, ...]
    title: str = ""
    empty: str = "–"
    indent: bool = True


@dataclass(frozen=True, kw_only=True)
class Paragraph:
    """Justified text."""

    text: str
    indent: bool = False
    keep_with_next: bool = False


@dataclass(frozen=True, kw_only=True)
class Listing:
    """Items with a mark: `1` counts in digits, `a` in letters, `-` prints a dash."""

    items: tuple[str, ...]
    title: str = ""
    mark: str = "1"
    empty: str = ""


@dataclass(frozen=True, kw_only=True)
class Column:
    """One table column; widths are shares of the page, not millimetres."""

    heading: str
    width: float = 1.0
    align: str = "left"


@dataclass(frozen=True, kw_only=True)
class TableRow:
    """The cells of one table row."""

    cells: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Table:
    """A ruled table; its headings are repeated on every page, `empty` stands for no rows."""

    columns: tuple[Column, ...]
    rows: tuple[TableRow, ...]
    title: str = ""
    empty: str = ""


@dataclass(frozen=True, kw_only=True)
class Narrative:
    """Long text of several paragraphs that flows over pages."""

    text: str
    title: str = ""
    empty: str = "–"


@dataclass(frozen=True, kw_only=True)
class Signer:
    """One signature: `on_behalf` holds "a.n. …", `role` may begin with plh. or plt."""

    role: str
    name: str
    on_behalf: str = ""
    identity: str = ""
    place_date: str = ""


@dataclass(frozen=True, kw_only=True)
class Signatures:
    """One to three signatures side by side, never alone on a page."""

    signers: tuple[Signer, ...]


@dataclass(frozen=True, kw_only=True)
class CopyList:
    """Tembusan."""

    items: tuple[str, ...]
    title: str = "Tembusan:"


@dataclass(frozen=True, kw_only=True)
class TearOff:
    """A slip to cut off, kept together at the end of a page."""

    title: str
    rows: tuple[Row, ...] = ()
    text: str = ""


Block = (
    Letterhead
    | FormMark
    | LetterOpening
    | Heading
    | FormFields
    | Paragraph
    | Listing
    | Table
    | Narrative
    | Signatures
    | CopyList
    | TearOff
)

KINDS: dict[str, type[Any]] = {
    "letterhead": Letterhead,
    "form_mark": FormMark,
    "letter_head": LetterOpening,
    "heading": Heading,
    "form_fields": FormFields,
    "paragraph": Paragraph,
    "list": Listing,
    "table": Table,
    "narrative": Narrative,
    "signatures": Signatures,
    "cc": CopyList,
    "tear_off": TearOff,
}

_TAG = re.compile(r"</?[biu]>|<br/>")


def make_block(raw: Mapping[str, Any]) -> Block:
    """The typed block of a filled TOML table.

    Raises `ValueError` naming a kind or key that does not exist, or one that is missing.
    """
    kind = raw.get("kind")
    if kind not in KINDS:
        raise ValueError(f"unknown kind of block: {kind!r}")
    made: Block = _make(KINDS[kind], {k: v for k, v in raw.items() if k != "kind"}, str(kind))
    return made


def plain(text: str) -> str:
    """Mark-up as plain text: tags gone, `<br/>` a line break, entities resolved."""
    return unescape(_TAG.sub(lambda m: "\n" if m[0] == "<br/>" else "", text))


def as_text(blocks: Sequence[Block]) -> str:
    """The blocks as readable text: for comparing in tests and reading aloud, not for printing."""
    lines = "\n".join(_outline(block, 0) for block in blocks).split("\n")
    return "\n".join(line.rstrip() for line in lines) + "\n"


@cache
def _types(kind: type[Any]) -> dict[str, Any]:
    return get_type_hints(kind)


def _make(kind: type[Any], raw: Mapping[str, Any], where: str) -> Any:
    """An instance of the dataclass `kind`; keys are checked by name, values by type."""
    known = {f.name: f for f in fields(kind)}
    for key in raw:
        if key not in known:
            raise ValueError(f"{where}: unknown key {key!r}")
    given: dict[str, Any] = {}
    hints = _types(kind)  # type: ignore[arg-type]
    for name, field in known.items():
        if name in raw:
            given[name] = _convert(hints[name], raw[name], f"{where}.{name}")
        elif field.default is MISSING:
            raise ValueError(f"{where}: {name!r} is missing")
    return kind(**given)


def _convert(hint: Any, value: Any, where: str) -> Any:
    if get_origin(hint) is tuple:
        if isinstance(value, str) or not isinstance(value, Sequence):
            raise ValueError(f"{where}: a list is needed")
        return tuple(_convert(get_args(hint)[0], v, where) for v in value)
    if get_origin(hint) in (Union, types.UnionType):
        raise TypeError(f"{where}: blocks hold no unions")
    if hint is str and isinstance(value, Mapping) and value.keys() == {"text"}:
        value = value["text"]  # a repeated or conditional item in a list of texts
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if hint in (str, bool, float):
        if not isinstance(value, hint):
            raise ValueError(f"{where}: {hint.__name__} is needed, not {value!r}")
        return value
    if not isinstance(value, Mapping):
        raise ValueError(f"{where}: a table is needed, not {value!r}")
    return _make(hint, value, where)


_NAMES = {kind: name for name, kind in KINDS.items()}


def _outline(value: Any, depth: int) -> str:
    """One block or part of it, one line per text, nested parts indented."""
    pad = "    " * depth
    if isinstance(value, (Row, TableRow)):
        cells = value.cells if isinstance(value, TableRow) else (value.label, value.value)
        return pad + " | ".join(plain(c).replace("\n", " / ") for c in cells)
    lines = [f"{pad}[{_NAMES.get(type(value), type(value).__name__.lower())}]"]
    for field in fields(value):
        part = getattr(value, field.name)
        if part == field.default or part == ():
            continue
        if isinstance(part, tuple) and not isinstance(part[0], str):
            lines += [_outline(p, depth + 1) for p in part]
        else:
            for text in part if isinstance(part, tuple) else (part,):
                shown = plain(text) if isinstance(text, str) else str(text)
                lines += [f"{pad}    {field.name}: {line}" for line in shown.split("\n")]
    return "\n".join(lines)
