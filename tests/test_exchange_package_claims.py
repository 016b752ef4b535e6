"""What a known sender may claim in a list: nothing of others is erased or told otherwise by it."""

from __future__ import annotations

import base64
import hashlib
import json
import tracemalloc
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import select

from posko_app.app import Posko, open_office
from posko_app.cases.drafts import discard_draft, save_draft
from posko_app.data.record import dumps
from posko_app.data.tables import AuditEntry, Case, Office, PreventionFile, VaultFile
from posko_app.errors import UserError
from posko_app.exchange.opened import NotTaken
from posko_app.exchange.package import bag
from posko_app.exchange.package.assemble import mend
from posko_app.exchange.package.contents import RECEIVED
from posko_app.exchange.package.listing import LIST, SIGNATURE, signed
from posko_app.exchange.package.take import take_part
from posko_app.exchange.package.write import SENT, WITHDRAWN, withdraw, write_package
from posko_app.security.cipher import new_key
from posko_app.security.sign import public_key
from posko_app.security.uid import new_uid
from tests.commands import Posko as Command
from tests.conftest import FixedClock
from tests.factory import PASSWORD, new_report
from tests.parcels import file_case, vault_hashes
from tests.test_exchange_package import send_book
from tests.test_exchange_package_hostile import Scene, parts_of, scene, tagged, zipped

HELD, NEW = b"sudah ada di sini" * 50, b"yang datang kemudian" * 42


@pytest.fixture
def own(prepared: Callable[[str], Path], tmp_path: Path) -> Iterator[Scene]:
    with scene(prepared, tmp_path / "sendiri") as made:
        yield made


