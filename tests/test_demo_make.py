"""The practice offices: whole, believable, the same for a seed, and never in another's folder."""

from __future__ import annotations

import shutil
import zlib
from collections import Counter
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from posko_app.app import open_office
from posko_app.cases.board import board_problems
from posko_app.cases.dashboard import dashboard
from posko_app.cases.prevention import activities
from posko_app.cases.queries import CaseFilter, due_items, list_cases, view_counts
from posko_app.cli.demo import KINDS
from posko_app.data.lock import OfficeLock
from posko_app.demo.clock import LAST_MOMENT, PRACTICE_ON
from posko_app.demo.make import FOLDERS, make_demo
from posko_app.demo.pictures import make_file
from posko_app.demo.result import MARK, DemoResult
from posko_app.errors import Cancelled, UserError
from posko_app.office.health import verify_storage
from posko_app.paths import OfficeFolder
from tests.commands import Posko

LOGIN = ("rina", "latihan-posko")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> DemoResult:
    """Twelve cases."""
    return make_demo(tmp_path_factory.mktemp("latihan") / "kecil", 12, seed=3)


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> DemoResult:
    """The sixty that go the whole way, and some more in bulk."""
    return make_demo(tmp_path_factory.mktemp("latihan") / "biasa", 70, seed=1)


def folder(made: DemoResult, level: str) -> Path:
    return next(o.data for o in made.offices if o.level == level)


@pytest.mark.parametrize("level", FOLDERS)
def test_every_office_is_whole(small: DemoResult, usual: DemoResult, level: str) -> None:
    for made in (small, usual):
        posko = open_office(folder(made, level), *LOGIN)
        try:
            assert verify_storage(posko) == ()
            with posko.store.read() as session:
                assert board_problems(posko, session) == []
            assert posko.office.practice
            assert posko.today() == PRACTICE_ON
        finally:
            posko.close()


def test_all_cases_reach_the_province(small: DemoResult, usual: DemoResult) -> None:
    for made in (small, usual):
        numbers = {}
        for level in FOLDERS:
            posko = open_office(folder(made, level), *LOGIN)
            rows = list_cases(posko, CaseFilter(view="all"), limit=1000)
            numbers[level] = {row.uid for row in rows}
            posko.close()
        assert len(numbers["kabupaten"]) == len(numbers["provinsi"]) == made.cases
        assert numbers["kecamatan"] < numbers["kabupaten"] == numbers["provinsi"]


def test_the_district_has_something_to_do_today(usual: DemoResult) -> None:
    posko = open_office(folder(usual, "kabupaten"), *LOGIN)
    try:
        days = Counter(item.case.safe_on for item in due_items(posko))
        tomorrow = PRACTICE_ON + timedelta(1)
        assert sum(count for day, count in days.items() if day and day < PRACTICE_ON) >= 3
        assert days[PRACTICE_ON] >= 3
        assert days[tomorrow] >= 3
        late = [i for i in due_items(posko) if i.due.due_on < PRACTICE_ON]
        assert 1 <= len(late) <= 3
        stages = Counter(row.stage for row in list_cases(posko, CaseFilter(view="all"), limit=999))
        assert set(stages) >= {
            "initial_review", "completion", "registration", "clarification", "assessment",
            "plenary", "referral", "notice", "closed",
        }  # fmt: skip
        counts = view_counts(posko)
        assert counts["mine"] >= 3
        assert counts["waiting"] >= 2
        assert counts["findings"] >= 1
        assert counts["closed"] >= 15
        assert {agenda.time for agenda in dashboard(posko).agenda} >= {"10.00", "13.30"}
        assert len(dashboard(posko).drafts) == 1
        officers = {row.officer for row in list_cases(posko, CaseFilter(), limit=999)}
        assert len(officers) >= 2
        work = activities(posko)
        assert any(a.done for a in work)
        assert any(not a.done for a in work)
    finally:
        posko.close()


def test_every_kind_of_file_is_there(usual: DemoResult) -> None:
    kinds = Counter(f.kind for f in usual.files)
    assert set(kinds) == {"evidence", "letter", "template", "export", "recap"}
    assert set(kinds) == set(KINDS), "each has its word"
    assert kinds["evidence"] > 40
    assert all(f.path.stat().st_size > 0 for f in usual.files)
    letters = {f.path.name.rpartition("-")[0] for f in usual.files if f.kind == "letter"}
    assert letters == {"laporan", "tanda-bukti", "imbauan", "penerusan-hukum-lainnya"}


def test_the_same_seed_tells_the_same_story(small: DemoResult, tmp_path: Path) -> None:
    again = make_demo(tmp_path / "a", 12, seed=3)
    other = make_demo(tmp_path / "b", 12, seed=4)

    def story(made: DemoResult) -> list[tuple[str, str, str, str]]:
        posko = open_office(folder(made, "kabupaten"), *LOGIN)
        rows = list_cases(posko, CaseFilter(view="all", sort="filed"), limit=99)
        posko.close()
        return sorted((r.number, r.title, r.party, r.stage) for r in rows)

    assert story(again) == story(small)
    assert story(other) != story(small)


