"""The audit chain: every tampering is found and named at its row."""

from __future__ import annotations

import hashlib
import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posko_app.security import chain
from posko_app.security.chain import Entry


def made(length: int, start: int = 1, prev: str = "") -> list[Entry]:
    """A whole chain."""
    entries = []
    for n in range(start, start + length):
        at, body = f"2024-10-15T02:{n % 60:02d}:00+00:00", f'{{"action":"a{n}"}}'
        entries.append(Entry(n, at, body, prev, chain.link(n, prev, at, body)))
        prev = entries[-1].hash
    return entries


def broken_at(entries: list[Entry], anchors: dict[int, str] | None = None) -> int | None:
    """The number of the first broken row."""
    found = chain.verify(entries, anchors)
    assert found is None or found.why.endswith(".")
    return found.n if found else None


def test_the_hash_is_the_documented_one() -> None:
    first = chain.link(1, "", "t", "é")
    raw = b"AUD1" + b"\0\0\0\0\0\0\0\1" + bytes(32) + b"t\0" + "é".encode()
    assert first == hashlib.sha256(raw).hexdigest()
    raw = b"AUD1" + b"\0\0\0\0\0\0\0\2" + bytes.fromhex(first) + b"u\0x"
    assert chain.link(2, first, "u", "x") == hashlib.sha256(raw).hexdigest()


@given(st.integers(0, 30))
def test_a_whole_chain_is_whole(length: int) -> None:
    entries = made(length)
    assert broken_at(entries) is None
    assert broken_at(entries, {e.n: e.hash for e in entries}) is None
    assert broken_at(entries, {0: ""}) is None


def test_every_changed_field_is_named_at_its_row() -> None:
    entries = made(20)
    for place in range(20):
        for change in (
            {"body": entries[place].body + " "},
            {"at": "2024-10-15T03:00:00+00:00"},
            {"hash": "0" * 64},
            {"hash": ""},
            {"prev": "0" * 64},
            {"prev": "bukan hash"},
            {"body": "\udc80"},
        ):
            bad = [*entries]
            bad[place] = replace(bad[place], **change)
            assert broken_at(bad) == place + 1


def test_a_changed_row_with_a_new_hash_breaks_the_next() -> None:
    entries = made(10)
    row = entries[4]
    entries[4] = replace(row, body="lain", hash=chain.link(row.n, row.prev, row.at, "lain"))
    assert broken_at(entries) == 6


@pytest.mark.parametrize("place", range(9))
def test_missing_doubled_and_swapped_rows(place: int) -> None:
    entries = made(10)
    assert broken_at(entries[:place] + entries[place + 1 :]) == place + 1
    assert broken_at(entries[: place + 1] + entries[place:]) == place + 2
    swapped = [*entries]
    swapped[place], swapped[place + 1] = swapped[place + 1], swapped[place]
    assert broken_at(swapped) == place + 1


def test_a_cut_end_is_only_found_with_an_anchor() -> None:
    entries = made(10)
    assert broken_at(entries[:7]) is None
    assert broken_at(entries[:7], {5: entries[4].hash}) is None
    assert broken_at(entries[:7], {5: entries[4].hash, 9: entries[8].hash}) == 8
    assert broken_at([], {3: entries[2].hash}) == 1
    found = chain.verify(entries[:7], {9: entries[8].hash})
    assert found is not None
    assert "berakhir pada nomor 7, padahal pernah sampai 9" in found.why


def test_a_chain_written_anew_does_not_hold_its_anchor() -> None:
    entries = made(10)
    forged = entries[:4]
    for row in entries[4:]:
        prev = forged[-1].hash
        forged.append(Entry(row.n, row.at, "lain", prev, chain.link(row.n, prev, row.at, "lain")))
    assert broken_at(forged) is None
    assert broken_at(forged, {8: entries[7].hash, 2: entries[1].hash}) == 8


def test_random_tampering_is_always_found() -> None:
    rng = random.Random(15)
    entries = made(60)
    anchor = {60: entries[-1].hash}
    for _ in range(300):
        bad = [*entries]
        place = rng.randrange(60)
        match rng.randrange(4):
            case 0:
                del bad[place]
            case 1:
                bad[place] = replace(bad[place], body=f"{rng.random()}")
            case 2:
                bad = bad[:place]
            case 3:
                bad = bad[:place] + made(60 - place, place + 1, bad[place - 1].hash)
                bad[place] = replace(bad[place], at="2023-01-01T00:00:00+00:00")
        found = broken_at(bad, anchor)
        assert found is not None
        assert found <= 60
