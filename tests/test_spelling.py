"""Words as they sound: old and new spelling, titles, typos."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posko_app.spelling import distance, grams, search_words, slips, spelled

NAMES = st.text("abcdefghijklmnopqrstuvwyz", min_size=4, max_size=12)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Soedjono", "Sujono"),
        ("Tjokroaminoto", "Cokroaminoto"),
        ("Sjarief", "Syarief"),
        ("Sjahrir", "Syahrir"),
        ("Achmad", "Ahmad"),
        ("Muhammad", "Muhamad"),
        ("Widjaja", "Wijaya"),
        ("Soeprijadi", "Supriadi"),
        ("Supriyadi", "Supriadi"),
        ("Soewardi", "Suardi"),
        ("Fatimah", "Fatima"),
        ("Abdullah", "Abdulla"),
        ("Ramadhan", "Ramadan"),
        ("Zaenal", "Zainal"),
        ("Jogjakarta", "Yogyakarta"),
        ("Njoman", "Nyoman"),
        ("Chairil", "Khairil"),
        ("Bahruddin", "Bahrudin"),
        ("Yoesoef", "Yusuf"),
        ("MA'RUF", "Maruf"),
    ],
)
def test_old_and_new_spelling_sound_alike(old: str, new: str) -> None:
    assert spelled(old) == spelled(new)


@pytest.mark.parametrize(("one", "other"), [("Budi", "Budiman"), ("Sari", "Sira"), ("11", "1")])
def test_other_names_stay_apart(one: str, other: str) -> None:
    assert spelled(one) != spelled(other)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("dr. H. Budi Rekaan, S.Sos.", ("budi", "rekan")),
        ("Drs. Bahruddin Asri, M.Si.", ("bahrudin", "asri")),
        ("Hj. Siti, S.Pd., M.Pd", ("siti",)),
        ("budi s", ("budi", "s")),  # an initial, or more to come
        ("budi s.so", ("budi",)),
        ("dr", ("dr",)),
        ("19860412 201001 1 012", ("198604122010011012",)),
        ("021/PL/PB", ("021", "pl", "pb")),
        ("guru guru", ("guru",)),
        ("", ()),
        (" .,- ", ()),
    ],
)
def test_titles_are_no_words_to_look_for(typed: str, words: tuple[str, ...]) -> None:
    assert search_words(typed) == words


@given(NAMES)
def test_typing_a_word_to_its_end_always_finds_it(name: str) -> None:
    assert search_words(name) in ((spelled(name),), ())


@given(NAMES, st.integers(0, 11), st.sampled_from("abcdefghij"))
def test_one_slip_is_one_slip(name: str, place: int, letter: str) -> None:
    place %= len(name)
    wrong = name[:place] + letter + name[place + 1 :]
    missing = name[:place] + name[place + 1 :]
    more = name[:place] + letter + name[place:]
    turned = name[:place] + name[place : place + 2][::-1] + name[place + 2 :]
    for other in (wrong, missing, more, turned):
        assert distance(name, other, 2) == (other != name)
        assert distance(name, other, 2) == distance(other, name, 2)
    assert distance(name[: place + 1], name, 1, begins=True) == 0


def test_far_words_are_not_measured() -> None:
    assert distance("camat", "bupati", 2) == 3
    assert distance("a", "abcdefgh", 2) == 3
    assert [slips("sri"), slips("budi"), slips("bahrudin")] == [0, 1, 2]


@given(NAMES, NAMES)
def test_near_words_share_letters(name: str, other: str) -> None:
    """Who is one slip away from a name of some length is among the candidates."""
    if len(name) >= 5 and distance(name, other, 1) <= 1:
        assert grams(name) & grams(other)
