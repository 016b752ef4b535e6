"""A decision between values, and a field set by name: ordinary writes over all that stood there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from posko_app.app import Posko, use_case
from posko_app.cases import board
from posko_app.cases.find import case_uid_of
from posko_app.cases.step_checks import named_in_the_open
from posko_app.data import record as records
from posko_app.data.record import Record, Value
from posko_app.data.versions import Stamper, UnfitValue, prepare, store_prepared
from posko_app.errors import InvalidInput, Problem, UserError

from .authority import Offices, record_of, records_of
from .cells import CellError
from .layout import ColumnLayout, layout
from .shown import Words, column_of
from .twins import forked
from .typed import Reading, value_of
from .xlsx.limits import limits
from .xlsx.parts import FORBIDDEN

Fields = Mapping[str, Value]


def write_fields(
    posko: Posko,
    session: Session,
    stamper: Stamper,
    offices: Offices,
    changes: Mapping[str, Fields],
) -> set[str]:
    """Write fields of records, each over every value that stands there; gives their cases.

    Needs a `write(bulk=True)` session. Raises UserError for a field that another office decides,
    that nobody may change, or a value that its column cannot hold.
    """
    touched: set[str] = set()
    for uid, record in records_of(session, changes).items():
        fields = changes[uid]
        for name, value in fields.items():
            _check(posko, offices, record, name, value)
        _keep_silent(posko, session, record, fields)
        stamper.skip_to(record.vv.get(stamper.office.device_id, 0))
        after = records.write(
            record,
            record.table,
            uid,
            fields,
            stamper.dot(),
            stamper.office.hlc,
            stamper.actor,
            forked(session),
        )
        try:
            prepared = prepare(after, offices.shown)
        except (UnfitValue, ValueError) as error:
            raise UserError(
                "Nilai yang ditulis tidak dapat disimpan di ruasnya. Tidak ada yang diubah. "
                "Periksa tulisannya.",
                "unfit_value",
            ) from error
        store_prepared(session, [prepared], stamper, known={uid})
        touched |= {prepared.case_uid} - {""}
    return touched


@use_case("case.write")
def decide(posko: Posko, record_uid: str, field: str, value: Value) -> None:
    """Decide which value of a contested field holds; `value` is canonical, one of those or another.

    The write covers all values that stood there. Leaving a conflict alone postpones it. Raises
    UserError when there is nothing to decide or another office decides.
    """
    with posko.write(bulk=True) as session:
        record = record_of(session, record_uid)
        if record is None or len(records.distinct(record, field)) < 2:
            raise UserError(
                "Ruas ini tidak bentrok lagi. Tidak ada yang diubah. Muat ulang perkaranya.",
                "no_conflict",
            )
        stamper, offices = (
            Stamper.take(session, posko.user.login, posko.clock),
            Offices(posko, session),
        )
        cases = write_fields(posko, session, stamper, offices, {record_uid: {field: value}})
        board.refresh(posko, session, cases)
        note_decision(posko, session, record, field)


@use_case("exchange.import")
def own_value(posko: Posko, table: str, field: str, text: str) -> Value:
    """What somebody writes in place of both values of a contested field; writes nothing.

    Raises InvalidInput for a text that the field cannot hold.
    """
    column = column_of(table, field)
    if column is None:
        return text
    try:
        return value_of(text, table, column, Reading(posko, posko.zone, False, posko.today()))
    except CellError as error:
        raise InvalidInput([Problem("text", str(error))]) from error


def note_decision(posko: Posko, session: Session, record: Record, field: str) -> None:
    """Tell the audit chain that a conflict was decided, and over which writes."""
    over = [list(sibling.dot) for sibling in record.fields.get(field, ())]
    posko.note(session, "conflict.decided", record.uid, table=record.table, field=field, over=over)


@dataclass(frozen=True)
class FieldSet:
    """A field that was set: of which case, how it is called, and what it says now."""

    case_uid: str
    field: str
    heading: str
    before: str
    after: str


@use_case("case.write")
def set_field(posko: Posko, case: str, field: str, text: str) -> FieldSet:
    """Set one field of a case (uid or number) to what somebody typed.

    `field` is a field name of the workbook layout or its heading. Raises UserError for an unknown
    case or field, or one that another office decides; InvalidInput for a value that does not fit.
    """
    with posko.write(bulk=True) as session:
        uid = case_uid_of(session, case)
        record = record_of(session, uid)
        assert record is not None
        column = _named(field)
        try:
            reading = Reading(posko, posko.zone, False, posko.today())
            value = value_of(text, "cases", column, reading)
        except CellError as error:
            raise InvalidInput([Problem(column.field, f"{column.heading}: {error}")]) from error
        offices, words = Offices(posko, session), Words(posko)
        before = words.value(column, records.display(record, column.field))
        held = {s.value for s in record.fields.get(column.field, ())} or {None}
        if held != {value}:
            stamper = Stamper.take(session, posko.user.login, posko.clock)
            write_fields(posko, session, stamper, offices, {uid: {column.field: value}})
            board.refresh(posko, session, {uid})
            posko.note(session, "case.field_set", uid, field=column.field)
    return FieldSet(uid, column.field, column.heading, before, words.value(column, value))


def _named(field: str) -> ColumnLayout:
    sheet = layout().sheet("cases")
    assert sheet is not None
    column = column_of("cases", field.strip()) or sheet.find(field)
    if column is None:
        names = ", ".join(c.field for c in sheet.columns if c.editable)
        raise UserError(
            f"Ruas {field} tidak dikenal. Tidak ada yang diubah. Pilih salah satu: {names}.",
            "unknown_field",
        )
    return column


def _check(posko: Posko, offices: Offices, record: Record, name: str, value: Value) -> None:
    column = column_of(record.table, name)
    heading = column.heading if column else name
    if isinstance(value, str) and FORBIDDEN.search(value):
        raise InvalidInput([Problem(name, f"{heading} memuat tanda yang tidak dapat disimpan.")])
    if isinstance(value, str) and len(value) > limits().cell_write_chars:
        raise InvalidInput([Problem(name, f"{heading} terlalu panjang. Ringkas tulisannya.")])
    if offices.may_write(record, name):
        return
    owner = offices.owner(record, name)
    if owner == posko.office.code:  # what is only added to, and what is computed
        raise UserError(
            f"{heading} tidak dapat diubah. Tidak ada yang diubah. "
            "Betulkan di Posko dengan catatan baru.",
            "append_only",
        )
    region = posko.regions.get(owner)
    raise UserError(
        f"{heading} diputuskan kantor {region.name if region else owner}. Tidak ada yang diubah. "
        "Kirim usulan Anda ke kantor itu.",
        "not_ours",
    )


def _keep_silent(posko: Posko, session: Session, record: Record, fields: Fields) -> None:
    """Raise InvalidInput when a text that is new in a case names its reporter or a witness."""
    case = str(records.display(record, "case_uid") or "")
    case = record.uid if record.table == "cases" else case
    texts = {}
    for name, value in fields.items():
        held = {sibling.value for sibling in record.fields.get(name, ())}
        if isinstance(value, str) and value not in held:
            texts[name] = value
    named = list(named_in_the_open(posko, session, case, texts)) if case and texts else []
    if named:
        raise InvalidInput(named)
