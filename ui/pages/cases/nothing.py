"""What to say when the list is empty, and the most useful way out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from posko_app.cases.list_views import standard_views
from posko_app.cases.queries import CaseFilter

Count = Callable[[CaseFilter], int]


@dataclass(frozen=True)
class WayOut:
    """Title, sentence, and the first button: what it says, which filter or tab it changes."""

    title: str
    words: str
    button: str = ""
    free: str = ""  # key of the filter to let go, "text" for the typed words
    view: str = ""  # the tab to go to


def way_out(
    query: CaseFilter,
    lacking: Mapping[str, CaseFilter],
    named: Callable[[str], tuple[str, str]],
    count: Count,
) -> WayOut:
    """What helps most: letting one filter go, another tab, or nothing.

    `lacking` is the query with one filter let go, by the key of that filter; `named` gives its
    title and what is chosen; `count` counts a query.
    """
    if not lacking and not query.text:
        return WayOut(*standard_views()[query.view].empty)
    typed = f" dengan “{query.text}”" if query.text else " dengan saringan ini"
    title = f"Tidak ada laporan yang cocok{typed}"
    counted = [(count(less), key) for key, less in lacking.items()]
    best = max(counted, key=lambda pair: pair[0], default=(0, ""))
    if best[0]:
        name, chosen = named(best[1])
        return WayOut(
            title,
            f"{best[0]} laporan cocok bila saringan {name}: {chosen} dilepas.",
            f"Lepas saringan {name}",
            free=best[1],
        )
    elsewhere = count(replace(query, view="all")) if query.view != "all" else 0
    if elsewhere:
        tab = standard_views()["all"].label
        return WayOut(
            title, f"{elsewhere} laporan cocok ada di tab {tab}.", f"Buka tab {tab}", view="all"
        )
    return WayOut(title, "Periksa ejaannya, atau bersihkan saringan dan mulai lagi.")
