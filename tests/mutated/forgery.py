"""What somebody does on purpose: rows never signed, borrowed heads, old signatures, hand edits."""

from __future__ import annotations

import base64
import json
import re
from random import Random
from typing import Any

from posko_app.data.record import dumps, row_hash
from posko_app.exchange.manifest import SHEET, blocks, root
from posko_app.security.sign import public_key, sign
from tests.mutated.archive import Grid, Mutant, Source

ATTACKER = bytes(range(32))
"""The key of somebody whom nobody knows; always the same, so that a seed means one file."""
_CHUNK = 28_000
_TYPED = (
    *("Diubah tangan", "", " ", "0", "1E5", "=1+1", "13-10-2024", "31/02/2024", "besok", "x" * 900),
    *(
        "Contoh Terlapor",
        "198604122010011013",
        "3275012304950001",
        "\u202eterbalik",
        "62.10.02.1001",
    ),
    *('<c r="@"><v>1.9E+17</v></c>', '<c r="@"><v>45000</v></c>', '<c r="@" t="b"><v>1</v></c>'),
    *('<c r="@"><f>A1</f><v>3</v></c>', '<c r="@" t="e"><v>#REF!</v></c>', "Ya", "Tidak", "999/LP"),
)


# -- rows of the machine sheet ---------------------------------------------------------------------


def letter_in_a_row(mutant: Mutant, chance: Random) -> None:
    row = _row(mutant, chance)
    if row is not None:
        column = chance.choice(sorted(row))
        text = row[column]
        at = chance.randrange(len(text) + 1)
        row[column] = text[:at] + chance.choice('aZ09{}",:[]-é') + text[at + 1 :]


def another_value(mutant: Mutant, chance: Random) -> None:
    """A value changed, and the hash of the row made anew: right in itself, but never signed."""
    row = _row(mutant, chance)
    if row is None:
        return
    try:
        data = json.loads("".join(row[c] for c in sorted(row) if c > 1))
        name = chance.choice(sorted(data["f"]) if "f" in data else sorted(data))
        _twist(data, name, chance)
    except (ValueError, KeyError, TypeError, IndexError):
        return
    _put(row, row.get(0, ""), dumps(data))


def _twist(data: dict[str, Any], name: str, chance: Random) -> None:
    values = data["f"] if name in data.get("f", {}) else data
    old = values[name]
    wild: list[Any] = ["palsu", None, 7, -1, 2**70, 1e300, True, [], {}, [[["x"]]], {"m": [1]}]
    values[name] = (
        [*old, *old] if isinstance(old, list) and chance.random() < 0.4 else (chance.choice(wild))
    )


def version_ahead(mutant: Mutant, chance: Random) -> None:
    """The version vector pushed on, as if the sender had written after everybody else."""
    row = _row(mutant, chance)
    if row is None:
        return
    text = "".join(row[c] for c in sorted(row) if c > 1)
    at = text.rfind(":")
    if at > 0 and text[at + 1 : at + 2].isdigit():
        _put(row, row.get(0, ""), f"{text[: at + 1]}9{text[at + 1 :]}")


def invented_row(mutant: Mutant, chance: Random) -> None:
    """A row of this file once more under a new id, with a hash that fits."""
    rows = mutant.grid(SHEET)
    row = _row(mutant, chance)
    if row is None:
        return
    uid = row.get(0, "")
    new = uid[:-6] + f"{chance.getrandbits(24):06x}"
    text = "".join(row[c] for c in sorted(row) if c > 1).replace(uid, new) if uid else "{}"
    made: dict[int, str] = {}
    _put(made, new, text)
    rows.insert(chance.randrange(1, len(rows) + 1), made)


def other_hash(mutant: Mutant, chance: Random) -> None:
    row = _row(mutant, chance)
    if row is not None:
        row[1] = chance.choice((row_hash("x"), "", row.get(1, "")[:-1], row.get(1, "").lower()))


def other_id(mutant: Mutant, chance: Random) -> None:
    row = _row(mutant, chance)
    if row is not None:
        uid = row.get(0, "")
        row[0] = chance.choice(("", uid[:-1] + "0", uid.upper(), "x", f" {uid}", uid * 2))


