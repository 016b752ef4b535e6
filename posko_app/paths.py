"""Where the program's resources and the user's data are, from source and when frozen."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path


def resource(*parts: str) -> Path:
    """A file or folder under `resources/`."""
    frozen = getattr(sys, "_MEIPASS", None)
    root = Path(frozen) if frozen else Path(__file__).resolve().parents[1]
    return root.joinpath("resources", *parts)


def default_data() -> Path:
    """The user's own data folder; local, never roaming."""
    from platformdirs import user_data_path

    return user_data_path("Posko", appauthor=False, roaming=False)


def default_state() -> Path:
    """Where this computer keeps what must not travel with an office folder; never the data folder.

    POSKO_STATE names another place.
    """
    from platformdirs import user_state_path

    named = os.environ.get("POSKO_STATE")
    return Path(named) if named else user_state_path("Posko-perangkat", appauthor=False)


@dataclass(frozen=True)
class OfficeFolder:
    """The files of one office, all under `root`."""

    root: Path

    @property
    def database(self) -> Path:
        return self.root / "posko.db"

    @property
    def keyfile(self) -> Path:
        return self.root / "kunci.json"

    @property
    def restore_order(self) -> Path:
        """There while a restored database changes places with the one before it."""
        return self.root / "pulih.json"

    @property
    def vault(self) -> Path:
        """Encrypted evidence and frozen letters, stored under their SHA-256."""
        return self.root / "brankas"

    @property
    def lock(self) -> Path:
        return self.root / "posko.lock"

    @property
    def inbox_archive(self) -> Path:
        """Every workbook that was imported, kept as it came."""
        return self.root / "arsip" / "masuk"

    @property
    def quarantine(self) -> Path:
        return self.root / "karantina"

    @property
    def backups(self) -> Path:
        return self.root / "cadangan"

    @property
    def private(self) -> Path:
        """Plain files handed to other programs; wiped at lock, exit and start."""
        return self.root / "sementara"

    @property
    def calendar(self) -> Path:
        """Local holidays and service days that override the shipped tables."""
        return self.root / "kalender.toml"
