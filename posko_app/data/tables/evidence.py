"""Evidence as a fact of the case, and the vault file that holds its bytes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from posko_app.data.base import Base, Synced


class Evidence(Synced):
    """One item of evidence; without a file when it is a thing or not handed over yet."""

    __tablename__ = "evidence"

    case_uid: Mapped[str] = mapped_column(ForeignKey("cases.uid"), index=True)
    position: Mapped[int] = mapped_column(default=1)
    description: Mapped[str] = mapped_column(default="")
    kind: Mapped[str] = mapped_column(default="")
    source: Mapped[str] = mapped_column(default="")
    file_name: Mapped[str] = mapped_column(default="")
    mime: Mapped[str] = mapped_column(default="")
    size: Mapped[int] = mapped_column(default=0)  # bytes
    sha256: Mapped[str] = mapped_column(default="", index=True)
    added_at: Mapped[datetime]
    added_by: Mapped[str] = mapped_column(default="")


class VaultFile(Base):
    """The key of one encrypted file in the vault; destroying the key erases the content."""

    __tablename__ = "vault_files"

    sha256: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[bytes]
    size: Mapped[int]
    added_at: Mapped[datetime]
    piece: Mapped[bool | None]  # whether it came as a chunk of something bigger
