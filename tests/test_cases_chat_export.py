"""Chat exports: read safely, kept as evidence with their times, nobody's identity in the open."""

from __future__ import annotations

import hashlib
import struct
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from posko_app.app import Posko
from posko_app.cases import chat_patterns, drafts
from posko_app.cases.case_view import case_view
from posko_app.cases.chat_evidence import Picked, excerpt, keep_chosen
from posko_app.cases.chat_export import Chat, read_export
from posko_app.cases.chat_fields import split_text
from posko_app.cases.chat_source import REASONS
from posko_app.cases.evidence import attach, open_evidence
from posko_app.cases.identity import reveal
from posko_app.cases.intake import file_report
from posko_app.cases.report import PersonInput
from posko_app.data.base import Base
from posko_app.data.tables import VaultFile
from posko_app.errors import Cancelled, UserError
from posko_app.exchange.export import export
from tests.chat_files import (
    MEDIA,
    NUMBER,
    PHOTO,
    POST,
    PROFILE,
    SECRETS,
    TEXT,
    archive,
    folder,
    long_text,
)
from tests.factory import new_report

ALL = tuple(range(1, 10))


@pytest.fixture
def chat(posko: Posko, tmp_path: Path) -> Chat:
    return read_export(posko, archive(tmp_path / f"WhatsApp Chat - {PROFILE}.zip"))


# --- reading --------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [archive, folder])
def test_an_export_is_read_whole(posko: Posko, tmp_path: Path, make: Callable[..., Path]) -> None:
    chat = read_export(posko, make(tmp_path / f"Chat WhatsApp dengan {PROFILE}"
                                   f"{'.zip' if make is archive else ''}"))  # fmt: skip
    assert "".join(message.raw for message in chat.messages) == TEXT
    assert chat.sha256 == hashlib.sha256(TEXT.encode()).hexdigest()
    assert chat.senders == (PROFILE, POST, NUMBER)
    assert chat.reporter() == PROFILE
    assert dict(chat.media) == {name: len(content) for name, content in MEDIA.items()}
    states = [message.state for message in chat.messages]
    assert states == ["system", "", "", "", "", "", "deleted", "no_media", ""]
    assert chat.messages[3].media == "00000004-PHOTO.jpg"
    assert chat.size_of(ALL) == sum(map(len, MEDIA.values()))


def test_a_text_alone_is_an_export_too(posko: Posko, tmp_path: Path) -> None:
    path = tmp_path / "percakapan.txt"
    path.write_text("\ufeff" + TEXT, "utf-8")
    chat = read_export(posko, path)
    assert len(chat.messages) == 9
    assert chat.messages[3].state == "no_media"  # its photo did not come along
    assert chat.messages[3].media == ""


def test_bytes_that_are_no_text_come_out_as_they_went_in(posko: Posko, tmp_path: Path) -> None:
    raw = b"[13/10/24 09.12] A: \xff\xfe caf\xe9\r\n[13/10/24 09.13] A: b"
    path = archive(tmp_path / "a.zip", raw.decode("utf-8", "surrogateescape"), {})
    chat = read_export(posko, path)
    picked = Picked((1,), "A")
    filed = file_report(posko, new_report(evidence=keep_chosen(posko, chat, picked)))
    original = case_view(posko, filed.uid).evidence[1]
    with open_evidence(posko, original.uid) as stream:
        assert stream.read() == b"[13/10/24 09.12] A: \xff\xfe caf\xe9\r\n"


def test_a_list_shows_nobody(chat: Chat) -> None:
    lines = chat.lines(PROFILE)
    shown = " ".join(f"{line.who} {line.text} {line.media}" for line in lines)
    assert not [secret for secret in SECRETS if secret in shown]
    assert [line.who for line in lines][1:5] == ["Pelapor", "Pelapor", "Pelapor", "Pengirim 2"]
    assert lines[8].hint == "0812******76"
    assert (lines[3].media, lines[3].size) == ("jpg", len(PHOTO))
    assert chat.lines(POST)[4].who == "Pelapor"


