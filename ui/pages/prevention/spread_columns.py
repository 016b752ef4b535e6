"""The columns of the matrix: every item at once, or one item with all that happened to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from posko_app import text
from posko_app.app import Posko
from posko_app.cases.coverage import Coverage, CoverageCell, VillageRow
from ui.tables import Column, GroupRow
from ui.widgets.chips import Chip

NONE = CoverageCell()
FILTERS = (("", "Semua"), ("unreached", "Belum terjangkau"), ("bare", "Desa tanpa bukti"))
"""Which villages a chip shows."""


def columns(posko: Posko) -> tuple[Column[VillageRow], ...]:
    """All columns; `keys_for` says which of them are shown."""
    items = posko.vocabulary.items("coverage_item")
    actions = posko.vocabulary.items("coverage_action")
    return (
        Column("village", "Desa", lambda r: r.village.name, width=0, sortable=False),
        *(
            Column(item, label, _state(item, dict(actions)), width=120, style="chip",
                   sortable=False)
            for item, label in items
        ),
        *(column for item, _ in items for column in _detail(item, actions)),
        Column("photos", "Foto", lambda r: r.photos, lambda n: str(n) if n else "–", width=60,
               right=True, sortable=False, tone=lambda r: "gold" if r.without_proof else ""),
    )  # fmt: skip


def keys_for(
    posko: Posko, item: str, made: Coverage | None, *, narrow: bool
) -> tuple[list[str], Mapping[str, int]]:
    """The columns for one item, or with "" for all of them, and widths that differ.

    In a narrow window items that nobody planned or noted are left out.
    """
    items = posko.vocabulary.codes("coverage_item")
    if not item and narrow:
        used = (
            {total.item for total in made.totals if total.planned or total.pieces} if made else ()
        )
        shown = [code for code in items if code in used] or list(items[:2])
        return ["village", *shown, "photos"], dict.fromkeys(shown, 92 if len(shown) > 3 else 110)
    if not item:
        return ["village", *items, "photos"], {}
    acts = [f"{item}.{action}" for action in posko.vocabulary.codes("coverage_action")]
    plan, last = f"{item}.plan", f"{item}.last"
    if narrow:
        return ["village", plan, *acts, "photos"], dict.fromkeys([plan, *acts], 78)
    return ["village", plan, *acts, last, "photos"], {}


def fits(code: str, row: VillageRow) -> bool:
    """Whether a chip shows a village."""
    if code == "bare":
        return row.without_proof
    return code != "unreached" or not row.reached


def grouped(posko: Posko, rows: Sequence[VillageRow]) -> list[VillageRow | GroupRow]:
    """The villages under their kecamatan; names of kecamatan alone do not tell them apart."""
    shown: list[VillageRow | GroupRow] = []
    below: dict[str, list[VillageRow]] = {}
    for row in rows:
        below.setdefault(row.village.code.rpartition(".")[0], []).append(row)
    for code, here in below.items():
        shown.append(GroupRow(_heading(_place(posko, code), here)))
        shown += here
    return shown


def _place(posko: Posko, code: str) -> str:
    """A kecamatan by its name; in a province with its kabupaten."""
    names = [region.name for region in posko.regions.path(code)]
    wide = posko.office.level == "provinsi" and len(names) > 1
    return ", ".join(reversed(names[-2:])) if wide else names[-1] if names else code


def _heading(name: str, rows: Sequence[VillageRow]) -> str:
    reached, bare = sum(r.reached for r in rows), sum(r.without_proof for r in rows)
    said = f"{name}: {len(rows)} desa, {reached} terjangkau"
    return f"{said}, {bare} tanpa bukti" if bare else said


def _state(item: str, actions: Mapping[str, str]) -> Callable[[VillageRow], Chip | None]:
    def chip(row: VillageRow) -> Chip | None:
        cell = row.cells.get(item)
        if cell is None:
            return None
        done = text.thousands(cell.done)
        if not cell.planned:
            first = next((code for code in actions if cell.pieces.get(code)), "")
            if cell.done or not first:
                return Chip(done if cell.done else "–", "plain", "", _last("", cell.last_on))
            said = f"{actions[first].lower()} {text.thousands(cell.pieces[first])}"
            return Chip(said, "plain", "", _last(said, cell.last_on))
        said = f"{done} dari {text.thousands(cell.planned)}"
        if cell.done >= cell.planned:
            return Chip(said, "plain_green", "check", _last(said, cell.last_on))
        tone = "plain_gold" if cell.done else "plain"
        return Chip(said, tone, "now" if cell.done else "missing", _last(said, cell.last_on))

    return chip


def _last(said: str, on: date | None) -> str:
    last = f"Catatan terakhir {text.full_date(on)}" if on else "Belum ada catatan"
    return f"{said}. {last}" if said else last


def _detail(item: str, actions: Iterable[tuple[str, str]]) -> Iterable[Column[VillageRow]]:
    def planned(row: VillageRow) -> int:
        return row.cells.get(item, NONE).planned

    def last(row: VillageRow) -> str:
        on = row.cells.get(item, NONE).last_on
        return text.day_month(on) if on else "–"

    def pieces(action: str) -> Callable[[VillageRow], int]:
        return lambda row: row.cells.get(item, NONE).pieces.get(action, 0)

    yield Column(f"{item}.plan", "Rencana", planned, _number, width=84, right=True,
                 sortable=False, style="secondary")  # fmt: skip
    for action, label in actions:
        yield Column(f"{item}.{action}", label, pieces(action), _number, width=90, right=True,
                     sortable=False)  # fmt: skip
    yield Column(f"{item}.last", "Terakhir", last, width=100, style="secondary", sortable=False)


def _number(count: int) -> str:
    return text.thousands(count) if count else "–"
