"""A consistent copy of an open database, made by the engine itself, never by copying files."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from posko_app.errors import UserError
from posko_app.security import chain, durable

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


@dataclass(frozen=True)
class CopyFacts:
    """What stands in a copy: how many records travel, the head of its audit chain, and whether
    that chain is `broken`, as a sentence.
    """

    records: int
    audit_head: tuple[int, str]
    broken: str


def copy_facts(engine: Engine, copy: Path) -> CopyFacts:
    """Read a copy made by `snapshot` and follow its audit chain to the end."""
    with _raw(engine) as raw:
        raw.execute("ATTACH ? AS salinan", (str(copy),))
        try:
            [records] = raw.execute("SELECT count(*) FROM salinan.sync").fetchone()
            last = "SELECT n, hash FROM salinan.audit ORDER BY n DESC LIMIT 1"
            head = raw.execute(last).fetchone() or (0, "")
            rows = raw.execute("SELECT n, at, body, prev, hash FROM salinan.audit ORDER BY n")
            broken = chain.verify(chain.Entry(n, _moment(at), *rest) for n, at, *rest in rows)
            rows.close()
        finally:
            raw.execute("DETACH salinan")
    return CopyFacts(records, tuple(head), broken.why if broken else "")


def _moment(stored: str) -> str:
    """An instant as the chain hashes it: SQLite keeps UTC without its mark."""
    return datetime.fromisoformat(stored).replace(tzinfo=UTC).isoformat()


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
