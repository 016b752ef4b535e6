"""Parts that somebody made up or that broke: each refused with one sentence, and nothing kept."""

from __future__ import annotations

import hashlib
import json
import random
import re
import shutil
import struct
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import func, select

from posko_app.app import Posko, open_office
from posko_app.data.record import dumps
from posko_app.data.tables import Office, Package
from posko_app.exchange.opened import NotTaken
from posko_app.exchange.package import bag
from posko_app.exchange.package.listing import LIST, SIGNATURE, from_text, signed, to_text
from posko_app.exchange.package.read import opened_part
from posko_app.exchange.package.take import take_part
from posko_app.exchange.package.write import write_package
from posko_app.exchange.unlocking import drop_private
from posko_app.security.sign import new_device_key
from tests.conftest import FixedClock
from tests.factory import PASSWORD
from tests.introduced import introduce
from tests.parcels import file_case, unfinished, vault_hashes

Parts = dict[str, bytes]
BASE = "Posko_paket"


@dataclass(frozen=True)
class Scene:
    """A district that knows a subdistrict, a sound part from there, and the key that signed it."""

    kab: Posko
    part: Path
    private: bytes


@contextmanager
def scene(prepared: Callable[[str], Path], folder: Path) -> Iterator[Scene]:
    clock = FixedClock()
    opened = []
    for level in ("kecamatan", "kabupaten"):
        shutil.copytree(prepared(level), folder / level)
        opened.append(open_office(folder / level, "petugas", PASSWORD, clock=clock))
    kec, kab = opened
    introduce(kec, kab)
    rng = random.Random(5)
    case = file_case(kec, folder / "asli", [rng.randbytes(4000), rng.randbytes(70)])
    out = folder / "keluar"
    out.mkdir()
    (path,) = write_package(kec, "62.10", [case], out, 100_000).files
    with kec.store.read() as session:
        private = session.scalars(select(Office.device_private)).one()
    kec.close()
    yield Scene(kab, path, private)
    kab.close()


@pytest.fixture(scope="module")
def shared(
    prepared: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Scene]:
    """For what is refused and so leaves nothing: a test checks that."""
    with scene(prepared, tmp_path_factory.mktemp("bersama")) as made:
        yield made


@pytest.fixture
def kab(shared: Scene) -> Posko:
    return shared.kab


@pytest.fixture
def part(shared: Scene) -> Path:
    return shared.part


@pytest.fixture
def own(prepared: Callable[[str], Path], tmp_path: Path) -> Iterator[Scene]:
    """For what is taken in."""
    with scene(prepared, tmp_path / "sendiri") as made:
        yield made


def parts_of(path: Path) -> Parts:
    with zipfile.ZipFile(path) as archive:
        return {n.partition("/")[2]: archive.read(n) for n in archive.namelist()}


def zipped(parts: Parts, target: Path, base: str = f"{BASE}/", packed: bool = False) -> Path:
    way = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    with zipfile.ZipFile(target, "w", way) as archive:
        for name, data in parts.items():
            archive.writestr(base + name, data)
    return target


def tagged(parts: Parts) -> Parts:
    """The parts with a tag manifest that fits them."""
    names = ("bagit.txt", "bag-info.txt", "manifest-sha256.txt", "pos/paket.json", "pos/paket.sig")
    hashes = {n: hashlib.sha256(parts[n]).hexdigest() for n in names if n in parts}
    return {**parts, bag.TAGS: bag.manifest(hashes).encode()}


def refused(posko: Posko, path: Path, code: str) -> str:
    """The one sentence of a refusal that left nothing behind."""
    before = vault_hashes(posko)
    with pytest.raises(NotTaken) as why:
        take_part(posko, path)
    assert why.value.code == code, why.value.message
    assert vault_hashes(posko) == before
    assert unfinished(posko) == []
    with posko.store.read() as session:
        assert session.scalar(select(func.count()).select_from(Package)) == 0
    assert why.value.message.endswith(".")
    assert "Data Anda tidak berubah." in why.value.message
    return why.value.message


def test_a_bag_that_somebody_unpacked_and_packed_again(own: Scene, tmp_path: Path) -> None:
    kab, part = own.kab, own.part
    path = zipped(parts_of(part), tmp_path / "lagi.zip", "folder lain/", packed=True)
    assert take_part(kab, path).whole == 2
    bare = zipped(parts_of(part), tmp_path / "polos.zip", "")
    assert take_part(kab, bare).twice


