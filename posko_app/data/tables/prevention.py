"""Prevention work: letters of advice, outreach, pledges, banners and brochures per village.

None of these rows belongs to a case, and parts of an export must be importable alone, so they name
each other by uid without foreign keys.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Mapped, mapped_column

from posko_app.data.base import Synced


class PreventionActivity(Synced):
    """One activity, planned or done."""

    __tablename__ = "prevention"

    office_code: Mapped[str]
    kind: Mapped[str]
    on: Mapped[date]
    title: Mapped[str]
    place: Mapped[str] = mapped_column(default="")
    region_code: Mapped[str] = mapped_column(default="")
    target: Mapped[str] = mapped_column(default="")
    participants: Mapped[int] = mapped_column(default=0)
    quantity: Mapped[int] = mapped_column(default=0)
    description: Mapped[str] = mapped_column(default="")
    done: Mapped[bool] = mapped_column(default=True)
    # Later columns are nullable: NULL is never set, so that old records do not look rewritten.
    item: Mapped[str | None]
    subject: Mapped[str | None]
    letter_uid: Mapped[str | None]
    officer: Mapped[str | None]
    voided: Mapped[bool | None]  # taken back by hand; never deleted


class PreventionTarget(Synced):
    """How many activities of one item an office plans for a month."""

    __tablename__ = "prevention_targets"

    office_code: Mapped[str]
    month_on: Mapped[date] = mapped_column(index=True)  # its first day
    item: Mapped[str]
    amount: Mapped[int] = mapped_column(default=0)


class PreventionRecipient(Synced):
    """One addressee of a letter of advice, and when it was handed over."""

    __tablename__ = "prevention_recipients"

    activity_uid: Mapped[str] = mapped_column(index=True)
    office_code: Mapped[str]
    position: Mapped[int] = mapped_column(default=1)
    name: Mapped[str]
    agency: Mapped[str] = mapped_column(default="")
    received_on: Mapped[date | None]
    received_by: Mapped[str] = mapped_column(default="")
    voided: Mapped[bool] = mapped_column(default=False)


class PreventionFile(Synced):
    """A photo, scan or document in the vault that shows an activity, a signature or a village."""

    __tablename__ = "prevention_files"

    of_uid: Mapped[str] = mapped_column(index=True)  # activity, signatory or entry of coverage
    office_code: Mapped[str]
    kind: Mapped[str]
    description: Mapped[str] = mapped_column(default="")
    file_name: Mapped[str] = mapped_column(default="")
    mime: Mapped[str] = mapped_column(default="")
    size: Mapped[int] = mapped_column(default=0)  # bytes
    sha256: Mapped[str] = mapped_column(default="", index=True)
    added_at: Mapped[datetime]
    added_by: Mapped[str] = mapped_column(default="")
    voided: Mapped[bool] = mapped_column(default=False)
