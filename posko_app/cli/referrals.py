"""`posko referrals` and `posko referral`: what waits for institutions, and what they answered."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from posko_app.errors import InvalidInput, Problem
from posko_app.text import short_date

from .answer import Answer, table
from .session import opened
from .words import count, day

if TYPE_CHECKING:
    from posko_app.app import Posko
    from posko_app.cases.referral_view import ReferralView, Sanction


def add(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add the commands of this family."""
    shown = commands.add_parser(
        "referrals", parents=[common], help="penerusan yang menunggu jawaban instansi"
    )
    shown.set_defaults(run=run_referrals)
    shown.add_argument("--age", type=count, default=0, metavar="HARI", help="paling sedikit")
    shown.add_argument("--addressee", default="", metavar="KODE", help="misalnya bkn_regional")
    shown.add_argument("--case", default="", metavar="PERKARA", help="semua penerusan perkara ini")

    one = commands.add_parser("referral", parents=[common], help="catat kabar satu penerusan")
    one.set_defaults(run=run_referral)
    one.add_argument("case", metavar="PERKARA", help="nomor atau uid")
    one.add_argument("--referral", default="", metavar="UID", help="bila ada lebih dari satu")
    one.add_argument("--on", type=day, metavar="TANGGAL", help="tanggal kabar")
    one.add_argument("--state", default="", metavar="KEADAAN", help="misalnya under_verification")
    one.add_argument("--number", default="", metavar="NOMOR", help="nomor surat instansi")
    one.add_argument("--note", default="", metavar="TEKS", help="isi kabar")
    one.add_argument("--file", default="", metavar="BERKAS", help="jawaban, menjadi bukti")
    one.add_argument("--office", default=None, metavar="NAMA", help="nama kantor yang dituju")
    one.add_argument("--system", default=None, metavar="KODE", help="misalnya sbt, letter")
    one.add_argument("--ticket", default=None, metavar="NOMOR", help="nomor aduan atau tiket")
    one.add_argument("--remind", type=day, metavar="TANGGAL", help="ingatkan pada")
    one.add_argument("--sanction", default="", metavar="KODE", help="misalnya moral_open, heavy")
    one.add_argument("--form", default="", metavar="TEKS", help="bentuk sanksi")
    one.add_argument("--decree", default="", metavar="NOMOR", help="nomor SK sanksi")
    one.add_argument("--decree-on", type=day, metavar="TANGGAL", help="tanggal SK")
    one.add_argument("--official", default="", metavar="TEKS", help="pejabat yang menetapkan")
    one.add_argument("--effective", type=day, metavar="TANGGAL", help="berlaku sejak (TMT)")


def run_referrals(args: argparse.Namespace) -> Answer:
    """What waits, the longest first; with `--case` every referral of one case."""
    from posko_app.cases.referral import referrals_of
    from posko_app.cases.waiting import waiting

    with opened(args) as posko:
        if args.case:
            data: dict[str, Any] = {}
            items = referrals_of(posko, args.case)
        else:
            found = waiting(posko, addressee=args.addressee, least_days=args.age)
            items = found.items
            data = {"ages": [vars(group) for group in found.ages]}
    lines = table(
        ("Hari", "Dikirim", "Nomor", "Instansi", "Keadaan", "Terlapor"),
        [
            (
                str(item.days),
                short_date(item.sent_on),
                item.case_number,
                item.office,
                item.state_label,
                item.party,
            )
            for item in items
        ],
    )
    said = "penerusan." if args.case else "penerusan menunggu jawaban."
    data["items"] = [_data(item) for item in items]
    return Answer(data, [*lines, f"{len(items)} {said}"])


def run_referral(args: argparse.Namespace) -> Answer:
    """Say how a referral went out, enter what was learnt, and show it."""
    from posko_app.cases.referral import (
        NewUpdate,
        describe_referral,
        referrals_of,
        update_referral,
    )

    told = args.state or args.number or args.note or args.file or args.sanction
    with opened(args) as posko:
        chosen = _chosen(referrals_of(posko, args.case), args.referral)
        details = _details(chosen, args)
        changed = details if details != chosen.details else None
        if changed and not (told or args.on):
            describe_referral(posko, args.case, chosen.event_uid, changed)
        if told or args.on:
            new = NewUpdate(
                on=args.on or posko.today(),
                state=args.state,
                number=args.number,
                note=args.note,
                sanction=_sanction(posko, args),
                file=Path(args.file).absolute() if args.file else None,
            )
            update_referral(posko, args.case, chosen.event_uid, new, changed)
        after = _chosen(referrals_of(posko, args.case), chosen.event_uid)
    said = f"{after.office}: {after.state_label} sejak {short_date(after.state_on)}."
    return Answer(_data(after), [said])


def _chosen(made: tuple[ReferralView, ...], uid: str) -> ReferralView:
    """The referral meant. Raises InvalidInput when that is none, or not clear."""
    found = [item for item in made if uid in ("", item.event_uid)]
    if len(found) == 1:
        return found[0]
    if not found:
        raise InvalidInput([Problem("referral", "Perkara ini belum punya penerusan itu.")])
    named = ", ".join(f"{item.event_uid} ({item.office})" for item in found)
    raise InvalidInput([Problem("referral", f"Sebutkan salah satu dengan --referral: {named}.")])


def _details(chosen: ReferralView, args: argparse.Namespace) -> Any:
    from dataclasses import replace

    given = {
        "office_name": args.office,
        "external_system": args.system,
        "ticket": args.ticket,
        "remind_on": args.remind,
    }
    changed = {name: value for name, value in given.items() if value is not None}
    return replace(chosen.details, **changed)


def _sanction(posko: Posko, args: argparse.Namespace) -> Sanction | None:
    from posko_app.cases.case_view import case_view
    from posko_app.cases.referral_view import Sanction

    if not args.sanction:
        return None
    parties = case_view(posko, args.case).parties
    return Sanction(
        kind=args.sanction,
        form=args.form,
        decree_number=args.decree,
        decree_on=args.decree_on,
        official=args.official,
        effective_on=args.effective,
        party_uid=parties[0].uid if len(parties) == 1 else "",
    )


def _data(item: Any) -> Any:
    """A frozen view as JSON data."""
    if isinstance(item, date):
        return item.isoformat()
    if isinstance(item, tuple):
        return [_data(part) for part in item]
    if hasattr(item, "__dataclass_fields__"):
        return {name: _data(getattr(item, name)) for name in item.__dataclass_fields__}
    return item
