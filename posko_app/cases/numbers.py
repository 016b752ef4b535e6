"""Numbers among the computers of one office: blocks for others, the keeping, lasting numbers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from posko_app.app import Posko, use_case
from posko_app.data.tables import Case, CaseBoard, Event, Letter, Peer, Setting, TrustedKey
from posko_app.errors import InvalidInput, Problem, UserError
from posko_app.rules.numbering import parse_number

from . import board, number_blocks
from .called import NUMBERED, RENAMES
from .number_blocks import HIGHEST, Block, NumbersUsedUp, series_label
from .renumbering import OWN_FORMER, new_number, waiting
from .series import DIARY, SERIES

COUNT = 50
"""How many numbers a block has unless somebody says otherwise."""
LABEL = "numbers.label."
"""Setting: what another computer of this office calls itself, by its device."""
_SAFE = "Tidak ada yang diubah."
_GOOD = ("pinned", "trusted")


@dataclass(frozen=True, kw_only=True)
class SeriesLine:
    """One series as this computer has it: the number it would give next, None when it has none.

    `free` says that it gives numbers without a block, `left` counts what its blocks still hold,
    `highest` is the highest number that is given or reserved as far as it is known here.
    """

    key: str
    label: str
    free: bool
    next: int | None
    left: int
    highest: int


@dataclass(frozen=True, kw_only=True)
class Numbers:
    """Who keeps the series of this office, what this computer may give, and every block.

    `keeper` is the device that keeps them, `mine` whether it is this one; `sure` is false where
    the keeping must be taken over anew because the device changed its identity. `devices` are the
    other computers of this office, `labels` what they call themselves as far as it was heard,
    `provisional` counts cases that wait for a lasting number.
    """

    keeper: str
    mine: bool
    sure: bool
    lines: tuple[SeriesLine, ...]
    blocks: tuple[Block, ...]
    devices: tuple[str, ...]
    provisional: int
    labels: Mapping[str, str] = field(default_factory=dict)

    def called(self, device: str) -> str:
        """A computer of this office as people know it: label and device."""
        label = self.labels.get(device, "")
        return f"{label} ({device})" if label else device


@dataclass(frozen=True)
class Settled:
    """A case that got its lasting number."""

    uid: str
    before: str
    number: str


@use_case("office.read")
def numbers(posko: Posko) -> Numbers:
    """How the numbers of this office are shared out, as far as this computer knows."""
    with posko.store.read() as session:
        keys = _standard(posko, session)
        lines = tuple(_line(session, key) for key in keys)
        held = number_blocks.claim(session)
        mine = held.device == posko.office.device_id
        return Numbers(
            keeper=held.device,
            mine=mine,
            sure=mine and all(line.free for line in lines),
            lines=lines,
            blocks=number_blocks.blocks(session),
            devices=_devices(posko, session),
            provisional=len(waiting(posko, session)),
            labels=_labels(session),
        )


@use_case("office.settings")
def reserve(
    posko: Posko, device: str, count: int = COUNT, series: Sequence[str] = ()
) -> tuple[Block, ...]:
    """Reserve a block of each series for another computer of this office.

    `device` is its id or label, `series` are keys such as `filing/pilkada/2024`; by default those
    of this year. The block goes with the next workbook for the own office. Raises InvalidInput,
    UserError for a device that is not one of this office, NumbersUsedUp where this computer does
    not keep the series.
    """
    if not 1 <= count <= 1000:
        raise InvalidInput([Problem("count", "Isi 1 sampai 1.000 nomor untuk satu blok.")])
    with posko.write() as session:
        if number_blocks.claim(session).device != posko.office.device_id:
            raise UserError(
                f"Komputer ini bukan pemegang nomor kantor ini. {_SAFE} Cadangkan nomor di "
                "komputer pemegang nomor.",
                "not_keeper",
            )
        device = _device_named(posko, session, device)
        if device not in _devices(posko, session):
            raise UserError(
                f"Perangkat {device} bukan komputer lain kantor ini yang dikenal. {_SAFE} Terima "
                "dulu satu kiriman darinya, lalu cocokkan enam katanya.",
                "unknown_device",
            )
        wanted = tuple(series) or _standard(posko, session)
        return _reserve(posko, session, device, count, wanted)


def lacks_block(posko: Posko, session: Session, device: str) -> bool:
    """Whether this computer keeps the numbers, and another one in use never had any reserved."""
    if number_blocks.claim(session).device != posko.office.device_id:
        return False
    if session.scalar(select(Peer.retired_at).where(Peer.device_id == device)) is not None:
        return False
    return all(block.device != device for block in number_blocks.blocks(session))


def reserve_first(posko: Posko, session: Session, device: str) -> tuple[Block, ...]:
    """Reserve the first block of each of this year's series for a computer that never had one."""
    if not lacks_block(posko, session, device):
        return ()
    free = [key for key in _standard(posko, session) if number_blocks.keeps(session, key)]
    return _reserve(posko, session, device, COUNT, free) if free else ()


