"""The lists of choices: codes that are stored and travel, and the words shown for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from posko_app.paths import resource

from .reading import RulesError, read_toml


@dataclass(frozen=True)
class Vocabulary:
    """All lists of choices."""

    lists: Mapping[str, Mapping[str, str]]

    def label(self, name: str, code: str) -> str:
        """The words for a code; the code itself when the list does not have it.

        Codes come from other offices too, which may know more of them. Raises KeyError for an
        unknown list.
        """
        return self.lists[name].get(code, code)

    def codes(self, name: str) -> tuple[str, ...]:
        """The codes of a list in the order to show them. Raises KeyError for an unknown list."""
        return tuple(self.lists[name])

    def items(self, name: str) -> tuple[tuple[str, str], ...]:
        """Code and words of every entry of a list. Raises KeyError for an unknown list."""
        return tuple(self.lists[name].items())

    def has(self, name: str, code: str) -> bool:
        """Whether a list has a code. Raises KeyError for an unknown list."""
        return code in self.lists[name]


@cache
def load_vocabulary(path: Path | None = None) -> Vocabulary:
    """The lists that come with the program; raises RulesError for a mistake in the file."""
    file = path or resource("vocabulary.toml")
    raw = read_toml(file)
    for name, entries in raw.items():
        if not isinstance(entries, dict) or not entries:
            raise RulesError(f"{file.name}: {name} is not a list of choices")
        if not all(isinstance(words, str) and words for words in entries.values()):
            raise RulesError(f"{file.name}: {name} has an entry without words")
        if len(set(entries.values())) < len(entries) and name != "outcome":
            raise RulesError(f"{file.name}: {name} has two entries with the same words")
    return Vocabulary(raw)
