"""One click makes the first and the second request for news: numbered, frozen, recorded, silent."""

from __future__ import annotations

import pytest

from posko_app.app import Posko
from posko_app.cases.case_view import case_view
from posko_app.cases.intake import file_report
from posko_app.cases.referral import NewUpdate, describe_referral, referrals_of, update_referral
from posko_app.cases.referral_view import ReferralDetails
from posko_app.cases.steps import NewStep, record_step
from posko_app.errors import InvalidInput
from posko_app.letters.compose import compose
from posko_app.letters.information_request import preview_request, request_information
from posko_app.letters.issue import prefilled, reprint
from posko_app.letters.referral_values import values_of
from posko_app.office.settings import set_value
from tests.factory import REPORTER, TODAY, WITNESS, new_report


@pytest.fixture
def referred(posko: Posko) -> tuple[str, str]:
    """A referred case of an office whose signer is known, and its referral."""
    set_value(posko, "signer.name", "Contoh Ketua")
    case = file_report(posko, new_report()).uid
    event = ""
    for kind, outcome, data in (
        ("reviewed", "complete", {}),
        ("registered", "", {}),
        ("clarified", "", {}),
        ("assessed", "", {}),
        ("decided", "violation", {"kinds": "other_law"}),
        ("referred", "", {"addressee": "bkn_regional"}),
    ):
        number = "007/PP.00.00/K.KH-05/X/2024" if kind == "referred" else ""
        step = NewStep(kind=kind, on=TODAY, outcome=outcome, data=data, number=number)
        event = record_step(posko, case, step)
    details = ReferralDetails(
        office_name="Kantor Regional VIII BKN Contoh", external_system="sbt", ticket="SBT-000123"
    )
    describe_referral(posko, case, event, details)
    return case, event


def test_two_clicks_two_letters(posko: Posko, referred: tuple[str, str]) -> None:
    case, event = referred
    first = request_information(posko, case, event)
    assert first.template == "permintaan-informasi-pertama"
    assert first.new
    assert reprint(posko, first.uid).startswith(b"%PDF")
    (line,) = referrals_of(posko, case)
    assert [a.number for a in line.asked] == [first.number]
    second = request_information(posko, case, event)
    assert second.template == "permintaan-informasi-kedua"
    assert second.number != first.number
    view = case_view(posko, case)
    rounds = [e.data["round"] for e in view.state.events if e.kind == "information_requested"]
    assert rounds == ["1", "2"]
    assert view.letters[0].addressee == "Kantor Regional VIII BKN Contoh"
    assert line.waits


def test_the_letter_names_referral_ticket_and_nobody(
    posko: Posko, referred: tuple[str, str]
) -> None:
    case, event = referred
    first = request_information(posko, case, event)
    (line,) = referrals_of(posko, case)
    letter = compose(posko, case, "permintaan-informasi-kedua", values_of(line), "")
    text = " ".join(str(block) for block in letter.filled("1"))
    for part in ("007/PP.00.00/K.KH-05/X/2024", "SBT-000123", "SBT BKN", first.number):
        assert part in text
    for secret in (REPORTER.name, REPORTER.nik, WITNESS.name):
        assert secret not in text


def test_the_studio_offers_the_same_first_wording(posko: Posko, referred: tuple[str, str]) -> None:
    case, event = referred
    values = prefilled(posko, case, "permintaan-informasi-pertama")
    assert values["referral.date"] == "15 Oktober 2024"
    assert preview_request(posko, case, event).pdf.startswith(b"%PDF")
    (line,) = referrals_of(posko, case)
    assert line.asked == ()


def test_what_waits_no_more_is_not_asked(posko: Posko, referred: tuple[str, str]) -> None:
    case, event = referred
    update_referral(posko, case, event, NewUpdate(on=TODAY, state="not_proven"))
    with pytest.raises(InvalidInput, match="tidak lagi menunggu"):
        request_information(posko, case, event)
    assert case_view(posko, case).letters == ()