def sha(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def claimed(
    own: Scene,
    target: Path,
    data: Mapping[str, object],
    payload: Mapping[str, bytes],
    number: int = 1,
) -> Path:
    """A sound part, signed by a sender who is known, that says what the sender wants."""
    old = parts_of(own.part)
    said = {**json.loads(old[LIST]), "group": new_uid(), **data}
    text = dumps(said)
    info = {**bag.read_info(old[bag.INFO]), bag.GROUP: said["group"]}
    info[bag.COUNT] = f"{number} of {said['parts']}"
    info[bag.OXUM] = f"{sum(map(len, payload.values()))}.{len(payload)}"
    parts = {
        bag.BAGIT: old[bag.BAGIT],
        bag.INFO: "".join(f"{label}: {value}\n" for label, value in info.items()).encode(),
        bag.MANIFEST: bag.manifest({f"data/{n}": sha(raw) for n, raw in payload.items()}).encode(),
        LIST: text.encode(),
        SIGNATURE: signed(own.private, text).encode(),
        **{f"data/{name}": raw for name, raw in payload.items()},
    }
    return zipped(tagged(parts), target)


def cut_in_two(own: Scene, target: Path, first: bytes, second: bytes, number: int) -> Path:
    """Part `number` of a package with one content that was cut into these two chunks."""
    whole = sha(first + second)
    item = {"uid": new_uid(), "case": new_uid(), "name": "video.mp4", "custody": []}
    file = {
        "sha256": whole, "size": len(first + second), "mime": "video/mp4", "parts": [1, 2],
        "items": [item], "chunk": len(first), "chunks": [sha(first), sha(second)],
    }  # fmt: skip
    payload = {f"{whole}.{number:04d}": (first, second)[number - 1]}
    return claimed(own, target, {"parts": 2, "files": [file]}, payload, number)


def keep(posko: Posko, raw: bytes) -> None:
    key = new_key()
    stored = posko.vault.add(BytesIO(raw), key, known=lambda _: None)
    with posko.write() as session:
        row = VaultFile(sha256=sha(raw), key=key, size=stored.size, added_at=posko.now())
        session.add(row)


def test_a_list_erases_nothing_that_was_here_before(own: Scene, tmp_path: Path) -> None:
    kab = own.kab
    keep(kab, HELD)
    assert take_part(kab, cut_in_two(own, tmp_path / "x.zip", HELD, NEW, 2)).whole == 1
    assert vault_hashes(kab) == {sha(HELD), sha(HELD + NEW)}


def test_a_chunk_that_became_something_else_stays(own: Scene, tmp_path: Path) -> None:
    kab = own.kab
    take_part(kab, cut_in_two(own, tmp_path / "x.zip", HELD, NEW, 1))
    with kab.write() as session:
        session.add(
            PreventionFile(
                uid=new_uid(),
                of_uid=new_uid(),
                office_code=kab.office.code,
                kind="photo",
                sha256=sha(HELD),
                added_at=kab.now(),
            )
        )
    assert take_part(kab, cut_in_two(own, tmp_path / "y.zip", HELD, NEW, 2)).whole == 1
    assert vault_hashes(kab) == {sha(HELD), sha(HELD + NEW)}


def test_a_chunk_that_another_package_waits_with_stays(own: Scene, tmp_path: Path) -> None:
    kab = own.kab
    take_part(kab, cut_in_two(own, tmp_path / "x.zip", HELD, NEW, 1))
    take_part(kab, cut_in_two(own, tmp_path / "y.zip", HELD, b"lain" * 100, 2))
    assert sha(HELD) in vault_hashes(kab)
    kab_part = cut_in_two(own, tmp_path / "z.zip", HELD, NEW, 2)
    assert take_part(kab, kab_part).whole == 1
    assert vault_hashes(kab) == {sha(HELD + NEW), sha(HELD + b"lain" * 100)}


def test_a_chunk_that_stayed_for_a_draft_goes_when_the_draft_does(
    own: Scene, tmp_path: Path
) -> None:
    kab = own.kab
    take_part(kab, cut_in_two(own, tmp_path / "x.zip", HELD, NEW, 1))
    draft = save_draft(kab, "report", "", {"sha256": sha(HELD)})
    take_part(kab, cut_in_two(own, tmp_path / "y.zip", HELD, NEW, 2))
    mend(kab)
    assert vault_hashes(kab) == {sha(HELD), sha(HELD + NEW)}
    discard_draft(kab, draft)
    mend(kab)
    assert vault_hashes(kab) == {sha(HELD + NEW)}


def told_by(kab: Posko) -> list[list[list[str]]]:
    return [body["custody"] for body in bodies(kab, RECEIVED)]  # type: ignore[misc]


@pytest.mark.parametrize("forger_first", [True, False])
def test_nobody_else_tells_the_custody_of_evidence(
    office: Callable[..., Posko], tmp_path: Path, *, forger_first: bool
) -> None:
    """A known office that has a copy says of evidence of another that it took it in first."""
    kec, kab, prov = office("kecamatan"), office("kabupaten"), office("provinsi")
    case = file_case(kec, tmp_path / "asli", [HELD])
    out = tmp_path / "keluar"
    out.mkdir()
    (part,) = write_package(kec, "62.10", [case], out, 100_000).files
    with prov.store.read() as session:
        private = session.scalars(select(Office.device_private)).one()
    item = json.loads(parts_of(part)[LIST])["files"][0]["items"][0]
    forged = [["2020-01-01T00:00:00+00:00", "62.99", "added", "orang lain"]]
    file = {
        "sha256": sha(HELD), "size": len(HELD), "mime": "", "parts": [1],
        "items": [{**item, "custody": forged}],
    }  # fmt: skip
    sender = {
        "office": "62", "device": prov.office.device_id,
        "key": base64.b64encode(public_key(private)).decode(), "certificate": "",
    }  # fmt: skip
    lie = claimed(
        Scene(kab, part, private), tmp_path / "x.zip", {**sender, "files": [file]},
        {sha(HELD): HELD},
    )  # fmt: skip
    for path in (lie, part) if forger_first else (part, lie):
        take_part(kab, path)
    send_book(kec, kab, tmp_path)
    told = told_by(kab)
    assert len(told) == 1
    assert (told[0] == forged) is forger_first


def test_only_an_office_that_held_the_case_tells_its_custody(
    office: Callable[..., Posko], tmp_path: Path
) -> None:
    kec, kab = office("kecamatan"), office("kabupaten")
    case = file_case(kec, tmp_path / "asli", [HELD])
    send_book(kec, kab, tmp_path)
    out = tmp_path / "keluar"
    out.mkdir()
    (part,) = write_package(kec, "62.10", [case], out, 100_000).files
    uid = json.loads(parts_of(part)[LIST])["files"][0]["items"][0]["uid"]

    def lie() -> None:
        line = ["2020-01-01T00:00:00+00:00", "62.99", "added", "orang lain"]
        with kab.write() as session:
            kab.note(
                session, RECEIVED, case, evidence=uid, sha256=sha(HELD), group=new_uid(),
                office="62.99", from_device="X", here="62.10", custody=[line],
            )  # fmt: skip

    lie()
    take_part(kab, part)
    lie()
    (sent,) = write_package(kab, "62", [case], out, 100_000).files
    chain = json.loads(parts_of(sent)[LIST])["files"][0]["items"][0]["custody"]
    assert [line[1:3] for line in chain] == [["62.10.02", "added"], ["62.10", "received"]]


def test_a_list_of_nothing_but_brackets_is_not_looked_into(own: Scene, tmp_path: Path) -> None:
    """The sender of a list is known only after it was read: it must not cost anything before."""
    old = parts_of(own.part)
    heavy = ["[]," * 1_300_000, '{"a":0},' * 500_000, "1," * 2_200_000]
    for number, inside in enumerate(heavy):
        text = old[LIST].decode().replace('"files":[', f'"files":[{inside}')
        parts = {**old, LIST: text.encode(), SIGNATURE: signed(own.private, text).encode()}
        path = zipped(tagged(parts), tmp_path / f"{number}.zip")
        tracemalloc.start()
        with pytest.raises(NotTaken) as why:
            take_part(own.kab, path)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert why.value.code in ("bad_list", "hostile_zip")
        assert peak < 24_000_000, number


def test_no_evidence_leaves_beside_workbooks_that_are_refused(
    office: Callable[..., Posko],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kab = office("kabupaten")
    case = file_case(kab, tmp_path / "asli", [HELD])
    with kab.write() as session:
        name = new_report().reporter.name
        row = session.scalars(select(Case).where(Case.uid == case)).one()
        row.narrative, number = f"Kata {name}.", row.number
    with pytest.raises(UserError) as public:
        write_package(kab, "62", [case], tmp_path, 100_000, profile="publik")
    assert public.value.code == "no_public_evidence"
    root, out = kab.folder.root, tmp_path / "kiriman"
    kab.close()
    monkeypatch.setenv("POSKO_PASSWORD", PASSWORD)
    Command(capsys).refused(
        *("export", "--data", root, "--to", "62", "--out", out),
        *("--evidence", "--profile", "penerus", "--case", number),
        code="names_found",
    )
    assert not out.exists()
    with closing(open_office(root, "petugas", PASSWORD, clock=FixedClock())) as again:
        assert bodies(again, SENT) == bodies(again, WITHDRAWN) == []
        made = write_package(again, "62", [case], tmp_path, 100_000)
        assert withdraw(again, made)
        assert not any(path.exists() for path in made.files)
        (sent,), told = bodies(again, SENT), bodies(again, WITHDRAWN)
        assert [one.get("evidence") for one in told] == [sent["evidence"], None]
        assert told[0]["group"] == made.group


def bodies(posko: Posko, action: str) -> list[dict[str, object]]:
    with posko.store.read() as session:
        rows = session.scalars(
            select(AuditEntry.body).where(AuditEntry.action == action).order_by(AuditEntry.n)
        )
        return [json.loads(row) for row in rows]
