"""`posko holidays`, `posko rules`: what an office changes about days and rules, and what moves."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from posko_app.errors import UserError
from posko_app.text import short_date

from .answer import Answer, table
from .rule_files import add_files
from .session import meter, opened
from .words import day

if TYPE_CHECKING:
    from posko_app.app import Posko
    from posko_app.cases.law_change import Drill
    from posko_app.law import LawChange
    from posko_app.office.holidays import HolidayRow

MOST = 40  # lines of moved dates on a terminal; --json gives all


def add(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add the commands of this family."""
    _add_holidays(commands, common)
    _add_rules(commands, common)


def _add_holidays(commands: Any, common: argparse.ArgumentParser) -> None:
    holidays = commands.add_parser("holidays", parents=[common], help="hari libur kantor ini")
    acts = holidays.add_subparsers(title="Yang dilakukan", dest="act", required=True)
    listed = acts.add_parser("list", parents=[common], help="daftar hari libur satu tahun")
    listed.set_defaults(run=run_list)
    listed.add_argument("--year", type=int, metavar="TAHUN", help="bawaan: tahun ini")
    added = acts.add_parser("add", parents=[common], help="tambah hari libur")
    added.set_defaults(run=run_add)
    added.add_argument("on", type=day, metavar="TANGGAL")
    added.add_argument("name", metavar="NAMA")
    added.add_argument(
        "--kind", default="local", choices=("national", "joint_leave", "local"), help="jenisnya"
    )
    removed = acts.add_parser("remove", parents=[common], help="jadikan hari kerja")
    removed.set_defaults(run=run_remove)
    removed.add_argument("on", type=day, metavar="TANGGAL")
    moved = acts.add_parser("move", parents=[common], help="pindahkan hari libur")
    moved.set_defaults(run=run_move)
    moved.add_argument("on", type=day, metavar="DARI")
    moved.add_argument("to", type=day, metavar="KE")
    back = acts.add_parser("restore", parents=[common], help="kembalikan ke bawaan program")
    back.set_defaults(run=run_restore)
    back.add_argument("on", type=day, metavar="TANGGAL")
    whole = acts.add_parser("year", parents=[common], help="nyatakan tabel satu tahun lengkap")
    whole.set_defaults(run=run_year)
    whole.add_argument("year", type=int, metavar="TAHUN")
    for act in (added, removed, moved, back, whole):
        add_change(act)


def _add_rules(commands: Any, common: argparse.ArgumentParser) -> None:
    rules = commands.add_parser("rules", parents=[common], help="aturan yang dipakai kantor ini")
    acts = rules.add_subparsers(title="Yang dilakukan", dest="act", required=True)
    listed = acts.add_parser("list", parents=[common], help="setiap aturan dan sumbernya")
    listed.set_defaults(run=run_rules)
    listed.add_argument("--unsure", action="store_true", help="hanya yang belum pasti")
    history = acts.add_parser("history", parents=[common], help="keputusan kantor tentang aturan")
    history.set_defaults(run=run_history)
    over = acts.add_parser("override", parents=[common], help="ubah satu nilai aturan")
    over.set_defaults(run=run_override)
    over.add_argument("rule", metavar="TABEL.KUNCI.BAGIAN", help="deadline.initial_review.amount")
    over.add_argument("value", metavar="NILAI", help="angka, teks, tanggal, atau jam per hari")
    confirm = acts.add_parser("confirm", parents=[common], help="pastikan satu bacaan")
    confirm.set_defaults(run=run_confirm)
    confirm.add_argument("rule", metavar="TENGGAT", help="misalnya handling_base")
    confirm.add_argument("question", choices=("start", "first_day", "limit", "cutoff"))
    confirm.add_argument(
        "reading", nargs="?", default="", metavar="BACAAN", help="bawaan: yang sudah dipakai"
    )
    undo = acts.add_parser("undo", parents=[common], help="cabut satu keputusan")
    undo.set_defaults(run=run_undo)
    undo.add_argument("decision", metavar="UID", help="dari posko rules history")
    for act in (over, confirm):
        act.add_argument("--source", required=True, metavar="SUMBER", help="pasal atau surat")
        act.add_argument("--valid-from", type=day, metavar="TANGGAL", help="bawaan: semua perkara")
    for act in (listed, history, over, confirm):
        act.add_argument("--regulation", default="", metavar="ID", help="bawaan: aturan kantor")
    for act in (over, confirm, undo):
        add_change(act)
    add_files(acts, common, add_change)


