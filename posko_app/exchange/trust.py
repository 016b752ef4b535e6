"""Whose key signs what comes: known keys, first contact, changed keys, devices out of use.

Nothing is trusted silently. A key becomes known because somebody here compared its six words with
the sender, because the office above or a known device of the same office vouches for it (`roster`),
or, where the office was known with another key, because two persons said so.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal, TypeAlias

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from posko_app.app import Posko, use_case
from posko_app.data.tables import Account, Office, Peer, TrustedKey
from posko_app.errors import InvalidInput, Problem, UserError
from posko_app.progress import Progress, silent
from posko_app.security.keys import unlock
from posko_app.security.recipient import is_recipient
from posko_app.security.sign import fingerprint_words
from posko_app.security.uid import new_uid
from posko_app.text import clean, fold

from .manifest import Manifest
from .opened import VALID, not_taken, open_export
from .roster import GOOD_STATES, PINNED, REVOKED, TRUSTED, is_vouched_for
from .unlocking import unlocked
from .xlsx.guarded import Reader

KeyVerdict: TypeAlias = Literal["trusted", "first", "changed", "revoked"]
_SAFE = "Tidak ada yang diubah."
_WHY: Mapping[str, str] = {
    "words_differ": (
        f"Enam kata itu tidak sama dengan sidik jari pengirim. {_SAFE} Telepon kantor itu dan "
        "minta dibacakan enam kata di BACA SAYA; bila tetap berbeda, jangan terima berkasnya."
    ),
    "key_known": f"Kunci ini sudah dikenal di sini. {_SAFE} Berkasnya dapat langsung diterima.",
    "key_revoked": (
        f"Perangkat ini sudah dicabut dan tidak dapat dipercaya lagi. {_SAFE} "
        "Minta kantor itu memilih Jadikan perangkat baru."
    ),
    "key_changed": (
        f"Kantor ini dikenal di sini dengan kunci lain. {_SAFE} "
        "Perbarui kuncinya lewat Kirim & terima dengan persetujuan dua orang."
    ),
    "other_office": (
        f"Perangkat ini dikenal di sini milik kantor lain. {_SAFE} Jangan terima berkasnya."
    ),
    "unknown_device": f"Perangkat itu tidak dikenal di sini. {_SAFE} Periksa daftarnya.",
}


@dataclass(frozen=True)
class KnownKey:
    """A key that is trusted here, and who decided so; `second_by` is the second person."""

    device_id: str
    words: tuple[str, ...]
    decided_by: str
    second_by: str
    decided_at: datetime


@dataclass(frozen=True, kw_only=True)
class KeyCard:
    """The key a file came with, as somebody must see it before deciding.

    `known` are the keys its office is known with here. `alone` says that this office has one
    active account, so that no second person can be asked for.
    """

    office: str
    office_name: str
    device_id: str
    label: str
    public_key: bytes
    recipient: str
    words: tuple[str, ...]
    verdict: KeyVerdict
    known: tuple[KnownKey, ...]
    alone: bool


@dataclass(frozen=True)
class SecondPerson:
    """Another account of this office whose owner types the password."""

    login: str
    password: str


def verdict_of_key(session: Session, manifest: Manifest) -> KeyVerdict:
    """What is thought here of the key that a signed file came with."""
    own = session.scalars(select(Office)).one()
    if manifest.device == own.device_id:
        return "trusted" if manifest.public_key == own.device_public else "changed"
    row = session.get(TrustedKey, manifest.device)
    if row is not None:
        if row.state not in GOOD_STATES:
            return "revoked"
        fits = (row.public_key, row.office_code) == (manifest.public_key, manifest.office)
        return "trusted" if fits else "changed"
    met = session.scalar(select(Peer).where(Peer.device_id == manifest.device))
    if met is not None and met.public_key != manifest.public_key:
        return "changed"
    if is_vouched_for(session, manifest):
        return "trusted"
    known = manifest.office != own.region_code and _known(session, manifest.office)
    return "changed" if known else "first"


def office_of_device(session: Session, device: str) -> str:
    """The code of the office that a device is known here to belong to; empty for an unknown one."""
    own = session.scalars(select(Office)).one()
    if device == own.device_id:
        return own.region_code
    row = session.get(TrustedKey, device)
    met = session.scalar(select(Peer.office_code).where(Peer.device_id == device))
    return met or (row.office_code if row is not None else "")


def require_known(session: Session, path: Path, manifest: Manifest) -> None:
    """Raise NotTaken, with the six words to compare, when nobody decided about this key yet."""
    if verdict_of_key(session, manifest) == "first":
        words = " ".join(fingerprint_words(manifest.public_key))
        office = clean(manifest.office_name) or manifest.office
        raise not_taken("unknown_key", path, office=office, words=words)


def recipients_of(session: Session, code: str) -> tuple[str, ...]:
    """The public keys that files for an office are locked with: one per device in use.

    Only such that something can be locked with.
    """
    gone = select(Peer.device_id).where(Peer.retired_at.is_not(None))
    own = select(Office.device_id)
    rows = session.scalars(
        select(TrustedKey.recipient)
        .where(
            TrustedKey.office_code == code,
            TrustedKey.state.in_(GOOD_STATES),
            TrustedKey.recipient != "",
            TrustedKey.device_id.not_in(gone),
            TrustedKey.device_id.not_in(own),
        )
        .order_by(TrustedKey.device_id)
    )
    return tuple(dict.fromkeys(filter(is_recipient, rows)))


def key_card(posko: Posko, session: Session, manifest: Manifest) -> KeyCard:
    """The key of a signed file, with everything that is known of its office's keys."""
    return KeyCard(
        office=manifest.office,
        office_name=clean(manifest.office_name),
        device_id=manifest.device,
        label=clean(manifest.label),
        public_key=manifest.public_key,
        recipient=manifest.recipient,
        words=fingerprint_words(manifest.public_key),
        verdict=verdict_of_key(session, manifest),
        known=tuple(
            KnownKey(
                row.device_id,
                fingerprint_words(row.public_key),
                row.decided_by,
                row.second_by,
                row.decided_at,
            )
            for row in _known(session, manifest.office)
        ),
        alone=_is_alone(session),
    )


