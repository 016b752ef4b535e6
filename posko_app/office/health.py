"""Is everything whole: database, vault, audit chain, board, versions, letters."""

from __future__ import annotations

import json

from sqlalchemy import func, select

from posko_app.app import Posko, use_case
from posko_app.data import native_postgres, native_sqlite, versions
from posko_app.data.base import synced_tables
from posko_app.data.store import Store
from posko_app.data.tables import AuditEntry, Evidence, IdentityFile, Letter, Sync, VaultFile
from posko_app.progress import Progress, silent, track
from posko_app.security import chain


@use_case("office.verify")
def verify_storage(posko: Posko, progress: Progress = silent) -> tuple[str, ...]:
    """Check what is stored against what it should be; every problem as one sentence.

    Reads the whole vault, so it takes as long as hashing it does.
    """
    problems = [
        *database_problems(posko.store),
        *audit_problems(posko.store),
        *_versions(posko),
        *_vault(posko, progress),
    ]
    return tuple(problems)


def database_problems(store: Store) -> list[str]:
    """What the engine finds wrong with the file or the tables."""
    engine = store.engine
    problems = []
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            for pragma in ("cipher_integrity_check", "integrity_check", "foreign_key_check"):
                rows = connection.exec_driver_sql(f"PRAGMA {pragma}").fetchall()
                if [tuple(r) for r in rows] not in ([], [("ok",)]):
                    problems.append(f"Basis data rusak ({pragma}). Pulihkan dari cadangan.")
            if problems:
                return problems
            try:
                native_sqlite.check(connection)
            except Exception:  # any failure here means the index must be rebuilt
                problems.append("Indeks pencarian tidak cocok. Data utama tetap utuh.")
        else:
            native_postgres.check(connection)
    return problems


def audit_problems(store: Store) -> list[str]:
    """The chain holds, and the columns lists are made from say what the hashed body says."""
    problems = []
    with store.read() as session:
        rows = select(AuditEntry).order_by(AuditEntry.n).execution_options(yield_per=1000)
        entries = (
            chain.Entry(r.n, r.at.isoformat(), r.body, r.prev, r.hash)
            for r in session.scalars(rows)
        )
        broken = chain.verify(entries)
        if broken:
            problems.append(broken.why)
        for row in session.scalars(rows):
            try:
                body = json.loads(row.body)
            except ValueError:
                body = {}
            if (body.get("account"), body.get("action"), body.get("uid")) != (
                row.account,
                row.action,
                row.entity_uid,
            ):
                problems.append(f"Catatan audit nomor {row.n} pernah diubah.")
                break
    return problems


def _versions(posko: Posko) -> list[str]:
    """Every synced record has a version that reads back."""
    problems = []
    with posko.store.read() as session:
        for name, table in synced_tables().items():
            missing = session.scalar(
                select(func.count())
                .select_from(table)
                .where(~select(Sync.uid).where(Sync.uid == table.uid).exists())
            )
            if missing:
                problems.append(f"{missing} catatan di {name} tidak punya versi.")
        try:
            for _ in versions.load_records(session):
                pass
        except (ValueError, KeyError) as error:
            problems.append(f"Versi catatan tidak terbaca: {error}.")
    return problems


def _vault(posko: Posko, progress: Progress) -> list[str]:
    with posko.store.read() as session:
        files = session.execute(select(VaultFile.sha256, VaultFile.key)).all()
        names = dict(
            session.execute(
                select(Letter.sha256, Letter.number).union_all(
                    select(Evidence.sha256, Evidence.file_name)
                )
            ).all()
        )
        pictures = session.execute(select(IdentityFile.vault_name, IdentityFile.size)).all()
    problems = [
        "Foto KTP suatu perkara rusak atau hilang. Data lain tetap aman. Pulihkan dari cadangan."
        for name, size in pictures
        if not posko.vault.holds(name, size)
    ]
    for sha256, key in track(files, len(files), progress, "Memeriksa bukti"):
        reason = posko.vault.verify(sha256, key)
        if reason:
            named = names.get(sha256) or sha256[:12]
            problems.append(f"Berkas {named} rusak atau hilang: {reason}")
    return problems
