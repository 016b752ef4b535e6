"""The strict reader gives back what was written, also after other programs saved the file."""

from __future__ import annotations

import hashlib
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from posko_app.exchange.xlsx.limits import limits
from posko_app.exchange.xlsx.read import Cell, Row, open_book
from posko_app.exchange.xlsx.refused import Refused
from posko_app.exchange.xlsx.write import BookWriter, Column, Page
from tests.workbook_files import MAIN, book, inline, packed, parts, row, sheet, strings

PLAIN = Page(headings=False)
TEXTS = [
    "=1+1",
    "3275012304950001",
    "00123",
    "  tepi  ",
    "baris 1\nbaris 2\n",
    "<b>&amp;",
    "_x0041_ dan _x005F_",
    "₢ 𝔘 é",
    "x" * 30_000,
]


def rows_of(path: Path, name: str = "Perkara") -> list[Row]:
    with open_book(path) as opened:
        return list(opened.rows(name))


def saved(data: bytes, tmp_path: Path) -> Path:
    path = tmp_path / "b.xlsx"
    path.write_bytes(data)
    return path


def texts_of(path: Path) -> list[list[str]]:
    return [[cell.value for cell in found.cells] for found in rows_of(path)]


def write(path: Path) -> BookWriter:
    with BookWriter(path, custom={"posko": "kepala & ekor"}) as writer:
        made = writer.sheet(
            "Perkara", [Column(heading="Isi", note="x"), Column(heading="N", style="number")]
        )
        for number, text in enumerate(TEXTS):
            made.row([text, number])
        writer.sheet("_pos", [Column(heading="")], state="veryHidden", page=PLAIN).row(["POS1"])
    return writer


def test_what_was_written_is_read(tmp_path: Path) -> None:
    path = tmp_path / "b.xlsx"
    written = write(path)
    with open_book(path) as opened:
        assert [(s.name, s.state) for s in opened.sheets] == [
            ("Perkara", "visible"),
            ("_pos", "veryHidden"),
        ]
        assert opened.custom == {"posko": "kepala & ekor"}
        assert opened.warnings == []
        assert opened.part_sha256("Perkara") == written.parts["Perkara"].sha256
        first, *rest = opened.rows("Perkara")
    assert first == Row(1, False, (Cell(0, "Isi", "text", False), Cell(1, "N", "text", False)))
    assert [found.cells for found in rest] == [
        (Cell(0, text, "text", False), Cell(1, str(number), "number", False))
        for number, text in enumerate(TEXTS)
    ]


def test_a_file_saved_by_openpyxl_reads_the_same(tmp_path: Path) -> None:
    path, again = tmp_path / "b.xlsx", tmp_path / "c.xlsx"
    written = write(path)
    openpyxl.load_workbook(path).save(again)
    # openpyxl does not know the escapes of inline strings and writes them literally
    assert [t for t in texts_of(again) if "_x" not in t[0]] == [
        t for t in texts_of(path) if "_x" not in t[0]
    ]
    with open_book(again) as opened:
        assert opened.custom == {"posko": "kepala & ekor"}
        assert opened.part_sha256("Perkara") != written.parts["Perkara"].sha256
        assert {s.name: s.state for s in opened.sheets}["_pos"] == "veryHidden"


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.lists(
            st.text(
                st.sampled_from("ax_05F\n &<é𝔘") | st.characters(exclude_categories=("Cs", "Cc")),
                max_size=14,
            ).map(lambda text: text.replace("\ufffe", "").replace("\uffff", "")),
            min_size=1,
            max_size=4,
        ),
        min_size=1,
        max_size=4,
    )
)
def test_any_clean_text_survives_the_round_trip(tmp_path: Path, rows: list[list[str]]) -> None:
    path = tmp_path / "any.xlsx"
    with BookWriter(path) as writer:
        made = writer.sheet("Perkara", [Column(heading="")] * 4, page=PLAIN)
        for values in rows:
            made.row(values)
    found = {
        (line.number, cell.column): cell.value for line in rows_of(path) for cell in line.cells
    }
    assert found == {
        (line, column): text
        for line, values in enumerate(rows, 1)
        for column, text in enumerate(values)
        if text
    }


def test_shared_strings_with_runs_and_phonetic_hints(tmp_path: Path) -> None:
    shared = strings(
        [
            "<t>utuh</t>",
            '<r><t>dua </t></r><r><rPr/><t xml:space="preserve">bagian</t></r>',
            "<t>漢</t><rPh><t>kan</t></rPh>",
        ]
    )
    cells = [f'<c r="{c}1" t="s"><v>{n}</v></c>' for n, c in enumerate("ABC")]
    assert texts_of(saved(book(row(1, *cells), shared), tmp_path)) == [["utuh", "dua bagian", "漢"]]


