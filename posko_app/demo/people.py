"""Invented people and events of the practice offices, from `resources/demo/names.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from random import Random
from typing import Any

from posko_app.app import Posko
from posko_app.cases.report import EvidenceInput, NewReport, PersonInput, ReportedInput
from posko_app.paths import resource
from posko_app.text import full_date

LISTS = (
    "female", "male", "family", "degrees", "occupations",
    "streets", "agencies", "rooms", "channels",
)  # fmt: skip
TABLES = ("story", "finding", "other", "activity")
EMPLOYED = ("pns", "camat")  # categories whose members have a NIP
EVIDENCE_WORDS = {
    "Foto": "photo",
    "Video": "video",
    "Rekaman": "audio",
    "Tangkapan": "screenshot",
    "Surat": "letter",
    "Salinan": "document",
    "Daftar": "document",
    "Laporan": "document",
    "Berita": "document",
    "Keterangan": "document",
}
"""First word of a piece of evidence and its kind; anything else is a thing."""


@dataclass(frozen=True, kw_only=True)
class Story:
    """One thing that may be reported; texts hold the places named in the file's heading."""

    title: str
    text: str
    kind: str = "report"
    theme: str = ""
    category: str = ""
    position: str = ""
    agency: str = ""
    kinds: tuple[str, ...] = ()  # the violation it would be
    to: tuple[str, ...] = ()  # who gets each of them
    article: str = ""
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Activity:
    """One kind of prevention work."""

    kind: str
    title: str
    target: str
    place: str
    counted: bool = False  # things are counted, not people
    item: str = ""


@dataclass(frozen=True)
class Stock:
    """Everything to invent from."""

    words: Mapping[str, tuple[str, ...]]
    stories: tuple[Story, ...]
    findings: tuple[Story, ...]
    others: tuple[Story, ...]
    activities: tuple[Activity, ...]


