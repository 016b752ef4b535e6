"""The checks of the desk while something is handed in; never a reason to refuse it."""

from __future__ import annotations

from collections.abc import Iterator

from posko_app.app import Posko
from posko_app.data.tables import CheckMark
from posko_app.rules.book import Regulation
from posko_app.rules.facts import DeskCheck

from .report import NewReport

SEEN = "yes"


def desk_checks(law: Regulation, kind: str, *, by_proxy: bool) -> tuple[DeskCheck, ...]:
    """What the desk looks at for a kind, in the order of the regulation."""
    return tuple(
        check
        for check in law.desk.values()
        if kind in check.kinds and (by_proxy or not check.only_proxy)
    )


def check_rows(posko: Posko, case_uid: str, law: Regulation, new: NewReport) -> Iterator[CheckMark]:
    """The marks made while taking in; what nobody looked at leaves none."""
    for check in desk_checks(law, new.kind, by_proxy=new.by_proxy):
        if mark := new.checks.get(check.key):
            yield CheckMark(
                case_uid=case_uid,
                item=check.key,
                mark=mark,
                office_code=posko.office.code,
                made_by=posko.user.login,
                made_at=posko.now(),
            )
