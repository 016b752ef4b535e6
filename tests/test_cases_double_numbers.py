"""Two cases of one office with one number: told where they are seen, and put right by a person."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from posko_app.app import Posko, renew_device
from posko_app.cases import board
from posko_app.cases.case_view import case_view
from posko_app.cases.double_numbers import double_numbers, give_new_number, number_notice
from posko_app.cases.intake import file_report
from posko_app.cases.number_blocks import NumbersUsedUp
from posko_app.cases.steps import NewStep, record_step
from posko_app.data.tables import Case
from posko_app.errors import UserError
from tests.factory import TODAY, new_report


def same_number(posko: Posko, first: str, second: str, **changes: str) -> None:
    """Give the second case the number of the first, as older data may."""
    with posko.write() as session:
        rows = {row.uid: row for row in session.scalars(select(Case))}
        rows[second].number = rows[first].number
        for name, value in changes.items():
            setattr(rows[second], name, value)
        session.flush()
        board.refresh(posko, session, [first, second])


@pytest.fixture
def two(posko: Posko) -> tuple[str, str]:
    """Two reports of one office with one number."""
    first = file_report(posko, new_report(title="Yang pertama")).uid
    second = file_report(posko, new_report(title="Yang kedua")).uid
    same_number(posko, first, second)
    return first, second


def test_both_cases_say_so_and_the_office_lists_them(posko: Posko, two: tuple[str, str]) -> None:
    (double,) = double_numbers(posko)
    assert (double.number[:3], double.register) == ("001", False)
    assert {case.title for case in double.cases} == {"Yang pertama", "Yang kedua"}
    for uid, other in (two, two[::-1]):
        told = number_notice(posko, uid)
        assert told is not None
        assert (told.kind, told.can_renew) == ("double", True)
        assert case_view(posko, other).facts.title in told.text


def test_one_gets_the_next_number_and_the_journal_keeps_the_old(
    posko: Posko, two: tuple[str, str]
) -> None:
    assert give_new_number(posko, two[1])[:3] == "003"
    assert double_numbers(posko) == ()
    assert [number_notice(posko, uid) for uid in two] == [None, None]
    assert [case_view(posko, uid).facts.number[:3] for uid in two] == ["001", "003"]


def test_the_same_number_in_two_offices_is_no_matter(posko: Posko, two: tuple[str, str]) -> None:
    """Each office has series of its own; neither has a voided case a claim to its number."""
    same_number(posko, *two, office_code="62.10.02")
    assert double_numbers(posko) == ()
    assert number_notice(posko, two[0]) is None
    with pytest.raises(UserError) as refused:
        give_new_number(posko, two[1])
    assert refused.value.code == "other_office"
    same_number(posko, *two, office_code="62.10", void_reason="salah catat")
    assert double_numbers(posko) == ()


def test_two_registrations_with_one_number_are_told(posko: Posko, two: tuple[str, str]) -> None:
    """A registration is put right by its own step, so no new number is offered here."""
    give_new_number(posko, two[1])
    for uid in two:
        record_step(posko, uid, NewStep(kind="reviewed", on=TODAY, outcome="complete"))
        record_step(posko, uid, NewStep(kind="registered", on=TODAY, number="09/Reg/LP"))
    (double,) = double_numbers(posko)
    assert (double.number, double.register) == ("09/Reg/LP", True)
    told = number_notice(posko, two[0])
    assert told is not None
    assert not told.can_renew
    assert "register" in told.text


def test_a_provisional_number_is_told_until_it_is_replaced(office: Callable[..., Posko]) -> None:
    posko = office("kecamatan")
    renew_device(posko, "asked")
    uid = file_report(posko, new_report()).uid
    told = number_notice(posko, uid)
    assert told is not None
    assert (told.kind, told.can_renew) == ("provisional", True)
    with pytest.raises(NumbersUsedUp):
        give_new_number(posko, uid)
