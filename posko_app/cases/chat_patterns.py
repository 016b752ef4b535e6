"""How WhatsApp writes chats, and the limits for reading them: `resources/chat.toml`, compiled."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from posko_app.paths import resource


@dataclass(frozen=True, kw_only=True)
class ChatLimits:
    """What may be read at once; sizes in bytes."""

    archive_bytes: int
    text_bytes: int
    messages: int
    lines: int
    entries: int
    media_bytes: int
    chosen_bytes: int
    chosen: int
    ratio: int
    pasted: int  # characters


@dataclass(frozen=True, kw_only=True)
class ChatPatterns:
    """Compiled patterns; every one is tried against text without direction marks."""

    limits: ChatLimits
    heads: tuple[re.Pattern[str], ...]
    orders: tuple[str, ...]
    halves: Mapping[str, tuple[range, ...]]  # "siang" -> the hours that it means
    chat_names: tuple[re.Pattern[str], ...]
    archive_names: tuple[re.Pattern[str], ...]
    attached: tuple[re.Pattern[str], ...]
    without_media: tuple[re.Pattern[str], ...]
    deleted: tuple[re.Pattern[str], ...]
    system: tuple[re.Pattern[str], ...]
    edited: tuple[re.Pattern[str], ...]
    forwarded: tuple[re.Pattern[str], ...]
    labels: tuple[tuple[re.Pattern[str], str], ...]
    sexes: Mapping[str, str]
    words: Mapping[str, Any]
    positions: Mapping[str, str]

    def whole(self, patterns: Sequence[re.Pattern[str]], text: str) -> re.Match[str] | None:
        """The first of `patterns` that takes the whole text."""
        return next((found for p in patterns if (found := p.fullmatch(text))), None)

    def hour(self, hour: int, half: str) -> int:
        """The hour of the day that somebody means: "11 siang" is 11, "7 malam" 19, "12 malam" 0."""
        spans = self.halves.get(half.casefold(), ())
        if hour > 12 or not spans:
            return hour
        meant = (hour % 12, hour % 12 + 12)
        return next((h for span in spans for h in meant if h in span), hour)


@cache
def load_chat_patterns(path: Path | None = None) -> ChatPatterns:
    """The patterns that come with the program; raises ValueError for a mistake in the file."""
    file = path or resource("chat.toml")
    raw = tomllib.loads(file.read_text("utf-8"))
    try:
        return _compiled(raw)
    except (KeyError, TypeError, re.error) as error:
        raise ValueError(f"{file.name}: {error}") from error


def _compiled(raw: Mapping[str, Any]) -> ChatPatterns:
    head, text, file = raw["head"], raw["text"], raw["file"]
    halves = "|".join(re.escape(mark) for mark in sorted(raw["half"], key=len, reverse=True))
    parts = {
        "{date}": f"(?P<date>{head['date']})",
        "{time}": f"(?P<time>{head['time']})(?: ?(?P<half>{halves}))?",
    }
    forms = []
    for form in head["forms"]:
        for name, pattern in parts.items():
            form = form.replace(name, pattern)
        forms.append(form)
    return ChatPatterns(
        limits=ChatLimits(**raw["limits"]),
        heads=_all(forms),
        orders=tuple(head["orders"]),
        halves={
            word: tuple(range(first, last) for first, last in spans)
            for word, spans in raw["half"].items()
        },
        chat_names=_all(file["chat"]),
        archive_names=_all(file["archive"]),
        attached=_all(text["attached"]),
        without_media=_all(text["without_media"]),
        deleted=_all(text["deleted"]),
        system=_all(text["system"]),
        edited=_all(text["edited"]),
        forwarded=_all(text["forwarded"]),
        labels=tuple((re.compile(e["pattern"], re.IGNORECASE), e["key"]) for e in raw["label"]),
        sexes={word: code for code, words in raw["sex"].items() for word in words},
        words=raw["words"],
        positions=raw["positions"],
    )


def _all(patterns: Sequence[str]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns)