def test_what_is_there_is_kept(small: DemoResult) -> None:
    out = small.offices[0].data.parent
    before = (out / FOLDERS["kabupaten"] / "kunci.json").read_bytes()
    known = make_demo(out, 12, seed=3)
    assert not known.fresh
    assert (known.offices, known.cases, known.user) == (small.offices, 12, "rina")
    assert {f.path for f in known.files} == {f.path for f in small.files}
    assert (out / FOLDERS["kabupaten"] / "kunci.json").read_bytes() == before


def test_another_wish_makes_it_anew_and_leaves_strange_files(tmp_path: Path) -> None:
    out = tmp_path / "latihan"
    make_demo(out, 1, seed=1)
    (out / "catatan.txt").write_text("milik orang", "utf-8")
    made = make_demo(out, 2, seed=1)
    assert (made.fresh, made.cases) == (True, 2)
    assert make_demo(out, 2, seed=1, force=True).fresh
    assert (out / "catatan.txt").read_text("utf-8") == "milik orang"


def test_a_folder_with_other_things_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / FOLDERS["kabupaten"]).mkdir()
    kept = tmp_path / FOLDERS["kabupaten"] / "posko.db"
    kept.write_bytes(b"sungguhan")
    for force in (False, True):
        with pytest.raises(UserError) as caught:
            make_demo(tmp_path, 1, force=force)
        assert caught.value.code == "folder_not_empty"
    with pytest.raises(UserError):
        make_demo(kept, 1)
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == [kept]
    assert kept.read_bytes() == b"sungguhan"


def test_an_office_that_is_open_is_not_removed(tmp_path: Path) -> None:
    made = make_demo(tmp_path, 1)
    lock = OfficeLock(OfficeFolder(folder(made, "provinsi")).lock)
    with pytest.raises(UserError) as caught:
        make_demo(tmp_path, 2)
    assert caught.value.code == "office_open"
    lock.release()
    assert (folder(made, "kecamatan") / "posko.db").is_file()
    assert make_demo(tmp_path, 1).fresh is False


def test_one_that_was_stopped_is_made_anew(tmp_path: Path) -> None:
    def stop(done: int, total: int, text: str = "") -> None:
        if done == 3:
            raise Cancelled

    with pytest.raises(Cancelled):
        make_demo(tmp_path, 6, progress=stop)
    assert (tmp_path / MARK).is_file()
    assert make_demo(tmp_path, 6).fresh


def test_a_lost_office_is_made_again(tmp_path: Path) -> None:
    made = make_demo(tmp_path, 1)
    shutil.rmtree(folder(made, "provinsi"))
    seen: list[tuple[int, int]] = []
    again = make_demo(tmp_path, 1, progress=lambda done, total, text="": seen.append((done, total)))
    assert again.fresh
    assert seen == [(0, 2), (1, 2), (2, 2)]


def test_the_command_tells_what_it_made(
    small: DemoResult, capsys: pytest.CaptureFixture[str]
) -> None:
    out = small.offices[0].data.parent
    command = Posko(capsys)
    told = command.json("demo", "--cases", 12, "--seed", 3, "--out", out)
    assert set(told) == {"offices", "files", "cases", "login"}
    assert [o["level"] for o in told["offices"]] == ["kecamatan", "kabupaten", "provinsi"]
    assert [o["code"] for o in told["offices"]] == ["62.10.02", "62.10", "62"]
    assert told["login"] == {"user": "rina", "password": "latihan-posko"}
    assert told["cases"] == 12
    assert all(Path(f["path"]).is_file() for f in told["files"])
    plain = command("demo", "--cases", 12, "--seed", 3, "--out", out)
    assert "Masuk sebagai rina dengan kata sandi: latihan-posko" in plain.out
    command.refused("demo", "--out", Path(__file__).parent, code="folder_not_empty")


def test_nothing_happens_after_the_practice_morning(usual: DemoResult) -> None:
    from posko_app.cases.case_view import case_view

    posko = open_office(folder(usual, "kabupaten"), *LOGIN)
    try:
        for row in list_cases(posko, CaseFilter(view="all"), limit=999):
            for event in case_view(posko, row.uid).events:
                assert event.at is None or event.at <= LAST_MOMENT
    finally:
        posko.close()


@pytest.mark.parametrize("kind", ["png", "pdf", "txt"])
def test_evidence_files_are_what_they_say(tmp_path: Path, kind: str) -> None:
    from posko_app.cases.evidence import mime_of

    random = Random(1)
    first = make_file(tmp_path, "a", kind, "Foto (1) \\ é", random)
    second = make_file(tmp_path, "b", kind, "Foto (1) \\ é", random)
    assert first.read_bytes() != second.read_bytes()
    assert mime_of(first) == {
        "png": "image/png", "pdf": "application/pdf", "txt": "text/plain",
    }[kind]  # fmt: skip
    if kind == "png":
        image = pytest.importorskip("PIL.Image")
        with image.open(first) as picture:
            picture.load()
            assert picture.size == (320, 200)
        assert zlib.crc32(first.read_bytes())
    if kind == "pdf":
        pdfium = pytest.importorskip("pypdfium2")
        page = pdfium.PdfDocument(first)[0]
        assert "Contoh dokumen latihan" in page.get_textpage().get_text_range()
