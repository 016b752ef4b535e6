"""Words as they sound: Indonesian names are found however somebody spelled them.

Old and new spelling (Soedjono, Sujono), Arabic names (Achmad, Ahmad; Syarif, Sjarief) and doubled
letters become the same word, so that one look-up finds them all; what differs still is a typo and
is compared by `distance`.
"""

from __future__ import annotations

import re
from functools import lru_cache

from .text import fold

# Words before a name that a search does without, and degrees after it: in one word, or in two.
_TITLE = re.compile(r"h|hj|haji|hajah|dr|drs|dra|drg|drh|ir|prof|kh|tgk|tn|ny|sdri?|bapak|bpk|ibu")
_DEGREE = re.compile(r"s(pd|sos|h|e|t|kom|km|ip)|m(pd|si|m|h)|amd|phd|lc|ma")
_DEGREES = {
    "s": (
        *("sos", "pd", "h", "e", "t", "kom", "ag", "ip", "ikom", "km", "kep", "stp", "p", "pt"),
        *("hut", "pi", "psi", "farm", "si", "sy", "ap", "th", "gz", "hum", "ked"),
    ),
    "m": (
        *("si", "pd", "h", "m", "mt", "t", "kom", "ag", "ap", "ikom", "km", "kep", "kes", "p"),
        *("psi", "hum", "sc", "eng", "ec", "ak", "th"),
    ),
    "a": ("md",),
}

# In this order: later pairs see what earlier ones made of a word.
_PAIRS = (
    ("oe", "u"),
    ("dj", "j"),
    ("tj", "c"),
    ("sj", "s"),
    ("sy", "s"),
    ("kh", "h"),
    ("ch", "h"),
    ("ph", "f"),
    ("v", "f"),
    ("dh", "d"),
    ("th", "t"),
    ("gh", "g"),
    ("ae", "ai"),
    ("q", "k"),
    ("x", "ks"),
    ("j", "y"),  # once every dj is a j: the old j is the new y, and nobody is told apart by it
)
_GLIDES = re.compile(r"(?<=i)y(?=[aou]|\b)|(?<=u)w(?=[aeo]|\b)")
_DOUBLED = re.compile(r"([a-z])\1+")
_BREATH = re.compile(r"(?<=[a-z]{3}[aeiou])h\b")  # Fatimah, Fatima
SHORTEST = 4  # letters; shorter words are not compared by likeness


def spelled(text: str) -> str:
    """Text for finding: folded, and every word as it sounds."""
    return " ".join(map(_sound, fold(text).split()))


@lru_cache(maxsize=1 << 16)  # a few thousand words make up nearly every narrative
def _sound(word: str) -> str:
    for old, new in _PAIRS:
        word = word.replace(old, new)
    return _DOUBLED.sub(r"\1", _BREATH.sub("", _GLIDES.sub("", word)))


def search_words(text: str) -> tuple[str, ...]:
    """What to look for when somebody types `text`: words as they sound, without titles.

    Titles alone are looked for as they are. Digits in groups that are one long number (NIP) are
    joined. The last word may be unfinished.
    """
    plain = fold(text).split()
    if len(plain) > 1 and all(word.isdecimal() for word in plain):
        joined = "".join(plain)
        plain = [joined] if len(joined) in (16, 18) else plain
    kept = _without_titles(plain) or plain
    words = (spelled(word) for word in kept)
    return tuple(dict.fromkeys(word for word in words if word))


def _without_titles(words: list[str]) -> list[str]:
    kept: list[str] = []
    place = 0
    while place < len(words):
        if place and _two_part_degree(words[place:]):
            place += 2
            continue
        last = place == len(words) - 1
        title = _TITLE.fullmatch(words[place]) and not (last and place)
        if not (title or (place and _DEGREE.fullmatch(words[place]))):
            kept.append(words[place])
        place += 1
    return kept


def _two_part_degree(words: list[str]) -> bool:
    """Whether these begin with a degree such as S.Sos., whose last letters may be untyped yet."""
    tails = _DEGREES.get(words[0], ())
    if len(words) < 2 or not tails:
        return False
    return words[1] in tails or (len(words) == 2 and any(t.startswith(words[1]) for t in tails))


def grams(word: str) -> frozenset[str]:
    """Every three letters in a row, the beginning marked: what alike words share."""
    marked = f" {word} "
    return frozenset(marked[at : at + 3] for at in range(len(marked) - 2))


def slips(word: str) -> int:
    """How many slips of the pen a word may hold and still be meant."""
    return 0 if len(word) < SHORTEST else 1 if len(word) < 7 else 2


def distance(typed: str, word: str, most: int, *, begins: bool = False) -> int:
    """Slips (a letter wrong, missing, too many, or two turned) between two words.

    More than `most` is given as `most` + 1. With `begins` the end of `word` costs nothing: `typed`
    is unfinished.
    """
    if not begins and abs(len(typed) - len(word)) > most:
        return most + 1
    if begins:
        word = word[: len(typed) + most]
    before: list[int] = []
    row = list(range(len(word) + 1))
    for i, letter in enumerate(typed, 1):
        older, before = before, row
        row = [i]
        for j, other in enumerate(word, 1):
            least = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            turned = i > 1 and j > 1 and letter == word[j - 2] and typed[i - 2] == other
            row.append(min(least, older[j - 2] + 1) if turned else least)
        if min(row) > most:
            return most + 1
    return min(min(row) if begins else row[-1], most + 1)
