"""The join of records: its laws, the receiver's verdicts, proofs of cloned devices, histories."""

from __future__ import annotations

import os
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posko_app.data.record import Dot, Record, Sibling, Value, apart, home, sibling_order, write
from posko_app.exchange.merge import (
    canonical,
    conflicts,
    display,
    distinct,
    dumps,
    from_canonical,
    join,
    loads,
    merge,
    twin_proof,
    verdict,
)
from tests.soak import merge as soak

A, B, C = "AAAA1111", "BBBB2222", "CCCC3333"
DEVICES = (A, B, C)


def put(record: Record | None, dot: Dot, **changes: Value) -> Record:
    return write(record, "cases", "u1", changes, dot, dot[1], dot[0])


BORN = put(None, (A, 1), title="Spanduk", place="Pasar")

# -- laws --------------------------------------------------------------------------------------

dots = st.tuples(st.sampled_from(DEVICES), st.integers(1, 4))


def sibling_of(dot: Dot, twin: int = 0) -> Sibling:
    """The content follows from the dot, as it does where no device exists twice."""
    value = ["a", "b", None, 7][(dot[1] + twin) % 4]
    return Sibling(dot, frozenset({(C, twin)} if twin else ()), value, dot[1], dot[0])


@st.composite
def records(draw: st.DrawFn, twin: str = "", known: bool = False) -> Record:
    """Any well-formed record, whether or not a history could have led to it.

    The writes of the device `twin` have two contents; with `known`, some copies have told them
    apart already.
    """
    fields = {}
    for name in draw(st.sets(st.sampled_from(["x", "y"]))):
        found = {
            sibling_of(dot, draw(st.integers(0, 1)) if dot[0] == twin else 0)
            for dot in draw(st.sets(dots, min_size=1))
        }
        if known:
            found = {
                apart(name, s) if s.dot[0] == twin and draw(st.booleans()) else s for s in found
            }
        fields[name] = tuple(sorted(found, key=sibling_order))
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


with_twins = records(twin=B, known=True)


@settings(max_examples=1000)
@given(with_twins, with_twins, with_twins)
def test_the_laws_hold_where_a_device_is_known_to_exist_twice(
    a: Record, b: Record, c: Record
) -> None:
    forked = {B}
    assert join(a, b, forked) == join(b, a, forked)
    assert join(join(a, b, forked), c, forked) == join(a, join(b, c, forked), forked)
    assert join(a, a, forked) == a
    joined = join(a, b, forked)
    assert join(joined, a, forked) == join(joined, b, forked) == joined
    assert from_canonical(loads(dumps(canonical(joined)))) == joined


@settings(max_examples=300)
@given(with_twins, with_twins)
def test_no_claim_of_a_twin_takes_a_value_away(a: Record, b: Record) -> None:
    """Only a write that saw this very content replaces it."""
    joined = join(a, b, {B})
    for name in joined.fields:
        held = {apart(name, s) for s in joined.fields[name] if home(s.dot[0]) == B}
        for one, other in ((a, b), (b, a)):
            for sibling in one.fields.get(name, ()):
                if sibling.dot[0] == B and apart(name, sibling).dot[0] not in other.vv:
                    assert apart(name, sibling) in held


def held(record: Record, forked: set[str]) -> set[tuple[str, Sibling]]:
    """Every value that stands, told apart where its device is known to exist twice."""
    return {
        (name, apart(name, s) if s.dot[0] in forked else s)
        for name, siblings in record.fields.items()
        for s in siblings
    }


unsuspected = records(twin=B)


@settings(max_examples=500)
@given(unsuspected, unsuspected)
def test_who_knows_of_more_twins_keeps_more(a: Record, b: Record) -> None:
    """Believing less never takes a value away that believing more would have kept."""
    sets: tuple[set[str], ...] = (set(), {B}, {B, C}, {A, B, C})
    for fewer, more in pairwise(sets):
        less, grown = join(a, b, fewer), join(a, b, more)
        told = {(n, apart(n, s) if s.dot[0] in more else s) for n, s in held(less, fewer)}
        assert told <= held(grown, more)
        assert grown.vv.items() >= {d: n for d, n in less.vv.items() if d in DEVICES}.items()


