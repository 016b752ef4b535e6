"""What is invented: lawful ways through every stage, believable people, nobody real."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posko_app.app import Posko
from posko_app.cases.report import check_report
from posko_app.demo.clock import FIRST_DAY, LAST_MOMENT, StoryClock, at, october
from posko_app.demo.course import Planned, continued, plan
from posko_app.demo.desk import on_the_desk
from posko_app.demo.life import lives, moments
from posko_app.demo.people import Inventor, Story, check_names, load_stock
from posko_app.paths import resource
from posko_app.rules.book import load_rules
from posko_app.rules.stages import Event, check_step, state_of

LAW = load_rules(resource("rules")).get("pilkada-2024")
STOCK = load_stock()
STORIES = (*STOCK.stories, *STOCK.findings, *STOCK.others)
FILED = at(october(1), 9)


def test_the_file_of_names_fits_lists_and_rules() -> None:
    assert check_names() == []


def walk(story: Story, steps: list[Planned], events: list[Event]) -> list[Event]:
    """Take every step as the law checks it; a refusal fails."""
    for number, step in enumerate(steps):
        event = Event(
            uid=f"{len(events)}-{number}",
            kind=step.kind,
            on=step.when.date(),
            at=step.when,
            office="62.10",
            outcome=step.outcome,
            data=step.data,
        )
        assert check_step(events, event, LAW) == [], (story.title, step)
        events.append(event)
    return events


def filed(story: Story) -> list[Event]:
    data = {"intake_kind": story.kind, "known_on": "2024-09-30"}
    return [Event(uid="f", kind="filed", on=FILED.date(), at=FILED, office="62.10", data=data)]


@settings(deadline=None, max_examples=150)
@given(st.integers(0, 10**9), st.sampled_from(STORIES))
def test_every_way_is_lawful_and_ends(seed: int, story: Story) -> None:
    steps = plan(Random(seed), story, FILED, "Ruang 1")
    assert [s.when for s in steps] == sorted(s.when for s in steps)
    assert all(6 <= s.when.hour < 22 for s in steps)
    state = state_of(walk(story, steps, filed(story)), LAW)
    assert state.contradictions == ()
    assert state.closed or state.stage == "notice"


@settings(deadline=None, max_examples=50)
@given(st.integers(0, 10**9), st.sampled_from(STOCK.stories))
def test_what_was_passed_on_goes_on(seed: int, story: Story) -> None:
    events = filed(story)
    events.append(Event("r", "reviewed", october(2), outcome="transfer", office="62.10.02"))
    events.append(Event("t", "transferred", october(2), office="62.10.02"))
    steps = continued(Random(seed), story, at(october(4), 9), "Ruang 1")
    state = state_of(walk(story, steps, events), LAW)
    assert state.registered_on == october(4)
    assert state.contradictions == ()


def test_the_ways_reach_every_outcome() -> None:
    random = Random(7)
    kinds: Counter[str] = Counter()
    outcomes: Counter[str] = Counter()
    for _ in range(800):
        for step in plan(random, random.choice(STORIES), FILED, "Ruang 1"):
            kinds[step.kind] += 1
            outcomes[step.outcome] += 1
    assert set(kinds) >= {
        "reviewed", "completion_noticed", "completed", "completion_lapsed", "registered",
        "not_registered", "withdrawn", "extra_needed", "invited", "clarified", "assessed",
        "decided", "referred", "transferred", "notified", "follow_up", "closed",
    }  # fmt: skip
    assert set(outcomes) >= {
        "complete", "incomplete", "initial_info", "transfer", "already_handled", "dispute",
        "other_law", "violation", "not_violation",
    }  # fmt: skip


def test_the_desk_has_one_case_of_each_stage() -> None:
    story = next(s for s in STOCK.stories if s.kinds == ("other_law",))
    stages = Counter()
    for kind, filed_at, steps in on_the_desk(Random(1)):
        assert all(s.when <= LAST_MOMENT for s in steps)
        events = [Event("f", "filed", filed_at.date(), filed_at, data={"intake_kind": kind})]
        for step in steps:
            data = {**step.data, **({"kinds": "other_law"} if step.kind == "decided" else {})}
            event = Event(step.kind + str(step.when), step.kind, step.when.date(), step.when)
            event = Event(**{**vars(event), "outcome": step.outcome, "data": data})
            assert check_step(events, event, LAW) == [], (story.title, step)
            events.append(event)
        stages[state_of(events, LAW).stage] += 1
    assert set(stages) == {
        "completion", "registration", "clarification", "assessment", "plenary", "referral",
    }  # fmt: skip


@pytest.mark.parametrize("level", ["kecamatan", "kabupaten"])
def test_reports_pass_the_checks_of_the_desk(office: Callable[..., Posko], level: str) -> None:
    posko = office(level)
    random = Random(5)
    inventor = Inventor(random, posko)
    family = set(STOCK.words["family"])
    titles = set()
    for story in [inventor.story() for _ in range(120)]:
        report = inventor.report(story, FILED)
        checked = check_report(posko, report)
        assert checked.problems == ()
        assert checked.missing == ()
        titles.add(report.title)
        region = posko.regions.get(report.region_code)
        assert region is not None
        assert region.code.startswith(posko.office.code)
        assert "{" not in report.title + report.narrative + report.event_place
        for person in (report.reporter, *report.witnesses, *report.reported):
            words = person.name.split(",")[0].split()
            assert not words or set(words) & family, "every name must be recognisably invented"
            assert "5555" in person.phone or not person.phone
    assert len(titles) > 40


def test_the_desk_is_short_and_long_lists_begin_earlier(posko: Posko) -> None:
    random = Random(2)
    told = lives(Inventor(random, posko), random, 30, FIRST_DAY, desk=True)
    assert len(told) == 30
    assert [life.filed_at for life in told] == sorted(life.filed_at for life in told)
    assert all(s.when <= LAST_MOMENT for life in told for s in life.steps)
    assert any(life.incomplete and life.added_later for life in told)


@given(st.integers(0, 10**6), st.integers(0, 80))
def test_reports_come_in_until_the_practice_morning(seed: int, count: int) -> None:
    found = moments(Random(seed), count, FIRST_DAY)
    assert len(found) == count
    assert found == sorted(found)
    assert all(m.date() >= FIRST_DAY and m < LAST_MOMENT for m in found)


def test_the_clock_follows_the_story() -> None:
    clock = StoryClock()
    first = clock()
    assert clock() - first == timedelta(seconds=1)
    clock.turn_to(LAST_MOMENT)
    assert clock() == LAST_MOMENT + timedelta(seconds=1)
    assert isinstance(clock(), datetime)
