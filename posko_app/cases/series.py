"""Running numbers: the next one of a series, written as the office's pattern says.

A series counts per office, kind and year; which numbers this computer may give is the business of
`number_blocks`. The counter moves in the same transaction as the row that bears the number, so a
rollback leaves no gap.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from posko_app.app import Posko
from posko_app.data.tables import Setting
from posko_app.rules.book import Regulation
from posko_app.rules.numbering import format_number
from posko_app.text import roman

from .kinds import person_word
from .number_blocks import NumbersUsedUp, provisional, take

SERIES = {"report": "filing", "finding": "finding"}
"""Kind of intake -> the series that numbers it; all other kinds stand in the diary."""
DIARY = "diary"


@dataclass(frozen=True)
class Numbered:
    """A number and what is still missing in it."""

    number: str
    seq: int
    warnings: tuple[str, ...]


def report_number(
    posko: Posko,
    session: Session,
    series: str,
    law: Regulation,
    on: date,
    kind: str = "LP",
    election: str = "",
) -> Numbered:
    """The next number of the `filing`, `finding` or `registration` series of this office.

    `election` is that of the case; the office's own when it is not known.
    """
    seq = take(session, f"{series}/{law.regime}/{on.year}")
    pattern = pattern_of(session, series, law.number_patterns[series].pattern)
    number = format_number(
        pattern,
        seq=seq,
        kind=kind,
        election=election or posko.office.election_kind,
        level=law.number_levels[level_key(posko)],
        region=posko.office.report_code,
        roman=roman(on.month),
        month=on.month,
        year=on.year,
    )
    return Numbered(number, seq, () if posko.office.report_code else (NO_REPORT_CODE,))


def filing_number(
    posko: Posko, session: Session, intake_kind: str, law: Regulation, on: date, election: str = ""
) -> Numbered:
    """The next number for something taken in: reports and findings have series of their own.

    Everything else gets a number of the office's diary, under the mark of its kind. Raises
    NumbersUsedUp when this computer has no number left.
    """
    if intake_kind in SERIES:
        return report_number(posko, session, SERIES[intake_kind], law, on, election=election)
    mark = posko.vocabulary.label("diary_mark", intake_kind)
    return report_number(posko, session, DIARY, law, on, mark, election)


def desk_number(
    posko: Posko, session: Session, intake_kind: str, law: Regulation, on: date, election: str = ""
) -> Numbered:
    """A number for what comes to the desk, which is never refused for want of one.

    Where this computer has none left it is a provisional one, which nobody else can give.
    """
    try:
        return filing_number(posko, session, intake_kind, law, on, election)
    except NumbersUsedUp:
        number, seq = provisional(session)
        return Numbered(number, seq, (ONLY_PROVISIONAL,))


def alias_of(kind: str, seq: str) -> str:
    """What stands for the person in the open, as the kind calls them; numbered like a report."""
    called = person_word(kind)
    return f"{called} {seq}" if kind in SERIES else called


def level_key(posko: Posko) -> str:
    """The office's level as number patterns tell it apart: a kabupaten may be a kota."""
    if posko.office.level == "kabupaten" and int(posko.office.code.split(".")[1]) >= 71:
        return "kota"  # Kemendagri numbers cities from 71 on
    return posko.office.level


def pattern_of(session: Session, series: str, shipped: str) -> str:
    """The office's own pattern of a series, or the shipped one."""
    own = session.get(Setting, f"pattern.{series}")
    return (own.value if own else "") or shipped


NO_REPORT_CODE = (
    "Kode laporan kantor belum diisi, jadi nomor laporan belum memuat kode wilayah Bawaslu. "
    "Isi di Pengaturan."
)
ONLY_PROVISIONAL = (
    "Nomornya masih sementara: komputer ini belum punya nomor. Laporan tetap sah tercatat; beri "
    "nomor tetap di Pengaturan, Nomor, setelah blok nomor datang."
)
