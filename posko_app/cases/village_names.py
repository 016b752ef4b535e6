"""Villages found by names as people write them: prefixes, old spelling, a slip of the pen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

from posko_app.app import Posko
from posko_app.spelling import distance, spelled
from posko_app.text import fold

from .coverage import Village, villages_of
from .prevention_words import prevention_words

NEAR = 1  # slips that a name of a village may hold and still be meant
SHORTEST_NEAR = 5  # letters


class VillageNames:
    """Finds villages by names as people write them: prefixes, old spelling, a slip of the pen."""

    def __init__(self, posko: Posko, under: str = "") -> None:
        self._words = prevention_words()
        self._by_name: dict[str, list[Village]] = {}
        self._by_code: dict[str, Village] = {}
        for village in villages_of(posko, under):
            self._by_name.setdefault(self.key(village.name), []).append(village)
            self._by_code[village.code] = village
        self._told: dict[tuple[str, str], tuple[Village | None, str, bool]] = {}
        self._loose: dict[str, list[Village]] = {}
        for name, found in self._by_name.items():
            self._loose.setdefault(_sound(name), []).extend(found)

    def key(self, name: str) -> str:
        """A name without what stands before it on lists."""
        words = fold(name).split()
        while len(words) > 1 and words[0] in self._words.prefixes:
            words.pop(0)
        return " ".join(words)

    def find(self, name: str, subdistrict: str = "") -> tuple[Village | None, str, bool]:
        """The village of a name; what to say of it; whether that is a problem or only a doubt."""
        asked = (name, subdistrict)
        if asked not in self._told:  # a list is read again with every answer
            self._told[asked] = self._find(name, subdistrict)
        return self._told[asked]

    def _find(self, name: str, subdistrict: str) -> tuple[Village | None, str, bool]:
        bare = "".join(name.split())
        if bare.replace(".", "").isdigit():
            by_code = self._by_code.get(bare) or self._by_code.get(_dotted(bare))
            return by_code, "" if by_code else f"Kode {name} bukan desa di wilayah ini.", True
        wanted = self.key(name)
        here = self._within(self._by_name.get(wanted, []), subdistrict)
        doubt = False
        if not here:
            here, doubt = self._within(self._loose.get(_sound(wanted), []), subdistrict), True
        if not here:
            alike = [known for known in self._by_name if near(known, wanted)]
            here = self._within([v for known in alike for v in self._by_name[known]], subdistrict)
        if len(here) == 1:
            found = here[0]
            said = f"“{name}” dibaca sebagai {found.name}, Kecamatan {found.subdistrict}."
            return found, said if doubt else "", False
        if len(here) > 1:
            where = ", ".join(f"{v.name} di {v.subdistrict}" for v in here[:4])
            return None, f"“{name}” ada lebih dari satu: {where}. Isi kolom kecamatan.", True
        return None, f"Desa “{name}” tidak ada di wilayah ini. Periksa ejaannya.", True

    def inside(self, text: str) -> list[Village]:
        """The villages whose name stands in a text, the longest names first."""
        words = f" {sound_words(text)} "
        found = [
            (name, villages) for name, villages in self._spoken.items() if f" {name} " in words
        ]
        longest = [
            (name, villages)
            for name, villages in found
            if not any(name != other and f" {name} " in f" {other} " for other, _ in found)
        ]
        return [v for _, villages in sorted(longest, key=lambda p: -len(p[0])) for v in villages]

    @cached_property
    def _spoken(self) -> Mapping[str, list[Village]]:
        """The villages by the words of their names as they sound."""
        return {sound_words(name): villages for name, villages in self._by_name.items()}

    def _within(self, villages: Sequence[Village], subdistrict: str) -> list[Village]:
        wanted = _sound(self.key(subdistrict))
        if not wanted or len(villages) < 2:
            return list(villages)
        return [v for v in villages if _sound(self.key(v.subdistrict)) == wanted]


def _dotted(digits: str) -> str:
    bare = digits.replace(".", "")
    return ".".join(part for part in (bare[:2], bare[2:4], bare[4:6], bare[6:]) if part)


def _sound(name: str) -> str:
    return spelled(name).replace(" ", "")


def sound_words(text: str) -> str:
    """The words of a text as they sound, old spelling or new."""
    return " ".join(spelled(text.replace("_", " ").replace("-", " ")).split())


def near(known: str, wanted: str) -> bool:
    """Whether two names differ by a slip; short names must be equal.

    One slip leaves the first or the last half of a name as it was: most names need no comparison.
    """
    if len(wanted) < SHORTEST_NEAR or abs(len(wanted) - len(known)) > NEAR:
        return False
    half = (len(wanted) - 1) // 2
    alike = known.startswith(wanted[:half]) or known.endswith(wanted[-half:])
    return alike and distance(wanted, known, NEAR) <= NEAR
