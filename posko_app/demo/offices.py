"""The three practice offices, from the subdistrict to the province, and who works there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from posko_app.app import Posko, User, open_office
from posko_app.office.accounts import add_account
from posko_app.office.setup import NewOffice, create_office

from .clock import PRACTICE_ON, StoryClock

USER = "rina"
PASSWORD = "latihan-posko"  # noqa: S105 - printed by `posko demo`; opens practice offices only
LEVELS = ("kecamatan", "kabupaten", "provinsi")

OFFICES: Mapping[str, NewOffice] = {
    "kecamatan": NewOffice(
        level="kecamatan",
        region_code="62.10.02",
        name="Panwaslu Kecamatan Kurun",
        admin_title="Staf Penanganan Pelanggaran",
        letterhead="PANITIA PENGAWAS PEMILIHAN\nKECAMATAN KURUN KABUPATEN GUNUNG MAS\n"
        "Jalan Percontohan Nomor 2, Kurun",
        place="Kurun",
        report_code="21.05",
        admin_login=USER,
        admin_name="Rina Teladan",
        practice=True,
        practice_on=PRACTICE_ON,
    ),
    "kabupaten": NewOffice(
        level="kabupaten",
        region_code="62.10",
        name="Bawaslu Kabupaten Gunung Mas",
        admin_title="Kepala Subbagian Penanganan Pelanggaran",
        letterhead="BADAN PENGAWAS PEMILIHAN UMUM\nKABUPATEN GUNUNG MAS\n"
        "Jalan Misal Raya Nomor 10, Kuala Kurun",
        place="Kuala Kurun",
        report_code="21.05",
        letter_code="K.KH-05",
        admin_login=USER,
        admin_name="Rina Teladan",
        practice=True,
        practice_on=PRACTICE_ON,
    ),
    "provinsi": NewOffice(
        level="provinsi",
        region_code="62",
        name="Bawaslu Provinsi Kalimantan Tengah",
        admin_title="Analis Penanganan Pelanggaran",
        letterhead="BADAN PENGAWAS PEMILIHAN UMUM\nPROVINSI KALIMANTAN TENGAH\n"
        "Jalan Teladan Nomor 1, Palangka Raya",
        place="Palangka Raya",
        report_code="21.00",
        letter_code="K.KH",
        admin_login=USER,
        admin_name="Rina Teladan",
        practice=True,
        practice_on=PRACTICE_ON,
    ),
}
STAFF: Mapping[str, tuple[tuple[str, str, str, str], ...]] = {
    "kecamatan": (("yanto", "Yanto Ibarat", "leader", "Ketua"),),
    "kabupaten": (
        ("agus", "Agus Umpama", "receiver", "Staf Penerimaan Laporan"),
        ("maya", "Maya Misalnya", "verifier", "Staf Penanganan Pelanggaran"),
        ("dedi", "Dedi Permisalan", "leader", "Ketua"),
    ),
    "provinsi": (("lestari", "Lestari Tamsil", "leader", "Koordinator Divisi"),),
}
"""Login, name, role and title of everybody beside the administrator."""


@dataclass(frozen=True)
class PracticeOffice:
    """An open practice office and the people in it."""

    posko: Posko
    clock: StoryClock
    staff: Mapping[str, tuple[User, ...]]  # role -> who has it

    def who(self, role: str, place: int = 0) -> User:
        """Somebody of a role; the administrator where nobody else has it."""
        people = self.staff.get(role) or self.staff["admin"]
        return people[place % len(people)]

    @contextmanager
    def acting(self, user: User) -> Iterator[Posko]:
        """The office as `user` works in it, with the permissions of that person's role."""
        before = self.posko.user
        self.posko.user = user
        try:
            yield self.posko
        finally:
            self.posko.user = before


def make_office(folder: Path, level: str, clock: StoryClock) -> None:
    """Make one practice office and its accounts."""
    create_office(folder, OFFICES[level], PASSWORD, clock=clock)
    posko = open_office(folder, USER, PASSWORD, clock=clock)
    try:
        for login, name, role, title in STAFF[level]:
            add_account(posko, login=login, name=name, role=role, password=PASSWORD, title=title)
    finally:
        posko.close()


def enter_office(folder: Path, level: str, clock: StoryClock) -> PracticeOffice:
    """Open a practice office while its story is told: its day is the day of the story."""
    posko = open_office(folder, USER, PASSWORD, clock=clock)
    posko.office = replace(posko.office, practice_on=None)
    staff: dict[str, tuple[User, ...]] = {"admin": (posko.user,)}
    for login, name, role, title in STAFF[level]:
        staff[role] = (*staff.get(role, ()), User(login, name, title, role))
    if "receiver" in staff:  # the administrator of a district works at its desk too
        staff["receiver"] = (*staff["receiver"], posko.user)
        staff["verifier"] = (*staff["verifier"], posko.user)
    return PracticeOffice(posko, clock, staff)
