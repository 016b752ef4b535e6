"""Signatures of a device (Ed25519), its random id, and its key's fingerprint in plain words."""

from __future__ import annotations

import hashlib
import os
from functools import cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from posko_app.paths import resource

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
WORD_BITS = 10  # resources/words.txt holds 1,024 words and never changes: offices compare them
FINGERPRINT_WORDS = 6


def new_device_id() -> str:
    """40 random bits as 8 characters of Crockford's base32; one per installation incarnation."""
    bits = int.from_bytes(os.urandom(5))
    return "".join(CROCKFORD[bits >> shift & 31] for shift in range(35, -1, -5))


def new_device_key() -> tuple[bytes, bytes]:
    """A fresh key pair: private and public, 32 bytes each."""
    private = Ed25519PrivateKey.generate()
    return private.private_bytes_raw(), private.public_key().public_bytes_raw()


def public_key(private: bytes) -> bytes:
    """The public half of a private key."""
    return Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def sign(private: bytes, message: bytes) -> bytes:
    """The signature of `message`, 64 bytes."""
    return Ed25519PrivateKey.from_private_bytes(private).sign(message)


def verify(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether `signature` was made over `message` with the key behind `public`; never raises."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def fingerprint_words(public: bytes) -> tuple[str, ...]:
    """Six words that two people compare by phone: the first 60 bits of SHA-256 of the key."""
    words = _words()
    bits = int.from_bytes(hashlib.sha256(b"posko/fingerprint/1\0" + public).digest()[:8]) >> 4
    shifts = range((FINGERPRINT_WORDS - 1) * WORD_BITS, -1, -WORD_BITS)
    return tuple(words[bits >> shift & (1 << WORD_BITS) - 1] for shift in shifts)


@cache
def _words() -> tuple[str, ...]:
    found = tuple(resource("words.txt").read_text("utf-8").split())
    if len(found) != 1 << WORD_BITS:
        raise ValueError(f"words.txt holds {len(found)} words")
    return found
