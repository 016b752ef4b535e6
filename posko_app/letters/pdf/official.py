"""What makes a page official: letterhead, opening, titles, signatures, copies, tear-off."""

from __future__ import annotations

from io import BytesIO

from reportlab.lib.utils import ImageReader

from posko_app.errors import UserError
from posko_app.letters.blocks import (
    CopyList,
    FormMark,
    Heading,
    Letterhead,
    LetterOpening,
    Listing,
    Signatures,
    Signer,
    TearOff,
    plain,
)

from .flow import (
    GAP,
    baseline,
    cell_strips,
    item_mark,
    label_width,
    listing,
    row_strips,
    text_strips,
)
from .lines import Line
from .pen import Pen
from .sheet import MM, Sheet
from .strips import Draw, Strip

LOGO = 20 * MM
SIGNING_LINES = 4
DOTTED_NAME = "(" + "." * 44 + ")"


def letterhead(block: Letterhead, sheet: Sheet) -> list[Strip]:
    """Emblem on the left, the office's lines in the middle, a thick and a thin rule below."""
    side = LOGO + 3 * MM
    width = sheet.width - 2 * side
    rows: list[tuple[Line, float]] = []
    for text in block.lines:
        shout = plain(text) == plain(text).upper() and any(c.isalpha() for c in plain(text))
        size = _shrunk(text, sheet, width) if shout else sheet.size - 2
        made = sheet.lines(f"<b>{text}</b>" if shout else text, width, size)
        rows += [(line, size) for line in made if line.runs]
    high = sum(size * 1.2 for _, size in rows)
    height = max(high, LOGO) + 4 * MM
    emblem = _emblem(sheet, block.logo)

    def draw(pen: Pen, top: float) -> None:
        emblem(pen, top)
        y = top - max(0.0, LOGO - high) / 2
        for line, size in rows:
            pen.text(line, sheet.left + side, baseline(y, size * 1.2, size), size, width, "center")
            y -= size * 1.2
        pen.rule(sheet.left, top - height + 2.2, sheet.width, 2.2)
        pen.rule(sheet.left, top - height - 0.8, sheet.width, 0.6)

    return [Strip(height, draw, keep=True), Strip(sheet.leading(sheet.size) * 0.8)]


def _shrunk(text: str, sheet: Sheet, width: float) -> float:
    """The large size of a letterhead line, a little smaller if it then fits on one line."""
    large = sheet.size + 2
    wide = sheet.lines(f"<b>{text}</b>", 10_000, large)[0].width
    return large * width / wide if width < wide <= width / 0.78 else large


def _emblem(sheet: Sheet, key: str) -> Draw:
    """The office's own picture, or a dashed circle where it would stand."""
    if key and (data := sheet.images.get(key)):
        picture = read_picture(data)

        def paint(pen: Pen, top: float) -> None:
            pen.canvas.drawImage(
                picture,
                sheet.left,
                top - LOGO,
                LOGO,
                LOGO,
                mask="auto",
                preserveAspectRatio=True,
                anchor="nw",
            )

        return paint

    word = sheet.lines("lambang", LOGO, 7)[0]

    def circle(pen: Pen, top: float) -> None:
        pen.canvas.saveState()
        pen.canvas.setDash(2, 2)
        pen.canvas.setLineWidth(0.6)
        pen.canvas.circle(sheet.left + LOGO / 2, top - LOGO / 2, LOGO / 2)
        pen.canvas.restoreState()
        pen.text(word, sheet.left, top - LOGO / 2 - 2.5, 7, LOGO, "center")

    return circle


def read_picture(data: bytes) -> ImageReader:
    """The letterhead's picture; `UserError` when it cannot be read."""
    try:
        picture = ImageReader(BytesIO(data))
        picture.getRGBData()
    except Exception as error:
        # The picture library raises many kinds of errors for a broken file.
        raise UserError(
            "Gambar lambang di kop surat tidak dapat dibaca. Surat belum dibuat dan data tidak "
            "berubah. Pilih lagi gambar PNG di pengaturan kantor.",
            code="unreadable_logo",
        ) from error
    return picture


def form_mark(block: FormMark, sheet: Sheet) -> list[Strip]:
    """Small and bold in the upper right corner."""
    if not block.text:
        return []
    return [
        *text_strips(f"<b>{block.text}</b>", sheet, align="right", size=sheet.size - 1),
        sheet.space(0.3),
    ]


def heading(block: Heading, sheet: Sheet) -> list[Strip]:
    """A title in the middle, one size up, with its under-line."""
    strips = text_strips(f"<b>{block.text}</b>", sheet, align="center", size=sheet.size + 1)
    if block.under:
        strips += text_strips(block.under, sheet, align="center")
    for strip in strips:
        strip.keep = True
    strips[0].bookmark = block.text
    return strips


