"""What this office holds of packages: rows of lists and files, evidence that waits for its case.

Content counts as held when its key is a row and its file lies in the vault, whatever brought it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from posko_app.app import Posko
from posko_app.data.tables import Evidence, Package, PackageFile, VaultFile
from posko_app.progress import Progress

from .listing import Listed, Listing, from_text

AT_ONCE = 400


@dataclass(frozen=True)
class Known:
    """What is known here of the evidence of a content.

    `here` are uids whose record has this content, `unknown` those that have not come yet; a record
    that names another content counts as neither.
    """

    here: tuple[str, ...]
    unknown: tuple[str, ...]

    @property
    def wanted(self) -> bool:
        """Whether the content belongs, or may come to belong, to evidence of this office."""
        return bool(self.here or self.unknown)


def known_of(session: Session, files: Sequence[Listed]) -> dict[str, Known]:
    """By SHA-256, whose evidence each content of a list is here."""
    uids = sorted({item.uid for file in files for item in file.items})
    hashes: dict[str, str] = {}
    for some in some_of(uids):
        wanted = select(Evidence.uid, Evidence.sha256).where(Evidence.uid.in_(some))
        hashes |= dict(session.execute(wanted).all())
    return {
        file.sha256: Known(
            tuple(i.uid for i in file.items if hashes.get(i.uid) == file.sha256),
            tuple(i.uid for i in file.items if i.uid not in hashes),
        )
        for file in files
    }


def held_keys(posko: Posko, session: Session, hashes: Collection[str]) -> dict[str, bytes]:
    """The keys of those contents that lie in the vault."""
    found: dict[str, bytes] = {}
    for some in some_of(sorted(hashes)):
        rows = session.scalars(select(VaultFile).where(VaultFile.sha256.in_(some)))
        for row in rows:
            if posko.vault.path(row.sha256, row.key).is_file():
                found[row.sha256] = row.key
    return found


def hashes_of(files: Iterable[Listed]) -> set[str]:
    """The contents of a list and their chunks."""
    return {sha256 for file in files for sha256 in (file.sha256, *file.chunks)}


def welcome(posko: Posko, session: Session, listing: Listing, text: str) -> Package:
    """The row of a package, with the rows of its files, made when its first part comes."""
    row = session.get(Package, listing.group)
    if row is not None:
        return row
    row = Package(
        group_id=listing.group,
        office_code=listing.sender.office,
        office_name=listing.sender.office_name,
        device_id=listing.sender.device,
        made_at=listing.made_at,
        parts=listing.parts,
        came="",
        listing=text,
        seen_at=posko.now(),
    )
    session.add(row)
    known = known_of(session, listing.files)
    held = held_keys(posko, session, hashes_of(listing.files))
    for file in listing.files:
        if known[file.sha256].wanted:
            session.add(
                PackageFile(
                    group_id=listing.group,
                    office_code=listing.sender.office,
                    sha256=file.sha256,
                    evidence_uid=file.items[0].uid,
                    size=file.size,
                    parts=joined(file.parts),
                    have=_have(file, held),
                    complete=file.sha256 in held,
                    seen_at=posko.now(),
                    waiting=",".join(known[file.sha256].unknown),
                )
            )
    session.flush()
    return row


def _have(file: Listed, held: Collection[str]) -> str:
    """The parts of which the chunks of a cut content are here."""
    pairs = zip(file.chunks, file.parts, strict=False)
    return joined(sorted({part for chunk, part in pairs if chunk in held}))


def recount(posko: Posko, session: Session, sha256: str) -> None:
    """Say of a cut content which parts are here, in every package that has it."""
    session.flush()
    rows = select(PackageFile).where(PackageFile.sha256 == sha256, ~PackageFile.complete)
    for row in session.scalars(rows):
        listing = from_text(session.get_one(Package, row.group_id).listing)
        file = next(f for f in listing.files if f.sha256 == sha256)
        row.have = _have(file, held_keys(posko, session, file.chunks))


def note_whole(posko: Posko, session: Session, listing: Listing, file: Listed) -> int:
    """A content is whole now: every package that has it knows, and so does the journal.

    How many pieces of evidence are complete by it; none when it was whole before.
    """
    rows = session.scalars(select(PackageFile).where(PackageFile.sha256 == file.sha256)).all()
    if all(row.complete for row in rows if row.group_id == listing.group):
        return 0
    for row in rows:
        row.complete, row.have = True, row.parts
        row.brought = row.brought or row.group_id == listing.group
    known = known_of(session, [file])[file.sha256]
    for uid in known.here:
        note_received(posko, session, listing, file, uid)
    return len(known.here)


def note_received(posko: Posko, session: Session, listing: Listing, file: Listed, uid: str) -> None:
    """The custody entry of a piece of evidence: it came in a package, with its custody before."""
    item = next(item for item in file.items if item.uid == uid)
    case = session.scalars(select(Evidence.case_uid).where(Evidence.uid == uid)).one()
    posko.note(
        session,
        "evidence.received",
        case,
        evidence=uid,
        sha256=file.sha256,
        group=listing.group,
        office=listing.sender.office,
        from_device=listing.sender.device,
        here=posko.office.code,
        custody=[list(line) for line in item.custody],
    )


def settle(posko: Posko, session: Session) -> int:
    """Write the custody of files that came before the record of their evidence; how many.

    Only the package whose part brought the bytes tells it: any list can name what is here already.
    Called inside the transaction of every import that was applied.
    """
    rows = session.scalars(
        select(PackageFile).where(PackageFile.waiting != "", PackageFile.waiting.is_not(None))
    ).all()
    settled = 0
    lists: dict[str, Listing] = {}
    for row in rows:
        uids = (row.waiting or "").split(",")
        found = session.scalars(
            select(Evidence.uid).where(Evidence.uid.in_(uids), Evidence.sha256 == row.sha256)
        ).all()
        if not found:
            continue
        if row.complete and row.brought:
            if row.group_id not in lists:
                package = session.get(Package, row.group_id)
                if package is None:
                    continue
                lists[row.group_id] = from_text(package.listing)
            listing = lists[row.group_id]
            file = next(f for f in listing.files if f.sha256 == row.sha256)
            for uid in found:
                note_received(posko, session, listing, file, uid)
            settled += len(found)
        row.waiting = ",".join(uid for uid in uids if uid not in found)
    return settled


def shifted(progress: Progress, before: int, whole: int, said: str) -> Progress:
    """The progress of a part of the work, as part of all of it."""

    def report(done: int, total: int, text: str = "") -> None:
        progress(before + done, whole, said)

    return report


def joined(numbers: Iterable[int]) -> str:
    """Numbers as a row keeps them."""
    return ",".join(str(number) for number in numbers)


def split(numbers: str) -> tuple[int, ...]:
    """Numbers out of a row."""
    return tuple(int(number) for number in numbers.split(",") if number)


def some_of(items: Sequence[str]) -> Iterable[Sequence[str]]:
    """The items by as many as one question may name."""
    for start in range(0, len(items), AT_ONCE):
        yield items[start : start + AT_ONCE]
