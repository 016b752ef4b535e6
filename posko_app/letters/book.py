"""The letter book: every numbered letter and form of this office, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from posko_app.app import Posko, use_case
from posko_app.data.tables import Account, Case, VaultFile
from posko_app.data.tables import Letter as LetterRow

from .template import load_templates

MOST = 500


@dataclass(frozen=True, kw_only=True)
class BookRow:
    """One line of the book; `held` says whether this office has the PDF."""

    uid: str
    template: str
    title: str
    number: str
    dated_on: date
    addressee: str
    case_uid: str
    case_number: str
    case_title: str
    office_code: str
    officer: str
    size: int
    held: bool


@use_case("prevention.read")
def letter_of(posko: Posko, uid: str) -> BookRow | None:
    """One issued letter of prevention work, which belongs to no case; None when it is not here."""
    found = _rows(posko, _query(posko).where(LetterRow.uid == uid, LetterRow.case_uid.is_(None)))
    return found[0] if found else None


@use_case("letter.draft")
def letter_book(posko: Posko, limit: int = MOST) -> tuple[BookRow, ...]:
    """Issued letters, newest first; also those that came from other offices, without their PDF."""
    order = (LetterRow.dated_on.desc(), LetterRow.issued_at.desc(), LetterRow.uid)
    return _rows(posko, _query(posko).order_by(*order).limit(limit))


def _query(posko: Posko) -> Any:
    return (
        select(LetterRow, Case.number, Case.title, Account.name, VaultFile.sha256)
        .outerjoin(Case, Case.uid == LetterRow.case_uid)
        .outerjoin(
            Account,
            (Account.login == LetterRow.issued_by) & (LetterRow.office_code == posko.office.code),
        )
        .outerjoin(VaultFile, VaultFile.sha256 == LetterRow.sha256)
    )


def _rows(posko: Posko, query: Any) -> tuple[BookRow, ...]:
    outside = {name for name, t in load_templates().items() if t.audience == "outside"}
    with posko.store.read() as session:
        return tuple(
            BookRow(
                uid=row.uid,
                template=row.template,
                title=row.title,
                number=row.number,
                dated_on=row.dated_on,
                # Forms and receipts go to nobody outside; what they hold there is no addressee.
                addressee=row.addressee if row.template in outside else "",
                case_uid=row.case_uid or "",
                case_number=number or "",
                case_title=title or "",
                office_code=row.office_code,
                officer=name or row.issued_by,
                size=row.size,
                held=held is not None,
            )
            for row, number, title, name, held in session.execute(query)
        )
