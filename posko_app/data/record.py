"""A record as it travels between offices: per-field values with the writes that made them.

Every record carries a version vector (`vv`: the highest write number seen of each device) and, per
field, the values that no later write has replaced. Normally that is one value; two offices that
changed the same field without knowing of each other leave two, until a person decides.

Pure: no tables, no clock. The canonical form and its hash are an exchange format: never changed
once released, only superseded.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

Dot: TypeAlias = tuple[str, int]
"""One write: the device that made it and that device's running number."""

Value: TypeAlias = str | int | None
"""A field's value in canonical form: dates and instants as ISO text, yes/no as 1/0."""

Canonical: TypeAlias = dict[str, Any]

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"  # base32; that of the library is four times as slow
_TWO_LETTERS = [first + second for first in _LETTERS for second in _LETTERS]
_KEYS = frozenset("tuvcfsm")
_BIGGEST = 2**63 - 1  # what both databases can hold
_APART = "~"  # between a device that exists twice and the content of one of its writes
_STAMP = 4  # device, number, hlc, actor; the writes it replaced follow in pairs


class Sibling(NamedTuple):
    """One value of a field and the write that put it there.

    `overwrote` names the writes its author saw and replaced. `hlc` is shown to people and sorts
    lists; it never decides anything.
    """

    dot: Dot
    overwrote: frozenset[Dot]
    value: Value
    hlc: int
    actor: str


@dataclass(frozen=True, slots=True)
class Record:
    """One record with everything a peer needs to join it with its own copy.

    `fields` maps a field name to its unreplaced values, sorted by `sibling_order`. A field that was
    never written is absent; a field that was cleared holds None.
    """

    table: str
    uid: str
    vv: Mapping[str, int]
    fields: Mapping[str, tuple[Sibling, ...]]


def sibling_order(sibling: Sibling) -> tuple[object, ...]:
    """A total order that is the same everywhere: by write, then by content."""
    return (
        sibling.dot,
        sibling.value is not None,
        isinstance(sibling.value, str),
        str(sibling.value),
        sibling.hlc,
        sibling.actor,
        tuple(sorted(sibling.overwrote)),
    )


def apart(field: str, sibling: Sibling) -> Sibling:
    """A value of a device that exists twice, under a name that only this very write can have.

    Twins give one number to two writes, so their numbers say nothing; the content tells them apart.
    """
    device, number = sibling.dot
    if _APART in device:
        return sibling
    mark = row_hash(dumps({field: [sibling.value, *_stamp(sibling)]}))[:8]
    return sibling._replace(dot=(f"{device}{_APART}{mark}", number))


def home(device: str) -> str:
    """The device itself, where one of its writes had to be told apart by content."""
    return device.partition(_APART)[0]


def write(
    record: Record | None,
    table: str,
    uid: str,
    changes: Mapping[str, Value],
    dot: Dot,
    hlc: int,
    actor: str,
    forked: Collection[str] = (),
) -> Record:
    """The record after one local write of `changes`; the write replaces every value it saw.

    All changed fields share `dot`. Clearing a field that was never written is no write, and a write
    that changes nothing leaves the record as it was. Of values of `forked` devices it says exactly
    which it saw. Raises ValueError when the number does not grow, because a number used twice can
    never be told apart again.
    """
    before = record.fields if record else {}
    effective = {f: v for f, v in changes.items() if v is not None or f in before}
    if record is not None:
        if (record.table, record.uid) != (table, uid):
            raise ValueError(f"write to {table} {uid} given the record {record.table} {record.uid}")
        if not effective:
            return record
    device, number = dot
    vv = dict(record.vv) if record else {}
    if number <= vv.get(device, 0):
        raise ValueError(f"write number {number} of device {device} was used before")
    vv[device] = number
    fields = dict(before)
    for name, value in effective.items():
        _check_value(value, name)
        seen = frozenset(s.dot for s in before.get(name, ()))
        for sibling in before.get(name, ()):
            if sibling.dot[0] in forked:
                vv.__setitem__(*apart(name, sibling).dot)
        fields[name] = (Sibling(dot, seen, value, hlc, actor),)
    return Record(table, uid, vv, fields)


def distinct(record: Record, field: str) -> tuple[Sibling, ...]:
    """The differing values of a field, each once, by smallest write; empty if never written."""
    siblings = record.fields.get(field, ())
    if len(siblings) < 2:
        return siblings
    seen: dict[Value, Sibling] = {}
    for sibling in siblings:
        seen.setdefault(sibling.value, sibling)
    return tuple(seen.values())


