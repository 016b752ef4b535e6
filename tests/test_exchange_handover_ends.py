"""A pelimpahan that ends otherwise: cancelled, given back, damaged, with other people in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from posko_app.app import Posko
from posko_app.cases.case_view import case_view
from posko_app.cases.intake import file_report
from posko_app.cases.steps import NewStep, record_step
from posko_app.errors import UserError
from posko_app.exchange.handover import accept, give_back
from posko_app.exchange.handover_view import sealed_waits
from tests.factory import TODAY, new_report
from tests.test_exchange_handover import give, people_of, send, take
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
