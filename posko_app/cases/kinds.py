"""What is asked for each kind of intake, and what may become of it: `resources/intake.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from posko_app.paths import resource
from posko_app.rules.facts import INTAKE_KINDS

LISTS = ("reported", "witnesses", "evidence")
"""Sections of several people or things, each row with the same fields."""


@dataclass(frozen=True, kw_only=True)
class IntakeKind:
    """One kind of intake: the sections of its form with their fields, its words, its letter."""

    code: str
    tab: str
    title: str
    noun: str
    rule: str  # key of the deadline that the date known counts for; empty: none
    letter: str  # template printed once it is saved; empty: none
    enough: str  # said on the last days: with which answers it can be saved; empty: nothing
    picture: str  # what the picture of the reporter's card is called; empty: not asked
    statement: str  # what the reporter confirms; empty: nobody confirms
    read_to: str
    saved_by: str
    after: str
    sections: Mapping[str, str]  # section -> its title, in the order of the form
    items: Mapping[str, str]  # section -> what stands at the right of its title
    ask: Mapping[str, tuple[str, ...]]  # section -> keys of its fields, in order
    folded: frozenset[str]
    required: Mapping[str, str]  # field -> what is said while it is empty
    labels: Mapping[str, str]  # field -> another label
    hints: Mapping[str, str]  # field -> what stands beside its label instead
    examples: Mapping[str, str]  # field -> what stands in it while it is empty instead
    widths: Mapping[str, int]  # field -> another width, in twelfths of the form

    @property
    def demands(self) -> bool:
        """Whether the law's formal and material requirements are looked at."""
        return self.code == "report"

    def asks(self, key: str) -> bool:
        """Whether a field is asked; rows of lists are named without their place."""
        head, _, rest = key.partition(".")
        if head in LISTS:
            return rest.partition(".")[2] in self.ask.get(head, ()) or rest in self.ask.get(
                head, ()
            )
        return any(key in keys for keys in self.ask.values())

    def section_of(self, key: str) -> str:
        """The section that asks a field; the last one for what is not asked."""
        head = key.partition(".")[0]
        if head in LISTS and head in self.ask:
            return head
        for section, keys in self.ask.items():
            if key in keys:
                return section
        return "event" if "event" in self.ask else next(iter(self.ask))


@dataclass(frozen=True, kw_only=True)
class UpgradePath:
    """From one kind to another: `filed` "new" means that it counts as filed only then."""

    source: str
    target: str
    filed: Literal["new", "kept"]
    form: bool  # done by filling in the form of the new kind
    text: str


@dataclass(frozen=True)
class IntakeBook:
    """All kinds and paths, and from how many counted days left the last days are spoken of."""

    kinds: Mapping[str, IntakeKind]
    paths: tuple[UpgradePath, ...]
    days_left: int

    def paths_from(self, kind: str) -> tuple[UpgradePath, ...]:
        """What may become of a kind."""
        return tuple(path for path in self.paths if path.source == kind)

    def path(self, source: str, target: str) -> UpgradePath | None:
        """The path between two kinds, if there is one."""
        return next((p for p in self.paths_from(source) if p.target == target), None)


@cache
def intake_book(path: Path | None = None) -> IntakeBook:
    """The kinds that come with the program; raises ValueError for a mistake in the file."""
    file = path or resource("intake.toml")
    with file.open("rb") as stream:
        data = tomllib.load(stream)
    try:
        kinds = {code: _kind(code, entry) for code, entry in data["kind"].items()}
        paths = tuple(_path(entry) for entry in data["path"])
        return IntakeBook(MappingProxyType(kinds), paths, int(data["last_day"]["days_left"]))
    except (KeyError, TypeError) as error:
        raise ValueError(f"{file.name}: {error}") from error


def kind_of(code: str) -> IntakeKind:
    """One kind; a code of a newer version of the program is treated as a report."""
    known = intake_book().kinds
    return known.get(code, known["report"])


def person_word(code: str) -> str:
    """Whom something of a kind comes from: Pelapor, Penemu, Pengirim, Penanya."""
    sections = kind_of(code).sections
    return sections.get("reporter") or sections["finder"]


def check_resources() -> Iterator[str]:
    """What is wrong with the file, one sentence each; nothing when all is well."""
    try:
        book = intake_book()
    except (OSError, ValueError) as error:
        yield str(error)
        return
    for code in sorted(set(INTAKE_KINDS) ^ set(book.kinds)):
        yield f"intake.toml: kinds differ from those of the rules: {code}"
    for kind in book.kinds.values():
        yield from _mistakes(kind)
    for path in book.paths:
        if {path.source, path.target} - set(book.kinds):
            yield f"intake.toml: path {path.source} to {path.target} names an unknown kind"


def _mistakes(kind: IntakeKind) -> Iterator[str]:
    if set(kind.sections) != set(kind.ask):
        yield f"intake.toml: {kind.code} has sections without fields or without title"
    named = {*kind.folded, *kind.labels, *kind.required, *kind.hints, *kind.examples, *kind.widths}
    for key in sorted(key for key in named if not kind.asks(key)):
        yield f"intake.toml: {kind.code} speaks of {key} and does not ask it"


def _kind(code: str, entry: Mapping[str, Any]) -> IntakeKind:
    ask = {section: tuple(keys) for section, keys in entry["ask"].items()}
    texts = (
        *("tab", "title", "noun", "rule", "letter", "picture", "enough"),
        *("statement", "read_to", "saved_by", "after"),
    )
    return IntakeKind(
        code=code,
        **{name: str(entry[name]) for name in texts},
        sections=MappingProxyType(dict(entry["sections"])),
        items=MappingProxyType(dict(entry["items"])),
        ask=MappingProxyType(ask),
        folded=frozenset(entry["folded"]),
        required=MappingProxyType(dict(entry["required"])),
        labels=MappingProxyType(dict(entry.get("labels", {}))),
        hints=MappingProxyType(dict(entry.get("hints", {}))),
        examples=MappingProxyType(dict(entry.get("examples", {}))),
        widths=MappingProxyType(dict(entry.get("widths", {}))),
    )


def _path(entry: Mapping[str, Any]) -> UpgradePath:
    return UpgradePath(
        source=entry["from"],
        target=entry["to"],
        filed=entry["filed"],
        form=entry["form"],
        text=entry["text"],
    )
