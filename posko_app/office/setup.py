"""A new office: its folder, keys, database and first account."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from posko_app.app import BOARD_MARK, system_clock
from posko_app.data import audit
from posko_app.data.incarnation import Tie
from posko_app.data.store import open_store
from posko_app.data.tables import Account, Office, Setting
from posko_app.errors import InvalidInput, Problem, UserError
from posko_app.law import law_mark_of
from posko_app.paths import OfficeFolder, default_state
from posko_app.rules.regions import load_regions
from posko_app.security import keyfile
from posko_app.security.keys import KeySet, create_keyfile, new_keys
from posko_app.security.recipient import new_recipient
from posko_app.security.sign import new_device_id, new_device_key
from posko_app.security.uid import new_uid
from posko_app.text import ZONES, clean

LEFT_BY_SQLITE = ("", "-wal", "-shm", "-journal")  # exact names: a copy beside them is the user's
LEVELS = {"provinsi": 1, "kabupaten": 2, "kecamatan": 3}  # parts of the region code


@dataclass(frozen=True, kw_only=True)
class NewOffice:
    """What an office says of itself at set-up.

    Three separate codes: the Kemendagri region for exchange, Bawaslu's code in report numbers, and
    the code in letter numbers. The last two are never derived and may stay empty.
    """

    level: str
    region_code: str
    name: str
    admin_login: str
    admin_name: str
    admin_title: str = ""
    letterhead: str = ""
    place: str = ""
    report_code: str = ""
    letter_code: str = ""
    zone: str = ""
    paper: str = "F4"
    regulation: str = "pilkada-2024"
    election_kind: str = "PB"
    practice: bool = False
    practice_on: date | None = None
    device_label: str = ""  # for people; PC-2 for a further computer of an office


def create_office(
    folder: Path,
    new: NewOffice,
    password: str,
    *,
    clock: Callable[[], datetime] = system_clock,
    database: str | None = None,
    tied: bool = True,
    fill: Callable[[Session], None] | None = None,
) -> None:
    """Make an office in `folder`, which must be empty of one; `fill` adds what it begins with.

    It is tied to its folder on this computer, unless it is made to be handed out (not `tied`):
    then where it is first opened. Raises InvalidInput with every problem, or UserError when there
    is an office already or the folder cannot be written; nothing is left behind then.
    """
    files = OfficeFolder(folder)
    new = _normal(new)
    problems = check_office(new)
    if problems:
        raise InvalidInput(problems)
    if files.keyfile.exists() or files.database.exists():
        raise UserError(
            f"Di folder {folder} sudah ada kantor. Tidak ada yang diubah. "
            "Pilih folder lain atau buka kantor itu.",
            "office_exists",
        )
    made_folder = _make_folder(folder)
    keys = new_keys()
    try:
        _fill(files, new, keys, clock, database, fill)
        create_keyfile(
            files.keyfile,
            account=new.admin_login,
            name=new.admin_name,
            role="admin",
            password=password,
            keys=keys,
            office={"level": new.level, "code": new.region_code, "name": new.name},
            practice=new.practice,
        )
        if tied and database is None:
            _tie(files, keys, clock)
    except BaseException:
        made = [files.database.with_name(files.database.name + end) for end in LEFT_BY_SQLITE]
        for path in (files.keyfile, *made):
            path.unlink(missing_ok=True)
        if made_folder and not any(folder.iterdir()):
            folder.rmdir()
        raise


def _tie(files: OfficeFolder, keys: KeySet, clock: Callable[[], datetime]) -> None:
    keys_id = str(keyfile.read(files.keyfile)["id"])
    store = open_store(files.database, keys.database, clock)
    try:
        with store.write() as session:
            Tie(default_state(), keys_id, files.root).fasten(session)
    finally:
        store.close()


def _make_folder(folder: Path) -> bool:
    """Make the office's folder; whether it was not there before."""
    fresh = not folder.exists()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(
            f"Folder {folder} tidak dapat dibuat. Tidak ada yang diubah. "
            "Pilih folder yang dapat ditulisi.",
            "folder_not_writable",
        ) from error
    return fresh


