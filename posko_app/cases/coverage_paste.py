"""The spread of banners and brochures as it is pasted from a spreadsheet, and photos by file name.

Two shapes are read: a line per village with a column per item ("Desa | Spanduk | Brosur"), and a
line per village, item and action ("Desa | Bahan | Kegiatan | Jumlah | Tanggal").
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from posko_app.app import Posko
from posko_app.errors import UserError
from posko_app.text import fold, numeric_date, parse_date, thousands

from .coverage import MOST, NewEntry, Village, noted
from .pasted import PastedRow, read_pasted
from .prevention_words import PLAN, PreventionWords, prevention_words
from .village_names import VillageNames, sound_words

AMOUNT = re.compile(r"(\d{1,3}(?:[.\s]\d{3})+|\d+)(?:\s*[^\W\d]+\.?)?")  # and what is counted
NO_HEADINGS = (
    "Kolom desa tidak ditemukan. Belum ada yang disimpan. Salin lagi bersama baris judulnya, "
    "misalnya Kecamatan, Desa, Spanduk, Brosur."
)


@dataclass(frozen=True, kw_only=True)
class PastedAmount:
    """Pieces of one item in one line; `action` may be a plan."""

    village: Village
    item: str
    action: str
    quantity: int
    on: date
    note: str = ""
    line: int = 0  # of the pasted range


@dataclass(frozen=True)
class PasteProblem:
    """What could not be read in a line, in words."""

    line: int
    text: str


@dataclass(frozen=True)
class CoverageDraft:
    """A pasted range before it is kept: what is understood, and every problem."""

    amounts: tuple[PastedAmount, ...]
    problems: tuple[PasteProblem, ...]
    warnings: tuple[PasteProblem, ...]
    unknown: tuple[str, ...]
    villages: int

    @property
    def entries(self) -> tuple[NewEntry, ...]:
        """What is to be noted as having happened."""
        return tuple(
            NewEntry(
                village_code=one.village.code,
                item=one.item,
                action=one.action,
                quantity=one.quantity,
                on=one.on,
                note=one.note,
            )
            for one in self.amounts
            if one.action != PLAN and one.quantity
        )

    @property
    def plans(self) -> dict[tuple[str, str], int]:
        """What is to be planned."""
        return {
            (one.village.code, one.item): one.quantity for one in self.amounts if one.action == PLAN
        }


def read_coverage(
    posko: Posko, text: str, *, action: str, on: date, item: str = "", under: str = ""
) -> CoverageDraft:
    """Read a pasted range; `action`, `on` and `item` stand where the range does not say.

    What stands noted already, with the same number on the same day, is left out and told.
    Raises UserError when it has no column of villages.
    """
    return PastedCoverage(posko, text, under).draft(action, on, item)


class PastedCoverage:
    """A pasted range taken apart once, to be read with one answer after another.

    Raises UserError when it has no column of villages.
    """

    def __init__(self, posko: Posko, text: str, under: str = "") -> None:
        self._posko, self._words = posko, prevention_words()
        headings = {**self._words.coverage, **_columns(self._words)}
        pasted = read_pasted(text, headings, ("village",))
        if pasted is None:
            raise UserError(NO_HEADINGS, "no_headings")
        self._pasted = pasted
        self._names = VillageNames(posko, under)
        self._noted = noted(posko, under)

    def draft(self, action: str, on: date, item: str = "") -> CoverageDraft:
        """What it says; `action`, `on` and `item` stand where the range does not."""
        reader = _Reader(self._posko, self._words, self._names, self._noted, action, on, item)
        for row in self._pasted.rows:
            reader.line(row)
        return CoverageDraft(
            tuple(reader.amounts),
            tuple(reader.problems),
            tuple(reader.warnings),
            self._pasted.unknown,
            len({amount.village.code for amount in reader.amounts}),
        )


@dataclass(frozen=True)
class PhotoMatch:
    """A photo and the village its file name tells of; None when a person must say."""

    path: Path
    village: Village | None
    why: str


def match_photos(posko: Posko, paths: Iterable[Path], under: str = "") -> tuple[PhotoMatch, ...]:
    """The village of each photo by its file name, or that of its folder."""
    names = VillageNames(posko, under)
    matched = []
    for path in paths:
        here = names.inside(path.stem) or names.inside(path.parent.name)
        # "Tumbang Miwan Kurun" tells village and kecamatan, though a village is called Kurun too.
        above = {sound_words(v.subdistrict) for v in here}
        here = [v for v in here if len(here) == 1 or sound_words(v.name) not in above] or here
        if len(here) > 1:  # the same name in several kecamatan: the path may tell which
            around = sound_words(f"{path.stem} {path.parent.name} {path.parent.parent.name}")
            told = [v for v in here if f" {sound_words(v.subdistrict)} " in f" {around} "]
            here = told if len(told) == 1 else here
        if len(here) == 1:
            matched.append(PhotoMatch(path, here[0], ""))
        else:
            why = "beberapa desa cocok" if here else "nama berkas tidak menyebut desa"
            matched.append(PhotoMatch(path, None, why))
    return tuple(matched)


class _Reader:
    """Takes lines apart and keeps every problem."""

    def __init__(
        self,
        posko: Posko,
        words: PreventionWords,
        names: VillageNames,
        known: Collection[tuple[str, str, str, int, date]],
        action: str,
        on: date,
        item: str,
    ) -> None:
        self._words, self._names = words, names
        self._today = posko.today()
        self._action, self._on, self._item = action, on, item
        self._kecamatan = ""
        self._noted = known
        self._labels = dict(posko.vocabulary.items("coverage_item"))
        self._items = _by_word(words.items, posko.vocabulary.items("coverage_item"))
        self._actions = _by_word(words.actions, posko.vocabulary.items("coverage_action"))
        self._plans: dict[tuple[str, str], PastedAmount] = {}
        self.amounts: list[PastedAmount] = []
        self.problems: list[PasteProblem] = []
        self.warnings: list[PasteProblem] = []

    def line(self, row: PastedRow) -> None:
        """Read one line."""
        cells = row.cells
        # A merged cell stands only in the first of its lines; so does what ditto marks repeat.
        if fold(stated := cells.get("subdistrict", "")):
            self._kecamatan = stated
        name = cells.get("village", "")
        if not name or self._names.key(name) in self._words.totals:
            return
        village, said, wrong = self._names.find(name, self._kecamatan)
        if village is None:
            self.problems.append(PasteProblem(row.number, said))
            return
        if said:
            (self.problems if wrong else self.warnings).append(PasteProblem(row.number, said))
        on = self._day(row)
        if on is None:
            return
        for item, action, typed in self._amounts(row):
            quantity = _count(typed)
            if quantity is None:
                said = f"{village.name}: jumlah “{typed}” bukan angka."
                self.problems.append(PasteProblem(row.number, said))
            elif (village.code, item, action, quantity, on) in self._noted:
                said = (
                    f"{village.name}: {thousands(quantity)} {self._labels[item].lower()} pada "
                    f"{numeric_date(on)} sudah tercatat, dilewati."
                )
                self.warnings.append(PasteProblem(row.number, said))
            elif quantity or action == PLAN:
                amount = PastedAmount(
                    village=village,
                    item=item,
                    action=action,
                    quantity=quantity,
                    on=on,
                    note=cells.get("note", ""),
                    line=row.number,
                )
                if action == PLAN:
                    self._replace(amount)
                self.amounts.append(amount)

    def _replace(self, plan: PastedAmount) -> None:
        """A village has one plan of an item: of two lines the last counts, and it is said."""
        key = (plan.village.code, plan.item)
        if old := self._plans.get(key):
            self.amounts.remove(old)
            said = (
                f"{plan.village.name}: rencana {self._labels[plan.item].lower()} ada lagi di "
                f"baris {plan.line} ({thousands(plan.quantity)}), yang di baris ini "
                f"({thousands(old.quantity)}) tidak dipakai."
            )
            self.warnings.append(PasteProblem(old.line, said))
        self._plans[key] = plan

    def _amounts(self, row: PastedRow) -> Iterator[tuple[str, str, str]]:
        cells = row.cells
        wide = [key for key in cells if key.startswith("item:")]
        for key in wide:
            _, item, action = key.split(":")
            yield item, action or self._stated(row), cells[key]
        if wide or "quantity" not in cells:
            return
        item = self._items.get(fold(cells.get("item", "")), self._item)
        if item:
            yield item, self._stated(row), cells["quantity"]
        else:
            said = f"Bahan “{cells.get('item', '')}” tidak dikenal."
            self.problems.append(PasteProblem(row.number, said))

    def _stated(self, row: PastedRow) -> str:
        typed = row.cells.get("action", "")
        known = self._actions.get(fold(typed), "")
        if typed and not known:
            said = f"Kegiatan “{typed}” tidak dikenal, dicatat seperti pilihan di atas."
            self.warnings.append(PasteProblem(row.number, said))
        return known or self._action

    def _day(self, row: PastedRow) -> date | None:
        typed = row.cells.get("on", "")
        if not typed:
            return self._on
        try:
            found = parse_date(typed.split(" 00:")[0], self._today)
        except ValueError as error:
            self.problems.append(PasteProblem(row.number, str(error)))
            return None
        if found > self._today:
            said = f"Tanggal {typed} setelah hari ini."
            self.problems.append(PasteProblem(row.number, said))
            return None
        return found


def _columns(words: PreventionWords) -> dict[str, tuple[str, ...]]:
    """Headings of the wide shape: an item, or an item and an action in either order."""
    found: dict[str, tuple[str, ...]] = {}
    for item, named in words.items.items():
        found[f"item:{item}:"] = tuple(f"{pre}{n}" for n in named for pre in ("", "jumlah "))
        for action, acts in words.actions.items():
            pairs = [f"{n} {a}" for n in named for a in acts]
            pairs += [f"{a} {n}" for n in named for a in acts]
            found[f"item:{item}:{action}"] = tuple(pairs)
    return found


def _by_word(
    words: Mapping[str, Sequence[str]], labels: Iterable[tuple[str, str]]
) -> dict[str, str]:
    known = {word: code for code, named in words.items() for word in named}
    return known | {fold(label): code for code, label in labels}


def _count(typed: str) -> int | None:
    """A number of pieces as lists hold it: "12", "1.250", "1 250", "3 lembar", "-"; else None."""
    bare = typed.strip()
    if bare in ("", "-", "–"):
        return 0
    found = AMOUNT.fullmatch(bare)
    digits = re.sub(r"\D", "", found[1]) if found else ""
    return int(digits) if digits and int(digits) <= MOST else None
