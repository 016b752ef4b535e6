"""Which file goes into which part: first-fit decreasing, and only what fits none is cut."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

BLOCK = 1 << 16  # bytes: chunks of a sealed file, so that cut ones are read from whole chunks
PIECE_BYTES = 720  # what one file of a part takes beside its content: zip twice, manifest line


@dataclass(frozen=True)
class Whole:
    """One content to be packed."""

    sha256: str
    size: int  # bytes


@dataclass(frozen=True)
class Piece:
    """A content, or the chunk of it that begins at `offset`; chunks are numbered from 1."""

    sha256: str
    chunk: int  # 0: the whole content
    offset: int
    size: int

    @property
    def name(self) -> str:
        """Its name under `data/`."""
        return f"{self.sha256}.{self.chunk:04d}" if self.chunk else self.sha256


@dataclass
class Bin:
    """One part being filled."""

    room: int
    pieces: list[Piece] = field(default_factory=list)


class TooSmall(ValueError):
    """Parts of this size cannot hold even the list of what is sent."""


def chunk_size(capacity: int) -> int:
    """How much of a cut content one part of `capacity` bytes takes. Raises TooSmall."""
    size = capacity - PIECE_BYTES
    if size > 4 * BLOCK:
        size -= size % BLOCK
    if size < 1024:
        raise TooSmall
    return size


def pieces_of(content: Whole, capacity: int) -> list[Piece]:
    """A content as it is packed: whole when it fits a part, else in chunks."""
    if content.size + PIECE_BYTES <= capacity:
        return [Piece(content.sha256, 0, 0, content.size)]
    step = chunk_size(capacity)
    return [
        Piece(content.sha256, number, offset, min(step, content.size - offset))
        for number, offset in enumerate(range(0, content.size, step), 1)
    ]


def pack(contents: Sequence[Whole], capacity: int, first_used: int = 0) -> list[list[Piece]]:
    """Parts of at most `capacity` bytes each; `first_used` of the first one are taken already.

    At least one part, and never two chunks of one content in the same. Equal contents must be given
    once. Raises TooSmall.
    """
    if first_used > capacity:
        raise TooSmall
    pieces = [piece for content in contents for piece in pieces_of(content, capacity)]
    bins = [Bin(capacity - first_used)]
    for piece in sorted(pieces, key=lambda p: (-p.size, p.sha256, p.chunk)):
        needed = piece.size + PIECE_BYTES
        place = next((b for b in bins if b.room >= needed and _apart(b, piece)), None)
        if place is None:
            place = Bin(capacity)
            bins.append(place)
        place.pieces.append(piece)
        place.room -= needed
    return [place.pieces for place in bins]


def _apart(place: Bin, piece: Piece) -> bool:
    return not piece.chunk or all(held.sha256 != piece.sha256 for held in place.pieces)
