"""Devices that exist twice (a copied folder, a cloned disk): proven by files, remembered, told on.

Records prove it in `merge.twin_proof`; here the numbers of exports do. A device that was proven to
exist twice stays in the list for good, every export names it, and what its version vectors claim
about itself is not believed any more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from posko_app.data import record as records
from posko_app.data.tables import Export, ForkedDevice, Import, Office, Peer, Sync

from .ledger import ACCEPTED
from .manifest import Manifest
from .trust import verdict_of_key

SEEN_IN_RECORDS = "dua catatan yang tidak mungkin dibuat satu komputer"
NAMED_BY_OTHERS = "diberitahukan kantor lain"
Shipment = tuple[int, str, str]
"""Number and id of an export, and the id of the one before it on the same channel."""


def forked(session: Session) -> frozenset[str]:
    """Every device known to exist twice."""
    return frozenset(session.scalars(select(ForkedDevice.device_id)))


def believed(session: Session, manifest: Manifest | None) -> frozenset[str]:
    """The devices to be taken as existing twice while this file is judged.

    What a signed file itself names counts when its sender's key was known before it came.
    """
    known = forked(session)
    if manifest is not None and verdict_of_key(session, manifest) == "trusted":
        known |= frozenset(manifest.forked)
    return known


def file_twin(session: Session, manifest: Manifest) -> str:
    """How this file proves that its sender's device exists twice, for people; empty: it does not.

    Two exports with one number, or an export that names another one before it than came here. The
    same file once more, a lost file, and any order of arrival prove nothing.
    """
    if manifest.outside:
        return ""
    office = session.scalars(select(Office)).one()
    if manifest.device == office.device_id:
        return _twin_of_ours(session, manifest)
    of_channel = select(Import.seq, Import.export_uid, Import.prev).where(
        Import.device_id == manifest.device,
        Import.verdict == ACCEPTED,
        Import.seq.between(max(1, manifest.seq - 1), manifest.seq + 1),
    )
    held = [(n, part.partition("#")[0], before) for n, part, before in session.execute(of_channel)]
    return broken_order(held, (manifest.seq, manifest.xid, manifest.prev))


def broken_order(held: Iterable[Shipment], came: Shipment) -> str:
    """Why an export cannot come from the device that made those `held` of its channel, or empty."""
    seq, xid, prev = came
    for other, other_xid, other_prev in held:
        if other == seq and other_xid != xid:
            return f"dua kiriman berbeda sama-sama bernomor {seq}"
        if other == seq - 1 and other_xid != prev:
            return f"kiriman {seq} tidak menyambung kiriman {other} yang ada di sini"
        if other == seq + 1 and other_prev not in ("", xid):
            return f"kiriman {other} yang ada di sini tidak menyambung kiriman {seq}"
    return ""


def twin_warnings(
    session: Session, manifest: Manifest, proven: Collection[str], proof: str
) -> tuple[str, ...]:
    """What to tell somebody who looks at a file that proves or names twins, one sentence each."""
    own = session.scalars(select(Office)).one()
    names = dict(session.execute(select(Peer.device_id, Peer.office_name)).all())
    names[own.device_id] = "kantor ini"
    told = []
    for device in sorted(proven):
        whose = names.get(device, manifest.office_name if device == manifest.device else "")
        why = proof if proof and device == manifest.device else SEEN_IN_RECORDS
        told.append(
            f"Identitas komputer {device}{f' ({whose})' if whose else ''} dipakai dua komputer: "
            f"{why}. Tidak ada isian yang dibuang. Minta kantor itu memilih Jadikan perangkat "
            "baru di salah satunya."
        )
    news = believed(session, manifest) - forked(session) - frozenset(proven)
    told += [
        f"Pengirim memberi tahu bahwa identitas komputer {device} dipakai dua komputer."
        for device in sorted(news)
    ]
    return tuple(told)


def remember_fork(
    session: Session, device: str, proof: str, at: datetime, *, office: str = "", source: str = ""
) -> bool:
    """Keep that `device` exists twice; False when that was known.

    `source` is the device that told of it, empty when it showed here. Everything the device ever
    wrote goes out once more with the next exports: what a neighbour dropped because the twin's
    numbers claimed to know it comes back to them.
    """
    device = records.home(device)
    if session.get(ForkedDevice, device) is not None:
        return False
    own = session.scalars(select(Office)).one()
    if not office:
        of_peer = select(Peer.office_code).where(Peer.device_id == device)
        office = session.scalar(of_peer) or (own.region_code if device == own.device_id else "")
    session.add(
        ForkedDevice(device_id=device, office_code=office, proof=proof, source=source, found_at=at)
    )
    own.lsn += 1
    session.flush()
    session.execute(update(Sync).where(_touched_by(device)).values(lsn=own.lsn))
    return True


def remember_forks(
    session: Session,
    manifest: Manifest | None,
    in_records: Iterable[str],
    at: datetime,
    since: int,
) -> tuple[str, ...]:
    """Keep every device an accepted file proves or names to exist twice; the ones new here.

    `in_records` are those that its records prove, `since` our sequence number before they were
    stored. What the file names is believed only when its sender's key was known before: call this
    before the sender is greeted, and after its records are stored. A file without a signature (no
    manifest) proves nothing.
    """
    if manifest is None:
        return ()
    found = []
    own = session.scalars(select(Office)).one()
    proof = file_twin(session, manifest)
    if proof and remember_fork(session, manifest.device, proof, at, office=manifest.office):
        found.append(manifest.device)
    if _wrote_in_our_name(session, own, since):
        in_records = (*in_records, own.device_id)
    for device in in_records:
        if remember_fork(session, device, SEEN_IN_RECORDS, at):
            found.append(device)
    if verdict_of_key(session, manifest) == "trusted":
        for device in manifest.forked:
            if remember_fork(session, device, NAMED_BY_OTHERS, at, source=manifest.device):
                found.append(device)
    return tuple(found)


def _wrote_in_our_name(session: Session, own: Office, since: int) -> bool:
    """Whether records that just came hold writes of this device which it never made."""
    came = select(Sync.version).where(Sync.lsn > since, _touched_by(own.device_id))
    numbers = (records.loads(v)["v"].get(own.device_id, 0) for v in session.scalars(came))
    return max(numbers, default=0) > own.counter


def _twin_of_ours(session: Session, manifest: Manifest) -> str:
    """An export in our own name that we never made."""
    made = session.scalar(select(Export.uid).where(Export.uid == manifest.xid))
    return "" if made else "ada kiriman atas nama komputer ini yang tidak dibuat di sini"


def _touched_by(device: str) -> ColumnElement[bool]:
    """Records in whose version vector the device stands."""
    return Sync.version.contains(f'"{device}":', autoescape=True)
