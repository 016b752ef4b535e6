"""The quick first look for names against the plain search of every text: it passes over nobody."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from posko_app.app import Posko
from posko_app.cases.intake import file_report
from posko_app.cases.report import PersonInput
from posko_app.data.tables import Case
from posko_app.exchange import people_of
from posko_app.exchange.leaving_texts import Texts
from posko_app.exchange.left_out import profiles
from posko_app.exchange.name_index import NameIndex
from posko_app.exchange.people_of import PeopleOf
from tests.factory import new_report

PEOPLE = (
    PersonInput(
        name="Hj. Siti Nur'aini Soedjono, S.Pd.",
        nik="6210015207880001",
        address="Jalan Tjilik Riwut No. 7, RT 03 Desa Contoh Hulu",
        phone="0812 5555 0176",
        email="siti.aini@contoh.example",
    ),
    PersonInput(name="Contoh Saksi Dua", address="Gg. Melati 4", phone="+62 813-1111-2222"),
    PersonInput(name="I Ketut Rénald", phone="12345678"),
    PersonInput(name="Suparman"),
)
PIECES = st.sampled_from(
    [
        *("Siti", "NUR'AINI", "nuraini", "Nur’aini", "soedjono", "Sujono", "SitiNurainiSoedjono"),
        *("Contoh", "saksi", "dua", "Ketut", "I", "Renald", "Re\u0301nald", "RÉNALD", "suparman"),
        *("Sup\u200barman", "_", "'", "`", "Jln.", "tjilik", "Riwut", "rt", "3", "desa", "gang"),
        *(
            "6210 0152 0788 0001",
            "081255550176",
            "６２１００１５２０７８８０００１",
            "12345678",
            "813",
        ),
        *("siti.aini@contoh.example", "Siti.Aini@Contoh.example.", "@", "1", "-", "pasar", "\n"),
        *("Siti Nur’aini Sujono", "CONTOH SAKSI DUA", "Ketut R\u00e9nald", "RT 3 desa contoh"),
        *("\\n", "{", "[", '"', "\\u0053iti", "\x00", "hadir", "İ", "ſiti", "ﬁ"),
    ]
)
TEXT = st.tuples(st.lists(st.one_of(PIECES, st.text(max_size=3)), max_size=9), st.booleans()).map(
    lambda made: (" " if made[1] else "").join(made[0])
)
VALUE = st.one_of(
    st.none(),
    TEXT,
    st.tuples(TEXT, TEXT, st.booleans()).map(
        lambda made: json.dumps({"a": [made[0], {"b": made[1]}]}, ensure_ascii=made[2])
    ),
)


def index(*cases: str) -> NameIndex:
    """All people are looked for; each of these cases has all of them."""
    made = NameIndex(profiles().common)
    for person in PEOPLE:
        made.add(person)
        for case in cases:
            made.take(case, "Pelapor", person)
    return made


KEPT = index("k")


@given(values=st.lists(VALUE, max_size=4), case=st.sampled_from(["k", "lain", ""]))
def test_what_is_found_in_any_text_is_suspected_of_its_record(
    values: list[str | None], case: str
) -> None:
    record = Texts(case, "cases", "u", [f"f{n}" for n in range(len(values))], values)
    found = [hit for _, text in record.spoken() for hit in KEPT.search(case, text)]
    assert not found or KEPT.suspects(case, record.said())


@given(texts=st.lists(TEXT, max_size=5))
def test_what_was_looked_at_before_changes_nothing(texts: list[str]) -> None:
    asked = NameIndex(profiles().common)
    for person in PEOPLE:
        for text in texts:
            asked.suspects("k", text)
        asked.add(person)
        asked.take("k", "Pelapor", person)
    fresh = index("k")
    for text in texts:
        assert asked.suspects("k", text) == fresh.suspects("k", text)


def test_more_different_words_than_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("posko_app.exchange.name_index._HEARD", 3)
    made = index("k")
    for text in ("Suparman hadir", "satu dua tiga empat lima", "enam tujuh delapan", "SUPARMAN"):
        assert made.suspects("k", text) == ("suparman" in text.casefold())


@pytest.mark.parametrize("text", ["SDN 3 Contoh di RT 05", "Saksi Contoh", "Nur dan Siti", "12-3"])
def test_words_of_names_that_are_no_name_are_passed_over(text: str) -> None:
    assert not index().suspects("lain", text)


@pytest.mark.parametrize("most", [0, 20_000])
def test_people_are_told_the_same_whether_held_or_opened_again(
    office: Callable[..., Posko], monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    posko = office("kecamatan")
    monkeypatch.setattr(people_of, "MOST_HELD", most)
    named = {
        file_report(posko, new_report(reporter=person, witnesses=(PEOPLE[3],))).uid: person
        for person in PEOPLE[:2]
    }
    with posko.store.read() as session:
        people = PeopleOf(posko, session, named)
        uids = session.scalars(select(Case.uid)).all()
        assert {p.name for p in people.opened(uids)} == {p.name for p in PEOPLE if p != PEOPLE[2]}
        for uid, person in named.items():
            told = {who: (p.name, p.nik, p.address, p.email) for who, p in people.of(uid)}
            wanted = (person.name, person.nik, person.address, person.email)
            assert told["Pelapor"] == wanted
            assert [p[0] for who, p in told.items() if who != "Pelapor"] == ["Suparman"]
        assert list(people.of("tidak ada")) == []
