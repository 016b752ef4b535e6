"""What a file for another office would hold, told before it is made: sheets, cases, evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, not_, select, true
from sqlalchemy.orm import Session

from posko_app.app import Posko, use_case
from posko_app.data.tables import Case, Evidence, Export, Sync, VaultFile
from posko_app.progress import Progress, silent

from .kept_events import is_kept
from .ledger import channel
from .left_out import kinds_left_out, left_out, profiles
from .own_letters import kept_from
from .public_rows import PublicRows
from .scope import cases_for, files_for, loose_for, referred
from .trust import recipients_of
from .wanting import What, wanted

AT_ONCE = 400
BOOK_BYTES, ROW_BYTES = 90_000, 190
"""What a packed workbook takes with nothing in it, and what each record adds; a rough guide."""


@dataclass(frozen=True, kw_only=True)
class Prospect:
    """One way to fill a file: its cases, the records by table, and the evidence files of the cases.

    `size` is a guess in bytes of the workbooks, without the evidence; `evidence_size` is exact.
    """

    what: What
    cases: frozenset[str]
    tables: Mapping[str, int]
    evidence: int
    evidence_size: int

    @property
    def rows(self) -> int:
        """How many records that is."""
        return sum(self.tables.values())

    @property
    def size(self) -> int:
        """About how many bytes the workbooks take."""
        return BOOK_BYTES + ROW_BYTES * self.rows


@dataclass(frozen=True, kw_only=True)
class Prospects:
    """The next export to an office: its number and what each choice would put into it.

    `heard` is false while the office confirmed nothing, so that `changes` is everything;
    `confirmed_seq` is the last export it confirmed. `lockable` tells that a key of the office is
    known which a file can be locked for.
    """

    to_code: str
    profile: str
    seq: int
    confirmed_seq: int
    heard: bool
    lockable: bool
    last_made_at: datetime | None
    by_what: Mapping[What, Prospect] = field(default_factory=dict)


@dataclass(frozen=True)
class CaseInside:
    """A case of a file: what the list shows of it, and how many records it brings."""

    uid: str
    number: str
    title: str
    office_code: str
    records: int
    referred: bool = False


@use_case("exchange.export")
def prospects(
    posko: Posko,
    to_code: str,
    *,
    profile: str = "internal",
    picked: Collection[str] = (),
    progress: Progress = silent,
) -> Prospects:
    """Count what each choice would send to `to_code` now; nothing is written."""
    progress(0, 0, "Menghitung isi kiriman")
    with posko.store.read() as session:
        where = channel(session, to_code)
        channel_of = select(func.max(Export.made_at)).where(
            Export.to_code == to_code, ~Export.outside
        )
        confirmed = select(func.max(Export.seq)).where(
            Export.to_code == to_code, ~Export.outside, Export.acked_at.is_not(None)
        )
        last, confirmed_seq = session.scalar(channel_of), session.scalar(confirmed)
        to_read = profiles().by_code[profile].shape == "values"  # by anybody
        lockable = not to_read and bool(recipients_of(session, to_code))
        whole = _Look(posko, session, to_code, profile)
        found: dict[What, Prospect] = {"all": whole.prospect("all")}
        since = where.frm if profile == "internal" else 0  # every other file is whole
        found["changes"] = whole.prospect("changes", since) if since else found["all"]
        if picked:
            found["picked"] = whole.prospect("picked", only=picked)
    return Prospects(
        to_code=to_code,
        profile=profile,
        seq=where.seq,
        confirmed_seq=confirmed_seq or 0,
        heard=where.frm > 0,
        lockable=lockable,
        last_made_at=last,
        by_what=found,
    )


@use_case("exchange.export")
def inside(
    posko: Posko, prospect: Prospect, *, progress: Progress = silent
) -> tuple[CaseInside, ...]:
    """The cases of a prospect by number, as a list to look through before the file is made."""
    progress(0, 0, "Menyusun daftar isi")
    with posko.store.read() as session:
        return _listed(session, prospect.cases)


@use_case("exchange.export")
def to_pick(
    posko: Posko, to_code: str, *, profile: str = "internal", progress: Progress = silent
) -> tuple[CaseInside, ...]:
    """Every case that may be picked for an office under a profile, by number."""
    progress(0, 0, "Menyusun daftar perkara")
    with posko.store.read() as session:
        look = _Look(posko, session, to_code, profile, any_case=True)
        return _listed(session, look.prospect("all").cases)


def _listed(session: Session, cases: Collection[str]) -> tuple[CaseInside, ...]:
    found: list[CaseInside] = []
    for uids in _chunks(sorted(cases)):
        counts = dict(
            session.execute(
                select(Sync.case_uid, func.count())
                .where(Sync.case_uid.in_(uids))
                .group_by(Sync.case_uid)
            ).all()
        )
        passed_on = set(
            session.scalars(
                select(Sync.uid).where(
                    Sync.uid.in_(uids), Sync.table_name == Case.__tablename__, referred()
                )
            )
        )
        rows = session.execute(
            select(Case.uid, Case.number, Case.title, Case.office_code).where(Case.uid.in_(uids))
        )
        found += [CaseInside(*row, counts.get(row[0], 0), row[0] in passed_on) for row in rows]
    return tuple(sorted(found, key=lambda case: (case.office_code, case.number, case.uid)))


@dataclass
class _Look:
    """One look at what may go to an office under a profile."""

    posko: Posko
    session: Session
    to: str
    profile: str
    any_case: bool = False  # whatever the profile sends where nobody picks

    def prospect(self, what: What, after: int = 0, only: Collection[str] = ()) -> Prospect:
        """What goes: cases changed since `after` or those picked, each whole; loose records too."""
        if profiles().by_code[self.profile].shape == "values":
            return self._to_read(what, only)
        sent = and_(
            Sync.table_name.not_in(sorted(left_out(self.profile))),
            not_(kept_from(self.to)),
            not_(is_kept(Sync.uid, kinds_left_out(self.profile))),
        )
        own = self.posko.office.code
        limited = what != "picked" and profiles().by_code[self.profile].reach == "referred"
        limit = (referred(),) if limited and not self.any_case else ()
        cases: set[str] = set()
        tables: Counter[str] = Counter()
        for chosen in self._chosen(sent, after, only):
            query = (
                select(Sync.case_uid, Sync.table_name, func.count())
                .where(Sync.case_uid != "", sent, cases_for(self.to, own), chosen, *limit)
                .group_by(Sync.case_uid, Sync.table_name)
            )
            for uid, table, count in self.session.execute(query):
                cases.add(uid)
                tables[table] += count
        if what != "picked" and not limited:
            loose = (
                select(Sync.table_name, func.count())
                .where(Sync.case_uid == "", Sync.lsn > after, sent, loose_for(self.to, own))
                .group_by(Sync.table_name)
            )
            tables.update(dict(self.session.execute(loose).all()))
        files, size = self._evidence(cases)
        return Prospect(
            what=what, cases=frozenset(cases), tables=dict(tables), evidence=files,
            evidence_size=size,
        )  # fmt: skip

    def _to_read(self, what: What, only: Collection[str]) -> Prospect:
        """What a workbook to read shows, which holds no record and takes no evidence along."""
        asked = wanted(self.posko, self.session, self.to, what, only, self.profile)
        rows = PublicRows(self.posko, self.session, asked)
        counts = {"cases": len(rows.cases), "prevention": len(rows.activities)}
        return Prospect(
            what=what,
            cases=frozenset(rows.cases),
            tables={table: count for table, count in counts.items() if count},
            evidence=0,
            evidence_size=0,
        )

    def _chosen(
        self, sent: ColumnElement[bool], after: int, only: Collection[str]
    ) -> Iterable[ColumnElement[bool]]:
        """Conditions that together let the wanted cases through, each case in one of them."""
        if only:
            for uids in _chunks(sorted(only)):
                yield Sync.case_uid.in_(uids)
        elif after:
            yield Sync.case_uid.in_(
                select(Sync.case_uid).where(Sync.lsn > after, Sync.case_uid != "", sent)
            )
        else:
            yield true()

    def _evidence(self, cases: Collection[str]) -> tuple[int, int]:
        """How many evidence files of these cases lie in the vault, and their bytes."""
        here = (
            select(Evidence.case_uid, Evidence.sha256, VaultFile.size)
            .join(VaultFile, VaultFile.sha256 == Evidence.sha256)
            .join(Sync, Sync.uid == Evidence.uid)
            .where(Evidence.sha256 != "", files_for(self.to, self.posko.office.code))
        )
        files = {sha: size for uid, sha, size in self.session.execute(here) if uid in cases}
        return len(files), sum(files.values())


def _chunks(items: Sequence[str]) -> Iterable[Sequence[str]]:
    for start in range(0, len(items), AT_ONCE):
        yield items[start : start + AT_ONCE]