def remember_label(session: Session, device: str, label: str) -> None:
    """Keep what another computer of this office calls itself."""
    row = session.get(Setting, LABEL + device)
    if row is None:
        session.add(Setting(key=LABEL + device, value=label))
    else:
        row.value = label
    session.flush()


@use_case("office.read")
def likely_last(posko: Posko) -> dict[str, int]:
    """The last number of each series of this year as far as it is known here, to be confirmed."""
    with posko.store.read() as session:
        keys = _standard(posko, session)
        found = {key: number_blocks.known_highest(session, key) for key in keys}
        year = posko.today().year
        for key, number in _given(posko, session, year):
            read = parse_number(number)
            if read.year == year and read.seq is not None and key in found:
                found[key] = max(found[key], read.seq)
    return found


@use_case("office.settings")
def keep_numbers(posko: Posko, last: Mapping[str, int]) -> None:
    """Make this computer the keeper of the office's series, from the last numbers on.

    For a computer that was restored, copied or replaced: the last number stands in the register
    book, and what was reserved for other computers counts as given. A lower number than one known
    here counts as the known one. Raises InvalidInput, and UserError while the keeper is another
    computer that is in use.
    """
    problems = [
        Problem(key, f"Isi nomor terakhir {series_label(key)} dengan angka, 0 bila belum ada.")
        for key, number in last.items()
        if type(number) is not int or not 0 <= number <= HIGHEST
    ]
    if not last:
        problems = [Problem("", "Isi nomor terakhir sekurangnya satu seri.")]
    if problems:
        raise InvalidInput(problems)
    with posko.write() as session:
        before = number_blocks.claim(session)
        if before.device in _devices(posko, session):
            raise UserError(
                f"Pemegang nomor kantor ini komputer lain ({before.device}) yang masih dipakai. "
                f"{_SAFE} Minta blok nomor di sana, atau nyatakan komputer itu tidak dipakai lagi "
                "di Kirim & terima.",
                "other_keeper",
            )
        made = number_blocks.take_over(session, last, posko.today().year)
        posko.note(
            session, "numbers.kept", "", before=before.device, version=made.version, last=dict(last)
        )


@use_case("case.write")
def settle(posko: Posko) -> tuple[Settled, ...]:
    """Give a lasting number to every case of this computer that has a provisional one.

    Reports in the order they came in, then what was received from other offices. Raises
    NumbersUsedUp when not even one number is left; else those that still wait stay as they are.
    """
    done: list[Settled] = []
    with posko.write() as session:
        for case in waiting(posko, session):
            try:
                made = new_number(posko, session, case.case, case.number, case.event)
            except NumbersUsedUp:
                if not done:
                    raise
                break
            done.append(Settled(case.case.uid, case.number, made.number))
        session.flush()
        board.refresh(posko, session, [settled.uid for settled in done])
    return tuple(done)


def _reserve(
    posko: Posko, session: Session, device: str, count: int, series: Sequence[str]
) -> tuple[Block, ...]:
    made = tuple(number_blocks.reserve_block(session, key, device, count) for key in series)
    posko.note(
        session,
        "numbers.reserved",
        "",
        for_device=device,
        blocks=[[block.series, block.first, block.last] for block in made],
    )
    return made


def _labels(session: Session) -> dict[str, str]:
    rows = session.scalars(select(Setting).where(Setting.key.startswith(LABEL, autoescape=True)))
    return {row.key.removeprefix(LABEL): row.value for row in rows}


def _device_named(posko: Posko, session: Session, said: str) -> str:
    """The device that is meant by its id or by a label only one computer in use bears."""
    wanted, labels = said.strip().casefold(), _labels(session)
    in_use = _devices(posko, session)
    by_id = [device for device in in_use if device.casefold() == wanted]
    named = [device for device in in_use if labels.get(device, "").casefold() == wanted]
    found = by_id or named
    return found[0] if len(found) == 1 else said.strip()


