"""The last day of the filing limit: from the stamp at 15.52 to the registration two days later."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

import pytest

from posko_app.app import Posko
from posko_app.cases import arrival, upgrade
from posko_app.cases.board import board_problems
from posko_app.cases.case_view import case_view
from posko_app.cases.evidence import attach
from posko_app.cases.intake import file_report
from posko_app.cases.report import EvidenceInput
from posko_app.cases.steps import NewStep, record_step
from posko_app.errors import InvalidInput
from posko_app.letters import issue
from posko_app.letters.blocks import as_text
from posko_app.letters.compose import compose
from tests.conftest import FixedClock
from tests.factory import new_report

KNOWN = date(2024, 10, 8)
SEVENTH, EIGHTH, NINTH = date(2024, 10, 15), date(2024, 10, 16), date(2024, 10, 17)
RECEIPT = "tanda-bukti"


@pytest.fixture
def desk(posko: Posko) -> Posko:
    """An office whose days go by."""
    posko.office = replace(posko.office, practice_on=None)
    return posko


@pytest.fixture
def at(desk: Posko, clock: FixedClock) -> Callable[[date, int, int], None]:
    """Sets the clock of the office."""

    def turn(day: date, hour: int, minute: int) -> None:
        clock.now = datetime(day.year, day.month, day.day, hour, minute, tzinfo=desk.zone)

    return turn


def test_what_arrives_at_15_52_on_day_seven_counts_as_that_to_the_end(
    desk: Posko, at: Callable[[date, int, int], None]
) -> None:
    at(SEVENTH, 15, 52)
    stamped = arrival.stamp(desk)
    left = arrival.last_day(desk, "report", KNOWN, SEVENTH, desk.now())
    assert left is not None
    assert (left.day, left.of, left.days_left, left.minutes) == (7, 7, 0, 8)

    at(SEVENTH, 16, 10)  # typed and printed when the desk has closed
    new = new_report(known_on=KNOWN, event_on=KNOWN, filed_time="15:52", arrived_at=stamped,
                     evidence=())  # fmt: skip
    filed = file_report(desk, new)
    letter = compose(desk, filed.uid, RECEIPT, {}, "")
    printed = as_text(letter.filled(filed.number))
    assert "Pukul diterima | 15.52 WIB" in printed
    assert "Dicetak | Selasa, 15 Oktober 2024 pukul 16.10 WIB" in printed
    assert issue.issue(desk, filed.uid, RECEIPT).number == filed.number
    met = {check.key: check.met for check in case_view(desk, filed.uid).requirements}
    assert (met["on_time"], met["evidence"]) == (True, False)

    at(EIGHTH, 9, 0)
    record_step(desk, filed.uid, NewStep(kind="reviewed", on=EIGHTH, outcome="incomplete"))
    with pytest.raises(InvalidInput):
        record_step(desk, filed.uid, NewStep(kind="registered", on=EIGHTH))
    record_step(desk, filed.uid, NewStep(kind="completion_noticed", on=EIGHTH, at=desk.now()))

    at(NINTH, 10, 0)
    attach(desk, filed.uid, [EvidenceInput(description="Foto stiker", kind="photo")])
    record_step(desk, filed.uid, NewStep(kind="completed", on=NINTH))
    record_step(desk, filed.uid, NewStep(kind="reviewed", on=NINTH, outcome="complete"))
    record_step(desk, filed.uid, NewStep(kind="registered", on=NINTH))

    view = case_view(desk, filed.uid)
    assert view.state.registered_on == NINTH
    assert view.state.register_number.split("/")[1] == "Reg"
    assert (view.facts.filed_on, view.facts.filed_time) == (SEVENTH, "15:52")
    assert view.facts.arrived_at == stamped
    assert view.facts.number == filed.number
    assert {check.key: check.met for check in view.requirements}["on_time"]
    first = view.events[-1]
    assert (first.kind, first.on, first.at, first.note) == ("filed", SEVENTH, stamped, "")
    with desk.store.read() as session:
        assert not board_problems(desk, session)


def test_the_first_filing_date_stays_when_the_rest_comes_after_the_limit(
    desk: Posko, at: Callable[[date, int, int], None]
) -> None:
    at(SEVENTH, 15, 52)
    filed = file_report(desk, new_report(known_on=KNOWN, event_on=KNOWN, evidence=()))
    at(EIGHTH, 9, 0)
    record_step(desk, filed.uid, NewStep(kind="reviewed", on=EIGHTH, outcome="incomplete"))
    record_step(desk, filed.uid, NewStep(kind="completion_noticed", on=EIGHTH, at=desk.now()))
    at(NINTH, 10, 0)
    record_step(desk, filed.uid, NewStep(kind="completed", on=NINTH))
    view = case_view(desk, filed.uid)
    assert view.facts.filed_on == SEVENTH
    assert {check.key: check.met for check in view.requirements}["on_time"]


def test_a_late_report_is_taken_in_and_says_that_it_is_late(
    desk: Posko, at: Callable[[date, int, int], None]
) -> None:
    at(NINTH, 9, 0)
    late = new_report(known_on=KNOWN, event_on=KNOWN, filed_on=NINTH)
    filed = file_report(desk, late)
    view = case_view(desk, filed.uid)
    assert filed.number.split("/")[1] == "PL"
    (taken_in,) = view.events
    assert taken_in.note == (
        "Disampaikan hari ke-9, batasnya hari ke-7; syarat formal tidak terpenuhi."
    )
    unmet = [(check.key, check.kind) for check in view.requirements if not check.met]
    assert unmet == [("on_time", "formal")]
    assert issue.issue(desk, filed.uid, RECEIPT).new
    offers = [offer.label for offer in upgrade.offered(desk, view.state)]
    assert offers == ["Jadikan informasi awal"]
    record_step(
        desk,
        filed.uid,
        NewStep(kind="reviewed", on=NINTH, outcome="initial_info", data={"missing": "on_time"}),
    )
    upgrade.convert(desk, filed.uid, "initial_info", NINTH, "Lewat batas melapor.")
    view = case_view(desk, filed.uid)
    assert view.state.intake_kind == "initial_info"
    assert (view.facts.filed_on, view.events[-1].note) == (NINTH, taken_in.note)


def test_a_tip_whose_reporter_comes_too_late_says_so_too(
    desk: Posko, at: Callable[[date, int, int], None]
) -> None:
    at(SEVENTH, 9, 0)
    tip = file_report(desk, new_report(kind="initial_info", known_on=None, event_on=KNOWN))
    at(NINTH, 9, 0)
    upgrade.upgrade(desk, tip.uid, new_report(known_on=KNOWN, event_on=KNOWN, filed_on=NINTH))
    notes = {e.kind: e.note for e in case_view(desk, tip.uid).events}
    assert notes["filed"] == ""
    assert notes["converted"].startswith("Disampaikan hari ke-9")
