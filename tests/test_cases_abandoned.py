"""Files of a chat whose form was never saved: kept while anybody may come back, then gone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from posko_app.app import Posko
from posko_app.cases import drafts
from posko_app.cases.abandoned import NOTED, drop_abandoned
from posko_app.cases.chat_evidence import Picked, keep_chosen
from posko_app.cases.chat_export import Chat, read_export
from posko_app.cases.evidence import attach, open_evidence, stays_here
from posko_app.cases.intake import file_report
from posko_app.cases.report import EvidenceInput
from posko_app.data.tables import Evidence, Setting
from posko_app.errors import Cancelled
from tests.chat_files import NUMBER, PROFILE, archive
from tests.conftest import FixedClock
from tests.factory import new_report

PICKED = Picked((2, 4, 9), PROFILE)


@pytest.fixture
def chat(posko: Posko, tmp_path: Path) -> Chat:
    posko.office = replace(posko.office, practice_on=None)
    return read_export(posko, archive(tmp_path / "WhatsApp Chat.zip"))


def _files(posko: Posko) -> int:
    return sum(path.is_file() for path in posko.folder.vault.glob("??/??/*"))


def _noted(posko: Posko) -> int:
    query = select(func.count()).select_from(Setting).where(Setting.key.startswith(NOTED))
    with posko.store.read() as session:
        return session.scalar(query) or 0


def test_what_nobody_saved_goes_on_a_later_day(posko: Posko, chat: Chat, clock: FixedClock) -> None:
    items = keep_chosen(posko, chat, PICKED)
    assert _files(posko) == _noted(posko) == len(items) == 3
    assert drop_abandoned(posko) == 0  # Urungkan may still bring the form back
    assert _files(posko) == 3
    clock.forward(days=1, hours=1)
    assert drop_abandoned(posko) == 3
    assert (_files(posko), _noted(posko)) == (0, 0)
    assert drop_abandoned(posko) == 0


def test_what_was_filed_stays(posko: Posko, chat: Chat, clock: FixedClock) -> None:
    items = keep_chosen(posko, chat, PICKED)
    file_report(posko, new_report(evidence=items))
    clock.forward(days=2)
    assert drop_abandoned(posko) == 0
    assert (_files(posko), _noted(posko)) == (3, 0)


def test_a_draft_keeps_its_files_until_it_is_thrown_away(
    posko: Posko, chat: Chat, clock: FixedClock
) -> None:
    items = keep_chosen(posko, chat, PICKED)
    kept = [item.kept.sha256 for item in items if item.kept]
    uid = drafts.save_draft(posko, "report", "Laporan baru", {"rows": kept[:2]})
    clock.forward(days=2)
    assert drop_abandoned(posko) == 1
    assert _files(posko) == 2
    drafts.discard_draft(posko, uid)
    assert drop_abandoned(posko) == 2
    assert _files(posko) == 0


def test_whoever_cannot_read_the_drafts_throws_nothing_away(
    posko: Posko, chat: Chat, clock: FixedClock
) -> None:
    keep_chosen(posko, chat, PICKED)
    drafts.save_draft(posko, "report", "Laporan baru", {})
    clock.forward(days=2)
    whole = posko.keys
    posko.keys = replace(whole, identity=None)
    assert drop_abandoned(posko) == 0
    posko.keys = whole
    assert drop_abandoned(posko) == 3


def test_a_choice_that_was_stopped_leaves_nothing(posko: Posko, chat: Chat) -> None:
    def stop(done: int, _total: int, _text: str = "") -> None:
        if done:
            raise Cancelled

    with pytest.raises(Cancelled):
        keep_chosen(posko, chat, PICKED, stop)
    assert (_files(posko), _noted(posko)) == (0, 0)


def test_what_shows_who_wrote_is_marked_to_stay_here(posko: Posko, chat: Chat) -> None:
    case = file_report(posko, new_report()).uid
    attach(posko, case, keep_chosen(posko, chat, PICKED))
    attach(posko, case, [EvidenceInput(description="Foto", kind="photo")])
    with posko.store.read() as session:
        rows = session.execute(select(Evidence.uid, Evidence.file_name)).all()
    here = {name: uid for uid, name in rows if stays_here(name)}
    assert list(here) == ["petikan-wa-asli-2024-10-13.txt"]
    (uid,) = here.values()
    with open_evidence(posko, uid) as stream:
        assert NUMBER.encode() in stream.read()
    others = [uid for uid, name in rows if name and not stays_here(name)]
    assert len(others) == 2
    for other in others:
        with open_evidence(posko, other) as stream:
            assert NUMBER.encode() not in stream.read()
