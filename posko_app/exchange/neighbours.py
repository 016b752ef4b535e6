"""The offices this one exchanges with: what went, what came, what is missing, whose keys."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import Session

from posko_app.app import Posko, use_case
from posko_app.cases.renumbering import OWN_FORMER
from posko_app.data.tables import Export, ForkedDevice, Import, Peer, TrustedKey
from posko_app.errors import UserError
from posko_app.security.sign import fingerprint_words
from posko_app.text import clean, day_month

from .ledger import ACCEPTED
from .roster import GOOD_STATES, PINNED, REVOKED

OWN_OTHERS = "Komputer lain kantor ini"
SILENT_DAYS = 4  # days without a file after which an office below is reminded
_LEVELS: Mapping[int, str] = {2: "Bawaslu Provinsi", 5: "Bawaslu", 8: "Panwaslu Kecamatan"}

KeyState: TypeAlias = Literal["confirmed", "two", "alone", "roster", "revoked", "unknown"]
OfficeState: TypeAlias = Literal[
    "ahead", "twin", "key", "gap", "silent", "never", "unconfirmed", "complete"
]


@dataclass(frozen=True, kw_only=True)
class DeviceLine:
    """A device of another office and its key.

    `key` says why it is trusted: confirmed (six words compared), two (persons), alone (one person),
    roster (vouched for by `signed_by`), revoked, or unknown (nobody decided yet).
    """

    device_id: str
    words: tuple[str, ...]
    key: KeyState
    decided_by: str
    second_by: str
    decided_at: datetime | None
    signed_by: str
    reason: str
    retired: bool
    twin: bool
    ahead: bool
    received_seq: int
    gaps: tuple[int, ...]
    seen_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class OfficeLine:
    """One office: the last export to it and from it, what is open, and its devices.

    `open` are numbers of exports that it has not confirmed, `gaps` numbers that did not arrive
    from devices in use. `silent_days` is None for an office that never sent anything.
    """

    code: str
    name: str
    below: bool
    sent_seq: int
    sent_at: datetime | None
    open: tuple[int, ...]
    received_seq: int
    received_at: datetime | None
    gaps: tuple[int, ...]
    silent_days: int | None
    devices: tuple[DeviceLine, ...]

    @property
    def state(self) -> OfficeState:
        """What needs somebody's attention most."""
        live = [device for device in self.devices if not device.retired]
        if any(device.ahead for device in live):
            return "ahead"
        if any(device.twin for device in live):
            return "twin"
        if any(device.key == "unknown" for device in live):
            return "key"
        if self.gaps:
            return "gap"
        if self.below and self.silent_days is not None and self.silent_days >= SILENT_DAYS:
            return "silent"
        if self.silent_days is None and (self.below or not self.sent_seq):
            return "never"
        return "unconfirmed" if self.open else "complete"


@use_case("office.read")
def office_lines(posko: Posko) -> tuple[OfficeLine, ...]:
    """Every office this one exchanges with: the one above, those below, and whoever was met."""
    with posko.store.read() as session:
        peers = session.scalars(select(Peer).order_by(Peer.seen_at.desc())).all()
        keys = {row.device_id: row for row in _keys_of_others(posko, session, peers)}
        twins = set(session.scalars(select(ForkedDevice.device_id)))
        met = [p.office_code for p in peers] + [k.office_code for k in keys.values()]
        sent = session.scalars(select(Export.to_code).distinct()).all()
        codes = _codes(posko, [*met, *sent])
        numbers = _seen_numbers(session)
        return tuple(
            _line(
                posko,
                session,
                code,
                [p for p in peers if p.office_code == code],
                [k for k in keys.values() if k.office_code == code],
                twins,
                numbers,
            )
            for code in codes
        )


def office_line(posko: Posko, code: str) -> OfficeLine:
    """One office. Raises UserError when this one has nothing to do with it."""
    for line in office_lines(posko):
        if line.code == code:
            return line
    raise UserError(
        f"Kantor {code} tidak ada dalam daftar kantor di sini. Tidak ada yang diubah. "
        "Periksa kodenya.",
        "unknown_office",
    )


def ask_again(posko: Posko, line: OfficeLine) -> str:
    """The message that asks an office to send again what did not arrive; for WhatsApp."""
    practice = "LATIHAN. " if posko.office.practice else ""
    last = (
        f" Yang terakhir lengkap di sini kiriman {line.received_seq}." if line.received_seq else ""
    )
    what = f"Kiriman {listed(line.gaps)} dari {line.name}" if line.gaps else (
        f"Kiriman terakhir dari {line.name}"
    )  # fmt: skip
    return (
        f"{practice}{what} untuk {posko.office.name} belum kami terima.{last} "
        f"Mohon dikirim ulang: di Posko buka Kirim & terima, pilih {posko.office.name}, lalu "
        "Buat kiriman. Semua yang belum kami konfirmasi ikut dengan sendirinya."
    )


def reminder(posko: Posko, line: OfficeLine) -> str:
    """The message that asks an office that was silent for a file; for WhatsApp."""
    practice = "LATIHAN. " if posko.office.practice else ""
    if line.received_at is None:
        since = f"Kami belum pernah menerima kiriman dari {line.name}."
    else:
        day = day_month(line.received_at.astimezone(posko.zone).date())
        since = (
            f"Kiriman terakhir dari {line.name} kami terima {day}, {line.silent_days} hari lalu."
        )
    return (
        f"{practice}{since} Mohon kirimkan data terbaru: di Posko buka Kirim & terima, pilih "
        f"{posko.office.name}, lalu Buat kiriman. Bila tidak ada laporan baru, kiriman kosong pun "
        "berguna sebagai kabar."
    )


