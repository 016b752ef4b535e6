"""A case and the dated events that move it; stage and status are computed, never stored here."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from posko_app.data.base import Synced


class Case(Synced):
    """What was reported: the facts of Formulir Model A.1 or B.1 without the reporter's identity."""

    __tablename__ = "cases"

    office_code: Mapped[str]  # the office that took it in
    kind: Mapped[str]
    regulation: Mapped[str]
    election_kind: Mapped[str] = mapped_column(default="")
    election_stage: Mapped[str] = mapped_column(default="")
    number: Mapped[str] = mapped_column(default="", index=True)
    title: Mapped[str] = mapped_column(default="")  # the form's "Peristiwa"
    theme: Mapped[str] = mapped_column(default="")
    article: Mapped[str] = mapped_column(default="")
    channel: Mapped[str] = mapped_column(default="")
    received_at: Mapped[datetime]
    filed_on: Mapped[date]
    filed_time: Mapped[str] = mapped_column(default="")
    filed_place: Mapped[str] = mapped_column(default="")
    known_on: Mapped[date | None]
    event_on: Mapped[date | None]
    event_time: Mapped[str] = mapped_column(default="")
    event_place: Mapped[str] = mapped_column(default="")
    region_code: Mapped[str] = mapped_column(default="")
    narrative: Mapped[str] = mapped_column(default="")
    reporter_alias: Mapped[str] = mapped_column(default="")
    reporter_capacity: Mapped[str] = mapped_column(default="")
    reporter_named: Mapped[bool] = mapped_column(default=False)
    reporter_located: Mapped[bool] = mapped_column(default=False)  # an address was given
    by_proxy: Mapped[bool] = mapped_column(default=False)
    statement_given: Mapped[bool] = mapped_column(default=False)
    signature_matches: Mapped[bool] = mapped_column(default=False)  # with the identity card
    officer: Mapped[str] = mapped_column(default="")
    void_reason: Mapped[str] = mapped_column(default="")
    # NULL in what was taken in before these were asked.
    arrived_at: Mapped[datetime | None]  # when the desk stamped that somebody stood before it
    arrival_reason: Mapped[str | None]  # why the time of filing is another one
    finder: Mapped[str | None]  # the supervisor who found it; not confidential
    finder_title: Mapped[str | None]
    finder_address: Mapped[str | None]
    lhp_number: Mapped[str | None]  # the supervision report that a finding comes from
    lhp_on: Mapped[date | None]
    plenary_number: Mapped[str | None]  # minutes of the plenary that set it as a finding
    plenary_on: Mapped[date | None]
    proxy_letter: Mapped[str | None]  # number of the surat kuasa khusus
    proxy_letter_on: Mapped[date | None]
    info_source: Mapped[str | None]  # where a tip comes from: a page, a broadcast, a poster
    organisation: Mapped[str | None]  # that asks for outreach or coordination
    wanted_on: Mapped[date | None]  # the day it is asked for
    handed_to: Mapped[str | None]  # who is competent for what is outside jurisdiction


class Event(Synced):
    """Something that happened in a case, on a date; never changed, only corrected by another."""

    __tablename__ = "events"

    case_uid: Mapped[str] = mapped_column(ForeignKey("cases.uid"), index=True)
    kind: Mapped[str]
    on: Mapped[date]
    at: Mapped[datetime | None]
    office_code: Mapped[str]
    actor: Mapped[str] = mapped_column(default="")
    outcome: Mapped[str] = mapped_column(default="")
    number: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    data: Mapped[str] = mapped_column(default="{}")  # JSON object of texts
    corrects: Mapped[str] = mapped_column(default="")  # uid of the event it voids
    made_at: Mapped[datetime]

    __table_args__ = (Index("ix_events_kind_on", "kind", "on"),)
