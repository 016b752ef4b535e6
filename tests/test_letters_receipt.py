"""The receipt: the legal time of arrival beside the time of printing, and how little it needs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from posko_app.app import Posko
from posko_app.cases.intake import file_report
from posko_app.cases.report import NewReport, PersonInput, ReportedInput
from posko_app.errors import InvalidInput
from posko_app.letters import issue
from posko_app.letters.blocks import as_text
from posko_app.letters.compose import compose
from posko_app.rules.facts import INTAKE_KINDS
from tests.conftest import FixedClock
from tests.factory import TODAY, new_report
from tests.golden import assert_golden

RECEIPT = "tanda-bukti"
SHORT_FORM = NewReport(
    filed_on=TODAY,
    filed_time="15:52",
    title="Guru membagikan stiker pasangan calon",
    known_on=date(2024, 10, 8),
    reporter=PersonInput(name="Contoh Pelapor Satu", address="RT 03 Desa Contoh Hulu"),
    reported=(ReportedInput(name="Contoh Terlapor, S.Pd."),),
)
"""Name, address, reported person, event and the day it became known: nothing else."""


def _text(posko: Posko, case: str) -> str:
    letter = compose(posko, case, RECEIPT, {}, "")
    return as_text(letter.filled(letter.text("case.number")))


def _later(posko: Posko, clock: FixedClock, hour: int, minute: int) -> None:
    clock.now = datetime.combine(TODAY, clock.now.time(), posko.zone).replace(
        hour=hour, minute=minute, second=0
    )


def test_five_fields_are_enough_for_a_receipt(posko: Posko, clock: FixedClock) -> None:
    filed = file_report(posko, SHORT_FORM, accept_incomplete=True)
    _later(posko, clock, 16, 10)
    assert_golden("letters/tanda-bukti-singkat.txt", _text(posko, filed.uid))
    assert issue.issue(posko, filed.uid, RECEIPT).new


def test_it_is_printed_without_them_too_and_says_what_lacks(posko: Posko) -> None:
    thin = replace(SHORT_FORM, known_on=None, reported=(), title="", narrative="Ada stiker.")
    filed = file_report(posko, thin, accept_incomplete=True)
    lacking = issue.preview(posko, filed.uid, RECEIPT).warnings
    assert [w.partition(" belum diisi.")[0] for w in lacking] == [
        *("Terlapor", "Peristiwa", "Hari dan tanggal diketahui")
    ]


def test_the_time_of_arrival_stands_beside_the_time_of_printing(
    posko: Posko, clock: FixedClock
) -> None:
    stamped = datetime(2024, 10, 15, 15, 58, tzinfo=posko.zone)
    why = "Pelapor sudah menunggu giliran sejak 15.52."
    new = new_report(filed_time="15:52", arrived_at=stamped, arrival_reason=why)
    filed = file_report(posko, new)
    _later(posko, clock, 16, 10)
    text = _text(posko, filed.uid)
    assert "Pukul diterima | 15.52 WIB" in text
    assert "Dicetak | Selasa, 15 Oktober 2024 pukul 16.10 WIB" in text
    assert f"Perubahan waktu | Semula tercatat pukul 15.58 WIB. {why}" in text


def test_a_stamp_of_another_day_is_named_with_its_day(posko: Posko) -> None:
    stamped = datetime(2024, 10, 15, 8, 1, tzinfo=posko.zone)
    filed = file_report(
        posko,
        new_report(
            filed_on=date(2024, 10, 14), arrived_at=stamped, arrival_reason="Diterima kemarin."
        ),
    )
    said = "Semula tercatat Selasa, 15 Oktober 2024 pukul 08.01 WIB. Diterima kemarin."
    assert said in _text(posko, filed.uid)


def test_a_proxy_stands_on_the_receipt(posko: Posko) -> None:
    proxy = PersonInput(name="Contoh Kuasa Lima", citizenship="")
    new = new_report(by_proxy=True, proxy=proxy, proxy_letter="07/SK/2024", proxy_letter_on=TODAY)
    text = _text(posko, file_report(posko, new).uid)
    assert "Melalui kuasa | Contoh Kuasa Lima" in text
    assert "Surat kuasa | 07/SK/2024 tanggal 15 Oktober 2024" in text


def test_printing_it_again_later_is_the_same_paper_unless_something_changed(
    posko: Posko, clock: FixedClock
) -> None:
    filed = file_report(posko, new_report())
    first = issue.issue(posko, filed.uid, RECEIPT)
    clock.now += timedelta(hours=3)
    again = issue.issue(posko, filed.uid, RECEIPT)
    assert (again.uid, again.sha256, again.new) == (first.uid, first.sha256, False)
    other_paper = issue.issue(posko, filed.uid, RECEIPT, paper="A4")
    assert other_paper.new


@pytest.mark.parametrize("kind", [kind for kind in INTAKE_KINDS if kind != "report"])
def test_nothing_but_a_report_gets_one_and_one_sentence_says_so(posko: Posko, kind: str) -> None:
    filed = file_report(posko, new_report(kind=kind))
    with pytest.raises(InvalidInput) as caught:
        issue.issue(posko, filed.uid, RECEIPT)
    label = posko.vocabulary.label("intake_kind", kind).lower()
    assert [p.message for p in caught.value.problems] == [
        f"Tanda Bukti Penyampaian Laporan hanya untuk laporan, bukan {label}, "
        "jadi belum ada yang dicetak."
    ]
