"""What became of the referrals of a practice office: tickets, news, a sanction, a request."""

from __future__ import annotations

from datetime import timedelta

from posko_app.cases.case_view import case_view
from posko_app.cases.queries import CaseFilter, list_cases
from posko_app.cases.referral import (
    NewUpdate,
    describe_referral,
    referrals_of,
    update_referral,
)
from posko_app.cases.referral_book import referral_book
from posko_app.cases.referral_view import ReferralDetails, ReferralView, Sanction
from posko_app.cases.waiting import waiting
from posko_app.letters.information_request import request_information

from .clock import PRACTICE_ON
from .offices import PracticeOffice

OFFICES = {
    "bkn_regional": "Kantor Regional BKN Tirta Raya",
    "bkn": "Badan Kepegawaian Negara, Direktorat Percontohan",
    "ppk": "Bupati Gunung Mas selaku Pejabat Pembina Kepegawaian",
}
MOST = 12  # referrals that something is told about; the bulk of a great office has none
LOOKED_AT = 80  # cases among which an answered one is looked for
NEWS = (
    ("received_by_agency", "Berkas diterima lengkap."),
    ("under_verification", "Diverifikasi Satgas Netralitas, nomor aduan sudah terbit."),
    ("", "Laman diperiksa, belum ada perubahan."),
)


def news_of_referrals(office: PracticeOffice) -> None:
    """Tell about the referrals that wait longest, and about one that was answered."""
    with office.acting(office.who("verifier")) as posko:
        found = waiting(posko).items[:MOST]
        for place, row in enumerate(found):
            _describe(office, row, place)
        told = list_cases(posko, CaseFilter(view="all"), limit=LOOKED_AT)
        made = (row for case in told for row in referrals_of(posko, case.uid))
        answered = [row for row in made if row.state == "answered"]
        for row in answered[:2]:
            _sanction(office, row)
    if found:
        with office.acting(office.who("leader")) as posko:
            request_information(posko, found[0].case_uid, found[0].event_uid)


def _describe(office: PracticeOffice, row: ReferralView, place: int) -> None:
    rule = referral_book().addressee(row.addressee)
    ticket = f"{rule.systems[0].upper()}-2024-{1207 + 37 * place}" if place % 3 != 2 else ""
    details = ReferralDetails(
        office_name=OFFICES.get(row.addressee, ""),
        external_system=rule.systems[0],
        ticket=ticket if rule.systems[0] == "sbt" else "",
        remind_on=PRACTICE_ON + timedelta(days=7 * (place % 4) - 5) if place % 2 else None,
    )
    describe_referral(office.posko, row.case_uid, row.event_uid, details)
    on = min(PRACTICE_ON, row.referred_on + timedelta(days=2 + place % 3))
    state, note = NEWS[place % len(NEWS)]
    if place % 4 != 3:
        new = NewUpdate(on=on, state=state, note=note)
        update_referral(office.posko, row.case_uid, row.event_uid, new)


def _sanction(office: PracticeOffice, row: ReferralView) -> None:
    party = case_view(office.posko, row.case_uid).parties
    decree = Sanction(
        kind="moral_closed",
        decree_number="800.1.6/117/BKPSDM/2024",
        decree_on=row.state_on,
        official=OFFICES["ppk"],
        effective_on=row.state_on,
        party_uid=party[0].uid if party else "",
    )
    new = NewUpdate(on=row.state_on, state="sanction_imposed", sanction=decree)
    update_referral(office.posko, row.case_uid, row.event_uid, new)