def swapped_texts(mutant: Mutant, chance: Random) -> None:
    a, b = _row(mutant, chance), _row(mutant, chance)
    if a is not None and b is not None:
        which = chance.choice(((0,), (1,), (2,), (1, 2), (0, 1, 2)))
        for column in which:
            a[column], b[column] = b.get(column, ""), a.get(column, "")


def doubled_row(mutant: Mutant, chance: Random) -> None:
    rows, row = mutant.grid(SHEET), _row(mutant, chance)
    if row is not None:
        rows.insert(chance.randrange(1, len(rows) + 1), dict(row))


def lost_rows(mutant: Mutant, chance: Random) -> None:
    rows = mutant.grid(SHEET)
    for _ in range(min(chance.choice((1, 1, 3, 1000)), len(rows) - 1)):
        rows.pop(chance.randrange(1, len(rows)))


def sorted_rows(mutant: Mutant, chance: Random) -> None:
    rows = mutant.grid(SHEET)
    rest = rows[1:]
    chance.shuffle(rest)
    rows[1:] = rest


def row_of_another(mutant: Mutant, chance: Random) -> None:
    """A row that another office, or the same one in another file, did sign."""
    other = chance.choice(mutant.others)
    rows = mutant.grid(SHEET)
    theirs = dict(chance.choice(other.grids[SHEET][1:]))
    if chance.random() < 0.5 and len(rows) > 1:
        rows[chance.randrange(1, len(rows))] = theirs
    else:
        rows.append(theirs)


def moved_cells(mutant: Mutant, chance: Random) -> None:
    row = _row(mutant, chance)
    if row is not None:
        by = chance.choice((1, 2, 60))
        cells = {column + by: value for column, value in row.items()}
        row.clear()
        row.update(cells)


# -- the head --------------------------------------------------------------------------------------


def letter_in_the_head(mutant: Mutant, chance: Random) -> None:
    head = _head(mutant)
    column = chance.choice((0, 1, 1, 1, 2))
    text = head.get(column, "")
    at = chance.randrange(len(text) + 1)
    head[column] = text[:at] + chance.choice('aB0+/={}",: ') + text[at + 1 :]


def head_of_another(mutant: Mutant, chance: Random) -> None:
    """Another file's manifest with its right signature over these rows."""
    _head(mutant).update(chance.choice(mutant.others).head)


def signature_of_another(mutant: Mutant, chance: Random) -> None:
    _head(mutant)[2] = chance.choice(mutant.others).head[2]


def rows_under_an_old_head(mutant: Mutant, chance: Random) -> None:
    """Everything of another file but its head: an old manifest played again with new rows."""
    other = chance.choice(mutant.others)
    mutant.grids[SHEET] = [dict(_head(mutant)), *(dict(row) for row in other.grids[SHEET][1:])]


def changed_claims(mutant: Mutant, chance: Random) -> None:
    """The manifest says something else and keeps the signature."""
    head = _head(mutant)
    head[1] = _claims(head.get(1, ""), mutant, chance)


def signed_anew(mutant: Mutant, chance: Random) -> None:
    """Everything made right by somebody who has only a key of their own."""
    for _ in range(chance.randint(0, 2)):
        chance.choice((another_value, invented_row, lost_rows))(mutant, chance)
    rows, head = mutant.grid(SHEET), _head(mutant)
    try:
        manifest = json.loads(_claims(head.get(1, ""), mutant, chance, lie=False))
    except ValueError:
        return
    lines = [f"{row.get(0, '')}:{row.get(1, '')}" for row in rows[1:]]
    manifest |= {"n": len(lines), "root": root(lines), "blocks": blocks(lines)}
    keep = chance.random()
    if keep < 0.7:  # else the key of the real sender stays and the signature is the attacker's
        manifest["key"] = base64.b64encode(public_key(ATTACKER)).decode()
    if keep < 0.4:
        manifest["device"] = chance.choice(("ZZZZZZZZ", "00000000"))
    text = dumps(manifest)
    head[1], head[2] = text, base64.b64encode(sign(ATTACKER, text.encode())).decode()


def stranger(mutant: Mutant, chance: Random) -> None:
    """A file that is right in itself, of an office of which nobody ever heard."""
    head = _head(mutant)
    try:
        manifest = json.loads(head.get(1, ""))
        code = chance.choice(("62.10.09", "62.99.99", "62"))
        manifest |= {"office": code, "device": "ZZZZZZZZ", "certificate": "", "roster": ""}
    except (ValueError, TypeError):
        return
    manifest["key"] = base64.b64encode(public_key(ATTACKER)).decode()
    text = dumps(manifest)
    head[1], head[2] = text, base64.b64encode(sign(ATTACKER, text.encode())).decode()


