"""The evidence vault on real files: intake, crashes, damage, full disks and lost media."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from posko_app.data.vault import Stored, Vault, name_of
from posko_app.errors import Cancelled, UserError
from posko_app.security.cipher import CHUNK, Damaged, encrypt_file, new_key

PLAIN = random.Random(5).randbytes(2 * CHUNK + 99)
SHA = hashlib.sha256(PLAIN).hexdigest()


class Rows(dict[str, bytes]):
    """The caller's rows: keys by SHA-256, inserted only after the file is safe."""

    def add(self, vault: Vault, source: Path | io.BytesIO) -> Stored:
        stored = vault.add(source, new_key(), known=self.get)
        if stored.key:
            self[stored.sha256] = stored.key
        return stored


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path / "brankas")


@pytest.fixture
def rows() -> Rows:
    return Rows()


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "foto.jpg"
    path.write_bytes(PLAIN)
    return path


def files(vault: Vault) -> dict[str, bytes]:
    """All files in the vault by name."""
    found = (p for p in vault.folder.rglob("*") if p.is_file())
    return {p.relative_to(vault.folder).as_posix(): p.read_bytes() for p in found}


def code_of(job: object) -> str:
    """The code of the UserError a job raises."""
    with pytest.raises(UserError) as caught:
        job()  # type: ignore[operator]
    assert caught.value.message.endswith(".")
    return caught.value.code


# --- in and out ---------------------------------------------------------------------------------


def test_evidence_comes_back_as_it_was_given(vault: Vault, rows: Rows, photo: Path) -> None:
    stored = rows.add(vault, photo)
    assert (stored.sha256, stored.size) == (SHA, len(PLAIN))
    assert list(files(vault)) == [stored.name]
    with vault.open(SHA, rows[SHA]) as file:
        file.seek(CHUNK)
        assert file.read(5) == PLAIN[CHUNK : CHUNK + 5]
        file.seek(0)
        assert b"".join(iter(lambda: file.read(70_000), b"")) == PLAIN
    assert vault.verify(SHA, rows[SHA]) == ""
    assert photo.read_bytes() == PLAIN


def test_nothing_readable_lies_in_the_vault(vault: Vault, rows: Rows, tmp_path: Path) -> None:
    note = tmp_path / "Laporan Ibu Contoh.txt"
    note.write_text("pelapor tinggal di hulu " * 5000, "utf-8")
    stored = rows.add(vault, note)
    ((name, sealed),) = files(vault).items()
    assert b"pelapor" not in sealed
    assert "Contoh" not in name
    assert len(stored.name) == 75


@pytest.mark.parametrize("size", [0, 1, CHUNK, 3 * CHUNK])
def test_any_stream_can_be_stored(vault: Vault, rows: Rows, size: int) -> None:
    plain = (PLAIN * 2)[:size]
    stored = rows.add(vault, io.BytesIO(plain))
    assert (stored.sha256, stored.size) == (hashlib.sha256(plain).hexdigest(), size)
    assert vault.verify(stored.sha256, rows[stored.sha256]) == ""


def test_the_same_content_is_kept_once(vault: Vault, rows: Rows, photo: Path) -> None:
    first = rows.add(vault, photo)
    before = files(vault)
    again = rows.add(vault, io.BytesIO(PLAIN))
    assert again == Stored(first.sha256, first.size, first.name, None)
    assert files(vault) == before


def test_two_at_once_do_not_spoil_each_other(vault: Vault, photo: Path) -> None:
    # Both looked before either had its row; only one row can win, and it must open its file.
    one = vault.add(photo, new_key(), known=lambda sha: None)
    two = vault.add(photo, new_key(), known=lambda sha: None)
    for stored in (one, two):
        assert stored.key
        assert vault.verify(SHA, stored.key) == ""
    assert len(files(vault)) == 2


def test_the_row_comes_after_the_file(vault: Vault, photo: Path) -> None:
    asked = []

    def known(sha256: str) -> None:
        asked.append(sha256)
        assert files(vault)  # the sealed bytes are on disk already

    vault.add(photo, new_key(), known=known)
    assert asked == [SHA]


def test_what_is_missing_is_said(vault: Vault, rows: Rows, photo: Path) -> None:
    assert code_of(lambda: vault.open(SHA, new_key())) == "evidence_missing"
    rows.add(vault, photo)
    vault.path(SHA, rows[SHA]).unlink()
    assert "tidak ada" in vault.verify(SHA, rows[SHA])


