"""Komputer dan nomor: which computers this office has, and which numbers this one may give."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QWidget

from posko_app.app import Posko
from posko_app.cases.double_numbers import DoubleNumber
from posko_app.cases.number_blocks import series_label
from posko_app.cases.numbers import (
    COUNT,
    Numbers,
    Settled,
    keep_numbers,
    likely_last,
    numbers,
    reserve,
    settle,
)
from posko_app.errors import Problem
from posko_app.exchange.joining import make_join_file, read_join_file, take_settings
from ui import dialogs
from ui.context import Context
from ui.fields import Field, Parsed
from ui.widgets.buttons import Link
from ui.widgets.cards import Card
from ui.widgets.text import Facts, hbox, vbox

JOIN_FILES = "Berkas pasang Posko (*.pasang)"
MOST = 999_999


class ComputersCard(Card):
    """Who keeps the numbers, what is left here, and the acts that fit."""

    def __init__(self) -> None:
        super().__init__("Komputer dan nomor", icon="hash")
        self.facts = Facts(key_width=150)
        self.settle = Link("Beri nomor tetap")
        self.keep = Link("Pastikan nomor terakhir")
        self.reserve = Link("Cadangkan nomor untuk PC lain")
        self.file = Link("Pasang PC lain kantor ini")
        self.take = Link("Samakan pengaturan dari berkas")
        self.add(self.facts)
        numbers_row = hbox(self.settle, self.keep, self.reserve, None, gap=18)
        self.add(vbox(numbers_row, hbox(self.file, self.take, None, gap=18), gap=4))
        self.body.addStretch(1)

    def show_numbers(
        self, posko: Posko, seen: Numbers, twice: Sequence[DoubleNumber], may: bool
    ) -> None:
        """How things stand; the acts are for those who `may` change settings."""
        label = posko.office.device_label or "PC-1"
        keeper = "komputer ini" if seen.mine else "komputer lain kantor ini"
        if not seen.mine and not seen.devices:
            keeper = "belum dipastikan"
        rows = [("Komputer ini", f"{label} ({posko.office.device_id})"), ("Pemegang nomor", keeper)]
        if seen.devices:
            rows.append(("Komputer lain", "\n".join(_device(seen, d) for d in seen.devices)))
        if not seen.sure:
            rows.append(("Nomor di sini", _left(seen)))
        if seen.provisional:
            rows.append(("Nomor sementara", f"{seen.provisional} perkara menunggu nomor tetap"))
        if own := [double for double in twice if double.cases[0].office_code == posko.office.code]:
            shown = ", ".join(double.number for double in own[:5])
            more = f" dan {len(own) - 5} lagi" if len(own) > 5 else ""
            rows.append(("Nomor ganda", f"{shown}{more}. Cari nomornya, lalu beri nomor baru."))
        self.facts.set_rows(rows)
        self.settle.setVisible(bool(seen.provisional))
        self.keep.setVisible(may and not seen.sure and seen.keeper not in seen.devices)
        self.reserve.setVisible(may and seen.mine and bool(seen.devices))
        self.file.setVisible(may)
        self.take.setVisible(may and bool(seen.devices))


def _device(seen: Numbers, device: str) -> str:
    if device == seen.keeper:
        return f"{seen.called(device)}: pemegang nomor"
    newest = {b.series: b for b in seen.blocks if b.device == device}  # in order of their numbers
    ranges = [
        f"{line.label} {newest[line.key].first}–{newest[line.key].last}"
        for line in seen.lines
        if line.key in newest
    ]
    return f"{seen.called(device)}: {', '.join(ranges) or 'belum punya blok nomor'}"


def _left(seen: Numbers) -> str:
    parts = []
    for line in seen.lines:
        held = f"sisa {line.left}" if line.left else "habis"
        parts.append(f"{line.label} {'bebas' if line.free else held}")
    return ", ".join(parts)


def ask_reserve(context: Context, parent: QWidget) -> None:
    """A block of every series for one of the other computers."""
    posko = context.posko
    seen = numbers(posko)
    devices = seen.devices
    fields = [
        Field(key="device", label="Untuk komputer", kind="combo", width=7,
              missing="Pilih komputer.", choices=[(each, seen.called(each)) for each in devices]),
        Field(key="count", label="Nomor tiap seri", width=5, parse=_whole, missing="Isi jumlah."),
    ]  # fmt: skip

    def keep(values: dict[str, Any]) -> Sequence[Problem] | None:
        reserve(posko, str(values["device"]), int(values["count"]))
        return None

    done = dialogs.ask_form(
        parent, "Cadangkan nomor", fields, today=posko.today(), act="Cadangkan", submit=keep,
        text="Nomor berikutnya tiap seri disisihkan untuk komputer itu. Setelah ini buat kiriman "
        "untuk kantor sendiri; blok nomornya ikut di dalamnya.",
        values={"device": devices[0] if devices else "", "count": str(COUNT)},
    )  # fmt: skip
    if done is not None:
        context.note_saved("Blok nomor dicadangkan")


def ask_keep(context: Context, parent: QWidget) -> None:
    """The last number of each series, from the register book."""
    posko = context.posko
    likely = likely_last(posko)
    names = {f"last{place}": key for place, key in enumerate(likely)}
    fields = [
        Field(key=name, label=series_label(key).capitalize(), width=6, parse=_whole,
              missing="Isi angka, 0 bila belum ada.")
        for name, key in names.items()
    ]  # fmt: skip

    def keep(values: dict[str, Any]) -> Sequence[Problem] | None:
        keep_numbers(posko, {key: int(values[name]) for name, key in names.items()})
        return None

    done = dialogs.ask_form(
        parent, "Pastikan nomor terakhir", fields, today=posko.today(), act="Pastikan",
        text="Lihat buku register: isi nomor terakhir yang sudah diberikan atau dicadangkan di "
        "komputer mana pun. Komputer ini menjadi pemegang nomor kantor dan melanjutkan dari situ. "
        "Hanya satu komputer boleh menjadi pemegang nomor.",
        values={name: str(likely[key]) for name, key in names.items()}, submit=keep,
    )  # fmt: skip
    if done is not None:
        context.note_saved("Nomor dilanjutkan dari nomor yang dipastikan")


def give_lasting(context: Context) -> None:
    """Give a lasting number to each case with a provisional one."""
    done: tuple[Settled, ...] | None = context.run(settle)
    if done:
        context.note_saved(f"{len(done)} laporan diberi nomor tetap")


def make_file(context: Context, parent: QWidget) -> None:
    """The set-up file for a further computer, and the words to compare there."""
    start = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    folder = dialogs.choose_folder(parent, "Simpan berkas pasang di USB", start)
    path: Path | None = context.run(make_join_file, folder) if folder else None
    if path is None:
        return
    said = read_join_file(path)
    dialogs.message(
        parent, f"Berkas pasang {said.label} siap",
        f"Berkas {path.name} berisi pengaturan kantor, tanpa perkara dan tanpa kata sandi. Di "
        "komputer baru buka Posko, pilih Pasang sebagai PC lain kantor ini, pilih berkas itu, lalu "
        f"ketik enam kata ini:\n\n{' '.join(said.words)}",
    )  # fmt: skip


def same_settings(context: Context, parent: QWidget) -> None:
    """Take over the settings of another computer of this office."""
    files = dialogs.open_files(parent, "Pilih berkas pasang dari PC lain", JOIN_FILES)
    if not files:
        return

    def take(posko: Posko) -> tuple[str, ...]:
        return take_settings(posko, read_join_file(files[0]))

    changed: tuple[str, ...] | None = context.run(take)
    if changed is not None:
        context.note_saved(f"Disamakan: {', '.join(changed)}" if changed else "Semua sudah sama")


def keep_banner(seen: Numbers) -> str:
    """What the page says above all while this computer has no numbers of its own; or empty."""
    if seen.sure or any(line.next for line in seen.lines):
        return ""
    if seen.devices and not seen.mine:
        text = (
            "Komputer ini belum punya blok nomor. Laporan tetap diterima dengan nomor sementara. "
            "Kirim ke kantor sendiri, terima di komputer pemegang nomor, lalu terima di sini "
            "kiriman balasannya: blok nomornya ikut di dalamnya."
        )
    else:
        text = (
            "Komputer ini berganti identitas, jadi nomor terakhir perlu dipastikan sebelum nomor "
            "tetap diberikan. Laporan tetap diterima dengan nomor sementara."
        )
    return escape(text)


def _whole(text: str) -> Parsed:
    said = text.strip().replace(".", "")
    if not said.isdecimal() or int(said) > MOST:
        return Parsed("", error="Isi angka bulat.")
    return Parsed(said)
