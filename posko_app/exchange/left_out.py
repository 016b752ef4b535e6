"""What a file for somebody else leaves out, as data: the profiles of resources/exchange."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeAlias, get_args

import posko_app.data.tables  # noqa: F401 - they must exist to be counted
from posko_app.data.base import synced_tables
from posko_app.paths import resource

Shape: TypeAlias = Literal["records", "values"]
Names: TypeAlias = Literal["tell", "refuse"]
Reach: TypeAlias = Literal["all", "referred"]


@dataclass(frozen=True, kw_only=True)
class StepsLeftOut:
    """Kinds of events whose whole records stay here though other events go, and why."""

    label: str
    kinds: frozenset[str]
    reason: str


@dataclass(frozen=True, kw_only=True)
class Profile:
    """For whom a file is; `left_out` has the reason for each table that stays here.

    `names` says what happens when a text that goes names a reporter or witness, `reach` which cases
    go where none were picked, `events` which steps of them stay.
    """

    code: str
    label: str
    whom: str
    shape: Shape
    names: Names
    goes: frozenset[str]
    left_out: Mapping[str, str]
    reach: Reach = "all"
    events: tuple[StepsLeftOut, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Profiles:
    """Every profile by code, what people call each table, and how names are looked for.

    `common` are words that are no hit alone, `people` fields (`table.field`) that name others.
    """

    tables: Mapping[str, str]
    unknown: str
    by_code: Mapping[str, Profile]
    common: frozenset[str]
    people: frozenset[str]

    def reason(self, profile: str, table: str) -> str:
        """Why a table does not go, for people."""
        return self.by_code[profile].left_out.get(table, self.unknown)

    def label(self, table: str) -> str:
        """What people call a table."""
        return self.tables.get(table, table)


def load_profiles(path: Path) -> Profiles:
    """Read a file of profiles. Raises ValueError naming the mistake, or KeyError, TypeError."""
    data = tomllib.loads(path.read_text("utf-8"))
    made = [_profile(given) for given in data["profile"]]
    profiles = Profiles(
        tables=data["tables"],
        unknown=data["unknown"],
        by_code={profile.code: profile for profile in made},
        common=frozenset(data["search"]["common"]),
        people=frozenset(data["search"]["people"]),
    )
    for profile in made:
        _check(profile, profiles)
    return profiles


@cache
def profiles() -> Profiles:
    """The shipped profiles."""
    return load_profiles(resource("exchange", "profiles.toml"))


@cache
def left_out(profile: str) -> frozenset[str]:
    """The tables whose records a profile never sends; KeyError for an unknown one.

    A table that nobody has judged yet reaches other offices of Bawaslu and nobody else.
    """
    known = profiles()
    wanted = known.by_code[profile]
    unjudged = frozenset(synced_tables()) - frozenset(known.tables)
    return frozenset(wanted.left_out) | (frozenset() if profile == "internal" else unjudged)


@cache
def kinds_left_out(profile: str) -> frozenset[str]:
    """The kinds of events that a profile never sends; KeyError for an unknown one."""
    return frozenset().union(*(steps.kinds for steps in profiles().by_code[profile].events))


def _profile(data: dict[str, Any]) -> Profile:
    steps = [{**given, "kinds": frozenset(given["kinds"])} for given in data.get("events", ())]
    events = tuple(StepsLeftOut(**given) for given in steps)
    return Profile(**{**data, "goes": frozenset(data["goes"]), "events": events})


def _check(profile: Profile, known: Profiles) -> None:
    said = ((profile.shape, Shape), (profile.names, Names), (profile.reach, Reach))
    if any(word not in get_args(known_words) for word, known_words in said):
        raise ValueError(f"{profile.code}: no such shape, reach or way with names")
    both = profile.goes & set(profile.left_out)
    named = profile.goes | set(profile.left_out)
    if both or named != set(known.tables):
        wrong = sorted(both | (named ^ set(known.tables)))
        raise ValueError(f"{profile.code}: {', '.join(wrong)} must stand in exactly one list")
    kinds = [kind for steps in profile.events for kind in steps.kinds]
    if len(kinds) != len(set(kinds)) or (kinds and "events" not in profile.goes):
        raise ValueError(f"{profile.code}: a kind of events stays twice, or none of them goes")
