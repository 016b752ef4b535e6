"""What each step of a case asks, leaves behind and lacks; and who would handle the case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from posko_app.app import Posko, use_case
from posko_app.rules.book import Regulation
from posko_app.rules.guide import StepGuide, guide
from posko_app.rules.jurisdiction import JurisdictionFacts, Suggestion, suggest

from .case_view import case_view
from .views import CaseView

TSM = "tsm"  # the theme of such reports


def guide_of(
    view: CaseView, law: Regulation, kind: str, answers: Mapping[str, str] | None = None
) -> StepGuide:
    """The guide of a kind of step in a case that was read; `answers` are those given so far."""
    return guide(kind, view.state, law, view.known, answers)


@use_case("case.read")
def step_guide(
    posko: Posko, case: str, kind: str, answers: Mapping[str, str] | None = None
) -> StepGuide:
    """The guide of a kind of step in a case (uid or number)."""
    view = case_view(posko, case)
    law = posko.rules.get(view.facts.regulation, view.facts.filed_on)
    return guide_of(view, law, kind, answers)


@use_case("case.read")
def who_handles(
    posko: Posko, case: str, kinds: Sequence[str] = (), on: date | None = None
) -> tuple[Suggestion, ...]:
    """Who would handle a case (uid or number) on a day, with the article; a person decides.

    `kinds` are the kinds of violation to think of; without them those at stake in the case.
    """
    return suggestions(posko, case_view(posko, case), kinds, on)


def suggestions(
    posko: Posko, view: CaseView, kinds: Sequence[str] = (), on: date | None = None
) -> tuple[Suggestion, ...]:
    """The same for a case that was read."""
    facts = view.facts
    law = posko.rules.get(facts.regulation, facts.filed_on)
    registered = [event for event in view.state.events if event.kind == "registered"]
    return suggest(
        JurisdictionFacts(
            level=posko.office.level,
            office_code=posko.office.code,
            region_code=facts.region_code,
            categories=tuple(dict.fromkeys(p.category for p in view.parties if p.category)),
            violations=tuple(kinds) or view.state.at_stake,
            theme=facts.theme,
            tsm=facts.theme == TSM or any(e.data.get("tsm") == "yes" for e in registered),
            on=on or posko.today(),
            filed_on=facts.filed_on,
        ),
        law,
    )
