"""Drafts, and letters that are numbered and frozen: what was printed once stays as it is."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from io import BytesIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from posko_app.app import Posko, use_case
from posko_app.cases import board
from posko_app.cases.series import Numbered
from posko_app.data.tables import Letter as LetterRow
from posko_app.data.tables import VaultFile
from posko_app.errors import UserError
from posko_app.security import permissions
from posko_app.security.cipher import new_key
from posko_app.security.uid import new_uid

from .catalogue import Value, load_catalogue
from .compose import Letter, compose, require_settled, shows_identity
from .numbers import letter_number
from .template import template_named
from .values import printed

DRAFT_MARK = "KONSEP"
PRACTICE_MARK = "LATIHAN"
PRINTED = "letter.printed"


@dataclass(frozen=True, kw_only=True)
class IssuedLetter:
    """A frozen letter; `new` is false when the very same document had been issued before."""

    uid: str
    template: str
    title: str
    number: str
    sha256: str
    size: int
    dated_on: date
    new: bool
    warnings: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class DraftLetter:
    """A draft with the number it would get now, which is only a proposal."""

    pdf: bytes
    number: str
    warnings: tuple[str, ...]


@use_case("letter.draft")
def draft(
    posko: Posko,
    case: str,
    template: str,
    *,
    values: Mapping[str, Value] | None = None,
    paper: str = "",
) -> bytes:
    """The PDF of a letter as it would be, with KONSEP across its pages.

    `case` is a uid or number, or empty for a letter without a case; `values` are the asked values
    as typed; `paper` is F4, A4 or the office's own. Raises as `issue` does.
    """
    return preview(posko, case, template, values=values, paper=paper).pdf


@use_case("letter.draft")
def preview(
    posko: Posko,
    case: str,
    template: str,
    *,
    values: Mapping[str, Value] | None = None,
    paper: str = "",
) -> DraftLetter:
    """A draft, the number proposed for it and what it still lacks. Raises as `issue` does."""
    letter = compose(posko, case, template, values or {}, paper)
    with posko.store.read() as session:
        numbered = _number(posko, session, letter, proposed=True)
    mark = f"{DRAFT_MARK} {PRACTICE_MARK}" if posko.office.practice else DRAFT_MARK
    pdf = letter.pdf(numbered.number, mark, posko.office.name)
    if letter.case_uid and shows_identity(letter.template):
        with posko.write() as session:
            posko.note(session, "identity.printed", letter.case_uid, template=template, draft=True)
    return DraftLetter(
        pdf=pdf, number=numbered.number, warnings=(*numbered.warnings, *letter.warnings())
    )


@use_case("letter.draft")
def prefilled(posko: Posko, case: str, template: str) -> dict[str, Value]:
    """What the asked values of a letter hold before anyone types, by name in catalogue order."""
    letter = compose(posko, case, template, {}, "")
    scope = {**letter.template.preset(letter.law.regime), **letter.values}
    return {name: scope.get(name, "") for name in letter.template.asked(load_catalogue())}


@use_case("letter.issue")
def issue(
    posko: Posko,
    case: str,
    template: str,
    *,
    values: Mapping[str, Value] | None = None,
    paper: str = "",
    recorded: Callable[[Session, LetterRow], None] | None = None,
) -> IssuedLetter:
    """Number a letter, freeze its PDF in the vault and record it, all or nothing.

    `recorded` writes in the same transaction what belongs to the letter of this row, such as the
    step that it is; what it refuses is not issued.

    The bytes are safe in the vault before the row that names them; a failure leaves the series
    where it was. A form with the report's own number that is issued again unchanged is the same
    letter. Raises `InvalidInput` for empty needed values and for a letter to an outsider that
    names reporter or witness, `UserError` for a contested field, `NotAllowed`.
    """
    letter = compose(posko, case, template, values or {}, paper)
    require_settled(letter)
    letter.filled("…")  # a letter that cannot be made takes no number
    with posko.write() as session:
        numbered = _number(posko, session, letter, proposed=False)
        mark = PRACTICE_MARK if posko.office.practice else ""
        letter = _as_before(posko, session, letter, numbered.number, mark)
        pdf = letter.pdf(numbered.number, mark, posko.office.name)
        row, new = _freeze(posko, session, letter, numbered.number, pdf)
        if recorded is not None:
            recorded(session, row)
        if new and letter.case_uid:
            board.refresh(posko, session, [letter.case_uid])  # a case is found by its letters too
        return IssuedLetter(
            uid=row.uid,
            template=row.template,
            title=row.title,
            number=row.number,
            sha256=row.sha256,
            size=row.size,
            dated_on=row.dated_on,
            new=new,
            warnings=(*numbered.warnings, *letter.warnings()),
        )


@use_case("letter.draft")
def reprint(posko: Posko, letter_uid: str) -> bytes:
    """The frozen PDF of an issued letter, byte for byte.

    Raises `UserError` when this office does not hold it, `NotAllowed` when it shows identities
    and the role may not see them.
    """
    with posko.write() as session:
        row = session.scalar(select(LetterRow).where(LetterRow.uid == letter_uid))
        key = (
            session.scalar(select(VaultFile.key).where(VaultFile.sha256 == row.sha256))
            if row
            else None
        )
        if row is None or key is None:
            raise UserError(
                "Surat ini tidak tersimpan di kantor ini. Data tidak berubah. "
                "Minta salinannya ke kantor yang menerbitkan.",
                "letter_not_held",
            )
        if shows_identity(template_named(row.template)):
            permissions.require(posko.user.role, "identity.read")
        posko.note(session, "letter.opened", row.case_uid or "", letter=row.uid)
        sha256 = row.sha256
    with posko.vault.open(sha256, key) as stream:
        return stream.read()


def _number(posko: Posko, session: Session, letter: Letter, *, proposed: bool) -> Numbered:
    """The number the letter bears: the report's own, the next of the letter series, or none."""
    if letter.template.number.series == "report":
        return Numbered(letter.text("case.number"), 0, ())
    if letter.template.number.series == "none":
        return Numbered("", 0, ())
    preset = letter.template.preset(letter.law.regime)
    return letter_number(
        posko,
        session,
        letter.law,
        classification=letter.template.number.classification,
        signer=letter.text("signer.role") or str(preset.get("signer.role", "")),
        on=posko.today(),
        proposed=proposed,
    )


