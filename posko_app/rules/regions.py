"""The regions of Indonesia with their Kemendagri codes, from province to village.

The table comes from the public collection idn-area-data (data under ODbL, see the notice in
`resources/regions`). Villages are unpacked only when something asks for one.
"""

from __future__ import annotations

import lzma
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Literal

from posko_app.paths import resource
from posko_app.text import fold

Level = Literal["provinsi", "kabupaten", "kecamatan", "desa"]
_LEVELS: dict[int, Level] = {2: "provinsi", 5: "kabupaten", 8: "kecamatan", 13: "desa"}
_FIRST_CITY = 71  # kota have numbers from here on


@dataclass(frozen=True)
class Region:
    """One region: its dotted code, its name as in the table, its level."""

    code: str
    name: str
    level: Level

    @property
    def parent(self) -> str:
        """The code one level up; empty for a province."""
        return self.code.rpartition(".")[0]

    @property
    def is_city(self) -> bool:
        """Whether a region of level kabupaten is a kota."""
        return self.level == "kabupaten" and int(self.code[3:5]) >= _FIRST_CITY

    @property
    def is_urban_village(self) -> bool:
        """Whether a region of level desa is a kelurahan: its last group starts with 1."""
        return self.level == "desa" and self.code[9] == "1"


def dotted(code: str) -> str:
    """A code with its dots, whether it came with them or not: `6210012001` -> `62.10.01.2001`."""
    digits = "".join(char for char in code if char.isdecimal())
    parts = [digits[0:2], digits[2:4], digits[4:6], digits[6:10]]
    return ".".join(part for part in parts if part)


class Regions:
    """All regions; look-ups above the village never read the villages."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, code: str) -> Region | None:
        """The region with a code, dotted or not; None when there is none."""
        wanted = dotted(code)
        level = _LEVELS.get(len(wanted))
        if level is None:
            return None
        table = self._villages if level == "desa" else self._upper
        name = table.get(wanted)
        return Region(wanted, name, level) if name is not None else None

    def children(self, code: str = "") -> tuple[Region, ...]:
        """The regions directly below a code, by code; the provinces for an empty one."""
        wanted = dotted(code)
        if len(wanted) not in (0, 2, 5, 8):
            return ()
        below = self._villages_of if len(wanted) == 8 else self._below
        level = _LEVELS[{0: 2, 2: 5, 5: 8, 8: 13}[len(wanted)]]
        table = self._villages if len(wanted) == 8 else self._upper
        return tuple(Region(c, table[c], level) for c in below.get(wanted, ()))

    def path(self, code: str) -> tuple[Region, ...]:
        """A region and those above it, the province first; empty for an unknown code."""
        found = []
        region = self.get(code)
        while region:
            found.append(region)
            region = self.get(region.parent)
        return tuple(reversed(found))

    def search(
        self, text: str, level: str = "", under: str = "", limit: int = 50
    ) -> tuple[Region, ...]:
        """Regions whose name or code begins with, or else contains, what was typed.

        Villages are searched only when `level` is `desa`. The best matches come first.
        """
        typed, code = fold(text), text.strip()
        above = dotted(under)
        villages = level == "desa"
        names = self._folded_villages if villages else self._folded
        table = self._villages if villages else self._upper
        found: list[tuple[int, str, str]] = []
        for key, name in names.items():
            if level and _LEVELS[len(key)] != level:
                continue
            if above and not key.startswith(above + "."):
                continue
            rank = _rank(typed, code, name, key)
            if rank is not None:
                found.append((rank, name, key))
        found.sort()
        return tuple(Region(key, table[key], _LEVELS[len(key)]) for _, _, key in found[:limit])

    @cached_property
    def _upper(self) -> dict[str, str]:
        lines = (self._folder / "upper.tsv").read_text("utf-8").splitlines()
        return dict(line.split("\t", 1) for line in lines)

    @cached_property
    def _villages(self) -> dict[str, str]:
        packed = (self._folder / "villages.tsv.xz").read_bytes()
        found: dict[str, str] = {}
        parent = ""
        for line in lzma.decompress(packed).decode("utf-8").splitlines():
            number, tab, name = line.partition("\t")
            if tab:
                found[f"{parent}.{number}"] = name
            else:
                parent = number
        return found

    @cached_property
    def _below(self) -> dict[str, list[str]]:
        return _by_parent(self._upper)

    @cached_property
    def _villages_of(self) -> dict[str, list[str]]:
        return _by_parent(self._villages)

    @cached_property
    def _folded(self) -> dict[str, str]:
        return {code: fold(name) for code, name in self._upper.items()}

    @cached_property
    def _folded_villages(self) -> dict[str, str]:
        return {code: fold(name) for code, name in self._villages.items()}


def _by_parent(table: dict[str, str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for code in table:
        found.setdefault(code.rpartition(".")[0], []).append(code)
    return found


def _rank(typed: str, code: str, name: str, key: str) -> int | None:
    """How well a region matches, 0 best; None when it does not."""
    if code and key.startswith(code):
        return 0
    if not typed:
        return 3
    bare = name.removeprefix("kabupaten ").removeprefix("kota ")
    if name.startswith(typed) or bare.startswith(typed):
        return 1
    return 2 if typed in name else None


@cache
def load_regions(folder: Path | None = None) -> Regions:
    """The regions that come with the program; reading waits for the first look-up."""
    return Regions(folder or resource("regions"))
