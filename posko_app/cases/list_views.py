"""The standard views of the list of cases, shipped as data in `resources/lists.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from posko_app.paths import resource

STATES = ("open", "waiting", "closed", "archived", "all")
SORT_KEYS = ("due", "filed")
FILTERS = (
    *("stage", "kind", "theme", "region", "officer", "office", "due", "conflicts", "waiting"),
    *("ended", "filed", "referred"),
)
"""What a list may be filtered by, as views and pages name it."""
USUAL = ("number", "title", "party", "area", "stage", "due", "officer")


@dataclass(frozen=True, kw_only=True)
class StandardView:
    """One view: which cases, in what order, with which columns at first."""

    key: str
    label: str
    state: str
    within: int | None = None  # days to the safe date, at most
    mine: bool = False
    filters: Mapping[str, str] = field(default_factory=dict)
    tab: bool = False
    sort: str = "due"
    descending: bool = False
    columns: tuple[str, ...] = USUAL
    empty: tuple[str, str] = ("", "")


@cache
def standard_views(path: Path | None = None) -> Mapping[str, StandardView]:
    """Every standard view by its key, in the order of the file; ValueError for a mistake in it."""
    file = path or resource("lists.toml")
    with file.open("rb") as stream:
        raw = tomllib.load(stream)
    made: dict[str, StandardView] = {}
    for entry in raw["view"]:
        view = _view(entry, file.name)
        if view.key in made:
            raise ValueError(f"{file.name}: {view.key} stands there twice")
        made[view.key] = view
    return made


def _view(entry: Mapping[str, Any], file: str) -> StandardView:
    where = f"{file}: {entry.get('key')}"
    known = StandardView.__dataclass_fields__
    if unknown := set(entry) - set(known):
        raise ValueError(f"{where}: unknown {', '.join(sorted(unknown))}")
    values: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()
    }
    made = StandardView(**values)
    if made.state not in STATES or made.sort not in SORT_KEYS or not made.label:
        raise ValueError(f"{where}: state, sort or label is wrong")
    if set(made.filters) - set(FILTERS) or len(made.empty) != 2:
        raise ValueError(f"{where}: filters or empty are wrong")
    return made


def check_views() -> list[str]:
    """What is wrong with the file of views, as sentences; empty when all is well."""
    try:
        standard_views()
    except (OSError, ValueError, TypeError, KeyError) as error:
        return [str(error)]
    return []
