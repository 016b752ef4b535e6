"""Every action of the program in one table: it feeds the menu, the palette, F1 and tooltips."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Action:
    """What can be done. It opens `page`, or calls `method` on the `owner` ("shell" or "page")."""

    key: str
    text: str
    menu: str
    shortcut: str = ""
    icon: str = ""
    page: str = ""
    arguments: Mapping[str, Any] = field(default_factory=dict)
    owner: str = "shell"
    method: str = ""
    value: Any = None
    in_palette: bool = True
    break_before: bool = False


# Menus in order: key, text with its Alt letter.
MENUS: tuple[tuple[str, str], ...] = (
    ("file", "&Berkas"),
    ("edit", "&Sunting"),
    ("view", "&Tampilan"),
    ("case", "&Perkara"),
    ("letter", "S&urat"),
    ("data", "&Data"),
    ("help", "Ba&ntuan"),
)

ACTIONS: tuple[Action, ...] = (
    Action(key="new_report", text="Laporan baru", menu="file", shortcut="Ctrl+N", icon="add",
           page="new_report"),
    Action(key="save", text="Simpan draf sekarang", menu="file", shortcut="Ctrl+S", icon="save",
           owner="page", method="save", in_palette=False),
    Action(key="print", text="Cetak", menu="file", shortcut="Ctrl+P", icon="print",
           owner="page", method="print_page"),
    Action(key="lock", text="Kunci layar", menu="file", shortcut="Ctrl+L", icon="lock",
           method="lock", break_before=True),
    Action(key="quit", text="Keluar", menu="file", shortcut="Ctrl+Q", method="quit"),
    Action(key="undo", text="Urungkan", menu="edit", shortcut="Ctrl+Z", icon="undo",
           method="undo", in_palette=False),
    Action(key="redo", text="Ulangi", menu="edit", shortcut="Ctrl+Y", method="redo",
           in_palette=False),
    Action(key="filter", text="Saring daftar ini", menu="edit", shortcut="Ctrl+F", icon="filter",
           owner="page", method="focus_filter"),
    Action(key="insert", text="Baris baru", menu="edit", shortcut="Ins", owner="page",
           method="new_row", in_palette=False),
    Action(key="next_problem", text="Kesalahan atau bentrok berikut", menu="edit", shortcut="F8",
           owner="page", method="step_problem", value=1, in_palette=False, break_before=True),
    Action(key="last_problem", text="Kesalahan atau bentrok sebelumnya", menu="edit",
           shortcut="Shift+F8", owner="page", method="step_problem", value=-1, in_palette=False),
    Action(key="home", text="Beranda", menu="view", shortcut="Ctrl+1", icon="home", page="home"),
    Action(key="cases", text="Laporan", menu="view", shortcut="Ctrl+2", icon="report",
           page="cases"),
    Action(key="letters", text="Surat", menu="view", shortcut="Ctrl+3", icon="letter",
           page="letters"),
    Action(key="prevention", text="Pencegahan", menu="view", shortcut="Ctrl+4",
           icon="prevention", page="prevention"),
    Action(key="pledges", text="Ikrar netralitas", menu="view", icon="people",
           page="prevention", arguments={"tab": "pledges"}),
    Action(key="spread", text="Sebaran desa", menu="view", icon="prevention",
           page="prevention", arguments={"tab": "spread"}),
    Action(key="exchange", text="Kirim dan terima", menu="view", shortcut="Ctrl+5",
           icon="exchange", page="exchange"),
    Action(key="recap", text="Rekap", menu="view", shortcut="Ctrl+6", icon="recap", page="recap"),
    Action(key="settings", text="Pengaturan", menu="view", shortcut="Ctrl+7", icon="settings",
           page="settings"),
    Action(key="rules", text="Aturan", menu="view", shortcut="Ctrl+8", icon="shield-check",
           page="rules"),
    Action(key="back", text="Kembali", menu="view", shortcut="Alt+Left", icon="back",
           method="back", in_palette=False, break_before=True),
    Action(key="next_tab", text="Tab berikut", menu="view", shortcut="Ctrl+PgDown", owner="page",
           method="step_tab", value=1, in_palette=False),
    Action(key="last_tab", text="Tab sebelumnya", menu="view", shortcut="Ctrl+PgUp",
           owner="page", method="step_tab", value=-1, in_palette=False),
    Action(key="next_pane", text="Bagian layar berikut", menu="view", shortcut="F6",
           method="step_pane", value=1, in_palette=False),
    Action(key="last_pane", text="Bagian layar sebelumnya", menu="view", shortcut="Shift+F6",
           method="step_pane", value=-1, in_palette=False),
    Action(key="fold", text="Lipat bilah samping", menu="view", shortcut="Ctrl+B",
           method="fold_sidebar", break_before=True),
    Action(key="light", text="Tema terang", menu="view", icon="sun", method="set_theme",
           value="light"),
    Action(key="dark", text="Tema gelap", menu="view", icon="moon", method="set_theme",
           value="dark"),
    Action(key="text100", text="Ukuran huruf 100%", menu="view", method="set_scale", value=100,
           break_before=True),
    Action(key="text110", text="Ukuran huruf 110%", menu="view", method="set_scale", value=110),
    Action(key="text125", text="Ukuran huruf 125%", menu="view", method="set_scale", value=125),
    Action(key="primary", text="Jalankan langkah utama", menu="case", shortcut="Ctrl+Return",
           owner="page", method="primary"),
    Action(key="next_case", text="Perkara berikut", menu="case", shortcut="Alt+PgDown",
           owner="page", method="step_case", value=1, in_palette=False),
    Action(key="last_case", text="Perkara sebelumnya", menu="case", shortcut="Alt+PgUp",
           owner="page", method="step_case", value=-1, in_palette=False),
    Action(key="late", text="Laporan lewat batas", menu="case", icon="overdue", page="cases",
           arguments={"due": "late"}, break_before=True),
    Action(key="today", text="Laporan yang batasnya hari ini", menu="case", icon="due",
           page="cases", arguments={"due": "today"}),
    Action(key="mine", text="Tugas saya", menu="case", icon="person", page="cases",
           arguments={"view": "mine"}),
    Action(key="waiting_agency", text="Menunggu jawaban instansi", menu="case", icon="send",
           page="waiting"),
    Action(key="open_letters", text="Buat surat dari perkara", menu="letter", icon="letter",
           page="letters", in_palette=False),
    Action(key="receive", text="Terima data", menu="data", shortcut="Ctrl+I", icon="receive",
           page="exchange", arguments={"act": "receive"}),
    Action(key="send", text="Kirim data", menu="data", shortcut="Ctrl+Shift+E", icon="send",
           page="exchange", arguments={"act": "send"}),
    Action(key="export", text="Ekspor Excel", menu="data", shortcut="Ctrl+E", icon="sheet",
           owner="page", method="export"),
    Action(key="help", text="Bantuan untuk layar ini", menu="help", shortcut="F1",
           icon="question", method="help"),
    Action(key="palette", text="Cari dan jalankan", menu="help", shortcut="Ctrl+K",
           icon="search", method="open_palette", in_palette=False),
)  # fmt: skip

BY_KEY: dict[str, Action] = {action.key: action for action in ACTIONS}


@dataclass(frozen=True, kw_only=True)
class LocalKey:
    """A key that acts on some pages only, or only while a table or a field has the keyboard."""

    key: str
    text: str
    shortcut: str
    pages: tuple[str, ...] = ()  # empty: on every page
    place: str = ""  # "table" or "field" where only that answers; else the whole page does
    bound: bool = False  # made by `widgets.keys.bind`; the others a widget answers itself


_LISTS = ("home", "cases", "letters", "prevention", "exchange", "waiting", "rules")
LOCAL_KEYS: tuple[LocalKey, ...] = (
    LocalKey(key="receive_now", text="Terima sekarang", shortcut="F9", pages=("new_report",),
             bound=True),
    LocalKey(key="add_party", text="Tambah terlapor", shortcut="Ctrl+Shift+T",
             pages=("new_report",), bound=True),
    LocalKey(key="paste_chat", text="Tempel dari WhatsApp", shortcut="Ctrl+Shift+V",
             pages=("new_report",), bound=True),
    LocalKey(key="copy_previous", text="Salin isian dari laporan sebelumnya", shortcut="F4",
             pages=("new_report",), place="field"),
    LocalKey(key="unlock_field", text="Buka ruas yang terkunci", shortcut="F2",
             pages=("new_report",), place="field"),
    LocalKey(key="invite", text="Undangan klarifikasi", shortcut="Ctrl+U", pages=("case",),
             bound=True),
    LocalKey(key="add_files", text="Tambah berkas bukti (tab Bukti)", shortcut="Ctrl+O",
             pages=("case",), bound=True),
    LocalKey(key="paste_image", text="Tempel tangkapan layar (tab Bukti)", shortcut="Ctrl+V",
             pages=("case",), bound=True),
    LocalKey(key="paste_roster", text="Tempel daftar dari Excel (Ikrar, Sebaran desa)",
             shortcut="Ctrl+V", pages=("prevention",), bound=True),
    LocalKey(key="all_ours", text="Semua data kita (Pratinjau); tolak usulan",
             shortcut="Ctrl+Left", pages=("exchange",), bound=True),
    LocalKey(key="all_theirs", text="Semua data masuk (Pratinjau); terima usulan",
             shortcut="Ctrl+Right", pages=("exchange",), bound=True),
    LocalKey(key="to_dues", text="Ke daftar batas waktu", shortcut="Alt+1", pages=("home",),
             bound=True),
    LocalKey(key="officer", text="Ganti petugas", shortcut="T", pages=("cases",), place="table"),
    LocalKey(key="archive", text="Arsipkan", shortcut="Del", pages=("cases",), place="table"),
    LocalKey(key="make_advice", text="Buat surat (Kegiatan)", shortcut="S",
             pages=("prevention",), place="table"),
    LocalKey(key="attach", text="Tambah berkas (Kegiatan)", shortcut="B",
             pages=("prevention",), place="table"),
    LocalKey(key="receipts", text="Daftar penerima (Kegiatan)", shortcut="R",
             pages=("prevention",), place="table"),
    LocalKey(key="finish", text="Tandai terlaksana (Kegiatan)", shortcut="L",
             pages=("prevention",), place="table"),
    LocalKey(key="present", text="Hadir (Ikrar)", shortcut="H", pages=("prevention",),
             place="table"),
    LocalKey(key="represented", text="Diwakili (Ikrar)", shortcut="D", pages=("prevention",),
             place="table"),
    LocalKey(key="absent", text="Tidak hadir (Ikrar)", shortcut="T", pages=("prevention",),
             place="table"),
    LocalKey(key="unmark", text="Kosongkan tanda (Ikrar)", shortcut="K", pages=("prevention",),
             place="table"),
    LocalKey(key="self_pledge", text="Ikrar mandiri diterima (Ikrar)", shortcut="M",
             pages=("prevention",), place="table"),
    LocalKey(key="invite_one", text="Tambah satu undangan (Ikrar)", shortcut="N",
             pages=("prevention",), place="table"),
    LocalKey(key="note_pieces", text="Catat bahan (Sebaran desa)",
             shortcut="C", pages=("prevention",), place="table"),
    LocalKey(key="fill_down", text="Isi ke bawah dari desa pertama (Sebaran desa)",
             shortcut="I", pages=("prevention",), place="table"),
    LocalKey(key="plan_pieces", text="Rencana bahan (Sebaran desa)", shortcut="P",
             pages=("prevention",), place="table"),
    LocalKey(key="village_photos", text="Tambah foto desa (Sebaran desa)", shortcut="F",
             pages=("prevention",), place="table"),
    LocalKey(key="edit_row", text="Ubah baris", shortcut="F2", pages=("prevention",),
             place="table"),
    LocalKey(key="void_row", text="Batalkan atau lepas baris", shortcut="Del",
             pages=("prevention",), place="table"),
    LocalKey(key="filter_letter", text="Saring daftar ini", shortcut="/", pages=_LISTS,
             place="table"),
    LocalKey(key="open_row", text="Buka", shortcut="Enter", pages=_LISTS, place="table"),
    LocalKey(key="preview", text="Panel di samping", shortcut="Space",
             pages=("cases", "prevention"), place="table"),
    LocalKey(key="copy_rows", text="Salin baris untuk Excel", shortcut="Ctrl+C", pages=_LISTS,
             place="table"),
    LocalKey(key="all_rows", text="Pilih semua baris", shortcut="Ctrl+A", pages=("cases",),
             place="table"),
    LocalKey(key="first_row", text="Baris pertama", shortcut="Home", pages=_LISTS, place="table"),
    LocalKey(key="last_row", text="Baris terakhir", shortcut="End", pages=_LISTS, place="table"),
    LocalKey(key="next_field", text="Ruas berikut; di ruas terakhir: simpan", shortcut="Enter",
             place="field"),
    LocalKey(key="new_line", text="Baris baru di dalam uraian", shortcut="Shift+Enter",
             place="field"),
    LocalKey(key="choices", text="Buka pilihan atau kalender", shortcut="Alt+Down",
             place="field"),
)  # fmt: skip
PLACES = {"": "Di layar ini", "table": "Di dalam daftar", "field": "Di dalam isian"}
"""Where a local key answers, as F1 heads it, in order."""


def local_key(key: str) -> LocalKey:
    """A local key by its name; raises KeyError for one that is not in the table."""
    return _LOCAL[key]


def keys_of(page: str) -> tuple[LocalKey, ...]:
    """The keys that act on a page besides those of the program."""
    return tuple(key for key in LOCAL_KEYS if not key.pages or page in key.pages)


_LOCAL: dict[str, LocalKey] = {key.key: key for key in LOCAL_KEYS}


def written(shortcut: str) -> str:
    """A shortcut as people read it."""
    arrows = {"Left": "←", "Right": "→", "Down": "↓"}
    words = {"Return": "Enter", "PgDown": "PgDn", "Space": "Spasi", **arrows}
    return "+".join(words.get(part, part) for part in shortcut.split("+"))
