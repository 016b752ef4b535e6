"""Puts blocks on pages and writes the document."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any

from reportlab.pdfgen.canvas import Canvas

from posko_app.letters.blocks import (
    Block,
    CopyList,
    FormFields,
    FormMark,
    Heading,
    Letterhead,
    LetterOpening,
    Listing,
    Narrative,
    Paragraph,
    Signatures,
    Table,
    TearOff,
    plain,
)

from . import flow, official
from .flow import baseline
from .fonts import unit_width
from .pen import Pen
from .sheet import MM, PageSetup, Sheet
from .strips import Page, Strip, keep_tail, paginate

LAYOUT: dict[type[Any], Callable[[Any, Sheet], list[Strip]]] = {
    Letterhead: official.letterhead,
    FormMark: official.form_mark,
    LetterOpening: official.opening,
    Heading: official.heading,
    FormFields: flow.form_fields,
    Paragraph: flow.paragraph,
    Listing: flow.listing,
    Table: flow.table,
    Narrative: flow.narrative,
    Signatures: official.signatures,
    CopyList: official.copy_list,
    TearOff: official.tear_off,
}

# White lines above a block; what is not named gets DEFAULT_SPACE.
SPACE: dict[type[Any], float] = {Signatures: 1.0, CopyList: 1.0, TearOff: 1.2, Heading: 0.2}
DEFAULT_SPACE = 0.5
NO_SPACE_AFTER = (Letterhead, FormMark, LetterOpening)
FOOTER_SIZE = 8.0


@dataclass(frozen=True, kw_only=True)
class About:
    """What the document says of itself; `footer` stands left of the page number."""

    title: str
    author: str = ""
    subject: str = ""
    footer: str = ""


def render(
    blocks: Sequence[Block],
    setup: PageSetup,
    about: About,
    *,
    images: Mapping[str, bytes] | None = None,
    watermark: str = "",
) -> bytes:
    """The PDF of a letter; `watermark` is one word across every page, such as KONSEP.

    Raises `UserError` when the letterhead's picture cannot be read.
    """
    return render_batch([(blocks, about.footer)], setup, about, images=images, watermark=watermark)


def render_batch(
    letters: Iterable[tuple[Sequence[Block], str]],
    setup: PageSetup,
    about: About,
    *,
    images: Mapping[str, bytes] | None = None,
    watermark: str = "",
) -> bytes:
    """Many letters, each with its own footer and page numbers, in one file that holds fonts once.

    `letters` may be a generator that reports progress and stops by raising. Raises as `render`.
    """
    out = BytesIO()
    plain_sheet = Sheet(setup=setup, images=images or {})
    size = plain_sheet.page
    canvas = Canvas(out, pagesize=size, pageCompression=1, invariant=1, lang="id-ID")
    canvas.setTitle(about.title)
    canvas.setAuthor(about.author)
    canvas.setSubject(about.subject)
    canvas.setCreator("Posko")
    canvas.setProducer("Posko")
    for blocks, footer in letters:
        sheet = _aligned(plain_sheet, blocks)
        pages = paginate(_strips(blocks, sheet), sheet.height)
        for number, page in enumerate(pages, 1):
            shown = f"Halaman {number} dari {len(pages)}"
            _draw_page(canvas, sheet, page, footer, shown, watermark)
            canvas.showPage()
    canvas.save()
    return out.getvalue()


def _aligned(sheet: Sheet, blocks: Sequence[Block]) -> Sheet:
    """The sheet with the place where the colons of all form rows of a letter stand."""
    forms = [b for b in blocks if isinstance(b, FormFields)]
    colons = max((flow.inset(b) + flow.label_width(b.rows, sheet) for b in forms), default=0.0)
    return replace(sheet, colons=colons)


def _strips(blocks: Sequence[Block], sheet: Sheet) -> list[Strip]:
    """All blocks one under the other; a signature holds the two lines before it."""
    column: list[Strip] = []
    before: Block | None = None
    for block in blocks:
        strips = LAYOUT[type(block)](block, sheet)
        if not strips:
            continue
        if before is not None and not isinstance(before, NO_SPACE_AFTER):
            tight = type(block) is type(before) and isinstance(block, FormFields)
            above = 0.25 if tight and not getattr(block, "title", "") else None
            kind = SPACE.get(type(block), DEFAULT_SPACE)
            gap = sheet.space(kind if above is None else above)
            gap.keep = column[-1].keep
            column.append(gap)
        if isinstance(block, Signatures):
            keep_tail(column, 2)
        if isinstance(block, CopyList) and isinstance(before, Signatures):
            keep_tail(column, 1)
        column += strips
        before = block
    return column


def _draw_page(
    canvas: Any, sheet: Sheet, page: Page, footer: str, number: str, watermark: str
) -> None:
    top = sheet.page[1] - sheet.setup.top * MM
    if watermark:
        _draw_watermark(canvas, sheet, watermark)
    pen = Pen(canvas)
    for placed in page:
        strip = placed.strip
        if strip.draw:
            strip.draw(pen, top - placed.top)
        if strip.bookmark:
            _bookmark(canvas, strip.bookmark, top - placed.top)
    if page and (last := page[-1].strip).close:
        last.close(pen, top - page[-1].top - last.height)
    y = max(12 * MM, sheet.setup.bottom * MM * 0.65)
    leading = FOOTER_SIZE * 1.2
    for text, align in ((footer, "left"), (number, "right")):
        line = sheet.lines(text, sheet.width * 0.7, FOOTER_SIZE)[0]
        pen.text(
            line, sheet.left, baseline(y, leading, FOOTER_SIZE), FOOTER_SIZE, sheet.width, align
        )
    pen.finish()


def _bookmark(canvas: Any, title: str, top: float) -> None:
    """An entry in the outline that leads to this place."""
    key = f"b{canvas.getPageNumber()}-{top:.1f}"
    canvas.bookmarkHorizontal(key, 0, top)
    canvas.addOutlineEntry(plain(title), key, 0)


def _draw_watermark(canvas: Any, sheet: Sheet, word: str) -> None:
    """One pale word from corner to corner, under the text."""
    wide, high = sheet.page
    canvas.saveState()
    canvas.setFillGray(0.88)
    size = min(84.0, 0.7 * math.hypot(wide, high) / unit_width(sheet.family.bold, word))
    canvas.setFont(sheet.family.bold, size)
    canvas.translate(wide / 2, high / 2)
    canvas.rotate(52)
    canvas.drawCentredString(0, -size * 0.36, word)
    canvas.restoreState()
