"""What a regulation says about doing a step: what it asks, needs and leaves behind; who handles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from .facts import Fact, one_of

InputKind = Literal["text", "long", "date", "time", "choice", "yes"]
Action = Literal["here", "transfer", "takeover", "referral"]
NEEDS = (
    "requirements",
    "desk",
    "reviewed",
    "told_missing",
    "invited",
    "heard",
    "all_heard",
    "assessed",
    "discussed_first",
    "discussed_second",
    "referred",
    "notified",
    "ordered",
)
"""The conditions of a case that a step may need; `guide` knows how each is looked up."""


@dataclass(frozen=True, kw_only=True)
class StepInput(Fact):
    """A question of a step whose answer stands in the data of its event under `key`."""

    key: str
    label: str
    kind: InputKind
    list: str = ""  # of the vocabulary, for a choice
    missing: str = ""  # what is said while it has no answer; empty: it may stay open unsaid
    hint: str = ""
    outcome: str = ""  # asked only with this outcome

    def __post_init__(self) -> None:
        super().__post_init__()
        one_of(self.kind, InputKind, "kind")


@dataclass(frozen=True, kw_only=True)
class Need(Fact):
    """A condition of the case; `unmet` may hold {what}, the things that are missing."""

    key: str
    label: str
    unmet: str
    blocks: bool = False  # the step is refused while it is unmet
    kinds: tuple[str, ...] = ()  # intake kinds it holds for; empty: all
    violation: str = ""  # needed only where this kind of violation is at stake

    def __post_init__(self) -> None:
        super().__post_init__()
        one_of(self.key, NEEDS, "need")


@dataclass(frozen=True, kw_only=True)
class Document(Fact):
    """A paper that belongs to a step; the form with `use` equal to its key gives its code."""

    key: str
    label: str
    template: str = ""  # the letter that the program makes of it, if it makes one
    reason: str = ""  # why the law wants it, shown beside it


@dataclass(frozen=True, kw_only=True)
class Jurisdiction(Fact):
    """Who handles what: when all its conditions hold, `action` is suggested, never done.

    Empty conditions hold for everything. `to` is a level of office, `place` (the office of the
    place of the event) or empty; `addressees` are the institutions of a referral.
    """

    key: str
    action: Action
    text: str
    basis: str
    to: str = ""
    addressees: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()  # of the reported person
    violations: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()  # of the office that has the case
    elsewhere: bool = False  # only for events outside the region of the office
    tsm: bool = False  # only for reports of TSM
    valid_from: date | None = None
    valid_until: date | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        one_of(self.action, Action, "action")