@use_case("exchange.import")
def card_of(posko: Posko, manifest: Manifest) -> KeyCard:
    """The key of a signed file that was read already."""
    with posko.store.read() as session:
        return key_card(posko, session, manifest)


@use_case("exchange.import")
def look_at_key(posko: Posko, path: Path, progress: Progress = silent) -> KeyCard:
    """Read a workbook only to see whose key signed it.

    Raises NotTaken when it is no signed workbook of Posko.
    """
    progress(0, 1, "Membaca kunci")
    with unlocked(posko, path) as plain, Reader() as reader:
        opened = open_export(reader, plain)
    if opened.manifest is None or opened.signature != VALID:
        raise not_taken("bad_signature", path)
    with posko.store.read() as session:
        return key_card(posko, session, opened.manifest)


def same_words(words: str, public_key: bytes) -> bool:
    """Whether six typed words are the fingerprint of a key; case and signs do not matter."""
    return tuple(fold(words).split()) == tuple(map(fold, fingerprint_words(public_key)))


@use_case("exchange.import")
def confirm_key(posko: Posko, card: KeyCard, words: str) -> None:
    """Trust the key of an office that was not known: its six words were compared by phone.

    Kept with who did so and when. Raises UserError when the words differ, or the key needs no or
    another decision.
    """
    with posko.write() as session:
        _require(session, card, "first")
        if not same_words(words, card.public_key):
            raise UserError(_WHY["words_differ"], "words_differ")
        session.add(_row(posko, card, PINNED, "enam kata dicocokkan"))
        posko.note(session, "key.confirmed", "", **_about(card))


@use_case("exchange.import")
def replace_key(
    posko: Posko,
    card: KeyCard,
    words: str,
    reason: str,
    second: SecondPerson | None = None,
    retire_devices: Collection[str] = (),
) -> None:
    """Trust another key of an office that is known: the way past the hard stop.

    Two persons decide: who is logged in, and `second` with their own password. Where the office
    has one active account, that one gives the reason and the six words heard by phone, and the
    decision is marked as one person's. `retire_devices` are old ones that are not used any more.
    Raises InvalidInput for what is missing, UserError as `confirm_key` and for a wrong password.
    """
    problems = []
    if not same_words(words, card.public_key):
        problems.append(Problem("words", _WHY["words_differ"]))
    if len(clean(reason)) < 5:
        problems.append(Problem("reason", "Tulis alasannya, misalnya komputer diganti."))
    if problems:
        raise InvalidInput(problems)
    with posko.store.read() as session:
        alone = _is_alone(session)
    if not alone:
        _check_second(posko, second)
    with posko.write() as session:
        _require(session, card, "changed")
        row = session.get(TrustedKey, card.device_id)
        met = session.scalar(select(Peer).where(Peer.device_id == card.device_id))
        if (row and row.office_code != card.office) or (met and met.office_code != card.office):
            raise UserError(_WHY["other_office"], "other_office")
        if row is not None:
            session.delete(row)
            session.flush()
        fresh = _row(posko, card, TRUSTED, clean(reason))
        fresh.second_by = second.login if second and not alone else ""
        session.add(fresh)
        if met is not None and met.public_key != card.public_key:
            met.public_key = card.public_key
            met.acked_lsn = met.received_lsn = met.received_seq = 0  # another device, in truth
            met.received_xid = ""
        told = {"reason": fresh.reason, "second": fresh.second_by, "alone": alone}
        posko.note(session, "key.replaced", "", **_about(card), **told)
        for device in retire_devices:
            _retire(posko, session, device, lost=False, reason=fresh.reason)


