"""Numbers of cases that other offices passed on: counted after a restore, lasting in the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from posko_app.app import Posko
from posko_app.cases import board, number_blocks
from posko_app.cases.case_view import case_view
from posko_app.cases.double_numbers import double_numbers, give_new_number, number_notice
from posko_app.cases.find import case_uid_of
from posko_app.cases.intake import file_report
from posko_app.cases.number_blocks import Claim, is_provisional
from posko_app.cases.numbers import keep_numbers, likely_last, numbers, settle
from posko_app.cases.steps import NewStep, record_step
from posko_app.data.tables import Sequence
from posko_app.errors import UserError
from posko_app.exchange.apply import import_file
from posko_app.exchange.export import export
from posko_app.exchange.handover import accept, hand_over
from posko_app.exchange.xlsx.guarded import Reader
from tests.factory import TODAY, new_report

Office_ = Callable[..., Posko]
FILED, REGISTERED = "filing/pilkada/2024", "registration/pilkada/2024"


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    with Reader(seconds=600) as process:
        yield process


@pytest.fixture
def kec(office: Office_) -> Posko:
    return office("kecamatan")


@pytest.fixture
def kab(office: Office_) -> Posko:
    return office("kabupaten")


@pytest.fixture
def passed(kec: Posko, kab: Posko, reader: Reader, tmp_path: Path) -> Callable[[], str]:
    """Takes a report in at the subdistrict and passes it on to the regency."""

    def pass_on() -> str:
        out = tmp_path / f"keluar-{len(list(tmp_path.iterdir()))}"
        out.mkdir()
        case = file_report(kec, new_report(title=f"Perkara {out.name}")).uid
        made = hand_over(kec, case, "62.10", "Wilayah kabupaten.", TODAY, out)
        for path in made.workbooks:
            told = import_file(kab, path, apply=True, reader=reader)
            assert told.applied, told.reason
        return case

    return pass_on


def claim(posko: Posko, device: str, confirmed: int) -> None:
    """Let a device keep the open series of the office."""
    with posko.write() as session:
        version = number_blocks.claim(session).version + 1
        number_blocks._keep_claim(session, Claim(version, device), confirmed)


def test_numbers_of_received_cases_count_after_a_restore(
    kab: Posko, passed: Callable[[], str]
) -> None:
    """What was given at acceptance and registration counts, whoever took the case in."""
    for _ in range(2):
        case = passed()
        assert accept(kab, case, TODAY).number[:1] == "0"
        record_step(kab, case, NewStep(kind="reviewed", on=TODAY, outcome="complete"))
        record_step(kab, case, NewStep(kind="registered", on=TODAY))
    before = likely_last(kab)
    with kab.write() as session:
        for row in session.scalars(select(Sequence)):
            row.last = 0  # an older copy, to which the records came back from others
    assert likely_last(kab) == before
    assert (before[FILED], before[REGISTERED]) == (2, 2)
    keep_numbers(kab, likely_last(kab))
    assert accept(kab, passed(), TODAY).number[:3] == "003"


def test_a_provisional_number_given_at_acceptance_becomes_a_lasting_one(
    kab: Posko, passed: Callable[[], str]
) -> None:
    case = passed()
    claim(kab, "zz-lain", 9999)
    early = accept(kab, case, TODAY).number
    assert is_provisional(early)
    assert numbers(kab).provisional == 1
    told = number_notice(kab, case)
    assert told is not None
    assert (told.kind, told.can_renew) == ("provisional", True)
    claim(kab, kab.office.device_id, 0)
    (done,) = settle(kab)
    assert (done.uid, done.before, done.number[:3]) == (case, early, "001")
    assert (numbers(kab).provisional, number_notice(kab, case), settle(kab)) == (0, None, ())
    view = case_view(kab, case)
    assert view.facts.number == done.number
    assert view.origin_number, "the number of the sender stays the nomor asal"
    assert any(early in event.note for event in view.events)
    with kab.store.read() as session:
        assert case_uid_of(session, done.number) == case
        assert not board.board_problems(kab, session)


def test_the_sender_hears_of_the_lasting_number(
    kab: Posko, kec: Posko, passed: Callable[[], str], reader: Reader, tmp_path: Path
) -> None:
    case = passed()
    claim(kab, "zz-lain", 9999)
    accept(kab, case, TODAY)
    claim(kab, kab.office.device_id, 0)
    number = give_new_number(kab, case)
    (path,) = export(kab, kec.office.code, tmp_path).files
    assert import_file(kec, path, apply=True, reader=reader).applied
    assert case_view(kec, case).facts.number == number
    with pytest.raises(UserError) as refused:
        give_new_number(kec, case)
    assert refused.value.code == "other_office"


def test_a_number_given_twice_is_told_and_put_right(kab: Posko, passed: Callable[[], str]) -> None:
    """The office that gave a number is asked, not the one that took the case in."""
    first = accept(kab, passed(), TODAY)
    own = file_report(kab, new_report(title="Laporan sendiri")).uid
    second = accept(kab, passed(), TODAY, number=case_view(kab, own).facts.number)
    (double,) = double_numbers(kab)
    assert {bearer.uid for bearer in double.cases} == {own, second.case_uid}
    told = number_notice(kab, second.case_uid)
    assert told is not None
    assert (told.kind, told.can_renew) == ("double", True)
    assert give_new_number(kab, second.case_uid) not in (first.number, second.number)
    assert double_numbers(kab) == ()
