"""The formal and material requirements of a report, checked against its facts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from .book import Regulation
from .facts import Requirement


@dataclass(frozen=True, kw_only=True)
class ReportFacts:
    """What the requirements look at; None means that it is not known yet."""

    reporter_named: bool
    reporter_located: bool
    reported_named: bool
    on_time: bool | None
    event_dated: bool
    event_placed: bool
    narrated: bool
    evidence: int
    signature_matches: bool | None = None
    filed_on: date | None = None  # requirements of an older law apply to older reports only


@dataclass(frozen=True)
class RequirementCheck:
    """One requirement, whether it is met, and in words why not."""

    key: str
    label: str
    kind: Literal["formal", "material"]
    met: bool
    why: str
    basis: str = ""


def check(report_facts: ReportFacts, regulation: Regulation) -> tuple[RequirementCheck, ...]:
    """Every requirement that applies to a report, formal ones first; nothing is ever refused."""
    applying = [
        requirement
        for requirement in regulation.requirements.values()
        if _applies(requirement, report_facts.filed_on)
    ]
    return tuple(
        _checked(requirement, report_facts)
        for requirement in sorted(applying, key=lambda requirement: requirement.kind)
    )


def fact_names() -> tuple[str, ...]:
    """The facts that a requirement may name."""
    return tuple(name for name in ReportFacts.__dataclass_fields__ if name != "filed_on")


def _applies(requirement: Requirement, filed_on: date | None) -> bool:
    if filed_on is None:
        return requirement.valid_until is None
    first = requirement.valid_from or date.min
    return first <= filed_on <= (requirement.valid_until or date.max)


def _checked(requirement: Requirement, report_facts: ReportFacts) -> RequirementCheck:
    values = [getattr(report_facts, name) for name in requirement.facts]
    met = all(values)
    unknown = not met and all(value or value is None for value in values)
    why = (requirement.unknown if unknown else "") or requirement.unmet
    return RequirementCheck(
        requirement.key,
        requirement.label,
        requirement.kind,
        met,
        "" if met else why,
        requirement.basis,
    )
