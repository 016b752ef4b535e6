"""A pelimpahan that ends otherwise: cancelled, given back, damaged, with other people in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from posko_app.app import Posko
from posko_app.cases.case_view import case_view
from posko_app.cases.identity import identity_rows, reveal, seal_text
from posko_app.cases.intake import file_report
from posko_app.cases.report import PersonInput
from posko_app.cases.steps import NewStep, record_step
from posko_app.data.tables import Identity
from posko_app.errors import UserError
from posko_app.exchange.handover import accept, files_again, give_back
from posko_app.exchange.handover_view import sealed_waits
from posko_app.letters.handover_papers import write_papers
from posko_app.security.uid import new_uid
from tests.factory import REPORTER, TODAY, new_report
from tests.test_exchange_handover import folder, give, people_of, send, take
from tests.test_exchange_handover import reader as reader

Office_ = Callable[..., Posko]


@pytest.fixture
def kec(office: Office_) -> Posko:
    return office("kecamatan")


@pytest.fixture
def kab(office: Office_) -> Posko:
    return office("kabupaten")


def cancel(posko: Posko, case: str, event: str) -> None:
    record_step(posko, case, NewStep(kind="corrected", on=TODAY, corrects=event))


def elsewhere(kab: Posko) -> str:
    """A case of the district in another subdistrict than Kurun."""
    return file_report(kab, new_report(region_code="62.10.05", event_place="Tewah")).uid


def test_a_cancelled_pelimpahan_opens_nothing(kec: Posko, kab: Posko, tmp_path: Path) -> None:
    case = file_report(kec, new_report()).uid
    cancel(kec, case, give(kec, case, "62.10", tmp_path).event_uid)
    send(kec, kab, tmp_path)  # the office above reads all cases, and opens this one's letter not
    assert people_of(kab) == 0
    assert not sealed_waits(kab, case)
    again = give(kec, case, "62.10", tmp_path)
    take(kab, *again.workbooks)
    assert people_of(kab) == 2


def test_cancelled_before_anything_went_the_other_office_hears_nothing(
    office: Office_, kab: Posko, tmp_path: Path
) -> None:
    kec = office("kecamatan")
    case = elsewhere(kab)
    admin = kab.user
    kab.user = replace(admin, role="verifier")  # may decide, and leaves the files to another
    made = give(kab, case, "62.10.02", tmp_path)
    kab.user = admin
    assert not made.workbooks
    cancel(kab, case, made.event_uid)
    send(kab, kec, tmp_path)
    with pytest.raises(UserError):
        case_view(kec, case)


def test_cancelled_after_the_files_were_made_the_other_office_is_told(
    office: Office_, kab: Posko, tmp_path: Path
) -> None:
    kec = office("kecamatan")
    case = elsewhere(kab)
    cancel(kab, case, give(kab, case, "62.10.02", tmp_path).event_uid)
    send(kab, kec, tmp_path)
    assert case_view(kec, case).state.handover is None
    assert people_of(kec) == 0


def test_who_gave_it_back_hears_no_more_of_it(office: Office_, kab: Posko, tmp_path: Path) -> None:
    kec = office("kecamatan")
    case = elsewhere(kab)
    take(kec, *give(kab, case, "62.10.02", tmp_path).workbooks)
    give_back(kec, case, "Bukan wilayah kami.", TODAY)
    send(kec, kab, tmp_path)
    record_step(kab, case, NewStep(kind="note", on=TODAY, note="Catatan sesudah kembali."))
    send(kab, kec, tmp_path)
    assert not any(event.note for event in case_view(kec, case).events)
    take(kec, *give(kab, case, "62.10.02", tmp_path).workbooks)  # a second one is told
    accept(kec, case, TODAY)
    assert any(event.note for event in case_view(kec, case).events)


def test_the_files_of_one_that_came_back_are_not_made_again(
    kec: Posko, kab: Posko, tmp_path: Path
) -> None:
    case = file_report(kec, new_report()).uid
    take(kab, *give(kec, case, "62.10", tmp_path).workbooks)
    give_back(kab, case, "Bukan wewenang kami.", TODAY)
    send(kab, kec, tmp_path)
    with pytest.raises(UserError, match="dikembalikan"):
        files_again(kec, case, folder(tmp_path))


def test_what_is_put_right_after_the_sealing_goes_with_the_next_files(
    kec: Posko, kab: Posko, tmp_path: Path
) -> None:
    case = file_report(kec, new_report()).uid
    give(kec, case, "62.10", tmp_path)
    with kec.write() as session:
        row = session.scalars(select(Identity).where(Identity.witness_uid == "")).one()
        row.phone = seal_text(kec, row.uid, "phone", "081299998888")
    keys = kec.keys
    kec.keys = replace(keys, identity=None)  # who may not seal says that it is not the latest
    assert "bukan yang terbaru" in files_again(kec, case, folder(tmp_path)).trouble
    kec.keys = keys
    made = files_again(kec, case, folder(tmp_path))
    assert made.trouble == ""
    keys, kab.keys = kab.keys, replace(kab.keys, identity=None)
    take(kab, *made.workbooks)
    kab.keys = keys
    assert accept(kab, case, TODAY).people == 2  # two letters, the same two people
    assert reveal(kab, case, "mencocokkan data").phone == "081299998888"


def test_the_exchange_operator_makes_the_files_without_papers(
    kec: Posko, kab: Posko, tmp_path: Path
) -> None:
    case = file_report(kec, new_report()).uid
    give(kec, case, "62.10", tmp_path)
    kec.user = replace(kec.user, role="exchanger")
    kec.keys = replace(kec.keys, identity=None)
    out = folder(tmp_path)
    made = files_again(kec, case, out, papers=lambda uid: write_papers(kec, uid, out))
    assert (made.papers, made.trouble) == ((), "")
    take(kab, *made.workbooks)
    assert people_of(kab) == 2


def test_somebody_else_in_the_letter_is_told(kec: Posko, kab: Posko, tmp_path: Path) -> None:
    case = file_report(kec, new_report()).uid
    send(kec, kab, tmp_path)
    with kab.write() as session:
        row, tokens = identity_rows(kab, case, new_uid(), PersonInput(name="Nama Salah Dengar"))
        session.add(row)
        session.flush()
        session.add_all(tokens)
    told = take(kab, *give(kec, case, "62.10", tmp_path).workbooks)
    assert any("berbeda" in sentence for sentence in told.warnings)
    assert people_of(kab) == 2  # the own reporter and the witness of the letter


def test_a_row_that_got_spoiled_here_is_healed_by_the_letter(
    kec: Posko, kab: Posko, tmp_path: Path
) -> None:
    case = file_report(kec, new_report()).uid
    take(kab, *give(kec, case, "62.10", tmp_path).workbooks)
    with kab.write(bulk=True) as session:
        table = Identity.__table__
        session.connection().execute(table.update().values(name="rusak"))  # type: ignore[attr-defined]
    told = take(kab, *files_again(kec, case, folder(tmp_path)).workbooks)
    assert not told.warnings
    assert reveal(kab, case, "mencocokkan data").name == REPORTER.name
