"""One person in several cases, and cases that may be the same: names, numbers, places, days."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from posko_app.app import Posko
from posko_app.cases.intake import file_report
from posko_app.cases.people import other_cases
from posko_app.cases.people_book import check_resources, people_book
from posko_app.cases.people_likely import (
    EventFacts,
    PersonFacts,
    facts_of,
    likely_same,
    shared_region,
)
from posko_app.cases.people_names import likeness, name_keys, name_words
from posko_app.cases.report import NewReport, PersonInput, ReportedInput
from posko_app.paths import resource
from posko_app.rules.regions import load_regions
from posko_app.spelling import SHORTEST, spelled
from tests.factory import PARTY, new_report

BOOK = people_book()
KNOWN = BOOK.titles | BOOK.degrees
WORDS = st.text("abcdefghijklmnoprstuwy", min_size=3, max_size=9).filter(lambda w: w not in KNOWN)
NAMES = st.lists(WORDS, min_size=1, max_size=4).map(" ".join)
DAY = date(2024, 10, 13)


# --- names --------------------------------------------------------------------------------------


@given(NAMES)
def test_a_name_is_like_itself(name: str) -> None:
    assert likeness(name, name) == "same"
    assert likeness(name.upper(), f"  {name} ") == "same"


@given(NAMES, NAMES)
def test_likeness_goes_both_ways(one: str, other: str) -> None:
    assert likeness(one, other) == likeness(other, one)


@given(NAMES, st.sampled_from(sorted(BOOK.titles)), st.sampled_from(sorted(BOOK.degrees)))
def test_titles_never_matter(name: str, title: str, degree: str) -> None:
    for said in (
        f"{title} {name}",
        f"{title.title()}. {name}",
        f"{name}, {degree.upper()}",
        f"{title}.{name}, {degree[0].upper()}.{degree[1:]}.",
    ):
        assert name_words(said) == name_words(name), said


@given(NAMES, st.permutations(range(4)))
def test_the_order_of_words_does_not_matter(name: str, order: list[int]) -> None:
    words = name.split()
    turned = " ".join(words[place] for place in order if place < len(words))
    assert likeness(turned, name) == "same"
    assert name_keys(turned) == name_keys(name)


PLAIN = st.text("abeilmnoru", min_size=5, max_size=9).filter(lambda w: spelled(w) == w)


@given(PLAIN, PLAIN, st.data())
def test_a_letter_left_out_is_still_alike(first: str, second: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(1, len(first) - 2))
    slipped = first[:at] + first[at + 1 :]
    assume(spelled(slipped) == slipped and slipped not in KNOWN and len(slipped) >= SHORTEST)
    assert likeness(f"{slipped} {second}", f"{first} {second}") == "alike"


@pytest.mark.parametrize(
    ("one", "other", "how"),
    [
        ("Soedjono Tjahjadi", "Sujono Cahyadi", "same"),
        ("Drs. H. Achmad Djunaedi, M.Si.", "AHMAD JUNAIDI", "same"),
        ("Yusuf Hidayat", "Jusuf Hidajat", "same"),
        ("Siti Aminnah S.Sos", "Hj. Siti Aminah", "same"),
        ("Moh. Nur Hasan", "Muhammad Nurhasan", "same"),
        ("M. Nur", "Mohammad Noer", "same"),
        ("Contoh Terlapor S. Sos", "Contoh Terlapor", "same"),
        ("Budi Hadi Santoso", "Budi Santoso", "alike"),
        ("Budi Santosa", "Budi Santoso", "alike"),
        ("A. Rahman Contoh", "Abdul Rahman Contoh", "alike"),
        ("Budi", "Budi Santoso", ""),
        ("Budi Santoso", "Budi Hartono", ""),
        ("Belum diketahui", "belum diketahui", ""),
        ("", "", ""),
        ("H.", "H", "same"),
    ],
)
def test_names_as_offices_write_them(one: str, other: str, how: str) -> None:
    assert likeness(one, other) == how


def test_keys_are_few_and_shared_by_names_with_two_words_in_common() -> None:
    assert name_keys("Budi") == ("budi",)
    assert len(name_keys("Satu Dua Tiga Empat Lima Enam Tujuh")) == 10
    assert set(name_keys("Budi Santoso")) < set(name_keys("Budi Hadi Santoso, S.Pd."))
    assert name_keys("Tidak diketahui") == ()


# --- cases that may be the same -----------------------------------------------------------------


def said(posko: Posko, new: NewReport, skip: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    return [(one.uid, one.why) for one in likely_same(posko, facts_of(new), skip=skip)]


def test_the_same_number_is_enough_whenever_it_was(posko: Posko) -> None:
    uid = file_report(posko, new_report()).uid
    later = EventFacts(persons=(PersonFacts(nip="19860412 201001 1 012"),))
    (found,) = likely_same(posko, later)
    assert (found.uid, found.why) == (uid, "NIP sama")
    assert found.title == "Guru membagikan stiker pasangan calon"
    far = replace(later, event_on=date(2030, 1, 1))
    assert [one.why for one in likely_same(posko, far)] == [
        f"NIP sama, {(date(2030, 1, 1) - DAY).days} hari sesudahnya".replace(
            "sesudahnya", "sebelumnya"
        )
    ]
    assert likely_same(posko, replace(later, persons=(PersonFacts(nip="1986"),))) == ()


def test_a_name_spelled_otherwise_with_its_place_and_day(posko: Posko) -> None:
    party = replace(PARTY, name="Soedjono Tjahjadi", nip="", agency="")
    first = new_report(reported=(party,), region_code="62.10.02.1001", event_on=DAY)
    uid = file_report(posko, first).uid
    again = new_report(
        reported=(replace(party, name="Sudjono Cahyadi"),),
        region_code="62.10.02.1001",
        event_place="",
        event_on=DAY + timedelta(days=2),
    )
    assert said(posko, again) == [(uid, "Nama sama, kelurahan sama, 2 hari sebelumnya")]
    typo = replace(again, reported=(replace(party, name="Sudjono Cahyaddin"),))
    assert said(posko, typo) == [(uid, "Nama mirip, kelurahan sama, 2 hari sebelumnya")]
    assert said(posko, typo, skip=(uid,)) == []


def test_a_name_alone_is_not_held_against_another_time(posko: Posko) -> None:
    party = replace(PARTY, nip="", agency="")
    file_report(posko, new_report(reported=(party,)))
    long_after = new_report(reported=(party,), event_on=date(2024, 5, 1), known_on=None)
    assert said(posko, long_after) == []


def test_place_and_day_without_a_name(posko: Posko) -> None:
    uid = file_report(posko, new_report()).uid
    blank = new_report(reported=(), event_place="SD Negeri 3 Contoh", theme="")
    assert said(posko, blank) == []
    there = replace(blank, event_place="sdn 3 contoh", event_on=DAY + timedelta(days=1))
    assert said(posko, there) == [(uid, "Tempat sama, 1 hari sebelumnya")]
    assert said(posko, replace(there, event_on=DAY + timedelta(days=9))) == []


def test_other_numbers_are_other_people(posko: Posko) -> None:
    file_report(posko, new_report())
    other = replace(PARTY, nip="198604122010011013")
    unlike = new_report(reported=(other,), event_place="", theme="", region_code="")
    assert said(posko, unlike) == []


def test_reporters_and_witnesses_are_never_compared(posko: Posko) -> None:
    named = PersonInput(name="Contoh Rahasia Sekali", address="RT 01 Desa Contoh Hulu")
    file_report(posko, new_report(reporter=named, witnesses=(named,)))
    asked = EventFacts(persons=(PersonFacts(name="Contoh Rahasia Sekali"),))
    assert likely_same(posko, asked) == ()


def test_those_with_more_in_common_come_first(posko: Posko) -> None:
    far = file_report(posko, new_report(event_on=date(2024, 9, 20), event_place="Lain")).uid
    near = file_report(posko, new_report()).uid
    assert [uid for uid, _ in said(posko, new_report())] == [near, far]
    assert len(likely_same(posko, facts_of(new_report()), most=1)) == 1


# --- one person in several cases ----------------------------------------------------------------


def test_a_person_is_found_by_number_by_office_and_by_place(posko: Posko) -> None:
    first = file_report(posko, new_report()).uid
    by_number = file_report(
        posko, new_report(reported=(replace(PARTY, name="C. Terlapor", agency="Dinas Lain"),))
    )
    by_office = file_report(
        posko,
        new_report(
            reported=(replace(PARTY, name="Drs. CONTOH TERLAPOR", nip=""),), region_code="62.71.01"
        ),
    )
    by_place = file_report(posko, new_report(reported=(ReportedInput(name="Terlapor Contoh"),)))
    namesake = new_report(reported=(ReportedInput(name="Contoh Terlapor"),), region_code="62.71.01")
    file_report(posko, namesake)
    (person,) = other_cases(posko, first)
    assert person.name == PARTY.name
    assert {(one.uid, one.how, one.why) for one in person.cases} == {
        (by_number.uid, "nip", "NIP sama"),
        (by_office.uid, "office", "nama sama, instansi sama"),
        (by_place.uid, "place", "nama sama, kecamatan sama"),
    }
    assert other_cases(posko, by_number.number)[0].cases[0].how == "nip"


def test_nobody_is_in_no_other_case(posko: Posko) -> None:
    unknown = new_report(reported=(ReportedInput(name="Belum diketahui"),))
    first = file_report(posko, unknown).uid
    file_report(posko, unknown)
    assert [one.cases for one in other_cases(posko, first)] == [()]
    without = file_report(posko, new_report(reported=()), accept_incomplete=True)
    assert other_cases(posko, without.uid) == ()


# --- the book -----------------------------------------------------------------------------------


def test_regions_share_their_lowest_level() -> None:
    regions = load_regions()
    assert shared_region(regions, "62.10.02.1001", "62.10.02.1001") == "kelurahan"
    assert shared_region(regions, "62.10.02.2002", "62.10.02.2002") == "desa"
    assert shared_region(regions, "62.10.02.1001", "62.10.02") == "kecamatan"
    assert shared_region(regions, "62.10.01", "62.10.02") == "kabupaten"
    assert shared_region(regions, "62.10", "61.10") == ""
    assert shared_region(regions, "", "62.10") == ""


def test_the_book_is_checked(tmp_path: Path) -> None:
    assert list(check_resources()) == []
    text = resource("people.toml").read_text("utf-8")
    path = tmp_path / "people.toml"
    path.write_text(text.replace("least = 50", "most = 50"), "utf-8")
    with pytest.raises(ValueError, match="least"):
        people_book(path)
