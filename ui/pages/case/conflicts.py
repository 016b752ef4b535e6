"""Fields with two values from two offices, said in the words of the exchange workbook."""

from __future__ import annotations

from html import escape

from posko_app.cases.views import ConflictView

from .words import Words

MOST = 3  # conflicts spelled out; the others are counted
SEALED = "identities"  # never shown, not even here


def conflict_words(words: Words) -> str:
    """Which fields have two values, as rich text for a banner."""
    conflicts = words.view.conflicts
    said = "; ".join(_one(words, conflict) for conflict in conflicts[:MOST])
    more = f" dan {len(conflicts) - MOST} lagi" if len(conflicts) > MOST else ""
    return f"<b>Ada {len(conflicts)} isian dengan dua nilai.</b> {said}{more}."


def _one(words: Words, conflict: ConflictView) -> str:
    if conflict.table == SEALED:
        return "Identitas pelapor atau saksi"
    heading, choices = _column(conflict)
    values = [words.label(choices, v) if choices else v for v in conflict.values]
    shown = " atau ".join(f"<b>{escape(_brief(value))}</b>" for value in values)
    return f"{escape(heading)}: {shown}"


def _column(conflict: ConflictView) -> tuple[str, str]:
    """The heading of a field, and its list of choices if it has one."""
    from posko_app.exchange.layout import layout  # only where there is a conflict

    sheet = layout().sheet(conflict.table)
    for column in sheet.columns if sheet else ():
        if column.field == conflict.field:
            return column.heading, column.list
    return (sheet.name if sheet else "Isian lain"), ""


def _brief(value: str) -> str:
    if not value:
        return "(kosong)"
    return value if len(value) <= 60 else f"{value[:60].rpartition(' ')[0]} …"
