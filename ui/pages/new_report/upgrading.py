"""Filling the form with a case that becomes something else."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, time
from typing import Any

from posko_app.app import Posko
from posko_app.cases.case_view import case_view
from posko_app.cases.identity import reveal
from posko_app.cases.report import PersonInput
from posko_app.errors import UserError
from posko_app.security import permissions

from .entry import Entry
from .previous import answers_of

NOT_TAKEN = ("channel", "filed_on", "filed_time", "filed_place", "officer")
REASON = "Pelapor datang untuk menandatangani laporan."


def answers_from(posko: Posko, case: str, kind: str) -> dict[str, Any]:
    """The answers of a case by key; when and how it came in is asked anew.

    Who sent it is opened, with its line in the journal, for those who may see it and only where the
    new kind asks it. Evidence and witnesses stay in the case and are not listed again.
    """
    view = case_view(posko, case)
    found = {
        key: value
        for key, value in answers_of(view).items()
        if key not in NOT_TAKEN and not key.startswith("evidence.") and value
    }
    if kind == "finding" or not view.reporter_held:
        return found
    if permissions.allowed(posko.user.role, "identity.read"):
        with suppress(UserError):  # without the key the person is asked again
            found |= _person(reveal(posko, view.uid, REASON))
    return found


def fill(entry: Entry, answers: dict[str, Any]) -> None:
    """Show answers; reported persons get as many rows as there are."""
    places = {key.split(".")[1] for key in answers if key.startswith("reported.")}
    for _ in range(len(places) - 1):
        entry.add_row("reported")
    for key, value in answers.items():
        if isinstance(value, str | date | time | bool):
            entry.set_value(key, value)


def _person(person: PersonInput) -> dict[str, Any]:
    return {f"reporter.{name}": value for name, value in vars(person).items() if value}
