"""Pelimpahan and pengambilalihan as one act: the step, the sealed letter, the files to carry.

The step and the letter are one transaction; the files are made after it, as often as needed. A kill
leaves either nothing, or a recorded hand-over whose files `files_again` makes anew.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from posko_app.app import Posko, use_case
from posko_app.cases import board
from posko_app.cases.find import case_uid_of
from posko_app.cases.steps import NewStep, add_step, events_of
from posko_app.data.tables import Case, OpenedLetter, Peer, SealedPart
from posko_app.data.versions import Stamper
from posko_app.errors import InvalidInput, Problem, UserError
from posko_app.progress import Progress, silent
from posko_app.rules import stages
from posko_app.security import permissions
from posko_app.text import clean

from .export import export
from .neighbours import office_title
from .package.sizes import part_size
from .package.write import write_package
from .scope import stands
from .sealed import Letter, keys_for, seal_letter
from .sealed_again import letter_again
from .unsealing import open_letters

Papers = Callable[[str], tuple[Path, ...]]
SENT = "transferred"
FLASHDISK = "flashdisk"
NO_REASON = "Tulis alasannya, misalnya: tempat kejadian di wilayah kantor itu."
_SAFE = "Tidak ada yang berubah."


@dataclass(frozen=True, kw_only=True)
class HandedOver:
    """A recorded hand-over and the files made for it.

    `people` and `questions` count what is sealed, `spoiled` what could not be read any more.
    `files` is empty where the account may not make them: the exchange operator makes them again.
    """

    case_uid: str
    event_uid: str
    to_code: str
    to_name: str
    people: int
    questions: int
    spoiled: int
    workbooks: tuple[Path, ...]
    packages: tuple[Path, ...]
    papers: tuple[Path, ...] = ()  # letter, berita acara and slip, where they were asked for
    trouble: str = ""  # why the files could not be made; the hand-over is recorded all the same

    @property
    def files(self) -> tuple[Path, ...]:
        """Everything that is to be carried over."""
        return (*self.papers, *self.workbooks, *self.packages)


@dataclass(frozen=True, kw_only=True)
class Accepted:
    """A received case: its new number, and what the sealed letter brought or why it did not."""

    case_uid: str
    event_uid: str
    number: str
    people: int
    questions: int
    waiting: bool  # a sealed letter is here that this account cannot open
    told: tuple[str, ...]


def name_of(posko: Posko, session: Session, code: str) -> str:
    """What an office calls itself, else what the regions say."""
    if code == posko.office.code:
        return posko.office.name
    named = select(Peer.office_name).where(Peer.office_code == code).order_by(Peer.seen_at.desc())
    return session.scalar(named.limit(1)) or office_title(posko, code)


@use_case("case.decide")
def hand_over(
    posko: Posko,
    case: str,
    to_code: str,
    reason: str,
    on: date,
    out_folder: Path,
    part_bytes: int | None = None,
    *,
    number: str = "",
    lock: bool = True,
    papers: Papers | None = None,
    progress: Progress = silent,
) -> HandedOver:
    """Hand a case (uid or number) over to the office `to_code`, and make the files for it.

    `number` is that of the letter. `part_bytes` is the size of evidence parts, a flashdisk's where
    none is given; with `lock` only that office can open the files. Until it has received the case
    this office stays answerable. `papers` writes letter and berita acara of the case in between, so
    that the workbook tells of them. Raises UserError when the key of that office is unknown or the
    folder is missing, InvalidInput when the case cannot be handed over; nothing is recorded then.
    """
    permissions.require(posko.user.role, "identity.read")
    check_office(posko, to_code)
    _require_folder(out_folder)
    if not clean(reason):
        raise InvalidInput([Problem("reason", NO_REASON)])
    made = _record(posko, case, to_code, clean(reason), on, number)
    # It is recorded: whatever fails from here on can be made again at any time.
    made = _with_papers(posko, made, papers)
    if not permissions.allowed(posko.user.role, "exchange.export"):
        return made
    try:
        return _with_files(posko, made, out_folder, part_bytes, lock, progress)
    except UserError as error:
        return replace(made, trouble=f"{made.trouble} {error}".strip())


def _record(
    posko: Posko, case: str, to_code: str, reason: str, on: date, number: str
) -> HandedOver:
    """The step and the sealed letter, both or neither."""
    with posko.write() as session:
        uid = case_uid_of(session, case)
        name = name_of(posko, session, to_code)
        keys_for(session, to_code, name)
        data = {"to": to_code, "to_office": name, "reason": reason}
        step = NewStep(kind=SENT, on=on, number=number, data=data)
        event = add_step(posko, session, uid, step)
        letter = seal_letter(posko, session, uid, event, to_code, name)
        board.refresh(posko, session, [uid])
        posko.note(
            session,
            "handover.made",
            uid,
            event=event,
            to=to_code,
            letter=letter.uid,
            sealed_for=_marks(session, letter.uid),
        )
    return _made(uid, event, letter, to_code, name)


@use_case("exchange.export")
def files_again(
    posko: Posko,
    case: str,
    out_folder: Path,
    part_bytes: int | None = None,
    *,
    lock: bool = True,
    papers: Papers | None = None,
    progress: Progress = silent,
) -> HandedOver:
    """Make the files of the last hand-over of a case by this office anew.

    A letter is added, for the keys the recipient uses by now and with what was put right since.
    Raises UserError when this office did not hand the case over, or it was given back.
    """
    _require_folder(out_folder)
    with posko.write() as session:
        uid = case_uid_of(session, case)
        event = _last_sent(posko, session, uid)
        to_code = event.data["to"]
        name = name_of(posko, session, to_code)
        letter, stale = letter_again(posko, session, uid, event.uid, to_code, name)
    made = replace(_made(uid, event.uid, letter, to_code, name), trouble=stale)
    made = _with_papers(posko, made, papers)
    return _with_files(posko, made, out_folder, part_bytes, lock, progress)


@use_case("case.step")
def accept(posko: Posko, case: str, on: date, number: str = "") -> Accepted:
    """Receive a case that was handed over to this office; it gets a number of this office.

    Raises InvalidInput when no pelimpahan to this office waits.
    """
    with posko.write(bulk=True) as session:
        uid = case_uid_of(session, case)
        stamper = Stamper.take(session, posko.user.login, posko.clock)
        session.info["stamper"] = stamper
        data = _answer(posko, session, uid)
        step = NewStep(kind="received_transfer", on=on, number=clean(number), data=data)
        event = add_step(posko, session, uid, step)
        opened = open_letters(posko, session, stamper, case_uid=uid)
        board.refresh(posko, session, [uid])
        posko.note(session, "handover.received", uid, event=event)
        given = next(e.number for e in events_of(session, uid) if e.uid == event)
        waiting = unopened(posko, session, uid)
    return Accepted(
        case_uid=uid,
        event_uid=event,
        number=given,
        people=opened.people,
        questions=opened.questions,
        waiting=waiting,
        told=tuple(opened.told),
    )


@use_case("case.step")
def give_back(posko: Posko, case: str, reason: str, on: date) -> str:
    """Send a case back that was handed over and is not received yet; the uid of the event.

    Raises InvalidInput without a reason, or when no pelimpahan to this office waits.
    """
    if not clean(reason):
        raise InvalidInput([Problem("reason", "Tulis alasan mengembalikannya.")])
    with posko.write() as session:
        uid = case_uid_of(session, case)
        data = {**_answer(posko, session, uid), "reason": clean(reason)}
        event = add_step(posko, session, uid, NewStep(kind="transfer_returned", on=on, data=data))
        board.refresh(posko, session, [uid])
        posko.note(session, "handover.returned", uid, event=event)
    return event


# --- files --------------------------------------------------------------------------------------


def _made(uid: str, event: str, letter: Letter, to_code: str, name: str) -> HandedOver:
    return HandedOver(
        case_uid=uid,
        event_uid=event,
        to_code=to_code,
        to_name=name,
        people=letter.people,
        questions=letter.questions,
        spoiled=letter.spoiled,
        workbooks=(),
        packages=(),
    )


def _with_papers(posko: Posko, made: HandedOver, papers: Papers | None) -> HandedOver:
    """The hand-over with its papers, where this account may issue them; files need none."""
    if papers is None or not permissions.allowed(posko.user.role, "letter.issue"):
        return made
    try:
        return replace(made, papers=papers(made.case_uid))
    except UserError as error:
        return replace(made, trouble=f"{made.trouble} {error}".strip())


def _with_files(
    posko: Posko,
    made: HandedOver,
    out_folder: Path,
    part_bytes: int | None,
    lock: bool,
    progress: Progress,
) -> HandedOver:
    """The hand-over with its workbook and evidence parts."""
    book = export(posko, made.to_code, out_folder, lock=lock, progress=progress)
    size = part_bytes or part_size(FLASHDISK).bytes
    parts = write_package(
        posko, made.to_code, [made.case_uid], out_folder, size, lock=lock, progress=progress
    )
    return replace(made, workbooks=book.files, packages=parts.files)


# --- what is asked ------------------------------------------------------------------------------


def check_office(posko: Posko, code: str) -> None:
    """Raise UserError unless `code` is that of another office."""
    region = posko.regions.get(code)
    if region is None or code.count(".") > 2:
        raise UserError(
            f"Kode kantor {code} tidak dikenal. {_SAFE} Tulis seperti 62, 62.10 atau 62.10.01.",
            "unknown_office",
        )
    if code == posko.office.code:
        raise UserError(
            f"Perkara tidak dapat dilimpahkan ke kantor sendiri. {_SAFE} Pilih kantor lain.",
            "own_office",
        )


def _require_folder(folder: Path) -> None:
    if not folder.is_dir():
        raise UserError(f"Folder {folder} tidak ada. {_SAFE} Pilih folder lain.", "folder_missing")


def _answer(posko: Posko, session: Session, uid: str) -> dict[str, str]:
    """What names the pelimpahan that is answered; empty when none waits for this office."""
    row = session.scalars(select(Case).where(Case.uid == uid)).one()
    law = posko.rules.get(row.regulation, row.filed_on)
    found = stages.state_of(events_of(session, uid), law)
    offer = found.offer_to(posko.office.code)
    if offer is None:
        return {}
    return {
        "handover": offer.event,
        "from": offer.sender,
        "from_office": name_of(posko, session, offer.sender),
    }


def _last_sent(posko: Posko, session: Session, uid: str) -> stages.Event:
    row = session.scalars(select(Case).where(Case.uid == uid)).one()
    law = posko.rules.get(row.regulation, row.filed_on)
    events = stages.state_of(events_of(session, uid), law).events
    ours = [e for e in events if e.kind == SENT and e.data.get("to")]
    sent = [e for e in ours if e.office == posko.office.code]
    if not sent:
        raise UserError(
            f"Perkara ini belum dilimpahkan kantor ini, jadi tidak ada berkas yang dibuat. {_SAFE}",
            "not_handed_over",
        )
    if any(
        e.kind == "transfer_returned" and e.data.get("handover") == sent[-1].uid for e in events
    ):
        raise UserError(
            f"Pelimpahan terakhir perkara ini dikembalikan, jadi tidak ada berkas yang dibuat. "
            f"{_SAFE} Limpahkan lagi bila perlu.",
            "handed_back",
        )
    return sent[-1]


def unopened(posko: Posko, session: Session, uid: str) -> bool:
    """Whether a sealed letter of a case to this office waits to be opened."""
    query = select(SealedPart.id).where(
        SealedPart.case_uid == uid,
        SealedPart.to_code == posko.office.code,
        stands(posko.office.code),
        SealedPart.letter_uid.not_in(select(OpenedLetter.letter_uid)),
    )
    return session.scalar(query.limit(1)) is not None


def _marks(session: Session, letter: str) -> str:
    query = select(SealedPart.recipients).where(SealedPart.letter_uid == letter).limit(1)
    return session.scalar(query) or ""
