"""Backups that are proven before they get their name, and restores that keep what was there."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from posko_app.app import Posko, open_office
from posko_app.cases.evidence import attach
from posko_app.cases.intake import file_report
from posko_app.cases.report import EvidenceInput
from posko_app.data.incarnation import TIED
from posko_app.data.swap import STAGING, order_swap
from posko_app.data.tables import AuditEntry, Case, Setting, VaultFile
from posko_app.errors import Cancelled, NotAllowed, UserError
from posko_app.exchange.digest import digest
from posko_app.office.backup import Backup, back_up
from posko_app.office.backup_file import DATABASE, INDEX, KEYS, VAULT
from posko_app.office.health import verify_storage
from posko_app.office.restore import Restored, look_into, restore
from posko_app.office.setup import create_office
from posko_app.paths import OfficeFolder
from tests.commands import Posko as Command
from tests.conftest import OFFICES, FixedClock
from tests.factory import PASSWORD, new_report

PHOTO = os.urandom(300_000)


def enter(folder: Path) -> Posko:
    return open_office(folder, "petugas", PASSWORD, clock=FixedClock())


def add_photo(posko: Posko, content: bytes = PHOTO, name: str = "foto.jpg") -> str:
    source = posko.folder.root.parent / name
    source.write_bytes(content)
    uid = file_report(posko, new_report()).uid
    attach(posko, uid, [EvidenceInput(path=source)])
    return uid


@pytest.fixture
def filled(posko: Posko) -> Posko:
    """A district office with a report and a photo of it."""
    add_photo(posko)
    return posko


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "flashdisk"
    folder.mkdir()
    return folder


def again(made: Backup, folder: Path, **more: bool) -> Restored:
    return restore(made.path, folder, "petugas", PASSWORD, clock=FixedClock(), **more)


def content(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, without locks."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.suffix != ".lock"
    }


def refused(code: str, act: Callable[[], object]) -> str:
    with pytest.raises(UserError) as caught:
        act()
    assert caught.value.code == code, caught.value.message
    assert caught.value.message.endswith(".")
    return caught.value.message


# -- the backup -----------------------------------------------------------------------------------


def test_a_backup_holds_everything_under_one_name(filled: Posko, out: Path) -> None:
    made = back_up(filled, out)
    with zipfile.ZipFile(made.path) as book:
        number, head = json.loads(book.read(INDEX))["audit_head"]
    assert made.path.name == f"Posko_62.10_2024-10-15_0900_{number}-{head[:8]}.cadangan"
    assert (made.files, made.copied, made.missing, made.problems) == (1, 1, (), ())
    assert made.size == made.path.stat().st_size
    with filled.store.read() as session:
        [(sha256, key)] = session.execute(select(VaultFile.sha256, VaultFile.key)).all()
        note = session.scalars(
            select(AuditEntry.body).where(AuditEntry.action == "backup.made")
        ).one()
    source = filled.vault.path(sha256, key)
    kept = out / VAULT / source.relative_to(filled.vault.folder)
    assert kept.read_bytes() == source.read_bytes()
    assert made.path.name in note
    names = {str(p.relative_to(out)) for p in out.rglob("*") if p.is_file()}
    assert names == {made.path.name, str(kept.relative_to(out))}
    with zipfile.ZipFile(made.path) as book:
        assert set(book.namelist()) == {INDEX, DATABASE, KEYS}
        index = json.loads(book.read(INDEX))
        assert b"Guru membagikan" not in book.read(DATABASE)
    assert (index["office"], index["practice"]) == ("62.10", True)
    assert look_into(made.path).accounts == ("petugas",)


def test_evidence_is_copied_once(filled: Posko, out: Path) -> None:
    back_up(filled, out)
    add_photo(filled, os.urandom(1000), "lain.jpg")
    second = back_up(filled, out)
    assert (second.files, second.copied) == (2, 1)
    third = back_up(filled, out)
    assert third.copied == 0
    assert len({second.path, third.path}) == 2


def test_a_cut_copy_of_evidence_is_made_anew(filled: Posko, out: Path) -> None:
    back_up(filled, out)
    [kept] = [p for p in (out / VAULT).rglob("*") if p.is_file()]
    whole = kept.read_bytes()
    kept.write_bytes(whole[:100])
    assert back_up(filled, out).copied == 1
    assert kept.read_bytes() == whole


def test_lost_evidence_is_named_and_no_reason_to_go_without_a_backup(
    filled: Posko, out: Path
) -> None:
    [stored] = [p for p in filled.vault.folder.rglob("*") if p.is_file()]
    whole = stored.read_bytes()
    for damage in (whole[:-1] + bytes([whole[-1] ^ 1]), None):
        stored.unlink()
        if damage is not None:
            stored.write_bytes(damage)
        made = back_up(filled, out)
        assert made.missing == (stored.relative_to(filled.vault.folder).as_posix(),)
        assert not [p for p in (out / VAULT).rglob("*") if p.is_file()]


def test_a_changed_audit_chain_is_named_and_copied(filled: Posko, out: Path) -> None:
    with filled.store.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER IF EXISTS audit_no_update")
        for [name] in connection.exec_driver_sql(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit'"
        ).fetchall():
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        connection.exec_driver_sql("UPDATE audit SET body = '{}' WHERE n = 1")
    made = back_up(filled, out)
    assert len(made.problems) == 1


def test_only_who_may_makes_one(filled: Posko, out: Path) -> None:
    filled.user = replace(filled.user, role="receiver")
    with pytest.raises(NotAllowed):
        back_up(filled, out)
    assert content(out) == {}


def test_folders_that_cannot_take_a_backup(filled: Posko, tmp_path: Path) -> None:
    refused("folder_missing", lambda: back_up(filled, tmp_path / "tidak ada"))
    refused("own_folder", lambda: back_up(filled, filled.folder.root))
    filled.folder.backups.mkdir()
    assert back_up(filled, filled.folder.backups).copied == 1


def test_stopping_leaves_nothing_unfinished(filled: Posko, out: Path) -> None:
    first = back_up(filled, out)
    add_photo(filled, os.urandom(1000), "lain.jpg")
    before = content(out)
    looks = count_looks(lambda progress: back_up(filled, out, progress))
    for last in range(looks - 1):
        target = out.parent / f"tujuan-{last}"
        shutil.copytree(out, target)
        shutil.rmtree(target / VAULT)
        shutil.copytree(out / VAULT, target / VAULT)
        for late in set(content(target)) - set(before):
            (target / late).unlink()

        def stop(done: int, total: int, text: str = "", left: list[int] = [last]) -> None:  # noqa: B006
            left[0] -= 1
            if left[0] < 0:
                raise Cancelled

        with pytest.raises(Cancelled):
            back_up(filled, target, stop)
        assert not list(target.rglob("*.part"))
        assert (target / first.path.name).read_bytes() == before[first.path.name]


def count_looks(work: Callable[[Callable[..., None]], object]) -> int:
    seen = []
    work(lambda done, total, text="": seen.append(done))
    return len(seen)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system of 40 MB; only where the tests may mount one."""
    folder = tmp_path / "diska"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=40m", "tmpfs", str(folder)]
    try:
        mounted = subprocess.run(command, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        mounted = False
    if not mounted:
        pytest.skip("a small file system can only be mounted by root on Linux")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_target_leaves_the_earlier_backup(filled: Posko, small_disk: Path) -> None:
    back_up(filled, small_disk)
    before = content(small_disk)
    add_photo(filled, os.urandom(24 << 20), "film.mp4")
    sentence = refused("disk_full", lambda: back_up(filled, small_disk))
    assert "cadangan sebelumnya tetap utuh" in sentence
    assert content(small_disk) == before
    assert verify_storage(filled) == ()


def test_a_full_disk_restores_nothing(filled: Posko, out: Path, small_disk: Path) -> None:
    add_photo(filled, os.urandom(24 << 20), "film.mp4")
    made = back_up(filled, out)
    folder = small_disk / "kantor"
    refused("disk_full", lambda: again(made, folder))
    assert not folder.exists()
    (small_disk / "isi").write_bytes(b"x" * (22 << 20))
    refused("disk_full", lambda: again(made, folder))
    assert not folder.exists()


# -- the restore ----------------------------------------------------------------------------------


def test_a_restored_office_is_the_same_on_a_new_device(
    filled: Posko, out: Path, tmp_path: Path
) -> None:
    made = back_up(filled, out)
    before, device = digest(filled, confidential=True), filled.office.device_id
    filled.close()
    done = again(made, tmp_path / "baru")
    assert (done.kept, done.missing, done.files) == (None, (), 1)
    assert done.device != device
    assert done.label == "PC-1b"
    assert "identitas baru PC-1b" in done.sentence
    office = enter(tmp_path / "baru")
    assert office.office.device_id == done.device
    assert office.news == (), "it is tied to its folder already"
    assert digest(office, confidential=True) == before
    assert verify_storage(office) == ()
    with office.store.read() as session:
        body = session.scalars(
            select(AuditEntry.body).where(AuditEntry.action == "office.restored")
        ).one()
    assert device in body
    assert made.path.name in body
    office.close()
    names = {p.name for p in (tmp_path / "baru").iterdir()}
    assert names == {"posko.db", "kunci.json", "brankas", "posko.lock"}


def test_a_living_office_is_kept(filled: Posko, out: Path) -> None:
    made = back_up(filled, out)
    file_report(filled, new_report(title="Setelah cadangan"))
    folder = filled.folder.root
    filled.close()
    database, keys = (folder / "posko.db").read_bytes(), (folder / "kunci.json").read_bytes()
    done = again(made, folder)
    assert done.kept is not None
    assert (done.kept / "posko.db").read_bytes() == database
    assert (done.kept / "kunci.json").read_bytes() == keys
    office = enter(folder)
    with office.store.read() as session:
        assert "Setelah cadangan" not in session.scalars(select(Case.title)).all()
    assert verify_storage(office) == ()
    office.close()
    for name in ("posko.db", "kunci.json"):
        shutil.copy(done.kept / name, folder / name)
    back = enter(folder)
    with back.store.read() as session:
        assert "Setelah cadangan" in session.scalars(select(Case.title)).all()
    back.close()


def test_the_newest_state_restored_is_a_new_device_all_the_same(filled: Posko, out: Path) -> None:
    made = back_up(filled, out)
    device, folder = filled.office.device_id, filled.folder.root
    filled.close()
    assert again(made, folder).device != device


def test_a_database_from_before_tokens_is_a_new_device_too(filled: Posko, out: Path) -> None:
    with filled.write() as session:
        session.delete(session.scalars(select(Setting).where(Setting.key == TIED)).one())
    made = back_up(filled, out)
    device, folder = filled.office.device_id, filled.folder.root
    filled.close()
    done = again(made, folder)
    office = enter(folder)
    assert office.office.device_id == done.device != device
    office.close()


def test_evidence_added_after_the_backup_stays(filled: Posko, out: Path) -> None:
    made = back_up(filled, out)
    add_photo(filled, os.urandom(2000), "kemudian.jpg")
    folder = filled.folder.root
    filled.close()
    stored = {p.name for p in (folder / "brankas").rglob("*") if p.is_file()}
    again(made, folder)
    assert {p.name for p in (folder / "brankas").rglob("*") if p.is_file()} == stored


def test_damaged_evidence_is_mended_from_the_backup(filled: Posko, out: Path) -> None:
    made = back_up(filled, out)
    folder = filled.folder.root
    [stored] = [p for p in filled.vault.folder.rglob("*") if p.is_file()]
    whole = stored.read_bytes()
    filled.close()
    stored.write_bytes(whole[:1000])
    again(made, folder)
    assert stored.read_bytes() == whole


def test_without_its_evidence_only_on_request(filled: Posko, out: Path, tmp_path: Path) -> None:
    made = back_up(filled, out)
    filled.close()
    alone = tmp_path / "sendirian"
    alone.mkdir()
    moved = replace(made, path=Path(shutil.copy(made.path, alone)))
    sentence = refused("evidence_missing", lambda: again(moved, tmp_path / "baru"))
    assert "Salin juga folder brankas" in sentence
    assert not (tmp_path / "baru").exists()
    done = again(moved, tmp_path / "baru", partial=True)
    assert len(done.missing) == 1
    enter(tmp_path / "baru").close()


def test_spoiled_evidence_in_the_backup_is_not_taken(
    filled: Posko, out: Path, tmp_path: Path
) -> None:
    made = back_up(filled, out)
    filled.close()
    [kept] = [p for p in (out / VAULT).rglob("*") if p.is_file()]
    whole = bytearray(kept.read_bytes())
    whole[len(whole) // 2] ^= 1
    kept.write_bytes(whole)
    refused("evidence_missing", lambda: again(made, tmp_path / "baru"))
    assert not (tmp_path / "baru").exists()


def test_the_kept_workbooks_are_counted(filled: Posko, out: Path) -> None:
    made = back_up(filled, out)
    folder = filled.folder.root
    filled.close()
    archive = OfficeFolder(folder).inbox_archive
    archive.mkdir(parents=True)
    (archive / "kiriman.xlsx").write_bytes(b"x")
    assert again(made, folder).inbox == 1
    assert (archive / "kiriman.xlsx").exists()


# -- what is refused ------------------------------------------------------------------------------


@pytest.fixture
def made(filled: Posko, out: Path) -> Backup:
    made = back_up(filled, out)
    filled.close()
    return made


def test_a_wrong_password_changes_nothing(made: Backup, posko: Posko, tmp_path: Path) -> None:
    before = content(posko.folder.root)
    for folder in (posko.folder.root, tmp_path / "baru"):
        refused("wrong_password", lambda f=folder: restore(made.path, f, "petugas", "bukan ini"))
    assert content(posko.folder.root) == before
    assert not (tmp_path / "baru").exists()


def test_every_flipped_bit_is_found(made: Backup, tmp_path: Path) -> None:
    whole = made.path.read_bytes()
    with zipfile.ZipFile(made.path) as book:
        where = {entry.filename: entry.header_offset + 200 for entry in book.infolist()}
    places = [*where.values(), where[DATABASE] + 50_000, len(whole) // 2]
    for place in places:
        spoiled = bytearray(whole)
        spoiled[place] ^= 4
        made.path.write_bytes(spoiled)
        with pytest.raises(UserError) as caught:
            again(made, tmp_path / "baru")
        assert caught.value.code in ("backup_damaged", "not_backup"), place
        assert not (tmp_path / "baru").exists()


def test_a_cut_file_is_found(made: Backup, tmp_path: Path) -> None:
    whole = made.path.read_bytes()
    for length in (0, 10, len(whole) // 2, len(whole) - 1):
        made.path.write_bytes(whole[:length])
        refused("backup_damaged", lambda: again(made, tmp_path / "baru"))


def test_files_that_are_no_backup(made: Backup, tmp_path: Path) -> None:
    target = tmp_path / "baru"
    refused("file_missing", lambda: restore(tmp_path / "tidak.cadangan", target, "petugas", "x"))
    refused("not_backup", lambda: restore(tmp_path, target, "petugas", "x"))
    with zipfile.ZipFile(tmp_path / "lain.zip", "w") as book:
        book.writestr("apa.txt", "x")
    refused("not_backup", lambda: restore(tmp_path / "lain.zip", target, "petugas", "x"))
    (tmp_path / "teks.cadangan").write_text("bukan zip", "utf-8")
    refused("backup_damaged", lambda: restore(tmp_path / "teks.cadangan", target, "petugas", "x"))


def with_index(made: Backup, target: Path, raw: str = "", **changes: object) -> Path:
    with zipfile.ZipFile(made.path) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == INDEX:
                data = (raw or json.dumps({**json.loads(data), **changes})).encode()
            new.writestr(name, data)
    return target


def test_a_newer_or_strange_index(made: Backup, tmp_path: Path) -> None:
    target = tmp_path / "baru"
    newer = with_index(made, tmp_path / "a.cadangan", version=2)
    refused("newer_backup", lambda: restore(newer, target, "petugas", PASSWORD))
    for number, changes in enumerate(
        ({"vault": 1}, {"audit_head": []}, {"apa": 1}, {"sums": {}}, {"missing": None})
    ):
        strange = with_index(made, tmp_path / f"{number}.cadangan", **changes)
        with pytest.raises(UserError) as caught:
            restore(strange, target, "petugas", PASSWORD)
        assert caught.value.code == "backup_damaged", changes
    nested = with_index(made, tmp_path / "dalam.cadangan", raw="[" * 200_000)
    refused("backup_damaged", lambda: restore(nested, target, "petugas", PASSWORD))
    assert not target.exists()


def test_another_office_is_not_replaced(made: Backup, tmp_path: Path) -> None:
    create_office(tmp_path / "provinsi", OFFICES["provinsi"], PASSWORD, clock=FixedClock())
    before = content(tmp_path / "provinsi")
    refused("other_office", lambda: again(made, tmp_path / "provinsi"))
    assert content(tmp_path / "provinsi") == before


def test_a_freshly_made_office_of_the_same_code_gives_way(made: Backup, tmp_path: Path) -> None:
    create_office(tmp_path / "k", OFFICES["kabupaten"], PASSWORD, clock=FixedClock())
    done = again(made, tmp_path / "k")
    assert done.kept is not None
    enter(tmp_path / "k").close()


def test_an_open_office_is_not_touched(made: Backup, office: Callable[..., Posko]) -> None:
    living = office("kabupaten")
    refused("office_open", lambda: again(made, living.folder.root))
    file_report(living, new_report())


def test_who_may_not_back_up_may_not_restore(filled: Posko, out: Path, tmp_path: Path) -> None:
    from posko_app.office.accounts import add_account

    add_account(filled, login="baca", name="Contoh Baca", role="auditor", password="kata lain")
    made = back_up(filled, out)
    filled.close()
    with pytest.raises(NotAllowed):
        restore(made.path, tmp_path / "baru", "baca", "kata lain", clock=FixedClock())
    assert not (tmp_path / "baru").exists()


# -- killed in the middle -------------------------------------------------------------------------

STEPS = ("open", "os.rename", "os.remove", "os.mkdir")


def killed_at(step: int, place: Path, act: Callable[[], object]) -> bool:
    """Do it in a process that is killed at that step in `place`; False when it ended before."""
    child = os.fork()
    if not child:
        left = [step]

        def watch(event: str, arguments: tuple[object, ...]) -> None:
            if event in STEPS and str(place) in str(arguments[0]):
                left[0] -= 1
                if left[0] < 0:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(watch)
        try:
            act()
            os._exit(0)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) in (0, -signal.SIGKILL)
    return os.WIFSIGNALED(status)


@pytest.mark.skipif(os.name == "nt", reason="no process can be forked there")
def test_a_killed_backup_leaves_the_earlier_one_and_the_next_clears_up(
    filled: Posko, out: Path
) -> None:
    folder = filled.folder.root
    first = back_up(filled, out)
    add_photo(filled, os.urandom(2000), "lain.jpg")
    filled.close()
    whole = first.path.read_bytes()

    def act() -> None:
        back_up(enter(folder), out)

    step = 0
    while killed_at(step, out, act):
        step += 1
    assert step > 10
    assert first.path.read_bytes() == whole
    for path in out.glob("*.cadangan"):
        look_into(path)
    office = enter(folder)
    made = back_up(office, out)
    assert not list(out.rglob("*.part"))
    office.close()
    assert again(made, folder).missing == ()


@pytest.mark.skipif(os.name == "nt", reason="no process can be forked there")
def test_a_killed_restore_leaves_the_old_office_or_the_new(filled: Posko, out: Path) -> None:
    made = back_up(filled, out)
    file_report(filled, new_report(title="Setelah cadangan"))
    folder = filled.folder.root
    filled.close()
    origin = shutil.copytree(folder, folder.parent / "asal")
    seen = set()
    step, ended = 0, False
    while not ended:
        shutil.rmtree(folder)
        shutil.copytree(origin, folder)
        ended = not killed_at(step, folder, lambda: again(made, folder))
        if OfficeFolder(folder).restore_order.exists():
            seen.add("ordered")
        office = enter(folder)
        with office.store.read() as session:
            later = "Setelah cadangan" in session.scalars(select(Case.title)).all()
        seen.add("old" if later else "new")
        assert ended <= (not later)
        assert verify_storage(office) == ()
        office.close()
        assert not list(folder.glob(f"{STAGING}*"))
        assert not OfficeFolder(folder).restore_order.exists()
        step += 1
    assert seen == {"old", "new", "ordered"}


def test_a_swap_broken_off_is_finished_before_anybody_asks_for_the_key_file(
    made: Backup,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The worst moment: the old files are aside, the new ones not yet there."""
    again(made, tmp_path / "baru")
    files = OfficeFolder(tmp_path / "baru")
    staging, kept = files.root / f"{STAGING}1", files.root / "sebelum"
    staging.mkdir()
    kept.mkdir()
    for name in ("posko.db", "kunci.json"):
        shutil.copy(files.root / name, staging / name)
        (files.root / name).rename(kept / name)
    order_swap(files, staging, kept)
    monkeypatch.setenv("POSKO_PASSWORD", PASSWORD)
    command = Command(capsys)
    assert command.json("list", "--data", files.root)
    assert not files.restore_order.exists()
    assert not staging.exists()
    assert {p.name for p in kept.iterdir()} == {"posko.db", "kunci.json"}
