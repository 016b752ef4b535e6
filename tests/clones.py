"""A copy of an office that nothing notices, as of a whole disk: for tests of what others notice."""

from __future__ import annotations

import shutil
from pathlib import Path

from posko_app.data.incarnation import TIED
from posko_app.data.store import open_store
from posko_app.data.tables import Setting
from posko_app.paths import OfficeFolder
from posko_app.security.keys import unlock
from tests.conftest import START, FixedClock
from tests.factory import PASSWORD


def unnoticed_copy(source: Path, target: Path) -> Path:
    """Copy a closed office so that it opens as the very same device."""
    shutil.copytree(source, target)
    return untie(target)


def untie(folder: Path) -> Path:
    """Let a closed office forget that it was ever tied to a folder."""
    files = OfficeFolder(folder)
    keys = unlock(files.keyfile, "petugas", PASSWORD, START)
    store = open_store(files.database, keys.database, FixedClock())
    try:
        with store.write() as session:
            session.merge(Setting(key=TIED, value=""))
    finally:
        store.close()
    return folder
