"""What the wizard proposes from level and region; the user may write anything else."""

from __future__ import annotations

import re
from dataclasses import dataclass

from posko_app.rules.regions import Region
from posko_app.text import fold

LEVELS: dict[str, tuple[str, str]] = {
    "kecamatan": (
        "Panwaslu Kecamatan",
        "Menerima laporan di kecamatan, lalu mengirim data ke kabupaten/kota.",
    ),
    "kabupaten": (
        "Bawaslu Kabupaten/Kota",
        "Menangani laporan dan menerima data dari kecamatan.",
    ),
    "provinsi": (
        "Bawaslu Provinsi",
        "Memantau, merekap, dan menerima data dari kabupaten/kota.",
    ),
}
"""Level -> its name, and what an office of this level does."""

NEEDED: dict[str, tuple[str, ...]] = {
    "provinsi": ("provinsi",),
    "kabupaten": ("provinsi", "kabupaten"),
    "kecamatan": ("provinsi", "kabupaten", "kecamatan"),
}
"""Level -> the region boxes it needs, from the province down."""

ACEH = "11"
PAPUA = "9"  # first digit of its provinces, where a kecamatan is called distrik


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """What an office is probably called."""

    name: str = ""
    letterhead: tuple[str, ...] = ()
    place: str = ""
    election_kind: str = "PB"
    doubt: str = ""  # why the name should be looked at twice


def proposed(path: tuple[Region, ...]) -> Proposal:
    """Name, letterhead and place of the office of the last region of a path from its province."""
    if not path:
        return Proposal()
    region = path[-1]
    aceh = path[0].code == ACEH
    short = "Panwaslih" if aceh else "Bawaslu"
    full = "PANITIA PENGAWAS PEMILIHAN" if aceh else "BADAN PENGAWAS PEMILIHAN UMUM"
    area = _area(region)
    head = [full, area.upper()]
    if region.level == "kecamatan":
        short = "Panwaslih" if aceh else "Panwaslu"
        full = "PANITIA PENGAWAS PEMILIHAN" if aceh else "PANITIA PENGAWAS PEMILIHAN UMUM"
        head = [full, area.upper(), path[-2].name.upper()]
    city = any(r.is_city for r in path)
    return Proposal(
        name=f"{short} {area}",
        letterhead=tuple(head),
        place=_place(region),
        election_kind="PG" if region.level == "provinsi" else "PW" if city else "PB",
        doubt="Sebutan kantor di Aceh dapat berbeda. Sesuaikan dengan keputusan kantor Anda."
        if aceh
        else "",
    )


def proposed_login(name: str) -> str:
    """A log-in name from a person's name: its first word in plain small letters."""
    words = fold(name.split(",")[0]).split()
    titles = ("h", "hj", "dr", "drs", "ir", "prof", "dra")
    first = next((word for word in words if word not in titles), "")
    return re.sub(r"[^a-z0-9]", "", first)[:32]


def _area(region: Region) -> str:
    if region.level == "provinsi":
        return region.name if region.name.startswith("Daerah") else f"Provinsi {region.name}"
    if region.level == "kabupaten":
        return region.name
    kind = "Distrik" if region.code.startswith(PAPUA) else "Kecamatan"
    return f"{kind} {region.name}"


def _place(region: Region) -> str:
    """Where letters are written; the seat of a district or province is not in the table."""
    if region.level == "kecamatan":
        return region.name
    if region.is_city:
        return re.sub(r"^Kota (Administrasi )?", "", region.name)
    return ""