def add_change(act: argparse.ArgumentParser) -> None:
    """The arguments of every change: why, and whether it is made or only rehearsed."""
    act.add_argument("--reason", required=True, metavar="ALASAN", help="alasan atau nomor surat")
    how = act.add_mutually_exclusive_group()
    how.add_argument("--dry-run", action="store_true", help="hanya perlihatkan akibatnya (bawaan)")
    how.add_argument("--apply", action="store_true", help="perlihatkan akibatnya, lalu terapkan")


def run_list(args: argparse.Namespace) -> Answer:
    """The holidays of a year."""
    from posko_app.office.holidays import holidays

    with opened(args) as posko:
        year = args.year or posko.today().year
        rows = holidays(posko, year)
    cells = [(short_date(r.on), _state(r), r.name, "kantor ini" if r.own else "") for r in rows]
    return Answer(
        {"year": year, "holidays": [_item(row) for row in rows]},
        table(("Tanggal", "Jenis", "Nama", "Dari"), cells),
    )


def run_add(args: argparse.Namespace) -> Answer:
    """Make a day a holiday."""
    from posko_app.office.holidays import adding, plan_holidays

    with opened(args) as posko:
        edits = adding(args.on, args.name, args.kind)
        return changed(args, posko, plan_holidays(posko, edits, args.reason))


def run_remove(args: argparse.Namespace) -> Answer:
    """Make a holiday a working day."""
    from posko_app.office.holidays import plan_holidays, removing

    with opened(args) as posko:
        edits = removing(posko, args.on)
        return changed(args, posko, plan_holidays(posko, edits, args.reason))


def run_move(args: argparse.Namespace) -> Answer:
    """Move a holiday to another day."""
    from posko_app.office.holidays import moving, plan_holidays

    with opened(args) as posko:
        edits = moving(posko, args.on, args.to)
        return changed(args, posko, plan_holidays(posko, edits, args.reason))


def run_restore(args: argparse.Namespace) -> Answer:
    """Give a day back to the program's own table."""
    from posko_app.office.holidays import plan_holidays, restoring

    with opened(args) as posko:
        return changed(args, posko, plan_holidays(posko, restoring(args.on), args.reason))


def run_year(args: argparse.Namespace) -> Answer:
    """Say that all holidays of a year are entered."""
    from posko_app.office.holidays import plan_year

    with opened(args) as posko:
        return changed(args, posko, plan_year(posko, args.year, args.reason))


def changed(args: argparse.Namespace, posko: Posko, change: LawChange) -> Answer:
    """What a change moves; with `--apply` it is made."""
    from posko_app.cases.law_change import apply_change, drill

    found = drill(posko, change, meter(args))
    if args.apply:
        apply_change(posko, change, meter(args))
    data = {"change": change.what, "applied": bool(args.apply), **drill_item(found)}
    end = "Diterapkan." if args.apply else "Belum diterapkan. Ulangi dengan --apply."
    return Answer(data, [change.what, *drill_lines(found), end])


def drill_item(found: Drill) -> dict[str, Any]:
    """A drill for programs."""
    return {
        "open_cases": found.looked_at,
        "cases_moved": found.cases,
        "moved": [
            {
                "uid": item.case_uid,
                "number": item.number,
                "rule": item.rule,
                "label": item.label,
                "old_on": item.old_on.isoformat() if item.old_on else None,
                "new_on": item.new_on.isoformat() if item.new_on else None,
                "old_safe_on": item.old_safe.isoformat() if item.old_safe else None,
                "new_safe_on": item.new_safe.isoformat() if item.new_safe else None,
                "why": item.why,
            }
            for item in found.moved
        ],
    }


