"""A case that leaves the region of an office that holds it: the office goes on being told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import select, text

from posko_app.app import Posko
from posko_app.cases.intake import file_report
from posko_app.data import migrate
from posko_app.data.base import synced_fields
from posko_app.data.tables import Case, SentCase
from posko_app.errors import UserError
from posko_app.exchange.apply import import_file
from posko_app.exchange.export import export
from posko_app.exchange.package.write import write_package
from posko_app.exchange.prospect import prospects
from tests.factory import new_report
from tests.parcels import file_case
from tests.test_exchange_ways import tables_of, take

KURUN, SEPANG = "62.10.02", "62.10.01"


@pytest.fixture
def kec(office: Callable[..., Posko]) -> Posko:
    return office("kecamatan")


@pytest.fixture
def kab(office: Callable[..., Posko], kec: Posko) -> Posko:
    return office("kabupaten")


def change(posko: Posko, uid: str, **values: str) -> None:
    with posko.write() as session:
        case = session.scalars(select(Case).where(Case.uid == uid)).one()
        for name, value in values.items():
            setattr(case, name, value)


def seen(posko: Posko, uid: str) -> tuple[str, str]:
    with posko.store.read() as session:
        case = session.scalars(select(Case).where(Case.uid == uid)).one()
        return case.region_code, case.title


def sent(posko: Posko, to: str, folder: Path) -> set[str]:
    """The cases of an export that gets lost."""
    return tables_of(export(posko, to, folder)).get("cases", set())


def known(posko: Posko) -> set[tuple[str, str]]:
    with posko.store.read() as session:
        return {(row.to_code, row.case_uid) for row in session.scalars(select(SentCase))}


def test_an_office_hears_that_its_case_moved_elsewhere_and_goes_on_hearing(
    kab: Posko, kec: Posko, tmp_path: Path
) -> None:
    uid = file_report(kab, new_report(title="Salah desa", region_code=KURUN)).uid
    take(kec, export(kab, KURUN, tmp_path))
    take(kab, export(kec, "62.10", tmp_path))  # with the receipt
    change(kab, uid, region_code=f"{SEPANG}.2001")
    assert len(prospects(kab, KURUN).by_what["changes"].cases) == 1
    take(kec, export(kab, KURUN, tmp_path))
    assert seen(kec, uid) == (f"{SEPANG}.2001", "Salah desa")
    take(kab, export(kec, "62.10", tmp_path))
    assert sent(kab, KURUN, tmp_path) == set(), "told once, not for ever"
    change(kab, uid, title="Judul baru")
    take(kec, export(kab, KURUN, tmp_path))
    assert seen(kec, uid) == (f"{SEPANG}.2001", "Judul baru")
    assert sent(kab, SEPANG, tmp_path) == {uid}, "and the office that it belongs to has it"


def test_an_office_that_sent_a_case_here_hears_of_it_whoever_gave_it_to_them(
    kab: Posko, kec: Posko, office: Callable[..., Posko], tmp_path: Path
) -> None:
    """The province sent it to them; the district knows from their file that they hold it."""
    prov = office("provinsi")
    uid = file_report(prov, new_report(region_code=KURUN)).uid
    for to in (KURUN, "62.10"):
        take(kec if to == KURUN else kab, export(prov, to, tmp_path))
    take(kab, export(kec, "62.10", tmp_path))
    assert known(kab) == {(KURUN, uid)}
    change(kab, uid, region_code=SEPANG)
    take(kec, export(kab, KURUN, tmp_path))
    assert seen(kec, uid)[0] == SEPANG
    assert known(kec) == set(), "the offices above have it all"


def test_an_office_is_told_of_a_case_that_moved_before_it_was_known_to_hold_it(
    kab: Posko, kec: Posko, office: Callable[..., Posko], tmp_path: Path
) -> None:
    """What it confirmed in between did not hold the case."""
    prov = office("provinsi")
    uid = file_report(prov, new_report(region_code=KURUN)).uid
    for to in (KURUN, "62.10"):
        take(kec if to == KURUN else kab, export(prov, to, tmp_path))
    change(kab, uid, region_code=SEPANG)
    take(kec, export(kab, KURUN, tmp_path))
    take(kab, export(kec, "62.10", tmp_path))  # the receipt, and the case
    take(kec, export(kab, KURUN, tmp_path))
    assert seen(kec, uid)[0] == SEPANG
    take(kab, export(kec, "62.10", tmp_path))
    assert sent(kab, KURUN, tmp_path) == set(), "told once"


def test_it_is_told_even_when_the_case_moved_before_anything_was_confirmed(
    kab: Posko, kec: Posko, tmp_path: Path
) -> None:
    """The file may be under way; nobody knows whether it arrives."""
    uid = file_report(kab, new_report(region_code=KURUN)).uid
    late = export(kab, KURUN, tmp_path)
    change(kab, uid, region_code=SEPANG)
    then = export(kab, KURUN, tmp_path)
    assert tables_of(then)["cases"] == {uid}
    take(kec, then)
    take(kec, late)
    assert seen(kec, uid)[0] == SEPANG


def test_what_counts_as_sent_is_what_went_though_it_moved_while_the_file_was_made(
    kab: Posko, kec: Posko, tmp_path: Path
) -> None:
    """One case leaves the office while the file is written, another one comes to it by mistake."""
    leaves = file_report(kab, new_report(region_code=KURUN)).uid
    comes = file_report(kab, new_report(region_code=SEPANG)).uid
    moved: list[str] = []

    def progress(done: int, total: int, what: str) -> None:
        if what == "Menulis berkas" and not moved:
            moved.extend((leaves, comes))
            change(kab, leaves, region_code=SEPANG)
            change(kab, comes, region_code=KURUN)

    made = export(kab, KURUN, tmp_path, progress=progress)
    change(kab, comes, region_code=SEPANG)
    assert tables_of(made)["cases"] == {leaves}
    assert known(kab) == {(KURUN, leaves)}
    take(kec, made)
    assert sent(kab, KURUN, tmp_path) == {leaves}


def test_a_case_that_never_was_theirs_is_never_sent(kab: Posko, tmp_path: Path) -> None:
    uid = file_report(kab, new_report(region_code=SEPANG)).uid
    assert sent(kab, KURUN, tmp_path) == set()
    change(kab, uid, title="Lagi")
    assert sent(kab, KURUN, tmp_path) == set()
    with pytest.raises(UserError, match="bukan dari wilayah"):
        export(kab, KURUN, tmp_path, what="picked", cases=[uid])
    change(kab, uid, region_code=KURUN)
    change(kab, uid, region_code=SEPANG)  # corrected before any export
    assert sent(kab, KURUN, tmp_path) == set()
    assert known(kab) == set()


def test_who_only_learnt_the_uid_of_a_case_gets_nothing_by_making_up_a_copy(
    kab: Posko, kec: Posko, tmp_path: Path
) -> None:
    """A file of a known office may hold anything; a case of a neighbour is no less secret."""
    uid = file_case(kab, tmp_path / "asli", [b"bukti" * 900])
    change(kab, uid, region_code=SEPANG)
    own = file_report(kec, new_report(title="Karangan", region_code=KURUN)).uid
    with kec.write() as session:
        row = session.scalars(select(Case).where(Case.uid == own)).one()
        values = {name: getattr(row, name) for name in synced_fields(Case)}
        session.add(Case(uid=uid, **{**values, "office_code": "62.10", "region_code": SEPANG}))
    taken = import_file(kab, export(kec, "62.10", tmp_path).files[0], apply=True)
    assert taken.conflicts == 1
    assert (KURUN, uid) not in known(kab)
    assert uid not in sent(kab, KURUN, tmp_path)
    with pytest.raises(UserError, match="bukan dari wilayah"):
        write_package(kab, KURUN, [uid], tmp_path, 1 << 20)


def test_files_go_to_the_office_of_a_case_and_not_to_who_once_had_it(
    kab: Posko, kec: Posko, tmp_path: Path
) -> None:
    uid = file_case(kab, tmp_path / "asli", [b"bukti" * 900])
    change(kab, uid, region_code=KURUN)
    take(kec, export(kab, KURUN, tmp_path))
    assert prospects(kab, KURUN).by_what["all"].evidence == 1
    change(kab, uid, region_code=SEPANG)
    assert sent(kab, KURUN, tmp_path) == {uid}, "it is told where the case went"
    assert prospects(kab, KURUN).by_what["all"].evidence == 0
    assert write_package(kab, KURUN, [uid], tmp_path, 1 << 20).files == ()
    assert len(write_package(kab, SEPANG, [uid], tmp_path, 1 << 20).files) == 1


def test_a_picked_copy_counts_and_one_with_less_in_it_does_not(
    kab: Posko, kec: Posko, tmp_path: Path
) -> None:
    one, other = (file_report(kab, new_report(region_code=KURUN)).uid for _ in range(2))
    take(kec, export(kab, KURUN, tmp_path, what="picked", cases=[one]))
    export(kab, KURUN, tmp_path, profile="penerus", names_stay="uji")
    for uid in (one, other):
        change(kab, uid, region_code=SEPANG)
    assert known(kab) == {(KURUN, one)}
    take(kec, export(kab, KURUN, tmp_path))
    assert seen(kec, one)[0] == SEPANG
    with kec.store.read() as session:
        assert list(session.scalars(select(Case.uid))) == [one]


def test_nothing_is_kept_for_offices_above_which_have_it_all(kec: Posko, tmp_path: Path) -> None:
    uid = file_report(kec, new_report()).uid
    assert sent(kec, "62.10", tmp_path) == {uid}
    assert known(kec) == set()


def test_an_export_that_is_cancelled_tells_of_nothing(kab: Posko, tmp_path: Path) -> None:
    file_report(kab, new_report(region_code=KURUN))
    with pytest.raises(UserError):
        export(kab, KURUN, tmp_path / "tidak-ada")
    assert known(kab) == set()


def test_an_office_from_before_knows_what_it_sent_as_far_as_it_can(
    kab: Posko, kec: Posko, tmp_path: Path
) -> None:
    """The step of the upgrade reads it from the ledger and from where the cases are today."""
    uid = file_report(kab, new_report(region_code=f"{KURUN}.2001")).uid
    file_report(kab, new_report(region_code=SEPANG))
    for to in (KURUN, "62"):
        export(kab, to, tmp_path)
    export(kab, SEPANG, tmp_path, profile="penerus", names_stay="uji")
    file_report(kab, new_report(region_code=KURUN))  # went nowhere yet
    step = ScriptDirectory.from_config(migrate._config()).get_revision("0012")
    assert step is not None
    with kab.store.write() as session:
        connection = session.connection()
        connection.execute(text("DROP TABLE sent_cases"))
        with Operations.context(MigrationContext.configure(connection)):
            step.module._sent_cases()
    assert known(kab) == {(KURUN, uid)}
    change(kab, uid, region_code=SEPANG)
    found = import_file(kec, export(kab, KURUN, tmp_path).files[0], apply=True)
    assert found.applied
    assert seen(kec, uid)[0] == SEPANG
