"""Which rows of the machine sheet the signed head vouches for, when not all of them are intact."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple

from posko_app.data.record import row_hash

from . import manifest as head
from .manifest import BLOCK_CHARS, Manifest

MOST_DOUBTS = 5  # rows of one group whose hash cell may be the damaged half


class MachineRow(NamedTuple):
    """One row of the machine sheet: its place in the sheet, record id, hash and JSON text."""

    number: int
    uid: str
    hash: str
    text: str


class Proven(NamedTuple):
    """Rows that the signature covers, and those of which nobody knows who wrote them.

    `lost` counts the rows that were signed and are in neither.
    """

    rows: tuple[MachineRow, ...]
    doubtful: tuple[MachineRow, ...]
    lost: int


def prove(rows: Sequence[MachineRow], manifest: Manifest) -> Proven:
    """Compare the rows with the signed root, and where it does not hold, group by group.

    A row whose text no longer fits its own hash cell counts as proven here when that cell is the
    signed one: it is rejected by its own hash later. Where the cell is the damaged half, the hash
    is computed anew.
    """
    if len(rows) == manifest.n and head.root(map(_line, rows)) == manifest.root:
        return Proven(tuple(rows), (), 0)
    count = len(manifest.blocks) // BLOCK_CHARS
    if not count:
        mended = [_mended(row) for row in rows]
        if len(rows) == manifest.n and head.root(map(_line, mended)) == manifest.root:
            return Proven(tuple(mended), (), 0)
        return Proven((), tuple(rows), max(0, manifest.n - len(rows)))
    groups: dict[int, list[MachineRow]] = {number: [] for number in range(count)}
    for row in rows:
        groups[head.block_of(row.uid, count)].append(row)
    good: list[MachineRow] = []
    bad: list[MachineRow] = []
    for number, group in groups.items():
        start = number * BLOCK_CHARS
        signed = manifest.blocks[start : start + BLOCK_CHARS]
        found = _proven_group(group, signed)
        good += found or ()
        bad += group if found is None else ()
    good.sort()
    known = len({row.uid for row in good}) + len({row.uid for row in bad})
    return Proven(tuple(good), tuple(sorted(bad)), max(0, manifest.n - known))


def _proven_group(group: Sequence[MachineRow], signed: str) -> Sequence[MachineRow] | None:
    """The rows of a group as they were signed; None when no reading of them fits."""
    doubts = [n for n, row in enumerate(group) if row_hash(row.text) != row.hash]
    for size in range(len(doubts) + 1 if len(doubts) <= MOST_DOUBTS else 1):
        for mended in combinations(doubts, size):
            read = [_mended(row) if n in mended else row for n, row in enumerate(group)]
            if head.block(map(_line, read)) == signed:
                return read
    return None


def _line(row: MachineRow) -> str:
    return f"{row.uid}:{row.hash}"


def _mended(row: MachineRow) -> MachineRow:
    return row._replace(hash=row_hash(row.text))
