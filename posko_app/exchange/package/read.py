"""One part of a package read and proven: the zip, the bag, the signed list; nothing is stored."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO

from sqlalchemy import select

from posko_app.app import Posko
from posko_app.data.tables import Office
from posko_app.errors import UserError
from posko_app.exchange.opened import NotTaken, not_taken
from posko_app.security.recipient import MARK, NotForUs, is_sealed

from . import bag
from .listing import BOOK, LIST, SIGNATURE, Listing, Newer, from_text, is_signed
from .sizes import bounds
from .stream import unlocked
from .words import refused
from .zipped import FAILS, Hostile, StrictZip

TAGS = (bag.BAGIT, bag.INFO, bag.MANIFEST, bag.TAGS, LIST, SIGNATURE)


@dataclass(frozen=True)
class Held:
    """A payload file of a part: its place in the zip, SHA-256 and bytes as the sender signed."""

    name: str  # under data/
    entry: str
    sha256: str
    size: int


@dataclass(frozen=True)
class OpenPart:
    """A part whose bag and list hold together; the contents themselves are not read yet."""

    path: Path
    listing: Listing
    text: str
    number: int
    held: tuple[Held, ...]
    book: Held | None
    archive: StrictZip

    def open(self, held: Held) -> IO[bytes]:
        """The content of a payload file as a stream; raises BadZipFile where it is damaged."""
        return self.archive.open(held.entry)


@contextmanager
def opened_part(posko: Posko, path: Path) -> Iterator[OpenPart]:
    """Open a part, unlocking it when it was locked for this office.

    Raises NotTaken for whatever is not a sound part of a package, UserError when it cannot be read.
    """
    with _bytes_of(posko, path) as file:
        try:
            part = _read(path, StrictZip(file, bounds()))
        except NotTaken:
            raise
        except Hostile as odd:
            raise refused("hostile_zip", path, str(odd)) from None
        except FAILS as problem:
            code = "damaged_zip" if _looks_like_zip(file) else "not_package"
            raise refused(code, path) from problem
        yield part


@contextmanager
def _bytes_of(posko: Posko, path: Path) -> Iterator[BinaryIO]:
    with ExitStack() as stack:
        try:
            file = stack.enter_context(path.open("rb"))
            locked = is_sealed(file.read(len(MARK)))
        except OSError as problem:
            raise refused("unreadable_part", path) from problem
        yield stack.enter_context(_unlocked(posko, path)) if locked else file


@contextmanager
def _unlocked(posko: Posko, path: Path) -> Iterator[BinaryIO]:
    with posko.store.read() as session:
        own = session.scalars(select(Office.recipient_private)).one()
    with ExitStack() as stack:
        try:
            plain = stack.enter_context(unlocked(path, posko.folder.root, own))
        except NotForUs as why:
            raise not_taken("locked_damaged" if why.damaged else "locked_elsewhere", path) from None
        except OSError as problem:
            raise UserError(
                f"Berkas {path.name} tidak dapat dibuka kuncinya. Data Anda tidak berubah. Periksa "
                "apakah flashdisk masih terpasang dan masih ada tempat di komputer ini, lalu pilih "
                "lagi.",
                "cannot_unlock",
            ) from problem
        yield plain


def _looks_like_zip(file: BinaryIO) -> bool:
    file.seek(0)
    return file.read(2) == b"PK"


def _read(path: Path, archive: StrictZip) -> OpenPart:
    names = _relative(path, archive)
    tags = {name: archive.read(names[name], _most(name)) for name in TAGS}
    _check_bag(path, tags)
    listing, text = _list(path, tags)
    number = _number(path, tags[bag.INFO], listing)
    expected = {f"{bag.PAYLOAD}{n}": (sha, size) for file in listing.files
                for n, sha, size, at in file.pieces() if at == number}  # fmt: skip
    if number == 1 and listing.book:
        expected[BOOK] = listing.book
    payload = {name: entry for name, entry in names.items() if name.startswith(bag.PAYLOAD)}
    manifest = bag.read_manifest(tags[bag.MANIFEST])
    sizes = {name: archive.entries[entry].file_size for name, entry in payload.items()}
    signed = {name: sha256 for name, (sha256, _) in expected.items()}
    if set(payload) != set(expected) or manifest != signed:
        raise refused("bad_bag", path)
    if any(sizes[name] != size for name, (_, size) in expected.items()):
        raise refused("bad_bag", path)
    if bag.oxum(bag.read_info(tags[bag.INFO])[bag.OXUM]) != (*(sum(sizes.values()), len(sizes)),):
        raise refused("bad_bag", path)
    held = {
        name: Held(name.removeprefix(bag.PAYLOAD), payload[name], *expected[name])
        for name in sorted(expected)
    }
    book = held.pop(BOOK, None)
    return OpenPart(path, listing, text, number, tuple(held.values()), book, archive)


def _most(name: str) -> int:
    most = {LIST: bounds().list_bytes, bag.MANIFEST: bounds().manifest_bytes}
    return most.get(name, bounds().tag_bytes)


def _relative(path: Path, archive: StrictZip) -> dict[str, str]:
    """Entries by their name in the bag; refused when it is none, or something else lies in it."""
    found = [name for name in archive.entries if name.rpartition("/")[2] == bag.BAGIT]
    lists = [name for name in archive.entries if name.endswith(LIST)]
    if not found or not lists:
        raise refused("not_package", path)
    base = min(found, key=len).removesuffix(bag.BAGIT)
    if base.count("/") > 1:
        raise refused("not_package", path)
    names: dict[str, str] = {}
    for entry in archive.entries:
        name = entry.removeprefix(base)
        if not entry.startswith(base):
            raise refused("unknown_entry", path, _short(entry))
        if entry == base or name in ("data/", "pos/"):
            continue
        if name not in TAGS and not name.startswith(bag.PAYLOAD):
            raise refused("unknown_entry", path, _short(name))
        names[name] = entry
    if any(tag not in names for tag in TAGS):
        raise refused("bad_bag", path)
    return names


def _short(name: str) -> str:
    return name if len(name) <= 40 else f"{name[:40]}…"


def _check_bag(path: Path, tags: Mapping[str, bytes]) -> None:
    """The bag is what its own tag manifest says; the payload is proven when it is read."""
    told = bag.read_manifest(tags[bag.TAGS])
    found = {n: hashlib.sha256(raw).hexdigest() for n, raw in tags.items() if n != bag.TAGS}
    if tags[bag.BAGIT] != bag.DECLARATION.encode() or told != found:
        raise refused("bad_bag", path)


def _list(path: Path, tags: Mapping[str, bytes]) -> tuple[Listing, str]:
    """The list, signed by the key it names."""
    try:
        text = tags[LIST].decode("ascii")
        listing = from_text(text)
    except Newer:
        raise refused("newer_package", path) from None
    except (ValueError, RecursionError):
        raise refused("bad_list", path) from None
    if not is_signed(listing.sender, tags[LIST], tags[SIGNATURE]):
        raise refused("bad_list", path)
    return listing, text


def _number(path: Path, raw: bytes, listing: Listing) -> int:
    """Which part it is, as the bag says; what lies in it must agree with the list afterwards."""
    told = bag.read_info(raw)
    if told.get(bag.GROUP) != listing.group or bag.OXUM not in told:
        raise refused("bad_bag", path)
    number, _, count = told.get(bag.COUNT, "").partition(" of ")
    if not (number.isascii() and number.isdigit() and count == str(listing.parts)):
        raise refused("bad_bag", path)
    if not 1 <= int(number) <= listing.parts:
        raise refused("bad_bag", path)
    return int(number)
