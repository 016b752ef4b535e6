"""Pledges: the roster of the seed practice, marks, absentees, totals, and who signed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from posko_app.app import Posko, open_office
from posko_app.cases.attendance import (
    SignatoryEdit,
    change_signatory,
    mark,
    receive_self_pledge,
    void_signatories,
)
from posko_app.cases.outreach import files_of
from posko_app.cases.people_pledges import signatures_of
from posko_app.cases.pledge import (
    change_pledge,
    finish_pledge,
    invite,
    on_roster,
    plan_pledge,
    pledge_defaults,
    pledge_view,
    pledges,
)
from posko_app.cases.pledge_begin import begin_roster, pledge_of
from posko_app.cases.pledge_links import Signatory
from posko_app.cases.prevention import NewActivity, activities, log_activity, void_activity
from posko_app.cases.prevention_words import check_words, prevention_words
from posko_app.cases.roster import RosterRow, read_roster
from posko_app.errors import InvalidInput, NotAllowed, UserError
from posko_app.office.accounts import add_account
from posko_app.text import fold
from tests.factory import TODAY
from tests.rosters import gunung_mas, nip

HELD_ON = date(2024, 10, 11)


@pytest.fixture
def pledged(posko: Posko) -> str:
    """A pledge of the seed practice with its roster."""
    uid = plan_pledge(
        posko, replace(pledge_defaults(posko), on=HELD_ON, place="Aula Kantor Bupati")
    )
    invite(posko, uid, read_roster(posko, gunung_mas()).rows)
    return uid


def uids(posko: Posko, pledge: str, group: str = "") -> list[str]:
    return [
        one.uid for one in pledge_view(posko, pledge).signatories if group in ("", one.group_code)
    ]


def test_the_words_hold_four_points_and_labels_for_every_code() -> None:
    assert list(check_words(prevention_words())) == []
    points = prevention_words().pledge.points
    assert len(points) == 4
    for point, word in zip(
        points, ("netralitas", "intimidasi", "media sosial", "politik uang"), strict=True
    ):
        assert word in point


def test_a_pledge_begins_with_the_four_points_and_is_an_activity(posko: Posko) -> None:
    uid = plan_pledge(posko, replace(pledge_defaults(posko), on=date(2024, 10, 18), starts_at="9"))
    view = pledge_view(posko, uid)
    assert view.points == prevention_words().pledge.points
    assert (view.row.starts_at, view.row.done, view.row.total.invited) == ("09:00", False, 0)
    (activity,) = activities(posko)
    assert (activity.item, activity.kind, activity.done) == ("pledge", "participation", False)
    change_pledge(
        posko,
        uid,
        replace(pledge_defaults(posko), points=("Satu.", " ", "Dua."), title="Ikrar kepala desa"),
    )
    changed = pledge_view(posko, uid)
    assert (changed.points, changed.row.title) == (("Satu.", "Dua."), "Ikrar kepala desa")
    assert prevention_words().pledge.points != changed.points


def test_every_mistake_of_a_pledge_is_told_at_once(posko: Posko) -> None:
    wrong = replace(
        pledge_defaults(posko),
        title=" ",
        points=(" ",),
        starts_at="25.00",
        done=True,
        on=date(2024, 10, 16),
    )
    with pytest.raises(InvalidInput) as caught:
        plan_pledge(posko, wrong)
    assert {p.field for p in caught.value.problems} == {"title", "points", "starts_at", "on"}
    assert pledges(posko) == ()


def test_the_seed_practice_from_roster_to_open_self_pledges(
    posko: Posko, pledged: str, tmp_path: Path
) -> None:
    totals = {t.code: t.invited for t in pledge_view(posko, pledged).totals}
    assert totals == {
        "agency_head": 26, "camat": 12, "lurah": 13, "section_head": 7, "hospital_director": 1,
        "echelon_3": 9, "echelon_4": 11,
    }  # fmt: skip
    everybody = uids(posko, pledged)
    mark(posko, everybody, "present")
    heads, lurahs = uids(posko, pledged, "agency_head"), uids(posko, pledged, "lurah")
    mark(posko, heads[:4], "absent")
    mark(posko, lurahs[:2], "absent")
    mark(posko, heads[4:5], "represented", "Sekretaris Dinas 5")
    view = pledge_view(posko, pledged)
    total = view.row.total
    assert (total.invited, total.present, total.represented, total.absent) == (79, 72, 1, 6)
    assert [one.position_title for one in view.owing] == [
        "Kepala Dinas 1", "Kepala Dinas 2", "Kepala Dinas 3", "Kepala Dinas 4",
        "Lurah Contoh 1", "Lurah Contoh 2",
    ]  # fmt: skip
    scan = tmp_path / "ikrar-mandiri.pdf"
    scan.write_bytes(b"%PDF-1.7 pindaian")
    receive_self_pledge(posko, [heads[0]], TODAY, scan)
    receive_self_pledge(posko, lurahs[:2], date(2024, 10, 14))
    after = pledge_view(posko, pledged)
    assert (after.row.total.self_pledged, after.row.total.owing) == (3, 3)
    assert [file.kind for file in files_of(posko, heads[0])] == ["scan"]
    by_code = {t.code: (t.absent, t.self_pledged, t.owing) for t in after.totals}
    assert by_code["agency_head"] == (4, 1, 3)
    assert by_code["lurah"] == (2, 2, 0)
    finish_pledge(posko, pledged)
    (activity,) = activities(posko)
    assert (activity.done, activity.participants) == (True, 73)


def test_totals_add_up_to_the_invited_also_with_vacant_offices(posko: Posko, pledged: str) -> None:
    rows = (
        RosterRow(position_title="Kepala Dinas Kosong", agency="Dinas A", group_code="agency_head"),
        RosterRow(position_title="Camat Kosong", agency="Kecamatan B", group_code="camat"),
    )
    assert invite(posko, pledged, rows) == 2
    camat = uids(posko, pledged, "camat")[-1]
    mark(posko, uids(posko, pledged, "agency_head"), "absent")
    mark(posko, [camat], "represented", "Sekcam")
    view = pledge_view(posko, pledged)
    for total in (*view.totals, view.row.total):
        ways = total.present + total.represented + total.absent + total.vacant + total.unmarked
        assert ways == total.invited
    heads = next(t for t in view.totals if t.code == "agency_head")
    assert (heads.invited, heads.absent, heads.vacant, heads.owing) == (27, 26, 1, 26)


def test_a_roster_is_read_whatever_its_headings_and_every_doubt_is_told(posko: Posko) -> None:
    text = (
        "NAMA LENGKAP\tN I P\tNIP.\tJABATAN\tSKPD\tESELON\tHP\n"
        "Contoh Satu, S.H.\t\t'19790512 200501 1 004\tPlt. Camat Tewah\tKecamatan Tewah\tIII.a\t\n"
        "-\t\t\tLurah Kurun\tKelurahan Kurun\t\t\n"
        "Contoh Dua\t\t1,97905E+17\tPenata Layanan\tDinas X\tIV.a\t\n"
        "Contoh Tiga\t\t197913122005011004\tAnalis\tDinas Y\t\t\n"
        "Contoh Satu, S.H.\t\t197905122005011004\tCamat Tewah\tKecamatan Tewah\t\t\n"
        "\t\t197905122005011009\t\tDinas Z\t\t\n"
    )
    draft = read_roster(posko, text)
    first, vacant, rounded, odd, twice, empty = draft.rows
    assert (first.nip, first.group_code, first.problems) == ("197905122005011004", "camat", ())
    assert (vacant.vacant, vacant.group_code, vacant.problems) == (True, "lurah", ())
    assert (rounded.nip, rounded.group_code) == ("", "echelon_4")
    assert "dibulatkan oleh Excel" in rounded.problems[0]
    assert len(odd.problems) == 2, "a birth date that is none, and a group nobody knows"
    assert not odd.unusable
    assert (twice.unusable, twice.problems[-1]) == (
        True,
        "Sama dengan baris 2, baris ini dilewati.",
    )
    assert empty.unusable
    assert (len(draft.usable), draft.unknown) == (4, ("N I P", "HP"))


def test_a_number_under_the_name_and_cells_of_several_lines_are_read(posko: Posko) -> None:
    text = (
        'Nama/NIP\tJabatan\n"Contoh Satu, S.Sos.\nNIP. 19790512 200501 1 004"\t'
        '"Kepala\nDinas Kesehatan"\n'
    )
    (row,) = read_roster(posko, text).rows
    assert (row.name, row.nip) == ("Contoh Satu, S.Sos.", "197905122005011004")
    assert (row.position_title, row.group_code) == ("Kepala Dinas Kesehatan", "agency_head")


@pytest.mark.parametrize("text", ["", "a\tb\n1\t2", "NIP\n197905122005011004", '"\t"'])
def test_a_range_without_headings_is_a_sentence(posko: Posko, text: str) -> None:
    with pytest.raises(UserError, match="Judul kolom"):
        read_roster(posko, text)


def test_pasting_twice_invites_nobody_twice(posko: Posko, pledged: str) -> None:
    assert invite(posko, pledged, read_roster(posko, gunung_mas()).rows) == 0
    again = read_roster(posko, gunung_mas(), *on_roster(posko, pledged))
    assert again.usable == ()
    assert len(uids(posko, pledged)) == 79


def test_a_self_pledge_needs_a_person_a_day_and_its_own_scan(
    posko: Posko, pledged: str, tmp_path: Path
) -> None:
    invite(posko, pledged, [RosterRow(position_title="Inspektur")])
    *_, first, vacant = uids(posko, pledged)
    scan = tmp_path / "s.pdf"
    scan.write_bytes(b"%PDF-")
    wrong: tuple[tuple[list[str], date, Path | None], ...] = (
        ([first], date(2024, 10, 16), None),
        ([first], date(2024, 10, 10), None),
        ([vacant], TODAY, None),
        ([first, uids(posko, pledged)[0]], TODAY, scan),
    )
    for who, on, file in wrong:
        with pytest.raises(InvalidInput):
            receive_self_pledge(posko, who, on, file)
    assert files_of(posko, first) == ()
    receive_self_pledge(posko, [first], TODAY)
    receive_self_pledge(posko, [first], None)
    assert pledge_view(posko, pledged).row.total.self_pledged == 0


def test_a_line_is_corrected_taken_off_and_put_back(posko: Posko, pledged: str) -> None:
    first, second = uids(posko, pledged)[:2]
    with pytest.raises(InvalidInput) as caught:
        change_signatory(posko, first, SignatoryEdit(nip="123", group_code="x"))
    assert {p.field for p in caught.value.problems} == {"nip", "position_title", "group_code"}
    edit = SignatoryEdit(
        name="Contoh Baru",
        nip="19800101 200501 2 001",
        position_title="Kepala Dinas 1",
        group_code="agency_head",
    )
    change_signatory(posko, first, edit)
    line = pledge_view(posko, pledged).signatories[0]
    assert (line.name, line.nip) == ("Contoh Baru", "198001012005012001")
    void_signatories(posko, [second])
    assert len(uids(posko, pledged)) == 78
    with pytest.raises(UserError, match="tidak ada lagi"):
        mark(posko, [first, second], "present")
    void_signatories(posko, [second], voided=False)
    assert uids(posko, pledged)[1] == second


def who_signed(posko: Posko, name: str, number: str = "") -> tuple[Signatory, ...]:
    with posko.store.read() as session:
        return signatures_of(session, [(name, number)])


def test_who_signed_is_found_by_number_and_by_name_without_titles(
    posko: Posko, pledged: str
) -> None:
    heads = uids(posko, pledged, "agency_head")
    mark(posko, heads[:1], "present")
    mark(posko, heads[1:3], "absent")
    mark(posko, heads[3:4], "represented", "Sekretaris")
    receive_self_pledge(posko, heads[1:2], TODAY)
    assert {one.uid for one in who_signed(posko, "Contoh Pejabat")} == set(heads[:2])
    (signed,) = who_signed(posko, "", nip(1))
    assert (signed.signed_on, signed.pledge) == (HELD_ON, "Ikrar netralitas ASN")
    assert signed.office == "Kepala Dinas 1, Dinas 1"
    alone = who_signed(posko, "Drs. contoh pejabat 002")[-1]
    assert (alone.uid, alone.signed_on) == (heads[1], TODAY)
    assert who_signed(posko, "", nip(3)) == (), "absent, and nothing came"
    (row,) = pledges(posko)
    void_activity(posko, row.activity_uid)
    assert who_signed(posko, "Contoh Pejabat") == ()
    assert pledges(posko) == ()


def test_what_another_office_wrote_is_not_changed_here(
    office: Callable[..., Posko], pledged: str, posko: Posko
) -> None:
    first = uids(posko, pledged)[0]
    posko.office = replace(posko.office, code="62.11")
    attempts: tuple[Callable[[], Any], ...] = (
        lambda: mark(posko, [first], "present"),
        lambda: finish_pledge(posko, pledged),
        lambda: invite(posko, pledged, ()),
    )
    for attempt in attempts:
        with pytest.raises(UserError, match="milik kantor Kabupaten Gunung Mas"):
            attempt()


def test_a_role_that_only_reads_marks_nobody(office: Callable[..., Posko]) -> None:
    admin = office()
    uid = plan_pledge(admin, pledge_defaults(admin))
    add_account(admin, login="kirim", name="Contoh", role="exchanger", password="kata lain")
    admin.close()
    posko = open_office(admin.folder.root, "kirim", "kata lain", clock=admin.clock)
    try:
        assert pledge_view(posko, uid).row.title
        with pytest.raises(NotAllowed):
            mark(posko, ["x"], "present")
    finally:
        posko.close()


def test_groups_are_known_by_the_beginning_of_an_office() -> None:
    words = prevention_words()
    for position, group in {
        "CAMAT KURUN": "camat", "Plt. Lurah Tewah": "lurah", "Kabag Hukum": "section_head",
        "Direktur RSUD Kuala Kurun": "hospital_director", "Inspektur": "agency_head",
        "Inspektur Pembantu I": "echelon_3", "Camatan": "", "Kepala UPTD A": "echelon_4",
    }.items():  # fmt: skip
        assert words.group_of(position) == group, fold(position)
    assert words.group_of("Analis", "Eselon III.a") == "echelon_3"


def test_a_change_keeps_that_a_pledge_took_place(posko: Posko, pledged: str) -> None:
    finish_pledge(posko, pledged)
    new = replace(pledge_defaults(posko), on=HELD_ON, place="Halaman kantor")
    change_pledge(posko, pledged, new)
    row = pledge_view(posko, pledged).row
    assert (row.done, row.place) == (True, "Halaman kantor")
    with pytest.raises(InvalidInput, match="sudah terlaksana"):
        change_pledge(posko, pledged, replace(new, on=date(2024, 10, 16)))
    assert pledge_view(posko, pledged).row.on == HELD_ON


def test_a_pledge_is_planned_in_a_region_that_there_is(posko: Posko) -> None:
    with pytest.raises(InvalidInput, match="Wilayah ini tidak dikenal"):
        plan_pledge(posko, replace(pledge_defaults(posko), region_code="99.99"))
    uid = plan_pledge(posko, replace(pledge_defaults(posko), region_code="62.10.02"))
    assert pledge_view(posko, uid).row.region_code == "62.10.02"


def test_a_successor_does_not_inherit_the_mark_of_who_signed(posko: Posko, pledged: str) -> None:
    first, second, third = uids(posko, pledged)[:3]
    mark(posko, [first, second], "present")
    old = pledge_view(posko, pledged).signatories[0]
    same: dict[str, Any] = {"position_title": old.position_title, "group_code": old.group_code}
    for name, number in (
        ("Contoh Penerus, S.H.", nip(78)),
        ("", ""),
        ("Misal Penerus", ""),
        ("Contoh Pejabat 002", nip(79)),
    ):
        with pytest.raises(InvalidInput, match="sudah ditandai untuk Contoh Pejabat 001"):
            change_signatory(posko, first, SignatoryEdit(name=name, nip=number, **same))
    for name, number in (
        ("Contoh Pejabatt 001, M.Si.", old.nip),  # a slip mended
        ("Drs. Contoh Pejabat 001", nip(77)),  # the number mended
        ("Contoh Pejabat 001", ""),
    ):
        change_signatory(posko, first, SignatoryEdit(name=name, nip=number, **same))
    assert pledge_view(posko, pledged).signatories[0].attendance == "present"
    mark(posko, [first], "")
    change_signatory(posko, first, SignatoryEdit(name="Contoh Penerus", **same))
    change_signatory(posko, third, SignatoryEdit(name="Misal Penerus", **same))
    assert who_signed(posko, "Contoh Penerus") == ()


def test_an_activity_logged_as_a_pledge_gets_its_roster_once(posko: Posko) -> None:
    logged = log_activity(posko, NewActivity(on=TODAY, item="pledge", title="Ikrar lurah"))
    assert (pledge_of(posko, logged), pledges(posko)) == ("", ())
    uid = begin_roster(posko, logged)
    assert begin_roster(posko, logged) == pledge_of(posko, logged) == uid
    view = pledge_view(posko, uid)
    assert (view.row.title, view.row.done) == ("Ikrar lurah", True)
    assert view.points == prevention_words().pledge.points
    assert len(activities(posko)) == 1
    with pytest.raises(UserError, match="tidak ada"):
        begin_roster(posko, "x")
