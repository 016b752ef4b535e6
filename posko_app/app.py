"""The opened office: everything a use case may need, put together in one place.

No singletons: a `Posko` is made by `open_office`, handed to use cases, and closed.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from .data import audit, engines, incarnation
from .data.incarnation import Tie
from .data.lock import OfficeLock
from .data.store import Store, open_store
from .data.swap import settle_swap
from .data.tables import Account, Office, Setting, VaultFile
from .data.vault import Vault
from .errors import UserError
from .law import Law, read_law, take_over
from .paths import OfficeFolder, default_state
from .rules.book import RuleBook
from .rules.calendar import Calendar
from .rules.regions import Regions, load_regions
from .rules.vocabulary import Vocabulary, load_vocabulary
from .security import keyfile, permissions
from .security.keys import KeySet, unlock
from .text import zone as zone_of

Clock = Callable[[], datetime]
RENEWED = {
    "restored": "Basis data ini dikembalikan dari salinan lama. Komputer ini memakai identitas "
    "baru {label}; yang ada di salinan itu utuh. Minta kiriman penuh dari kantor lain agar yang "
    "lebih baru kembali. Pastikan nomor terakhir di Pengaturan.",
    "copied": "Folder kantor ini disalin atau dipindahkan. Komputer ini memakai identitas baru "
    "{label}; semua data utuh. Kiriman berikutnya ke kantor lain berisi semuanya. Pastikan nomor "
    "terakhir di Pengaturan.",
    "asked": "Komputer ini sekarang perangkat baru {label}; semua data utuh. Kiriman berikutnya "
    "ke kantor lain berisi semuanya. Pastikan nomor terakhir di Pengaturan.",
}
BOARD_MARK = "board.made_with"  # key of a setting that is nobody's choice
P = ParamSpec("P")
R = TypeVar("R")


def system_clock() -> datetime:
    """The one clock: now, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class User:
    """Who is logged in."""

    login: str
    name: str
    title: str
    role: str


@dataclass(frozen=True, kw_only=True)
class OfficeInfo:
    """This office as use cases and pages see it."""

    level: str
    code: str  # Kemendagri
    name: str
    letterhead: tuple[str, ...]
    place: str
    report_code: str
    letter_code: str
    zone: str
    paper: str
    regulation: str
    election_kind: str
    practice: bool
    practice_on: date | None
    device_id: str
    device_label: str = ""  # for people; empty until the device was renewed


@dataclass(eq=False)
class Posko:
    """The open office: store, rules, who is logged in, and the clock."""

    folder: OfficeFolder
    store: Store
    keys: KeySet
    vault: Vault
    office: OfficeInfo
    user: User
    rules: RuleBook
    calendar: Calendar
    vocabulary: Vocabulary
    regions: Regions
    clock: Clock
    lock: OfficeLock | None = None
    law_mark: str = ""  # of the rules and calendar that were read
    board_mark: str = ""  # of those the lines of lists were last computed with
    tie: Tie | None = None  # to this folder on this computer
    news: tuple[str, ...] = ()  # what the opening found, for the banner

    def now(self) -> datetime:
        """The instant a use case acts at; in a practice office, on its practice day."""
        moment = self.clock()
        if self.office.practice_on is None:
            return moment
        here = moment.astimezone(self.zone)
        day = self.office.practice_on
        return here.replace(year=day.year, month=day.month, day=day.day).astimezone(UTC)

    @property
    def zone(self) -> tzinfo:
        """The office's time zone."""
        return zone_of(self.office.zone)

    def today(self) -> date:
        """The office's date now."""
        return self.now().astimezone(self.zone).date()

    @contextmanager
    def write(self, *, bulk: bool = False) -> Iterator[Session]:
        """One transaction in the name of the person logged in."""
        with self.store.write(actor=self.user.login, bulk=bulk) as session:
            yield session

    def note(self, session: Session, action: str, uid: str = "", **detail: Any) -> None:
        """Add a line to the audit chain inside the caller's transaction.

        `detail` must never hold identity in plain text.
        """
        audit.append(
            session,
            at=self.now(),
            account=self.user.login,
            action=action,
            entity_uid=uid,
            detail={"role": self.user.role, "device": self.office.device_id, **detail},
        )

    def take_law(self, law: Law) -> None:
        """Go by these rules and this calendar from now on."""
        self.rules, self.calendar, self.law_mark = law.rules, law.calendar, law.mark

    def reload_office(self) -> None:
        """Read the office row again after its settings changed."""
        with self.store.read() as session:
            self.office = read_office(session)

    def close(self) -> None:
        """Close the database and let another process in."""
        try:
            if self.tie:
                self.tie.keep()
            self.store.close()
        finally:
            if self.lock:
                self.lock.release()


USE_CASES: dict[str, str] = {}  # function name -> permission, for the page of roles and its test


