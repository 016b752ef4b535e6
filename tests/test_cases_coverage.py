"""The spread of banners per village: 127 villages, notes that add up, pasted lists, photos."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posko_app.app import Posko
from posko_app.cases.coverage import (
    Coverage,
    NewEntry,
    coverage,
    entries_of,
    note_coverage,
    own_plans,
    set_plans,
    villages_of,
    void_entries,
)
from posko_app.cases.coverage_keep import keep_draft, take_back_draft
from posko_app.cases.coverage_paste import (
    match_photos,
    read_coverage,
)
from posko_app.cases.outreach import Attached, attach_files
from posko_app.cases.village_names import SHORTEST_NEAR, VillageNames, near
from posko_app.errors import InvalidInput, UserError
from tests.factory import TODAY


def entry(
    village: str, action: str = "installed", quantity: int = 1, item: str = "banner"
) -> NewEntry:
    return NewEntry(village_code=village, item=item, action=action, quantity=quantity, on=TODAY)


def code_of(posko: Posko, name: str, subdistrict: str = "") -> str:
    (code,) = [
        v.code for v in villages_of(posko) if v.name == name and subdistrict in ("", v.subdistrict)
    ]
    return code


def cell_of(made: Coverage, code: str, item: str = "banner") -> tuple[int, int, int]:
    (row,) = [row for row in made.rows if row.village.code == code]
    cell = row.cells[item]
    return cell.planned, cell.pieces.get("received", 0), cell.done


def test_a_district_has_all_its_villages_by_kecamatan(
    posko: Posko, office: Callable[..., Posko]
) -> None:
    villages = villages_of(posko)
    assert len(villages) == 127
    assert len(dict.fromkeys(v.subdistrict for v in villages)) == 12
    assert len(villages_of(posko, "62.10.02")) == 15
    assert {v.subdistrict for v in villages_of(office("kecamatan"))} == {"Kurun"}
    assert coverage(posko).without_proof == 127


def test_notes_add_up_plans_count_against_what_is_done_and_slips_are_taken_back(
    posko: Posko,
) -> None:
    miri, kurun = code_of(posko, "Tumbang Miri"), code_of(posko, "Kurun")
    set_plans(posko, {(miri, "banner"): 2, (kurun, "banner"): 2, (miri, "brochure"): 100})
    note_coverage(posko, [entry(miri, "received", 3), entry(miri), entry(kurun, quantity=2)])
    note_coverage(posko, [entry(miri), entry(miri, "distributed", 80, "brochure")])
    made = coverage(posko)
    assert cell_of(made, miri) == (2, 3, 2)
    assert cell_of(made, miri, "brochure") == (100, 0, 80)
    banner = made.totals[0]
    assert (banner.planned, banner.done, banner.villages_planned, banner.villages_reached) == (
        4,
        4,
        2,
        2,
    )
    assert made.reached == 2
    newest, *_ = entries_of(posko, miri)
    assert (newest.item, newest.quantity) == ("brochure", 80)
    void_entries(posko, [newest.uid])
    assert cell_of(coverage(posko), miri, "brochure") == (100, 0, 0)
    void_entries(posko, [newest.uid], voided=False)
    assert cell_of(coverage(posko), miri, "brochure") == (100, 0, 80)
    assert set_plans(posko, {(miri, "banner"): 0, (kurun, "banner"): 2}) == 1
    assert cell_of(coverage(posko), miri) == (0, 3, 2)


def test_every_mistake_is_told_at_once_and_nothing_is_noted(posko: Posko) -> None:
    wrong = NewEntry(
        village_code="62.11.01.2001", item="x", action="y", quantity=0, on=date(2024, 10, 16)
    )
    with pytest.raises(InvalidInput) as caught:
        note_coverage(posko, [wrong, entry(code_of(posko, "Kurun"))])
    fields = {p.field for p in caught.value.problems}
    assert fields == {"village_code", "item", "action", "quantity", "on"}
    with pytest.raises(InvalidInput):
        note_coverage(posko, [])
    with pytest.raises(InvalidInput):
        set_plans(posko, {("62.10.02", "banner"): 1})
    assert coverage(posko).reached == 0


def test_a_pasted_list_per_village_with_a_column_per_item(posko: Posko) -> None:
    text = (
        "DAFTAR SPANDUK\n\n"
        "No\tKecamatan\tDesa/Kelurahan\tSpanduk\tBrosur dibagikan\tRencana Spanduk\tHP\n"
        "1\t2\t3\t4\t5\t6\t7\n"
        "1\tKec. Kahayan Hulu Utara\tDs. Tumbang Miri\t2\t1.250\t4\t\n"
        "2\t\tTumbang Mirri\t-\t\t\t\n"
        "3\t\tBatu Tangkooi\t1 lembar\t\t\t\n"
        "4\tKURUN\tKel. Kuroen\t3\tdua\t\t\n"
        "5\t\tAntah Berantah\t1\t\t\t\n"
        "\t\tJumlah\t6\t1.250\t4\t\n"
    )
    draft = read_coverage(posko, text, action="installed", on=TODAY)
    got = {(a.village.name, a.item, a.action): a.quantity for a in draft.amounts}
    assert got == {
        ("Tumbang Miri", "banner", "installed"): 2,
        ("Tumbang Miri", "brochure", "distributed"): 1250,
        ("Tumbang Miri", "banner", "plan"): 4,
        ("Batu Tangkoi", "banner", "installed"): 1,
        ("Kurun", "banner", "installed"): 3,
    }
    assert [p.text for p in draft.problems] == [
        "Kurun: jumlah “dua” bukan angka.",
        "Desa “Antah Berantah” tidak ada di wilayah ini. Periksa ejaannya.",
    ]
    assert {p.line for p in draft.warnings} >= {6, 7, 8}
    assert draft.unknown == ("HP",)
    note_coverage(posko, draft.entries)
    set_plans(posko, draft.plans)
    assert cell_of(coverage(posko), code_of(posko, "Tumbang Miri")) == (4, 0, 2)


def test_a_pasted_list_is_kept_as_a_whole_and_taken_back_as_a_whole(posko: Posko) -> None:
    kurun, miri = code_of(posko, "Kurun"), code_of(posko, "Tumbang Miri")
    set_plans(posko, {(kurun, "banner"): 2})
    text = (
        "Kecamatan\tDesa\tSpanduk\tRencana spanduk\nKurun\tKurun\t3\t4\n"
        "Kahayan Hulu Utara\tTumbang Miri\t1\t5\n"
    )
    draft = read_coverage(posko, text, action="installed", on=TODAY)
    kept = keep_draft(posko, draft)
    assert [cell_of(coverage(posko), code) for code in (kurun, miri)] == [(4, 0, 3), (5, 0, 1)]
    take_back_draft(posko, kept)
    assert own_plans(posko, [kurun, miri]) == {(kurun, "banner"): 2}
    assert coverage(posko).reached == 0
    ahead = replace(draft, amounts=(*draft.amounts, replace(draft.amounts[1], quantity=-1)))
    with pytest.raises(InvalidInput):
        keep_draft(posko, ahead)
    assert own_plans(posko, [kurun, miri]) == {(kurun, "banner"): 2}
    assert coverage(posko).reached == 0, "a wrong plan keeps the notes out too"


def test_two_lines_that_plan_one_village_are_told(posko: Posko) -> None:
    text = "Desa\tRencana spanduk\nKurun\t4\nTumbang Miri\t1\nKurun\t6\n"
    draft = read_coverage(posko, text, action="installed", on=TODAY)
    assert draft.plans[code_of(posko, "Kurun"), "banner"] == 6
    assert [(one.line, one.text) for one in draft.warnings] == [
        (2, "Kurun: rencana spanduk ada lagi di baris 4 (6), yang di baris ini (4) tidak dipakai.")
    ]
    assert [one.line for one in draft.amounts] == [3, 4]


def test_a_pasted_list_per_note(posko: Posko) -> None:
    text = (
        "Desa\tKecamatan\tBahan\tKegiatan\tJumlah\tTanggal\tKeterangan\n"
        "Tumbang Lapan\tMiri Manasa\tSpanduk\tDipasang\t1\t10/10/2024\tdi balai\n"
        "Tumbang Lapan\tRungan Hulu\tstiker\tdibagi\t50\t2024-10-11 00:00:00\t\n"
        "62.10.08.2007\t\tPoster\tdijual\t5\t\t\n"
        "Tehang\tManuhing Raya\tMug\tDipasang\t5\t\t\n"
        "Tehang\tManuhing Raya\tPoster\tDipasang\t5\t31-02-2024\t\n"
        "Tehang\tManuhing Raya\tPoster\tDipasang\t5\t16-10-2024\t\n"
    )
    draft = read_coverage(posko, text, action="received", on=TODAY)
    assert [
        (a.village.subdistrict, a.item, a.action, a.quantity, a.on.day) for a in draft.amounts
    ] == [
        ("Miri Manasa", "banner", "installed", 1, 10),
        ("Rungan Hulu", "sticker", "distributed", 50, 11),
        ("Damang Batu", "poster", "received", 5, 15),
    ]
    assert [p.line for p in draft.problems] == [5, 6, 7]
    assert [p.line for p in draft.warnings] == [4]


def test_a_name_in_two_kecamatan_needs_the_kecamatan(posko: Posko) -> None:
    names = VillageNames(posko)
    village, said, wrong = names.find("Tumbang Lapan")
    assert (village, wrong) == (None, True)
    assert "Miri Manasa" in said
    assert "Rungan Hulu" in said
    found, said, wrong = names.find("tumbang lapan", "Kec. Rungan-Hulu")
    assert found is not None
    assert (found.subdistrict, said, wrong) == ("Rungan Hulu", "", False)
    for typed in ("62.10.08.2007", "6210082007"):
        found, _, wrong = names.find(typed)
        assert found is not None
        assert found.name == "Tumbang Anoi"
    assert names.find("62.11.01.2001")[2] is True


@pytest.mark.parametrize("text", ["", "x", "Nama\tJumlah\nA\t1"])
def test_a_range_without_villages_is_a_sentence(posko: Posko, text: str) -> None:
    with pytest.raises(UserError, match="Kolom desa"):
        read_coverage(posko, text, action="installed", on=TODAY)


def test_every_village_of_the_district_is_found_by_its_own_name(posko: Posko) -> None:
    rows = [f"{v.subdistrict.upper()}\tDESA {v.name.upper()}\t1" for v in villages_of(posko)]
    draft = read_coverage(
        posko, "\n".join(["Kecamatan\tDesa\tSpanduk", *rows]), action="installed", on=TODAY
    )
    assert (draft.villages, draft.problems, draft.warnings) == (127, (), ())


def test_photos_find_their_villages_by_file_name_or_wait_for_a_person(
    posko: Posko, tmp_path: Path
) -> None:
    names = (
        "Spanduk_Tumbang-Miri_1.jpg", "tumbang jalemu kajuei.jpg", "IMG Tumbang Miwan Kurun.jpg",
        "tumbang lapan.jpg", "rungan hulu tumbang lapan 2.jpg", "IMG_0001.jpg",
    )  # fmt: skip
    found = match_photos(posko, [tmp_path / name for name in names])
    assert [m.village.name if m.village else m.why for m in found] == [
        "Tumbang Miri", "Tumbang Jalemu Kajuei", "Tumbang Miwan", "beberapa desa cocok",
        "Tumbang Lapan", "nama berkas tidak menyebut desa",
    ]  # fmt: skip
    assert match_photos(posko, [tmp_path / "Tumbang Anoi" / "IMG_2.jpg"])[0].village is not None


def test_photos_are_proof_and_the_filter_of_villages_without_one_follows(
    posko: Posko, tmp_path: Path
) -> None:
    miri, kurun = code_of(posko, "Tumbang Miri"), code_of(posko, "Kurun")
    (noted,) = note_coverage(posko, [entry(miri)])
    photos = []
    for name in ("a.jpg", "b.jpg"):
        (tmp_path / name).write_bytes(b"\xff\xd8\xff\xe0" + name.encode())
        photos.append(tmp_path / name)
    made = attach_files(posko, [Attached(photos[0], noted), Attached(photos[1], kurun)])
    assert len(made) == 2
    after = coverage(posko)
    assert after.without_proof == 125
    row = next(row for row in after.rows if row.village.code == miri)
    assert (row.photos, row.cells["banner"].photos, row.without_proof) == (1, 1, False)
    assert attach_files(posko, [Attached(photos[0], noted)]) == (), "the same photo once"
    assert [e.photos for e in entries_of(posko, miri)] == [1]


@pytest.mark.parametrize(
    ("typed", "count"),
    [
        ("1 250", 1250),
        ("1.250", 1250),
        ("1\u00a0250", 1250),
        ("1 250 lembar", 1250),
        ("12 lbr.", 12),
        ("3", 3),
        ("12 50", None),
        ("1.25", None),
        ("1,5", None),
        ("-2", None),
        ("2x", 2),
        ("2 3", None),
        ("dua", None),
        ("9999999", None),
    ],
)
def test_numbers_are_read_as_lists_write_them_or_not_at_all(
    posko: Posko, typed: str, count: int | None
) -> None:
    text = f"Desa\tKecamatan\tSpanduk\nTumbang Miri\tKahayan Hulu Utara\t{typed}"
    draft = read_coverage(posko, text, action="installed", on=TODAY)
    assert [a.quantity for a in draft.amounts] == ([] if count is None else [count])
    assert bool(draft.problems) is (count is None)


def test_a_list_pasted_twice_counts_once(posko: Posko) -> None:
    text = "Desa\tKecamatan\tSpanduk\tRencana spanduk\nTumbang Miri\tKahayan Hulu Utara\t2\t4"
    note_coverage(posko, read_coverage(posko, text, action="installed", on=TODAY).entries)
    again = read_coverage(posko, text, action="installed", on=TODAY)
    assert (again.entries, len(again.plans)) == ((), 1)
    assert [w.text for w in again.warnings] == [
        "Tumbang Miri: 2 spanduk pada 15-10-2024 sudah tercatat, dilewati."
    ]
    (entry_row,) = entries_of(posko, code_of(posko, "Tumbang Miri"))
    void_entries(posko, [entry_row.uid])
    assert read_coverage(posko, text, action="installed", on=TODAY).entries, "a slip taken back"


@given(st.data())
def test_one_slip_is_found_wherever_it_is(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(["tumbang miri", "tewah", "sepang simin", "batu tangkoi"]))
    place = data.draw(st.integers(0, len(name) - 1))
    letter = data.draw(st.sampled_from("aeioxz"))
    slips = {
        name[:place] + letter + name[place:],
        name[:place] + letter + name[place + 1 :],
        name[:place] + name[place + 1 :],
        name[:place] + name[place : place + 2][::-1] + name[place + 2 :],
    }
    for slip in slips:
        assert near(name, slip) is (len(slip) >= SHORTEST_NEAR)
