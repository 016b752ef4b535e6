"""The PDF: same bytes, exact paper, embedded fonts, selectable text, honest page breaks."""

from __future__ import annotations

import ctypes
import io
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from posko_app.errors import InvalidInput, UserError
from posko_app.letters import samples
from posko_app.letters.blocks import (
    Block,
    Column,
    Letterhead,
    Paragraph,
    Row,
    Signatures,
    Signer,
    Table,
    TableRow,
    TearOff,
)
from posko_app.letters.pdf import About, PageSetup, render
from posko_app.letters.pdf.fonts import family
from posko_app.letters.pdf.lines import break_lines
from posko_app.letters.pdf.strips import Strip, paginate
from posko_app.letters.template import Template, load_templates
from posko_app.paths import resource
from posko_app.rules.book import load_rules

TEMPLATES = load_templates()
LAW = load_rules(resource("rules")).get("pilkada-2024")
ABOUT = About(title="Uji surat", author="Bawaslu Kabupaten Muara Jernih", footer="001/UJI")
PAPERS = {"F4": (215.0, 330.0), "A4": (210.0, 297.0)}
SIZES = ("shortest", "typical", "longest", "hostile")


def filled(template: Template, size: str) -> tuple[Block, ...]:
    make = {
        "typical": samples.typical,
        "longest": samples.longest,
        "hostile": samples.hostile,
        "shortest": lambda: samples.shortest(template),
    }
    return template.fill(make[size](), LAW)


def pages_of(data: bytes) -> list[str]:
    """The text of each page; lines end with LF."""
    with pypdfium2.PdfDocument(data) as document:
        found = []
        for page in document:
            text = page.get_textpage()
            found.append(text.get_text_bounded().replace("\r\n", "\n"))
            text.close()
            page.close()
        return found


def squeezed(text: str) -> str:
    """Text without white space, to compare what line breaks have parted."""
    return re.sub(r"\s", "", text)


@pytest.fixture(
    scope="module",
    params=[(t, s, p) for t in TEMPLATES for s in SIZES for p in PAPERS],
    ids=lambda param: "-".join(param),
)
def made(request: pytest.FixtureRequest) -> tuple[str, str, str, bytes]:
    """Every template in every size on both papers."""
    name, size, paper = request.param
    blocks = filled(TEMPLATES[name], size)
    return name, size, paper, render(blocks, PageSetup(paper=paper), ABOUT)


def test_exact_paper_and_page_numbers(made: tuple[str, str, str, bytes]) -> None:
    _, _, paper, data = made
    with pypdfium2.PdfDocument(data) as document:
        for page in document:
            wide, high = (side * 25.4 / 72 for side in page.get_size())
            assert (wide, high) == pytest.approx(PAPERS[paper], abs=0.01)
            page.close()
    texts = pages_of(data)
    for number, text in enumerate(texts, 1):
        assert f"Halaman {number} dari {len(texts)}" in text
        assert "001/UJI" in text


def test_signature_is_never_alone(made: tuple[str, str, str, bytes]) -> None:
    name, size, _, data = made
    blocks = filled(TEMPLATES[name], size)
    at = next(i for i, b in enumerate(blocks) if isinstance(b, Signatures))
    before = blocks[at - 1]
    assert isinstance(before, Paragraph)
    words = squeezed(before.text.replace("<br/>", " "))
    closing = words[-24:]
    signer = blocks[at]
    assert isinstance(signer, Signatures)
    role = squeezed(signer.signers[0].role)[-14:]
    pages = [squeezed(t) for t in pages_of(data)]
    assert any(closing in page and role in page[page.index(closing) :] for page in pages), (
        "the signature has left its text"
    )


def test_nothing_leaves_the_margins(made: tuple[str, str, str, bytes]) -> None:
    *_, data = made
    with pypdfium2.PdfDocument(data) as document:
        for page in document:
            wide, _ = page.get_size()
            text = page.get_textpage()
            for at in range(text.count_chars()):
                left, bottom, right, _ = text.get_charbox(at)
                if right > left:
                    assert left >= 30 / 25.4 * 72 - 1
                    assert right <= wide - 20 / 25.4 * 72 + 1.5
                    assert bottom > 8 / 25.4 * 72 - 1
            text.close()
            page.close()


