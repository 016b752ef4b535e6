"""Cases of one event in a practice office, one that only seemed so, and a slip that was mended."""

from __future__ import annotations

from posko_app.app import Posko
from posko_app.cases.case_view import case_view
from posko_app.cases.facts_change import change_facts, check_facts
from posko_app.cases.links import link_cases, tell_apart
from posko_app.cases.links_papers import event_papers, use_here
from posko_app.cases.people_likely import Likely
from posko_app.cases.people_suggest import likely_of_case
from posko_app.cases.queries import CaseFilter, list_cases

from .offices import PracticeOffice

LOOKED_AT = 80  # cases among which alike ones are looked for
WHY = "Terlapor yang sama dalam rangkaian kegiatan yang sama."
OTHER = "Dua kejadian pada hari yang berbeda."
SLIP = "Salah ketik saat menerima laporan."


def links_of_cases(office: PracticeOffice) -> None:
    """Link the two cases most alike, part the two next, and correct the place of another one."""
    with office.acting(office.who("verifier")) as posko:
        alike = _alike(posko)
        if alike:
            case, other = alike[0]
            link_cases(posko, case, other.uid, WHY)
            shared = [item for item in event_papers(posko, case).evidence if item.file_name]
            for item in shared[:1]:
                use_here(posko, case, item.uid)
        used = {uid for case, other in alike[:1] for uid in (case, other.uid)}
        for case, other in alike[1:]:
            if not used & {case, other.uid}:
                tell_apart(posko, case, other.uid, OTHER)
                break
        _mend(posko)


def _alike(posko: Posko) -> list[tuple[str, Likely]]:
    """Pairs of cases that may be of one event, the most alike first; each pair once."""
    found: dict[frozenset[str], tuple[str, Likely]] = {}
    for row in list_cases(posko, CaseFilter(view="active"), limit=LOOKED_AT):
        for one in likely_of_case(posko, row.uid):
            found.setdefault(frozenset((row.uid, one.uid)), (row.uid, one))
    return sorted(found.values(), key=lambda pair: (-pair[1].score, pair[0]))


def _mend(posko: Posko) -> None:
    """Write the place of the first case that has one as somebody should have written it."""
    for row in list_cases(posko, CaseFilter(view="active"), limit=LOOKED_AT):
        place = case_view(posko, row.uid).facts.event_place
        values = {"event_place": f"Halaman {place[:1].lower()}{place[1:]}"}
        if place and not check_facts(posko, row.uid, values, SLIP).problems:
            change_facts(posko, row.uid, values, SLIP)
            return
