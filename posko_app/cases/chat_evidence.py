"""Chosen messages and media of a chat become evidence: sealed at once, named without anybody.

The bytes go into the vault before there is a case; what is needed to find them again travels in
`KeptFile`, which a draft keeps sealed. Without its row such a file cannot be opened by anybody.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, cast

from posko_app.app import Posko, use_case
from posko_app.errors import UserError
from posko_app.progress import Progress, silent
from posko_app.security.cipher import new_key
from posko_app.text import clean, clock, file_size, numeric_date, short_date, thousands

from .abandoned import note_files
from .chat import Message, spoken
from .chat_export import Chat, chosen_messages
from .chat_fields import people_in
from .chat_finds import Scene
from .chat_masks import Disguise
from .chat_patterns import load_chat_patterns
from .chat_source import ChatSource
from .evidence import RAW_CHAT, mime_of_head, stored_key
from .report import EvidenceInput, KeptFile

SOURCE = "whatsapp"
_KINDS = {"image": "photo", "video": "video", "audio": "audio"}
_STEP = "Menyimpan pilihan"


@dataclass(frozen=True)
class Picked:
    """What a person chose in a chat."""

    places: tuple[int, ...]
    reporter: str  # the sender who reports; an identity
    original: bool = True  # keep the excerpt as exported too, with numbers and names
    media: bool = True


@use_case("evidence.add")
def keep_chosen(
    posko: Posko, chat: Chat, picked: Picked, progress: Progress = silent
) -> tuple[EvidenceInput, ...]:
    """Put the chosen messages and their media into the vault, ready to be attached or filed.

    First an excerpt in which everybody is disguised, then the excerpt as it was exported, then the
    media in the order of their messages. Raises UserError when too much is chosen, a file cannot
    be read, or the disk is full.
    """
    messages = list(chosen_messages(chat, picked.places))
    _require_bearable(chat, messages)
    keep = _Keeper(posko, progress, chat.size_of(m.place for m in messages) if picked.media else 0)
    try:
        made = _kept(posko, chat, picked, messages, keep)
        note_files(posko, keep.names)
    except BaseException:  # stopped, or the disk is full: half a choice is none
        posko.vault.drop(keep.names)
        raise
    return made


def _kept(
    posko: Posko, chat: Chat, picked: Picked, messages: Sequence[Message], keep: _Keeper
) -> tuple[EvidenceInput, ...]:
    # Somebody else's names stand in what a person wrote, too.
    named = people_in(messages, Scene(posko.today(), posko.regions, posko.office.code))
    hidden = chat.disguise(picked.reporter, named)
    span = _span(messages)
    made = [
        EvidenceInput(
            description=f"Petikan WhatsApp, {_count(len(messages))}{span}, pengirim disamarkan",
            kind="document",
            source=SOURCE,
            kept=keep.text(
                _disguised(posko, chat, messages, hidden), f"petikan-wa{_days(messages)}.txt"
            ),
        )
    ]
    if picked.original:
        raw = "".join(message.raw for message in messages)
        made.append(
            EvidenceInput(
                description=f"Petikan WhatsApp asli, {_count(len(messages))}{span} "
                "(rahasia: memuat pengirim)",
                kind="document",
                source=SOURCE,
                kept=keep.text(raw, f"{RAW_CHAT}{_days(messages)}.txt"),
            )
        )
    if picked.media:
        made += _media(chat, messages, hidden, keep)
    return tuple(made)


def excerpt(chat: Chat, picked: Picked) -> str:
    """The chosen messages as exported, to be taken apart into fields."""
    return "".join(message.raw for message in chosen_messages(chat, picked.places))


def _require_bearable(chat: Chat, messages: Sequence[Message]) -> None:
    limits = load_chat_patterns().limits
    if not messages:
        raise UserError(
            "Belum ada pesan yang dipilih. Tandai pesannya dengan spasi.", "none_chosen"
        )
    if len(messages) > limits.chosen:
        raise UserError(
            f"Dipilih {thousands(len(messages))} pesan, paling banyak {thousands(limits.chosen)} "
            "sekaligus. Belum ada yang disimpan. Pilih lebih sedikit.",
            "too_many_chosen",
        )
    sizes = [chat.media.get(message.media, 0) for message in messages]
    if sum(sizes) > limits.chosen_bytes or max(sizes) > limits.media_bytes:
        raise UserError(
            f"Media yang dipilih {file_size(sum(sizes))}, terlalu besar untuk sekali simpan. "
            "Belum ada yang disimpan. Pilih lebih sedikit media.",
            "too_much_chosen",
        )


def _disguised(posko: Posko, chat: Chat, messages: Sequence[Message], hidden: Disguise) -> str:
    """The excerpt for reading and sharing: what was written, by whom only as far as may be told."""
    lines = [
        "Petikan percakapan WhatsApp. Pengirim, pelapor, dan saksi disamarkan.",
        f"Pesan {', '.join(_ranges([m.place for m in messages]))} dari "
        f"{thousands(len(chat.messages))} pesan dalam ekspor.",
        f"SHA-256 teks ekspor asli: {chat.sha256}",
        f"Disimpan {posko.office.name}, {short_date(posko.today())}.",
        "",
    ]
    for message in messages:
        when = f"{numeric_date(message.at.date())} {clock(message.at)}" if message.at else "–"
        said = hidden.text(_said(message, hidden))
        lines.append(
            f"#{message.place} [{when}] {hidden.label(message.sender) or 'WhatsApp'}: {said}"
        )
    return "\n".join(lines) + "\n"


def _said(message: Message, hidden: Disguise) -> str:
    if message.state == "no_media":
        return "(media tidak ikut dalam ekspor)"
    if not message.media:
        return spoken(message)
    caption = spoken(message).partition("\n")[2]
    name = _open_name(message, hidden)
    return f"(berkas {name}) {caption}".rstrip()


def _media(
    chat: Chat, messages: Sequence[Message], hidden: Disguise, keep: _Keeper
) -> Iterator[EvidenceInput]:
    sent = [message for message in messages if message.media]
    if not sent:
        return
    with ChatSource(chat.path) as source:
        for message in sent:
            with source.open(message.media) as stream:
                kept = keep.file(cast(BinaryIO, stream), _open_name(message, hidden))
            kind = _KINDS.get(kept.mime.partition("/")[0], "document")
            when = f", {_when(message)}" if message.at else ""
            who = hidden.label(message.sender)
            yield EvidenceInput(
                description=f"{_WORDS[kind]} WhatsApp{when}, dari {who}",
                kind=kind,
                source=SOURCE,
                kept=kept,
            )


_WORDS = {"photo": "Foto", "video": "Video", "audio": "Rekaman suara", "document": "Dokumen"}


class _Keeper:
    """Seals one file after the other; twice the same content is one file in the vault."""

    def __init__(self, posko: Posko, progress: Progress, whole: int) -> None:
        self._posko, self._progress, self._whole = posko, progress, whole
        self._done = 0
        self._fresh: dict[str, bytes] = {}
        self.names: list[str] = []  # of files new to the vault

    def text(self, text: str, name: str) -> KeptFile:
        """Keep a text; marks of undecodable bytes become those bytes again."""
        return self.file(BytesIO(text.encode("utf-8", "surrogateescape")), name, small=True)

    def file(self, stream: BinaryIO, name: str, *, small: bool = False) -> KeptFile:
        """Keep a stream under a name."""
        look = _Looking(stream)
        report: Progress = silent if small else self._report
        kept = self._posko.vault.add(
            cast(BinaryIO, look),
            new_key(),
            known=self._known,
            progress=report,
        )
        if kept.key:
            self._fresh[kept.sha256] = kept.key
            self.names.append(kept.name)
        if not small:
            self._done += kept.size
        key = kept.key or self._fresh.get(kept.sha256, b"")
        return KeptFile(name, kept.sha256, kept.size, mime_of_head(look.head), key)

    def _known(self, sha256: str) -> bytes | None:
        return self._fresh.get(sha256) or stored_key(self._posko, sha256)

    def _report(self, done: int, total: int, text: str = "") -> None:
        self._progress(self._done + done, max(self._whole, self._done + done), _STEP)


class _Looking:
    """A stream that remembers how it began: the type of a file is told by its first bytes."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self.head = stream, b""

    def read(self, count: int = -1) -> bytes:
        piece = self._stream.read(count)
        if len(self.head) < 8192:
            self.head += piece[: 8192 - len(self.head)]
        return piece


