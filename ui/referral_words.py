"""How a referral is said: its age, its state as a chip, its way, and what was learnt about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from html import escape

from posko_app import text
from posko_app.cases.referral_view import ReferralView, UpdateView

from .widgets.chips import Chip
from .widgets.timeline import Entry

TONES = {
    "returned_incomplete": ("gold", "attention"),
    "blocked": ("gold_outline", "lock"),
    "no_response": ("gold_outline", "attention"),
    "sanction_imposed": ("green", "done"),
    "not_proven": ("gray", "done"),
    "answered": ("green", "done"),
    "closed_by_bawaslu": ("gray", "done"),
}
"""State -> colour and icon of its chip; any other state is plain blue."""


def state_chip(row: ReferralView) -> Chip:
    """The state of a referral."""
    tone, icon = TONES.get(row.state, ("blue", ""))
    return Chip(row.state_label, tone, icon, f"Sejak {text.full_date(row.state_on)}")


def days(count: int) -> str:
    """How long something has waited, or took."""
    return f"{text.thousands(count)} hari" if count else "hari ini"


def asked(row: ReferralView) -> str:
    """How often news was asked for, and when last."""
    if not row.asked:
        return "–"
    day = row.asked[-1].on
    return f"{len(row.asked)}×, {day.day} {text.SHORT_MONTHS[day.month - 1]}"


def brief(day: date) -> str:
    """`12 Okt 2024`."""
    return f"{day.day} {text.SHORT_MONTHS[day.month - 1]} {day.year}"


def way(row: ReferralView) -> str:
    """The way it went and the number it got there."""
    return " ".join(part for part in (row.system_label, row.details.ticket) if part)


def facts(row: ReferralView) -> list[tuple[str, str]]:
    """The details of a referral, only those that are there."""
    rows = [
        ("Ditujukan ke", row.office),
        ("Instansi", row.addressee_label if row.details.office_name else ""),
        ("Surat", row.number),
        ("Penerusan", text.full_date(row.referred_on)),
        ("Dikirim", text.full_date(row.sent_on) if row.sent_on != row.referred_on else ""),
        ("Lewat", row.system_label),
        ("Nomor aduan", row.details.ticket),
        ("Diperiksa", text.full_date(row.checked_on)),
        ("Ingatkan", text.full_date(row.details.remind_on) if row.details.remind_on else ""),
        ("Catatan", row.details.note),
    ]
    return [(key, value) for key, value in rows if value]


def entries(row: ReferralView, who: Callable[[str, str], str], may_void: bool) -> list[Entry]:
    """What was learnt and asked, newest first; `who` names an account of an office."""
    made = [(u.on, u.uid, _learnt(u, who, may_void)) for u in row.updates]
    for place, request in enumerate(row.asked, 1):
        number = f" Nomor {escape(request.number)}." if request.number else ""
        words = Entry("send", f"<b>Permintaan informasi ke-{place}.</b>{number}", brief(request.on))
        made.append((request.on, "", words))
    made.sort(key=lambda item: (item[0], item[1]), reverse=True)
    sent = f"<b>Diteruskan</b> ke {escape(row.office)}."
    return [*(entry for _, _, entry in made), Entry("exchange", sent, brief(row.referred_on))]


def _learnt(update: UpdateView, who: Callable[[str, str], str], may_void: bool) -> Entry:
    said = [f"<b>{escape(update.state_label)}.</b>"]
    if update.number:
        said.append(f"Nomor {escape(update.number)}.")
    if update.sanction:
        said.append(escape(sanction_words(update)))
    if update.note:
        said.append(escape(update.note))
    if update.evidence_label:
        said.append(f"Jawaban tersimpan sebagai bukti {escape(update.evidence_label)}.")
    words = " ".join(said)
    note = f"{brief(update.on)}, {escape(who(update.actor, update.office_code))}"
    if update.voided:
        return Entry("undo", f"<s>{words}</s>", f"{note}, dibatalkan")
    if may_void:
        note += f' · <a href="void:{update.uid}">Batalkan</a>'
    return Entry("letter" if update.state else "show", words, note)


def sanction_words(update: UpdateView) -> str:
    """A sanction in one sentence."""
    sanction = update.sanction
    if sanction is None:
        return ""
    parts = [update.sanction_label]
    if sanction.form:
        parts.append(sanction.form)
    if update.party:
        parts.append(f"untuk {update.party}")
    if sanction.decree_number or sanction.decree_on:
        on = f" tanggal {text.long_date(sanction.decree_on)}" if sanction.decree_on else ""
        parts.append(f"SK {sanction.decree_number}{on}".replace("SK  ", "SK "))
    if sanction.official:
        parts.append(f"oleh {sanction.official}")
    if sanction.effective_on:
        parts.append(f"berlaku sejak {text.long_date(sanction.effective_on)}")
    return ", ".join(parts) + "."
