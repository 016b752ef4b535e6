"""Packages of evidence between real offices: any order, any loss, healed by sending again."""

from __future__ import annotations

import json
import random
import zipfile
from collections.abc import Callable, Collection
from pathlib import Path

import pytest
from sqlalchemy import select

from posko_app.app import Posko
from posko_app.cases.evidence import RAW_CHAT, attach
from posko_app.cases.identity_files import add_picture
from posko_app.cases.report import EvidenceInput
from posko_app.data.tables import AuditEntry
from posko_app.errors import Cancelled, UserError
from posko_app.exchange.apply import import_file
from posko_app.exchange.export import export
from posko_app.exchange.opened import NotTaken
from posko_app.exchange.package.assemble import is_torn, mend
from posko_app.exchange.package.sizes import part_size, part_sizes
from posko_app.exchange.package.standing import ask_again, case_evidence, packages
from posko_app.exchange.package.take import look_at_part, take_part
from posko_app.exchange.package.words import numbers
from posko_app.exchange.package.write import PackageResult, write_package
from posko_app.exchange.trust import confirm_key
from posko_app.exchange.xlsx.guarded import Reader
from posko_app.progress import Progress
from tests import bags
from tests.parcels import contents_of, copied, file_case, unfinished, vault_hashes

Office_ = Callable[..., Posko]
LIMIT = 120_000


@pytest.fixture
def kec(office: Office_) -> Posko:
    return office("kecamatan")


@pytest.fixture
def kab(office: Office_, kec: Posko) -> Posko:
    return office("kabupaten")


def some(seed: int, *sizes: int) -> list[bytes]:
    rng = random.Random(seed)
    return [rng.randbytes(size) for size in sizes]


def pack(
    posko: Posko,
    case: str,
    tmp_path: Path,
    to: str = "62.10",
    limit: int = LIMIT,
    **options: object,
) -> PackageResult:
    out = tmp_path / f"keluar-{len(list(tmp_path.glob('keluar-*')))}"
    out.mkdir()
    return write_package(posko, to, [case], out, limit, **options)  # type: ignore[arg-type]


def send_book(posko: Posko, to: Posko, tmp_path: Path) -> None:
    out = tmp_path / f"buku-{len(list(tmp_path.glob('buku-*')))}"
    out.mkdir()
    for path in export(posko, to.office.code, out).files:
        with Reader() as reader:
            assert import_file(to, path, apply=True, reader=reader).applied


def acts(posko: Posko, action: str) -> list[dict[str, object]]:
    with posko.store.read() as session:
        rows = session.scalars(select(AuditEntry).where(AuditEntry.action == action))
        return [json.loads(row.body) for row in rows.all()]


def test_every_part_is_a_bag_and_keeps_the_size(kec: Posko, tmp_path: Path) -> None:
    case = file_case(kec, tmp_path / "asli", some(1, 10, 0, 50_000, 90_000, 119_000, 400_000))
    made = pack(kec, case, tmp_path)
    assert len(made.files) > 4
    assert made.evidence == 6
    for path in made.files:
        assert bags.problems(path) == []
        assert path.stat().st_size <= LIMIT
        with zipfile.ZipFile(path) as archive:
            assert all(entry.compress_type == zipfile.ZIP_STORED for entry in archive.infolist())
    group = made.group[-8:]
    count = len(made.files)
    assert [path.name for path in made.files] == [
        f"Posko_62.10.02_ke_62.10_bukti_{group}_{number}dari{count}.zip"
        for number in range(1, count + 1)
    ]
    assert sorted(made.files[0].parent.iterdir()) == sorted(made.files)


