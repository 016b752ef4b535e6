"""Imports of real files between real offices: preview, apply, refusals, conflicts, channel."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import func, select

from posko_app.app import Posko
from posko_app.cases import board
from posko_app.cases.intake import file_report
from posko_app.cases.prevention import NewActivity, log_activity
from posko_app.cases.queries import CaseFilter, list_cases
from posko_app.data import versions
from posko_app.data.tables import (
    AuditEntry,
    Case,
    CaseBoard,
    Event,
    Export,
    Identity,
    Import,
    Office,
    ParkedRecord,
    Peer,
    PreventionActivity,
    ReportedParty,
    Sync,
)
from posko_app.errors import Cancelled, NotAllowed, UserError
from posko_app.exchange import manifest as head
from posko_app.exchange.apply import FileOutcome, apply_plan, import_file
from posko_app.exchange.export import export
from posko_app.exchange.ledger import channel, ledger
from posko_app.exchange.plan import ImportPlan, preview
from posko_app.exchange.trust import confirm_key, look_at_key
from posko_app.exchange.xlsx.guarded import Reader
from posko_app.security import sign
from tests.factory import TODAY, new_report

Office_ = Callable[..., Posko]


def send(posko: Posko, to: str, folder: Path, **options: object) -> Path:
    """Export into a fresh folder and give the one file made."""
    target = folder / f"keluar-{posko.office.code}-{len(list(folder.glob('keluar-*')))}"
    target.mkdir()
    (path,) = export(posko, to, target, **options).files  # type: ignore[arg-type]
    return path


@pytest.fixture(scope="module", autouse=True)
def reader() -> Iterator[Reader]:
    """One reading process for the whole file."""
    with Reader(seconds=600) as process:
        _READER.append(process)
        yield process
        _READER.clear()


_READER: list[Reader] = []


def take(posko: Posko, path: Path, *, apply: bool = True) -> FileOutcome:
    return import_file(posko, path, apply=apply, reader=_READER[0])


def look(posko: Posko, path: Path) -> ImportPlan:
    return preview(posko, path, reader=_READER[0])


def state(posko: Posko) -> dict[str, object]:
    """Every record that travels, as it stands."""
    with posko.store.read() as session:
        return {r.uid: r for r in versions.load_records(session) if r.table != "identities"}


def rows_of(posko: Posko) -> dict[str, int]:
    with posko.store.read() as session:
        counted = session.execute(select(Sync.table_name, func.count()).group_by(Sync.table_name))
        return dict(counted.all())


def set_title(posko: Posko, title: str) -> None:
    with posko.write() as session:
        case = session.scalars(select(Case)).one()
        case.title = title
        session.flush()
        board.refresh(posko, session, [case.uid])


def rewritten(source: Path, target: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """A copy of a workbook with its parts changed."""
    with zipfile.ZipFile(source) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    change(parts)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as book:
        for name, data in parts.items():
            book.writestr(name, data)
    return target


def machine_part(parts: dict[str, bytes]) -> str:
    return next(name for name, data in parts.items() if b">POS1<" in data)


@pytest.fixture
def kec(office: Office_) -> Posko:
    return office("kecamatan")


@pytest.fixture
def kab(office: Office_) -> Posko:
    return office("kabupaten")


def test_from_subdistrict_to_district_to_province(
    office: Office_, kec: Posko, kab: Posko, tmp_path: Path
) -> None:
    filed = file_report(kec, new_report())
    log_activity(kec, NewActivity(kind="vulnerability", on=TODAY, title="Imbauan kepala desa"))
    path = send(kec, "62.10", tmp_path)
    seen = take(kab, path, apply=False)
    assert (seen.verdict, seen.new, seen.applied, seen.rejected) == ("accepted", 6, False, ())
    assert rows_of(kab) == {}, "a preview writes nothing"
    done = take(kab, path)
    assert (done.verdict, done.new, done.updated, done.same) == ("accepted", 6, 0, 0)
    assert (done.conflicts, done.proposals, done.gaps, done.applied) == (0, 0, (), True)
    assert state(kab) == state(kec)
    (row,) = list_cases(kab, CaseFilter())
    assert (row.uid, row.number) == (filed.uid, filed.number)
    with kab.store.read() as session:
        assert session.scalars(select(Identity)).all() == []
        assert session.scalars(select(PreventionActivity.title)).all() == ["Imbauan kepala desa"]
        assert board.board_problems(kab, session) == []
    prov = office("provinsi")
    again = take(prov, send(kab, "62", tmp_path))
    assert again.new == 6
    assert state(prov) == state(kec)


def test_an_update_comes_as_updated_and_twice_is_same(
    kec: Posko, kab: Posko, tmp_path: Path
) -> None:
    file_report(kec, new_report())
    path = send(kec, "62.10", tmp_path)
    take(kab, path)
    with kab.store.read() as session:
        before = session.scalars(select(Office.lsn)).one()
    twice = take(kab, path)
    assert (twice.new, twice.updated, twice.same, twice.conflicts) == (0, 0, 5, 0)
    with kab.store.read() as session:
        assert session.scalars(select(Office.lsn)).one() == before
    set_title(kec, "Judul yang diperbaiki")
    newer = take(kab, send(kec, "62.10", tmp_path))
    assert (newer.new, newer.updated, newer.same) == (0, 1, 4)
    with kab.store.read() as session:
        assert session.scalars(select(CaseBoard.title)).all() == ["Judul yang diperbaiki"]
    older = take(kab, path)
    assert (older.new, older.updated, older.same) == (0, 0, 5), "late files change nothing"
    assert state(kab) == state(kec)


def test_both_values_of_a_conflict_are_kept_on_both_sides(
    kec: Posko, kab: Posko, tmp_path: Path
) -> None:
    file_report(kec, new_report())
    take(kab, send(kec, "62.10", tmp_path))
    set_title(kec, "Judul kecamatan")
    set_title(kab, "Judul kabupaten")
    up, down = send(kec, "62.10", tmp_path), send(kab, "62.10.02", tmp_path)
    at_district = take(kab, up)
    assert (at_district.conflicts, at_district.updated) == (1, 0)
    at_subdistrict = take(kec, down)
    assert at_subdistrict.conflicts == 1
    assert state(kec) == state(kab)
    record = next(r for r in state(kab).values() if r.table == "cases")  # type: ignore[attr-defined]
    assert {s.value for s in record.fields["title"]} == {"Judul kecamatan", "Judul kabupaten"}  # type: ignore[attr-defined]
    for posko in (kec, kab):
        with posko.store.read() as session:
            assert session.scalars(select(CaseBoard.conflicts)).all() == [1]
            assert board.board_problems(posko, session) == []
    third = send(kab, "62.10.02", tmp_path)
    book = openpyxl.load_workbook(third)
    words = " ".join(str(c.value) for row in book["Konflik"].iter_rows() for c in row if c.value)
    assert "Judul kecamatan" in words
    assert "Judul kabupaten" in words
    set_title(kab, "Diputuskan kabupaten")
    solved = take(kec, send(kab, "62.10.02", tmp_path))
    assert (solved.updated, solved.conflicts) == (1, 0)
    assert state(kec) == state(kab)
    with kec.store.read() as session:
        assert session.scalars(select(CaseBoard.conflicts)).all() == [0]


def test_the_same_value_written_twice_is_no_conflict(
    kec: Posko, kab: Posko, tmp_path: Path
) -> None:
    file_report(kec, new_report())
    take(kab, send(kec, "62.10", tmp_path))
    set_title(kec, "Judul yang sama")
    set_title(kab, "Judul yang sama")
    outcome = take(kab, send(kec, "62.10", tmp_path))
    assert (outcome.updated, outcome.conflicts) == (1, 0)
    with kab.store.read() as session:
        assert session.scalars(select(CaseBoard.conflicts)).all() == [0]
    take(kec, send(kab, "62.10.02", tmp_path))
    assert state(kec) == state(kab)


def test_different_fields_merge_without_a_question(kec: Posko, kab: Posko, tmp_path: Path) -> None:
    file_report(kec, new_report())
    take(kab, send(kec, "62.10", tmp_path))
    set_title(kec, "Judul kecamatan")
    with kab.write() as session:
        session.scalars(select(Case)).one().article = "Pasal 71"
    merged = take(kab, send(kec, "62.10", tmp_path))
    assert (merged.updated, merged.conflicts) == (1, 0)
    with kab.store.read() as session:
        case = session.scalars(select(Case)).one()
        assert (case.title, case.article) == ("Judul kecamatan", "Pasal 71")


def test_the_first_file_asks_for_the_key_and_another_key_is_refused(
    office: Callable[..., Posko], tmp_path: Path
) -> None:
    kec, kab = office("kecamatan", stranger=True), office("kabupaten", stranger=True)
    file_report(kec, new_report())
    path = send(kec, "62.10", tmp_path)
    plan = look(kab, path)
    assert plan.first_contact
    assert len(plan.fingerprint) == 6
    with pytest.raises(UserError) as asked:
        apply_plan(kab, plan)
    assert asked.value.code == "unknown_key"
    confirm_key(kab, look_at_key(kab, path), " ".join(plan.fingerprint))
    assert not look(kab, path).first_contact
    apply_plan(kab, plan)
    with kec.write() as session:
        row = session.scalars(select(Office)).one()
        row.device_private, row.device_public = sign.new_device_key()
    other = take(kab, send(kec, "62.10", tmp_path))
    assert (other.verdict, other.code) == ("refused", "changed_key")
    assert "sidik jarinya" in other.reason


def test_acknowledgements_come_back_and_shorten_the_next_file(
    kec: Posko, kab: Posko, tmp_path: Path
) -> None:
    file_report(kec, new_report())
    log_activity(kec, NewActivity(kind="vulnerability", on=TODAY, title="Imbauan kepala desa"))
    take(kab, send(kec, "62.10", tmp_path))
    take(kec, send(kab, "62.10.02", tmp_path))
    with kec.store.read() as session:
        peer = session.scalars(select(Peer)).one()
        assert peer.acked_lsn == session.scalars(select(Export.upto_lsn)).one() > 0
        assert session.scalars(select(Export.acked_at)).one() is not None
    empty = send(kec, "62.10", tmp_path)
    assert (take(kab, empty).new, take(kab, empty).same) == (0, 0)
    with kec.write() as session:
        session.scalars(select(ReportedParty)).one().rank = "IV/a"
    whole = take(kab, send(kec, "62.10", tmp_path))
    assert (whole.updated, whole.same) == (1, 4), "the whole case goes, never a lone child"


def test_a_missing_file_is_a_gap_until_it_comes(kec: Posko, kab: Posko, tmp_path: Path) -> None:
    file_report(kec, new_report())
    first = send(kec, "62.10", tmp_path)
    with kec.write() as session:
        upto = session.scalars(select(Export.upto_lsn)).one()
        session.add(
            Peer(
                uid="p",
                office_code="62.10",
                office_name="K",
                device_id="X",
                public_key=b"",
                acked_lsn=upto,
                seen_at=kec.now(),
            )
        )
    file_report(kec, new_report(title="Kedua"))
    second = send(kec, "62.10", tmp_path)
    outcome = take(kab, second)
    assert (outcome.new, outcome.gaps) == (5, (1,)), "rows are taken in all the same"
    with kab.store.read() as session:
        assert session.scalars(select(Peer.received_lsn)).one() == 0
    assert take(kab, first).gaps == ()
    assert take(kab, second).gaps == ()
    with kab.store.read() as session:
        assert session.scalars(select(Peer.received_seq)).one() == 2
    assert state(kab) == state(kec)


def test_a_copy_beside_the_channel_moves_nothing(kec: Posko, kab: Posko, tmp_path: Path) -> None:
    uid = file_report(kec, new_report()).uid
    first = send(kec, "62.10", tmp_path)
    copy = export(kec, "62.10", tmp_path, what="picked", cases=[uid], profile="penerus")
    assert (copy.seq, "salinan" in copy.files[0].name) == (0, True)
    taken = take(kab, copy.files[0])
    assert (taken.verdict, taken.gaps) == ("accepted", ())
    with kab.store.read() as session:
        peer = session.scalars(select(Peer)).one()
        assert (peer.received_seq, peer.received_lsn) == (0, 0)
    second = export(kec, "62.10", tmp_path)
    assert second.seq == 2, "a copy takes no number"
    assert take(kab, first).new > 0, "what the copy left out"
    assert take(kab, second.files[0]).gaps == ()
    assert state(kab) == state(kec)
    with kec.store.read() as session:
        rows = session.scalars(select(Export).order_by(Export.id)).all()
        assert [(row.seq, row.outside) for row in rows] == [(1, False), (0, True), (2, False)]
    take(kec, send(kab, "62.10.02", tmp_path))
    with kec.store.read() as session:
        rows = session.scalars(select(Export).order_by(Export.id)).all()
        assert [row.acked_at is None for row in rows] == [False, True, False]


def test_a_lost_device_holds_the_channel_back_no_more(
    kec: Posko, kab: Posko, tmp_path: Path
) -> None:
    file_report(kec, new_report())
    take(kab, send(kec, "62.10", tmp_path))
    take(kec, send(kab, "62.10.02", tmp_path))
    with kec.write() as session:
        lost = Peer(
            office_code="62.10", office_name="K", device_id="LAMA0001", public_key=b"",
            seen_at=kec.now(),
        )  # fmt: skip
        session.add(lost)
        session.flush()
        assert channel(session, "62.10").frm == 0
        lost.retired_at = kec.now()
        session.flush()
        assert channel(session, "62.10").frm > 0


def test_wrong_addressee_practice_and_rights(
    office: Office_, kec: Posko, kab: Posko, tmp_path: Path
) -> None:
    file_report(kec, new_report())
    path = send(kec, "62", tmp_path)
    other = take(kab, path)
    assert (other.verdict, other.code) == ("refused", "wrong_addressee")
    assert "kantor lain (62 Kalimantan Tengah)" in other.reason
    path = send(kec, "62.10", tmp_path)
    with kab.write() as session:
        session.scalars(select(Office)).one().practice = False
    kab.reload_office()
    real = take(kab, path)
    assert (real.verdict, real.code) == ("refused", "practice_file")
    assert (rows_of(kab), real.applied) == ({}, False)
    assert len(list(kab.folder.quarantine.glob("*.xlsx"))) == 2
    reasons = [path.read_text("utf-8") for path in kab.folder.quarantine.glob("*.txt")]
    assert any("kantor lain" in reason for reason in reasons)
    with kab.store.read() as session:
        kept = session.execute(select(Import.verdict, Import.reason).order_by(Import.id)).all()
    assert [tuple(k) for k in kept] == [
        ("refused", "wrong_addressee"),
        ("refused", "practice_file"),
    ]
    from dataclasses import replace

    kab.user = replace(kab.user, role="receiver")
    with pytest.raises(NotAllowed):
        look(kab, path)


def swap(old: bytes, new: bytes) -> Callable[[dict[str, bytes]], None]:
    def change(parts: dict[str, bytes]) -> None:
        name = machine_part(parts)
        assert old in parts[name]
        parts[name] = parts[name].replace(old, new, 1)

    return change


def test_one_changed_row_is_rejected_and_the_rest_comes_in(
    kec: Posko, kab: Posko, tmp_path: Path
) -> None:
    file_report(kec, new_report())
    path = send(kec, "62.10", tmp_path)
    bad = rewritten(path, tmp_path / "ubah.xlsx", swap(b"Foto stiker", b"Foto bagus!"))
    outcome = take(kab, bad)
    assert (outcome.verdict, outcome.new) == ("accepted", 4)
    (row,) = outcome.rejected
    assert (row.sheet, row.row) == ("Bukti", 2)
    assert "berubah setelah ditandatangani" in row.reason
    assert take(kab, path).new == 1, "the intact file brings what was rejected"
    assert state(kab) == state(kec)


def test_a_rejected_case_takes_its_children_along(kec: Posko, kab: Posko, tmp_path: Path) -> None:
    file_report(kec, new_report())
    path = send(kec, "62.10", tmp_path)
    bad = rewritten(
        path, tmp_path / "ubah.xlsx", swap(b"Terlapor membagikan", b"Terlapor merampas")
    )
    outcome = take(kab, bad)
    assert outcome.new == 0
    assert [r.sheet for r in outcome.rejected] == ["Perkara"]
    assert ["perkara induknya" in r.reason for r in outcome.waiting] == [True] * 4
    assert rows_of(kab) == {}
    assert take(kab, path).new == 5, "those that waited come in with their case"
    assert state(kab) == state(kec)


@pytest.mark.parametrize(
    "change",
    [
        swap(b'"seq":1', b'"seq":2'),
        swap(b">POS1<", b">MOS1<"),
        swap(b'"root":"', b'"root":"0'),
        swap(b'"fmt":1', b'"fmt":[]'),
    ],
)
def test_a_file_without_a_good_signature_brings_proposals_only(
    change: Callable[[dict[str, bytes]], None], kec: Posko, kab: Posko, tmp_path: Path
) -> None:
    file_report(kec, new_report())
    path = send(kec, "62.10", tmp_path)
    outcome = take(kab, rewritten(path, tmp_path / "kepala.xlsx", change))
    assert (outcome.verdict, outcome.signature, outcome.new) == ("accepted", "broken", 0)
    assert {e.kind for e in outcome.edits} == {"unknown"}, "nothing of it is known here"
    assert not any(edit.acceptable for edit in outcome.edits)
    assert rows_of(kab) == {}
    with kab.store.read() as session:
        assert session.scalars(select(Peer)).all() == [], "no key is pinned, no channel moves"


def test_a_newer_format_is_refused(kec: Posko, kab: Posko, tmp_path: Path) -> None:
    file_report(kec, new_report())
    path = send(kec, "62.10", tmp_path)
    outcome = take(kab, rewritten(path, tmp_path / "baru.xlsx", swap(b">POS1<", b">POS9<")))
    assert (outcome.verdict, outcome.code) == ("refused", "newer_format")
    assert "Data Anda tidak berubah" in outcome.reason


def test_a_lost_row_costs_only_its_own_group(kec: Posko, kab: Posko, tmp_path: Path) -> None:
    file_report(kec, new_report())
    path = send(kec, "62.10", tmp_path)

    def drop(parts: dict[str, bytes]) -> None:
        name = machine_part(parts)
        start = parts[name].index(b'<row r="3"')
        end = parts[name].index(b"</row>", start) + len(b"</row>")
        parts[name] = parts[name][:start] + parts[name][end:]

    outcome = take(kab, rewritten(path, tmp_path / "kurang.xlsx", drop))
    assert (outcome.verdict, outcome.signature) == ("accepted", "valid")
    assert 0 < outcome.new + len(outcome.waiting) < 5
    assert any("hilang dari berkas" in r.reason for r in outcome.rejected)
    with kab.store.read() as session:
        assert session.scalars(select(Peer.received_lsn)).one() == 0, "it must come again"
    take(kab, path)
    assert state(kab) == state(kec)


def test_a_damaged_hash_cell_is_computed_anew(kec: Posko, kab: Posko, tmp_path: Path) -> None:
    file_report(kec, new_report())
    path = send(kec, "62.10", tmp_path)
    book = openpyxl.load_workbook(path)
    sheet = book[head.SHEET]
    sheet["B3"] = "A" * 26
    book.save(tmp_path / "sidik.xlsx")
    outcome = take(kab, tmp_path / "sidik.xlsx")
    assert (outcome.new, outcome.rejected) == (5, ())
    assert state(kab) == state(kec)


def resigned(
    source: Path,
    target: Path,
    posko: Posko,
    edit: Callable[[list[list[str]]], None] = lambda _rows: None,
    **said: object,
) -> Path:
    """A workbook whose rows or head were changed and that its own sender signed again."""
    with posko.store.read() as session:
        private = session.scalars(select(Office.device_private)).one()
    book = openpyxl.load_workbook(source)
    sheet = book[head.SHEET]
    rows = [[str(v) for v in r if v is not None] for r in sheet.iter_rows(values_only=True)]
    data = json.loads(rows[0][1])
    body = rows[1:]
    edit(body)
    data |= said
    data["n"] = len(body)
    data["root"] = head.root(f"{r[0]}:{r[1]}" for r in body)
    text = json.dumps(data, sort_keys=True, separators=(",", ":"))
    signature = base64.b64encode(sign.sign(private, text.encode())).decode()
    sheet.delete_rows(1, sheet.max_row)
    for row in [["POS1", text, signature], *body]:
        sheet.append(row)
    book.save(target)
    return target


def test_a_known_device_does_not_speak_for_another_office(
    kec: Posko, kab: Posko, tmp_path: Path
) -> None:
    file_report(kec, new_report())
    export(kab, "62.10.01", tmp_path)
    first = send(kec, "62.10", tmp_path)
    take(kab, first)
    acks = {kab.office.device_id: [10**6, 1, "x"]}
    posed = resigned(first, tmp_path / "lain.xlsx", kec, office="62.10.01", seq=2, acks=acks)
    outcome = take(kab, posed)
    assert (outcome.verdict, outcome.code) == ("refused", "changed_office")
    assert "62.10.02" in outcome.reason
    book = ledger(kab)
    assert [line.acked_at for line in book.sent] == [None], "the neighbour has confirmed nothing"
    assert [peer.office_code for peer in book.peers] == ["62.10.02"]


def edited_row(row: list[str], **fields: object) -> None:
    from posko_app.data import record as records

    data = records.loads("".join(row[2:]))
    data["f"].update(fields)
    text = records.dumps(data)
    row[1:] = [records.row_hash(text), text]


def table_of(row: list[str]) -> str:
    return str(json.loads("".join(row[2:]))["t"])


SHEETS = {"cases": "Perkara", "events": "Langkah", "evidence": "Bukti", "witnesses": "Saksi"}


@pytest.mark.parametrize(
    ("table", "fields", "sentence"),
    [
        ("cases", {"filed_on": "15 Oktober"}, "“15 Oktober” tidak dapat disimpan"),
        ("cases", {"filed_on": "9999-12-30"}, "“9999-12-30” tidak dapat disimpan"),
        ("cases", {"known_on": "0001-01-01"}, "tidak dapat disimpan"),
        ("events", {"made_at": "9999-12-31T23:00:00Z"}, "tidak dapat disimpan"),
        ("cases", {"by_proxy": 7}, "tidak dapat disimpan"),
        ("cases", {"regulation": "pilkada-2099"}, "Peraturan"),
        ("events", {"data": "[1]"}, "tidak dapat disimpan"),
        ("events", {"on": None}, "tidak terbaca|tidak dapat disimpan"),
        ("evidence", {"description": "bunyi\a"}, "tidak dapat disimpan"),
        ("evidence", {"description": "x" * 30_001}, "tidak dapat disimpan"),
        ("evidence", {"size": "besar"}, "tidak dapat disimpan"),
    ],
)
def test_signed_nonsense_is_rejected_row_by_row(
    table: str,
    fields: dict[str, object],
    sentence: str,
    kec: Posko,
    kab: Posko,
    tmp_path: Path,
) -> None:
    import re

    file_report(kec, new_report())

    def edit(rows: list[list[str]]) -> None:
        edited_row(next(r for r in rows if table_of(r) == table), **fields)

    path = resigned(send(kec, "62.10", tmp_path), tmp_path / "aneh.xlsx", kec, edit)
    outcome = take(kab, path)
    assert outcome.verdict == "accepted", outcome.reason
    assert outcome.new == (0 if table == "cases" else 4)
    named = next(r for r in outcome.rejected if re.search(sentence, r.reason))
    assert (named.sheet, named.row) == (SHEETS[table], 2)
    with kab.store.read() as session:
        assert board.board_problems(kab, session) == []
        assert session.scalars(select(Peer.received_lsn)).one() == 0, "nothing was confirmed"


@pytest.mark.parametrize(
    ("table", "fields"),
    [
        ("events", {"kind": "belum_ada", "outcome": "x"}),
        ("events", {"kind": "decided", "outcome": "x", "data": '{"kinds":"y"}'}),
        ("events", {"kind": "corrected", "corrects": "tidak-ada"}),
        ("cases", {"kind": "aneh", "theme": "aneh", "region_code": "xx", "channel": "aneh"}),
        ("reported_parties", {"category": "aneh", "position": -5}),
    ],
)
def test_codes_that_are_not_known_here_are_kept_and_travel_on(
    table: str, fields: dict[str, object], kec: Posko, kab: Posko, tmp_path: Path
) -> None:
    file_report(kec, new_report())

    def edit(rows: list[list[str]]) -> None:
        edited_row(next(r for r in rows if table_of(r) == table), **fields)

    path = resigned(send(kec, "62.10", tmp_path), tmp_path / "aneh.xlsx", kec, edit)
    assert (take(kab, path).new, take(kab, path).rejected) == (5, ())
    (row,) = list_cases(kab, CaseFilter(view="all"))
    assert row.title
    further = send(kab, "62", tmp_path)
    assert openpyxl.load_workbook(further)["Perkara"].max_row == 2


def test_unknown_tables_and_fields_of_a_newer_program(
    kec: Posko, kab: Posko, office: Office_, tmp_path: Path
) -> None:
    file_report(kec, new_report())

    def edit(rows: list[list[str]]) -> None:
        edited_row(next(r for r in rows if table_of(r) == "cases"), warna="biru")
        row = next(r for r in rows if table_of(r) == "witnesses")
        text = "".join(row[2:]).replace('"t":"witnesses"', '"t":"penerjemah"')
        from posko_app.data.record import row_hash

        row[1:] = [row_hash(text), text]

    outcome = take(kab, resigned(send(kec, "62.10", tmp_path), tmp_path / "baru.xlsx", kec, edit))
    assert (outcome.new, len(outcome.rejected), len(outcome.waiting)) == (4, 0, 1)
    assert "“penerjemah” belum dikenal" in outcome.waiting[0].reason
    prov = office("provinsi")
    take(prov, send(kab, "62", tmp_path))
    record = next(r for r in state(prov).values() if r.table == "cases")  # type: ignore[attr-defined]
    assert record.fields["warna"][0].value == "biru", "unknown fields travel on"  # type: ignore[attr-defined]


def test_what_waits_travels_on_and_comes_in_with_its_case(
    kec: Posko, kab: Posko, office: Office_, tmp_path: Path
) -> None:
    file_report(kec, new_report())
    path = send(kec, "62.10", tmp_path)
    cases: list[list[str]] = []

    def without_case(rows: list[list[str]]) -> None:
        cases.extend(row for row in rows if table_of(row) == "cases")
        rows[:] = [row for row in rows if table_of(row) != "cases"]

    alone = resigned(path, tmp_path / "anak.xlsx", kec, without_case)
    first = take(kab, alone)
    assert (first.new, len(first.waiting), first.rejected) == (0, 4, ())
    again = take(kab, alone)
    assert (again.same, again.new) == (4, 0)
    with kab.store.read() as session:
        assert session.scalars(select(Peer.received_seq)).one() == 1, "the channel goes on"
    prov = office("provinsi")
    further = take(prov, send(kab, "62", tmp_path))
    assert (further.new, len(further.waiting)) == (0, 4), "they are carried on"

    def only_case(rows: list[list[str]]) -> None:
        rows[:] = cases

    parent = resigned(path, tmp_path / "induk.xlsx", kec, only_case, seq=2, xid="lain")
    assert take(kab, parent).new == 5
    assert state(kab) == state(kec)
    assert take(prov, send(kab, "62", tmp_path)).new == 5
    assert state(prov) == state(kec)
    for posko in (kab, prov):
        with posko.store.read() as session:
            assert session.scalars(select(ParkedRecord)).all() == []
            assert board.board_problems(posko, session) == []


def test_a_waiting_record_of_a_later_program_is_joined_while_it_waits(
    kec: Posko, kab: Posko, tmp_path: Path
) -> None:
    file_report(kec, new_report())
    path = send(kec, "62.10", tmp_path)

    def renamed(alias: str, write: int) -> Callable[[list[list[str]]], None]:
        def edit(rows: list[list[str]]) -> None:
            row = next(r for r in rows if table_of(r) == "witnesses")
            from posko_app.data import record as records

            data = records.loads("".join(row[2:]))
            device = data["c"][0]
            data["t"] = "penerjemah"
            if write:
                data["f"]["alias"] = alias
                data["v"][device] = write
                data["s"] = {"alias": [device, write, 1, "x", device, data["c"][1]]}
            text = records.dumps(data)
            row[1:] = [records.row_hash(text), text]

        return edit

    new = resigned(path, tmp_path / "baru.xlsx", kec, renamed("Baru", 900), seq=2)
    old = resigned(path, tmp_path / "lama.xlsx", kec, renamed("", 0))
    for file in (new, old):
        take(kab, file)
    with kab.store.read() as session:
        (parked,) = session.scalars(select(ParkedRecord)).all()
    assert '"alias":"Baru"' in parked.text, "an older copy replaces nothing"
    assert parked.why == "unknown_table"


def test_identities_are_not_taken_from_a_plain_sheet(
    kec: Posko, kab: Posko, tmp_path: Path
) -> None:
    file_report(kec, new_report())

    def edit(rows: list[list[str]]) -> None:
        from posko_app.data.record import row_hash

        row = next(r for r in rows if table_of(r) == "witnesses")
        text = "".join(row[2:]).replace('"t":"witnesses"', '"t":"identities"')
        row[1:] = [row_hash(text), text]

    outcome = take(kab, resigned(send(kec, "62.10", tmp_path), tmp_path / "id.xlsx", kec, edit))
    assert [("Identitas" in r.reason) for r in outcome.rejected] == [True]
    with kab.store.read() as session:
        assert session.scalars(select(Identity)).all() == []


def test_foreign_and_damaged_files_are_refused_in_one_sentence(
    kec: Posko, kab: Posko, tmp_path: Path
) -> None:
    file_report(kec, new_report())
    good = send(kec, "62.10", tmp_path).read_bytes()
    openpyxl.Workbook().save(tmp_path / "lain.xlsx")
    files = {
        "lain.xlsx": (None, "not_posko"),
        "potong.xlsx": (good[: len(good) // 2], "truncated"),
        "halaman.xlsx": (b"<html><table><tr><td>1</td></tr></table></html>", "web_page"),
        "sandi.xlsx": (
            bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le"),
            "password",
        ),
        "kosong.xlsx": (b"", "empty"),
        "tidak-ada.xlsx": (None, "file_missing"),
    }
    for name, (content, code) in files.items():
        path = tmp_path / name
        if content is not None:
            path.write_bytes(content)
        outcome = take(kab, path)
        assert (outcome.verdict, outcome.code, outcome.applied) == ("refused", code, False), name
        assert outcome.reason.endswith("."), name
    assert rows_of(kab) == {}
    with kab.store.read() as session:
        assert session.scalar(select(func.count()).select_from(Import)) == len(files) - 1


def test_cells_edited_by_hand_are_counted_and_not_applied(
    kec: Posko, kab: Posko, tmp_path: Path
) -> None:
    file_report(kec, new_report())
    path = send(kec, "62.10", tmp_path)
    book = openpyxl.load_workbook(path)
    book.save(tmp_path / "simpan.xlsx")
    assert take(kab, tmp_path / "simpan.xlsx").proposals == 0, "saved again, nothing edited"
    sheet = next(s for s in book if any(c.value == "Foto stiker" for r in s.iter_rows() for c in r))
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value == "Foto stiker":
                cell.value = "Foto baliho"
    book.save(tmp_path / "edit.xlsx")
    outcome = take(kab, tmp_path / "edit.xlsx")
    assert (outcome.verdict, outcome.proposals, outcome.same) == ("accepted", 1, 5)
    assert state(kab) == state(kec)


def test_cancelling_rolls_everything_back(kec: Posko, kab: Posko, tmp_path: Path) -> None:
    file_report(kec, new_report())
    plan = look(kab, send(kec, "62.10", tmp_path))

    def stop(done: int, total: int, text: str = "") -> None:
        if done:
            raise Cancelled

    with pytest.raises(Cancelled):
        apply_plan(kab, plan, progress=stop)
    assert rows_of(kab) == {}
    with kab.store.read() as session:
        for table in (Import, Peer, CaseBoard, Event):
            assert session.scalars(select(table)).all() == []
    apply_plan(kab, plan)
    assert state(kab) == state(kec)


def test_a_plan_grown_old_is_decided_again(kec: Posko, kab: Posko, tmp_path: Path) -> None:
    file_report(kec, new_report())
    take(kab, send(kec, "62.10", tmp_path))
    set_title(kec, "Judul kecamatan")
    plan = look(kab, send(kec, "62.10", tmp_path))
    assert plan.updated == 1
    set_title(kab, "Judul kabupaten")
    apply_plan(kab, plan)
    with kab.store.read() as session:
        assert session.scalars(select(CaseBoard.conflicts)).all() == [1]
    record = next(r for r in state(kab).values() if r.table == "cases")  # type: ignore[attr-defined]
    assert len(record.fields["title"]) == 2  # type: ignore[attr-defined]


def test_the_file_is_kept_and_the_journal_tells(kec: Posko, kab: Posko, tmp_path: Path) -> None:
    file_report(kec, new_report())
    path = send(kec, "62.10", tmp_path)
    result = apply_plan(kab, look(kab, path))
    assert result.archived.read_bytes() == path.read_bytes()
    assert result.archived.parent == kab.folder.inbox_archive
    with kab.store.read() as session:
        note = session.scalars(
            select(AuditEntry).where(AuditEntry.action == "import.applied")
        ).one()
        body = json.loads(note.body)
        row = session.scalars(select(Import)).one()
    assert (body["uid"], body["office"], body["new"]) == (row.uid, "62.10.02", 5)
    assert (row.new, row.seq, row.verdict) == (5, 1, "accepted")


def test_parts_are_imported_alone_and_the_channel_waits_for_all(
    kec: Posko, kab: Posko, tmp_path: Path
) -> None:
    from dataclasses import replace

    from posko_app.exchange.xlsx.limits import limits

    for n in range(3):
        file_report(kec, new_report(title=f"Laporan {n}"))
    files = export(kec, "62.10", tmp_path, bounds=replace(limits(), book_cases=1)).files
    assert len(files) == 3
    for path in (files[2], files[0]):
        assert take(kab, path).new == 5
        with kab.store.read() as session:
            assert session.scalars(select(Peer.received_seq)).one() == 0
    take(kab, files[1])
    with kab.store.read() as session:
        assert session.scalars(select(Peer.received_seq)).one() == 1
    assert state(kab) == state(kec)


def test_the_channel_waits_for_rows_that_a_part_lost(
    kec: Posko, kab: Posko, tmp_path: Path
) -> None:
    from dataclasses import replace

    from posko_app.exchange.xlsx.limits import limits

    for n in range(2):
        file_report(kec, new_report(title=f"Laporan {n}"))
    first, second = export(kec, "62.10", tmp_path, bounds=replace(limits(), book_cases=1)).files
    harmed = rewritten(first, tmp_path / "ubah.xlsx", swap(b"Foto stiker", b"Foto bagus!"))
    assert len(take(kab, harmed).rejected) == 1
    assert take(kab, second).rejected == ()
    with kab.store.read() as session:
        heard = select(Peer.received_seq, Peer.received_lsn)
        assert session.execute(heard).one() == (0, 0), "a row of the first part is not here"
    assert take(kab, first).new == 1
    with kab.store.read() as session:
        assert session.scalars(select(Peer.received_seq)).one() == 1
    assert state(kab) == state(kec)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_saved_again_by_libreoffice_it_is_still_the_same(
    kec: Posko, kab: Posko, tmp_path: Path
) -> None:
    file_report(kec, new_report(narrative="Baris satu\nbaris dua: =1+1, 00123, “kutip” & <tanda>"))
    path = send(kec, "62.10", tmp_path)
    target = tmp_path / "lo"
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation={(tmp_path / 'profil').as_uri()}",
            "--headless",
            "--convert-to",
            "xlsx",
            "--outdir",
            str(target),
            str(path),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    outcome = take(kab, target / path.name)
    assert (outcome.verdict, outcome.new, outcome.proposals, outcome.rejected) == (
        "accepted",
        5,
        0,
        (),
    )
    assert state(kab) == state(kec)
