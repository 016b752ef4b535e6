"""What an office added to the law it came with: own values, regulation files, own holidays.

Every row is one dated decision and none is ever changed or deleted; the newest word holds. All of
it is this office's own and never travels in a workbook.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Mapped, mapped_column

from posko_app.data.base import Row


class RuleOverride(Row):
    """One decision of the office about a fact of a regulation.

    `kind`: `value` sets a field, `reading` settles an open question, `undo` takes back the decision
    that `undoes` names. `valid_from` is the first day of filing of the cases it touches.
    """

    __tablename__ = "rule_overrides"

    regulation: Mapped[str]
    table_name: Mapped[str]  # deadline, stage_date, number … as in the rules file
    entry: Mapped[str]  # the key of the entry in it
    field: Mapped[str]  # the field, or the question of a reading
    kind: Mapped[str]
    value: Mapped[str]  # JSON
    old_value: Mapped[str]  # JSON: what held before, for the history
    valid_from: Mapped[date]
    reason: Mapped[str]
    source: Mapped[str]
    undoes: Mapped[str] = mapped_column(default="")  # uid of a decision
    made_by: Mapped[str]
    made_at: Mapped[datetime]


class RegulationFile(Row):
    """A whole regulation that came as a signed file, or was made here to be sent down.

    Of the versions of one regulation the highest whose `valid_from` is not after the day of filing
    holds; `retired` takes the version out of force again, as a row of its own.
    """

    __tablename__ = "regulation_files"

    regulation: Mapped[str]
    version: Mapped[int]
    title: Mapped[str]
    valid_from: Mapped[date]
    content: Mapped[str]  # the regulation as TOML
    reason: Mapped[str]
    office_code: Mapped[str]
    office_name: Mapped[str]
    practice: Mapped[bool]
    public_key: Mapped[bytes]
    signature: Mapped[bytes]
    sha256: Mapped[str]
    retired: Mapped[bool] = mapped_column(default=False)
    made_by: Mapped[str]
    made_at: Mapped[datetime]


class LocalHoliday(Row):
    """A day as this office has it: not worked, worked after all, or as the program brings it."""

    __tablename__ = "local_holidays"

    on: Mapped[date] = mapped_column(index=True)
    name: Mapped[str]
    kind: Mapped[str]  # national, joint_leave, local
    state: Mapped[str]  # free | worked | shipped
    reason: Mapped[str]
    made_by: Mapped[str]
    made_at: Mapped[datetime]