def check_office(new: NewOffice) -> list[Problem]:
    """Everything that is wrong with the description of an office."""
    problems = []
    if new.level not in LEVELS:
        problems.append(Problem("level", "Pilih tingkat: kecamatan, kabupaten atau provinsi."))
    elif load_regions().get(new.region_code) is None or (
        len(new.region_code.split(".")) != LEVELS[new.level]
    ):
        problems.append(
            Problem(
                "region_code",
                f"Kode wilayah {new.region_code} bukan {new.level} yang dikenal. "
                "Tulis seperti 62, 62.10 atau 62.10.01.",
            )
        )
    if not clean(new.name):
        problems.append(Problem("name", "Isi nama kantor."))
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{1,31}", new.admin_login):
        problems.append(
            Problem("admin_login", "Nama masuk 2 sampai 32 huruf kecil atau angka, tanpa spasi.")
        )
    if new.zone not in ZONES:
        problems.append(Problem("zone", "Pilih zona waktu WIB, WITA atau WIT."))
    if new.paper not in ("F4", "A4"):
        problems.append(Problem("paper", "Pilih kertas F4 atau A4."))
    return problems


def region_code(text: str) -> str:
    """A region code with dots, which are optional on input: 621001 is 62.10.01."""
    digits = re.sub(r"\D", "", text)
    if len(digits) not in (2, 4, 6, 10):
        return text.strip()
    parts = [digits[:2], digits[2:4], digits[4:6], digits[6:]]
    return ".".join(p for p in parts if p)


def zone_of_region(code: str) -> str:
    """The usual time zone of a province; the office may choose another."""
    province = code[:2]
    if province in {"51", "52", "53", "63", "64", "65"} or province[:1] == "7":
        return "WITA"
    return "WIT" if province[:1] in ("8", "9") else "WIB"


def _normal(new: NewOffice) -> NewOffice:
    from dataclasses import replace

    code = region_code(new.region_code)
    name = clean(new.name)
    return replace(
        new,
        region_code=code,
        name=name,
        admin_login=new.admin_login.strip().lower(),
        admin_name=clean(new.admin_name) or new.admin_login,
        letterhead=new.letterhead or name.upper(),
        zone=new.zone or zone_of_region(code),
    )


def _fill(
    files: OfficeFolder,
    new: NewOffice,
    keys: KeySet,
    clock: Callable[[], datetime],
    database: str | None,
    more: Callable[[Session], None] | None,
) -> None:
    store = open_store(database or files.database, keys.database, clock)
    try:
        with store.write(actor=new.admin_login) as session:
            session.add(_office_row(new, clock()))
            session.add(Setting(key=BOARD_MARK, value=f"{law_mark_of()}/{new.zone}"))
            session.add(
                Account(
                    uid=new_uid(),
                    login=new.admin_login,
                    name=new.admin_name,
                    title=new.admin_title,
                    role="admin",
                    made_at=clock(),
                )
            )
            audit.append(
                session,
                at=clock(),
                account=new.admin_login,
                action="office.created",
                entity_uid="",
                detail={"level": new.level, "code": new.region_code, "practice": new.practice},
            )
            if more is not None:
                session.flush()
                more(session)
    finally:
        store.close()


SAME = (
    "level",
    "region_code",
    "name",
    "letterhead",
    "place",
    "report_code",
    "letter_code",
    "zone",
    "paper",
    "regulation",
    "election_kind",
    "practice",
    "practice_on",
    "device_label",
)


def _office_row(new: NewOffice, now: datetime) -> Office:
    private, public = new_device_key()
    opens, locks = new_recipient()
    return Office(
        id=1,
        **{name: getattr(new, name) for name in SAME},
        device_id=new_device_id(),
        device_private=private,
        device_public=public,
        recipient_private=opens,
        recipient_public=locks,
        made_at=now,
    )
