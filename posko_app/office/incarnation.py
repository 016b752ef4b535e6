"""Becoming a new device because somebody asked for it: when two computers use one identity."""

from __future__ import annotations

from sqlalchemy import select

from posko_app.app import Posko, renew_device, use_case
from posko_app.data.tables import ForkedDevice


@use_case("office.settings")
def become_new_device(posko: Posko) -> str:
    """Take a new identity on this computer; gives the sentence that says so."""
    renew_device(posko, "asked")
    return posko.news[0]


@use_case("office.read")
def own_twin(posko: Posko) -> str:
    """What to say when this computer's identity is used by another one too; empty: it is not."""
    with posko.store.read() as session:
        own = ForkedDevice.device_id == posko.office.device_id
        proof = session.scalar(select(ForkedDevice.proof).where(own))
    if proof is None:
        return ""
    return (
        f"Identitas komputer ini dipakai juga oleh komputer lain: {proof}. Tidak ada data yang "
        "hilang. Pilih Jadikan perangkat baru, di komputer ini atau di yang lain."
    )