@pytest.mark.parametrize("lock", [False, True])
def test_parts_in_any_order_before_and_after_the_workbook(
    kec: Posko, kab: Posko, tmp_path: Path, lock: bool
) -> None:
    case = file_case(kec, tmp_path / "asli", some(2, 10, 0, 30_000, 30_000, 400_000))
    made = pack(kec, case, tmp_path, lock=lock)
    parts = [copied(path, tmp_path / f"WA{n}.bin") for n, path in enumerate(made.files)]
    random.Random(3).shuffle(parts)
    half = len(parts) // 2
    for path in parts[:half]:
        take_part(kab, path)
    assert contents_of(kab) == {}  # nothing belongs to a case that is known here
    send_book(kec, kab, tmp_path)
    for path in parts[half:]:
        take_part(kab, path)
    assert contents_of(kab) == contents_of(kec)
    assert case_evidence(kab, case).sentence == "Semua 5 bukti lengkap"
    received = acts(kab, "evidence.received")
    assert {told["evidence"] for told in received} == set(contents_of(kec))
    assert len(received) == 5
    assert all(told["uid"] == case for told in received)
    assert {line[2] for told in received for line in told["custody"]} == {"added"}  # type: ignore[attr-defined]
    again = [take_part(kab, path) for path in parts]
    assert all(taken.twice for taken in again)
    assert len(acts(kab, "evidence.received")) == 5
    assert len(acts(kab, "part.taken")) == len(parts)
    assert unfinished(kab) == []


def test_what_lacks_is_named_and_asked_for(kec: Posko, kab: Posko, tmp_path: Path) -> None:
    case = file_case(kec, tmp_path / "asli", some(4, 80_000, 81_000, 82_000, 20))
    send_book(kec, kab, tmp_path)
    assert case_evidence(kab, case).sentence == "0 dari 4 bukti lengkap"
    made = pack(kec, case, tmp_path)
    first, *_, last = made.files
    state = take_part(kab, last).state
    assert (state.total, state.parts, state.came) == (4, 3, (3,))
    take_part(kab, first)
    found = case_evidence(kab, case)
    assert found.sentence == "3 dari 4 bukti lengkap; kurang bagian 2"
    (package,) = packages(kab)
    assert package.sentence == found.sentence
    asked = ask_again(kab, package)
    assert asked.startswith("LATIHAN. Paket bukti ")
    assert "bagian 2 dari 3" in asked
    take_part(kab, made.files[1])
    (package,) = packages(kab)
    assert package.complete
    assert ask_again(kab, package) == ""


def test_custody_grows_on_the_way_up(
    office: Office_, kec: Posko, kab: Posko, tmp_path: Path
) -> None:
    prov = office("provinsi")
    case = file_case(kec, tmp_path / "asli", some(5, 1000))
    send_book(kec, kab, tmp_path)
    take_part(kab, pack(kec, case, tmp_path).files[0])
    send_book(kab, prov, tmp_path)
    take_part(prov, pack(kab, case, tmp_path, "62").files[0])
    (told,) = acts(prov, "evidence.received")
    custody = [(line[1], line[2], line[3]) for line in told["custody"]]  # type: ignore[attr-defined]
    assert custody == [("62.10.02", "added", "petugas"), ("62.10", "received", "petugas")]
    assert contents_of(prov) == contents_of(kec)


def test_what_shows_who_wrote_stays(kec: Posko, kab: Posko, tmp_path: Path) -> None:
    case = file_case(kec, tmp_path / "asli", some(6, 100))
    secret = tmp_path / f"{RAW_CHAT}-2024.txt"
    secret.write_bytes(b"08123 Nama Pelapor")
    attach(kec, case, [EvidenceInput(path=secret, description="Petikan", kind="document")])
    renamed = tmp_path / "biasa.txt"
    renamed.write_bytes(b"08123 Nama Pelapor")
    other = file_case(kec, tmp_path / "lain", [renamed.read_bytes()])
    card = tmp_path / "kartu.pdf"
    card.write_bytes(b"%PDF-1.4 kartu")
    add_picture(kec, case, card)
    copy = file_case(kec, tmp_path / "kartu", [card.read_bytes()])
    out = tmp_path / "keluar"
    out.mkdir()
    made = write_package(kec, "62.10", [case, other, copy], out, LIMIT)
    assert (made.evidence, made.confidential, made.absent) == (1, 3, 0)
    (path,) = made.files
    assert b"Nama Pelapor" not in path.read_bytes()
    assert b"kartu" not in path.read_bytes()
    nothing = write_package(kec, "62.10", [other], out, LIMIT)
    assert nothing.files == ()
    assert nothing.confidential == 1


def test_equal_content_travels_once(kec: Posko, kab: Posko, tmp_path: Path) -> None:
    (same,) = some(7, 50_000)
    first = file_case(kec, tmp_path / "a", [same])
    second = file_case(kec, tmp_path / "b", [same])
    out = tmp_path / "keluar"
    out.mkdir()
    made = write_package(kec, "62.10", [first, second], out, LIMIT)
    assert (made.evidence, made.bytes, len(made.files)) == (2, 50_000, 1)
    send_book(kec, kab, tmp_path)
    taken = take_part(kab, made.files[0])
    assert (taken.whole, taken.state.total) == (1, 2)
    assert contents_of(kab) == contents_of(kec)
    assert len(acts(kab, "evidence.received")) == 2


