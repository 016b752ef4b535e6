"""WhatsApp text taken apart into messages: pasted, forwarded or exported, none of it lost.

The parts of a chat joined together are the chat again: `"".join(m.raw for m in messages) == text`.
Nothing here touches the database; who a sender is stays with the caller.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from .chat_patterns import ChatPatterns, load_chat_patterns

# Direction marks that WhatsApp sets before heads, names and attachments; and its odd spaces.
_MARKS = dict.fromkeys([0x061C, 0x200B, 0xFEFF, 0x200E, 0x200F, *range(0x202A, 0x202F),
                        *range(0x2066, 0x206A)])  # fmt: skip
_SPACES = dict.fromkeys([0x00A0, 0x2007, 0x2009, 0x202F], " ")
_BARE = {**_MARKS, **_SPACES}
_SENDER = re.compile(r"(?P<sender>[^\n:]{1,100}?): ?")
_LONGEST_HEAD = 80  # characters of a line that are looked at for its date
_LONGEST_NOTICE = 2000  # characters that are compared with what WhatsApp itself writes


@dataclass(frozen=True, kw_only=True)
class Message:
    """One message; `raw` is everything of it as it came, with its head and line ends.

    `at` is the time as written, without a zone. `sender` is an identity and never shown as it is.
    `state` is empty, `system`, `deleted` or `no_media` (sent, but not part of the export).
    """

    place: int  # from 1
    raw: str
    text: str
    at: datetime | None = None
    sender: str = ""
    media: str = ""  # name of the attached file
    state: str = ""
    timed: bool = False  # whether a head with date and time stands in front


@dataclass(frozen=True)
class _Head:
    """What was read in front of a message: numbers of date and time, and where it ends."""

    numbers: tuple[int, ...]
    first_year: bool
    clock: time
    end: int


def bare(text: str) -> str:
    """Text without direction marks and with plain spaces."""
    return text.translate(_BARE)


def read_chat(text: str, today: date) -> tuple[Message, ...]:
    """All messages of a text; one without any head is a single message.

    `today` gives the year where a head has none. Never raises, whatever the text.
    """
    return tuple(read_lines(_lines(text), today))


def read_lines(lines: Iterable[str], today: date) -> Iterator[Message]:
    """The same for a long text that comes line by line, each with its line end."""
    known = load_chat_patterns()
    heads: list[_Head] = []
    parts: list[tuple[list[str], _Head | None]] = []
    for line in lines:
        head = _head(line, known)
        if head is not None or not parts:
            parts.append(([line], head))
            if head:
                heads.append(head)
        else:
            parts[-1][0].append(line)
    days = _days(heads, known, today)
    for place, (pieces, head) in enumerate(parts, 1):
        yield _message(place, "".join(pieces), head, days.get(id(head)), known)


def _lines(text: str) -> Iterator[str]:
    """Lines with their ends; only LF ends one: other signs are part of what somebody wrote."""
    start = 0
    while start < len(text):
        end = text.find("\n", start) + 1 or len(text)
        yield text[start:end]
        start = end


def _head(line: str, known: ChatPatterns) -> _Head | None:
    start = bare(line[:_LONGEST_HEAD])
    if not any(char.isdecimal() for char in start[:3]):
        return None  # most lines: heads begin with a number, or with a bracket and a number
    for pattern in known.heads:
        found = pattern.match(start)
        if found and (read := _read_head(found, known)):
            return replace(read, end=_end_in(line, found.end()))
    return None


def _read_head(found: re.Match[str], known: ChatPatterns) -> _Head | None:
    numbers = tuple(int(part) for part in re.split(r"[./-]", found["date"]))
    hour, minute, second, *_ = (*(int(part) for part in re.split(r"[.:]", found["time"])), 0)
    if half := found["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = known.hour(hour, half)
    try:
        moment = time(hour, minute, second)
    except ValueError:
        return None
    return _Head(numbers, len(re.split(r"[./-]", found["date"])[0]) == 4, moment, 0)


def _end_in(line: str, bare_end: int) -> int:
    """Where in the line as it came the head ends that ends at `bare_end` without its marks."""
    seen = 0
    for place, char in enumerate(line):
        if seen == bare_end:
            return place
        if _BARE.get(ord(char), char) is not None:
            seen += 1
    return len(line)


def _days(heads: Sequence[_Head], known: ChatPatterns, today: date) -> dict[int, datetime]:
    """The moment of every head, in the order of day and month that makes most sense of all."""
    best: dict[int, datetime] = {}
    least = (len(heads) + 1, 0, 0)
    tomorrow = today + timedelta(days=1)  # the clock of the sender may be ahead
    for order in known.orders:
        made: dict[int, datetime] = {}
        before: datetime | None = None
        backwards = ahead = 0
        for head in heads:
            moment = _moment(head, order, today)
            if moment is None:
                continue
            made[id(head)] = moment
            if before is not None and moment < before:
                backwards += 1
            before = moment
            ahead += moment.date() > tomorrow  # a chat is of the past
        cost = (len(heads) - len(made), ahead, backwards)
        if cost < least:
            best, least = made, cost
    return best


def _moment(head: _Head, order: str, today: date) -> datetime | None:
    numbers = head.numbers
    if head.first_year != (order == "ymd"):
        return None
    if len(numbers) == 2:
        if order == "ymd":
            return None
        day, month = numbers if order == "dmy" else numbers[::-1]
        year = today.year
        if (month, day) > (today.month, today.day):
            year -= 1  # a chat is of the past: 30/12 read in January is last year's
    else:
        parts = dict(zip(order, numbers, strict=True))
        day, month, year = parts["d"], parts["m"], parts["y"]
        year += 2000 if year < 100 else 0
    try:
        return datetime.combine(date(year, month, day), head.clock)
    except ValueError:
        return None


def _message(
    place: int, raw: str, head: _Head | None, at: datetime | None, known: ChatPatterns
) -> Message:
    if head is None:
        return Message(place=place, raw=raw, text=raw)
    rest = raw[head.end :]
    sender = _SENDER.match(rest)
    said = bare(rest[:_LONGEST_NOTICE]).strip()
    if sender is None or known.whole(known.system, said):
        return Message(place=place, raw=raw, text=rest, at=at, state="system", timed=True)
    text = rest[sender.end() :]
    said = bare(text[:_LONGEST_NOTICE]).strip()
    state = media = ""
    if known.whole(known.deleted, said):
        state = "deleted"
    elif known.whole(known.without_media, said):
        state = "no_media"
    elif known.whole(known.system, said) and text[:1] == "\u200e":
        state = "system"  # the iPhone puts them into the mouth of the group
    else:
        media = _attached(said, known)
    return Message(
        place=place, raw=raw, text=text, at=at, sender=_name(sender["sender"]), media=media,
        state=state, timed=True,
    )  # fmt: skip


def _attached(said: str, known: ChatPatterns) -> str:
    """The name of an attachment, which stands in the first line, before a caption."""
    first = said.split("\n", 1)[0].strip()
    found = known.whole(known.attached, first)
    return found["name"].strip() if found else ""


def _name(sender: str) -> str:
    """A sender without the tilde that WhatsApp sets before names not in the address book."""
    return bare(sender).strip().lstrip("~").strip()


def spoken(message: Message) -> str:
    """What somebody said, for reading: without marks, and without "diteruskan" and "diedit"."""
    known = load_chat_patterns()
    said = bare(message.text)
    for pattern in known.edited:
        said = pattern.sub("", said)
    lines = said.strip("\r\n").split("\n")
    while len(lines) > 1 and known.whole(known.forwarded, lines[0].strip()):
        lines.pop(0)
    return "\n".join(line.rstrip("\r") for line in lines)


def senders(messages: Iterable[Message]) -> tuple[str, ...]:
    """Everybody who wrote, in the order of their first message."""
    return tuple(dict.fromkeys(m.sender for m in messages if m.sender))
