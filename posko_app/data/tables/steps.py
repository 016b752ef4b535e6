"""What steps leave behind: who was asked to clarify, what was asked and said, what was checked."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from posko_app.data.base import Synced


class Clarification(Synced):
    """One invitation of one person to clarify, and how it went; people stand here by alias only."""

    __tablename__ = "clarifications"

    case_uid: Mapped[str] = mapped_column(ForeignKey("cases.uid"), index=True)
    event_uid: Mapped[str] = mapped_column(default="")  # the step that invited
    role: Mapped[str]  # reporter, finder, reported, witness, expert
    person_uid: Mapped[str] = mapped_column(default="")  # of the terlapor or witness
    alias: Mapped[str] = mapped_column(default="")  # Pelapor, Terlapor 1, Saksi 2, Ahli 1
    round: Mapped[int] = mapped_column(default=1)
    for_on: Mapped[date | None]
    for_time: Mapped[str] = mapped_column(default="")
    place: Mapped[str] = mapped_column(default="")
    mode: Mapped[str] = mapped_column(default="")
    online_reason: Mapped[str] = mapped_column(default="")
    delivered: Mapped[str] = mapped_column(default="")
    delivered_on: Mapped[date | None]
    state: Mapped[str] = mapped_column(default="")  # invited, attended, absent, cancelled
    held_on: Mapped[date | None]
    began: Mapped[str] = mapped_column(default="")
    ended: Mapped[str] = mapped_column(default="")
    examiner: Mapped[str] = mapped_column(default="")  # who asked
    recorded: Mapped[bool] = mapped_column(default=False)  # in sound and picture
    oath: Mapped[str] = mapped_column(default="")
    oath_note: Mapped[str] = mapped_column(default="")
    minutes_number: Mapped[str] = mapped_column(default="")
    read_back: Mapped[bool] = mapped_column(default=False)  # read to the person, who agreed
    note: Mapped[str] = mapped_column(default="")
    office_code: Mapped[str] = mapped_column(default="")
    made_by: Mapped[str] = mapped_column(default="")
    made_at: Mapped[datetime]
    religion: Mapped[str] = mapped_column(default="", info={"local": True})  # sealed


class ClarificationQuestion(Synced):
    """A question of the minutes with its answer, both sealed: answers may name the reporter."""

    __tablename__ = "clarification_questions"

    case_uid: Mapped[str] = mapped_column(ForeignKey("cases.uid"), index=True)
    clarification_uid: Mapped[str] = mapped_column(index=True)
    position: Mapped[int] = mapped_column(default=1)  # 0: struck out
    question: Mapped[str] = mapped_column(default="")
    answer: Mapped[str] = mapped_column(default="")


class CheckMark(Synced):
    """One thing somebody looked at in a case; never changed, the latest of an item counts."""

    __tablename__ = "check_marks"

    case_uid: Mapped[str] = mapped_column(ForeignKey("cases.uid"), index=True)
    item: Mapped[str]  # key of a check of the desk
    mark: Mapped[str]  # yes, no, not_needed
    note: Mapped[str] = mapped_column(default="")
    office_code: Mapped[str] = mapped_column(default="")
    made_by: Mapped[str] = mapped_column(default="")
    made_at: Mapped[datetime]
