"""What is looked at before evidence leaves beside workbooks: after its parts have names it is late.

An export looks again when its turn comes; what it refuses then takes the parts back.
"""

from __future__ import annotations

from collections.abc import Collection

from posko_app.app import Posko, use_case
from posko_app.progress import Progress, silent

from .free_text import look, note_search, require_silence
from .gather import split
from .left_out import profiles
from .wanting import What, require_sense, wanted
from .xlsx.limits import limits


@use_case("exchange.export")
def require_quiet(
    posko: Posko,
    to_code: str,
    *,
    what: What = "changes",
    cases: Collection[str] = (),
    profile: str = "internal",
    names_stay: str = "",
    progress: Progress = silent,
) -> None:
    """Raise UserError when such an export would be refused for what it asks or for whom it names.

    Writes no file.
    """
    require_sense(posko, to_code, what, cases, profile)
    if profiles().by_code[profile].names == "tell":
        return
    with posko.store.read() as session:
        asked = wanted(posko, session, to_code, what, cases, profile)
        search = look(posko, session, asked, split(session, asked, limits()), profile, progress)
    note_search(posko, search, to_code, profile)
    require_silence(search, profile, names_stay)
