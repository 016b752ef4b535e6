"""The way of an invented case through the law: which step, by whom, with what outcome, and when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from .clock import at
from .people import Story


@dataclass(frozen=True, kw_only=True)
class Planned:
    """A step that will be taken at a moment by somebody of a role."""

    kind: str
    when: datetime
    role: str
    outcome: str = ""
    note: str = ""
    data: Mapping[str, str] = field(default_factory=dict)


class Way:
    """A growing plan; every step lies after the one before it, in working hours."""

    def __init__(self, random: Random, start: datetime, room: str = "Ruang rapat") -> None:
        self.random = random
        self.now = start
        self.room = room
        self.steps: list[Planned] = []

    def then(
        self, kind: str, role: str, days: int = 0, *, outcome: str = "", note: str = "", **data: str
    ) -> None:
        """Add a step so many days after the last one."""
        random = self.random
        if days:
            start = at(self.now.date() + timedelta(days), 8, 15)
            self.now = start + timedelta(minutes=random.randrange(240))
        else:
            self.now += timedelta(minutes=random.randrange(15, 50))
        self.steps.append(
            Planned(kind=kind, when=self.now, role=role, outcome=outcome, note=note, data=data)
        )

    def invite(self, meeting: datetime, whom: str, place: str) -> None:
        """Add an invitation to a clarification at `meeting`."""
        self.then(
            "invited",
            "verifier",
            for_on=meeting.date().isoformat(),
            for_time=f"{meeting:%H.%M}",
            whom=whom,
            place=place,
        )


def plan(random: Random, story: Story, filed_at: datetime, room: str) -> list[Planned]:
    """Every step a case of `story` will see after it was taken in at `filed_at`."""
    way = Way(random, filed_at, room)
    if story.kind == "finding":
        way.then("registered", "verifier", random.choice((0, 1)))
        _handling(way, story)
    elif story.kind == "initial_info":
        _tip(way)
    elif story.kind != "report":
        way.then(
            "notified", "receiver", random.choice((0, 0, 1)), note="Dijawab lisan dan tertulis."
        )
        way.then("closed", "verifier")
    else:
        _report(way, story)
    return way.steps


def continued(random: Random, story: Story, taken_at: datetime, room: str) -> list[Planned]:
    """The steps of a case that a subdistrict has passed on, at the district."""
    way = Way(random, taken_at, room)
    way.then("received_transfer", "verifier")
    way.then("registered", "verifier")
    _handling(way, story)
    return way.steps


def _report(way: Way, story: Story) -> None:
    random = way.random
    pace = random.choice((0, 1, 1, 1, 2))
    chance = random.random()
    if chance < 0.05:
        way.then("withdrawn", "receiver", 1, note="Surat pencabutan diterima.")
    elif chance < 0.13:
        way.then("reviewed", "verifier", pace, outcome="transfer")
        way.then("transferred", "verifier", note="Dilimpahkan menurut tempat kejadian.")
    elif chance < 0.21:
        way.then("reviewed", "verifier", pace, outcome=_early_end(random))
        way.then("notified", "receiver", random.choice((0, 1)))
        way.then("closed", "verifier")
    elif chance < 0.27 and "other_law" in story.kinds:
        way.then("reviewed", "verifier", pace, outcome="other_law")
        _refer(way, ("other_law",), story)
        _finish(way)
    elif chance < 0.45:
        way.then("reviewed", "verifier", pace, outcome="incomplete", note="Bukti belum cukup.")
        way.then("completion_noticed", "receiver", random.choice((0, 0, 1)))
        _completion(way, story)
    else:
        way.then("reviewed", "verifier", pace, outcome="complete")
        way.then("registered", "verifier", random.choice((0, 0, 0, 1)))
        _handling(way, story)


def _early_end(random: Random) -> str:
    return random.choice(("initial_info", "already_handled", "dispute"))


def _completion(way: Way, story: Story) -> None:
    if way.random.random() < 0.6:
        way.then("completed", "receiver", way.random.choice((1, 1, 2)), note="Bukti ditambah.")
        way.then("registered", "verifier")
        _handling(way, story)
        return
    way.then("completion_lapsed", "receiver", 3)
    way.then("not_registered", "leader")
    way.then("notified", "receiver", way.random.choice((0, 1)))
    way.then("closed", "verifier")


def _handling(way: Way, story: Story) -> None:
    random = way.random
    meeting = at(way.now.date() + timedelta(1), random.choice((9, 10, 13, 14)), 30)
    way.invite(meeting, random.choice(("terlapor", "terlapor", "pelapor", "saksi")), way.room)
    way.now = meeting
    way.then("clarified", "verifier", note="Berita acara klarifikasi ditandatangani.")
    if random.random() < 0.3:
        way.then("extra_needed", "verifier", reason="Perlu keterangan tambahan dari saksi.")
        way.then("clarified", "verifier", 1)
    way.then("assessed", "verifier", random.choice((0, 1)))
    if random.random() < 0.4:
        way.then("decided", "leader", 1, outcome="not_violation", note="Unsur tidak terpenuhi.")
        way.then("notified", "receiver", random.choice((0, 1)))
        way.then("closed", "verifier")
        return
    found = ",".join(story.kinds)
    way.then("decided", "leader", random.choice((0, 1)), outcome="violation", kinds=found)
    _refer(way, story.kinds, story)
    _finish(way)


def _refer(way: Way, kinds: Sequence[str], story: Story) -> None:
    to = dict(zip(story.kinds, story.to, strict=True))
    for place, kind in enumerate(kinds):
        days = way.random.choice((0, 1)) if place == 0 else 0
        way.then("referred", "leader", days, addressee=to[kind], kinds=kind)


def _finish(way: Way) -> None:
    """Tell the reporter; some wait for the institution with the case open, some close first."""
    random = way.random
    addressee = way.steps[-1].data.get("addressee", "")
    way.then("notified", "receiver", random.choice((0, 1)))
    if random.random() < 0.75:
        way.then("closed", "verifier")
    if random.random() < 0.5:
        way.then("follow_up", "verifier", random.randrange(5, 21), addressee=addressee)


def _tip(way: Way) -> None:
    random = way.random
    sent = {"officers": "Rina Teladan, Staf Penanganan Pelanggaran"}
    way.then("inquiry_ordered", "leader", random.choice((0, 1)), **sent)
    told = "Dua orang dimintai keterangan, tidak ada yang melihat langsung."
    days = random.choice((1, 2, 4))
    way.then("inquiry_reported", "verifier", days, outcome="not_suspected", note=told)
    way.then("decided", "leader", 1, outcome="not_violation")
    way.then("closed", "verifier")
