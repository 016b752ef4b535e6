"""The arithmetic of the audit chain: each hash covers place, time, body and the hash before.

`hash = SHA-256("AUD1" ∥ n as 8 bytes big-endian ∥ hash before ∥ time ∥ 0 ∥ body)`, texts in UTF-8,
and 32 zero bytes before the first link. A change anywhere breaks every link after it, except
that a cut-off end is only seen against an anchor kept outside.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_ZERO = bytes(32)


@dataclass(frozen=True)
class Entry:
    """One link as it is stored; `at` is the text that was hashed, `prev` empty for the first."""

    n: int
    at: str
    body: str
    prev: str
    hash: str


@dataclass(frozen=True)
class Break:
    """The first place where a chain does not hold, and why, in words for the user."""

    n: int
    why: str


def link(n: int, prev: str, at: str, body: str) -> str:
    """The hash (hex) of link number `n`; `prev` is the hash before, empty for the first."""
    return hashlib.sha256(
        b"AUD1"
        + n.to_bytes(8, "big")
        + (bytes.fromhex(prev) if prev else _ZERO)
        + at.encode()
        + b"\0"
        + body.encode()
    ).hexdigest()


def verify(entries: Iterable[Entry], anchors: Mapping[int, str] | None = None) -> Break | None:
    """The first broken link of a chain read from its start, or None when it is whole.

    `anchors` are heads noted elsewhere earlier (number -> hash), for example in exports: a chain
    that no longer holds them was cut off or written anew.
    """
    noted = dict(anchors or {})
    number, before = 0, ""
    for entry in entries:
        number += 1
        if entry.n != number:
            return Break(number, f"Catatan audit nomor {number} hilang.")
        if entry.prev != before or _hash_of(entry) != entry.hash:
            return Break(number, f"Catatan audit nomor {number} pernah diubah.")
        if noted.pop(number, entry.hash) != entry.hash:
            why = f"Catatan audit sampai nomor {number} berbeda dari yang pernah dicatat di luar."
            return Break(number, why)
        before = entry.hash
    if beyond := [n for n in noted if n > 0]:
        return Break(
            number + 1,
            f"Catatan audit berakhir pada nomor {number}, padahal pernah sampai {max(beyond)}.",
        )
    return None


def _hash_of(entry: Entry) -> str:
    try:
        return link(entry.n, entry.prev, entry.at, entry.body)
    except (ValueError, OverflowError):  # a text that is no hash, or a lone surrogate
        return ""
