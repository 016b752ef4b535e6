"""Mutated locked files: each is refused with a sentence, quickly, and nothing is left behind."""

from __future__ import annotations

import os
from pathlib import Path
from random import Random

from posko_app.app import Posko
from posko_app.errors import UserError
from posko_app.exchange.locking import lock, own_key
from posko_app.exchange.unlocking import opened_file
from posko_app.security import recipient

ROUNDS = int(os.environ.get("POSKO_LOCKED_ROUNDS", "400"))
KNOWN = {"locked_elsewhere", "locked_damaged"}


def mutated(whole: bytes, head: int, random: Random) -> bytes:
    """Bytes changed, cut, doubled, or put in; half of the time within the list of keys."""
    data = bytearray(whole)
    until = head if random.random() < 0.5 else len(data)
    for _ in range(random.randint(1, 4)):
        at = random.randrange(len(recipient.MARK), max(until, len(recipient.MARK) + 1))
        kind = random.randrange(5)
        if kind == 0 and at < len(data):
            data[at] ^= 1 << random.randrange(8)
        elif kind == 1:
            del data[at:]
        elif kind == 2:
            data[at:at] = random.randbytes(random.randint(1, 400))
        elif kind == 3:
            data[at:at] = data[at : at + random.randint(1, 4000)]
        else:
            del data[at : at + random.randint(1, 80)]
    return bytes(data)


def test_whatever_is_done_to_a_locked_file_it_is_refused_whole(
    posko: Posko, tmp_path: Path
) -> None:
    random = Random(20241127)
    plain, folder = tmp_path / "kiriman.xlsx", tmp_path / "buka"
    content = random.randbytes(150_000)
    plain.write_bytes(content)
    folder.mkdir()
    path = lock(plain, [own_key(posko), recipient.new_recipient()[1]])
    whole = path.read_bytes()
    head = whole.index(b"\n--- ") + 60
    codes: set[str] = set()
    for number in range(ROUNDS):
        damaged = mutated(whole, head, random)
        path.write_bytes(damaged)
        try:
            opened = opened_file(posko, path, folder)
        except UserError as error:
            codes.add(error.code)
        else:  # two changes that undid each other
            assert opened.read_bytes() == content, number
            opened.unlink()
        assert list(folder.iterdir()) == [], number
    assert codes == KNOWN
