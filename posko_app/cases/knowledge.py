"""What a case knows beyond its events, in words that name nobody: for the guide of its steps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from posko_app.rules.guide import CaseKnowledge
from posko_app.rules.requirements import RequirementCheck
from posko_app.rules.stages import CaseState

from .views import DeskItem, LetterView


def knowledge(
    state: CaseState,
    checks: Iterable[RequirementCheck],
    desk: Iterable[DeskItem],
    waiting: Sequence[str],
    letters: Iterable[LetterView],
) -> CaseKnowledge:
    """What a case knows beyond its events, for the guide of its steps."""
    newest: dict[str, str] = {}
    for letter in letters:  # newest first
        newest.setdefault(letter.template, letter.number or letter.title)
    return CaseKnowledge(
        unmet=tuple(c.label for c in checks if not c.met and c.key != "on_time"),
        unchecked=tuple(item.label for item in desk if not item.mark),
        waiting=tuple(waiting),
        letters=newest,
        kinds=kinds_at_stake(state),
    )


def kinds_at_stake(state: CaseState) -> tuple[str, ...]:
    """The kinds of violation that a plenary found, else those the initial review suspects."""
    if state.violation_kinds or state.decided_on:
        return state.violation_kinds
    reviews = [event for event in state.events if event.kind == "reviewed"]
    return reviews[-1].listed("kinds") if reviews else ()
