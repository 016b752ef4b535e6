"""The one catalogue of value names: what a template may print, its label, a sample."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from posko_app.paths import resource
from posko_app.text import clean

Fields = Mapping[str, str]
Value = str | Sequence[Fields]
Values = Mapping[str, Value]


@dataclass(frozen=True, kw_only=True)
class ValueName:
    """One text that a template may print as `{group.name}`.

    `asked` values are typed by the person who makes the letter. `private` ones would tell who the
    reporter or a witness is and never stand in a letter for an addressee outside Bawaslu.
    """

    name: str
    label: str
    sample: str = ""
    asked: bool = False
    private: bool = False
    long: bool = False


@dataclass(frozen=True, kw_only=True)
class RowsName:
    """A repeating value: `each = "reported"` prints `{reported.name}` once per row."""

    name: str
    label: str
    fields: Mapping[str, str]
    sample: tuple[Fields, ...] = ()
    asked: bool = False
    private: bool = False


@dataclass(frozen=True)
class Catalogue:
    """Every name that exists."""

    values: Mapping[str, ValueName]
    rows: Mapping[str, RowsName]

    def label(self, name: str) -> str:
        """What the person who makes the letter calls this value."""
        return (self.values.get(name) or self.rows[name]).label

    def complete(self, given: Values) -> dict[str, Value]:
        """All names with their values; what was not given is empty.

        Raises `KeyError` for a name or row field that the catalogue does not know.
        """
        full: dict[str, Value] = dict.fromkeys(self.values, "")
        full |= dict.fromkeys(self.rows, ())
        for name, value in given.items():
            if isinstance(value, str):
                if name not in self.values:
                    raise KeyError(name)
                full[name] = clean(value)
            else:
                full[name] = tuple(self._row(name, row) for row in value)
        return full

    def samples(self) -> dict[str, Value]:
        """One invented, complete case: for tests, previews and checking templates."""
        texts: dict[str, Value] = {name: v.sample for name, v in self.values.items()}
        return texts | {name: r.sample for name, r in self.rows.items()}

    def _row(self, name: str, row: Fields) -> dict[str, str]:
        known = self.rows[name].fields
        for field in row:
            if field not in known:
                raise KeyError(f"{name}.{field}")
        return {field: clean(row.get(field, "")) for field in known}


@cache
def load_catalogue(path: Path | None = None) -> Catalogue:
    """The catalogue of `resources/letters/values.toml`; `ValueError` names a wrong key."""
    file = path or resource("letters", "values.toml")
    raw = tomllib.loads(file.read_text("utf-8"))
    try:
        values = {name: ValueName(name=name, **v) for name, v in raw.pop("value").items()}
        rows = {name: _rows_name(name, r) for name, r in raw.pop("rows").items()}
        if raw:
            raise TypeError(f"unknown tables {sorted(raw)}")
    except (TypeError, KeyError) as error:
        raise ValueError(f"{file.name}: {error}") from error
    for both in values.keys() & rows.keys():
        raise ValueError(f"{file.name}: {both} is a value and a list")
    return Catalogue(values, rows)


def _rows_name(name: str, raw: dict[str, Any]) -> RowsName:
    sample = tuple(raw.pop("sample", ()))
    made = RowsName(name=name, sample=sample, **raw)
    for row in sample:
        for field in row:
            if field not in made.fields:
                raise TypeError(f"{name}.{field} in a sample is no field")
    return made
