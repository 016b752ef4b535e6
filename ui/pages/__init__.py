"""The pages, by the name that `context.open(name, …)` uses; each is imported when first opened."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ui.page import Page

PAGES: dict[str, str] = {
    "home": "ui.pages.home:HomePage",
    "cases": "ui.pages.cases:CasesPage",
    "case": "ui.pages.case:CasePage",
    "new_report": "ui.pages.new_report:NewReportPage",
    "letters": "ui.pages.letters:LettersPage",
    "prevention": "ui.pages.prevention:PreventionPage",
    "exchange": "ui.pages.exchange:ExchangePage",
    "recap": "ui.pages.recap:RecapPage",
    "waiting": "ui.pages.waiting:WaitingPage",
    "rules": "ui.pages.rules:RulesPage",
    "settings": "ui.pages.settings:SettingsPage",
}


def page_class(name: str) -> type[Page]:
    """The class of a page; raises KeyError for a name that is not in the table."""
    module, _, attribute = PAGES[name].partition(":")
    found: type[Page] = getattr(import_module(module), attribute)
    return found
