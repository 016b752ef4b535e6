"""The parts of a package worked out: what lies where, cut files, and the list that tells of it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from .contents import Chosen, Content
from .listing import Listed, Listing, to_text
from .part_file import Job, blocks
from .plan import Piece, TooSmall, Whole, chunk_size, pack, pieces_of

_FIXED_BYTES = 8_192  # a zip's own end, the small files of a bag
_HASH_BYTES = 80  # of a chunk in the list, with its part
_MOST_PARTS = 9_999


def planned(job: Job, chosen: Chosen) -> tuple[Listing, list[list[Piece]]]:
    """Parts that keep the limit with everything around them, and the list that tells of them.

    Raises TooSmall; UserError for damaged evidence.
    """
    wholes = [Whole(content.sha256, content.size) for content in chosen.contents]
    book = (_hash_of(job.book), job.book.stat().st_size) if job.book else None
    room = job.plain_limit - _FIXED_BYTES
    # the list lies in every part, and it is longest when everything is far behind and cut in halves
    longest = _listing(job, chosen, book, {c.sha256: [_MOST_PARTS] for c in chosen.contents})
    halves = sum(2 * whole.size // max(room, 1) + 2 for whole in wholes if 2 * whole.size > room)
    capacity = room - len(to_text(longest).encode()) - _HASH_BYTES * halves
    if 2 * capacity < room:
        raise TooSmall
    parts = pack(wholes, capacity, book[1] + 1024 if book else 0)
    if len(parts) > _MOST_PARTS:
        raise TooSmall
    where: dict[str, list[int]] = {}
    numbered = [(piece, n) for n, pieces in enumerate(parts, 1) for piece in pieces]
    for piece, number in sorted(numbered, key=lambda one: (one[0].sha256, one[0].chunk)):
        where.setdefault(piece.sha256, []).append(number)
    cut = {
        content.sha256: _chunk_hashes(job, content, pieces)
        for content, whole in zip(chosen.contents, wholes, strict=True)
        if len(pieces := pieces_of(whole, capacity)) > 1
    }
    listing = _listing(job, chosen, book, where, cut, chunk_size(capacity) if cut else 0)
    return replace(listing, parts=len(parts)), parts


def _listing(
    job: Job,
    chosen: Chosen,
    book: tuple[str, int] | None,
    where: Mapping[str, Sequence[int]],
    cut: Mapping[str, tuple[str, ...]] | None = None,
    step: int = 0,
) -> Listing:
    cut = cut or {}
    files = (
        Listed(
            sha256=content.sha256,
            size=content.size,
            mime=content.mime,
            items=content.items,
            parts=tuple(where[content.sha256]),
            chunk=step if content.sha256 in cut else 0,
            chunks=cut.get(content.sha256, ()),
        )
        for content in chosen.contents
    )
    return replace(job.base, group=job.group, files=tuple(files), book=book, parts=_MOST_PARTS)


def _chunk_hashes(job: Job, content: Content, pieces: Sequence[Piece]) -> tuple[str, ...]:
    """The SHA-256 of every chunk: the first of two passes over what must be cut."""
    found, done = [], 0
    for piece in pieces:
        digest = hashlib.sha256()
        for block in blocks(job, content, piece):
            digest.update(block)
            done += len(block)
            job.progress(done, content.size, "Menghitung sidik berkas besar")
        found.append(digest.hexdigest())
    return tuple(found)


def _hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
