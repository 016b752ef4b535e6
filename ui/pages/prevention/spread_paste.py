"""The matrix pasted from a spreadsheet: how the preview tells what was understood."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from posko_app import text
from posko_app.app import Posko
from posko_app.cases.coverage_paste import CoverageDraft, PastedCoverage
from ui.fields import Field
from ui.forms import Form

from .paste_sheet import PastedLine, PastePreview

HEADINGS = (("Desa", 170), ("Bahan", 84), ("Kegiatan", 90), ("Jumlah", 74), ("Tanggal", 92))
ABOUT = (
    "Salin dari Excel bersama baris judulnya: Kecamatan, Desa, lalu Spanduk dan Brosur, atau "
    "Bahan, Kegiatan, Jumlah, Tanggal. Yang tidak tertulis diambil dari isian ini."
)


def defaults_form(posko: Posko, item: str, action: str) -> Form:
    """What counts where the pasted range does not say."""
    made = Form(
        [
            Field(key="action", label="Kegiatan", kind="combo", width=4,
                  choices=posko.vocabulary.items("coverage_action")),
            Field(key="item", label="Bahan", kind="combo", width=4, optional=True,
                  hint="bila tidak tertulis", choices=posko.vocabulary.items("coverage_item")),
            Field(key="on", label="Tanggal", kind="date", width=4),
        ],
        today=posko.today(),
        dense=False,
    )  # fmt: skip
    made.set_values({"action": action, "item": item, "on": posko.today()})
    return made


def draft_of(posko: Posko, pasted: PastedCoverage, values: Mapping[str, Any]) -> CoverageDraft:
    """What a pasted range says with these answers."""
    first = posko.vocabulary.codes("coverage_action")[0]
    on: date = values["on"] or posko.today()
    return pasted.draft(values["action"] or first, on, values["item"])


def preview(posko: Posko, draft: CoverageDraft) -> PastePreview:
    """The lines of a draft, each with what is to be said of it."""
    items = dict(posko.vocabulary.items("coverage_item"))
    actions = dict(posko.vocabulary.items("coverage_action"))
    doubts: dict[int, list[str]] = {}
    for doubt in draft.warnings:
        doubts.setdefault(doubt.line, []).append(doubt.text)
    empty = ("",) * len(HEADINGS)
    lines = [PastedLine(wrong.line, empty, wrong.text, "bad") for wrong in draft.problems]
    for amount in draft.amounts:
        cells = (
            amount.village.name,
            items[amount.item],
            actions.get(amount.action, "Rencana"),
            text.thousands(amount.quantity),
            text.numeric_date(amount.on),
        )
        said = " ".join(doubts.get(amount.line, ()))
        lines.append(PastedLine(amount.line, cells, said, "doubt" if said else "good"))
    shown = {line.line for line in lines}
    lines += [
        PastedLine(line, empty, " ".join(said), "doubt")
        for line, said in doubts.items()
        if line not in shown
    ]
    usable = len(draft.entries) + len(draft.plans)
    said = f"{draft.villages} desa, {usable} catatan dapat disimpan"
    unknown = ", ".join(draft.unknown)
    return PastePreview(
        lines=tuple(sorted(lines, key=lambda line: line.line)),
        usable=usable,
        said=f"{said}, {len(draft.problems)} baris bermasalah." if draft.problems else f"{said}.",
        notes=f"Kolom yang tidak dipakai: {unknown}." if unknown else "",
        draft=draft,
    )


def act(count: int) -> str:
    """What the primary button says."""
    return f"Simpan {count} catatan"
