"""Workbooks against openpyxl: the same 10,000 rows of 40 columns written, read, and read again."""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import openpyxl
import pytest

from posko_app.exchange.xlsx.guarded import Reader
from posko_app.exchange.xlsx.write import BookWriter, Column, Page
from tests.bench.ratio import added_memory, compare

ROWS, COLUMNS = 10_000, 40
MB = 2**20
WORDS = (
    *("spanduk", "pasar", "pemilihan", "ketua", "camat", "tidak", "netral", "kabupaten", "laporan"),
    *("pada", "tanggal", "saksi", "melihat", "terlapor", "hadir", "di", "lapangan", "bersama"),
    *("pasangan", "calon", "memakai", "seragam", "dinas", "kemudian", "kecamatan", "desa"),
)


@cache
def sentences() -> list[str]:
    """Short texts and narratives as they are typed, some with signs that XML must escape."""
    chance = random.Random(1)
    made = [" ".join(chance.choices(WORDS, k=chance.randint(1, 4))) for _ in range(3000)]
    return made + [f"{text} & <lain>" for text in made[:60]]


def rows(count: int) -> Iterator[list[str]]:
    """Rows of a case: ids, short fields, one narrative of 300 to 1,500 characters, some empty."""
    chance = random.Random(2)
    short = sentences()
    for number in range(count):
        row = [f"0192a4c0-{number:012}", f"{number * 7919 % 99999999:08}"]
        row += [chance.choice(short) if n % 5 else "" for n in range(COLUMNS - 4)]
        row.append("\n".join(chance.choices(short, k=chance.randint(15, 60)))[:1500])
        row.append("199001012015031001")
        yield row


def write_ours(path: Path, count: int = ROWS) -> None:
    columns = [
        Column(
            heading=f"Kolom {n}",
            width=18,
            style="wrap" if n == COLUMNS - 2 else "text",
            note="Keterangan." if n < 9 else "",
            choices=("Ya", "Tidak") if n in (5, 10) else (),
            locked=n < 2,
        )
        for n in range(COLUMNS)
    ]
    with BookWriter(path) as book:
        sheet = book.sheet("Perkara", columns, page=Page(freeze_columns=3))
        for row in rows(count):
            sheet.row(row)


def write_theirs(path: Path, count: int = ROWS) -> None:
    book = openpyxl.Workbook()
    for row in rows(count):
        book.active.append(row)
    book.save(path)


def read_ours(path: Path) -> int:
    with Reader() as reader:
        book = reader.open(path)
        return sum(len(row.cells) for name in book.sheets for row in book.rows(name))


def read_theirs(path: Path) -> int:
    book = openpyxl.load_workbook(path, read_only=True)
    cells = 0
    for sheet in book:
        for row in sheet.iter_rows(values_only=True):
            cells += sum(value is not None for value in row)
    book.close()
    return cells


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("books") / "ours.xlsx"
    write_ours(path)
    return path


@pytest.fixture(scope="module")
def saved_again(written: Path) -> Path:
    """As a spreadsheet program saves it: shared strings instead of texts in the cells."""
    path = written.with_name("again.xlsx")
    openpyxl.load_workbook(written).save(path)
    return path


def test_writing(tmp_path: Path) -> None:
    compare(
        "xlsx: 10,000 × 40 written / openpyxl",
        lambda: write_ours(tmp_path / "ours.xlsx"),
        lambda: write_theirs(tmp_path / "theirs.xlsx"),
        goal=0.25,
        rounds=3,
    )


def test_memory_of_writing_is_flat(tmp_path: Path) -> None:
    added_memory(
        "xlsx: memory of writing 10,000 rows",
        lambda: write_ours(tmp_path / "a.xlsx"),
        goal=10 * MB,
    )
    added_memory(
        "xlsx: memory of writing 50,000 rows",
        lambda: write_ours(tmp_path / "b.xlsx", 50_000),
        goal=10 * MB,
    )


def test_reading_every_cell_of_our_own(written: Path) -> None:
    assert read_ours(written) == read_theirs(written)
    compare(
        "xlsx: all cells read, in a process / read_only",
        lambda: read_ours(written),
        lambda: read_theirs(written),
        goal=0.60,
        rounds=3,
    )


def test_reading_every_cell_of_a_saved_one(saved_again: Path) -> None:
    assert read_ours(saved_again) == read_theirs(saved_again)
    compare(
        "xlsx: the same saved by openpyxl / read_only",
        lambda: read_ours(saved_again),
        lambda: read_theirs(saved_again),
        goal=0.60,
        rounds=3,
    )


def test_recognising_an_untouched_file(written: Path) -> None:
    def check() -> None:
        with Reader() as reader:
            reader.open(written).part_sha256("Perkara")

    compare(
        "xlsx: untouched sheet recognised / read_only",
        check,
        lambda: read_theirs(written),
        goal=0.10,
        rounds=3,
    )


def test_memory_of_reading(written: Path) -> None:
    added_memory("xlsx: memory of reading, parent", lambda: read_ours(written), goal=20 * MB)
