"""The join of records: its laws, the receiver's verdicts, proofs of cloned devices, histories."""

from __future__ import annotations

import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posko_app.data.record import Dot, Record, Sibling, Value, sibling_order, write
from posko_app.exchange.merge import conflicts, display, distinct, join, merge, twin_proof, verdict
from tests.soak import merge as soak

A, B, C = "AAAA1111", "BBBB2222", "CCCC3333"
DEVICES = (A, B, C)


def put(record: Record | None, dot: Dot, **changes: Value) -> Record:
    return write(record, "cases", "u1", changes, dot, dot[1], dot[0])


BORN = put(None, (A, 1), title="Spanduk", place="Pasar")

# -- laws --------------------------------------------------------------------------------------

dots = st.tuples(st.sampled_from(DEVICES), st.integers(1, 4))


def sibling_of(dot: Dot) -> Sibling:
    """The content follows from the dot, as it does where no device exists twice."""
    return Sibling(dot, frozenset(), ["a", "b", None, 7][dot[1] % 4], dot[1], dot[0])


@st.composite
def records(draw: st.DrawFn) -> Record:
    """Any well-formed record, whether or not a history could have led to it."""
    fields = {
        name: tuple(sorted(map(sibling_of, draw(st.sets(dots, min_size=1))), key=sibling_order))
        for name in draw(st.sets(st.sampled_from(["x", "y"])))
    }
    vv = dict(draw(st.dictionaries(st.sampled_from(DEVICES), st.integers(1, 5))))
    for siblings in fields.values():
        for sibling in siblings:
            device, number = sibling.dot
            vv[device] = max(vv.get(device, 0), number)
    return Record("cases", "u1", vv, fields)


@settings(max_examples=1000)
@given(records(), records(), records())
def test_join_is_commutative_associative_and_idempotent(a: Record, b: Record, c: Record) -> None:
    assert join(a, b) == join(b, a)
    assert join(join(a, b), c) == join(a, join(b, c))
    assert join(a, a) == a
    assert join(join(a, b), b) == join(a, b)


@settings(max_examples=300)
@given(records(), records())
def test_join_only_grows(a: Record, b: Record) -> None:
    joined = join(a, b)
    assert joined.vv == {d: max(a.vv.get(d, 0), b.vv.get(d, 0)) for d in {*a.vv, *b.vv}}
    assert join(joined, a) == join(joined, b) == joined
    for name in joined.fields:
        assert set(joined.fields[name]) <= {*a.fields.get(name, ()), *b.fields.get(name, ())}


def test_records_of_different_identity_do_not_join() -> None:
    with pytest.raises(ValueError, match="cannot join"):
        join(BORN, write(None, "cases", "u2", {"title": "x"}, (A, 2), 1, "ani"))


# -- verdicts ----------------------------------------------------------------------------------


def test_each_verdict() -> None:
    newer = put(BORN, (A, 2), title="Baliho")
    elsewhere = put(BORN, (B, 1), place="Terminal")
    against = put(BORN, (B, 1), title="Poster")
    agreeing = put(BORN, (B, 1), title="Baliho")
    assert verdict(None, BORN) == "new"
    assert verdict(BORN, BORN) == "same"
    assert verdict(newer, BORN) == "same"
    assert verdict(BORN, newer) == "forward"
    assert verdict(newer, elsewhere) == "merged"
    assert verdict(newer, against) == "conflict"
    assert verdict(newer, agreeing) == "merged"


def test_a_merge_names_changed_and_open_fields() -> None:
    mine = put(BORN, (A, 2), title="Baliho")
    theirs = put(BORN, (B, 1), title="Poster", place="Terminal")
    result = merge(mine, theirs)
    assert result.changed == ("place", "title")
    assert result.conflicts == conflicts(result.record) == ("title",)
    assert [s.value for s in distinct(result.record, "title")] == ["Baliho", "Poster"]
    assert result.forked is None


def test_a_decision_covers_every_value_and_wins_everywhere() -> None:
    mine = put(BORN, (A, 2), title="Baliho")
    theirs = put(BORN, (B, 1), title="Poster")
    decided = put(join(mine, theirs), (C, 1), title="Poster")
    for copy in (mine, theirs, BORN, join(theirs, mine)):
        assert merge(copy, decided).verdict == "forward"
        assert merge(decided, copy).verdict == "same"
    assert conflicts(decided) == ()