def conflicts(record: Record) -> tuple[str, ...]:
    """The fields that hold differing values and wait for a person's decision, sorted."""
    return tuple(
        sorted(
            name
            for name, siblings in record.fields.items()
            if len(siblings) > 1 and len({s.value for s in siblings}) > 1
        )
    )


def display(record: Record, field: str, authority: Collection[str] = ()) -> Value:
    """The value that lists and recaps count: the authority's, else the one of the smallest write.

    `authority` holds the devices of the office that may decide this field. A field with several
    values shows all of them to people; this is for the places where only one can stand.
    """
    siblings = record.fields.get(field, ())
    if not siblings:
        return None
    decided = [s for s in siblings if home(s.dot[0]) in authority]
    return min(decided or siblings, key=sibling_order).value


# -- canonical form ----------------------------------------------------------------------------


def canonical(record: Record) -> Canonical:
    """The record as plain JSON data, equal for equal records.

    t, u: table and uid. v: version vector. c: the stamp [device, number, hlc, actor] that most
    fields share, normally the creating write. f: values of fields with one value. s: the stamps of
    those that differ from c, followed by the writes they replaced. m: fields with several values,
    each [value, *stamp]. Empty parts are left out.
    """
    common = _common_stamp(record)
    values: dict[str, Value] = {}
    stamps: dict[str, list[Any]] = {}
    several: dict[str, list[list[Any]]] = {}
    for name, siblings in record.fields.items():
        if len(siblings) != 1:
            several[name] = [[s.value, *_stamp(s)] for s in siblings]
            continue
        sibling = siblings[0]
        values[name] = sibling.value
        if (*sibling.dot, sibling.hlc, sibling.actor) != common or _needs_stamp(sibling):
            stamps[name] = _stamp(sibling)
    result: Canonical = {"t": record.table, "u": record.uid, "v": dict(record.vv)}
    if common:
        result["c"] = list(common)
    parts: tuple[tuple[str, dict[str, Any]], ...] = (("f", values), ("s", stamps), ("m", several))
    result.update((key, part) for key, part in parts if part)
    return result


def from_canonical(data: Mapping[str, Any]) -> Record:
    """The record that `canonical` described; fields and tables this version does not know included.

    A null without a stamp is read as never written, so that a table row can be given as `f`.
    Raises ValueError naming what is wrong: the data may come from anywhere.
    """
    if not data.keys() <= _KEYS:
        raise ValueError(f"unknown parts {sorted(data.keys() - _KEYS)}")
    table, uid = _text(data.get("t"), "t"), _text(data.get("u"), "u")
    vv = _mapping(data.get("v", {}), "v")
    for device, number in vv.items():
        _check_dot(device, number)
    stamps = _mapping(data.get("s", {}), "s")
    values = _mapping(data.get("f", {}), "f")
    if not stamps.keys() <= values.keys():
        raise ValueError(f"stamps without a value: {sorted(stamps.keys() - values.keys())}")
    fields: dict[str, tuple[Sibling, ...]] = {}
    common = _read_stamp(data["c"], vv) if "c" in data else None
    for name, value in values.items():
        _check_value(value, name)
        if name in stamps:
            dot, overwrote, hlc, actor = _read_stamp(stamps[name], vv)
        elif value is None:
            continue
        elif common is None:
            raise ValueError(f"field {name} has no stamp")
        else:
            dot, overwrote, hlc, actor = common
        fields[name] = (Sibling(dot, overwrote, value, hlc, actor),)
    for name, entries in _mapping(data.get("m", {}), "m").items():
        if name in fields or not isinstance(entries, list) or len(entries) < 2:
            raise ValueError(f"field {name} is given twice or without its values")
        fields[name] = _read_several(name, entries, vv)
    return Record(table, uid, dict(vv), fields)


def dumps(data: Mapping[str, Any]) -> str:
    """Canonical JSON text: ASCII, sorted, without blanks, so that equal data gives equal bytes."""
    return json.dumps(data, ensure_ascii=True, sort_keys=True, separators=(",", ":"))


