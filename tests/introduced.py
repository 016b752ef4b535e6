"""Offices whose people have compared the six words of their keys, as after a first phone call."""

from __future__ import annotations

from sqlalchemy import select

from posko_app.app import Posko
from posko_app.data.tables import Office, TrustedKey


def introduce(*offices: Posko) -> None:
    """Let every office know the key of every other one; who is known already stays as they are."""
    keys = {}
    for posko in offices:
        with posko.store.read() as session:
            own = session.scalars(select(Office)).one()
            keys[own.device_id] = (own.region_code, own.device_public, own.recipient_public)
    for posko in offices:
        with posko.write() as session:
            for device, (code, public, recipient) in keys.items():
                known = session.get(TrustedKey, device) is not None
                if known or device == posko.office.device_id:
                    continue
                session.add(
                    TrustedKey(
                        device_id=device,
                        office_code=code,
                        public_key=public,
                        recipient=recipient,
                        state="pinned",
                        decided_by="petugas",
                        decided_at=posko.now(),
                    )
                )
