"""`posko setup`, `posko verify`, `posko check`: the office itself and what it stands on."""

from __future__ import annotations

import argparse
import re
from typing import TYPE_CHECKING, Any

from .answer import Answer
from .session import folder_of, meter, opened, password_for

if TYPE_CHECKING:
    from collections.abc import Sequence

LEVELS = ("kecamatan", "kabupaten", "provinsi")


def add(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add the commands of this family."""
    _add_setup(commands, common)
    verify = commands.add_parser(
        "verify", parents=[common], help="periksa basis data, brankas, jejak audit, surat"
    )
    verify.set_defaults(run=run_verify)
    check = commands.add_parser(
        "check", parents=[common], help="periksa berkas aturan, wilayah, surat dan kolom"
    )
    check.set_defaults(run=run_check)


def _add_setup(commands: Any, common: argparse.ArgumentParser) -> None:
    setup = commands.add_parser("setup", parents=[common], help="pasang kantor baru")
    setup.set_defaults(run=run_setup, wrong=setup.error)
    setup.add_argument(
        "--join", default="", metavar="BERKAS", help="komputer lain kantor yang sama: .pasang"
    )
    setup.add_argument(
        "--trust", default="", metavar="ENAM KATA", help="untuk --join: dari komputer pertama"
    )
    setup.add_argument("--label", default="", metavar="NAMA", help="untuk --join: misalnya PC-2")
    setup.add_argument("--level", choices=LEVELS, help="tingkat kantor")
    setup.add_argument(
        "--region",
        metavar="KODE",
        help="kode wilayah Kemendagri: 62, 62.10, 62.10.02",
    )
    setup.add_argument("--name", metavar="NAMA", help="nama kantor")
    setup.add_argument(
        "--admin", required=True, metavar="NAMA", help="admin: nama masuk atau nama orang"
    )
    setup.add_argument("--admin-title", default="", metavar="JABATAN", help="jabatan admin")
    setup.add_argument(
        "--letterhead",
        action="append",
        default=[],
        metavar="BARIS",
        help="baris kop surat, boleh berulang",
    )
    setup.add_argument("--place", default="", metavar="TEMPAT", help="tempat surat ditanggali")
    setup.add_argument(
        "--report-code", default="", metavar="KODE", help="kode Bawaslu di nomor laporan"
    )
    setup.add_argument("--letter-code", default="", metavar="KODE", help="kode di nomor surat")
    setup.add_argument("--zone", default="", choices=("WIB", "WITA", "WIT"), help="zona waktu")
    setup.add_argument("--paper", default="F4", choices=("F4", "A4"), help="kertas surat")
    setup.add_argument(
        "--regulation",
        default="pilkada-2024",
        metavar="ID",
        help="aturan: pilkada-2024, pemilu-2022",
    )
    setup.add_argument(
        "--election-kind", default="PB", metavar="KODE", help="PG, PB, PW, PL atau PP"
    )


def run_setup(args: argparse.Namespace) -> Answer:
    """Make an office; the password is asked twice when it is typed."""
    needed = [name for name in ("level", "region", "name") if not getattr(args, name)]
    if args.join:
        from .second import run_join

        return run_join(args)
    if needed:
        names = ", ".join(f"--{name}" for name in needed)
        args.wrong(f"the following arguments are required: {names}")
    folder = folder_of(args)
    login = login_of(args.admin)
    password = password_for(login, twice=True)
    from posko_app.office.setup import NewOffice, create_office
    from posko_app.paths import resource
    from posko_app.rules.book import load_rules

    load_rules(resource("rules")).get(args.regulation)
    new = NewOffice(
        level=args.level,
        region_code=args.region,
        name=args.name,
        admin_login=login,
        admin_name=args.admin.strip(),
        admin_title=args.admin_title,
        letterhead="\n".join(args.letterhead),
        place=args.place,
        report_code=args.report_code.strip(),
        letter_code=args.letter_code.strip(),
        zone=args.zone,
        paper=args.paper,
        regulation=args.regulation,
        election_kind=args.election_kind.strip().upper(),
    )
    create_office(folder, new, password)
    from posko_app.office.setup import region_code

    made = {
        "data": str(folder),
        "level": args.level,
        "code": region_code(args.region),
        "user": login,
    }
    lines = [
        f"Kantor {args.name} siap di {folder}.",
        f"Masuk sebagai {login}.",
        *_reminders(new.report_code, new.letter_code),
    ]
    return Answer(made, lines)


def login_of(name: str) -> str:
    """The login for `--admin`: as typed when it can be one, else made from a person's name."""
    from posko_app.text import fold

    typed = name.strip().lower()
    if re.fullmatch(r"[a-z0-9][a-z0-9._-]{1,31}", typed):
        return typed
    plain = fold(name).encode("ascii", "ignore").decode()
    return ".".join(plain.split())[:32].strip(".")


def _reminders(report_code: str, letter_code: str) -> list[str]:
    found = []
    if not report_code:
        found.append(
            "Kode laporan Bawaslu belum diisi; isi di Pengaturan sebelum menerima laporan."
        )
    if not letter_code:
        found.append("Kode surat belum diisi; isi di Pengaturan sebelum menerbitkan surat.")
    return found


def run_verify(args: argparse.Namespace) -> Answer:
    """Prove that everything stored is whole; exit code 1 when something is not."""
    with opened(args) as posko:
        from posko_app.cases.board import board_problems
        from posko_app.office.health import verify_storage

        problems = list(verify_storage(posko, meter(args)))
        with posko.store.read() as session:
            problems += board_problems(posko, session)
    return _judged(problems, "Semua utuh.")


def run_check(args: argparse.Namespace) -> Answer:
    """Load every resource file and follow every reference; needs no office."""
    from posko_app.cases.chat_check import check_resources as check_chats
    from posko_app.cases.kinds import check_resources as check_kinds
    from posko_app.cases.list_views import check_views
    from posko_app.cases.people_book import check_resources as check_people
    from posko_app.cases.prevention_words import check_resources as check_prevention
    from posko_app.cases.referral_book import check_resources as check_referrals
    from posko_app.demo.people import check_names
    from posko_app.exchange.check import check_resources as check_exchange
    from posko_app.letters.check import check_resources as check_letters
    from posko_app.rules.check import check_resources as check_rules

    problems: list[str] = []
    for room, check in (
        ("rules", check_rules),
        ("letters", check_letters),
        ("exchange", check_exchange),
        ("chats", check_chats),
        ("kinds", check_kinds),
        ("lists", check_views),
        ("people", check_people),
        ("prevention", check_prevention),
        ("referrals", check_referrals),
        ("demo", check_names),
    ):
        problems += [f"{room}: {problem}" for problem in check()]
    return _judged(problems, "Semua berkas aturan dan acuan cocok.")


def _judged(problems: Sequence[str], good: str) -> Answer:
    data: dict[str, Any] = {"ok": not problems, "problems": list(problems)}
    if not problems:
        return Answer(data, [good])
    return Answer(data, problems, 1, f"Ditemukan {len(problems)} masalah. Tidak ada yang diubah.")