@use_case("exchange.import")
def retire(posko: Posko, device_id: str, *, lost: bool = False, reason: str = "") -> None:
    """Do not wait for a device any more; its office is told what it needs without it.

    A device that is `lost` is revoked for good: nothing it signs is taken here, and the offices
    that trust our word hear so. Raises UserError for an unknown device.
    """
    with posko.write() as session:
        _retire(posko, session, device_id, lost=lost, reason=clean(reason))


def revoke(session: Session, row: TrustedKey, at: datetime) -> None:
    """Take the trust from a key, for good, and wait for its device no more."""
    row.state = REVOKED
    peer = session.scalar(select(Peer).where(Peer.device_id == row.device_id))
    if peer is not None and peer.retired_at is None:
        peer.retired_at = at


def _retire(posko: Posko, session: Session, device: str, *, lost: bool, reason: str) -> None:
    peer = session.scalar(select(Peer).where(Peer.device_id == device))
    row = session.get(TrustedKey, device)
    own = session.scalars(select(Office.device_id)).one()
    if (peer is None and row is None) or device == own:
        raise UserError(_WHY["unknown_device"], "unknown_device")
    if peer is None and row is not None:  # known only by its key: nothing came from it
        peer = _unmet(posko, row)
        session.add(peer)
    if peer is not None:
        peer.retired_at = posko.now()
    if lost:
        if row is None and peer is not None:
            row = TrustedKey(
                device_id=device,
                office_code=peer.office_code,
                public_key=peer.public_key,
                recipient="",
                certificate="",
            )
            session.add(row)
        if row is not None:
            row.decided_by, row.second_by = posko.user.login, ""
            row.reason, row.decided_at = reason, posko.now()
            row.version = max(row.version or 0, int(posko.now().timestamp()))
            row.signed_by = row.certificate = ""
            revoke(session, row, posko.now())
    posko.note(session, "key.revoked" if lost else "device.retired", "", device_id=device,
               reason=reason)  # fmt: skip


def _unmet(posko: Posko, row: TrustedKey) -> Peer:
    region = posko.regions.get(row.office_code)
    return Peer(
        uid=new_uid(),
        office_code=row.office_code,
        office_name=region.name if region else row.office_code,
        device_id=row.device_id,
        public_key=row.public_key,
        practice=posko.office.practice,
        seen_at=posko.now(),
    )


def _known(session: Session, office: str) -> list[TrustedKey]:
    """The trusted keys of an office, oldest first."""
    return list(
        session.scalars(
            select(TrustedKey)
            .where(TrustedKey.office_code == office, TrustedKey.state.in_(GOOD_STATES))
            .order_by(TrustedKey.decided_at, TrustedKey.device_id)
        )
    )


def _is_alone(session: Session) -> bool:
    active = select(func.count()).select_from(Account).where(Account.active)
    return (session.scalar(active) or 0) < 2


def _require(session: Session, card: KeyCard, wanted: KeyVerdict) -> None:
    """Raise UserError unless the verdict is still what the decision answers."""
    row = session.get(TrustedKey, card.device_id)
    if row is not None and row.state not in GOOD_STATES:
        raise UserError(_WHY["key_revoked"], "key_revoked")
    if row is not None and row.public_key == card.public_key:
        raise UserError(_WHY["key_known"], "key_known")
    if wanted == "first" and (row is not None or card.verdict != "first"):
        raise UserError(_WHY["key_changed"], "key_changed")
    if wanted == "changed" and card.verdict == "first":
        raise UserError(_WHY["key_known"], "key_known")


def _check_second(posko: Posko, second: SecondPerson | None) -> None:
    """Raise unless another active person typed their own password."""
    login = second.login.strip().lower() if second else ""
    if second is None or not login:
        sentence = "Perubahan kunci disetujui dua orang. Pilih orang kedua."
        raise InvalidInput([Problem("second", sentence)])
    if login == posko.user.login:
        raise InvalidInput([Problem("second", "Orang kedua harus orang lain, bukan Anda sendiri.")])
    with posko.store.read() as session:
        active = session.scalar(select(Account.active).where(Account.login == login))
    if not active:
        raise InvalidInput([Problem("second", f"Akun {login} tidak aktif di kantor ini.")])
    unlock(posko.folder.keyfile, login, second.password, posko.clock())


def _row(posko: Posko, card: KeyCard, state: str, reason: str) -> TrustedKey:
    return TrustedKey(
        device_id=card.device_id,
        office_code=card.office,
        public_key=card.public_key,
        recipient=card.recipient,
        state=state,
        version=int(posko.now().timestamp()),
        decided_by=posko.user.login,
        reason=reason,
        decided_at=posko.now(),
    )


def _about(card: KeyCard) -> dict[str, str]:
    return {"office": card.office, "key_of": card.device_id, "words": " ".join(card.words)}
