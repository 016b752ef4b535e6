"""One click for a request for information on follow-up: a numbered, frozen letter and its step."""

from __future__ import annotations

from sqlalchemy.orm import Session

from posko_app.app import Posko, use_case
from posko_app.cases.referral import referrals_of
from posko_app.cases.referral_course import ASKED, REFERRAL
from posko_app.cases.referral_view import ReferralView
from posko_app.cases.steps import NewStep, add_step
from posko_app.data.tables import Letter
from posko_app.errors import InvalidInput, Problem, UserError
from posko_app.security import permissions

from .catalogue import Value
from .issue import DraftLetter, IssuedLetter, issue, preview
from .referral_values import values_of

TEMPLATES = ("permintaan-informasi-pertama", "permintaan-informasi-kedua")
ROUND = "round"  # key in the data of the event: the first request, the second …


def template_for(referral: ReferralView) -> str:
    """The letter of the next request; after the second, the second again."""
    return TEMPLATES[min(len(referral.asked), len(TEMPLATES) - 1)]


@use_case("letter.draft")
def preview_request(posko: Posko, case: str, event_uid: str) -> DraftLetter:
    """The letter as it would go out, with its proposed number."""
    referral = _referral(posko, case, event_uid)
    return preview(posko, referral.case_uid, template_for(referral), values=_values(referral))


@use_case("letter.issue")
def request_information(posko: Posko, case: str, event_uid: str) -> IssuedLetter:
    """Number and freeze the next request about a referral, and record it in the case.

    Raises InvalidInput when the case does not allow it or the letter lacks something; then no
    number is taken.
    """
    permissions.require(posko.user.role, "case.step")
    referral = _referral(posko, case, event_uid)
    if not referral.waits:
        raise InvalidInput(
            [Problem("kind", "Penerusan ini tidak lagi menunggu jawaban. Surat belum dibuat.")]
        )

    def recorded(session: Session, letter: Letter) -> None:
        uid = add_step(posko, session, referral.case_uid, _step(posko, referral, letter.number))
        posko.note(session, f"step.{ASKED}", referral.case_uid, event=uid)

    return issue(
        posko, referral.case_uid, template_for(referral), values=_values(referral),
        recorded=recorded,
    )  # fmt: skip


def _step(posko: Posko, referral: ReferralView, number: str) -> NewStep:
    data = {REFERRAL: referral.event_uid, ROUND: str(len(referral.asked) + 1)}
    if referral.addressee:
        data["addressee"] = referral.addressee
    return NewStep(kind=ASKED, on=posko.today(), number=number, data=data)


def _referral(posko: Posko, case: str, event_uid: str) -> ReferralView:
    for referral in referrals_of(posko, case):
        if referral.event_uid == event_uid:
            return referral
    raise UserError("Penerusan itu tidak ada pada perkara ini. Data tidak berubah.", "no_referral")


def _values(referral: ReferralView) -> dict[str, Value]:
    return {**values_of(referral), "letter.addressee": referral.office}
