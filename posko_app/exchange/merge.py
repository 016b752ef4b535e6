"""The join of two copies of one record: nothing is lost, in whatever order they arrive.

A multi-value register per field over one version vector per record. `join` is commutative,
associative and idempotent, so files may come late, twice and out of order. No clock takes part.
Equal values written by two offices are no conflict, yet both writes are kept until somebody writes
over them: dropping one would make the result depend on the order of arrival.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import combinations
from typing import Literal, TypeAlias

from posko_app.data.record import (
    Canonical,
    Dot,
    Record,
    Sibling,
    Value,
    apart,
    canonical,
    conflicts,
    display,
    distinct,
    dumps,
    from_canonical,
    home,
    loads,
    row_hash,
    sibling_order,
    write,
)

__all__ = [
    "Canonical",
    "Dot",
    "Merged",
    "Record",
    "Sibling",
    "Value",
    "Verdict",
    "canonical",
    "conflicts",
    "display",
    "distinct",
    "dumps",
    "from_canonical",
    "join",
    "loads",
    "merge",
    "row_hash",
    "twin_proof",
    "verdict",
    "write",
]

Verdict: TypeAlias = Literal["new", "same", "forward", "merged", "conflict", "twin"]

NO_DEVICES: frozenset[str] = frozenset()
_STORY = ("title", "narrative", "event_place")


@dataclass(frozen=True, kw_only=True)
class Merged:
    """What an incoming copy of a record leads to.

    `changed` are the fields whose values differ from the local copy, `conflicts` those that hold
    differing values afterwards, `twins` the devices newly proven to exist twice.
    """

    record: Record
    verdict: Verdict
    changed: tuple[str, ...]
    conflicts: tuple[str, ...]
    twins: tuple[str, ...] = ()


def join(a: Record, b: Record, forked: Collection[str] = NO_DEVICES) -> Record:
    """Both copies in one: a value goes only when the other side has seen it and replaced it.

    What the version vectors claim about `forked` devices is not believed. Where the copies differ,
    their values are told apart by content, and go only before a write that saw that very content:
    two people then decide what no number can.
    """
    if (a.table, a.uid) != (b.table, b.uid):
        raise ValueError(f"cannot join {a.table} {a.uid} with {b.table} {b.uid}")
    vv = dict(a.vv)
    _raise(vv, b.vv.items())
    fields = {}
    for name in a.fields.keys() | b.fields.keys():
        ours, theirs = a.fields.get(name, ()), b.fields.get(name, ())
        if ours == theirs:
            fields[name] = ours
            continue
        if forked:
            ours, theirs = _apart(name, ours, forked), _apart(name, theirs, forked)
            _raise(vv, (s.dot for s in (*ours, *theirs)))
        kept = {*_survivors(ours, theirs, b), *_survivors(theirs, ours, a)}
        if kept:
            fields[name] = tuple(sorted(kept, key=sibling_order))
    return Record(a.table, a.uid, vv, fields)


def same_story(a: Record, text: str | None) -> list[str]:
    """The uid of a case if two copies share a text that somebody wrote, author and moment too.

    `text` is the canonical form of the other one. Who only learnt the uid of a case can make up a
    copy of it, but cannot know this.
    """
    other = from_canonical(loads(text)).fields if text else {}
    shared = (set(a.fields.get(name, ())) & set(other.get(name, ())) for name in _STORY)
    return [a.uid] if any(sibling.value for some in shared for sibling in some) else []


def twin_proof(a: Record, b: Record, forked: Collection[str] = NO_DEVICES) -> str | None:
    """The device that two copies prove to exist twice (a copied folder), None where none does.

    Proofs: one write with two contents; two writes of a device that both replaced the same value or
    both created the field, though the later must have seen the earlier; a side that claims to have
    seen a write but still holds what it replaced, or holds nothing. Devices already known in
    `forked` prove nothing new.
    """
    for name in sorted(a.fields.keys() | b.fields.keys()):
        ours, theirs = a.fields.get(name, ()), b.fields.get(name, ())
        if ours == theirs:
            continue
        proof = (
            _rival_writes({*ours, *theirs}, forked)
            or _false_claim(ours, theirs, b, forked)
            or _false_claim(theirs, ours, a, forked)
        )
        if proof:
            return proof
    return None


def merge(local: Record | None, incoming: Record, forked: Collection[str] = NO_DEVICES) -> Merged:
    """The joined record, what it means for the receiver and which fields it touches."""
    if local is None:
        return Merged(
            record=incoming,
            verdict="new",
            changed=tuple(sorted(incoming.fields)),
            conflicts=conflicts(incoming),
        )
    twins: list[str] = []
    while twin := twin_proof(local, incoming, {*forked, *twins}):
        twins.append(twin)
    record = join(local, incoming, {*forked, *twins})
    open_fields = conflicts(record)
    if twins:
        found: Verdict = "twin"
    elif record == local:
        found = "same"
    elif record == incoming:
        found = "forward"
    else:
        found = "conflict" if open_fields else "merged"
    names = local.fields.keys() | record.fields.keys()
    changed = tuple(n for n in sorted(names) if _values(local, n) != _values(record, n))
    return Merged(
        record=record, verdict=found, changed=changed, conflicts=open_fields, twins=tuple(twins)
    )


def verdict(
    local: Record | None, incoming: Record, forked: Collection[str] = NO_DEVICES
) -> Verdict:
    """How an incoming copy relates to the local one; the receiver's decision table."""
    return merge(local, incoming, forked).verdict


def _apart(
    field: str, siblings: tuple[Sibling, ...], forked: Collection[str]
) -> tuple[Sibling, ...]:
    return tuple(apart(field, s) if s.dot[0] in forked else s for s in siblings)


def _raise(vv: dict[str, int], dots: Iterable[Dot]) -> None:
    """Count these writes as seen."""
    for device, number in dots:
        if number > vv.get(device, 0):
            vv[device] = number


def _survivors(
    mine: tuple[Sibling, ...], others: tuple[Sibling, ...], other: Record
) -> Iterable[Sibling]:
    for sibling in mine:
        device, number = sibling.dot
        if sibling in others or number > other.vv.get(device, 0):
            yield sibling


def _rival_writes(siblings: set[Sibling], forked: Collection[str]) -> str | None:
    for a, b in combinations(sorted(siblings, key=sibling_order), 2):
        device = home(a.dot[0])
        if a.dot[0] != b.dot[0] or device in forked:
            continue
        # the same write twice, the same thing replaced twice, or the field created twice
        if a.dot == b.dot or a.overwrote & b.overwrote or not (a.overwrote or b.overwrote):
            return device
    return None


def _false_claim(
    mine: tuple[Sibling, ...], others: tuple[Sibling, ...], other: Record, forked: Collection[str]
) -> str | None:
    held = {s.dot for s in others}
    for sibling in mine:
        device, number = sibling.dot
        if home(device) in forked or number > other.vv.get(device, 0) or sibling in others:
            continue
        if not others or held & sibling.overwrote:
            return home(device)
    return None


def _values(record: Record, field: str) -> frozenset[Value]:
    return frozenset(s.value for s in record.fields.get(field, ()))
