"""`posko import --trust`: the key of a sender decided about on the command line."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from posko_app.errors import UserError

if TYPE_CHECKING:
    from posko_app.app import Posko
    from posko_app.exchange.apply import FileOutcome
    from posko_app.exchange.trust import KeyCard, SecondPerson

UNKNOWN, CHANGED = "unknown_key", "changed_key"


def add_options(parser: Any) -> None:
    """The options by which somebody says that a key may be trusted."""
    group = parser.add_argument_group("Bila kunci pengirim belum dikenal atau berganti")
    group.add_argument(
        "--trust", action="append", default=[], metavar="'ENAM KATA'",
        help="enam kata sidik jari yang dibacakan pengirim lewat telepon",
    )  # fmt: skip
    group.add_argument("--second", default="", metavar="NAMA", help="orang kedua, bila berganti")
    group.add_argument("--reason", default="", metavar="TEKS", help="alasan, bila berganti")


def settle(
    args: argparse.Namespace,
    posko: Posko,
    path: Path,
    found: FileOutcome,
    again: Callable[[], FileOutcome],
) -> FileOutcome:
    """Decide about the sender's key as the options or the person at the terminal say, then apply.

    Without an answer the file stays as it is: not applied. Raises UserError for wrong words.
    """
    if not args.apply or found.code not in (UNKNOWN, CHANGED):
        return found
    from posko_app.exchange.trust import confirm_key, look_at_key, replace_key

    if found.code == CHANGED and not args.trust:
        return replace(found, reason=f"{found.reason} {_WAY_PAST}")
    card = look_at_key(posko, path)
    words = _words(args, card)
    if not words:
        return replace(found, reason=f"{found.reason} {_HOW}")
    if found.code == UNKNOWN:
        confirm_key(posko, card, words)
    else:
        replace_key(posko, card, words, args.reason, second_person(args))
    return again()


_HOW = "Bila cocok, ulangi dengan --trust dan enam kata itu."
_WAY_PAST = (
    "Bila komputernya memang diganti, ulangi dengan --trust, --reason dan --second (orang kedua)."
)


def words_for(args: argparse.Namespace, card: KeyCard, code: str) -> str:
    """The six words by which a key is decided about; empty when nobody has decided."""
    return "" if code == CHANGED and not args.trust else _words(args, card)


def way_on(refused: UserError) -> UserError:
    """The refusal, with how to go on."""
    way = _WAY_PAST if refused.code == CHANGED else _HOW
    return UserError(f"{refused.message} {way}", refused.code)


def _words(args: argparse.Namespace, card: KeyCard) -> str:
    """The given words that fit, else the last ones given, else those of who says yes; or empty."""
    from posko_app.exchange.trust import same_words

    fitting = [words for words in args.trust if same_words(words, card.public_key)]
    if fitting or args.trust:
        return str((fitting or args.trust)[-1])
    if args.json or not sys.stdin.isatty():
        return ""
    words = " ".join(card.words)
    sys.stderr.write(f"{card.office_name or card.office} belum dikenal. Enam kata: {words}\n")
    sys.stderr.write("Samakah dengan yang dibacakan pengirim lewat telepon? Ketik ya: ")
    sys.stderr.flush()
    return words if sys.stdin.readline().strip().lower() == "ya" else ""


def second_person(args: argparse.Namespace) -> SecondPerson | None:
    """The second person, whose password comes from POSKO_SECOND_PASSWORD or is typed."""
    if not args.second:
        return None
    from posko_app.exchange.trust import SecondPerson

    password = os.environ.get("POSKO_SECOND_PASSWORD")
    if password is None:
        if not sys.stdin.isatty():
            raise UserError(
                "Kata sandi orang kedua belum diberikan. Tidak ada yang diubah. "
                "Isi POSKO_SECOND_PASSWORD, atau jalankan perintah ini di terminal.",
                "no_password",
            )
        from getpass import getpass

        password = getpass(f"Kata sandi {args.second}: ")
    return SecondPerson(args.second, password)