def _open_name(message: Message, hidden: Disguise) -> str:
    """The name of a media file, unless it tells who somebody is."""
    plain = clean(message.media).replace("/", "-").replace("\\", "-")
    words = re.sub(r"[_\-.]+", " ", Path(plain).stem)
    if plain and not hidden.names(words) and not hidden.names(plain):
        return plain
    return f"media-{message.place:05d}{Path(plain).suffix}"


def _ranges(places: Collection[int]) -> list[str]:
    """Places as `12-15`, `20`."""
    found: list[list[int]] = []
    for place in sorted(places):
        if found and place == found[-1][1] + 1:
            found[-1][1] = place
        else:
            found.append([place, place])
    return [str(a) if a == b else f"{a}-{b}" for a, b in found]


def _count(number: int) -> str:
    return f"{thousands(number)} pesan"


def _when(message: Message) -> str:
    assert message.at is not None
    return f"{short_date(message.at.date())} {clock(message.at)}"


def _span(messages: Sequence[Message]) -> str:
    days = sorted({message.at.date() for message in messages if message.at})
    if not days:
        return ""
    if len(days) == 1:
        return f", {short_date(days[0])}"
    return f", {short_date(days[0])} – {short_date(days[-1])}"


def _days(messages: Sequence[Message]) -> str:
    days = sorted({message.at.date() for message in messages if message.at})
    return f"-{days[0].isoformat()}" if days else ""
