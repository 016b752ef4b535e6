"""What a filled workbook asks to be taken in: each row with the rows that belong to it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from posko_app.app import Posko
from posko_app.exchange.intake_layout import ALONE, DETAILS, MAIN, intake_layout
from posko_app.security.tokens import identity_tokens

from .held import HeldPerson
from .lines import FilledBook, Line, Wrong

Verdict = Literal["new", "again", "wrong"]


@dataclass
class Entry:
    """One thing to take in; `main` is the row it is known by."""

    main: Line
    details: dict[str, list[Line]] = field(default_factory=dict)
    copies: list[Line] = field(default_factory=list)  # rows that stand twice
    held: list[HeldPerson] = field(default_factory=list)  # in no row of this file any more
    content: str = ""
    shown: str = ""  # the same by what stands in the file, without identities that stayed here
    verdict: Verdict = "new"
    wrong: list[Wrong] = field(default_factory=list)
    uid: str = ""  # of what it became, now or earlier
    number: str = ""
    title: str = ""
    twin: int = 0  # row of this file that says the same
    owner: str = ""  # uid of the case that a row is added to which came after it
    warnings: tuple[str, ...] = ()

    @property
    def part(self) -> str:
        """What it is."""
        return self.main.sheet.part

    @property
    def lines(self) -> Iterator[Line]:
        """All its rows, the main one first."""
        yield self.main
        for part in DETAILS:
            yield from self.details.get(part, ())

    @property
    def form_key(self) -> str:
        """What its held identities are known by within its workbook."""
        return self.main.key or f"#{self.main.link}"

    @property
    def waits(self) -> str:
        """Which rows a report that is right itself waits for; empty when it does not wait."""
        own = (self.main.sheet.name, self.main.row)
        places = dict.fromkeys((wrong.sheet, wrong.row) for wrong in self.wrong)
        if self.verdict != "wrong" or self.part not in MAIN or not places or own in places:
            return ""
        named = ", ".join(f"{sheet} baris {row}" for sheet, row in places)
        return f"{own[0]} baris {own[1]} belum masuk karena {named} perlu diperbaiki."

    def refuse(self, wrong: Sequence[Wrong]) -> None:
        """Note that it cannot be taken in, and why."""
        self.verdict = "wrong"
        self.wrong += [w for w in wrong if w not in self.wrong]


def tie(filled: FilledBook) -> list[Entry]:
    """The rows of all sheets by their running number; what belongs nowhere stands for itself."""
    entries: list[Entry] = []
    by_link: dict[str, Entry] = {}
    for part in MAIN:
        for line in filled.lines[part]:
            entry = Entry(line)
            entries.append(entry)
            if not line.link:
                continue
            first = by_link.setdefault(line.link, entry)
            if first is entry:
                continue
            if first.main.says(line):
                first.copies.append(line)
                entries.remove(entry)
                continue
            for each in (first.main, line):
                each.note("link", f"No. isian {line.link} dipakai dua kali. Beri nomor lain.")
    for part in DETAILS:
        for line in filled.lines[part]:
            owner = by_link.get(line.link)
            if owner is None:
                if line.link:
                    line.note("link", _no_owner(line))
                entries.append(Entry(line))
                continue
            kept = owner.details.setdefault(part, [])
            if any(line.key and line.key == each.key and each.says(line) for each in kept):
                owner.copies.append(line)
                continue
            if part == "reporter" and kept:
                said = f"Laporan {line.link} sudah punya pelapor. Satu laporan satu pelapor."
                line.note("link", said)
            kept.append(line)
    entries += [Entry(line) for part in ALONE for line in filled.lines[part]]
    return entries


def _no_owner(line: Line) -> str:
    names = [intake_layout().sheet(part).name for part in MAIN]
    where = f"{', '.join(names[:-1])}, atau {names[-1]}"
    return f"No. isian {line.link} tidak ada di lembar {where}. Tulis nomor perkaranya bila lama."


def content_of(posko: Posko, entry: Entry, office: str) -> str:
    """What an entry says, as one value that any change in it changes; nobody can be read from it.

    The order of rows and columns and the running number do not count, and of the rows that belong
    to it only the reporter does. Work without a reporter is the same only when one office did it.
    """
    told = [_said(posko, line) for line in entry.details.get("reporter", ())]
    told += [_tokens(posko, p.values) for p in entry.held if p.part == "reporter"]
    return _hash(
        [entry.part, office if entry.part in ALONE else "", _said(posko, entry.main), told]
    )


def whole_of(posko: Posko, entry: Entry) -> str:
    """What an entry says together with every row that belongs to it."""
    lines = [[line.sheet.part, _said(posko, line)] for line in entry.lines]
    return _hash([entry.content, sorted(json.dumps(line, sort_keys=True) for line in lines[1:])])


def detail_of(posko: Posko, line: Line, uid: str) -> str:
    """What a row says that belongs to the case `uid`."""
    return _hash([line.sheet.part, uid, _said(posko, line)])


def _hash(said: Any) -> str:
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _said(posko: Posko, line: Line) -> Any:
    if line.sheet.identity:
        return _tokens(posko, {**line.typed, **line.values})
    said = {name: _plain(value) for name, value in line.values.items() if name != "link"}
    # what could not be read counts as it was typed: a row that is mended is another one
    return {**{k: v for k, v in line.typed.items() if k != "link"}, **said}


def _tokens(posko: Posko, values: dict[str, Any]) -> list[str]:
    key = posko.keys.identity or b""
    known = {name: str(values.get(name, "")) for name in ("name", "nik", "phone")}
    return sorted(identity_tokens(key, **known))


def _plain(value: Any) -> str:
    return value.name.casefold() if isinstance(value, Path) else str(value)
