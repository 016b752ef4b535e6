"""Evidence files made from nothing: small pictures, a text, a one-page PDF."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from random import Random

WIDTH, HEIGHT = 320, 200


def make_file(folder: Path, name: str, kind: str, words: str, random: Random) -> Path:
    """Write an evidence file of `kind` (png, txt or pdf) that no other one equals."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.{kind}"
    made = {"png": _png, "pdf": _pdf, "txt": _text}[kind]
    path.write_bytes(made(words, random))
    return path


def _text(words: str, random: Random) -> bytes:
    mark = random.randrange(10**8)
    return f"Contoh bukti latihan nomor {mark:08d}\n\n{words}\n".encode()


def _png(words: str, random: Random) -> bytes:
    """A street under a sky with two figures and a banner: plainly drawn, plainly no photograph."""
    sky, ground, banner = _colours(random)
    horizon = random.randrange(100, 140)
    left, width = random.randrange(20, 120), random.randrange(80, 160)
    people = [(random.randrange(20, WIDTH - 30), _colour(random)) for _ in range(5)]
    rows = []
    for y in range(HEIGHT):
        row = bytearray((sky if y < horizon else ground) * WIDTH)
        if 40 <= y < 80:
            row[left * 3 : (left + width) * 3] = bytes(banner * width)
        for x, shirt in people:
            if horizon - 30 <= y < horizon + 40:
                wide = 10 if y < horizon - 15 else 16
                row[x * 3 : (x + wide) * 3] = bytes(shirt * wide)
        rows.append(b"\0" + bytes(row))
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", header),
            _chunk(
                b"tEXt",
                b"Comment\0Gambar rekaan untuk latihan: " + words.encode("latin-1", "replace"),
            ),
            _chunk(b"IDAT", zlib.compress(b"".join(rows), 6)),
            _chunk(b"IEND", b""),
        )
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _colour(random: Random) -> tuple[int, int, int]:
    return random.randrange(40, 230), random.randrange(40, 230), random.randrange(40, 230)


def _colours(random: Random) -> tuple[tuple[int, int, int], ...]:
    light = random.randrange(190, 240)
    return (light - 30, light - 10, light), (120, 105 + random.randrange(30), 70), _colour(random)


def _pdf(words: str, random: Random) -> bytes:
    """One A4 page with a heading and a line, in a font every reader has."""
    lines = ["Contoh dokumen latihan", words[:80], f"Nomor {random.randrange(10**8):08d}"]
    drawn = "".join(
        f"BT /F1 {16 if n == 0 else 11} Tf 72 {760 - 28 * n} Td ({_escaped(line)}) Tj ET\n"
        for n, line in enumerate(lines)
    ).encode("latin-1", "replace")
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%sendstream" % (len(drawn), drawn),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    for place in places:
        out += b"%010d 00000 n \n" % place
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        start,
    )
    return bytes(out)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
