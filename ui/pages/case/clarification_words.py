"""How the tab Klarifikasi says who was invited, whether they came, and how it went."""

from __future__ import annotations

from datetime import date

from posko_app import text
from posko_app.app import Posko
from posko_app.cases.views import ClarificationView
from posko_app.rules.stages import Event
from ui.tables import Column
from ui.widgets.chips import Chip

from .words import Words

TONES = {"invited": "gold", "attended": "green", "absent": "red", "cancelled": "gray"}
KEYS = ("alias", "round", "for_on", "state", "questions")
NARROW = ("alias", "for_on", "state")
ROOMY = 1120  # pixels of the tab that all columns of its list need


def columns(posko: Posko) -> list[Column[ClarificationView]]:
    """The columns of the list of invitations."""

    def state(row: ClarificationView) -> Chip:
        said = posko.vocabulary.label("clarification_state", row.state)
        return Chip(said, TONES.get(row.state, "plain"))

    return [
        Column("alias", "Siapa", lambda r: r.alias, width=0),
        Column("round", "Undangan", lambda r: f"ke-{r.round}", width=84, style="secondary"),
        Column("for_on", "Hari", lambda r: r.for_on, _when, width=136, style="secondary"),
        Column("state", "Kehadiran", state, width=112, style="chip", sort=lambda r: r.state),
        Column("questions", "Tanya jawab", lambda r: r.questions or "", width=96, right=True),
    ]


def heading(row: ClarificationView) -> str:
    """The title of the card about one invitation."""
    return f"{row.alias}, undangan ke-{row.round}"


def summary(words: Words) -> str:
    """How many were invited, came, did not come, and are still waited for."""
    rows = [row for row in words.view.clarifications if row.state != "cancelled"]
    if len(rows) < 2:
        return ""
    counts = [(state, sum(row.state == state for row in rows)) for state in TONES]
    said = ", ".join(
        f"{count} {words.label('clarification_state', state).lower()}"
        for state, count in counts
        if count
    )
    return f"{len(rows)} undangan: {said}."


def facts(words: Words, row: ClarificationView) -> list[tuple[str, str]]:
    """What is known of one invitation, without anything that was said."""
    return [(key, value) for key, value in (*_before(words, row), *_after(words, row)) if value]


def _before(words: Words, row: ClarificationView) -> list[tuple[str, str]]:
    online = words.label("online_reason", row.online_reason)
    mode = words.label("clarification_mode", row.mode)
    delivered = words.label("delivery", row.delivered)
    received = f"diterima {text.short_date(row.delivered_on)}" if row.delivered_on else ""
    number = next((e.number for e in _events(words, row) if e.kind == "invited"), "")
    return [
        ("Siapa", words.person(row.alias)),
        ("Nomor undangan", number),
        ("Hari", words.moment(row.for_on, row.for_time)),
        ("Tempat", row.place),
        ("Cara", f"{mode}, karena {online.lower()}" if online else mode),
        ("Penyampaian", ", ".join(part for part in (delivered, received) if part)),
    ]


def _after(words: Words, row: ClarificationView) -> list[tuple[str, str]]:
    zone = words.posko.office.zone
    hours = "–".join(clock.replace(":", ".") for clock in (row.began, row.ended) if clock)
    day = text.short_date(row.held_on) if row.held_on else ""
    held = f"{day} · {hours} {zone}" if day and hours else day
    oath = words.label("oath", row.oath)
    away = [e for e in _events(words, row) if e.kind == "absent"]
    return [
        ("Tidak hadir", away[-1].data.get("reason", "tanpa alasan") if away else ""),
        ("Dilaksanakan", held),
        ("Pemeriksa", row.examiner),
        ("Sumpah", f"{oath}: {row.oath_note}" if row.oath_note else oath),
        ("Berita acara", row.minutes_number),
        ("Dibacakan", "ya, dan dibenarkan" if row.read_back else ""),
        ("Direkam", _recorded(row)),
        ("Tanya jawab", f"{row.questions} pertanyaan, tersegel" if row.questions else ""),
        ("Catatan", row.note),
    ]


def _events(words: Words, row: ClarificationView) -> list[Event]:
    """The steps of this invitation that count."""
    return [e for e in words.view.state.events if e.data.get("clarification") == row.uid]


def _recorded(row: ClarificationView) -> str:
    if row.recorded:
        return "ya"
    return "belum dicatat, padahal daring" if row.mode == "online" and row.held_on else ""


def _when(day: object) -> str:
    return text.short_date(day) if isinstance(day, date) else "–"
