"""Referrals between offices: what both learnt stands side by side, and both see the same state."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from posko_app.app import Posko
from posko_app.cases import board
from posko_app.cases.intake import file_report
from posko_app.cases.referral import (
    NewUpdate,
    describe_referral,
    referrals_of,
    update_referral,
)
from posko_app.cases.referral_view import ReferralDetails, Sanction
from posko_app.cases.steps import NewStep, record_step
from posko_app.cases.waiting import waiting
from posko_app.exchange.apply import import_file
from posko_app.exchange.export import export
from posko_app.exchange.xlsx.guarded import Reader
from tests.factory import REPORTER, TODAY, new_report

Office_ = Callable[..., Posko]


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    """One reading process for the whole file."""
    with Reader(seconds=600) as process:
        yield process


def refer(posko: Posko) -> tuple[str, str]:
    case = file_report(posko, new_report()).uid
    event = ""
    for kind, outcome, data in (
        ("reviewed", "complete", {}),
        ("registered", "", {}),
        ("clarified", "", {}),
        ("assessed", "", {}),
        ("decided", "violation", {"kinds": "other_law"}),
        ("referred", "", {"addressee": "bkn"}),
    ):
        step = NewStep(kind=kind, on=TODAY, outcome=outcome, data=data)
        event = record_step(posko, case, step)
    return case, event


def test_two_offices_learn_and_agree(office: Office_, tmp_path: Path, reader: Reader) -> None:
    kab, prov = office("kabupaten"), office("provinsi")
    case, event = refer(kab)

    def pass_on(sender: Posko, receiver: Posko, name: str) -> None:
        target = tmp_path / name
        target.mkdir()
        (path,) = export(sender, receiver.office.code, target).files
        done = import_file(receiver, path, apply=True, reader=reader)
        assert (done.verdict, done.rejected) == ("accepted", ())

    pass_on(kab, prov, "1")
    assert [item.case_uid for item in waiting(prov).items] == [case]
    describe_referral(kab, case, event, ReferralDetails(external_system="sbt", ticket="SBT-1"))
    update_referral(kab, case, event, NewUpdate(on=TODAY, state="under_verification"))
    decree = Sanction(kind="medium", form="Contoh hukuman", decree_number="800/1")
    told = NewUpdate(on=TODAY, state="sanction_imposed", sanction=decree)
    update_referral(prov, case, event, told)
    pass_on(kab, prov, "2")
    pass_on(prov, kab, "3")
    (here,), (there,) = referrals_of(kab, case), referrals_of(prov, case)
    assert here.state == there.state == "sanction_imposed"
    assert here.details == there.details
    assert here.details.ticket == "SBT-1"
    assert [u.uid for u in here.updates] == [u.uid for u in there.updates]
    assert {u.office_code for u in here.updates} == {"62", "62.10"}
    assert here.sanctions[0].sanction == decree
    for posko in (kab, prov):
        assert waiting(posko).items == ()
        with posko.store.read() as session:
            assert board.board_problems(posko, session) == []


def test_nothing_that_travels_names_the_reporter(
    office: Office_, tmp_path: Path, reader: Reader
) -> None:
    kab, prov = office("kabupaten"), office("provinsi")
    case, event = refer(kab)
    update_referral(kab, case, event, NewUpdate(on=TODAY, state="received_by_agency", number="5"))
    (path,) = export(kab, "62", tmp_path).files
    import_file(prov, path, apply=True, reader=reader)
    (line,) = referrals_of(prov, case)
    assert line.updates[0].number == "5"
    assert REPORTER.name not in repr(line)