def _addressee(letter: Letter) -> str:
    """Whom the letter goes to; a form is handed over, and to whom is nobody else's business."""
    sent = "letter.addressee" in letter.template.placeholders()
    return letter.text("letter.addressee").split("\n")[0] if sent else ""


def _as_before(posko: Posko, session: Session, letter: Letter, number: str, mark: str) -> Letter:
    """The letter with the time it was printed first, when nothing else in it has changed since."""
    if PRINTED not in letter.template.placeholders():
        return letter
    last = session.scalars(
        select(LetterRow)
        .where(
            LetterRow.template == letter.template.name,
            LetterRow.case_uid == letter.case_uid,
            LetterRow.office_code == posko.office.code,
        )
        .order_by(LetterRow.issued_at.desc())
        .limit(1)
    ).first()
    if last is None:
        return letter
    values = {**letter.values, PRINTED: printed(posko, last.issued_at)}
    again = replace(letter, values=values)
    same = hashlib.sha256(again.pdf(number, mark, posko.office.name)).hexdigest() == last.sha256
    return again if same else letter


def _freeze(
    posko: Posko, session: Session, letter: Letter, number: str, pdf: bytes
) -> tuple[LetterRow, bool]:
    """Store the bytes, then the row that names them."""

    def known(sha256: str) -> bytes | None:
        return session.scalar(select(VaultFile.key).where(VaultFile.sha256 == sha256))

    kept = posko.vault.add(BytesIO(pdf), new_key(), known=known)
    again = session.scalar(
        select(LetterRow).where(
            LetterRow.sha256 == kept.sha256,
            LetterRow.template == letter.template.name,
            LetterRow.case_uid == letter.case_uid,
        )
    )
    if again is not None:
        posko.note(session, "letter.opened", letter.case_uid or "", letter=again.uid)
        return again, False
    if kept.key:
        session.add(
            VaultFile(sha256=kept.sha256, key=kept.key, size=kept.size, added_at=letter.made_at)
        )
    row = LetterRow(
        uid=new_uid(),
        case_uid=letter.case_uid,
        office_code=posko.office.code,
        template=letter.template.name,
        title=letter.template.title,
        number=number,
        dated_on=letter.made_at.astimezone(posko.zone).date(),
        addressee=_addressee(letter),
        sha256=kept.sha256,
        size=kept.size,
        issued_at=letter.made_at,
        issued_by=posko.user.login,
    )
    session.add(row)
    session.flush()
    posko.note(
        session,
        "letter.issued",
        letter.case_uid or "",
        letter=row.uid,
        template=row.template,
        number=number,
        sha256=kept.sha256,
        identity=shows_identity(letter.template),
    )
    return row, True
