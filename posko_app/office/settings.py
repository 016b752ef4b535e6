"""What an office may change about itself."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from posko_app.app import BOARD_MARK, Posko, read_office, use_case
from posko_app.data.incarnation import TIED
from posko_app.data.tables import Office, Setting
from posko_app.errors import InvalidInput, Problem, UserError
from posko_app.rules.numbering import check_pattern
from posko_app.security import keys
from posko_app.text import ZONES, clean

EDITABLE = (
    "name",
    "letterhead",
    "place",
    "report_code",
    "letter_code",
    "zone",
    "paper",
    "regulation",
    "election_kind",
)


@use_case("office.settings")
def change_office(posko: Posko, /, **values: str) -> None:
    """Change fields of EDITABLE; old and new values go into the audit chain.

    Raises InvalidInput with every problem, UserError for an unknown field or regulation.
    """
    unknown = values.keys() - set(EDITABLE)
    if unknown:
        raise UserError(f"Pengaturan {', '.join(sorted(unknown))} tidak dikenal.")
    values = {name: clean(value) for name, value in values.items()}
    if problems := _problems(posko, values):
        raise InvalidInput(problems)
    try:
        with posko.write() as session:
            row = session.scalars(select(Office)).one()
            old = {name: getattr(row, name) for name in values}
            for name, value in values.items():
                setattr(row, name, value)
            posko.note(session, "office.changed", old=old, new=dict(values))
            session.flush()
            if "name" in values:
                keys.describe_office(posko.folder.keyfile, name=values["name"])
            posko.office = read_office(session)  # listeners hear of the commit and look at once
    finally:
        posko.reload_office()


@use_case("office.read")
def own_values(posko: Posko) -> dict[str, str]:
    """Every free setting that this office has set, by key."""
    with posko.store.read() as session:
        mine = Setting.key.not_in((BOARD_MARK, TIED)), Setting.key.not_like("numbers.%")
        rows = session.scalars(select(Setting).where(*mine))
        return {row.key: row.value for row in rows}


@use_case("office.settings")
def set_value(posko: Posko, key: str, value: str) -> None:
    """Set one free setting, for example an own number pattern `pattern.filing`.

    An empty value goes back to what the program brings along. Raises UserError for a pattern that
    cannot be used.
    """
    if key.startswith("pattern.") and value:
        check_pattern(value)
    with posko.write() as session:
        row = session.get(Setting, key)
        old = row.value if row else ""
        if row is None:
            session.add(Setting(key=key, value=value))
        else:
            row.value = value
        posko.note(session, "setting.changed", key=key, old=old, new=value)


@use_case("office.read")
def reminders(posko: Posko) -> tuple[str, ...]:
    """What the office should still fill in, as sentences."""
    found = []
    if not posko.office.report_code:
        found.append("Kode laporan Bawaslu belum diisi: nomor laporan belum memuat kode wilayah.")
    if not posko.office.letter_code:
        found.append("Kode surat belum diisi: nomor surat belum memuat kode jabatan dan wilayah.")
    return tuple(found)


def _problems(posko: Posko, values: Mapping[str, str]) -> list[Problem]:
    """What is wrong with new values of the office."""
    problems = []
    if not values.get("name", "-"):
        problems.append(Problem("name", "Isi nama kantor."))
    if values.get("zone", "WIB") not in ZONES:
        problems.append(Problem("zone", "Pilih zona waktu WIB, WITA atau WIT."))
    if values.get("paper", "F4") not in ("F4", "A4"):
        problems.append(Problem("paper", "Pilih kertas F4 atau A4."))
    kind = values.get("election_kind")
    if kind is not None and not posko.vocabulary.has("election_kind", kind):
        problems.append(Problem("election_kind", "Pilih jenis pemilihan dari daftar."))
    if "regulation" in values:
        posko.rules.get(values["regulation"])
    return problems
