"""Pictures of identity cards: sealed like an identity, in no list, shown with a reason only."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from posko_app.app import Posko
from posko_app.cases import identity_files
from posko_app.cases.abandoned import drop_abandoned
from posko_app.cases.case_view import case_view
from posko_app.cases.evidence import open_evidence
from posko_app.cases.identity_files import add_picture, reveal_picture, store_picture
from posko_app.cases.intake import file_report
from posko_app.cases.proxy import PROXY
from posko_app.cases.report import EvidenceInput, PersonInput
from posko_app.cases.upgrade import upgrade
from posko_app.data.tables import AuditEntry, Evidence, IdentityFile, VaultFile
from posko_app.errors import InvalidInput, NotAllowed, UserError
from posko_app.exchange.export import export
from posko_app.letters import issue
from posko_app.office.health import verify_storage
from posko_app.security.cipher import Damaged
from tests.conftest import FixedClock
from tests.factory import new_report

CARD = b"\xff\xd8\xff\xe0" + b"gambar kartu " * 400
WHY = "mencocokkan identitas"


@pytest.fixture
def card(tmp_path: Path) -> Path:
    """A picture whose name tells who it shows."""
    path = tmp_path / "KTP Contoh Pelapor Satu.jpg"
    path.write_bytes(CARD)
    return path


def _filed(posko: Posko, card: Path) -> str:
    return file_report(posko, new_report(picture=card)).uid


def _vault(posko: Posko) -> list[Path]:
    return [path for path in posko.folder.vault.glob("??/??/*") if path.is_file()]


def test_it_is_kept_with_the_report_and_shown_with_a_reason(posko: Posko, card: Path) -> None:
    case = _filed(posko, card)
    (picture,) = case_view(posko, case).pictures
    assert (picture.person, picture.kind, picture.size) == ("", "ktp", len(CARD))
    for reason in ("", "   x "):
        with pytest.raises(UserError, match="alasan"):
            reveal_picture(posko, picture.uid, reason)
    ending, stream = reveal_picture(posko, picture.uid, WHY)
    with stream:
        assert (ending, stream.read()) == (".jpg", CARD)
    with posko.store.read() as session:
        actions = session.execute(
            select(AuditEntry.action, AuditEntry.body).where(
                AuditEntry.action.like("identity.picture%")
            )
        ).all()
    assert [action for action, _ in actions] == [
        "identity.picture_added", "identity.picture_opened"
    ]  # fmt: skip
    assert WHY in actions[1].body


def test_it_stands_among_no_evidence_and_no_key_in_the_open_opens_it(
    posko: Posko, card: Path
) -> None:
    case = _filed(posko, card)
    assert [e.description for e in case_view(posko, case).evidence] == ["Foto stiker"]
    (file,) = _vault(posko)
    assert CARD[:200] not in file.read_bytes()
    with posko.store.read() as session:
        assert session.scalars(select(VaultFile)).all() == []
        row = session.scalars(select(IdentityFile)).one()
        columns = " ".join(str(value) for value in vars(row).values())
    assert "Pelapor" not in columns
    assert "KTP" not in columns
    posko.keys = replace(posko.keys, identity=bytes(32))
    with pytest.raises(Damaged):
        reveal_picture(posko, row.uid, WHY)


def test_only_who_may_see_identities_opens_it(posko: Posko, card: Path) -> None:
    uid = case_view(posko, _filed(posko, card)).pictures[0].uid
    before = posko.user
    for role in ("exchanger", "auditor"):
        posko.user = replace(before, role=role)
        with pytest.raises(NotAllowed):
            reveal_picture(posko, uid, WHY)
    posko.user = before
    posko.keys = replace(posko.keys, identity=None)
    with pytest.raises(UserError, match="kunci identitas"):
        reveal_picture(posko, uid, WHY)


def test_who_holds_no_identity_key_keeps_nothing(posko: Posko, card: Path) -> None:
    posko.keys = replace(posko.keys, identity=None)
    nobody = new_report(kind="initial_info", reporter=PersonInput(citizenship=""), witnesses=(),
                        picture=card)  # fmt: skip
    with pytest.raises(UserError, match="kunci identitas"):
        file_report(posko, nobody)
    assert _vault(posko) == []


def test_the_same_file_as_evidence_is_a_file_of_its_own(posko: Posko, card: Path) -> None:
    item = EvidenceInput(description="Foto kartu", kind="photo", path=card)
    case = file_report(posko, new_report(picture=card, evidence=(item,))).uid
    assert len(_vault(posko)) == 2
    with posko.store.read() as session:
        uid = session.scalars(select(Evidence.uid).where(Evidence.sha256 != "")).one()
    with open_evidence(posko, uid) as stream:
        assert stream.read() == CARD
    assert len(case_view(posko, case).pictures) == 1


def test_no_workbook_and_no_letter_knows_of_it(posko: Posko, card: Path, tmp_path: Path) -> None:
    case = _filed(posko, card)
    out = tmp_path / "keluar"
    out.mkdir()
    export(posko, "62", out)
    with posko.store.read() as session:
        row = session.scalars(select(IdentityFile)).one()
    files = [path for path in out.rglob("*") if path.is_file()]
    assert files
    for path in files:
        with zipfile.ZipFile(path) as book:
            inside = b"".join(book.read(name) for name in book.namelist())
        for secret in ("identity_files", row.uid, row.vault_name, "KTP Contoh"):
            assert secret.encode() not in inside
    assert issue.draft(posko, case, "tanda-bukti").startswith(b"%PDF")


def test_a_later_picture_and_one_of_the_proxy_are_added_to_the_case(
    posko: Posko, card: Path
) -> None:
    case = file_report(posko, new_report()).uid
    add_picture(posko, case, card)
    add_picture(posko, case_view(posko, case).facts.number, card, PROXY)
    assert [p.person for p in case_view(posko, case).pictures] == ["", PROXY]


def test_a_tip_that_becomes_a_report_takes_the_picture_along(posko: Posko, card: Path) -> None:
    tip = file_report(posko, new_report(kind="initial_info"))
    upgrade(posko, tip.uid, new_report(picture=card))
    assert len(case_view(posko, tip.uid).pictures) == 1


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [("catatan.txt", b"bukan gambar", "bukan foto atau PDF"), ("", b"", "tidak ditemukan")],
)
def test_what_is_no_picture_is_said_and_nothing_is_kept(
    posko: Posko, tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    path = tmp_path / (name or "hilang.jpg")
    if name:
        path.write_bytes(content)
    with pytest.raises(UserError, match=said):
        file_report(posko, new_report(picture=path))
    assert _vault(posko) == []


def test_one_that_is_too_big_is_said(
    posko: Posko, card: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(identity_files, "MOST", 1000)
    with pytest.raises(UserError, match="terlalu besar"):
        add_picture(posko, _filed_without(posko), card)


def _filed_without(posko: Posko) -> str:
    return file_report(posko, new_report()).uid


def test_a_failed_filing_leaves_no_picture_behind(posko: Posko, card: Path) -> None:
    tip = file_report(posko, new_report(kind="consultation"))
    with pytest.raises(InvalidInput):  # there is no such path
        upgrade(posko, tip.uid, new_report(kind="request", picture=card))
    assert _vault(posko) == []


def test_the_check_of_the_office_looks_for_it_and_a_restart_leaves_it(
    office: Callable[..., Posko], card: Path
) -> None:
    posko = office("kabupaten")
    case = _filed(posko, card)
    assert verify_storage(posko) == ()
    posko.close()
    again = office("kabupaten")
    assert case_view(again, case).pictures
    assert verify_storage(again) == ()
    shutil.rmtree(again.folder.vault)
    assert [p for p in verify_storage(again) if p.startswith("Foto KTP")] != []


def test_a_picture_that_no_case_came_to_name_goes_on_a_later_day(
    posko: Posko, card: Path, clock: FixedClock
) -> None:
    store_picture(posko, card)  # and the power goes out
    _filed(posko, card)
    assert len(_vault(posko)) == 2
    clock.forward(days=1, hours=1)
    assert drop_abandoned(posko) == 1
    with posko.store.read() as session:
        kept = session.scalars(select(IdentityFile)).one()
    with reveal_picture(posko, kept.uid, WHY)[1] as stream:
        assert stream.read() == CARD
