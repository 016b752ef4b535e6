"""What the person at a preview has chosen so far: values, hand edits, and what waits."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from posko_app.exchange.apply import Choices
from posko_app.exchange.changes import CaseChange, FieldConflict, FieldValue
from posko_app.exchange.damage import of_damage
from posko_app.exchange.plan import ImportPlan
from posko_app.exchange.proposals import HandEdit

OURS, THEIRS, OWN = "ours", "theirs", "own"
Key = tuple[str, str]  # record and field
Held = str | int | None  # a value as records hold it


@dataclass(frozen=True)
class Pick:
    """A chosen value and where it comes from; `text` is how people write one of their own."""

    source: str
    value: Held
    text: str = ""


@dataclass
class Chosen:
    """The choices of one preview. A conflict without one is put off, both values are kept."""

    picks: dict[Key, Pick] = field(default_factory=dict)
    accepted: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    left_out: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, plan: ImportPlan) -> Chosen:
        """What is proposed: plain edits of ordinary fields, none of a spoiled column."""
        spoiled = of_damage(plan.damages)
        ticked = (e.fingerprint for e in plan.edits if e.ticked)
        return cls(accepted={print_ for print_ in ticked if print_ not in spoiled})

    def pick(self, conflict: FieldConflict, source: str, value: Held, text: str = "") -> None:
        """Choose a value of a contested field, unless another office decides it."""
        if not conflict.owner:
            self.picks[conflict.key] = Pick(source, value, text)

    def pick_all(self, conflicts: Iterable[FieldConflict], source: str) -> None:
        """Choose all of ours or all that came, where there is exactly one of them."""
        for conflict in conflicts:
            values = side(conflict, source)
            if len(values) == 1:
                self.pick(conflict, source, values[0].value)

    def open_of(self, change: CaseChange) -> int:
        """How many fields of a change nobody has chosen yet."""
        return sum(conflict.key not in self.picks for conflict in change.conflicts)

    def set_edit(self, edit: HandEdit, state: bool | None) -> None:
        """Accept (True), refuse (False) or leave open (None) a hand edit."""
        self.accepted.discard(edit.fingerprint)
        self.refused.discard(edit.fingerprint)
        if state and edit.acceptable:
            self.accepted.add(edit.fingerprint)
        elif state is False:
            self.refused.add(edit.fingerprint)

    def refuse_all(self, fingerprints: Collection[str], *, refuse: bool) -> None:
        """Refuse a whole spoiled column, or open its edits again."""
        self.accepted.difference_update(fingerprints)
        if refuse:
            self.refused.update(fingerprints)
        else:
            self.refused.difference_update(fingerprints)

    def take(self, change: CaseChange, on: bool) -> None:
        """Take a change in, or leave it out for now."""
        (self.left_out.discard if on else self.left_out.add)(change.key)

    def choices(self) -> Choices:
        """What applying the plan is told."""
        return Choices(
            fields={key: pick.value for key, pick in self.picks.items()},
            accepted=frozenset(self.accepted),
            refused=frozenset(self.refused),
            left_out=frozenset(self.left_out),
        )


def side(conflict: FieldConflict, source: str) -> list[FieldValue]:
    """Our values of a contested field, or those that came."""
    return [value for value in conflict.values if value.incoming == (source == THEIRS)]
