"""One part of a package as a stored zip: tag files, then content straight out of the vault."""

from __future__ import annotations

import hashlib
import shutil
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from posko_app.app import Posko
from posko_app.errors import UserError
from posko_app.progress import Progress
from posko_app.security import durable
from posko_app.security.cipher import Damaged
from posko_app.security.recipient import seal_stream, sealed_bound

from . import bag
from .contents import Content
from .listing import BOOK, LIST, SIGNATURE, Listing, signed
from .plan import Piece
from .stream import poured
from .words import NOTHING

_STEP = 1 << 18  # bytes read at once


@dataclass(frozen=True, kw_only=True)
class Job:
    """Everything that is fixed before the first part is begun."""

    posko: Posko
    to: str
    group: str
    base: Listing
    private: bytes
    recipients: tuple[str, ...]
    folder: Path
    limit: int
    book: Path | None
    progress: Progress

    @property
    def stem(self) -> str:
        """How the names of all parts begin; told apart by the random end of the package's id."""
        return f"Posko_{self.posko.office.code}_ke_{self.to}_bukti_{self.group[-8:]}"

    @property
    def plain_limit(self) -> int:
        """How long a part may be before it is locked."""
        if not self.recipients:
            return self.limit
        return 2 * self.limit - sealed_bound(self.limit, len(self.recipients))


@dataclass(frozen=True, kw_only=True)
class PartFile:
    """What one part holds: its number, the signed list and its text, contents by SHA-256."""

    number: int
    listing: Listing
    text: str
    pieces: Sequence[Piece]
    contents: Mapping[str, Content]
    book: Path | None


def write_part(job: Job, path: Path, part: PartFile, done: int) -> int:
    """Write and sync the new file `path`; how many bytes of content are written by now.

    Raises UserError for damaged evidence, OSError.
    """
    with path.open("xb") as file:
        if job.recipients:
            with poured(lambda plain: seal_stream(plain, file, job.recipients)) as sink:
                done = _zip(job, sink, part, done)
        else:
            done = _zip(job, file, part, done)
        durable.sync_file(file)
    if path.stat().st_size > job.limit:
        raise ValueError(f"part {part.number} is longer than {job.limit}")
    return done


def blocks(job: Job, content: Content, piece: Piece) -> Iterator[bytes]:
    """The plain bytes of a piece. Raises UserError when the evidence is not whole."""
    left = piece.size
    try:
        with job.posko.vault.open(content.sha256, content.key) as file:
            file.seek(piece.offset)
            while left:
                block = file.read(min(left, _STEP))
                if not block:
                    raise damaged(content)
                left -= len(block)
                yield block
    except Damaged:
        raise damaged(content) from None


def damaged(content: Content) -> UserError:
    """The refusal to send evidence that is not what it was."""
    name = content.items[0].name or content.sha256[:12]
    return UserError(
        f"Bukti {name} rusak di brankas, jadi tidak dapat dikirim. {NOTHING} "
        "Pulihkan brankas dari cadangan, lalu kirim lagi.",
        "evidence_damaged",
    )


def _zip(job: Job, sink: BinaryIO, part: PartFile, done: int) -> int:
    hashes = {name: sha256 for file in part.listing.files for name, sha256, _, _ in file.pieces()}
    total = sum(content.size for content in part.contents.values())
    root = f"{job.stem}_{part.number}dari{part.listing.parts}"
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        for name, tag in _tags(job, part, hashes).items():
            archive.writestr(_entry(job, f"{root}/{name}", len(tag)), tag)
        if part.book and part.listing.book:
            entry = _entry(job, f"{root}/{BOOK}", part.listing.book[1])
            with part.book.open("rb") as source, archive.open(entry, "w") as target:
                shutil.copyfileobj(source, target, _STEP)
        for piece in part.pieces:
            content, digest = part.contents[piece.sha256], hashlib.sha256()
            entry = _entry(job, f"{root}/{bag.PAYLOAD}{piece.name}", piece.size)
            with archive.open(entry, "w") as target:
                for block in blocks(job, content, piece):
                    digest.update(block)
                    target.write(block)
                    done += len(block)
                    job.progress(done, total, "Menulis paket bukti")
            if digest.hexdigest() != hashes[piece.name]:
                raise damaged(content)
    return done


def _tags(job: Job, part: PartFile, hashes: Mapping[str, str]) -> dict[str, bytes]:
    """The files that describe a part, by name."""
    payload = {f"{bag.PAYLOAD}{piece.name}": hashes[piece.name] for piece in part.pieces}
    sizes = [piece.size for piece in part.pieces]
    if part.book and part.listing.book:
        payload[BOOK] = part.listing.book[0]
        sizes.append(part.listing.book[1])
    tags = {
        bag.BAGIT: bag.DECLARATION,
        bag.INFO: bag.info(
            office=job.posko.office.name,
            sender=job.posko.office.code,
            to=job.to,
            group=job.group,
            part=part.number,
            parts=part.listing.parts,
            sizes=sizes,
            on=job.posko.today(),
            practice=job.posko.office.practice,
        ),
        bag.MANIFEST: bag.manifest(payload),
        LIST: part.text,
        SIGNATURE: signed(job.private, part.text),
    }
    raw = {name: content.encode() for name, content in tags.items()}
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in raw.items()}
    return {**raw, bag.TAGS: bag.manifest(digests).encode()}


def _entry(job: Job, name: str, size: int) -> zipfile.ZipInfo:
    at = job.base.made_at.astimezone(job.posko.zone)
    entry = zipfile.ZipInfo(name, (max(1980, at.year), at.month, at.day, at.hour, at.minute, 0))
    entry.file_size = size  # tells the writer in time whether it needs the long form
    entry.external_attr = 0o644 << 16
    return entry
