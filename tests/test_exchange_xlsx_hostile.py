"""Hostile and damaged files: each is refused in one sentence or read; the program lives on."""

from __future__ import annotations

import io
import os
import random
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from posko_app.exchange.xlsx import guarded
from posko_app.exchange.xlsx.child import SWITCH
from posko_app.exchange.xlsx.guarded import Reader
from posko_app.exchange.xlsx.read import Row, open_book
from posko_app.exchange.xlsx.refused import SENTENCES, Refused
from posko_app.exchange.xlsx.write import BookWriter, Column
from tests.bomb_files import BOMBS
from tests.workbook_files import GOOD, HOSTILE, book, inline, packed, parts, row, sheet

FILES = {**HOSTILE, **BOMBS}


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    with Reader() as reader:
        yield reader


def outcome(reader: Reader, path: Path) -> str:
    """The code of the refusal, empty when every sheet could be read."""
    try:
        opened = reader.open(path)
        for name in opened.sheets:
            for _ in opened.rows(name):
                pass
    except Refused as error:
        refusal = error
    else:
        return ""
    assert path.name in refusal.message
    assert refusal.message.endswith(".")
    assert "\n" not in refusal.message
    return refusal.code


@pytest.mark.parametrize("name", FILES)
def test_hostile_files_are_refused_and_the_reader_lives(
    name: str, reader: Reader, tmp_path: Path
) -> None:
    make, codes = FILES[name]
    path = tmp_path / "jahat.xlsx"
    path.write_bytes(make())
    began = time.monotonic()
    assert outcome(reader, path) in codes
    assert time.monotonic() - began < 5
    pid = reader.pid
    good = tmp_path / "baik.xlsx"
    good.write_bytes(GOOD)
    assert len(list(reader.open(good).rows("Perkara"))) == 2
    assert reader.pid == pid, "the reading process must not have died"


def test_every_sentence_is_whole() -> None:
    for code, sentence in SENTENCES.items():
        text = sentence.format(name="x.xlsx", what="y")
        assert text.startswith(("Berkas ", "Isi ")), code
        assert text.endswith("."), code
        assert "{" not in text, code


def test_missing_files_and_folders_are_refused(reader: Reader, tmp_path: Path) -> None:
    assert outcome(reader, tmp_path / "jahat.xlsx") == "not_found"
    (tmp_path / "jahat.xlsx").mkdir()
    assert outcome(reader, tmp_path / "jahat.xlsx") == "not_a_workbook"


# -- what looks odd but is allowed -----------------------------------------------------------------


def rows_of(data: bytes, tmp_path: Path) -> list[Row]:
    path = tmp_path / "b.xlsx"
    path.write_bytes(data)
    with open_book(path) as opened:
        return list(opened.rows("Perkara"))


def test_a_lying_dimension_hides_nothing(tmp_path: Path) -> None:
    rows = row(1, inline("A1", "x")) + row(2, inline("A2", "y"), inline("B2", "z"))
    data = packed(parts(sheet(rows, before='<dimension ref="A1"/>')))
    assert [len(found.cells) for found in rows_of(data, tmp_path)] == [1, 2]


def test_merges_over_the_whole_sheet_cost_nothing(tmp_path: Path) -> None:
    merge = '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    path = tmp_path / "b.xlsx"
    path.write_bytes(packed(parts(sheet(row(1, inline("A1", "x")), after=merge))))
    with open_book(path) as opened:
        assert len(list(opened.rows("Perkara"))) == 1
        assert opened.warnings == ["merged:Perkara"]


def test_empty_cells_may_lie_anywhere(tmp_path: Path) -> None:
    rows = row(1, inline("A1", "x"), '<c r="XFD1" s="1"/>') + row(1048576, '<c r="A1048576"/>')
    assert len(rows_of(book(rows), tmp_path)) == 1


def test_huge_numbers_keep_their_digits(tmp_path: Path) -> None:
    cells = [
        f'<c r="{letter}1"><v>{value}</v></c>'
        for letter, value in zip(
            "ABCDEF", ["199001012015031001", "1.9E+17", "NaN", "1e9999", "-0", "INF"], strict=True
        )
    ]
    (found,) = rows_of(book(row(1, *cells)), tmp_path)
    assert [(c.value, c.kind) for c in found.cells] == [
        ("199001012015031001", "number"),
        ("1.9E+17", "number"),
        ("NaN", "error"),
        ("1e9999", "error"),
        ("-0", "number"),
        ("INF", "error"),
    ]


# -- the reading process ---------------------------------------------------------------------------


def test_the_program_survives_the_death_of_the_reader(tmp_path: Path) -> None:
    path = tmp_path / "b.xlsx"
    path.write_bytes(GOOD)
    with Reader() as reader:
        opened = reader.open(path)
        assert reader._process is not None
        reader._process.kill()
        with pytest.raises(Refused) as caught:
            list(opened.rows("Perkara"))
        assert caught.value.code == "reader_died"
        assert len(list(reader.open(path).rows("Perkara"))) == 2
        reader._process.kill()
        reader._process.wait()
        assert len(list(reader.open(path).rows("Perkara"))) == 2, "an idle death is nobody's fault"


def test_reading_that_takes_too_long_is_stopped(tmp_path: Path) -> None:
    path = tmp_path / "b.xlsx"
    path.write_bytes(GOOD)
    with Reader(seconds=0) as reader, pytest.raises(Refused) as caught:
        reader.open(path)
    assert caught.value.code == "too_slow"


