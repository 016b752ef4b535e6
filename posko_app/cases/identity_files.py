"""Pictures of identity cards: in the vault under a key that is sealed like an identity.

They are no evidence: no list of evidence, letter, workbook or package knows them, and without the
identity key nobody opens them, also not with the whole database.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import RawIOBase
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from posko_app.app import Posko, use_case
from posko_app.data.tables import IdentityFile
from posko_app.errors import UserError
from posko_app.progress import Progress, silent
from posko_app.security.cipher import new_key
from posko_app.security.uid import new_uid
from posko_app.text import file_size

from .abandoned import note_files
from .evidence import mime_of
from .find import case_uid_of
from .identity import open_text, require_reason, seal_text
from .stub import require_ours
from .views import IdentityFileView

KTP = "ktp"  # the one kind so far
MOST = 25 << 20  # bytes: more than any phone's picture of a card
READABLE = ("image/", "application/pdf")
SEALED = "file"  # the name that the seal is bound to


@dataclass(frozen=True)
class StoredPicture:
    """A picture that lies in the vault; nothing else opens it."""

    vault_name: str
    sha256: str
    key: bytes
    mime: str
    size: int


def store_picture(posko: Posko, path: Path, progress: Progress = silent) -> StoredPicture:
    """Seal a picture into the vault before any row names it; noted until one does.

    Raises UserError for what is no picture, too big or not there, and without the identity key.
    """
    seal_text(posko, "", SEALED, "?")  # who does not hold the key learns it before anything is kept
    if not path.is_file():
        raise UserError(
            f"Berkas {path.name} tidak ditemukan. Belum ada yang disimpan. Pilih berkasnya lagi.",
            "file_missing",
        )
    mime, size = mime_of(path), path.stat().st_size
    if not mime.startswith(READABLE):
        raise UserError(
            f"{path.name} bukan foto atau PDF. Belum ada yang disimpan. Pilih foto KTP.",
            "no_picture",
        )
    if size > MOST:
        raise UserError(
            f"{path.name} {file_size(size)}, terlalu besar untuk foto KTP. "
            f"Belum ada yang disimpan. Pilih yang paling besar {file_size(MOST)}.",
            "picture_too_big",
        )
    key = new_key()
    kept = posko.vault.add(path, key, known=_never, progress=progress)
    stored = StoredPicture(kept.name, kept.sha256, key, mime, kept.size)
    with unless_saved(posko, stored):
        note_files(posko, [kept.name])
    return stored


@contextmanager
def unless_saved(posko: Posko, stored: StoredPicture | None) -> Iterator[None]:
    """Take a stored picture out of the vault again when what was to name it fails."""
    try:
        yield
    except BaseException:
        if stored is not None:
            posko.vault.drop([stored.vault_name])
        raise


def picture_row(
    posko: Posko, case_uid: str, stored: StoredPicture, person: str = ""
) -> IdentityFile:
    """The row of a stored picture, ready to be added."""
    uid = new_uid()
    opens = {
        "sha256": stored.sha256, "key": b64encode(stored.key).decode(), "mime": stored.mime
    }  # fmt: skip
    return IdentityFile(
        uid=uid,
        case_uid=case_uid,
        person=person,
        kind=KTP,
        vault_name=stored.vault_name,
        sealed=seal_text(posko, uid, SEALED, json.dumps(opens)),
        size=stored.size,
        added_at=posko.now(),
        added_by=posko.user.login,
    )


@use_case("case.write")
def add_picture(
    posko: Posko, case: str, path: Path, person: str = "", progress: Progress = silent
) -> str:
    """Add a picture of the reporter's card (or of another person's) to a case; its uid."""
    with posko.store.read() as session:
        case_uid = case_uid_of(session, case)
        require_ours(posko, session, case_uid)
    stored = store_picture(posko, path, progress)
    with unless_saved(posko, stored), posko.write() as session:
        row = picture_row(posko, case_uid, stored, person)
        add_row(posko, session, row)
        return row.uid


def add_row(posko: Posko, session: Session, row: IdentityFile) -> None:
    """Add a picture inside the caller's transaction, with its line in the journal."""
    session.add(row)
    session.flush()
    posko.note(session, "identity.picture_added", row.case_uid, picture=row.uid)


def pictures_of(session: Session, case_uid: str) -> tuple[IdentityFileView, ...]:
    """That there are pictures, whose and since when; nothing of what they show."""
    rows = session.scalars(
        select(IdentityFile).where(IdentityFile.case_uid == case_uid).order_by(IdentityFile.id)
    )
    return tuple(
        IdentityFileView(row.uid, row.person, row.kind, row.size, row.added_at, row.added_by)
        for row in rows
    )


@use_case("identity.read")
def reveal_picture(posko: Posko, uid: str, reason: str) -> tuple[str, RawIOBase]:
    """The ending of a picture's name and its plain bytes; the reason goes into the audit chain.

    Raises UserError as `reveal`, and when the picture is not in this office.
    """
    require_reason(reason)
    with posko.write() as session:
        row = session.scalar(select(IdentityFile).where(IdentityFile.uid == uid))
        if row is None:
            raise UserError("Foto KTP ini tidak disimpan di kantor ini. Tanyakan kantor penerima.")
        opens = json.loads(open_text(posko, uid, SEALED, row.sealed))
        posko.note(
            session, "identity.picture_opened", row.case_uid, picture=uid, reason=reason.strip()
        )
    stream: RawIOBase = posko.vault.open(opens["sha256"], b64decode(opens["key"]))
    return _ENDINGS.get(opens["mime"], ".jpg"), stream


_ENDINGS = {
    "application/pdf": ".pdf", "image/png": ".png", "image/heic": ".heic", "image/webp": ".webp"
}  # fmt: skip


def _never(_sha256: str) -> bytes | None:
    """Every picture is a file of its own: no key of a piece of evidence may open one."""
    return None
