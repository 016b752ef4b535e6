"""Evidence into and out of the vault against SHA-256 of the same file alone."""

from __future__ import annotations

import hashlib
import os
import platform
import random
import subprocess
import sys
from pathlib import Path

import pytest

from posko_app.data.vault import Vault
from posko_app.security.cipher import new_key
from tests.bench.ratio import Measured, added_memory, compare, note

SIZE = 64 << 20
ROOT = Path(__file__).parents[2]
NO_SHA_EXTENSIONS = ":~0x20000000"  # OpenSSL's switch: bit 29 of EBX in leaf 7 off


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file as big as half a minute of video."""
    path = tmp_path_factory.mktemp("bench") / "video.mp4"
    rng = random.Random(1)
    with path.open("wb") as file:
        for _ in range(SIZE >> 20):
            file.write(rng.randbytes(1 << 20))
    return path


def bare(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def take_in(video: Path, vault: Vault, name: str = "evidence intake, 64 MB") -> Measured:
    """Attach the file again and again; each copy is deleted before the next is made."""

    def clear() -> None:
        vault.drop(vault.sweep({}).orphans)

    def intake() -> None:
        vault.add(video, new_key(), known=lambda sha: None)

    return compare(name, intake, lambda: bare(video), goal=1.45, rounds=5, before=clear)


def test_taking_in_evidence(video: Path, tmp_path: Path) -> None:
    vault = Vault(tmp_path / "brankas")
    added_memory(
        "evidence intake, 64 MB",
        lambda: vault.add(video, new_key(), known=lambda sha: None),
        goal=24 << 20,
    )
    take_in(video, vault)


@pytest.mark.skipif(platform.machine() != "x86_64", reason="a switch for x86")
def test_taking_in_evidence_on_an_older_pc(video: Path, tmp_path: Path) -> None:
    """The same in a process that computes SHA-256 as a PC without SHA instructions does."""
    code = (
        "import sys; from pathlib import Path; from posko_app.data.vault import Vault;"
        "from tests.bench import ratio, test_bench_vault as bench;"
        "bench.take_in(Path(sys.argv[1]), Vault(Path(sys.argv[2])), sys.argv[3]);"
        "print(); print(ratio.REPORT[-1])"
    )
    name = "evidence intake, 64 MB, no SHA instructions"
    done = subprocess.run(
        [sys.executable, "-c", code, video, tmp_path / "brankas", name],
        env={**os.environ, "OPENSSL_ia32cap": NO_SHA_EXTENSIONS},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    note(done.stdout.splitlines()[-1])


def test_verifying_evidence(video: Path, tmp_path: Path) -> None:
    vault, key = Vault(tmp_path / "brankas"), new_key()
    sha256 = vault.add(video, key, known=lambda sha: None).sha256

    def verify() -> None:
        assert vault.verify(sha256, key) == ""

    added_memory("evidence verification, 64 MB", verify, goal=24 << 20)
    compare("evidence verification, 64 MB", verify, lambda: bare(video), goal=1.3)


def test_looking_into_the_middle(video: Path, tmp_path: Path) -> None:
    """The first bytes of a video's middle cost next to nothing, whatever its size."""
    vault, key = Vault(tmp_path / "brankas"), new_key()
    sha256 = vault.add(video, key, known=lambda sha: None).sha256

    def peek() -> None:
        with vault.open(sha256, key) as file:
            file.seek(SIZE // 2)
            file.read(4096)

    compare("a look into the middle of 64 MB", peek, lambda: bare(video), goal=0.01)
