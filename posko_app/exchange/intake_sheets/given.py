"""What a blank workbook says already when its office opens it: villages, cases, lists."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import or_, select

from posko_app.app import Posko, use_case
from posko_app.cases import board
from posko_app.cases.coverage import Village, villages_of
from posko_app.cases.prevention_words import prevention_words
from posko_app.data.tables import CaseBoard, IntakeRow
from posko_app.errors import UserError
from posko_app.exchange.intake_layout import IntakeColumn, intake_layout
from posko_app.rules.vocabulary import Vocabulary
from posko_app.text import short_date

MOST_CASES = 200
MOST_VILLAGES = 200  # more rows than that nobody scrolls through on a phone
LONGEST_LIST = 1_000


@dataclass(frozen=True, kw_only=True)
class OpenCase:
    """A case that still runs, as the workbook shows it."""

    uid: str
    number: str
    title: str
    stage: str
    due: str


@dataclass(frozen=True, kw_only=True)
class Given:
    """What is known of the office that will fill in a workbook."""

    office: str = ""
    office_name: str = ""
    villages: tuple[Village, ...] = ()
    cases: tuple[OpenCase, ...] = ()

    @property
    def case_rows(self) -> Iterator[list[str | None]]:
        """The prepared rows of the sheet Perkembangan."""
        for case in self.cases:
            yield [case.number, case.title, case.stage, case.due]

    @property
    def village_rows(self) -> Iterator[list[str | None]]:
        """The prepared rows of the sheet Sebaran desa."""
        if len(self.villages) <= MOST_VILLAGES:
            for village in self.villages:
                yield [village.subdistrict, village.name]

    def choices(self, column: IntakeColumn, vocabulary: Vocabulary) -> tuple[str, ...]:
        """The words of a drop-down that follows no other column."""
        above = tuple(dict.fromkeys(v.subdistrict for v in self.villages))
        if column.type == "case":
            return tuple(case.number for case in self.cases)
        if column.type == "subdistrict":
            return above
        if column.type in ("region", "village"):
            names = tuple(dict.fromkeys(v.name for v in self.villages))
            return names if len(above) == 1 else above
        return column.choices(vocabulary)

    def pairs(self, column: IntakeColumn, vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
        """The words of a drop-down that follows another column, each with the word above it."""
        if column.type == "village":
            if len(self.villages) <= LONGEST_LIST:
                yield from ((village.subdistrict, village.name) for village in self.villages)
            return
        above = vocabulary.items("prevention_kind")
        form_of = prevention_words().form_of
        items = column.items(vocabulary)
        for code, label in above:
            yield from ((label, word) for item, word in items if form_of.get(item) == code)


NOTHING = Given()


@use_case("case.read")
def given_for(posko: Posko, code: str) -> Given:
    """What a workbook for the office `code` begins with; without a code only the villages.

    Raises UserError for a code that is neither this office nor one below it.
    """
    if code:
        require_below(posko, code)
    level = posko.regions.path(code or posko.office.code)[-1].level
    villages = () if level == "provinsi" else villages_of(posko, code)
    if not code:
        return Given(villages=villages)
    return Given(
        office=code,
        office_name=sender_name(posko, code),
        villages=villages,
        cases=open_cases(posko, code),
    )


def sender_name(posko: Posko, code: str) -> str:
    """What the office with a code is called."""
    if code == posko.office.code:
        return posko.office.name
    region = posko.regions.get(code)
    if region is None:
        return f"Kantor {code}" if code else "Kantor lain"
    return f"{intake_layout().senders[region.level]} {region.name}"


def require_below(posko: Posko, code: str) -> None:
    """Raise UserError unless `code` is the region of this office or lies in it."""
    own = posko.office.code
    if posko.regions.get(code) is None or not (code == own or code.startswith(f"{own}.")):
        raise UserError(
            f"Kode {code} bukan kantor di bawah {posko.office.name}. Belum ada yang dibuat. "
            f"Tulis kode yang berawal {own}.",
            "unknown_office",
        )


def open_cases(posko: Posko, code: str) -> tuple[OpenCase, ...]:
    """The open cases of an office: taken in by it, from its workbooks, or in its region."""
    board.keep_current(posko)
    below = f"{code}."
    sent = select(IntakeRow.record_uid).where(IntakeRow.book_uid.startswith(f"{code}-"))
    theirs = or_(
        CaseBoard.office_code == code,
        CaseBoard.office_code.startswith(below),
        CaseBoard.region_code == code,
        CaseBoard.region_code.startswith(below),
        CaseBoard.case_uid.in_(sent),
    )
    query = (
        select(CaseBoard)
        .where(theirs, CaseBoard.view != "closed")
        .order_by(CaseBoard.sort_on, CaseBoard.case_uid)
        .limit(MOST_CASES)
    )
    with posko.store.read() as session:
        return tuple(
            OpenCase(
                uid=row.case_uid,
                number=row.register_number or row.number or row.case_uid,
                title=row.title,
                stage=row.stage_label,
                due=short_date(row.due_on) if row.due_on else "",
            )
            for row in session.scalars(query)
        )
