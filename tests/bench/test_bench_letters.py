"""One letter and 500 letters against plain platypus that draws the same page."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from functools import cache
from html import escape
from typing import Any

import pytest
from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import (
    HRFlowable,
    KeepTogether,
    PageBreak,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    Table,
    TableStyle,
)

from posko_app.letters import blocks as kinds
from posko_app.letters import samples
from posko_app.letters.blocks import Block
from posko_app.letters.pdf import About, PageSetup, render, render_batch
from posko_app.letters.template import template_named
from posko_app.paths import resource
from posko_app.rules.book import load_rules

LAW = load_rules(resource("rules")).get("pilkada-2024")
SETUP = PageSetup(paper="A4")
ABOUT = About(title="Uji")
ROUNDS = 40


def letter(number: int = 1) -> tuple[Block, ...]:
    values = {**samples.typical(), "letter.number": f"{number:03d}/PP.00.00/K.KH-03/10/2024"}
    return template_named("tanda-bukti").fill(values, LAW)


@cache
def styles() -> dict[str, ParagraphStyle]:
    for face in ("Regular", "Bold"):
        path = resource("fonts", f"LiberationSans-{face}.ttf")
        pdfmetrics.registerFont(TTFont(f"Peer-{face}", str(path)))
    pdfmetrics.registerFontFamily("Peer-Regular", "Peer-Regular", "Peer-Bold")
    body = ParagraphStyle("body", fontName="Peer-Regular", fontSize=11, leading=12.65)
    return {
        "body": body,
        "justify": ParagraphStyle("justify", body, alignment=TA_JUSTIFY),
        "center": ParagraphStyle("center", body, alignment=TA_CENTER),
        "title": ParagraphStyle(
            "title", body, alignment=TA_CENTER, fontName="Peer-Bold", fontSize=13, leading=15.6
        ),
    }


def story(blocks: tuple[Block, ...]) -> list[Any]:
    """The same blocks as the plain way of platypus: paragraphs in tables."""
    found: list[Any] = []
    for block in blocks:
        found += flowables(block)
        found.append(Spacer(0, 6))
    return found


def flowables(block: Block) -> list[Any]:
    s = styles()
    cell = s["body"]
    match block:
        case kinds.Letterhead():
            lines = [Paragraph(t, s["title" if t.isupper() else "center"]) for t in block.lines]
            return [*lines, HRFlowable(width="100%", thickness=2.2)]
        case kinds.Heading():
            return [Paragraph(block.text, s["title"]), Paragraph(block.under, s["center"])]
        case kinds.FormFields():
            rows = [[Paragraph(t, cell) for t in (r.label, ":", r.value)] for r in block.rows]
            return [Paragraph(f"<b>{block.title}</b>", cell), Table(rows, [110, 20, 300])]
        case kinds.Paragraph():
            return [Paragraph(block.text, s["justify"])]
        case kinds.Table():
            head = [Paragraph(f"<b>{escape(c.heading)}</b>", cell) for c in block.columns]
            body = [[Paragraph(t, cell) for t in r.cells] for r in block.rows]
            grid = TableStyle([("GRID", (0, 0), (-1, -1), 0.5, "black")])
            wide = [430 * c.width / sum(c.width for c in block.columns) for c in block.columns]
            return [Paragraph(block.title, cell), Table([head, *body], wide, style=grid)]
        case kinds.Signatures():
            names = [Paragraph(f"<b>{x.name}</b>", s["center"]) for x in block.signers]
            roles = [Paragraph(x.role, s["center"]) for x in block.signers]
            return [KeepTogether(Table([roles, [Spacer(0, 50)] * len(roles), names]))]
        case kinds.TearOff():
            rows = [[Paragraph(t, cell) for t in (r.label, ":", r.value)] for r in block.rows]
            steps = [
                Paragraph(t, cell, bulletText=f"{n}.")
                for n, t in enumerate(block.text.split("<br/>"), 1)
            ]
            return [
                HRFlowable(width="100%", dash=(4, 3)),
                Paragraph(block.title, cell),
                Table(rows, [110, 20, 300]),
                *steps,
            ]
    return []


def plain_platypus(blocks: tuple[Block, ...], copies: int = 1) -> bytes:
    out = io.BytesIO()
    document = SimpleDocTemplate(out, pagesize=A4, leftMargin=85, rightMargin=57)
    flow: list[Any] = []
    for _ in range(copies):
        flow += [*story(blocks), PageBreak()]

    def number(canvas: Any, doc: Any) -> None:
        canvas.setFont("Peer-Regular", 8)
        canvas.drawRightString(540, 30, f"Halaman {doc.page}")

    document.build(flow, onFirstPage=number, onLaterPages=number)
    return out.getvalue()


def cpu(work: Callable[[], object], rounds: int) -> float:
    """CPU seconds of one call, the best of three series."""
    work()
    series = []
    for _ in range(3):
        start = time.process_time()
        for _ in range(rounds):
            work()
        series.append((time.process_time() - start) / rounds)
    return min(series)


def test_one_letter() -> None:
    """Goal: at most 0.75 of plain platypus, templates filled included."""
    blocks = letter()
    ours = cpu(lambda: render(letter(), SETUP, ABOUT), ROUNDS)
    peer = cpu(lambda: plain_platypus(blocks), ROUNDS)
    print(f"\none letter: {ours * 1000:.1f} ms, peer {peer * 1000:.1f} ms, {ours / peer:.2f}")
    assert ours / peer <= 0.75


@pytest.mark.parametrize("count", [50, 500])
def test_many_letters(count: int) -> None:
    """Goal: at most 0.65 of plain platypus for 500 in one file; time grows with the count."""
    blocks = letter()

    def ours() -> None:
        render_batch(((letter(n), str(n)) for n in range(count)), SETUP, ABOUT)

    mine, peer = cpu(ours, 1), cpu(lambda: plain_platypus(blocks, count), 1)
    print(f"\n{count} letters: {mine:.2f} s, peer {peer:.2f} s, {mine / peer:.2f}")
    assert mine / peer <= 0.65
