"""Who reports for another with a surat kuasa khusus: kept sealed like the reporter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sqlalchemy.orm import Session

from posko_app.app import Posko
from posko_app.data.base import Base
from posko_app.data.tables import Case
from posko_app.security.uid import new_uid

from .identity import find_identity, identity_rows, open_identity
from .report import NewReport, PersonInput
from .tidy import tidy

PROXY = "proxy"
"""What stands for the person of the proxy where witnesses have their uid."""
PROXY_WORD = "kuasa pelapor"
NOBODY = PersonInput(citizenship="")


def proxy_rows(posko: Posko, case_uid: str, new: NewReport) -> Iterator[Base]:
    """The sealed record of a proxy, if there is one."""
    if new.by_proxy and new.proxy.given:
        person = tidy(posko, new.proxy)
        row, tokens = identity_rows(posko, case_uid, new_uid(), person, PROXY)
        yield row
        yield from tokens


def proxy_of(posko: Posko, session: Session, case: Case) -> PersonInput:
    """The proxy of a case, nobody if there is none; callers check permission and log."""
    row = find_identity(session, case.uid, PROXY) if case.by_proxy else None
    return replace(open_identity(posko, row)) if row is not None else NOBODY
