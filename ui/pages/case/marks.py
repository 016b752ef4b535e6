"""What the tabs and the stepper of a case say."""

from __future__ import annotations

from collections.abc import Sequence

from posko_app.cases.clarification_rows import CANCELLED
from ui.widgets.stepper import StepView
from ui.widgets.tabs import Tab

from .event_words import meeting
from .history import happenings
from .words import Words


def tabs_of(words: Words) -> Sequence[Tab]:
    """The tabs of a case with their counters."""
    view = words.view

    def count(number: int) -> str:
        return str(number) if number else ""

    return (
        Tab("summary", "Ringkasan"),
        Tab("reporter", words.reporter, icon="" if view.state.intake_kind == "finding" else "lock"),
        Tab("parties", "Terlapor", count(len(view.parties))),
        Tab("witnesses", "Saksi", count(len(view.witnesses))),
        Tab("evidence", "Bukti", count(len(view.evidence))),
        Tab(
            "clarification",
            "Klarifikasi",
            count(sum(row.state != CANCELLED for row in view.clarifications)),
        ),
        Tab("letters", "Surat", count(len(view.letters))),
        Tab("assessment", "Kajian"),
        Tab("follow_up", "Tindak lanjut", count(len(view.state.referrals))),
        Tab("timeline", "Kronologi", count(len(happenings(words)))),
    )


def stages_of(words: Words) -> list[StepView]:
    """The stages of a case with their dates; at the clarification when it is."""
    steps = []
    for step in words.view.state.steps:
        note = words.brief(step.on) if step.on else ""
        if step.mark == "skipped":
            note = "tidak perlu"
        elif step.mark == "now":
            invited = [e for e in words.view.state.events if e.kind == "invited"]
            note = (
                meeting(words, invited[-1].data) if step.key == "clarification" and invited else ""
            )
        steps.append(StepView(step.key, step.label, step.mark, note))
    return steps
