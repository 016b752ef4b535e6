"""Dated changes of the law: each holds from its day on and touches no older case."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from posko_app.paths import resource
from posko_app.rules.book import Regulation, load_rules, regulation_from
from posko_app.rules.calendar import load_calendar
from posko_app.rules.deadlines import open_dues
from posko_app.rules.jurisdiction import JurisdictionFacts, Suggestion, suggest
from posko_app.rules.layers import Decision, layered
from posko_app.rules.override import Override, overridden
from posko_app.rules.reading import RulesError, read_toml
from posko_app.rules.stages import Event, check_step, state_of
from posko_app.text import zone

BOOK = load_rules(resource("rules"))
PILKADA, PEMILU = BOOK.get("pilkada-2024"), BOOK.get("pemilu-2022")
MK_104, MK_121 = date(2025, 7, 30), date(2025, 10, 16)
DAY = timedelta(days=1)
SUCCESSOR = date(2027, 10, 16)  # the last day by which the body must be there
KASN_END = date(2024, 8, 24)


def suggestion(key: str, filed_on: date, on: date, law: Regulation = PILKADA) -> Suggestion:
    facts = JurisdictionFacts(
        level="kabupaten", office_code="62.10", categories=("pns",),
        violations=("administrative", "other_law"), on=on, filed_on=filed_on,
    )  # fmt: skip
    return next(item for item in suggest(facts, law) if item.key == key)


def addressees(on: date, law: Regulation = PILKADA) -> set[str]:
    return {a.code for a in law.addressees_for("other_law", on, ["pns"])}


# --- MK 104/PUU-XXIII/2025: rekomendasi reads as putusan ------------------------------------------


def test_the_decision_on_recommendations_is_dated_and_from_memory() -> None:
    change = PILKADA.changes["mk-104-2025"]
    assert (change.on, change.confidence) == (MK_104, "M")
    dated = [word for word in PILKADA.words if word.change == "mk-104-2025"]
    assert {word.key for word in dated} == {"recommendation", "recommendation_basis"}
    assert {(word.valid_from, word.confidence) for word in dated} == {(MK_104, "M")}


@pytest.mark.parametrize(
    ("filed_on", "word", "cited"),
    [
        (date(2024, 11, 1), "rekomendasi", False),
        (MK_104 - DAY, "rekomendasi", False),
        (MK_104, "putusan", True),
        (date(2029, 1, 1), "putusan", True),
    ],
)
def test_a_case_keeps_the_word_of_its_filing(filed_on: date, word: str, cited: bool) -> None:
    for handled_on in (filed_on, MK_104, date(2026, 3, 1)):
        item = suggestion("administrative", filed_on, max(filed_on, handled_on))
        assert item.text.endswith(f"diteruskan ke KPU sebagai {word}.")
        assert ("104/PUU-XXIII/2025" in item.basis) == cited


def test_a_pemilu_case_was_always_decided() -> None:
    item = suggestion("administrative", date(2024, 2, 1), date(2024, 2, 1), PEMILU)
    assert item.text.endswith("sebagai putusan.")


# --- MK 121/PUU-XXII/2024 and the institution that takes neutrality -------------------------------


def test_the_decision_on_the_civil_service_is_dated_and_from_memory() -> None:
    change = PILKADA.changes["mk-121-2024"]
    assert (change.on, change.confidence) == (MK_121, "M")
    body = PILKADA.addressees["asn_body"]
    assert (body.change, body.valid_from, body.confidence) == ("mk-121-2024", SUCCESSOR, "U")


@pytest.mark.parametrize(
    ("on", "there", "not_there"),
    [
        (date(2024, 3, 1), {"kasn", "ppk"}, {"bkn", "bkn_regional", "asn_body"}),
        (KASN_END, {"kasn", "bkn"}, {"asn_body"}),
        (KASN_END + DAY, {"bkn", "bkn_regional", "ppk"}, {"kasn", "asn_body"}),
        (MK_121 - DAY, {"bkn"}, {"kasn", "asn_body"}),
        (MK_121, {"bkn"}, {"kasn", "asn_body"}),
        (SUCCESSOR - DAY, {"bkn"}, {"asn_body"}),
        (SUCCESSOR, {"asn_body"}, {"kasn"}),
    ],
)
def test_institutions_come_and_go_on_their_days(
    on: date, there: set[str], not_there: set[str]
) -> None:
    for law in (PILKADA, PEMILU):
        assert there <= addressees(on, law)
        assert not not_there & addressees(on, law)
    given = set(suggestion("asn", date(2024, 3, 1), on).addressees)
    assert there <= given
    assert not not_there & given


def test_a_referral_made_in_time_stays_what_it_was() -> None:
    events = [
        Event("a", "filed", date(2024, 8, 1)),
        Event("b", "reviewed", date(2024, 8, 2), outcome="other_law"),
        Event("c", "referred", date(2024, 8, 3), data={"addressee": "kasn"}),
    ]
    (referral,) = state_of(events, PILKADA).referrals
    assert referral.addressee == "kasn"
    assert PILKADA.addressees[referral.addressee].label == "KASN"
    late = Event("d", "referred", date(2024, 10, 1), data={"addressee": "kasn"})
    (problem,) = check_step(events[:2], late, PILKADA)
    assert "bukan tujuan penerusan pada 1 Oktober 2024" in problem.message
    early = Event("d", "referred", date(2024, 8, 3), data={"addressee": "asn_body"})
    assert check_step(events[:2], early, PILKADA)


def test_an_office_names_the_successor_when_it_is_there() -> None:
    law = overridden(
        PILKADA,
        Override(table="addressee", entry="asn_body", field="valid_from", value="2026-06-01",
                 source="Perpres"),
    )  # fmt: skip
    law = overridden(
        law,
        Override(table="addressee", entry="asn_body", field="label", value="Komisi ASN",
                 source="Perpres"),
    )  # fmt: skip
    assert "asn_body" in addressees(date(2026, 6, 1), law)
    assert "asn_body" not in addressees(date(2026, 5, 31), law)
    assert law.addressees["asn_body"].label == "Komisi ASN"


# --- no older case moves --------------------------------------------------------------------------


@pytest.mark.parametrize("change", ["mk-104-2025", "mk-121-2024", "perpres-92-2024"])
def test_without_a_change_every_older_case_reads_the_same(change: str) -> None:
    """The same file without a change, its words and institutions, is the same to older cases."""
    raw = read_toml(resource("rules", "pilkada-2024.toml"))
    day = raw["change"].pop(change)["on"]
    raw["word"] = [word for word in raw["word"] if word.get("change") != change]
    gone = [code for code, a in raw["addressee"].items() if a.get("change") == change]
    for code in gone:
        del raw["addressee"][code]
    for entry in raw["jurisdiction"].values():
        entry["addressees"] = [a for a in entry.get("addressees", []) if a not in gone]
    before = regulation_from(raw, "without.toml")
    filed = day - DAY
    assert before.word("recommendation", filed) == PILKADA.word("recommendation", filed)
    assert addressees(filed, before) == addressees(filed)
    for key in ("administrative", "asn"):
        assert suggestion(key, filed, filed, before) == suggestion(key, filed, filed)
    calendar = load_calendar(resource("calendar"))
    events = [
        Event("a", "filed", filed - 5 * DAY, data={"known_on": (filed - 6 * DAY).isoformat()}),
        Event("b", "reviewed", filed - 4 * DAY, outcome="complete"),
        Event("c", "registered", filed - 3 * DAY),
    ]
    wib = zone("WIB")
    assert open_dues(events, before, calendar, wib) == open_dues(events, PILKADA, calendar, wib)


def test_a_value_set_for_newer_cases_leaves_the_older_ones() -> None:
    value = Override(table="deadline", entry="admin_recommendation_kpu", field="amount", value=3,
                     source="PKPU baru")  # fmt: skip
    decision = Decision(
        regulation="pilkada-2024", valid_from=MK_104, change=lambda law: overridden(law, value)
    )
    book = layered(BOOK, [], [decision], today=date(2026, 1, 1))
    amounts = [
        book.get("pilkada-2024", day).deadlines["admin_recommendation_kpu"].amount
        for day in (MK_104 - DAY, MK_104)
    ]
    assert amounts == [7, 3]


def test_what_is_named_must_be_there() -> None:
    raw = read_toml(resource("rules", "pilkada-2024.toml"))
    raw["addressee"]["bkn"]["change"] = "x"
    with pytest.raises(RulesError, match="bkn"):
        regulation_from(raw, "broken.toml")
