"""Wrong passwords in a row: how many are free and how long the next one has to wait."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from posko_app.errors import UserError

FREE_TRIES = 4  # wrong passwords before the first wait
MAX_WAIT = 15  # minutes


def wait_after(failures: int) -> timedelta:
    """How long to wait after so many wrong tries: from the fifth 1 minute, then 2, 4, 8, 15."""
    over = failures - FREE_TRIES
    return timedelta(minutes=min(2 ** min(over - 1, 10), MAX_WAIT) if over > 0 else 0)


def left(slot: dict[str, Any], now: datetime) -> timedelta:
    """How much of the wait is left, never more than the whole of it."""
    try:
        rest = datetime.fromisoformat(slot["wait_until"]) - now
    except (ValueError, TypeError):
        return timedelta(0)
    return max(timedelta(0), min(rest, wait_after(slot["failures"])))


def clock_went_back(slot: dict[str, Any], now: datetime) -> bool:
    """Whether the end of the wait lies further off than any wait reaches."""
    try:
        rest = datetime.fromisoformat(slot["wait_until"]) - now
    except (ValueError, TypeError):
        return False
    return rest > wait_after(slot["failures"])


def note_failure(slot: dict[str, Any], now: datetime) -> timedelta:
    """Count a wrong try in the slot and return the wait it brings."""
    slot["failures"] += 1
    wait = wait_after(slot["failures"])
    slot["wait_until"] = (now + wait).isoformat() if wait else ""
    return wait


def locked_out(rest: timedelta) -> UserError:
    """The error that says how long to wait and that nothing is lost."""
    seconds = max(1, -(-rest // timedelta(seconds=1)))
    words = f"{-(-seconds // 60)} menit" if seconds >= 60 else f"{seconds} detik"
    return UserError(
        f"Kata sandi salah beberapa kali. Tunggu {words}, lalu coba lagi. Data Anda aman.",
        "locked_out",
    )
