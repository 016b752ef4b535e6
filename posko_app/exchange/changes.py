"""What an import would change, told case by case in the words of the readable sheets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from posko_app.app import Posko, use_case
from posko_app.data import record as records
from posko_app.data.outgoing import outgoing_of_records
from posko_app.data.record import Record, Value
from posko_app.data.tables import Account, Case, Peer, Sibling
from posko_app.data.versions import Prepared, record_of, to_value
from posko_app.progress import Progress, silent
from posko_app.text import clean

from .authority import Offices
from .judge import Decision, RejectedRow
from .layout import ColumnLayout, layout
from .manifest import SHEET
from .plan import ImportPlan
from .shown import NOUNS, OTHER, Words, column_of

CONFLICT, NEW, UPDATED = "conflict", "new", "updated"
GROUPS = (CONFLICT, NEW, UPDATED)
AT_ONCE = 400
MOST_FIELDS = 100  # of one case


@dataclass(frozen=True)
class FieldValue:
    """One of the values of a field in conflict: who wrote it where and when (office time).

    `value` is what is written when somebody chooses it.
    """

    text: str
    actor: str
    office: str
    at: datetime | None
    incoming: bool
    value: Value = None


@dataclass(frozen=True)
class FieldConflict:
    """A field that holds differing values after the import; ours come first.

    `base` is what it said before both wrote, None when that is not known. `owner` is the office
    that decides, empty when it is this one.
    """

    record: str
    field: str
    values: tuple[FieldValue, ...]
    uid: str = ""
    name: str = ""
    table: str = ""
    base: str | None = None
    owner: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """Record and field, as a choice names them."""
        return self.uid, self.name


@dataclass(frozen=True)
class FieldChange:
    """A field that gets another value; `before` is empty when it had none."""

    record: str
    field: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class CaseChange:
    """What happens to one case, or to one record that belongs to none (`case_uid` empty).

    `added` counts the new records by noun; `records` are all records written.
    """

    key: str
    case_uid: str
    group: str
    number: str
    kind: str
    office_code: str
    title: str
    note: str
    added: Mapping[str, int]
    records: int
    changes: tuple[FieldChange, ...]
    conflicts: tuple[FieldConflict, ...]


@dataclass(frozen=True)
class _Head:
    number: str
    kind: str
    office_code: str
    title: str


@use_case("exchange.import")
def describe(posko: Posko, plan: ImportPlan, progress: Progress = silent) -> tuple[CaseChange, ...]:
    """The changes of a plan: those in conflict first, then new, then updated ones."""
    groups: dict[str, list[Decision]] = {}
    for decision in plan.decisions:
        groups.setdefault(_key(decision), []).append(decision)
    with posko.store.read() as session:
        teller = _Teller(posko, session, plan)
        before = teller.before(plan.decisions)
        heads = teller.heads(groups)
        found = []
        for done, (key, decisions) in enumerate(groups.items()):
            if done % AT_ONCE == 0:
                progress(done, len(groups), "Menyusun pratinjau")
            found.append(teller.change(key, decisions, heads.get(key), before))
    progress(len(groups), len(groups), "Menyusun pratinjau")
    return tuple(sorted(found, key=lambda c: (GROUPS.index(c.group), c.number, c.title, c.key)))


def place_words(row: RejectedRow) -> tuple[str, str]:
    """Sheet and column of a rejected row as people know them; what no sheet shows has no name."""
    sheet = "Data kiriman (lembar tersembunyi)" if row.sheet == SHEET else row.sheet
    headings = {column.heading for known in layout().sheets for column in known.columns}
    return sheet, row.column if row.column in headings else "Rincian" if row.column else "–"


class _Teller:
    """Puts decisions into words."""

    def __init__(self, posko: Posko, session: Session, plan: ImportPlan) -> None:
        self._posko, self._session, self._bases = posko, session, plan.bases
        self._words, self._authority = Words(posko), Offices(posko, session, plan.signed)
        self._offices = dict(session.execute(select(Peer.device_id, Peer.office_name)).all())
        self._offices[posko.office.device_id] = posko.office.name
        self._people = dict(session.execute(select(Account.login, Account.name)).all())
        self._own = posko.office.device_id
        if plan.manifest is not None:
            self._offices.setdefault(plan.manifest.device, plan.manifest.office_name)

    def before(self, decisions: Iterable[Decision]) -> dict[str, Mapping[str, Value]]:
        """The values that records which are here already have now, by record."""
        tables: dict[str, list[str]] = {}
        for decision in decisions:
            if decision.verdict != "new":
                tables.setdefault(decision.prepared.table, []).append(decision.prepared.uid)
        return {
            row.uid: row.values
            for table, uids in tables.items()
            for chunk in _chunks(uids)
            for row in outgoing_of_records(self._session, table, chunk)
        }

    def heads(self, groups: Mapping[str, Sequence[Decision]]) -> dict[str, _Head]:
        """Number and title of every case; those that do not come along are read here."""
        found: dict[str, _Head] = {}
        missing: list[str] = []
        for key, decisions in groups.items():
            own = next((d.prepared.row for d in decisions if d.prepared.table == "cases"), None)
            if own is not None:
                names = ("number", "kind", "office_code", "title")
                found[key] = _Head(*(str(own[name]) for name in names))
            elif decisions[0].prepared.case_uid:
                missing.append(key)
        columns = (Case.uid, Case.number, Case.kind, Case.office_code, Case.title)
        for chunk in _chunks(missing):
            for uid, *head in self._session.execute(select(*columns).where(Case.uid.in_(chunk))):
                found[uid] = _Head(*head)
        return found

    def change(
        self,
        key: str,
        decisions: Sequence[Decision],
        head: _Head | None,
        before: Mapping[str, Mapping[str, Value]],
    ) -> CaseChange:
        """One case, or one record without a case."""
        first = decisions[0].prepared
        if head is None:
            noun, field = NOUNS.get(first.table, OTHER)
            title = str(first.row.get(field) or "") or noun.capitalize()
            head = _Head(str(first.row.get("number", "")), "", "", title)
        conflicts = tuple(self._conflicts(decisions))[:MOST_FIELDS]
        changes = tuple(self._changes(decisions, before))[:MOST_FIELDS]
        added = Counter(
            NOUNS.get(d.prepared.table, OTHER)[0]
            for d in decisions
            if d.verdict == "new" and d.prepared.table != "cases"
        )
        whole = any(
            d.verdict == "new" and (d.prepared.table == "cases" or not first.case_uid)
            for d in decisions
        )
        contested = any(d.verdict in ("conflict", "twin") for d in decisions)
        group = CONFLICT if contested else NEW if whole else UPDATED
        return CaseChange(
            key=key,
            case_uid=first.case_uid,
            group=group,
            number=clean(head.number),
            kind=head.kind,
            office_code=head.office_code,
            title=clean(head.title),
            note=self._note(group, head, added, changes, conflicts),
            added=dict(added),
            records=len(decisions),
            changes=changes,
            conflicts=conflicts,
        )

    def _note(
        self,
        group: str,
        head: _Head,
        added: Mapping[str, int],
        changes: Sequence[FieldChange],
        conflicts: Sequence[FieldConflict],
    ) -> str:
        """The one line that a list says."""
        if group == CONFLICT:
            return f"{len(conflicts)} ruas berbeda" if conflicts else "salinan ganda"
        if group == NEW:
            label = self._posko.vocabulary.label("intake_kind", head.kind) if head.kind else ""
            return f"{label} baru" if label else next(iter(added), "data baru").capitalize()
        words = [f"{noun} +{count}" for noun, count in added.items()]
        names = list(dict.fromkeys(change.field for change in changes))
        words += names[:2] if len(names) <= 2 else [f"{len(names)} ruas"]
        said = ", ".join(words) or "catatan versi saja"
        return said[:1].upper() + said[1:]

    def _changes(
        self, decisions: Iterable[Decision], before: Mapping[str, Mapping[str, Value]]
    ) -> Iterator[FieldChange]:
        for decision in decisions:
            prepared = decision.prepared
            values = before.get(prepared.uid, {})
            for name in decision.changed:
                if name not in decision.conflicts:
                    label, column = self._field(prepared.table, name)
                    was = self._words.value(column, values.get(name))
                    now = self._words.value(column, to_value(prepared.row.get(name)))
                    yield FieldChange(self._record(prepared), label, was, now)

    def _conflicts(self, decisions: Iterable[Decision]) -> Iterator[FieldConflict]:
        for decision in decisions:
            if not decision.conflicts:
                continue
            incoming = records.from_canonical(records.loads(decision.text))
            merged = _record_of(decision)
            for name in decision.conflicts:
                label, column = self._field(decision.prepared.table, name)
                theirs = {sibling.dot for sibling in incoming.fields.get(name, ())}
                values: dict[Value, FieldValue] = {}
                for sibling in merged.fields[name]:
                    home, actor = records.home(sibling.dot[0]), sibling.actor
                    told = FieldValue(
                        self._words.value(column, sibling.value) or "(kosong)",
                        clean(self._people.get(actor, actor) if home == self._own else actor),
                        self._offices.get(home, ""),
                        self._words.moment(sibling.hlc),
                        sibling.dot in theirs,
                        sibling.value,
                    )
                    values.setdefault(sibling.value, told)
                both = sorted(values.values(), key=lambda value: value.incoming)
                key = (decision.prepared.uid, name)
                base = self._words.value(column, self._bases[key]) if key in self._bases else None
                owner = self._authority.owner(merged, name)
                yield FieldConflict(
                    self._record(decision.prepared),
                    label,
                    tuple(both),
                    *key,
                    decision.prepared.table,
                    base,
                    "" if owner == self._posko.office.code else owner,
                )

    def _record(self, prepared: Prepared) -> str:
        values = {name: to_value(value) for name, value in prepared.row.items()}
        return self._words.record(prepared.table, values)

    def _field(self, table: str, name: str) -> tuple[str, ColumnLayout | None]:
        column = column_of(table, name)
        return (column.heading if column else "Rincian"), column


def _key(decision: Decision) -> str:
    return decision.prepared.case_uid or decision.prepared.uid


def _record_of(decision: Decision) -> Record:
    """The record as it will stand, from the rows that will keep it."""
    prepared = decision.prepared
    values = {name: to_value(value) for name, value in prepared.row.items() if name != "uid"}
    marks = [Sibling(field=field, sibling=mark) for field, mark in prepared.marks]
    return record_of(prepared.table, prepared.uid, values, prepared.version, marks)


def _chunks(uids: Collection[str]) -> Iterator[Sequence[str]]:
    wanted = list(uids)
    for start in range(0, len(wanted), AT_ONCE):
        yield wanted[start : start + AT_ONCE]
