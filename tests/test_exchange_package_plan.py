"""What goes into which part: everything once, nothing beyond the size, chunks that add up."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posko_app.exchange.package.plan import PIECE_BYTES, TooSmall, Whole, chunk_size, pack

CAPACITY = st.integers(4_000, 2_000_000)
SIZES = st.lists(st.integers(0, 6_000_000), max_size=40)


def wholes(sizes: list[int]) -> list[Whole]:
    return [
        Whole(hashlib.sha256(str(number).encode()).hexdigest(), size)
        for number, size in enumerate(sizes)
    ]


@given(SIZES, CAPACITY, st.integers(0, 4_000))
def test_every_byte_lies_once_in_a_part_that_keeps_the_size(
    sizes: list[int], capacity: int, used: int
) -> None:
    contents = wholes(sizes)
    if sum(sizes) // chunk_size(capacity) > 3_000:
        return
    parts = pack(contents, capacity, used)
    for number, pieces in enumerate(parts):
        taken = sum(piece.size + PIECE_BYTES for piece in pieces) + (0 if number else used)
        assert taken <= capacity
        cut = [piece.sha256 for piece in pieces if piece.chunk]
        assert len(set(cut)) == len(cut), "no two chunks of one content in a part"
    for content in contents:
        pieces = sorted(
            (piece for part in parts for piece in part if piece.sha256 == content.sha256),
            key=lambda piece: piece.chunk,
        )
        assert sum(piece.size for piece in pieces) == content.size
        if content.size + PIECE_BYTES <= capacity:
            assert [(piece.chunk, piece.name) for piece in pieces] == [(0, content.sha256)]
            continue
        offset = 0
        for number, piece in enumerate(pieces, 1):
            assert (piece.chunk, piece.offset) == (number, offset)
            assert piece.size == min(chunk_size(capacity), content.size - offset)
            assert piece.name == f"{content.sha256}.{number:04d}"
            offset += piece.size
    assert all(parts[1:]), "no part is empty but the first"


@given(SIZES, CAPACITY)
def test_parts_are_packed_well(sizes: list[int], capacity: int) -> None:
    """First-fit decreasing: never two parts that would fit into one, and the same each time."""
    contents = wholes([size % capacity for size in sizes])
    contents = [content for content in contents if content.size + PIECE_BYTES <= capacity]
    parts = pack(contents, capacity)
    loads = sorted(sum(piece.size + PIECE_BYTES for piece in pieces) for pieces in parts)
    assert len(loads) < 2 or loads[0] + loads[1] > capacity
    assert parts == pack(list(reversed(contents)), capacity)


@pytest.mark.parametrize(("capacity", "used"), [(0, 0), (1_500, 0), (50_000, 50_001)])
def test_parts_that_hold_nothing_are_refused(capacity: int, used: int) -> None:
    with pytest.raises(TooSmall):
        pack(wholes([3_000_000]), capacity, used)
