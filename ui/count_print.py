"""Printing how a deadline was counted: of a case, or of a rule and a date."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from posko_app.app import Posko
from posko_app.progress import Progress, silent
from posko_app.rules.book import Regulation
from posko_app.rules.facts import DeadlineRule

from . import dialogs, documents
from .context import Context


def case_bytes(
    posko: Posko, case: str, rule: str, *, progress: Progress = silent
) -> tuple[str, bytes]:
    """The count of a deadline of a case and the name of its file."""
    from posko_app.letters.count_sheet import case_count_sheet

    made = case_count_sheet(posko, case, rule, progress=progress)
    return f"Cara_hitung_{posko.today():%Y%m%d}.pdf", made


def rule_bytes(
    posko: Posko,
    law: Regulation,
    rule: DeadlineRule,
    start: date | datetime,
    *,
    progress: Progress = silent,
) -> tuple[str, bytes]:
    """The count of a rule from a date and the name of its file."""
    from posko_app.letters.count_sheet import counted_sheet

    made = counted_sheet(posko, law, rule, start, progress=progress)
    return f"Cara_hitung_{rule.key}_{start:%Y%m%d}.pdf", made


class CountPrinter(QObject):
    """Makes the PDF in the background and opens it in the system's viewer."""

    def __init__(self, context: Context, page: QWidget) -> None:
        super().__init__(page)
        self.context, self.page = context, page

    def print_case(self, case: str, rule: str = "") -> None:
        """Print a deadline that runs in a case; the first one unless `rule` names it."""
        self._start(case_bytes, case, rule)

    def print_rule(self, law: Regulation, rule: DeadlineRule, start: date | datetime) -> None:
        """Print a rule counted from a date."""
        self._start(rule_bytes, law, rule, start)

    def _start(self, make: Callable[..., tuple[str, bytes]], *asked: object) -> None:
        dialogs.run_with_progress(
            self.context, self.page, "Menyusun cara hitung", make, *asked, done=self._on_made
        )

    def _on_made(self, made: tuple[str, bytes]) -> None:
        self.context.run(_show, *made)


def _show(posko: Posko, name: str, content: bytes) -> None:
    documents.open_document(posko.folder, name, content)
