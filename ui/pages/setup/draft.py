"""Answers kept when the user leaves the wizard: everything typed, never a password."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

FILE = "penyiapan.json"


def load(folder: Path) -> dict[str, str]:
    """What was typed before; empty when there is nothing or it cannot be read."""
    try:
        kept = json.loads((folder / FILE).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(kept, dict):
        return {}
    return {str(k): v for k, v in kept.items() if isinstance(v, str)}


def save(folder: Path, answers: Mapping[str, str]) -> None:
    """Keep what was typed; where nothing can be written, it is typed again next time."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / FILE).write_text(json.dumps(dict(answers), indent=1), "utf-8")
    except OSError:
        return


def remove(folder: Path) -> None:
    """Forget what was kept: the office stands."""
    try:
        (folder / FILE).unlink(missing_ok=True)
    except OSError:
        return
