"""What a case that is taken in already may belong to."""

from __future__ import annotations

from collections.abc import Collection

from posko_app.app import Posko, use_case

from .case_view import case_view
from .links import event_group, found_different
from .people_likely import EventFacts, Likely, PersonFacts, likely_same
from .views import CaseView


def facts_of_case(view: CaseView) -> EventFacts:
    """What a case says of its event."""
    facts = view.facts
    return EventFacts(
        persons=tuple(PersonFacts(name=p.name, nip=p.nip, agency=p.agency) for p in view.parties),
        event_on=facts.event_on,
        event_place=facts.event_place,
        region_code=facts.region_code,
        theme=facts.theme,
    )


@use_case("case.read")
def likely_of_case(posko: Posko, case: str) -> tuple[Likely, ...]:
    """Cases that may be of one event with this one (uid or number) and nobody has compared yet."""
    view = case_view(posko, case)
    return likely_beside(posko, view, [one.uid for one in event_group(posko, view.uid)])


@use_case("case.read")
def likely_beside(posko: Posko, view: CaseView, known: Collection[str]) -> tuple[Likely, ...]:
    """The same for a case that was read already; `known` are the others of its event."""
    skip = {view.uid, *known, *found_different(posko, view.uid)}
    return likely_same(posko, facts_of_case(view), skip=skip)