@cache
def load_stock() -> Stock:
    """Read the file of names. Raises ValueError naming what is wrong in it."""
    path = resource("demo", "names.toml")
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
        words = {name: tuple(raw.pop(name)) for name in LISTS}
        tables = {name: raw.pop(name) for name in TABLES}
        if raw or not all(words.values()):
            raise ValueError(f"unknown or empty: {', '.join(raw) or 'a list of names'}")
        return Stock(
            words,
            tuple(_story(entry, "report") for entry in tables["story"]),
            tuple(_story(entry, "finding") for entry in tables["finding"]),
            tuple(_story(entry, "") for entry in tables["other"]),
            tuple(Activity(**entry) for entry in tables["activity"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{path.name}: {error}") from error


def _story(entry: dict[str, Any], kind: str) -> Story:
    lists = {name: tuple(entry.pop(name, ())) for name in ("kinds", "to", "evidence")}
    story = Story(**{"kind": kind, **entry, **lists})
    if len(story.kinds) != len(story.to):
        raise ValueError(f"{story.title}: `to` must name one office for each of `kinds`")
    for text in (story.title, story.text, story.agency):
        text.format(**_Places("", "", "", "", "").__dict__, party="", day="", hour="", office="")
    return story


def check_names() -> list[str]:
    """What is wrong with the file of names, as sentences: codes that no list or rule knows."""
    from posko_app.rules.book import load_rules
    from posko_app.rules.vocabulary import load_vocabulary

    try:
        stock = load_stock()
    except (OSError, ValueError) as error:
        return [str(error)]
    words = load_vocabulary()
    law = load_rules(resource("rules")).get("pilkada-2024")
    named: list[tuple[str, str, Sequence[str]]] = []
    for story in (*stock.stories, *stock.findings, *stock.others):
        named += [
            (story.title, story.kind, words.codes("intake_kind")),
            (story.title, story.theme, words.codes("allegation")),
            (story.title, story.category, words.codes("reported_category")),
            *((story.title, office, tuple(law.addressees)) for office in story.to),
            *((story.title, kind, tuple(law.violation_kinds)) for kind in story.kinds),
        ]
    named += [(a.title, a.kind, words.codes("prevention_kind")) for a in stock.activities]
    named += [(a.title, a.item, words.codes("prevention_item")) for a in stock.activities]
    named += [("channels", channel, words.codes("channel")) for channel in stock.words["channels"]]
    return [
        f"names.toml: {where}: {code} is unknown"
        for where, code, known in named
        if code and code not in known
    ]


def evidence_kind(title: str) -> str:
    """The kind of a piece of evidence by the first word of its title."""
    return EVIDENCE_WORDS.get(title.split()[0], "object")


@dataclass(frozen=True)
class _Places:
    """Where an event happened."""

    village: str
    district: str
    code: str
    school: str
    hall: str


class Inventor:
    """Invents reports, people and activities of one office; the same seed invents the same."""

    def __init__(self, random: Random, posko: Posko) -> None:
        self.random = random
        self._stock = load_stock()
        self._regions = posko.regions
        self._law = posko.rules.get(posko.office.regulation)
        self._office_name = posko.office.name
        code = posko.office.code
        below = tuple(region.code for region in posko.regions.children(code))
        self._districts = (code,) if code.count(".") == 2 else below
        self._told = 0
        self._taken: set[str] = set()  # first names in the report being invented

    def story(self) -> Story:
        """The next thing that is reported: mostly reports, some findings, some questions."""
        chance = self.random.random()
        if chance < 0.10:
            return self.finding_story()
        if chance < 0.16:
            return self.random.choice(self._stock.others)
        return self.report_story()

    def finding_story(self) -> Story:
        """Something that officers found themselves."""
        return self.random.choice(self._stock.findings)

    def report_story(self) -> Story:
        """The next report of a violation."""
        self._told += 1
        # In turn and not by chance, so that a short list does not repeat itself.
        return self._stock.stories[(self._told * 7) % len(self._stock.stories)]

    def report(self, story: Story, filed_at: datetime) -> NewReport:
        """A report of `story` handed in at a moment; some come late, some have several parties."""
        random = self.random
        self._taken.clear()
        known = filed_at.date() - timedelta(random.choice((0, 1, 1, 2, 2, 3, 4, 9)))
        happened = known - timedelta(random.choice((0, 0, 0, 1, 1, 2)))
        hour = random.randrange(7, 22), random.choice((0, 15, 30, 45))
        place = self._places()
        parties = self._parties(story, place)
        words = {
            **vars(place),
            "party": parties[0].name if parties else "seseorang",
            "day": full_date(happened),
            "hour": f"{hour[0]:02d}.{hour[1]:02d}",
            "office": parties[0].agency if parties else "",
        }
        named = story.kind in ("report", "consultation")
        # The desk has hours; messages arrive at any time.
        by_message = filed_at.weekday() >= 5 or not 8 <= filed_at.hour < 16
        channel = "whatsapp" if by_message else random.choice(self._stock.words["channels"])
        return NewReport(
            kind=story.kind,
            channel=channel,
            **self._supervised(story, known, filed_at.date()),
            election_stage=self._stage(filed_at.date()),
            title=story.title.format(**words),
            theme=story.theme,
            article=story.article,
            filed_on=filed_at.date(),
            filed_time=f"{filed_at:%H:%M}",
            filed_place=f"Kantor {self._office_name}" if channel == "visit" else "",
            known_on=known,
            event_on=happened,
            event_time=f"{hour[0]:02d}:{hour[1]:02d}",
            event_place=self._event_place(story, place),
            region_code=place.code,
            narrative=story.text.format(**words),
            reporter=self.person(place) if named else PersonInput(),
            reporter_capacity=random.choice(("voter",) * 6 + ("observer", "participant"))
            if story.kind == "report"
            else "",
            statement_given=story.kind == "report",
            signature_matches=story.kind == "report",
            reported=parties,
            witnesses=self._witnesses(story, place),
            evidence=tuple(
                EvidenceInput(description=text, kind=evidence_kind(text), source="reporter")
                for text in story.evidence
            ),
        )

    def _supervised(self, story: Story, found_on: date, set_on: date) -> dict[str, Any]:
        """Who found a finding, from which report of supervision, and when it was set."""
        if story.kind != "finding":
            return {}
        place = found_on.toordinal()  # instead of chance: the other stories stay as they are
        names = [name for name in self._stock.words["female"] if name not in self._taken]
        first = names[place % len(names)]
        self._taken.add(first)
        return {
            "finder": f"{first} {self._stock.words['family'][0]}",
            "finder_title": "Panwaslu Kelurahan/Desa",
            "lhp_number": f"{place % 40 + 1:03d}/LHP/PM.01.02/{found_on:%m/%Y}",
            "lhp_on": found_on,
            "plenary_on": set_on,
        }

    def activity(self, on: date, done: bool) -> Mapping[str, Any]:
        """The fields of an activity of prevention."""
        random = self.random
        known = random.choice(self._stock.activities)
        place = self._places()
        counted = known.counted
        return {
            "kind": known.kind,
            "item": known.item,
            "on": on,
            "title": known.title,
            "place": known.place.format(**vars(place)),
            "region_code": place.code,
            "target": known.target.format(**vars(place)),
            "participants": 0 if counted else random.randrange(15, 120),
            "quantity": random.randrange(2, 200) if counted else 0,
            "done": done,
        }

    def addressee(self, wanted: str, violation_kind: str, on: date) -> str:
        """Who gets a referral on a day: the wanted institution, or the one of that time."""
        if self._law.addressees[wanted].on(on):
            return wanted
        return self._law.addressees_for(violation_kind, on)[0].code

    def room(self) -> str:
        """Where people meet."""
        return self.random.choice(self._stock.words["rooms"])

    def person(self, place: _Places | None = None, *, brief: bool = False) -> PersonInput:
        """A reporter, or with `brief` a witness of whom less is known."""
        random, place = self.random, place or self._places()
        female = random.random() < 0.5
        address = (
            f"{self._one('streets')} Nomor {random.randrange(1, 90)}, "
            f"RT {random.randrange(1, 9):02d}, {place.village}"
        )
        name = self._name(female)
        phone = f"0812-5555-{random.randrange(10000):04d}"
        if brief:
            return PersonInput(name=name, address=address, phone=random.choice((phone, "")))
        born = date(1958, 1, 1) + timedelta(random.randrange(47 * 365))
        day = born.day + 40 if female else born.day
        code = place.code.replace(".", "")[:6]
        nik = f"{code}{day:02d}{born:%m%y}{random.randrange(1, 9999):04d}"
        return PersonInput(
            name=name,
            nik=nik if random.random() < 0.8 else "",
            birth_place=place.district,
            birth_on=born,
            sex="female" if female else "male",
            occupation=self._one("occupations"),
            address=address,
            phone=phone,
            email=f"{name.split()[0].lower()}@contoh.example" if random.random() < 0.3 else "",
        )

    def _witnesses(self, story: Story, place: _Places) -> tuple[PersonInput, ...]:
        if story.kind not in ("report", "finding"):
            return ()
        count = self.random.choice((0, 1, 1, 2, 3))
        return tuple(self.person(place, brief=True) for _ in range(count))

    def _parties(self, story: Story, place: _Places) -> tuple[ReportedInput, ...]:
        if not story.category:
            return ()
        count = self.random.choice((1, 1, 1, 1, 1, 2, 3))
        return tuple(self._party(story, place) for _ in range(count))

    def _party(self, story: Story, place: _Places) -> ReportedInput:
        random = self.random
        office = f"{self._one('agencies')} {place.district}"
        employed = story.category in EMPLOYED
        female = random.random() < 0.4
        return ReportedInput(
            name=self._name(female) + self._one("degrees"),
            category=story.category,
            nip=self._nip(female) if employed and random.random() < 0.8 else "",
            rank=random.choice(("II/d", "III/a", "III/b", "III/c", "III/d", "IV/a"))
            if employed
            else "",
            position_title=story.position,
            agency=story.agency.format(**vars(place), office=office),
            address=f"{place.village}, Kecamatan {place.district}",
        )

    def _nip(self, female: bool) -> str:
        random = self.random
        born = date(1967, 1, 1) + timedelta(random.randrange(28 * 365))
        since = date(born.year + random.randrange(22, 29), random.choice((1, 3, 4, 12)), 1)
        sex = 2 if female else 1
        return f"{born:%Y%m%d}{since:%Y%m}{sex}{random.randrange(1, 30):03d}"

    def _places(self) -> _Places:
        random = self.random
        district = random.choice(self._districts)
        villages = self._regions.children(district)
        village = random.choice(villages)
        number = random.randrange(1, 6)
        known = self._regions.get(district)
        return _Places(
            village=village.name,
            district=known.name if known else "",
            code=village.code,
            school=f"SDN {number} Contoh {village.name}",
            hall=random.choice(("Balai Desa", "Gedung serbaguna", "Balai Basarah"))
            + f" {village.name}",
        )

    def _event_place(self, story: Story, place: _Places) -> str:
        if "{school}" in story.title + story.text:
            return f"{place.school}, Kecamatan {place.district}"
        if "{hall}" in story.title + story.text:
            return f"{place.hall}, Kecamatan {place.district}"
        return f"{place.village}, Kecamatan {place.district}"

    def _stage(self, day: date) -> str:
        return self._law.stage_on(day) or "none"

    def _name(self, female: bool) -> str:
        # Nobody of a report shares a first name: a letter that names one must not name another.
        names = self._stock.words["female" if female else "male"]
        first = self.random.choice([name for name in names if name not in self._taken])
        self._taken.add(first)
        second = self._one("family")
        third = self._one("family") if self.random.random() < 0.25 else ""
        return " ".join(dict.fromkeys(part for part in (first, second, third) if part))

    def _one(self, words: str) -> str:
        return self.random.choice(self._stock.words[words])
