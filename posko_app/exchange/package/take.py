"""Taking a part in: proven, content after content into the vault, and what it makes whole noted.

Any order, twice, long before or after the workbook; nothing is asked again that is here. A part is
known by what it holds, never by its name.
"""

from __future__ import annotations

import hashlib
import shutil
import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, cast

from sqlalchemy import delete

from posko_app.app import Posko, use_case
from posko_app.cases.abandoned import NOTED, note_files
from posko_app.cases.evidence import known_key, stored_key
from posko_app.data.tables import Package, Setting, VaultFile
from posko_app.data.vault import OtherContent, Stored, name_of
from posko_app.errors import UserError
from posko_app.exchange.opened import not_taken
from posko_app.exchange.plan import check_key
from posko_app.exchange.trust import KeyCard, key_card, require_known
from posko_app.exchange.unlocking import drop_private, new_private
from posko_app.progress import Progress, silent
from posko_app.security.cipher import Damaged, new_key
from posko_app.text import file_size

from .assemble import assemble, forget_chunks, mend
from .listing import Listed
from .read import Held, OpenPart, opened_part
from .shelf import held_keys, joined, known_of, note_whole, recount, shifted, split, welcome
from .standing import PackageState, state_of
from .words import refused

_RESERVE = 64 << 20  # bytes that stay free
_BATCH_FILES, _BATCH_BYTES = 32, 64 << 20  # stored before a row tells of them


@dataclass(frozen=True, kw_only=True)
class PartTaken:
    """What taking a part did.

    `whole` contents are complete by it, `pieces` chunks wait for their others, `held` were here
    before, `damaged` did not survive the way and must come again, `discarded` were put together and
    proved wrong, `strange` belong to no evidence of this office. `twice` says that everything was
    here. `book` is the workbook of part 1, in the private folder, to be imported like any other.
    """

    path: Path
    group: str
    office: str
    office_name: str
    part: int
    parts: int
    whole: int
    pieces: int
    held: int
    damaged: int
    discarded: int
    strange: int
    state: PackageState
    book: Path | None = None

    @property
    def twice(self) -> bool:
        """Whether nothing was new."""
        new = self.whole or self.pieces or self.damaged or self.discarded
        return not (new or self.strange)


@dataclass(frozen=True, kw_only=True)
class PartSeen:
    """What a part says of itself, proven but not taken: its files and their bytes."""

    group: str
    office: str
    office_name: str
    part: int
    parts: int
    files: int
    bytes: int


@use_case("exchange.import")
def see_part(posko: Posko, path: Path, progress: Progress = silent) -> PartSeen:
    """Look at a part without taking it in; its sender need not be known yet. Raises NotTaken."""
    progress(0, 1, "Memeriksa paket")
    with opened_part(posko, path) as part:
        _check_sender(posko, part, known=False)
        sender = part.listing.sender
        return PartSeen(
            group=part.listing.group,
            office=sender.office,
            office_name=sender.office_name,
            part=part.number,
            parts=part.listing.parts,
            files=len(part.held),
            bytes=sum(held.size for held in part.held),
        )


@use_case("exchange.import")
def look_at_part(posko: Posko, path: Path, progress: Progress = silent) -> KeyCard:
    """Whose key signed a part, for somebody who must decide about it. Raises NotTaken."""
    progress(0, 1, "Membaca kunci")
    with opened_part(posko, path) as part, posko.store.read() as session:
        return key_card(posko, session, part.listing.sender)


@use_case("exchange.import")
def take_part(posko: Posko, path: Path, progress: Progress = silent) -> PartTaken:
    """Take in one part of a package of evidence, plain or locked for this office.

    Raises NotTaken when it is refused (the code is unknown_key while nobody compared the sender's
    words), UserError for a full disk or a drive that was pulled out, Cancelled. What was stored
    until then stays, whole and proven, and counts when the part is taken again.
    """
    progress(0, 1, "Memeriksa paket")
    with opened_part(posko, path) as part:
        _check_sender(posko, part)
        with posko.write() as session:
            row = welcome(posko, session, part.listing, part.text)
            if row.listing != part.text:
                raise refused("other_list", path)
        mend(posko)
        taking = _Taking(posko, part, progress)
        taking.run()
        book = _book(posko, part)
    with posko.store.read() as session:
        state = state_of(session, part.listing.group)
    return PartTaken(
        path=path,
        group=part.listing.group,
        office=part.listing.sender.office,
        office_name=part.listing.sender.office_name,
        part=part.number,
        parts=part.listing.parts,
        whole=taking.whole,
        pieces=taking.pieces,
        held=taking.held,
        damaged=taking.damaged,
        discarded=taking.discarded,
        strange=taking.strange,
        state=state,
        book=book,
    )


