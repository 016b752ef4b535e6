"""The deadlines of the regulation in force: how long, by which article, and how sure that is."""

from __future__ import annotations

from functools import partial

from posko_app.rules.book import Regulation
from posko_app.rules.facts import DeadlineRule
from ui.tables import Column
from ui.widgets.chips import Chip

UNITS = {"hours": "jam", "calendar_days": "hari kalender", "working_days": "hari kerja"}
SURE = {
    "C": Chip("Terbaca di sumber", "plain_green", "check"),
    "M": Chip("Belum pasti", "gold_outline", "attention", "Dari ingatan praktik, belum diperiksa."),
    "U": Chip("Belum pasti", "gold_outline", "attention", "Belum pasti; kantor perlu memeriksa."),
    "I": Chip("Belum pasti", "gold_outline", "attention", "Disimpulkan dari contoh."),
}


def amount(law: Regulation, rule: DeadlineRule) -> str:
    """How long: "2 hari kalender", "3 + 2 hari kerja", "48 jam", or until which stage ends."""
    if rule.closes:
        label = law.stage_dates[rule.closes].label
        return f"sampai akhir {label[:1].lower()}{label[1:]}"
    return f"{rule.amount_note or rule.amount} {UNITS[rule.unit]}"


def since(rule: DeadlineRule) -> str:
    """From when, or before what."""
    word = "sebelum" if rule.direction == "before" else "sejak"
    return f"{word} {rule.start_word}"


def doubts(rule: DeadlineRule) -> str:
    """The other readings of the law that are still open."""
    return "; ".join(reading.text for reading in rule.readings)


def columns(law: Regulation) -> tuple[Column[DeadlineRule], ...]:
    """The columns for one regulation."""
    return (
        Column("label", "Tenggat", lambda r: r.label, width=220, style="strong",
               second=lambda r: f"oleh {r.owner}" if r.owner else "oleh kantor ini"),
        Column("amount", "Lama", partial(amount, law), width=200, second=since,
               sort=lambda r: r.amount, tooltip=since),
        Column("basis", "Dasar", lambda r: r.basis, width=0, second=law.source_text,
               tooltip=lambda r: f"{r.basis}\nSumber: {law.source_text(r)}"),
        Column("readings", "Bacaan lain yang masih terbuka", doubts, width=230, style="secondary",
               tooltip=doubts),
        Column("confidence", "Kepastian", lambda r: SURE[r.confidence], width=150, style="chip",
               sort=lambda r: r.confidence),
    )  # fmt: skip


KEYS = ("label", "amount", "basis", "readings", "confidence")
NARROW = ("label", "amount", "basis", "confidence")


def explained(law: Regulation, rule: DeadlineRule) -> tuple[tuple[str, str], ...]:
    """Everything known of one deadline, uncut."""
    sure = SURE[rule.confidence]
    return (
        ("Lama", f"{amount(law, rule)}, {since(rule)}"),
        ("Dasar", rule.basis),
        ("Sumber", law.source_text(rule)),
        ("Kepastian", f"{sure.text}. {sure.tooltip}".strip()),
        ("Bacaan lain", "\n".join(r.text for r in rule.readings) or "tidak ada"),
        *((("Catatan", rule.note),) if rule.note else ()),
    )
