"""What becomes of a referral: where it went and how, what was answered, which sanction came."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from posko_app.data.base import Synced


class Referral(Synced):
    """How one referral went out; the referral itself is the event `referred` it belongs to."""

    __tablename__ = "referrals"

    case_uid: Mapped[str] = mapped_column(ForeignKey("cases.uid"), index=True)
    event_uid: Mapped[str] = mapped_column(index=True)  # no key: parts may arrive in any order
    office_name: Mapped[str] = mapped_column(default="")  # "Kantor Regional VIII BKN Banjarmasin"
    external_system: Mapped[str] = mapped_column(default="")
    ticket: Mapped[str] = mapped_column(default="")
    sent_on: Mapped[date | None]  # None: on the day of the event
    remind_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(default="")


class ReferralUpdate(Synced):
    """Something that was learnt about a referral; never changed, only voided by another.

    Like the events of a case: what two offices enter stands side by side, and one law of order
    says which counts last.
    """

    __tablename__ = "referral_updates"

    case_uid: Mapped[str] = mapped_column(ForeignKey("cases.uid"), index=True)
    event_uid: Mapped[str] = mapped_column(index=True)  # of the referral
    on: Mapped[date]
    state: Mapped[str] = mapped_column(default="")  # follow_up_state; empty: looked, nothing new
    number: Mapped[str] = mapped_column(default="")  # of the institution's letter
    note: Mapped[str] = mapped_column(default="")
    evidence_uid: Mapped[str] = mapped_column(default="")  # the answer as a file of the case
    party_uid: Mapped[str] = mapped_column(default="")  # whom the sanction is for
    sanction: Mapped[str] = mapped_column(default="")
    sanction_form: Mapped[str] = mapped_column(default="")  # the punishment itself
    decree_number: Mapped[str] = mapped_column(default="")
    decree_on: Mapped[date | None]
    decree_official: Mapped[str] = mapped_column(default="")
    effective_on: Mapped[date | None]  # TMT
    office_code: Mapped[str]
    actor: Mapped[str] = mapped_column(default="")
    corrects: Mapped[str] = mapped_column(default="")  # uid of the update it voids
    made_at: Mapped[datetime]


class PledgeLink(Synced):
    """Whether a reported person is the one who signed a pledge, as somebody decided it."""

    __tablename__ = "pledge_links"

    case_uid: Mapped[str] = mapped_column(ForeignKey("cases.uid"), index=True)
    party_uid: Mapped[str]
    signatory_uid: Mapped[str] = mapped_column(index=True)
    same: Mapped[bool]  # False: a namesake, do not ask again
    office_code: Mapped[str]
    actor: Mapped[str] = mapped_column(default="")
    made_at: Mapped[datetime]
