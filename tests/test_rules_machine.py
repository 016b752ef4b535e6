"""The machine of stages under random steps, legal and not, in one office and in two that merge."""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from posko_app.app import Posko
from posko_app.rules.stages import Event, state_of
from tests.soak.steps import history, walk
from tests.stepping import (
    BOOK,
    START,
    assert_checked,
    assert_lawful,
    assert_recomputable,
    legal,
    wild,
)

CHANCE = st.randoms(use_true_random=False)
LAWS = st.sampled_from(sorted(BOOK.regulations))


class OneOffice(RuleBasedStateMachine):
    """A case that is carried through the law by somebody who now and then tries what is wrong."""

    def __init__(self) -> None:
        super().__init__()
        self.events: list[Event] = []
        self.day = START

    @initialize(law=LAWS)
    def begin(self, law: str) -> None:
        self.law = BOOK.get(law)

    @rule(chance=CHANCE, later=st.sampled_from((0, 0, 1, 2)))
    def take(self, chance: random.Random, later: int) -> None:
        """Every step that is offered may be taken."""
        self.day += timedelta(days=later)
        event = legal(self.events, self.law, chance, f"{len(self.events):03d}", self.day)
        if event is not None:
            assert assert_checked(self.events, event, self.law), event
            self.events.append(event)

    @rule(chance=CHANCE)
    def attempt(self, chance: random.Random) -> None:
        """What does not fit is refused with a reason; what passes is no contradiction."""
        event = wild(self.events, chance, f"{len(self.events):03d}")
        if assert_checked(self.events, event, self.law):
            self.events.append(event)
            self.day = max(self.day, event.on)

    @precondition(lambda self: self.events)
    @rule(chance=CHANCE)
    def void(self, chance: random.Random) -> None:
        """Anything may be voided once; what it carried falls with it."""
        uid = f"{len(self.events):03d}"
        target = chance.choice(self.events)
        event = Event(uid, "corrected", self.day, corrects=target.uid)
        if assert_checked(self.events, event, self.law):
            self.events.append(event)

    @invariant()
    def lawful(self) -> None:
        if self.events:
            found = state_of(self.events, self.law)
            assert_lawful(found, self.law)
            assert_recomputable(self.events, self.law, random.Random(len(self.events)))
            kinds = {event.kind for event in self.events}
            if "corrected" not in kinds:
                assert not found.contradictions


class TwoOffices(RuleBasedStateMachine):
    """Two offices that work on one case apart, and now and then get each other's events."""

    def __init__(self) -> None:
        super().__init__()
        self.held: tuple[list[Event], list[Event]] = ([], [])
        self.made = 0
        self.day = START

    @initialize(law=LAWS, chance=CHANCE)
    def begin(self, law: str, chance: random.Random) -> None:
        self.law = BOOK.get(law)
        for _ in range(3):
            self._step(0, chance)
        self.held[1].extend(self.held[0])

    @rule(place=st.integers(0, 1), chance=CHANCE, later=st.sampled_from((0, 1)))
    def act(self, place: int, chance: random.Random, later: int) -> None:
        self.day += timedelta(days=later)
        self._step(place, chance)

    @rule(place=st.integers(0, 1), chance=CHANCE)
    def act_wildly(self, place: int, chance: random.Random) -> None:
        """Another version of the program may have let in what this one would refuse."""
        self.made += 1
        events = self.held[place]
        events.append(wild(events, chance, f"{self.made:03d}", ("69.03", "69.03.02")[place]))

    @rule(place=st.integers(0, 1), chance=CHANCE)
    def receive(self, place: int, chance: random.Random) -> None:
        """A file of the other office: some of its events, in any order, perhaps twice."""
        other = self.held[1 - place]
        arrived = chance.sample(other, chance.randint(0, len(other)))
        known = {event.uid for event in self.held[place]}
        self.held[place].extend(event for event in arrived if event.uid not in known)

    @invariant()
    def one_state(self) -> None:
        if not self.made:
            return
        first, second = self.held
        merged = list({event.uid: event for event in (*first, *second)}.values())
        found = state_of(merged, self.law)
        assert_lawful(found, self.law)
        assert state_of([*second, *first], self.law) == found
        assert_recomputable(merged, self.law, random.Random(self.made))
        uids = Counter(event.uid for event in found.events)
        assert max(uids.values(), default=1) == 1

    def _step(self, place: int, chance: random.Random) -> None:
        events = self.held[place]
        self.made += 1
        office = ("69.03", "69.03.02")[place]
        event = legal(events, self.law, chance, f"{self.made:03d}", self.day, office)
        if event is not None:
            events.append(event)


RUN = settings(
    max_examples=120,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
OneOffice.TestCase.settings = RUN
TwoOffices.TestCase.settings = RUN
TestOneOffice = OneOffice.TestCase
TestTwoOffices = TwoOffices.TestCase


# --- the same through a real office -------------------------------------------------------------


def test_random_steps_through_the_use_cases_leave_a_complete_journal(posko: Posko) -> None:
    assert sum(walk(posko, number) for number in range(1, 8)) > 20


@pytest.mark.parametrize("number", range(1, 40))
def test_histories_of_two_offices(number: int) -> None:
    history(number, steps=20)
