"""Reported persons in the rosters of pledges: by number, or a question."""

from __future__ import annotations

from dataclasses import replace

from posko_app.app import Posko
from posko_app.cases.attendance import mark
from posko_app.cases.intake import file_report
from posko_app.cases.people_pledges import signatures_in, signatures_of
from posko_app.cases.pledge import invite, plan_pledge, pledge_defaults, pledge_view
from posko_app.cases.pledge_links import decide_link
from posko_app.cases.pledge_rows import ABSENT, PRESENT
from posko_app.cases.report import ReportedInput
from posko_app.cases.roster import RosterRow
from tests.factory import PARTY, TODAY, new_report

ROSTER = (
    RosterRow(name="Drs. Contoh Terlapor, S.Pd.", nip="", position_title="Guru"),
    RosterRow(name="Contoh Lain", nip=PARTY.nip, position_title="Kepala sekolah"),
    RosterRow(name="Contoh Terlapor", nip="198604122010011013", position_title="Camat"),
    RosterRow(name="Contoh Terlapor Empat", nip="", position_title="Lurah"),
)


def signed(posko: Posko, attendance: str = PRESENT) -> list[str]:
    pledge = plan_pledge(posko, pledge_defaults(posko))
    invite(posko, pledge, ROSTER)
    uids = [line.uid for line in pledge_view(posko, pledge).signatories]
    mark(posko, uids, attendance)
    return uids


def test_a_number_is_certain_and_a_namesake_asked_about(posko: Posko) -> None:
    uids = signed(posko)
    case = file_report(posko, new_report()).uid
    found = signatures_in(posko, case)
    assert [(m.signatory.uid, m.certainty) for m in found] == [
        (uids[1], "nip"),
        (uids[0], "question"),
    ]
    assert found[0].signatory.signed_on == TODAY
    assert found[0].signatory.office == "Kepala sekolah"
    decide_link(posko, case, found[1].party_uid, uids[0], same=False)
    assert [m.certainty for m in signatures_in(posko, case)] == ["nip"]
    decide_link(posko, case, found[0].party_uid, uids[0], same=True)
    assert {m.certainty for m in signatures_in(posko, case)} == {"nip", "confirmed"}


def test_a_name_is_found_however_it_is_spelled_and_a_decision_outlives_a_correction(
    posko: Posko,
) -> None:
    pledge = plan_pledge(posko, pledge_defaults(posko))
    names = ("Ma'ruf Ali", "Ma’ruf Ali", "MARUF ALI, S.H.", "Márúf Ali", "Maru Ali")
    invite(posko, pledge, [RosterRow(name=n, agency=str(i)) for i, n in enumerate(names)])
    uids = [line.uid for line in pledge_view(posko, pledge).signatories]
    mark(posko, uids, PRESENT)
    for typed in names[:4]:
        report = replace(new_report(), reported=(ReportedInput(name=typed),))
        case = file_report(posko, report).uid
        assert {m.signatory.uid for m in signatures_in(posko, case)} == set(uids[:4]), typed
    first = signatures_in(posko, case)[0]
    decide_link(posko, case, first.party_uid, uids[4], same=True)
    assert signatures_in(posko, case)[0].signatory.uid == uids[4]


def test_only_who_may_be_meant_is_read_from_the_rosters(posko: Posko) -> None:
    uids = signed(posko)
    with posko.store.read() as session:
        found = signatures_of(session, [("Contoh Terlapor", "")])
        by_number = signatures_of(session, [("", PARTY.nip)])
        none = signatures_of(session, [("", "")])
    assert {one.uid for one in found} == {uids[0], uids[2], uids[3]}
    assert ([one.uid for one in by_number], none) == ([uids[1]], ())


def test_who_did_not_sign_is_not_found(posko: Posko) -> None:
    signed(posko, ABSENT)
    case = file_report(posko, new_report()).uid
    assert signatures_in(posko, case) == ()
    nobody = replace(new_report(), reported=(ReportedInput(name="%"),))
    assert signatures_in(posko, file_report(posko, nobody).uid) == ()
