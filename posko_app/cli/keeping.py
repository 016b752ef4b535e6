"""`posko digest`, `backup`, `restore`: whether two offices hold the same, and safe copies."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

from posko_app.errors import UserError

from .answer import Answer
from .session import folder_of, made_folder, meter, opened, password_for


def add(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add the commands of this family."""
    same = commands.add_parser(
        "digest", parents=[common], help="sidik isi: sama di dua kantor bila datanya sama"
    )
    same.set_defaults(run=run_digest)
    same.add_argument(
        "--of", default="", metavar="KODE", help="kantor yang dihitung: 62.10 (biasanya sendiri)"
    )
    same.add_argument(
        "--confidential", action="store_true", help="hitung juga identitas pelapor dan saksi"
    )

    backup = commands.add_parser(
        "backup", parents=[common], help="cadangan yang diperiksa: data, kunci dan bukti"
    )
    backup.set_defaults(run=run_backup)
    backup.add_argument("--out", required=True, metavar="FOLDER", help="folder untuk cadangan")

    restore = commands.add_parser(
        "restore", parents=[common], help="pulihkan cadangan; kantor yang ada disimpan dulu"
    )
    restore.set_defaults(run=run_restore)
    restore.add_argument("file", metavar="BERKAS", help="cadangan: Posko_….cadangan")
    restore.add_argument(
        "--partial", action="store_true", help="pulihkan juga bila sebagian bukti tidak ada"
    )


def run_digest(args: argparse.Namespace) -> Answer:
    """One text that is equal in two offices when they hold the same records."""
    from posko_app.exchange.digest import digest
    from posko_app.office.setup import region_code

    code = region_code(args.of) if args.of else ""
    with opened(args) as posko:
        code = code or posko.office.code
        found = digest(posko, code, confidential=args.confidential, progress=meter(args))
    data = {"digest": found.digest, "records": found.records, "conflicts": found.conflicts}
    lines = [
        found.digest,
        f"{found.records} catatan kantor {code}, {found.conflicts} isian menunggu keputusan.",
    ]
    return Answer(data, lines)


def run_backup(args: argparse.Namespace) -> Answer:
    """Write a backup and prove it."""
    out = Path(args.out).absolute()
    from posko_app.office.backup import back_up

    with opened(args) as posko, made_folder(out):
        made = back_up(posko, out, meter(args))
    data = {
        "path": str(made.path),
        "size": made.size,
        "records": made.records,
        "files": made.files,
        "copied": made.copied,
        "missing": list(made.missing),
        "problems": list(made.problems),
    }
    lines = [
        f"Cadangan tersimpan dan sudah diperiksa: {made.path}",
        f"{made.records} catatan, {made.files} berkas bukti ({made.copied} baru disalin). "
        "Simpan folder brankas di sebelahnya.",
        *(f"Bukti ini rusak atau hilang dan tidak ikut: {name}" for name in made.missing),
        *made.problems,
    ]
    return Answer(data, lines)


def run_restore(args: argparse.Namespace) -> Answer:
    """Put a backup in the place of the office in `--data`, as a new device."""
    file, folder = Path(args.file).absolute(), folder_of(args)
    from posko_app.office.restore import look_into, restore

    account = _account(args, look_into(file).accounts)
    done = restore(
        file,
        folder,
        account,
        password_for(account),
        partial=args.partial,
        progress=meter(args),
    )
    data = {
        "data": str(done.folder),
        "office": done.office,
        "made_at": done.made_at,
        "device": done.device,
        "label": done.label,
        "kept": str(done.kept) if done.kept else None,
        "files": done.files,
        "missing": list(done.missing),
        "problems": list(done.problems),
        "inbox": done.inbox,
    }
    lines = [f"{done.office} dipulihkan di {done.folder}.", done.sentence]
    if done.kept:
        lines.append(f"Data yang ada sebelumnya disimpan di {done.kept}.")
    if done.inbox:
        lines.append(
            f"{done.inbox} kiriman ada di {done.folder / 'arsip' / 'masuk'}. Terima lagi dengan "
            "posko import; yang sudah ada tidak berubah."
        )
    lines += [f"Bukti ini tidak ada: {name}" for name in done.missing]
    return Answer(data, [*lines, *done.problems])


def _account(args: argparse.Namespace, accounts: tuple[str, ...]) -> str:
    """The account to open the backup with: `--user`, `POSKO_USER`, else the only one."""
    named = args.user or os.environ.get("POSKO_USER", "")
    if named or len(accounts) == 1:
        return str(named).strip().lower() or accounts[0]
    raise UserError(
        f"Cadangan ini punya beberapa akun: {', '.join(accounts)}. Sebutkan salah satu dengan "
        "--user.",
        "choose_user",
    )
