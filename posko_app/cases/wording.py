"""A case in one sentence for people outside: from its facts, never from what somebody told."""

from __future__ import annotations

from posko_app.text import full_date

from .views import CaseFacts


def summary(facts: CaseFacts) -> str:
    """When and where what was suspected happened; empty while the case has no title.

    The narrative is left out: it is told by the reporter and may show who that is.
    """
    if not facts.title:
        return ""
    when = f"Pada hari {full_date(facts.event_on)}" if facts.event_on else ""
    where = f"di {facts.event_place}" if facts.event_place else ""
    told = " ".join(t for t in (when, where) if t)
    lead = f"{told}, diduga terjadi peristiwa: " if told else "Diduga terjadi peristiwa: "
    return f"{lead}{facts.title.rstrip('.')}."