def test_each_kind_of_cell(tmp_path: Path) -> None:
    cells = (
        '<c r="A1"><v>3.5</v></c>',
        '<c r="B1" t="b"><v>1</v></c>',
        '<c r="C1" t="e"><v>#N/A</v></c>',
        '<c r="D1" t="str"><f>A1&amp;"x"</f><v>3.5x</v></c>',
        '<c r="E1"><f>A1*2</f><v>7</v></c>',
        '<c r="F1"><f>A1</f></c>',
        '<c r="G1" t="d"><v>2024-10-15</v></c>',
        '<c r="H1" s="4"/>',
    )
    (found,) = rows_of(saved(book(row(1, *cells)), tmp_path))
    assert found.cells == (
        Cell(0, "3.5", "number", False),
        Cell(1, "1", "bool", False),
        Cell(2, "#N/A", "error", False),
        Cell(3, "3.5x", "text", True),
        Cell(4, "7", "number", True),
        Cell(5, "", "text", True),
        Cell(6, "2024-10-15", "text", False),
    )


def test_other_ways_to_write_the_same_are_understood(tmp_path: Path) -> None:
    """Prefixes, the strict variant, no cell references, hidden rows, pairs of escapes."""
    xml = (
        '<x:worksheet xmlns:x="http://purl.oclc.org/ooxml/spreadsheetml/main"><x:sheetData>'
        '<x:row hidden="1"><x:c t="inlineStr"><x:is><x:t>a</x:t></x:is></x:c>'
        '<x:c t="inlineStr"><x:is><x:t>_xD83D__xDE00_</x:t></x:is></x:c></x:row>'
        '<x:row r="5"><x:c r="B5" t="inlineStr"><x:is><x:t>b</x:t></x:is></x:c></x:row>'
        "</x:sheetData></x:worksheet>"
    )
    assert rows_of(saved(packed(parts(xml)), tmp_path)) == [
        Row(1, True, (Cell(0, "a", "text", False), Cell(1, "😀", "text", False))),
        Row(5, False, (Cell(1, "b", "text", False),)),
    ]


def test_what_people_type_passes(tmp_path: Path) -> None:
    text = "tab\there_x000D_\nbaris"
    assert texts_of(saved(book(row(1, inline("A1", text))), tmp_path)) == [["tab\there\r\nbaris"]]


def test_a_bad_shared_string_is_named_by_its_cell(tmp_path: Path) -> None:
    shared = strings(["<t>_x0001_</t>", "<t>baik</t>"])
    good = book(row(1, '<c r="A1" t="s"><v>1</v></c>'), shared)
    assert texts_of(saved(good, tmp_path)) == [["baik"]]
    path = saved(book(row(1, '<c r="C1" t="s"><v>0</v></c>'), shared), tmp_path)
    with pytest.raises(Refused, match="sel C1 lembar Perkara"):
        rows_of(path)


def test_macros_and_links_are_warned_about(tmp_path: Path) -> None:
    contents = parts(sheet(""))
    workbook = str(contents["xl/workbook.xml"])
    link = '<externalReferences><externalReference r:id="r9"/></externalReferences></workbook>'
    contents["xl/workbook.xml"] = workbook.replace("</workbook>", link).replace(
        "<sheets>", '<workbookPr date1904="1"/><sheets>'
    )
    contents["xl/vbaProject.bin"] = b"x"
    with open_book(saved(packed(contents), tmp_path)) as opened:
        assert opened.warnings == ["external_links", "macros"]
        assert opened.date1904


def test_a_missing_sheet_is_named(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="lembar Terlapor"):
        rows_of(saved(book(""), tmp_path), "Terlapor")


def test_writer_and_reader_share_their_limits(tmp_path: Path) -> None:
    path = tmp_path / "b.xlsx"
    with BookWriter(path) as writer:
        made = writer.sheet("Perkara", [Column(heading="H")] * limits().sheet_columns)
        for _ in range(limits().sheet_rows - 1):
            made.row(["x"])
        for number in range(limits().sheet_count - 2):
            writer.sheet(f"S{number}", [Column(heading="H", choices=("a, b", "c"))])
    with open_book(path) as opened:
        assert len(opened.sheets) == limits().sheet_count
        assert sum(1 for _ in opened.rows("Perkara")) == limits().sheet_rows


def test_the_hash_is_of_the_part(tmp_path: Path) -> None:
    xml = sheet(row(1, inline("A1", "x")))
    with open_book(saved(packed(parts(xml)), tmp_path)) as opened:
        assert opened.part_sha256("Perkara") == hashlib.sha256(xml.encode()).hexdigest()
    assert MAIN in xml
