"""Receipts as short texts: written, pasted, refused, taken in; receipts that go down or too far."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from posko_app.app import Posko
from posko_app.cases.intake import file_report
from posko_app.data.tables import Export, Office, Peer
from posko_app.errors import UserError
from posko_app.exchange.ack import accept_ack, ack_for_file, ask_back, make_acks
from posko_app.exchange.ack_code import (
    ALPHABET,
    EPOCH,
    NoReceipt,
    Receipt,
    read_receipt,
    write_receipt,
)
from posko_app.exchange.apply import import_file
from posko_app.exchange.export import export
from posko_app.exchange.ledger import channel, take_receipt
from posko_app.exchange.neighbours import office_line
from posko_app.exchange.trust import retire
from posko_app.security.sign import CROCKFORD, new_device_key
from tests.conftest import FixedClock
from tests.factory import new_report

PRIVATE, PUBLIC = new_device_key()
DEVICES = st.text(CROCKFORD, min_size=8, max_size=8)
RECEIPTS = st.builds(
    Receipt,
    device=DEVICES,
    sender=DEVICES,
    lsn=st.integers(0, 2**40),
    seq=st.integers(0, 5000),
    newest=st.just(0),
    made=st.integers(EPOCH, EPOCH + 2**32 - 1),
)


def sent(posko: Posko, to: str, folder: Path) -> Path:
    (path,) = export(posko, to, folder).files
    return path


def take(posko: Posko, path: Path) -> None:
    assert import_file(posko, path, apply=True).applied


def frm(posko: Posko, to: str) -> int:
    with posko.store.read() as session:
        return channel(session, to).frm


# --- the text -------------------------------------------------------------------------------------


@given(RECEIPTS, st.integers(0, 300))
def test_a_receipt_reads_as_it_was_written_and_fits_a_message(receipt: Receipt, more: int) -> None:
    said = Receipt(**{**vars(receipt), "newest": receipt.seq + more})
    text = write_receipt(said, PRIVATE)
    assert len(text) <= 150
    read = read_receipt(text)
    assert read.receipt == said
    assert read.is_signed_by(PUBLIC)
    assert not read.is_signed_by(new_device_key()[1])


@given(RECEIPTS, st.sampled_from(["{}", "Fwd: {}", "[15/10 09.12] Kurun: {}\n", "> {} ", "“{}”"]))
def test_it_is_found_in_what_people_paste(receipt: Receipt, around: str) -> None:
    said = Receipt(**{**vars(receipt), "newest": receipt.seq})
    text = write_receipt(said, PRIVATE)
    code = text.rpartition(" ")[2]
    broken = text.replace(code, code[:40] + "\n" + code[40:80] + " \n" + code[80:])
    for whole in (text, code, broken, text.replace(code, "\u200b" + code)):
        assert read_receipt(around.format(whole)).receipt == said


@given(RECEIPTS, st.data())
def test_one_wrong_letter_is_noticed(receipt: Receipt, data: st.DataObject) -> None:
    code = write_receipt(Receipt(**{**vars(receipt), "newest": receipt.seq}), PRIVATE)
    head, _, letters = code.rpartition(" ")
    place = data.draw(st.integers(0, len(letters) - 1))
    other = data.draw(st.sampled_from([a for a in ALPHABET if a != letters[place]]))
    wrong = f"{head} {letters[:place]}{other}{letters[place + 1 :]}"
    with contextlib.suppress(NoReceipt):
        assert not read_receipt(wrong).is_signed_by(PUBLIC), "one in 65,536 has the check sum"


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(NoReceipt):
        read_receipt(text)


def test_a_text_cut_short_says_so() -> None:
    text = write_receipt(
        Receipt(device="A" * 8, sender="B" * 8, lsn=9, seq=2, newest=2, made=EPOCH), PRIVATE
    )
    with pytest.raises(NoReceipt) as cut:
        read_receipt(text[:-3])
    assert cut.value.torn
    with pytest.raises(NoReceipt) as none:
        read_receipt("Mohon tanda terima, terima kasih.")
    assert not none.value.torn


# --- taken in -------------------------------------------------------------------------------------


def test_a_pasted_receipt_confirms_what_was_sent(
    office: Callable[..., Posko], tmp_path: Path
) -> None:
    kec, kab = office("kecamatan"), office("kabupaten")
    file_report(kec, new_report())
    path = sent(kec, "62.10", tmp_path)
    with pytest.raises(UserError) as early:
        ack_for_file(kab, path)
    assert early.value.code == "file_not_taken"
    take(kab, path)
    take(kec, sent(kab, "62.10.02", tmp_path))  # so that the subdistrict knows the district
    file_report(kec, new_report(title="Kedua"))
    second = sent(kec, "62.10", tmp_path)
    take(kab, second)
    ack = ack_for_file(kab, second)
    assert (ack.office, ack.seq) == ("62.10.02", 2)
    assert len(ack.text) <= 150
    before = frm(kec, "62.10")
    taken = accept_ack(kec, f"Selamat pagi.\n{ack.text}\nTerima kasih")
    assert taken.confirmed == (2,)
    assert taken.sentence.startswith("Tanda terima Bawaslu Kabupaten Gunung Mas dicatat: kiriman 2")
    assert (taken.stale, taken.lowered, taken.ahead) == (False, False, False)
    assert frm(kec, "62.10") > before
    again = accept_ack(kec, ack.text)
    assert (again.confirmed, again.lowered) == ((), False), "twice changes nothing"
    assert export(kec, "62.10", tmp_path).rows == 0, "all is known there"


def test_a_receipt_that_is_not_ours_or_not_genuine_changes_nothing(
    office: Callable[..., Posko], tmp_path: Path
) -> None:
    kec, kab, prov = office("kecamatan"), office("kabupaten"), office("provinsi")
    file_report(kec, new_report())
    take(kab, sent(kec, "62.10", tmp_path))
    (ack,) = make_acks(kab)
    with pytest.raises(UserError) as unknown:
        accept_ack(kec, ack.text)
    assert unknown.value.code == "receipt_unknown", "nothing ever came from there"
    take(kec, sent(kab, "62.10.02", tmp_path))
    take(prov, sent(kab, "62", tmp_path))
    with pytest.raises(UserError) as elsewhere:
        accept_ack(prov, ack.text)
    assert elsewhere.value.code == "receipt_elsewhere"
    said = read_receipt(ack.text).receipt
    forged = write_receipt(said, PRIVATE)
    for text, code in ((forged, "receipt_forged"), ("halo", "no_receipt"),
                       (ack.text[:-5], "torn_receipt")):  # fmt: skip
        with pytest.raises(UserError) as refused:
            accept_ack(kec, text)
        assert refused.value.code == code
    retire(kec, kab.office.device_id, lost=True, reason="hilang")
    with pytest.raises(UserError) as revoked:
        accept_ack(kec, ack.text)
    assert revoked.value.code == "receipt_revoked"


def test_gaps_are_named_to_the_sender(office: Callable[..., Posko], tmp_path: Path) -> None:
    kec, kab = office("kecamatan"), office("kabupaten")
    file_report(kec, new_report())
    take(kab, sent(kec, "62.10", tmp_path))
    take(kec, sent(kab, "62.10.02", tmp_path))
    file_report(kec, new_report(title="Kedua"))
    sent(kec, "62.10", tmp_path)  # 2 is lost
    with kec.write() as session:  # as after a note that it had arrived, which it had not
        peer = session.scalars(select(Peer)).one()
        peer.acked_lsn = session.scalars(select(Office.lsn)).one()
    file_report(kec, new_report(title="Ketiga"))
    take(kab, sent(kec, "62.10", tmp_path))
    (ack,) = make_acks(kab, "62.10.02")
    assert ack.seq == 1
    taken = accept_ack(kec, ack.text)
    assert taken.lowered
    assert taken.missing == (2,)
    assert "Kiriman 2 belum sampai" in taken.sentence
    take(kab, sent(kec, "62.10", tmp_path))
    with kab.store.read() as session:
        assert session.scalars(select(Peer.received_seq)).one() == 4, "the gap is closed"


def test_receipts_go_down_when_the_receiver_was_put_back(
    office: Callable[..., Posko], tmp_path: Path
) -> None:
    kec, kab = office("kecamatan"), office("kabupaten")
    file_report(kec, new_report())
    take(kab, sent(kec, "62.10", tmp_path))
    take(kec, sent(kab, "62.10.02", tmp_path))
    kab.close()
    shutil.copytree(tmp_path / "kabupaten", tmp_path / "lama")
    kab = office("kabupaten")
    file_report(kec, new_report(title="Kedua"))
    take(kab, sent(kec, "62.10", tmp_path))
    (high,) = make_acks(kab)
    accept_ack(kec, high.text)
    top = frm(kec, "62.10")
    with kab.write() as session:  # what an old copy says of how far it heard, an hour later
        peer = session.scalars(select(Peer)).one()
        peer.received_lsn, peer.received_seq = 1, 1
        session.scalars(select(Office)).one().hlc += 3_600_000
    (low,) = make_acks(kab)
    taken = accept_ack(kec, low.text)
    assert taken.lowered
    assert frm(kec, "62.10") == 1 < top
    with kec.store.read() as session:
        acked = session.scalars(select(Export.acked_at).order_by(Export.seq)).all()
        assert acked == [None, None], "both count as not received again"
    stale = accept_ack(kec, high.text)
    assert stale.stale
    assert frm(kec, "62.10") == 1, "the older text does not raise it again"


def test_a_receipt_beyond_our_own_data_offers_to_fetch_it_back(
    office: Callable[..., Posko], tmp_path: Path, clock: FixedClock
) -> None:
    kec, kab = office("kecamatan"), office("kabupaten")
    file_report(kec, new_report())
    take(kab, sent(kec, "62.10", tmp_path))
    take(kec, sent(kab, "62.10.02", tmp_path))
    with kab.write() as session:
        session.scalars(select(Peer)).one().received_lsn += 1000
    (ack,) = make_acks(kab)
    taken = accept_ack(kec, ack.text)
    assert taken.ahead
    assert "Ambil kembali data dari Bawaslu Kabupaten Gunung Mas" in taken.sentence
    assert frm(kec, "62.10") == 0, "its numbers mean nothing here: everything goes out"
    assert office_line(kec, "62.10").state == "ahead"
    message = ask_back(kec, "62.10")
    assert accept_ack(kab, message).office == "62.10.02", "it carries how far we are"
    with pytest.raises(UserError):
        ask_back(kec, "62")
    clock.forward(days=1)
    file_report(kec, new_report(title="Baru"))
    with kec.write() as session:
        peer = session.scalars(select(Peer)).one()
        lsn = session.scalars(select(Office.lsn)).one()
        take_receipt(session, peer, lsn, peer.acked_made + 9, lsn, kec.now())
    assert frm(kec, "62.10") == 0, "until this computer is a new device"


def test_a_device_put_aside_is_not_waited_for_and_comes_back_by_itself(
    office: Callable[..., Posko], tmp_path: Path, clock: FixedClock
) -> None:
    kec, kab = office("kecamatan"), office("kabupaten")
    file_report(kab, new_report())
    take(kab, sent(kec, "62.10", tmp_path))
    early = sent(kec, "62.10", tmp_path)
    retire(kab, kec.office.device_id)

    def put_aside() -> bool:
        with kab.store.read() as session:
            return session.scalars(select(Peer.retired_at)).one() is not None

    assert put_aside()
    take(kab, early)
    assert put_aside(), "a file made before says nothing"
    clock.forward(hours=1)
    file_report(kec, new_report(title="Masih dipakai"))
    take(kab, sent(kec, "62.10", tmp_path))
    assert not put_aside()


def test_a_device_put_aside_comes_back_although_its_clock_is_a_year_behind(
    office: Callable[..., Posko], tmp_path: Path, clock: FixedClock
) -> None:
    kec, kab = office("kecamatan"), office("kabupaten")
    kec.clock = lambda: clock() - timedelta(days=400)
    take(kab, sent(kec, "62.10", tmp_path))
    retire(kab, kec.office.device_id)
    take(kab, sent(kec, "62.10", tmp_path))
    with kab.store.read() as session:
        assert session.scalars(select(Peer.retired_at)).one() is not None
    take(kec, sent(kab, "62.10.02", tmp_path))
    take(kab, sent(kec, "62.10", tmp_path))
    with kab.store.read() as session:
        assert session.scalars(select(Peer.retired_at)).one() is None, "it holds what we made since"
