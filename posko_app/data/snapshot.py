"""A consistent copy of an open database, made by the engine itself, never by copying files."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from posko_app.errors import UserError
from posko_app.security import durable

from . import engines


def snapshot(engine: Engine, target: Path) -> None:
    """Write an encrypted copy of the SQLite database behind `engine` to `target` and prove it.

    `VACUUM INTO` keeps the key and leaves no journal behind; the copy is checked and synced before
    it gets its final name. Raises UserError when the disk is full or the copy is not whole; an
    earlier `target` is untouched then.
    """
    part = target.with_name(target.name + ".part")
    with _explained():
        part.unlink(missing_ok=True)
        try:
            with _raw(engine) as raw:
                raw.execute("VACUUM INTO ?", (str(part),))
            require_whole(engine, part)
            with part.open("r+b") as file:
                durable.sync_file(file)
            part.replace(target)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        durable.sync_folder(target.parent)


def require_whole(engine: Engine, copy: Path) -> None:
    """Raise UserError unless every page of `copy` opens with the key of `engine` and fits."""
    with _raw(engine) as raw:
        try:
            raw.execute("ATTACH ? AS salinan", (str(copy),))
            try:
                torn = raw.execute("PRAGMA salinan.cipher_integrity_check").fetchall()
                found = raw.execute("PRAGMA salinan.integrity_check").fetchall()
                things = [
                    raw.execute(f"SELECT count(*) FROM {name}.sqlite_master").fetchone()
                    for name in ("main", "salinan")
                ]
            finally:
                raw.execute("DETACH salinan")
        except engines.DRIVER_ERROR as error:
            raise _not_whole(copy) from error
    # An empty file is a whole database too, but not a copy of this one.
    if torn or found != [("ok",)] or things[0] != things[1]:
        raise _not_whole(copy)


def _not_whole(copy: Path) -> UserError:
    return UserError(
        f"Salinan {copy.name} tidak utuh, jadi pekerjaan dihentikan. Data Anda tidak berubah. "
        "Periksa diska dan ruang kosongnya, lalu coba lagi.",
        "backup_failed",
    )


@contextmanager
def _raw(engine: Engine) -> Iterator[Any]:
    """The driver's own connection: neither statement may stand in a transaction."""
    with engine.connect() as connection:
        raw = connection.connection.driver_connection
        if raw is None:
            raise RuntimeError("the database is closed")
        yield raw


@contextmanager
def _explained() -> Iterator[None]:
    """Failures of driver and disk as one plain sentence each."""
    try:
        yield
    except (engines.DRIVER_ERROR, OSError) as error:
        sentence = engines.explain(error)
        if sentence is None:
            raise
        raise UserError(*sentence) from error
