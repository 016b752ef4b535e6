"""WhatsApp text taken apart: every format, nothing lost, nobody's number or name in the open."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posko_app.app import Posko
from posko_app.cases.chat import Message, read_chat, senders, spoken
from posko_app.cases.chat_fields import Proposal, split, split_text
from posko_app.cases.chat_finds import Find, Scene, finds
from posko_app.cases.chat_masks import Disguise
from posko_app.cases.report import PersonInput
from posko_app.rules.regions import load_regions
from tests.factory import TODAY

NUMBER = "+62 812-5555-0176"
NNBSP, LRM = "\u202f", "\u200e"
AT = datetime.fromisoformat("2024-10-14T09:12")
SCENE = Scene(TODAY, load_regions(), "62.10")


def rebuilt(messages: tuple[Message, ...]) -> str:
    return "".join(message.raw for message in messages)


# --- heads ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "at"),
    [
        ("[14/10/24 09.12] ", AT),
        ("[14/10/24, 09.12.33] ", AT.replace(second=33)),
        (f"{LRM}[14/10/24{NNBSP}09.12.33] ", AT.replace(second=33)),
        ("[14/10/2024, 09:12:33] ", AT.replace(second=33)),
        ("[09.12, 14/10/2024] ", AT),
        ("[09:12, 14/10/2024] ", AT),
        (f"[9:12{NNBSP}AM, 10/14/2024] ", AT),
        ("[9:12 PM, 10/14/2024] ", AT.replace(hour=21)),
        ("[14/10 09.12] ", AT),
        ("14/10/24 09.12 - ", AT),
        ("14/10/2024 09.12 - ", AT),
        ("14/10/2024, 09:12 - ", AT),
        ("14-10-2024 09.12 - ", AT),
        ("14.10.24, 09:12 - ", AT),
        (f"10/14/24, 9:12{NNBSP}AM - ", AT),
        ("10/14/24, 12:05 AM - ", AT.replace(hour=0, minute=5)),
        ("10/14/24, 12:05 pm - ", AT.replace(hour=12, minute=5)),
        ("2024-10-14, 09:12 - ", AT),
        ("[2024-10-14, 9:12:33 AM] ", AT.replace(second=33)),
        ("[31/12 23.59] ", datetime.fromisoformat("2023-12-31T23:59")),
    ],
)
def test_the_heads_of_all_phones(head: str, at: datetime) -> None:
    text = f"{head}{NUMBER}: Selamat pagi\nbaris kedua\n{head}Contoh: ya"
    first, second = read_chat(text, TODAY)
    assert (first.at, first.sender) == (at, NUMBER)
    assert first.text == "Selamat pagi\nbaris kedua\n"
    assert (second.sender, second.text) == ("Contoh", "ya")
    assert rebuilt((first, second)) == text


def test_day_and_month_are_ordered_as_makes_sense_of_the_whole_chat() -> None:
    american = "10/3/24, 9:00 AM - A: x\n10/4/24, 9:00 AM - A: y\n10/14/24, 9:00 AM - A: z"
    days = [m.at.date() for m in read_chat(american, TODAY) if m.at]
    assert days == [date(2024, 10, 3), date(2024, 10, 4), date(2024, 10, 14)]
    ours = "[3/10/24 09.00] A: x\n[4/10/24 09.00] A: y"
    assert [m.at.date() for m in read_chat(ours, TODAY) if m.at] == [
        date(2024, 10, 3), date(2024, 10, 4)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("said", "state", "media"),
    [
        ("<Media tidak disertakan>", "no_media", ""),
        ("<Media omitted>", "no_media", ""),
        (f"{LRM}gambar tidak disertakan", "no_media", ""),
        (f"{LRM}image omitted", "no_media", ""),
        ("Pesan ini telah dihapus", "deleted", ""),
        (f"{LRM}This message was deleted.", "deleted", ""),
        ("Anda menghapus pesan ini", "deleted", ""),
        (f"{LRM}IMG-20241014-WA0001.jpg (file terlampir)", "", "IMG-20241014-WA0001.jpg"),
        ("IMG-20241014-WA0001.jpg (file attached)\nini fotonya", "", "IMG-20241014-WA0001.jpg"),
        (f"{LRM}<terlampir: 00000012-PHOTO-2024.jpg>", "", "00000012-PHOTO-2024.jpg"),
        (f"{LRM}<attached: 00000013-AUDIO.opus>", "", "00000013-AUDIO.opus"),
        (f"{LRM}Pesan dan panggilan terenkripsi secara end-to-end.", "system", ""),
        ("biasa saja", "", ""),
    ],
)
def test_what_stands_for_media_deletions_and_notices(said: str, state: str, media: str) -> None:
    (message,) = read_chat(f"[14/10/24 09.12] Contoh: {said}", TODAY)
    assert (message.state, message.media) == (state, media)


@pytest.mark.parametrize(
    "line",
    [
        "Pesan dan panggilan dienkripsi secara end-to-end. Ketuk untuk info selengkapnya.",
        "Messages and calls are end-to-end encrypted. Only people in this chat can read them.",
        "Contoh Satu menambahkan Contoh Dua",
        "Contoh Satu keluar",
        'Contoh Satu mengubah subjek dari "Aduan: lama" menjadi "Aduan: baru"',
        "Kode keamanan Anda dengan Contoh Satu berubah.",
    ],
)
def test_notices_of_whatsapp_are_nobodys_words(line: str) -> None:
    (message,) = read_chat(f"14/10/24 09.12 - {line}", TODAY)
    assert (message.sender, message.state) == ("", "system")


def test_marks_of_forwarding_and_editing_are_not_read_out() -> None:
    (message,) = read_chat("[14/10/24 09.12] Contoh: Diteruskan\nisi <Pesan ini diedit>", TODAY)
    assert spoken(message).strip() == "isi"
    (only,) = read_chat("Diteruskan", TODAY)
    assert spoken(only) == "Diteruskan"


def test_profile_names_come_without_their_tilde() -> None:
    messages = read_chat(f"[14/10/24 09.12] ~{NNBSP}Contoh Profil: a\n[14/10/24 09.13] B: b", TODAY)
    assert senders(messages) == ("Contoh Profil", "B")


# --- laws -----------------------------------------------------------------------------------------

PIECES = st.sampled_from(
    ["[14/10/24 09.12] ", "14/10/24 09.12 - ", "[99/99/99 99.99] ", "Contoh: ", NUMBER, ": ", "\n",
     "\r\n", "\r", "\u2028", LRM, NNBSP, "<Media tidak disertakan>", "Nama: ", "NIK: ", "kemarin",
     "jam 9", "di Balai Desa Contoh", "a.jpg (file terlampir)", "٣/٤", "\0", "\udc80", "x" * 300]
)  # fmt: skip
CHATS = st.lists(st.one_of(PIECES, st.text(max_size=12)), max_size=30).map("".join)


@settings(max_examples=300, deadline=None)
@given(CHATS)
def test_no_character_is_ever_lost(text: str) -> None:
    assert rebuilt(read_chat(text, TODAY)) == text


@settings(max_examples=200, deadline=None)
@given(CHATS)
def test_every_text_can_be_taken_apart(text: str) -> None:
    told = split(read_chat(text, TODAY), SCENE)
    told.narrative()
    for proposal in told.proposals:
        assert proposal.key
        assert proposal.where
        proposal.masked()


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(alphabet="abc xyz", min_size=1).map(str.strip).filter(bool)))
def test_the_story_has_every_line_that_is_no_field(lines: list[str]) -> None:
    text = "\n".join(["Nama: Contoh", *lines, "NIP: 1"])
    told = split(read_chat(text, TODAY), SCENE)
    assert told.narrative() == "\n".join(lines)


# --- fields ---------------------------------------------------------------------------------------

FORM = f"""[14/10/24 09.12] {NUMBER}: Selamat pagi, saya mau melapor
[14/10/24 09.13] Posko Contoh: Silakan isi:
Nama:
Alamat:
[14/10/24 09.20] {NUMBER}: *Nama*: Contoh Pelapor
NIK : 6210015207880001
Alamat: RT 03 Desa Contoh
Terlapor: Contoh Terlapor, S.Pd.
NIP 198604122010011012
Jabatan: Guru
Tanggal kejadian: Minggu, 13 Oktober 2024 pukul 20.00
Tempat: SDN 3 Contoh
Kronologi: Ia membagikan stiker.
Saya Contoh Pelapor melihat sendiri, hubungi 081255550176.
Saksi: Contoh Saksi
Bukti: foto stiker"""


def by_key(proposals: tuple[Proposal, ...]) -> dict[str, Proposal]:
    found: dict[str, Proposal] = {}
    for proposal in proposals:
        found.setdefault(proposal.key, proposal)
    return found


def test_a_form_sent_as_chat_is_proposed_field_by_field(posko: Posko) -> None:
    told = split_text(posko, FORM)
    found = {key: p.value for key, p in by_key(told.proposals).items()}
    assert found == {
        "reporter.name": "Contoh Pelapor",
        "reporter.nik": "6210015207880001",
        "reporter.address": "RT 03 Desa Contoh",
        "reporter.phone": "0812 5555 0176",
        "reported.0.name": "Contoh Terlapor, S.Pd.",
        "reported.0.nip": "19860412 201001 1 012",
        "reported.0.position_title": "Guru",
        "event_on": "13-10-2024",
        "event_time": "20.00",
        "event_place": "SDN 3 Contoh",
        "witnesses.0.name": "Contoh Saksi",
        "evidence.0.description": "foto stiker",
        "filed_on": "14-10-2024",
        "filed_time": "09.12",
    }
    assert by_key(told.proposals)["reporter.nik"].where == "Baris 6: sesudah labelnya"
    assert by_key(told.proposals)["reporter.phone"].where == "Nomor pengirim"
    assert not by_key(told.proposals)["reported.0.nip"].sure
    story = told.narrative()
    assert "Ia membagikan stiker." in story
    assert "Saya Pelapor melihat sendiri, hubungi Pelapor." in story
    for secret in ("Contoh Pelapor", "0176", "6210015207880001", "Contoh Saksi", "RT 03"):
        assert secret not in story


def test_a_label_that_was_not_taken_stays_in_the_story_unless_it_is_an_identity() -> None:
    told = split(read_chat("Nama: Contoh Pelapor\nJabatan: Guru\nBegini.", TODAY), SCENE)
    assert told.narrative() == "Begini."
    assert told.narrative(taken=()) == "Jabatan: Guru\nBegini."


@pytest.mark.parametrize(
    ("line", "key", "value"),
    [
        ("kemarin lurah mengajak warga", "event_on", "14-10-2024"),
        ("pada 3 Oktober 2024 ada acara", "event_on", "03-10-2024"),
        ("tgl 3/10/2024 ada acara", "event_on", "03-10-2024"),
        ("jam 8 malam mereka datang", "event_time", "20.00"),
        ("pukul 14.30 WIB", "event_time", "14.30"),
        ("bertempat di Balai Desa Contoh pada sore hari", "event_place", "Balai Desa Contoh"),
        ("ada di desa Sepang Kota", "region_code", "62.10.01"),
        ("di kecamatan Kurun", "region_code", "62.10.02"),
        ("orang Tewah semua", "region_code", "62.10.03"),
        ("NIK saya 6210015207880001", "reporter.nik", "621001 520788 0001"),
        ("nipnya 198604122010011012 ya", "reported.0.nip", "19860412 201001 1 012"),
        ("hubungi 0812-5555-0176", "reporter.phone", "0812 5555 0176"),
        ("lihat https://contoh.example/a?b=1.", "evidence.0.description",
         "Tautan https://contoh.example/a?b=1"),
        ("seorang camat ikut kampanye", "reported.0.category", "camat"),
        ("Kepala Desa Teladan Jaya membagikan kaus", "reported.0.position_title",
         "Kepala desa Teladan Jaya"),
        ("guru bernama Bambang Contoh membagikan", "reported.0.name", "Bambang Contoh"),
    ],
)  # fmt: skip
def test_finds_in_plain_sentences(line: str, key: str, value: str) -> None:
    found = {find.key: find.value for find in finds(line, SCENE)}
    assert found.get(key) == value


@pytest.mark.parametrize("line", ["tanggal 31/02/2024", "nomor 12345", "jam karet", "tahun 2024"])
def test_nothing_is_made_up(line: str) -> None:
    assert list(finds(line, SCENE)) == []


def test_yesterday_is_the_day_before_the_message(posko: Posko) -> None:
    told = split_text(posko, f"[10/10/24 09.12] {NUMBER}: kemarin ada acara")
    assert by_key(told.proposals)["event_on"].value == "09-10-2024"
    assert "0176" not in told.narrative()


def test_several_links_are_several_items() -> None:
    text = "https://contoh.example/1 dan https://contoh.example/2"
    keys = [p.key for p in split(read_chat(text, TODAY), SCENE).proposals]
    assert keys == ["evidence.0.description", "evidence.1.description"]


def test_fields_in_the_open_hold_no_identity() -> None:
    text = (f"[14/10/24 09.12] {NUMBER}: lihat https://wa.me/6281255550176\n"
            "Nama: Contoh Pelapor\nTempat: rumah Contoh Pelapor")  # fmt: skip
    found = {p.key: p.value for p in split(read_chat(text, TODAY), SCENE).proposals}
    assert found["evidence.0.description"] == "Tautan https://wa.me/Pelapor"
    assert found["event_place"] == "rumah Pelapor"


def test_a_subdistrict_asks_for_the_village() -> None:
    village = load_regions().children("62.10.02")[0]
    scene = Scene(TODAY, load_regions(), "62.10.02")
    (found,) = [f for f in finds(f"di desa {village.name}", scene) if f.key == "region_code"]
    assert isinstance(found, Find)
    assert found.value == village.code


# --- disguise -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["0812 5555 0176", "+6281255550176", "62 812-5555-0176", "@6281255550176", "812.5555.0176"],
)
def test_a_number_is_hidden_however_it_is_written(text: str) -> None:
    assert "0176" not in Disguise((NUMBER,), NUMBER).text(f"hubungi {text} ya")


def test_names_are_hidden_and_labelled() -> None:
    person = PersonInput(name="Hj. Contoh Saksi, S.E.", nik="6210015207880001", email="a@b.example")
    hidden = Disguise(("~ Contoh Profil", "Orang Lain"), "Orang Lain", [("Saksi 1", person)])
    said = hidden.text("contoh  profil, ORANG LAIN, contoh saksi, 621001 520788 0001, A@B.example")
    assert said == "Pengirim 2, Pelapor, Saksi 1, Saksi 1, Saksi 1"
    assert hidden.names("Orang lain datang")
    assert not hidden.names("Orang lainnya datang")
    assert hidden.label("Orang Lain") == "Pelapor"
    assert hidden.hint("Contoh Profil Panjang") == "C. P. P."
    assert hidden.hint(NUMBER) == "0812******76"
    assert Disguise(()).text(f"a{LRM}b") == "ab"


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40), st.text(min_size=3, max_size=20).filter(lambda t: t.strip(" @~.")))
def test_a_name_that_was_a_sender_never_shows(text: str, name: str) -> None:
    (message, *_) = read_chat(f"[14/10/24 09.12] {name}: {text}", TODAY)
    sender = message.sender
    if len(sender.strip(" @~")) < 3 or not sender.isascii():
        return
    hidden = Disguise((sender,), sender)
    assert hidden.text(f"kata {sender} begitu") != f"kata {sender} begitu"


def test_every_witness_has_a_place_of_its_own_and_none_stays_in_the_story() -> None:
    text = (
        "Saksi 1: Ani Misalnya\nAlamat: Jalan Contoh 1\nSaksi 2: Dewi Umpama\n"
        "Saksi: Tamsil Percontohan\nKronologi:\nAni Misalnya dan Dewi Umpama melihatnya."
    )
    told = split(read_chat(text, TODAY), Scene(TODAY))
    found = {p.key: p.value for p in told.proposals}
    assert [found[f"witnesses.{n}.name"] for n in range(3)] == [
        "Ani Misalnya",
        "Dewi Umpama",
        "Tamsil Percontohan",
    ]
    assert found["witnesses.0.address"] == "Jalan Contoh 1"
    assert told.narrative() == "Saksi 1 dan Saksi 2 melihatnya."


@pytest.mark.parametrize(
    ("said", "hour"),
    [
        ("jam 11 siang", "11.00"),
        ("jam 1 siang", "13.00"),
        ("jam 12 siang", "12.00"),
        ("pukul 5 sore", "17.00"),
        ("jam 7 malam", "19.00"),
        ("jam 12 malam", "00.00"),
        ("jam 1 malam", "01.00"),
        ("jam 9 pagi", "09.00"),
        ("jam 19 malam", "19.00"),
    ],
)
def test_words_behind_an_hour_mean_what_people_mean(said: str, hour: str) -> None:
    found = {f.key: f.value for f in finds(f"Kejadian {said} di sana", Scene(TODAY))}
    assert found["event_time"] == hour


def test_a_chat_is_of_the_past() -> None:
    (message,) = read_chat("[10/12/24, 9:30 AM] Contoh: Halo", TODAY)
    assert message.at == datetime.fromisoformat("2024-10-12T09:30")


def test_a_big_group_is_disguised_as_a_small_one() -> None:
    people = [f"Anggota{n} Contoh{n}" for n in range(250)]
    hidden = Disguise(people, people[0])
    assert hidden.text("Kata anggota0  contoh0, Anggota249 Contoh249 hadir") == (
        "Kata Pelapor, Pengirim 250 hadir"
    )
    assert hidden.text("Tidak ada siapa-siapa di sini") == "Tidak ada siapa-siapa di sini"