def test_the_frozen_program_starts_itself_to_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As far as it can be seen from source: the same switch, given to the program's start."""
    path = tmp_path / "b.xlsx"
    path.write_bytes(GOOD)
    start = "import sys; sys.path.insert(0, sys.argv[1]); from ui.start import main;"
    monkeypatch.setattr(guarded, "_FROM_SOURCE", f"{start} sys.exit(main([{SWITCH!r}]))")
    with Reader() as reader:
        assert len(list(reader.open(path).rows("Perkara"))) == 2
        loaded = Path(f"/proc/{reader.pid}/maps")
        assert not loaded.exists() or "PySide6" not in loaded.read_text()


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited by Linux only")
def test_a_reader_out_of_memory_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "b.xlsx"
    text = "".join(f"<si><t>{n}</t></si>" for n in range(600_000))
    shared = f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{text}</sst>'
    path.write_bytes(packed(parts(sheet(row(1, '<c r="A1" t="s"><v>0</v></c>')), shared)))
    import resource

    with Reader() as reader:
        reader.open(path)
        assert reader.pid is not None
        size = 60 * 1024 * 1024
        resource.prlimit(reader.pid, resource.RLIMIT_AS, (size, size))
        with pytest.raises(Refused) as caught:
            list(reader.open(path).rows("Perkara"))
        assert caught.value.code in ("unsafe", "reader_died")


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"bukan json\n",
        b"[]\n",
        b'{"sheets": 3}\n',
        b'{"sheets": [["a", 5]], "custom": {}, "warnings": [], "date1904": false}\n',
        b'{"refused": "made_up", "message": "x"}\n',
        b"[" * 100_000 + b"\n",
    ],
)
def test_only_valid_answers_are_believed(
    answer: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = f"import sys; sys.stdin.readline(); sys.stdout.buffer.write({answer!r})"
    if len(answer) > 1000:
        code = "import sys; sys.stdin.readline(); print('[' * 100_000)"
    monkeypatch.setattr(guarded, "_FROM_SOURCE", code)
    with Reader() as reader, pytest.raises(Refused) as caught:
        reader.open(tmp_path / "x.xlsx")
    assert caught.value.code in ("reader_died", "damaged")


def test_an_older_book_is_no_longer_open(tmp_path: Path, reader: Reader) -> None:
    path = tmp_path / "b.xlsx"
    path.write_bytes(GOOD)
    first = reader.open(path)
    reader.open(path)
    with pytest.raises(RuntimeError, match="no longer open"):
        list(first.rows("Perkara"))


def test_a_reading_that_is_given_up_leaves_no_rows_behind(tmp_path: Path) -> None:
    path = tmp_path / "b.xlsx"
    with BookWriter(path) as writer:
        for name in ("A", "B"):
            made = writer.sheet(name, [Column(heading="H")])
            for number in range(3000):
                made.row([f"{name}{number} " + "x" * 200])
    with Reader() as reader:
        next(reader.open(path).rows("A"))
        values = [found.cells[0].value for found in reader.open(path).rows("B")]
    assert values[1].startswith("B0 ")
    assert len(values) == 3001


# -- mutations -------------------------------------------------------------------------------------


def mutated(data: bytes, chance: random.Random) -> bytes:
    """A workbook with random damage to its bytes, or to the XML inside it."""
    if chance.random() < 0.5:
        changed = bytearray(data)
        for _ in range(chance.randint(1, 4)):
            at = chance.randrange(len(changed))
            act = chance.randrange(4)
            if act == 0:
                changed[at] ^= 1 << chance.randrange(8)
            elif act == 1:
                del changed[at : at + chance.randint(1, 200)]
            elif act == 2:
                changed[at:at] = chance.randbytes(chance.randint(1, 50))
            else:
                changed[at : at + 20] = chance.randbytes(20)
            if not changed:
                break
        return bytes(changed)
    source = zipfile.ZipFile(io.BytesIO(data))
    contents = {name: source.read(name) for name in source.namelist()}
    name = chance.choice([n for n in contents if n.endswith((".xml", ".rels"))])
    text = bytearray(contents[name])
    at = chance.randrange(len(text))
    words = [b"<", b">", b"&#0;", b"<v>1e999</v>", b'r="A1"', b"</c>", b"<row>", b"]]>", b"\xff"]
    words += [
        b"_x0001_",
        b"<!DOCTYPE x>",
        b"-1",
        b"99999999999",
        b't="s"',
        bytes(text[at : at + 300]),
    ]
    where = chance.randrange(len(text))
    text[where : where + chance.choice([0, 0, 5, 60])] = chance.choice(words)
    contents[name] = bytes(text)
    return packed(contents)


def test_mutated_workbooks_never_crash_anything(reader: Reader, tmp_path: Path) -> None:
    """Every outcome is a refusal or rows; POSKO_MUTATIONS and POSKO_SEED run more or others."""
    count, seed = int(os.environ.get("POSKO_MUTATIONS", 300)), int(os.environ.get("POSKO_SEED", 1))
    path = tmp_path / "jahat.xlsx"
    with BookWriter(path, custom={"posko": "head"}) as writer:
        made = writer.sheet(
            "Perkara", [Column(heading="ID", note="x", locked=True), Column(heading="Isi")]
        )
        for number in range(40):
            made.row([f"0191-{number}", "Spanduk & baliho\nbaris dua"])
        writer.sheet("_pos", [Column(heading="")], state="veryHidden").row(['{"a":1}'])
    good = path.read_bytes()
    seen = set()
    for number in range(seed, seed + count):
        path.write_bytes(mutated(good, random.Random(number)))
        began = time.monotonic()
        code = outcome(reader, path)
        assert code != "reader_died", f"mutation {number}"
        assert code != "too_slow", f"mutation {number}"
        assert time.monotonic() - began < 5, f"mutation {number}"
        seen.add(code)
    assert {"", "damaged", "truncated", "unsafe"} <= seen, seen
