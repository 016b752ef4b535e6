"""Banners and brochures village by village: what is planned, and what happened to them.

Entries add up, so what a kecamatan and its kabupaten wrote about one village merges by itself.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from posko_app.data.base import Synced


class CoveragePlan(Synced):
    """How many pieces of an item a village is to get."""

    __tablename__ = "coverage_plans"

    office_code: Mapped[str]
    village_code: Mapped[str]
    item: Mapped[str]
    quantity: Mapped[int] = mapped_column(default=0)

    __table_args__ = (Index("ix_coverage_plans_village_code_item", "village_code", "item"),)


class CoverageEntry(Synced):
    """Pieces of an item that were received, distributed, installed or removed in a village."""

    __tablename__ = "coverage_entries"

    office_code: Mapped[str]
    village_code: Mapped[str]
    item: Mapped[str]
    action: Mapped[str]
    quantity: Mapped[int] = mapped_column(default=0)
    on: Mapped[date]
    note: Mapped[str] = mapped_column(default="")
    added_at: Mapped[datetime]
    added_by: Mapped[str] = mapped_column(default="")
    voided: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (Index("ix_coverage_entries_village_code_item", "village_code", "item"),)
