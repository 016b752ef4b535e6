"""What a step asks and lacks, who would handle a case, several results, and episodes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest

from posko_app.paths import resource
from posko_app.rules.book import load_rules
from posko_app.rules.facts import EVENT_KINDS
from posko_app.rules.guide import CaseKnowledge, guide
from posko_app.rules.jurisdiction import JurisdictionFacts, suggest
from posko_app.rules.stages import CaseState, Event, check_step, state_of
from posko_app.rules.vocabulary import load_vocabulary

BOOK = load_rules(resource("rules"))
LAW = BOOK.get("pilkada-2024")
START = date(2024, 10, 11)
NOTHING = CaseKnowledge()


def case(*kinds: str | tuple[str, dict[str, Any]]) -> list[Event]:
    events = []
    for n, kind in enumerate(kinds):
        name, more = (kind, {}) if isinstance(kind, str) else kind
        events.append(Event(f"{n:02d}", name, START + timedelta(days=n), **more))
    return events


def state(*kinds: str | tuple[str, dict[str, Any]]) -> CaseState:
    return state_of(case(*kinds), LAW)


COMPLETE = ("reviewed", {"outcome": "complete"})
HANDLED = ("filed", COMPLETE, "registered", "clarified", "assessed")
FOUND = ("decided", {"outcome": "violation", "data": {"kinds": "other_law"}})


def missing(
    kind: str,
    found: CaseState,
    known: CaseKnowledge = NOTHING,
    given: Mapping[str, str] | None = None,
) -> dict[str, str]:
    return {m.key: m.why for m in guide(kind, found, LAW, known, given).missing}


# --- the guide ----------------------------------------------------------------------------------


def test_a_registration_names_the_requirements_that_block_it() -> None:
    known = CaseKnowledge(unmet=("Bukti", "Waktu dan tempat kejadian"))
    made = guide("registered", state("filed", COMPLETE), LAW, known)
    assert made.blocked
    assert [m.why for m in made.missing] == [
        "Syarat belum terpenuhi: Bukti, Waktu dan tempat kejadian."
    ]
    assert not guide("registered", state("filed", COMPLETE), LAW, NOTHING).blocked
    tip = state(("filed", {"data": {"intake_kind": "finding"}}))
    assert missing("registered", tip, known) == {}


def test_minutes_of_the_plenary_are_missed_until_they_are_given() -> None:
    found = state(*HANDLED)
    assert set(missing("decided", found)) == {"plenary_number", "plenary_on"}
    given = {"plenary_number": "12/BA/X/2024", "plenary_on": "2024-10-16"}
    assert missing("decided", found, given=given) == {}
    assert set(missing("decided", state("filed", COMPLETE, "registered"), given=given)) == {
        "assessed"
    }


def test_a_crime_needs_gakkumdu_before_the_plenary() -> None:
    given = {"plenary_number": "1", "plenary_on": "2024-10-16", "kinds": "criminal"}
    assert set(missing("decided", state(*HANDLED), given=given)) == {"discussed_second"}
    both = state(*HANDLED, "gakkumdu_first", "gakkumdu_second")
    assert missing("decided", both, given=given) == {}


def test_those_who_were_invited_are_named_until_they_came_or_did_not() -> None:
    found = state("filed", COMPLETE, "registered", "invited")
    known = CaseKnowledge(waiting=("Saksi 1", "Terlapor"))
    assert missing("clarified", found, known) == {
        "all_heard": "Belum dicatat hadir atau tidak hadir: Saksi 1, Terlapor."
    }


def test_papers_say_their_form_and_their_number() -> None:
    known = CaseKnowledge(letters={"tanda-bukti": "001/PL/PB/Kab/69.03/X/2024"})
    (receipt,) = guide("filed", state("filed"), LAW, known).papers
    assert (receipt.form, receipt.number) == ("A.3", "001/PL/PB/Kab/69.03/X/2024")
    (invitation,) = guide("invited", state("filed"), LAW, known).papers
    assert (invitation.form, invitation.number) == ("A.7", "")
    pemilu = BOOK.get("pemilu-2022")
    assert guide("invited", state("filed"), pemilu, known).papers[0].form == "B.9"


@pytest.mark.parametrize("regulation", sorted(BOOK.regulations))
def test_every_step_has_a_guide_in_words(regulation: str) -> None:
    law, words = BOOK.get(regulation), load_vocabulary()
    for kind in EVENT_KINDS:
        made = guide(kind, state("filed"), law, NOTHING)
        assert made.label
        for entry in made.inputs:
            assert entry.label
            assert entry.kind != "choice" or entry.key == "whom" or words.codes(entry.list)
        for item in made.missing:
            assert item.why.endswith(".")
            assert "{" not in item.why
    assert guide("unheard_of", state("filed"), law, NOTHING).missing == ()


# --- who handles --------------------------------------------------------------------------------


def suggested(**facts: Any) -> list[tuple[str, str, tuple[str, ...]]]:
    usual = {"level": "kabupaten", "office_code": "69.03", "on": date(2024, 10, 12)}
    found = suggest(JurisdictionFacts(**{**usual, **facts}), LAW)
    return [(item.action, item.to, item.addressees) for item in found]


def test_civil_servants_go_to_the_institution_of_the_day() -> None:
    facts = {"categories": ("camat",), "violations": ("other_law",)}
    assert suggested(**facts) == [("referral", "", ("bkn", "bkn_regional", "ppk"))]
    before = suggested(**facts, on=date(2024, 8, 1))
    assert before == [("referral", "", ("kasn", "ppk"))]


def test_village_heads_go_to_the_bupati_and_never_to_bkn() -> None:
    facts = {"categories": ("village_head",), "violations": ("other_law",)}
    assert suggested(**facts) == [("referral", "", ("bupati",))]
    known = LAW.addressees_for("other_law", START, ("village_head",))
    assert [a.code for a in known] == ["inspectorate", "bupati", "other"]
    assert "bkn" in [a.code for a in LAW.addressees_for("other_law", START, ("unknown",))]


@pytest.mark.parametrize(
    ("level", "code", "action", "to"),
    [
        ("kecamatan", "69.03.02", "takeover", "kabupaten"),
        ("kabupaten", "69.03", "here", ""),
        ("provinsi", "69", "transfer", "kabupaten"),
    ],
)
def test_ethics_of_supervisors_belong_to_the_district(
    level: str, code: str, action: str, to: str
) -> None:
    found = suggested(level=level, office_code=code, categories=("pkd",))
    assert found == [(action, to, ())]


def test_crimes_leave_the_subdistrict() -> None:
    facts = {"violations": ("criminal",)}
    assert suggested(**facts, level="kecamatan")[0][:2] == ("transfer", "kabupaten")
    assert suggested(**facts)[0] == ("here", "", ("gakkumdu", "police"))


@pytest.mark.parametrize(
    ("place", "moves"), [("69.03.02", False), ("69", False), ("", False), ("69.04", True)]
)
def test_what_happened_elsewhere_moves_to_the_place(place: str, moves: bool) -> None:
    assert (("transfer", "place", ()) in suggested(region_code=place)) == moves


def test_several_violations_bring_several_suggestions() -> None:
    found = suggested(categories=("pns",), violations=("other_law", "criminal", "administrative"))
    assert [action for action, _, _ in found] == ["here", "referral", "referral"]


# --- several results, and episodes --------------------------------------------------------------


def decided(outcome: str, kinds: str, results: str) -> tuple[str, dict[str, Any]]:
    return "decided", {"outcome": outcome, "data": {"kinds": kinds, "results": results}}


def test_a_plenary_may_find_one_thing_and_not_another() -> None:
    results = "criminal:not_violation,other_law:violation"
    found = state(*HANDLED, decided("violation", "other_law", results))
    assert [(r.kind, r.outcome) for r in found.results] == [
        ("criminal", "not_violation"),
        ("other_law", "violation"),
    ]
    assert found.pending_kinds == ("other_law",)


@pytest.mark.parametrize(
    ("outcome", "kinds", "results"),
    [
        ("violation", "criminal", "criminal:not_violation"),
        ("not_violation", "", "criminal:violation"),
        ("violation", "criminal", "criminal:violation,criminal:not_violation"),
        ("violation", "criminal", "criminal:violation,theft:violation"),
        ("violation", "criminal", "criminal:maybe"),
        ("violation", "criminal,ethics", "criminal:violation"),
    ],
)
def test_results_that_do_not_agree_are_refused(outcome: str, kinds: str, results: str) -> None:
    events = case(*HANDLED)
    _, more = decided(outcome, kinds, results)
    event = Event("x", "decided", START + timedelta(days=9), **more)
    assert any(p.field == "results" for p in check_step(events, event, LAW))


def test_a_reopened_case_is_a_new_episode_on_a_stepper_of_its_own() -> None:
    ended = (*HANDLED, ("decided", {"outcome": "not_violation"}), "notified", "closed")
    first = state(*ended)
    assert [(e.number, e.end) for e in first.episodes] == [(1, "finished")]
    again = state(*ended, "reopened")
    assert [(e.number, e.begun_on, e.end) for e in again.episodes] == [
        (1, START, "finished"),
        (2, START + timedelta(days=8), ""),
    ]
    assert "".join(step.mark[0] for step in again.steps) == "ddsdntttt"
    assert again.results == ()


def test_an_invitation_after_the_assessment_puts_the_assessment_ahead_again() -> None:
    found = state("filed", COMPLETE, "registered", "clarified", "assessed", "invited")
    assert "".join(step.mark[0] for step in found.steps) == "ddsdntttt"


def test_hearing_one_of_several_keeps_the_stage() -> None:
    one = ("clarified", {"data": {"more": "yes"}})
    found = state("filed", COMPLETE, "registered", "invited", one)
    assert found.stage == "clarification"
    assert state("filed", COMPLETE, "registered", "invited", one, "clarified").stage == "assessment"


def test_an_answer_goes_to_the_referral_that_waits_and_not_to_the_returned_one() -> None:
    bkn = {"data": {"addressee": "bkn_regional"}}
    sent_twice = (
        *HANDLED,
        FOUND,
        ("referred", bkn),
        ("agency_returned", bkn),
        ("referred", bkn),
    )
    assert state(*sent_twice).waiting_agency
    answered = state(*sent_twice, ("follow_up", bkn))
    assert [(r.returned_on is None, r.answered_on is None) for r in answered.referrals] == [
        (False, True),
        (True, False),
    ]
    assert not answered.waiting_agency


def test_news_that_names_its_referral_goes_there() -> None:
    bkn = {"data": {"addressee": "bkn_regional"}}
    events = case(*HANDLED, FOUND, ("referred", bkn), ("referred", bkn))
    second = events[-1]
    news = Event(
        "news",
        "follow_up",
        second.on + timedelta(days=1),
        data={"addressee": "bkn_regional", "referral": second.uid},
    )
    found = state_of([*events, news], LAW)
    assert [r.answered_on for r in found.referrals] == [None, news.on]


def test_inviting_an_expert_leaves_the_case_where_it_is() -> None:
    expert = ("invited", {"data": {"role": "expert"}})
    handled = ("filed", COMPLETE, "registered", "clarified")
    assert state(*handled, expert).stage == "assessment"
    assert state(*handled, expert, "expert_heard").stage == "assessment"
