"""The file `kunci.json` as bytes and fields: read, checked, changed in one step.

The file is JSON (UTF-8). Readers ignore keys and kinds of slot they do not know, writers keep
them, so later versions add slots without a new format::

    {
      "format": "posko-kunci", "version": 1,
      "id": "<UUIDv7 of this set of keys>",
      "practice": false,
      "office": {"level": "kecamatan", "code": "62.10.01", "name": "Panwaslu …"},
      "slots": [
        {
          "kind": "password", "account": "sari", "name": "Sari", "role": "receiver",
          "kdf": {"name": "argon2id", "memory_kib": 65536, "passes": 3, "lanes": 4,
                  "salt": "<16 bytes, base64>"},
          "keys": {"database": "<nonce 12, ciphertext 32, tag 16, base64>", "identity": "<same>"},
          "failures": 0, "wait_until": ""
        }
      ],
      "sum": "<first 16 bytes of SHA-256 over everything else, hex>"
    }

A wrapped key is ChaCha20-Poly1305 under the 32 bytes Argon2id makes of the password (NFC, UTF-8),
with a random nonce. Its associated data is canonical JSON (sorted keys, ASCII, no spaces) of
`format, version, id, practice, kind, account, kdf` and `purpose` (`database` or `identity`): a slot
moved to another office, account or cost, or a real office relabelled as practice, does not open.
Display name, role and office name stay outside because they change without anyone's password;
permissions come from the encrypted database, never from here. `identity` is absent from slots of
roles that may not read identities. `sum` is canonical JSON of all else: it tells a damaged file
from a wrong password and proves nothing against an attacker.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from posko_app.errors import UserError

from . import durable

FORMAT, VERSION = "posko-kunci", 1


def canonical(value: object) -> bytes:
    """JSON in its one form: sorted keys, ASCII, no spaces."""
    return json.dumps(value, sort_keys=True, ensure_ascii=True, separators=(",", ":")).encode()


def read(path: Path) -> dict[str, Any]:
    """The checked content of a key file. Raises UserError: missing, unreadable, damaged, newer."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise UserError(
            f"Belum ada kantor di folder {path.parent}. Tidak ada yang diubah. "
            "Pasang kantor dulu atau pilih folder yang benar.",
            "no_office",
        ) from None
    except OSError as error:
        raise UserError(
            f"Berkas kunci {path} tidak dapat dibaca. Data Anda tidak berubah. "
            "Periksa izin berkas itu, lalu coba lagi.",
            "keyfile_unreadable",
        ) from error
    try:
        content = json.loads(raw)
    except (ValueError, RecursionError):
        raise damaged(path) from None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise damaged(path)
    if isinstance(content.get("version"), int) and content["version"] > VERSION:
        raise UserError(
            "Kantor ini dibuat dengan Posko yang lebih baru. Data Anda tidak berubah. "
            "Perbarui Posko di komputer ini.",
            "newer_format",
        )
    if content.pop("sum", None) != _sum(content) or not _well_formed(content):
        raise damaged(path)
    return content


def damaged(path: Path) -> UserError:
    """The error for a key file that cannot be right."""
    return UserError(
        f"Berkas kunci {path.name} rusak sehingga kantor ini belum dapat dibuka. "
        f"Data Anda tidak berubah. Pulihkan {path.name} dari cadangan.",
        "keyfile_damaged",
    )


def write(path: Path, content: dict[str, Any]) -> None:
    """Replace the key file in one step. Raises OSError; the old file is whole then."""
    whole = {**content, "sum": _sum(content)}
    durable.write_file(path, json.dumps(whole, indent=2, ensure_ascii=False).encode())


def change(path: Path, edit: Callable[[dict[str, Any]], None]) -> None:
    """Apply `edit` to the newest content of the key file and write it back.

    Waits for another process that is doing the same, so that no slot is lost. Raises UserError
    when the folder cannot be written, and whatever `edit` raises; nothing is changed then.
    """
    try:
        with durable.only_one(path.with_name("kunci.lock")):
            content = read(path)
            edit(content)
            write(path, content)
    except OSError as error:
        raise not_writable(path) from error


def not_writable(path: Path) -> UserError:
    """The error for a folder in which the key file cannot be changed."""
    return UserError(
        f"Berkas kunci di folder {path.parent} tidak dapat ditulisi. Kunci lama tetap berlaku "
        "dan data Anda tidak berubah. Periksa izin folder dan ruang disk, lalu coba lagi.",
        "folder_not_writable",
    )


def slot_of(content: dict[str, Any], account: str) -> dict[str, Any] | None:
    """The password slot of an account."""
    for slot in content["slots"]:
        if slot["kind"] == "password" and slot["account"] == account:
            found: dict[str, Any] = slot
            return found
    return None


def _sum(content: dict[str, Any]) -> str:
    return hashlib.sha256(canonical(content)).hexdigest()[:32]


def _well_formed(content: dict[str, Any]) -> bool:
    office, slots = content.get("office"), content.get("slots")
    return (
        content.get("version") == VERSION
        and isinstance(content.get("id"), str)
        and isinstance(content.get("practice"), bool)
        and isinstance(office, dict)
        and all(isinstance(office.get(key), str) for key in ("level", "code", "name"))
        and isinstance(slots, list)
        and all(isinstance(slot, dict) and isinstance(slot.get("kind"), str) for slot in slots)
        and all(_good_password_slot(slot) for slot in slots if slot["kind"] == "password")
    )


def _good_password_slot(slot: dict[str, Any]) -> bool:
    kdf, keys = slot.get("kdf"), slot.get("keys")
    texts = [slot.get(key) for key in ("account", "name", "role", "wait_until")]
    return (
        all(isinstance(text, str) for text in texts)
        and isinstance(slot.get("failures"), int)
        and isinstance(kdf, dict)
        and kdf.get("name") == "argon2id"
        and all(type(kdf.get(key)) is int for key in ("memory_kib", "passes", "lanes"))
        and isinstance(kdf.get("salt"), str)
        and isinstance(keys, dict)
        and isinstance(keys.get("database"), str)
        and isinstance(keys.get("identity", ""), str)
    )