def drill_lines(found: Drill) -> list[str]:
    """A drill for people."""
    if not found.moved:
        return [f"Tidak ada batas yang bergeser di {found.looked_at} perkara terbuka."]
    cells = [
        (
            item.number,
            item.label,
            short_date(item.old_on) if item.old_on else "–",
            short_date(item.new_on) if item.new_on else "–",
            item.why,
        )
        for item in found.moved[:MOST]
    ]
    lines = [
        f"{found.cases} dari {found.looked_at} perkara terbuka bergeser batasnya:",
        *table(("Perkara", "Batas", "Semula", "Menjadi", "Sebab"), cells),
    ]
    if len(found.moved) > MOST:
        lines.append(f"… dan {len(found.moved) - MOST} lagi; --json memuat semuanya.")
    return lines


def _state(row: HolidayRow) -> str:
    from posko_app.rules.calendar import KINDS

    return "Hari kerja" if row.working else KINDS[row.kind]


def _item(row: HolidayRow) -> dict[str, Any]:
    return {
        "on": row.on.isoformat(),
        "name": row.name,
        "kind": row.kind,
        "working": row.working,
        "estimate": row.estimate,
        "own": row.own,
        "reason": row.reason,
    }


def run_rules(args: argparse.Namespace) -> Answer:
    """Every fact of a regulation as the office has it."""
    from posko_app.office.rules import fact_rows

    with opened(args) as posko:
        name = args.regulation or posko.office.regulation
        rows = [row for row in fact_rows(posko, name) if not (args.unsure and row.sure)]
    cells = [
        (row.key, row.name, row.value, row.confidence, "kantor ini" if row.own else "")
        for row in rows
    ]
    data = [
        {
            "rule": row.key,
            "name": row.name,
            "value": row.value,
            "source": row.source,
            "confidence": row.confidence,
            "open_readings": row.open_readings,
            "own": row.own,
        }
        for row in rows
    ]
    headings = ("Aturan", "Nama", "Nilai", "Pasti", "Dari")
    return Answer({"regulation": name, "rules": data}, table(headings, cells))


def run_history(args: argparse.Namespace) -> Answer:
    """What the office decided about rules, the newest first."""
    from posko_app.office.rules import decisions

    with opened(args) as posko:
        rows = decisions(posko, args.regulation)
    data = [
        {
            "uid": row.uid,
            "regulation": row.regulation,
            "rule": f"{row.table}.{row.entry}.{row.field}",
            "kind": row.kind,
            "what": row.what,
            "valid_from": row.valid_from.isoformat(),
            "reason": row.reason,
            "source": row.source,
            "by": row.made_by,
            "at": row.made_at.isoformat(),
            "taken_back": row.taken_back,
        }
        for row in rows
    ]
    cells = [(r.uid, r.name, r.what, r.reason, "dicabut" if r.taken_back else "") for r in rows]
    return Answer(
        {"decisions": data}, table(("UID", "Aturan", "Perubahan", "Alasan", "Keadaan"), cells)
    )


def run_override(args: argparse.Namespace) -> Answer:
    """Set one value of a rule."""
    from posko_app.office.rules import plan_override

    group, _, rest = args.rule.partition(".")
    entry, _, field = rest.rpartition(".")
    if not (group and entry and field):
        raise UserError(
            f"Aturan {args.rule} belum lengkap. Tidak ada yang diubah. "
            "Tulis seperti deadline.initial_review.amount.",
            "unknown_rule",
        )
    value = args.value.split() if field in ("open", "close") else args.value
    with opened(args) as posko:
        change = plan_override(
            posko,
            regulation=args.regulation or posko.office.regulation,
            table=group,
            entry=entry,
            field=field,
            value=value,
            reason=args.reason,
            source=args.source,
            valid_from=args.valid_from,
        )
        return changed(args, posko, change)


def run_confirm(args: argparse.Namespace) -> Answer:
    """Confirm a reading of a deadline, so that its safe date falls away."""
    from posko_app.office.rules import plan_reading

    with opened(args) as posko:
        change = plan_reading(
            posko,
            regulation=args.regulation or posko.office.regulation,
            rule=args.rule,
            question=args.question,
            reading=args.reading,
            reason=args.reason,
            source=args.source,
            valid_from=args.valid_from,
        )
        return changed(args, posko, change)


def run_undo(args: argparse.Namespace) -> Answer:
    """Take back a decision."""
    from posko_app.office.rules import plan_undo

    with opened(args) as posko:
        return changed(args, posko, plan_undo(posko, args.decision, args.reason))
