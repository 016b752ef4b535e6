"""Pledges and coverage between offices: notes of one village join, recaps count all of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from posko_app.app import Posko
from posko_app.cases.attendance import mark
from posko_app.cases.coverage import NewEntry, coverage, note_coverage, set_plans, villages_of
from posko_app.cases.outreach import Attached, attach_files, files_of
from posko_app.cases.pledge import invite, plan_pledge, pledge_defaults, pledge_view, pledges
from posko_app.cases.prevention import NewActivity, activities, log_activity
from posko_app.cases.recap import recap
from posko_app.cases.roster import RosterRow
from posko_app.errors import UserError
from posko_app.exchange.apply import import_file
from posko_app.exchange.export import export
from posko_app.exchange.recap_book import write_recap
from posko_app.exchange.recap_prevention import FORMS, PLEDGES, SPREAD
from tests.factory import TODAY

KURUN = "62.10.02"


@pytest.fixture
def offices(office: Callable[..., Posko]) -> dict[str, Posko]:
    return {level: office(level) for level in ("kecamatan", "kabupaten", "provinsi")}


def send(sender: Posko, receiver: Posko, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    for path in export(sender, receiver.office.code, folder).files:
        found = import_file(receiver, path, apply=True)
        assert (found.applied, found.rejected, found.conflicts) == (True, (), 0), found.reason


def installed(code: str, quantity: int) -> NewEntry:
    return NewEntry(
        village_code=code, item="banner", action="installed", quantity=quantity, on=TODAY
    )


def pledge_of_three(posko: Posko) -> str:
    uid = plan_pledge(posko, replace(pledge_defaults(posko), on=date(2024, 10, 11)))
    rows = [
        RosterRow(name=f"Contoh {n}", position_title=f"Lurah {n}", group_code="lurah")
        for n in range(1, 4)
    ]
    invite(posko, uid, rows)
    lines = [one.uid for one in pledge_view(posko, uid).signatories]
    mark(posko, lines[:2], "present")
    mark(posko, lines[2:], "absent")
    return uid


def test_notes_of_a_kecamatan_and_its_district_about_one_village_add_up(
    offices: dict[str, Posko], tmp_path: Path
) -> None:
    below, above = offices["kecamatan"], offices["kabupaten"]
    village = villages_of(below)[0].code
    elsewhere = next(v.code for v in villages_of(above) if not v.code.startswith(KURUN))
    set_plans(above, {(village, "banner"): 5, (elsewhere, "banner"): 1})
    note_coverage(above, [installed(village, 2), installed(elsewhere, 1)])
    noted = note_coverage(below, [installed(village, 3)])
    photo = tmp_path / "foto.jpg"
    photo.write_bytes(b"\xff\xd8\xff\xe0 foto")
    attach_files(below, [Attached(photo, noted[0])])
    send(below, above, tmp_path / "naik")
    send(above, below, tmp_path / "turun")
    for posko in (below, above):
        row = next(r for r in coverage(posko, KURUN).rows if r.village.code == village)
        assert (row.cells["banner"].planned, row.cells["banner"].done, row.photos) == (5, 5, 1)
    (held,) = files_of(above, noted[0])
    assert not held.held, "the photo's row travels with the data, its bytes do not"
    assert sum(r.reached for r in coverage(below, "62.10").rows) == 1, "neighbours stay away"


def test_a_pledge_travels_with_its_roster_and_stays_its_owners(
    offices: dict[str, Posko], tmp_path: Path
) -> None:
    below, above = offices["kecamatan"], offices["kabupaten"]
    uid = pledge_of_three(below)
    send(below, above, tmp_path / "satu")
    (row,) = pledges(above)
    assert (row.uid, row.total.invited, row.total.owing) == (uid, 3, 1)
    lines = pledge_view(above, uid).signatories
    with pytest.raises(UserError, match="milik kantor Kurun"):
        mark(above, [lines[2].uid], "present")
    mark(below, [lines[2].uid], "present")
    send(below, above, tmp_path / "dua")
    assert pledge_view(above, uid).row.total.owing == 0


def test_the_recap_of_the_province_counts_prevention(
    offices: dict[str, Posko], tmp_path: Path
) -> None:
    below, above, top = offices.values()
    log_activity(
        below, NewActivity(on=TODAY, item="outreach", title="Sosialisasi", participants=40)
    )
    log_activity(above, NewActivity(on=TODAY, item="outreach", title="Lagi", participants=2))
    plan = NewActivity(on=date(2024, 10, 20), item="banner", title="Rencana", done=False)
    log_activity(above, plan)
    pledge_of_three(above)
    village = villages_of(below)[0].code
    set_plans(below, {(village, "banner"): 4})
    note_coverage(below, [installed(village, 3)])
    send(below, above, tmp_path / "a")
    send(above, top, tmp_path / "b")
    assert len(activities(top)) == 4
    made = recap(top, date(2024, 10, 1), date(2024, 10, 31))
    parts = made.prevention
    forms = {(line.region, line.form): line for line in parts.forms}
    education = forms["Kabupaten Gunung Mas", "Pendidikan"]
    assert (education.done, education.participants) == (2, 42)
    assert forms["Kabupaten Gunung Mas", "Publikasi"].planned == 1
    (pledge,) = parts.pledges
    assert (pledge.total.invited, pledge.total.present, pledge.total.owing) == (3, 2, 1)
    (spread,) = parts.spread
    assert (spread.item, spread.planned, spread.done, spread.villages_reached) == (
        "Spanduk",
        4,
        3,
        1,
    )
    path = tmp_path / "rekap.xlsx"
    write_recap(top, made, path)
    book = openpyxl.load_workbook(path)
    for name, total in ((FORMS, 2), (PLEDGES, 3), (SPREAD, 4)):
        rows = [[cell.value for cell in row] for row in book[name].iter_rows()]
        line = next(row for row in rows if row[0] == "Jumlah")
        first = next(n for n, value in enumerate(line) if isinstance(value, int))
        assert line[first] == total, name
    earlier = recap(top, date(2024, 9, 1), date(2024, 9, 30)).prevention
    assert (earlier.forms, earlier.pledges) == ((), ())
    district = recap(above, date(2024, 10, 1), date(2024, 10, 31)).prevention
    assert {line.region for line in district.spread} == {"Kurun"}
