"""Answers given for the officer: the usual ones, Terima sekarang, files."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from posko_app import text as words
from posko_app.app import Posko
from posko_app.cases import arrival

from .entry import Entry
from .rows import RowContent

_KINDS: Mapping[str, str] = {
    ".jpg": "photo",
    ".jpeg": "photo",
    ".png": "photo",
    ".heic": "photo",
    ".webp": "photo",
    ".mp4": "video",
    ".3gp": "video",
    ".mov": "video",
    ".mp3": "audio",
    ".m4a": "audio",
    ".opus": "audio",
    ".ogg": "audio",
    ".wav": "audio",
    ".pdf": "document",
    ".docx": "document",
    ".xlsx": "document",
}
PASTED = "Dari tempelan. Periksa."


def usual(posko: Posko) -> dict[str, Any]:
    """What an empty form starts with."""
    return {
        "officer": posko.user.login,
        "election_kind": posko.office.election_kind,
        "reporter.citizenship": "wni",
    }


def stamp(entry: Entry, posko: Posko) -> datetime | None:
    """Stamp arrival, channel, place and officer where nothing stands yet.

    Gives back the moment when it became the time of filing, None where one stood already.
    """
    now = arrival.stamp(posko)
    here = words.local(now, posko.office.zone)
    free = entry.is_empty("filed_on") and entry.is_empty("filed_time")
    fresh = {
        "channel": "visit",
        "filed_on": here.date(),
        "filed_time": here.time(),
        "filed_place": f"Kantor {posko.office.name}",
        "officer": posko.user.login,
    }
    for key, value in fresh.items():
        if entry.is_empty(key):
            entry.set_value(key, value)
    return now if free else None


def mark_pasted(entry: Entry, keys: list[str]) -> None:
    """Mark fields that a message has filled; the mark goes when the field was visited."""
    for key in keys:
        box = entry.box(key)
        if box is not None:
            box.set_note(PASTED, doubt=True)


def evidence_of(path: Path, posko: Posko) -> RowContent:
    """A file as a row of evidence, with the kind its name tells."""
    kind = _KINDS.get(path.suffix.lower(), "")
    label = posko.vocabulary.label
    raw = {
        "description": words.clean(path.stem).replace("_", " "),
        "kind": label("evidence_kind", kind) if kind else "",
        "source": label("evidence_source", "reporter"),
    }
    return RowContent(raw, str(path))
