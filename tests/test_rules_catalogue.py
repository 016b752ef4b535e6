"""The catalogue offers what fits the person and the period, and keeps its own codes to itself."""

from __future__ import annotations

import dataclasses
from datetime import date
from pathlib import Path

import pytest

from posko_app.paths import resource
from posko_app.rules.book import load_rules
from posko_app.rules.catalogue import load_catalogue, matching
from posko_app.rules.check import check_resources
from posko_app.rules.reading import RulesError
from posko_app.rules.vocabulary import load_vocabulary

BOOK = load_rules(resource("rules"))
PILKADA, PEMILU = BOOK.get("pilkada-2024"), BOOK.get("pemilu-2022")
BEFORE, SET, AFTER, OVER = (
    date(2024, 9, 21), date(2024, 9, 22), date(2024, 11, 1), date(2025, 6, 1)
)  # fmt: skip


def codes(*categories: str, on: date | None = None, stage: str = "") -> set[str]:
    return {entry.code for entry in matching(categories, on, PILKADA, stage)}


def test_only_entries_for_the_person_and_the_period_are_offered() -> None:
    before, after = codes("pns", on=BEFORE), codes("pns", on=AFTER)
    assert {"KE-1", "DS-3", "DS-5"} <= before
    assert not {"DS-1", "PP94-5n1"} & before
    assert {"DS-1", "DS-11", "PP94-5n1", "PP94-5n7"} <= after
    assert not {"KE-1", "DS-3"} & after
    assert before | after == codes("pns")
    assert {"UU6-29b", "UU6-29g", "UU6-29j"} <= codes("village_head", on=AFTER)
    assert not {"UU6-51", "PPPK", "DS-1"} & codes("village_head", on=AFTER)
    assert "PPPK" in codes("pppk", on=AFTER)


def test_nobody_known_nothing_offered_and_several_people_together() -> None:
    assert not codes()
    assert not codes("unknown", "public", on=AFTER)
    assert codes("pns", "village_head", on=AFTER) == (
        codes("pns", on=AFTER) | codes("village_head", on=AFTER)
    )


def test_the_period_turns_on_the_day_the_candidates_are_set() -> None:
    period = load_catalogue().period_of
    assert [period(day, PILKADA) for day in (BEFORE, SET, AFTER, OVER)] == [
        "before", "after", "after", "outside"
    ]  # fmt: skip
    assert period(None, PILKADA) == ""
    # In the Pemilu the lists were set ten days before the pairs: between, nobody can say.
    assert [period(date(2023, 11, day), PEMILU) for day in (2, 3, 12, 13)] == [
        "before", "", "", "after"
    ]  # fmt: skip
    undated = dataclasses.replace(
        PILKADA,
        stage_dates={
            **PILKADA.stage_dates,
            "candidate_set": dataclasses.replace(
                PILKADA.stage_dates["candidate_set"], first=None, last=None
            ),
        },
    )
    assert period(AFTER, undated) == ""


def test_the_stage_of_the_case_wins_over_the_date() -> None:
    assert codes("pns", on=AFTER, stage="candidate_registration") == codes("pns", on=BEFORE)
    assert codes("pns", on=BEFORE, stage="campaign") == codes("pns", on=AFTER)


def test_without_a_stage_nobody_is_a_candidate_yet() -> None:
    assert load_catalogue().period_of(None, PILKADA, "none") == "outside"
    offered = codes("pns", stage="none")
    assert {"KE-1", "DS-5"} <= offered
    assert "DS-1" not in offered
    assert offered == codes("pns", on=OVER)


def test_each_regime_has_its_own_law_and_shares_the_rest() -> None:
    vote = date(2024, 2, 14)
    for category in ("pns", "village_head", "tni"):
        of_pilkada = codes(category, on=AFTER)
        of_pemilu = {entry.code for entry in matching([category], vote, PEMILU)}
        assert any(code.startswith("UU10-") for code in of_pilkada)
        assert not any(code.startswith("UU7-") for code in of_pilkada)
        assert any(code.startswith("UU7-") for code in of_pemilu)
        assert not any(code.startswith("UU10-") for code in of_pemilu)
    assert "DS-5" in codes("pns", on=AFTER) & {e.code for e in matching(["pns"], vote, PEMILU)}


@pytest.mark.parametrize(
    "category", ["pns", "pppk", "cpns", "honorary", "camat", "lurah", "tni", "polri",
                 "village_head", "village_official", "bpd"]
)  # fmt: skip
def test_whoever_must_be_neutral_has_entries(category: str) -> None:
    for law in (PILKADA, PEMILU):
        offered = matching([category], law.stage_dates["campaign"].first, law)
        assert offered
        assert all(category in entry.applies_to for entry in offered)


def test_every_stage_has_its_period() -> None:
    stages = load_catalogue().stages
    known = load_vocabulary().codes("election_stage")
    assert sorted(code for some in stages.values() for code in some) == sorted(known)
    assert not check_resources()


def test_an_uncertain_level_is_a_question_and_never_a_value() -> None:
    catalogue = load_catalogue()
    for code in ("DS-8", "DS-9"):
        entry = catalogue.get(code)
        assert entry is not None
        assert (entry.level, entry.level_label) == ("", "")
        assert "?" in entry.question
        assert entry.confidence == "U"
    sure = catalogue.get("PP94-5n3")
    assert sure is not None
    assert sure.level_label == "Hukuman disiplin berat"
    assert catalogue.get("x") is None


def test_the_discipline_of_pns_is_not_offered_for_others() -> None:
    for category in ("pppk", "village_head", "village_official", "honorary", "tni"):
        offered = matching([category], None, PILKADA)
        assert not [entry.code for entry in offered if "PP 94/2021" in entry.basis]


def test_our_own_codes_are_marked() -> None:
    entries = load_catalogue().entries.values()
    assert {e.code[:2] for e in entries if e.own_code} == {"KE", "DS"}


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ('level = "heavy"', 'level = "x"'),
        ('level = "heavy"', ""),
        ('period = "after"', 'period = "later"'),
        ("own_code = true", ""),
        ('source = "S59"', 'source = "S9"'),
    ],
)
def test_a_mistake_in_the_catalogue_is_named(tmp_path: Path, was: str, becomes: str) -> None:
    path = tmp_path / "violations.toml"
    text = resource("catalogue", "violations.toml").read_text("utf-8")
    assert was in text
    path.write_text(text.replace(was, becomes), "utf-8")
    with pytest.raises(RulesError, match=r"violations\.toml"):
        load_catalogue(path)
