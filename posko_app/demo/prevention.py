"""The prevention work of the seed practice: a pledge and its absentees, letters, banners."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from random import Random
from typing import TYPE_CHECKING

from posko_app.cases.attendance import mark, receive_self_pledge
from posko_app.cases.coverage import NewEntry, Village, note_coverage, set_plans, villages_of
from posko_app.cases.outreach import (
    Attached,
    add_recipients,
    attach_files,
    note_receipts,
    recipients,
)
from posko_app.cases.pledge import finish_pledge, invite, plan_pledge, pledge_defaults, pledge_view
from posko_app.cases.prevention import NewActivity, log_activity
from posko_app.cases.prevention_plan import set_targets
from posko_app.cases.roster import RosterRow
from posko_app.letters.advice import issue_advice

from .clock import PRACTICE_ON, at, october
from .offices import PracticeOffice
from .people import load_stock
from .pictures import make_file

if TYPE_CHECKING:
    from .journey import Journey

PLEDGED_ON = october(11)
INVITED: tuple[tuple[str, int, str, str, str], ...] = (
    ("agency_head", 26, "Kepala Dinas Contoh {}", "Dinas Contoh {}", "IV/b"),
    ("camat", 12, "Camat {name}", "Kecamatan {name}", "IV/a"),
    ("lurah", 13, "Lurah Teladan {}", "Kelurahan Teladan {}", "III/d"),
    ("section_head", 7, "Kepala Bagian Misal {}", "Sekretariat Daerah", "IV/a"),
    ("hospital_director", 1, "Direktur RSUD Percontohan", "RSUD Percontohan", "IV/c"),
    ("echelon_3", 14, "Sekretaris Dinas Contoh {}", "Dinas Contoh {}", "IV/a"),
    ("echelon_4", 18, "Kepala Seksi Umpama {}", "Dinas Contoh {}", "III/d"),
)
"""Group, number, office, agency and rank, as at the pledge of the seed practice."""
ABSENT = (3, 9, 17, 22, 30, 41, 47, 66, 80)  # places on the roster
INSTEAD = (5, 12, 33, 71)
VACANT = 25
CAME_LATER = (3, 30, 47)
TARGETS = {"outreach": 8, "advisory_letter": 4, "pledge": 2, "cyber_patrol": 4, "banner": 5}
BANNERS, BROCHURES = 2, 50  # planned for each village


def plan_prevention(journey: Journey) -> None:
    """Let the pledge, the letters and the banners of a district and a kecamatan happen."""
    for level, office in journey.offices.items():
        if level == "provinsi":
            continue
        random = Random(62)  # noqa: S311 - invented data, apart from the story's own
        journey.plan(at(october(13), 17), partial(_banners, office, random, journey))
        if level == "kabupaten":
            journey.plan(at(october(1), 9), partial(_targets, office))
            journey.plan(at(october(8), 11), partial(_letters, office))
            journey.plan(at(october(7), 10), partial(_pledge, office, random))
            journey.plan(at(october(9), 14), partial(_coming_pledge, office))


def _targets(office: PracticeOffice) -> None:
    with office.acting(office.who("leader")) as posko:
        set_targets(posko, PRACTICE_ON, TARGETS)


def _letters(office: PracticeOffice) -> None:
    """A letter of advice to all heads of agencies; most have signed for it."""
    with office.acting(office.who("leader")) as posko:
        uid = log_activity(
            posko,
            NewActivity(
                on=posko.today(),
                item="advisory_letter",
                title="Imbauan kepada 31 kepala OPD",
                place="Pemkab Gunung Mas",
                target="Kepala OPD",
                participants=31,
                subject="Larangan keberpihakan ASN pada masa kampanye",
            ),
        )
        names = [f"Kepala Dinas Contoh {n}; Dinas Contoh {n}" for n in range(1, 32)]
        add_recipients(posko, uid, names)
        values = {"signer.role": "Ketua", "signer.name": posko.user.name}
        issue_advice(posko, uid, values)
        got = [one.uid for one in recipients(posko, uid)][:26]
        note_receipts(posko, got, posko.today(), "Sekretariat")


def _pledge(office: PracticeOffice, random: Random) -> None:
    """The roster a few days before; the event, its marks and what came later on its days."""
    with office.acting(office.who("verifier")) as posko:
        new = pledge_defaults(posko)
        uid = plan_pledge(
            posko,
            replace(new, on=PLEDGED_ON, place="Aula Kantor Bupati", starts_at="09.00"),
        )
        invite(posko, uid, _roster(office, random))
        lines = [one.uid for one in pledge_view(posko, uid).signatories]
    office.clock.turn_to(at(PLEDGED_ON, 15))
    with office.acting(office.who("verifier")) as posko:
        absent = [lines[place] for place in ABSENT]
        others = {lines[place] for place in (*ABSENT, *INSTEAD, VACANT)}
        mark(posko, [line for line in lines if line not in others], "present")
        mark(posko, absent, "absent")
        for place in INSTEAD:
            mark(posko, [lines[place]], "represented", "Sekretaris")
        finish_pledge(posko, uid)
    office.clock.turn_to(at(october(14), 10))
    with office.acting(office.who("verifier")) as posko:
        receive_self_pledge(posko, [lines[place] for place in CAME_LATER], posko.today())


def _coming_pledge(office: PracticeOffice) -> None:
    """A pledge that is still to come, its roster not pasted yet."""
    with office.acting(office.who("verifier")) as posko:
        new = pledge_defaults(posko)
        plan_pledge(
            posko,
            replace(
                new,
                on=PRACTICE_ON + timedelta(6),
                title="Ikrar netralitas kepala desa",
                place="Kantor Camat Kurun",
                starts_at="13.30",
            ),
        )


def _roster(office: PracticeOffice, random: Random) -> list[RosterRow]:
    words = load_stock().words
    names = [f"{a} {b}" for a in (*words["female"], *words["male"]) for b in words["family"]]
    random.shuffle(names)
    districts = [region.name for region in office.posko.regions.children(office.posko.office.code)]
    rows: list[RosterRow] = []
    for group, count, position, agency, rank in INVITED:
        for place in range(count):
            number = len(rows)
            born = date(1968, 1, 1) + timedelta(days=311 * (number % 40) + number)
            service = f"{1995 + number % 12}{1 + number % 12:02d}"
            nip = f"{born:%Y%m%d}{service}{1 + number % 2}{number + 1:03d}"
            held = number != VACANT
            names_of_place = {"name": districts[place % len(districts)]}
            rows.append(
                RosterRow(
                    name=f"{names[number]}{words['degrees'][number % 8]}" if held else "",
                    nip=nip if held else "",
                    rank=rank if held else "",
                    position_title=position.format(place + 1, **names_of_place),
                    agency=agency.format(place + 1, **names_of_place),
                    group_code=group,
                )
            )
    return rows


def _banners(office: PracticeOffice, random: Random, journey: Journey) -> None:
    """Plans for all villages; the kecamatan notes its own, the district those of the others."""
    with office.acting(office.who("receiver")) as posko:
        villages = villages_of(posko)
        own = posko.office.level == "kecamatan"
        if not own:
            plans = {(v.code, "banner"): BANNERS for v in villages}
            set_plans(posko, plans | {(v.code, "brochure"): BROCHURES for v in villages})
            done = {v.subdistrict for v in villages if v.subdistrict == "Kurun"}
            villages = tuple(v for v in villages if v.subdistrict not in done)
        entries = [entry for v in villages for entry in _entries(v, random)]
        note_coverage(posko, entries)
        shown = sorted({e.village_code for e in entries if e.action == "installed"})
        _photos(office, journey, shown[:: 2 if own else 6])


def _entries(village: Village, random: Random) -> Sequence[NewEntry]:
    chance = random.random()
    on = october(2 + random.randrange(11))
    made = [("banner", "received", BANNERS), ("brochure", "received", BROCHURES)]
    if chance < 0.72:
        made.append(("banner", "installed", BANNERS if chance < 0.6 else 1))
    if chance < 0.5:
        made.append(("brochure", "distributed", random.randrange(20, BROCHURES + 1)))
    return [
        NewEntry(village_code=village.code, item=item, action=action, quantity=count, on=on)
        for item, action, count in made
        if chance < 0.9
    ]


def _photos(office: PracticeOffice, journey: Journey, codes: Sequence[str]) -> None:
    """A small picture for some villages; only the vault keeps it."""
    random = Random(63)  # noqa: S311 - invented data
    folder = journey.papers.out / "bukti"
    made = [
        Attached(make_file(folder, f"spanduk-{code}", "png", "Spanduk terpasang", random), code)
        for code in codes
    ]
    attach_files(office.posko, made)
    for file in made:
        file.path.unlink()
