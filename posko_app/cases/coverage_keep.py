"""A pasted range kept as a whole: its notes and its plans in one transaction, taken back in one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from posko_app.app import Posko, use_case
from posko_app.errors import InvalidInput

from .coverage import add_entries, entry_problems, plan_problems, put_plans, void_in
from .coverage_counts import plan_rows
from .coverage_paste import CoverageDraft


@dataclass(frozen=True)
class KeptDraft:
    """What came of a range: uids of the notes, and the changed plans as they were before."""

    notes: tuple[str, ...]
    plans: Mapping[tuple[str, str], int]  # by village and item; 0 where nothing was planned


@use_case("prevention.write")
def keep_draft(posko: Posko, draft: CoverageDraft) -> KeptDraft:
    """Keep the notes and the plans of a range; all or nothing. Raises InvalidInput."""
    entries, plans = draft.entries, draft.plans
    if problems := entry_problems(posko, entries) + plan_problems(posko, plans):
        raise InvalidInput(list(dict.fromkeys(problems)))
    with posko.write() as session:
        rows = plan_rows(session, posko.office.code, {code for code, _ in plans})
        before = {key: rows[key].quantity if key in rows else 0 for key in plans}
        uids = add_entries(posko, session, entries) if entries else ()
        if plans:
            put_plans(posko, session, plans)
    return KeptDraft(uids, {key: was for key, was in before.items() if was != plans[key]})


@use_case("prevention.write")
def take_back_draft(posko: Posko, kept: KeptDraft) -> None:
    """Take out the notes of a range and plan again as before it. Raises UserError."""
    with posko.write() as session:
        if kept.notes:
            void_in(posko, session, kept.notes)
        if kept.plans:
            put_plans(posko, session, kept.plans)
