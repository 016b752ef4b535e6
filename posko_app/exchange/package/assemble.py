"""Chunks that came are put together when all are here; and what a crash left is set right."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import BinaryIO, Literal, TypeAlias, cast

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from posko_app.app import Posko, use_case
from posko_app.cases.abandoned import NOTED, drafts_of, note_files
from posko_app.cases.evidence import known_key, stored_key
from posko_app.data.tables import (
    Evidence,
    Letter,
    Package,
    PackageFile,
    PreventionFile,
    Setting,
    VaultFile,
)
from posko_app.data.vault import OtherContent, name_of
from posko_app.progress import Progress, silent
from posko_app.security.cipher import Damaged, SealedFile, new_key

from .listing import Listed, Listing, from_text
from .shelf import held_keys, joined, note_whole, shifted, some_of, split

Made: TypeAlias = Literal["whole", "waits", "discarded"]


def assemble(posko: Posko, listing: Listing, file: Listed, progress: Progress = silent) -> Made:
    """Put a cut content together when all its chunks are here.

    `waits` while some lack, or when it is whole already; `discarded` when the total proves wrong:
    then its chunks are thrown away and must come again. Raises UserError, Cancelled.
    """
    with posko.store.read() as session:
        keys = held_keys(posko, session, {file.sha256, *file.chunks})
    if file.sha256 in keys or any(chunk not in keys for chunk in file.chunks):
        return "waits"
    key = new_key()
    note_files(posko, [name_of(file.sha256, key)])
    source = _Joined(posko, [(chunk, keys[chunk]) for chunk in file.chunks])

    try:
        with source:
            stored = posko.vault.add(
                cast(BinaryIO, source),
                key,
                known=lambda sha256: stored_key(posko, sha256),
                progress=shifted(progress, 0, file.size, "Menyatukan berkas besar"),
                expected=file.sha256,
            )
    except (OtherContent, Damaged):
        _discard(posko, listing, file)
        return "discarded"
    with posko.write() as session:
        if stored.key and known_key(session, file.sha256) is None:
            session.add(
                VaultFile(
                    sha256=file.sha256, key=stored.key, size=stored.size, added_at=posko.now()
                )
            )
        session.execute(delete(Setting).where(Setting.key == f"{NOTED}{stored.name}"))
        note_whole(posko, session, listing, file)
        gone = forget_chunks(posko, session, file.sha256)
    posko.vault.drop(gone)
    return "whole"


@use_case("case.read")
def is_torn(posko: Posko) -> bool:
    """Whether something came whole that nobody put together: the program ended in between."""
    with posko.store.read() as session:
        torn = select(PackageFile.id).where(
            ~PackageFile.complete, PackageFile.have == PackageFile.parts
        )
        return session.execute(torn.limit(1)).first() is not None


@use_case("case.read")
def mend(posko: Posko, progress: Progress = silent) -> int:
    """Set right what a crash or an older run left of packages; how many contents became whole.

    Unfinished files were taken away, or finished, by the vault when the office was opened.
    """
    with posko.store.read() as session:
        open_rows = session.execute(
            select(PackageFile.group_id, PackageFile.sha256).where(~PackageFile.complete)
        ).all()
        lists = {
            group: from_text(text)
            for group, text in session.execute(
                select(Package.group_id, Package.listing).where(
                    Package.group_id.in_({row.group_id for row in open_rows})
                )
            )
        }
        held = held_keys(posko, session, {row.sha256 for row in open_rows})
    made = 0
    for group, sha256 in open_rows:
        file = next((f for f in lists[group].files if f.sha256 == sha256), None)
        if file is None:
            continue
        if sha256 in held:
            with posko.write() as session:
                for row in session.scalars(select(PackageFile).where(PackageFile.sha256 == sha256)):
                    row.complete, row.have = True, row.parts
                gone = forget_chunks(posko, session, sha256)
            posko.vault.drop(gone)
            made += 1
        elif file.chunk:
            made += assemble(posko, lists[group], file, progress) == "whole"
    _forget_left(posko)
    return made


def _forget_left(posko: Posko) -> None:
    """Take chunks away that stayed for a draft nobody could read, or one that is gone by now."""
    with posko.store.read() as session:
        chunks = set(session.scalars(select(VaultFile.sha256).where(VaultFile.piece.is_(True))))
        if not chunks - _named(posko, session, "", chunks):
            return
    with posko.write() as session:
        gone = _forget(posko, session, "", chunks)
    posko.vault.drop(gone)


def _discard(posko: Posko, listing: Listing, file: Listed) -> None:
    """Throw away the chunks of a content whose total is wrong."""
    with posko.write() as session:
        rows = select(PackageFile).where(PackageFile.sha256 == file.sha256)
        for row in session.scalars(rows):
            row.have = ""
        for package in session.scalars(select(Package).where(Package.group_id == listing.group)):
            package.came = joined(part for part in split(package.came) if part not in file.parts)
        gone = forget_chunks(posko, session, file.sha256)
    posko.vault.drop(gone)


def forget_chunks(posko: Posko, session: Session, sha256: str) -> list[str]:
    """Take the rows of all chunks of a content away; the names of their files in the vault.

    The names are noted first: after a crash they are taken away on a later day. Called when the
    content is whole, whichever package brought it, or its chunks proved wrong.
    """
    groups = select(PackageFile.group_id).where(
        PackageFile.sha256 == sha256, PackageFile.parts.contains(",")
    )
    texts = session.scalars(select(Package.listing).where(Package.group_id.in_(groups)))
    chunks = {
        chunk
        for text in texts
        for file in from_text(text).files
        if file.sha256 == sha256
        for chunk in file.chunks
    }
    return _forget(posko, session, sha256, chunks)


def _forget(posko: Posko, session: Session, whole: str, chunks: Collection[str]) -> list[str]:
    """Only what came as a chunk and nothing else names: a list may say of anything that it is one.

    A chunk that was here before, as whatever it came, has no mark and stays.
    """
    marked = [row for some in some_of(sorted(chunks)) for row in session.scalars(
        select(VaultFile).where(VaultFile.sha256.in_(some), VaultFile.piece.is_(True))
    )]  # fmt: skip
    used = _named(posko, session, whole, {row.sha256 for row in marked})
    gone = []
    for row in marked:
        if row.sha256 not in used:
            name = name_of(row.sha256, row.key)
            gone.append(name)
            session.merge(Setting(key=f"{NOTED}{name}", value=_instant(posko)))
            session.delete(row)
    return gone


def _named(posko: Posko, session: Session, whole: str, chunks: set[str]) -> set[str]:
    """Those of the chunks of `whole` that a record, a draft or another open content needs."""
    used: set[str] = set()
    for some in some_of(sorted(chunks)):
        for column in (Evidence.sha256, PreventionFile.sha256, Letter.sha256, PackageFile.sha256):
            used |= set(session.scalars(select(column).where(column.in_(some))))
    texts = drafts_of(posko, session) if chunks - used else ()
    if texts is None:
        return chunks
    others = select(PackageFile.group_id).where(
        ~PackageFile.complete, PackageFile.sha256 != whole, PackageFile.parts.contains(",")
    )
    lists = session.scalars(select(Package.listing).where(Package.group_id.in_(others)))
    for text in lists if chunks - used else ():
        used |= {chunk for file in from_text(text).files if file.sha256 != whole
                 for chunk in file.chunks if chunk in chunks}  # fmt: skip
    return used | {chunk for chunk in chunks if any(chunk in text for text in texts)}


def _instant(posko: Posko) -> str:
    return f'"{posko.now().isoformat()}"'


class _Joined:
    """Several files of the vault as one stream."""

    def __init__(self, posko: Posko, parts: Sequence[tuple[str, bytes]]) -> None:
        self._posko, self._parts = posko, list(parts)
        self._file: SealedFile | None = None

    def __enter__(self) -> _Joined:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()

    def read(self, count: int) -> bytes:
        """The next bytes, at most `count`; empty at the end of the last file."""
        while True:
            if self._file is None:
                if not self._parts:
                    return b""
                self._file = self._posko.vault.open(*self._parts.pop(0))
            if got := self._file.read(count):
                return got
            self._file.close()
            self._file = None
