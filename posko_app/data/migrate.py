"""Make a database or bring an older one up to date with Alembic, each step in one transaction.

The foreign keys of SQLite are off while a step runs (a table rebuild would cascade) and checked
after; what only one engine has is recreated after every upgrade by `native_sqlite` or
`native_postgres`.
"""

from __future__ import annotations

from pathlib import Path

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect
from sqlalchemy.orm import Session

from posko_app.errors import UserError

from . import native_postgres, native_sqlite
from .carried import lift_carried
from .snapshot import snapshot

FOLDER = Path(__file__).with_name("migrations")


def upgrade(engine: Engine, path: Path | None) -> None:
    """Bring the database behind `engine` to the newest version.

    `path` is the SQLite file: an older one is copied beside itself first. Raises UserError
    `newer_database` when a later program made it.
    """
    script = ScriptDirectory.from_config(_config())
    with engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
        filled = bool(inspect(connection).get_table_names())
    newest = script.get_current_head()
    if current == newest:
        return
    known = {revision.revision for revision in script.walk_revisions()}
    if current is not None and current not in known:
        raise UserError(
            "Data ini dibuat oleh Posko yang lebih baru. Data Anda tidak berubah. "
            "Pasang Posko versi terbaru, lalu buka lagi.",
            "newer_database",
        )
    if current is None and filled:
        raise UserError(
            "Berkas data ini bukan milik Posko. Tidak ada yang diubah. Pilih folder yang benar.",
            "not_posko_data",
        )
    if path is not None and current is not None:
        snapshot(engine, path.with_name(f"{path.stem}-{current}.cadangan.db"))
    _run(engine, script)


def _run(engine: Engine, script: ScriptDirectory) -> None:
    sqlite = engine.dialect.name == "sqlite"
    writer = engine.execution_options(posko_begin="BEGIN IMMEDIATE")
    with writer.connect() as connection:
        raw = connection.connection.driver_connection
        if sqlite and raw is not None:
            raw.execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                apply_steps(connection, script)
                with Session(connection, join_transaction_mode="rollback_only") as session:
                    lift_carried(session)
                    session.flush()
                native = native_sqlite if sqlite else native_postgres
                native.recreate(connection)
        finally:
            if sqlite and raw is not None:
                raw.execute("PRAGMA foreign_keys=ON")


def apply_steps(
    connection: Connection, script: ScriptDirectory | None = None, target: str = "head"
) -> None:
    """Run the steps up to `target` inside the caller's transaction."""
    script = script or ScriptDirectory.from_config(_config())

    def steps(revision: object, context: MigrationContext) -> object:
        return script._upgrade_revs(target, revision)  # type: ignore[arg-type]

    with EnvironmentContext(_config(), script, fn=steps, destination_rev=target) as environment:
        environment.configure(connection=connection, transactional_ddl=False)
        environment.run_migrations()
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise RuntimeError(f"a migration broke foreign keys: {broken[:3]}")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    return config
