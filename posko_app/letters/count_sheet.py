"""How one deadline was counted, on paper: every day, the article, the readings, the rules."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from html import escape

from posko_app import text
from posko_app.app import Posko, use_case
from posko_app.cases.case_view import case_view
from posko_app.errors import UserError
from posko_app.progress import Progress, silent
from posko_app.rules.book import Regulation
from posko_app.rules.deadlines import Due, due
from posko_app.rules.facts import DeadlineRule, Moment

from .blocks import Block, Column, FormFields, Heading, Listing, Paragraph, Row, Table, TableRow
from .pdf import About, PageSetup, render

TITLE = "Cara hitung batas waktu"


@use_case("case.read")
def case_count_sheet(
    posko: Posko, case: str, rule: str = "", *, progress: Progress = silent
) -> bytes:
    """The count of a deadline that runs in a case, as PDF; the first one unless `rule` names it.

    Raises UserError when there is no such case, or the deadline does not run in it.
    """
    view = case_view(posko, case)
    found = next((item for item in view.dues if rule in ("", item.rule)), None)
    if found is None:
        raise UserError(
            "Batas waktu ini tidak berjalan di perkara itu. Tidak ada yang dicetak. "
            "Tanggal lain dapat dihitung di halaman Aturan.",
            "no_such_deadline",
        )
    law = posko.rules.get(view.facts.regulation, view.facts.filed_on)
    return count_sheet(
        posko,
        law,
        found,
        case_number=view.state.register_number or view.facts.number,
        progress=progress,
    )


@use_case("case.read")
def counted_sheet(
    posko: Posko, law: Regulation, rule: DeadlineRule, start: Moment, *, progress: Progress = silent
) -> bytes:
    """The count of a rule from a date without a case, as PDF."""
    found = due(rule, start, posko.calendar, posko.zone)
    return count_sheet(posko, law, found, progress=progress)


def count_sheet(
    posko: Posko,
    law: Regulation,
    found: Due,
    *,
    case_number: str = "",
    progress: Progress = silent,
) -> bytes:
    """A deadline that was already counted, as PDF."""
    progress(0, 1, "Menyusun cara hitung")
    here = posko.now().astimezone(posko.zone)
    stamp = f"{text.numeric_date(here.date())} {text.clock(here)} {posko.office.zone}"
    practice = "LATIHAN · " if posko.office.practice else ""
    footer = f"{practice}{posko.office.name} · dicetak {stamp}"
    setup = PageSetup(paper=posko.office.paper, left=20, right=20, top=18, bottom=18, font_size=10)
    about = About(title=f"{TITLE}: {found.label}", author=posko.office.name, footer=footer)
    blocks = list(count_blocks(law, found, posko.office.name, posko.office.zone, case_number))
    made = render(blocks, setup, about)
    progress(1, 1)
    return made


def plain_count_sheet(law: Regulation, found: Due, zone: str, made_at: datetime) -> bytes:
    """The same outside an office; `made_at` is when it is printed, `zone` as WIB."""
    here = text.local(made_at.astimezone(UTC), zone)
    stamp = f"{text.numeric_date(here.date())} {text.clock(here)} {zone}"
    setup = PageSetup(paper="A4", left=20, right=20, top=18, bottom=18, font_size=10)
    about = About(title=f"{TITLE}: {found.label}", footer=f"dicetak {stamp}")
    return render(list(count_blocks(law, found, "", zone)), setup, about)


def count_blocks(
    law: Regulation, found: Due, office: str, zone: str, case_number: str = ""
) -> Iterator[Block]:
    """The parts of the sheet."""
    rule = law.deadlines[found.rule]
    yield Heading(text=TITLE, under=escape(found.label))
    yield FormFields(rows=tuple(_facts(law, rule, found, office, zone, case_number)), indent=False)
    yield Table(
        title="Hari demi hari",
        columns=(
            Column(heading="Hari, tanggal", width=2.2),
            Column(heading="Dihitung", width=0.9),
            Column(heading="Keterangan", width=4),
        ),
        rows=tuple(
            TableRow(
                cells=(
                    escape(text.full_date(day.date)),
                    "ya" if day.counted else "tidak",
                    escape(day.why),
                )
            )
            for day in found.days
        ),
    )
    if found.safe_on < found.due_on:
        why = f", bila {found.safe_why}" if found.safe_why else ""
        yield Paragraph(
            text=f"<b>Batas aman: {escape(text.full_date(found.safe_on))}</b>{escape(why)}."
        )
    readings = tuple(
        escape(f"{reading.text} ({law.source_text(reading)})") for reading in rule.readings
    )
    if readings:
        yield Listing(title="Bacaan lain yang masih terbuka", items=readings, mark="-")
    if found.warnings:
        yield Listing(title="Catatan", items=tuple(map(escape, found.warnings)), mark="-")


def _facts(
    law: Regulation, rule: DeadlineRule, found: Due, office: str, zone: str, case_number: str
) -> Iterator[Row]:
    if office:
        yield Row(label="Kantor", value=escape(office))
    if case_number:
        yield Row(label="Perkara", value=escape(case_number))
    yield Row(label="Mulai", value=escape(f"{text.full_date(found.start_on)}, {rule.start_word}"))
    yield Row(label="Dihitung", value=escape(found.basis))
    until = f"{text.full_date(found.due_on)} pukul {found.clock(text.zone(zone))} {zone}"
    yield Row(label="Batas", value=f"<b>{escape(until)}</b>")
    yield Row(label="Aturan", value=escape(found.edition))
    yield Row(label="Sumber", value=escape(law.source_text(rule)))
    if rule.note:
        yield Row(label="Keterangan", value=escape(rule.note))