@pytest.mark.parametrize("lock", [False, True])
def test_stopping_leaves_nothing(kec: Posko, kab: Posko, tmp_path: Path, lock: bool) -> None:
    case = file_case(kec, tmp_path / "asli", some(8, 90_000, 90_000, 300_000))
    out = tmp_path / "keluar"
    out.mkdir()

    def stop_at(limit: int) -> Progress:
        def stop(done: int, total: int, text: str = "") -> None:
            if done >= limit:
                raise Cancelled

        return stop

    for limit in (1, 200_000, 480_000):
        with pytest.raises(Cancelled):
            write_package(kec, "62.10", [case], out, LIMIT, lock=lock, progress=stop_at(limit))
        assert list(out.iterdir()) == []
    assert acts(kec, "package.sent") == []


def test_a_stopped_taking_goes_on_later(kec: Posko, kab: Posko, tmp_path: Path) -> None:
    case = file_case(kec, tmp_path / "asli", some(9, *([2_000] * 45)))
    send_book(kec, kab, tmp_path)
    (path,) = pack(kec, case, tmp_path, limit=400_000).files
    calls = 0

    def stop(done: int, total: int, text: str = "") -> None:
        nonlocal calls
        calls += text == "Menyimpan bukti"
        if calls > 80:
            raise Cancelled

    with pytest.raises(Cancelled):
        take_part(kab, path, stop)
    here = contents_of(kab)
    assert 0 < len(here) < 45
    assert unfinished(kab) == []
    taken = take_part(kab, path)
    assert taken.held == len(here)
    assert taken.whole == 45 - len(here)
    assert contents_of(kab) == contents_of(kec)


def test_what_nobody_put_together_is_at_the_next_start(
    kec: Posko, kab: Posko, tmp_path: Path
) -> None:
    case = file_case(kec, tmp_path / "asli", some(14, 300_000))
    send_book(kec, kab, tmp_path)
    made = pack(kec, case, tmp_path)

    def stop(done: int, total: int, text: str = "") -> None:
        if text == "Menyatukan berkas besar":
            raise Cancelled

    for path in made.files[:-1]:
        take_part(kab, path)
    assert not is_torn(kab)
    with pytest.raises(Cancelled):
        take_part(kab, made.files[-1], stop)
    assert is_torn(kab)
    assert contents_of(kab) == {}
    assert mend(kab) == 1
    assert not is_torn(kab)
    assert contents_of(kab) == contents_of(kec)
    assert len(acts(kab, "evidence.received")) == 1
    assert len(vault_hashes(kab)) == 1


def test_what_was_spoiled_here_is_mended_by_taking_a_part_again(
    kec: Posko, kab: Posko, tmp_path: Path
) -> None:
    case = file_case(kec, tmp_path / "asli", some(15, 4_000, 5_000))
    send_book(kec, kab, tmp_path)
    (path,) = pack(kec, case, tmp_path).files
    take_part(kab, path)
    spoiled = next(p for p in kab.folder.vault.rglob("*") if p.is_file())
    raw = bytearray(spoiled.read_bytes())
    raw[-40] ^= 1
    spoiled.write_bytes(raw)
    taken = take_part(kab, path)
    assert (taken.whole, taken.held) == (1, 1)
    assert contents_of(kab) == contents_of(kec)
    assert len(acts(kab, "evidence.received")) == 2


def test_chunks_count_for_another_package_that_is_cut_alike(
    kec: Posko, kab: Posko, tmp_path: Path
) -> None:
    case = file_case(kec, tmp_path / "asli", some(16, 300_000))
    send_book(kec, kab, tmp_path)
    first, second = pack(kec, case, tmp_path), pack(kec, case, tmp_path)
    take_part(kab, first.files[0])
    state = take_part(kab, second.files[1]).state
    assert set(range(1, len(first.files) + 1)) - set(state.missing) == {1, 2}
    assert {one.missing for one in packages(kab)} == {state.missing}
    for path in first.files[2:]:
        take_part(kab, path)
    assert contents_of(kab) == contents_of(kec)
    assert all(one.complete for one in packages(kab))
    assert len(vault_hashes(kab)) == 1


