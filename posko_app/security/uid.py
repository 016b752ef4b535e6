"""UUIDv7 text, the identity that travels (RFC 9562, section 5.7)."""

from __future__ import annotations

import os
import time
from threading import Lock
from uuid import UUID

_lock = Lock()
_last = 0


def new_uid() -> str:
    """A new identity, later ones sorting after earlier ones within this process."""
    global _last
    with _lock:
        stamp = time.time_ns() * 4096 // 1_000_000  # milliseconds and 12 bits of their fraction
        _last = max(_last + 1, stamp)
        now = _last
    value = (now >> 12) << 80 | 0x7 << 76 | (now & 0xFFF) << 64 | 0b10 << 62
    return str(UUID(int=value | int.from_bytes(os.urandom(8)) >> 2))
