"""What a file in a watched folder seems to be, without opening it as a workbook.

Only the list of a zip and one small part are looked at, never parsed; nothing is believed. The real
reading, in its own process, decides.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from posko_app.security.recipient import is_sealed

from .package import bag

Kind: TypeAlias = Literal["export", "filled", "blank", "package", "locked", "other"]
_PROPERTIES, _PROGRAM = "docProps/custom.xml", "docProps/app.xml"
_PACKAGE = "pos/paket.json"
_PART = 65_536  # bytes of a part that are looked at
_MOST_ENTRIES = 20_000
_PROPERTY = re.compile(
    rb'name="posko(?:_([a-z]{1,20}))?"[^>]{0,200}>\s{0,40}<vt:lpwstr[^>]{0,40}>([^<]{0,200})<'
)
_FAILS = (OSError, ValueError, NotImplementedError, RuntimeError, EOFError, zlib.error,
          zipfile.BadZipFile, zipfile.LargeZipFile)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Glance:
    """What a file says of itself: sender, addressee and export as far as it names them."""

    kind: Kind
    sender: str = ""
    to: str = ""
    xid: str = ""
    seq: int = 0
    part: str = ""


OTHER = Glance(kind="other")


def glance(path: Path) -> Glance:
    """Look at a file; anything that is not ours, damaged or hostile is `other`."""
    try:
        if _is_locked(path):
            return Glance(kind="locked")
        with zipfile.ZipFile(path) as archive:
            names = [entry.filename for entry in archive.infolist()[:_MOST_ENTRIES]]
            if any(name == _PACKAGE or name.endswith(f"/{_PACKAGE}") for name in names):
                return _package(archive, names)
            if _PROPERTIES not in names:
                return OTHER
            said = _properties(_start(archive, _PROPERTIES))
            ours = b"<Application>Posko</" in (
                _start(archive, _PROGRAM) if _PROGRAM in names else b""
            )
    except _FAILS:
        return OTHER
    if "template" in said:
        return Glance(kind="blank" if ours else "filled")
    if not said.get("xid"):
        return OTHER
    seq = said.get("seq", "")
    part = said.get("part", "")
    return Glance(
        kind="export",
        sender=said.get("office", ""),
        to=said.get("to", ""),
        xid=said["xid"],
        seq=int(seq) if re.fullmatch(r"[0-9]{1,9}", seq) else 0,
        part="" if part in ("", "1/1") else part.replace("/", "dari"),
    )


def _is_locked(path: Path) -> bool:
    with path.open("rb") as file:
        return is_sealed(file.read(_PART))


def _package(archive: zipfile.ZipFile, names: Sequence[str]) -> Glance:
    """A part of a package: for whom, and which part of which, as its bag says."""
    told = next((name for name in names if name.rpartition("/")[2] == bag.INFO), "")
    said = {}
    for line in _start(archive, told).decode("utf-8", "replace").splitlines() if told else ():
        label, _, value = line.partition(":")
        said[label.strip()] = value.strip()
    part = said.get(bag.COUNT, "")
    return Glance(
        kind="package",
        sender=said.get(bag.SENDER, ""),
        to=said.get(bag.ADDRESSEE, ""),
        xid=said.get(bag.GROUP, ""),
        part=part.replace(" of ", "dari")
        if re.fullmatch(r"[0-9]{1,4} of [0-9]{1,4}", part)
        else "",
    )


def _start(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        return part.read(_PART)


def _properties(raw: bytes) -> dict[str, str]:
    return {
        name.decode("ascii"): value.decode("utf-8", "replace").strip()
        for name, value in _PROPERTY.findall(raw)
    }