def test_a_late_write_over_one_of_two_equal_values_keeps_the_other() -> None:
    """The reason why equal values are collapsed only in view."""
    one = put(BORN, (B, 1), title="Baliho")
    other = put(BORN, (C, 1), title="Baliho")
    over_one = put(one, (A, 2), title="Poster")
    assert join(join(one, other), over_one) == join(one, join(other, over_one))
    assert {s.value for s in distinct(join(other, over_one), "title")} == {"Baliho", "Poster"}


def test_unknown_fields_and_tables_pass_through() -> None:
    strange = write(None, "from_the_future", "u9", {"hue": "blue"}, (B, 1), 1, "x")
    newer = write(strange, "from_the_future", "u9", {"hue": "red"}, (C, 1), 1, "x")
    assert join(strange, newer) == newer


def test_lists_count_the_authority_then_the_smallest_write() -> None:
    both = join(put(BORN, (B, 1), title="Poster"), put(BORN, (C, 1), title="Baliho"))
    assert display(both, "title") == "Poster"
    assert display(both, "title", authority={C}) == "Baliho"
    assert display(both, "place", authority={C}) == "Pasar"
    assert display(both, "nothing") is None


# -- a device that exists twice ------------------------------------------------------------------


def test_one_write_with_two_contents_is_a_twin() -> None:
    one, two = put(BORN, (B, 1), title="Poster"), put(BORN, (B, 1), title="Baliho")
    result = merge(one, two)
    assert (result.verdict, result.forked) == ("twin", B)
    assert {s.value for s in result.record.fields["title"]} == {"Poster", "Baliho"}


def test_two_writes_over_the_same_value_are_a_twin() -> None:
    one, two = put(BORN, (B, 1), title="Poster"), put(BORN, (B, 2), title="Baliho")
    result = merge(one, two)
    assert (result.verdict, result.forked) == ("twin", B)
    assert {s.value for s in result.record.fields["title"]} == {"Poster", "Baliho"}


def test_a_field_created_twice_by_one_device_is_a_twin() -> None:
    one, two = put(BORN, (B, 1), note="a"), put(BORN, (B, 2), note="b")
    assert twin_proof(one, two) == B


def test_claiming_a_write_while_holding_what_it_replaced_is_a_twin() -> None:
    seen = put(BORN, (B, 1), title="Poster")
    claims = put(BORN, (B, 2), place="Terminal")
    assert twin_proof(seen, claims) == twin_proof(claims, seen) == B
    kept = merge(claims, seen).record
    assert "Poster" in {s.value for s in kept.fields["title"]}


def test_claiming_a_write_while_holding_nothing_is_a_twin() -> None:
    seen = put(BORN, (B, 1), note="a")
    claims = put(BORN, (B, 2), place="Terminal")
    assert twin_proof(seen, claims) == B
    assert [s.value for s in merge(claims, seen).record.fields["note"]] == ["a"]


def test_a_known_twin_is_not_reported_again() -> None:
    one, two = put(BORN, (B, 1), title="Poster"), put(BORN, (B, 2), title="Baliho")
    result = merge(one, two, forked={B})
    assert result.verdict == "conflict"
    assert {s.value for s in result.record.fields["title"]} == {"Poster", "Baliho"}


def test_an_honest_chain_of_writes_is_no_twin() -> None:
    one = put(put(BORN, (B, 1), title="Poster"), (B, 2), title="Baliho")
    assert twin_proof(BORN, one) is None
    assert twin_proof(one, put(one, (B, 3), title=None)) is None


# -- histories ---------------------------------------------------------------------------------


def test_random_histories_converge_and_lose_nothing() -> None:
    """0 divergence, 0 lost edits; POSKO_HISTORIES and POSKO_SEED run more or others."""
    count, seed = (
        int(os.environ.get("POSKO_HISTORIES", "300")),
        int(os.environ.get("POSKO_SEED", 1)),
    )
    total = soak.run(count, seed)
    assert total.bad() == 0
    assert total.edits > 20 * count
    assert total.conflicts > count // 2, "histories without conflicts would prove nothing"


def test_the_judge_finds_a_lossy_merge(monkeypatch: pytest.MonkeyPatch) -> None:
    """The simulator is worth something only if the usual "last received wins" fails in it."""

    def last_received(local: Record | None, incoming: Record) -> object:
        return merge(None, incoming)

    monkeypatch.setattr(soak, "merge", last_received)
    with pytest.raises(AssertionError, match="lost="):
        soak.run(5, 1)
