"""How this PC shows Posko: theme, text size, folded sidebar, and who opened it last."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from .tokens import SCALES, THEMES

FILE = "tampilan.json"


@dataclass(frozen=True)
class Looks:
    """Kept in the data folder as a small JSON file; holds nothing of any case."""

    theme: str = "light"
    scale: int = 100
    folded: bool = False
    last_opened: str = ""  # "Sel 15 Okt 2024, 17.12 oleh Agus Setiawan"
    last_account: str = ""
    short_form: bool = False  # Laporan baru shows only what the form of the law requires


def load(folder: Path) -> Looks:
    """The looks kept in a data folder; what is missing or wrong falls back to the default."""
    looks = Looks()
    try:
        kept = json.loads((folder / FILE).read_text("utf-8"))
    except (OSError, ValueError):
        return looks
    if not isinstance(kept, dict):
        return looks
    known: dict[str, Any] = {
        key: value for key, value in kept.items() if type(value) is type(getattr(looks, key, None))
    }
    looks = replace(looks, **known)
    if looks.theme not in THEMES or looks.scale not in SCALES:
        return replace(looks, theme="light", scale=100)
    return looks


def save(folder: Path, looks: Looks) -> None:
    """Keep the looks; a folder that cannot be written only means they are not kept."""
    try:
        (folder / FILE).write_text(json.dumps(asdict(looks), indent=1), "utf-8")
    except OSError:
        return


def remember(folder: Path, **changes: Any) -> Looks:
    """Change some of the looks kept in a data folder and leave the others as they are."""
    looks = replace(load(folder), **changes)
    save(folder, looks)
    return looks
