"""What lists compute of a case is what its page says, without the words."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from posko_app.paths import resource
from posko_app.rules.book import Regulation, load_rules
from posko_app.rules.calendar import Calendar, load_calendar
from posko_app.rules.deadlines import dues_of, first_date, first_of
from posko_app.rules.handover import step_to_offer, steps_for
from posko_app.rules.stages import CaseState, Event, brief_state_of, state_of
from posko_app.text import zone
from tests.soak.steps import OFFICES
from tests.stepping import START, legal, wild

BOOK = load_rules(resource("rules"))
SHIPPED = load_calendar(resource("calendar"))
WORDY = {"steps", "next_steps", "contradictions"}


def assert_brief_agrees(events: list[Event], law: Regulation, calendar: Calendar) -> CaseState:
    state = state_of(events, law)
    brief, _ = brief_state_of(events, law)
    assert {k: v for k, v in vars(brief).items() if k not in WORDY} == {
        k: v for k, v in vars(state).items() if k not in WORDY
    }
    for office in OFFICES:
        steps = brief_state_of(events, law)[1]
        offered = step_to_offer(brief, office, steps)
        assert offered == step_to_offer(state, office)
        waits = state.handover is not None and state.handover.to != office
        own = [step.kind for step in steps_for(state, office)]
        assert offered == ("" if waits or not own else own[0])
    for place in (zone("WIB"), zone("WIT")):
        due = first_of(dues_of(state, law, calendar, place))
        for found in (first_date(brief, law, calendar, place) for _ in range(2)):
            assert (found is None) == (due is None)
            if found and due:
                assert (found.rule, found.due_on, found.safe_on, found.owner, found.quiet) == (
                    due.rule, due.due_on, due.safe_on, due.owner, due.quiet
                )  # fmt: skip
    return state


@pytest.mark.parametrize("number", range(1, 12))
def test_brief_state_and_dates_are_those_of_the_page(number: int) -> None:
    chance = random.Random(number)
    calendar = Calendar(SHIPPED.holidays, SHIPPED.years, joint_leave=bool(number % 2))
    for law in BOOK.regulations.values():
        events: list[Event] = []
        day = START
        for n in range(20):
            day += timedelta(days=chance.choice((0, 0, 1, 3)))
            office = chance.choice(OFFICES)
            made = (
                wild(events, chance, f"{n:03d}", office)
                if chance.random() < 0.2
                else legal(events, law, chance, f"{n:03d}", day, office)
            )
            if made is not None:
                events.append(made)
                assert_brief_agrees(events, law, calendar)


def test_histories_are_not_all_alike() -> None:
    """Else the law above would say nothing."""
    chance = random.Random(7)
    law = BOOK.get("pemilu-2022")
    stages = set()
    for _ in range(20):
        events: list[Event] = []
        for n in range(15):
            made = legal(events, law, chance, f"{n:03d}", START + timedelta(days=n), OFFICES[0])
            events += [made] if made else []
            stages.add(assert_brief_agrees(events, law, SHIPPED).stage)
    assert len(stages) > 5
