"""The roster of keys: who vouches for whom, sent with every workbook and taken in with versions.

An office signs for its own other devices and for the offices directly below it, and passes on what
it was told. Revoking is final: whatever comes later or from an older roster, a revoked key stays
revoked, so the order in which rosters arrive never matters.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from posko_app.app import Posko
from posko_app.data.tables import ForkedDevice, Office, Peer, TrustedKey
from posko_app.security.certificates import (
    GOOD,
    Certificate,
    is_signed_by,
    make_certificate,
    may_vouch,
    read_certificate,
)
from posko_app.security.certificates import REVOKED as GONE
from posko_app.security.recipient import is_recipient

from .manifest import Manifest

PINNED, TRUSTED, REVOKED = "pinned", "trusted", "revoked"
"""States of a key: confirmed by its words, vouched for or decided by two, taken back."""
GOOD_STATES = (PINNED, TRUSTED)
ROOM = 14_000  # letters of a roster: it shares one cell with the rest of the head


@dataclass(frozen=True)
class Taken:
    """What a roster changed here: devices that are trusted now, and those that no longer are."""

    added: tuple[str, ...]
    revoked: tuple[str, ...]


def is_vouched_for(session: Session, manifest: Manifest) -> bool:
    """Whether somebody who may do so vouches for the very key that signed this file."""
    for line, certificate in _read(manifest.certificate.splitlines()):
        same = (certificate.device, certificate.public_key, certificate.office) == (
            manifest.device,
            manifest.public_key,
            manifest.office,
        )
        if same and certificate.state == GOOD and _is_believed(session, line, certificate):
            return True
    return False


def roster_for(session: Session, to: str) -> str:
    """The certificates that an office can use: revoked keys first, then its own, then others.

    Cut where the room in the head of a workbook ends; a roster never claims to be complete.
    """
    own = session.scalars(select(Office)).one()
    rows = session.scalars(select(TrustedKey).where(TrustedKey.device_id != own.device_id)).all()
    lines: list[tuple[tuple[bool, bool, bool, str], str]] = []
    for row in rows:
        rank = (
            row.state in GOOD_STATES,
            row.office_code != to,
            row.office_code != own.region_code,
            row.device_id,
        )
        if may_vouch(own.region_code, row.office_code, to):
            lines.append((rank, _certify(own, row)))
        lines += [
            (rank, line)
            for line, told in _read(row.certificate.splitlines())
            if may_vouch(told.signer_office, told.office, to)
        ]
    kept, room = [], ROOM
    for _, line in sorted(lines):
        room -= len(line) + 1
        if room < 0:
            break
        kept.append(line)
    return "\n".join(kept)


def introduction(session: Session, to: str) -> dict[str, str]:
    """How this device introduces itself and others in the head of an export to `to`."""
    own = session.scalars(select(Office)).one()
    return {
        "label": own.device_label,
        "recipient": own.recipient_public,
        "certificate": own_certificate(session),
        "roster": roster_for(session, to),
    }


def own_certificate(session: Session) -> str:
    """What others vouch for about this device's own key; empty while nobody did."""
    own = session.scalars(select(Office)).one()
    row = session.get(TrustedKey, own.device_id)
    return row.certificate if row is not None and row.public_key == own.device_public else ""


def take_roster(posko: Posko, session: Session, manifest: Manifest) -> Taken:
    """Take in the certificates of an accepted file, as far as their signers may give them.

    One certificate may introduce the signer of another one, so they are gone through until nothing
    new is believed.
    """
    waiting = list(_read([*manifest.certificate.splitlines(), *manifest.roster.splitlines()]))
    added: list[str] = []
    revoked: list[str] = []
    while True:
        left = []
        for line, certificate in waiting:
            if not _is_believed(session, line, certificate):
                left.append((line, certificate))
                continue
            change = _take(session, line, certificate, posko.now())
            added += [certificate.device] * (change == "added")
            revoked += [certificate.device] * (change == "revoked")
        session.flush()
        if len(left) == len(waiting):
            break
        waiting = left
    sender = session.get(TrustedKey, manifest.device)  # perhaps known since a moment ago
    if sender is not None and is_recipient(manifest.recipient):  # said by itself, and signed
        sender.recipient = manifest.recipient
    _put_twin_aside(posko, session, manifest)
    if added or revoked:
        posko.note(session, "roster.taken", "", from_device=manifest.device, added=added,
                   revoked=revoked)  # fmt: skip
    return Taken(tuple(added), tuple(revoked))


