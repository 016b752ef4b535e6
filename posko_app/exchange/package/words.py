"""What the user is told about a part of a package that is refused, and about what lacks."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from posko_app.exchange.opened import NotTaken

SAFE = "Data Anda tidak berubah."
NOTHING = "Belum ada berkas yang dibuat."
_AGAIN = "Minta pengirim mengirim ulang bagian ini sebagai Dokumen."

FILES = {
    "not_package": (
        f"Berkas {{file}} bukan paket bukti Posko. {SAFE} Pilih paket yang dibuat dengan Posko."
    ),
    "damaged_zip": f"Berkas {{file}} rusak atau terpotong. {SAFE} {_AGAIN}",
    "hostile_zip": (
        f"Berkas {{file}} disusun tidak wajar ({{why}}) dan tidak dibuka. {SAFE} "
        "Telepon pengirim; jangan buka berkas itu dengan program lain."
    ),
    "unknown_entry": (
        f"Berkas {{file}} memuat isi yang bukan bagian paket bukti ({{why}}). {SAFE} {_AGAIN}"
    ),
    "bad_bag": f"Daftar isi paket {{file}} tidak cocok dengan isinya. {SAFE} {_AGAIN}",
    "bad_list": (
        f"Tanda tangan paket {{file}} tidak cocok: paket diubah atau bukan dari pengirimnya. "
        f"{SAFE} Minta pengirim mengirim ulang."
    ),
    "other_list": (
        f"Paket {{file}} memakai nomor paket lain yang sudah diterima dengan isi berbeda. {SAFE} "
        "Minta pengirim membuat paket baru."
    ),
    "newer_package": (
        f"Paket {{file}} dibuat dengan Posko yang lebih baru. {SAFE} "
        "Pasang Posko versi terbaru, lalu terima lagi."
    ),
    "unreadable_part": (
        f"Berkas {{file}} tidak dapat dibaca. {SAFE} "
        "Periksa apakah flashdisk masih terpasang, lalu pilih lagi."
    ),
}


def refused(code: str, path: Path, why: str = "") -> NotTaken:
    """The refusal of the part at `path`; `why` names what is odd about it."""
    return NotTaken(FILES[code].format(file=path.name, why=why), code)


def numbers(parts: Collection[int], most: int = 0) -> str:
    """Numbers as people write them: `3`, `3 dan 4`, `1–3, 5 dan 8`.

    With `most` no more than so many are written out: `1–3, 5 dan 12 lagi`.
    """
    words: list[str] = []
    counts: list[int] = []
    for first, last in _runs(sorted(set(parts))):
        near = last - first < 2  # a pair reads better apart
        words += [str(n) for n in range(first, last + 1)] if near else [f"{first}–{last}"]
        counts += [1] * (last - first + 1) if near else [last - first + 1]
    if most and len(words) > most:
        words = [*words[: most - 1], f"{sum(counts[most - 1 :])} lagi"]
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} dan {words[-1]}"


def _runs(numbers: list[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and runs[-1][1] == number - 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs
