"""A consistent copy of an open database, made by the engine itself, never by copying files."""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy import Engine


def snapshot(engine: Engine, target: Path) -> None:
    """Write an encrypted copy of the SQLite database behind `engine` to `target`.

    `VACUUM INTO` keeps the key and leaves no journal behind; the copy is synced before it gets
    its final name.
    """
    part = target.with_name(target.name + ".part")
    part.unlink(missing_ok=True)
    with engine.connect() as connection:
        raw = connection.connection.driver_connection
        if raw is None:
            raise RuntimeError("the database is closed")
        raw.execute("VACUUM INTO ?", (str(part),))
    with part.open("r+b") as file:
        os.fsync(file.fileno())
    part.replace(target)