def listed(numbers: Sequence[int]) -> str:
    """Numbers as people write them: `11`, `11 dan 12`, `11 sampai 19`."""
    words = [str(number) for number in numbers]
    if len(words) > 4:
        return f"{words[0]} sampai {words[-1]}"
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} dan {words[-1]}"


def office_title(posko: Posko, code: str) -> str:
    """What an office is called when it has not said its name; the own code is its other PCs."""
    if code == posko.office.code:
        return OWN_OTHERS
    region = posko.regions.get(code)
    return f"{_LEVELS.get(len(code), 'Kantor')} {region.name}" if region else f"Kantor {code}"


def _codes(posko: Posko, met: Collection[str]) -> list[str]:
    own = posko.office.code
    codes = [own.rpartition(".")[0]]
    if posko.office.level != "kecamatan":
        codes += [region.code for region in posko.regions.children(own)]
    others = sorted(set(met) - set(codes))
    return [code for code in dict.fromkeys([*codes, *others]) if code]


def _keys_of_others(posko: Posko, session: Session, peers: Sequence[Peer]) -> Iterator[TrustedKey]:
    """Known keys but those of this computer, now and before; a copied folder's former is another.

    Which of the two a former identity is shows when files come from it.
    """
    met = {peer.device_id for peer in peers}
    for row in session.scalars(select(TrustedKey)):
        was = row.office_code == posko.office.code and row.reason == OWN_FORMER
        if row.device_id != posko.office.device_id and (not was or row.device_id in met):
            yield row


def _seen_numbers(session: Session) -> Mapping[str, set[int]]:
    """The numbers of all exports that came in, by device."""
    found: dict[str, set[int]] = {}
    rows = session.execute(
        select(Import.device_id, Import.seq)
        .where(
            Import.verdict == ACCEPTED,
            Import.undone_at.is_(None),
            Import.device_id != "",
            Import.seq > 0,
        )
        .distinct()
    )
    for device, seq in rows:
        found.setdefault(device, set()).add(seq)
    return found


def _line(
    posko: Posko,
    session: Session,
    code: str,
    peers: Sequence[Peer],
    keys: Sequence[TrustedKey],
    twins: Collection[str],
    numbers: Mapping[str, set[int]],
) -> OfficeLine:
    devices = _devices(peers, keys, twins, numbers)
    live = [device for device in devices if not device.retired]
    exports = session.execute(
        select(Export.seq, Export.made_at, Export.acked_at)
        .where(Export.to_code == code, ~Export.outside)
        .order_by(Export.seq)
    ).all()
    came = [p.seen_at for p in peers if p.device_id in numbers]
    received_at = max(came, default=None)
    today = posko.today()
    days = (today - received_at.astimezone(posko.zone).date()).days if received_at else None
    name = next((clean(p.office_name) for p in peers if p.office_name), "")
    name = OWN_OTHERS if code == posko.office.code else name
    return OfficeLine(
        code=code,
        name=name or office_title(posko, code),
        below=code.rpartition(".")[0] == posko.office.code,
        sent_seq=exports[-1].seq if exports else 0,
        sent_at=exports[-1].made_at if exports else None,
        open=tuple(row.seq for row in exports if row.acked_at is None),
        received_seq=max((d.received_seq for d in live), default=0),
        received_at=received_at,
        gaps=tuple(sorted({gap for d in live for gap in d.gaps})),
        silent_days=None if days is None else max(days, 0),
        devices=devices,
    )


def _devices(
    peers: Sequence[Peer],
    keys: Sequence[TrustedKey],
    twins: Collection[str],
    numbers: Mapping[str, set[int]],
) -> tuple[DeviceLine, ...]:
    """The devices of one office: those heard of lately first, then those only known by key."""
    by_device = {key.device_id: key for key in keys}
    met = {peer.device_id: peer for peer in peers}
    lines = []
    for device in dict.fromkeys([*met, *by_device]):
        peer, key = met.get(device), by_device.get(device)
        public = key.public_key if key else peer.public_key if peer else b""
        retired = (peer is not None and peer.retired_at is not None) or (
            key is not None and key.state == REVOKED
        )
        lines.append(
            DeviceLine(
                device_id=device,
                words=fingerprint_words(public),
                key=_key_state(key),
                decided_by=key.decided_by if key else "",
                second_by=key.second_by if key else "",
                decided_at=key.decided_at if key else None,
                signed_by=key.signed_by if key else "",
                reason=key.reason if key else "",
                retired=retired,
                twin=device in twins,
                ahead=peer is not None and peer.ahead_lsn > 0,
                received_seq=peer.received_seq if peer else 0,
                gaps=_gaps(peer.received_seq, numbers.get(device, set())) if peer else (),
                seen_at=peer.seen_at if peer else None,
            )
        )
    return tuple(lines)


def _gaps(received: int, seen: Collection[int]) -> tuple[int, ...]:
    """Numbers missing before the newest one seen; the newest itself when it is not whole."""
    newest = max(seen, default=0)
    if newest <= received:
        return ()
    absent = tuple(n for n in range(received + 1, newest) if n not in seen)
    return absent or (newest,)


def _key_state(key: TrustedKey | None) -> KeyState:
    if key is None:
        return "unknown"
    if key.state not in GOOD_STATES:
        return "revoked"
    if key.state == PINNED:
        return "confirmed"
    if not key.decided_by:
        return "roster"
    return "two" if key.second_by else "alone"
