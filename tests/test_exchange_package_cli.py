"""`posko export --evidence`, `posko import` of parts, and `posko package list`."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from posko_app.app import Posko as Office
from tests.commands import Posko
from tests.factory import PASSWORD
from tests.parcels import contents_of, file_case


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Posko:
    monkeypatch.setenv("POSKO_PASSWORD", PASSWORD)
    return Posko(capsys)


@pytest.fixture
def pair(office: Callable[..., Office], tmp_path: Path) -> tuple[Path, Path, str]:
    """Folders of a subdistrict with evidence and of its district, both closed."""
    kec, kab = office("kecamatan"), office("kabupaten")
    rng = random.Random(1)
    case = file_case(kec, tmp_path / "asli", [rng.randbytes(n) for n in (10, 60_000, 9_000)])
    kec.close()
    kab.close()
    return kec.folder.root, kab.folder.root, case


@pytest.mark.parametrize("options", [(), ("--lock", "--part", "whatsapp")])
def test_workbook_and_parts_go_and_come(
    run: Posko, pair: tuple[Path, Path, str], tmp_path: Path,
    office: Callable[..., Office], options: tuple[str, ...],
) -> None:  # fmt: skip
    kec, kab, _ = pair
    out = tmp_path / "keluar"
    made = run.json("export", "--data", kec, "--to", "62.10", "--out", out, "--evidence", *options)
    package = made["package"]
    assert (package["evidence"], package["bytes"], len(package["files"])) == (3, 69_010, 1)
    (part,) = package["files"]
    assert part.endswith(".zip.age" if options else ".zip")

    looked = run.json("import", "--data", kab, part)
    assert looked["files"][0]["applied"] is False
    assert looked["files"][0]["package"]["files"] == 3
    assert run.json("package", "list", "--data", kab) == {"packages": []}

    taken = run.json("import", "--data", kab, "--apply", part, *made["files"])
    first, second = taken["files"]
    assert (first["package"]["whole"], first["package"]["waiting"]) == (3, 3)
    assert second["applied"] is True
    (state,) = run.json("package", "list", "--data", kab)["packages"]
    assert (state["evidence"], state["complete"], state["missing"]) == (3, 3, [])
    assert (state["waiting"], state["ask"]) == (0, "")
    assert "Semua 3 bukti lengkap" in run("package", "list", "--data", kab).out
    assert "tidak ada yang baru" in run("import", "--data", kab, "--apply", part).out
    here, there = office("kabupaten"), office("kecamatan")
    assert contents_of(here) == contents_of(there)


def test_a_refused_part_is_one_sentence(
    run: Posko, pair: tuple[Path, Path, str], tmp_path: Path
) -> None:
    _, kab, _ = pair
    bad = tmp_path / "rusak.zip"
    bad.write_bytes(b"PK\3\4 not really")
    said = run("import", "--data", kab, "--apply", bad, "--json")
    assert said.code == 1
    told: dict[str, Any] = said.data["files"][0]
    assert (told["verdict"], told["code"]) == ("refused", "damaged_zip")
    assert said.err.strip() == told["reason"]


def test_evidence_never_goes_to_the_public(
    run: Posko, pair: tuple[Path, Path, str], tmp_path: Path
) -> None:
    kec, _, _ = pair
    out = tmp_path / "keluar"
    run.refused(
        *("export", "--data", kec, "--to", "62.10", "--out", out),
        *("--evidence", "--profile", "publik"),
        code="no_public_evidence",
    )
    assert not out.exists()
    said = run("export", "--data", kec, "--to", "62.10", "--out", out, "--part", "surel")
    assert said.code == 2


def test_a_stranger_is_known_after_six_words(
    run: Posko, office: Callable[..., Office], tmp_path: Path
) -> None:
    kec, kab = office("kecamatan", stranger=True), office("kabupaten", stranger=True)
    file_case(kec, tmp_path / "asli", [b"satu"])
    kec.close()
    kab.close()
    out = tmp_path / "keluar"
    kec_root, kab_root = kec.folder.root, kab.folder.root
    made = run.json("export", "--data", kec_root, "--to", "62.10", "--out", out, "--evidence")
    (part,) = made["package"]["files"]
    said = run("import", "--data", kab_root, "--apply", part, "--json")
    told = said.data["files"][0]
    assert (said.code, told["code"]) == (1, "unknown_key")
    words = told["reason"].split("sidik jarinya: ")[1].split(".")[0]
    taken = run.json("import", "--data", kab_root, "--apply", part, "--trust", words)
    assert taken["files"][0]["package"]["whole"] == 1
