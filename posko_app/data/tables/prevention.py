"""Prevention work: letters of advice, outreach, pledges, banners and brochures per village."""

from __future__ import annotations

from datetime import date

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