def _put_twin_aside(posko: Posko, session: Session, manifest: Manifest) -> None:
    """Wait no more for a device that exists twice once it made itself a new one.

    Else its office would get everything for ever. If the other of the two still makes exports
    under the old name, it is waited for again (`ledger.advance`), and nothing is missed.
    """
    met = session.scalar(select(Peer).where(Peer.device_id == manifest.device))
    if met is None or met.received_seq:
        return  # only when it is new: from then on both may be heard
    for line, told in _read(manifest.certificate.splitlines()):
        itself = (told.device, told.office) == (manifest.device, manifest.office)
        if not itself or told.signer_office != told.office:
            continue
        former = session.scalar(select(Peer).where(Peer.device_id == told.signer_device))
        twin = session.get(ForkedDevice, told.signer_device) is not None
        waited = former is not None and former.retired_at is None
        if twin and waited and _is_believed(session, line, told):
            _retire_peer(session, told.signer_device, posko.now())
            posko.note(session, "device.retired", "", device_id=told.signer_device,
                       reason=f"menjadi {manifest.device}")  # fmt: skip


def _read(lines: Iterable[str]) -> Iterator[tuple[str, Certificate]]:
    """The certificates among these lines; what is none, or of a later kind, is passed over."""
    for line in lines:
        try:
            yield line, read_certificate(line)
        except ValueError:
            continue


def _is_believed(session: Session, line: str, certificate: Certificate) -> bool:
    """Whether a certificate is genuine and its signer, known here, may vouch for that office."""
    own = session.scalars(select(Office)).one()
    if certificate.signer_device in (certificate.device, own.device_id):
        return False
    signer = session.get(TrustedKey, certificate.signer_device)
    return (
        signer is not None
        and signer.state in GOOD_STATES
        and signer.office_code == certificate.signer_office
        and may_vouch(certificate.signer_office, certificate.office, own.region_code)
        and is_signed_by(line, signer.public_key)
    )


def _take(session: Session, line: str, told: Certificate, at: datetime) -> str:
    """Keep one certificate; `added`, `revoked`, or empty when it says nothing new."""
    row = session.get(TrustedKey, told.device)
    if row is None:
        session.add(
            TrustedKey(
                device_id=told.device,
                office_code=told.office,
                public_key=told.public_key,
                recipient=told.recipient,
                state=TRUSTED if told.state == GOOD else REVOKED,
                certificate=line,
                signed_by=told.signer_device,
                version=told.version,
                decided_by="",
                reason="",
                decided_at=at,
            )
        )
        if told.state == GONE:
            _retire_peer(session, told.device, at)
        return "added" if told.state == GOOD else "revoked"
    if (row.public_key, row.office_code) != (told.public_key, told.office):
        return ""  # a key never changes by hearsay
    if told.state == GONE:
        if row.state not in GOOD_STATES:
            return ""
        row.state, row.certificate = REVOKED, line
        row.signed_by, row.version = told.signer_device, max(row.version, told.version)
        _retire_peer(session, told.device, at)
        return "revoked"
    if row.state in GOOD_STATES:
        _renew(row, line, told)
    return ""


def _renew(row: TrustedKey, line: str, told: Certificate) -> None:
    """Keep the newest certificate of each signing office, and the newest key to lock for."""
    kept = {c.signer_office: (c.version, text) for text, c in _read(row.certificate.splitlines())}
    version, _ = kept.get(told.signer_office, (-1, ""))
    if told.version > version:
        kept[told.signer_office] = (told.version, line)
        row.certificate = "\n".join(text for _, text in kept.values())
        row.signed_by = row.signed_by or told.signer_device
    if told.version > row.version or not row.recipient:
        row.recipient = told.recipient or row.recipient
        row.version = max(row.version, told.version)


def _retire_peer(session: Session, device: str, at: datetime) -> None:
    peer = session.scalar(select(Peer).where(Peer.device_id == device))
    if peer is not None and peer.retired_at is None:
        peer.retired_at = at


def _certify(own: Office, row: TrustedKey) -> str:
    return make_certificate(
        Certificate(
            signer_office=own.region_code,
            signer_device=own.device_id,
            office=row.office_code,
            device=row.device_id,
            public_key=row.public_key,
            recipient=row.recipient,
            state=GOOD if row.state in GOOD_STATES else GONE,
            version=row.version,
        ),
        own.device_private,
    )
