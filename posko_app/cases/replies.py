"""Ready replies to copy into WhatsApp: `resources/replies.toml`, filled without identity."""

from __future__ import annotations

import string
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from posko_app.app import Posko, use_case
from posko_app.errors import UserError
from posko_app.paths import resource
from posko_app.rules.facts import ServiceHours
from posko_app.text import DAY_NAMES, clean, clock, full_date, long_date

from .case_view import case_view
from .steps import add_note
from .views import CaseView

VALUES = ("office", "place", "address", "hours", "number", "filed", "missing", "limit")


@dataclass(frozen=True, kw_only=True)
class ReplyText:
    """A reply as the file has it."""

    key: str
    title: str
    text: str
    kinds: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reply:
    """A reply ready to be copied."""

    key: str
    title: str
    text: str


@cache
def load_replies(path: Path | None = None) -> tuple[ReplyText, ...]:
    """The replies that come with the program; raises ValueError for a mistake in the file."""
    file = path or resource("replies.toml")
    raw = tomllib.loads(file.read_text("utf-8"))
    if not raw.get("reply"):
        raise ValueError(f"{file.name}: no reply")
    found = []
    for entry in raw["reply"]:
        entry |= {key: tuple(entry.get(key, ())) for key in ("kinds", "needs")}
        try:
            reply = ReplyText(**entry)
            names = {name for _, name, _, _ in string.Formatter().parse(reply.text) if name}
        except (TypeError, ValueError) as error:
            raise ValueError(f"{file.name}: {error}") from error
        if unknown := {*names, *reply.needs} - set(VALUES):
            raise ValueError(f"{file.name}: {reply.key} names {', '.join(sorted(unknown))}")
        found.append(reply)
    return tuple(found)


@use_case("case.read")
def ready_replies(posko: Posko, case: str = "") -> tuple[Reply, ...]:
    """The replies that fit a case (uid or number), or those for somebody without a case yet."""
    view = case_view(posko, case) if case else None
    values = {**dict.fromkeys(VALUES, ""), **_of_office(posko), **(_of_case(view) if view else {})}
    return tuple(_fitting(view, values))


@use_case("case.step")
def note_reply(posko: Posko, case: str, key: str) -> str:
    """Write into the timeline that a reply was copied; gives back the event's uid.

    Raises UserError for a reply that does not exist.
    """
    title = next((reply.title for reply in load_replies() if reply.key == key), "")
    if not title:
        raise UserError("Balasan itu tidak ada lagi. Pilih balasan lain.", "no_reply")
    return add_note(posko, case, f"Balasan WhatsApp disalin: {title}.")


def _fitting(view: CaseView | None, values: Mapping[str, str]) -> Iterator[Reply]:
    kind = view.state.intake_kind if view else ""
    for reply in load_replies():
        if reply.kinds and kind not in reply.kinds:
            continue
        if all(values[name] for name in reply.needs):
            yield Reply(reply.key, reply.title, clean(reply.text.format_map(values)))


def _of_office(posko: Posko) -> dict[str, str]:
    office = posko.office
    streets = ("jalan ", "jl. ", "jl ")
    address = next((line for line in office.letterhead if line.lower().startswith(streets)), "")
    service = posko.rules.get(office.regulation).service
    return {
        "office": office.name,
        "place": office.place,
        "address": f", {address}" if address else "",
        "hours": hours_in_words(service, office.zone) if service else "",
    }


def _of_case(view: CaseView) -> dict[str, str]:
    unmet = [check.label for check in view.requirements if not check.met]
    running = next((due for due in view.dues if due.rule == "completion"), None)
    limit = f"Batasnya {full_date(running.due_on)}. " if running else ""
    return {
        "number": view.facts.number,
        "filed": long_date(view.facts.filed_on),
        "missing": "\n".join(f"- {label}" for label in unmet),
        "limit": limit,
    }


def hours_in_words(service: ServiceHours, zone: str) -> str:
    """`Senin–Kamis 08.00–16.00, Jumat 08.00–16.30 WIB`."""
    spans: list[list[int]] = []
    times = list(zip(service.open, service.close, strict=False))
    for day, hours in enumerate(times):
        if spans and times[spans[-1][0]] == hours:
            spans[-1][1] = day
        else:
            spans.append([day, day])
    said = []
    for first, last in spans:
        days = DAY_NAMES[first] if first == last else f"{DAY_NAMES[first]}–{DAY_NAMES[last]}"
        opens, closes = times[first]
        said.append(f"{days} {clock(opens)}–{clock(closes)}")
    return f"{', '.join(said)} {zone}" if said else ""