def use_case(
    permission: str,
) -> Callable[[Callable[Concatenate[Posko, P], R]], Callable[Concatenate[Posko, P], R]]:
    """Mark a function as a use case that needs `permission`; checked in the core, for every caller.

    Raises NotAllowed when the role of the person logged in lacks it.
    """
    if permission not in permissions.PERMISSIONS:
        raise ValueError(f"unknown permission {permission}")

    def decorate(
        function: Callable[Concatenate[Posko, P], R],
    ) -> Callable[Concatenate[Posko, P], R]:
        USE_CASES[f"{function.__module__}.{function.__qualname__}"] = permission

        @functools.wraps(function)
        def checked(posko: Posko, /, *args: P.args, **kwargs: P.kwargs) -> R:
            permissions.require(posko.user.role, permission)
            return function(posko, *args, **kwargs)

        return checked

    return decorate


def open_office(
    folder: Path,
    account: str,
    password: str,
    *,
    clock: Clock = system_clock,
    database: str | None = None,
    place: Path | None = None,
) -> Posko:
    """Open the office in `folder` for `account`.

    A folder that was copied, moved or put back from an older copy becomes a new device; `news` says
    so. `database` is a PostgreSQL URL when the office has outgrown one PC, `place` where tokens of
    installations lie, by default this computer's own. Raises UserError: no office there, wrong
    password, open elsewhere, newer or damaged database.
    """
    files = OfficeFolder(folder)
    settle_swap(files)
    engines.require_file(files.keyfile)
    if database is None:
        engines.require_file(files.database)
    keys = unlock(files.keyfile, account, password, clock())
    lock = OfficeLock(files.lock) if database is None else None
    try:
        store = open_store(database or files.database, keys.database, clock)
        try:
            posko = _assemble(files, store, keys, account, clock, lock)
            if lock:  # several PCs share a server's database, and each is a device by itself
                _settle(posko, place or default_state())
            return posko
        except BaseException:
            store.close()
            raise
    except BaseException:
        if lock:
            lock.release()
        raise


def _assemble(
    files: OfficeFolder,
    store: Store,
    keys: KeySet,
    account: str,
    clock: Clock,
    lock: OfficeLock | None,
) -> Posko:
    with store.read() as session:
        office = read_office(session)
        person = session.scalar(select(Account).where(Account.login == account))
        vault_keys = {row.sha256: row.key for row in session.scalars(select(VaultFile))}
        board_mark = session.scalar(select(Setting.value).where(Setting.key == BOARD_MARK))
    if person is None or not person.active:
        raise UserError(
            f"Akun {account} tidak aktif di kantor ini. Data tidak berubah. "
            "Minta admin kantor mengaktifkannya.",
            "account_inactive",
        )
    vault = Vault(files.vault)
    if lock:  # else another PC may be writing a file at this moment
        vault.sweep(vault_keys)
    posko = Posko(
        folder=files,
        store=store,
        keys=keys,
        vault=vault,
        office=office,
        user=User(person.login, person.name, person.title, person.role),
        rules=RuleBook(),
        calendar=Calendar(),
        vocabulary=load_vocabulary(),
        regions=load_regions(),
        clock=clock,
        lock=lock,
        board_mark=board_mark or "",
    )
    store.clock = posko.now  # stamps of a practice office bear its practice day too
    if files.calendar.is_file():
        _take_over_calendar(posko)
    with store.read() as session:
        posko.take_law(read_law(session, posko.today()))
    return posko


def _settle(posko: Posko, place: Path) -> None:
    """Tie the office to its folder here; what was copied or put back becomes a new device first."""
    keys_id = str(keyfile.read(posko.folder.keyfile)["id"])
    tie = Tie(place, keys_id, posko.folder.root)
    with posko.store.read() as session:
        found = tie.examine(session)
    if found != "same":
        renew_device(posko, found)
    with posko.write() as session:
        tie.fasten(session)
    posko.tie = tie

    def follow(changed: frozenset[str]) -> None:
        if "office" in changed:
            with posko.store.read() as session:
                tie.follow(session)

    posko.store.listeners.append(follow)


def renew_device(posko: Posko, why: str) -> None:
    """Become a new device with a new key and channel; `why` is restored, copied or asked."""
    with posko.write() as session:
        renewed = incarnation.renew(session)
        posko.note(session, "device.renewed", why=why, old=renewed.old, new=renewed.new)
        if posko.tie:
            posko.tie.fasten(session)
    posko.reload_office()
    posko.news = (RENEWED[why].format(label=renewed.label),)


def _take_over_calendar(posko: Posko) -> None:
    """Holidays once stood in a file beside the database; now they stand in it."""
    file = posko.folder.calendar
    with posko.write() as session:
        added = take_over(session, file, posko.now())
        posko.note(session, "holidays.taken_over", days=added)
    file.replace(file.with_name("kalender-lama.toml"))


def read_office(session: Session) -> OfficeInfo:
    """The office row as a frozen view."""
    row = session.scalars(select(Office)).one()
    values: Mapping[str, Any] = {
        name: getattr(row, name)
        for name in OfficeInfo.__dataclass_fields__
        if name not in ("code", "letterhead")
    }
    return OfficeInfo(
        code=row.region_code,
        letterhead=tuple(line for line in row.letterhead.split("\n") if line),
        **values,
    )
