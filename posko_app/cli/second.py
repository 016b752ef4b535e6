"""`posko numbers`, `posko second-pc`: several computers of one office and the numbers they give."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .answer import Answer, table
from .session import folder_of, made_folder, opened, password_for
from .words import count, pair

if TYPE_CHECKING:
    from posko_app.cases.number_blocks import Block
    from posko_app.cases.numbers import Numbers, SeriesLine


def add(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add the commands of this family."""
    numbers = commands.add_parser(
        "numbers", parents=[common], help="nomor: siapa pemegangnya, blok tiap komputer"
    )
    acts = numbers.add_subparsers(title="Yang dilakukan", dest="act", required=True)
    listed = acts.add_parser("list", parents=[common], help="nomor berikutnya dan semua blok")
    listed.set_defaults(run=run_list)
    reserved = acts.add_parser(
        "reserve", parents=[common], help="cadangkan blok nomor untuk komputer lain kantor ini"
    )
    reserved.set_defaults(run=run_reserve)
    reserved.add_argument(
        "--device", required=True, metavar="PERANGKAT",
        help="PC-2 atau kode perangkatnya dari posko ledger",
    )  # fmt: skip
    reserved.add_argument(
        "--count", type=count, default=50, metavar="N", help="nomor tiap seri, bawaan 50"
    )
    reserved.add_argument(
        "--series", action="append", default=[], metavar="SERI",
        help="filing/pilkada/2024, boleh berulang; bawaan: semua seri tahun ini",
    )  # fmt: skip
    kept = acts.add_parser(
        "keep", parents=[common], help="jadikan komputer ini pemegang nomor, dari nomor terakhir"
    )
    kept.set_defaults(run=run_keep, wrong=kept.error)
    kept.add_argument(
        "--last", action="append", type=pair, required=True, metavar="SERI=NOMOR",
        help="nomor terakhir di buku register, termasuk yang dicadangkan; boleh berulang",
    )  # fmt: skip
    settled = acts.add_parser(
        "settle", parents=[common], help="beri nomor tetap kepada laporan bernomor sementara"
    )
    settled.set_defaults(run=run_settle)
    _add_second(commands, common)


def _add_second(commands: Any, common: argparse.ArgumentParser) -> None:
    second = commands.add_parser(
        "second-pc", parents=[common], help="komputer lain untuk kantor yang sama"
    )
    acts = second.add_subparsers(title="Yang dilakukan", dest="act", required=True)
    made = acts.add_parser(
        "file", parents=[common], help="buat berkas pasang, untuk posko setup --join"
    )
    made.set_defaults(run=run_file)
    made.add_argument("--out", required=True, metavar="FOLDER", help="folder untuk berkasnya")
    same = acts.add_parser(
        "settings", parents=[common], help="samakan pengaturan dengan komputer pembuat berkas"
    )
    same.set_defaults(run=run_settings)
    same.add_argument("file", metavar="BERKAS", help="berkas pasang: Posko_….pasang")


def run_list(args: argparse.Namespace) -> Answer:
    """Who keeps the series, what this computer gives next, every block, and what is borne twice."""
    from posko_app.cases.double_numbers import double_numbers
    from posko_app.cases.numbers import numbers

    with opened(args) as posko:
        seen, twice = numbers(posko), double_numbers(posko)
    data = [{"number": d.number, "cases": [case.uid for case in d.cases]} for d in twice]
    lines = [
        f"Nomor ganda {d.number}: {'; '.join(case.title or case.uid for case in d.cases)}"
        for d in twice
    ]
    return Answer({**_data(seen), "double": data}, [*_lines(seen), *lines])


def run_reserve(args: argparse.Namespace) -> Answer:
    """Reserve a block of each series for another computer."""
    from posko_app.cases.numbers import reserve

    with opened(args) as posko:
        made = reserve(posko, args.device, args.count, tuple(args.series))
    lines = [
        *_blocks(made),
        "Buat kiriman untuk kantor sendiri supaya komputer itu memakai blok ini.",
    ]
    return Answer({"blocks": [_block(block) for block in made]}, lines)


def run_keep(args: argparse.Namespace) -> Answer:
    """Make this computer the keeper of the series."""
    last = {}
    for key, number in args.last:
        if not number.strip().isdecimal():
            args.wrong(f"--last {key}: nomor harus angka bulat")
        last[key] = int(number)
    from posko_app.cases.numbers import keep_numbers, numbers

    with opened(args) as posko:
        keep_numbers(posko, last)
        seen = numbers(posko)
    return Answer(_data(seen), _lines(seen))


