"""What letters say about a referral: its letter, way, ticket, earlier requests for news."""

from __future__ import annotations

from posko_app.app import Posko
from posko_app.cases.referral import referrals_of
from posko_app.cases.referral_view import ReferralView
from posko_app.cases.views import CaseView
from posko_app.text import long_date

from .catalogue import Value

EMPTY: dict[str, Value] = {
    "referral.number": "",
    "referral.date": "",
    "referral.ticket": "",
    "referral.asked": "",
}


def referral_values(posko: Posko, view: CaseView) -> dict[str, Value]:
    """The values of the referral that has waited longest, else of the last one."""
    if not view.state.referrals:
        return dict(EMPTY)
    made = referrals_of(posko, view.uid)
    chosen = next((r for r in made if r.waits), made[-1] if made else None)
    return values_of(chosen) if chosen else dict(EMPTY)


def values_of(referral: ReferralView) -> dict[str, Value]:
    """The values of one referral."""
    details = referral.details
    ticket = f"dengan nomor aduan {details.ticket}" if details.ticket else ""
    asked = referral.asked[-1] if referral.asked else None
    number = f"Nomor {asked.number} " if asked and asked.number else ""
    return {
        "referral.number": referral.number,
        "referral.date": long_date(referral.referred_on),
        "referral.ticket": " ".join(t for t in (referral.system_label, ticket) if t),
        "referral.asked": f"{number}tanggal {long_date(asked.on)}" if asked else "",
    }
