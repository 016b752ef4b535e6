"""What exchange keeps besides the ledger: forks, keys, proposals, parked records, packages."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from posko_app.data.base import Base, LocalKey, Row


class ForkedDevice(Base):
    """A device that was proven to exist twice: its claims about itself are not believed."""

    __tablename__ = "forked_devices"

    device_id: Mapped[str] = mapped_column(primary_key=True)
    office_code: Mapped[str]
    proof: Mapped[str]  # how it showed, for people
    source: Mapped[str] = mapped_column(default="")  # device that told of it; empty: seen here
    found_at: Mapped[datetime]


class TrustedKey(Base):
    """The key of a device of another office, and who vouched for it here."""

    __tablename__ = "trusted_keys"

    device_id: Mapped[str] = mapped_column(primary_key=True)
    office_code: Mapped[str] = mapped_column(index=True)
    public_key: Mapped[bytes]
    recipient: Mapped[str] = mapped_column(default="")  # public key files are sealed for
    state: Mapped[str]  # pinned | trusted | refused | revoked
    certificate: Mapped[str] = mapped_column(default="")  # signed line of a roster
    signed_by: Mapped[str] = mapped_column(default="")  # device that signed it
    version: Mapped[int] = mapped_column(default=0)  # of the roster it came with
    decided_by: Mapped[str]
    second_by: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[datetime]


class ImportBefore(Base):
    """A record as it stood before an import wrote it; what an undo puts back."""

    __tablename__ = "import_befores"

    id: Mapped[int] = mapped_column(LocalKey, primary_key=True)
    import_uid: Mapped[str] = mapped_column(index=True)
    record_uid: Mapped[str] = mapped_column(index=True)
    table_name: Mapped[str]
    before: Mapped[str | None]  # canonical text; none: it did not exist
    after_hash: Mapped[str]  # of the text that the import left
    after_lsn: Mapped[int]


class SentCase(Base):
    """A case that went to an office once, or could have; it is told of it wherever it moves on."""

    __tablename__ = "sent_cases"

    to_code: Mapped[str] = mapped_column(primary_key=True)
    case_uid: Mapped[str] = mapped_column(primary_key=True)


class Proposal(Row):
    """A value somebody typed into a workbook, waiting for this office or decided by it."""

    __tablename__ = "proposals"

    import_uid: Mapped[str] = mapped_column(index=True)
    fingerprint: Mapped[str] = mapped_column(unique=True)  # export, record, field and value
    table_name: Mapped[str]
    record_uid: Mapped[str] = mapped_column(default="", index=True)  # empty: a new record
    field: Mapped[str]
    base: Mapped[str]  # JSON of the value in the machine layer; empty: unknown
    theirs: Mapped[str]  # JSON: the typed value, the cells of a new row, and what kind of edit
    place: Mapped[str]  # sheet and cell
    signature: Mapped[str]  # valid | broken | missing
    state: Mapped[str]  # open | accepted | refused
    decided_by: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[datetime | None]


class ParkedRecord(Base):
    """A record that came and cannot be taken in yet: its parent or its table is not known here."""

    __tablename__ = "parked_records"

    uid: Mapped[str] = mapped_column(primary_key=True)
    table_name: Mapped[str]
    case_uid: Mapped[str] = mapped_column(default="", index=True)
    text: Mapped[str]
    hash: Mapped[str]
    why: Mapped[str]  # no_parent | unknown_table
    lsn: Mapped[int]
    import_uid: Mapped[str]

    __table_args__ = (Index("ix_parked_records_lsn", "lsn"),)


class Package(Base):
    """A package of evidence of which a part came: its signed list, and which parts were whole."""

    __tablename__ = "packages"

    group_id: Mapped[str] = mapped_column(primary_key=True)
    office_code: Mapped[str]  # who sent it
    office_name: Mapped[str]
    device_id: Mapped[str]
    made_at: Mapped[datetime]
    parts: Mapped[int]
    came: Mapped[str] = mapped_column(default="")  # numbers of parts that were whole, with commas
    listing: Mapped[str]  # JSON, as it was signed
    seen_at: Mapped[datetime]


class PackageFile(Base):
    """One evidence file of a package group: how much of it is here."""

    __tablename__ = "package_files"

    id: Mapped[int] = mapped_column(LocalKey, primary_key=True)
    group_id: Mapped[str] = mapped_column(index=True)
    office_code: Mapped[str]  # who sent it
    sha256: Mapped[str] = mapped_column(index=True)
    evidence_uid: Mapped[str] = mapped_column(default="", index=True)
    size: Mapped[int]
    parts: Mapped[str]  # numbers of the parts that carry it, with commas
    have: Mapped[str] = mapped_column(default="")  # numbers of those that came
    complete: Mapped[bool] = mapped_column(default=False)
    seen_at: Mapped[datetime]
    waiting: Mapped[str | None]  # uids, with commas, whose evidence is not known here yet
    brought: Mapped[bool | None]  # whether the content came by a part of this very package

    __table_args__ = (Index("ix_package_files_group_sha", "group_id", "sha256", unique=True),)


class IntakeRow(Base):
    """A row of a filled blank workbook that was taken in: it is never filed twice."""

    __tablename__ = "intake_rows"

    id: Mapped[int] = mapped_column(LocalKey, primary_key=True)
    book_uid: Mapped[str] = mapped_column(index=True)
    sheet: Mapped[str]
    row_key: Mapped[str]
    content_hash: Mapped[str]
    record_uid: Mapped[str] = mapped_column(index=True)
    taken_at: Mapped[datetime]

    __table_args__ = (Index("ix_intake_rows_row", "book_uid", "sheet", "row_key", unique=True),)


class HeldIdentity(Row):
    """Who stands in a row of a filled workbook that went back for mending; it never goes with it.

    Local and sealed; gone as soon as the row is filed.
    """

    __tablename__ = "held_identities"

    book_uid: Mapped[str] = mapped_column(index=True)
    form_key: Mapped[str]  # of the row of the report
    part: Mapped[str]  # reporter or witness
    row_key: Mapped[str]
    sealed: Mapped[str]
    held_at: Mapped[datetime]


class NumberBlock(Base):
    """Numbers of a series that one device of this office may give out by itself."""

    __tablename__ = "number_blocks"

    id: Mapped[int] = mapped_column(LocalKey, primary_key=True)
    series: Mapped[str] = mapped_column(index=True)
    device_id: Mapped[str]
    first: Mapped[int]
    last: Mapped[int]
