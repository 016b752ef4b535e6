"""What the computers of one office tell each other besides records: numbers, and their settings.

Records are shared and come together by themselves. Accounts, keys, drafts, views and the archive
are each computer's own. The office's settings are kept on every computer and ought to be the same;
where they are not, the preview of a workbook says so.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from posko_app.app import BOARD_MARK, Posko
from posko_app.cases import number_blocks
from posko_app.cases.numbers import COUNT, lacks_block, remember_label, reserve_first
from posko_app.data.incarnation import TIED
from posko_app.data.tables import LocalHoliday, Office, RegulationFile, RuleOverride, Setting
from posko_app.text import clean

from .manifest import Manifest
from .neighbours import office_title
from .twins import forked

OFFICE: Mapping[str, str] = {
    "name": "nama kantor",
    "letterhead": "kop surat",
    "place": "tempat surat",
    "report_code": "kode laporan",
    "letter_code": "kode surat",
    "zone": "zona waktu",
    "paper": "kertas surat",
    "regulation": "aturan",
    "election_kind": "jenis pemilihan",
}
"""Fields of the office that ought to be the same on all its computers."""
SETTINGS: Mapping[str, str] = {
    "pattern": "pola nomor",
    "letter": "seri nomor surat",
    "signer": "penanda tangan surat",
    "calendar": "hari libur",
    "referral": "umur penerusan",
}
"""Groups of free settings, by what stands before the first point of their key."""
LAW = {RuleOverride: "nilai aturan", RegulationFile: "berkas aturan", LocalHoliday: "hari libur"}
_OTHER = "pengaturan lain"
_LOCAL = (BOARD_MARK, TIED)
_LOCAL_GROUPS = ("numbers.", "vault.", "rules.sent.")


def told(session: Session, to: str) -> dict[str, str]:
    """What an export for the own office says in its head; nothing for another office."""
    own = session.scalars(select(Office)).one()
    if to != own.region_code:
        return {}
    return {"numbers": number_blocks.said(session), "office_state": _state(session)}


def hear(posko: Posko, session: Session, manifest: Manifest) -> None:
    """Take in what another computer of this office said of numbers in an accepted file.

    One that never had numbers gets its first block from the computer that keeps them, so that the
    next workbook for the own office brings it.
    """
    if not _of_own_office(session, manifest):
        return
    if manifest.numbers and number_blocks.hear(session, manifest.numbers):
        posko.note(session, "numbers.heard", "", from_device=manifest.device)
    remember_label(session, manifest.device, clean(manifest.label))
    if manifest.device not in forked(session):  # two computers would give the same numbers
        reserve_first(posko, session, manifest.device)


def first_block(posko: Posko, session: Session, manifest: Manifest) -> tuple[str, ...]:
    """What to say of the block that taking this file in reserves for its computer; or nothing."""
    if not _of_own_office(session, manifest) or manifest.device in forked(session):
        return ()
    if number_blocks.is_outdone(session, manifest.numbers):
        return ()
    if not lacks_block(posko, session, manifest.device):
        return ()
    device = clean(manifest.label) or manifest.device
    return (
        f"Dengan menerapkan kiriman ini, {COUNT} nomor tiap seri dicadangkan untuk {device}. Buat "
        "kiriman untuk kantor sendiri sesudahnya; blok nomornya ikut di dalamnya.",
    )


def remarks(posko: Posko, session: Session, manifest: Manifest) -> tuple[str, ...]:
    """What to say of a signed file that comes from this office."""
    if manifest.device == posko.office.device_id:
        to = office_title(posko, manifest.to)
        return (
            f"Ini kiriman kantor Anda sendiri untuk {to}. Yang tidak diubah di Excel sudah ada di "
            "sini.",
        )
    return (*differences(session, manifest), *first_block(posko, session, manifest))


def differences(session: Session, manifest: Manifest) -> tuple[str, ...]:
    """What to say of settings that are different on the computer a file comes from."""
    if not _of_own_office(session, manifest) or not manifest.office_state:
        return ()
    try:
        theirs = json.loads(manifest.office_state)
        said = {str(name): str(mark) for name, mark in theirs.items()}
    except (ValueError, AttributeError, RecursionError):
        return ()
    ours = json.loads(_state(session))
    names = sorted(name for name in {*ours, *said} if ours.get(name) != said.get(name))
    if not names:
        return ()
    device = clean(manifest.label) or manifest.device
    return (
        f"Pengaturan kantor di {device} berbeda dengan di komputer ini: {', '.join(names)}. "
        "Samakan di Pengaturan, atau ambil berkas pasang dari komputer yang benar.",
    )


def shared_settings(session: Session) -> dict[str, str]:
    """The free settings that hold for the whole office, by key."""
    rows = session.scalars(select(Setting).order_by(Setting.key))
    return {row.key: row.value for row in rows if is_shared(row.key)}


def is_shared(key: str) -> bool:
    """Whether a free setting holds for the whole office rather than for this computer."""
    return key not in _LOCAL and not key.startswith(_LOCAL_GROUPS)


def label_of(key: str) -> str:
    """What people call the group of a free setting."""
    return SETTINGS.get(key.partition(".")[0], _OTHER)


def _of_own_office(session: Session, manifest: Manifest) -> bool:
    own = session.scalars(select(Office)).one()
    return manifest.office == own.region_code and manifest.device != own.device_id


def _state(session: Session) -> str:
    """A short mark of each group of settings, under the name people know it by."""
    own = session.scalars(select(Office)).one()
    parts: dict[str, list[str]] = {label: [str(getattr(own, k))] for k, label in OFFICE.items()}
    for key, value in shared_settings(session).items():
        if value:  # an empty one is as good as none
            parts.setdefault(label_of(key), []).append(f"{key}={value}")
    for table, label in LAW.items():
        uids = session.scalars(select(table.uid).order_by(table.uid)).all()
        if uids:
            parts.setdefault(label, []).extend(uids)
    return json.dumps({label: _mark(parts[label]) for label in sorted(parts)})


def _mark(parts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:8]