def _check_sender(posko: Posko, part: OpenPart, *, known: bool = True) -> None:
    """Raise NotTaken unless this office may take the part from that sender."""
    sender, path = part.listing.sender, part.path
    if sender.practice != posko.office.practice:
        raise not_taken("practice_file" if sender.practice else "real_file", path)
    if sender.to != posko.office.code:
        region = posko.regions.get(sender.to)
        raise not_taken(
            "wrong_addressee", path, to=f"{sender.to} {region.name}" if region else sender.to
        )
    with posko.store.read() as session:
        check_key(posko, session, path, sender)
        if known:
            require_known(session, path, sender)


def _require_space(posko: Posko, wanted: Sequence[Held], cut: Iterable[Listed]) -> None:
    """Raise UserError unless what is new has room, and what may be put together by it."""
    needed = sum(h.size for h in wanted) + sum(file.size for file in cut) + _RESERVE
    free = shutil.disk_usage(posko.folder.root).free
    if free < needed:
        raise UserError(
            f"Ruang di disk data tinggal {file_size(free)}. Paket belum diterima dan data lain "
            f"tidak berubah. Kosongkan paling sedikit {file_size(needed)}, lalu coba lagi.",
            "disk_full",
        )


@dataclass
class _Taking:
    """One part being taken in."""

    posko: Posko
    part: OpenPart
    progress: Progress
    whole: int = 0
    pieces: int = 0
    held: int = 0
    damaged: int = 0
    discarded: int = 0
    strange: int = 0
    _waiting: list[tuple[Held, Stored]] = field(default_factory=list)

    def run(self) -> None:
        """Store what is not here yet, then put together what has all its chunks."""
        owner = {name: file for file in self.part.listing.files
                 for name, *_ in file.pieces()}  # fmt: skip
        wanted = self._wanted(owner)
        cut = {owner[h.name].sha256: owner[h.name] for h in wanted if owner[h.name].chunk}
        _require_space(self.posko, wanted, cut.values())
        keys = {held.name: new_key() for held in wanted}
        if wanted:  # what a killed run leaves is known by name and taken away on a later day
            note_files(self.posko, [name_of(h.sha256, keys[h.name]) for h in wanted])
        total = sum(held.size for held in wanted)
        done = 0
        try:
            for held in wanted:
                self.progress(done, total, "Menyimpan bukti")
                self._store(held, keys[held.name], done, total)
                done += held.size
                full = sum(h.size for h, _ in self._waiting) >= _BATCH_BYTES
                if full or len(self._waiting) >= _BATCH_FILES:
                    self._commit(owner)
        finally:
            self._commit(owner)  # also what came before somebody stopped it
        self.progress(total, total, "Menyimpan bukti")
        for file in cut.values():
            made = assemble(self.posko, self.part.listing, file, self.progress)
            self.whole += made == "whole"
            self.discarded += made == "discarded"
        self._end()

    def _wanted(self, owner: dict[str, Listed]) -> list[Held]:
        with self.posko.store.read() as session:
            known = known_of(session, self.part.listing.files)
            here = {owner[h.name].sha256 for h in self.part.held}
            mine = held_keys(self.posko, session, here | {h.sha256 for h in self.part.held})
            package = session.get_one(Package, self.part.listing.group)
            again = self.part.number in split(package.came)
        if again:  # somebody has a reason to take it once more: what was spoiled here is mended
            mine = self._sound(mine)
        wanted = []
        for held in self.part.held:
            file = owner[held.name]
            if not known[file.sha256].wanted:
                self.strange += 1
            elif file.sha256 in mine or held.sha256 in mine:
                self.held += 1
            else:
                wanted.append(held)
        return wanted

    def _sound(self, mine: Mapping[str, bytes]) -> dict[str, bytes]:
        """Those contents of the vault that can still be read to their end."""
        sound = {}
        for done, (sha256, key) in enumerate(mine.items()):
            self.progress(done, len(mine), "Memeriksa bukti yang ada")
            if not self.posko.vault.verify(sha256, key):
                sound[sha256] = key
        return sound

    def _store(self, held: Held, key: bytes, done: int, total: int) -> None:
        try:
            with self.part.open(held) as stream:
                stored = self.posko.vault.add(
                    cast(BinaryIO, _Bounded(stream, held.size)),
                    key,
                    known=lambda sha256: stored_key(self.posko, sha256),
                    progress=shifted(self.progress, done, total, "Menyimpan bukti"),
                    expected=held.sha256,
                )
        except (OtherContent, zipfile.BadZipFile, zlib.error, EOFError, Damaged):
            self.damaged += 1
        else:
            self._waiting.append((held, stored))

    def _commit(self, owner: dict[str, Listed]) -> None:
        """The rows of what lies in the vault by now, in one transaction."""
        if not self._waiting:
            return
        posko, now = self.posko, self.posko.now()
        gone: list[str] = []
        cut: dict[str, Listed] = {}
        with posko.write() as session:
            for held, stored in self._waiting:
                key = stored.key
                if key and known_key(session, held.sha256) is None:
                    session.add(
                        VaultFile(
                            sha256=held.sha256,
                            key=key,
                            size=stored.size,
                            added_at=now,
                            piece=bool(owner[held.name].chunk),
                        )
                    )
                session.execute(delete(Setting).where(Setting.key == f"{NOTED}{stored.name}"))
                file = owner[held.name]
                if file.chunk:
                    cut[file.sha256] = file
                    self.pieces += 1
                else:
                    note_whole(posko, session, self.part.listing, file)
                    gone += forget_chunks(posko, session, file.sha256)
                    self.whole += 1
            for sha256 in cut:
                recount(posko, session, sha256)
        posko.vault.drop(gone)
        self._waiting.clear()

    def _end(self) -> None:
        """Note that the part came, once, when nothing of it was damaged."""
        posko, listing = self.posko, self.part.listing
        with posko.write() as session:
            package = session.get_one(Package, listing.group)
            came = split(package.came)
            if self.damaged or self.part.number in came:
                return
            package.came = joined(sorted({*came, self.part.number}))
            posko.note(
                session,
                "part.taken",
                listing.group,
                file=self.part.path.name,
                part=self.part.number,
                parts=listing.parts,
                office=listing.sender.office,
                from_device=listing.sender.device,
                whole=self.whole,
                pieces=self.pieces,
            )


