"""The signed list of a package, the same in every part: all files of all parts, sender, addressee.

The names of its fields are an exchange format: never changed once released.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from posko_app.data.record import dumps, loads
from posko_app.exchange.manifest import Manifest
from posko_app.security import sign
from posko_app.text import clean

from .sizes import bounds

FORMAT = 1
LIST, SIGNATURE, BOOK = "pos/paket.json", "pos/paket.sig", "data/laporan.xlsx"
_CONTEXT = b"posko/paket/1\0"
_SHA = re.compile(r"[0-9a-f]{64}")
_GROUP = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_CODE = re.compile(r"[0-9]{2}(?:\.[0-9]{2}){0,2}")
_NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z._~-]{0,63}")
_WORDS = {"office": _CODE, "to": _CODE, "device": _NAME, "group": _GROUP}
"""What may become a part of a name somewhere: nothing else than this is ever taken from outside."""
_MOST_PARTS = 9_999
_MOST_BYTES = 1 << 50

CustodyLine = tuple[str, str, str, str]
"""When (UTC, ISO), office code, what (added, sent, received), and by whom."""


@dataclass(frozen=True)
class Item:
    """One piece of evidence a content belongs to."""

    uid: str
    case: str
    name: str
    custody: tuple[CustodyLine, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Listed:
    """One content: where it is and whose evidence it is.

    A content that was cut has `chunk` bytes per chunk, and the SHA-256 and the part of each.
    """

    sha256: str
    size: int
    mime: str
    items: tuple[Item, ...]
    parts: tuple[int, ...]
    chunk: int = 0
    chunks: tuple[str, ...] = ()

    def pieces(self) -> tuple[tuple[str, str, int, int], ...]:
        """What lies in parts: name under `data/`, its SHA-256, bytes, and number of the part."""
        if not self.chunk:
            return ((self.sha256, self.sha256, self.size, self.parts[0]),)
        return tuple(
            (
                f"{self.sha256}.{number:04d}",
                sha256,
                min(self.chunk, self.size - (number - 1) * self.chunk),
                part,
            )
            for number, (sha256, part) in enumerate(zip(self.chunks, self.parts, strict=True), 1)
        )


@dataclass(frozen=True, kw_only=True)
class Listing:
    """A whole package. `book` is the SHA-256 and size of the workbook in part 1, if it has one."""

    sender: Manifest
    group: str
    made_at: datetime
    parts: int
    files: tuple[Listed, ...]
    book: tuple[str, int] | None = None


def sender_of(data: Mapping[str, Any]) -> Manifest:
    """Who sends to whom, as the rules of keys know a sender; ValueError when something lacks."""
    texts = {
        name: _text(data, name)
        for name in (
            *("app", "office", "level", "device", "key", "office_name", "to", "group"),
            *("label", "recipient", "certificate", "roster"),
        )
    }
    if not all(words.fullmatch(texts[name]) for name, words in _WORDS.items()):
        raise ValueError("a sender without a proper name")
    try:
        if len(base64.b64decode(texts["key"], validate=True)) != 32:
            raise ValueError("key has a wrong length")
    except binascii.Error:
        raise ValueError("key is not base64") from None
    if type(data["practice"]) is not bool:
        raise ValueError("practice is no bool")
    group = texts.pop("group")
    return Manifest(
        **texts,
        fmt=FORMAT,
        schema=1,
        xid=group,
        seq=0,
        prev="",
        frm=0,
        upto=0,
        part=1,
        parts=1,
        made_hlc=0,
        made_local="",
        n=0,
        root="",
        counts={},
        profile="internal",
        acks={},
        forked=(),
        audit_head=(0, ""),
        packages=(),
        practice=data["practice"],
        sheets={},
        outside=True,
    )


def to_text(listing: Listing) -> str:
    """The canonical JSON that is signed."""
    sender = listing.sender
    return dumps(
        {
            "fmt": FORMAT,
            **{
                name: getattr(sender, name)
                for name in (
                    *("app", "office", "level", "device", "key", "office_name", "to"),
                    *("label", "recipient", "certificate", "roster", "practice"),
                )
            },
            "group": listing.group,
            "made_at": listing.made_at.astimezone(UTC).isoformat(),
            "parts": listing.parts,
            "files": [_plain(file) for file in listing.files],
            "book": list(listing.book) if listing.book else None,
        }
    )


def _plain(file: Listed) -> dict[str, Any]:
    return {
        "sha256": file.sha256,
        "size": file.size,
        "mime": file.mime,
        "parts": list(file.parts),
        **({"chunk": file.chunk, "chunks": list(file.chunks)} if file.chunk else {}),
        "items": [
            {
                "uid": item.uid,
                "case": item.case,
                "name": item.name,
                "custody": [list(line) for line in item.custody],
            }
            for item in file.items
        ],
    }


class Newer(ValueError):
    """A list in a format that only a later program knows."""


def is_light(text: str) -> bool:
    """Whether a list is short enough to be read; nothing else is written, or looked into."""
    brackets = text.count("[") + text.count("{")
    return len(text) <= bounds().list_bytes and brackets <= bounds().list_brackets


def from_text(text: str) -> Listing:
    """Read a list strictly; unknown names are passed over. Raises ValueError, Newer."""
    if not is_light(text):
        raise ValueError("a list too long to be one")
    data = loads(text)
    try:
        number = data.get("fmt")
        if type(number) is not int:
            raise ValueError("no format number")
        if number > FORMAT:
            raise Newer("a later format")
        sender = sender_of(data)
        parts = _number(data["parts"], _MOST_PARTS)
        files = tuple(_listed(file, parts) for file in _list(data["files"]))
        made_at = datetime.fromisoformat(_text(data, "made_at"))
        book = data.get("book")
        taken = None if book is None else (_sha(book[0]), _number(book[1], _MOST_BYTES))
    except (KeyError, TypeError, AttributeError, IndexError, OverflowError) as problem:
        raise ValueError(f"malformed list: {problem!r}") from None
    names = [name for file in files for name, *_ in file.pieces()]
    if parts < 1 or len(set(names)) != len(names) or made_at.tzinfo is None:
        raise ValueError("malformed list")
    return Listing(sender=sender, group=sender.xid, made_at=made_at, parts=parts, files=files,
                   book=taken)  # fmt: skip


def _listed(data: Mapping[str, Any], parts: int) -> Listed:
    items = tuple(_item(item) for item in _list(data["items"]))
    listed = Listed(
        sha256=_sha(data["sha256"]),
        size=_number(data["size"], _MOST_BYTES),
        mime=clean(_text(data, "mime"))[:200],
        items=items,
        parts=tuple(_number(part, parts) for part in _list(data["parts"])),
        chunk=_number(data.get("chunk", 0), _MOST_BYTES),
        chunks=tuple(_sha(chunk) for chunk in _list(data.get("chunks", []))),
    )
    count = -(-listed.size // listed.chunk) if listed.chunk else 0
    fits = count == len(listed.chunks) and len(listed.parts) == (count or 1)
    apart = len(set(listed.parts)) == len(listed.parts) and 0 not in listed.parts
    if not items or not fits or not apart or (listed.chunk and count < 2):
        raise ValueError("a file that does not add up")
    return listed


def _item(data: Mapping[str, Any]) -> Item:
    lines = [[str(word) for word in _list(line)] for line in _list(data["custody"])]
    if any(len(line) != 4 for line in lines):
        raise ValueError("custody is malformed")
    custody = tuple((a[:40], b[:20], c[:20], clean(d)[:80]) for a, b, c, d in lines)
    uid = _text(data, "uid")
    if not _NAME.fullmatch(uid):
        raise ValueError("an item without a proper uid")
    return Item(uid, _text(data, "case")[:64], clean(_text(data, "name"))[:300], custody)


def signed(private: bytes, text: str) -> str:
    """The signature over a list, as `pos/paket.sig` holds it."""
    return base64.b64encode(sign.sign(private, _CONTEXT + text.encode())).decode() + "\n"


def is_signed(sender: Manifest, raw: bytes, signature: bytes) -> bool:
    """Whether the sender signed exactly these bytes."""
    try:
        given = base64.b64decode(signature.strip(), validate=True)
    except binascii.Error:
        return False
    return sign.verify(sender.public_key, _CONTEXT + raw, given)


def _text(data: Mapping[str, Any], name: str) -> str:
    value = data[name]
    if type(value) is not str:
        raise ValueError(f"{name} is no text")
    return value


def _number(value: object, most: int) -> int:
    # type(), not isinstance: True is no number here
    if type(value) is not int or not 0 <= value <= most:
        raise ValueError("a number out of range")
    return value


def _list(value: object) -> list[Any]:
    if type(value) is not list:
        raise ValueError("no list")
    return value


def _sha(value: object) -> str:
    if type(value) is not str or not _SHA.fullmatch(value):
        raise ValueError("no SHA-256")
    return value
