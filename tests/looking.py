"""An inquiry as the step sheet records it."""

from __future__ import annotations

from posko_app.app import Posko
from posko_app.cases.inquiry import (
    OFFICERS,
    ORDERED,
    REPORTED,
    UNTIL,
    InquiryOrder,
    InquiryReport,
    joined,
)
from posko_app.cases.steps import NewStep, record_step


def order_inquiry(posko: Posko, case: str, order: InquiryOrder) -> str:
    """Record a letter of assignment."""
    data = {OFFICERS: joined(order.officers)}
    if order.until:
        data[UNTIL] = order.until.isoformat()
    step = NewStep(kind=ORDERED, on=order.on, number=order.number, note=order.note, data=data)
    return record_step(posko, case, step)


def report_inquiry(posko: Posko, case: str, report: InquiryReport) -> str:
    """Record an LHP."""
    step = NewStep(
        kind=REPORTED,
        on=report.on,
        outcome=report.outcome,
        number=report.number,
        note=report.summary,
    )
    return record_step(posko, case, step)
