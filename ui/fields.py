"""How a form is described: one `Field` per question, and what was understood of an answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from posko_app import text as words
from posko_app.rules import identity

Choices = Sequence[tuple[str, str]]  # (code, label)


@dataclass(frozen=True)
class Parsed:
    """An answer as understood: its value, or the error; `note` says in green what was read.

    `shown` replaces what was typed when the field is left (grouped digits, a full date).
    """

    value: Any = None
    error: str = ""
    note: str = ""
    shown: str | None = None
    doubt: bool = False  # the note is a warning: gold instead of green


Parser = Callable[[str], Parsed]


@dataclass(frozen=True, kw_only=True)
class Field:
    """One question of a form.

    `kind`: text, multiline, date, time, phone, nik, nip, combo, region, check or password.
    `width` in twelfths of the form. `hint` stands beside the label ("bila ASN"), `help` below the
    field. `optional` writes "boleh kosong"; a required field says `missing` when it is empty.
    `choices` are (code, label); `search` gives them for what was typed (long lists).
    """

    key: str
    label: str
    kind: str = "text"
    width: int = 12
    hint: str = ""
    help: str = ""
    placeholder: str = ""
    optional: bool = False
    missing: str = ""
    choices: Choices = ()
    search: Callable[[str], Choices] | None = None
    free: bool = False  # a combo that also takes what is not in its list
    show_code: bool = False  # codes at the right of the choices
    parse: Parser | None = None
    lines: int = 3
    mono: bool = False
    read_only: bool = False
    live: bool = False  # says with every stroke what is understood
    bare: bool = False  # without its label: the heading of the list above says it

    @property
    def beside(self) -> str:
        """What stands beside the label."""
        return self.hint or ("boleh kosong" if self.optional else "")

    def when_missing(self) -> str:
        """The sentence for a required field left empty."""
        return self.missing or f"Isi {self.label[:1].lower()}{self.label[1:]}."


def parser_for(field: Field, today: date) -> Parser:
    """The parser of a field: its own, or that of its kind."""
    if field.parse is not None:
        return field.parse
    if field.kind == "date":
        return lambda text: read_date(text, today)
    if field.kind == "time":
        return read_time
    if field.kind in ("nik", "nip", "phone"):
        return lambda text: read_number(field.kind, text, today)
    return read_text


def read_text(text: str) -> Parsed:
    """Text as it is stored."""
    return Parsed(words.clean(text))


def read_date(text: str, today: date) -> Parsed:
    """A date typed in any of the usual ways."""
    if not text.strip():
        return Parsed()
    try:
        day = words.parse_date(text, today)
    except ValueError as error:
        return Parsed(error=str(error))
    return Parsed(day, shown=words.numeric_date(day))


def read_time(text: str) -> Parsed:
    """A time of day typed in any of the usual ways."""
    if not text.strip():
        return Parsed()
    try:
        moment = words.parse_time(text)
    except ValueError as error:
        return Parsed(error=str(error))
    return Parsed(moment, shown=words.clock(moment))


def read_number(kind: str, text: str, today: date) -> Parsed:
    """A NIK, NIP or phone number; the value is its digits, the note what was read in it."""
    if not text.strip():
        return Parsed("")
    if kind == "nik":
        read: identity.Nik | identity.Nip | identity.Phone = identity.parse_nik(text, today)
    elif kind == "nip":
        read = identity.parse_nip(text)
    else:
        read = identity.parse_phone(text)
    if read.errors:
        return Parsed(read.value, error=" ".join(read.errors))
    note = " ".join(read.warnings) or what_was_read(read)
    return Parsed(read.value, note=note, shown=read.grouped, doubt=bool(read.warnings))


def what_was_read(read: identity.Nik | identity.Nip | identity.Phone) -> str:
    """Sex, birth and start of service: "Laki-laki · lahir 12-04-1986 · CPNS 01-2010"."""
    if isinstance(read, identity.Phone):
        return ""
    parts = [{"male": "Laki-laki", "female": "Perempuan"}.get(read.sex, "")]
    if read.birth:
        parts.append(f"lahir {words.numeric_date(read.birth)}")
    if isinstance(read, identity.Nip) and read.tmt:
        start = f"CPNS {read.tmt:%m-%Y}" if read.kind == "pns" else f"PPPK {read.tmt:%Y}"
        parts.append(start)
    return " · ".join(part for part in parts if part)
