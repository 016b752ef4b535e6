"""Wrong usage and help in Indonesian: argparse with its own words replaced."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any, NoReturn

_DATE_HELP = "Tulis tanggal seperti 2024-10-15 atau 15-10-2024."
_TIME_HELP = "Tulis jam seperti 2024-10-15T09:30."

# argparse's sentences in the order tried; each stands for one way of typing a command wrongly.
_SENTENCES: tuple[tuple[str, str], ...] = (
    (r"the following arguments are required: (.+)", r"Belum diisi: \1."),
    (r"unrecognized arguments: (.+)", r"Tidak dikenal: \1."),
    (r"one of the arguments (.+) is required", r"Isi salah satu dari: \1."),
    (r"ambiguous option: (\S+) could match (.+)", r"\1 dapat berarti \2. Tulis lengkap."),
    (r"argument (.+?): expected one argument", r"\1 memerlukan satu nilai."),
    (r"argument (.+?): expected at most one argument", r"\1 paling banyak satu nilai."),
    (
        r"argument (.+?): expected at least one argument",
        r"\1 memerlukan paling sedikit satu nilai.",
    ),
    (r"argument (.+?): expected (\d+) arguments?", r"\1 memerlukan \2 nilai."),
    (
        r"argument (.+?): invalid choice: (.+?) \(choose from (.+)\)",
        r"\1 tidak boleh \2. Pilih: \3.",
    ),
    (r"argument (.+?): invalid int value: (.+)", r"\1 harus angka bulat, bukan \2."),
    (r"argument (.+?): invalid \w+ value: (.+)", r"\1 tidak dapat dibaca: \2."),
    (r"argument (.+?): not allowed with argument (.+)", r"\1 tidak dapat bersama \2."),
    (r"argument (.+?): ignored explicit argument (.+)", r"\1 tidak memakai nilai: \2."),
    (r"argument (.+?): (.+)", r"\1: \2"),
)


class WrongUsage(Exception):
    """The command was typed wrongly; `usage` shows how it is typed."""

    def __init__(self, message: str, usage: str) -> None:
        super().__init__(message)
        self.message = message
        self.usage = usage


class _Help(argparse.HelpFormatter):
    """Help whose first word is Indonesian."""

    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[Any],
        groups: Iterable[Any],
        prefix: str | None = None,
    ) -> None:
        super().add_usage(usage, actions, groups, "Pemakaian: " if prefix is None else prefix)


class Parser(argparse.ArgumentParser):
    """An argument parser that speaks Indonesian and raises instead of leaving the program."""

    def __init__(self, **values: Any) -> None:
        super().__init__(
            **{"formatter_class": _Help, "allow_abbrev": False, **values, "add_help": False}
        )
        self._positionals.title = "Isian"
        self._optionals.title = "Pilihan"
        self.add_argument("-h", "--help", action="help", help="bantuan ini")

    def error(self, message: str) -> NoReturn:
        """Raise WrongUsage with argparse's sentence in Indonesian."""
        raise WrongUsage(in_indonesian(message), self.format_usage().strip())


def in_indonesian(message: str) -> str:
    """One of argparse's sentences in Indonesian; others stay as they are."""
    for pattern, words in _SENTENCES:
        if found := re.fullmatch(pattern, message, re.DOTALL):
            return found.expand(words)
    return message


def day(text: str) -> date:
    """A date on the command line: 2024-10-15 or 15-10-2024."""
    parts = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", text.strip())
    turned = re.fullmatch(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})", text.strip())
    if not parts and not turned:
        raise argparse.ArgumentTypeError(_DATE_HELP)
    try:
        if parts:
            return date(int(parts[1]), int(parts[2]), int(parts[3]))
        assert turned
        return date(int(turned[3]), int(turned[2]), int(turned[1]))
    except ValueError:
        raise argparse.ArgumentTypeError(f"Tanggal {text} tidak ada. {_DATE_HELP}") from None


def moment(text: str) -> date | datetime:
    """A date, or a date and a time on the office's clock: 2024-10-15T09:30."""
    on, mark, clock = text.strip().partition("T")
    if not mark:
        return day(on)
    return datetime.combine(day(on), hour(clock))


def hour(text: str) -> time:
    """A time of day: 09:30, 09.30 or 0930."""
    found = re.fullmatch(r"(\d{1,2})[:.]?(\d{2})", text.strip())
    if not found or int(found[1]) > 23 or int(found[2]) > 59:
        raise argparse.ArgumentTypeError(_TIME_HELP)
    return time(int(found[1]), int(found[2]))


def pair(text: str) -> tuple[str, str]:
    """A named value: NAMA=NILAI; `\\n` in the value begins a new line."""
    name, mark, value = text.partition("=")
    if not mark or not name.strip():
        raise argparse.ArgumentTypeError("Tulis NAMA=NILAI.")
    return name.strip(), value.replace("\\n", "\n")


def count(text: str) -> int:
    """A whole number above zero."""
    if not re.fullmatch(r"\d{1,9}", text.strip()) or int(text) < 1:
        raise argparse.ArgumentTypeError("Tulis angka bulat mulai dari 1.")
    return int(text)
