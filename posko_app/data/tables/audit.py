"""The append-only journal: a chain of hashes over everything people did."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from posko_app.data.base import Base, LocalKey


class AuditEntry(Base):
    """One link of the chain; triggers refuse to change or delete it."""

    __tablename__ = "audit"

    n: Mapped[int] = mapped_column(LocalKey, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    account: Mapped[str]
    action: Mapped[str]
    entity_uid: Mapped[str] = mapped_column(default="", index=True)
    body: Mapped[str]  # canonical JSON
    prev: Mapped[str]
    hash: Mapped[str]
