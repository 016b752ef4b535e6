"""What letters say about a pelimpahan: to which office, why and when."""

from __future__ import annotations

from posko_app.cases.views import CaseView
from posko_app.text import DAY_NAMES, MONTH_NAMES, in_words, long_date

from .catalogue import Value

TRANSFER = ("transfer.to", "transfer.reason", "transfer.day", "transfer.date")
EMPTY: dict[str, Value] = dict.fromkeys((*TRANSFER, "transfer.date_words"), "")


def transfer_values(view: CaseView) -> dict[str, Value]:
    """The values of the last pelimpahan of a case; empty when there is none."""
    sent = [e for e in view.state.events if e.kind == "transferred"]
    if not sent:
        return dict(EMPTY)
    event = sent[-1]
    return {
        "transfer.to": event.data.get("to_office", ""),
        "transfer.reason": event.data.get("reason", ""),
        "transfer.day": DAY_NAMES[event.on.weekday()],
        "transfer.date": long_date(event.on),
        "transfer.date_words": f"{in_words(event.on.day)} bulan {MONTH_NAMES[event.on.month - 1]} "
        f"tahun {in_words(event.on.year)}",
    }
