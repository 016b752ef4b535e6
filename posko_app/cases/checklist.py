"""What the desk looks at when a report is handed in: ticked by whom and when, never a barrier."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from posko_app.app import Posko, use_case
from posko_app.data.tables import Case, CheckMark
from posko_app.errors import InvalidInput, Problem
from posko_app.rules.book import Regulation
from posko_app.text import clean

from .find import case_uid_of
from .step_checks import named_in_the_open
from .stub import require_ours
from .views import DeskItem

MARKS = ("yes", "no", "not_needed")


def desk_items(
    session: Session, case: Case, law: Regulation, intake_kind: str
) -> tuple[DeskItem, ...]:
    """The checks of the desk that a case has, each with its latest mark."""
    latest: dict[str, CheckMark] = {}
    marks = select(CheckMark).where(CheckMark.case_uid == case.uid)
    for mark in session.scalars(marks.order_by(CheckMark.made_at, CheckMark.uid)):
        latest[mark.item] = mark
    return tuple(
        DeskItem(
            key=check.key,
            label=check.label,
            basis=check.basis,
            mark=found.mark if found else "",
            note=found.note if found else "",
            made_by=found.made_by if found else "",
            office_code=found.office_code if found else "",
            made_at=found.made_at if found else None,
        )
        for check in law.desk.values()
        if intake_kind in check.kinds and (not check.only_proxy or case.by_proxy)
        for found in [latest.get(check.key)]
    )


@use_case("case.write")
def mark_check(posko: Posko, case: str, item: str, mark: str, note: str = "") -> None:
    """Write down what the desk saw; earlier marks stay and the latest counts.

    Raises InvalidInput for an unknown item or mark, or a note that names the reporter.
    """
    with posko.write() as session:
        uid = case_uid_of(session, case)
        require_ours(posko, session, uid)
        row = session.scalars(select(Case).where(Case.uid == uid)).one()
        law = posko.rules.get(row.regulation, row.filed_on)
        problems = []
        if item not in law.desk:
            problems.append(Problem("item", f"Pemeriksaan {item} tidak dikenal."))
        if mark not in MARKS:
            problems.append(Problem("mark", "Pilih ada, belum ada, atau tidak perlu."))
        problems += named_in_the_open(posko, session, uid, {"note": note})
        if problems:
            raise InvalidInput(problems)
        session.add(
            CheckMark(
                case_uid=uid,
                item=item,
                mark=mark,
                note=clean(note),
                office_code=posko.office.code,
                made_by=posko.user.login,
                made_at=posko.now(),
            )
        )
        posko.note(session, "case.checked", uid, item=item, mark=mark)
