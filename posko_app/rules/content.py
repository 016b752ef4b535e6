"""What a step must hold in itself: an outcome, a reason, results that agree, an addressee."""

from __future__ import annotations

import re
from collections.abc import Iterator

from posko_app import text
from posko_app.errors import Problem

from .book import Regulation
from .effects import AFTER_REVIEW, results_of
from .events import Event
from .facts import EVENT_KINDS, INTAKE_KINDS

CODE = re.compile(r"\d\d(\.\d\d){0,2}")  # of an office


def outcomes_of(law: Regulation, of: str) -> tuple[str, ...]:
    """The codes of the outcomes that a review, a plenary, an inquiry or a case may have."""
    return tuple(code for code, outcome in law.outcomes.items() if outcome.of == of)


def check_content(known: list[Event], new: Event, regulation: Regulation) -> Iterator[Problem]:
    """What a new event lacks in itself, before anybody asks whether it fits into the case."""
    words = regulation.steps.get(new.kind)
    for key in words.required if words else ():
        if not new.data.get(key, "").strip():
            yield Problem(key, regulation.inputs[key].missing)
    if new.kind not in EVENT_KINDS:
        yield Problem("kind", f"Langkah {new.kind} tidak dikenal.")
    elif new.kind == "reviewed" and new.outcome not in AFTER_REVIEW:
        yield Problem("outcome", "Pilih hasil kajian awal.")
    elif new.kind == "reviewed":
        yield from _check_review(new, regulation)
    elif new.kind == "registered":
        yield from _check_kinds(new, regulation)
    elif new.kind == "inquiry_reported" and new.outcome not in outcomes_of(regulation, "inquiry"):
        yield Problem("outcome", "Pilih hasil penelusuran.")
    elif new.kind == "decided":
        yield from _check_decision(new, regulation)
    elif new.kind == "referred":
        yield from _check_referral(new, regulation)
    elif new.kind == "corrected":
        yield from _check_correction(known, new)
    elif new.kind == "transferred" and not CODE.fullmatch(new.data.get("to") or "62"):
        yield Problem("to", "Kantor tujuan ditulis dengan kodenya, seperti 62.10.")
    elif new.kind == "transferred" and new.office and new.data.get("to") == new.office:
        yield Problem("to", "Perkara tidak dapat dilimpahkan ke kantor sendiri. Pilih kantor lain.")
    elif new.kind == "converted" and new.data.get("intake_kind") not in INTAKE_KINDS:
        yield Problem("intake_kind", "Pilih jenis yang baru.")


def _check_review(new: Event, regulation: Regulation) -> Iterator[Problem]:
    """What a review ticked and suspects: known, and in agreement with its outcome."""
    missing = new.listed("missing")
    for key in missing:
        if key not in regulation.requirements:
            yield Problem("missing", f"Syarat {key} tidak dikenal.")
    if new.outcome == "complete" and missing:
        yield Problem("missing", "Masih ada syarat yang belum dicentang, jadi belum lengkap.")
    yield from _check_kinds(new, regulation)


def _check_kinds(new: Event, regulation: Regulation) -> Iterator[Problem]:
    for kind in new.listed("kinds"):
        if kind not in regulation.violation_kinds:
            yield Problem("kinds", f"Jenis pelanggaran {kind} tidak dikenal.")


def _check_decision(new: Event, regulation: Regulation) -> Iterator[Problem]:
    if new.outcome not in ("violation", "not_violation"):
        yield Problem("outcome", "Pilih hasil pleno: pelanggaran atau bukan pelanggaran.")
        return
    if new.outcome == "violation" and not new.listed("kinds"):
        yield Problem("kinds", "Pilih jenis pelanggaran, boleh lebih dari satu.")
    yield from _check_kinds(new, regulation)
    if new.data.get("results"):
        yield from _check_results(new, regulation)


def _check_results(new: Event, regulation: Regulation) -> Iterator[Problem]:
    """Several results in one plenary: known, each once, and in agreement with the whole."""
    results = results_of(new)
    allowed = outcomes_of(regulation, "decision")
    for result in results:
        if result.kind not in regulation.violation_kinds or result.outcome not in allowed:
            yield Problem("results", f"Hasil {result.kind}:{result.outcome} tidak dikenal.")
    if len({result.kind for result in results}) < len(results):
        yield Problem("results", "Satu jenis pelanggaran hanya punya satu hasil.")
    found = {result.kind for result in results if result.outcome == "violation"}
    if found != set(new.listed("kinds")) or bool(found) != (new.outcome == "violation"):
        yield Problem("results", "Hasil per jenis tidak sesuai dengan hasil pleno.")


def _check_referral(new: Event, regulation: Regulation) -> Iterator[Problem]:
    addressee = regulation.addressees.get(new.data.get("addressee", ""))
    if addressee is None:
        yield Problem("addressee", "Pilih instansi tujuan.")
    elif not addressee.on(new.on):
        yield Problem(
            "addressee",
            f"{addressee.label} bukan tujuan penerusan pada {text.long_date(new.on)}. "
            "Pilih instansi yang berwenang pada tanggal itu.",
        )


def _check_correction(known: list[Event], new: Event) -> Iterator[Problem]:
    target = next((event for event in known if event.uid == new.corrects), None)
    if target is None:
        yield Problem("corrects", "Pilih catatan yang dibatalkan.")
    elif target.kind == "corrected":
        yield Problem(
            "corrects", "Pembatalan tidak dapat dibatalkan. Catat lagi langkah yang benar."
        )
    elif any(event.kind == "corrected" and event.corrects == new.corrects for event in known):
        yield Problem("corrects", "Catatan itu sudah dibatalkan.")
