"""The people of a case: reported parties in the open, reporter and witnesses in a compartment."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from posko_app.data.base import Base, LocalKey, Synced


class ReportedParty(Synced):
    """A terlapor."""

    __tablename__ = "reported_parties"

    case_uid: Mapped[str] = mapped_column(ForeignKey("cases.uid"), index=True)
    position: Mapped[int] = mapped_column(default=1)
    name: Mapped[str]
    category: Mapped[str] = mapped_column(default="")
    nip: Mapped[str] = mapped_column(default="", index=True)
    rank: Mapped[str] = mapped_column(default="")
    position_title: Mapped[str] = mapped_column(default="")
    agency: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")


class Witness(Synced):
    """A saksi, known here only by an alias."""

    __tablename__ = "witnesses"

    case_uid: Mapped[str] = mapped_column(ForeignKey("cases.uid"), index=True)
    position: Mapped[int] = mapped_column(default=1)
    alias: Mapped[str]


class Identity(Synced):
    """Who a reporter or witness is; every value sealed with the identity key, field by field."""

    __tablename__ = "identities"

    case_uid: Mapped[str] = mapped_column(ForeignKey("cases.uid"), index=True)
    witness_uid: Mapped[str] = mapped_column(default="", index=True)  # empty: the reporter
    name: Mapped[str] = mapped_column(default="")
    nik: Mapped[str] = mapped_column(default="")
    birth_place: Mapped[str] = mapped_column(default="")
    birth_on: Mapped[str] = mapped_column(default="")
    sex: Mapped[str] = mapped_column(default="")
    occupation: Mapped[str] = mapped_column(default="")
    citizenship: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")


class IdentityToken(Base):
    """A keyed hash of one name word, NIK or phone, for exact-match search by permitted roles."""

    __tablename__ = "identity_tokens"

    id: Mapped[int] = mapped_column(LocalKey, primary_key=True)
    identity_uid: Mapped[str] = mapped_column(ForeignKey("identities.uid"), index=True)
    token: Mapped[str] = mapped_column(index=True)


class IdentityFile(Base):
    """A picture of somebody's identity card; the key of its vault file is sealed like an identity.

    It stands among no evidence and no `vault_files`, and never leaves this office.
    """

    __tablename__ = "identity_files"

    id: Mapped[int] = mapped_column(LocalKey, primary_key=True)
    uid: Mapped[str] = mapped_column(unique=True)
    case_uid: Mapped[str] = mapped_column(ForeignKey("cases.uid"), index=True)
    person: Mapped[str] = mapped_column(default="")  # as `witness_uid` of an identity
    kind: Mapped[str]
    vault_name: Mapped[str]  # below the vault; tells nothing without the key
    sealed: Mapped[str]  # what opens it
    size: Mapped[int]
    added_at: Mapped[datetime]
    added_by: Mapped[str]
