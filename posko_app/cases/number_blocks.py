"""Who in the office may give which numbers: one computer the open series, others their blocks.

One computer keeps the series and gives the next free number. Every other one gives numbers only
from blocks that the keeper reserved for it, so two desks never give the same one. A block belongs
to a device, and a device that takes a new identity (restored, copied, asked) loses its blocks and
the keeping: nobody knows which numbers were given since that copy, so the rest is retired.

Local counters in `sequences`: under the plain key the highest number that is given or reserved, as
far as it is known here; under key and device the last number that the device gave from its blocks.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from posko_app.data.incarnation import KEEPER
from posko_app.data.tables import NumberBlock, Office, Sequence, Setting
from posko_app.errors import UserError

CONFIRMED = "numbers.confirmed"
"""Setting: series whose last number somebody confirmed when this computer took over the keeping."""
NEVER = 9999
HIGHEST = 999_999  # a number above it comes from no office
ROOM = 9_000  # letters: what is said of numbers shares a cell with the rest of a workbook's head
_LABELS = {
    "filing": "laporan",
    "finding": "temuan",
    "registration": "register",
    "diary": "buku harian",
    "letter": "surat",
}


class NumbersUsedUp(UserError):
    """This computer has no number left in a series; nothing was taken."""

    def __init__(self, key: str) -> None:
        super().__init__(
            f"Nomor {series_label(key)} untuk komputer ini belum ada atau sudah habis. Tidak ada "
            "yang diubah. Minta blok nomor ke komputer pemegang nomor, atau pastikan nomor "
            "terakhir di Pengaturan, Nomor.",
            "numbers_used_up",
        )


@dataclass(frozen=True, order=True)
class Claim:
    """Which device keeps the open series; of two claims the higher version holds."""

    version: int
    device: str


@dataclass(frozen=True)
class Block:
    """Numbers `first` to `last` of a series, reserved for a device."""

    series: str
    device: str
    first: int
    last: int


def series_label(key: str) -> str:
    """A series as people call it: `filing/pilkada/2024` is laporan 2024."""
    parts = key.split("/")
    label = _LABELS.get(parts[0], parts[0])
    named = parts[1] if parts[0] == "letter" and len(parts) > 2 else ""
    return " ".join(part for part in (label, named, parts[-1]) if part)


def claim(session: Session) -> Claim:
    """Who keeps the series of this office, as far as it is known here."""
    row = session.get(Setting, KEEPER)
    if row is None:
        return Claim(0, _device(session))
    said = json.loads(row.value)
    return Claim(said["version"], said["device"])


def keeps(session: Session, key: str) -> bool:
    """Whether this device gives numbers of a series freely.

    A device that took the keeping over later does so in the series whose last number was confirmed
    then, and in those of later years, of which nobody gave any before.
    """
    row = session.get(Setting, KEEPER)
    if row is None:  # nobody was ever named: the only computer
        return True
    held = claim(session)
    if held.device != _device(session):
        return False
    since = json.loads(row.value).get("year", 0)
    return held.version == 0 or key in _confirmed(session) or _year(key) > since


def take(session: Session, key: str) -> int:
    """The next number of a series for this device; raises NumbersUsedUp when it has none."""
    free = keeps(session, key)
    place = key if free else _own(session, key)
    # nobody looks before this one has written
    counter = session.get(Sequence, place, with_for_update=True)
    number = (counter.last if counter else 0) + 1 if free else peek(session, key)
    _raise(session, place, number)
    return number


def peek(session: Session, key: str) -> int:
    """The number `take` would give; raises NumbersUsedUp."""
    if keeps(session, key):
        return known_highest(session, key) + 1
    number = next(iter(_left(session, key)), 0)
    if not number:
        raise NumbersUsedUp(key)
    return number


def left(session: Session, key: str) -> int:
    """How many numbers of its blocks this device has left."""
    given = _last_given(session, key)
    return sum(max(0, block.last - max(block.first - 1, given)) for block in _mine(session, key))


def known_highest(session: Session, key: str) -> int:
    """The highest number of a series that is given or reserved, as far as it is known here."""
    counter = session.get(Sequence, key)
    return counter.last if counter else 0


def provisional(session: Session) -> tuple[str, int]:
    """A number for what must not wait: it names this device, so nobody else can give it."""
    device = _device(session)
    key = f"sementara@{device}"
    number = known_highest(session, key) + 1
    _raise(session, key, number)
    return f"{PROVISIONAL} {device}-{number:03d}", number


PROVISIONAL = "Sementara"
"""How a number begins that is given while there are none."""


def is_provisional(number: str) -> bool:
    """Whether a number only stands until the office gives a lasting one."""
    return number.startswith(f"{PROVISIONAL} ")


def reserve_block(session: Session, key: str, device: str, count: int) -> Block:
    """Reserve the next `count` numbers of a series that this device keeps for another one."""
    if not keeps(session, key):
        raise NumbersUsedUp(key)
    first = known_highest(session, key) + 1
    block = Block(key, device, first, first + count - 1)
    _add(session, block)
    return block


def take_over(session: Session, last: Mapping[str, int], year: int) -> Claim:
    """Make this device the keeper, with the last number of each series as somebody confirmed it.

    A number below one that is known here counts as the known one.
    """
    held = claim(session)
    own = _device(session)
    for key, number in last.items():
        _raise(session, key, number)
    if held == Claim(0, own):
        return held  # it kept them from the first day
    again = held.device == own
    known = _confirmed(session) if again else set()
    _put(session, CONFIRMED, json.dumps(sorted({*known, *last})))
    made = held if again else Claim(held.version + 1, own)
    _keep_claim(session, made, year)
    return made


def blocks(session: Session) -> tuple[Block, ...]:
    """Every block known here, by series and number."""
    order = (NumberBlock.series, NumberBlock.first, NumberBlock.device_id)
    rows = session.scalars(select(NumberBlock).order_by(*order))
    return tuple(Block(row.series, row.device_id, row.first, row.last) for row in rows)


def counted(session: Session) -> tuple[str, ...]:
    """The series of which a number was given or reserved, as far as it is known here."""
    given = session.scalars(select(Sequence.key).where(Sequence.key.not_like("%@%")))
    return tuple(sorted({*given, *session.scalars(select(NumberBlock.series).distinct())}))


def said(session: Session) -> str:
    """What other computers of this office must hear of its numbers, as JSON; newest blocks first.

    Each has its own blocks from the keeper, so what is cut off here only costs numbers: nothing at
    or below the highest one is ever given anew.
    """
    held = claim(session)
    known = sorted(blocks(session), key=lambda b: (_year(b.series), b.last), reverse=True)
    text = {
        "keeper": [held.version, held.device],
        "highest": {key: known_highest(session, key) for key in counted(session)},
        "blocks": list[list[Any]](),
    }
    room = ROOM - len(json.dumps(text))
    for block in known:
        line = [block.series, block.device, block.first, block.last]
        room -= len(json.dumps(line)) + 2
        if room < 0:
            break
        text["blocks"].append(line)  # type: ignore[attr-defined]
    return json.dumps(text, sort_keys=True)


def hear(session: Session, text: str) -> bool:
    """Take in what another computer of this office said of its numbers; whether it was news.

    What cannot be read, or what no office says, is passed over. The order in which files come does
    not matter: blocks are only added, the highest number and the highest claim hold.
    """
    try:
        told, highest, came = _heard(text)
    except ValueError:
        return False
    news = False
    known = set(blocks(session))
    for block in came:
        if block not in known and block.first <= block.last:
            _add(session, block)
            news = True
    for key, number in highest.items():
        news |= _raise(session, key, number)
    if told > claim(session) and told.device:
        _keep_claim(session, told, NEVER)  # were it a twin of ours, it would know more than we
        _put(session, CONFIRMED, "[]")
        news = True
    session.flush()
    return news


def is_outdone(session: Session, text: str) -> bool:
    """Whether another computer knows of a later keeper of the series than this one does."""
    try:
        return _heard(text)[0] > claim(session)
    except ValueError:
        return False


def check(text: str) -> None:
    """Raise ValueError unless `hear` could take in what a computer says of its numbers."""
    _heard(text)


def _heard(text: str) -> tuple[Claim, dict[str, int], list[Block]]:
    try:
        heard = json.loads(text)
        told = Claim(_natural(heard["keeper"][0]), str(heard["keeper"][1]))
        highest = {str(k): _natural(n) for k, n in heard["highest"].items()}
        came = [Block(str(s), str(d), _natural(a), _natural(z)) for s, d, a, z in heard["blocks"]]
    except (KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
        raise ValueError("not what a computer says of its numbers") from error
    return told, highest, came


def concede(session: Session, text: str) -> None:
    """Begin as a further computer of an office: whoever the first one names keeps the series."""
    hear(session, text)
    told, _, _ = _heard(text)
    _keep_claim(session, told, NEVER)


def _device(session: Session) -> str:
    office = session.get(Office, 1)  # kept by the session: asked once per transaction
    if office is None:
        raise LookupError("the database holds no office")
    return office.device_id


def _mine(session: Session, key: str) -> Iterable[NumberBlock]:
    return session.scalars(
        select(NumberBlock)
        .where(NumberBlock.series == key, NumberBlock.device_id == _device(session))
        .order_by(NumberBlock.first)
    ).all()


def _left(session: Session, key: str) -> Iterable[int]:
    """The numbers this device may still give, lowest first; one that two blocks name is nobody's.

    Two blocks overlap only when two computers took over the keeping at once.
    """
    given = _last_given(session, key)
    device = _device(session)
    others = [b for b in blocks(session) if b.series == key and b.device != device]
    for block in _mine(session, key):
        for number in range(max(block.first, given + 1), block.last + 1):
            if not any(other.first <= number <= other.last for other in others):
                yield number


def _last_given(session: Session, key: str) -> int:
    return known_highest(session, _own(session, key))


def _own(session: Session, key: str) -> str:
    return f"{key}@{_device(session)}"


def _raise(session: Session, key: str, number: int) -> bool:
    """Let a counter stand at least at `number`; whether it stood lower. It never goes back."""
    row = session.get(Sequence, key, with_for_update=True)
    if row is None:
        session.add(Sequence(key=key, last=number))
        session.flush()
        return True
    higher = number > row.last
    row.last = max(row.last, number)
    return higher


def _add(session: Session, block: Block) -> None:
    session.add(
        NumberBlock(series=block.series, device_id=block.device, first=block.first, last=block.last)
    )
    session.flush()
    _raise(session, block.series, block.last)


def _keep_claim(session: Session, made: Claim, year: int) -> None:
    said = {"version": made.version, "device": made.device, "year": year}
    _put(session, KEEPER, json.dumps(said))


def _put(session: Session, key: str, value: str) -> None:
    row = session.get(Setting, key)
    if row is None:
        session.add(Setting(key=key, value=value))
    else:
        row.value = value
    session.flush()


def _confirmed(session: Session) -> Collection[str]:
    row = session.get(Setting, CONFIRMED)
    return set(json.loads(row.value)) if row else set()


def _year(key: str) -> int:
    tail = key.rpartition("/")[2]
    return int(tail) if tail.isascii() and tail.isdigit() and len(tail) == 4 else 0


def _natural(value: object) -> int:
    if type(value) is not int or not 0 <= value <= HIGHEST:
        raise ValueError("no natural number")
    return value