class _Bounded:
    """A stream that must be exactly as long as the sender signed."""

    def __init__(self, stream: object, size: int) -> None:
        self._stream, self._left = cast(BinaryIO, stream), size

    def read(self, count: int) -> bytes:
        """The next bytes; BadZipFile when there are more or fewer than there should be."""
        try:
            got = self._stream.read(count)
        except OSError as problem:
            raise UserError(
                "Media berkas ini tidak terbaca lagi. Yang sudah disimpan tetap utuh. "
                "Pasang lagi flashdisknya, lalu terima berkas ini sekali lagi.",
                "source_unreadable",
            ) from problem
        self._left -= len(got)
        if self._left < 0 or (not got and self._left):
            raise zipfile.BadZipFile("a content of another length")
        return got


def _book(posko: Posko, part: OpenPart) -> Path | None:
    """The workbook of the part, proven, as a file in a private folder of its own."""
    if part.book is None:
        return None
    target = new_private(posko) / f"laporan_{part.listing.group[-8:]}.xlsx"
    proven = False
    try:
        proven = _copied(part, part.book, target)
    except OSError as problem:
        raise UserError(
            f"Kiriman Excel di dalam {part.path.name} tidak dapat disalin. Bukti yang sudah "
            "disimpan tetap utuh. Periksa ruang kosong, lalu terima lagi.",
            "private_copy",
        ) from problem
    finally:
        if not proven:
            drop_private(posko, target)
    return target if proven else None


def _copied(part: OpenPart, book: Held, target: Path) -> bool:
    """Whether the new file `target` is the workbook that the sender signed."""
    digest, left = hashlib.sha256(), book.size
    try:
        with part.open(book) as source, target.open("xb") as copy:
            while left >= 0 and (block := source.read(1 << 18)):
                left -= len(block)
                digest.update(block)
                copy.write(block)
    except (zipfile.BadZipFile, zlib.error, EOFError):
        return False
    return not left and digest.hexdigest() == book.sha256
