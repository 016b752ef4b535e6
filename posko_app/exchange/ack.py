"""Receipts outside of workbooks: the short text for what came, and taking one in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from posko_app.app import Posko, use_case
from posko_app.data.tables import Export, Import, Office, Peer, TrustedKey
from posko_app.errors import UserError

from .ack_code import NoReceipt, Receipt, read_receipt, write_receipt
from .ledger import ACCEPTED, channel, take_receipt
from .neighbours import listed
from .opened import sha256_of
from .roster import GOOD_STATES

_SAFE = "Tidak ada yang diubah."
_WHY: Mapping[str, str] = {
    "no_receipt": (
        f"Teks ini bukan tanda terima Posko. {_SAFE} Salin pesan yang dimulai dengan "
        "“Tanda terima Posko” dari pengirimnya."
    ),
    "torn_receipt": (f"Tanda terima ini tidak tersalin utuh. {_SAFE} Salin lagi seluruh pesannya."),
    "receipt_elsewhere": (
        f"Tanda terima ini untuk komputer lain, bukan yang ini. {_SAFE} "
        "Catat di komputer yang membuat kirimannya."
    ),
    "receipt_unknown": (
        f"Tanda terima ini dari komputer yang belum dikenal di sini. {_SAFE} "
        "Terima dulu satu kiriman dari kantor itu."
    ),
    "receipt_revoked": (
        f"Kunci komputer yang membuat tanda terima ini sudah dicabut. {_SAFE} Telepon kantor itu."
    ),
    "receipt_forged": (
        f"Tanda tangan pada tanda terima ini tidak cocok. {_SAFE} "
        "Minta kantor itu membuat tanda terima baru."
    ),
    "file_not_taken": (
        "Berkas {file} belum diterapkan di sini, jadi belum ada tanda terimanya. "
        f"{_SAFE} Terima dulu berkasnya."
    ),
    "nothing_received": (
        f"Belum ada kiriman yang diterima dari kantor itu. {_SAFE} Terima dulu satu kiriman."
    ),
}


@dataclass(frozen=True, kw_only=True)
class AckText:
    """A receipt ready to be copied: for which office, and up to which export."""

    office: str
    office_name: str
    device_id: str
    seq: int
    text: str


@dataclass(frozen=True, kw_only=True)
class AckTaken:
    """What a receipt said and changed here.

    `confirmed` are exports that count as received now, `missing` the numbers that did not arrive.
    `stale` means that something newer was heard before, so that nothing changed; `lowered` that
    they hold less than they once said (put back from an older copy), so that more is sent again.
    `ahead` means that they hold more of our data than we do: fetch it back from them.
    """

    office: str
    office_name: str
    device_id: str
    seq: int
    confirmed: tuple[int, ...]
    missing: tuple[int, ...]
    stale: bool
    lowered: bool
    ahead: bool

    @property
    def sentence(self) -> str:
        """What to tell the person who pasted it."""
        name = self.office_name or self.office
        if self.stale:
            return f"Dari {name} sudah tercatat tanda terima yang lebih baru. {_SAFE}"
        if self.ahead:
            return (
                f"{name} memegang data kantor ini yang lebih baru daripada yang ada di sini. "
                f"Ambil kembali data dari {name}: minta kiriman penuh, lalu terima di sini."
            )
        said = f"Tanda terima {name} dicatat: kiriman {self.seq} sudah di sana."
        if self.lowered:
            said = (
                f"{name} memegang lebih sedikit daripada sebelumnya; kiriman berikutnya melengkapi."
            )
        if self.missing:
            said += f" Kiriman {listed(self.missing)} belum sampai; kiriman berikutnya memuatnya."
        return said


@use_case("exchange.import")
def make_acks(posko: Posko, office: str = "", device_id: str = "") -> tuple[AckText, ...]:
    """The receipts for what was received, newest first: of all offices, one, or one device.

    Raises UserError when nothing came from there.
    """
    with posko.write() as session:
        own = session.scalars(select(Office)).one()
        wanted = select(Peer).where(Peer.received_seq > 0, Peer.retired_at.is_(None))
        if office:
            wanted = wanted.where(Peer.office_code == office)
        if device_id:
            wanted = wanted.where(Peer.device_id == device_id)
        peers = session.scalars(wanted.order_by(Peer.seen_at.desc())).all()
        if not peers:
            raise UserError(_WHY["nothing_received"], "nothing_received")
        made = tuple(_ack_text(session, own, peer) for peer in peers)
        posko.note(session, "ack.made", "", to=[[ack.office, ack.seq] for ack in made])
    return made


@use_case("exchange.import")
def ask_back(posko: Posko, office: str) -> str:
    """The message that asks an office for everything of ours that it holds and we do not; WhatsApp.

    It carries a receipt that says how far we are, so that their next export begins there. Raises
    UserError when no device of that office is ahead of us.
    """
    with posko.write() as session:
        own = session.scalars(select(Office)).one()
        peers = session.scalars(
            select(Peer)
            .where(Peer.office_code == office, Peer.ahead_lsn > 0, Peer.retired_at.is_(None))
            .order_by(Peer.seen_at.desc())
        ).all()
        if not peers:
            raise UserError(_WHY["nothing_received"], "nothing_received")
        made = [_ack_text(session, own, peer) for peer in peers]
        posko.note(session, "ack.made", "", to=[[ack.office, ack.seq] for ack in made])
    practice = "LATIHAN. " if posko.office.practice else ""
    receipts = "\n".join(ack.text for ack in made)
    return (
        f"{practice}Data {posko.office.name} di komputer kami lebih lama daripada yang sudah "
        f"diterima {made[0].office_name or office}. Mohon catat tanda terima di bawah ini di Posko "
        "(Kirim & terima, Catat tanda terima), lalu buat kiriman untuk kami supaya datanya "
        f"kembali.\n{receipts}"
    )


@use_case("exchange.import")
def ack_for_file(posko: Posko, path: Path) -> AckText:
    """The receipt for the device that made a file which was taken in here before."""
    sha256 = sha256_of(path)
    with posko.store.read() as session:
        device = session.scalar(
            select(Import.device_id).where(
                Import.sha256 == sha256, Import.verdict == ACCEPTED, Import.undone_at.is_(None)
            )
        )
    if not device:
        raise UserError(_WHY["file_not_taken"].format(file=path.name), "file_not_taken")
    return make_acks(posko, device_id=device)[0]


@use_case("exchange.import")
def accept_ack(posko: Posko, text: str) -> AckTaken:
    """Take in a receipt somebody sent as text.

    Raises UserError when the text is none, was not copied whole, is forged, comes from an unknown
    device or speaks of another one than this.
    """
    try:
        signed = read_receipt(text)
    except NoReceipt as error:
        code = "torn_receipt" if error.torn else "no_receipt"
        raise UserError(_WHY[code], code) from None
    said = signed.receipt
    with posko.write() as session:
        own = session.scalars(select(Office)).one()
        peer = session.scalar(select(Peer).where(Peer.device_id == said.device))
        key = session.get(TrustedKey, said.device)
        problem = ""
        if said.sender != own.device_id:
            problem = "receipt_elsewhere"
        elif peer is None or key is None:
            problem = "receipt_unknown"
        elif key.state not in GOOD_STATES:
            problem = "receipt_revoked"
        elif not signed.is_signed_by(key.public_key):
            problem = "receipt_forged"
        if peer is None or problem:
            raise UserError(_WHY[problem], problem)
        before = peer.acked_lsn
        change = take_receipt(session, peer, said.lsn, said.made, own.lsn, posko.now())
        missing = _missing(session, peer.office_code, said) if not change.stale else ()
        taken = AckTaken(
            office=peer.office_code,
            office_name=peer.office_name,
            device_id=said.device,
            seq=said.seq,
            confirmed=change.confirmed,
            missing=missing,
            stale=change.stale,
            lowered=not change.stale and peer.acked_lsn < before,
            ahead=not change.stale and peer.ahead_lsn > 0,
        )
        posko.note(session, "receipt.taken", peer.uid, of=said.device, seq=said.seq, lsn=said.lsn,
                   stale=taken.stale, ahead=taken.ahead)  # fmt: skip
    return taken


def newest_seen(session: Session, device: str) -> int:
    """The highest export number that was ever accepted from a device."""
    return (
        session.scalar(
            select(func.max(Import.seq)).where(
                Import.device_id == device,
                Import.verdict == ACCEPTED,
                Import.undone_at.is_(None),
            )
        )
        or 0
    )


def _ack_text(session: Session, own: Office, peer: Peer) -> AckText:
    lsn, seq, _ = channel(session, peer.office_code).acks[peer.device_id]
    receipt = Receipt(
        device=own.device_id,
        sender=peer.device_id,
        lsn=lsn,
        seq=seq,
        newest=newest_seen(session, peer.device_id),
        made=own.hlc // 1000,
    )
    return AckText(
        office=peer.office_code,
        office_name=peer.office_name,
        device_id=peer.device_id,
        seq=seq,
        text=write_receipt(receipt, own.device_private),
    )


def _missing(session: Session, office: str, said: Receipt) -> tuple[int, ...]:
    """Exports made for an office that it says it lacks: those before the newest one it saw."""
    rows = session.scalars(
        select(Export.seq)
        .where(
            Export.to_code == office,
            ~Export.outside,
            Export.seq > said.seq,
            Export.seq < said.newest,
        )
        .order_by(Export.seq)
    )
    return tuple(rows)
