"""What the page remembers on this PC: the folders used last and the recipient."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from PySide6.QtCore import QStandardPaths

FILE = "kiriman.json"
_PLACES = QStandardPaths.StandardLocation


@dataclass(frozen=True)
class Memory:
    """Kept in the data folder as a small JSON file; holds nothing of any case."""

    send_folder: str = ""
    read_folder: str = ""
    to_code: str = ""
    lock: str = ""  # "no": files are not locked unless asked for


def load(folder: Path) -> Memory:
    """What was remembered; anything missing or wrong falls back to nothing."""
    try:
        kept = json.loads((folder / FILE).read_text("utf-8"))
    except (OSError, ValueError):
        return Memory()
    if not isinstance(kept, dict):
        return Memory()
    names = asdict(Memory())
    return Memory(**{k: v for k, v in kept.items() if k in names and isinstance(v, str)})


def remember(folder: Path, **changes: str) -> None:
    """Keep what changed; a folder that cannot be written only means it is not kept."""
    kept = replace(load(folder), **changes)
    try:
        (folder / FILE).write_text(json.dumps(asdict(kept), indent=1), "utf-8")
    except OSError:
        return


def default_send_folder() -> Path:
    """Documents/Posko of the person at the PC."""
    documents = QStandardPaths.writableLocation(_PLACES.DocumentsLocation)
    return Path(documents or Path.home()) / "Posko"


def default_read_folder() -> Path:
    """Where browsers and WhatsApp put what they receive."""
    return Path(QStandardPaths.writableLocation(_PLACES.DownloadLocation) or Path.home())
