"""The signed head of an exchange workbook: who sends what to whom, and what belongs to it.

The signature covers the content (row hashes through `root`), never file bytes, so it survives being
saved again by a spreadsheet program. The names of the fields are an exchange format: never changed
once released.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, fields
from typing import Any

from posko_app.data.record import dumps, loads

MARK = "POS1"
"""First cell of the machine sheet, and the format it announces."""
SHEET = "_pos"
"""Name of the very hidden machine sheet."""
FORMAT = 1
PROFILES = ("internal", "penerus", "publik")
BLOCK_CHARS = 26
_MOST_BLOCKS = 128


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What an export says of itself.

    `frm` and `upto` are local sequence numbers of the sender: this export holds everything changed
    in between. `part` of `parts` share `xid` and `seq`. `acks` maps a device of the addressee to
    [sequence number received, export number, export id]. `sheets` maps a visible sheet to the
    SHA-256 of its XML part: a sheet that still has it was not edited.

    Fields with a default came later: a program that does not write them, or does not know them, is
    understood all the same. `outside` marks a copy beside the channel, which has no number and
    claims nothing. `label` names the device to people, `recipient` is the key that files for it are
    sealed with, `certificate` the line of the roster that vouches for it, `roster` the whole one.
    `blocks` are short hashes over groups of rows: when a row is lost, those of other groups are
    still proven. `numbers` and `office_state` speak to the other computers of the own office: who
    may give which numbers, and marks of its settings.
    """

    fmt: int
    app: str
    schema: int
    office: str
    level: str
    device: str
    key: str
    office_name: str
    to: str
    xid: str
    seq: int
    prev: str
    frm: int
    upto: int
    part: int
    parts: int
    made_hlc: int
    made_local: str
    n: int
    root: str
    counts: Mapping[str, int]
    profile: str
    acks: Mapping[str, tuple[int, int, str]]
    forked: tuple[str, ...]
    audit_head: tuple[int, str]
    packages: tuple[str, ...]
    practice: bool
    sheets: Mapping[str, str]
    outside: bool = False
    label: str = ""
    recipient: str = ""
    certificate: str = ""
    roster: str = ""
    blocks: str = ""
    numbers: str = ""
    office_state: str = ""

    @property
    def public_key(self) -> bytes:
        """The sender's Ed25519 key."""
        return base64.b64decode(self.key)

    @property
    def part_id(self) -> str:
        """Export id of this very part, as the ledger keeps it."""
        return part_id(self.xid, self.part, self.parts)


def is_public(manifest: Manifest) -> bool:
    """Whether a file is for the public: to read, with nothing in it that could be merged."""
    return manifest.profile == "publik" and manifest.outside and manifest.n == 0


def shipment(seq: int) -> str:
    """What people call an export: by its number, or a copy that has none."""
    return f"Kiriman {seq}" if seq else "Salinan"


def part_id(xid: str, part: int, parts: int) -> str:
    """The export id, followed by the part when there are several."""
    return xid if parts == 1 else f"{xid}#{part}"


def root(hashes: Iterable[str]) -> str:
    """One hash over all rows, each given as `uid:hash`; their order does not matter."""
    digest = hashlib.sha256()
    for line in sorted(hashes):
        digest.update(line.encode())
        digest.update(b"\n")
    return digest.hexdigest()


def blocks(hashes: Iterable[str]) -> str:
    """Short hashes over up to 128 groups of rows, each row given as `uid:hash`, one behind another.

    A row belongs to the group that its uid leads to, so that each group can be proven alone.
    """
    lines = set(hashes)
    groups: dict[int, list[str]] = {}
    count = min(_MOST_BLOCKS, 8 * len(lines))  # few share a group
    for line in lines:
        groups.setdefault(block_of(line.rpartition(":")[0], count), []).append(line)
    return "".join(block(groups.get(number, ())) for number in range(count))


def block(lines: Iterable[str]) -> str:
    """The short hash of one group of rows; their order does not matter."""
    digest = hashlib.sha256("\n".join(sorted(set(lines))).encode()).digest()[:16]
    return base64.b32encode(digest).decode().rstrip("=")