def _given(posko: Posko, session: Session, year: int) -> Iterator[tuple[str, str]]:
    """Numbers that stand in records of this office, with the series they are from."""
    own = posko.office.code
    columns = (Case.kind, Case.regulation, Case.number)
    for kind, regulation, number in session.execute(
        select(*columns).where(Case.office_code == own)
    ):
        yield _filed_as(kind, posko.rules.get(regulation).regime, year), number
    yield from _given_in_steps(posko, session, year)
    letters = (
        select(Letter.number)
        .outerjoin(CaseBoard, CaseBoard.case_uid == Letter.case_uid)
        .where(Letter.office_code == own, Letter.number != "")
        .where(or_(CaseBoard.number.is_(None), CaseBoard.number != Letter.number))
    )  # forms bear the number of their report
    for number in session.scalars(letters):
        yield f"letter/{year}", number


def _given_in_steps(posko: Posko, session: Session, year: int) -> Iterator[tuple[str, str]]:
    """Numbers of steps of this office, voided ones too, whoever took the case in."""
    ours = (
        Event.office_code == posko.office.code,
        Event.number != "",
        Event.kind.in_(("registered", "note", *NUMBERED)),
    )
    kinds: dict[str, set[str]] = {}  # what a case was and became
    turned = select(Event.case_uid, Event.data).where(
        Event.kind == "converted", Event.case_uid.in_(select(Event.case_uid).where(*ours))
    )
    for uid, data in session.execute(turned):
        kinds.setdefault(uid, set()).add(json.loads(data or "{}").get("intake_kind", ""))
    steps = (
        select(Event.case_uid, Event.kind, Event.number, Event.data, Case.kind, Case.regulation)
        .join(Case, Case.uid == Event.case_uid)
        .where(*ours)
    )
    for uid, step, number, data, kind, regulation in session.execute(steps):
        regime, said = posko.rules.get(regulation).regime, json.loads(data or "{}")
        if step == "registered":
            yield f"registration/{regime}/{year}", number
        elif step == "converted":
            yield _filed_as(said.get("intake_kind", ""), regime, year), number
        elif step != "note" or RENAMES in said:
            # of either kind: a number too many is a gap, one too few is given twice
            for each in {kind, *kinds.get(uid, ())}:
                yield _filed_as(each, regime, year), number


def _filed_as(kind: str, regime: str, year: int) -> str:
    return f"{SERIES.get(kind, DIARY)}/{regime}/{year}"


def _line(session: Session, key: str) -> SeriesLine:
    try:
        following: int | None = number_blocks.peek(session, key)
    except NumbersUsedUp:
        following = None
    return SeriesLine(
        key=key,
        label=series_label(key),
        free=number_blocks.keeps(session, key),
        next=following,
        left=number_blocks.left(session, key),
        highest=number_blocks.known_highest(session, key),
    )


def _standard(posko: Posko, session: Session) -> tuple[str, ...]:
    """The series of this year: those every office has, and those that were counted already."""
    year = posko.today().year
    regime = posko.rules.get(posko.office.regulation).regime
    keys = [f"{name}/{regime}/{year}" for name in ("filing", "finding", "registration", "diary")]
    counted = [key for key in number_blocks.counted(session) if key.endswith(f"/{year}")]
    letters = [key for key in counted if key.startswith("letter/")]
    return tuple(dict.fromkeys([*keys, *(letters or [f"letter/{year}"]), *counted]))


def _devices(posko: Posko, session: Session) -> tuple[str, ...]:
    """The other computers of this office that are in use and known by their keys.

    Who was this computer once is another one only when files came from it: the folder was copied.
    """
    peers = session.execute(
        select(Peer.device_id, Peer.retired_at).where(Peer.office_code == posko.office.code)
    ).all()
    met = {device for device, retired in peers if retired is None}
    gone = {device for device, _ in peers} - met
    rows = session.scalars(
        select(TrustedKey)
        .where(TrustedKey.office_code == posko.office.code, TrustedKey.state.in_(_GOOD))
        .order_by(TrustedKey.decided_at, TrustedKey.device_id)
    )
    return tuple(
        row.device_id
        for row in rows
        if row.device_id not in gone | {posko.office.device_id}
        and (row.reason != OWN_FORMER or row.device_id in met)
    )
