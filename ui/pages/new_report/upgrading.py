"""Filling the form with a case that becomes something else."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

from posko_app.app import Posko
from posko_app.cases.case_view import case_view
from posko_app.cases.identity import reveal
from posko_app.cases.kinds import kind_of
from posko_app.cases.report import PersonInput
from posko_app.cases.upgrade import held_of
from posko_app.errors import UserError
from posko_app.security import permissions

from .previous import answers_of
from .rows import RowContent
from .workspace import Workspace

NOT_TAKEN = ("channel", "filed_on", "filed_time", "filed_place", "officer")


@dataclass(frozen=True)
class Known:
    """What a case has already: answers by key, its parties, what of a reporter it has sealed."""

    answers: dict[str, Any]
    parties: tuple[str, ...] = ()  # uids, in the order of their answers
    held: frozenset[str] = field(default=frozenset())


def answers_from(posko: Posko, case: str, kind: str, why: list[str]) -> Known:
    """What is known of a case; when and how it came in is asked anew.

    Who sent it is opened for those who may see it, where the new kind asks it and somebody said
    `why`: the reason is taken out and goes into the journal, so that coming back to the form opens
    nobody again. Else the reporter stays sealed in the case and the form may leave them empty.
    Evidence and witnesses stay in the case and are not listed again.
    """
    view = case_view(posko, case)
    found = {
        key: value
        for key, value in answers_of(view).items()
        if key not in NOT_TAKEN and not key.startswith("evidence.") and value
    }
    parties = tuple(party.uid for party in view.parties)
    reason = why.pop() if why else ""
    if not kind_of(kind).asks("reporter.name") or not view.reporter_held:
        return Known(found, parties)
    if reason and permissions.allowed(posko.user.role, "identity.read"):
        with suppress(UserError):  # without the key the person stays sealed
            found |= _person(reveal(posko, view.uid, reason))
    return Known(found, parties, held_of(view.facts))


def fill(work: Workspace, known: Known) -> None:
    """Show what is known; reported persons get as many rows as there are."""
    work.held = known.held
    reported = work.entry.rows.get("reported")
    if reported is not None and known.parties:
        reported.set_rows([RowContent(uid=uid) for uid in known.parties])
    for key, value in known.answers.items():
        if isinstance(value, str | date | time | bool):
            work.entry.set_value(key, value)


def _person(person: PersonInput) -> dict[str, Any]:
    return {f"reporter.{name}": value for name, value in vars(person).items() if value}
