"""Device keys and ids, fingerprints in words, search tokens and identities that travel."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posko_app.paths import resource
from posko_app.security import sign
from posko_app.security.cipher import new_key
from posko_app.security.tokens import identity_tokens, national_phone
from posko_app.security.uid import new_uid

# --- signatures ---------------------------------------------------------------------------------


def test_a_signature_holds_for_its_message_and_key_only() -> None:
    private, public = sign.new_device_key()
    assert len(private) == len(public) == 32
    assert sign.public_key(private) == public
    signature = sign.sign(private, b"isi")
    assert len(signature) == 64
    assert sign.verify(public, b"isi", signature)
    assert not sign.verify(public, b"isi ", signature)
    assert not sign.verify(sign.new_device_key()[1], b"isi", signature)
    for place in range(64):
        bad = bytearray(signature)
        bad[place] ^= 1
        assert not sign.verify(public, b"isi", bytes(bad))


@pytest.mark.parametrize("public", [b"", b"x", bytes(32), b"\xff" * 32, bytes(33)])
def test_what_is_no_key_verifies_nothing(public: bytes) -> None:
    private, _ = sign.new_device_key()
    assert not sign.verify(public, b"isi", sign.sign(private, b"isi"))
    assert not sign.verify(public, b"isi", b"")


def test_the_signature_is_plain_ed25519() -> None:
    # RFC 8032, 7.1, test 2
    private = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
    public = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
    assert sign.public_key(private) == public
    assert sign.sign(private, b"\x72").hex() == (
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    )


def test_a_device_id_is_eight_clear_characters() -> None:
    ids = {sign.new_device_id() for _ in range(500)}
    assert len(ids) == 500
    assert all(re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{8}", one) for one in ids)
    assert {char for one in ids for char in one} == set(sign.CROCKFORD)


# --- words --------------------------------------------------------------------------------------


def near(one: str, other: str) -> bool:
    """Whether two words differ by one letter changed, added or left out."""
    if len(one) == len(other):
        return sum(a != b for a, b in zip(one, other, strict=True)) == 1
    short, long = sorted((one, other), key=len)
    return any(long[:n] + long[n + 1 :] == short for n in range(len(long)))


def test_the_words_are_plain_and_cannot_be_misheard_by_one_letter() -> None:
    words = resource("words.txt").read_text("utf-8").split()
    assert len(words) == len(set(words)) == 1024
    assert words == sorted(words)
    assert all(re.fullmatch(r"[a-z]{3,9}", word) for word in words)
    alike: dict[str, set[str]] = {}
    for word in words:  # words one letter apart share one of these shapes
        for n in range(len(word)):
            alike.setdefault(word[:n] + "?" + word[n + 1 :], set()).add(word)
            alike.setdefault(word[:n] + word[n + 1 :], set()).add(word)
        alike.setdefault(word, set()).add(word)
    pairs = [(a, b) for group in alike.values() for a in group for b in group if a < b]
    assert [pair for pair in pairs if near(*pair)] == []


def test_a_fingerprint_is_six_words_that_never_change() -> None:
    assert sign.fingerprint_words(bytes(32)) == FINGERPRINT_OF_ZEROS
    assert sign.fingerprint_words(b"\x01" + bytes(31)) != FINGERPRINT_OF_ZEROS
    seen = {sign.fingerprint_words(sign.new_device_key()[1]) for _ in range(100)}
    assert len(seen) == 100
    assert {len(words) for words in seen} == {6}


FINGERPRINT_OF_ZEROS = ("tikung", "ragam", "ekonomi", "saung", "detik", "saring")

# --- search tokens ------------------------------------------------------------------------------

KEY = bytes(range(32))


def test_names_match_however_they_are_written() -> None:
    one = set(identity_tokens(KEY, name="Siti  NUR'AINI, S.Pd."))
    assert one == set(identity_tokens(KEY, name="s pd siti nuraini"))
    assert set(identity_tokens(KEY, name="Siti")) < one
    assert not set(identity_tokens(KEY, name="Sita")) & one


def test_numbers_match_however_they_are_grouped() -> None:
    stored = set(
        identity_tokens(KEY, name="Budi", nik="6210 0112 0388 0002", phone="+62 812-3456-7890")
    )
    for search in ({"nik": "6210011203880002"}, {"phone": "081234567890"}, {"name": "BUDI"}):
        assert set(identity_tokens(KEY, **search)) <= stored
    assert len(stored) == 3


def test_a_number_is_not_mistaken_for_another_kind() -> None:
    kinds = [identity_tokens(KEY, **{kind: "0812"}) for kind in ("name", "nik", "phone")]
    assert len({token for tokens in kinds for token in tokens}) == 3


def test_tokens_are_short_repeatable_and_useless_without_the_key() -> None:
    tokens = identity_tokens(KEY, name="Budi Budi")
    assert tokens == identity_tokens(KEY, name="budi")
    assert all(re.fullmatch(r"[\w-]{16}", token) for token in tokens)
    assert tokens == TOKEN_OF_BUDI
    assert not set(tokens) & set(identity_tokens(new_key(), name="budi"))
    assert identity_tokens(KEY) == identity_tokens(KEY, name=" .", nik="-", phone=" ") == ()


@given(st.text(), st.text(), st.text())
def test_any_text_gives_tokens(name: str, nik: str, phone: str) -> None:
    tokens = identity_tokens(KEY, name=name, nik=nik, phone=phone)
    assert len(tokens) == len(set(tokens))


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("0812-3456", "08123456"),
        ("+62 812 3456", "08123456"),
        ("62812 3456", "08123456"),
        ("+62 0812 3456", "08123456"),
        ("812 3456", "08123456"),
        ("0536 3221", "05363221"),
        ("", ""),
    ],
)
def test_phone_numbers_as_used_in_the_country(typed: str, expected: str) -> None:
    assert national_phone(typed) == expected


TOKEN_OF_BUDI = ("s2Cgisv_WCaaeqcd",)

# --- identities that travel ---------------------------------------------------------------------


def test_a_uid_is_a_uuid_of_version_7_and_they_sort_as_made() -> None:
    made = [new_uid() for _ in range(20_000)]
    assert made == sorted(set(made))
    for text in made[::500]:
        parsed = uuid.UUID(text)
        assert (parsed.version, parsed.variant, str(parsed)) == (7, uuid.RFC_4122, text)
        assert text == text.lower()
        assert len(text) == 36


def test_a_uid_tells_about_when() -> None:
    code = "import time; from posko_app.security.uid import new_uid; print(new_uid(), time.time())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    text, now = done.stdout.split()
    assert abs(int(text.replace("-", "")[:12], 16) - float(now) * 1000) < 1000


def test_uids_of_several_threads_never_meet() -> None:
    made: list[list[str]] = [[] for _ in range(4)]
    threads = [
        threading.Thread(target=lambda mine=mine: mine.extend(new_uid() for _ in range(3000)))
        for mine in made
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({uid for mine in made for uid in mine}) == 12_000
    assert all(mine == sorted(mine) for mine in made)
