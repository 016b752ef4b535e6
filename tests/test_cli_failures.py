"""Bad input and bad places: one plain sentence, exit code 1, nothing changed, no traceback."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from posko_app.app import open_office
from posko_app.cases.intake import file_report
from posko_app.cli.answer import Answer
from posko_app.cli.failures import BUG, guarded
from posko_app.data import engines
from posko_app.errors import Cancelled
from posko_app.exchange.export import export
from posko_app.exchange.trust import confirm_key, look_at_key
from posko_app.paths import OfficeFolder
from posko_app.security.keys import unlock
from tests.commands import ROOT, Posko, own_process
from tests.conftest import FixedClock
from tests.factory import PASSWORD, new_report


@pytest.fixture
def data(prepared: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A district office with one report."""
    folder = tmp_path / "kantor"
    shutil.copytree(prepared("kabupaten"), folder)
    posko = open_office(folder, "petugas", PASSWORD, clock=FixedClock())
    file_report(posko, new_report())
    posko.close()
    monkeypatch.setenv("POSKO_PASSWORD", PASSWORD)
    monkeypatch.setenv("POSKO_USER", "petugas")
    return folder


@pytest.fixture
def workbook(office: Callable[..., object], tmp_path: Path) -> Path:
    """A workbook from a subdistrict for this district."""
    posko = office("kecamatan")
    file_report(posko, new_report())  # type: ignore[arg-type]
    return export(posko, "62.10", tmp_path).files[0]  # type: ignore[arg-type]


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Posko:
    return Posko(capsys)


def content(folder: Path) -> dict[str, bytes]:
    """What an office folder holds, but for the lock and the counter of wrong passwords."""
    changing = ("posko.lock", "kunci.", "posko.db-wal", "posko.db-shm")
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(changing)
    }


def number(command: Posko, data: Path) -> str:
    return str(command.json("list", "--data", data)["cases"][0]["number"])


def test_no_office(command: Posko, tmp_path: Path, data: Path) -> None:
    for place in (tmp_path / "kosong", Path(__file__)):
        for name in ("list", "due", "verify"):
            command.refused(name, "--data", place, code="no_office")
    assert not (tmp_path / "kosong").exists()


