"""The describing files of a BagIt 1.0 bag (RFC 8493) as text: written, and read back strictly."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date

from posko_app.text import clean

DECLARATION = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
BAGIT, INFO = "bagit.txt", "bag-info.txt"
MANIFEST, TAGS = "manifest-sha256.txt", "tagmanifest-sha256.txt"
PAYLOAD = "data/"
SENDER, ADDRESSEE = "Posko-Sender", "Posko-Addressee"
GROUP, COUNT, OXUM = "Bag-Group-Identifier", "Bag-Count", "Payload-Oxum"
_LINE = re.compile(r"([0-9a-f]{64})  ?([^\s*][^\r\n]{0,200})")
_OXUM = re.compile(r"([0-9]{1,15})\.([0-9]{1,9})")


def info(
    *,
    office: str,
    sender: str,
    to: str,
    group: str,
    part: int,
    parts: int,
    sizes: Collection[int],
    on: date,
    practice: bool,
) -> str:
    """`bag-info.txt` of part `part`; `sizes` are the bytes of every file under `data/`.

    `sender` and `to` are codes of offices; nothing of a case stands here.
    """
    said = (("External-Description", "LATIHAN, bukan data sungguhan"),) if practice else ()
    return "".join(
        f"{label}: {value}\n"
        for label, value in (
            ("Source-Organization", " ".join(clean(office).split())),
            *said,
            (SENDER, sender),
            (ADDRESSEE, to),
            ("Bagging-Date", on.isoformat()),
            (GROUP, group),
            (COUNT, f"{part} of {parts}"),
            (OXUM, f"{sum(sizes)}.{len(sizes)}"),
        )
    )


def manifest(hashes: Mapping[str, str]) -> str:
    """A manifest: the SHA-256 of every file by its name in the bag."""
    return "".join(f"{sha256}  {name}\n" for name, sha256 in sorted(hashes.items()))


def read_manifest(raw: bytes) -> dict[str, str]:
    """SHA-256 by name. Raises ValueError for anything that is no manifest, a name twice too."""
    found: dict[str, str] = {}
    for line in raw.decode("utf-8").splitlines():
        match = _LINE.fullmatch(line)
        if match is None or match[2] in found:
            raise ValueError("malformed manifest")
        found[match[2]] = match[1]
    return found


def read_info(raw: bytes) -> dict[str, str]:
    """The labels of `bag-info.txt` and their values; ValueError for a malformed or double one."""
    found: dict[str, str] = {}
    for line in raw.decode("utf-8").splitlines():
        label, separator, value = line.partition(":")
        if not separator or not label.strip() or label.strip() in found:
            raise ValueError("malformed bag-info")
        found[label.strip()] = value.strip()
    return found


def oxum(text: str) -> tuple[int, int]:
    """Bytes and number of payload files out of `Payload-Oxum`. Raises ValueError."""
    match = _OXUM.fullmatch(text)
    if match is None:
        raise ValueError("malformed Payload-Oxum")
    return int(match[1]), int(match[2])
