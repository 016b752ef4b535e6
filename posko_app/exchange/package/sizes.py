"""How big a part may be and what is read of one, from the data file of packages."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from posko_app.paths import resource


@dataclass(frozen=True)
class PartSize:
    """A size people choose, by the way the parts go: `label` and `hint` are for the window."""

    key: str
    label: str
    hint: str
    bytes: int


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """The most that is read of one part, in bytes; `ratio` is unpacked to packed.

    A list of more bytes or brackets is not even looked into: its sender is not known yet.
    """

    entries: int
    directory_bytes: int
    list_bytes: int
    list_brackets: int
    manifest_bytes: int
    tag_bytes: int
    ratio: int
    ratio_from: int


def load_sizes(path: Path) -> tuple[tuple[PartSize, ...], Bounds]:
    """Read the data file; TypeError or KeyError for one that is not complete."""
    data = tomllib.loads(path.read_text("utf-8"))
    sizes = tuple(PartSize(key, **values) for key, values in data["sizes"].items())
    return sizes, Bounds(**data["read"])


@cache
def _shipped() -> tuple[tuple[PartSize, ...], Bounds]:
    return load_sizes(resource("exchange", "packages.toml"))


def part_sizes() -> tuple[PartSize, ...]:
    """The sizes to choose from, the smallest first."""
    return _shipped()[0]


def part_size(key: str) -> PartSize:
    """One of the sizes. Raises KeyError."""
    return {size.key: size for size in part_sizes()}[key]


def bounds() -> Bounds:
    """The shipped limits for reading."""
    return _shipped()[1]
