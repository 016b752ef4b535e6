"""A WhatsApp export read into messages, with the media that came along; nothing is stored yet."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from posko_app.app import Posko, use_case
from posko_app.progress import Progress, silent

from .chat import Message, read_lines, senders, spoken
from .chat_masks import Disguise
from .chat_patterns import load_chat_patterns
from .chat_source import ChatSource, counterpart, refusal
from .report import PersonInput

STEP = "Membaca percakapan"


@dataclass(frozen=True, kw_only=True)
class ChatLine:
    """A message as a list shows it: nobody's number or name stands in it."""

    place: int
    at: Any  # datetime as written, or None
    who: str
    hint: str
    text: str
    media: str  # kind of file in words of the list, as its suffix tells: "jpg"
    size: int
    state: str


@dataclass(frozen=True, kw_only=True)
class Chat:
    """A chat that was read; `sha256` is of its text as exported, `media` sizes by file name."""

    path: Path
    messages: tuple[Message, ...]
    media: Mapping[str, int]
    sha256: str
    counterpart: str

    @cached_property
    def senders(self) -> tuple[str, ...]:
        """Everybody who wrote."""
        return senders(self.messages)

    def reporter(self) -> str:
        """Who is likely to report: the one the chat is with, else who wrote first."""
        if self.counterpart in self.senders:
            return self.counterpart
        return self.senders[0] if self.senders else ""

    def disguise(self, reporter: str, people: Sequence[tuple[str, PersonInput]] = ()) -> Disguise:
        """What hides everybody who wrote in this chat, and `people` that it names."""
        return Disguise(self.senders, reporter, people)

    def lines(self, reporter: str) -> tuple[ChatLine, ...]:
        """All messages as a list shows them."""
        hidden = self.disguise(reporter)
        return tuple(self._line(message, hidden) for message in self.messages)

    def size_of(self, places: Iterable[int]) -> int:
        """How many bytes of media hang on these messages."""
        return sum(self.media.get(self.messages[place - 1].media, 0) for place in places)

    def _line(self, message: Message, hidden: Disguise) -> ChatLine:
        text = spoken(message)
        if message.media:
            text = text.partition("\n")[2]  # the caption; the first line is the file's name
        return ChatLine(
            place=message.place,
            at=message.at,
            who=hidden.label(message.sender),
            hint=hidden.hint(message.sender) if message.sender else "",
            text="" if message.state in ("no_media", "deleted") else hidden.text(text).strip(),
            media=Path(message.media).suffix.lstrip(".").lower() if message.media else "",
            size=self.media.get(message.media, 0),
            state=message.state,
        )


@use_case("evidence.add")
def read_export(posko: Posko, path: Path, progress: Progress = silent) -> Chat:
    """Read an export: a .zip, the folder it was unpacked to, or its text alone.

    Raises UserError when it is no export, damaged, locked, too large, or made to harm.
    """
    limits = load_chat_patterns().limits
    with ChatSource(path) as source, source.open(source.sizes.text) as raw:
        counted = _Counted(raw, source.sizes.text_bytes, progress)
        lines = io.TextIOWrapper(
            io.BufferedReader(counted), "utf-8", errors="surrogateescape", newline="\n"
        )
        found: list[Message] = []
        for message in read_lines(_bounded(lines, limits.lines), posko.today()):
            if len(found) >= limits.messages:
                raise refusal("chat_too_big")
            found.append(_with_media(message, source.sizes.files))
        if not any(message.timed for message in found):
            raise refusal("chat_without_text")
        return Chat(
            path=path,
            messages=tuple(found),
            media=source.sizes.files,
            sha256=counted.digest.hexdigest(),
            counterpart=counterpart(path, source.sizes.text),
        )


def _bounded(lines: Iterable[str], most: int) -> Iterator[str]:
    """Lines as they come; a small archive may hold more of them than memory can."""
    for number, line in enumerate(lines):
        if number >= most:
            raise refusal("chat_too_big")
        yield line


def _with_media(message: Message, files: Mapping[str, int]) -> Message:
    if message.media and message.media not in files:
        return replace(message, media="", state="no_media")
    return message


class _Counted(io.RawIOBase):
    """Bytes on their way: hashed, reported, and stopped when the user says so."""

    def __init__(self, file: io.BufferedReader, whole: int, progress: Progress) -> None:
        super().__init__()
        self._file, self._whole, self._progress, self._done = file, whole, progress, 0
        self.digest = hashlib.sha256()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        piece = self._file.read(len(buffer))
        self.digest.update(piece)
        self._done += len(piece)
        self._progress(self._done, max(self._whole, self._done), STEP)
        buffer[: len(piece)] = piece
        return len(piece)


def chosen_messages(chat: Chat, places: Iterable[int]) -> Iterator[Message]:
    """The messages at these places, in the order of the chat."""
    for place in sorted(set(places)):
        yield chat.messages[place - 1]
