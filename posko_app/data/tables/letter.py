"""Issued letters: numbered and frozen."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from posko_app.data.base import Synced


class Letter(Synced):
    """A letter or form that left the office; its PDF lies in the vault under `sha256`."""

    __tablename__ = "letters"

    case_uid: Mapped[str | None] = mapped_column(ForeignKey("cases.uid"), index=True)
    office_code: Mapped[str]
    template: Mapped[str]
    title: Mapped[str]
    number: Mapped[str] = mapped_column(default="")
    dated_on: Mapped[date]
    addressee: Mapped[str] = mapped_column(default="")
    sha256: Mapped[str]
    size: Mapped[int]
    issued_at: Mapped[datetime]
    issued_by: Mapped[str] = mapped_column(default="")

    __table_args__ = (Index("ix_letters_book", "dated_on", "issued_at", "uid"),)
