"""A regulation as the text of a rules file: what is read back from it is the same regulation."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterator, Mapping
from datetime import date, time
from typing import Any

from .book import _KEY_NAMES, FIELDS, TABLES, Regulation
from .facts import Fact

_FILLED = (
    "closes_on",
    "service",
    "all_day_dates",
    "day_end",
    "edition",
)  # by the loader, from other facts
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_TABLES = ("sources", "flow", "number_levels")


def as_toml(regulation: Regulation) -> str:
    """The whole regulation as TOML."""
    return "\n".join(_lines(regulation)) + "\n"


def _lines(law: Regulation) -> Iterator[str]:
    ours = {FIELDS.get(table, f"{table}s") for table in TABLES} | {
        "words",
        "service",
        "version",
        *_TABLES,
    }
    for field in dataclasses.fields(law):
        value = getattr(law, field.name)
        if field.name not in ours and value != "":
            yield f"{field.name} = {_value(value)}"
    for name in _TABLES:
        yield from ("", f"[{name}]")
        yield from (f"{_key(key)} = {_value(entry)}" for key, entry in getattr(law, name).items())
    if law.service:
        yield from ("", "[service]", *_fact(law.service, ""))
    for word in law.words:
        yield from ("", "[[word]]", *_fact(word, ""))
    for table in TABLES:
        skipped = _KEY_NAMES.get(table, "key")
        for key, fact in getattr(law, FIELDS.get(table, f"{table}s")).items():
            yield from ("", f"[{table}.{_key(key)}]", *_fact(fact, skipped))
            for reading in getattr(fact, "readings", ()):
                yield from ("", f"[[{table}.{_key(key)}.readings]]", *_fact(reading, ""))


def _fact(fact: Fact, skipped: str) -> Iterator[str]:
    for field in dataclasses.fields(fact):
        value = getattr(fact, field.name)
        if field.name in (skipped, "readings", *_FILLED) or _is_default(field, value):
            continue
        yield f"{field.name} = {_value(value)}"


def _is_default(field: dataclasses.Field[Any], value: Any) -> bool:
    if field.default is not dataclasses.MISSING:
        return bool(value == field.default)
    if field.default_factory is not dataclasses.MISSING:
        return bool(value == field.default_factory())
    return False


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else json.dumps(key, ensure_ascii=False)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(k)} = {_value(v)}" for k, v in value.items()) + " }"
    if isinstance(value, (tuple, list)):
        return "[" + ", ".join(map(_value, value)) + "]"
    if isinstance(value, int):
        return str(value)
    if not isinstance(value, str):
        raise TypeError(f"no TOML for {value!r}")
    # JSON strings are TOML strings, but for the one control character that JSON leaves alone.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
