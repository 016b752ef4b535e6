"""Whole columns that a spreadsheet program spoiled: told as one thing and refused in one click."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from .proposals import NEW_ROWS, HandEdit

LEAST = 10  # edits of one column
SHARE = 9  # of ten edits that one damage must explain


@dataclass(frozen=True)
class Damage:
    """A column that was spoiled: how, how many cells, and the edits that go with it."""

    sheet: str
    heading: str
    kind: str
    explained: int
    fingerprints: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """What happened, for people."""
        return f"Kolom {self.heading} di lembar {self.sheet}: {_SAID[self.kind]}."


def find_damage(edits: Iterable[HandEdit]) -> tuple[Damage, ...]:
    """The columns where at least ten edits are nearly all explained by one known damage."""
    columns: dict[tuple[str, str], list[HandEdit]] = {}
    for edit in edits:
        if edit.kind not in NEW_ROWS and edit.base_known:
            columns.setdefault((edit.sheet, edit.heading), []).append(edit)
    found = []
    for (sheet, heading), group in columns.items():
        counts = {kind: sum(map(explains, group)) for kind, explains in _KNOWN.items()}
        kind = max(counts, key=lambda name: counts[name])
        if len(group) >= LEAST and counts[kind] * 10 >= len(group) * SHARE:
            prints = tuple(edit.fingerprint for edit in group)
            found.append(Damage(sheet, heading, kind, counts[kind], prints))
    return tuple(found)


def _zeros(edit: HandEdit) -> bool:
    """Leading zeros are gone: 0812 -> 812, or +62 instead of them."""
    was, now = str(edit.base or ""), edit.raw.strip()
    return was.startswith("0") and now != was and was.lstrip("0") == now.removesuffix(".0")


def _rounded(edit: HandEdit) -> bool:
    """Only fifteen digits are left: 199001012015031001 -> 199001012015031000 or 1.99E+17."""
    was, now = _only_digits(str(edit.base or "")), edit.raw.strip()
    if len(was) < 12:
        return False
    if power := re.fullmatch(r"(\d)[.,]?(\d*)[eE]\+?(\d+)", now):
        kept = power[1] + power[2]
        return int(power[3]) == len(was) - 1 and _close(was, kept)
    plain = now.removesuffix(".0")
    return plain.isdecimal() and len(plain) == len(was) and _close(was, plain.rstrip("0"))


def _close(was: str, kept: str) -> bool:
    """Whether the digits kept are those before, the last perhaps rounded."""
    size = len(kept)
    return 0 < size < len(was) and abs(int(was[:size]) - int(kept)) <= 1


def _dates(edit: HandEdit) -> bool:
    """Day and month changed places, a date became a number, or was written another way."""
    was = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", str(edit.base or ""))
    if not was:
        return False
    year, month, day = was.groups()
    now = edit.raw.strip()
    if str(edit.theirs or "") == f"{year}-{day}-{month}":
        return True
    parts = [part.zfill(2) for part in re.split(r"[^0-9]+", now) if part]
    same = {year, year[2:]} & set(parts) and {month, day} <= set(parts)
    return bool(re.fullmatch(r"\d{5}(\.\d+)?", now)) or (len(parts) == 3 and bool(same))


def _times(edit: HandEdit) -> bool:
    """10.30 became the number 10.3, or a time the part of a day."""
    was = re.fullmatch(r"(\d{2}):(\d{2})", str(edit.base or ""))
    if not was:
        return False
    now = edit.raw.strip()
    try:
        number = float(now.replace(",", "."))
    except ValueError:
        return False
    hour, minute = int(was[1]), int(was[2])
    return abs(number - (hour + minute / 100)) < 1e-6 or (
        abs(number - (hour * 60 + minute) / 1440) < 1e-6
    )


def _blanks(edit: HandEdit) -> bool:
    """Only blanks and line ends differ."""
    return edit.base is not None and str(edit.base).split() == edit.raw.split() != []


def _formulas(edit: HandEdit) -> bool:
    """A formula, an error or a number stands where text was, and no value can be taken from it."""
    return edit.kind == "problem" and bool(re.fullmatch(r"#[A-Z/0!?]+", edit.raw.strip()))


def _only_digits(text: str) -> str:
    return text if text.isdecimal() else ""


_KNOWN: Mapping[str, Callable[[HandEdit], bool]] = {
    "zeros": _zeros,
    "rounded": _rounded,
    "dates": _dates,
    "times": _times,
    "blanks": _blanks,
    "errors": _formulas,
}
_SAID: Mapping[str, str] = {
    "zeros": "angka nol di depan hilang",
    "rounded": "digit setelah angka ke-15 hilang",
    "dates": "tanggal ditulis ulang oleh Excel, hari dan bulan dapat tertukar",
    "times": "jam berubah menjadi angka",
    "blanks": "hanya spasi yang berubah",
    "errors": "isinya menjadi galat Excel",
}


def of_damage(damages: Sequence[Damage]) -> frozenset[str]:
    """The fingerprints of all edits that belong to a spoiled column."""
    return frozenset(print_ for damage in damages for print_ in damage.fingerprints)
