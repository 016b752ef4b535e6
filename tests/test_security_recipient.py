"""Sealing for one recipient: only its key opens, nothing half opened stays behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from posko_app.security import recipient


def test_only_the_named_recipients_open_what_was_sealed() -> None:
    mine, mine_public = recipient.new_recipient()
    theirs, theirs_public = recipient.new_recipient()
    other, _ = recipient.new_recipient()
    sealed = recipient.seal(b"Rahasia", [mine_public, theirs_public])
    assert recipient.is_sealed(sealed)
    assert b"Rahasia" not in sealed
    assert recipient.unseal(sealed, mine) == recipient.unseal(sealed, theirs) == b"Rahasia"
    with pytest.raises(recipient.NotForUs):
        recipient.unseal(sealed, other)


def test_every_damage_is_found_and_leaves_no_file(tmp_path: Path) -> None:
    private, public = recipient.new_recipient()
    source, sealed, opened = (tmp_path / name for name in ("asli", "terkunci", "terbuka"))
    source.write_bytes(bytes(range(256)) * 1024)
    recipient.seal_file(source, sealed, [public])
    whole = sealed.read_bytes()
    for damaged in (
        *(whole[:size] for size in (0, 10, len(whole) // 2, len(whole) - 1)),
        *(
            whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]
            for at in (150, 9000, len(whole) - 1)
        ),
    ):
        sealed.write_bytes(damaged)
        with pytest.raises(recipient.NotForUs):
            recipient.unseal_file(sealed, opened, private)
        assert not opened.exists()
    sealed.write_bytes(whole)
    recipient.unseal_file(sealed, opened, private)
    assert opened.read_bytes() == source.read_bytes()


def test_no_file_is_written_over(tmp_path: Path) -> None:
    _, public = recipient.new_recipient()
    source, target = tmp_path / "asli", tmp_path / "ada"
    source.write_bytes(b"baru")
    target.write_bytes(b"lama")
    with pytest.raises(FileNotFoundError):
        recipient.seal_file(source, tmp_path / "tidak-ada" / "berkas", [public])
    with pytest.raises(FileExistsError):
        recipient.seal_file(source, target, [public])
    assert target.read_bytes() == b"lama"


@pytest.mark.parametrize("keys", [[], ["age1"], ["bukan kunci"]])
def test_nothing_is_sealed_for_nobody(keys: list[str]) -> None:
    assert not any(recipient.is_recipient(key) for key in keys)
    with pytest.raises(ValueError, match=r"."):
        recipient.seal(b"", keys)


def test_an_owner_opens_with_any_of_several_keys(tmp_path: Path) -> None:
    old, old_public = recipient.new_recipient()
    new, new_public = recipient.new_recipient()
    for public in (old_public, new_public):
        sealed = recipient.seal(b"Rahasia", [public])
        assert recipient.unseal(sealed, f"{new}\n{old}") == b"Rahasia"
        (tmp_path / public).write_bytes(sealed)
        recipient.unseal_file(tmp_path / public, tmp_path / f"{public}.buka", f"{new}\n{old}")
    with pytest.raises(recipient.NotForUs) as refused:
        recipient.unseal(recipient.seal(b"Rahasia", [old_public]), "")
    assert not refused.value.damaged


def test_a_stranger_and_damage_are_told_apart(tmp_path: Path) -> None:
    private, public = recipient.new_recipient()
    other, _ = recipient.new_recipient()
    sealed = recipient.seal(b"Rahasia" * 9000, [public])
    for data, key, damaged in ((sealed, other, False), (sealed[:-3], private, True)):
        (tmp_path / "x").write_bytes(data)
        with pytest.raises(recipient.NotForUs) as refused:
            recipient.unseal(data, key)
        assert refused.value.damaged == damaged
        with pytest.raises(recipient.NotForUs) as refused:
            recipient.unseal_file(tmp_path / "x", tmp_path / "y", key)
        assert refused.value.damaged == damaged


def test_an_endless_list_of_keys_is_refused_before_it_is_read(tmp_path: Path) -> None:
    """The library looks at the whole list again for each piece that it reads of it."""
    private, public = recipient.new_recipient()
    sealed = recipient.seal(b"Rahasia", [public])
    stanza = sealed.split(b"\n")[1:3]
    long = recipient.MARK + b"\n".join(stanza * 300_000) + sealed[len(recipient.MARK) :]
    (tmp_path / "x").write_bytes(long)
    with pytest.raises(recipient.NotForUs):
        recipient.unseal(long, private)
    with pytest.raises(recipient.NotForUs):
        recipient.unseal_file(tmp_path / "x", tmp_path / "y", private)
    many = [recipient.new_recipient()[1] for _ in range(300)]
    assert recipient.unseal(recipient.seal(b"Rahasia", [*many, public]), private) == b"Rahasia"
