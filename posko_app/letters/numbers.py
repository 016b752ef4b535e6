"""Letter numbers: the office's series, its pattern, and what is still missing in it."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from posko_app.app import Posko
from posko_app.cases.number_blocks import NumbersUsedUp, peek, take
from posko_app.cases.series import Numbered, pattern_of
from posko_app.data.tables import Setting
from posko_app.rules.book import Regulation
from posko_app.rules.numbering import format_number
from posko_app.text import roman

PER_CLASSIFICATION = "classification"  # value of the setting `letter.series`

NO_LETTER_CODE = (
    "Kode surat kantor belum diisi, jadi nomor surat belum memuat kode jabatan dan wilayah. "
    "Isi di Pengaturan."
)


def letter_number(
    posko: Posko,
    session: Session,
    law: Regulation,
    *,
    classification: str,
    signer: str,
    on: date,
    proposed: bool = False,
) -> Numbered:
    """The next number of this office's letters in the year of `on`.

    One series for all letters, or one per classification where the office has set
    `letter.series`. `proposed` only looks at the next number and takes nothing; where there is none
    it says so. Raises NumbersUsedUp otherwise.
    """
    setting = session.get(Setting, "letter.series")
    key = f"letter/{on.year}"
    if setting and setting.value == PER_CLASSIFICATION:
        key = f"letter/{classification}/{on.year}"
    try:
        seq = peek(session, key) if proposed else take(session, key)
    except NumbersUsedUp as error:
        if not proposed:
            raise
        return Numbered("", 0, (error.message,))
    number = format_number(
        pattern_of(session, "letter", law.number_patterns["letter"].pattern),
        seq=seq,
        classification=classification,
        letter_code=signing_code(posko.office.letter_code, signer),
        roman=roman(on.month),
        month=on.month,
        year=on.year,
    )
    return Numbered(number, seq, () if posko.office.letter_code else (NO_LETTER_CODE,))


def signing_code(code: str, signer: str) -> str:
    """The letter code with `K.` before it when the chair signs; the secretariat has none."""
    chair = "ketua" in signer.casefold() and "sekretariat" not in signer.casefold()
    return f"K.{code}" if code and chair and not code.startswith("K.") else code
