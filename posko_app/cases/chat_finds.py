"""What a sentence without labels tells: dates, times, places, numbers, positions, links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from posko_app.rules.identity import parse_nik, parse_nip, parse_phone
from posko_app.rules.regions import Regions
from posko_app.text import clean, fold, numeric_date, parse_date

from .chat_patterns import load_chat_patterns

_DAY = re.compile(
    r"(?<![\d.])\d{1,2}(?:[-/.]\d{1,2}[-/.](?:\d{4}|\d{2})"
    r"| (?:jan|feb|mar|apr|mei|jun|jul|agu|ags|agt|sep|okt|nov|nop|des)[a-z]*\.?(?: \d{4})?)"
    r"(?![\d.]\d)",
    re.IGNORECASE,
)
_LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"']{3,500}", re.IGNORECASE)
_PHONE = re.compile(r"(?<![\d/])(?:\+?62|0)[\s.\-]?8[\d .()\-]{6,16}\d(?!\d)")
_LONG = re.compile(r"(?<!\d)\d(?:[ .\-]?\d){15,17}(?!\d)")
_NAME = r"(?-i:[A-Z][\w.'’]*(?:[ ,]+(?:[A-Z][\w.'’]*|bin|binti)){0,4})"
_PLACE_ENDS = re.compile(
    r"\b(?:pada|saat|ketika|oleh|sekitar|jam|pukul|pkl|tanggal|tgl|yang|untuk|dan|karena|dengan|"
    r"lalu|kemudian|tadi|kemarin|hari|ada|telah|sudah|sedang|membagi\w*|mengajak\w*)\b|[.,;!?()\n]",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Find:
    """One thing found: the key of its field, its value, and what gave it away."""

    key: str
    value: str
    why: str
    coded: bool = False  # the value is a code


@dataclass(frozen=True)
class Scene:
    """Where and when a message was written, to understand "kemarin" and names of places."""

    day: date
    regions: Regions | None = None
    office_code: str = ""


def finds(line: str, scene: Scene) -> Iterator[Find]:
    """Everything found in one line; links and long numbers are not read as anything else."""
    rest = line
    for found in _LINK.finditer(line):
        yield Find("evidence.0.description", f"Tautan {found[0].rstrip('.,)')}", "tautan")
        rest = rest.replace(found[0], " ")
    for found in _LONG.finditer(rest):
        if find := _numbered(found[0], scene.day):
            yield find
            rest = rest.replace(found[0], " ")
    for found in _PHONE.finditer(rest):
        phone = parse_phone(found[0])
        if not phone.errors:
            yield Find("reporter.phone", phone.grouped, "nomor telepon dalam pesan")
            rest = rest.replace(found[0], " ")
    yield from _days(rest, scene.day)
    yield from _times(rest)
    yield from _positions(rest)
    yield from _places(rest)
    if scene.regions is not None and (region := region_in(rest, scene)):
        yield region


def _numbered(text: str, today: date) -> Find | None:
    digits = re.sub(r"\D", "", text)
    if len(digits) == 16 and not (nik := parse_nik(digits, today)).errors:
        return Find("reporter.nik", nik.grouped, "16 angka seperti NIK")
    if len(digits) == 18 and not (nip := parse_nip(digits)).errors:
        return Find("reported.0.nip", nip.grouped, "18 angka seperti NIP")
    return None


def _days(text: str, today: date) -> Iterator[Find]:
    back = load_chat_patterns().words["days_back"]
    for found in _DAY.finditer(text):
        try:
            day = parse_date(found[0].rstrip("."), today)
        except ValueError:
            continue
        if day <= today:
            yield Find("event_on", numeric_date(day), f"tanggal “{found[0]}”")
            return
    folded = f" {fold(text)} "
    for phrase in sorted(back, key=len, reverse=True):
        if f" {phrase} " in folded:
            day = today - timedelta(days=back[phrase])
            yield Find("event_on", numeric_date(day), f"kata “{phrase}”")
            return


def _times(text: str) -> Iterator[Find]:
    found = _clock_pattern().search(text)
    if found is None:
        return
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    hour = load_chat_patterns().hour(hour, found["half"] or "")
    if hour <= 23 and minute <= 59:
        yield Find("event_time", f"{hour:02d}.{minute:02d}", f"kata “{clean(found[0])}”")


@cache
def _clock_pattern() -> re.Pattern[str]:
    words = load_chat_patterns().words
    before = "|".join(map(re.escape, words["before_time"]))
    half = "|".join(map(re.escape, sorted(load_chat_patterns().halves, key=len, reverse=True)))
    return re.compile(
        rf"\b(?:{before})\s*(?P<hour>\d{{1,2}})(?:[.:](?P<minute>\d{{2}}))?(?!\d)"
        rf"(?:\s*(?P<half>{half})\b)?",
        re.IGNORECASE,
    )


def _positions(text: str) -> Iterator[Find]:
    known = load_chat_patterns()
    called = "|".join(map(re.escape, known.words["called"]))
    if named := re.search(rf"\b(?:{called})\s+({_NAME})", text, re.IGNORECASE):
        yield Find("reported.0.name", clean(named[1]).rstrip(" ,."), f"kata “{clean(named[0])}”")
    for word in sorted(known.positions, key=len, reverse=True):
        found = re.search(rf"\b{re.escape(word)}\b((?: (?-i:[A-Z][\w.]*)){{0,3}})", text, re.I)
        if found:
            title = " ".join((word.upper() if len(word) <= 4 and word not in ("guru", "kaur")
                              and not found[0].islower() and word in ("asn", "pns", "pppk", "p3k")
                              else word.capitalize(), found[1].strip())).strip()  # fmt: skip
            yield Find("reported.0.position_title", title, f"jabatan “{word}”")
            yield Find("reported.0.category", known.positions[word], f"jabatan “{word}”", True)
            return


def _places(text: str) -> Iterator[Find]:
    words = "|".join(map(re.escape, load_chat_patterns().words["places"]))
    found = re.search(rf"\bdi ((?:{words})\b.{{0,80}})", text, re.IGNORECASE)
    if found is None:
        return
    place = clean(_PLACE_ENDS.split(found[1], maxsplit=1)[0])
    if len(place) > 4:
        yield Find("event_place", place[:1].upper() + place[1:], "kata “di” di depan tempat")


# --- regions ------------------------------------------------------------------------------------


def region_in(text: str, scene: Scene) -> Find | None:
    """The kecamatan or village of this office that a text names; None when none or several."""
    if scene.regions is None or not scene.office_code:
        return None
    words = load_chat_patterns().words
    villages, upper = _tables(scene.regions, scene.office_code)
    tokens = fold(text).split()
    for opening, table in ((words["village"], villages), (words["subdistrict"], upper)):
        for place, token in enumerate(tokens):
            if token in opening and (code := _longest(tokens[place + 1 :], table)):
                return _region(scene, code, f"kata “{token}”")
    capital = fold(" ".join(re.findall(r"[A-Z][\w'’]*", text))).split()
    for place in range(len(capital)):
        code = _longest(capital[place:], upper)
        if code:
            return _region(scene, code, "nama kecamatan")
    return None


def _region(scene: Scene, code: str, why: str) -> Find:
    asked = 13 if len(scene.office_code) == 8 else 8  # a kecamatan asks the village
    return Find("region_code", code[:asked], why, True)


def _longest(tokens: list[str], table: dict[str, str]) -> str:
    """The code of the longest name that the tokens begin with; empty when it is not only one."""
    for count in (4, 3, 2, 1):
        name = " ".join(tokens[:count])
        if len(tokens) >= count and name in table:
            return table[name]
    return ""


@cache
def _tables(regions: Regions, office_code: str) -> tuple[dict[str, str], dict[str, str]]:
    """Folded names below an office: of villages, and of kecamatan; names borne twice are out."""
    upper = [regions.get(office_code)] if len(office_code) == 8 else []
    if len(office_code) == 5:
        upper += regions.children(office_code)
    elif len(office_code) == 2:
        upper += [k for d in regions.children(office_code) for k in regions.children(d.code)]
    districts = [region for region in upper if region is not None]
    villages = [v for district in districts for v in regions.children(district.code)]
    return _by_name(villages), _by_name(districts)


def _by_name(regions: list) -> dict[str, str]:  # type: ignore[type-arg]
    found: dict[str, str] = {}
    twice = set()
    for region in regions:
        name = fold(region.name)
        if name in found:
            twice.add(name)
        found[name] = region.code
    return {name: code for name, code in found.items() if name not in twice}
