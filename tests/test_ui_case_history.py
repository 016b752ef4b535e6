"""Kronologi: every kind of event and every act has words, and no code is ever shown."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from posko_app.app import Posko
from posko_app.cases import clarification as clarify
from posko_app.cases.case_view import case_view
from posko_app.cases.clarification import Hearing, Invitation, Minutes, Question
from posko_app.cases.identity import reveal
from posko_app.cases.intake import file_report
from posko_app.cases.steps import NewStep, record_step
from posko_app.cases.trail import TOLD, case_trail
from posko_app.cases.views import EventView
from posko_app.errors import UserError
from posko_app.office.rules import READING, UNDO, VALUE
from posko_app.rules.facts import EVENT_KINDS
from posko_app.rules.stages import Event
from posko_app.security.permissions import PERMISSIONS
from tests.factory import REPORTER, TODAY, new_report
from ui import icons, theme
from ui.context import Context
from ui.pages.case import CasePage
from ui.pages.case.history import ICONS, TRAIL, TRAIL_ICONS, happenings, trail_lines
from ui.pages.case.words import Words

ROOT = Path(__file__).parent.parent / "posko_app"
DOTTED = re.compile(r"[a-z]+\.[a-z_]+")
FORMED = {"step.": EVENT_KINDS, "rule.": (VALUE, READING, UNDO)}  # acts named by what they are of
DATA = {
    "addressee": "bkn", "kinds": "criminal,other_law", "round": "second", "whom": "saksi 1",
    "reason": "Menunggu ahli", "delivered": "courier", "intake_kind": "finding",
    "results": "criminal:not_violation,other_law:violation", "to_office": "62.10.02",
    "from_office": "62.10.02", "discussion_result": "Dilanjutkan", "for_on": "2024-10-16",
    "for_time": "09.30", "place": "Ruang 2", "mode": "in_person", "role": "witness",
}  # fmt: skip
CODES = {"bkn", "criminal", "other_law", "second", "courier", "finding", "not_violation",
         "violation", "62.10.02", "in_person", "witness", *EVENT_KINDS} - {"note"}  # fmt: skip


@pytest.fixture
def case(posko: Posko) -> str:
    return file_report(posko, new_report(), officer="petugas").uid


# --- events ---------------------------------------------------------------------------------------


def said_of(words: Words, kind: str, outcome: str = "") -> str:
    """The line of one event of a kind, with all that its data can hold."""
    view, law = words.view, words.law
    known = Event(uid="x", kind=kind, on=TODAY, office="62.10", outcome=outcome, data=DATA)
    label = law.outcomes[outcome].label if outcome else ""
    made_at = view.events[0].made_at
    row = EventView(
        "x", kind, law.steps[kind].done, TODAY, None, "62.10", "petugas", outcome, label,
        "017", "", "y", False, made_at,
    )  # fmt: skip
    shown = replace(view, events=(row,), evidence=(), letters=())
    shown = replace(shown, state=replace(view.state, events=(known,)))
    other = Words(words.posko, shown)
    (line,) = happenings(other)
    return f"{line.entry.text} {line.entry.note}"


@pytest.mark.parametrize("regulation", ["pilkada-2024", "pemilu-2022"])
def test_every_event_is_said_in_words(posko: Posko, case: str, regulation: str) -> None:
    view = case_view(posko, case)
    words = Words(posko, replace(view, facts=replace(view.facts, regulation=regulation)))
    assert words.law.id == regulation
    for kind in EVENT_KINDS:
        outcomes = [
            code for code, o in words.law.outcomes.items() if o.of in ("review", "decision")
        ]
        for outcome in outcomes if kind in ("reviewed", "decided") else [""]:
            said = re.sub(r"<[^>]*>", "", said_of(words, kind, outcome))
            shown = {word.strip(".,:;()").casefold() for word in said.split()}
            assert not shown & CODES, (kind, said)
            assert not re.search(r"\b[a-z]+_[a-z_]+\b", said), (kind, said)
        if kind != "note":
            assert words.law.steps[kind].done in said_of(words, kind)


def test_every_event_has_its_icon() -> None:
    assert set(ICONS) == set(EVENT_KINDS)
    for name in (*ICONS.values(), *TRAIL_ICONS.values()):
        assert icons.exists(name), name


def test_lines_tell_who_where_and_why(posko: Posko, case: str) -> None:
    words = Words(posko, case_view(posko, case))
    assert "Saksi 1" in said_of(words, "absent")
    assert "Menunggu ahli" in said_of(words, "paused")
    assert "untuk saksi 1: besok 09.30, Ruang 2" in said_of(words, "invited")
    assert "Kurun" in said_of(words, "transferred")
    assert words.addressee("bkn") in said_of(words, "information_requested")
    assert "permintaan kedua" in said_of(words, "information_requested")
    assert "Dilanjutkan" in said_of(words, "gakkumdu_first")
    judged = said_of(words, "decided", "violation")
    criminal = words.violation("criminal")
    assert f"{criminal[:1].lower()}{criminal[1:]}: bukan pelanggaran" in judged


# --- acts of the audit chain ----------------------------------------------------------------------


def acts() -> Iterator[tuple[str, str]]:
    """Every act that the core writes into the chain, with the file that does."""
    for path in sorted(ROOT.rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        for node in ast.walk(tree):
            given = _act(node)
            if isinstance(given, ast.JoinedStr):
                start = given.values[0]
                assert isinstance(start, ast.Constant), path
                yield from ((f"{start.value}{kind}", path.name) for kind in FORMED[start.value])
            elif isinstance(given, ast.Name):  # one of those that its module names
                yield from ((name, path.name) for name in _dotted(tree))
            elif given is not None:
                yield from ((name, path.name) for name in _dotted(given))


def _act(node: ast.AST) -> ast.expr | None:
    """What a call of `posko.note` or `audit.append` says was done."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return None
    owner = node.func.value
    name = (owner.id if isinstance(owner, ast.Name) else "", node.func.attr)
    if name == ("posko", "note"):
        return node.args[1]
    if name == ("audit", "append"):
        given = next((k.value for k in node.keywords if k.arg == "action"), None)
        return given if isinstance(given, ast.Constant) else None  # else it is `note` itself
    return None


