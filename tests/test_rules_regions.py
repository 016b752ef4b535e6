"""Regions of Indonesia: complete, found by code and by name, villages read only when needed."""

from __future__ import annotations

import pytest

from posko_app.paths import resource
from posko_app.rules.regions import Region, Regions, dotted, load_regions

REGIONS = load_regions()


def test_the_table_is_complete() -> None:
    provinces = REGIONS.children()
    assert len(provinces) == 38
    regencies = [r for province in provinces for r in REGIONS.children(province.code)]
    assert len(regencies) == 514
    assert sum(region.is_city for region in regencies) == 98
    districts = [r for regency in regencies for r in REGIONS.children(regency.code)]
    assert len(districts) == 7285
    assert sum(len(REGIONS.children(district.code)) for district in districts) == 83_762


def test_kalimantan_tengah() -> None:
    assert REGIONS.get("62") == Region("62", "Kalimantan Tengah", "provinsi")
    gunung_mas = REGIONS.get("62.10")
    assert gunung_mas is not None
    assert (gunung_mas.level, gunung_mas.is_city) == ("kabupaten", False)
    assert gunung_mas.name == "Kabupaten Gunung Mas"
    assert len(REGIONS.children("62.10")) == 12
    assert len(REGIONS.children("6211")) == 8
    assert [region.code for region in REGIONS.path("62.10.01.2002")] == [
        "62",
        "62.10",
        "62.10.01",
        "62.10.01.2002",
    ]


def test_codes_come_with_and_without_dots() -> None:
    assert dotted("6210012002") == "62.10.01.2002"
    assert dotted("62.10.01") == "62.10.01"
    assert REGIONS.get("6210") == REGIONS.get("62.10")
    village = REGIONS.children("62.10.01")[0]
    assert village.level == "desa"
    assert REGIONS.get(village.code.replace(".", "")) == village
    assert village.parent == "62.10.01"


@pytest.mark.parametrize("code", ["", "6", "99", "62.99", "62.10.99", "62.10.01.9999", "x", "620"])
def test_unknown_codes_are_none(code: str) -> None:
    assert REGIONS.get(code) is None
    assert REGIONS.path(code) == ()


def test_villages_and_urban_villages() -> None:
    kinds = {village.is_urban_village for village in REGIONS.children("62.71.01")}
    assert kinds == {True}
    assert not REGIONS.children("62.10.01.2002")


def test_search_finds_by_beginning_first() -> None:
    assert REGIONS.search("gunung mas")[0].code == "62.10"
    assert REGIONS.search("62.10", level="kabupaten")[0].code == "62.10"
    found = REGIONS.search("kurun", level="kecamatan", under="62")
    assert [region.name for region in found] == ["Kurun"]
    villages = REGIONS.search("tumbang", level="desa", under="62.10")
    assert villages
    assert all(v.level == "desa" and v.code.startswith("62.10.") for v in villages)
    assert len(REGIONS.search("a", limit=7)) == 7
    assert REGIONS.search("tidak ada wilayah ini") == ()


def test_villages_stay_packed_until_one_is_asked_for() -> None:
    fresh = Regions(resource("regions"))
    fresh.get("62.10.01")
    fresh.children("62.10")
    fresh.path("62.10.01")
    fresh.search("kurun")
    assert "_villages" not in vars(fresh)
    assert fresh.get("62.10.01.2002") is not None
    assert "_villages" in vars(fresh)


def test_the_licence_stands_beside_the_data() -> None:
    notice = resource("regions", "NOTICE.txt").read_text("utf-8")
    assert "idn-area-data" in notice
    assert "ODbL" in notice
    assert "Open Database License" in resource("regions", "LICENSE-ODbL.md").read_text("utf-8")