def test_all_of_a_long_report_is_there() -> None:
    values = samples.longest()
    data = render(filled(TEMPLATES["laporan"], "longest"), PageSetup(paper="A4"), ABOUT)
    text = "".join(squeezed(re.sub(r"001/UJI\s*Halaman.*", "", p)) for p in pages_of(data))
    narrative = values["case.narrative"]
    assert isinstance(narrative, str)
    assert len(narrative.split()) > 3000
    assert text.count(squeezed(narrative.split(". ")[0])) >= 8 * 19
    for number in range(1, 41):
        assert f"{number}Prof.Dr.H.Abdurrahman" in text
    assert text.count("No.NamaAlamat") > 3, "the headings are repeated on every page"


def test_hostile_names_are_printed_as_text() -> None:
    data = render(filled(TEMPLATES["laporan"], "hostile"), PageSetup(), ABOUT)
    text = squeezed("".join(pages_of(data)))
    assert '<b>Budi</b>&"Rekan"{case.__class__}=1+1imitkab' in text


def test_same_blocks_same_bytes() -> None:
    blocks = filled(TEMPLATES["penerusan-hukum-lainnya"], "typical")
    first = render(blocks, PageSetup(), ABOUT)
    render(filled(TEMPLATES["laporan"], "longest"), PageSetup(paper="A4"), ABOUT)
    assert render(blocks, PageSetup(), ABOUT) == first
    assert render(blocks, PageSetup(paper="A4"), ABOUT) != first


def test_same_bytes_in_another_process() -> None:
    code = (
        "import hashlib; from posko_app.letters import samples, template, pdf;"
        "from posko_app.rules.book import load_rules; from posko_app.paths import resource;"
        "law = load_rules(resource('rules')).get('pilkada-2024');"
        "b = template.template_named('laporan').fill(samples.typical(), law);"
        "d = pdf.render(b, pdf.PageSetup(), pdf.About(title='Uji'));"
        "print(hashlib.sha256(d).hexdigest())"
    )
    seen = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONPATH": str(Path(__file__).parents[1]), "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(seen) == 1


def fonts_of(data: bytes) -> Iterator[tuple[str, bool]]:
    """Every font that the page's text uses, and whether it is embedded."""
    with pypdfium2.PdfDocument(data) as document:
        for page in document:
            for item in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT]):
                font = pdfium.FPDFTextObj_GetFont(item)
                size = pdfium.FPDFFont_GetBaseFontName(font, None, 0)
                name = ctypes.create_string_buffer(size)
                pdfium.FPDFFont_GetBaseFontName(font, name, size)
                yield name.value.decode(), bool(pdfium.FPDFFont_GetIsEmbedded(font))
            page.close()


def test_every_font_is_embedded() -> None:
    data = render(filled(TEMPLATES["penerusan-hukum-lainnya"], "typical"), PageSetup(), ABOUT)
    used = set(fonts_of(data))
    assert used
    assert all(embedded and "LiberationSans" in name for name, embedded in used), used


def test_the_document_describes_itself() -> None:
    data = render(filled(TEMPLATES["laporan"], "typical"), PageSetup(), ABOUT)
    with pypdfium2.PdfDocument(data) as document:
        about = document.get_metadata_dict()
        assert about["Title"] == "Uji surat"
        assert about["Author"] == "Bawaslu Kabupaten Muara Jernih"
        assert about["Creator"] == "Posko"
        titles = [mark.get_title() for mark in document.get_toc()]
    assert "1. Identitas Pelapor" in titles
    assert b"/Lang (id-ID)" in data


def test_a_watermark_is_on_every_page() -> None:
    blocks = filled(TEMPLATES["laporan"], "longest")
    pages = pages_of(render(blocks, PageSetup(), ABOUT, watermark="KONSEP"))
    assert all("KONSEP" in page for page in pages)
    assert not any("KONSEP" in page for page in pages_of(render(blocks, PageSetup(), ABOUT)))


