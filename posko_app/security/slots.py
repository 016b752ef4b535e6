"""One password slot: the office's keys wrapped by what Argon2id makes of a person's password."""

from __future__ import annotations

import os
import unicodedata
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import astuple, dataclass, field
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from . import keyfile
from .cipher import KEY_SIZE

_PURPOSES = ("database", "identity")
_WRAPPED = 12 + KEY_SIZE + 16


class WrongPassword(Exception):
    """The password does not open the slot."""


@dataclass(frozen=True)
class KeySet:
    """The opened keys: of the database, and of identities where the role may read them."""

    database: bytes = field(repr=False)  # a key must not stand in a log by accident
    identity: bytes | None = field(repr=False)


@dataclass(frozen=True)
class Cost:
    """What one try of a password costs: Argon2id memory (KiB), passes and lanes."""

    memory_kib: int
    passes: int
    lanes: int


STANDARD = Cost(65536, 3, 4)  # RFC 9106, second choice
PRACTICE = Cost(1024, 1, 1)  # nothing in a practice office is secret
FLOOR = Cost(19456, 2, 1)  # a slot of a real office below this was tampered with
CEILING = Cost(1 << 20, 16, 16)  # a slot above this would only exhaust the machine


def default_cost(content: Mapping[str, Any]) -> Cost:
    """What a new slot of this office costs."""
    return PRACTICE if content["practice"] else STANDARD


def cost_of(slot: Mapping[str, Any]) -> Cost:
    """What the slot says a try costs."""
    kdf = slot["kdf"]
    return Cost(kdf["memory_kib"], kdf["passes"], kdf["lanes"])


def stronger(one: Cost, other: Cost) -> Cost:
    """The dearer of both in each respect."""
    return Cost(*map(max, astuple(one), astuple(other)))


def wrap(
    content: Mapping[str, Any], account: str, password: str, keys: KeySet, cost: Cost
) -> dict[str, Any]:
    """The part of a slot that depends on the password.

    Raises ValueError for a cost below FLOOR in a real office.
    """
    if not content["practice"] and not _at_least(FLOOR, cost):
        raise ValueError(f"{cost} is too cheap for a real office")
    kdf = {
        "name": "argon2id",
        "memory_kib": cost.memory_kib,
        "passes": cost.passes,
        "lanes": cost.lanes,
        "salt": b64encode(os.urandom(16)).decode(),
    }
    cipher = ChaCha20Poly1305(derive(password, kdf))
    wrapped = {}
    for purpose in _PURPOSES:
        if key := getattr(keys, purpose):
            nonce = os.urandom(12)
            bound = _bound(content, account, kdf, purpose)
            wrapped[purpose] = b64encode(nonce + cipher.encrypt(nonce, key, bound)).decode()
    return {"kdf": kdf, "keys": wrapped, "failures": 0, "wait_until": ""}


def open_slot(
    path: Path, content: Mapping[str, Any], slot: Mapping[str, Any], password: str
) -> KeySet:
    """The keys in a slot of the key file at `path`. Raises WrongPassword; UserError if damaged."""
    cost = cost_of(slot)
    # The first bound keeps a hand-made slot from making passwords cheap to guess, the second from
    # exhausting the memory of the PC.
    least = Cost(8 * max(1, cost.lanes), 1, 1) if content["practice"] else FLOOR
    if not (_at_least(least, cost) and _at_least(cost, CEILING)):
        raise keyfile.damaged(path)
    try:
        held = [purpose for purpose in _PURPOSES if purpose in slot["keys"]]
        wrapped = {name: b64decode(slot["keys"][name], validate=True) for name in held}
        salt = b64decode(slot["kdf"]["salt"], validate=True)
    except ValueError:
        raise keyfile.damaged(path) from None
    if len(salt) < 8 or any(len(text) != _WRAPPED for text in wrapped.values()):
        raise keyfile.damaged(path)
    cipher = ChaCha20Poly1305(derive(password, slot["kdf"]))
    opened = {}
    try:
        for purpose, text in wrapped.items():
            bound = _bound(content, slot["account"], slot["kdf"], purpose)
            opened[purpose] = cipher.decrypt(text[:12], text[12:], bound)
    except InvalidTag:
        raise WrongPassword from None
    return KeySet(opened["database"], opened.get("identity"))


def derive(password: str, kdf: Mapping[str, Any]) -> bytes:
    """The wrapping key: Argon2id of the password as the slot's `kdf` says."""
    # Lone surrogates can come from a command line in another encoding; they are just wrong.
    typed = unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
    return Argon2id(
        salt=b64decode(kdf["salt"]),
        length=KEY_SIZE,
        iterations=kdf["passes"],
        lanes=kdf["lanes"],
        memory_cost=kdf["memory_kib"],
    ).derive(typed)


def _at_least(least: Cost, cost: Cost) -> bool:
    return all(a <= b for a, b in zip(astuple(least), astuple(cost), strict=True))


def _bound(content: Mapping[str, Any], account: str, kdf: Mapping[str, Any], purpose: str) -> bytes:
    """What a wrapped key is bound to, so that it opens nowhere else."""
    return keyfile.canonical(
        {
            **{key: content[key] for key in ("format", "version", "id", "practice")},
            "kind": "password",
            "account": account,
            "kdf": dict(kdf),
            "purpose": purpose,
        }
    )
