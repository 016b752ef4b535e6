"""Ready replies: filled from the office and the case, never with an identity, noted when copied."""

from __future__ import annotations

from pathlib import Path

import pytest

from posko_app.app import Posko
from posko_app.cases.case_view import case_view
from posko_app.cases.chat_check import check_resources
from posko_app.cases.chat_patterns import load_chat_patterns
from posko_app.cases.intake import file_report
from posko_app.cases.replies import load_replies, note_reply, ready_replies
from posko_app.errors import UserError
from tests.factory import REPORTER, WITNESS, new_report


def test_replies_before_there_is_a_case(posko: Posko) -> None:
    found = {reply.key: reply.text for reply in ready_replies(posko)}
    assert {"ask_data", "formal", "outside", "thanks"} == set(found)
    assert "Bawaslu Kabupaten Gunung Mas" in found["thanks"]
    assert "Senin–Kamis 08.00–16.00, Jumat 08.00–16.30 WIB" in found["formal"]
    assert not [text for text in found.values() if "{" in text]


def test_replies_of_a_case_tell_its_number_and_what_is_missing(posko: Posko) -> None:
    filed = file_report(posko, new_report(event_place="", narrative=""), accept_incomplete=True)
    found = {reply.key: reply.text for reply in ready_replies(posko, filed.uid)}
    assert filed.number in found["number"]
    assert "15 Oktober 2024" in found["number"]
    assert found["ask_missing"].count("\n- ") == 2
    assert "closed" not in found


def test_no_reply_tells_who_somebody_is(posko: Posko) -> None:
    filed = file_report(posko, new_report(narrative=""), accept_incomplete=True)
    said = " ".join(reply.text for reply in ready_replies(posko, filed.uid))
    for secret in (REPORTER.name, REPORTER.address, "0176", WITNESS.name):
        assert secret not in said


def test_copying_can_be_noted_in_the_timeline(posko: Posko) -> None:
    filed = file_report(posko, new_report())
    note_reply(posko, filed.uid, "ask_data")
    assert case_view(posko, filed.uid).events[0].note == (
        "Balasan WhatsApp disalin: Minta data yang kurang."
    )
    with pytest.raises(UserError, match="tidak ada lagi"):
        note_reply(posko, filed.uid, "tidak ada")


def test_a_mistake_in_the_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "replies.toml"
    path.write_text('[[reply]]\nkey = "a"\ntitle = "b"\ntext = "{reporter}"\n')
    with pytest.raises(ValueError, match=r"replies\.toml: a names reporter"):
        load_replies(path)


def test_the_files_for_chats_are_sound(tmp_path: Path) -> None:
    assert list(check_resources()) == []
    path = tmp_path / "chat.toml"
    path.write_text("[limits]\narchive_bytes = 1\n")
    with pytest.raises(ValueError, match=r"chat\.toml: "):
        load_chat_patterns(path)