def picture(form: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGBA", (60, 60), (200, 30, 30, 255)).save(out, form)
    return out.getvalue()


def test_the_office_emblem_or_a_place_for_it() -> None:
    block = Letterhead(lines=("BAWASLU",), logo="office.logo")
    with_logo = render([block], PageSetup(), ABOUT, images={"office.logo": picture("PNG")})
    assert b"/Subtype /Image" in with_logo
    assert "lambang" not in pages_of(with_logo)[0]
    assert "lambang" in pages_of(render([block], PageSetup(), ABOUT))[0]


@pytest.mark.parametrize("data", [b"not a picture", picture("PNG")[:40]])
def test_an_unreadable_emblem_is_said_plainly(data: bytes) -> None:
    block = Letterhead(lines=("BAWASLU",), logo="office.logo")
    with pytest.raises(UserError, match="lambang") as caught:
        render([block], PageSetup(), ABOUT, images={"office.logo": data})
    assert caught.value.code == "unreadable_logo"


def test_wrong_page_settings_are_all_named() -> None:
    with pytest.raises(InvalidInput) as caught:
        PageSetup(paper="A3", font="Comic", font_size=40, left=0, line_spacing=9)
    fields = {p.field for p in caught.value.problems}
    assert fields == {"paper", "font", "font_size", "margins", "line_spacing"}


def test_tear_off_stays_whole() -> None:
    slip = TearOff(
        title="Sobekan",
        rows=tuple(Row(label=f"Baris {n}", value="x") for n in range(12)),
        text="Satu<br/>Dua",
    )
    filler = [Paragraph(text=f"Alinea {n}.") for n in range(36)]
    pages = pages_of(render([*filler, slip], PageSetup(paper="A4"), ABOUT))
    assert len(pages) == 2
    assert all(word in pages[1] for word in ("potong di sini", "Sobekan", "Baris 11", "Dua"))


def test_a_row_longer_than_a_page_runs_on() -> None:
    block = Table(
        columns=(Column(heading="No."), Column(heading="Isi", width=6)),
        rows=(TableRow(cells=("1", "kata " * 3000)),),
    )
    pages = pages_of(render([block], PageSetup(), ABOUT))
    assert len(pages) > 2
    assert sum(p.count("kata") for p in pages) == 3000


@pytest.mark.parametrize("count", [1, 2, 3])
def test_one_to_three_signers(count: int) -> None:
    signers = tuple(
        Signer(role=f"Jabatan {n},", name="" if n == 2 else f"Nama {n}", on_behalf="a.n. Ketua,")
        for n in range(count)
    )
    text = pages_of(render([Signatures(signers=signers)], PageSetup(), ABOUT))[0]
    assert all(f"Jabatan {n}," in text for n in range(count))
    assert ("(....." in text) is (count == 3)


FACES = family("LiberationSans")


@given(
    st.lists(st.sampled_from(["a", "kata", "mempertanggungjawabkannya", "002/LP/PB/Kab/27.09"])),
    st.floats(20, 400),
)
def test_breaking_keeps_every_word_within_the_width(words: list[str], width: float) -> None:
    lines = break_lines(" ".join(words), FACES, 11, width)
    text = "".join(run.text for line in lines for run in line.runs)
    assert squeezed(text) == "".join(words)
    assert all(line.width <= width + 0.02 for line in lines)
    assert [line.last for line in lines] == [False] * (len(lines) - 1) + [True]


def test_compound_words_part_at_the_hyphen_and_numbers_do_not() -> None:
    def told(text: str, width: float) -> list[str]:
        lines = break_lines(text, FACES, 11, width)
        return ["".join(run.text for run in line.runs) for line in lines]

    assert told("peraturan perundang-undangan", 110) == ["peraturan perundang-", "undangan"]
    assert told("nomor surat KH-05", 75) == ["nomor surat", "KH-05"]
    assert told("satu undang-undang", 1000) == ["satu undang-undang"]


@settings(max_examples=200)
@given(st.lists(st.tuples(st.floats(1, 60), st.booleans()), min_size=1, max_size=80))
def test_pages_never_overflow_and_lose_nothing(parts: list[tuple[float, bool]]) -> None:
    strips = [Strip(high, lambda pen, top: None, keep=keep) for high, keep in parts]
    pages = paginate(strips, 100)
    assert [placed.strip for page in pages for placed in page] == strips
    for page in pages:
        assert page[-1].top + page[-1].strip.height <= 100 + 1e-6
    for before, after in pairwise(pages):
        chain = strips[: strips.index(after[0].strip)]
        run = sum(1 for _ in _kept_tail(chain))
        if run and sum(s.height for s in _chain_around(strips, after[0].strip)) <= 100:
            raise AssertionError(f"a chain was torn before {before[-1]}")


def _kept_tail(strips: list[Strip]) -> Iterator[Strip]:
    for strip in reversed(strips):
        if not strip.keep:
            return
        yield strip


def _chain_around(strips: list[Strip], member: Strip) -> list[Strip]:
    at = strips.index(member)
    start = at
    while start and strips[start - 1].keep:
        start -= 1
    end = at
    while strips[end].keep and end + 1 < len(strips):
        end += 1
    return strips[start : end + 1]