def test_a_folder_inside_the_archive_is_looked_into(posko: Posko, tmp_path: Path) -> None:
    path = tmp_path / "ulang.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("Chat/_chat.txt", TEXT)
        packed.writestr("Chat/00000004-PHOTO.jpg", PHOTO)
        packed.writestr("__MACOSX/Chat/._chat.txt", b"x")
    chat = read_export(posko, path)
    assert list(chat.media) == ["00000004-PHOTO.jpg"]


def test_a_long_chat_is_read_fast_and_can_be_stopped(posko: Posko, tmp_path: Path) -> None:
    path = archive(tmp_path / "panjang.zip", long_text(6000), {})
    chat = read_export(posko, path)
    assert len(chat.messages) == 6000
    assert [m.place for m in chat.messages[:3]] == [1, 2, 3]

    def stop(done: int, total: int, text: str = "") -> None:
        assert done <= total
        raise Cancelled

    with pytest.raises(Cancelled):
        read_export(posko, path, stop)


# --- hostile files --------------------------------------------------------------------------------


def _zip(path: Path, name: str, content: bytes = b"x", **changes: int) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("_chat.txt", TEXT)
        entry = zipfile.ZipInfo(name)
        entry.compress_type = zipfile.ZIP_DEFLATED
        for key, value in changes.items():
            setattr(entry, key, value)
        packed.writestr(entry, content)
    return path


def _hostile(path: Path, kind: str) -> Path:
    if kind == "bomb":
        return _zip(path, "besar.jpg", b"\0" * (8 << 20))
    if kind in ("../luar.jpg", "/etc/luar.jpg", "a\\..\\b.jpg", "c:luar.jpg", "a/../../b.jpg"):
        return _zip(path, kind)
    if kind == "link":
        return _zip(path, "tautan.jpg", b"/etc/passwd", external_attr=0o120777 << 16)
    if kind == "twice":
        with zipfile.ZipFile(_zip(path, "A.jpg"), "a") as packed:
            packed.writestr("a.JPG", b"y")
        return path
    if kind == "two_folders":
        with zipfile.ZipFile(_zip(path, "x/A.jpg"), "a") as packed:
            packed.writestr("y/A.jpg", b"y")
        return path
    if kind == "text_bomb":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr("_chat.txt", b"a" * (8 << 20))
        return path
    raise AssertionError(kind)


@pytest.mark.parametrize(
    "kind",
    ["bomb", "text_bomb", "../luar.jpg", "/etc/luar.jpg", "a\\..\\b.jpg", "c:luar.jpg",
     "a/../../b.jpg", "link", "twice", "two_folders"],
)  # fmt: skip
def test_what_was_made_to_harm_is_refused(posko: Posko, tmp_path: Path, kind: str) -> None:
    with pytest.raises(UserError) as caught:
        read_export(posko, _hostile(tmp_path / f"{PROFILE}.zip", kind))
    assert caught.value.code == "chat_unsafe"
    assert PROFILE not in str(caught.value)
    assert sorted(p.name for p in tmp_path.iterdir()) == [f"{PROFILE}.zip", "kabupaten"]


def test_entries_that_share_bytes_are_refused(posko: Posko, tmp_path: Path) -> None:
    path = _zip(tmp_path / "a.zip", "b.jpg", b"isi")
    data = bytearray(path.read_bytes())
    second = data.rfind(b"PK\x01\x02")
    data[second + 42 : second + 46] = struct.pack("<I", 0)  # both begin at the first byte
    path.write_bytes(bytes(data))
    with pytest.raises(UserError) as caught:
        read_export(posko, path)
    assert caught.value.code in ("chat_unsafe", "chat_damaged")


def test_an_encrypted_export_says_so(posko: Posko, tmp_path: Path) -> None:
    path = _zip(tmp_path / "a.zip", "b.jpg", b"isi")
    data = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        data[at + offset] |= 1
    path.write_bytes(bytes(data))
    with pytest.raises(UserError) as caught:
        read_export(posko, path)
    assert caught.value.code == "chat_locked"


