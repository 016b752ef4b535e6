"""One device id per installation: copies, restored databases and moved folders are noticed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import func, select

from posko_app.app import Posko, open_office
from posko_app.cases.intake import file_report
from posko_app.data import versions
from posko_app.data.tables import AuditEntry, Case, Office, Peer
from posko_app.exchange.apply import import_file
from posko_app.exchange.digest import digest
from posko_app.exchange.export import export
from posko_app.exchange.twins import remember_fork
from posko_app.office.health import verify_storage
from posko_app.office.incarnation import become_new_device, own_twin
from posko_app.office.setup import create_office
from posko_app.paths import default_state
from posko_app.security import instance
from posko_app.security.instance import Token
from tests.commands import ROOT, own_process
from tests.conftest import OFFICES, FixedClock
from tests.factory import PASSWORD, new_report
from tests.introduced import introduce


def enter(folder: Path, place: Path | None = None) -> Posko:
    return open_office(folder, "petugas", PASSWORD, clock=FixedClock(), place=place)


def numbers(posko: Posko) -> tuple[str, int, int]:
    with posko.store.read() as session:
        office = session.scalars(select(Office)).one()
        return office.device_id, office.counter, office.lsn


def renewals(posko: Posko) -> list[str]:
    with posko.store.read() as session:
        rows = select(AuditEntry.body).where(AuditEntry.action == "device.renewed")
        return list(session.scalars(rows))


@pytest.fixture
def folder(prepared: Callable[[str], Path], tmp_path: Path) -> Path:
    """A district office that was opened here before, with one report."""
    target = tmp_path / "kantor"
    shutil.copytree(prepared("kabupaten"), target)
    posko = enter(target)
    file_report(posko, new_report())
    posko.close()
    return target


def token_of(folder: Path) -> Path:
    """The token of a folder, found by what it says."""
    places = default_state().iterdir()
    [path] = [p for p in places if str(folder) in p.read_text("utf-8", "replace")]
    return path


# -- what is noticed ------------------------------------------------------------------------------


def test_the_same_folder_stays_the_same_device(folder: Path) -> None:
    first = enter(folder)
    device = first.office.device_id
    file_report(first, new_report())
    first.close()
    for _ in range(2):
        again = enter(folder)
        assert (again.office.device_id, again.news, renewals(again)) == (device, (), [])
        again.close()


def test_a_copied_folder_becomes_a_new_device_and_the_original_stays(
    folder: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "salinan"
    shutil.copytree(folder, copy)
    original = enter(folder)
    old = numbers(original)
    with original.store.read() as session:
        key = session.scalars(select(Office.device_public)).one()
    copied = enter(copy)
    assert copied.office.device_id != old[0]
    assert copied.office.device_label == "PC-1b"
    with copied.store.read() as session:
        assert session.scalars(select(Office.device_public)).one() != key
    assert numbers(copied)[1:] == old[1:], "the counter never goes back"
    [sentence] = copied.news
    assert "PC-1b" in sentence
    assert "disalin atau dipindahkan" in sentence
    [noted] = renewals(copied)
    assert old[0] in noted
    assert '"why":"copied"' in noted
    assert numbers(original) == old
    assert verify_storage(copied) == ()
    device = copied.office.device_id
    copied.close()
    original.close()
    for place, expected in ((copy, device), (folder, old[0])):
        again = enter(place)
        assert (again.office.device_id, again.news) == (expected, ())
        again.close()


def test_a_copy_of_a_copy_is_a_third_device(folder: Path, tmp_path: Path) -> None:
    seen = set()
    for number in range(3):
        posko = enter(folder)
        seen.add(posko.office.device_id)
        label = posko.office.device_label
        posko.close()
        folder = shutil.copytree(folder, tmp_path / f"salinan-{number}")
    assert len(seen) == 3
    assert label == "PC-1c"


def test_another_computer_is_another_device(folder: Path, tmp_path: Path) -> None:
    """The folder travels; what this computer remembers does not."""
    posko = enter(folder, tmp_path / "komputer lain")
    assert renewals(posko)
    assert "disalin" in posko.news[0]
    posko.close()


def test_the_machine_counts_even_when_its_tokens_came_along(folder: Path) -> None:
    path = token_of(folder)
    token = instance.read_token(path)
    assert token is not None
    if not token.machine:
        pytest.skip("this system has no machine id")
    assert instance.write_token(path, Token(**{**vars(token), "machine": "mesin lain"}))
    posko = enter(folder)
    assert renewals(posko)
    posko.close()


def test_a_database_put_back_is_noticed(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "cadangan")
    posko = enter(folder)
    old = numbers(posko)[0]
    file_report(posko, new_report(title="Setelah cadangan"))
    posko.close()
    shutil.copy(tmp_path / "cadangan" / "posko.db", folder / "posko.db")
    again = enter(folder)
    assert again.office.device_id != old
    assert '"why":"restored"' in renewals(again)[0]
    assert "dikembalikan dari salinan lama" in again.news[0]
    again.close()


def test_a_database_that_only_heard_others_is_noticed_too(
    folder: Path, office: Callable[..., Posko], tmp_path: Path
) -> None:
    """It wrote nothing itself, but it confirmed what it then forgot."""
    kecamatan = office("kecamatan")
    file_report(kecamatan, new_report())
    [path] = export(kecamatan, "62.10", tmp_path).files
    kept = (folder / "posko.db").read_bytes()
    posko = enter(folder)
    introduce(kecamatan, posko)
    before = numbers(posko)
    assert import_file(posko, path, apply=True).applied
    assert numbers(posko)[1] == before[1]
    posko.close()
    (folder / "posko.db").write_bytes(kept)
    again = enter(folder)
    assert '"why":"restored"' in renewals(again)[0]
    again.close()


def test_what_was_written_before_a_kill_is_remembered(folder: Path) -> None:
    """The token moves on with every save, not only at the end."""
    kept = (folder / "posko.db").read_bytes()
    code = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from posko_app.app import open_office\n"
        "from posko_app.cases.intake import file_report\n"
        "from tests.factory import PASSWORD, new_report\n"
        "posko = open_office(Path(sys.argv[1]), 'petugas', PASSWORD)\n"
        "file_report(posko, new_report())\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(folder)], cwd=ROOT, check=False)
    assert done.returncode == -signal.SIGKILL
    for end in ("-wal", "-shm"):
        (folder / f"posko.db{end}").unlink(missing_ok=True)
    (folder / "posko.db").write_bytes(kept)
    posko = enter(folder)
    assert '"why":"restored"' in renewals(posko)[0]
    posko.close()


def test_an_older_office_is_tied_without_an_alarm(
    prepared: Callable[[str], Path], tmp_path: Path
) -> None:
    """Offices of an earlier program have no token; nobody copied them."""
    target = shutil.copytree(prepared("kabupaten"), tmp_path / "lama")
    first = enter(target)
    assert (first.news, renewals(first)) == ((), [])
    first.close()
    copy = shutil.copytree(target, tmp_path / "salinan")
    second = enter(copy)
    assert renewals(second)
    second.close()


def test_a_new_office_is_tied_before_anybody_opened_it(tmp_path: Path) -> None:
    create_office(tmp_path / "a", OFFICES["kecamatan"], PASSWORD, clock=FixedClock())
    copy = shutil.copytree(tmp_path / "a", tmp_path / "b")
    original, copied = enter(tmp_path / "a"), enter(copy)
    assert (original.news, len(copied.news)) == ((), 1)
    assert original.office.device_id != copied.office.device_id
    original.close()
    copied.close()


@pytest.mark.skipif(os.name == "nt", reason="files stand for folders that cannot be made")
def test_a_place_that_cannot_be_written_disturbs_nobody(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "berkas").write_text("bukan folder", "utf-8")
    place = tmp_path / "berkas" / "di dalamnya"
    first = enter(folder, place)
    device = first.office.device_id
    file_report(first, new_report())
    first.close()
    again = enter(folder, place)
    assert (again.office.device_id, again.news) == (device, ())
    again.close()


@pytest.mark.parametrize("damage", [b"", b"{}", b"[]", b"\xff\xfe", b'{"sum": 1}'])
def test_a_damaged_token_counts_as_none(folder: Path, damage: bytes) -> None:
    path = token_of(folder)
    path.write_bytes(damage)
    posko = enter(folder)
    assert '"why":"copied"' in renewals(posko)[0]
    posko.close()


def test_a_token_says_no_secret_and_keeps_its_length(folder: Path) -> None:
    path = token_of(folder)
    posko = enter(folder)
    for _ in range(3):
        file_report(posko, new_report())
        assert path.stat().st_size == instance.LENGTH
        token = instance.read_token(path)
        assert token is not None
        assert (token.n, token.lsn) == numbers(posko)[1:]
    assert posko.keys.database.hex() not in path.read_text("utf-8")
    posko.close()


def test_progress_never_goes_back(tmp_path: Path) -> None:
    token = Token(device="AAAA1111", machine="m", folder="f", n=5, lsn=9)
    path = tmp_path / "token.json"
    assert instance.write_token(path, token)
    instance.note_progress(path, token, 3, 12)
    read = instance.read_token(path)
    assert read is not None
    assert (read.n, read.lsn) == (5, 12)


@pytest.mark.parametrize(
    ("before", "after"),
    [("", "PC-1b"), ("PC-1", "PC-1b"), ("PC-1b", "PC-1c"), ("PC-2", "PC-2b"), ("PC-1z", "PC-1zb")],
)
def test_labels_count_on(before: str, after: str) -> None:
    assert instance.next_label(before) == after


# -- what follows ---------------------------------------------------------------------------------


def test_a_new_device_starts_its_channels_anew_and_offices_come_together(
    office: Callable[..., Posko], tmp_path: Path
) -> None:
    below, above = office("kecamatan"), office("kabupaten")
    uid = file_report(below, new_report()).uid
    folder = tmp_path / "kiriman"
    folder.mkdir()

    def pass_on(sender: Posko, receiver: Posko) -> int:
        made = export(sender, receiver.office.code, folder)
        for path in made.files:
            found = import_file(receiver, path, apply=True)
            assert (found.verdict, found.rejected) == ("accepted", ())
        return made.rows

    for _ in range(2):
        pass_on(below, above)
        pass_on(above, below)
    below.close()
    kept = shutil.copytree(tmp_path / "kecamatan", tmp_path / "cadangan")
    below = office("kecamatan")
    with below.write() as session:
        session.scalars(select(Case).where(Case.uid == uid)).one().title = "Setelah cadangan"
    pass_on(below, above)
    below.close()
    for name in ("posko.db", "kunci.json"):
        shutil.copy(kept / name, tmp_path / "kecamatan" / name)

    below = office("kecamatan")
    assert renewals(below)
    with below.store.read() as session:
        assert session.scalars(select(Peer.acked_lsn + Peer.received_lsn)).all() == [0]
        everything = session.scalar(select(func.count()).select_from(Case))
    with below.write() as session:  # the same numbers as the lost ones, under another name
        session.scalars(select(Case).where(Case.uid == uid)).one().article = "Pasal 7"
    assert everything
    assert pass_on(below, above) > everything
    pass_on(above, below)
    with above.store.read() as session:
        [record] = versions.load_records(session, [uid])
    shown = {name: {s.value for s in record.fields[name]} for name in ("title", "article")}
    assert shown == {"title": {"Setelah cadangan"}, "article": {"Pasal 7"}}
    assert digest(below) == digest(above, "62.10.02")


def test_somebody_may_ask_for_it(posko: Posko) -> None:
    old = posko.office.device_id
    with posko.write() as session:
        remember_fork(session, old, "dua kiriman berbeda sama-sama bernomor 3", posko.now())
    assert "bernomor 3" in own_twin(posko)
    sentence = become_new_device(posko)
    assert "PC-1b" in sentence
    assert posko.office.device_id != old
    assert own_twin(posko) == ""
    assert '"why":"asked"' in renewals(posko)[0]
    file_report(posko, new_report())
    folder = posko.folder.root
    device = posko.office.device_id
    posko.close()
    again = enter(folder)
    assert (again.office.device_id, again.news) == (device, ())
    again.close()


# -- the command line -----------------------------------------------------------------------------


def test_a_command_says_it_once(folder: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(folder, tmp_path / "salinan")
    env = {**os.environ, "POSKO_PASSWORD": PASSWORD, "POSKO_USER": "petugas"}
    said = [own_process_with(env, "list", "--data", copy, "--json") for _ in range(2)]
    assert [done.returncode for done in said] == [0, 0]
    assert "identitas baru PC-1b" in said[0].stderr
    assert said[1].stderr == ""


def own_process_with(env: dict[str, str], *argv: object) -> subprocess.CompletedProcess[str]:
    before = dict(os.environ)
    os.environ.update(env)
    try:
        return own_process(argv)
    finally:
        os.environ.clear()
        os.environ.update(before)
