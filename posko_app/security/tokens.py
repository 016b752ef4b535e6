"""Search tokens: people are found by exact match without their names standing in the database.

A token is the first 12 bytes of HMAC-SHA256 over kind, a zero byte and the normalised value, in
URL-safe base64 (16 characters). The HMAC key is HKDF-SHA256 of the identity key, so only who may
read identities can make or test a token. A plain hash of a NIK would be guessed in minutes.
"""

from __future__ import annotations

import hmac
import re
from base64 import urlsafe_b64encode

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from posko_app.text import fold

_INFO = b"posko/tokens/1"
_SIZE = 12  # bytes of a token


def identity_tokens(
    identity_key: bytes, *, name: str = "", nik: str = "", phone: str = ""
) -> tuple[str, ...]:
    """The tokens of a person: one per word of the name, one for NIK and phone; no doubles.

    A search is the same call with what is known: a person matches who has all its tokens.
    """
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=_INFO).derive(identity_key)
    values = [("name", word) for word in fold(name).split()]
    values += [("nik", _digits(nik)), ("phone", national_phone(phone))]
    made = (_token(derived, kind, value) for kind, value in values if value)
    return tuple(dict.fromkeys(made))


def national_phone(phone: str) -> str:
    """Digits of a phone number with the leading 0 used inside the country: +62 812-3 is 08123."""
    digits = _digits(phone)
    if digits.startswith("62"):
        return "0" + digits[2:].removeprefix("0")
    return "0" + digits if digits.startswith("8") else digits


def _digits(text: str) -> str:
    return re.sub(r"[^0-9]", "", text)


def _token(key: bytes, kind: str, value: str) -> str:
    digest = hmac.digest(key, f"{kind}\0{value}".encode("utf-8", "surrogatepass"), "sha256")
    return urlsafe_b64encode(digest[:_SIZE]).decode()
