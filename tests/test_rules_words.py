"""Numbers, requirements, vocabulary and the catalogue of violations."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posko_app.errors import UserError
from posko_app.paths import resource
from posko_app.rules.book import load_rules
from posko_app.rules.numbering import check_pattern, format_number, parse_number
from posko_app.rules.reading import RulesError
from posko_app.rules.requirements import ReportFacts, check
from posko_app.rules.vocabulary import load_vocabulary

BOOK = load_rules(resource("rules"))
LAW = BOOK.get("pilkada-2024")
WORDS = load_vocabulary()
DAY = date(2024, 10, 12)


# --- numbers ------------------------------------------------------------------------------------


def test_numbers_follow_the_pattern() -> None:
    tokens = {"seq": 7, "kind": "LP", "election": "PB", "level": "Kab", "region": "21.05"}
    made = {
        key: format_number(LAW.number_patterns[key].pattern, on=DAY, **tokens)
        for key in ("filing", "registration", "finding")
    }
    assert made == {
        "filing": "007/PL/PB/Kab/21.05/X/2024",
        "registration": "007/Reg/LP/PB/Kab/21.05/X/2024",
        "finding": "007/TM/PB/Kab/21.05/X/2024",
    }
    letter = format_number(
        LAW.number_patterns["letter"].pattern,
        on=DAY,
        seq=48,
        classification="PP.01.02",
        letter_code="K.KH-03",
    )
    assert letter == "048/PP.01.02/K.KH-03/10/2024"


def test_a_missing_code_leaves_no_hole() -> None:
    made = format_number("{seq:03d}/PL/{region}/{year}", seq=1, region="", year=2024)
    assert made == "001/PL/2024"
    pattern = "{seq:03d}/LP/{election}/{level}/{year}"
    while_none = format_number(pattern, seq=1, election="none", level="Kab", year=2026)
    assert while_none == "001/LP/Kab/2026"


@pytest.mark.parametrize(
    "pattern",
    ["{seq", "{seq}/{x}", "PL/{year}", "{seq:q}", "{seq}/{kind}", "", "{seq.real}", "{0}{seq}"],
)
def test_a_pattern_that_cannot_be_used_is_refused_in_words(pattern: str) -> None:
    with pytest.raises(UserError, match="Pola nomor") as error:
        format_number(pattern, seq=1, year=2024)
    assert error.value.code == "number_pattern"


def test_patterns_may_be_checked_before_use() -> None:
    check_pattern("{seq:04d}/{kind}/{year}")
    with pytest.raises(UserError, match="semua nomor akan sama"):
        check_pattern("{year}")


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("002/LP/PL/Kab/27.09/III/2024", (2, False, "LP", "PL", "Kab", "27.09", 3, 2024)),
        ("006/TM/PL/Kab/27.09/IV/2024", (6, False, "TM", "PL", "Kab", "27.09", 4, 2024)),
        ("005/LP/PP/Prov/05.00/III/2024", (5, False, "LP", "PP", "Prov", "05.00", 3, 2024)),
        ("02/Reg/LP/PB/Kab/16.12/X/2020", (2, True, "LP", "PB", "Kab", "16.12", 10, 2020)),
        ("002/PL/PB/Kab/16.12/X/2020", (2, False, "PL", "PB", "Kab", "16.12", 10, 2020)),
        ("22/LP/PL/ADM/RI/00.00/V/2019", (22, False, "LP", "PL", "RI", "00.00", 5, 2019)),
        ("001/REG/PL/PB/KAB/21/K.KH-06/XI/2024", (1, True, "PL", "PB", "Kab", "", 11, 2024)),
        (
            "002/REG/PL/PB/KAB/2/21.07/K.KH-06/XII/2024",
            (2, True, "PL", "PB", "Kab", "21.07", 12, 2024),
        ),
        ("01/PL/PB/Ka/29.06/IX/2024", (1, False, "PL", "PB", "Kab", "29.06", 9, 2024)),
        (
            "004 / LP / PL / Kota / 21.01 / II / 2024",
            (4, False, "LP", "PL", "Kota", "21.01", 2, 2024),
        ),
    ],
)
def test_printed_numbers_are_read(printed: str, expected: tuple[object, ...]) -> None:
    read = parse_number(printed)
    assert (
        read.seq, read.registered, read.kind, read.election, read.level, read.region,
        read.month, read.year,
    ) == expected  # fmt: skip


def test_numbers_are_the_same_whatever_their_zeros_and_case() -> None:
    assert parse_number("002/LP/PL/Kab/27.09/III/2024").key == (
        parse_number("2/lp/PL/KAB/27.09 / iii/2024").key
    )


@given(st.text(max_size=40))
def test_any_text_may_be_a_number(printed: str) -> None:
    assert isinstance(parse_number(printed).key, str)


@given(st.integers(1, 999), st.sampled_from(["LP", "TM"]), st.dates(date(2020, 1, 1)))
def test_made_numbers_are_read_back(seq: int, kind: str, on: date) -> None:
    pattern = LAW.number_patterns["registration"].pattern
    if on.year > 2099:
        on = on.replace(year=2024, day=1)
    made = format_number(
        pattern, on=on, seq=seq, kind=kind, election="PB", level="Kab", region="21.05"
    )
    read = parse_number(made)
    assert (read.seq, read.kind, read.month, read.year) == (seq, kind, on.month, on.year)
    assert read.registered


# --- requirements -------------------------------------------------------------------------------

FULL = ReportFacts(
    reporter_named=True,
    reporter_located=True,
    reported_named=True,
    on_time=True,
    event_dated=True,
    event_placed=True,
    narrated=True,
    evidence=1,
)


def unmet(**changes: object) -> dict[str, str]:
    from dataclasses import replace

    facts = replace(FULL, **changes)  # type: ignore[arg-type]
    return {item.key: item.why for item in check(facts, LAW) if not item.met}


def test_three_formal_and_three_material_requirements() -> None:
    for regulation in BOOK.regulations.values():
        found = check(FULL, regulation)
        assert [item.kind for item in found] == ["formal"] * 3 + ["material"] * 3
        assert all(item.met and not item.why for item in found)


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"reporter_located": False}, "reporter"),
        ({"reported_named": False}, "reported"),
        ({"on_time": False}, "on_time"),
        ({"event_placed": False}, "time_place"),
        ({"event_dated": False}, "time_place"),
        ({"narrated": False}, "narrative"),
        ({"evidence": 0}, "evidence"),
    ],
)
def test_what_is_missing_is_named(changes: dict[str, object], key: str) -> None:
    found = unmet(**changes)
    assert list(found) == [key]
    assert found[key].endswith(".")


def test_late_and_not_yet_known_are_told_apart() -> None:
    assert unmet(on_time=False)["on_time"] == "Laporan disampaikan lewat batas waktu."
    assert "belum diisi" in unmet(on_time=None)["on_time"]


def test_an_older_report_is_judged_by_the_older_requirements() -> None:
    assert "signature" in unmet(filed_on=date(2024, 9, 29))
    assert "signature" not in unmet(filed_on=date(2024, 9, 29), signature_matches=True)
    assert "signature" not in unmet(filed_on=date(2024, 9, 30))
    assert "signature" not in unmet()


# --- vocabulary ---------------------------------------------------------------------------------


def test_the_lists_are_there() -> None:
    for name in (
        "channel", "intake_kind", "reported_category", "reporter_capacity", "violation_kind",
        "allegation", "election_kind", "election_stage", "outcome", "event_kind", "addressee",
        "evidence_kind", "evidence_source", "prevention_kind", "sex", "citizenship", "occupation",
        "religion", "role", "office_level", "urgency", "follow_up_state",
    ):  # fmt: skip
        assert WORDS.codes(name)
    assert WORDS.label("allegation", "asn_neutrality") == "Netralitas ASN"
    assert WORDS.label("channel", "from_a_newer_version") == "from_a_newer_version"
    assert WORDS.items("sex") == (("male", "Laki-laki"), ("female", "Perempuan"))
    assert WORDS.codes("election_kind") == ("PB", "PG", "PW", "PL", "PP", "none")
    assert WORDS.has("election_stage", "none")
    with pytest.raises(KeyError):
        WORDS.codes("x")


@pytest.mark.parametrize("broken", ['a = "x"', "[a]", '[a]\nb = ""', '[a]\nb = "x"\nc = "x"'])
def test_a_broken_vocabulary_is_named(tmp_path: Path, broken: str) -> None:
    path = tmp_path / "vocabulary.toml"
    path.write_text(broken, "utf-8")
    with pytest.raises(RulesError, match=r"vocabulary\.toml: a"):
        load_vocabulary(path)