@settings(max_examples=500)
@given(with_twins, with_twins)
def test_join_only_grows_while_more_twins_become_known(a: Record, b: Record) -> None:
    """A copy that comes once more, when another device was found out meanwhile, takes nothing."""
    joined = join(a, b, {B})
    for again in (a, b):
        later = join(joined, again, {B, C})
        assert held(joined, {B, C}) <= held(later, {B, C})
        assert all(later.vv.get(d, 0) >= n for d, n in joined.vv.items())
        assert join(later, again, {B, C}) == join(later, joined, {B, C}) == later


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
    assert result.twins == ()


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
    assert (result.verdict, result.twins) == ("twin", (B,))
    assert {s.value for s in result.record.fields["title"]} == {"Poster", "Baliho"}


def test_two_writes_over_the_same_value_are_a_twin() -> None:
    one, two = put(BORN, (B, 1), title="Poster"), put(BORN, (B, 2), title="Baliho")
    result = merge(one, two)
    assert (result.verdict, result.twins) == ("twin", (B,))
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


def test_all_twins_of_one_record_are_found() -> None:
    one = put(put(BORN, (B, 1), title="Poster"), (C, 1), place="Terminal")
    two = put(put(BORN, (B, 1), title="Baliho"), (C, 1), place="Lapangan")
    assert merge(one, two).twins == (C, B)


def test_a_decision_over_a_twins_values_is_final_everywhere() -> None:
    """Who knows of the twin says exactly which contents the decision saw."""
    one, two = put(BORN, (B, 1), title="Poster"), put(BORN, (B, 1), title="Baliho")
    both = merge(one, two).record
    decided = write(both, "cases", "u1", {"title": "Spanduk"}, (C, 1), 9, "ani", {B})
    for copy in (one, two, both, BORN):
        for forked in ({B}, set[str]()):
            assert join(copy, decided, forked).fields["title"] == decided.fields["title"]
            assert merge(decided, copy, {B}).verdict == "same"


def test_a_write_over_a_twins_value_brings_no_old_one_back() -> None:
    """An office that knows of the twin goes on working; its edits are no conflicts elsewhere."""
    old = put(BORN, (B, 1), title="Poster")
    once = write(old, "cases", "u1", {"title": "Baliho"}, (C, 1), 8, "ani", {B})
    again = write(once, "cases", "u1", {"title": "Spanduk"}, (C, 2), 9, "ani", {B})
    for later in (once, again):
        assert merge(old, later, {B}).verdict == "forward"
        assert join(later, old, {B}) == later


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


def test_histories_with_restores_converge_and_lose_only_what_stood_nowhere_else() -> None:
    total = soak.run(100, 1, kind="restores")
    assert total.bad("restores") == 0
    assert total.edits > 20 * 100


def test_a_copied_folder_that_notices_loses_nothing() -> None:
    total = soak.run(60, 1, kind="copies")
    assert total.bad("copies") == 0
    assert total.typed > 60


def test_a_clone_is_noticed_every_time_and_leaves_no_offices_apart() -> None:
    total = soak.run(100, 1, kind="clones")
    assert (total.unnoticed, total.diverged) == (0, 0)
    assert total.alarms > 100
    assert total.lost * 100 < total.edits, "lost before anybody could notice"


def test_the_judge_finds_a_lossy_merge(monkeypatch: pytest.MonkeyPatch) -> None:
    """The simulator is worth something only if the usual "last received wins" fails in it."""

    def last_received(local: Record | None, incoming: Record, forked: object) -> object:
        return merge(None, incoming)

    monkeypatch.setattr(soak, "merge", last_received)
    with pytest.raises(AssertionError, match="lost="):
        soak.run(5, 1)
