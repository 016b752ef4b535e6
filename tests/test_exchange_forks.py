"""A device that exists twice: proven by the order of files, remembered, told on, believed."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, select

from posko_app.app import Posko, open_office
from posko_app.cases.intake import file_report
from posko_app.data import versions
from posko_app.data.record import home
from posko_app.data.tables import Case, ForkedDevice, Import, Office, Sync, TrustedKey
from posko_app.exchange.apply import apply_plan, import_file
from posko_app.exchange.digest import digest
from posko_app.exchange.export import export
from posko_app.exchange.ledger import channel
from posko_app.exchange.plan import ImportPlan, preview
from posko_app.exchange.twins import broken_order, forked, remember_fork
from posko_app.exchange.xlsx.guarded import Reader
from posko_app.office.incarnation import become_new_device
from tests.clones import unnoticed_copy
from tests.factory import PASSWORD, new_report
from tests.introduced import introduce


@dataclass
class Clones:
    """A subdistrict office copied with everything, unnoticed on both machines, and those above."""

    one: Posko
    two: Posko
    district: Posko
    province: Posko
    folder: Path
    reader: Reader
    uid: str

    def send(self, sender: Posko, receiver: Posko) -> Path:
        [path] = export(sender, receiver.office.code, self.folder).files
        return path

    def look(self, receiver: Posko, path: Path) -> ImportPlan:
        plan = preview(receiver, path, reader=self.reader)
        assert plan.verdict == "accepted", plan.reason
        return plan

    def take(self, receiver: Posko, path: Path) -> ImportPlan:
        plan = self.look(receiver, path)
        apply_plan(receiver, plan)
        return plan

    def pass_on(self, sender: Posko, receiver: Posko) -> ImportPlan:
        return self.take(receiver, self.send(sender, receiver))


def title(posko: Posko, uid: str, words: str) -> None:
    with posko.write() as session:
        session.scalars(select(Case).where(Case.uid == uid)).one().title = words


def titles(posko: Posko, uid: str) -> set[str]:
    with posko.store.read() as session:
        [record] = versions.load_records(session, [uid])
    return {str(s.value) for s in record.fields["title"]}


def known(posko: Posko) -> dict[str, tuple[str, str, str]]:
    with posko.store.read() as session:
        rows = session.scalars(select(ForkedDevice)).all()
        return {r.device_id: (r.office_code, r.source, r.proof) for r in rows}


@pytest.fixture
def clones(office: Callable[..., Posko], tmp_path: Path) -> Iterator[Clones]:
    first = office("kecamatan", "satu")
    uid = file_report(first, new_report()).uid
    first.close()
    unnoticed_copy(tmp_path / "satu", tmp_path / "dua")
    folder = tmp_path / "kiriman"
    folder.mkdir()
    with Reader(seconds=600) as reader:
        yield Clones(
            one=office("kecamatan", "satu"),
            two=office("kecamatan", "dua"),
            district=office("kabupaten"),
            province=office("provinsi"),
            folder=folder,
            reader=reader,
            uid=uid,
        )


# -- the order of files ---------------------------------------------------------------------------

A1, A2, A3 = (1, "a1", ""), (2, "a2", "a1"), (3, "a3", "a2")


@pytest.mark.parametrize(
    ("held", "came"),
    [
        ([], A1),
        ([A1], A1),  # twice
        ([A1], A2),
        ([A1], A3),  # one was lost
        ([A3], A2),  # out of order
        ([A3], A1),
        ([A1, A3], A2),
        ([(2, "a2", "")], A1),  # taken in before the one before it was kept
    ],
)
def test_late_lost_and_doubled_files_prove_nothing(
    held: list[tuple[int, str, str]], came: tuple[int, str, str]
) -> None:
    assert broken_order(held, came) == ""


@pytest.mark.parametrize(
    ("held", "came"),
    [
        ([A1], (1, "b1", "")),
        ([A2], (2, "b2", "a1")),
        ([A1], (2, "b2", "b1")),
        ([A2], (1, "b1", "")),
        ([A3], (2, "b2", "a1")),
        ([A1, A2], (3, "b3", "b2")),
    ],
)
def test_another_history_is_proof(
    held: list[tuple[int, str, str]], came: tuple[int, str, str]
) -> None:
    assert broken_order(held, came)


# -- with real files ------------------------------------------------------------------------------


def test_two_exports_with_one_number_are_proof_although_their_records_agree(
    clones: Clones,
) -> None:
    """The twins worked on different cases, so no record could tell."""
    device = clones.one.office.device_id
    assert clones.two.office.device_id == device
    file_report(clones.one, new_report(title="Dari satu"))
    file_report(clones.two, new_report(title="Dari dua"))
    assert clones.pass_on(clones.one, clones.district).forked == ()
    plan = clones.look(clones.district, clones.send(clones.two, clones.district))
    assert plan.forked == (device,)
    assert any("dua komputer" in w and "nomor 1" in w for w in plan.warnings)
    assert known(clones.district) == {}, "looking changes nothing"
    apply_plan(clones.district, plan)
    code, source, proof = known(clones.district)[device]
    assert (code, source) == ("62.10.02", "")
    assert proof == "dua kiriman berbeda sama-sama bernomor 1"


def test_an_honest_channel_is_never_accused(clones: Clones) -> None:
    files = []
    for number in range(4):
        title(clones.one, clones.uid, f"Judul {number}")
        files.append(clones.send(clones.one, clones.district))
    for place in (1, 0, 3, 3, 2, 0):
        assert clones.take(clones.district, files[place]).forked == ()
    assert known(clones.district) == {}


def test_both_values_of_twins_are_kept_and_a_decision_ends_it(clones: Clones) -> None:
    title(clones.one, clones.uid, "Dari satu")
    title(clones.two, clones.uid, "Dari dua")
    clones.pass_on(clones.one, clones.district)
    clones.pass_on(clones.two, clones.district)
    assert titles(clones.district, clones.uid) == {"Dari satu", "Dari dua"}
    for clone in (clones.one, clones.two):
        clones.pass_on(clones.district, clone)
        assert clones.one.office.device_id in known(clone)
        assert titles(clone, clones.uid) == {"Dari satu", "Dari dua"}
    title(clones.district, clones.uid, "Diputuskan")
    for clone in (clones.one, clones.two):
        clones.pass_on(clones.district, clone)
        clones.pass_on(clone, clones.district)
        assert titles(clone, clones.uid) == {"Diputuskan"}
    assert titles(clones.district, clones.uid) == {"Diputuskan"}
    assert digest(clones.one) == digest(clones.two) == digest(clones.district, "62.10.02")


def test_two_twins_in_one_record_are_both_remembered(clones: Clones) -> None:
    """The district was copied too, and both pairs wrote the same fields of one case."""
    clones.pass_on(clones.one, clones.district)
    root = clones.district.folder.root
    clones.district.close()
    second = unnoticed_copy(root, root.parent / "kabupaten lagi")
    district = open_office(root, "petugas", PASSWORD, clock=clones.one.clock)
    twin = open_office(second, "petugas", PASSWORD, clock=clones.one.clock)
    for number, (kecamatan, above) in enumerate(((clones.one, district), (clones.two, twin))):
        title(kecamatan, clones.uid, f"Judul {number}")
        with above.write() as session:
            case = session.scalars(select(Case).where(Case.uid == clones.uid)).one()
            case.article = f"Pasal {number}"
        introduce(clones.province, above)
        clones.pass_on(kecamatan, above)
        clones.pass_on(above, clones.province)
    devices = {clones.one.office.device_id, district.office.device_id}
    assert known(clones.province).keys() == devices
    district.close()
    twin.close()


def test_a_known_twin_is_not_found_anew_with_every_file(clones: Clones) -> None:
    title(clones.one, clones.uid, "Dari satu")
    title(clones.two, clones.uid, "Dari dua")
    clones.pass_on(clones.one, clones.district)
    assert clones.pass_on(clones.two, clones.district).forked
    with clones.district.store.read() as session:
        first = session.scalars(select(ForkedDevice.found_at)).one()
    file_report(clones.one, new_report(title="Lagi"))
    clones.pass_on(clones.one, clones.district)
    with clones.district.store.read() as session:
        assert session.scalars(select(ForkedDevice.found_at)).one() == first


def test_a_twin_that_hears_its_own_name_goes_on_working(clones: Clones) -> None:
    """Numbers in our name that we never gave are passed over, and the twin is known."""
    device = clones.one.office.device_id
    for number in range(3):
        title(clones.one, clones.uid, f"Judul {number}")
    clones.pass_on(clones.one, clones.district)
    clones.pass_on(clones.district, clones.two)
    assert device in known(clones.two)
    title(clones.two, clones.uid, "Setelahnya")
    with clones.two.store.read() as session:
        [record] = versions.load_records(session, [clones.uid])
        number = session.scalars(select(Office.counter)).one()
    assert [s.value for s in record.fields["title"]] == ["Setelahnya"]
    assert record.vv[device] == number


def test_an_older_folder_put_back_after_an_export_is_no_twin(
    clones: Clones, office: Callable[..., Posko], tmp_path: Path
) -> None:
    """Nothing was written in between, so only the export could tell that the folder is older."""
    device = clones.two.office.device_id
    clones.two.close()
    shutil.copytree(tmp_path / "dua", tmp_path / "simpanan")
    later = office("kecamatan", "dua")
    clones.pass_on(later, clones.district)
    later.close()
    shutil.rmtree(tmp_path / "dua")
    shutil.copytree(tmp_path / "simpanan", tmp_path / "dua")
    back = office("kecamatan", "dua")
    assert back.office.device_id != device
    assert clones.pass_on(back, clones.district).forked == ()
    assert known(clones.district) == {}


# -- telling on -----------------------------------------------------------------------------------


def forked_here(posko: Posko, device: str) -> None:
    with posko.write() as session:
        assert remember_fork(session, device, "terlihat di sini", posko.now())
        assert not remember_fork(session, device, "sekali lagi", posko.now())


def test_what_a_known_office_names_is_kept_with_its_source_and_told_on(clones: Clones) -> None:
    forked_here(clones.district, "AAAA1111")
    with clones.province.write() as session:
        session.execute(delete(TrustedKey))
    path = clones.send(clones.district, clones.province)
    plan = clones.look(clones.province, path)
    assert plan.first_contact
    assert not any("AAAA1111" in w for w in plan.warnings), "nobody has compared its key yet"
    introduce(clones.district, clones.province)
    clones.take(clones.province, path)
    _, source, _ = known(clones.province)["AAAA1111"]
    assert source == clones.district.office.device_id
    plan = clones.look(clones.one, clones.send(clones.province, clones.one))
    assert plan.manifest is not None
    assert plan.manifest.forked == ("AAAA1111",)
    assert any("AAAA1111" in warning for warning in plan.warnings)


def test_everything_a_twin_wrote_goes_out_once_more(clones: Clones) -> None:
    clones.pass_on(clones.one, clones.district)
    device = clones.one.office.device_id
    file_report(clones.district, new_report(title="Dari kabupaten"))
    with clones.district.store.read() as session:
        before = session.scalars(select(Office.lsn)).one()
    forked_here(clones.district, device)
    with clones.district.store.read() as session:
        for uid, lsn, version in session.execute(select(Sync.uid, Sync.lsn, Sync.version)):
            assert (lsn > before) == (f'"{device}":' in version), uid
        assert forked(session) == {device}


def test_the_import_keeps_the_export_before_it(clones: Clones) -> None:
    clones.pass_on(clones.one, clones.district)
    clones.pass_on(clones.one, clones.district)
    with clones.district.store.read() as session:
        first, second = session.scalars(select(Import).order_by(Import.seq)).all()
    assert (first.prev, second.prev) == ("", first.export_uid)


def test_marks_of_told_apart_writes_lead_home(clones: Clones) -> None:
    title(clones.one, clones.uid, "Dari satu")
    title(clones.two, clones.uid, "Dari dua")
    clones.pass_on(clones.one, clones.district)
    clones.pass_on(clones.two, clones.district)
    with clones.district.store.read() as session:
        [record] = versions.load_records(session, [clones.uid])
    assert {home(s.dot[0]) for s in record.fields["title"]} == {clones.one.office.device_id}
    again = import_file(clones.district, clones.send(clones.two, clones.district), apply=True)
    assert again.conflicts == 0


def frm(posko: Posko) -> int:
    with posko.store.read() as session:
        return channel(session, "62.10.02").frm


def test_a_twin_that_becomes_new_is_waited_for_no_more(clones: Clones) -> None:
    """Else its office would get everything for ever; the other of the two is heard again."""
    one, two, district = clones.one, clones.two, clones.district
    title(one, clones.uid, "Dari satu")
    title(two, clones.uid, "Dari dua")
    clones.pass_on(one, district)
    late = clones.send(two, district)
    assert clones.take(district, late).forked
    clones.pass_on(district, one)
    clones.pass_on(one, district)
    assert frm(district) == 0, "which of the two confirmed that?"

    become_new_device(one)
    clones.pass_on(one, district)
    clones.pass_on(district, one)
    clones.pass_on(one, district)
    assert frm(district) > 0
    clones.take(district, late)
    assert frm(district) > 0, "the same file once more says nothing"

    two.clock.now -= timedelta(days=300)  # type: ignore[attr-defined]
    clones.pass_on(two, district)
    assert frm(district) == 0, "its clock is of no matter: it may lack anything"
    clones.pass_on(district, two)
    become_new_device(two)
    clones.pass_on(two, district)
    clones.pass_on(district, two)
    clones.pass_on(two, district)
    assert frm(district) > 0
    clones.pass_on(district, one)
    assert digest(one) == digest(two) == digest(district, "62.10.02")
