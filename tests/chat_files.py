"""Invented WhatsApp exports for tests: good ones and hostile ones."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

NUMBER = "+62 812-5555-0176"
PROFILE = "Contoh Profil Rahasia"
POST = "Posko Contoh"
PHOTO = b"\xff\xd8\xff\xe0" + b"gambar contoh" * 40
VOICE = b"OggS" + b"suara contoh" * 30
SECRETS = (NUMBER, "81255550176", "0812 5555 0176", "5555-0176", PROFILE)

NOTICE = "Pesan dan panggilan terenkripsi secara end-to-end."
TEXT = f"""\u200e[13/10/24 09.10.00] {PROFILE}: \u200e{NOTICE}
[13/10/24 09.12.33] {PROFILE}: Selamat pagi, kemarin lurah membagikan kaus di Balai Desa Contoh
[13/10/24 09.13.00] {PROFILE}: saya {PROFILE}, nomor 0812 5555 0176
jangan sebut nama saya
\u200e[13/10/24 09.14.10] {PROFILE}: \u200e<terlampir: 00000004-PHOTO.jpg>
[13/10/24 09.15.00] {POST}: Terima kasih, mohon fotonya
\u200e[14/10/24 07.00.05] {PROFILE}: \u200e<terlampir: Suara {PROFILE}.opus>
[14/10/24 07.01.00] {PROFILE}: \u200ePesan ini dihapus
\u200e[14/10/24 07.02.00] {PROFILE}: \u200evideo tidak disertakan
[14/10/24 07.03.00] {NUMBER}: saya juga melihat
"""
MEDIA: Mapping[str, bytes] = {"00000004-PHOTO.jpg": PHOTO, f"Suara {PROFILE}.opus": VOICE}


def archive(path: Path, text: str = TEXT, media: Mapping[str, bytes] = MEDIA) -> Path:
    """A .zip as WhatsApp exports it."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("_chat.txt", text.encode("utf-8", "surrogateescape"))
        for name, content in media.items():
            packed.writestr(name, content)
    return path


def folder(path: Path, text: str = TEXT, media: Mapping[str, bytes] = MEDIA) -> Path:
    """The same unpacked, as Android names it."""
    path.mkdir()
    (path / f"Chat WhatsApp dengan {PROFILE}.txt").write_text(text, "utf-8")
    for name, content in media.items():
        (path / name).write_bytes(content)
    return path


def long_text(count: int) -> str:
    """A chat of so many messages of three people."""
    start = datetime.fromisoformat("2024-08-01T08:00")
    who = (PROFILE, NUMBER, POST)
    lines = []
    for n in range(count):
        when = start + timedelta(minutes=7 * n)
        lines.append(f"[{when:%d/%m/%y %H.%M.%S}] {who[n % 3]}: pesan nomor {n} tentang kaus\n")
    return "".join(lines)
