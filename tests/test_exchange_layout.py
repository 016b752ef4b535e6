"""The readable sheets: complete, unambiguous, never confidential; cells render the same always."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta, timezone
from pathlib import Path

import pytest

from posko_app.data import tables
from posko_app.data.base import synced_fields, synced_tables
from posko_app.exchange.layout import (
    ColumnLayout,
    Renderer,
    book_columns,
    layout,
    load_layout,
    normal,
)
from posko_app.exchange.xlsx.limits import limits
from posko_app.exchange.xlsx.read import open_book
from posko_app.exchange.xlsx.write import BookWriter
from posko_app.paths import resource
from posko_app.rules.vocabulary import load_vocabulary

WIB = timezone(timedelta(hours=7))


class Words:
    """A vocabulary with one list of two codes."""

    def items(self, name: str, /) -> Iterable[tuple[str, str]]:
        return [("visit", "Datang langsung"), ("letter", "Surat")]


def column(kind: str, **changes: object) -> ColumnLayout:
    example = ColumnLayout(field="x", heading="X", kind="text", authority="biasa", width=10)
    return replace(example, kind=kind, **changes)  # type: ignore[arg-type]


def test_every_travelling_field_is_shown_or_named_as_machine_only() -> None:
    assert tables
    shown = {sheet.table: sheet for sheet in layout().sheets}
    assert set(shown) | set(layout().confidential) == set(synced_tables())
    for name, table in synced_tables().items():
        if name in layout().confidential:
            continue
        fields = {c.field for c in shown[name].columns if c.authority != "turunan"}
        assert fields | set(shown[name].machine) == set(synced_fields(table)), name


def test_what_is_confidential_is_never_shown() -> None:
    assert layout().confidential == (*("identities", "clarification_questions", "sealed_parts"),)
    names = {column.field for sheet in layout().sheets for column in sheet.columns}
    assert not names & {"nik", "birth_place", "birth_on", "email"}


def test_columns_of_every_sheet_can_be_written_and_read(tmp_path: Path) -> None:
    path = tmp_path / "b.xlsx"
    with BookWriter(path) as book:
        for sheet in layout().sheets:
            columns = book_columns(sheet, Words())
            assert len(columns) <= limits().sheet_columns
            book.sheet(sheet.name, columns)
        book.sheet(layout().conflict_sheet, layout().conflict_columns)
    with open_book(path) as opened:
        for sheet in layout().sheets:
            (headings,) = opened.rows(sheet.name)
            found = [sheet.find(cell.value) for cell in headings.cells[2:]]
            assert found == list(sheet.columns)


def test_what_nobody_may_type_over_is_locked() -> None:
    for sheet in layout().sheets:
        columns = book_columns(sheet, Words())
        assert all(c.locked and c.style == "id" for c in columns[:2])
        for made, given in zip(columns[2:], sheet.columns, strict=True):
            assert made.locked == (given.authority in ("turunan", "tambah-saja"))
            assert bool(made.choices) == (given.editable and given.kind in ("choice", "yes"))


def test_every_list_of_choices_exists_and_its_labels_differ() -> None:
    words = load_vocabulary()
    for sheet in layout().sheets:
        for column in sheet.columns:
            if column.kind == "choice":
                labels = [label for _, label in words.items(column.list)]
                assert labels, column.list
                # what people choose must mean one code
                assert len(set(labels)) == len(labels) or not column.editable, column.list
        assert book_columns(sheet, words)


def test_headings_are_found_as_people_leave_them() -> None:
    sheet = layout().sheets[0]
    event_on = sheet.find("Tanggal kejadian")
    assert event_on is not None
    assert event_on.field == "event_on"
    assert sheet.find("  TANGGAL   kejadian ") is event_on
    assert sheet.find("Tanggal") is None
    renamed = replace(event_on, heading="Hari kejadian", was=("Tanggal kejadian",))
    assert replace(sheet, columns=(renamed,)).find("tanggal kejadian") is renamed


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        ("text", None, ""),
        ("text", "=1+1", "=1+1"),
        ("date", "2024-10-15", "2024-10-15"),
        ("instant", "2024-10-15T18:30:59.000000Z", "2024-10-16 01:30"),
        ("instant", "kemarin", "kemarin"),
        ("instant", "2024-10-15", "2024-10-15"),
        ("number", 0, "0"),
        ("number", 1250, "1250"),
        ("yes", 1, "Ya"),
        ("yes", 0, "Tidak"),
        ("choice", "letter", "Surat"),
        ("choice", "from_the_future", "from_the_future"),
        ("choice", "", ""),
    ],
)
def test_cells_render(kind: str, value: str | int | None, text: str) -> None:
    render = Renderer(Words(), WIB)
    assert render(column(kind, list="channel" if kind == "choice" else ""), value) == text


def test_what_programs_change_by_themselves_is_no_edit() -> None:
    assert normal("a\tb \r\nc\u00a0d  \n") == normal("a b\nc d")
    assert normal("cafe\u0301") == "café"
    assert normal("a b") != normal("ab")
    assert normal(" a") != normal("a")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('field = "event_time"', 'field = "event_on"'),
        ('heading = "Jam kejadian"', 'heading = "tanggal kejadian"'),
        ('heading = "Jam kejadian"', 'heading = "Jam kejadian"\nwas = ["Versi"]'),
        ('type = "time"', 'type = "hour"'),
        ('authority = "biasa"', 'authority = "siapa saja"'),
        ('list = "channel"', 'list = ""'),
        ('table = "letters"', 'table = "identities"'),
    ],
)
def test_a_wrong_layout_file_is_refused(tmp_path: Path, old: str, new: str) -> None:
    text = resource("exchange", "cases.toml").read_text("utf-8")
    assert old in text
    path = tmp_path / "cases.toml"
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(ValueError, match=r"."):
        load_layout(path)
