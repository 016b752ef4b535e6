"""A case passes to another office: real offices, real files, sealed identities, later status."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from posko_app.app import Posko
from posko_app.cases import board
from posko_app.cases.case_view import case_view
from posko_app.cases.facts_change import change_facts
from posko_app.cases.identity import find_by_identity, reveal
from posko_app.cases.intake import file_report
from posko_app.cases.queries import CaseFilter, list_cases
from posko_app.cases.steps import NewStep, record_step
from posko_app.data.incarnation import give_recipient
from posko_app.data.tables import (
    AuditEntry,
    Case,
    ClarificationQuestion,
    Identity,
    Office,
    OpenedLetter,
    Proposal,
    SealedPart,
    TrustedKey,
)
from posko_app.errors import InvalidInput, UserError
from posko_app.exchange import unsealing
from posko_app.exchange.apply import FileOutcome, import_file
from posko_app.exchange.authority import owner_of
from posko_app.exchange.export import export
from posko_app.exchange.handover import (
    HandedOver,
    accept,
    files_again,
    give_back,
    hand_over,
)
from posko_app.exchange.handover_view import outlook, sealed_waits
from posko_app.exchange.pending import answer_edit, pending_edits
from posko_app.exchange.undo import undo
from posko_app.exchange.xlsx.guarded import Reader
from posko_app.letters.handover_papers import PAPERS, write_papers
from tests.factory import REPORTER, TODAY, new_report

Office_ = Callable[..., Posko]
REASON = "Tempat kejadian dan terlapor di wilayah kabupaten."
_READER: list[Reader] = []


@pytest.fixture(scope="module", autouse=True)
def reader() -> Iterator[Reader]:
    """One reading process for the whole file."""
    with Reader(seconds=600) as process:
        _READER.append(process)
        yield process
        _READER.clear()


@pytest.fixture
def kec(office: Office_) -> Posko:
    return office("kecamatan")


@pytest.fixture
def kab(office: Office_) -> Posko:
    return office("kabupaten")


@pytest.fixture
def prov(office: Office_) -> Posko:
    return office("provinsi")


def folder(base: Path) -> Path:
    """A fresh folder for files that leave."""
    made = base / f"keluar-{len(list(base.glob('keluar-*')))}"
    made.mkdir()
    return made


def give(posko: Posko, case: str, to: str, base: Path, **more: object) -> HandedOver:
    return hand_over(posko, case, to, REASON, TODAY, folder(base), **more)  # type: ignore[arg-type]


def take(posko: Posko, *files: Path) -> FileOutcome:
    for path in files:
        told = import_file(posko, path, apply=True, reader=_READER[0])
        assert told.verdict == "accepted", told.reason
        assert not told.rejected, told.rejected
    return told


def send(sender: Posko, receiver: Posko, base: Path) -> FileOutcome:
    return take(receiver, *export(sender, receiver.office.code, folder(base)).files)


def set_title(posko: Posko, title: str) -> None:
    with posko.write() as session:
        case = session.scalars(select(Case)).one()
        case.title = title
        session.flush()
        board.refresh(posko, session, [case.uid])


def people_of(posko: Posko) -> int:
    with posko.store.read() as session:
        return session.scalar(select(func.count()).select_from(Identity)) or 0


def consistent(*offices: Posko) -> None:
    for posko in offices:
        with posko.store.read() as session:
            assert not board.board_problems(posko, session)


# --- the whole way ------------------------------------------------------------------------------


def test_a_case_goes_from_the_subdistrict_to_the_district_whole(
    kec: Posko, kab: Posko, prov: Posko, tmp_path: Path
) -> None:
    case = file_report(kec, new_report()).uid
    own_number = case_view(kec, case).facts.number
    before = case_view(kec, case)
    made = give(kec, case, "62.10", tmp_path, number="01/PP/2024")
    assert (made.people, made.questions, made.spoiled, made.trouble) == (2, 0, 0, "")

    waiting = case_view(kec, case)
    assert waiting.state.label == "Dilimpahkan, belum diterima"
    assert not waiting.state.closed
    assert waiting.dues == before.dues  # the same clocks run on
    take(kab, *made.workbooks)
    there = case_view(kab, case)
    assert there.state.label == "Dilimpahkan, belum diterima"
    assert there.dues == before.dues
    assert there.state.handover is not None
    assert (there.state.office, there.state.handover.to) == ("62.10.02", "62.10")
    (row,) = list_cases(kab, CaseFilter())
    assert (row.stage_label, row.next_step) == ("Dilimpahkan, belum diterima", "received_transfer")
    (row,) = list_cases(kec, CaseFilter())
    assert (row.stage_label, row.next_step) == ("Dilimpahkan, belum diterima", "")

    told = accept(kab, case, TODAY)
    assert told.number != own_number
    assert not told.waiting
    here = case_view(kab, case)
    assert (here.facts.number, here.origin_number) == (told.number, own_number)
    assert (here.state.office, here.state.stage) == ("62.10", before.state.stage)
    assert here.dues == before.dues
    for called in (told.number, own_number):
        assert case_view(kab, called).uid == case
        assert [r.uid for r in list_cases(kab, CaseFilter(text=called))] == [case]
    assert owner_of(kab, "cases", case, "title") == "62.10"

    assert reveal(kab, case, "menghubungi pelapor") == reveal(kec, case, "menghubungi pelapor")
    assert find_by_identity(kab, nik=REPORTER.nik) == (case,)

    send(kab, kec, tmp_path)  # the status comes back
    stub = case_view(kec, case)
    assert (stub.state.office, stub.facts.number) == ("62.10", told.number)
    assert stub.origin_number == own_number
    record_step(kab, case, NewStep(kind="reviewed", on=TODAY, outcome="complete"))
    send(kab, kec, tmp_path)
    assert case_view(kec, case).state.stage == "registration"
    with pytest.raises(InvalidInput, match="kantor lain"):
        record_step(kec, case, NewStep(kind="registered", on=TODAY))
    with pytest.raises(UserError, match="kantor lain"):
        change_facts(kec, case, {"title": "Lain"}, "salah ketik")

    send(kab, prov, tmp_path)  # the office above sees it and can open nothing
    assert case_view(prov, case).state.office == "62.10"
    assert people_of(prov) == 0
    consistent(kec, kab, prov)


def test_a_late_edit_of_the_sender_is_a_proposal(kec: Posko, kab: Posko, tmp_path: Path) -> None:
    case = file_report(kec, new_report()).uid
    take(kab, *give(kec, case, "62.10", tmp_path).workbooks)
    accept(kab, case, TODAY)
    title = case_view(kab, case).facts.title
    set_title(kec, "Judul yang terlambat diubah")
    send(kec, kab, tmp_path)
    assert case_view(kab, case).facts.title == title
    (waiting,) = pending_edits(kab)
    assert (waiting.edit.theirs, waiting.edit.mine) == ("Judul yang terlambat diubah", title)
    assert waiting.edit.acceptable
    send(kab, kec, tmp_path)
    assert case_view(kec, case).facts.title == title  # the offices agree
    assert not case_view(kec, case).conflicts
    answer_edit(kab, waiting.edit, accept=True)
    send(kab, kec, tmp_path)
    assert case_view(kec, case).facts.title == "Judul yang terlambat diubah"
    consistent(kec, kab)


def test_both_edited_and_the_authority_stands(kec: Posko, kab: Posko, tmp_path: Path) -> None:
    case = file_report(kec, new_report()).uid
    take(kab, *give(kec, case, "62.10", tmp_path).workbooks)
    accept(kab, case, TODAY)
    set_title(kab, "Judul kabupaten")
    set_title(kec, "Judul kecamatan")
    send(kec, kab, tmp_path)
    assert case_view(kab, case).facts.title == "Judul kabupaten"
    assert not case_view(kab, case).conflicts
    assert [p.edit.theirs for p in pending_edits(kab)] == ["Judul kecamatan"]


def test_it_may_be_sent_back_with_a_reason_and_never_after(
    kec: Posko, kab: Posko, tmp_path: Path
) -> None:
    case = file_report(kec, new_report()).uid
    take(kab, *give(kec, case, "62.10", tmp_path).workbooks)
    with pytest.raises(InvalidInput, match="alasan"):
        give_back(kab, case, "  ", TODAY)
    give_back(kab, case, "Bukan wewenang kabupaten.", TODAY)
    with pytest.raises(InvalidInput, match="Tidak ada pelimpahan"):
        accept(kab, case, TODAY)
    send(kab, kec, tmp_path)
    back = case_view(kec, case)
    assert (back.state.handover, back.state.office, back.state.left) == (None, "62.10.02", ())
    record_step(kec, case, NewStep(kind="reviewed", on=TODAY, outcome="complete"))

    take(kab, *give(kec, case, "62.10", tmp_path).workbooks)  # a second time, and received
    accept(kab, case, TODAY)
    with pytest.raises(InvalidInput, match="buat pelimpahan baru"):
        give_back(kab, case, "Keliru.", TODAY)
    with pytest.raises(InvalidInput, match="Tidak ada pelimpahan"):
        accept(kab, case, TODAY)
    consistent(kec, kab)


def test_an_accepted_pelimpahan_cannot_be_cancelled(kec: Posko, kab: Posko, tmp_path: Path) -> None:
    case = file_report(kec, new_report()).uid
    made = give(kec, case, "62.10", tmp_path)
    take(kab, *made.workbooks)
    accept(kab, case, TODAY)
    send(kab, kec, tmp_path)
    with pytest.raises(InvalidInput, match="sudah diterima"):
        record_step(kec, case, NewStep(kind="corrected", on=TODAY, corrects=made.event_uid))


def test_a_pelimpahan_cancelled_too_late_was_received(
    kec: Posko, kab: Posko, tmp_path: Path
) -> None:
    """The sender voids it, the recipient receives it, neither knows of the other."""
    case = file_report(kec, new_report()).uid
    made = give(kec, case, "62.10", tmp_path)
    take(kab, *made.workbooks)
    accept(kab, case, TODAY)
    record_step(kec, case, NewStep(kind="corrected", on=TODAY, corrects=made.event_uid))
    send(kec, kab, tmp_path)
    send(kab, kec, tmp_path)
    for posko in (kec, kab):
        found = case_view(posko, case).state
        assert found.office == "62.10"
        assert any("Pelimpahan diterima" in sentence for sentence in found.contradictions)


def test_down_and_sideways(office: Office_, kab: Posko, tmp_path: Path) -> None:
    """A district hands down; the case of elsewhere reaches an office that would not get it."""
    kec = office("kecamatan")
    case = file_report(kab, new_report(region_code="62.10.05", event_place="Tewah")).uid
    other = file_report(kab, new_report(region_code="62.10.05", title="Bukan urusan Kurun")).uid
    take(kec, *give(kab, case, "62.10.02", tmp_path).workbooks)
    accept(kec, case, TODAY)
    assert people_of(kec) == 2
    with pytest.raises(UserError):
        case_view(kec, other)
    send(kec, kab, tmp_path)
    assert case_view(kab, case).state.office == "62.10.02"
    record_step(kec, case, NewStep(kind="note", on=TODAY, note="Diperiksa di Kurun."))
    send(kec, kab, tmp_path)
    assert any("Kurun" in event.note for event in case_view(kab, case).events)


def test_there_and_back_again_the_people_stay_the_same(
    kec: Posko, kab: Posko, tmp_path: Path
) -> None:
    case = file_report(kec, new_report()).uid
    take(kab, *give(kec, case, "62.10", tmp_path).workbooks)
    accept(kab, case, TODAY)
    send(kab, kec, tmp_path)
    back = give(kab, case, "62.10.02", tmp_path)
    take(kec, *back.workbooks)
    accept(kec, case, TODAY)
    assert people_of(kec) == people_of(kab) == 2
    seen, held = (reveal(posko, case, "mencocokkan data") for posko in (kec, kab))
    assert seen == held
    assert seen.name == REPORTER.name
    here = case_view(kec, case)
    assert (here.state.office, here.state.left) == ("62.10.02", ("62.10",))
    with kec.store.read() as session:
        assert session.scalars(select(OpenedLetter.state)).all() == ["opened"]
    consistent(kec, kab)


def test_taken_over_at_once_and_then_the_files(kec: Posko, kab: Posko, tmp_path: Path) -> None:
    case = file_report(kec, new_report()).uid
    send(kec, kab, tmp_path)
    with pytest.raises(InvalidInput, match="Hanya kantor di atas"):
        record_step(kec, case, NewStep(kind="taken_over", on=TODAY))
    record_step(kab, case, NewStep(kind="taken_over", on=TODAY, data={"reason": "Etik panwascam."}))
    found = case_view(kab, case).state
    assert (found.office, found.files_due, found.left) == ("62.10", "62.10.02", ("62.10.02",))
    send(kab, kec, tmp_path)
    take(kab, *give(kec, case, "62.10", tmp_path).workbooks)  # the files of it
    found = case_view(kab, case).state
    assert (found.office, found.files_due, found.handover) == ("62.10", "", None)
    assert not found.contradictions
    assert people_of(kab) == 2


# --- what is sealed -----------------------------------------------------------------------------


def test_no_identity_stands_in_a_file(kec: Posko, kab: Posko, tmp_path: Path) -> None:
    case = file_report(kec, new_report()).uid
    made = give(kec, case, "62.10", tmp_path, lock=False)
    secrets = ("Contoh Pelapor Satu", "6210015207880001", "Contoh Saksi Dua", "Desa Contoh Hulu")
    for path in made.files:
        with zipfile.ZipFile(path) as book:
            content = b"".join(book.read(name) for name in book.namelist())
        assert not any(secret.encode() in content for secret in secrets)
    with kec.store.read() as session:
        parts = session.scalars(select(SealedPart)).all()
        log = "".join(session.scalars(select(AuditEntry.body)))
    assert parts
    assert not any(secret in f"{part.body}{log}" for part in parts for secret in secrets)
    with pytest.raises(UserError, match="Kunci"):  # locked ones are no workbook to anybody else
        give(kec, file_report(kec, new_report()).uid, "62.11", tmp_path)
    take(kab, *made.workbooks)
    with kab.store.read() as session:
        assert "Contoh Pelapor Satu" not in "".join(session.scalars(select(AuditEntry.body)))


def test_without_a_key_one_sentence_and_nothing_recorded(office: Office_, tmp_path: Path) -> None:
    alone = office("kecamatan", stranger=True)
    case = file_report(alone, new_report()).uid
    assert "mengirim satu berkas" in outlook(alone, case, "62.10").problem
    with pytest.raises(UserError, match="mengirim satu berkas") as caught:
        give(alone, case, "62.10", tmp_path)
    assert caught.value.code == "no_recipient_key"
    assert case_view(alone, case).state.handover is None


def test_a_letter_for_another_key_is_told_and_all_else_comes_in(
    kec: Posko, kab: Posko, prov: Posko, tmp_path: Path
) -> None:
    case = file_report(kec, new_report()).uid
    with prov.store.read() as session:
        others = session.scalars(
            select(TrustedKey.recipient).where(TrustedKey.office_code == "62.10.02")
        ).one()
    with kec.write() as session:  # the key of a computer that is not there any more
        key = session.scalars(select(TrustedKey).where(TrustedKey.office_code == "62.10")).one()
        right, key.recipient = key.recipient, others
    made = give(kec, case, "62.10", tmp_path, lock=False)
    told = take(kab, *made.workbooks)
    assert any("komputer lain" in sentence for sentence in told.warnings)
    assert people_of(kab) == 0
    assert accept(kab, case, TODAY).people == 0
    with kec.write() as session:
        key = session.scalars(select(TrustedKey).where(TrustedKey.office_code == "62.10")).one()
        key.recipient = right
    again = files_again(kec, case, folder(tmp_path))  # sealed anew for the key of today
    take(kab, *again.workbooks)
    assert people_of(kab) == 2


@pytest.mark.parametrize("older", [False, True])
def test_a_damaged_letter_is_told(kec: Posko, kab: Posko, tmp_path: Path, *, older: bool) -> None:
    """Also one that was sealed for a key which the office had before."""
    case = file_report(kec, new_report()).uid
    give(kec, case, "62.10", tmp_path)
    with kec.write(bulk=True) as session:
        table = SealedPart.__table__
        body = session.scalars(select(SealedPart.body)).one()
        turned = body[:-8] + ("AAAAAAA=" if body[-8:] != "AAAAAAA=" else "BBBBBBB=")
        session.connection().execute(table.update().values(body=turned))  # type: ignore[attr-defined]
    if older:
        with kab.write() as session:
            give_recipient(session.scalars(select(Office)).one())
    told = send(kec, kab, tmp_path)
    assert any("rusak" in sentence for sentence in told.warnings)
    assert people_of(kab) == 0
    with kab.store.read() as session:
        assert session.scalars(select(OpenedLetter.state)).all() == ["damaged"]
    if older:  # its new key goes to the sender first
        send(kab, kec, tmp_path)
    take(kab, *files_again(kec, case, folder(tmp_path)).workbooks)  # what the sentence asks for
    assert people_of(kab) == 2


def test_an_import_with_a_letter_can_be_undone(kec: Posko, kab: Posko, tmp_path: Path) -> None:
    case = file_report(kec, new_report()).uid
    made = give(kec, case, "62.10", tmp_path)
    told = take(kab, *made.workbooks)
    assert people_of(kab) == 2
    undo(kab, told.uid)
    assert people_of(kab) == 0
    assert find_by_identity(kab, nik=REPORTER.nik) == ()
    take(kab, *made.workbooks)
    assert people_of(kab) == 2
    assert not sealed_waits(kab, case)


def test_an_account_without_the_key_leaves_it_to_another(
    kec: Posko, kab: Posko, tmp_path: Path
) -> None:
    case = file_report(kec, new_report()).uid
    made = give(kec, case, "62.10", tmp_path)
    keys = kab.keys
    kab.keys = type(keys)(database=keys.database, identity=None)
    take(kab, *made.workbooks)
    assert people_of(kab) == 0
    assert sealed_waits(kab, case)
    kab.keys = keys
    assert accept(kab, case, TODAY).people == 2
    assert not sealed_waits(kab, case)


def test_long_minutes_travel_in_pieces(kec: Posko, kab: Posko, tmp_path: Path) -> None:
    from posko_app.cases.identity import open_text, seal_text

    case = file_report(kec, new_report()).uid
    said = "Keterangan yang panjang sekali. " * 300
    with kec.write() as session:
        for n in range(12):
            item = ClarificationQuestion(case_uid=case, clarification_uid="k", position=n + 1)
            session.add(item)
            session.flush()
            item.answer = seal_text(kec, item.uid, "answer", f"{n} {said}")
    made = give(kec, case, "62.10", tmp_path)
    assert made.questions == 12
    with kec.store.read() as session:
        assert (session.scalar(select(func.count()).select_from(SealedPart)) or 0) > 3
    take(kab, *made.workbooks)
    with kab.store.read() as session:
        rows = session.scalars(select(ClarificationQuestion)).all()
        told = {open_text(kab, row.uid, "answer", row.answer) for row in rows}
    assert told == {f"{n} {said}" for n in range(12)}


# --- crashes and refusals -----------------------------------------------------------------------


def test_a_kill_while_it_is_recorded_leaves_nothing(
    kec: Posko, kab: Posko, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = file_report(kec, new_report()).uid

    def cut(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("posko_app.exchange.handover.board.refresh", cut)
        with pytest.raises(KeyboardInterrupt):
            give(kec, case, "62.10", tmp_path)
    assert case_view(kec, case).state.handover is None
    with kec.store.read() as session:
        assert session.scalar(select(func.count()).select_from(SealedPart)) == 0


def test_a_kill_while_files_are_made_leaves_a_hand_over_whose_files_come_again(
    kec: Posko, kab: Posko, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = file_report(kec, new_report()).uid

    def cut(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("posko_app.exchange.handover.export", cut)
        with pytest.raises(KeyboardInterrupt):
            give(kec, case, "62.10", tmp_path)
    assert case_view(kec, case).state.handover is not None
    with pytest.raises(InvalidInput):
        give(kec, case, "62.10", tmp_path)
    made = files_again(kec, case, folder(tmp_path))
    take(kab, *made.workbooks)
    assert people_of(kab) == 2
    assert accept(kab, case, TODAY).number


def test_a_kill_while_a_letter_is_opened_takes_in_nothing(
    kec: Posko, kab: Posko, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = file_report(kec, new_report()).uid
    made = give(kec, case, "62.10", tmp_path)

    def cut(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(unsealing, "remake", cut)
        with pytest.raises(KeyboardInterrupt):
            take(kab, *made.workbooks)
    assert people_of(kab) == 0
    take(kab, *made.workbooks)
    assert people_of(kab) == 2


@pytest.mark.parametrize(("to", "why"), [("62.10.02", "sendiri"), ("99.99", "tidak dikenal")])
def test_where_it_cannot_go(kec: Posko, tmp_path: Path, to: str, why: str) -> None:
    case = file_report(kec, new_report()).uid
    with pytest.raises(UserError, match=why):
        give(kec, case, to, tmp_path)
    with pytest.raises(UserError, match="belum dilimpahkan"):
        files_again(kec, case, folder(tmp_path))
    with pytest.raises(UserError, match="Folder"):
        hand_over(kec, case, "62.10", REASON, TODAY, tmp_path / "tidak-ada")


def test_dates_must_follow(kec: Posko, kab: Posko, tmp_path: Path) -> None:
    case = file_report(kec, new_report(filed_on=TODAY - timedelta(days=1))).uid
    with pytest.raises(InvalidInput, match="setelah hari ini"):
        hand_over(kec, case, "62.10", REASON, date(2024, 10, 20), folder(tmp_path))
    take(kab, *give(kec, case, "62.10", tmp_path).workbooks)
    with pytest.raises(InvalidInput, match="Tidak ada pelimpahan"):
        accept(kab, case, TODAY - timedelta(days=1))
    assert not {p.state for p in _proposals(kab)}


def _proposals(posko: Posko) -> list[Proposal]:
    with posko.store.read() as session:
        return list(session.scalars(select(Proposal)))


# --- papers -------------------------------------------------------------------------------------


def test_letter_and_berita_acara_go_along_and_are_printed_again_alike(
    kec: Posko, kab: Posko, tmp_path: Path
) -> None:
    case = file_report(kec, new_report()).uid
    out = folder(tmp_path)
    made = hand_over(
        kec, case, "62.10", REASON, TODAY, out, papers=lambda uid: write_papers(kec, uid, out)
    )
    assert made.trouble == ""
    assert [path.name.partition("-0")[0] for path in made.papers] == list(PAPERS)
    content = [path.read_bytes() for path in made.papers]
    assert all(data.startswith(b"%PDF") for data in content)
    letters = {letter.template: letter for letter in case_view(kec, case).letters}
    assert set(letters) == set(PAPERS)
    assert letters["pelimpahan"].number
    take(kab, *made.workbooks)  # the recipient knows of them by the same file
    assert {letter.template for letter in case_view(kab, case).letters} == set(PAPERS)
    again = folder(tmp_path)
    more = files_again(kec, case, again, papers=lambda uid: write_papers(kec, uid, again))
    assert [path.read_bytes() for path in more.papers] == content
    assert len(case_view(kec, case).letters) == 3


def test_papers_that_cannot_be_made_leave_the_hand_over_recorded(
    kec: Posko, kab: Posko, tmp_path: Path
) -> None:
    case = file_report(kec, new_report()).uid

    def refused(uid: str) -> tuple[Path, ...]:
        raise UserError("Kop surat belum diisi.")

    made = hand_over(kec, case, "62.10", REASON, TODAY, folder(tmp_path), papers=refused)
    assert (made.trouble, made.papers) == ("Kop surat belum diisi.", ())
    assert made.workbooks  # what can be made is made
    assert case_view(kec, case).state.handover is not None
    assert files_again(kec, case, folder(tmp_path)).workbooks


# --- who received it may put right what was noted before ----------------------------------------


def test_the_recipient_corrects_the_filing_and_keeps_the_clocks(
    office: Office_, kab: Posko, tmp_path: Path
) -> None:
    kec = office("kecamatan")
    filed = TODAY - timedelta(days=1)
    case = file_report(kab, new_report(filed_on=filed)).uid
    before = case_view(kab, case).dues
    take(kec, *give(kab, case, "62.10.02", tmp_path).workbooks)
    accept(kec, case, TODAY)
    assert case_view(kec, case).dues == before  # not counted anew from the day of receipt
    change_facts(kec, case, {"filed_on": TODAY}, "salah tanggal saat dicatat")
    view = case_view(kec, case)
    assert not view.state.contradictions
    assert (view.facts.filed_on, view.state.office) == (TODAY, "62.10.02")
    wrong = next(e for e in view.events if e.kind == "transferred")
    with pytest.raises(InvalidInput, match="sudah diterima"):
        record_step(kec, case, NewStep(kind="corrected", on=TODAY, corrects=wrong.uid))
    consistent(kec, kab)
