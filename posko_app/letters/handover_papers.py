"""The papers of a pelimpahan: the letter, the berita acara serah terima, and the slip to sign."""

from __future__ import annotations

from pathlib import Path

from posko_app.app import Posko, use_case
from posko_app.cases.case_view import case_view
from posko_app.cases.views import CaseView, LetterView
from posko_app.errors import UserError
from posko_app.security.durable import write_file

from .catalogue import Value
from .issue import issue, reprint

LETTER = "pelimpahan"
PAPERS = (LETTER, "serah-terima-pelimpahan", "tanda-terima-pelimpahan")


@use_case("letter.issue")
def write_papers(posko: Posko, case: str, folder: Path) -> tuple[Path, ...]:
    """Issue the papers of the last pelimpahan of a case and write them into `folder`.

    Papers that were issued for it before are printed again, byte for byte. Raises UserError for a
    case without a pelimpahan or a folder that cannot be written, InvalidInput when a letter lacks
    something.
    """
    view = case_view(posko, case)
    sent = [e for e in view.state.events if e.kind == "transferred" and e.data.get("to")]
    if not sent:
        raise UserError(
            "Perkara ini belum dilimpahkan ke kantor lain, jadi naskahnya belum dibuat.",
            "not_handed_over",
        )
    to = sent[-1].data.get("to_office", "")
    since = max(e.made_at for e in view.events if e.uid == sent[-1].uid)
    written = []
    for template in PAPERS:
        known = next((x for x in view.letters if _is(x, template) and x.issued_at >= since), None)
        uid = known.uid if known else issue(posko, view.uid, template, values=_given(to)).uid
        path = _free(folder, view, template)
        try:
            write_file(path, reprint(posko, uid))
        except OSError as error:
            raise UserError(
                f"Naskah tidak dapat ditulis di {folder}. Naskahnya sudah tersimpan di perkara. "
                "Kosongkan ruang atau pilih folder lain, lalu buat lagi.",
                "letter_not_written",
            ) from error
        written.append(path)
    return tuple(written)


def _is(letter: LetterView, template: str) -> bool:
    return letter.template == template


def _given(to: str) -> dict[str, Value]:
    return {"letter.addressee": f"Ketua {to}"}


def _free(folder: Path, view: CaseView, template: str) -> Path:
    """A name in the folder that is not taken; a number may hold what no file name can."""
    number = "".join(c if c.isalnum() else "-" for c in view.facts.number).strip("-")
    stem = f"{template}-{number}" if number else template
    path, count = folder / f"{stem}.pdf", 1
    while path.exists():
        count += 1
        path = folder / f"{stem}-{count}.pdf"
    return path