# --- damage -------------------------------------------------------------------------------------


def test_200_flips_and_cuts_are_found(vault: Vault, rows: Rows, photo: Path) -> None:
    rows.add(vault, photo)
    path = vault.path(SHA, rows[SHA])
    good, rng = path.read_bytes(), random.Random(11)
    for turn in range(200):
        bad = bytearray(good)
        if turn % 2:
            bad[rng.randrange(len(bad))] ^= 1 << rng.randrange(8)
        else:
            del bad[rng.randrange(len(bad)) :]
        path.write_bytes(bad)
        assert "rusak" in vault.verify(SHA, rows[SHA])
    path.write_bytes(good)
    assert vault.verify(SHA, rows[SHA]) == ""


def test_a_file_put_in_anothers_place_is_found(vault: Vault, rows: Rows, photo: Path) -> None:
    rows.add(vault, photo)
    other = rows.add(vault, io.BytesIO(b"lain"))
    vault.path(SHA, rows[SHA]).write_bytes(files(vault)[other.name])
    with pytest.raises(Damaged):
        vault.open(SHA, rows[SHA])
    # Even whole content under the right key is refused when it is not what the name says.
    with vault.path(SHA, rows[SHA]).open("wb") as target:
        encrypt_file(io.BytesIO(b"lain"), target, rows[SHA])
    assert "rusak" in vault.verify(SHA, rows[SHA])


@pytest.mark.parametrize("harm", ["lost", "cut", "flipped"])
def test_attaching_again_mends_a_bad_file(vault: Vault, rows: Rows, photo: Path, harm: str) -> None:
    rows.add(vault, photo)
    path = vault.path(SHA, rows[SHA])
    data = bytearray(path.read_bytes())
    if harm == "lost":
        path.unlink()
    else:
        data[1000] ^= 1
        path.write_bytes(data[: 500 if harm == "cut" else None])
    assert vault.verify(SHA, rows[SHA])
    again = rows.add(vault, photo)
    assert again.key is None
    assert vault.verify(SHA, rows[SHA]) == ""
    assert list(files(vault)) == [again.name]


# --- crashes ------------------------------------------------------------------------------------

CRASH = """
import os, sys
from pathlib import Path
from posko_app.data.vault import Vault
folder, photo, when = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
def known(sha256):
    if when == "before the rename":
        os._exit(9)
def progress(done, total, text=""):
    if when == "while writing":
        os._exit(9)
Vault(folder).add(photo, bytes(32), known=known, progress=progress)
os._exit(9)
"""


@pytest.mark.parametrize(
    ("when", "parts", "orphans"),
    [("while writing", 1, 0), ("before the rename", 1, 0), ("before the row", 0, 1)],
)
def test_a_crash_leaves_nothing_half(
    vault: Vault, rows: Rows, tmp_path: Path, when: str, parts: int, orphans: int
) -> None:
    video = tmp_path / "video.mp4"
    video.write_bytes(PLAIN * 12)
    done = subprocess.run([sys.executable, "-c", CRASH, vault.folder, video, when], check=False)
    assert done.returncode == 9
    swept = vault.sweep(rows)
    assert (swept.dropped, len(swept.orphans)) == (parts, orphans)
    assert (swept.finished, swept.missing) == ((), ())
    stored = rows.add(vault, video)  # and the work can simply be done again
    assert stored.key
    assert vault.verify(stored.sha256, stored.key) == ""


def test_a_part_whose_row_was_committed_is_finished(vault: Vault, rows: Rows, photo: Path) -> None:
    stored = rows.add(vault, photo)
    path = vault.path(SHA, rows[SHA])
    path.rename(vault.folder / "0123456789abcdef.part")  # the rename did not reach the disk
    (vault.folder / "ffff.part").write_bytes(b"sampah")
    swept = vault.sweep(rows)
    assert (swept.finished, swept.dropped, swept.missing) == ((stored.name,), 1, ())
    assert vault.verify(SHA, rows[SHA]) == ""
    assert list(files(vault)) == [stored.name]