def test_wrong_password_and_unknown_account(
    command: Posko, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = content(data)
    monkeypatch.setenv("POSKO_PASSWORD", "bukan sandinya ini")
    command.refused("list", "--data", data)
    monkeypatch.setenv("POSKO_PASSWORD", PASSWORD)
    command.refused("list", "--data", data, "--user", "siapa")
    monkeypatch.delenv("POSKO_PASSWORD")
    command.refused("list", "--data", data, code="no_password")
    assert content(data) == before


def test_an_office_stands_only_once_in_a_folder(command: Posko, data: Path, tmp_path: Path) -> None:
    before = content(data)
    setup = ("setup", "--level", "kabupaten", "--name", "Contoh", "--admin", "rina")
    command.refused(*setup, "--region", "62.10", "--data", data, code="office_exists")
    command.refused(*setup, "--region", "99.99", "--data", tmp_path / "b", code="invalid_input")
    command.refused(*setup, "--region", "62.10.02", "--data", tmp_path / "b", code="invalid_input")
    command.refused(
        *setup, "--region", "62.10", "--regulation", "x", "--data", tmp_path / "b",
        code="unknown_regulation",
    )  # fmt: skip
    assert content(data) == before
    assert not (tmp_path / "b").exists()


def test_a_short_password_makes_no_office(
    command: Posko, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POSKO_PASSWORD", "pendek")
    setup = (
        "setup",
        "--level",
        "provinsi",
        "--region",
        "62",
        "--name",
        "Contoh",
        "--admin",
        "rina",
    )
    command.refused(*setup, "--data", tmp_path / "b", code="invalid_input")
    assert not (tmp_path / "b").exists()


def test_open_elsewhere(command: Posko, data: Path) -> None:
    posko = open_office(data, "petugas", PASSWORD)
    try:
        assert "sudah terbuka" in command.refused("list", "--data", data, code="office_open")
    finally:
        posko.close()


def test_newer_database(command: Posko, data: Path) -> None:
    files = OfficeFolder(data)
    keys = unlock(files.keyfile, "petugas", PASSWORD, datetime.now(UTC))
    engine = engines.make(files.database, keys.database)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999_later'")
    engines.checkpoint(engine)
    engine.dispose()
    before = content(data)
    assert "lebih baru" in command.refused("list", "--data", data, code="newer_database")
    assert content(data) == before


@pytest.mark.parametrize("damage", [b"", b"bukan basis data" * 300])
def test_foreign_database(command: Posko, data: Path, damage: bytes) -> None:
    (data / "posko.db").write_bytes(damage)
    command.refused("list", "--data", data, code="not_posko_data" if damage else "damaged")
    assert (data / "posko.db").read_bytes() == damage


def test_damaged_key_file(command: Posko, data: Path) -> None:
    (data / "kunci.json").write_text("{}", "utf-8")
    command.refused("list", "--data", data)


def test_missing_and_foreign_workbooks(command: Posko, data: Path, tmp_path: Path) -> None:
    before = command.json("list", "--data", data)
    foreign = tmp_path / "foto.xlsx"
    foreign.write_bytes(b"\x89PNG bukan buku kerja")
    for path in (tmp_path / "hilang.xlsx", tmp_path, foreign):
        command.refused("intake", path, "--data", data)
        for mode in ((), ("--apply",)):
            said = command("import", path, "--data", data, "--json", *mode)
            assert said.code == 1, said.out
            [found] = said.data["files"]
            assert (found["verdict"], found["applied"]) == ("refused", False)
            assert said.err == f"{found['reason']}\n"
    assert command.json("list", "--data", data) == before


def test_truncated_workbook(command: Posko, data: Path, workbook: Path) -> None:
    before = command.json("list", "--data", data)
    cut = workbook.with_name("potong.xlsx")
    for part in (0.1, 0.5, 0.97):
        whole = workbook.read_bytes()
        cut.write_bytes(whole[: int(len(whole) * part)])
        said = command(
            "import", cut, workbook.with_name("tidak ada.xlsx"), "--data", data, "--json"
        )
        assert said.code == 1
        assert [f["verdict"] for f in said.data["files"]] == ["refused", "refused"]
        assert said.err == "2 dari 2 berkas tidak diterapkan.\n"
    assert command.json("list", "--data", data) == before


def test_a_workbook_for_a_real_office_is_not_taken_by_another(
    command: Posko, data: Path, tmp_path: Path
) -> None:
    command.refused("export", "--to", "99", "--out", tmp_path / "k", "--data", data)
    command.refused(
        "export", "--to", "62", "--out", tmp_path / "k", "--evidence", "--profile", "publik",
        "--data", data, code="no_public_evidence",
    )  # fmt: skip
    command.refused("export", "--to", "62", "--out", __file__, "--data", data)


def test_places_that_cannot_be_written(command: Posko, data: Path, tmp_path: Path) -> None:
    case = number(command, data)
    nowhere = tmp_path / "tidak" / "ada"
    period = ("--from", "2024-10-01", "--to", "2024-10-31", "--data", data)
    command.refused("template", "--out", nowhere / "x.xlsx")
    command.refused("recap", *period, "--out", nowhere / "x.xlsx", code="folder_missing")
    command.refused("recap", *period, "--out", tmp_path / "x.pdf", code="recap_format")
    command.refused("recap", *period, "--out", tmp_path, code="folder_missing")
    backwards = ("--from", "2024-10-31", "--to", "2024-10-01", "--data", data)
    command.refused("recap", *backwards, "--out", tmp_path / "x.xlsx")
    letter = ("letter", case, "tanda-bukti", "--data", data, "--issue")
    command.refused(*letter, "--out", nowhere / "x.pdf", code="folder_missing")
    command.refused("letter", case, "nihil", "--data", data, "--out", tmp_path / "x.pdf")
    command.refused(
        "letter", case, "tanda-bukti", "--data", data, "--out", tmp_path / "x.pdf", "--again",
        code="letter_not_issued",
    )  # fmt: skip
    command.refused(
        "letter", case, "imbauan", "--data", data, "--out", tmp_path / "x.pdf", "--issue",
        "--set", "apa=saja", code="invalid_input",
    )  # fmt: skip
    assert command.json("show", case, "--data", data)["letters"] == []
    assert not (tmp_path / "x.pdf").exists()
    assert not (tmp_path / "x.xlsx").exists()


def test_a_letter_that_is_not_issued_leaves_the_file_that_stood_there(
    command: Posko, data: Path, tmp_path: Path
) -> None:
    out = tmp_path / "surat.pdf"
    out.write_bytes(b"surat lama")
    command.refused(
        "letter", "999/TIDAK/ADA", "imbauan", "--data", data, "--out", out, "--issue",
        code="no_case",
    )  # fmt: skip
    assert out.read_bytes() == b"surat lama"
    assert sorted(tmp_path.glob("surat*")) == [out]


def test_an_export_that_fails_leaves_no_folder(command: Posko, data: Path, tmp_path: Path) -> None:
    out = tmp_path / "baru" / "kiriman"
    to = ("--data", data, "--out", out)
    command.refused("export", "--to", "99.99", *to, code="unknown_office")
    public = ("export", "--to", "62", "--profile", "publik", "--lock")
    command.refused(*public, *to, code="public_is_open")
    assert not out.parent.exists()
    assert command.json("export", "--to", "62", *to)["seq"] == 1
    command.refused("export", "--to", "99.99", *to)
    assert len(list(out.iterdir())) == 1


@pytest.fixture
def read_only(data: Path) -> Iterator[Path]:
    """The office folder where nothing may be written."""
    if os.geteuid() == 0:
        done = subprocess.run(["mount", "--bind", data, data], capture_output=True, check=False)
        if done.returncode:
            pytest.skip("root writes everywhere, and this machine lets nobody mount")
        subprocess.run(["mount", "-o", "remount,bind,ro", data], check=True)
        yield data
        subprocess.run(["umount", "-l", data], check=True)
        return
    data.chmod(0o555)
    yield data
    data.chmod(0o755)


def test_read_only_folder(command: Posko, read_only: Path, tmp_path: Path) -> None:
    command.refused("list", "--data", read_only, code="folder_not_writable")
    out = read_only / "kiriman.xlsx"
    command.refused("template", "--out", out)
    command.refused("demo", "--cases", 1, "--out", read_only / "latihan")
    assert not out.exists()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of a few megabytes."""
    place = tmp_path / "diska"
    place.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", place], capture_output=True, check=False
    )
    if done.returncode:
        pytest.skip("this machine lets nobody mount a small disk")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


def fill_up(path: Path) -> None:
    """Write until the disk is full."""
    with path.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(b"x" * 4096)


def test_full_disk(command: Posko, data: Path, small_disk: Path, tmp_path: Path) -> None:
    folder = small_disk / "kantor"
    shutil.copytree(data, folder)
    case = number(command, folder)
    before = command.json("show", case, "--data", folder)
    film = tmp_path / "film.mp4"
    film.write_bytes(os.urandom(4_000_000))
    command.refused("attach", case, film, "--data", folder, code="disk_full")
    assert command.json("show", case, "--data", folder) == before
    filler = small_disk / "isi"
    fill_up(filler)
    command.refused("step", case, "note", "--on", "2024-10-15", "--note", "x", "--data", folder)
    period = ("--from", "2024-10-01", "--to", "2024-10-31", "--data", folder)
    command.refused("recap", *period, "--out", small_disk / "rekap.xlsx")
    command.refused("template", "--out", small_disk / "isian.xlsx")
    filler.unlink()
    assert command.json("show", case, "--data", folder) == before
    assert command.json("verify", "--data", folder)["ok"]
    assert sorted(p.name for p in small_disk.iterdir()) == ["kantor"]


def test_a_file_larger_than_the_system_allows(data: Path, command: Posko, tmp_path: Path) -> None:
    resource = pytest.importorskip("resource", reason="only POSIX limits the size of files")
    case = number(command, data)
    before = command.json("show", case, "--data", data)
    film = tmp_path / "film.mp4"
    film.write_bytes(os.urandom(4_000_000))
    done = own_process(
        ["attach", case, film, "--data", data],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1_500_000, 1_500_000)),
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("Ruang di disk")
    assert done.stderr.count("\n") == 1
    assert command.json("show", case, "--data", data) == before


def test_a_bug_is_one_sentence_and_a_log_without_values(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def work() -> Answer:
        raise ZeroDivisionError("Siti Contoh, NIK 6210025207880001")

    assert guarded(work, as_json=True, log_folder=lambda: tmp_path) == BUG
    said = capsys.readouterr()
    assert "PSK-901" in said.out
    assert said.err.count("\n") == 1
    log = (tmp_path / "galat.log").read_text("utf-8")
    assert "ZeroDivisionError" in log
    assert "test_cli_failures.py" in log
    for text in (log, said.out, said.err):
        assert "Siti" not in text
        assert "6210" not in text


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
@pytest.mark.parametrize("more", [(), ("--json",)])
def test_an_answer_that_cannot_be_written_does_not_deny_what_was_done(
    data: Path, tmp_path: Path, more: tuple[str, ...]
) -> None:
    def told(*argv: object) -> str:
        words = [sys.executable, "-m", "posko_app", *map(str, argv), "--data", str(data), *more]
        with Path("/dev/full").open("w") as full:
            done = subprocess.run(
                words, cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True, check=False
            )
        assert done.returncode == 1
        assert "Traceback" not in done.stderr
        assert "Exception" not in done.stderr
        return done.stderr

    sentence = told("export", "--to", "62", "--out", tmp_path / "kiriman")
    assert sentence.startswith("Perintah ini sudah selesai, tetapi hasilnya tidak dapat ditulis.")
    assert len(list((tmp_path / "kiriman").iterdir())) == 1
    told("show", "999/TIDAK/ADA")  # its failure does not fit either, if it is told there


def test_files_taken_in_before_one_that_fails_are_named(
    command: Posko, data: Path, workbook: Path
) -> None:
    district = open_office(data, "petugas", PASSWORD, clock=FixedClock())
    card = look_at_key(district, workbook)
    confirm_key(district, card, " ".join(card.words))
    district.close()
    # so long a name does not leave room for that of its kept copy
    other = workbook.with_name("x" * 240 + ".xlsx")
    other.write_bytes(workbook.read_bytes())
    sentence = command.refused(
        "import", workbook, other, "--apply", "--data", data, code="cannot_keep"
    )
    assert f"Sudah diterapkan sebelumnya: {workbook.name}." in sentence
    assert len(command.json("list", "--data", data)["cases"]) == 2


@pytest.mark.parametrize("stop", [Cancelled(), KeyboardInterrupt()])
def test_stopping_is_no_bug(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, stop: BaseException
) -> None:
    def work() -> Answer:
        raise stop

    assert guarded(work, as_json=False, log_folder=lambda: tmp_path) == 1
    assert capsys.readouterr().err == "Dihentikan. Tidak ada yang diubah.\n"
