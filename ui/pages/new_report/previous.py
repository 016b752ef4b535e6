"""What F4 takes over: the answers of the one filed before, never anybody's identity."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from posko_app.app import Posko
from posko_app.cases import queries
from posko_app.cases.case_view import case_view
from posko_app.cases.views import CaseRow, CaseView
from posko_app.text import parse_time

_SPANS = (0, 7, 60)  # days to look back, step by step: the newest is nearly always of today
_MOST = 500
OF_KINDS = (
    *("finder", "finder_title", "finder_address", "lhp_number", "lhp_on", "plenary_number"),
    *("plenary_on", "info_source", "organisation", "wanted_on", "handed_to"),
)
"""Answers that only some kinds ask."""


def secret(key: str) -> bool:
    """Whether a field holds an identity, which is never copied from one report to another."""
    return key.startswith(("reporter.", "witnesses.", "proxy."))


def previous_answers(posko: Posko, kind: str = "report") -> dict[str, Any]:
    """The answers of the newest case of this office and kind by key; empty without one."""
    row = _newest(posko, kind)
    if row is None:
        return {}
    return answers_of(case_view(posko, row.uid))


def answers_of(view: CaseView) -> dict[str, Any]:
    """The answers of a case by key, without anybody's identity."""
    facts = view.facts
    found: dict[str, Any] = {
        "channel": facts.channel,
        "filed_on": facts.filed_on,
        "filed_time": parse_time(facts.filed_time) if facts.filed_time else None,
        "filed_place": facts.filed_place,
        "officer": facts.officer,
        "election_kind": facts.election_kind,
        "election_stage": facts.election_stage,
        "reporter_capacity": facts.reporter_capacity,
        "title": facts.title,
        "theme": facts.theme,
        "event_on": facts.event_on,
        "event_time": parse_time(facts.event_time) if facts.event_time else None,
        "known_on": facts.known_on,
        "event_place": facts.event_place,
        "region_code": facts.region_code,
        "narrative": facts.narrative,
        **{name: getattr(facts, name) for name in OF_KINDS},
    }
    for place, party in enumerate(view.parties):
        for name in ("name", "category", "nip", "rank", "position_title", "agency", "address",
                     "phone"):  # fmt: skip
            found[f"reported.{place}.{name}"] = getattr(party, name)
    for place, item in enumerate(view.evidence):
        for name in ("description", "kind", "source"):
            found[f"evidence.{place}.{name}"] = getattr(item, name)
    return found


def _newest(posko: Posko, kind: str) -> CaseRow | None:
    today = posko.today()
    for days in _SPANS:
        wanted = queries.CaseFilter(
            view="all",
            kind=kind,
            office_code=posko.office.code,
            filed_from=today - timedelta(days=days),
            sort="filed",
        )
        if rows := queries.list_cases(posko, wanted, limit=_MOST):
            return rows[-1]
    return None
