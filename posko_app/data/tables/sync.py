"""Versions of synced records and the ledger of what went to and came from other offices."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from posko_app.data.base import Base, LocalKey, Row


class Sync(Base):
    """The version of one record: vector, creating write, and stamps of fields changed since."""

    __tablename__ = "sync"

    uid: Mapped[str] = mapped_column(primary_key=True)
    table_name: Mapped[str]
    case_uid: Mapped[str] = mapped_column(default="", index=True)
    lsn: Mapped[int]
    version: Mapped[str]  # canonical JSON, see data.versions

    __table_args__ = (Index("ix_sync_lsn", "lsn"),)


class Sibling(Base):
    """One of several unresolved values of a field."""

    __tablename__ = "siblings"

    id: Mapped[int] = mapped_column(LocalKey, primary_key=True)
    uid: Mapped[str] = mapped_column(index=True)
    table_name: Mapped[str]
    case_uid: Mapped[str] = mapped_column(default="", index=True)
    field: Mapped[str]
    sibling: Mapped[str]  # canonical JSON


class Peer(Row):
    """Another office's device, its pinned key, and how far each side has heard the other."""

    __tablename__ = "peers"

    office_code: Mapped[str] = mapped_column(index=True)
    office_name: Mapped[str]
    level: Mapped[str] = mapped_column(default="")
    device_id: Mapped[str] = mapped_column(unique=True)
    public_key: Mapped[bytes]
    practice: Mapped[bool] = mapped_column(default=False)
    received_lsn: Mapped[int] = mapped_column(default=0)
    received_seq: Mapped[int] = mapped_column(default=0)
    received_xid: Mapped[str] = mapped_column(default="")
    acked_lsn: Mapped[int] = mapped_column(default=0)
    acked_made: Mapped[int] = mapped_column(default=0)  # second it was said in, by their clock
    ahead_lsn: Mapped[int] = mapped_column(default=0)  # they hold more of ours than we do: up to it
    seen_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]  # replaced or lost: the channel waits for it no more


class Export(Row):
    """One export made for another office; `seq` counts per recipient."""

    __tablename__ = "exports"

    to_code: Mapped[str] = mapped_column(index=True)
    seq: Mapped[int]
    prev: Mapped[str] = mapped_column(default="")
    from_lsn: Mapped[int]
    upto_lsn: Mapped[int]
    rows: Mapped[int]
    profile: Mapped[str]
    file_name: Mapped[str]
    made_at: Mapped[datetime]
    made_by: Mapped[str]
    acked_at: Mapped[datetime | None]
    outside: Mapped[bool] = mapped_column(default=False)  # a copy: no number, no claim, no receipt
    locked: Mapped[bool] = mapped_column(default=False)  # encrypted for the recipient's key


class Import(Row):
    """One workbook that was read, whether applied or refused."""

    __tablename__ = "imports"

    sha256: Mapped[str] = mapped_column(index=True)
    file_name: Mapped[str]
    export_uid: Mapped[str] = mapped_column(default="", index=True)
    device_id: Mapped[str] = mapped_column(default="")
    office_code: Mapped[str] = mapped_column(default="")
    seq: Mapped[int] = mapped_column(default=0)
    prev: Mapped[str] = mapped_column(default="")  # export id before it on its channel
    verdict: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    new: Mapped[int] = mapped_column(default=0)
    updated: Mapped[int] = mapped_column(default=0)
    same: Mapped[int] = mapped_column(default=0)
    conflicts: Mapped[int] = mapped_column(default=0)
    rejected: Mapped[int] = mapped_column(default=0)
    applied_at: Mapped[datetime]
    applied_by: Mapped[str]
    channel_before: Mapped[str] = mapped_column(default="")  # JSON of the peer's row, for an undo
    upto_lsn: Mapped[int] = mapped_column(default=0)  # own sequence number after it
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str] = mapped_column(default="")