def _dotted(node: ast.AST) -> Iterator[str]:
    for part in ast.walk(node):
        said = part.value if isinstance(part, ast.Constant) else None
        if isinstance(said, str) and DOTTED.fullmatch(said) and said not in PERMISSIONS:
            yield said


def test_every_act_has_words(posko: Posko, case: str) -> None:
    words = Words(posko, case_view(posko, case))
    found = dict(acts())
    assert len(found) > 70
    unknown = words.act("something.new")
    for act, where in found.items():
        said = words.act(act)
        assert said != unknown, f"{act} ({where}) has no words in the list audit_act"
        assert "_" not in said
        assert act not in said
    listed = {name for name in posko.vocabulary.codes("audit_act") if name != "other"}
    assert listed <= set(found), "words for acts that nobody does any more"


# --- the trail of a case --------------------------------------------------------------------------


def heard(posko: Posko, case: str) -> None:
    for kind, outcome in (("reviewed", "complete"), ("registered", "")):
        record_step(posko, case, NewStep(kind=kind, on=TODAY, outcome=outcome))
    person = next(p for p in clarify.people(posko, case, "report") if p.alias == "Saksi 1")
    invitation = Invitation(person=person, on=TODAY, for_on=TODAY, for_time="09.30", place="Kantor")
    uid = clarify.invite(posko, case, invitation)
    clarify.hear(posko, uid, Hearing(on=TODAY), Minutes("", (Question("Sehat?", "Ya."),)))
    clarify.open_minutes(posko, uid)


def test_the_trail_tells_what_was_opened_and_why(posko: Posko, case: str) -> None:
    heard(posko, case)
    reveal(posko, case, "Menelepon pelapor")
    rows = case_trail(posko, case)
    assert [row.action for row in rows][:2] == ["identity.revealed", "clarification.minutes_read"]
    assert rows[0].reason == "Menelepon pelapor"
    assert not any(row.action.startswith(TOLD) for row in rows)
    lines = trail_lines(Words(posko, case_view(posko, case)), rows)
    assert "<b>Identitas dibuka</b>. Menelepon pelapor" in lines[0].entry.text
    assert "Petugas Contoh" in lines[0].entry.note
    assert REPORTER.name not in str(lines)


def test_only_who_may_read_the_chain_sees_the_trail(
    posko: Posko, case: str, qapp: QApplication, qtbot: QtBot
) -> None:
    theme.apply(qapp)
    heard(posko, case)
    context = Context(posko)
    page = CasePage(context)
    qtbot.addWidget(page)
    page.show()
    page.open(uid=case, tab="timeline")
    chip = page.timeline.chips[TRAIL]
    assert chip.isEnabled()
    whole = _lines(page)
    assert not any("Tanya jawab klarifikasi dibuka" in line for line in whole)  # only when asked
    chip.click()
    assert any("Tanya jawab klarifikasi dibuka" in line for line in _lines(page))
    assert TRAIL not in page.summary.timeline.chips
    posko.user = replace(posko.user, role="receiver")
    page.reload()
    assert not chip.isEnabled()
    assert "jejak audit" in chip.toolTip()
    with pytest.raises(UserError):
        case_trail(posko, case)
    context.close()


def _lines(page: CasePage) -> list[str]:
    QApplication.processEvents()
    return [label.text() for label in page.timeline.lines.widget().findChildren(QLabel)]
