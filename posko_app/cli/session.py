"""Opening the office a command works on: which folder, whose account, which password."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from posko_app.errors import UserError
from posko_app.paths import OfficeFolder, default_data
from posko_app.progress import Progress, silent

if TYPE_CHECKING:
    from posko_app.app import Posko


def folder_of(args: argparse.Namespace) -> Path:
    """The data folder: `--data`, else the user's own."""
    return Path(args.data).expanduser().absolute() if args.data else default_data()


@contextmanager
def opened(args: argparse.Namespace) -> Iterator[Posko]:
    """The office of `--data`, open for the account of `--user`; closed at the end.

    Raises UserError: no office there, unknown account, wrong password, open elsewhere.
    """
    folder = folder_of(args)
    from posko_app.app import open_office
    from posko_app.data.engines import require_file
    from posko_app.data.swap import settle_swap

    settle_swap(OfficeFolder(folder))
    require_file(OfficeFolder(folder).keyfile)  # before anybody types a password
    account = account_of(args, folder)
    password = password_for(account)
    posko = open_office(folder, account, password)
    shutil.rmtree(posko.folder.private, ignore_errors=True)  # plain copies that a crash left
    for sentence in posko.news:
        sys.stderr.write(f"{sentence}\n")
    try:
        yield posko
    finally:
        posko.close()


def account_of(args: argparse.Namespace, folder: Path) -> str:
    """The account to log in with: `--user`, `POSKO_USER`, else the only one."""
    named = args.user or os.environ.get("POSKO_USER", "")
    if named:
        return str(named).strip().lower()
    from posko_app.security.keys import accounts

    found = accounts(OfficeFolder(folder).keyfile)
    if len(found) == 1:
        return found[0].account
    names = ", ".join(row.account for row in found)
    raise UserError(
        f"Kantor ini punya beberapa akun: {names}. Sebutkan salah satu dengan --user.",
        "choose_user",
    )


def password_for(account: str, *, twice: bool = False) -> str:
    """The password from `POSKO_PASSWORD`, else typed; `twice` asks for it again to be sure."""
    given = os.environ.get("POSKO_PASSWORD")
    if given is not None:
        return given
    if not sys.stdin.isatty():
        raise UserError(
            "Kata sandi belum diberikan. Tidak ada yang diubah. Isi POSKO_PASSWORD, "
            "atau jalankan perintah ini di terminal.",
            "no_password",
        )
    from getpass import getpass

    password = getpass(f"Kata sandi {account}: ")
    if twice and getpass("Ulangi kata sandi: ") != password:
        raise UserError(
            "Kedua kata sandi tidak sama. Tidak ada yang diubah. Ulangi perintah ini.",
            "password_differs",
        )
    return password


def meter(args: argparse.Namespace) -> Progress:
    """Progress on a terminal; silent for programs and files."""
    if args.json or not sys.stderr.isatty():
        return silent

    def show(done: int, total: int, text: str = "") -> None:
        part = f" {done * 100 // total} %" if total else ""
        sys.stderr.write(f"\r\x1b[K{text}{part}" if done < total else "\r\x1b[K")
        sys.stderr.flush()

    return show


@contextmanager
def made_folder(out: Path) -> Iterator[None]:
    """The folder `out`, made when it is missing; what was made goes again when the work fails."""
    missing = [folder for folder in (out, *out.parents) if not folder.exists()]
    try:
        out.mkdir(parents=True, exist_ok=True)
        yield
    except BaseException:
        for folder in missing:  # the innermost first
            with suppress(OSError):
                folder.rmdir()
        raise
