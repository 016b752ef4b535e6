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
        kinds=state.at_stake,
    )
