"""The search for names in everything that may leave, by somebody who may read identities."""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy import select

from posko_app.app import Posko, use_case
from posko_app.data.tables import Office
from posko_app.errors import UserError
from posko_app.progress import Progress, silent

from .free_text import Search, look, note_search
from .gather import Wanted, split
from .left_out import left_out
from .names_kept import Kept, keep
from .xlsx.limits import limits


@use_case("identity.read")
def check_names(posko: Posko, *, progress: Progress = silent) -> Search:
    """Look for reporters and witnesses in every text of this office, and keep where they stand.

    Accounts that send files without holding the identity key rely on it until something changes.
    Raises UserError when this account does not hold the key.
    """
    if posko.keys.identity is None:
        raise UserError(
            "Akun ini tidak memegang kunci identitas, jadi nama tidak dapat dicari. Tidak ada yang "
            "diubah. Minta petugas penerima, verifikator, pimpinan, atau admin memeriksanya.",
            "no_identity_key",
        )
    own = posko.office.code
    with posko.store.read() as session:
        lsn = session.scalars(select(Office.lsn)).one()
        everything = Wanted(own, own, 0, left_out("internal"), waiting=True)
        parts = split(session, everything, limits())
        search = look(posko, session, everything, parts, "internal", progress)
    with posko.write() as session:
        keep(session, Kept(lsn, tuple(asdict(hit) for hit in search.found), search.more))
    note_search(posko, search, own, "internal")
    return search
