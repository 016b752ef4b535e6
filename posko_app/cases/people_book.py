"""What likeness of names, places and days counts for: `resources/people.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from posko_app.paths import resource
from posko_app.spelling import spelled

WEIGHTS = (
    *("least", "nip", "name_same", "name_alike", "agency", "spot", "desa", "kelurahan"),
    *("kecamatan", "kabupaten", "near", "window", "undated", "theme"),
)
WORDS = (*("nip", "name_same", "name_alike", "agency", "spot", "desa", "kelurahan", "kecamatan"),)
LIMITS = ("looked_at", "shown", "cases", "group")


@dataclass(frozen=True)
class PeopleBook:
    """Days, weights, words and limits of likeness, and what in a name tells nobody apart."""

    near_days: int
    window_days: int
    distance: Mapping[str, str]  # together, before, after
    weight: Mapping[str, int]
    words: Mapping[str, str]
    limits: Mapping[str, int]
    titles: frozenset[str]
    degrees: frozenset[str]
    variants: Mapping[str, str]  # as they sound


@cache
def people_book(path: Path | None = None) -> PeopleBook:
    """The book that comes with the program; raises ValueError for a mistake in the file."""
    file = path or resource("people.toml")
    with file.open("rb") as stream:
        data = tomllib.load(stream)
    try:
        window, names = data["window"], data["names"]
        return PeopleBook(
            near_days=int(window["near_days"]),
            window_days=int(window["days"]),
            distance=_texts(window, ("together", "before", "after")),
            weight=MappingProxyType({key: int(data["weight"][key]) for key in WEIGHTS}),
            words=_texts(data["words"], WORDS),
            limits=MappingProxyType({key: int(data["limits"][key]) for key in LIMITS}),
            titles=frozenset(names["titles"]),
            degrees=frozenset(names["degrees"]),
            variants=MappingProxyType(
                {spelled(other): spelled(name) for other, name in names["variants"].items()}
            ),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{file.name}: {error}") from error


def check_resources() -> Iterator[str]:
    """What is wrong with the file, one sentence each; nothing when all is well."""
    try:
        book = people_book()
    except (OSError, ValueError) as error:
        yield str(error)
        return
    if book.near_days > book.window_days:
        yield "people.toml: window.near_days is more than window.days"
    for key, limit in book.limits.items():
        if limit < 1:
            yield f"people.toml: limits.{key} is less than 1"
    for key in ("before", "after"):
        if "{days}" not in book.distance[key]:
            yield f"people.toml: window.{key} does not say {{days}}"
    for word in sorted(book.titles & set(book.variants)):
        yield f"people.toml: {word} is a title and a name"


def _texts(table: Mapping[str, str], keys: tuple[str, ...]) -> Mapping[str, str]:
    return MappingProxyType({key: str(table[key]) for key in keys})
