"""Regulations as data: complete, sourced, dated, and refused when a reference does not hold."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from posko_app.errors import UserError
from posko_app.paths import resource
from posko_app.rules.book import RuleBook, load_regulation, load_rules
from posko_app.rules.catalogue import load_catalogue
from posko_app.rules.check import check_resources
from posko_app.rules.override import Override, overridden
from posko_app.rules.reading import RulesError
from posko_app.rules.regions import load_regions
from posko_app.rules.vocabulary import load_vocabulary

BOOK = load_rules(resource("rules"))
PILKADA, PEMILU = BOOK.get("pilkada-2024"), BOOK.get("pemilu-2022")
KEYS = {
    "report_filing", "finding_set", "initial_review", "completion_notice", "completion",
    "handling_base", "handling_extra", "clarification_invite", "tsm_filing", "tsm_decision",
    "referral_after_decision", "status_notice",
}  # fmt: skip


def test_everything_that_is_shipped_holds_together() -> None:
    assert check_resources() == []


RULES = "rules/pilkada-2024.toml"


@pytest.mark.parametrize(
    ("file", "was", "becomes", "said"),
    [
        (RULES, 'facts = ["narrated"]', 'facts = ["told"]', "unknown fact told"),
        (RULES, "[number.diary]", "[number.agenda]", "number pattern diary is missing"),
        (RULES, "{seq:03d}/TM/", "TM/", "semua nomor akan sama"),
        (RULES, 'key = "recommendation"', 'key = "advice"', "word recommendation is missing"),
        (RULES, "sebagai {recommendation}", "sebagai {advice}", "unknown word"),
        (RULES, "on = 2024-08-24", "on = 2024-08-25", "later than what it brings"),
        (RULES, "[addressee.other]", "[addressee.xyz]", "addressee xyz is not in"),
        (RULES, "[stage_date.recap]", "[stage_date.xyz]", "stage date xyz"),
        (RULES, "[deadline.completion]", "[deadline.completion", "pilkada-2024.toml"),
        ("vocabulary.toml", 'filed = "Disampaikan"\n', "", "event_kind does not fit"),
        ("vocabulary.toml", 'camat = "Camat"\n', "", "applies to unknown camat"),
        ("catalogue/violations.toml", '"recap", ', "", "stages do not fit"),
        ("calendar/2024.toml", "year = 2024", "year = 2023", "2024.toml"),
        ("catalogue/violations.toml", 'period = "after"', 'period = "x"', "period"),
        ("regions/upper.tsv", "65.", "66.", "65 has nothing below it"),
    ],
)
def test_the_check_names_what_does_not_hold(
    tmp_path: Path, file: str, was: str, becomes: str, said: str
) -> None:
    for part in ("calendar", "rules", "regions", "catalogue"):
        shutil.copytree(resource(part), tmp_path / part)
    shutil.copy(resource("vocabulary.toml"), tmp_path / "vocabulary.toml")
    assert check_resources(tmp_path) == []
    text = (tmp_path / file).read_text("utf-8")
    assert was in text
    (tmp_path / file).write_text(text.replace(was, becomes), "utf-8")
    for load in (load_vocabulary, load_catalogue, load_regions):
        load.cache_clear()
    problems = check_resources(tmp_path)
    assert problems
    assert any(said in problem for problem in problems), problems


def test_an_empty_folder_is_said(tmp_path: Path) -> None:
    for part in ("calendar", "rules"):
        (tmp_path / part).mkdir()
    found = " ".join(check_resources(tmp_path))
    for said in ("no table of holidays", "no regulation", "vocabulary.toml: file is missing"):
        assert said in found


@pytest.mark.parametrize("regulation", BOOK.regulations.values(), ids=lambda r: r.id)
def test_every_fact_says_where_it_was_read_and_how_sure_it_is(regulation: object) -> None:
    facts = list(regulation.facts())  # type: ignore[attr-defined]
    assert len(facts) > 140
    for _, key, fact in facts:
        assert fact.confidence in "CMUI", key
        assert regulation.source_text(fact), key  # type: ignore[attr-defined]


def test_both_regimes_have_the_deadlines_of_the_law() -> None:
    assert set(PILKADA.deadlines) >= KEYS
    assert set(PEMILU.deadlines) >= KEYS
    assert "admin_recommendation_kpu" in PILKADA.deadlines
    ours = [rule for rule in PILKADA.deadlines.values() if not rule.owner and rule.during]
    assert {rule.unit for rule in ours} == {"calendar_days", "hours"}
    assert PEMILU.deadlines["handling_extra"].amount == 14


def test_an_uncertain_day_rule_keeps_its_other_readings() -> None:
    for regulation in BOOK.regulations.values():
        for rule in regulation.deadlines.values():
            questions = {reading.question for reading in rule.readings}
            if rule.direction == "before" or rule.closes:
                continue
            assert "first_day" in questions, rule.key
    start = [r for r in PILKADA.deadlines["handling_base"].readings if r.question == "start"]
    assert [reading.starts for reading in start] == ["received"]


def test_the_regulation_in_force() -> None:
    assert BOOK.on(date(2024, 10, 1), "pilkada") is PILKADA
    assert BOOK.on(date(2020, 10, 1), "pilkada") is PILKADA
    assert BOOK.on(date(2024, 2, 1), "pemilu") is PEMILU
    with pytest.raises(UserError, match=r"pemilu-2022, pilkada-2024"):
        BOOK.get("x")
    with pytest.raises(UserError):
        RuleBook({}).on(date(2024, 1, 1), "pilkada")


def test_the_newer_regulation_wins_from_its_first_day() -> None:
    import dataclasses

    newer = dataclasses.replace(PILKADA, id="pilkada-2030", valid_from=date(2030, 1, 1))
    book = RuleBook({**BOOK.regulations, newer.id: newer})
    assert book.on(date(2029, 12, 31), "pilkada") is PILKADA
    assert book.on(date(2030, 1, 1), "pilkada") is newer


def test_changes_of_the_law_touch_no_older_case() -> None:
    assert PILKADA.word("recommendation", date(2024, 11, 1)) == "rekomendasi"
    assert PILKADA.word("recommendation", date(2025, 7, 29)) == "rekomendasi"
    assert PILKADA.word("recommendation", date(2025, 7, 30)) == "putusan"
    with pytest.raises(KeyError):
        PILKADA.word("x", date(2024, 1, 1))
    assert {change.confidence for key, change in PILKADA.changes.items() if "mk" in key} == {"M"}


def test_addressees_have_their_dates() -> None:
    def codes(day: date) -> set[str]:
        return {addressee.code for addressee in PILKADA.addressees_for("other_law", day)}

    assert "kasn" in codes(date(2024, 8, 1))
    assert "bkn" not in codes(date(2024, 8, 1))
    assert "bkn" in codes(date(2024, 10, 1))
    assert not {"kasn", "asn_body"} & codes(date(2024, 10, 1))
    assert "asn_body" in codes(date(2027, 10, 16))
    assert {"ppk", "bupati"} <= codes(date(2024, 10, 1))
    assert "gakkumdu" not in codes(date(2024, 10, 1))


def test_stages_of_the_election() -> None:
    assert PILKADA.stage_on(date(2024, 9, 22)) == "candidate_set"
    assert PILKADA.stage_on(date(2024, 11, 25)) == "quiet"
    assert PILKADA.stage_on(date(2024, 11, 27)) == "voting"
    assert PILKADA.stage_on(date(2023, 1, 1)) == ""
    assert PILKADA.stage_on(date(2024, 9, 24)) == "", "between two stages the calendar cannot say"
    assert PILKADA.stage_on(date(2024, 12, 10)) == ""
    window = PILKADA.stage_dates["article_71_2"]
    assert window.holds(date(2024, 3, 22))
    assert not window.holds(date(2024, 3, 21))


def test_no_stage_is_a_period_of_its_own() -> None:
    assert PILKADA.stage_on(date(2025, 6, 1)) == "none"
    assert PEMILU.stage_on(date(2024, 6, 1)) == "none"
    dated = overridden(
        PILKADA,
        Override(table="stage_date", entry="none", field="first", value="2024-12-01", source="SK"),
    )
    assert dated.stage_on(date(2024, 12, 10)) == "none"
    assert dated.stage_on(date(2024, 11, 27)) == "voting"
    again = overridden(
        dated,
        Override(table="stage_date", entry="repeat_vote", field="first", value="2025-04-19",
                 source="SK KPU"),
    )  # fmt: skip
    again = overridden(
        again,
        Override(table="stage_date", entry="repeat_vote", field="last", value="2025-04-19",
                 source="SK KPU"),
    )  # fmt: skip
    assert again.stage_on(date(2025, 4, 19)) == "repeat_vote"
    assert again.stage_on(date(2025, 4, 20)) == "none"


def test_forms_are_found_by_their_use() -> None:
    for use, pilkada, pemilu in (
        ("report", "A.1", "B.1"),
        ("receipt", "A.3", "B.3"),
        ("status_notice", "A.17", "B.18"),
    ):
        for regulation, code in ((PILKADA, pilkada), (PEMILU, pemilu)):
            form = regulation.form_for(use)
            assert form is not None
            assert form.code == code
    assert PEMILU.form_for("referral_other_law") is None  # its code is not known
    assert PEMILU.forms["B.21"].title == ""


def test_an_office_may_set_a_deadline_otherwise() -> None:
    changed = PILKADA.with_deadlines({"status_notice": {"amount": 2, "settled": ("first_day",)}})
    assert changed.deadlines["status_notice"].amount == 2
    assert changed.deadlines["status_notice"].readings == ()
    assert PILKADA.deadlines["status_notice"].amount == 1
    with pytest.raises(RulesError):
        PILKADA.with_deadlines({"status_notice": {"unit": "weeks"}})
    with pytest.raises(KeyError):
        PILKADA.with_deadlines({"x": {"amount": 2}})


@pytest.mark.parametrize(
    ("was", "becomes", "named"),
    [
        ('unit = "hours"', 'unit = "minutes"', "completion: unit"),
        ('starts = "registered"', 'starts = "registred"', "starts"),
        ('first_day = "same"', 'first_dya = "same"', "first_dya"),
        ('confidence = "C"', 'confidence = "X"', "confidence"),
        ('source = "S1"\n', 'source = "S99"\n', "source"),
        ('source = "S1"\n', 'source = ""\n', "source is empty"),
        ('change = "mk-104-2025"', 'change = "mk-1"', "change|word"),
        ('form = "A.13"', 'form = "A.99"', "form"),
        ('kinds = ["criminal"]', 'kinds = ["crime"]', "addressee"),
        ('closes = "voting"', 'closes = "x"', "closes"),
        ("amount = 7", "amount = -7", "negative"),
        ("amount = 7", "", "amount"),
        ('regime = "pilkada"', 'regime = "pilkades"', "regime"),
        ('[stage.notice]\nlabel = "Pemberitahuan"', '[stage.x]\nlabel = "x"', "stage"),
        ('all_day = ["quiet"', 'all_day = ["x"', "all_day"),
        ("[sources]", "[sources", "pilkada-2024.toml"),
    ],
)
def test_a_mistake_in_a_file_is_named(tmp_path: Path, was: str, becomes: str, named: str) -> None:
    text = resource("rules", "pilkada-2024.toml").read_text("utf-8")
    assert was in text
    path = tmp_path / "pilkada-2024.toml"
    path.write_text(text.replace(was, becomes), "utf-8")
    with pytest.raises(RulesError, match=named) as error:
        load_regulation(path)
    assert "pilkada-2024.toml" in str(error.value)


def test_a_file_is_named_after_its_id(tmp_path: Path) -> None:
    shutil.copy(resource("rules", "pilkada-2024.toml"), tmp_path / "other.toml")
    with pytest.raises(RulesError, match="not the name of the file"):
        load_rules(tmp_path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(RulesError, match="is missing"):
        load_regulation(tmp_path / "x.toml")