NAMES = {
    "up": ("../luar.txt", "menunjuk ke luar"),
    "absolute": ("/etc/passwd", "menunjuk ke luar"),
    "drive": ("C:/luar.txt", "menunjuk ke luar"),
    "backslash": (f"{BASE}\\data\\luar", "menunjuk ke luar"),
    "dot": (f"{BASE}/data/./luar", "menunjuk ke luar"),
    "stranger": (f"{BASE}/data/luar.exe", "bukan bagian|tidak cocok"),
    "beside": ("lain/berkas.txt", "bukan bagian"),
    "macos": ("__MACOSX/._x", "bukan bagian"),
    "accents": (f"{BASE}/data/é", "nama berkas tidak lazim"),
    "capitals": (f"{BASE}/BAGIT.TXT", "nama berkas ganda"),
    "inside a file": (f"{BASE}/bagit.txt/x", "nama berkas ganda"),
}


@pytest.mark.parametrize("kind", NAMES)
def test_odd_names(kab: Posko, part: Path, tmp_path: Path, kind: str) -> None:
    name, said = NAMES[kind]
    path = zipped(parts_of(part), tmp_path / "x.zip")
    with zipfile.ZipFile(path, "a") as archive:
        info = zipfile.ZipInfo("x")
        info.filename = info.orig_filename = name
        archive.writestr(info, b"x")
    code = {"stranger": "bad_bag", "beside": "unknown_entry", "macos": "unknown_entry"}
    sentence = refused(kab, path, code.get(kind, "hostile_zip"))
    assert any(word in sentence for word in said.split("|"))


def test_a_name_with_a_zero_byte(kab: Posko, part: Path, tmp_path: Path) -> None:
    raw = zipped({**parts_of(part), "data/zzzz": b"x"}, tmp_path / "x.zip").read_bytes()
    path = tmp_path / "nol.zip"
    path.write_bytes(raw.replace(b"data/zzzz", b"data/z\0zz"))
    refused(kab, path, "hostile_zip")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_twice(kab: Posko, part: Path, tmp_path: Path) -> None:
    path = zipped(parts_of(part), tmp_path / "x.zip")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(f"{BASE}/bagit.txt", b"x")
    assert "ganda" in refused(kab, path, "hostile_zip")


def test_a_bomb(kab: Posko, part: Path, tmp_path: Path) -> None:
    parts = {**parts_of(part), "data/nol": bytes(3_000_000)}
    path = zipped(parts, tmp_path / "x.zip", packed=True)
    assert path.stat().st_size < 20_000
    assert "mengembang" in refused(kab, path, "hostile_zip")


def test_a_link(kab: Posko, part: Path, tmp_path: Path) -> None:
    path = zipped(parts_of(part), tmp_path / "x.zip")
    with zipfile.ZipFile(path, "a") as archive:
        info = zipfile.ZipInfo(f"{BASE}/data/tautan")
        info.create_system, info.external_attr = 3, 0o120777 << 16
        archive.writestr(info, b"/etc/passwd")
    assert "tautan" in refused(kab, path, "hostile_zip")


def directory(raw: bytes) -> Iterator[int]:
    """Where the lines of the list at the end of a zip begin."""
    start = raw.index(b"PK\1\2")
    while raw[start : start + 4] == b"PK\1\2":
        yield start
        lengths = struct.unpack("<3H", raw[start + 28 : start + 34])
        start += 46 + sum(lengths)


BYTES: dict[str, tuple[int, bytes, str]] = {
    "encrypted": (8, b"\x01\x00", "kata sandi"),
    "unknown packing": (10, b"\x0e\x00", "pemampatannya"),
    "another size": (24, b"\x01\x00\x00\x00", "ukuran"),
    "elsewhere": (42, b"\x00\x00\x00\x00", "bertumpuk"),
    "another disk": (34, b"\x01\x00", "susunan"),
}


@pytest.mark.parametrize("kind", BYTES)
def test_a_list_that_lies(kab: Posko, part: Path, tmp_path: Path, kind: str) -> None:
    place, value, said = BYTES[kind]
    raw = bytearray(part.read_bytes())
    last = list(directory(bytes(raw)))[-1]
    raw[last + place : last + place + len(value)] = value
    path = tmp_path / "x.zip"
    path.write_bytes(raw)
    assert said in refused(kab, path, "hostile_zip")


