"""Keys: nothing is trusted silently, changed keys stop, rosters vouch, revoking is final."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from posko_app.app import Posko
from posko_app.cases.intake import file_report
from posko_app.data.succession import succeed
from posko_app.data.tables import AuditEntry, Office, Peer, TrustedKey
from posko_app.errors import InvalidInput, UserError
from posko_app.exchange.apply import FileOutcome, import_file
from posko_app.exchange.export import export
from posko_app.exchange.ledger import channel
from posko_app.exchange.plan import preview
from posko_app.exchange.roster import ROOM, roster_for, take_roster
from posko_app.exchange.trust import (
    KeyCard,
    SecondPerson,
    confirm_key,
    look_at_key,
    recipients_of,
    replace_key,
    retire,
    same_words,
)
from posko_app.office.accounts import add_account
from posko_app.security.certificates import (
    GOOD,
    REVOKED,
    Certificate,
    is_signed_by,
    make_certificate,
    may_vouch,
    read_certificate,
)
from posko_app.security.recipient import new_recipient
from posko_app.security.sign import fingerprint_words, new_device_id, new_device_key
from tests.factory import new_report

OpenOffice = Callable[..., Posko]
SECOND = "kata sandi orang kedua"


def sent(posko: Posko, to: str, folder: Path) -> Path:
    (path,) = export(posko, to, folder).files
    return path


def take(posko: Posko, path: Path) -> FileOutcome:
    return import_file(posko, path, apply=True)


def trusted(posko: Posko) -> dict[str, TrustedKey]:
    with posko.store.read() as session:
        return {row.device_id: row for row in session.scalars(select(TrustedKey))}


def renew_key(posko: Posko, *, vouch: bool = False) -> tuple[str, bytes]:
    """Give an office a new device, as after a new installation; its former id and key."""
    with posko.write() as session:
        own = session.scalars(select(Office)).one()
        former = own.device_id, own.device_private, own.device_public
        own.device_id = new_device_id()
        own.device_private, own.device_public = new_device_key()
        session.flush()
        if vouch:
            succeed(session, *former)
    posko.reload_office()
    return former[0], former[1]


def meet(posko: Posko, path: Path) -> KeyCard:
    """Confirm the key of a file by its right words."""
    card = look_at_key(posko, path)
    confirm_key(posko, card, " ".join(card.words))
    return card


# --- first contact --------------------------------------------------------------------------------


def test_nothing_is_applied_before_somebody_compared_the_words(
    office: OpenOffice, tmp_path: Path
) -> None:
    kec, kab = office("kecamatan", stranger=True), office("kabupaten", stranger=True)
    file_report(kec, new_report())
    path = sent(kec, "62.10", tmp_path)
    waits = take(kab, path)
    assert (waits.verdict, waits.code, waits.applied) == ("accepted", "unknown_key", False)
    card = look_at_key(kab, path)
    assert card.verdict == "first"
    assert " ".join(card.words) in waits.reason
    assert trusted(kab) == {}
    assert preview(kab, path).first_contact
    wrong = " ".join([*card.words[:5], card.words[0]])
    with pytest.raises(UserError) as refused:
        confirm_key(kab, card, wrong)
    assert refused.value.code == "words_differ"
    assert trusted(kab) == {}

    confirm_key(kab, card, "  ".join(card.words).upper())
    row = trusted(kab)[kec.office.device_id]
    assert (row.state, row.decided_by, row.office_code) == ("pinned", "petugas", "62.10.02")
    assert row.decided_at is not None
    assert take(kab, path).applied
    with kab.store.read() as session:
        notes = session.scalars(select(AuditEntry.action)).all()
    assert "key.confirmed" in notes
    with pytest.raises(UserError, match="sudah dikenal"):
        confirm_key(kab, card, " ".join(card.words))


@given(st.text(max_size=60))
def test_only_the_six_words_are_the_six_words(words: str) -> None:
    public = bytes(range(32))
    assert not same_words(words, public)
    assert same_words(" ".join(fingerprint_words(public)), public)


# --- a changed key --------------------------------------------------------------------------------


def test_another_key_of_a_known_office_is_a_hard_stop(office: OpenOffice, tmp_path: Path) -> None:
    kec, kab = office("kecamatan"), office("kabupaten")
    file_report(kec, new_report())
    assert take(kab, sent(kec, "62.10", tmp_path)).applied
    renew_key(kec)
    path = sent(kec, "62.10", tmp_path)
    stopped = take(kab, path)
    assert (stopped.verdict, stopped.code) == ("refused", "changed_key")
    card = look_at_key(kab, path)
    assert card.verdict == "changed"
    assert [known.decided_by for known in card.known] == ["petugas"]
    with pytest.raises(UserError) as wrong:
        confirm_key(kab, card, " ".join(card.words))
    assert wrong.value.code == "key_changed", "the way of first contact does not lead past it"


def test_two_persons_let_a_changed_key_in(office: OpenOffice, tmp_path: Path) -> None:
    kec, kab = office("kecamatan"), office("kabupaten")
    assert take(kab, sent(kec, "62.10", tmp_path)).applied
    add_account(kab, login="kedua", name="Orang Kedua", role="leader", password=SECOND)
    old, _ = renew_key(kec)
    path = sent(kec, "62.10", tmp_path)
    card = look_at_key(kab, path)
    assert not card.alone
    words = " ".join(card.words)
    for second in (None, SecondPerson("petugas", "x"), SecondPerson("siapa", "x")):
        with pytest.raises(InvalidInput) as missing:
            replace_key(kab, card, words, "komputer diganti", second)
        assert [p.field for p in missing.value.problems] == ["second"]
    with pytest.raises(UserError) as refused:
        replace_key(kab, card, words, "komputer diganti", SecondPerson("kedua", "salah sekali"))
    assert refused.value.code == "wrong_password"
    with pytest.raises(InvalidInput) as all_at_once:
        replace_key(kab, card, "bukan kata", "", SecondPerson("kedua", SECOND))
    assert [p.field for p in all_at_once.value.problems] == ["words", "reason"]
    assert kec.office.device_id not in trusted(kab)

    replace_key(kab, card, words, "komputer diganti", SecondPerson("kedua", SECOND), [old])
    row = trusted(kab)[kec.office.device_id]
    assert (row.state, row.decided_by, row.second_by) == ("trusted", "petugas", "kedua")
    assert row.reason == "komputer diganti"
    assert take(kab, path).applied
    with kab.store.read() as session:
        gone = session.scalars(select(Peer).where(Peer.device_id == old)).one()
        assert gone.retired_at is not None


def test_one_person_alone_is_marked_as_such(office: OpenOffice, tmp_path: Path) -> None:
    kec, kab = office("kecamatan"), office("kabupaten")
    renew_key(kec)
    path = sent(kec, "62.10", tmp_path)
    card = look_at_key(kab, path)
    assert card.alone
    replace_key(kab, card, " ".join(card.words), "dibacakan lewat telepon")
    row = trusted(kab)[kec.office.device_id]
    assert (row.decided_by, row.second_by, row.signed_by) == ("petugas", "", "")
    with kab.store.read() as session:
        detail = session.scalars(
            select(AuditEntry.body).where(AuditEntry.action == "key.replaced")
        ).one()
    assert '"alone":true' in detail.replace(" ", "")
    assert take(kab, path).applied


def test_a_device_never_moves_to_another_office(office: OpenOffice, tmp_path: Path) -> None:
    kec, kab = office("kecamatan"), office("kabupaten")
    with kec.write() as session:
        session.scalars(select(Office)).one().region_code = "62.10.03"
    kec.reload_office()
    path = sent(kec, "62.10", tmp_path)
    assert take(kab, path).code == "changed_office"
    card = look_at_key(kab, path)
    with pytest.raises(UserError):
        replace_key(kab, card, " ".join(card.words), "pindah kantor")


# --- succession and roster ------------------------------------------------------------------------


def test_a_device_that_renews_itself_is_vouched_for_by_its_former_key(
    office: OpenOffice, tmp_path: Path
) -> None:
    kec, kab = office("kecamatan"), office("kabupaten")
    assert take(kab, sent(kec, "62.10", tmp_path)).applied
    old, _ = renew_key(kec, vouch=True)
    assert take(kab, sent(kec, "62.10", tmp_path)).applied
    row = trusted(kab)[kec.office.device_id]
    assert (row.state, row.signed_by) == ("trusted", old)
    retire(kab, kec.office.device_id, lost=True, reason="hilang")
    renew_key(kec, vouch=True)
    stopped = take(kab, sent(kec, "62.10", tmp_path))
    assert stopped.code == "changed_key", "a revoked key vouches for nobody"


def test_the_province_vouches_for_its_districts_through_return_workbooks(
    office: OpenOffice, tmp_path: Path
) -> None:
    kec = office("kecamatan", stranger=True)
    kab, prov = office("kabupaten", stranger=True), office("provinsi", stranger=True)
    meet(kec, sent(kab, "62.10.02", tmp_path))
    meet(kab, sent(kec, "62.10", tmp_path))
    meet(kab, sent(prov, "62.10", tmp_path))
    assert take(kec, sent(kab, "62.10.02", tmp_path)).applied
    known = trusted(kec)
    assert known[prov.office.device_id].state == "trusted", "the district introduces the province"
    assert known[prov.office.device_id].signed_by == kab.office.device_id
    assert known[kec.office.device_id].signed_by == kab.office.device_id, "vouches for us"
    # the subdistrict now carries the district's certificate, which says nothing to the province
    path = sent(kec, "62", tmp_path)
    assert look_at_key(prov, path).verdict == "first"
    meet(prov, sent(kab, "62", tmp_path))
    assert look_at_key(prov, path).verdict == "trusted", "the district may vouch for it"


def test_revoking_travels_and_no_older_roster_undoes_it(office: OpenOffice, tmp_path: Path) -> None:
    kec, kab, prov = office("kecamatan"), office("kabupaten"), office("provinsi")
    first = sent(kab, "62", tmp_path)
    retire(kab, kec.office.device_id, lost=True, reason="laptop dicuri")
    newer = sent(kab, "62", tmp_path)
    device = kec.office.device_id
    assert take(prov, newer).applied
    assert trusted(prov)[device].state == "revoked"
    assert take(prov, first).applied, "the older workbook comes late"
    assert trusted(prov)[device].state == "revoked"
    path = sent(kec, "62", tmp_path)
    assert take(prov, path).code == "revoked_key"
    card = look_at_key(prov, path)
    with pytest.raises(UserError) as refused:
        confirm_key(prov, card, " ".join(card.words))
    assert refused.value.code == "key_revoked"
    with pytest.raises(UserError) as refused:
        replace_key(prov, card, " ".join(card.words), "tetap dipakai")
    assert refused.value.code == "key_revoked"


def test_rosters_lead_to_the_same_in_any_order(office: OpenOffice, tmp_path: Path) -> None:
    """Three workbooks with other rosters, six orders: one outcome."""
    kec, kab = office("kecamatan"), office("kabupaten")
    lines = []
    _, public = new_device_key()
    for state, version in ((GOOD, 5), (REVOKED, 3), (GOOD, 9)):
        with kab.store.read() as session:
            own = session.scalars(select(Office)).one()
            certificate = Certificate(
                signer_office="62.10",
                signer_device=own.device_id,
                office="62.10.02",
                device="AAAA0001",
                public_key=public,
                recipient=f"age1{version}",
                state=state,
                version=version,
            )
            lines.append(make_certificate(certificate, own.device_private))
    manifest = preview(kec, sent(kab, "62.10.02", tmp_path)).signed
    assert manifest is not None
    ends = set()
    for order in permutations(lines):
        with kec.write() as session:
            found = session.get(TrustedKey, "AAAA0001")
            if found is not None:
                session.delete(found)
        for line in order:
            with kec.write() as session:
                take_roster(kec, session, replace(manifest, roster=line))
        ends.add(trusted(kec)["AAAA0001"].state)
    assert ends == {"revoked"}


def test_a_forged_or_unlawful_certificate_changes_nothing(
    office: OpenOffice, tmp_path: Path
) -> None:
    kec, kab = office("kecamatan"), office("kabupaten")
    with kec.store.read() as session:
        own = session.scalars(select(Office)).one()
        private, device = own.device_private, own.device_id
    _, public = new_device_key()
    subject = Certificate(
        signer_office="62.10.02",
        signer_device=device,
        office="62.11",
        device="BBBB0001",
        public_key=public,
        recipient="",
        state=GOOD,
        version=1,
    )
    unlawful = make_certificate(subject, private)
    good = make_certificate(replace(subject, office="62.10.02"), private)
    forged = good[:-8] + "AAAAAAA="
    torn = good[: len(good) // 2]
    manifest = preview(kab, sent(kec, "62.10", tmp_path)).signed
    assert manifest is not None
    with kab.write() as session:
        text = "\n".join([unlawful, forged, torn, "c9|later|kind"])
        taken = take_roster(kab, session, replace(manifest, roster=text))
    assert taken.added == ()
    assert "BBBB0001" not in trusted(kab)


def test_a_roster_never_outgrows_its_cell(posko: Posko, tmp_path: Path) -> None:
    with posko.write() as session:
        for number in range(400):
            session.add(
                TrustedKey(
                    device_id=f"D{number:07d}",
                    office_code=f"62.10.{number % 90 + 1:02d}",
                    public_key=number.to_bytes(32),
                    recipient="age1" + "q" * 58,
                    state="revoked" if number % 50 == 0 else "pinned",
                    decided_by="petugas",
                    version=number,
                    decided_at=posko.now(),
                )
            )
    with posko.store.read() as session:
        lines = roster_for(session, "62.10.07").splitlines()
    assert sum(map(len, lines)) + len(lines) <= ROOM
    states = [read_certificate(line).state for line in lines]
    assert states[:8] == [REVOKED] * 8, "what must not be trusted any more comes first"
    assert {read_certificate(line).office for line in lines[8:12]} == {"62.10.07"}
    carried = preview(posko, sent(posko, "62.10.07", tmp_path)).signed
    assert carried is not None
    assert carried.roster.splitlines() == lines, "a workbook holds it whole"


def test_keys_to_lock_for_are_those_of_devices_in_use(office: OpenOffice, tmp_path: Path) -> None:
    kec, kab = office("kecamatan"), office("kabupaten")
    _, fresh = new_recipient()
    for said in (fresh, "age1rusak"):  # what nothing can be locked with is not taken over
        with kec.write() as session:
            session.scalars(select(Office)).one().recipient_public = said
        kec.reload_office()
        assert take(kab, sent(kec, "62.10", tmp_path)).applied
        with kab.store.read() as session:
            assert recipients_of(session, "62.10.02") == (fresh,)
    retire(kab, kec.office.device_id)
    with kab.store.read() as session:
        assert recipients_of(session, "62.10.02") == ()
    with pytest.raises(UserError, match="tidak dikenal"):
        retire(kab, "ZZZZZZZZ")


def test_a_device_known_only_by_its_key_can_be_put_aside(
    office: OpenOffice, tmp_path: Path
) -> None:
    """As from a roster: nothing ever came from it, and nothing is locked for it any more."""
    kec, kab = office("kecamatan"), office("kabupaten")
    with kab.store.read() as session:
        assert len(recipients_of(session, "62.10.02")) == 1
    retire(kab, kec.office.device_id)
    with kab.store.read() as session:
        assert recipients_of(session, "62.10.02") == ()
        assert channel(session, "62.10.02").frm == 0
    file_report(kec, new_report())
    assert take(kab, sent(kec, "62.10", tmp_path)).applied, "heard of, it is in use again"
    with kab.store.read() as session:
        assert len(recipients_of(session, "62.10.02")) == 1


# --- certificates alone ---------------------------------------------------------------------------

EXAMPLE = Certificate(
    signer_office="62.10",
    signer_device="0123ABCD",
    office="62.10.02",
    device="4567EFGH",
    public_key=bytes(range(32)),
    recipient="age1xyz",
    state=GOOD,
    version=7,
)


def test_a_certificate_is_proven_by_its_signers_key_alone() -> None:
    private, public = new_device_key()
    _, other = new_device_key()
    line = make_certificate(EXAMPLE, private)
    assert read_certificate(line) == EXAMPLE
    assert is_signed_by(line, public)
    assert not is_signed_by(line, other)
    assert not is_signed_by(line.replace("|k|7|", "|x|7|"), public)
    with pytest.raises(ValueError, match="sign"):
        make_certificate(replace(EXAMPLE, recipient="a|b"), private)


@given(st.text(max_size=120), st.integers(0, 250))
def test_any_line_is_read_or_refused(text: str, place: int) -> None:
    line = make_certificate(EXAMPLE, bytes(32))
    for mutated in (text, line[:place] + text + line[place + 1 :]):
        try:
            read_certificate(mutated)
        except ValueError:
            continue
        is_signed_by(mutated, EXAMPLE.public_key)


@pytest.mark.parametrize(
    ("signer", "subject", "own", "may"),
    [
        ("62.10", "62.10.02", "62.10.05", True),
        ("62.10", "62.10", "62", True),
        ("62", "62.10", "62.10.02", True),
        ("62.10", "62", "62.10.02", True),
        ("62.11", "62", "62.10.02", False),
        ("62.10.02", "62.10", "62.10.02", False),
        ("62", "62.10.02", "62.10", False),
        ("62.11", "62.10.02", "62", False),
        ("", "62", "62.10", False),
    ],
)
def test_who_may_vouch_for_whom(signer: str, subject: str, own: str, may: bool) -> None:
    assert may_vouch(signer, subject, own) is may
