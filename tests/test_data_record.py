"""Records as they travel: writing, canonical form and hash."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posko_app.data import record as rec
from posko_app.data.record import Record, Sibling

DEVICES = ("AAAA1111", "BBBB2222", "CCCC3333")


def created(**changes: rec.Value) -> Record:
    return rec.write(None, "cases", "u1", changes, ("AAAA1111", 1), 100, "ani")


def edited(record: Record, dot: rec.Dot, **changes: rec.Value) -> Record:
    return rec.write(record, "cases", "u1", changes, dot, 200, "budi")


# -- writing -----------------------------------------------------------------------------------


def test_a_creating_write_shares_one_dot() -> None:
    record = created(title="Spanduk", votes=3)
    assert record.vv == {"AAAA1111": 1}
    assert {s.dot for values in record.fields.values() for s in values} == {("AAAA1111", 1)}


def test_a_later_write_names_what_it_replaced() -> None:
    record = edited(created(title="Spanduk", place="Pasar"), ("BBBB2222", 5), title="Baliho")
    (title,) = record.fields["title"]
    assert title == Sibling(("BBBB2222", 5), frozenset({("AAAA1111", 1)}), "Baliho", 200, "budi")
    assert record.fields["place"][0].dot == ("AAAA1111", 1)
    assert record.vv == {"AAAA1111": 1, "BBBB2222": 5}


def test_a_number_is_never_used_twice() -> None:
    with pytest.raises(ValueError, match="used before"):
        edited(created(title="x"), ("AAAA1111", 1), title="y")


def test_clearing_keeps_the_field_but_never_invents_one() -> None:
    record = created(title="x", place=None)
    assert set(record.fields) == {"title"}
    cleared = edited(record, ("BBBB2222", 1), title=None, place=None)
    assert cleared.fields["title"][0].value is None
    assert "place" not in cleared.fields
    assert edited(record, ("BBBB2222", 1), place=None) is record


@pytest.mark.parametrize("value", [1.5, True, b"x", ["x"], 2**63])
def test_only_text_and_whole_numbers_are_values(value: object) -> None:
    with pytest.raises(ValueError, match="neither text"):
        created(title=value)  # type: ignore[arg-type]


# -- canonical form ----------------------------------------------------------------------------


def test_unchanged_fields_carry_no_stamps() -> None:
    record = edited(created(title="Spanduk", place="Pasar"), ("BBBB2222", 5), title="Baliho")
    assert rec.canonical(record) == {
        "t": "cases",
        "u": "u1",
        "v": {"AAAA1111": 1, "BBBB2222": 5},
        "c": ["AAAA1111", 1, 100, "ani"],
        "f": {"title": "Baliho", "place": "Pasar"},
        "s": {"title": ["BBBB2222", 5, 200, "budi", "AAAA1111", 1]},
    }


def test_the_released_form_and_its_hash_never_change() -> None:
    record = edited(created(title="Spanduk – ½", votes=3), ("BBBB2222", 5), title=None)
    text = rec.dumps(rec.canonical(record))
    assert text == (
        '{"c":["AAAA1111",1,100,"ani"],"f":{"title":null,"votes":3},'
        '"s":{"title":["BBBB2222",5,200,"budi","AAAA1111",1]},"t":"cases","u":"u1",'
        '"v":{"AAAA1111":1,"BBBB2222":5}}'
    )
    assert rec.row_hash(text) == rec.row_hash(rec.canonical(record))
    assert rec.row_hash(text) == "LJ2DDKL2PQK5S4IA6NYEUHSEBY"


def test_a_table_row_with_nulls_can_be_given_as_values() -> None:
    record = edited(created(title="x"), ("BBBB2222", 2), title="y")
    data = rec.canonical(record)
    data["f"] = {"title": "y", "place": None, "votes": None}
    assert rec.from_canonical(data) == record


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        '{"t":"a","t":"b"}',
        '{"a":1.5}',
        '{"a":NaN}',
        '{"a":"\\ud800"}',
        '{"a":' + "[" * 100_000 + "]" * 100_000 + "}",
        '{"a":' + "9" * 5000 + "}",
        "{",
    ],
)
def test_strict_json_refuses(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - json words its own messages
        rec.loads(text)


@pytest.mark.parametrize(
    "change",
    [
        {"t": 1},
        {"u": ""},
        {"x": 1},
        {"v": []},
        {"v": {"AAAA1111": 0}},
        {"v": {"AAAA1111": True}},
        {"v": {"AAAA1111": 2**63}},
        {"v": {}},
        {"c": ["AAAA1111", 1, 100]},
        {"c": ["AAAA1111", 1, -1, "ani"]},
        {"c": ["AAAA1111", 1, 1, None]},
        {"f": {"title": []}},
        {"s": {"other": ["AAAA1111", 1, 100, "ani"]}},
        {"s": {"title": ["AAAA1111", 1, 100, "ani", "BBBB2222"]}},
        {"m": {"title": []}},
        {"m": {"new": [["a", "AAAA1111", 1, 1, ""]]}},
        {"m": {"new": [["a", "AAAA1111", 1, 1, ""], ["a", "AAAA1111", 1, 1, ""]]}},
        {"m": {"new": [["a", "AAAA1111", 1, 1, ""], []]}},
    ],
)
def test_damaged_records_are_refused(change: dict[str, object]) -> None:
    data = {**rec.canonical(created(title="x")), **change}
    with pytest.raises(ValueError, match=r"."):
        rec.from_canonical(data)


def test_a_value_without_any_stamp_is_refused() -> None:
    data = rec.canonical(created(title="x"))
    del data["c"]
    with pytest.raises(ValueError, match="no stamp"):
        rec.from_canonical(data)


# -- arbitrary records -------------------------------------------------------------------------

dots = st.tuples(st.sampled_from(DEVICES), st.integers(1, 4))
values = st.none() | st.integers(-3, 3) | st.sampled_from(["a", "b", "1", "–"])


@st.composite
def siblings(draw: st.DrawFn, dot: rec.Dot) -> Sibling:
    # content follows from the dot, as it does where no device was cloned
    overwrote = frozenset((device, n) for device, n in draw(st.sets(dots)) if n < dot[1])
    return Sibling(dot, overwrote, draw(values), dot[1], dot[0])


@st.composite
def records(draw: st.DrawFn) -> Record:
    """Any well-formed record, whether or not a history could have led to it."""
    fields = {}
    for name in draw(st.sets(st.sampled_from(["x", "y", "z"]))):
        chosen = [draw(siblings(dot)) for dot in sorted(draw(st.sets(dots, min_size=1)))]
        fields[name] = tuple(sorted(chosen, key=rec.sibling_order))
    fields = {
        n: v for n, v in fields.items() if len(v) > 1 or v[0].overwrote or v[0].value is not None
    } | {
        n: (v[0]._replace(value="x"),)
        for n, v in fields.items()
        if len(v) == 1 and not v[0].overwrote and v[0].value is None
    }
    vv = dict(draw(st.dictionaries(st.sampled_from(DEVICES), st.integers(1, 5))))
    for held in fields.values():
        for sibling in held:
            device, number = sibling.dot
            vv[device] = max(vv.get(device, 0), number)
    return Record("cases", "u1", vv, fields)


@given(records())
def test_the_canonical_form_loses_nothing(record: Record) -> None:
    data = rec.canonical(record)
    text = rec.dumps(data)
    assert text.isascii()
    assert json.loads(text) == data
    back = rec.from_canonical(rec.loads(text))
    assert back == record
    assert rec.dumps(rec.canonical(back)) == text


@given(records(), records())
def test_the_hash_differs_exactly_when_the_records_do(a: Record, b: Record) -> None:
    same = rec.row_hash(rec.canonical(a)) == rec.row_hash(rec.canonical(b))
    assert same == (a == b)
