"""The form of violation that the desk chose at intake: offered only where it fits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from posko_app.app import Posko
from posko_app.data.tables import CheckMark
from posko_app.errors import Problem
from posko_app.rules.book import Regulation
from posko_app.rules.catalogue import CatalogueEntry, matching

ITEM = "violation."  # before the code of an entry in the item of its mark
CHOSEN = "yes"
UNFIT = (
    "Bentuk pelanggaran itu tidak berlaku untuk kategori terlapor atau masa kejadian perkara ini. "
    "Periksa kategori dan tanggal kejadiannya."
)

LOST = (
    "Bentuk pelanggaran yang sudah dipilih tidak berlaku lagi dengan isian ini. Periksa isiannya; "
    "bila benar, lepaskan dulu pilihannya di Kajian. Data tidak berubah."
)
Circumstances = tuple[Regulation, Iterable[str], date | None, str]
"""What a form of violation depends on: law, categories, day of the act, stage of the election."""


def offered(
    law: Regulation, categories: Iterable[str], event_on: date | None, stage: str
) -> tuple[CatalogueEntry, ...]:
    """What fits the persons reported and the time of the act; nothing while neither is known."""
    return matching([c for c in categories if c], event_on, law, stage)


def problems(
    law: Regulation, chosen: str, categories: Iterable[str], event_on: date | None, stage: str
) -> Iterator[Problem]:
    """What is wrong with the form of violation that was chosen."""
    fitting = offered(law, categories, event_on, stage) if chosen else ()
    if chosen and chosen not in {entry.code for entry in fitting}:
        yield Problem("violation", UNFIT)


def lost(chosen: Iterable[str], before: Circumstances, after: Circumstances) -> bool:
    """Whether something chosen that fitted does not fit any more."""

    def fits(code: str, where: Circumstances) -> bool:
        law, categories, event_on, stage = where
        return not any(problems(law, code, categories, event_on, stage))

    return any(fits(code, before) and not fits(code, after) for code in chosen)


def chosen_in(session: Session, case_uid: str) -> tuple[str, ...]:
    """Codes of the forms of violation chosen in a case; the latest mark of each counts."""
    marks = select(CheckMark).where(CheckMark.case_uid == case_uid, CheckMark.item.startswith(ITEM))
    latest = {
        row.item.removeprefix(ITEM): row.mark
        for row in session.scalars(marks.order_by(CheckMark.made_at, CheckMark.uid))
    }
    return tuple(code for code, mark in latest.items() if mark == CHOSEN)


def chosen_rows(posko: Posko, case_uid: str, chosen: str) -> Iterator[CheckMark]:
    """The mark of what was chosen; it bears our own code and stays inside the offices."""
    if chosen:
        yield CheckMark(
            case_uid=case_uid,
            item=f"{ITEM}{chosen}",
            mark=CHOSEN,
            note="",
            office_code=posko.office.code,
            made_by=posko.user.login,
            made_at=posko.now(),
        )
