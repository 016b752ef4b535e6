"""`posko package list`, and parts of packages that `posko import` is given."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from posko_app.errors import UserError
from posko_app.text import file_size

from . import trusting
from .answer import Answer, table
from .session import meter, opened

if TYPE_CHECKING:
    from posko_app.app import Posko
    from posko_app.exchange.package.standing import PackageState
    from posko_app.exchange.package.take import PartTaken
    from posko_app.exchange.package.write import PackageResult
    from posko_app.exchange.wanting import What


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A file that was given to `posko import`, for programs and for people."""

    path: Path
    refused: bool
    applied: bool
    reason: str
    data: dict[str, Any]
    lines: list[str]


def add(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add the commands of this family."""
    package = commands.add_parser("package", parents=[common], help="paket bukti yang diterima")
    package.add_argument("what", choices=("list",), help="daftar paket dan yang masih kurang")
    package.set_defaults(run=run_list)


def run_list(args: argparse.Namespace) -> Answer:
    """Every package of which something came, what lacks, and the text that asks for it."""
    from posko_app.exchange.package.assemble import mend
    from posko_app.exchange.package.standing import ask_again, packages

    with opened(args) as posko:
        mend(posko, progress=meter(args))
        found = packages(posko)
        texts = [ask_again(posko, state) for state in found]
    rows = [
        (s.group[-8:], s.office_name, f"{len(s.came)} dari {s.parts}", s.sentence) for s in found
    ]
    lines = table(("Paket", "Pengirim", "Bagian", "Bukti"), rows, widest=60) if rows else [
        "Belum ada paket bukti yang diterima."
    ]  # fmt: skip
    lines += [f"  {text}" for text in texts if text]
    data = [{**state_data(state), "ask": text} for state, text in zip(found, texts, strict=True)]
    return Answer({"packages": data}, lines)


def is_part(path: Path) -> bool:
    """Whether a file is to be taken as a part of a package, by what it holds or its name."""
    from posko_app.exchange.peek import glance

    kind, name = glance(path).kind, path.name.casefold()
    if kind == "locked":  # what it holds shows only when it is opened
        return not name.removesuffix(".age").endswith(".xlsx")
    return kind == "package" or name.endswith(".zip")


def judge(args: argparse.Namespace, posko: Posko, path: Path) -> tuple[Judged, Path | None]:
    """Look at a part or, with `--apply`, take it in; and the workbook that came along.

    Raises UserError only for wrong words of a key.
    """
    from posko_app.exchange.package.take import see_part

    try:
        if not args.apply:
            seen = see_part(posko, path, meter(args))
            said = (
                f"{path.name}: diperiksa; bagian {seen.part} dari {seen.parts} paket bukti "
                f"{seen.office_name}, {seen.files} berkas, {file_size(seen.bytes)}. "
                "Belum diterima (tambahkan --apply)."
            )
            inside: dict[str, Any] = {
                "group": seen.group, "office": seen.office, "part": seen.part,
                "parts": seen.parts, "files": seen.files,
            }  # fmt: skip
            data: dict[str, Any] = {"package": inside}
            return _judged(path, data, [said], applied=False), None
        taken = _take(args, posko, path)
    except UserError as refused:
        if refused.code in ("words_differ", "invalid_input", "wrong_password"):
            raise
        data = {"code": refused.code, "reason": refused.message, "verdict": "refused"}
        lines = [f"{path.name}: ditolak. {refused.message}"]
        return _judged(path, data, lines, applied=False, reason=refused.message), None
    return _judged(path, _part_data(taken), _part_lines(taken), applied=True), taken.book


def _judged(
    path: Path, data: dict[str, Any], lines: list[str], *, applied: bool, reason: str = ""
) -> Judged:
    told = {
        "path": str(path), "verdict": "accepted", "code": "", "reason": "", "applied": applied
    }  # fmt: skip
    return Judged(
        path=path,
        refused=bool(reason),
        applied=applied,
        reason=reason,
        data={**told, **data},
        lines=lines,
    )


def _take(args: argparse.Namespace, posko: Posko, path: Path) -> PartTaken:
    """Take a part in; a sender nobody knows is decided about as the options say."""
    from posko_app.exchange.package.take import look_at_part, take_part
    from posko_app.exchange.trust import confirm_key, replace_key

    try:
        return take_part(posko, path, meter(args))
    except UserError as refused:
        if refused.code not in (trusting.UNKNOWN, trusting.CHANGED):
            raise
        card = look_at_part(posko, path)
        words = trusting.words_for(args, card, refused.code)
        if not words:
            raise trusting.way_on(refused) from None
        if refused.code == trusting.UNKNOWN:
            confirm_key(posko, card, words)
        else:
            second = trusting.second_person(args)
            replace_key(posko, card, words, args.reason, second)
    return take_part(posko, path, meter(args))


def _part_data(taken: PartTaken) -> dict[str, Any]:
    """A part that was taken, for programs."""
    return {
        "package": {
            "part": taken.part,
            "whole": taken.whole,
            "pieces": taken.pieces,
            "held": taken.held,
            "damaged": taken.damaged + taken.discarded,
            "strange": taken.strange,
            **state_data(taken.state),
        },
    }


def state_data(state: PackageState) -> dict[str, Any]:
    """How complete a package is, for programs."""
    return {
        "group": state.group,
        "office": state.office,
        "parts": state.parts,
        "came": list(state.came),
        "evidence": state.total,
        "complete": state.whole,
        "missing": list(state.missing),
        "waiting": state.waiting,
    }


def _part_lines(taken: PartTaken) -> list[str]:
    """A part that was taken, for people."""
    name = taken.path.name
    if taken.twice:
        lines = [f"{name}: bagian {taken.part} dari {taken.parts} sudah ada; tidak ada yang baru."]
    else:
        lines = [f"{name}: bagian {taken.part} dari {taken.parts} diterima."]
    lines.append(f"  {taken.office_name}: {taken.state.sentence}.")
    if taken.damaged or taken.discarded:
        bad = taken.damaged + taken.discarded
        lines.append(f"  {bad} berkas rusak di jalan. Minta bagian ini dikirim ulang.")
    if taken.strange:
        lines.append(f"  {taken.strange} berkas bukan bukti perkara kantor ini; tidak disimpan.")
    if taken.state.waiting:
        lines.append(f"  {taken.state.waiting} bukti menunggu kiriman Excel yang memuatnya.")
    return lines


def write(
    args: argparse.Namespace, posko: Posko, code: str, cases: Sequence[str], out: Path
) -> PackageResult:
    """The parts with the evidence of the cases that go now, if the workbooks may go at all."""
    from posko_app.exchange.beforehand import require_quiet
    from posko_app.exchange.package.sizes import part_size
    from posko_app.exchange.package.write import write_package
    from posko_app.exchange.prospect import prospects

    what: What = "picked" if cases else args.what
    require_quiet(
        posko, code, what=what, cases=cases, profile=args.profile, names_stay=args.names_stay,
        progress=meter(args),
    )  # fmt: skip
    found = prospects(posko, code, profile=args.profile, picked=cases)
    return write_package(
        posko,
        code,
        sorted(found.by_what[what].cases),
        out,
        part_size(args.part or "surel").bytes,
        profile=args.profile,
        lock=args.lock,
        progress=meter(args),
    )


def take_back(posko: Posko, package: PackageResult) -> None:
    """Remove the parts of an export that did not come about."""
    from posko_app.exchange.package.write import withdraw

    withdraw(posko, package)


def written_data(package: PackageResult) -> dict[str, Any]:
    """A package that was made, for programs."""
    return {
        "group": package.group,
        "files": [str(path) for path in package.files],
        "evidence": package.evidence,
        "bytes": package.bytes,
        "confidential": package.confidential,
        "absent": package.absent,
    }


def written_lines(package: PackageResult) -> list[str]:
    """A package that was made, for people."""
    lines = []
    if package.files:
        size = file_size(package.bytes)
        lines.append(f"Paket bukti: {package.evidence} bukti, {size}, {len(package.files)} bagian.")
    else:
        lines.append("Tidak ada berkas bukti yang dapat dikirim.")
    lines += [f"  {path}" for path in package.files]
    if package.confidential:
        lines.append(f"  {package.confidential} berkas rahasia tidak ikut.")
    if package.absent:
        lines.append(f"  {package.absent} bukti tidak punya berkas di kantor ini.")
    return lines
