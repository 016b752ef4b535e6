"""What an office may change about itself."""

from __future__ import annotations

from sqlalchemy import select

from posko_app.app import Posko, use_case
from posko_app.data.tables import Office, Setting
from posko_app.errors import UserError

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
    """Change fields of EDITABLE; old and new values go into the audit chain."""
    unknown = values.keys() - set(EDITABLE)
    if unknown:
        raise UserError(f"Pengaturan {', '.join(sorted(unknown))} tidak dikenal.")
    with posko.write() as session:
        row = session.scalars(select(Office)).one()
        old = {name: getattr(row, name) for name in values}
        for name, value in values.items():
            setattr(row, name, value)
        posko.note(session, "office.changed", old=old, new=dict(values))
    posko.reload_office()


@use_case("office.settings")
def set_value(posko: Posko, key: str, value: str) -> None:
    """Set one free setting, for example an own number pattern `pattern.filing`."""
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
