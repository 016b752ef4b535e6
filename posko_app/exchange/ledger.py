"""What went to and came from each office: sequence, acknowledgements, gaps, and their lists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from posko_app.app import Posko, use_case
from posko_app.data.tables import Export, ForkedDevice, Import, Office, Peer, TrustedKey

from .manifest import Manifest, part_id

ACCEPTED, REFUSED = "accepted", "refused"


@dataclass(frozen=True)
class Channel:
    """Where the channel to an office stands before the next export.

    `frm`: everything up to this local sequence number is acknowledged. `acks` tells each device
    of that office how far it was heard here.
    """

    frm: int
    seq: int
    prev: str
    acks: Mapping[str, tuple[int, int, str]]


@dataclass(frozen=True)
class SentLine:
    """One export in the ledger; `acked_at` is None while no receipt has come back."""

    uid: str
    to_code: str
    to_name: str
    seq: int
    rows: int
    profile: str
    file_name: str
    made_at: datetime
    made_by: str
    acked_at: datetime | None


@dataclass(frozen=True)
class ReceivedLine:
    """One file that was imported or refused."""

    uid: str
    file_name: str
    office_code: str
    office_name: str
    seq: int
    verdict: str
    reason: str
    new: int
    updated: int
    same: int
    conflicts: int
    rejected: int
    applied_at: datetime
    applied_by: str
    sha256: str
    undone_at: datetime | None = None


@dataclass(frozen=True)
class PeerLine:
    """A device of another office: how far each side has heard the other."""

    office_code: str
    office_name: str
    level: str
    device_id: str
    public_key: bytes
    received_seq: int
    received_lsn: int
    acked_lsn: int
    seen_at: datetime


@dataclass(frozen=True)
class Ledger:
    """Exports and imports, newest first, and the offices known here."""

    sent: tuple[SentLine, ...]
    received: tuple[ReceivedLine, ...]
    peers: tuple[PeerLine, ...]


@use_case("office.read")
def ledger(posko: Posko, limit: int = 200) -> Ledger:
    """The newest `limit` exports and imports, and every office heard of."""
    with posko.store.read() as session:
        peers = session.scalars(select(Peer).order_by(Peer.office_code, Peer.seen_at)).all()
        sent = session.scalars(
            select(Export).order_by(Export.made_at.desc(), Export.id.desc()).limit(limit)
        ).all()
        received = session.scalars(
            select(Import).order_by(Import.applied_at.desc(), Import.id.desc()).limit(limit)
        ).all()
        names = {p.office_code: p.office_name for p in peers}
        return Ledger(
            sent=tuple(_sent(posko, e, names) for e in sent),
            received=tuple(_received(i, names) for i in received),
            peers=tuple(
                PeerLine(
                    p.office_code,
                    p.office_name,
                    p.level,
                    p.device_id,
                    p.public_key,
                    p.received_seq,
                    p.received_lsn,
                    p.acked_lsn,
                    p.seen_at,
                )
                for p in peers
            ),
        )


@use_case("office.read")
def sent_ids(posko: Posko) -> frozenset[str]:
    """The ids of all exports that were made with this database."""
    with posko.store.read() as session:
        return frozenset(session.scalars(select(Export.uid)))


def channel(session: Session, to_code: str) -> Channel:
    """The next sequence number to an office, and from where on it needs to be told.

    An office with several devices has heard what the slowest of them acknowledged; one that never
    acknowledged anything gets everything. A device that was replaced or lost is not waited for.
    Where a device exists twice, what one of the two heard or sent says nothing of the other, so
    everything goes both ways.
    """
    twins = set(session.scalars(select(ForkedDevice.device_id)))
    own = session.scalars(select(Office.device_id)).one()
    live = select(Peer).where(Peer.office_code == to_code, Peer.retired_at.is_(None))
    peers = session.scalars(live).all()
    last = session.execute(
        select(Export.seq, Export.uid)
        .where(Export.to_code == to_code, ~Export.outside)
        .order_by(Export.seq.desc())
        .limit(1)
    ).first()
    heard = [0 if {p.device_id, own} & twins else p.acked_lsn for p in peers]
    return Channel(
        frm=min(heard, default=0),
        seq=last[0] + 1 if last else 1,
        prev=last[1] if last else "",
        acks={
            p.device_id: (
                0 if p.device_id in twins else p.received_lsn,
                p.received_seq,
                p.received_xid,
            )
            for p in peers
        },
    )


def missing_seqs(peer: Peer | None, manifest: Manifest) -> tuple[int, ...]:
    """The export numbers whose content is not here and not covered by this file."""
    if manifest.outside:
        return ()
    heard_lsn, heard_seq = (peer.received_lsn, peer.received_seq) if peer else (0, 0)
    if manifest.frm <= heard_lsn:
        return ()
    return tuple(range(heard_seq + 1, manifest.seq)) or (heard_seq,)


def advance(session: Session, peer: Peer, manifest: Manifest, own_device: str, lsn: int) -> None:
    """Move the channel after an accepted file, whose `Import` row must be there already.

    A copy beside the channel moves nothing. The channel moves when all parts of an export are in,
    each with all its rows, and nothing before them is missing.
    """
    if manifest.outside:
        return
    ack = manifest.acks.get(own_device)
    if ack is not None:
        take_receipt(session, peer, ack[0], manifest.made_hlc // 1000, lsn, peer.seen_at)
    _use_again(session, peer, manifest, ack)
    ids = [part_id(manifest.xid, n, manifest.parts) for n in range(1, manifest.parts + 1)]
    have = session.scalar(
        select(func.count(func.distinct(Import.export_uid))).where(
            Import.export_uid.in_(ids),
            Import.device_id == manifest.device,
            Import.verdict == ACCEPTED,
            Import.undone_at.is_(None),
            Import.rejected == 0,  # a part whose rows were not all taken must come again
        )
    )
    if have == len(ids) and manifest.frm <= peer.received_lsn:
        peer.received_lsn = max(peer.received_lsn, manifest.upto)
        if manifest.seq >= peer.received_seq:
            peer.received_seq, peer.received_xid = manifest.seq, manifest.xid


@dataclass(frozen=True)
class ReceiptChange:
    """What a receipt did: exports that count as received now; `stale` when it was too old."""

    confirmed: tuple[int, ...]
    stale: bool


def take_receipt(
    session: Session, peer: Peer, said: int, made: int, lsn: int, at: datetime
) -> ReceiptChange:
    """Note that `peer` holds our records up to the sequence number `said`, at its second `made`.

    It may be less than before: then what is missing there goes out again. Never believed from an
    older receipt than the newest one. More than our own `lsn` means that this database is older
    than what was sent from it once; no number of that device is worth anything then, so all goes
    out until this computer is a new device.
    """
    if made < peer.acked_made:
        return ReceiptChange((), stale=True)
    peer.acked_made = made
    if said > lsn:
        peer.ahead_lsn = max(peer.ahead_lsn, said)
    peer.acked_lsn = 0 if peer.ahead_lsn else said
    session.flush()
    confirmed = []
    for export in session.scalars(
        select(Export).where(
            Export.to_code == peer.office_code,
            ~Export.outside,  # no receipt speaks of a copy
            Export.upto_lsn <= peer.acked_lsn,
            Export.acked_at.is_(None),
        )
    ):
        export.acked_at = at
        confirmed.append(export.seq)
    heard = session.scalar(
        select(func.max(Peer.acked_lsn)).where(Peer.office_code == peer.office_code)
    )
    session.execute(
        update(Export)
        .where(Export.to_code == peer.office_code, ~Export.outside, Export.upto_lsn > (heard or 0))
        .values(acked_at=None)
    )
    return ReceiptChange(tuple(sorted(confirmed)), stale=False)


def _use_again(
    session: Session, peer: Peer, manifest: Manifest, ack: tuple[int, int, str] | None
) -> None:
    """A device that was put aside and still makes exports is in use, unless it was revoked.

    Its clock may be years behind; then the export of ours that it says it holds tells. Of one that
    exists twice the two clocks tell nothing: whatever comes for the first time counts.
    """
    if peer.retired_at is None:
        return
    if session.get(ForkedDevice, peer.device_id) is not None:
        taken = select(func.count()).select_from(Import)
        same = taken.where(Import.export_uid == manifest.part_id, Import.verdict == ACCEPTED)
        later = session.scalar(same) == 1
    else:
        held = select(Export.made_at).where(Export.uid == (ack[2] if ack else ""))
        made = session.scalar(held)
        by_clock = manifest.made_hlc > peer.retired_at.timestamp() * 1000
        later = by_clock or (made is not None and made > peer.retired_at)
    if later:
        key = session.get(TrustedKey, peer.device_id)
        if key is None or key.state != "revoked":
            peer.retired_at = None


def _sent(posko: Posko, row: Export, names: Mapping[str, str]) -> SentLine:
    region = posko.regions.get(row.to_code)
    return SentLine(
        row.uid,
        row.to_code,
        names.get(row.to_code) or (region.name if region else row.to_code),
        row.seq,
        row.rows,
        row.profile,
        row.file_name,
        row.made_at,
        row.made_by,
        row.acked_at,
    )


def _received(row: Import, names: Mapping[str, str]) -> ReceivedLine:
    return ReceivedLine(
        row.uid,
        row.file_name,
        row.office_code,
        names.get(row.office_code, row.office_code),
        row.seq,
        row.verdict,
        row.reason,
        row.new,
        row.updated,
        row.same,
        row.conflicts,
        row.rejected,
        row.applied_at,
        row.applied_by,
        row.sha256,
        row.undone_at,
    )
