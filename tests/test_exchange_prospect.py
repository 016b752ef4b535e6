"""What a file would hold is told before it is made, and is what it then holds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from posko_app.app import Posko
from posko_app.cases.intake import file_report
from posko_app.exchange.apply import import_file
from posko_app.exchange.export import What, export
from posko_app.exchange.prospect import inside, prospects
from tests.factory import new_report
from tests.test_exchange_profiles import refer


@pytest.fixture
def kec(office: Callable[..., Posko]) -> Posko:
    return office("kecamatan")


@pytest.fixture
def kab(office: Callable[..., Posko]) -> Posko:
    return office("kabupaten")


def test_each_choice_is_counted_as_the_export_counts_it(
    kec: Posko, kab: Posko, tmp_path: Path
) -> None:
    first = file_report(kec, new_report(title="Yang pertama")).uid
    import_file(kab, export(kec, "62.10", tmp_path).files[0], apply=True)
    import_file(kec, export(kab, "62.10.02", tmp_path).files[0], apply=True)  # confirms
    second = file_report(kec, new_report(title="Yang kedua")).uid
    found = prospects(kec, "62.10", picked=[first])
    assert (found.seq, found.confirmed_seq, found.heard) == (2, 1, True)
    assert {what: set(one.cases) for what, one in found.by_what.items()} == {
        "changes": {second},
        "all": {first, second},
        "picked": {first},
    }
    choices: tuple[tuple[What, tuple[str, ...]], ...] = (
        ("picked", (first,)), ("changes", ()), ("all", ()),
    )  # fmt: skip
    for what, cases in choices:
        folder = tmp_path / what
        folder.mkdir()
        made = export(kec, "62.10", folder, what=what, cases=cases)
        assert made.rows == found.by_what[what].rows, what


def test_nothing_changed_and_nobody_heard(kec: Posko) -> None:
    empty = prospects(kec, "62.10")
    assert (empty.seq, empty.confirmed_seq, empty.heard) == (1, 0, False)
    assert empty.by_what["changes"].rows == 0
    assert empty.by_what["changes"].cases == frozenset()
    assert "picked" not in empty.by_what


def test_a_key_to_lock_for_is_told(office: Callable[..., Posko]) -> None:
    kab, kec = office("kabupaten"), office("kecamatan")
    assert prospects(kec, kab.office.code).lockable
    assert not prospects(kec, "62").lockable, "nobody met the province yet"


def test_the_cases_inside_stand_by_number(kec: Posko) -> None:
    uids = [file_report(kec, new_report(title=f"Perkara {n}")).uid for n in range(3)]
    found = prospects(kec, "62.10").by_what["all"]
    cases = inside(kec, found)
    assert [case.uid for case in cases] == uids
    assert [case.number[:3] for case in cases] == ["001", "002", "003"]
    assert sum(case.records for case in cases) >= found.rows


def test_what_outsiders_get_is_counted_as_it_is_made(
    office: Callable[..., Posko], tmp_path: Path
) -> None:
    office("kabupaten")
    kec = office("kecamatan")
    for number in range(2):
        refer(kec, file_report(kec, new_report(title=f"Perkara {number}")).uid)
    for profile, lockable in (("penerus", True), ("publik", False)):
        found = prospects(kec, "62.10", profile=profile)
        folder = tmp_path / profile
        folder.mkdir()
        made = export(kec, "62.10", folder, what="all", profile=profile)
        assert made.rows == found.by_what["all"].rows, profile
        assert len(found.by_what["all"].cases) == 2
        assert found.lockable is lockable
