"""This office itself: its identity as a device, its people, settings, series and drafts."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Mapped, mapped_column

from posko_app.data.base import Base, LocalKey, Row


class Office(Base):
    """The one office this database belongs to, and the device it runs on.

    `region_code` is Kemendagri's and serves exchange only; `report_code` (Bawaslu's own table) and
    `letter_code` are typed by the office, never derived, and may stay empty.
    """

    __tablename__ = "office"

    id: Mapped[int] = mapped_column(LocalKey, primary_key=True)
    level: Mapped[str]  # kecamatan | kabupaten | provinsi
    region_code: Mapped[str]
    name: Mapped[str]
    letterhead: Mapped[str] = mapped_column(default="")  # free text, one line per line
    place: Mapped[str] = mapped_column(default="")  # where letters are dated
    report_code: Mapped[str] = mapped_column(default="")
    letter_code: Mapped[str] = mapped_column(default="")
    zone: Mapped[str] = mapped_column(default="WIB")
    paper: Mapped[str] = mapped_column(default="F4")
    regulation: Mapped[str] = mapped_column(default="pilkada-2024")
    election_kind: Mapped[str] = mapped_column(default="PB")
    practice: Mapped[bool] = mapped_column(default=False)
    practice_on: Mapped[date | None]  # the day a practice office believes it is
    device_id: Mapped[str]
    device_private: Mapped[bytes]
    device_public: Mapped[bytes]
    device_label: Mapped[str] = mapped_column(default="")  # for people: "PC-1b"
    recipient_private: Mapped[str] = mapped_column(default="")  # opens what was locked for us
    recipient_public: Mapped[str] = mapped_column(default="")
    counter: Mapped[int] = mapped_column(default=0)  # last n of this device's dots
    lsn: Mapped[int] = mapped_column(default=0)  # last local sequence number
    hlc: Mapped[int] = mapped_column(default=0)  # last hybrid clock value
    made_at: Mapped[datetime]


class Account(Row):
    """A person who may log in."""

    __tablename__ = "accounts"

    login: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    title: Mapped[str] = mapped_column(default="")
    role: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)
    made_at: Mapped[datetime]


class Setting(Base):
    """One value an office set, as JSON text."""

    __tablename__ = "settings"

    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


class Sequence(Base):
    """The last number given in a series, for example reports of one year."""

    __tablename__ = "sequences"

    key: Mapped[str] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column(default=0)


class Draft(Row):
    """A form somebody has begun; sealed, because it may hold the reporter's identity."""

    __tablename__ = "drafts"

    kind: Mapped[str]
    title: Mapped[str] = mapped_column(default="")
    sealed: Mapped[bytes]
    account: Mapped[str]
    changed_at: Mapped[datetime]
