"""The text of a `.posko-aturan` file: a signed TOML head, then the regulation."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from posko_app.errors import UserError
from posko_app.law import completed
from posko_app.rules.book import Regulation, regulation_from
from posko_app.rules.reading import RulesError
from posko_app.rules.writing import as_toml
from posko_app.security import sign

SUFFIX = ".posko-aturan"
FORMAT = "aturan-1"
LINE = "# ---- isi aturan ----"
SIGNED = b"posko/rules/1\0"
MOST = 2_000_000  # bytes; a regulation is a fiftieth of it


def signed(law: Regulation, head: Mapping[str, Any], private: bytes) -> bytes:
    """The bytes of a file: `head` says who made it; hash, key and signature are added here."""
    content = as_toml(law)
    whole: dict[str, Any] = {
        "posko": FORMAT,
        "regulation": law.id,
        **head,
        "sha256": hashlib.sha256(content.encode()).hexdigest(),
        "public_key": sign.public_key(private).hex(),
    }
    whole["signature"] = sign.sign(private, _message(whole)).hex()
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in whole.items()]
    return "\n".join([*lines, LINE, content]).encode()


def _message(head: Mapping[str, Any]) -> bytes:
    signed = {key: value for key, value in head.items() if key not in ("signature", "content")}
    return SIGNED + json.dumps(signed, sort_keys=True, separators=(",", ":")).encode()


_TEXTS = ("posko", "regulation", "reason", "office_code", "office_name", "made_at", "sha256",
          "public_key", "signature")  # fmt: skip
_HEAD: Mapping[str, type] = {**dict.fromkeys(_TEXTS, str), "version": int, "practice": bool}


def parsed(raw: bytes) -> dict[str, Any]:
    """Head and content of a file whose hash and signature hold; raises UserError."""
    try:
        if len(raw) > MOST:
            raise ValueError("too large")
        # Mail and Windows may have changed line ends; the signed text has plain ones.
        told, line, content = raw.decode().replace("\r\n", "\n").partition(f"\n{LINE}\n")
        head = tomllib.loads(told)
        odd = head.keys() ^ _HEAD.keys()
        if not line or odd or any(type(head[k]) is not kind for k, kind in _HEAD.items()):
            raise ValueError("head")
        if (
            head["posko"] != FORMAT
            or hashlib.sha256(content.encode()).hexdigest() != head["sha256"]
        ):
            raise ValueError("content")
        public, signature = bytes.fromhex(head["public_key"]), bytes.fromhex(head["signature"])
        if not sign.verify(public, _message(head), signature):
            raise ValueError("signature")
        head["made_at"] = datetime.fromisoformat(head["made_at"])
    except (ValueError, RecursionError) as error:
        raise UserError(
            "Berkas aturan ini rusak atau diubah sesudah dibuat. Aturan tidak berubah. "
            "Minta pengirim mengirimnya lagi.",
            "rule_file_damaged",
        ) from error
    return {**head, "content": content}


def regulation_of(head: Mapping[str, Any]) -> Regulation:
    """The regulation of a parsed file; raises UserError when this program cannot read it."""
    try:
        law = regulation_from(completed(tomllib.loads(head["content"])), "regulation file")
        if law.id != head["regulation"]:
            raise RulesError("id")
    except (RulesError, ValueError, TypeError, RecursionError) as error:
        raise UserError(
            "Berkas aturan ini dibuat untuk versi Posko yang lain. Aturan tidak berubah. "
            "Pasang Posko versi yang sama dengan pengirim.",
            "rule_file_version",
        ) from error
    return law


def readable(content: str) -> bool:
    """Whether this program can read the regulation."""
    try:
        regulation_from(completed(tomllib.loads(content)), "regulation file")
    except (RulesError, ValueError, TypeError, RecursionError):
        return False
    return True
