"""Cases that lie on the district's desk on the practice day, one for each thing there is to do."""

from __future__ import annotations

from datetime import datetime
from random import Random

from .clock import at, october
from .course import Planned, Way


def on_the_desk(random: Random) -> list[tuple[str, datetime, list[Planned]]]:
    """Kind of each, when it was filed and what has been done since, the most telling first."""
    made = (
        _waits_for_reporter,
        _meets_today,
        _is_late,
        _found_by_officers,
        _is_being_assessed,
        _awaits_plenary,
        _awaits_referral,
        _meets_in_the_afternoon,
        _lacks_something,
        _needs_more_time,
        _awaits_registration,
    )
    kinds = {_found_by_officers: "finding"}
    return [(kinds.get(make, "report"), *make(random)) for make in made]


def _way(random: Random, day: int, hour: int) -> tuple[datetime, Way]:
    filed = at(october(day), hour, random.randrange(5, 50))
    return filed, Way(random, filed)


def _registered(random: Random, day: int, hour: int, days: int = 1) -> tuple[datetime, Way]:
    """Complete and registered so many days after it was filed."""
    filed, way = _way(random, day, hour)
    way.then("reviewed", "verifier", days, outcome="complete")
    way.then("registered", "verifier")
    return filed, way


def _waits_for_reporter(random: Random) -> tuple[datetime, list[Planned]]:
    filed, way = _way(random, 12, 9)
    way.then("reviewed", "verifier", 1, outcome="incomplete", note="Bukti belum diserahkan.")
    way.then("completion_noticed", "receiver", note="Diberitahukan lewat WhatsApp.")
    return filed, way.steps


def _meets_today(random: Random) -> tuple[datetime, list[Planned]]:
    filed, way = _registered(random, 14, 9, days=0)
    way.invite(at(october(15), 10), "terlapor", "Ruang 2")
    return filed, way.steps


def _meets_in_the_afternoon(random: Random) -> tuple[datetime, list[Planned]]:
    filed, way = _registered(random, 14, 11, days=0)
    way.invite(at(october(15), 13, 30), "saksi", "Ruang klarifikasi")
    return filed, way.steps


def _is_late(random: Random) -> tuple[datetime, list[Planned]]:
    filed, way = _registered(random, 10, 9)
    way.invite(at(october(12), 9, 30), "terlapor", "Ruang 2")
    way.then("clarified", "verifier", 1)
    way.then("assessed", "verifier", 1)
    return filed, way.steps


def _found_by_officers(random: Random) -> tuple[datetime, list[Planned]]:
    filed, way = _way(random, 13, 15)
    way.then("registered", "verifier", 1, note="Ditetapkan sebagai temuan dalam pleno.")
    return filed, way.steps


def _is_being_assessed(random: Random) -> tuple[datetime, list[Planned]]:
    filed, way = _registered(random, 12, 9)
    way.invite(at(october(14), 9), "terlapor", "Ruang rapat")
    way.then("clarified", "verifier", 1, note="Berita acara klarifikasi ditandatangani.")
    way.then("extra_needed", "verifier", reason="Perlu keterangan saksi kedua.")
    return filed, way.steps


def _awaits_plenary(random: Random) -> tuple[datetime, list[Planned]]:
    filed, way = _registered(random, 11, 10)
    way.invite(at(october(13), 14), "pelapor", "Ruang rapat")
    way.then("clarified", "verifier", 1)
    way.then("extra_needed", "verifier", reason="Menunggu salinan surat tugas.")
    way.then("assessed", "verifier", 1)
    return filed, way.steps


def _awaits_referral(random: Random) -> tuple[datetime, list[Planned]]:
    filed, way = _registered(random, 10, 13)
    way.invite(at(october(12), 10), "terlapor", "Ruang rapat")
    way.then("clarified", "verifier", 1)
    way.then("assessed", "verifier", 1)
    way.then("decided", "leader", 1, outcome="violation", kinds="*")
    return filed, way.steps


def _lacks_something(random: Random) -> tuple[datetime, list[Planned]]:
    filed, way = _way(random, 14, 10)
    way.then("reviewed", "verifier", outcome="incomplete", note="Alamat terlapor belum jelas.")
    return filed, way.steps


def _needs_more_time(random: Random) -> tuple[datetime, list[Planned]]:
    filed, way = _registered(random, 13, 14)
    way.invite(at(october(16), 9), "terlapor", "Ruang 2")
    way.then("extra_needed", "verifier", reason="Terlapor minta waktu membawa dokumen.")
    return filed, way.steps


def _awaits_registration(random: Random) -> tuple[datetime, list[Planned]]:
    filed, way = _way(random, 14, 8)
    way.then("reviewed", "verifier", outcome="complete")
    return filed, way.steps