def test_bytes_before_between_and_after(kab: Posko, part: Path, tmp_path: Path) -> None:
    raw = part.read_bytes()
    path = tmp_path / "x.zip"
    for content, code in ((b"#!/bin/sh\n" + raw, "hostile_zip"), (raw + b"ekor", "damaged_zip")):
        path.write_bytes(content)
        refused(kab, path, code)


@pytest.mark.parametrize("size", [0, 3, 21, 22, 400])
def test_files_that_are_no_zip(kab: Posko, tmp_path: Path, size: int) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(b"<html>masuk dulu</html>".ljust(size, b" ")[:size])
    refused(kab, path, "not_package")


def test_another_zip_and_none_at_all(kab: Posko, tmp_path: Path) -> None:
    refused(kab, zipped({"foto.jpg": b"x"}, tmp_path / "foto.zip"), "not_package")
    refused(kab, tmp_path / "tidak ada.zip", "unreadable_part")


def test_any_cut_is_found(kab: Posko, part: Path, tmp_path: Path) -> None:
    raw = part.read_bytes()
    path = tmp_path / "x.zip"
    for length in (len(raw) - 1, len(raw) - 30, len(raw) // 2, 100):
        path.write_bytes(raw[:length])
        refused(kab, path, "damaged_zip")


def test_a_bag_that_contradicts_itself(kab: Posko, part: Path, tmp_path: Path) -> None:
    parts = parts_of(part)
    info, manifest = parts[bag.INFO], parts[bag.MANIFEST]
    payload = next(name for name in parts if name.startswith("data/"))
    lacking = {n: d for n, d in parts.items() if n != payload}
    wrong: list[Parts] = [
        {**parts, "bagit.txt": b"BagIt-Version: 0.97\n"},
        tagged({**parts, "bagit.txt": b"BagIt-Version: 0.97\n"}),
        {**parts, bag.INFO: info + b"X: 1\n"},
        tagged({**parts, bag.INFO: info.replace(b"Payload-Oxum: ", b"Payload-Oxum: 1")}),
        tagged({**parts, bag.INFO: info.replace(b" of 1", b" of 2")}),
        tagged({**parts, bag.INFO: info.replace(b": 1 of", b": 0 of")}),
        tagged({**parts, bag.INFO: info.replace(b"Bag-Count", b"Bag-Kount")}),
        tagged({**parts, bag.MANIFEST: manifest + b"0" * 64 + b"  data/x\n"}),
        tagged({**parts, bag.MANIFEST: manifest.splitlines(keepends=True)[0]}),
        tagged(lacking),
        lacking,
        {n: d for n, d in parts.items() if n != "pos/paket.sig"},
        {**parts, payload: parts[payload] + b"x"},
    ]
    for number, one in enumerate(wrong):
        path = zipped(one, tmp_path / f"{number}.zip")
        with pytest.raises(NotTaken) as why:
            take_part(kab, path)
        assert why.value.code in ("bad_bag", "damaged_zip"), number
    assert vault_hashes(kab) == set()


def test_forged_lists(shared: Scene, tmp_path: Path) -> None:
    kab, parts, private = shared.kab, parts_of(shared.part), shared.private
    text = parts["pos/paket.json"].decode()

    def forged(changed: str, key: bytes | None) -> Path:
        made = {**parts, "pos/paket.json": changed.encode()}
        if key is not None:
            made["pos/paket.sig"] = signed(key, changed).encode()
        return zipped(tagged(made), tmp_path / "x.zip")

    assert from_text(text) == from_text(to_text(from_text(text)))
    other, _ = new_device_key()
    for changed, key in (
        (text.replace("62.10.02", "62.10.03"), None),
        (text, other),
        (text.replace('"fmt":1', '"fmt":"1"'), private),
        (text.replace('"practice":true', '"practice":1'), private),
        (text.replace('"parts":[1]', '"parts":[2]'), private),
        (text.replace('"parts":[1]', '"parts":[1,1]'), private),
        (text.replace('"files":[', '"files":[7,'), private),
        ("[" * 5_000, private),
        ("{}", private),
        ("", private),
    ):
        refused(kab, forged(changed, key), "bad_list")
    refused(kab, forged(text.replace('"fmt":1', '"fmt":2'), private), "newer_package")
    refused(kab, forged(text.replace('"practice":true', '"practice":false'), private), "real_file")
    refused(kab, forged(text.replace('"to":"62.10"', '"to":"62.11"'), private), "wrong_addressee")


@pytest.mark.parametrize(
    "changed",
    [
        {"group": "{root}/luar"},
        {"group": "../../luar"},
        {"group": "01a"},
        {"device": "../kec"},
        {"office": "../62"},
        {"to": "62.10/.."},
    ],
)
def test_no_text_of_a_list_becomes_a_place(
    own: Scene, tmp_path: Path, changed: dict[str, str]
) -> None:
    kab, parts, private = own.kab, parts_of(own.part), own.private
    book = b"bukan buku"
    data = json.loads(parts[LIST])
    parts["data/laporan.xlsx"] = book
    data["book"] = [hashlib.sha256(book).hexdigest(), len(book)]
    group = data["group"]
    said = {name: word.format(root=tmp_path) for name, word in changed.items()}
    text = dumps({**data, **said})
    info = parts[bag.INFO].decode().replace(group, said.get("group", group))
    sizes = [len(raw) for name, raw in parts.items() if name.startswith("data/")]
    info = re.sub(r"Payload-Oxum: .*", f"Payload-Oxum: {sum(sizes)}.{len(sizes)}", info)
    line = f"{data['book'][0]}  data/laporan.xlsx\n"
    made = {
        **parts,
        LIST: text.encode(),
        SIGNATURE: signed(private, text).encode(),
        bag.INFO: info.encode(),
        bag.MANIFEST: parts[bag.MANIFEST] + line.encode(),
    }
    before = {path for path in tmp_path.rglob("*") if path.is_file()}
    path = zipped(tagged(made), tmp_path / "x.zip")
    refused(kab, path, "bad_list")
    assert {p for p in tmp_path.rglob("*_laporan.xlsx") if p.is_file()} <= before
    sound = {**made, LIST: dumps(data).encode(), SIGNATURE: signed(private, dumps(data)).encode()}
    sound[bag.INFO] = info.replace(said.get("group", group), group).encode()
    taken = take_part(kab, zipped(tagged(sound), tmp_path / "y.zip"))
    assert taken.book is not None
    assert taken.book.parent.parent == kab.folder.private
    drop_private(kab, taken.book)
    assert not taken.book.parent.exists()


def test_two_lists_under_one_number(own: Scene, tmp_path: Path) -> None:
    kab, parts, private = own.kab, parts_of(own.part), own.private
    take_part(kab, own.part)
    text = parts["pos/paket.json"].decode().replace("bukti-0.bin", "bukti-9.bin")
    made = {
        **parts,
        "pos/paket.json": text.encode(),
        "pos/paket.sig": signed(private, text).encode(),
    }
    with pytest.raises(NotTaken) as why:
        take_part(kab, zipped(tagged(made), tmp_path / "x.zip"))
    assert why.value.code == "other_list"


def test_a_content_that_is_not_the_signed_one(own: Scene, tmp_path: Path) -> None:
    kab, part = own.kab, own.part
    parts = parts_of(part)
    name = next(n for n, data in parts.items() if n.startswith("data/") and len(data) == 4000)
    path = zipped({**parts, name: bytes(4000)}, tmp_path / "x.zip")
    taken = take_part(kab, path)
    assert (taken.whole, taken.damaged) == (1, 1)
    assert taken.state.missing == (1,)
    assert vault_hashes(kab) == {n[5:] for n in parts if n.startswith("data/")} - {name[5:]}
    assert take_part(kab, part).state.complete


@pytest.mark.parametrize("seed", range(4))
def test_turned_bits_never_get_in(kab: Posko, part: Path, tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    raw = part.read_bytes()
    good = {n[5:] for n in parts_of(part) if n.startswith("data/")}
    path = tmp_path / "x.zip"
    for _ in range(25):
        changed = bytearray(raw)
        for _ in range(rng.randint(1, 3)):
            changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
        path.write_bytes(changed)
        found: set[str] = set()
        with suppress(NotTaken), opened_part(kab, path) as opened:
            for held in opened.held:
                with suppress(zipfile.BadZipFile), opened.open(held) as stream:
                    digest = hashlib.sha256(stream.read()).hexdigest()
                    found |= {digest} & {held.sha256}
        assert found <= good
