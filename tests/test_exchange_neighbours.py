"""The table of offices: what went, came and is missing, whose keys, and the ready messages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from posko_app.app import Posko
from posko_app.cases.intake import file_report
from posko_app.data.tables import Export, Peer
from posko_app.errors import UserError
from posko_app.exchange.apply import import_file
from posko_app.exchange.export import export
from posko_app.exchange.neighbours import (
    SILENT_DAYS,
    OfficeLine,
    ask_again,
    listed,
    office_line,
    office_lines,
    reminder,
)
from posko_app.exchange.trust import retire
from tests.conftest import FixedClock
from tests.factory import new_report


def sent(posko: Posko, to: str, folder: Path) -> Path:
    (path,) = export(posko, to, folder).files
    return path


def take(posko: Posko, path: Path) -> None:
    assert import_file(posko, path, apply=True).applied


def test_everybody_above_and_below_is_listed(office: Callable[..., Posko]) -> None:
    kab = office("kabupaten", stranger=True)
    lines = office_lines(kab)
    assert [line.code for line in lines[:2]] == ["62", "62.10.01"]
    assert [line.name for line in lines[:1]] == ["Bawaslu Provinsi Kalimantan Tengah"]
    assert {line.state for line in lines} == {"never"}
    assert all(line.below for line in lines[1:])
    kec = office("kecamatan", stranger=True)
    assert [line.code for line in office_lines(kec)] == ["62.10"]
    with pytest.raises(UserError, match="tidak ada dalam daftar"):
        office_line(kec, "62.11")


def test_a_gap_is_named_with_the_text_to_ask_again(
    office: Callable[..., Posko], tmp_path: Path
) -> None:
    kec, kab = office("kecamatan"), office("kabupaten")
    file_report(kec, new_report())
    take(kab, sent(kec, "62.10", tmp_path))
    take(kec, sent(kab, "62.10.02", tmp_path))
    assert office_line(kab, "62.10.02").state == "unconfirmed"
    assert office_line(kec, "62.10").state == "complete"
    with kec.write() as session:
        held = session.scalars(select(Export.upto_lsn)).one()
        session.execute(update(Peer).values(acked_lsn=held))
    file_report(kec, new_report(title="Kedua"))
    lost = sent(kec, "62.10", tmp_path)
    with kec.write() as session:
        held = session.scalars(select(Export.upto_lsn).order_by(Export.seq.desc())).first() or 0
        session.execute(update(Peer).values(acked_lsn=held))  # believed in by mistake
    file_report(kec, new_report(title="Ketiga"))
    take(kab, sent(kec, "62.10", tmp_path))
    line = office_line(kab, "62.10.02")
    assert (line.state, line.gaps, line.received_seq) == ("gap", (2,), 1)
    message = ask_again(kab, line)
    assert message.startswith("LATIHAN. Kiriman 2 dari Panwaslu Kecamatan Kurun")
    assert "terakhir lengkap di sini kiriman 1." in message
    take(kab, lost)
    assert office_line(kab, "62.10.02").gaps == (3,), "3 must come again, or all of it in 4"
    take(kec, sent(kab, "62.10.02", tmp_path))
    take(kab, sent(kec, "62.10", tmp_path))
    assert office_line(kab, "62.10.02").gaps == ()


def test_who_is_silent_is_reminded(
    office: Callable[..., Posko], tmp_path: Path, clock: FixedClock
) -> None:
    kec, kab = office("kecamatan"), office("kabupaten")
    file_report(kec, new_report())
    take(kab, sent(kec, "62.10", tmp_path))
    take(kec, sent(kab, "62.10.02", tmp_path))
    take(kab, sent(kec, "62.10", tmp_path))

    def state(days: int) -> OfficeLine:
        with kab.write() as session:
            session.execute(update(Peer).values(seen_at=kab.now() - timedelta(days=days)))
        return office_line(kab, "62.10.02")

    assert state(SILENT_DAYS - 1).state == "complete"
    line = state(SILENT_DAYS)
    assert (line.state, line.silent_days) == ("silent", SILENT_DAYS)
    assert f", {SILENT_DAYS} hari lalu." in reminder(kab, line)
    assert "belum pernah" in reminder(kab, office_line(kab, "62.10.01"))
    assert office_line(kec, "62.10").state == "unconfirmed", "nobody reminds the office above"


def test_a_device_put_aside_counts_no_more(office: Callable[..., Posko], tmp_path: Path) -> None:
    kec, kab = office("kecamatan"), office("kabupaten")
    take(kab, sent(kec, "62.10", tmp_path))
    (device,) = office_line(kab, "62.10.02").devices
    assert (device.key, device.retired, len(device.words)) == ("confirmed", False, 6)
    retire(kab, device.device_id, lost=True, reason="laptop dicuri")
    (device,) = office_line(kab, "62.10.02").devices
    assert (device.key, device.retired, device.reason) == ("revoked", True, "laptop dicuri")
    assert office_line(kab, "62.10.02").received_seq == 0


def test_numbers_are_listed_as_people_do() -> None:
    assert [listed(range(1, n)) for n in (2, 3, 4, 9)] == ["1", "1 dan 2", "1, 2 dan 3",
                                                          "1 sampai 8"]  # fmt: skip
