"""Neutrality pledges: the text of an event and everybody who was to sign it."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Mapped, mapped_column

from posko_app.data.base import Synced


class Pledge(Synced):
    """What is special about a pledge; its date, place and title stand in its activity."""

    __tablename__ = "pledges"

    activity_uid: Mapped[str] = mapped_column(index=True)
    office_code: Mapped[str]
    starts_at: Mapped[str] = mapped_column(default="")  # time of day, 09:00
    organiser: Mapped[str] = mapped_column(default="")
    opening: Mapped[str] = mapped_column(default="")
    points: Mapped[str] = mapped_column(default="")  # one line each
    closing: Mapped[str] = mapped_column(default="")


class Signatory(Synced):
    """One invited office with its holder; a vacant office has no name.

    Attendance and a pledge signed alone later are apart, so that neither overwrites the other.
    """

    __tablename__ = "signatories"

    pledge_uid: Mapped[str] = mapped_column(index=True)
    office_code: Mapped[str]
    position: Mapped[int] = mapped_column(default=1)
    name: Mapped[str] = mapped_column(default="")
    nip: Mapped[str] = mapped_column(default="", index=True)  # digits only
    rank: Mapped[str] = mapped_column(default="")
    position_title: Mapped[str] = mapped_column(default="")
    agency: Mapped[str] = mapped_column(default="")
    group_code: Mapped[str] = mapped_column(default="")
    attendance: Mapped[str] = mapped_column(default="")  # present, represented, absent or not yet
    represented_by: Mapped[str] = mapped_column(default="")
    self_pledge_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(default="")
    voided: Mapped[bool] = mapped_column(default=False)
