"""The page of one case: head, stages, tabs, and what the user does with them."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from posko_app.cases.case_view import case_view
from posko_app.cases.double_numbers import number_notice
from posko_app.cases.steps import add_note
from posko_app.rules.stages import Step
from ui.context import Context
from ui.count_print import CountPrinter
from ui.letter_sheet import show_letter
from ui.page import Page
from ui.reply_sheet import ReplySheet
from ui.widgets.banner import Banner
from ui.widgets.buttons import Button
from ui.widgets.keys import bind
from ui.widgets.stepper import Stepper
from ui.widgets.tabs import Tab, Tabs
from ui.widgets.text import vbox

from .becoming import BecomeSheet
from .body import TABS, CaseBody
from .conflicts import conflict_words
from .disclosure import Disclosure
from .facts_sheet import correct_facts
from .handover_answer import AnswerSheet, handover_banner
from .handover_sheet import SENT, HandoverSheet, handover_sheet
from .header import Header
from .hearing_sheet import HEAR
from .letters import for_referral
from .marks import stages_of, tabs_of
from .neighbours import list_around
from .number_banner import number_banner
from .step_sheet import StepSheet
from .words import Words


class CasePage(Page):
    """Perkara. Arguments: `uid`, and optionally `step` (kind of event whose form opens at once),
    `tab`, and `order` (the uids of the list behind it)."""

    title = "Perkara"
    sidebar = "cases"
    once = frozenset({"step"})
    shows = frozenset(
        {"cases", "events", "reported_parties", "witnesses", "evidence", "letters", "siblings",
         "identities", "identity_files", "vault_files", "clarifications", "clarification_questions",
         "check_marks", "referrals", "referral_updates", "pledge_links", "case_links",
         "rule_overrides", "local_holidays", "regulation_files"}
    )  # fmt: skip

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.words: Words | None = None
        self.order: tuple[str, ...] = ()
        self.sheet: StepSheet | BecomeSheet | None = None
        self.handing: HandoverSheet | AnswerSheet | None = None
        self._offer = ""  # name of the template that fits the step just recorded
        self.disclosure = Disclosure(context, self)
        self.header = Header()
        self.stepper = Stepper()
        self.tabs = Tabs([Tab(key, key) for key in TABS])
        self.body = CaseBody(context, self.disclosure)
        self.summary, self.evidence = self.body.summary, self.body.evidence
        self.clarification, self.letters = self.body.clarification, self.body.letters
        self.assessment, self.referrals = self.body.assessment, self.body.referrals
        self.timeline = self.body.timeline
        self._build()
        self._connect()

    # --- the page -------------------------------------------------------------------------------

    def open(self, **arguments: Any) -> None:
        uid = str(arguments["uid"])
        view = case_view(self.context.posko, uid)  # an unknown case keeps the page before
        self.disclosure.of_case(view.uid)
        listed = tuple(arguments.get("order", ()))
        self.order = listed or list_around(self.context.posko, closed=view.state.closed)
        self._offer = ""
        same = self.words is not None and self.words.view.uid == view.uid
        self._show(Words(self.context.posko, view))
        self._stale = False
        wanted = str(arguments.get("tab", "")) or (self.tabs.current if same else "summary")
        self.tabs.choose(wanted)
        self._on_tab(self.tabs.current)
        if step := str(arguments.get("step", "")):
            self.open_step(step)

    def reload(self) -> None:
        if self.words is not None:
            uid = self.words.view.uid
            self._show(Words(self.context.posko, case_view(self.context.posko, uid)))

    def primary(self) -> None:
        if self.header.next.isVisibleTo(self) and self.header.next.main.isEnabled():
            self.header.next.main.click()

    def new_row(self) -> None:
        self.tabs.choose("evidence")
        self.evidence.choose_files()

    def print_page(self) -> None:
        self.tabs.choose("letters")
        self.letters.open_chosen()

    def step_tab(self, by: int) -> None:
        self.tabs.step(by)

    def step_case(self, by: int) -> None:
        uid = self.words.view.uid if self.words else ""
        place = self.order.index(uid) + by if uid in self.order else -1
        if 0 <= place < len(self.order):
            tab = self.tabs.current
            self.context.open("case", uid=self.order[place], order=self.order, tab=tab)

    def panes(self) -> list[QWidget]:
        return [self.header.next.main, self.stepper, self.tabs, self.body.inside(self.tabs.current)]

    def take_focus(self) -> None:
        if self.sheet is None:
            self.tabs.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> bool:
        self.disclosure.mask_all()
        return True

    def state(self) -> dict[str, Any]:
        return {"tab": self.tabs.current}

    def restore(self, state: dict[str, Any]) -> None:
        self.tabs.choose(str(state.get("tab", "summary")))

    def help_text(self) -> str:
        return (
            "Satu perkara utuh. Tombol hitam adalah langkah berikutnya menurut aturan; langkah "
            "lain ada di panah di sebelahnya. Klik hitungan untuk melihat batas hari demi hari. "
            "Identitas pelapor dan saksi tertutup, dan hanya terbuka 5 menit dengan alasan."
        )

    # --- acts -----------------------------------------------------------------------------------

    def open_step(self, kind: str, values: Mapping[str, Any] | None = None) -> None:
        """Open the form of a step that the case allows, perhaps with answers filled in."""
        words = self.words
        if words is None or self.sheet is not None or self.handing is not None:
            return
        if kind.startswith(HEAR):  # a half-typed clarification is gone on with
            self.tabs.choose("clarification")
            if row := self.clarification.row_of(kind.removeprefix(HEAR)):
                self.clarification.hear(row)
            return
        if (handing := handover_sheet(self, self.context, words, kind)) is not None:
            handing.recorded.connect(self._on_handed)
            handing.finished.connect(self._on_sheet_closed)
            if isinstance(handing, HandoverSheet):
                handing.paper_wanted.connect(self._on_paper)
            self.handing = handing
            handing.open()
            return
        step = next((s for s in words.view.state.next_steps if s.kind == kind), None)
        why = words.why_not_step(kind)
        if step is None or why:
            self.context.say(why or "Langkah itu belum dapat dicatat pada tahap ini.")
            return
        if kind == "converted":
            become = BecomeSheet(self, words, step.label)
            become.form_wanted.connect(self._on_form_wanted)
            self._open_sheet(become)
            return
        if kind in ("clarified", "absent", "expert_heard") and self._clarify(kind):
            return
        self._open_sheet(StepSheet(self, words, step, values=values))

    def _on_handed(self, _kind: str) -> None:
        self.reload()
        self.context.note_saved("Langkah tercatat")

    def _on_paper(self) -> None:
        """The office has no Posko: only the step is recorded, as on paper."""
        words = self.words
        if (words := self.words) is not None:
            self._open_sheet(StepSheet(self, words, Step(SENT, words.law.steps[SENT].label)))

    def _clarify(self, kind: str) -> bool:
        """Go to the person who is waited for, if anybody is: they are heard one by one."""
        tab = self.clarification
        row = tab.first_waiting(expert=kind == "expert_heard")
        if row is None and kind == "absent":
            row = tab.first_waiting(expert=True)
        if row is None:
            return False
        self.tabs.choose("clarification")
        if kind == "absent":
            tab.miss(row)
        else:
            tab.hear(row)
        return True

    def _on_form_wanted(self, kind: str, why: str) -> None:
        if self.words is not None:
            said = {"why": [why]} if why else {}  # taken out by the form: it opens somebody once
            self.context.open("new_report", case=self.words.view.uid, kind=kind, **said)

    def correct(self, uid: str) -> None:
        """Ask why a step is voided, and void it."""
        words = self.words
        event = next((e for e in words.view.events if e.uid == uid), None) if words else None
        if words is None or event is None or self.sheet is not None:
            return
        step = Step("corrected", words.law.steps["corrected"].label)
        said = f"{event.label} {words.brief(event.on)} tetap terlihat, tetapi tidak lagi dihitung."
        self._open_sheet(StepSheet(self, words, step, corrects=uid, text=said))

    def write_note(self, said: str) -> None:
        """Add a note to the timeline; only the box it came from is emptied."""
        if self.words is not None and self.context.attempt(add_note, self.words.view.uid, said):
            for card in (self.summary.timeline, self.timeline):
                if card.entry.text() == said:
                    card.entry.clear()

    def _open_sheet(self, sheet: StepSheet | BecomeSheet) -> None:
        self.sheet = sheet
        sheet.recorded.connect(self._on_recorded)
        sheet.finished.connect(self._on_sheet_closed)
        sheet.open()

    # --- showing --------------------------------------------------------------------------------

    def _show(self, words: Words) -> None:
        self.words = words
        folded = self.tabs.current != "summary"
        self.header.show_case(words, self.order, stage_chip=folded)
        self.stepper.set_steps(stages_of(words))
        self.tabs.set_tabs(tabs_of(words))
        self.body.show_case(words)
        self.set_banner(self._banner_for(words))

    def _banner_for(self, words: Words) -> Banner | None:
        """The one lasting message: contradictions, double values, its number, a fitting letter."""
        view = words.view
        if view.state.contradictions:
            said = " ".join(escape(sentence) for sentence in view.state.contradictions)
            return Banner("problem", f"<b>Catatan perkara bertentangan.</b> {said}")
        if view.conflicts:
            return Banner("attention", conflict_words(words))
        if (banner := handover_banner(words, self.open_step)) is not None:
            return banner
        if notice := number_notice(self.context.posko, view.uid):
            return number_banner(self.context, self, view.uid, notice)
        if self._offer:
            make = Button("Buat suratnya", icon="letter", small=True)
            make.clicked.connect(self._on_offer)
            return Banner(
                "ok", "Langkah tercatat. Surat untuk langkah ini siap dibuat.", action=make
            )
        return None

    def _build(self) -> None:
        column = vbox(self.header, self.stepper, self.tabs, self.banner_place)
        column.addWidget(self.body, 1)
        self.setLayout(column)

    def _connect(self) -> None:
        self.header.list_wanted.connect(self._on_list)
        self.header.step_wanted.connect(self.open_step)
        self.header.case_wanted.connect(self.step_case)
        self.header.act_wanted.connect(self._on_act)
        self.header.copied.connect(self.context.say)
        self.stepper.opened.connect(self._on_stage)
        self.tabs.chosen.connect(self._on_tab)
        self.summary.event_card.change.clicked.connect(self._on_change)
        self.summary.requirements.details_wanted.connect(self._on_requirements)
        self.body.others_wanted.connect(self._on_others)
        self.body.tab_wanted.connect(self.tabs.choose)
        self.letters.made.connect(self.context.say)
        self.clarification.said.connect(self._on_kept)
        self.clarification.invite_wanted.connect(self._on_invite)
        self.clarification.letter_wanted.connect(self.letters.write)
        self.assessment.said.connect(self._on_kept)
        self.referrals.said.connect(self.context.say)
        self.referrals.jump.connect(self.tabs.choose)
        for card in (self.summary.timeline, self.timeline):
            card.note_wanted.connect(self.write_note)
            card.link.connect(self._on_link)
        bind(self, "invite", self._on_invite)

    # --- answers --------------------------------------------------------------------------------

    def _on_tab(self, key: str) -> None:
        self.body.show_tab(key)
        self.stepper.setVisible(key == "summary")
        self.header.show_chips(key != "summary")

    def _on_list(self) -> None:
        self.context.open("cases")

    def _on_others(self, name: str) -> None:
        self.context.open("cases", view="all", text=name)

    def _on_change(self) -> None:
        self._on_act("facts")

    def _on_requirements(self) -> None:
        self.tabs.choose("assessment")

    def _on_invite(self, values: Mapping[str, Any] | None = None) -> None:
        self.open_step("invited", values)

    def _on_kept(self, said: str) -> None:
        self.reload()
        self.context.note_saved(said)

    def _on_stage(self, key: str) -> None:
        words = self.words
        mark = next((s.mark for s in words.view.state.steps if s.key == key), "") if words else ""
        if mark == "now":
            self.primary()
        elif mark == "done":
            self.tabs.choose("timeline")
            self.timeline.narrow("step")
        elif mark == "skipped":
            self.context.say("Tahap ini tidak perlu untuk perkara ini.")
        elif words is not None:
            self.context.say(f"Tahap ini belum tiba. Sekarang: {words.view.state.label}.")

    def _on_act(self, key: str) -> None:
        if key == "note":
            self.tabs.choose("summary")
            self.summary.timeline.entry.setFocus()
        elif key == "reply" and (words := self.words) is not None:
            why = words.why_not("case.step")
            ReplySheet(self.window(), self.context, words.view.uid, why).open()
        elif key == "facts" and (words := self.words) is not None:
            correct_facts(self, self.context, words)
        elif key == "evidence":
            self.new_row()
        elif key == SENT:
            self.open_step(SENT)
        elif key == "letter":
            self.tabs.choose("letters")
            self.letters.open_menu()
        elif key == "count" and self.words is not None:
            CountPrinter(self.context, self).print_case(self.words.view.uid)

    def _on_link(self, link: str) -> None:
        kind, _, uid = link.partition(":")
        if kind == "correct":
            self.correct(uid)
        elif kind == "letter" and self.words is not None:
            letter = next((r for r in self.words.view.letters if r.uid == uid), None)
            if letter is not None:
                self.context.run(show_letter, uid, letter.title, letter.number)

    def _on_recorded(self, kind: str) -> None:
        self.reload()
        words = self.words
        if words is not None:
            fitting = for_referral(words) if kind == "referred" else None
            self._offer = fitting.name if fitting else ""
            self.set_banner(self._banner_for(words))
        self.context.note_saved("Langkah tercatat")

    def _on_offer(self) -> None:
        name, self._offer = self._offer, ""
        self.tabs.choose("letters")
        self.letters.write(name)

    def _on_sheet_closed(self) -> None:
        self.sheet, self.handing = None, None