def loads(text: str) -> Canonical:
    """Strict JSON: no repeated names, no fractions, no lone surrogates. Raises ValueError."""
    try:
        data = json.loads(
            text, object_pairs_hook=_no_repeats, parse_float=_no_float, parse_constant=_no_float
        )
        if "\\u" in text:  # else there can be no lone surrogate
            json.dumps(data, ensure_ascii=False).encode()  # UnicodeEncodeError is a ValueError
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if not isinstance(data, dict):
        raise ValueError("not an object")
    return data


def row_hash(data: Mapping[str, Any] | str) -> str:
    """128 bits of SHA-256 over the canonical JSON, as 26 letters and digits (base32)."""
    text = data if isinstance(data, str) else dumps(data)
    bits = int.from_bytes(hashlib.sha256(text.encode()).digest()[:16], "big") << 2
    return "".join([_TWO_LETTERS[bits >> at & 1023] for at in range(120, -1, -10)])


def _needs_stamp(sibling: Sibling) -> bool:
    return bool(sibling.overwrote) or sibling.value is None


def _common_stamp(record: Record) -> tuple[str, int, int, str] | None:
    first: Sibling | None = None
    for siblings in record.fields.values():
        sibling = siblings[0]
        if len(siblings) != 1 or sibling.overwrote or sibling.value is None:
            continue
        if first is None:
            first = sibling
        elif (sibling.dot, sibling.hlc, sibling.actor) != (first.dot, first.hlc, first.actor):
            break
    else:  # nearly every record: one stamp, so nothing needs counting
        return (*first.dot, first.hlc, first.actor) if first else None
    counted = Counter(
        (*siblings[0].dot, siblings[0].hlc, siblings[0].actor)
        for siblings in record.fields.values()
        if len(siblings) == 1 and not _needs_stamp(siblings[0])
    )
    if not counted:
        return None
    return min(counted, key=lambda stamp: (-counted[stamp], stamp))


def _stamp(sibling: Sibling) -> list[Any]:
    stamp: list[Any] = [*sibling.dot, sibling.hlc, sibling.actor]
    for dot in sorted(sibling.overwrote):
        stamp += dot
    return stamp


def _read_stamp(data: object, vv: Mapping[str, int]) -> tuple[Dot, frozenset[Dot], int, str]:
    if not isinstance(data, list) or len(data) < _STAMP or len(data) % 2:
        raise ValueError("malformed stamp")
    device, number, hlc, actor = data[:_STAMP]
    dot = _check_dot(device, number)
    if number > vv.get(device, 0):
        raise ValueError(f"write {device} {number} is missing from the version vector")
    if type(hlc) is not int or not 0 <= hlc <= _BIGGEST:
        raise ValueError("the clock of a stamp is not a number")
    rest = data[_STAMP:]
    if not rest:
        return dot, frozenset(), hlc, _text(actor, "actor", empty=True)
    overwrote = frozenset(_check_dot(d, n) for d, n in zip(rest[::2], rest[1::2], strict=True))
    return dot, overwrote, hlc, _text(actor, "actor", empty=True)


def _read_several(
    name: str, entries: Sequence[object], vv: Mapping[str, int]
) -> tuple[Sibling, ...]:
    siblings = set()
    for entry in entries:
        if not isinstance(entry, list) or not entry:
            raise ValueError(f"malformed value of {name}")
        _check_value(entry[0], name)
        dot, overwrote, hlc, actor = _read_stamp(entry[1:], vv)
        siblings.add(Sibling(dot, overwrote, entry[0], hlc, actor))
    if len(siblings) < 2:
        raise ValueError(f"the values of {name} are one and the same")
    return tuple(sorted(siblings, key=sibling_order))


def _check_value(value: object, name: str) -> None:
    # type(), not isinstance: True would pass as 1 and come back as something else
    if value is None or type(value) is str:
        return
    if type(value) is not int or abs(value) > _BIGGEST:
        raise ValueError(f"value of {name} is neither text nor a whole number")


def _check_dot(device: object, number: object) -> Dot:
    if type(device) is not str or not device:
        raise ValueError("a write without a device")
    if type(number) is not int or not 1 <= number <= _BIGGEST:
        raise ValueError("a write without a number")
    return (device, number)


def _text(value: object, name: str, *, empty: bool = False) -> str:
    if type(value) is not str or not (value or empty):
        raise ValueError(f"{name} is not text")
    return value


def _mapping(value: object, name: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise ValueError(f"{name} is not an object")
    return value


def _no_repeats(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    pairs = list(pairs)
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("a name is repeated")
    return result


def _no_float(text: str) -> Any:
    raise ValueError(f"{text} is not a whole number")
