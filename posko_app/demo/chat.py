"""An invented WhatsApp chat about a tip: its export on the disk, chosen messages as evidence."""

from __future__ import annotations

import zipfile
from pathlib import Path
from random import Random

from posko_app.cases.chat_evidence import Picked, keep_chosen
from posko_app.cases.chat_export import read_export
from posko_app.cases.evidence import attach
from posko_app.cases.queries import CaseFilter, list_cases

from .offices import PracticeOffice
from .pictures import make_file
from .result import DemoFile

CITIZEN, POST = "Warga Umpama", "Posko Latihan"
PHOTO = "IMG-20241012-WA0003.png"
CHOSEN = (2, 3, 4)
TEXT = f"""\
12/10/24 19.40 - Pesan dan panggilan terenkripsi secara end-to-end.
12/10/24 19.41 - {CITIZEN}: Selamat malam, saya {CITIZEN} mau memberi informasi
12/10/24 19.42 - {CITIZEN}: Tadi sore ada perangkat desa membagikan kaus pasangan calon di balai
12/10/24 19.43 - {CITIZEN}: {PHOTO} (file terlampir)
Ini fotonya, jangan sebut nama saya
12/10/24 19.50 - {POST}: Terima kasih. Identitas Anda kami rahasiakan.
12/10/24 19.52 - {CITIZEN}: Pesan ini telah dihapus
13/10/24 08.05 - {CITIZEN}: <Media tidak disertakan>
13/10/24 08.06 - {POST}: Baik, sudah kami catat.
"""


def chat_of_a_tip(out: Path, office: PracticeOffice, random: Random) -> list[DemoFile]:
    """Write the export, and add its messages to the newest tip of the office, if there is one."""
    path = out / f"WhatsApp Chat - {CITIZEN}.zip"
    photo = make_file(out, "foto-percakapan", "png", "Pembagian kaus", random)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as packed:
        for name, content in (("_chat.txt", TEXT.encode()), (PHOTO, photo.read_bytes())):
            packed.writestr(zipfile.ZipInfo(name, (2024, 10, 13, 8, 10, 0)), content)
    photo.unlink()
    with office.acting(office.who("receiver")) as posko:
        tips = list_cases(posko, CaseFilter(view="all", kind="initial_info", sort="filed"))
        if tips:
            picked = Picked(CHOSEN, CITIZEN)
            attach(posko, tips[-1].uid, keep_chosen(posko, read_export(posko, path), picked))
    return [DemoFile("evidence", path)]