@pytest.mark.parametrize(
    ("limit", "value"), [("archive_bytes", 10), ("text_bytes", 10), ("messages", 3), ("entries", 1)]
)
def test_limits_come_from_the_resources(
    posko: Posko, tmp_path: Path, limit: str, value: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = chat_patterns.load_chat_patterns()
    small = replace(known, limits=replace(known.limits, **{limit: value}))
    for module in ("chat_source", "chat_export"):
        monkeypatch.setattr(f"posko_app.cases.{module}.load_chat_patterns", lambda: small)
    with pytest.raises(UserError) as caught:
        read_export(posko, archive(tmp_path / "a.zip"))
    assert caught.value.code == "chat_too_big"


def test_what_is_no_export_says_what_to_do(posko: Posko, tmp_path: Path) -> None:
    (tmp_path / "foto.zip").write_bytes(b"bukan zip")
    empty = tmp_path / "kosong"
    empty.mkdir()
    (tmp_path / "catatan.txt").write_text("catatan biasa")
    expected = {"foto.zip": "chat_damaged", "kosong": "chat_without_text",
                "catatan.txt": "chat_without_text", "tidak": "chat_not_found"}  # fmt: skip
    for name, code in expected.items():
        with pytest.raises(UserError) as caught:
            read_export(posko, tmp_path / name)
        assert caught.value.code == code
        assert str(caught.value) == REASONS[code]


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_a_damaged_archive_never_crashes(posko: Posko, tmp_path: Path, data: st.DataObject) -> None:
    path = archive(tmp_path / "rusak.zip")
    raw = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(bytes(raw[: data.draw(st.integers(1, len(raw)))]))
    try:
        chat = read_export(posko, path)
        keep_chosen(posko, chat, Picked((1, 4), chat.reporter()))
    except UserError:
        pass


# --- evidence -------------------------------------------------------------------------------------


def test_chosen_messages_and_media_become_evidence_with_their_times(
    posko: Posko, chat: Chat
) -> None:
    items = keep_chosen(posko, chat, Picked((2, 3, 4, 6), PROFILE))
    uid = file_report(posko, new_report(evidence=items)).uid
    rows = case_view(posko, uid).evidence
    assert [row.description for row in rows] == [
        "Petikan WhatsApp, 4 pesan, Min 13 Okt 2024 – Sen 14 Okt 2024, pengirim disamarkan",
        "Petikan WhatsApp asli, 4 pesan, Min 13 Okt 2024 – Sen 14 Okt 2024 (rahasia: memuat "
        "pengirim)",
        "Foto WhatsApp, Min 13 Okt 2024 09.14, dari Pelapor",
        "Rekaman suara WhatsApp, Sen 14 Okt 2024 07.00, dari Pelapor",
    ]
    assert [row.file_name for row in rows] == [
        "petikan-wa-2024-10-13.txt", "petikan-wa-asli-2024-10-13.txt", "00000004-PHOTO.jpg",
        "media-00006.opus",
    ]  # fmt: skip
    assert {row.source for row in rows} == {"whatsapp"}
    assert all(row.held for row in rows)
    with open_evidence(posko, rows[2].uid) as stream:
        assert stream.read() == PHOTO
    with open_evidence(posko, rows[1].uid) as stream:
        original = stream.read().decode()
    assert original == excerpt(chat, Picked((2, 3, 4, 6), PROFILE))
    assert all(
        message.raw in original for message in chat.messages if message.place in (2, 3, 4, 6)
    )
    with open_evidence(posko, rows[0].uid) as stream:
        said = stream.read().decode()
    assert chat.sha256 in said
    assert "#2 [13-10-2024 09.12] Pelapor: Selamat pagi" in said
    assert "saya Pelapor, nomor" in said
    assert PROFILE not in said


def test_later_messages_go_to_a_case_that_is_there(posko: Posko, chat: Chat) -> None:
    uid = file_report(posko, new_report()).uid
    picked = Picked((4,), PROFILE, original=False)
    first = attach(posko, uid, keep_chosen(posko, chat, picked))
    assert [item.new for item in first] == [True, True]
    again = attach(posko, uid, keep_chosen(posko, chat, picked))
    assert [item.new for item in again] == [False, False]
    assert [e.label for e in case_view(posko, uid).evidence] == ["B-01", "B-02", "B-03"]
    with posko.store.read() as session:
        assert len(session.scalars(select(VaultFile.sha256)).all()) == 2


def test_nothing_or_too_much_chosen_is_said(
    posko: Posko, chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(UserError, match="Belum ada pesan"):
        keep_chosen(posko, chat, Picked((), PROFILE))
    known = chat_patterns.load_chat_patterns()
    for change, code in (
        ({"chosen": 1}, "too_many_chosen"),
        ({"chosen_bytes": 9}, "too_much_chosen"),
    ):
        small = replace(known, limits=replace(known.limits, **change))
        monkeypatch.setattr("posko_app.cases.chat_evidence.load_chat_patterns", lambda s=small: s)
        with pytest.raises(UserError) as caught:
            keep_chosen(posko, chat, Picked(ALL, PROFILE))
        assert caught.value.code == code


def test_an_export_that_is_gone_stores_nothing(posko: Posko, chat: Chat) -> None:
    chat.path.unlink()
    with pytest.raises(UserError, match="tidak ditemukan"):
        keep_chosen(posko, chat, Picked((4,), PROFILE))


# --- privacy --------------------------------------------------------------------------------------


def test_numbers_and_names_of_a_chat_stand_nowhere_in_the_open(
    posko: Posko, chat: Chat, tmp_path: Path
) -> None:
    """Open tables, search, journal, draft titles, file names and the workbook that goes out."""
    picked = Picked(tuple(range(1, 10)), PROFILE)
    told = split_text(posko, excerpt(chat, picked), reporter=PROFILE)
    drafts.save_draft(posko, "report", "Laporan baru", {"fields": {"reporter.name": PROFILE}})
    tip = new_report(
        kind="initial_info",
        channel="whatsapp",
        title="Lurah membagikan kaus",
        narrative=told.narrative(),
        reporter=PersonInput(name=PROFILE, phone=NUMBER),
        witnesses=(),
        evidence=keep_chosen(posko, chat, picked),
    )
    filed = file_report(posko, tip)
    assert reveal(posko, filed.uid, "memeriksa hasil").name == PROFILE
    with posko.store.read() as session:
        names = [table.name for table in Base.metadata.sorted_tables]
        found = session.connection().exec_driver_sql("select name from sqlite_master").all()
        tables = {row[0] for row in found} | set(names)
        for name in tables:
            try:
                rows = session.connection().exec_driver_sql(f'select * from "{name}"').all()
            except Exception:  # noqa: S112 - an index, or a shadow table without rows
                continue
            text = " ".join(str(value) for row in rows for value in row).casefold()
            for secret in SECRETS:
                assert secret.casefold() not in text, name
    for path in tmp_path.rglob("*"):
        if path != chat.path:
            assert not any(secret.casefold() in path.name.casefold() for secret in SECRETS)
    (tmp_path / "keluar").mkdir()
    made = export(posko, "62", tmp_path / "keluar")
    for file in made.files:
        with zipfile.ZipFile(file) as book:
            content = b" ".join(book.read(name) for name in book.namelist()).decode(
                "utf-8", "replace"
            )
        assert not [secret for secret in SECRETS if secret in content]


def test_people_named_in_messages_are_hidden_in_the_excerpt_too(
    posko: Posko, tmp_path: Path
) -> None:
    file = tmp_path / "_chat.txt"
    file.write_text(
        "[14/10/24 09.12] Mama Umpama: Nama: Siti Perumpamaan\nNIK: 6210015207880001\n"
        "Saksi: Ani Misalnya\n[14/10/24 09.15] Tetangga Umpama: Saksi: Dewi Tamsil, ya Siti "
        "Perumpamaan?\n",
        "utf-8",
    )
    chat = read_export(posko, file)
    first = keep_chosen(posko, chat, Picked((1, 2), "Mama Umpama", original=False))[0]
    case = file_report(posko, new_report(evidence=())).uid
    (attached,) = attach(posko, case, [first])
    with open_evidence(posko, attached.uid) as stream:
        said = stream.read().decode()
    for name in ("Siti", "Perumpamaan", "6210015207880001", "Ani", "Dewi", "Umpama"):
        assert name not in said, name
