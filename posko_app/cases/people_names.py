"""Whether two names may be one person's: however they are spelled, whatever titles they bear.

Pure. A likeness is never more than a question; only an equal NIP is an answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations
from typing import Literal

from posko_app.spelling import distance, slips, spelled
from posko_app.text import fold

from .people_book import people_book

Likeness = Literal["same", "alike", ""]
LONGEST = 5  # words of a name that are looked at
NOBODY = frozenset({"belum diketahui", "tidak diketahui", "belum dikenal", "tidak dikenal"})


@lru_cache(maxsize=8192)
def name_words(name: str) -> tuple[str, ...]:
    """The words of a name as they sound, without titles; none for an unknown person.

    A name of nothing but titles keeps them: it may be somebody's name.
    """
    if fold(name) in NOBODY:
        return ()
    book = people_book()
    words = list(_plain(name.partition(",")[0])) or list(_plain(name))
    kept: list[str] = []
    place = 0
    while place < len(words):
        pair = "".join(words[place : place + 2])
        if kept and place + 1 < len(words) and len(words[place]) == 1 and pair in book.degrees:
            place += 2
            continue
        word = words[place]
        if word not in book.titles and not (kept and word in book.degrees):
            kept.append(word)
        place += 1
    sounds = spelled(" ".join(kept or words)).split()
    return tuple(book.variants.get(word, word) for word in sounds)[:LONGEST]


def likeness(one: str, other: str) -> Likeness:
    """How alike two names are: the same words in any order, or words a slip of the pen apart.

    Names without any word are like nobody's.
    """
    mine, theirs = sorted((name_words(one), name_words(other)), key=lambda w: (len(w), w))
    if not mine:
        return ""
    if sorted(mine) == sorted(theirs) or "".join(mine) == "".join(theirs):
        return "same"
    if len(mine) == 1 and len(theirs) > 1:  # one name of several says too little
        return ""
    if len(mine) > 1 and not any(len(word) > 2 for word in set(mine) & set(theirs)):
        return ""
    return "alike" if _all_found(mine, theirs) else ""


def name_keys(name: str) -> tuple[str, ...]:
    """The keys under which a name is kept and looked up: each two of its words, or the only one."""
    return tuple(sorted(set(keys_of_words(name_words(name)))))


def keys_of_words(words: tuple[str, ...]) -> Iterator[str]:
    """The keys of words that stand in one name."""
    whole = [word for word in words if len(word) > 1]
    if len(whole) == 1:
        yield whole[0]
    for pair in combinations(sorted(whole), 2):
        yield " ".join(pair)


def _plain(text: str) -> Iterator[str]:
    """Small letters; S.Sos. is one word when it is a title or a degree, else parted at its dots."""
    book = people_book()
    for part in text.casefold().split():
        if part.isascii() and part.isalpha():  # nearly every word
            yield part
            continue
        whole = re.sub(r"[^\w]", "", part)
        if whole in book.titles or whole in book.degrees:
            yield whole
        else:
            yield from fold(part).split()


def _all_found(mine: tuple[str, ...], theirs: tuple[str, ...]) -> bool:
    """Whether each of `mine` is one of `theirs`, no two of them the same one."""
    if not mine:
        return True
    return any(
        _near(mine[0], other) and _all_found(mine[1:], theirs[:place] + theirs[place + 1 :])
        for place, other in enumerate(theirs)
    )


def _near(one: str, other: str) -> bool:
    if one == other:
        return True
    if len(one) == 1 or len(other) == 1:  # an initial
        return one[0] == other[0]
    most = min(slips(one), slips(other))
    return bool(most) and distance(one, other, most) <= most
