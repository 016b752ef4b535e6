"""An invented case in the making: what was reported and what will happen to it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from random import Random

from posko_app.cases.report import EvidenceInput, NewReport
from posko_app.rules.stages import Event

from .clock import LAST_MOMENT, PRACTICE_ON, at
from .course import Planned, plan
from .desk import on_the_desk
from .people import Inventor, Story

RECENT = 16  # days before the practice day on which a good part of all cases came in


@dataclass(kw_only=True)
class Life:
    """One case from its filing on; `uid` is known once it was taken in."""

    story: Story
    report: NewReport
    filed_at: datetime
    steps: list[Planned]
    place: int  # its place among the cases of its office
    uid: str = ""
    added_later: tuple[EvidenceInput, ...] = ()
    known: list[Event] = field(
        default_factory=list
    )  # its events, where the bulk generator keeps them

    @property
    def incomplete(self) -> bool:
        """Whether the reporter had to bring something later."""
        return any(step.outcome == "incomplete" for step in self.steps)


def moments(random: Random, count: int, first: date) -> list[datetime]:
    """When `count` reports come in between `first` and the practice day: in order, many lately."""
    span = (PRACTICE_ON - first).days
    found = []
    for _ in range(count):
        lately = random.random() < 0.4
        back = random.randrange(RECENT) if lately else random.randrange(span)
        day = PRACTICE_ON - timedelta(back)
        if day.weekday() >= 5 and random.random() < 0.6:
            day -= timedelta(day.weekday() - 4)
        moment = at(day, random.choice((8, 8, 9, 9, 10, 11, 13, 14, 15)), random.randrange(60))
        if moment > LAST_MOMENT - timedelta(minutes=5):
            moment = at(day, 8, random.randrange(5, 35))
        found.append(moment)
    return sorted(found)


def lives(
    inventor: Inventor, random: Random, count: int, first: date, *, desk: bool = False
) -> list[Life]:
    """The cases of one office, planned up to the practice day.

    With `desk` a third of them lie on the desk that day, each at another stage.
    """
    begun = on_the_desk(random)[: count // 3] if desk else []
    planned: list[tuple[datetime, Story, list[Planned]]] = []
    for filed_at in moments(random, count - len(begun), first):
        story = inventor.story()
        planned.append((filed_at, story, plan(random, story, filed_at, inventor.room())))
    for kind, filed_at, steps in begun:
        story = inventor.finding_story() if kind == "finding" else inventor.report_story()
        found = [_with_kinds(step, story) for step in steps]
        planned.append((filed_at, story, found))
    planned.sort(key=lambda entry: entry[0])
    return [_life(inventor, place, *entry) for place, entry in enumerate(planned)]


def _life(
    inventor: Inventor, place: int, filed_at: datetime, story: Story, steps: list[Planned]
) -> Life:
    life = Life(
        story=story,
        report=inventor.report(story, filed_at),
        filed_at=filed_at,
        steps=[step for step in _addressed(inventor, steps) if step.when <= LAST_MOMENT],
        place=place,
    )
    if life.incomplete:
        # What was missing is the evidence: it comes with the completion.
        life.added_later = life.report.evidence
        life.report = replace(life.report, evidence=())
    return life


def _addressed(inventor: Inventor, steps: list[Planned]) -> list[Planned]:
    """The steps, referrals going to whom they may go on their day: the law's receivers change."""
    instead: dict[str, str] = {}
    found = []
    for step in steps:
        to = step.data.get("addressee", "")
        if step.kind == "referred":
            instead[to] = inventor.addressee(to, step.data["kinds"], step.when.date())
        if to:
            step = replace(step, data={**step.data, "addressee": instead[to]})
        found.append(step)
    return found


def _with_kinds(step: Planned, story: Story) -> Planned:
    """A decision finds the kinds of violation that its story is about."""
    if step.data.get("kinds") != "*":
        return step
    return replace(step, data={**step.data, "kinds": ",".join(story.kinds)})