def opening(block: LetterOpening, sheet: Sheet) -> list[Strip]:
    """Nomor to Hal with the date to their right; then the addressee."""
    label, colon = label_width(block.rows, sheet), 4.0 + GAP
    date_line = sheet.lines(block.place_date, sheet.width * 0.45)
    date_width = max(line.width for line in date_line)
    x = sheet.left + label + colon
    width = sheet.width - label - colon - date_width - 3 * GAP
    strips: list[Strip] = []
    for at, row in enumerate(block.rows):
        cells = [
            (sheet.lines(row.label, label), sheet.left, label, "left"),
            (sheet.lines(":", colon), sheet.left + label, colon, "left"),
            (sheet.lines(row.value or "–", width), x, width, "left"),
        ]
        if at == 0:
            right = sheet.left + sheet.width - date_width
            cells.append((date_line, right, date_width, "left"))
        strips += cell_strips(cells, sheet)
    if block.addressee:
        strips.append(sheet.space(0.8))
        hang = sheet.lines("Yth. ", 100)[0].width + 3.5
        width = sheet.width * 0.66 - hang
        strips += cell_strips(
            [
                (sheet.lines("Yth.", hang), sheet.left, hang, "left"),
                (sheet.lines(block.addressee, width), sheet.left + hang, width, "left"),
            ],
            sheet,
        )
        if block.addressee_place:
            strips += text_strips("di –", sheet)
            strips += text_strips(block.addressee_place, sheet, x=hang, narrow=sheet.width * 0.34)
    for strip in strips:
        strip.keep = True
    strips.append(sheet.space(0.5))
    return strips


def signatures(block: Signatures, sheet: Sheet) -> list[Strip]:
    """Up to three signatures side by side as one strip; a lone one stands on the right."""
    count = len(block.signers)
    columns = max(count, 2)
    width = sheet.width / columns
    gap = 4 * MM
    first = 1 if count == 1 else 0
    leading = sheet.leading(sheet.size)
    stacks = []
    for at, signer in enumerate(block.signers):
        x = sheet.left + (first + at) * width
        stacks.append((x, *_signer_lines(signer, sheet, width - gap)))
    above = max(len(head) for _, head, _ in stacks)
    below = max(len(foot) for _, _, foot in stacks)
    height = (above + SIGNING_LINES + below) * leading
    align = "left" if count == 1 else "center"

    def draw(pen: Pen, top: float) -> None:
        for x, head, foot in stacks:
            rows = [(above - len(head) + i, line) for i, line in enumerate(head)]
            rows += [(above + SIGNING_LINES + i, line) for i, line in enumerate(foot)]
            for row, line in rows:
                y = baseline(top - row * leading, leading, sheet.size)
                pen.text(line, x, y, sheet.size, width - gap, align)

    return [Strip(height, draw)]


def _signer_lines(
    signer: Signer, sheet: Sheet, width: float
) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """What stands above the signature and what below."""
    above = [t for t in (signer.place_date, signer.on_behalf, signer.role) if t]
    name = f"<b>{signer.name}</b>" if signer.name else DOTTED_NAME
    below = [t for t in (name, signer.identity) if t]
    return (
        tuple(line for text in above for line in sheet.lines(text, width)),
        tuple(line for text in below for line in sheet.lines(text, width)),
    )


def copy_list(block: CopyList, sheet: Sheet) -> list[Strip]:
    """Tembusan in small type; a short list stays together."""
    if not block.items:
        return []
    size = sheet.size - 1
    strips = text_strips(block.title, sheet, size=size)
    hang = 16.0
    for at, item in enumerate(block.items):
        width = sheet.width - hang
        strips += cell_strips(
            [
                (sheet.lines(item_mark("1", at), hang, size), sheet.left, hang, "left"),
                (sheet.lines(item, width, size), sheet.left + hang, width, "left"),
            ],
            sheet,
            size,
        )
    for strip in strips[:-1] if len(strips) <= 8 else strips[:2]:
        strip.keep = True
    return strips


def tear_off(block: TearOff, sheet: Sheet) -> list[Strip]:
    """A dashed line to cut along, then the slip, all on one page."""
    note = sheet.lines("potong di sini", sheet.width, 7)[0]

    def cut(pen: Pen, top: float) -> None:
        pen.canvas.saveState()
        pen.canvas.setDash(4, 3)
        pen.rule(sheet.left, top - 8, sheet.width, 0.7)
        pen.canvas.restoreState()
        pen.text(note, sheet.left, top - 6, 7, sheet.width, "right")

    strips = [Strip(18, cut), *text_strips(f"<b>{block.title}</b>", sheet)]
    if block.rows:
        strips += row_strips(block.rows, sheet, x=0, empty="–")
    if block.text:
        strips.append(sheet.space(0.3))
        steps = tuple(t for t in block.text.split("<br/>") if t)
        strips += listing(Listing(items=steps), sheet)
    for strip in strips:
        strip.keep = True
    strips[-1].keep = False
    return strips