def run_settle(args: argparse.Namespace) -> Answer:
    """Give lasting numbers."""
    from posko_app.cases.numbers import settle

    with opened(args) as posko:
        done = settle(posko)
    data = [{"uid": s.uid, "before": s.before, "number": s.number} for s in done]
    lines = [f"{s.before} menjadi {s.number}" for s in done]
    return Answer({"settled": data}, lines or ["Tidak ada perkara bernomor sementara."])


def run_file(args: argparse.Namespace) -> Answer:
    """Write the set-up file for a further computer, and say the words to compare."""
    out = Path(args.out).absolute()
    from posko_app.exchange.joining import make_join_file, read_join_file

    with opened(args) as posko, made_folder(out):
        path = make_join_file(posko, out)
    said = read_join_file(path)
    words = " ".join(said.words)
    lines = [
        f"Berkas pasang untuk {said.label}: {path}",
        f"Enam kata untuk dicocokkan di komputer itu: {words}",
    ]
    return Answer({"path": str(path), "label": said.label, "words": words}, lines)


def run_settings(args: argparse.Namespace) -> Answer:
    """Take over the settings of the computer that made a set-up file."""
    from posko_app.exchange.joining import read_join_file, take_settings

    said = read_join_file(Path(args.file))
    with opened(args) as posko:
        changed = take_settings(posko, said)
    lines = [f"Disamakan: {', '.join(changed)}." if changed else "Semua sudah sama."]
    return Answer({"changed": list(changed)}, lines)


def run_join(args: argparse.Namespace) -> Answer:
    """Set this computer up as a further one of an office: `posko setup --join`."""
    from posko_app.errors import UserError
    from posko_app.exchange.joining import FirstPerson, join_office, read_join_file

    from .office import login_of

    said = read_join_file(Path(args.join))
    if not args.trust:
        raise UserError(
            f"Cocokkan enam kata dengan layar komputer pertama: {' '.join(said.words)}. Belum ada "
            "yang dipasang. Bila sama, ulangi dengan --trust dan enam kata itu.",
            "unknown_key",
        )
    folder, login = folder_of(args), login_of(args.admin)
    password = password_for(login, twice=True)
    person = FirstPerson(
        login=login, name=args.admin.strip(), title=args.admin_title, password=password
    )
    join_office(folder, said, args.trust, person, label=args.label)
    label = args.label.strip() or said.label
    code, name = said.office["region_code"], said.office["name"]
    made = {"data": str(folder), "code": code, "user": login, "label": label}
    lines = [
        f"{label} untuk {name} siap di {folder}. Masuk sebagai {login}.",
        f"1. Di komputer ini: posko export --to {code} --out FOLDER.",
        "2. Di komputer pertama: posko import BERKAS --apply; enam kata komputer ini dicocokkan "
        "dengan --trust, dan blok nomor untuk komputer ini dicadangkan.",
        f"3. Di komputer pertama: posko export --to {code} --out FOLDER.",
        "4. Di komputer ini: posko import BERKAS --apply. Sesudah itu semua data dan blok nomornya "
        "ada di sini; sampai saat itu laporan diterima dengan nomor sementara.",
    ]
    return Answer(made, lines)


def _data(seen: Numbers) -> dict[str, Any]:
    return {
        "keeper": seen.keeper,
        "mine": seen.mine,
        "sure": seen.sure,
        "devices": list(seen.devices),
        "provisional": seen.provisional,
        "series": [_series(line) for line in seen.lines],
        "blocks": [_block(block) for block in seen.blocks],
    }


def _series(line: SeriesLine) -> dict[str, Any]:
    return {
        "key": line.key,
        "label": line.label,
        "free": line.free,
        "next": line.next,
        "left": line.left,
        "highest": line.highest,
    }


def _block(block: Block) -> dict[str, Any]:
    return {
        "series": block.series,
        "device": block.device,
        "first": block.first,
        "last": block.last,
    }


def _lines(seen: Numbers) -> list[str]:
    who = "komputer ini" if seen.mine else f"perangkat {seen.keeper}"
    cells = [
        (line.label, str(line.next or "habis"), "bebas" if line.free else str(line.left), line.key)
        for line in seen.lines
    ]
    lines = [
        f"Pemegang nomor: {who}.",
        *table(("Seri", "Berikutnya", "Sisa", "Kode untuk --series, --last"), cells),
        *_blocks(seen.blocks),
    ]
    if seen.provisional:
        lines.append(f"{seen.provisional} laporan masih bernomor sementara.")
    return lines


def _blocks(blocks: tuple[Block, ...]) -> list[str]:
    from posko_app.cases.number_blocks import series_label

    return [
        f"Blok {series_label(block.series)}: {block.first} sampai {block.last} untuk {block.device}"
        for block in blocks
    ]
