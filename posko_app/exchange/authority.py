"""Which office decides a field: the one that handles the record, or the highest that wrote it.

Fields of the class `wewenang` belong to the office that handles the record; the others may only
propose. An ordinary field may be written by every office that holds the record; when two wrote it
at once, the highest of the offices involved decides, so that two deciders never answer each other.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from posko_app.app import Posko
from posko_app.cases.board import to_event
from posko_app.data import record as records
from posko_app.data.record import Record, Value
from posko_app.data.tables import Case, Event, Office, Peer, TrustedKey
from posko_app.data.versions import APPEND_ONLY, load_records
from posko_app.rules import stages

from .layout import Authority as FieldClass
from .layout import layout
from .manifest import Manifest

_MOVES = ("received_transfer", "taken_over")


def class_of(table: str, field: str) -> FieldClass:
    """The class of a field; what no sheet shows belongs to the office that handles the record."""
    if table in APPEND_ONLY:
        return "tambah-saja"
    sheet = layout().sheet(table)
    if sheet is None or field in sheet.machine:
        return "wewenang"
    column = next((c for c in sheet.columns if c.field == field), None)
    return column.authority if column else "biasa"


class Offices:
    """Who handles which record and which devices belong to whom; one per look at the database."""

    def __init__(
        self,
        posko: Posko,
        session: Session,
        sender: Manifest | None = None,
        coming: Mapping[str, str] | None = None,
    ) -> None:
        """`sender` is the signed head of a file whose device may not be known here yet.

        `coming` names the offices of cases that are on their way and not stored yet.
        """
        self._posko, self._session, self._coming = posko, session, coming or {}
        self._sender = sender
        self._of_case: dict[str, str] = {}
        self._left: dict[str, tuple[str, ...]] = {}
        self._of_device: dict[str, str] | None = None

    @property
    def devices(self) -> Mapping[str, str]:
        """The office of each known device, this one included."""
        if self._of_device is None:
            self._of_device = {}
            for table in (TrustedKey, Peer):  # what was heard counts before what was told
                rows = self._session.execute(select(table.device_id, table.office_code))
                self._of_device |= dict(rows.all())
            if self._sender is not None:
                self._of_device.setdefault(self._sender.device, self._sender.office)
            own = self._session.scalars(select(Office.device_id)).one()
            self._of_device[own] = self._posko.office.code
        return self._of_device

    def home(self, record: Record) -> str:
        """The office that handles a record."""
        if record.table == "cases":
            taken_in = str(records.display(record, "office_code") or "")
            return self._handler(record.uid, taken_in) or self._posko.office.code
        own = str(records.display(record, "office_code") or "")
        case = str(records.display(record, "case_uid") or "")
        handler = self._handler(case) if case else ""
        if own in self._left.get(case, ()):  # it passed on with its case
            own = handler
        return own or handler or self._posko.office.code

    def owner(self, record: Record, field: str) -> str:
        """The office that decides a field of a record."""
        home = self.home(record)
        if class_of(record.table, field) != "biasa" or self._gave_away(record):
            return home
        siblings = record.fields.get(field, ())
        if len(siblings) < 2:
            return home
        wrote = {self.devices.get(records.home(s.dot[0]), "") for s in siblings}
        above = {code for code in wrote if code and home.startswith(f"{code}.")}
        return min({home, *above}, key=len)

    def may_write(self, record: Record, field: str) -> bool:
        """Whether this office may write a field: an ordinary one that is not contested, or its own.

        What is only ever added to, and what is computed, nobody writes; nor does an office that
        gave the case away: it may propose.
        """
        kind = class_of(record.table, field)
        if kind in ("tambah-saja", "turunan") or self._gave_away(record):
            return False
        if kind == "biasa" and len(records.distinct(record, field)) < 2:
            return True
        return self.owner(record, field) == self._posko.office.code

    def left(self, case_uid: str) -> tuple[str, ...]:
        """The offices that gave a case of this office away to it; empty for cases of others."""
        if self._handler(case_uid) != self._posko.office.code:
            return ()
        return self._left.get(case_uid, ())

    def holders(self, case_uid: str) -> frozenset[str]:
        """The office that handles a case, and those that gave it away on its way there."""
        handler = self._handler(case_uid)
        return frozenset({handler, *self._left.get(case_uid, ())} - {""})

    def moved(self, case_uids: Collection[str]) -> set[str]:
        """Those of the cases that passed from one office to another, in one question."""
        query = select(Event.case_uid).where(
            Event.case_uid.in_(sorted(case_uids)), Event.kind.in_(_MOVES)
        )
        return set(self._session.scalars(query.distinct()))

    def _gave_away(self, record: Record) -> bool:
        case = record.uid if record.table == "cases" else records.display(record, "case_uid")
        if not case:
            return False
        self._handler(str(case))
        return self._posko.office.code in self._left.get(str(case), ())

    def beyond(self, record: Record, fields: Iterable[str]) -> list[str]:
        """Those of the fields that an office wrote which may only propose them.

        What is joined stays joined, or offices would never agree; it is told instead. A program
        that keeps its own rules never makes such a write.
        """
        found = []
        for name in fields:
            if class_of(record.table, name) not in ("wewenang", "tambah-saja"):
                continue
            wrote = {
                self.devices.get(records.home(sibling.dot[0]), "")
                for sibling in record.fields.get(name, ())
                if sibling.overwrote  # who made a record may fill it as it wants
            }
            if wrote - {"", self.home(record)}:
                found.append(name)
        return found

    def shown(self, record: Record, field: str) -> Value:
        """The value that stands where only one can: the authority's, else the smallest write's."""
        owner = self.owner(record, field)
        theirs = {device for device, code in self.devices.items() if code == owner}
        return records.display(record, field, theirs)

    def _handler(self, case_uid: str, taken_in: str = "") -> str:
        """The office that handles a case now: it took it in, received it or took it over."""
        if case_uid not in self._of_case:
            case = self._session.execute(
                select(Case.office_code, Case.regulation).where(Case.uid == case_uid)
            ).first()
            if case is None:
                return taken_in or self._coming.get(case_uid, "")
            office, regulation = case
            events = self._session.scalars(select(Event).where(Event.case_uid == case_uid)).all()
            if any(event.kind in _MOVES for event in events):
                law = self._posko.rules.get(regulation)
                state = stages.state_of(map(to_event, events), law)
                office, self._left[case_uid] = state.office or office, state.left
            self._of_case[case_uid] = office
        return self._of_case[case_uid]


def owner_of(posko: Posko, table: str, uid: str, field: str) -> str:
    """The code of the office that decides a field of a record; KeyError when there is none."""
    with posko.store.read() as session:
        record = record_of(session, uid)
        if record is None or record.table != table:
            raise KeyError(uid)
        return Offices(posko, session).owner(record, field)


def record_of(session: Session, uid: str) -> Record | None:
    """A record with its versions."""
    return next(iter(load_records(session, [uid])), None)


def records_of(session: Session, uids: Iterable[str]) -> dict[str, Record]:
    """Records with their versions, by uid."""
    wanted = sorted(set(uids))
    return {record.uid: record for record in load_records(session, wanted)} if wanted else {}
