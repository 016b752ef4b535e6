"""What the prevention work goes by, read once from resources/prevention.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from posko_app.paths import resource
from posko_app.rules.vocabulary import Vocabulary, load_vocabulary
from posko_app.text import fold

PLAN = "plan"  # beside the actions: a column of a pasted list may hold what is planned


@dataclass(frozen=True, kw_only=True)
class PledgeText:
    """The wording that a new pledge begins with."""

    title: str
    organiser: str
    opening: str
    points: tuple[str, ...]
    closing: str
    owing: tuple[str, ...]  # attendance after which a pledge signed alone is still owed


@dataclass(frozen=True, kw_only=True)
class PreventionWords:
    """Forms, groups and the headings of pasted lists; every word is folded."""

    form_of: Mapping[str, str]
    pledge: PledgeText
    groups: tuple[tuple[str, tuple[str, ...]], ...]
    echelons: Mapping[str, str]
    roster: Mapping[str, tuple[str, ...]]
    vacant: frozenset[str]
    coverage: Mapping[str, tuple[str, ...]]
    prefixes: tuple[str, ...]
    totals: frozenset[str]
    items: Mapping[str, tuple[str, ...]]
    actions: Mapping[str, tuple[str, ...]]
    done: Mapping[str, str]  # item -> the action that counts against its plan

    def group_of(self, position: str, said: str = "") -> str:
        """The group of an office by what the list says of it, else by its title; "" if unknown."""
        title = fold(position)
        fitting = [
            (len(start), code)
            for code, starts in self.groups
            for start in starts
            if title == start or title.startswith(f"{start} ")
        ]
        if fitting:  # the most exact: an inspektur pembantu is no inspektur
            return max(fitting)[1]
        first = fold(said).removeprefix("eselon ").split(" ")[0]
        return self.echelons.get(first, "")


@cache
def prevention_words(path: Path | None = None) -> PreventionWords:
    """The words that come with the program. Raises ValueError naming what is wrong."""
    file = path or resource("prevention.toml")
    try:
        return _read(tomllib.loads(file.read_text("utf-8")))
    except (KeyError, TypeError, tomllib.TOMLDecodeError) as error:
        raise ValueError(f"{file.name}: {error!r}") from error


def check_resources() -> Iterator[str]:
    """What is wrong with the file, one sentence each; nothing when all is well."""
    try:
        words = prevention_words()
    except (OSError, ValueError) as error:
        yield str(error)
        return
    yield from check_words(words)


def check_words(words: PreventionWords, vocabulary: Vocabulary | None = None) -> Iterator[str]:
    """Every code that has no label, in words; nothing when all is well."""
    known = vocabulary or load_vocabulary()
    used = {
        "prevention_item": words.form_of,
        "prevention_kind": set(words.form_of.values()),
        "signatory_group": {*dict(words.groups), *words.echelons.values()},
        "attendance": words.pledge.owing,
        "coverage_item": {*words.items, *words.done},
        "coverage_action": {*words.actions, *words.done.values()} - {PLAN},
    }
    for name, codes in used.items():
        for code in sorted(set(codes) - set(known.codes(name))):
            yield f"prevention.toml: {code} has no label in {name}"
    for kind in set(known.codes("prevention_kind")) - set(words.form_of.values()):
        yield f"prevention.toml: no item stands for {kind}"
    for item in set(known.codes("prevention_item")) - set(words.form_of):
        yield f"prevention.toml: form lacks {item}"
    for item in set(known.codes("coverage_item")) - set(words.done):
        yield f"prevention.toml: coverage.done lacks {item}"


def _read(data: dict[str, Any]) -> PreventionWords:
    pledge, roster, coverage = data["pledge"], data["roster"], data["coverage"]
    vacant = roster.pop("vacant")
    items, actions, done = coverage.pop("items"), coverage.pop("actions"), coverage.pop("done")
    prefixes, totals = coverage.pop("prefixes"), coverage.pop("total")
    texts = {key: pledge[key] for key in ("title", "organiser", "opening", "closing")}
    return PreventionWords(
        form_of=data["form"],
        pledge=PledgeText(points=tuple(pledge["points"]), owing=tuple(pledge["owing"]), **texts),
        groups=tuple((g["code"], tuple(map(fold, g["starts"]))) for g in data["group"]),
        echelons=data["echelon"],
        roster=_folded(roster),
        vacant=frozenset(map(fold, vacant)),
        coverage=_folded(coverage),
        prefixes=tuple(map(fold, prefixes)),
        totals=frozenset(map(fold, totals)),
        items=_folded(items),
        actions=_folded(actions),
        done=done,
    )


def _folded(table: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {key: tuple(map(fold, words)) for key, words in table.items()}
