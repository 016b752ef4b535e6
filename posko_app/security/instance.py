"""The token of an installation: whether an office folder is still the one it was, on this computer.

A device must never exist twice. So each office folder has a small file outside of it, under a name
made of the office's keys, the device and the place of the folder, that says how far the device had
written. A folder without its token was copied or moved here; a database that is behind its token
was put back from an older copy. The token holds nothing secret.

Format: one JSON object, `format` "posko-perangkat", `version` 1, device, machine, folder, `n` (last
write), `lsn` (last local sequence number) and `sum` over the rest, filled up with blanks to a fixed
length, so that it can be written over in place after each save without waiting for the disk.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import sys
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, TypeAlias

from . import durable

FORMAT, VERSION = "posko-perangkat", 1
LENGTH = 4096
Finding: TypeAlias = Literal["same", "restored", "copied"]


@dataclass(frozen=True, kw_only=True)
class Token:
    """How far a device had written, and where."""

    device: str
    machine: str
    folder: str
    n: int
    lsn: int


def token_path(place: Path, keys_id: str, device: str, folder: Path) -> Path:
    """Where the token of an office folder lies below `place`."""
    name = "\0".join((keys_id, device, folder_name(folder)))
    return place / f"{hashlib.sha256(name.encode()).hexdigest()[:32]}.json"


def folder_name(folder: Path) -> str:
    """A folder as it is compared: absolute, links followed, as the system writes it."""
    return os.path.normcase(folder.resolve())


def read_token(path: Path) -> Token | None:
    """The token, or None when there is none that can be read."""
    try:
        data = json.loads(path.read_bytes())
        total = data.pop("sum")
        if data.pop("format") != FORMAT or data.pop("version") != VERSION:
            return None
        token = Token(**data)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return token if total == _sum(token) else None


def write_token(path: Path, token: Token) -> bool:
    """Write a token that outlasts a power cut; False when its place cannot be written."""
    try:
        durable.make_folders(path.parent)
        durable.write_file(path, _content(token))
    except OSError:
        return False
    return True


def note_progress(path: Path, token: Token, n: int, lsn: int) -> Token:
    """Say how far the device has written by now; the system puts it on the disk when it likes.

    The numbers never go back. A place that cannot be written is no reason to disturb anybody.
    """
    token = replace(token, n=max(n, token.n), lsn=max(lsn, token.lsn))
    with suppress(OSError), path.open("r+b", buffering=0) as file:
        file.write(_content(token))
    return token


def examine(token: Token | None, n: int, lsn: int, machine: str) -> Finding:
    """What a database that stands at `n` and `lsn` is, by the token of its folder."""
    if token is None or (machine and token.machine and machine != token.machine):
        return "copied"
    return "restored" if n < token.n or lsn < token.lsn else "same"


def machine_id() -> str:
    """This computer, as a hash of the id its system was installed with; empty when it has none."""
    found = _system_id()
    if not found:
        return ""
    return hashlib.sha256(f"posko/machine/1\0{found}\0{platform.node()}".encode()).hexdigest()[:32]


def next_label(label: str) -> str:
    """What people call the device after it took a new identity: PC-1, PC-1b, PC-1c."""
    label = label or "PC-1"
    last = label[-1]
    if last.isdigit() or last == "z" or not last.isascii() or not last.islower():
        return f"{label}b"
    return label[:-1] + chr(ord(last) + 1)


def _content(token: Token) -> bytes:
    data = {"format": FORMAT, "version": VERSION, **vars(token), "sum": _sum(token)}
    return json.dumps(data, ensure_ascii=False).encode().ljust(LENGTH)


def _sum(token: Token) -> str:
    text = json.dumps(vars(token), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


if sys.platform == "win32":
    import winreg

    def _system_id() -> str:
        with suppress(OSError):
            where = r"SOFTWARE\Microsoft\Cryptography"
            with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, where) as key:
                return str(winreg.QueryValueEx(key, "MachineGuid")[0])
        return ""

else:

    def _system_id() -> str:
        for name in ("/etc/machine-id", "/var/lib/dbus/machine-id"):
            with suppress(OSError):
                found = Path(name).read_text("ascii", "replace").strip()
                if found:
                    return found
        return ""