def no_machine_sheet(mutant: Mutant, chance: Random) -> None:
    """Only what people read is left, as after copying into a new workbook."""
    book = mutant.parts.get("xl/workbook.xml", b"")
    mutant.parts["xl/workbook.xml"] = re.sub(rb'<sheet [^>]*name="_pos"[^>]*/>', b"", book)


def strange_head(mutant: Mutant, chance: Random) -> None:
    head = _head(mutant)
    head[chance.choice((0, 1, 2))] = chance.choice(
        ("", "POS2", "POS1", "[]", "{}", "null", "[" * 2000, '{"fmt":2}', '{"fmt":1}', "A" * 88)
    )


def _claims(text: str, mutant: Mutant, chance: Random, *, lie: bool = True) -> str:
    try:
        data = json.loads(text)
        other = json.loads(chance.choice(mutant.others).head[1])
    except ValueError:
        return text
    names = sorted(set(data) & set(other)) if isinstance(data, dict) else []
    for name in chance.sample(names, min(len(names), chance.randint(1, 3))):
        wild: list[Any] = [other[name], other[name], 0, -1, 2**63, "", "x", None, [], {}, True]
        if lie or chance.random() < 0.2:
            data[name] = chance.choice(wild)
    return dumps(data) if names else text


# -- readable sheets -------------------------------------------------------------------------------


def typed_over(mutant: Mutant, chance: Random) -> None:
    for _ in range(chance.randint(1, 5)):
        rows = _sheet(mutant, chance)
        row = rows[chance.randrange(len(rows))]
        if row:
            row[chance.choice(sorted(row))] = chance.choice(_TYPED)


def played_with(mutant: Mutant, chance: Random) -> None:
    rows = _sheet(mutant, chance)
    act = chance.randrange(6)
    if act == 0:
        rows.append(dict(chance.choice(rows)))
    elif act == 1 and len(rows) > 1:
        rows.pop(chance.randrange(1, len(rows)))
    elif act == 2:
        rest = rows[1:]
        chance.shuffle(rest)
        rows[1:] = rest
    elif act == 3:
        gone = chance.randrange(8)
        rows[:] = [{c: v for c, v in row.items() if c != gone} for row in rows]
    elif act == 4:
        place, by = chance.randrange(12), chance.randint(1, 3)
        rows[:] = [{c + by * (c >= place): v for c, v in row.items()} for row in rows]
    else:
        rows.insert(chance.randrange(len(rows) + 1), {3: "baris baru", 5: "isi"})


def swapped_ids(mutant: Mutant, chance: Random) -> None:
    rows = _sheet(mutant, chance)
    a, b = chance.choice(rows), chance.choice(rows)
    column = chance.choice((0, 1))
    a[column], b[column] = b.get(column, ""), a.get(column, "")


def _sheet(mutant: Mutant, chance: Random) -> Grid:
    told: Source = mutant.source
    filled = [name for name in told.sheets if name != SHEET and len(told.grids[name]) > 1]
    return mutant.grid(chance.choice(filled))


def _head(mutant: Mutant) -> dict[int, str]:
    return mutant.grid(SHEET)[0]


def _row(mutant: Mutant, chance: Random) -> dict[int, str] | None:
    rows = mutant.grid(SHEET)
    return chance.choice(rows[1:]) if len(rows) > 1 else None


def _put(row: dict[int, str], uid: str, text: str) -> None:
    pieces = [text[at : at + _CHUNK] for at in range(0, len(text), _CHUNK)]
    row.clear()
    row.update({0: uid, 1: row_hash(text), **dict(enumerate(pieces, 2))})


ROWS = (
    *(letter_in_a_row, another_value, another_value, version_ahead, invented_row, other_hash),
    *(other_id, swapped_texts, doubled_row, lost_rows, sorted_rows, row_of_another, moved_cells),
)
HEAD = (
    *(letter_in_the_head, head_of_another, signature_of_another, rows_under_an_old_head),
    *(changed_claims, signed_anew, signed_anew, strange_head),
    *(stranger, no_machine_sheet),
)
VISIBLE = (typed_over, typed_over, played_with, swapped_ids)
