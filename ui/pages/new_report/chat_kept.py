"""A file that is in the vault already, written as the path of a row: drafts keep it sealed."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from pathlib import Path

from posko_app.cases.report import KeptFile

_SCHEME = "brankas:"


def as_path(kept: KeptFile) -> str:
    """The text that stands for a kept file where others have their path."""
    parts = [kept.name, kept.sha256, kept.size, kept.mime, b64encode(kept.key).decode()]
    return _SCHEME + json.dumps(parts)


def kept_in(path: str) -> KeptFile | None:
    """The kept file that a row's path stands for; None for an ordinary path."""
    if not path.startswith(_SCHEME):
        return None
    name, sha256, size, mime, key = json.loads(path.removeprefix(_SCHEME))
    return KeptFile(name, sha256, size, mime, b64decode(key))


def name_in(path: str) -> str:
    """The name of the file that a row's path means."""
    kept = kept_in(path)
    return kept.name if kept else Path(path).name


def size_in(path: str) -> int | None:
    """How many bytes it has; None when it is not there any more."""
    if kept := kept_in(path):
        return kept.size
    try:
        return Path(path).stat().st_size
    except OSError:
        return None
