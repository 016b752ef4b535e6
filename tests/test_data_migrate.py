"""Migrations: old plus steps equals the models, a copy first, newer refused, all or nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect, text

from posko_app.data import engines, migrate, native_sqlite
from posko_app.data.base import Base
from posko_app.data.snapshot import require_whole, snapshot
from posko_app.data.store import open_store
from posko_app.errors import UserError
from tests import postgres

NOW = datetime(2024, 10, 15, 2, 0, tzinfo=UTC)
KEY = bytes(range(32))
REVISIONS = [
    r.revision
    for r in reversed(list(ScriptDirectory.from_config(migrate._config()).walk_revisions()))
]


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def engine(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    if request.param == "sqlite":
        made = engines.make(tmp_path_factory.mktemp("db") / "posko.db", KEY)
        yield made
        made.dispose()
        return
    reason = postgres.missing()
    if reason:
        pytest.skip(f"PostgreSQL is not tested: {reason}")
    with postgres.server() as address:
        made = engines.make(postgres.new_database(address, "steps"), None)
        yield made
        made.dispose()


def _ours(thing: object, name: str | None, kind: str, *_: object) -> bool:
    """Leave out what only one engine has and `native_*` recreates."""
    return not (name or "").startswith(("case_search", "ix_case_board_words"))


def differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(
        connection, opts={"compare_type": True, "include_object": _ours}
    )
    return list(compare_metadata(context, Base.metadata))


def test_old_and_steps_make_the_models(engine: Engine) -> None:
    """Step by step from nothing; after the last one the database equals the models."""
    for revision in REVISIONS:
        with engine.begin() as connection:
            migrate.apply_steps(connection, target=revision)
        with engine.connect() as connection:
            found = differences(connection)
        assert found or revision != REVISIONS[0]
    assert found == []


def test_an_older_database_is_copied_first(tmp_path: Path) -> None:
    path = tmp_path / "posko.db"
    engine = engines.make(path, KEY)
    with engine.begin() as connection:
        migrate.apply_steps(connection, target=REVISIONS[0])
    engine.dispose()
    open_store(path, KEY, lambda: NOW).close()
    copy = tmp_path / f"posko-{REVISIONS[0]}.cadangan.db"
    old = engines.make(copy, KEY)
    with old.connect() as connection:
        assert MigrationContext.configure(connection).get_current_revision() == REVISIONS[0]
        assert "cases" not in inspect(connection).get_table_names()
    old.dispose()


def test_a_copy_is_proven_before_it_counts(tmp_path: Path) -> None:
    store = open_store(tmp_path / "posko.db", KEY, lambda: NOW)
    copy = tmp_path / "salinan.db"
    snapshot(store.engine, copy)
    require_whole(store.engine, copy)
    whole = copy.read_bytes()
    torn = bytearray(whole)
    torn[len(torn) // 2] ^= 1
    for spoiled in (bytes(torn), whole[: len(whole) // 2], b"", b"bukan basis data" * 999):
        copy.write_bytes(spoiled)
        with pytest.raises(UserError) as caught:
            require_whole(store.engine, copy)
        assert caught.value.code == "backup_failed"
    copy.write_bytes(whole)
    require_whole(store.engine, copy)  # and the connection is still good
    store.close()


def test_a_copy_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    store = open_store(tmp_path / "posko.db", KEY, lambda: NOW)
    with pytest.raises(UserError) as caught:
        snapshot(store.engine, tmp_path / "tidak ada" / "salinan.db")
    assert caught.value.code == "folder_not_writable"
    assert [p.name for p in tmp_path.iterdir() if "salinan" in p.name] == []
    store.close()


def test_a_newer_database_is_refused_kindly(tmp_path: Path) -> None:
    path = tmp_path / "posko.db"
    store = open_store(path, KEY, lambda: NOW)
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    store.close()
    with pytest.raises(UserError, match="lebih baru") as caught:
        open_store(path, KEY, lambda: NOW)
    assert caught.value.code == "newer_database"


def test_a_failing_upgrade_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last act of an upgrade fails: not one table may stay."""

    def fail(connection: Connection) -> None:
        raise RuntimeError("half way")

    path = tmp_path / "posko.db"
    with monkeypatch.context() as patch:
        patch.setattr(native_sqlite, "recreate", fail)
        with pytest.raises(RuntimeError, match="half way"):
            open_store(path, KEY, lambda: NOW)
    engine = engines.make(path, KEY)
    with engine.connect() as connection:
        assert inspect(connection).get_table_names() == []
    engine.dispose()
    open_store(path, KEY, lambda: NOW).close()


def test_a_step_that_offices_have_run_is_never_changed() -> None:
    """A database that ran it once will not run it again: what changes needs a step of its own."""
    shipped = Path(__file__).with_name("golden") / "migrations.txt"
    for line in shipped.read_text("utf-8").splitlines():
        digest, name = line.split()
        step = migrate.FOLDER / "versions" / name
        assert hashlib.sha256(step.read_bytes()).hexdigest() == digest, name
