"""The two engines: encrypted SQLite and PostgreSQL, with every pragma and its reason.

`reliability.md` measured them: WAL with synchronous=FULL loses nothing that was committed, and a
raw key opens the file in under a millisecond because no passphrase is stretched per connection.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from posko_app.errors import UserError

PRAGMAS = (
    "foreign_keys=ON",  # children never outlive their case
    "journal_mode=WAL",  # readers never wait for a writer
    "synchronous=FULL",  # a receipt given to a reporter must survive a power cut
    "busy_timeout=10000",  # a backup may hold the file for a moment
    "trusted_schema=OFF",  # a foreign file must not run code
    "cell_size_check=ON",  # notice a damaged page early
    "temp_store=MEMORY",  # no plain text in temporary files
    "mmap_size=0",  # read errors become exceptions, not crashes
    "recursive_triggers=ON",  # REPLACE must not slip past the audit triggers
    "cache_size=-49152",  # 48 MB, filled only where lists are long: both their indexes fit
)
DRIVER_ERROR: type[Exception] = sqlcipher.Error
OLDEST_SQLITE = (3, 51, 3)  # earlier ones may corrupt a WAL with two connections


def make(target: Path | str, key: bytes | None) -> Engine:
    """An engine for a path (SQLite, `key` of 32 bytes) or a `postgresql+psycopg://` URL."""
    if isinstance(target, str):
        return create_engine(target, hide_parameters=True)
    if key is None or len(key) != 32:
        raise ValueError("an encrypted database needs a 32-byte key")
    if sqlcipher.sqlite_version_info < OLDEST_SQLITE:
        raise RuntimeError("the SQLite library is too old")
    return _sqlite(target, key)


def for_reading(engine: Engine) -> Engine:
    """The engine with each transaction one snapshot, which SQLite gives by itself."""
    if engine.dialect.name == "sqlite":
        return engine
    return engine.execution_options(isolation_level="REPEATABLE READ")


def _sqlite(path: Path, key: bytes) -> Engine:
    def connect() -> Any:
        connection = sqlcipher.connect(str(path), isolation_level=None, check_same_thread=False)
        connection.execute(f"PRAGMA key=\"x'{key.hex()}'\"")
        connection.execute("PRAGMA cipher_log_level=NONE")
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        return connection

    # Without a file part in the URL SQLAlchemy would pick a single-thread pool: name the pool.
    engine = create_engine(
        "sqlite://",
        creator=connect,
        module=sqlcipher,
        poolclass=QueuePool,
        hide_parameters=True,  # messages of errors are logged: they must not hold what was stored
    )

    @event.listens_for(engine, "begin")
    def _(connection: Connection) -> None:
        # The driver must not open transactions itself, or DDL would commit half way.
        connection.exec_driver_sql(connection.get_execution_options().get("posko_begin", "BEGIN"))

    return engine


def checkpoint(engine: Engine) -> None:
    """Empty the write-ahead log into the database file."""
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            raw = connection.connection.driver_connection
            if raw is not None:
                # What stays in the log is safe there and read back at the next start.
                with suppress(DRIVER_ERROR):
                    raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def explain(error: BaseException) -> tuple[str, str] | None:
    """The sentence and code for a failure of disk, file or server; None for a bug."""
    text = str(error.orig if isinstance(error, DBAPIError) else error).lower()
    for marks, code, sentence in _SENTENCES:
        if any(mark in text for mark in marks):
            return sentence, code
    return None


_SENTENCES = (
    (
        ("disk is full", "no space left on device", "disk full"),
        "disk_full",
        "Ruang penyimpanan penuh, perubahan terakhir tidak disimpan. Data sebelumnya aman. "
        "Kosongkan paling sedikit 1 GB, lalu coba lagi.",
    ),
    (
        ("readonly database", "read-only"),
        "folder_not_writable",
        "Folder data hanya dapat dibaca, perubahan tidak disimpan. Data sebelumnya aman. "
        "Periksa izin folder itu, lalu coba lagi.",
    ),
    (
        ("unable to open",),
        "folder_not_writable",
        "Basis data tidak dapat dibuka di folder ini. Data Anda tidak berubah. "
        "Periksa apakah folder itu masih ada dan dapat ditulisi.",
    ),
    (
        ("not a database",),
        "not_posko_data",
        "Berkas data tidak dapat dibaca dengan kunci ini: rusak atau bukan data Posko. "
        "Tidak ada yang diubah. Pulihkan dari cadangan.",
    ),
    (
        ("malformed",),
        "damaged",
        "Berkas data rusak. Tidak ada yang diubah. Pulihkan dari cadangan terakhir.",
    ),
    (
        ("disk i/o error",),
        "disk_error",
        "Penyimpanan gagal dibaca atau ditulisi. Perubahan terakhir tidak disimpan. "
        "Periksa diska, lalu coba lagi.",
    ),
    (
        ("database is locked",),
        "office_open",
        "Posko sudah terbuka di jendela lain di komputer ini. Tutup jendela itu lalu coba lagi.",
    ),
    (
        (
            *("connection failed", "connection refused", "connection to server"),
            *("connection is closed", "connection is lost", "terminating connection"),
            "closed the connection unexpectedly",
        ),
        "server_unreachable",
        "Server basis data kantor tidak terhubung. Perubahan terakhir tidak disimpan, data "
        "sebelumnya aman. Periksa jaringan kantor dan servernya, lalu coba lagi.",
    ),
)


def require_file(path: Path) -> None:
    """Raise UserError when there is no database or key file at `path`, or an empty one."""
    if not path.is_file():
        raise UserError(
            f"Belum ada kantor di folder {path.parent}. Tidak ada yang diubah. "
            "Pasang kantor dulu atau pilih folder yang benar.",
            "no_office",
        )
    if path.stat().st_size == 0:
        raise UserError(
            f"Berkas {path.name} kosong. Tidak ada yang diubah. Pulihkan dari cadangan terakhir.",
            "damaged",
        )
