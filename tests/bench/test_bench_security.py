"""Logging in and checking the audit chain against what they cannot do without."""

from __future__ import annotations

import hashlib
import json
from base64 import b64decode
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from posko_app.security import chain, keys
from posko_app.security.chain import Entry
from tests.bench.ratio import compare

NOW = datetime(2024, 10, 15, 2, 0, tzinfo=UTC)
PASSWORD = "rumah kayu di hulu"


def test_logging_in(tmp_path: Path) -> None:
    """A real office's slot among those of ten people, against one bare Argon2id."""
    path, made = tmp_path / "kunci.json", keys.new_keys()
    person = {"name": "Sari", "role": "admin", "password": PASSWORD, "keys": made}
    office = {"level": "kecamatan", "code": "62.10.01", "name": "Panwaslu Contoh"}
    keys.create_keyfile(path, account="sari", office=office, practice=False, **person)
    for number in range(9):
        keys.add_slot(path, account=f"akun{number}", **person)
    salt = b64decode(json.loads(path.read_text("utf-8"))["slots"][0]["kdf"]["salt"])

    def bare() -> bytes:
        argon = Argon2id(salt=salt, length=32, iterations=3, lanes=4, memory_cost=65536)
        return argon.derive(PASSWORD.encode())

    compare("log-in", lambda: keys.unlock(path, "sari", PASSWORD, NOW), bare, goal=1.3)


def test_checking_the_audit_chain() -> None:
    """50,000 links against SHA-256 of the same bytes, one call per link."""
    entries, prev = [], ""
    for n in range(1, 50_001):
        at, body = "2024-10-15T02:00:00+00:00", f'{{"action":"step","n":{n},"x":"{"y" * 150}"}}'
        entries.append(Entry(n, at, body, prev, chain.link(n, prev, at, body)))
        prev = entries[-1].hash
    blocks = [b"AUD1" + bytes(40) + (e.at + "\0" + e.body).encode() for e in entries]

    def bare() -> None:
        for block in blocks:
            hashlib.sha256(block).hexdigest()

    compare("audit chain, 50,000 links", lambda: chain.verify(entries), bare, goal=4.0)
