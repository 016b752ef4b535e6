"""What belongs to a step and what it still lacks: its papers, its questions, its conditions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from .book import Regulation
from .casework import Need, StepInput
from .stages import CaseState


@dataclass(frozen=True, kw_only=True)
class CaseKnowledge:
    """What a case knows beyond its events; everything in words that name no reporter."""

    unmet: tuple[str, ...] = ()  # labels of requirements that are not met
    unchecked: tuple[str, ...] = ()  # labels of what the desk has not looked at
    waiting: tuple[str, ...] = ()  # aliases of those invited whose coming is not noted
    letters: Mapping[str, str] = field(default_factory=dict)  # template -> number of the newest
    kinds: tuple[str, ...] = ()  # kinds of violation at stake


@dataclass(frozen=True)
class Paper:
    """A document of a step; `number` is empty while the program knows of none."""

    key: str
    label: str
    form: str  # code of the form, empty where none is known
    template: str  # what the program makes of it, empty if it makes none
    number: str


@dataclass(frozen=True)
class Missing:
    """Something that a step lacks; it is refused only where `blocks` says so."""

    key: str
    why: str
    blocks: bool = False


@dataclass(frozen=True, kw_only=True)
class StepGuide:
    """One step: what it asks, the papers that belong to it, and what is missing."""

    kind: str
    label: str
    inputs: tuple[StepInput, ...]
    required: tuple[str, ...]  # keys of the inputs without which it is refused
    papers: tuple[Paper, ...]
    missing: tuple[Missing, ...]

    @property
    def blocked(self) -> bool:
        """Whether something is missing without which the step is refused."""
        return any(item.blocks for item in self.missing)


def guide(
    kind: str,
    state: CaseState,
    regulation: Regulation,
    known: CaseKnowledge,
    answers: Mapping[str, str] | None = None,
) -> StepGuide:
    """What a kind of step asks and lacks in a case as it stands.

    `answers` are those given so far, by key of input; `kinds` among them are the kinds of violation
    that are about to be found. An unknown kind asks and lacks nothing.
    """
    words = regulation.steps.get(kind)
    if words is None:
        return StepGuide(kind=kind, label=kind, inputs=(), required=(), papers=(), missing=())
    given = answers or {}
    inputs = tuple(
        entry
        for entry in (regulation.inputs[key] for key in words.inputs)
        if not entry.outcome or entry.outcome == given.get("outcome")
    )
    papers = tuple(_paper(key, regulation, known) for key in words.documents)
    needs = (regulation.needs[key] for key in words.needs)
    missing = [
        *_conditions(needs, state, known, given),
        *(
            Missing(entry.key, entry.missing, entry.key in words.required)
            for entry in inputs
            if entry.missing and not given.get(entry.key, "").strip()
        ),
    ]
    return StepGuide(
        kind=kind,
        label=words.words(state.intake_kind),
        inputs=inputs,
        required=words.required,
        papers=papers,
        missing=tuple(missing),
    )


def _paper(key: str, regulation: Regulation, known: CaseKnowledge) -> Paper:
    document, form = regulation.documents[key], regulation.form_for(key)
    number = known.letters.get(document.template, "") if document.template else ""
    return Paper(key, document.label, form.code if form else "", document.template, number)


def _conditions(
    needs: Iterator[Need], state: CaseState, known: CaseKnowledge, answers: Mapping[str, str]
) -> Iterator[Missing]:
    at_stake = {*known.kinds, *answers.get("kinds", "").split(",")}
    for need in needs:
        if need.kinds and state.intake_kind not in need.kinds:
            continue
        if need.violation and need.violation not in at_stake:
            continue
        met, what = _LOOK[need.key](state, known)
        if not met:
            yield Missing(need.key, need.unmet.format(what=", ".join(what)), need.blocks)


def _happened(*kinds: str) -> Callable[[CaseState, CaseKnowledge], tuple[bool, tuple[str, ...]]]:
    def look(state: CaseState, known: CaseKnowledge) -> tuple[bool, tuple[str, ...]]:
        return any(event.kind in kinds for event in state.events), ()

    return look


_LOOK: dict[str, Callable[[CaseState, CaseKnowledge], tuple[bool, tuple[str, ...]]]] = {
    "requirements": lambda state, known: (not known.unmet, known.unmet),
    "desk": lambda state, known: (not known.unchecked, known.unchecked),
    "all_heard": lambda state, known: (not known.waiting, known.waiting),
    "reviewed": _happened("reviewed", "received_transfer"),
    "told_missing": _happened("completion_noticed"),
    "invited": _happened("invited"),
    "heard": _happened("clarified", "expert_heard"),
    "assessed": _happened("assessed"),
    "discussed_first": _happened("gakkumdu_first"),
    "discussed_second": _happened("gakkumdu_second"),
    "referred": _happened("referred"),
    "notified": _happened("notified"),
    "ordered": _happened("inquiry_ordered"),
}
"""Condition -> whether it holds, and what it lacks."""
