"""What stands around a case, read in the background: every roster is looked through for it."""

from __future__ import annotations

from dataclasses import dataclass

from posko_app.app import Posko
from posko_app.cases.links_papers import EventPapers, event_papers
from posko_app.cases.people import PersonCases, other_cases
from posko_app.cases.people_likely import Likely
from posko_app.cases.people_pledges import signatures_in
from posko_app.cases.people_suggest import likely_beside
from posko_app.cases.pledge_links import PledgeMatch
from posko_app.cases.views import CaseView
from posko_app.progress import Progress


@dataclass(frozen=True)
class Around:
    """Papers and cases of the event, persons elsewhere, pledges signed, cases that may belong."""

    papers: EventPapers
    people: tuple[PersonCases, ...]
    matches: tuple[PledgeMatch, ...]
    likely: tuple[Likely, ...]


def read_around(posko: Posko, view: CaseView, *, progress: Progress) -> Around:
    """Everything around a case that was read; stops between its parts when nobody waits."""
    progress(0, 0, "")
    papers = event_papers(posko, view.uid)
    progress(0, 0, "")
    people = other_cases(posko, view.uid)
    progress(0, 0, "")
    matches = signatures_in(posko, view.uid)
    progress(0, 0, "")
    likely = likely_beside(posko, view, [one.uid for one in papers.cases])
    return Around(papers, tuple(people), tuple(matches), tuple(likely))