def test_a_sweep_names_what_is_gone_and_keeps_what_no_row_knows(
    vault: Vault, rows: Rows, photo: Path
) -> None:
    assert vault.sweep({}).missing == ()  # no vault yet
    stored = rows.add(vault, photo)
    kept = rows.add(vault, io.BytesIO(b"tetap"))
    lost = "ab" * 32
    swept = vault.sweep({kept.sha256: rows[kept.sha256], lost: new_key()})
    assert swept.missing == (lost,)
    assert swept.orphans == (stored.name,)
    assert set(files(vault)) == {stored.name, kept.name}
    vault.drop([*swept.orphans, name_of(lost, b"")])
    assert set(files(vault)) == {kept.name}
    assert vault.sweep({kept.sha256: rows[kept.sha256]}).orphans == ()


# --- failures of disk and media -----------------------------------------------------------------


def test_cancelling_leaves_nothing(vault: Vault, tmp_path: Path) -> None:
    video = tmp_path / "video.mp4"
    video.write_bytes(PLAIN * 24)

    def progress(done: int, total: int, text: str = "") -> None:
        assert total == len(PLAIN) * 24
        raise Cancelled

    with pytest.raises(Cancelled):
        vault.add(video, new_key(), known=lambda sha: None, progress=progress)
    assert files(vault) == {}


class Failing(io.RawIOBase):
    """A stick that is pulled out after some bytes."""

    def __init__(self, good: int, number: int = errno.EIO) -> None:
        super().__init__()
        self.good, self.number = good, number

    def read(self, size: int = -1) -> bytes:
        if self.good <= 0:
            raise OSError(self.number, os.strerror(self.number))
        self.good -= size
        return bytes(size)


@pytest.mark.parametrize("good", [0, CHUNK, 20 * CHUNK])
@pytest.mark.parametrize("number", [errno.EIO, errno.ENOSPC])
def test_a_source_that_breaks_off_is_not_stored(vault: Vault, good: int, number: int) -> None:
    source = Failing(good, number)
    job = lambda: vault.add(source, new_key(), known=lambda sha: None)  # type: ignore[arg-type]  # noqa: E731
    assert code_of(job) == "source_unreadable"
    assert files(vault) == {}


def test_a_source_that_is_not_there(vault: Vault, rows: Rows, tmp_path: Path) -> None:
    assert code_of(lambda: rows.add(vault, tmp_path / "tidak ada.jpg")) == "source_unreadable"
    assert code_of(lambda: rows.add(vault, tmp_path)) == "source_unreadable"
    assert not vault.folder.exists()


def test_a_vault_that_cannot_be_written(tmp_path: Path, rows: Rows, photo: Path) -> None:
    blocked = tmp_path / "brankas"
    blocked.write_bytes(b"")  # stands where the folder should be
    assert code_of(lambda: rows.add(Vault(blocked), photo)) == "folder_not_writable"
    assert not rows


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_vault(vault: Vault, rows: Rows, photo: Path) -> None:
    vault.folder.mkdir()
    vault.folder.chmod(0o500)
    try:
        assert code_of(lambda: rows.add(vault, photo)) == "folder_not_writable"
        assert files(vault) == {}
    finally:
        vault.folder.chmod(0o700)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system of 24 MB; only where the tests may mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(folder)]
    try:
        mounted = subprocess.run(command, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        mounted = False
    if not mounted:
        pytest.skip("a small file system can only be mounted by root on Linux")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_leaves_nothing_and_names_the_free_space(
    small_disk: Path, rows: Rows, photo: Path, tmp_path: Path
) -> None:
    vault = Vault(small_disk / "brankas")
    stored = rows.add(vault, photo)
    video = tmp_path / "video.mp4"
    video.write_bytes(PLAIN * 80)
    with pytest.raises(UserError) as early:  # known beforehand: too big
        rows.add(vault, video)
    with pytest.raises(UserError) as late:  # found while writing: a stream of unknown length
        rows.add(vault, io.BytesIO(PLAIN * 240))
    for caught in (early, late):
        assert caught.value.code == "disk_full"
        assert "MB. Bukti belum disimpan" in caught.value.message
    assert list(files(vault)) == [stored.name]
    assert vault.verify(SHA, rows[SHA]) == ""
    assert rows.add(vault, io.BytesIO(b"kecil")).key


def test_a_limit_on_file_size_counts_as_a_full_disk(vault: Vault, tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    signal = __import__("signal")
    old = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, old[1]))
    try:
        big = io.BytesIO(bytes(4 << 20))
        job = lambda: vault.add(big, new_key(), known=lambda sha: None)  # noqa: E731
        assert code_of(job) == "disk_full"
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, old)
        signal.signal(signal.SIGXFSZ, handler)
    assert files(vault) == {}