def block_of(uid: str, count: int) -> int:
    """The group of `count` that a row belongs to."""
    return zlib.crc32(uid.encode()) % count


def to_text(manifest: Manifest) -> str:
    """The canonical JSON that is signed."""
    said = {f.name: getattr(manifest, f.name) for f in fields(Manifest)}
    return dumps({k: _plain(v) for k, v in said.items() if k not in _LATER or v != _LATER[k]})


def format_of(text: str) -> int:
    """The format number of a manifest that may be newer than this program; ValueError if none."""
    number = loads(text).get("fmt")
    if type(number) is not int:
        raise ValueError("no format number")
    return number


def from_text(text: str) -> Manifest:
    """Read a manifest strictly; unknown names are passed over. Raises ValueError."""
    data = loads(text)
    missing = [f.name for f in fields(Manifest) if f.name not in data and f.name not in _LATER]
    if missing:
        raise ValueError(f"missing {missing}")
    data = {**_LATER, **data}
    values: dict[str, Any] = {}
    for name in _TEXTS:
        values[name] = _typed(data, name, str)
    for name in _NUMBERS:
        values[name] = _number(_typed(data, name, int), name)
    for name in _FLAGS:
        values[name] = _typed(data, name, bool)
    values["counts"] = {
        name: _number(count, "counts") for name, count in _typed(data, "counts", dict).items()
    }
    values["sheets"] = dict(_texts(_typed(data, "sheets", dict), "sheets"))
    values["forked"] = tuple(_list_of_texts(data, "forked"))
    values["packages"] = tuple(_list_of_texts(data, "packages"))
    head = _typed(data, "audit_head", list)
    if len(head) != 2 or type(head[1]) is not str:
        raise ValueError("audit_head is malformed")
    values["audit_head"] = (_number(head[0], "audit_head"), head[1])
    values["acks"] = {d: _ack(ack) for d, ack in _typed(data, "acks", dict).items()}
    manifest = Manifest(**values)
    _check(manifest)
    return manifest


_TEXTS = tuple(f.name for f in fields(Manifest) if f.type == "str")
_NUMBERS = tuple(f.name for f in fields(Manifest) if f.type == "int")
_FLAGS = tuple(f.name for f in fields(Manifest) if f.type == "bool")
_LATER = {f.name: f.default for f in fields(Manifest) if f.default is not MISSING}


def _check(manifest: Manifest) -> None:
    try:
        key = base64.b64decode(manifest.key, validate=True)
    except binascii.Error:
        raise ValueError("key is not base64") from None
    if len(key) != 32:
        raise ValueError("key has a wrong length")
    for name in ("office", "device", "to", "xid"):
        if not getattr(manifest, name):
            raise ValueError(f"{name} is empty")
    if not 1 <= manifest.part <= manifest.parts or (manifest.seq < 1) != manifest.outside:
        raise ValueError("part or sequence is out of range")
    if manifest.frm > manifest.upto:
        raise ValueError("an interval that ends before it begins")


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {k: _plain(v) for k, v in value.items()}
    return [_plain(v) for v in value] if isinstance(value, tuple) else value


def _typed(data: Mapping[str, Any], name: str, kind: type) -> Any:
    if type(data[name]) is not kind:
        raise ValueError(f"{name} is no {kind.__name__}")
    return data[name]


def _number(value: object, name: str) -> int:
    # type(), not isinstance: True is no number here
    if type(value) is not int or not 0 <= value < 2**63:
        raise ValueError(f"{name} is no natural number")
    return value


def _texts(data: Mapping[str, Any], name: str) -> Iterable[tuple[str, str]]:
    for key, value in data.items():
        if type(value) is not str:
            raise ValueError(f"{name} holds something else than text")
        yield key, value


def _list_of_texts(data: Mapping[str, Any], name: str) -> Iterable[str]:
    for value in _typed(data, name, list):
        if type(value) is not str:
            raise ValueError(f"{name} holds something else than text")
        yield value


def _ack(data: object) -> tuple[int, int, str]:
    if not isinstance(data, list) or len(data) != 3 or type(data[2]) is not str:
        raise ValueError("acks is malformed")
    return _number(data[0], "acks"), _number(data[1], "acks"), data[2]
