"""Stages from events: the flow of the law, and the laws of the machine under any events at all."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posko_app.paths import resource
from posko_app.rules.book import Regulation, load_rules
from posko_app.rules.calendar import load_calendar
from posko_app.rules.deadlines import open_dues
from posko_app.rules.facts import EVENT_KINDS, INTAKE_KINDS, STAGES
from posko_app.rules.stages import CaseState, Event, Step, check_step, state_of

BOOK = load_rules(resource("rules"))
LAW = BOOK.get("pilkada-2024")
CALENDAR = load_calendar(resource("calendar"))
START = date(2024, 10, 11)
Taken = tuple[str, Mapping[str, Any]]

FILED: Taken = ("filed", {})
COMPLETE: Taken = ("reviewed", {"outcome": "complete"})
INCOMPLETE: Taken = ("reviewed", {"outcome": "incomplete"})
REGISTERED: Taken = ("registered", {"number": "001/Reg/LP/PB/Kab/21.05/X/2024"})
ABSENT: Taken = ("absent", {"data": {"whom": "saksi 1"}})
TO_PLENARY: tuple[Taken, ...] = (FILED, COMPLETE, REGISTERED, ("clarified", {}), ("assessed", {}))


def violation(kinds: str) -> Taken:
    return "decided", {"outcome": "violation", "data": {"kinds": kinds}}


def referred(addressee: str) -> Taken:
    return "referred", {"data": {"addressee": addressee}}


def case(*taken: Taken, kind: str = "", first: date = START) -> list[Event]:
    """One event a day, in the order given."""
    events = [
        Event(f"{n:02d}", name, first + timedelta(days=n), **more)
        for n, (name, more) in enumerate(taken)
    ]
    if kind:
        events[0] = dataclasses.replace(events[0], data={"intake_kind": kind, **events[0].data})
    return events


def state(*taken: Taken, kind: str = "") -> CaseState:
    return state_of(case(*taken, kind=kind), LAW)


def marks(found: CaseState) -> str:
    """The stepper in one word: d done, n now, s skipped, t to do."""
    return "".join(step.mark[0] for step in found.steps)


# --- the flow of a report -----------------------------------------------------------------------


def test_a_report_from_the_desk_to_the_end() -> None:
    course: list[tuple[Taken | None, str, str, str]] = [
        (None, "received", "filed", "nttttttttt"[:9]),
        (FILED, "initial_review", "reviewed", "dnttttttt"),
        (COMPLETE, "registration", "registered", "ddsnttttt"),
        (REGISTERED, "clarification", "invited", "ddsdntttt"),
        (("invited", {}), "clarification", "clarified", "ddsdntttt"),
        (("clarified", {}), "assessment", "assessed", "ddsddnttt"),
        (("assessed", {}), "plenary", "decided", "ddsdddntt"),
        (violation("other_law"), "referral", "referred", "ddsddddnt"),
        (referred("bkn"), "notice", "notified", "ddsdddddn"),
        (("notified", {}), "notice", "closed", "ddsdddddd"),
        (("closed", {}), "closed", "follow_up", "ddsdddddd"),
    ]
    taken: list[Taken] = []
    for step, stage, next_kind, stepper in course:
        taken += [step] if step else []
        found = state(*taken)
        assert (found.stage, found.next_steps[0].kind, marks(found)) == (stage, next_kind, stepper)
        assert found.contradictions == ()
    assert found.closed
    assert found.label == "Penanganan selesai, menunggu instansi"
    assert found.registered_on == START + timedelta(days=2)
    assert found.register_number == "001/Reg/LP/PB/Kab/21.05/X/2024"
    answered = state(*taken, ("follow_up", {"data": {"addressee": "bkn"}}))
    assert (answered.label, answered.waiting_agency) == ("Selesai", False)


def test_steps_carry_their_days() -> None:
    steps = {step.key: step for step in state(*TO_PLENARY).steps}
    assert steps["registration"].on == START + timedelta(days=2)
    assert steps["registration"].label == "Registrasi"
    assert steps["completion"].mark == "skipped"
    assert steps["plenary"].on is None


def test_an_incomplete_report() -> None:
    noticed: Taken = ("completion_noticed", {})
    found = state(FILED, INCOMPLETE)
    assert (found.stage, found.next_steps[0].kind) == ("completion", "completion_noticed")
    found = state(FILED, INCOMPLETE, noticed)
    assert [step.kind for step in found.next_steps][:2] == ["completed", "completion_lapsed"]
    found = state(FILED, INCOMPLETE, noticed, ("completed", {}))
    assert (found.stage, marks(found)) == ("registration", "dddnttttt")
    kinds = [step.kind for step in found.next_steps]
    assert kinds[:3] == ["registered", "not_registered", "reviewed"]
    again = state(FILED, INCOMPLETE, noticed, ("completed", {}), COMPLETE, REGISTERED)
    assert (again.stage, again.contradictions) == ("clarification", ())


def test_a_report_that_is_not_completed_cannot_be_registered() -> None:
    taken: tuple[Taken, ...] = (
        FILED,
        INCOMPLETE,
        ("completion_noticed", {}),
        ("completion_lapsed", {}),
    )
    found = state(*taken)
    assert found.next_steps[0].kind == "not_registered"
    assert "registered" not in {step.kind for step in found.next_steps}
    refused = state(*taken, ("not_registered", {}))
    assert (refused.stage, refused.next_steps[0].kind) == ("notice", "notified")
    assert marks(refused) == "ddddssssn"
    ended = state(*taken, ("not_registered", {}), ("notified", {}), ("closed", {}))
    assert (ended.end, ended.label) == ("not_registered", "Tidak diregistrasi")


@pytest.mark.parametrize(
    ("outcome", "stage", "next_kind"),
    [
        ("initial_info", "notice", "notified"),
        ("already_handled", "notice", "notified"),
        ("dispute", "notice", "notified"),
        ("transfer", "referral", "transferred"),
        ("other_law", "referral", "referred"),
    ],
)
def test_other_outcomes_of_the_initial_review(outcome: str, stage: str, next_kind: str) -> None:
    found = state(FILED, ("reviewed", {"outcome": outcome}))
    assert (found.stage, found.next_steps[0].kind) == (stage, next_kind)


def test_other_laws_may_go_out_at_the_initial_review() -> None:
    found = state(FILED, ("reviewed", {"outcome": "other_law"}), referred("bkn"))
    assert (found.stage, found.pending_kinds) == ("notice", ())
    assert "kajian" in LAW.outcomes["other_law"].warning


def test_no_violation_goes_straight_to_the_notice() -> None:
    found = state(*TO_PLENARY, ("decided", {"outcome": "not_violation"}))
    assert (found.stage, marks(found)) == ("notice", "ddsddddsn")


def test_several_results_each_need_their_referral() -> None:
    taken: tuple[Taken, ...] = (*TO_PLENARY, violation("criminal, other_law"))
    assert state(*taken).pending_kinds == ("criminal", "other_law")
    half = state(*taken, referred("ppk"))
    assert (half.stage, half.pending_kinds) == ("referral", ("criminal",))
    whole = state(*taken, referred("ppk"), referred("gakkumdu"))
    assert (whole.stage, whole.pending_kinds) == ("notice", ())
    assert [(r.addressee, r.kinds) for r in whole.referrals] == [
        ("ppk", ("other_law",)),
        ("gakkumdu", ("criminal",)),
    ]
    more = state(*taken, referred("ppk"), referred("gakkumdu"), referred("bkn"))
    assert (more.stage, more.contradictions) == ("notice", ())


def test_the_status_may_be_told_before_the_referral() -> None:
    found = state(*TO_PLENARY, violation("criminal"), ("notified", {}), referred("gakkumdu"))
    assert (found.stage, found.next_steps[0].kind) == ("notice", "closed")


def test_extra_time_comes_once() -> None:
    events = case(FILED, COMPLETE, REGISTERED, ("extra_needed", {}))
    assert "extra_needed" not in {s.kind for s in state_of(events, LAW).next_steps}
    reason = {"reason": "saksi kedua sakit"}
    again = Event("x", "extra_needed", START + timedelta(days=4), data=reason)
    assert "satu kali" in check_step(events, again, LAW)[0].message


# --- withdrawal ---------------------------------------------------------------------------------


def test_a_withdrawal_before_registration_ends_the_report() -> None:
    found = state(FILED, COMPLETE, ("withdrawn", {}))
    assert (found.closed, found.end, found.label) == (True, "withdrawn", "Dicabut pelapor")
    assert "converted" in {step.kind for step in found.next_steps}  # into informasi awal
    tip = state(FILED, ("withdrawn", {}), ("converted", {"data": {"intake_kind": "initial_info"}}))
    assert (tip.closed, tip.intake_kind, tip.stage) == (False, "initial_info", "initial_review")


def test_a_withdrawal_after_registration_does_not_close() -> None:
    events = case(FILED, COMPLETE, REGISTERED)
    late = Event("late", "withdrawn", START + timedelta(days=3))
    (problem,) = check_step(events, late, LAW)
    assert "tidak dapat dicabut" in problem.message
    merged = state_of([*events, late], LAW)
    assert (merged.closed, merged.stage) == (False, "clarification")
    assert len(merged.contradictions) == 1
    assert open_dues([*events, late], LAW, CALENDAR, "WIB")


def test_withdrawn_and_registered_on_one_day_goes_on() -> None:
    events = case(FILED, COMPLETE)
    day = START + timedelta(days=2)
    both = [*events, Event("a", "withdrawn", day), Event("b", "registered", day)]
    found = state_of(both, LAW)
    assert (found.closed, found.stage, len(found.contradictions)) == (False, "clarification", 1)


# --- other kinds of intake ----------------------------------------------------------------------


def test_a_finding_has_no_review_and_no_completion() -> None:
    found = state(FILED, kind="finding")
    assert found.stage == "registration"
    keys = [step.key for step in found.steps]
    assert "initial_review" not in keys
    assert "completion" not in keys
    events = case(FILED, kind="finding")
    assert check_step(events, Event("x", "reviewed", START, outcome="complete"), LAW)
    assert check_step(events, Event("x", "withdrawn", START), LAW)
    assert not check_step(events, Event("x", "registered", START), LAW)
    assert found.steps[0].label == "Temuan dicatat"


def test_a_tip_is_looked_into_and_ends_or_becomes_a_finding() -> None:
    found = state(FILED, kind="initial_info")
    assert (found.label, found.next_steps[0].kind) == ("Penelusuran", "inquiry_ordered")
    looking: tuple[Taken, ...] = (FILED, ("inquiry_ordered", {}))
    asked = state(*looking, kind="initial_info").next_steps[0]
    assert (asked.kind, asked.outcomes) == ("inquiry_reported", ("suspected", "not_suspected"))
    looked = (*looking, ("inquiry_reported", {"outcome": "suspected"}))
    assert marks(state(*looked, kind="initial_info")) == "ddn"
    no = state(*looked, ("decided", {"outcome": "not_violation"}), kind="initial_info")
    assert no.next_steps[0].kind == "closed"
    yes = state(*looked, violation("other_law"), kind="initial_info")
    assert yes.next_steps[0].kind == "converted"
    become: Taken = ("converted", {"data": {"intake_kind": "finding"}})
    done = state(*looked, violation("other_law"), become, kind="initial_info")
    assert (done.intake_kind, done.stage, done.decision) == ("finding", "registration", "")
    assert len(done.events) == 5
    events = case(FILED, kind="initial_info")
    assert check_step(events, Event("x", "inquiry_reported", START), LAW)
    assert check_step(case(FILED), Event("x", "inquiry_ordered", START), LAW)


@pytest.mark.parametrize("kind", ["consultation", "request", "voter_rights", "outside"])
def test_questions_are_answered_and_closed(kind: str) -> None:
    found = state(FILED, kind=kind)
    assert found.next_steps
    answered = state(FILED, ("notified", {}), kind=kind)
    assert answered.next_steps[0].kind == "closed"
    assert state(FILED, ("notified", {}), ("closed", {}), kind=kind).closed


def test_the_kind_may_be_given_beside_the_events() -> None:
    assert state_of(case(FILED), LAW, kind="finding").stage == "registration"
    assert state_of([], LAW).intake_kind == "report"
    assert state_of(case(FILED, kind="finding"), LAW, kind="report").intake_kind == "finding"


# --- transfer, takeover, reopening --------------------------------------------------------------


def test_a_transferred_case_goes_on_where_it_is_received() -> None:
    taken: tuple[Taken, ...] = (FILED, ("reviewed", {"outcome": "transfer"}), ("transferred", {}))
    left = state(*taken)
    assert (left.closed, left.label) == (True, "Dilimpahkan")
    assert left.next_steps[0].kind == "received_transfer"
    arrived = state(*taken, ("received_transfer", {"office": "62.10"}))
    assert (arrived.closed, arrived.stage, arrived.office) == (False, "registration", "62.10")
    assert state(*taken, ("received_transfer", {}), REGISTERED).contradictions == ()


def test_the_reporter_may_be_told_of_a_transfer_before_it_goes() -> None:
    taken: tuple[Taken, ...] = (FILED, ("reviewed", {"outcome": "transfer"}), ("notified", {}))
    assert state(*taken).contradictions == ()
    assert state(*taken, ("transferred", {})).end == "transferred"


def test_an_office_may_start_from_a_transfer_on_paper() -> None:
    found = state(("received_transfer", {"office": "62.10"}))
    assert (found.stage, found.filed_on, found.office) == ("initial_review", START, "62.10")


def test_a_higher_office_takes_over() -> None:
    found = state(FILED, ("taken_over", {"office": "62.10"}))
    assert (found.office, found.stage, found.contradictions) == ("62.10", "initial_review", ())


def test_a_case_taken_over_after_registration_may_be_registered_anew() -> None:
    taken: tuple[Taken, ...] = (FILED, COMPLETE, REGISTERED, ("taken_over", {"office": "62.10"}))
    again = state(*taken, ("registered", {"number": "B"}))
    assert (again.register_number, again.contradictions) == ("B", ())


def test_somebody_invited_who_does_not_come_is_invited_again() -> None:
    begun = (FILED, COMPLETE, REGISTERED)
    assert check_step(
        case(*begun), Event("x", "absent", START + timedelta(days=9), data={"whom": "saksi 1"}), LAW
    )
    gone = state(*begun, ("invited", {}), ABSENT)
    assert (gone.stage, gone.next_steps[0].kind) == ("clarification", "invited")
    assert gone.absent_on == START + timedelta(days=4)
    again = state(*begun, ("invited", {}), ABSENT, ("invited", {}))
    assert (again.absent_on, again.next_steps[0].kind) == (None, "clarified")
    late = state(*begun, ("invited", {}), ABSENT, ("assessed", {}))
    assert (late.stage, late.contradictions) == ("plenary", ())


def test_a_pause_names_its_reason_and_ends_once() -> None:
    events = case(FILED)
    later = START + timedelta(days=1)
    why = {"reason": "Menunggu putusan lembaga lain"}
    assert check_step(events, Event("x", "paused", later), LAW)
    assert check_step(events, Event("x", "resumed", later, data=why), LAW)
    pause = Event("x", "paused", later, data=why)
    assert check_step(events, pause, LAW) == []
    held = state_of([*events, pause], LAW)
    assert (held.paused_on, held.next_steps[0].kind) == (later, "resumed")
    assert check_step([*events, pause], Event("y", "paused", later, data=why), LAW)
    go = Event("y", "resumed", later, data=why)
    assert state_of([*events, pause, go], LAW).paused_on is None


def test_gakkumdu_discusses_twice_and_in_order() -> None:
    begun = (FILED, COMPLETE, REGISTERED)
    late = START + timedelta(days=9)
    assert check_step(case(FILED, COMPLETE), Event("x", "gakkumdu_first", late), LAW)
    assert check_step(case(*begun), Event("x", "gakkumdu_second", late), LAW)
    both: tuple[Taken, ...] = (*begun, ("gakkumdu_first", {}), ("gakkumdu_second", {}))
    assert state(*both).contradictions == ()
    assert check_step(case(*both), Event("x", "gakkumdu_second", late), LAW)


def test_a_file_that_comes_back_may_go_out_again() -> None:
    sent = (*TO_PLENARY, violation("other_law"), referred("bkn"), ("notified", {}))
    back: Taken = ("agency_returned", {"data": {"addressee": "bkn"}})
    open_still = state(*sent, back)
    assert (open_still.pending_kinds, open_still.waiting_agency) == (("other_law",), False)
    closed = state(*sent, ("closed", {}), back)
    assert (closed.closed, closed.next_steps[0].kind) == (True, "referred")
    again = state(*sent, ("closed", {}), back, referred("bkn"))
    assert (again.closed, again.waiting_agency, again.contradictions) == (True, True, ())
    assert check_step(case(*sent, back), Event("x", "agency_returned", START), LAW)
    assert state(*sent, ("information_requested", {})).stage == "notice"


def test_reopening_is_a_new_episode() -> None:
    taken: tuple[Taken, ...] = (
        *TO_PLENARY,
        violation("criminal"),
        referred("gakkumdu"),
        ("notified", {}),
    )
    again = state(*taken, ("closed", {}), ("reopened", {}))
    assert (again.closed, again.stage, again.decision) == (False, "clarification", "")
    twice = state(*taken, ("closed", {}), ("reopened", {}), ("assessed", {}), violation("criminal"))
    assert (twice.stage, twice.pending_kinds) == ("referral", ("criminal",))
    assert twice.contradictions == ()


# --- corrections and merged events --------------------------------------------------------------


def test_a_correction_voids_what_it_names() -> None:
    events = case(FILED, COMPLETE, REGISTERED)
    void = Event("x", "corrected", START + timedelta(days=4), corrects="02")
    assert check_step(events, void, LAW) == []
    found = state_of([*events, void], LAW)
    assert (found.stage, found.registered_on) == ("registration", None)
    assert [event.uid for event in found.events] == ["00", "01"]


def test_a_correction_names_something_that_is_there() -> None:
    events = case(FILED)
    void = Event("x", "corrected", START, corrects="00")
    for target in ("", "99", "x"):
        wrong = Event("y", "corrected", START, corrects=target)
        assert check_step([*events, void], wrong, LAW)
        assert state_of([*events, wrong], LAW).contradictions
    assert check_step([*events, void], Event("y", "corrected", START, corrects="00"), LAW)


def test_two_registrations_are_a_contradiction_and_the_first_counts() -> None:
    events = case(FILED, COMPLETE, REGISTERED)
    other = Event("other", "registered", START + timedelta(days=3), number="9")
    found = state_of([*events, other], LAW)
    assert found.register_number == "001/Reg/LP/PB/Kab/21.05/X/2024"
    assert found.contradictions == (
        "Diregistrasi 14-10-2024: Registrasi hanya untuk laporan yang syaratnya terpenuhi "
        "dan belum diregistrasi.",
    )


def test_registration_wins_over_refusal() -> None:
    for first, second in (("registered", "not_registered"), ("not_registered", "registered")):
        found = state(FILED, COMPLETE, (first, {}), (second, {}))
        assert (found.closed, found.stage) == (False, "clarification")
        assert len(found.contradictions) == 1


def test_a_decision_counts_before_the_registration_has_arrived() -> None:
    events = case(*TO_PLENARY, violation("criminal"))
    without = [event for event in events if event.kind != "registered"]
    found = state_of(without, LAW)
    assert found.stage == "referral"
    assert found.contradictions


def test_unknown_kinds_are_kept_and_said() -> None:
    found = state(FILED, ("from_a_newer_version", {}))
    assert found.stage == "initial_review"
    assert "belum mengenal" in found.contradictions[0]


def test_everything_on_one_day_is_read_in_the_order_that_fits() -> None:
    taken: tuple[Taken, ...] = (
        FILED, INCOMPLETE, ("completion_noticed", {}), ("completed", {}), REGISTERED,
        ("invited", {}), ("clarified", {}), ("assessed", {}), violation("other_law"),
        referred("bkn"), ("notified", {}), ("closed", {}),
    )  # fmt: skip
    events = [dataclasses.replace(event, on=START) for event in case(*taken)]
    found = state_of(reversed(events), LAW)
    assert (found.end, found.contradictions) == ("finished", ())


# --- what a step must hold ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "more", "field"),
    [
        ("reviewed", {}, "outcome"),
        ("reviewed", {"outcome": "violation"}, "outcome"),
        ("decided", {"outcome": "complete"}, "outcome"),
        ("decided", {"outcome": "violation"}, "kinds"),
        ("decided", {"outcome": "violation", "data": {"kinds": "x"}}, "kinds"),
        ("referred", {}, "addressee"),
        ("referred", {"data": {"addressee": "kasn"}}, "addressee"),
        ("converted", {"data": {"intake_kind": "x"}}, "intake_kind"),
        ("converted", {"data": {"intake_kind": "report"}}, "intake_kind"),
        ("x", {}, "kind"),
        ("filed", {}, "kind"),
        ("registered", {}, "kind"),
        ("closed", {}, "kind"),
    ],
)
def test_a_step_that_lacks_something_is_refused(
    kind: str, more: Mapping[str, Any], field: str
) -> None:
    problems = check_step(case(FILED), Event("x", kind, START + timedelta(days=1), **more), LAW)
    assert [problem.field for problem in problems] == [field]
    assert problems[0].message.endswith(".")


def test_a_step_with_a_date_before_the_filing_is_refused() -> None:
    early = Event("x", "reviewed", START - timedelta(days=1), outcome="complete")
    assert check_step(case(FILED), early, LAW)


def test_a_late_entry_must_fit_among_the_others() -> None:
    events = case(*TO_PLENARY)
    between = Event("x", "withdrawn", START + timedelta(days=1))
    problems = check_step(events, between, LAW)
    assert [problem.field for problem in problems] == ["on"]
    assert "Diregistrasi 13-10-2024" in problems[0].message


def test_notes_always_fit() -> None:
    for events in ([], case(FILED), case(FILED, ("withdrawn", {}))):
        assert check_step(events, Event("x", "note", START), LAW) == []


# --- laws of the machine ------------------------------------------------------------------------

UIDS = [f"e{n}" for n in range(8)]
ANY_EVENT = st.builds(
    Event,
    uid=st.sampled_from(UIDS),
    kind=st.sampled_from([*EVENT_KINDS, "registered", "corrected", "reviewed", "unheard_of"]),
    on=st.dates(START, START + timedelta(days=6)),
    at=st.none() | st.datetimes() | st.datetimes(timezones=st.timezones()),
    office=st.sampled_from(["", "62.10", "62.10.01"]),
    outcome=st.sampled_from(["", "complete", "incomplete", "other_law", "violation", "x"]),
    number=st.sampled_from(["", "1", "2"]),
    corrects=st.sampled_from(["", *UIDS]),
    data=st.dictionaries(
        st.sampled_from(["intake_kind", "kinds", "addressee", "known_on", "tsm"]),
        st.sampled_from([*INTAKE_KINDS, "criminal,other_law", "bkn", "kpu", "2024-10-10", "yes"]),
    ),
)


@given(st.lists(ANY_EVENT, max_size=12), st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_any_events_in_any_order_give_one_state(events: list[Event], chance: random.Random) -> None:
    for law in BOOK.regulations.values():
        found = state_of(events, law)
        assert found.stage in STAGES
        assert found.label
        assert found.closed == (found.stage == "closed")
        assert found.next_steps or found.closed
        shuffled = [*events, *events[:3]]  # a merge may bring copies
        chance.shuffle(shuffled)
        assert state_of(shuffled, law) == found
        assert open_dues(shuffled, law, CALENDAR, "WIB") == open_dues(events, law, CALENDAR, "WIB")


def made(step: Step, events: Sequence[Event], law: Regulation, chance: random.Random) -> Event:
    """An event for a step that was offered, with something in it that makes sense."""
    found = state_of(events, law)
    day = events[-1].on if events else START
    data: dict[str, str] = {}
    outcome = chance.choice(step.outcomes) if step.outcomes else ""
    if step.kind == "decided" and outcome == "violation":
        kinds = list(law.violation_kinds)
        data["kinds"] = ",".join(chance.sample(kinds, chance.randint(1, len(kinds))))
    if step.kind == "referred":
        wanted = found.pending_kinds or tuple(law.violation_kinds)
        data["addressee"] = chance.choice(law.addressees_for(wanted[0], day)).code
    for key in law.steps[step.kind].required:
        data[key] = "saksi 1"
    if step.kind in ("filed", "converted"):
        others = [kind for kind in INTAKE_KINDS if kind != found.intake_kind or not events]
        data["intake_kind"] = chance.choice(others)
    return Event(
        f"{len(events):03d}",
        step.kind,
        day + timedelta(days=chance.choice((0, 0, 1, 3))),
        outcome=outcome,
        data=data,
    )


@given(st.randoms(use_true_random=False), st.sampled_from(sorted(BOOK.regulations)))
@settings(max_examples=60, deadline=None)
def test_every_step_offered_may_be_taken_and_leads_somewhere(
    chance: random.Random, regulation: str
) -> None:
    law = BOOK.get(regulation)
    events: list[Event] = []
    for _ in range(14):
        found = state_of(events, law)
        for step in found.next_steps:
            event = made(step, events, law, chance)
            assert check_step(events, event, law) == [], (step, event)
            after = state_of([*events, event], law)
            assert after.next_steps or after.closed
            assert after.contradictions == ()
            assert after != found
        if not found.next_steps:
            break
        events.append(made(chance.choice(found.next_steps), events, law, chance))


@given(st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_an_open_case_always_has_a_way_to_its_end(chance: random.Random) -> None:
    """Taking the first step offered, again and again, closes every case."""
    events: list[Event] = []
    for _ in range(chance.randint(1, 6)):
        steps = state_of(events, LAW).next_steps
        events.append(made(chance.choice(steps), events, LAW, chance))
    for _ in range(20):
        found = state_of(events, LAW)
        if found.closed:
            return
        ends = [step for step in found.next_steps if step.kind in ("closed", "not_registered")]
        events.append(made((ends or found.next_steps)[0], events, LAW, chance))
    pytest.fail(f"no end: {[event.kind for event in events]}")


@given(st.lists(ANY_EVENT, max_size=8), ANY_EVENT)
@settings(max_examples=80, deadline=None)
def test_checking_any_step_never_raises(events: list[Event], event: Event) -> None:
    for problem in check_step(events, dataclasses.replace(event, uid="new"), LAW):
        assert problem.message
