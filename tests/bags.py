"""Whether a zip is a BagIt bag by RFC 8493, judged without any of our own code."""

from __future__ import annotations

import hashlib
import re
import zipfile
from pathlib import Path


def problems(path: Path) -> list[str]:
    """What is wrong with a serialized bag; nothing for a complete and valid one."""
    with zipfile.ZipFile(path) as archive:
        roots = {name.split("/")[0] for name in archive.namelist()}
        if len(roots) != 1:
            return [f"not exactly one base directory: {roots}"]
        root = f"{roots.pop()}/"
        files = {
            name.removeprefix(root): archive.read(name)
            for name in archive.namelist()
            if not name.endswith("/")
        }
    found = []
    if files.get("bagit.txt") != b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n":
        found.append("bagit.txt")
    payload = {name for name in files if name.startswith("data/")}
    listed = _manifest(files["manifest-sha256.txt"])
    if set(listed) != payload:
        found.append(f"payload and manifest differ: {sorted(set(listed) ^ payload)}")
    tags = _manifest(files["tagmanifest-sha256.txt"])
    if not {"bagit.txt", "bag-info.txt", "manifest-sha256.txt"} <= set(tags):
        found.append("tag manifest lacks a required file")
    if any(name.startswith(("data/", "tagmanifest")) for name in tags):
        found.append("tag manifest lists what it must not")
    for name, sha256 in {**listed, **tags}.items():
        if hashlib.sha256(files.get(name, b"")).hexdigest() != sha256:
            found.append(f"hash of {name}")
    info = dict(line.split(": ", 1) for line in files["bag-info.txt"].decode().splitlines())
    octets, streams = sum(len(files[name]) for name in payload), len(payload)
    if info["Payload-Oxum"] != f"{octets}.{streams}":
        found.append(f"Payload-Oxum {info['Payload-Oxum']}")
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", info["Bagging-Date"]):
        found.append("Bagging-Date")
    if not re.fullmatch(r"\d+ of \d+", info["Bag-Count"]) or not info["Bag-Group-Identifier"]:
        found.append("Bag-Count or Bag-Group-Identifier")
    return found


def _manifest(raw: bytes) -> dict[str, str]:
    lines = [line.split(None, 1) for line in raw.decode("utf-8").splitlines()]
    return {name: sha256 for sha256, name in lines}
