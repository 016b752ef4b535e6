"""What an export asks for: checked against what its recipient may have."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal, TypeAlias, get_args

from sqlalchemy import select
from sqlalchemy.orm import Session

from posko_app.app import Posko
from posko_app.data.tables import Case, Sync
from posko_app.errors import UserError
from posko_app.text import thousands

from .gather import Wanted
from .ledger import channel
from .left_out import kinds_left_out, left_out, profiles
from .manifest import PROFILES
from .scope import cases_for

What: TypeAlias = Literal["changes", "all", "picked"]
MOST_PICKED = 5_000
NOTHING = "Belum ada berkas yang dibuat."


def require_sense(posko: Posko, to: str, what: What, cases: Collection[str], profile: str) -> None:
    """Raise UserError for an unknown office or profile, and when no or too many cases are picked.

    ValueError for a choice that no page and no command offers.
    """
    if what not in get_args(What) or (cases and what != "picked"):
        raise ValueError(f"{what} with {len(cases)} cases")
    region = posko.regions.get(to)
    if region is None or to.count(".") > 2:
        raise UserError(
            f"Kode kantor {to} tidak dikenal. {NOTHING} Tulis seperti 62, 62.10 atau 62.10.01.",
            "unknown_office",
        )
    if profile not in profiles().by_code:
        raise UserError(
            f"Profil {profile} tidak dikenal. {NOTHING} Pilih {', '.join(PROFILES)}.",
            "unknown_profile",
        )
    if what == "picked" and not 0 < len(set(cases)) <= MOST_PICKED:
        raise UserError(
            f"Pilih perkara yang dikirim, paling banyak {thousands(MOST_PICKED)}. {NOTHING}",
            "nothing_picked",
        )


def wanted(
    posko: Posko, session: Session, to: str, what: What, cases: Collection[str], profile: str
) -> Wanted:
    """What goes to that office; UserError for a picked case that it may not have."""
    own, whole = posko.office.code, profile == "internal" and what != "picked"
    picked = tuple(sorted(set(cases))) if what == "picked" else None
    after = channel(session, to).frm if whole and what == "changes" else 0
    for uid in _outside_scope(session, to, own, picked or ()):
        row = session.execute(select(Case.number, Case.title).where(Case.uid == uid)).first()
        if row is None:
            raise UserError(
                f"Perkara yang dipilih tidak ada lagi di kantor ini. {NOTHING} Pilih lagi.",
                "no_case",
            )
        raise UserError(
            f"Perkara {row[0] or row[1]} bukan dari wilayah kantor {to}, jadi tidak boleh dikirim "
            f"ke sana. {NOTHING} Keluarkan perkara itu dari pilihan.",
            "not_theirs",
        )
    limited = picked is None and profiles().by_code[profile].reach == "referred"
    omitted = left_out(profile)
    return Wanted(
        to, own, after, omitted, waiting=whole, picked=picked, referred=limited,
        kinds=kinds_left_out(profile),
    )  # fmt: skip


def _outside_scope(session: Session, to: str, own: str, picked: Collection[str]) -> list[str]:
    """The picked cases that are not here, or that the office may not have."""
    theirs = select(Sync.uid).where(
        Sync.uid.in_(picked), Sync.table_name == Case.__tablename__, cases_for(to, own)
    )
    return sorted(set(picked) - set(session.scalars(theirs))) if picked else []
