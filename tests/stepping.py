"""Random legal and illegal steps of a case, and what must be so after each of them."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from posko_app.paths import resource
from posko_app.rules.book import Regulation, load_rules
from posko_app.rules.calendar import load_calendar
from posko_app.rules.deadlines import open_dues
from posko_app.rules.facts import EVENT_KINDS, INTAKE_KINDS, STAGES
from posko_app.rules.stages import CaseState, Event, Step, check_step, state_of

BOOK = load_rules(resource("rules"))
CALENDAR = load_calendar(resource("calendar"))
START = date(2024, 10, 1)
DATES = {  # a date of the state -> the kinds of event that may have set it
    "filed_on": ("filed", "received_transfer", "converted"),
    "registered_on": ("registered",),
    "decided_on": ("decided",),
    "notified_on": ("notified",),
    "closed_on": ("closed", "withdrawn", "transferred"),
    "paused_on": ("paused",),
    "absent_on": ("absent",),
}


AFTER = {  # a kind of event -> what must have happened before it, one of these
    "completed": ("reviewed",),
    "completion_lapsed": ("completion_noticed",),
    "inquiry_reported": ("filed", "converted", "received_transfer"),
    "invited": ("registered",),
    "absent": ("invited",),
    "clarified": ("registered",),
    "extra_needed": ("registered",),
    "gakkumdu_first": ("registered",),
    "gakkumdu_second": ("gakkumdu_first",),
    "resumed": ("paused",),
    "decided": ("assessed", "inquiry_reported"),
    "agency_returned": ("referred",),
    "information_requested": ("referred",),
    "follow_up": ("referred",),
    "reopened": ("closed", "withdrawn"),
    "transfer_returned": ("transferred",),
}
"""The order of the law, told a second time and in another way than the rules do."""

WILD_DATA = ("intake_kind", "kinds", "addressee", "results", "reason", "missing", "to", "from")


def content(
    step: Step, found: CaseState, law: Regulation, chance: random.Random, day: date
) -> tuple[str, dict[str, str]]:
    """An outcome and data that a step of this kind may well have."""
    outcome = chance.choice(step.outcomes) if step.outcomes else ""
    data: dict[str, str] = {}
    if step.kind == "reviewed":
        data["kinds"] = ",".join(some(chance, list(law.violation_kinds)))
        if outcome == "incomplete":
            data["missing"] = ",".join(some(chance, ["evidence", "narrative", "reported"]))
    elif step.kind == "decided":
        results = {kind: chance.random() < 0.5 for kind in some(chance, list(law.violation_kinds))}
        if outcome == "violation":
            results[next(iter(results))] = True
            data["kinds"] = ",".join(kind for kind, yes in results.items() if yes)
            said = {True: "violation", False: "not_violation"}
            data["results"] = ",".join(f"{kind}:{said[yes]}" for kind, yes in results.items())
    elif step.kind == "referred":
        wanted = found.pending_kinds or tuple(law.violation_kinds)
        data["addressee"] = chance.choice(law.addressees_for(wanted[0], day)).code
    elif step.kind == "filed":
        data["intake_kind"] = chance.choice(["report"] * 6 + ["finding"] * 3 + list(INTAKE_KINDS))
    elif step.kind == "converted":
        data["intake_kind"] = chance.choice([k for k in INTAKE_KINDS if k != found.intake_kind])
    elif step.kind == "clarified" and chance.random() < 0.3:
        data["more"] = "yes"
    elif step.kind == "transferred":
        others = [code for code in ("69", "69.03", "69.03.02") if code != found.office]
        data["to"] = chance.choice(["", *others])
    elif step.kind == "received_transfer" and found.handover:
        data |= {"handover": found.handover.event, "from": found.handover.sender}
    elif step.kind == "invited":
        data["for_on"] = (day + timedelta(days=1)).isoformat()
    data |= dict.fromkeys(law.steps[step.kind].required, "saksi 1")
    return outcome, data


def some(chance: random.Random, items: list[str]) -> list[str]:
    """One or more of the items."""
    return chance.sample(items, chance.randint(1, len(items)))


def legal(
    events: Sequence[Event],
    law: Regulation,
    chance: random.Random,
    uid: str,
    day: date,
    office: str = "",
) -> Event | None:
    """An event for a step that the case offers on a day; None when it offers none."""
    found = state_of(events, law)
    if not found.next_steps:
        return None
    # The first step is the usual one: half of the ways should get far.
    step = found.next_steps[0] if chance.random() < 0.5 else chance.choice(found.next_steps)
    outcome, data = content(step, found, law, chance, day)
    return Event(uid, step.kind, day, office=office, outcome=outcome, data=data)


def wild(events: Sequence[Event], chance: random.Random, uid: str, office: str = "") -> Event:
    """Any event at all: out of turn, with a strange outcome, on an odd day."""
    return Event(
        uid,
        chance.choice([*EVENT_KINDS, "corrected", "unheard_of"]),
        START + timedelta(days=chance.randint(-2, 30)),
        office=office,
        outcome=chance.choice(["", "complete", "incomplete", "violation", "not_violation", "x"]),
        number=chance.choice(["", "1"]),
        corrects=chance.choice(["", *(event.uid for event in events)]),
        data={
            key: chance.choice(
                ["69.03", "69.03.02", "69"]
                if key in ("to", "from")
                else ["", "finding", "criminal", "bkn", "criminal:violation", "yes", "x"]
            )
            for key in WILD_DATA
            if chance.random() < 0.4
        },
    )


def again(events: Sequence[Event]) -> list[Event]:
    """The same events after they were written down and read."""
    return [_read(json.loads(_written(event))) for event in events]


def _written(event: Event) -> str:
    at = event.at.isoformat() if event.at else ""
    on = event.on.isoformat()
    return json.dumps({**vars(event), "on": on, "at": at, "data": dict(event.data)})


def _read(values: dict[str, Any]) -> Event:
    at = datetime.fromisoformat(values["at"]) if values["at"] else None
    return Event(**{**values, "on": date.fromisoformat(values["on"]), "at": at})


def assert_lawful(found: CaseState, law: Regulation) -> None:
    """That a state is one that may be."""
    assert found.stage in STAGES
    assert found.label
    assert found.closed == (found.stage == "closed") == bool(found.end)
    assert sum(step.mark == "now" for step in found.steps) <= (0 if found.closed else 1)
    assert [step.key for step in found.steps] == list(law.flow[found.intake_kind])
    assert found.next_steps or found.closed
    assert set(found.pending_kinds) <= set(found.violation_kinds) <= set(law.violation_kinds)
    if found.decision:
        assert found.decided_on is not None
    if found.results and found.decision == "violation":
        assert {r.kind for r in found.results if r.outcome == "violation"} <= set(
            found.violation_kinds
        )
    if found.end == "withdrawn" and not found.contradictions:
        assert found.registered_on is None
    if found.stage in ("clarification", "assessment", "plenary") and not found.contradictions:
        assert found.registered_on or found.intake_kind == "initial_info"
    assert [episode.number for episode in found.episodes] == list(range(1, len(found.episodes) + 1))
    assert all(episode.end for episode in found.episodes[:-1])
    assert (found.closed_on is not None) == found.closed
    assert found.office not in found.left
    assert found.files_due != found.office or not found.files_due
    if found.handover:
        assert not found.closed
        assert found.label == "Dilimpahkan, belum diterima"
    if not found.contradictions:
        _assert_ordered(found.events)


def _assert_ordered(events: Sequence[Event]) -> None:
    """That events which contradict nothing came in the order of the law."""
    seen: set[str] = set()
    for event in events:
        before = AFTER.get(event.kind)
        assert before is None or seen & set(before), event
        assert event.kind != "withdrawn" or "registered" not in seen, event
        seen.add(event.kind)


def assert_recomputable(events: Sequence[Event], law: Regulation, chance: random.Random) -> None:
    """That state, dates and dues follow from the events alone, written down, in any order."""
    found = state_of(events, law)
    shuffled = again([*events, *events[:2]])  # a merge may bring copies
    chance.shuffle(shuffled)
    assert state_of(shuffled, law) == found
    assert open_dues(shuffled, law, CALENDAR, "WIB") == open_dues(events, law, CALENDAR, "WIB")
    days = {kind: {e.on for e in found.events if e.kind == kind} for kind in EVENT_KINDS}
    for name, kinds in DATES.items():
        day = getattr(found, name)
        assert day is None or any(day in days[kind] for kind in kinds), name
    known = {event.on for event in found.events}
    assert all(step.on is None or step.on in known for step in found.steps)
    assert all(referral.on in known for referral in found.referrals)


def assert_checked(events: Sequence[Event], event: Event, law: Regulation) -> bool:
    """That a refused step says why, and a passed one brings no contradiction; whether it passed."""
    problems = check_step(events, event, law)
    assert all(problem.message.endswith((".", "?")) for problem in problems)
    if problems:
        return False
    before = set(state_of(events, law).contradictions)
    after = set(state_of([*events, event], law).contradictions)
    # A correction may show what the voided event had hidden; nothing else may bring a clash.
    assert event.kind == "corrected" or after <= before, (event, after - before)
    return True
