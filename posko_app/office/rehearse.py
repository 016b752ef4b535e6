"""Trying a change of rules or holidays without keeping it."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from posko_app.app import Posko
from posko_app.law import Law, LawChange, read_law


class _TakenBack(Exception):
    """Ends the transaction of a rehearsal."""


def rehearsed(
    posko: Posko, what: str, write: Callable[[Session], None], *, everywhere: bool = False
) -> LawChange:
    """The change that `write` would make, with the law as it would then be.

    It is written, read back and rolled back, so that what is shown before and what holds after
    come from the same words. Raises UserError for a change that does not fit.
    """
    found: list[Law] = []
    try:
        with posko.write() as session:
            write(session)
            session.flush()
            found.append(read_law(session, posko.today()))
            raise _TakenBack
    except _TakenBack:
        return LawChange(what=what, law=found[0], write=write, everywhere=everywhere)