def test_an_unknown_sender_waits_for_six_words(office: Office_, tmp_path: Path) -> None:
    kec = office("kecamatan", stranger=True)
    kab = office("kabupaten", stranger=True)
    case = file_case(kec, tmp_path / "asli", some(10, 5_000))
    (path,) = pack(kec, case, tmp_path).files
    with pytest.raises(NotTaken, match="enam kata") as refused:
        take_part(kab, path)
    assert refused.value.code == "unknown_key"
    assert vault_hashes(kab) == set()
    card = look_at_part(kab, path)
    confirm_key(kab, card, " ".join(card.words))
    assert take_part(kab, path).whole == 1


def test_the_wrong_office_does_not_take_it(
    office: Office_, kec: Posko, kab: Posko, tmp_path: Path
) -> None:
    prov = office("provinsi")
    case = file_case(kec, tmp_path / "asli", some(11, 5_000))
    with pytest.raises(NotTaken, match="untuk kantor lain"):
        take_part(prov, pack(kec, case, tmp_path).files[0])
    with pytest.raises(NotTaken, match="dikunci untuk kantor lain"):
        take_part(prov, pack(kec, case, tmp_path, lock=True).files[0])
    other = file_case(kab, tmp_path / "kab", some(12, 5_000))
    with pytest.raises(UserError, match="bukan dari wilayah"):
        pack(kab, other, tmp_path, "62.10.03")


def test_a_cut_locked_part_leaves_nothing(kec: Posko, kab: Posko, tmp_path: Path) -> None:
    marker = b"RAHASIA-YANG-TAK-BOLEH-BOCOR" * 4000
    case = file_case(kec, tmp_path / "asli", [marker])
    (path,) = pack(kec, case, tmp_path, limit=400_000, lock=True).files
    assert b"RAHASIA" not in path.read_bytes()
    before = {p for p in kab.folder.root.rglob("*") if p.is_file()}
    raw = path.read_bytes()
    for length in (len(raw) - 1, len(raw) // 2, 500, 60):
        cut = tmp_path / "potong.age"
        cut.write_bytes(raw[:length])
        with pytest.raises(NotTaken, match=r"rusak atau terpotong|bukan paket"):
            take_part(kab, cut)
    after = {p for p in kab.folder.root.rglob("*") if p.is_file()}
    assert after == before
    assert not any(b"RAHASIA" in p.read_bytes() for p in after)
    assert take_part(kab, path).whole == 1
    assert not any(b"RAHASIA" in p.read_bytes() for p in kab.folder.root.rglob("*") if p.is_file())


def test_a_workbook_rides_in_part_one(kec: Posko, kab: Posko, tmp_path: Path) -> None:
    case = file_case(kec, tmp_path / "asli", some(13, 90_000, 90_000))
    out = tmp_path / "buku"
    out.mkdir()
    (book,) = export(kec, "62.10", out).files
    made = pack(kec, case, tmp_path, limit=200_000, book=book)
    assert all(bags.problems(path) == [] for path in made.files)
    taken = take_part(kab, made.files[0])
    assert taken.book is not None
    assert taken.book.read_bytes() == book.read_bytes()
    with Reader() as reader:
        assert import_file(kab, taken.book, apply=True, reader=reader).applied
    for path in made.files[1:]:
        assert take_part(kab, path).book is None
    assert contents_of(kab) == contents_of(kec)


@pytest.mark.parametrize(
    ("parts", "most", "said"),
    [
        ((), 0, ""),
        ((3,), 5, "3"),
        ((4, 3), 0, "3 dan 4"),
        ((1, 2, 3, 5, 8), 0, "1–3, 5 dan 8"),
        ((1, 3, 5, 7, 9, 10, 11), 3, "1, 3 dan 5 lagi"),
        (range(1, 41), 5, "1–40"),
    ],
)
def test_numbers_of_parts_are_short(parts: Collection[int], most: int, said: str) -> None:
    assert numbers(parts, most) == said


def test_the_sizes_are_data() -> None:
    assert [size.key for size in part_sizes()] == ["surel", "whatsapp", "flashdisk"]
    assert part_size("whatsapp").bytes == 95_000_000
    assert part_size("flashdisk").bytes < 1 << 32
