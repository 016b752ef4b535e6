"""`make_demo`: three practice offices and everything that has happened in them."""

from __future__ import annotations

import shutil
from contextlib import ExitStack
from pathlib import Path
from random import Random

from posko_app.cases.drafts import save_draft
from posko_app.data.lock import OfficeLock
from posko_app.errors import UserError
from posko_app.paths import OfficeFolder
from posko_app.progress import Progress, silent

from .bulk import actions_by_day
from .chat import chat_of_a_tip
from .clock import FIRST_DAY, LAST_MOMENT, LONG_FIRST_DAY, StoryClock
from .hearings import hearings_of
from .journey import Journey, share
from .life import lives
from .links import links_of_cases
from .offices import LEVELS, OFFICES, PASSWORD, USER, PracticeOffice, enter_office, make_office
from .papers import Papers
from .people import Inventor
from .prevention import plan_prevention
from .referrals import news_of_referrals
from .result import FORMAT, MARK, DemoOffice, DemoResult, known_result, read_mark, write_mark

FOLDERS = {
    "kecamatan": "kecamatan-kurun",
    "kabupaten": "kabupaten-gunung-mas",
    "provinsi": "provinsi-kalimantan-tengah",
}
PAPERS = ("bukti", "isian", "kiriman", "rekap", "surat")
BEGUN: tuple[tuple[str, dict[str, str]], ...] = (
    (
        "Ahmad Andaikata",
        {
            "channel": "Datang langsung",
            "filed_on": "15-10-2024",
            "filed_time": "08.20",
            "filed_place": "Kantor Bawaslu Kabupaten Gunung Mas",
            "reporter.name": "Norhaida Tamsil",
            "reporter.address": "Jalan Umpama Nomor 12, RT 03, Kuala Kurun",
            "event_place": "Lapangan Contoh, Kuala Kurun",
        },
    ),
    ("", {"channel": "Telepon", "filed_on": "15-10-2024", "reporter.phone": "0812-5555-0142"}),
)
MANY = 1500  # with more cases than this the story begins in January


def make_demo(
    out: Path,
    cases: int = 60,
    seed: int = 1,
    progress: Progress = silent,
    *,
    force: bool = False,
) -> DemoResult:
    """Practice offices in `out` with `cases` invented cases; the same seed makes the same story.

    What is there already is kept, unless it is something else or `force` is set. Raises UserError
    when `out` holds anything but practice offices, or one of them is open; Cancelled when stopped:
    then the folder is marked unfinished and made anew next time.
    """
    wanted = {"format": FORMAT, "cases": cases, "seed": seed}
    if not force and (known := known_result(out, wanted)):
        return known
    _clear(out)
    out.mkdir(parents=True, exist_ok=True)
    write_mark(out, wanted)
    result = _tell(out, cases, seed, progress)
    write_mark(out, wanted, result)
    return result


def _clear(out: Path) -> None:
    """Remove practice offices made before, and nothing else."""
    if out.exists() and not out.is_dir():
        raise UserError(
            f"{out} bukan folder. Tidak ada yang diubah. Pilih folder lain.", "not_a_folder"
        )
    if not out.exists() or not any(out.iterdir()):
        return
    if read_mark(out) is None:
        raise UserError(
            f"Folder {out} berisi hal lain. Tidak ada yang diubah. "
            "Pilih folder kosong atau folder baru.",
            "folder_not_empty",
        )
    for name in FOLDERS.values():
        if (out / name).is_dir():
            OfficeLock(OfficeFolder(out / name).lock).release()
    for name in (*FOLDERS.values(), *PAPERS):
        if (out / name).is_dir():
            shutil.rmtree(out / name)
    (out / MARK).unlink()


def _tell(out: Path, cases: int, seed: int, progress: Progress) -> DemoResult:
    random = Random(seed)  # noqa: S311 - invented data, not keys
    clock = StoryClock()
    told = 0

    def done(count: int) -> None:
        nonlocal told
        told += count
        progress(told, cases + 1, "Mengisi kantor latihan")

    done(0)
    for level in LEVELS:
        make_office(out / FOLDERS[level], level, clock)
    papers = Papers(out, random)
    with ExitStack() as stack:
        offices = {}
        for level in LEVELS:
            office = enter_office(out / FOLDERS[level], level, clock)
            stack.callback(office.posko.close)
            offices[level] = office
        papers.blank(offices["kecamatan"])
        journey = Journey(offices, papers, random, done)
        _plan(journey, random, cases)
        journey.play()
        clock.turn_to(LAST_MOMENT)
        _drafts(offices["kabupaten"])
        news_of_referrals(offices["kabupaten"])
        hearings_of(offices["kabupaten"])
        links_of_cases(offices["kabupaten"])
        papers.files += chat_of_a_tip(out / "bukti", offices["kabupaten"], random)
        for level in ("kabupaten", "provinsi"):
            papers.recap(offices[level])
    progress(cases + 1, cases + 1, "Mengisi kantor latihan")
    made = tuple(
        DemoOffice(level, OFFICES[level].region_code, out / FOLDERS[level]) for level in LEVELS
    )
    return DemoResult(made, tuple(papers.files), cases, USER, PASSWORD)


def _plan(journey: Journey, random: Random, cases: int) -> None:
    """Everything that will happen, before anything does."""
    below, here, many = share(cases)
    for level, count in (("kecamatan", below), ("kabupaten", here)):
        inventor = Inventor(random, journey.offices[level].posko)
        desk = level == "kabupaten"
        for life in lives(inventor, random, count, FIRST_DAY, desk=desk):
            journey.plan_life(level, life)
        journey.plan_prevention(level, inventor, 6 if level == "kecamatan" else 14)
    plan_prevention(journey)
    if many:
        inventor = Inventor(random, journey.offices["kabupaten"].posko)
        first = FIRST_DAY if many < MANY else LONG_FIRST_DAY
        journey.plan_bulk("kabupaten", actions_by_day(lives(inventor, random, many, first)))
    journey.plan_exchange(cases)


def _drafts(office: PracticeOffice) -> None:
    """Forms that the first two people of the desk have begun, as the page keeps them."""
    for place, (party, fields) in enumerate(BEGUN):
        rows = [{"raw": {"name": party}, "path": ""}] if party else []
        content = {"fields": fields, "rows": {"reported": rows}}
        title = f"Laporan baru, terlapor {party}" if party else "Laporan baru"
        with office.acting(office.who("receiver", 1 - place)) as posko:
            save_draft(posko, "report", title, content)
