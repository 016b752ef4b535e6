"""A device that takes a new identity is vouched for by its former one."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from posko_app.security.certificates import GOOD, Certificate, make_certificate

from .tables import Office, TrustedKey


def succeed(session: Session, device: str, private: bytes, public: bytes) -> None:
    """Let the former identity of this device vouch for the new one.

    Call it when the office row holds the new id and key. Offices that trust the old key trust the
    new one, which gives nothing away: whoever holds the old key could sign with it anyway. The old
    one stays known here, as a device of this office.
    """
    own = session.scalars(select(Office)).one()
    at = datetime.fromtimestamp(max(own.hlc // 1000, int(own.made_at.timestamp())), UTC)
    line = make_certificate(
        Certificate(
            signer_office=own.region_code,
            signer_device=device,
            office=own.region_code,
            device=own.device_id,
            public_key=own.device_public,
            recipient=own.recipient_public,
            state=GOOD,
            version=int(at.timestamp()),
        ),
        private,
    )
    for name, key, certificate in (
        (device, public, ""),
        (own.device_id, own.device_public, line),
    ):
        session.merge(
            TrustedKey(
                device_id=name,
                office_code=own.region_code,
                public_key=key,
                recipient="",
                state="trusted",
                certificate=certificate,
                signed_by="",
                version=int(at.timestamp()),
                decided_by="",
                second_by="",
                reason="komputer ini sendiri",
                decided_at=at,
            )
        )
    session.flush()
