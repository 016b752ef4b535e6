"""Facts of a regulation in words: the name of each field, and each value as people read it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from typing import Any

from posko_app import text
from posko_app.rules.book import Regulation
from posko_app.rules.counting import UNIT_WORDS
from posko_app.rules.facts import (
    Addressee,
    Change,
    DeadlineRule,
    Fact,
    Form,
    NumberPattern,
    Reading,
    Requirement,
    ServiceHours,
    StageDate,
    ViolationKind,
    Word,
)
from posko_app.rules.override import SERVICE

TABLES: Mapping[str, str] = {
    "deadline": "Tenggat",
    SERVICE: "Jam pelayanan",
    "stage_date": "Tahapan",
    "number": "Pola nomor",
    "addressee": "Tujuan penerusan",
    "form": "Formulir",
    "requirement": "Syarat",
    "outcome": "Hasil",
    "desk": "Pemeriksaan di meja",
    "violation_kind": "Jenis pelanggaran",
    "jurisdiction": "Siapa yang menangani",
    "stage": "Tahap",
    "step": "Langkah",
    "need": "Syarat langkah",
    "input": "Isian langkah",
    "document": "Dokumen langkah",
    "change": "Perubahan hukum",
    "word": "Kata yang berubah",
}
"""The tables that the page Aturan shows, in its order."""
FIELDS: Mapping[str, str] = {
    "amount": "Lama",
    "unit": "Satuan",
    "starts": "Dihitung sejak",
    "start_word": "Sebutan awalnya",
    "first_day": "Hari pertama",
    "cutoff": "Berakhir",
    "on_pause": "Saat dihentikan",
    "basis": "Dasar",
    "label": "Nama",
    "confidence": "Kepastian",
    "open": "Jam buka",
    "close": "Jam tutup",
    "first": "Mulai",
    "last": "Berakhir",
    "pattern": "Pola",
    "valid_from": "Berlaku sejak",
    "valid_until": "Berlaku sampai",
    "title": "Judul",
    "unmet": "Kalimat bila belum terpenuhi",
    "done": "Sebutan sesudah terjadi",
    "missing": "Kalimat bila kosong",
    "hint": "Petunjuk",
    "warning": "Peringatan",
    "text": "Isi",
    "on": "Tanggal",
}
QUESTIONS: Mapping[str, str] = {
    "start": "Dihitung sejak kapan",
    "first_day": "Hari pertama dihitung atau tidak",
    "limit": "Berapa lama",
    "cutoff": "Sampai jam berapa",
}
CHOICES: Mapping[str, Mapping[str, str]] = {
    "unit": UNIT_WORDS,
    "first_day": {"next": "hari sesudahnya", "same": "hari itu juga"},
    "cutoff": {
        "midnight": "tengah malam",
        "service_end": "saat pelayanan tutup",
        "next_service": "saat pelayanan tutup, atau pada hari pelayanan berikutnya",
    },
    "on_pause": {"runs": "tetap dihitung", "stops": "berhenti dihitung"},
    "confidence": {
        "C": "terbaca di sumber",
        "M": "dari ingatan praktik",
        "U": "belum pasti",
        "I": "disimpulkan dari contoh",
    },
}
DATE_STARTS: Mapping[str, str] = {
    "known": "peristiwa diketahui",
    "found": "peristiwa ditemukan",
    "received": "laporan diterima lengkap",
    "clarification": "hari klarifikasi",
}
TELLING = ("warning", "basis", "done", "unmet", "missing")  # what stands for a fact, by rank
DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")


def name_of(fact: Fact, entry: str) -> str:
    """What a fact is called."""
    if isinstance(fact, Form):
        return f"{entry} {fact.title}".strip()
    if isinstance(fact, ServiceHours):
        return TABLES[SERVICE]
    if isinstance(fact, Change):
        return fact.title
    return str(getattr(fact, "label", "") or getattr(fact, "text", entry))


def value_of(law: Regulation, fact: Fact) -> str:
    """The most important value of a fact in one line."""
    if isinstance(fact, DeadlineRule):
        return _deadline(law, fact)
    if isinstance(fact, ServiceHours):
        return service_words(fact)
    if isinstance(fact, StageDate):
        return span(fact.first, fact.last)
    if isinstance(fact, NumberPattern):
        return fact.pattern
    if isinstance(fact, Addressee):
        dated = fact.valid_from or fact.valid_until
        return span(fact.valid_from, fact.valid_until) if dated else "tetap"
    if isinstance(fact, Form):
        return fact.title or "judul belum diketahui"
    if isinstance(fact, Requirement):
        return fact.unmet
    if isinstance(fact, Change):
        return text.long_date(fact.on)
    if isinstance(fact, Word):
        return span(fact.valid_from, None) if fact.valid_from else "sejak semula"
    if isinstance(fact, ViolationKind):
        return fact.form or "–"
    said = next(filter(None, (str(getattr(fact, name, "")) for name in TELLING)), "–")
    return said.replace("{what}", "…")


def _deadline(law: Regulation, rule: DeadlineRule) -> str:
    if rule.closes:
        return f"sampai akhir {law.stage_dates[rule.closes].label.lower()}"
    side = "sebelum" if rule.direction == "before" else "sejak"
    length = f"{rule.amount_note or rule.amount} {UNIT_WORDS[rule.unit]}"
    return f"{length} {side} {rule.start_word}"


def span(first: date | None, last: date | None) -> str:
    """Two dates as one phrase; either may be missing."""
    if first and last:
        if first == last:
            return text.long_date(first)
        return f"{text.long_date(first)} sampai {text.long_date(last)}"
    if first:
        return f"sejak {text.long_date(first)}"
    return f"sampai {text.long_date(last)}" if last else "tanggal belum diisi"


def service_words(service: ServiceHours) -> str:
    """Service hours, days with the same hours together: "Senin–Kamis 08.00–16.00"."""
    spans: list[tuple[int, int, time, time]] = []
    for place, (opens, closes) in enumerate(zip(service.open, service.close, strict=False)):
        if spans and spans[-1][1] == place - 1 and spans[-1][2:] == (opens, closes):
            spans[-1] = (spans[-1][0], place, opens, closes)
        else:
            spans.append((place, place, opens, closes))
    return "; ".join(
        f"{DAYS[a]}{f'–{DAYS[b]}' if b > a else ''} {text.clock(o)}–{text.clock(c)}"
        for a, b, o, c in spans
    )


def said(field: str, value: Any, starts: Mapping[str, str] | None = None) -> str:
    """One value of a field, as stored or as the fact holds it, in words."""
    if value in (None, "", []):
        return "kosong"
    if field == "starts":
        return (starts or {}).get(value) or DATE_STARTS.get(value, str(value))
    if field in CHOICES:
        return CHOICES[field].get(value, str(value))
    if field in ("open", "close"):
        hours = [v if isinstance(v, time) else time.fromisoformat(v) for v in value]
        return ", ".join(f"{DAYS[n]} {text.clock(h)}" for n, h in enumerate(hours))
    if field in ("first", "last", "valid_from", "valid_until", "on"):
        day = value if isinstance(value, date) else date.fromisoformat(value)
        return text.long_date(day)
    return str(value)


def reading_words(reading: Reading) -> str:
    """Another reading as a sentence of its own."""
    return f"{reading.text[:1].upper()}{reading.text[1:]}"
